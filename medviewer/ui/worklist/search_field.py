"""The search field: finds as one types, in any script; what an input method composes is left alone until it is done."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from medviewer.ui import theme
from medviewer.ui.theme import font
from medviewer.ui.translation import translate

#: A search begins when no letter has come for so long.
PAUSE_MS = 60
#: Keys that belong to the field while it has the keyboard, whatever they do elsewhere.
OWN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape})


class SearchField(QLineEdit):
    """`searched` carries the text; `left` says that Enter or Down wants to go on in the list."""

    searched = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(13))
        self.setMaxLength(200)
        self.setClearButtonEnabled(False)
        self.setPlaceholderText(translate("Worklist", "Search"))
        self.setAccessibleName(translate("Worklist", "Search in patient, study, findings and notes"))
        self._glass = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.retheme()
        self._said = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.textChanged.connect(lambda _text: self._pause.start())
        self.describe("")

    def retheme(self) -> None:
        self._glass.setIcon(theme.icon("magnifying-glass", 16, "text3"))

    def describe(self, key: str) -> None:
        """Name the key that leads here."""
        words = translate("Worklist", "Search in patient, study, findings and notes")
        self.setToolTip(f"{words}  ({key})" if key else words)

    def show_search(self, text: str) -> None:
        """Show what is searched for; what is being typed has the right of way."""
        if not self._pause.isActive() and text != self._said:
            self._said = text
            self.setText(text)
            self._pause.stop()

    def _search(self) -> None:
        text = self.text().strip()
        if text != self._said:
            self._said = text
            self.searched.emit(text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in OWN:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._pause.stop()
            self._search()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)
