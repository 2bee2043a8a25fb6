"""The sheet of all keys (?): full window, by place, with a search field."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from medviewer.app.commands import COMMANDS, GROUPS, keys_of
from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.controls import IconButton
from medviewer.ui.palette_items import match
from medviewer.ui.shortcuts import Commander, key_words
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Keycap, Label

COLUMNS = 4


def mouse_rows() -> list[tuple[str, str]]:
    """Return (what the hand does, what happens) of a viewport."""
    return [
        (translate("Keys", "Left drag"), translate("Keys", "Current tool")),
        (translate("Keys", "Middle drag, or Shift and left"), translate("Keys", "Pan")),
        (translate("Keys", "Right drag"), translate("Keys", "Zoom")),
        (translate("Keys", "Wheel"), translate("Keys", "Next or previous slice")),
        (translate("Keys", "Shift and wheel"), translate("Keys", "10 slices")),
        (translate("Keys", "Ctrl and wheel"), translate("Keys", "Zoom at the pointer")),
        (translate("Keys", "Ctrl and left drag"), translate("Keys", "Window and level")),
        (translate("Keys", "Double click"), translate("Keys", "Fill the centre, or restore")),
        (translate("Keys", "Right click"), translate("Keys", "Menu")),
        (translate("Keys", "Hold Space"), translate("Keys", "Plain image")),
        (translate("Keys", "F6, Shift F6"), translate("Keys", "Next, previous region")),
        (translate("Keys", "Esc"), translate("Keys", "Close, then back to the viewport")),
    ]


class ShortcutsSheet(QWidget):
    """Covers the window while it is open; Esc closes it."""

    def __init__(self, commander: Commander, parent: QWidget) -> None:
        super().__init__(parent)
        self._commander = commander
        surface(self, "bg0")
        self.field = QLineEdit()
        self.field.setPlaceholderText(translate("Keys", "Find a key or a command"))
        self.field.setAccessibleName(translate("Keys", "Find a key or a command"))
        self.field.setFixedWidth(320)
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.field.installEventFilter(self)
        self.close_button = IconButton("x", translate("Keys", "Close"), side=36)
        self.close_button.clicked.connect(self.close_it)
        title = Label(translate("Keys", "Keys"), 22, "text1", 600)
        self.sheet = QWidget()
        self._columns: QHBoxLayout = QHBoxLayout(self.sheet)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(24)
        self.scroll_area = QScrollArea()
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setWidget(self.sheet)
        surface(self.scroll_area.viewport(), "bg0")
        surface(self.sheet, "bg0")
        layout = column(self, (32, 20, 32, 20), 16)
        layout.addWidget(in_row(title, 16, self.field, None, Keycap("Esc"), self.close_button))
        layout.addWidget(self.scroll_area, 1)
        hint = translate("Keys", "Keys can be changed in Settings > Keys.")
        layout.addWidget(Label(hint, 12, "text3"))
        self.hide()

    def open(self) -> None:
        """Show it over the whole window."""
        self.field.clear()
        self.refresh()
        self.setGeometry(self.parentWidget().rect())  # type: ignore[union-attr]
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_it(self) -> None:
        self.hide()
        window = self.window()
        if callable(back := getattr(window, "focus_viewport", None)):
            back()

    def groups(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """Return (group, [(title, keys)]) of what fits the search."""
        query = self.field.text()
        found = []
        for group in GROUPS:
            rows = []
            for command in COMMANDS.values():
                names = keys_of(self._commander.session, command.id)
                keys = [key_words(key) for key in names if not key.endswith("Return")]  # it is the other Enter
                if command.group == group and keys:
                    rows.append((self._commander.title(command.id), keys[:2]))
            found.append((say(group), rows))
        found.append((translate("Keys", "Mouse and more"), [(does, [hand]) for hand, does in mouse_rows()]))
        return [
            (group, kept)
            for group, rows in found
            if (kept := [(t, k) for t, k in rows if match(query, f"{t} {' '.join(k)} {group}") is not None])
        ]

    def refresh(self) -> None:
        while item := self._columns.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        groups = self.groups()
        width = COLUMNS if self.width() > 1100 or not self.isVisible() else 2
        heights = [0] * width
        columns: list[list[tuple[str, list[tuple[str, list[str]]]]]] = [[] for _ in range(width)]
        for group in groups:
            at = heights.index(min(heights))
            columns[at].append(group)
            heights[at] += len(group[1]) + 3
        for part in columns:
            holder = QWidget()
            layout = column(holder, spacing=0)
            for name, rows in part:
                fill(layout, Label(name, 13, "text1", 600), 8, self._rows(rows), 20)
            layout.addStretch(1)
            self._columns.addWidget(holder, 1)

    @staticmethod
    def _rows(rows: list[tuple[str, list[str]]]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for place, (title, keys) in enumerate(rows):
            grid.addWidget(Label(title, 13, "text2", wrap=True), place, 0)
            caps = in_row(*(Keycap(key) for key in keys), spacing=4)
            grid.addWidget(caps, place, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return holder

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.close_it()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            super().keyPressEvent(event)
