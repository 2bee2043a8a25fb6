"""The toolbar over the viewports: tools, turning and inverting, window preset, layout, corner text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import fill, line, row, surface
from medviewer.ui.controls import IconButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import TOOLBAR, font
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

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
#: Commands of the right-click menu; "" is a divider.
MENU = (
    *("tool.window", "tool.pan", "tool.zoom", "tool.scroll", ""),
    *("view.fit", "view.one_to_one", "view.reset", "", "view.invert", "view.flip_x", "view.flip_y"),
    *("view.turn_right", "view.turn_left", "", "slice.cine", "view.fill", ""),
    *("view.text", "view.hide_names", "view.plain", ""),
    *("ai.toggle", "ai.read", "ai.read_this", "ai.next_mode", "ai.highest"),
)
LAYOUT_ICONS = {"1x1": "square", "1x2": "columns", "2x1": "rows", "2x2": "grid-four"}


class MenuButton(QToolButton):
    """A button with an icon, the present choice in words, and a menu that is made when it opens."""

    def __init__(self, icon: str, name: str, commander: Commander, ids: Sequence[str] = ()) -> None:
        super().__init__()
        self._commander, self._ids, self._icon = commander, ids, icon
        self.setProperty("text_button", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFont(font(13))
        self.setFixedHeight(32)
        self.setIconSize(QSize(18, 18))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.clicked.connect(lambda _checked=False: self.open_menu())
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

    def open_menu(self) -> "QMenu | None":
        """Show the menu under the button."""
        if not self._commander.ready:
            return None
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        self.fill_menu(menu)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        return menu

    def fill_menu(self, menu: "QMenu") -> None:
        """Fill the menu, each time before it opens."""
        add_commands(menu, self._commander, self._ids)


class WindowMenu(MenuButton):
    """The window presets of the table of commands."""

    def fill_menu(self, menu: "QMenu") -> None:
        from medviewer.app.commands import COMMANDS

        ids = [c.id for c in COMMANDS.values() if c.group == "Window" and not c.needs and c.id != "view.invert"]
        add_commands(menu, self._commander, (ids[0], "", *ids[1:]))


def add_commands(menu: "QMenu", commander: Commander, ids: Sequence[str]) -> None:
    """Add commands to a menu, with key, tick and the reason why one cannot run; "" is a divider."""
    for id_ in ids:
        if not id_:
            menu.addSeparator()
            continue
        key, reason = commander.key(id_), commander.reason(id_)
        action = menu.addAction(commander.title(id_) + (f"\t{key}" if key else ""))
        action.setEnabled(not reason)
        action.setToolTip(reason)
        if commander.checkable(id_):
            action.setCheckable(True)
            action.setChecked(commander.checked(id_))
        action.triggered.connect(commander.act(id_))


def popup_menu(window: QWidget, commander: Commander, at: QPoint) -> None:
    """Show the menu of a viewport at a point of the screen."""
    from PySide6.QtWidgets import QMenu

    menu = QMenu(window)
    menu.setToolTipsVisible(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_commands(menu, commander, MENU)
    menu.popup(at)


class Toolbar(QWidget):
    """44 px; every button is a command and shows whether it is on."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        surface(self, "top")
        self.setFixedHeight(TOOLBAR)
        self.setAccessibleName(translate("Toolbar", "Tools"))
        layout = row(self, (10, 0, 12, 0))
        self.buttons: dict[str, IconButton] = {}
        for number, group in enumerate(BUTTONS):
            if number:
                fill(layout, 8, line(vertical=True), 8)
            for id_, icon in group:
                button = IconButton(icon, "", side=36)
                button.clicked.connect(commander.act(id_))
                button.clicked.connect(self.refresh)
                self.buttons[id_] = button
                layout.addWidget(button)
        layouts = ("layout.one", "layout.side_by_side", "layout.stacked", "layout.four", "", "view.fill")
        self.window_menu = WindowMenu("faders-horizontal", translate("Toolbar", "Window preset"), commander)
        self.layout_menu = MenuButton("square", translate("Toolbar", "Layout"), commander, layouts)
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
        commander = self._commander
        for id_, button in self.buttons.items():
            reason = commander.reason(id_)
            button.setEnabled(commander.ready and not reason)
            button.setCheckable(commander.checkable(id_))
            button.setChecked(commander.checked(id_))
            button.describe(commander.title(id_), commander.key(id_), reason)
        reader = commander.session.reader if commander.ready else None
        layout = reader.layout.value if reader else "1x1"
        self.window_menu.show_choice("faders-horizontal", self._window_words())
        self.layout_menu.show_choice(LAYOUT_ICONS[layout], layout.replace("x", " × "))
        levels = {
            "full": translate("Toolbar", "Text: full"),
            "short": translate("Toolbar", "Text: short"),
            "none": translate("Toolbar", "Text: none"),
        }
        self.text.show_choice("info", levels[reader.text.value if reader else "full"])

    def _window_words(self) -> str:
        window = self._commander.session.reader.view.window if self._commander.ready else None
        if window is None:
            return translate("Toolbar", "File's window")
        return say(window.name) if window.name else translate("Toolbar", "Own window")
