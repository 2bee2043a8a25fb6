"""The line "Kept: you disagree. Undo" over the foot of the window's body, for as long as the last deed is offered."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import fill, row, surface
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Keycap, Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

FADE_MS, HEIGHT, WIDEST = 120, 44, 640
#: Room at the sides, and under it for the ruler and the orientation letter of a viewport.
SIDE, UNDER = 16, 60


class UndoToast(QFrame):
    """Lies at the bottom centre of `body`. It never takes the focus; a screen reader hears it once."""

    def __init__(self, body: QWidget, commander: Commander, bridge: "MainThread") -> None:
        super().__init__(body)
        self._commander = commander
        self._told: object = None
        surface(self, "sheet")
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = Label("", 13, "text1", 500, elide=True)
        self.undo = Button(translate("Opinion", "Undo"), "link")
        self.undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.undo.clicked.connect(commander.act("edit.undo"))
        self.key = Keycap()
        layout = row(self, (16, 0, 12, 0), 8)
        fill(layout, Icon("check", 16, "accent"))
        layout.addWidget(self.words, 1)
        fill(layout, 8, self.undo, self.key)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self._fade)
        self._veil = QGraphicsOpacityEffect(self)
        self._veil.setEnabled(False)  # costs a picture of its own at every paint, so only while it fades
        self.setGraphicsEffect(self._veil)
        self._fading = QPropertyAnimation(self._veil, b"opacity", self)
        self._fading.setDuration(FADE_MS)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(self._gone)
        self.hide()
        body.installEventFilter(self)
        bridge.connect(commander.session.undo.changed, lambda _: self.refresh(), latest=True)

    def refresh(self) -> None:
        """Show the deed that is offered now, or nothing."""
        last = self._commander.session.undo.last
        left = last.until - time.monotonic() if last is not None else 0.0
        if last is None or left <= 0:
            self._gone()
            return
        self._stop_fading()
        self.words.setText(say(last.sentence))
        self.key.set_text(self._commander.key("edit.undo"))
        self.undo.setToolTip(self._commander.title("edit.undo"))
        self._end.start(int(left * 1000))
        self.show()
        self.place()
        if last is not self._told:
            self._told = last
            self._announce()

    def _announce(self) -> None:
        """Tell a screen reader, politely, what was done and how it is taken back."""
        key = self._commander.key("edit.undo")
        words = translate("Opinion", "{0} Undo with {1}.").format(self.words.text(), key)
        self.setAccessibleName(words)
        event = QAccessibleAnnouncementEvent(self, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def place(self) -> None:
        """Put it at the bottom centre of the body."""
        body = self.parentWidget()
        if body is not None:
            width = min(self.sizeHint().width(), WIDEST, max(body.width() - 2 * SIDE, 0))
            self.resize(width, HEIGHT)
            self.move((body.width() - width) // 2, body.height() - HEIGHT - UNDER)
            self.raise_()

    def _fade(self) -> None:
        if theme.reduced_motion():
            self._gone()
            return
        self._veil.setEnabled(True)
        self._fading.start()

    def _stop_fading(self) -> None:
        self._fading.stop()
        self._veil.setOpacity(1.0)
        self._veil.setEnabled(False)

    def _gone(self) -> None:
        self._end.stop()
        self._stop_fading()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False
