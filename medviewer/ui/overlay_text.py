"""Paints words over pixels: outlined text, the four corners, orientation letters, and the states without an image.

All sizes are logical pixels. Outlines are costly to stroke, so each line is drawn once and kept as a small pixmap.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from medviewer.ui.corner_text import Line
from medviewer.ui.theme import colour, font, pixmap
from medviewer.ui.translation import translate

MARGIN = 14
TOP = 10
#: Half the width kept free for the orientation letter at the middle of an edge.
LETTER = 22
#: Viewports smaller than this carry the short set only.
SHORT = 360
_KEPT = 400
_OUTLINE_ALPHA = 217  # 85 %
#: Shifts that together make an outline of 1.5 px on every side.
_AROUND = [(1.5 * np.cos(a), 1.5 * np.sin(a)) for a in np.arange(12) * np.pi / 6]

Left, Right, Centre = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


@lru_cache(maxsize=2000)
def advance(text: str, px: int, weight: int) -> float:
    """Return the width of a text, logical pixels."""
    return QFontMetricsF(font(px, weight)).horizontalAdvance(text)


@lru_cache(maxsize=100)
def line_height(px: int, weight: int) -> float:
    return QFontMetricsF(font(px, weight)).height()


@dataclass
class Corners:
    """The lines of the four corners, top to bottom; `warnings` stand below the top right ones."""

    top_left: list[Line] = field(default_factory=list)
    top_right: list[Line] = field(default_factory=list)
    bottom_left: list[Line] = field(default_factory=list)
    bottom_right: list[Line] = field(default_factory=list)
    warnings: list[Line] = field(default_factory=list)


class Words:
    """Draws outlined text; one per viewport."""

    def __init__(self, px: int = 12) -> None:
        self.px = px
        self._kept: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    @property
    def step(self) -> int:
        """Height of one line."""
        return round(self.px * 17 / 12)

    def width(self, line: Line, px: int = 0) -> float:
        """Return the width of a line with its icon."""
        px = px or self.px
        icon = px + 8 if line.icon else 0
        return advance(line.text, px, line.weight) + icon

    def wrapped(self, lines: list[Line], most: float) -> list[Line]:
        """Return `lines` broken between words so that none is wider than `most`; only the first part has the icon."""
        result = []
        for line in lines:
            part = replace(line, text="")
            for word in line.text.split():
                longer = replace(part, text=f"{part.text} {word}".strip())
                if part.text and self.width(longer) > most:
                    result.append(part)
                    longer = replace(part, text=word, icon="")
                part = longer
            result.append(part)
        return result

    def draw(
        self,
        p: QPainter,
        x: float,
        y: float,
        line: Line,
        align: Qt.AlignmentFlag = Left,
        most: float = 1e6,
        px: int = 0,
    ) -> float:
        """Draw `line` with its top at `y`; `x` is its left, right or middle by `align`; return the width used.

        What is wider than `most` ends in an ellipsis.
        """
        px = px or self.px
        icon = px + 8 if line.icon else 0
        text, used = line.text, advance(line.text, px, line.weight)
        if used + icon > most:
            text = QFontMetricsF(font(px, line.weight)).elidedText(
                text, Qt.TextElideMode.ElideRight, max(most - icon, 0)
            )
            used = advance(text, px, line.weight)
        left = x - (0 if align == Left else used + icon if align == Right else (used + icon) / 2)
        ratio = p.device().devicePixelRatioF()
        if line.icon:
            p.drawPixmap(QPointF(left, y + (self.step - px - 3) / 2), pixmap(line.icon, px + 3, line.token, ratio))
        drawn = self._pixmap(text, px, line.weight, colour(line.token), ratio)
        p.drawPixmap(
            _whole(QPointF(left + icon - 3, y - 3 + (self.step - line_height(px, line.weight)) / 2), ratio), drawn
        )
        return used + icon

    def _pixmap(self, text: str, px: int, weight: int, ink: QColor, ratio: float) -> QPixmap:
        key = (text, px, weight, ink.rgba(), ratio)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        f = font(px, weight)
        metrics = QFontMetricsF(f)
        result = QPixmap(int((metrics.horizontalAdvance(text) + 8) * ratio), int((metrics.height() + 8) * ratio))
        result.setDevicePixelRatio(ratio)
        result.fill(Qt.GlobalColor.transparent)
        at = QPointF(3, 3 + metrics.ascent())
        painter = QPainter(result)
        painter.setFont(f)
        painter.setPen(QColor(0, 0, 0))
        for dx, dy in _AROUND:  # 30 times quicker than to stroke the glyphs' outlines
            painter.drawText(at + QPointF(dx, dy), text)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(result.rect(), QColor(0, 0, 0, _OUTLINE_ALPHA))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(ink)
        painter.drawText(at, text)
        painter.end()
        self._kept[key] = result
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return result


def _whole(at: QPointF, ratio: float) -> QPointF:
    """Return `at` moved to a device pixel, so that kept text is not blurred."""
    return QPointF(round(at.x() * ratio) / ratio, round(at.y() * ratio) / ratio)


def outline(width: float = 3.0) -> QPen:
    """Return the pen that goes around whatever is drawn over pixels."""
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(QColor(0, 0, 0, _OUTLINE_ALPHA), width, Qt.PenStyle.SolidLine, cap, join)


@dataclass
class Taken:
    """What the corner texts left free, logical pixels: first free y at the top, heights used at the bottom."""

    left: float = TOP
    right: float = TOP
    bottom: float = 12.0
    bottom_left_width: float = 0.0
    bottom_right_width: float = 0.0
    letter_top: float = 8.0  # where the upper letter goes


def corners(p: QPainter, words: Words, width: float, height: float, texts: Corners) -> Taken:
    """Draw the corner texts and return what they took; the patient's name is the last to be clipped."""
    taken, step = Taken(), words.step
    name = words.width(texts.top_left[0]) if texts.top_left else 0.0
    crosses = name > width / 2 - MARGIN - LETTER  # then the letter goes a line down
    taken.letter_top += step if crosses else 0
    for i in range(max(len(texts.top_left), len(texts.top_right))):
        pair = [lines[i] if i < len(lines) else None for lines in (texts.top_left, texts.top_right)]
        _row(p, words, width, TOP + step * i, pair, letter=i == crosses, first_wins=i == 0 and crosses)
    taken.left += step * len(texts.top_left)
    taken.right += step * len(texts.top_right)
    taken.right += 4 if texts.warnings else 0
    for line in _at_most(words.wrapped(texts.warnings, width / 2 - MARGIN - LETTER), 6):
        words.draw(p, width - MARGIN, taken.right, line, Right)
        taken.right += step
    count = max(len(texts.bottom_left), len(texts.bottom_right))
    used = [0.0, 0.0]
    for i in range(count):
        sides = (texts.bottom_left, texts.bottom_right)
        pair = [lines[i - count] if len(lines) >= count - i else None for lines in sides]
        y = height - taken.bottom - step * (count - i)
        row = _row(p, words, width, y, pair, letter=i == count - 1, first_wins=False)
        used = [max(a, b) for a, b in zip(used, row, strict=True)]
    taken.bottom_left_width, taken.bottom_right_width = used
    taken.bottom += step * count
    return taken


def _row(
    p: QPainter, words: Words, width: float, y: float, pair: list[Line | None], letter: bool, first_wins: bool
) -> tuple[float, float]:
    """Draw a left and a right line at one height; return their widths.

    Each may use what the other leaves, at least its half; beside a `letter` both keep away from the middle.
    """
    whole, half = width - 2 * MARGIN, width / 2 - MARGIN - LETTER
    left, right = (words.width(line) if line else 0.0 for line in pair)
    most_left = half if letter and not first_wins else max(whole - 12 - right, whole / 2 - 6)
    if first_wins:
        most_left = min(left, whole)
    most_right = half if letter else max(whole - 12 - min(left, most_left), 0)
    used = [0.0, 0.0]
    if pair[0]:
        used[0] = words.draw(p, MARGIN, y, pair[0], Left, most_left)
    if pair[1]:
        used[1] = words.draw(p, width - MARGIN, y, pair[1], Right, most_right)
    return used[0], used[1]


def _at_most(lines: list[Line], most: int) -> list[Line]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], Line(translate("Viewport", "and more in the series list"), "warn")]


def letters(
    p: QPainter, words: Words, width: float, height: float, edges: tuple[str, str, str, str], top: float, inward: float
) -> None:
    """Draw the letters at the left, right, top and bottom edge; the right one `inward` of a colour bar."""
    left, right, upper, lower = (Line(text, "text1", 600) for text in edges)
    size = 15
    middle = height / 2 - words.step / 2
    words.draw(p, MARGIN, middle, left, Left, px=size)
    words.draw(p, width - MARGIN - inward, middle, right, Right, px=size)
    words.draw(p, width / 2, top, upper, Centre, px=size)
    words.draw(p, width / 2, height - 26, lower, Centre, px=size)


@dataclass(frozen=True)
class Notice:
    """A viewport without an image: an icon, a heading, and sentences that say why and what to do."""

    icon: str
    title: str
    sentences: tuple[str, ...] = ()
    token: str = "text2"
    dashed: bool = False  # the empty place into which one can drop


def notice(p: QPainter, width: float, height: float, what: Notice) -> None:
    """Draw a state in the middle of the viewport, wrapped to its width."""
    box = min(width - 32, 480.0)
    flags = int(Centre | Qt.TextFlag.TextWordWrap)
    rows = [(what.title, font(14, 600), "text1")] + [(text, font(13), "text2") for text in what.sentences]
    heights = [QFontMetricsF(f).boundingRect(QRectF(0, 0, box, 1000), flags, text).height() for text, f, _ in rows]
    total = 28 + 12 + sum(heights) + 6 * (len(rows) - 1)
    y = (height - total) / 2
    if what.dashed and min(width, height) > 200:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour("edge"), 1)
        pen.setDashPattern([5, 4])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        frame = QRectF(0, 0, min(width - 32, 560.0), total + 64)
        frame.moveCenter(QPointF(width / 2, height / 2))
        p.drawRoundedRect(frame, 8, 8)
    p.drawPixmap(QPointF(width / 2 - 14, y), pixmap(what.icon, 28, what.token, p.device().devicePixelRatioF()))
    y += 40
    for (text, f, token), tall in zip(rows, heights, strict=True):
        p.setFont(f)
        p.setPen(colour(token))
        p.drawText(QRectF((width - box) / 2, y, box, tall), flags, text)
        y += tall + 6
