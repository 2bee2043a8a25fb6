"""The strokes that rows, reasons and lists of this page are made of: one elided line, an icon, a score bar, a hatch."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from medviewer.ui import theme
from medviewer.ui.theme import font
from medviewer.ui.widgets import paint_hatch
from medviewer.ui.worklist.words import isolated

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
CENTRE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)

_metrics: dict[tuple[int, int], QFontMetricsF] = {}


def metrics(px: int, weight: int = 400) -> QFontMetricsF:
    """Return the (kept) metrics of a size and weight."""
    key = px, weight
    if key not in _metrics:
        _metrics[key] = QFontMetricsF(font(px, weight))
    return _metrics[key]


def text_width(text: str, px: int = 13, weight: int = 400) -> float:
    """Return how wide a line is."""
    return metrics(px, weight).horizontalAdvance(text)


def text(
    painter: QPainter,
    box: QRectF,
    words: str,
    px: int = 13,
    colour: str = "text1",
    weight: int = 400,
    align: int = LEFT,
) -> float:
    """Draw one line into `box`, cut with an ellipsis; its direction stays inside. Return how wide it is."""
    if not words or box.width() < 4:
        return 0.0
    measure = metrics(px, weight)
    width = measure.horizontalAdvance(words)
    if width > box.width():
        words = measure.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        width = box.width()
    painter.setFont(font(px, weight))
    painter.setPen(theme.colour(colour))
    painter.drawText(box, align, words if words.isascii() else isolated(words))
    return width


def wrapped(painter: QPainter, box: QRectF, words: str, px: int, colour: str, weight: int = 400) -> None:
    """Draw words of our own in the middle of `box`, over as many lines as they need."""
    painter.setFont(font(px, weight))
    painter.setPen(theme.colour(colour))
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
    painter.setBrush(theme.colour(fill, alpha) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(edge, alpha), width) if edge else Qt.PenStyle.NoPen)
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
        painter.setPen(QPen(theme.colour("text2"), 1))
        painter.drawLine(QPointF(x, middle - 7), QPointF(x, middle + 7))


def hatch_bar(painter: QPainter, box: QRectF) -> None:
    """Draw the hatch of a place where the AI did not look, the size of a score bar."""
    middle = box.center().y()
    bar = QRectF(box.left() + 0.5, middle - 4.5, box.width() - 1, 9)
    path = QPainterPath()
    path.addRoundedRect(bar, 3, 3)
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    paint_hatch(painter, bar, "text3", 0.55, 6)
    painter.restore()
    round_box(painter, bar, 3, edge="edge", alpha=0.6)


def dashed_box(painter: QPainter, box: QRectF, radius: float, edge: str, fill: str = "", alpha: float = 1.0) -> None:
    """Draw a dashed frame: something can be put down here."""
    pen = QPen(theme.colour(edge), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([5, 4])
    painter.setPen(pen)
    painter.setBrush(theme.colour(fill, alpha) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius, radius)
