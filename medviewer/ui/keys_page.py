"""The page of keys: every command with its keys, to be changed; a key that another command has is refused."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from medviewer.app.commands import COMMANDS, keys_of, set_keys
from medviewer.core.errors import UserError
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.controls import Button
from medviewer.ui.palette_items import match
from medviewer.ui.shortcuts import Commander, key_words
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

_MODIFIERS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr})


class KeysPage(QWidget):
    """Choose a row, press Change, then the new key."""

    def __init__(self, commander: Commander, tell: Callable[[str], object]) -> None:
        super().__init__()
        self._commander, self._tell = commander, tell
        self._waiting = ""
        self.table = QTableWidget(0, 3)
        self.table.setFont(font(13))
        self.table.setAccessibleName(translate("Settings", "Commands and their keys"))
        self.table.setHorizontalHeaderLabels(
            [translate("Settings", "Command"), translate("Settings", "Where"), translate("Settings", "Keys")]
        )
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(32)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(2, 140)
        self.table.doubleClicked.connect(lambda _index: self._ask())
        self.table.installEventFilter(self)
        self.change = Button(translate("Settings", "Change the key"), icon="keyboard")
        self.change.clicked.connect(self._ask)
        self.own = Button(translate("Settings", "Back to its own key"))
        self.own.clicked.connect(lambda: self._set(None))
        self.none = Button(translate("Settings", "No key"))
        self.none.clicked.connect(lambda: self._set(()))
        self.words = Label("", 12, "accent", wrap=True)
        layout = column(self, spacing=8)
        layout.addWidget(self.table, 1)
        fill(layout, self.words, in_row(self.change, self.own, self.none, None))
        self.refresh()

    def refresh(self) -> None:
        """Show the keys in force."""
        scopes = {
            "viewport": translate("Settings", "Viewport"),
            "ai": translate("Settings", "AI panel"),
            "reader": translate("Settings", "Reader"),
            "worklist": translate("Settings", "Worklist"),
            "opinion": translate("Settings", "Reader and worklist"),
            "admin": translate("Settings", "Admin"),
            "any": translate("Settings", "Everywhere"),
        }
        row = max(self.table.currentRow(), 0)
        commands = list(COMMANDS.values())
        self.table.setRowCount(len(commands))
        for at, command in enumerate(commands):
            keys = ", ".join(key_words(key) for key in keys_of(self._commander.session, command.id))
            for place, text in enumerate((say(command.title), scopes[command.scope], keys)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, command.id)
                item.setToolTip(text)
                self.table.setItem(at, place, item)
        self.table.setCurrentCell(row, 0)

    def filter_rows(self, query: str) -> bool:
        """Leave the rows that fit; say whether there is one."""
        any_ = False
        for row in range(self.table.rowCount()):
            text = " ".join(item.text() for place in range(3) if (item := self.table.item(row, place)) is not None)
            score = match(query, text)
            fits = not query.strip() or (score is not None and score >= 50)
            self.table.setRowHidden(row, not fits)
            any_ |= fits
        return any_

    @property
    def chosen(self) -> str:
        """Id of the command of the chosen row."""
        item = self.table.item(self.table.currentRow(), 0)
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def _ask(self) -> None:
        if self.chosen:
            self._waiting = self.chosen
            text = translate("Settings", "Press the new key for: {0}. Esc leaves it as it is.")
            self.words.setText(text.format(self._commander.title(self.chosen)))
            self.table.setFocus()

    def _ended(self) -> None:
        self._waiting = ""
        self.words.setText("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._waiting or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return True
        self._ended()
        if key != Qt.Key.Key_Escape:
            self._set((key_name(event),))
        return True

    def _set(self, keys: tuple[str, ...] | None) -> None:
        if not self.chosen:
            return
        try:
            set_keys(self._commander.session, self.chosen, keys)
            self._tell("")
        except UserError as error:
            self._tell(say(error.sentence))
        self.refresh()


def key_name(event: QKeyEvent) -> str:
    """Return the portable name of a key press; a letter with Shift keeps its Shift, a sign ("?") does not."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text and text.isprintable() and not text.isalnum() and text != " ":
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    combined = QKeySequence(int(event.key()) | int(modifiers.value))
    return combined.toString(QKeySequence.SequenceFormat.PortableText)
