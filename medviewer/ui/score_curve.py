"""The score along the stack: click, drag or arrow keys move the slice; hatched where no model has read.

pyqtgraph costs a quarter of a second to import, so it is imported on a thread (see `warm`) and the plot is made when
the first score is there. Before that the widget is only hatch.
"""

import threading
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from medviewer.app.gently import gently
from medviewer.ui import theme
from medviewer.ui.bridge import next_turn
from medviewer.ui.curve_parts import Dot, runs
from medviewer.ui.qt_classes import Making
from medviewer.ui.theme import font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import paint_hatch

HEIGHT = 136
#: Space around the axes: left, top, right, bottom.
MARGIN = (30, 10, 10, 24)

_making: Making | None = None
_import: threading.Thread | None = None


def warm() -> bool:
    """Import pyqtgraph on a thread, once, where possible while the reader's hand rests; True when that has ended.

    It names all classes of Qt in one go, which is half of its import, and must not be on a thread: see qt_classes.
    """
    global _making
    if _making is None:
        _making = Making(_begin_import)
    return _import is not None and not _import.is_alive()


def _begin_import() -> None:
    global _import
    _import = gently("pyqtgraph")


class ScoreCurve(QWidget):
    """Draws `set_data`; `went` carries the index that the reader points at."""

    went = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.count, self.current, self.point = 0, 0, 0.5
        self.values: dict[int, float] = {}
        self.unread: list[tuple[int, int]] = []  # runs of slices that nothing has read: first, last
        self.unscored: list[tuple[int, int]] = []  # runs that were read, but not evaluated
        self.reading = False
        self._plot: Any = None
        self._box: Any = None
        self._ready = False  # the plot is made in three turns of the event loop
        self._curve: Any = None
        self._points: Any = None
        self._dot = Dot(self)
        self._wait = QTimer(self)
        self._wait.setInterval(30)
        self._wait.timeout.connect(self._make_when_imported)
        self._say()

    def set_data(
        self, count: int, values: dict[int, float], read: set[int], current: int, point: float, reading: bool
    ) -> None:
        """Show the scores of `count` slices; `read` are those that were looked at, scored or not."""
        before = self.count, self.values, self.unread, self.unscored
        self.count, self.values, self.current, self.point, self.reading = count, values, current, point, reading
        self.unread = runs([i for i in range(count) if i not in read])
        self.unscored = runs([i for i in range(count) if i in read and i not in values])
        if values:
            self.prepare()
        if (self.count, self.values, self.unread, self.unscored) != before:
            self._draw_curve()
        self._say()
        self._place_dot()
        self.update()

    def prepare(self) -> None:
        """Import pyqtgraph and make the plot, before its first scores where possible."""
        if self._plot is None:
            warm()
            self._wait.start()

    @property
    def ready(self) -> bool:
        """Whether the curve is drawn (the import of pyqtgraph has ended)."""
        return self._ready

    def set_current(self, index: int) -> None:
        """Move the line of the slice on the screen."""
        if index != self.current:
            self.current = index
            self._say()
            self._place_dot()
            self.update()

    def _say(self) -> None:
        name = translate("Curve", "Score along the stack, AI, unverified.") + " "
        if self.current in self.values:
            text = translate("Curve", "Slice {0}: {1}")
            name += text.format(self.current + 1, f"{self.values[self.current]:.2f}")
        else:
            name += translate("Curve", "Slice {0}: not evaluated").format(self.current + 1)
        self.setAccessibleName(name)

    # the plot

    def _make_when_imported(self) -> None:
        if not warm():
            return
        self._wait.stop()
        if self._plot is None:
            self._make()

    def _make(self) -> None:
        import pyqtgraph

        pyqtgraph.setConfigOptions(antialias=True)
        self._plot = pyqtgraph.GraphicsView(self, background=None)  # a PlotWidget has axes and menus, and takes long
        self._plot.hide()
        self._plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setStyleSheet("background: transparent; border: none")  # grid, hatch and slice lie underneath
        self._plot.viewport().setAutoFillBackground(False)
        next_turn(self, self._make_curves)

    def _make_curves(self) -> None:
        import pyqtgraph

        self._box = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._plot.setCentralItem(self._box)
        self._curve = pyqtgraph.PlotDataItem(connect="finite", fillLevel=0)
        self._points = pyqtgraph.PlotDataItem(pen=None, symbol="o", symbolSize=4, symbolPen=None)
        self._box.addItem(self._curve)
        self._box.addItem(self._points)
        self.retheme()
        self._place_plot()
        next_turn(self, self._show_plot)

    def _show_plot(self) -> None:
        self._ready = True
        self._draw_curve()
        self._plot.show()
        self._dot.raise_()

    def retheme(self) -> None:
        if self._curve is not None:
            self._curve.setPen(theme.colour("ai"), width=1.8)
            self._curve.setBrush(theme.colour("ai", 0.13))
            self._points.setSymbolBrush(theme.colour("ai"))

    def _place_plot(self) -> None:
        if self._plot is not None:
            self._plot.setGeometry(self._axes().toRect())

    def _draw_curve(self) -> None:
        if not self._ready:
            return
        import numpy as np

        xs = np.arange(self.count, dtype=float)
        ys = np.array([self.values.get(i, np.nan) for i in range(self.count)])
        lonely = [i for i in self.values if i - 1 not in self.values and i + 1 not in self.values]
        self._curve.setData(xs, ys)
        self._points.setData([float(i) for i in lonely], [self.values[i] for i in lonely])
        self._box.setRange(xRange=(0, max(self.count - 1, 1)), yRange=(0, 1), padding=0)

    # geometry

    def _axes(self) -> QRectF:
        left, top, right, bottom = MARGIN
        return QRectF(left, top, max(self.width() - left - right, 1), self.height() - top - bottom)

    def _x(self, index: float) -> float:
        box = self._axes()
        return box.left() + box.width() * index / max(self.count - 1, 1)

    def _y(self, value: float) -> float:
        box = self._axes()
        return box.bottom() - box.height() * value

    # painting: what pyqtgraph has no word for

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._axes()
        painter.setFont(font(11))
        for value, text in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), self._y(value)), QPointF(box.right(), self._y(value)))
            painter.setPen(theme.colour("text3"))
            place = QRectF(0, self._y(value) - 8, box.left() - 6, 16)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        if self.count:
            self._hatch(painter, box)
            self._operating_point(painter, box)
            self._slice(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _hatch(self, painter: QPainter, box: QRectF) -> None:
        unread = translate("Curve", "not yet read") if self.reading else translate("Curve", "not read")
        half = 0.5 if self.count > 1 else 1
        areas = [(run, unread) for run in self.unread]
        areas += [(run, translate("Curve", "not evaluated")) for run in self.unscored]
        for (first, last), words in areas:
            left, right = max(self._x(first - half), box.left()), min(self._x(last + half), box.right())
            area = QRectF(left, box.top(), max(right - left, 2), box.height())
            painter.fillRect(area, theme.colour("bg2"))
            paint_hatch(painter, area, "text3", 0.45, 7)
            width = painter.fontMetrics().horizontalAdvance(words) + 16
            if area.width() > width + 4:
                word = QRectF(area.center().x() - width / 2, area.top() + 16, width, 20)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("bg1", 0.95))
                painter.drawRoundedRect(word, 4, 4)
                painter.setPen(theme.colour("text2"))
                painter.drawText(word, int(Qt.AlignmentFlag.AlignCenter), words)

    def _operating_point(self, painter: QPainter, box: QRectF) -> None:
        pen = QPen(theme.colour("text2", 0.8), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), self._y(self.point)), QPointF(box.right(), self._y(self.point)))

    def _slice(self, painter: QPainter, box: QRectF) -> None:
        x = self._x(self.current)
        painter.setPen(QPen(theme.colour("text1"), 1))
        painter.drawLine(QPointF(x, box.top() - 4), QPointF(x, box.bottom()))
        below, centre = box.bottom() + 4, Qt.AlignmentFlag.AlignHCenter
        here = QRectF(min(max(x - 20, 0), self.width() - 40), below, 40, 16)
        painter.setPen(theme.colour("text3"))
        first = QRectF(box.left() - 20, below, 40, 16)
        last = QRectF(box.right() - 32, below, 40, 16)
        if not first.adjusted(10, 0, -10, 0).intersects(here.adjusted(8, 0, -8, 0)):
            painter.drawText(first, int(centre), "1")
        if self.count > 1 and not last.intersects(here.adjusted(8, 0, -8, 0)):
            painter.drawText(last, int(Qt.AlignmentFlag.AlignRight), str(self.count))
        painter.setPen(theme.colour("text1"))
        painter.setFont(font(11, 500))
        painter.drawText(here, int(centre), str(self.current + 1))

    def _place_dot(self) -> None:
        value = self.values.get(self.current)
        self._dot.setVisible(value is not None)
        if value is not None:
            self._dot.move(round(self._x(self.current)) - 7, round(self._y(value)) - 7)

    # hand and keys

    def _go(self, x: float) -> None:
        if self.count:
            box = self._axes()
            index = round((x - box.left()) / box.width() * max(self.count - 1, 1))
            self._ask(index)

    def _ask(self, index: int) -> None:
        """Point at a slice; the line moves at once, so that a held key counts on from there."""
        index = min(max(index, 0), self.count - 1)
        self.set_current(index)
        self.went.emit(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {
            keys.Key_Left: -1,
            keys.Key_Right: 1,
            keys.Key_Up: -1,
            keys.Key_Down: 1,
            keys.Key_PageUp: -10,
            keys.Key_PageDown: 10,
            keys.Key_Home: -self.count,
            keys.Key_End: self.count,
        }
        step = steps.get(keys(event.key()))
        if step is None or not self.count:
            super().keyPressEvent(event)
            return
        self._ask(self.current + step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_plot()
        self._place_dot()
