"""Tells app/gently.py when the reader's hand moves: a look at what reaches the window from outside, before Qt does."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow

from medviewer.app.gently import calm

_MOVES = frozenset(
    {
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchUpdate,
        QEvent.Type.NativeGesture,
    }
)


class HandWatch(QObject):
    """Watches one native window; on the window, not on the application, it sees each event once."""

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            calm.moved()
        elif event.type() == QEvent.Type.Close:
            calm.complete()  # nobody waits for a window that goes
        return False
