"""The scale of the image (a ruler in mm, or the words that there is none) and of the overlay (a colour bar)."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from medviewer.core import colormaps
from medviewer.core.geometry import ViewMap, ruler_length
from medviewer.core.study import SpacingKind
from medviewer.ui.corner_text import Line, Shown, length_kind, number
from medviewer.ui.overlay_text import MARGIN, Centre, Left, Right, Taken, Words, outline
from medviewer.ui.render import to_image
from medviewer.ui.theme import colour
from medviewer.ui.translation import translate

BAR_WIDTH, BAR_HEIGHT = 10, 220


def millimetres(mm: float) -> str:
    """Return a length as on a ruler: "5 cm", "2 mm", "0.5 mm"."""
    if mm >= 10:
        return translate("Viewport", "{0} cm").format(f"{mm / 10:g}")
    return translate("Viewport", "{0} mm").format(f"{mm:g}")


def mm_per_pixel(shown: Shown, view: ViewMap) -> float | None:
    """Return mm in one device pixel (both directions alike); None where the file proves no size."""
    spacing = shown.ref.plane.spacing
    if spacing is None or shown.header.spacing_kind is SpacingKind.UNKNOWN or not spacing[1] > 0:
        return None
    return spacing[1] / view.zoom


def ruler(p: QPainter, words: Words, shown: Shown, view: ViewMap, width: float, height: float, taken: Taken) -> None:
    """Draw the ruler at the bottom centre, above the corner texts where they leave no room between them."""
    ratio = p.device().devicePixelRatioF()
    scale = mm_per_pixel(shown, view)
    if scale is None:
        line = Line(translate("Viewport", "no size in the file"), "text3")
        words.draw(p, width / 2, _base(width, height, words.width(line), 0, taken) - 16, line, Centre)
        return
    mm = ruler_length(scale, view.width)
    if mm is None:
        return
    length = mm / scale / ratio
    kind = length_kind(shown.header.spacing_kind)
    line = Line(f"{millimetres(mm)} {kind}".strip())
    base = _base(width, height, length, words.width(line, 11) + 8, taken)
    left = (width - length) / 2
    marks = [QPointF(left, base), QPointF(left + length, base)]
    parts = 4 if f"{mm:e}".startswith("2") else 5
    for i in range(parts + 1):
        x = left + length * i / parts
        marks += [QPointF(x, base), QPointF(x, base - (6 if i in (0, parts) else 4))]
    p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for pen in (outline(), QPen(colour("text2"), 1)):
        p.setPen(pen)
        p.drawLines(marks)
    words.draw(p, left + length + 8, base - words.step / 2 - 3, line, Left, px=11)


def _base(width: float, height: float, length: float, label: float, taken: Taken) -> float:
    """Return the ruler's y: between the corner texts where it fits, else above them."""
    left_room = width / 2 - length / 2 - MARGIN - taken.bottom_left_width
    right_room = width / 2 - length / 2 - label - MARGIN - taken.bottom_right_width
    fits = min(left_room, right_room) > 12
    return round(height - 38 if fits else height - max(taken.bottom, 38) - 12) + 0.5


class ColourBar:
    """The scale of a heat map at the right edge: colours and words, numbers only under the mouse."""

    def __init__(self) -> None:
        self._made: tuple[object, QPixmap] | None = None

    @staticmethod
    def rect(width: float, height: float) -> QRectF:
        """Return where the bar lies; it shrinks in a low viewport."""
        tall = max(min(BAR_HEIGHT, height - 260), 60)
        return QRectF(width - MARGIN - BAR_WIDTH, (height - tall) / 2, BAR_WIDTH, tall)

    def draw(
        self, p: QPainter, words: Words, rect: QRectF, name: str, signed: bool, threshold: float, ticks: float | None
    ) -> None:
        """Draw the bar; `ticks` is the robust maximum, given while the mouse is over the bar."""
        p.drawPixmap(rect.topLeft(), self._pixmap(name, signed, threshold, rect, p.device().devicePixelRatioF()))
        p.setPen(QPen(colour("edge"), 1))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(rect)
        upper = translate("Viewport", "for") if signed else translate("Viewport", "more")
        lower = translate("Viewport", "against") if signed else translate("Viewport", "less")
        words.draw(p, rect.right(), rect.top() - words.step - 3, Line(upper), Right, px=11)
        words.draw(p, rect.right(), rect.bottom() + 2, Line(lower), Right, px=11)
        if ticks is None:
            return
        for share in (1.0, 0.5, 0.0, *((-0.5, -1.0) if signed else ())):
            at = (1 - share) / 2 if signed else 1 - share
            y = rect.top() + at * rect.height() - words.step / 2
            text = number(0.0) if not share else f"{share * ticks:.2g}".replace("-", "−")
            words.draw(p, rect.left() - 6, y, Line(text), Right, px=11)

    def _pixmap(self, name: str, signed: bool, threshold: float, rect: QRectF, ratio: float) -> QPixmap:
        key = (name, signed, threshold, rect.height(), ratio)
        if self._made is None or self._made[0] != key:
            rows = max(round(rect.height() * ratio), 2)
            share = np.linspace(1, -1 if signed else 0, rows)
            at = np.rint((share + 1) / 2 * 255 if signed else share * 255).astype(int)
            strip = np.repeat(colormaps.table(name)[at][:, None, :], round(BAR_WIDTH * ratio), axis=1)
            strip = np.where((np.abs(share) < threshold)[:, None, None], strip // 3, strip).astype(np.uint8)
            made = QPixmap.fromImage(to_image(strip))
            made.setDevicePixelRatio(ratio)
            self._made = key, made
        return self._made[1]
