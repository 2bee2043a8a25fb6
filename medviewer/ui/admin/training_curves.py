"""Two live curves of a training: the loss, and the AUC on the selecting part beside that of the model in use.

The axes never move by themselves: the range is chosen once, from the first values of a run (`loss_range`, `auc_range`),
and the epochs go from 1 to the planned last one. A later value outside of it stands at the edge with a small triangle.
pyqtgraph draws the lines; it is imported beside the event loop, and the plot is made in three of its turns.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from medviewer.app.admin.records import Run
from medviewer.ui import theme
from medviewer.ui.admin.pieces import figure
from medviewer.ui.arrange import column, in_row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.score_curve import warm
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

Range = tuple[float, float]
#: Room around the axes: left, top, bottom; the right side has room for the names of the lines.
LEFT, TOP, BOTTOM = 44, 22, 26
#: The plot is larger than the axes by this much, so that dots on an edge are whole.
EDGE = 6
#: Tops of a loss axis, and floors of an AUC axis.
_TOPS = (0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.0, 4.0, 8.0, 20.0, 40.0, 80.0, 200.0, 1000.0)
_FLOORS = (0.9, 0.8, 0.5)


def loss_range(first: Sequence[float]) -> Range:
    """Return the axis of the loss: from 0 to a round number a quarter above the largest of the first values."""
    most = max((v for v in first if math.isfinite(v)), default=0.0) * 1.25
    return 0.0, next((top for top in _TOPS if top >= most), _TOPS[-1])


def auc_range(first: Sequence[float]) -> Range:
    """Return the axis of the AUC: up to 1, from .9, .8 or .5, with room under the lowest of the first values.

    From 0 where one of them is below .5, which a coin reaches.
    """
    least = min((v for v in first if math.isfinite(v)), default=0.5)
    floor = next((floor for floor in _FLOORS if floor + (1 - floor) / 4 <= least), 0.5)
    return (floor if least >= 0.5 else 0.0), 1.0


@dataclass(frozen=True)
class Line:
    """One line: a value for each epoch from 1 (None: not judged)."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    dashed: bool = False

    @property
    def last(self) -> tuple[int, float] | None:
        """(epoch, value) of the newest value."""
        return next(((i, v) for i, v in reversed(list(enumerate(self.values, 1))) if v is not None), None)


class EpochPlot(QWidget):
    """Lines over the epochs with a fixed range; `show_lines` is called once an epoch."""

    def __init__(self, title: str, digits: int) -> None:
        super().__init__()
        self._title, self._digits = title, digits
        self.lines: tuple[Line, ...] = ()
        self.range: Range = (0.0, 1.0)
        self.epochs, self.best = 1, 0
        self._plot: Any = None
        self._box: Any = None
        self._drawn: list[Any] = []
        self._dots: Any = None
        self._ready = False
        self._wait = QTimer(self)
        self._wait.setInterval(30)
        self._wait.timeout.connect(self._make_when_imported)
        self.setMinimumSize(260, 140)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def ready(self) -> bool:
        """Whether the lines are drawn (the import of pyqtgraph has ended)."""
        return self._ready

    def show_lines(self, lines: tuple[Line, ...], range_: Range, epochs: int, best: int) -> None:
        """Show lines over 1..`epochs`; `best` is marked, 0 for none."""
        now = lines, range_, max(epochs, 1), best
        if now == (self.lines, self.range, self.epochs, self.best):
            return
        self.lines, self.range, self.epochs, self.best = now
        self._say()
        if self._plot is None:
            warm()
            self._wait.start()
        self._draw()
        self.update()

    def _say(self) -> None:
        """Say the newest values in one sentence."""
        said = [f"{line.name} {figure(line.last[1], self._digits)}" for line in self.lines if line.last is not None]
        at = max((line.last[0] for line in self.lines if line.last is not None), default=0)
        if not said:
            self.setAccessibleName(translate("Training", "{0}: no epoch has ended yet.").format(self._title))
            return
        words = translate("Training", "{0} after epoch {1} of {2}: {3}.")
        words = words.format(self._title, at, self.epochs, ", ".join(said))
        if self.best:
            words += " " + translate("Training", "The best epoch so far is {0}.").format(self.best)
        self.setAccessibleName(words)

    # the plot

    def _make_when_imported(self) -> None:
        if not warm():
            return
        self._wait.stop()
        if self._plot is None:
            import pyqtgraph

            pyqtgraph.setConfigOptions(antialias=True)
            self._plot = pyqtgraph.GraphicsView(self, background=None)
            self._plot.hide()
            self._plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._plot.setStyleSheet("background: transparent; border: none")
            self._plot.viewport().setAutoFillBackground(False)
            next_turn(self, self._make_box)

    def _make_box(self) -> None:
        import pyqtgraph

        self._box = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._plot.setCentralItem(self._box)
        self._dots = pyqtgraph.ScatterPlotItem(pen=None, size=9)
        self._box.addItem(self._dots)
        next_turn(self, self._show_plot)

    def _show_plot(self) -> None:
        self._ready = True
        self._place()
        self._draw()
        self._plot.show()

    def retheme(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if not self._ready:
            return
        import numpy as np
        import pyqtgraph

        while len(self._drawn) < len(self.lines):
            self._drawn.append(pyqtgraph.PlotDataItem(connect="finite"))
            self._box.addItem(self._drawn[-1])
        low, high = self.range
        dots = []
        for item, line in zip(self._drawn, (*self.lines, *[None] * len(self._drawn)), strict=False):
            if line is None:
                item.setData([], [])
                continue
            ys = np.clip(np.array([np.nan if v is None else v for v in line.values], float), low, high)
            pen = QPen(theme.colour(line.colour), 1.8)
            pen.setCosmetic(True)
            if line.dashed:
                pen.setDashPattern([5, 3])
            item.setPen(pen)
            item.setData(np.arange(1, len(ys) + 1, dtype=float), ys)
            if line.last is not None:
                at = line.last[0], min(max(line.last[1], low), high)
                dots.append({"pos": at, "brush": theme.colour(line.colour), "pen": QPen(theme.colour("bg1"), 2)})
        self._dots.setData(dots)
        self._dots.setZValue(10)
        self._place()

    def _place(self) -> None:
        """Put the plot over the axes, a little larger, with a range that is larger by as much."""
        if self._plot is None or self._box is None:
            return
        box = self._axes()
        self._plot.setGeometry(box.adjusted(-EDGE, -EDGE, EDGE, EDGE).toRect())
        span, (low, high) = max(self.epochs - 1, 1), self.range
        dx, dy = span * EDGE / max(box.width(), 1), (high - low) * EDGE / max(box.height(), 1)
        self._box.setRange(xRange=(1 - dx, 1 + span + dx), yRange=(low - dy, high + dy), padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    # geometry and what pyqtgraph has no word for

    def _axes(self) -> QRectF:
        names = max((brush.text_width(line.name, 12, 500) for line in self.lines), default=0.0)
        right = max(24.0, math.ceil(names) + 22.0)
        return QRectF(LEFT, TOP, max(self.width() - LEFT - right, 1), max(self.height() - TOP - BOTTOM, 1))

    def _x(self, epoch: float) -> float:
        box = self._axes()
        return box.left() + box.width() * (epoch - 1) / max(self.epochs - 1, 1)

    def _y(self, value: float) -> float:
        box, (low, high) = self._axes(), self.range
        return box.bottom() - box.height() * (min(max(value, low), high) - low) / (high - low)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._axes()
        self._grid(painter, box)
        at = max((line.last[0] for line in self.lines if line.last is not None), default=1)
        ahead = QRectF(self._x(at), box.top(), box.right() - self._x(at), box.height())
        painter.fillRect(ahead, brush.ink("bg0", 0.55))
        self._best(painter, box)
        self._names(painter, box)
        self._outside(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _grid(self, painter: QPainter, box: QRectF) -> None:
        low, high = self.range
        steps = next(n for n in (4, 5, 10, 1) if math.isclose(round((high - low) / n, 2), (high - low) / n))
        for step in range(steps + 1):
            value = low + (high - low) * step / steps
            painter.setPen(QPen(theme.colour("line"), 1))
            y = round(self._y(value)) + 0.5
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            place = QRectF(0, y - 8, box.left() - 8, 16)
            brush.text(painter, place, figure(value, 2), 11, "text3", align=brush.RIGHT)
        for epoch in ticks(self.epochs):
            place = QRectF(self._x(epoch) - 20, box.bottom() + 6, 40, 16)
            brush.text(painter, place, str(epoch), 11, "text3", align=brush.CENTRE)
        words = translate("Training", "epoch")
        middle = QRectF(box.center().x() - 40, box.bottom() + 6, 80, 16)
        taken = [self._x(epoch) for epoch in ticks(self.epochs)]
        if all(abs(x - middle.center().x()) > 40 for x in taken):
            brush.text(painter, middle, words, 11, "text3", align=brush.CENTRE)

    def _best(self, painter: QPainter, box: QRectF) -> None:
        if not self.best:
            return
        x = round(self._x(self.best)) + 0.5
        pen = QPen(theme.colour("text3"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, box.top() - 14), QPointF(x, box.bottom()))
        words = translate("Training", "best, epoch {0}").format(self.best)
        width = math.ceil(brush.text_width(words, 11)) + 2
        left = x - 6 - width if x - 6 - width >= box.left() else x + 6
        brush.text(painter, QRectF(left, box.top() - 19, width, 16), words, 11, "text2")

    def _names(self, painter: QPainter, box: QRectF) -> None:
        """Write each line's name at its end, apart from each other."""
        ends = [(self._y(line.last[1]), line) for line in self.lines if line.last is not None]
        ends.sort(key=lambda end: end[0])
        before = -math.inf
        for y, line in ends:
            y = max(y, before + 16)
            before = y
            x = self._x(line.last[0] if line.last else 1) + 12
            brush.text(painter, QRectF(x, y - 9, self.width() - x, 18), line.name, 12, line.colour, 500)

    def _outside(self, painter: QPainter) -> None:
        """Mark values that lie outside of the range with a triangle at the edge."""
        low, high = self.range
        painter.setPen(Qt.PenStyle.NoPen)
        for line in self.lines:
            painter.setBrush(theme.colour(line.colour))
            for epoch, value in enumerate(line.values, 1):
                if value is not None and not low <= value <= high:
                    x, up = self._x(epoch), value > high
                    y = self._y(value) + (6 if up else -6)
                    tip = -6 if up else 6
                    painter.drawPolygon(QPolygonF([QPointF(x - 4, y), QPointF(x + 4, y), QPointF(x, y + tip)]))


def ticks(epochs: int) -> tuple[int, ...]:
    """Return the epochs whose numbers stand under the axis: the first, the last, and round ones between."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if epochs / s <= 6), 1000)
    between = [e for e in range(step, epochs, step) if e > 1 + step * 0.4 and e < epochs - step * 0.4]
    return tuple(dict.fromkeys((1, *between, epochs)))


class CurveCard(QFrame):
    """A plot with its title, and which way is better."""

    def __init__(self, title: str, better: str, digits: int) -> None:
        super().__init__()
        surface(self, "card")
        self.title = title
        self.plot = EpochPlot(title, digits)
        layout = column(self, (16, 12, 16, 12), 4)
        layout.addWidget(in_row(Label(title, 14, "text1", 600), None, Label(better, 12, "text3")))
        layout.addWidget(self.plot, 1)


class Curves:
    """The two cards of a run; the ranges stay as they were chosen for it."""

    def __init__(self) -> None:
        self.loss = CurveCard(translate("Training", "Loss"), translate("Training", "lower is better"), 3)
        auc, better = translate("Training", "AUC on validation"), translate("Training", "higher is better")
        self.auc = CurveCard(auc, better, 3)
        self._ranges: dict[str, tuple[Range, Range]] = {}

    def show_run(self, run: Run, in_use: str) -> None:
        """Show a run; `in_use` names the version of the dashed line ("In use, 1.4")."""
        epochs = sorted(run.epochs, key=lambda epoch: epoch.number)
        size = max((epoch.number for epoch in epochs), default=0)
        by = {epoch.number: epoch for epoch in epochs}
        rows = [by.get(number) for number in range(1, size + 1)]
        loss, auc = self._range(run)
        last = max(run.plan.epochs, size)

        def values(name: str) -> tuple[float | None, ...]:
            return tuple(None if row is None else getattr(row, name) for row in rows)

        training = Line(translate("Training", "Training"), values("loss"), "text2", True)
        chosen = Line(translate("Training", "Validation"), values("select_loss"), "accent")
        this = Line(translate("Training", "This run"), values("select_auc"), "accent")
        base = Line(in_use, (run.base_auc,) * max(size, 1), "text2", True) if run.base_auc is not None else None
        self.loss.plot.show_lines((training, chosen), loss, last, run.best)
        self.auc.plot.show_lines((*([base] if base else []), this), auc, last, run.best)

    def _range(self, run: Run) -> tuple[Range, Range]:
        if run.id in self._ranges:
            return self._ranges[run.id]
        first = next(iter(sorted(run.epochs, key=lambda epoch: epoch.number)), None)
        if first is None:
            return loss_range([v for v in (run.base_loss,) if v is not None]), auc_range([])
        losses = [v for v in (first.loss, first.select_loss, run.base_loss) if v is not None]
        aucs = [v for v in (first.select_auc, run.base_auc) if v is not None]
        self._ranges[run.id] = loss_range(losses), auc_range(aucs)
        return self._ranges[run.id]
