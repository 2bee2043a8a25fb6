"""Moving a row by mouse: the row lifts with a shadow, a dashed slot shows where it would go, Esc puts it back."""

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from medviewer.app.worklist import StudyRow
from medviewer.ui import theme
from medviewer.ui.worklist.columns import ROW_HEIGHT
from medviewer.ui.worklist.painter import RowLook, RowPainter

#: Room for the shadow around the lifted row, and how far the row stands in from the edges of the list.
SHADOW, INSET = 12, 16
#: Within this distance of an edge the list scrolls, by so many pixels every step.
EDGE, STEP, STEP_MS = 28, 13, 30
#: How long a row that was put down is shown there while the list has not answered.
SETTLE_MS = 1500


class Lifted(QWidget):
    """The row in the hand, over the list. Never takes the mouse."""

    def __init__(self, parent: QWidget, rows: RowPainter) -> None:
        super().__init__(parent)
        self._rows = rows
        self.row: StudyRow | None = None
        self.number = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        body = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        for grown in range(SHADOW - 2, 0, -1):
            painter.setBrush(theme.colour("canvas", 0.075))
            painter.drawRoundedRect(body.adjusted(-grown, 4 - grown, grown, grown), 8 + grown, 8 + grown)
        self._rows.row(painter, body, self.row, self.number, RowLook(lifted=True))


class Moving(QObject):
    """One row in the hand, from `press` to `release`; the list asks `shown` which row to paint at a place."""

    changed = Signal()  # lifted, over another place, or over
    put_down = Signal(int, int)  # id of the study, and the place (from 0) where it was released

    def __init__(self, viewport: QWidget, rows: RowPainter) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.lifted = Lifted(viewport, rows)
        self.study, self.origin, self.target = 0, -1, -1
        self._pressed: QPoint | None = None
        self._row: StudyRow | None = None
        self._grip = 0  # from the row's top to the pointer
        self.active = False  # a row is in the hand
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.forget)

    @property
    def shifted(self) -> bool:
        """Whether rows are painted elsewhere than they stand."""
        return self.origin >= 0 and (self.active or self._settle.isActive())

    def shown(self, place: int) -> int:
        """Return which row is painted at `place`; -1 for the slot."""
        if not self.shifted:
            return place
        if place == self.target:
            return -1 if self.active else self.origin
        if self.origin < self.target and self.origin <= place < self.target:
            return place + 1
        if self.target < place <= self.origin:
            return place - 1
        return place

    def press(self, at: QPoint, place: int, row: StudyRow | None, top: int) -> None:
        """Note where the mouse went down on a row; nothing moves yet."""
        self.forget()
        if row is not None:
            self._pressed, self._row, self._grip = at, row, at.y() - top
            self.study, self.origin = row.id, place

    def drag(self, at: QPoint, target: int, number: int) -> bool:
        """Follow the mouse; say whether a row is in the hand."""
        if self._pressed is None or self._row is None:
            return False
        if not self.active:
            if (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return False
            self.active = True
            self.lifted.row = self._row
            self._viewport.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.target = target
        self.lifted.number = number
        width, height = self._viewport.width() - 2 * INSET, ROW_HEIGHT
        top = min(max(at.y() - self._grip, -height // 2), self._viewport.height() - height // 2)
        self.lifted.setGeometry(INSET - SHADOW, top - SHADOW, width + 2 * SHADOW, height + 2 * SHADOW)
        self.lifted.show()
        self.lifted.raise_()
        self.lifted.update()
        self.changed.emit()
        return True

    def pointer(self) -> QPoint:
        """Return where the mouse is, in the list."""
        return self._viewport.mapFromGlobal(QCursor.pos())

    def release(self) -> bool:
        """Put the row down where it is; say whether one was in the hand."""
        was, self._pressed = self.active, None
        if not was:
            self.forget()
            return False
        self.active = False
        self._hide()
        if self.target != self.origin:
            self._settle.start()  # the row stays where it was put until the list has answered
            self.put_down.emit(self.study, self.target)
        else:
            self.origin = -1
        self.changed.emit()
        return True

    def forget(self) -> None:
        """Let everything be as the list has it: Esc, a refusal, or the list's answer."""
        was = self.shifted
        self._settle.stop()
        self._pressed, self._row, self.active = None, None, False
        self.origin = self.target = -1
        self._hide()
        if was:
            self.changed.emit()

    def _hide(self) -> None:
        self.lifted.hide()
        self._viewport.unsetCursor()
