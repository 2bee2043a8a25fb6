"""Reliability: of the cases with a score like this, how many had the finding; with the number of cases in each bin."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from medviewer.ui import theme
from medviewer.ui.admin.pieces import count, figure
from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush

LEFT, TOP, RIGHT, BOTTOM = 40, 8, 12, 72
#: Height of the bars of cases under the axis.
BARS = 28
Bins = Sequence[Mapping[str, float]]


class Calibration(QWidget):
    """Two lines of dots over the diagonal; bars under them say how many cases lie behind each dot of the candidate."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, Bins, str, bool], ...] = ()
        self.setMinimumSize(240, 236)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_bins(self, champion: str, challenger: str, bins: Mapping[str, Bins]) -> None:
        """Show the bins of both versions: {"n", "mean", "share"} each."""
        self._lines = (
            (translate("Compare", "In use"), bins.get(champion, ()), "text2", False),
            (translate("Compare", "Candidate"), bins.get(challenger, ()), "accent", True),
        )
        said = []
        bin_words = translate("Compare", "score {0}: {1} of {2} cases had the finding")
        for name, each, _colour, _filled in self._lines:
            parts = [
                bin_words.format(figure(b["mean"], 2), count(round(b["share"] * b["n"])), count(round(b["n"])))
                for b in each
            ]
            said.append(f"{name}: {'; '.join(parts)}." if parts else "")
        words = translate("Compare", "Calibration.")
        self.setAccessibleName(" ".join(filter(None, (words, *said))))
        self.update()

    def _at(self, mean: float, share: float, box: QRectF) -> QPointF:
        return QPointF(box.left() + box.width() * mean, box.bottom() - box.height() * share)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        for value in (0.0, 0.5, 1.0):
            painter.setPen(QPen(theme.colour("line"), 1))
            y = self._at(0, value, box).y()
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            brush.text(painter, QRectF(0, y - 8, LEFT - 8, 16), f"{value:g}", 11, "text3", align=brush.RIGHT)
            x = self._at(value, 0, box).x()
            place = QRectF(x - 20, box.bottom() + 4, 40, 14)
            brush.text(painter, place, f"{value:g}", 11, "text3", align=brush.CENTRE)
        pen = QPen(theme.colour("text3"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(self._at(0, 0, box), self._at(1, 1, box))
        for _name, bins, colour, filled in self._lines:
            self._line(painter, box, bins, colour, filled)
        self._cases(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _line(self, painter: QPainter, box: QRectF, bins: Bins, colour: str, filled: bool) -> None:
        points = [self._at(b["mean"], b["share"], box) for b in bins if b.get("n", 0) > 0]
        painter.setPen(QPen(theme.colour(colour), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(theme.colour(colour if filled else "bg1"))
        for point in points:
            painter.drawEllipse(point, 3.5, 3.5)

    def _cases(self, painter: QPainter, box: QRectF) -> None:
        """Draw how many cases of the candidate lie at each score, the largest and the smallest bin as numbers."""
        bins = [b for b in self._lines[1][1] if b.get("n", 0) > 0] if self._lines else []
        foot = box.bottom() + 22 + BARS
        brush.text(
            painter,
            QRectF(box.left(), foot + 2, box.width(), 16),
            translate("Compare", "score; bars: cases ({0} to {1} a bin)").format(
                count(round(min((b["n"] for b in bins), default=0))),
                count(round(max((b["n"] for b in bins), default=0))),
            ),
            11,
            "text3",
        )
        most = max((b["n"] for b in bins), default=1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("edge"))
        for b in bins:
            height = max(BARS * b["n"] / most, 1.5)
            x = self._at(b["mean"], 0, box).x()
            painter.drawRect(QRectF(x - 3, foot - height, 6, height))
