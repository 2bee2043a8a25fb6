"""An explanation over its image: heat, outline of the top 10 % of the mass, hatch where the model did not look.

`build` turns a map on source pixels into layers, on a thread (films!); `MapLayer` draws these through the image's own
ViewMap, so that they turn, flip and zoom with it, and keeps the result at screen resolution.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from medviewer.core import colormaps
from medviewer.core.findings import Explanation
from medviewer.core.geometry import ViewMap
from medviewer.ui.contours import contours
from medviewer.ui.overlay_text import outline
from medviewer.ui.render import masked_average, to_image
from medviewer.ui.theme import colour

#: The longest side at which heat is kept; an attribution map has no finer detail worth showing.
HEAT_SIDE, LINE_SIDE = 1024, 512
TOP_MASS = 0.10
ROBUST_PERCENTILE = 99.5
_MOST_LINES = 40
HATCH_PITCH = 12


@dataclass(frozen=True)
class Layers:
    """What is drawn of one map; all lines are closed, in source pixels (x, y), centres at whole numbers.

    Attributes:
        heat: RGBA, alpha rising from 0 at the threshold to full at the robust maximum; None where nothing is above 0.
        outline: around the top 10 % of the mass that speaks for the class.
        seen: around what the model saw; empty where it saw everything.
        maximum: the 99.5 percentile of the map's absolute values, the top of the colour bar.
    """

    columns: int
    rows: int
    heat: QImage | None
    outline: tuple[QPolygonF, ...]
    seen: tuple[QPolygonF, ...]
    maximum: float
    signed: bool


def robust_maximum(values: NDArray[Any]) -> float:
    """Return the 99.5 percentile of |values| without NaN; the maximum where that percentile is 0 (a sparse map)."""
    finite = np.abs(values[np.isfinite(values)])
    if not finite.size:
        return 0.0
    high = float(np.percentile(finite, ROBUST_PERCENTILE))
    return high if high > 0 else float(finite.max())


def mass_level(values: NDArray[Any], share: float = TOP_MASS) -> float | None:
    """Return the level above which `share` of the positive mass lies; None where nothing is positive."""
    positive = np.sort(values[values > 0].astype(float))[::-1]
    total = positive.sum()
    if not positive.size or total <= 0:
        return None
    at = min(int(np.searchsorted(np.cumsum(positive), share * total)), positive.size - 1)
    return float(positive[at]) * (1 - 1e-3)  # a hair lower, so that a plateau counts as one


def smoothed(values: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Return `values` after three box means of 2 radius + 1 (nearly a Gaussian); edges repeat."""
    if radius < 1:
        return values
    side = 2 * radius + 1
    for _ in range(3):
        for axis in (0, 1):
            padded = np.pad(values, [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
            total = np.cumsum(padded, axis=axis)
            values = (
                np.take(total, range(side, total.shape[axis]), axis)
                - np.take(total, range(total.shape[axis] - side), axis)
            ) / side
    return values


def _fitting(values: NDArray[Any], side: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the map with its longest side at most `side`, NaN as 0, and where the model did not see."""
    unseen = ~np.isfinite(values)
    longest = max(values.shape)
    if longest <= side:
        return np.where(unseen, 0, values), unseen
    rows, columns = (max(1, round(n * side / longest)) for n in values.shape)
    return masked_average(values, unseen, rows, columns)


def _to_source(
    lines: list[NDArray[np.float64]], shape: tuple[int, ...], source: tuple[int, ...]
) -> tuple[QPolygonF, ...]:
    scale = np.array([source[1] / shape[1], source[0] / shape[0]])
    moved = [((line + 0.5) * scale - 0.5).tolist() for line in lines]
    return tuple(QPolygonF([QPointF(x, y) for x, y in [*line, line[0]]]) for line in moved)


def build(explanation: Explanation, colormap: str, threshold: float) -> Layers:
    """Return the layers of a map (tens of ms for a film: call it on a thread)."""
    values = explanation.values
    maximum = robust_maximum(values)
    heat = None
    if maximum > 0:
        small, unseen = _fitting(values, HEAT_SIDE)
        share = np.clip(small / maximum, -1 if explanation.signed else 0, 1)
        name = colormaps.SIGNED if explanation.signed else colormap
        at = np.rint((share + 1) / 2 * 255 if explanation.signed else share * 255).astype(np.uint8)
        alpha = np.clip((np.abs(share) - threshold) / (1 - threshold), 0, 1) ** 0.8
        alpha[unseen] = 0
        rgba = np.dstack([colormaps.table(name)[at], np.rint(alpha * 255).astype(np.uint8)])
        heat = to_image(rgba).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    small, unseen = _fitting(values, LINE_SIDE)
    field = smoothed(small.astype(float), max(small.shape) // 170)
    field[unseen] = 0
    level = mass_level(field)
    lines = contours(field, level)[:_MOST_LINES] if level is not None else []
    seen = contours((~unseen).astype(float), 0.5) if unseen.any() else []
    rows, columns = values.shape
    return Layers(
        columns,
        rows,
        heat,
        _to_source(lines, small.shape, values.shape),
        _to_source(seen, small.shape, values.shape),
        maximum,
        explanation.signed,
    )


def transform(view: ViewMap) -> QTransform:
    """Return image (x, y), centres at whole numbers, to device pixels, for a painter."""
    m = view.matrix
    return QTransform(m[0, 0], m[1, 0], m[0, 1], m[1, 1], m[0, 2], m[1, 2])


def _hatch_brush(ratio: float) -> QBrush:
    """Return lines at 45 degrees, 12 logical pixels apart, as a tile."""
    side = round(HATCH_PITCH * 2**0.5 * ratio)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    p = QPainter(tile)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(colour("ai", 0.20), 1.5 * ratio))
    for shift in (-side, 0, side):
        p.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))
    p.end()
    return QBrush(tile)


class MapLayer:
    """The overlay of one viewport at screen resolution, made again only when something of it changes."""

    def __init__(self) -> None:
        self._key: object = None
        self._layers: Layers | None = None
        self._drawn = QImage()
        self.seen_box = QRectF()  # of what the model saw, device pixels; null where it saw everything

    def draw(self, p: QPainter, layers: Layers, view: ViewMap, ratio: float, heat: bool, opacity: float) -> None:
        """Blit the overlay with its origin at the viewport's; the painter works in device pixels."""
        key = (view, ratio, heat, opacity, colour("ai").rgba())
        if key != self._key or layers is not self._layers:
            self._drawn = self._draw(layers, view, ratio, heat, opacity)
            self._key, self._layers = key, layers
        p.drawImage(0, 0, self._drawn)

    def _draw(self, layers: Layers, view: ViewMap, ratio: float, heat: bool, opacity: float) -> QImage:
        result = QImage(view.width, view.height, QImage.Format.Format_ARGB32_Premultiplied)
        result.fill(Qt.GlobalColor.transparent)
        p = QPainter(result)
        p.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        to_view = transform(view)
        if heat and layers.heat is not None:
            p.save()
            p.setOpacity(opacity)
            p.setTransform(to_view)
            whole = QRectF(-0.5, -0.5, layers.columns, layers.rows)
            p.drawImage(whole, layers.heat)
            p.restore()
        self._hatch(p, layers, to_view, ratio)
        p.setBrush(Qt.BrushStyle.NoBrush)
        for polygon in map(to_view.map, layers.outline):
            p.setPen(outline(3 * ratio))
            p.drawPolyline(polygon)
            pen = QPen(colour("ai"), 1.5 * ratio)
            if heat:
                pen.setDashPattern([5, 3])
            p.setPen(pen)
            p.drawPolyline(polygon)
        p.end()
        return result

    def _hatch(self, p: QPainter, layers: Layers, to_view: QTransform, ratio: float) -> None:
        self.seen_box = QRectF()
        if not layers.seen:
            return
        border = QPainterPath()
        for polygon in map(to_view.map, layers.seen):
            border.addPolygon(polygon)
        image = to_view.mapRect(QRectF(-0.5, -0.5, layers.columns, layers.rows))
        outside = QPainterPath()
        outside.addRect(image)
        outside.addPath(border)  # odd-even: what lies in both is not hatched
        self.seen_box = border.boundingRect()
        p.fillPath(outside, _hatch_brush(ratio))
        pen = QPen(colour("ai", 0.75), max(1.0, ratio))
        pen.setDashPattern([5, 4])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawPath(border)
