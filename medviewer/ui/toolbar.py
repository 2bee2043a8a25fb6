"""The toolbar over the viewports: tools, turning and inverting, window preset, layout, corner text."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from medviewer.app.commands import COMMANDS
from medviewer.app.reader import Layout, TextLevel
from medviewer.app.session import Session
from medviewer.ui import theme
from medviewer.ui.arrange import fill, line, row, surface
from medviewer.ui.controls import IconButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import TOOLBAR, font
from medviewer.ui.translation import say, translate

#: Groups of (command, icon), with a divider between groups.
BUTTONS = (
    (
        ("tool.window", "sun-dim"),
        ("tool.pan", "hand"),
        ("tool.zoom", "magnifying-glass-plus"),
        ("tool.scroll", "arrows-vertical"),
    ),
    (
        ("view.invert", "circle-half"),
        ("view.flip_x", "flip-horizontal"),
        ("view.flip_y", "flip-vertical"),
        ("view.turn_right", "arrow-clockwise"),
    ),
    (("view.fit", "frame-corners"), ("view.reset", "arrow-counter-clockwise"), ("slice.cine", "play")),
)
LAYOUT_ICONS = {
    Layout.ONE: "square",
    Layout.SIDE_BY_SIDE: "columns",
    Layout.STACKED: "rows",
    Layout.FOUR: "grid-four",
}


class MenuButton(QToolButton):
    """A button with an icon, the present choice in words, and a menu of commands."""

    def __init__(self, icon: str, name: str, commander: Commander, ids: Sequence[str]) -> None:
        super().__init__()
        self._commander, self._ids, self._icon = commander, ids, icon
        self.setProperty("text_button", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFont(font(13))
        self.setFixedHeight(32)
        self.setIconSize(QSize(18, 18))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.menu_ = QMenu(self)
        self.menu_.setToolTipsVisible(True)
        self.menu_.aboutToShow.connect(self._fill)
        self.setMenu(self.menu_)
        self.show_choice(icon, "")

    def show_choice(self, icon: str, text: str) -> None:
        self._icon = icon
        self.setIcon(theme.icon(icon, 18))
        self.setText(f" {text}")  # the space is the gap that Qt does not leave

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        caret = theme.pixmap("caret-down", 12, "text3" if self.isEnabled() else "off")
        painter = QPainter(self)
        painter.drawPixmap(self.width() - 20, (self.height() - 12) // 2, caret)
        painter.end()

    def retheme(self) -> None:
        self.setIcon(theme.icon(self._icon, 18))

    def _fill(self) -> None:
        self.menu_.clear()
        self.fill_menu(self.menu_)

    def fill_menu(self, menu: QMenu) -> None:
        """Fill the menu, each time before it opens."""
        add_commands(menu, self._commander, self._ids)


def add_commands(menu: QMenu, commander: Commander, ids: Sequence[str]) -> None:
    """Add commands to a menu, with key, tick and the reason why one cannot run; "" is a divider."""
    for id_ in ids:
        if not id_:
            menu.addSeparator()
            continue
        key, reason = commander.key(id_), commander.reason(id_)
        action = menu.addAction(commander.title(id_) + (f"\t{key}" if key else ""))
        action.setEnabled(not reason)
        action.setToolTip(reason)
        if COMMANDS[id_].checked:
            action.setCheckable(True)
            action.setChecked(commander.checked(id_))
        action.triggered.connect(commander.act(id_))


class Toolbar(QWidget):
    """44 px; every button is a command and shows whether it is on."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        surface(self, "top")
        self.setFixedHeight(TOOLBAR)
        self.setAccessibleName(translate("Toolbar", "Tools"))
        layout = row(self, (10, 0, 12, 0))
        self.buttons: dict[str, IconButton] = {}
        for number, group in enumerate(BUTTONS):
            if number:
                fill(layout, 8, line(vertical=True), 8)
            for id_, icon in group:
                checkable = COMMANDS[id_].checked is not None
                button = IconButton(icon, commander.title(id_), side=36, checkable=checkable)
                button.clicked.connect(commander.act(id_))
                button.clicked.connect(self.refresh)
                self.buttons[id_] = button
                layout.addWidget(button)
        windows = [c.id for c in COMMANDS.values() if c.group == "Window" and not c.needs and c.id != "view.invert"]
        layouts = [c.id for c in COMMANDS.values() if c.id.startswith("layout.")]
        self.window_menu = MenuButton(
            "faders-horizontal", translate("Toolbar", "Window preset"), commander, [windows[0], "", *windows[1:]]
        )
        self.layout_menu = MenuButton("square", translate("Toolbar", "Layout"), commander, [*layouts, "", "view.fill"])
        self.text = MenuButton(
            "info",
            translate("Toolbar", "Text over the image"),
            commander,
            ["view.text", "view.hide_names", "view.plain", "", "view.smooth", "view.one_to_one"],
        )
        layout.addStretch(1)
        fill(layout, 8, self.window_menu, 4, line(vertical=True), 4, self.layout_menu, 4, line(vertical=True), 4)
        layout.addWidget(self.text)
        self.refresh()

    def refresh(self) -> None:
        """Show what is on, what cannot be used and why, and the present choices."""
        for id_, button in self.buttons.items():
            reason = self._commander.reason(id_)
            button.setEnabled(not reason)
            button.setChecked(button.isCheckable() and self._commander.checked(id_))
            button.describe(self._commander.title(id_), self._commander.key(id_), reason)
        reader = self._session.reader
        self.window_menu.show_choice("faders-horizontal", self._window_words())
        self.layout_menu.show_choice(LAYOUT_ICONS[reader.layout], reader.layout.value.replace("x", " × "))
        levels = {
            TextLevel.FULL: translate("Toolbar", "Text: full"),
            TextLevel.SHORT: translate("Toolbar", "Text: short"),
            TextLevel.NONE: translate("Toolbar", "Text: none"),
        }
        self.text.show_choice("info", levels[reader.text])

    def _window_words(self) -> str:
        window = self._session.reader.view.window
        if window is None:
            return translate("Toolbar", "File's window")
        return say(window.name) if window.name else translate("Toolbar", "Own window")
