"""The score along the stack, painted small: a line, the operating point, hatch where no model has looked."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from medviewer.app.worklist import ReadingRecord
from medviewer.ui import theme
from medviewer.ui.curve_parts import runs
from medviewer.ui.translation import translate
from medviewer.ui.widgets import paint_hatch
from medviewer.ui.worklist import brush

HEIGHT = 132
#: Space around the axes: left, top, right, bottom.
MARGIN = (30, 10, 10, 24)


def values_of(reading: ReadingRecord) -> dict[int, float]:
    """Return the score of each image that has one, by its index in the stack.

    The class is the one whose number at the highest image is the score of the whole reading.
    """
    scores = {int(s["index"]): dict(s.get("scores", {})) for s in reading.slices if s.get("evaluated", True)}
    best = scores.get(reading.index, {})
    target = next((name for name, value in best.items() if value == reading.score), "")
    return {index: float(by_class[target]) for index, by_class in scores.items() if target in by_class}


class SmallCurve(QWidget):
    """Draws one reading; nothing can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.values: dict[int, float] = {}
        self.count, self.best, self.point = 0, 0, 0.5
        self.unread: list[tuple[int, int]] = []
        self.unscored: list[tuple[int, int]] = []

    def show_reading(self, reading: ReadingRecord) -> None:
        """Show what a model said of a stack."""
        self.values = values_of(reading)
        read = {int(s["index"]) for s in reading.slices}
        self.count = max([reading.total, *(index + 1 for index in read)], default=0)
        self.best, self.point = reading.index, reading.point if reading.point is not None else 0.5
        self.unread = runs([i for i in range(self.count) if i not in read])
        self.unscored = runs([i for i in range(self.count) if i in read and i not in self.values])
        said = translate("Worklist", "AI scores of {0} of {1} images, unverified; the highest is {2} at image {3}")
        best = self.values.get(self.best)
        words = f"{best:.2f}" if best is not None else translate("Worklist", "not evaluated")
        self.setAccessibleName(said.format(len(self.values), self.count, words, self.best + 1))
        self.update()

    def _box(self) -> QRectF:
        left, top, right, bottom = MARGIN
        return QRectF(left, top, max(self.width() - left - right, 1), self.height() - top - bottom)

    def _at(self, index: float, value: float) -> QPointF:
        box = self._box()
        return QPointF(box.left() + box.width() * index / max(self.count - 1, 1), box.bottom() - box.height() * value)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box()
        for value, words in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
            y = self._at(0, value).y()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            place = QRectF(0, y - 8, box.left() - 6, 16)
            brush.text(painter, place, words, 11, "text3", 400, brush.RIGHT)
        if self.count < 1:
            return
        self._hatch(painter, box)
        self._point(painter, box)
        self._line(painter, box)
        self._numbers(painter, box)

    def _hatch(self, painter: QPainter, box: QRectF) -> None:
        areas = [(run, translate("Worklist", "not read")) for run in self.unread]
        areas += [(run, translate("Worklist", "not evaluated")) for run in self.unscored]
        for (first, last), words in areas:
            left, right = self._at(first - 0.5, 0).x(), self._at(last + 0.5, 0).x()
            area = QRectF(max(left, box.left()), box.top(), 0, box.height())
            area.setRight(max(min(right, box.right()), area.left() + 2))
            painter.fillRect(area, theme.colour("bg2"))
            paint_hatch(painter, area, "text3", 0.45, 7)
            wide = brush.text_width(words, 11) + 16
            if area.width() > wide + 4:
                word = QRectF(area.center().x() - wide / 2, area.top() + 16, wide, 20)
                brush.round_box(painter, word, 4, "bg1", alpha=0.95)
                brush.text(painter, word, words, 11, "text2", 400, brush.CENTRE)

    def _point(self, painter: QPainter, box: QRectF) -> None:
        pen = QPen(theme.colour("text2", 0.8), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        y = self._at(0, self.point).y()
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _line(self, painter: QPainter, box: QRectF) -> None:
        for first, last in runs(sorted(self.values)):
            path = QPainterPath(self._at(first, self.values[first]))
            for index in range(first + 1, last + 1):
                path.lineTo(self._at(index, self.values[index]))
            area = QPainterPath(path)
            area.lineTo(self._at(last, 0))
            area.lineTo(self._at(first, 0))
            area.closeSubpath()
            painter.fillPath(area, theme.colour("ai", 0.13))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("ai"), 1.8))
            painter.drawPath(path)
        best = self.values.get(self.best)
        if best is not None:
            x = self._at(self.best, 0).x()
            painter.setPen(QPen(theme.colour("text1"), 1))
            painter.drawLine(QPointF(x, box.top() - 4), QPointF(x, box.bottom()))
            painter.setPen(QPen(theme.colour("bg1"), 2))
            painter.setBrush(theme.colour("ai"))
            painter.drawEllipse(self._at(self.best, best), 5, 5)

    def _numbers(self, painter: QPainter, box: QRectF) -> None:
        """Write the first, the highest and the last image under the axis; the highest has the right of way."""
        below = box.bottom() + 4
        here = min(max(self._at(self.best, 0).x() - 20, 0), self.width() - 40)
        brush.text(painter, QRectF(here, below, 40, 16), str(self.best + 1), 11, "text1", 500, brush.CENTRE)
        if here > box.left() + 12:
            brush.text(painter, QRectF(box.left() - 20, below, 40, 16), "1", 11, "text3", 400, brush.CENTRE)
        if here + 40 < box.right() - 28:
            last = QRectF(box.right() - 40, below, 40, 16)
            brush.text(painter, last, str(self.count), 11, "text3", 400, brush.RIGHT)
