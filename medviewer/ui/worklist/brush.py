"""The strokes that rows, reasons and lists of this page are made of: one elided line, an icon, a score bar, a hatch."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QStaticText, QTransform

from medviewer.ui import theme
from medviewer.ui.theme import font
from medviewer.ui.widgets import paint_hatch
from medviewer.ui.worklist.words import isolated

LEFT, CENTRE, RIGHT = "left", "centre", "right"
#: Lines that are kept laid out: more than a few screens of rows.
KEPT = 4096


@lru_cache(256)
def _ink(value: str, alpha: float) -> QColor:
    made = QColor(value)
    made.setAlphaF(alpha)
    return made


def ink(token: str, alpha: float = 1.0) -> QColor:
    """Return the (kept) colour of a token; it is not to be changed."""
    return _ink(getattr(theme.T, token, token), alpha)


@lru_cache
def metrics(px: int, weight: int = 400) -> QFontMetricsF:
    """Return the (kept) metrics of a size and weight."""
    return QFontMetricsF(font(px, weight))


@lru_cache(KEPT)
def text_width(text: str, px: int = 13, weight: int = 400) -> float:
    """Return how wide a line is."""
    return metrics(px, weight).horizontalAdvance(text)


@lru_cache(KEPT)
def _laid_out(words: str, px: int, weight: int, room: int) -> tuple[QStaticText, float, float]:
    """Return a line cut to `room`, laid out once, with its width and height. Its direction stays inside."""
    measure = metrics(px, weight)
    if measure.horizontalAdvance(words) > room:
        words = measure.elidedText(words, Qt.TextElideMode.ElideRight, room)
    laid_out = QStaticText(words if words.isascii() else isolated(words))
    laid_out.setTextFormat(Qt.TextFormat.PlainText)
    laid_out.prepare(QTransform(), font(px, weight))
    size = laid_out.size()
    return laid_out, size.width(), size.height()


def text(
    painter: QPainter,
    box: QRectF,
    words: str,
    px: int = 13,
    colour: str = "text1",
    weight: int = 400,
    align: str = LEFT,
) -> float:
    """Draw one line into the middle of `box`, cut with an ellipsis where it is too long. Return how wide it is."""
    room = ceil(box.width() - 0.01)
    if not words or room < 4:
        return 0.0
    laid_out, width, height = _laid_out(words, px, weight, room)
    spare = {LEFT: 0.0, CENTRE: 0.5, RIGHT: 1.0}[align] * (box.width() - width)
    painter.setFont(font(px, weight))
    painter.setPen(ink(colour))
    painter.drawStaticText(QPointF(box.left() + spare, box.top() + (box.height() - height) / 2), laid_out)
    return width


def wrapped(painter: QPainter, box: QRectF, words: str, px: int, colour: str, weight: int = 400) -> None:
    """Draw words of our own in the middle of `box`, over as many lines as they need."""
    painter.setFont(font(px, weight))
    painter.setPen(ink(colour))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), words)


def icon(painter: QPainter, x: float, middle: float, name: str, size: int = 16, colour: str = "text2") -> None:
    """Draw an icon with its left edge at `x`, in the middle of a line."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(QPointF(round(x), round(middle - size / 2)), theme.pixmap(name, size, colour, ratio))


def round_box(
    painter: QPainter, box: QRectF, radius: float, fill: str = "", edge: str = "", width: float = 1.0, alpha: float = 1
) -> None:
    """Draw a box with round corners, filled or edged with tokens."""
    painter.setBrush(ink(fill, alpha) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink(edge, alpha), width) if edge else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box, radius, radius)


def score_bar(painter: QPainter, box: QRectF, score: float, point: float | None, partial: bool, track: str) -> None:
    """Draw a score from 0 to 1 with the operating point; fainter while it is only a score so far."""
    middle = box.center().y()
    bar = QRectF(box.left(), middle - 3, box.width(), 6)
    round_box(painter, bar, 3, track)
    filled = QRectF(bar.left(), bar.top(), max(bar.width() * min(max(score, 0.0), 1.0), 6), 6)
    round_box(painter, filled, 3, "ai", alpha=0.45 if partial else 0.9)
    if point is not None:
        x = bar.left() + bar.width() * min(max(point, 0.0), 1.0)
        painter.setPen(QPen(ink("text2"), 1))
        painter.drawLine(QPointF(x, middle - 7), QPointF(x, middle + 7))


def hatch_bar(painter: QPainter, box: QRectF) -> None:
    """Draw the hatch of a place where the AI did not look, the size of a score bar."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    look = theme.T.text3, theme.T.edge
    painter.drawPixmap(QPointF(box.left(), round(box.center().y()) - 5), _hatched(int(box.width()), ratio, *look))


@lru_cache(64)
def _hatched(width: int, ratio: float, lines: str, edge: str) -> QPixmap:
    made = QPixmap(round(width * ratio), round(10 * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bar = QRectF(0.5, 0.5, width - 1, 9)
    path = QPainterPath()
    path.addRoundedRect(bar, 3, 3)
    painter.setClipPath(path)
    paint_hatch(painter, bar, lines, 0.55, 6)
    painter.setClipping(False)
    round_box(painter, bar, 3, edge=edge, alpha=0.6)
    painter.end()
    return made


def dashed_box(painter: QPainter, box: QRectF, radius: float, edge: str, fill: str = "", alpha: float = 1.0) -> None:
    """Draw a dashed frame: something can be put down here."""
    pen = QPen(ink(edge), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([5, 4])
    painter.setPen(pen)
    painter.setBrush(ink(fill, alpha) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius, radius)
