"""A button with words at the left and its key at the right, as the opinion keys have it; the chosen one says so."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen

from medviewer.ui import theme
from medviewer.ui.arrange import row
from medviewer.ui.controls import Button
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Keycap, Label

PAD = 10


class KeyButton(Button):
    """`show_chosen` marks it as what was chosen before: with a tick and a border, never by colour alone."""

    def __init__(self, text: str = "", key: str = "") -> None:
        super().__init__("")
        self.words = Label(text, 13, "text1", 500)
        self.tick = Icon("check", 14, "accent")
        self.key = Keycap(key)
        self._chosen = self._tight = False
        self._row = row(self, (PAD, 0, 8, 0), 6)
        self._row.addWidget(self.tick)
        self._row.addWidget(self.words)
        self._row.addStretch(1)
        self._row.addWidget(self.key)
        for part in (self.tick, self.words, self.key):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words.setForegroundRole(QPalette.ColorRole.WindowText)  # inside a button Qt would take its own
        self.tick.hide()
        self.say(text, key)

    def say(self, text: str, key: str) -> None:
        """Show other words or another key."""
        self.words.setText(text)
        self.key.set_text(key)
        self.key.setVisible(bool(key))
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_tight(self, tight: bool) -> None:
        """Leave out what a small window has no room for: wide margins and the tick."""
        self._tight = tight
        self._row.setContentsMargins(6 if tight else PAD, 0, 5 if tight else 8, 0)
        self._row.setSpacing(4 if tight else 6)
        self.show_chosen(self._chosen)

    @property
    def chosen(self) -> bool:
        return self._chosen

    def show_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.tick.setVisible(chosen and not self._tight)
        self.setAccessibleDescription(translate("Opinion", "Chosen") if chosen else "")
        self.updateGeometry()
        self.update()

    def needed(self) -> int:
        """Return the width at which nothing is cut."""
        return self._row.sizeHint().width()

    def sizeHint(self) -> QSize:
        return QSize(self.needed(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.words.set_colour("text1" if self.isEnabled() else "off")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._chosen and not self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
