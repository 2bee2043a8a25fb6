"""The small painted parts that every panel is made of: texts, icons, keycaps, progress and hatch."""

import html
import math

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from medviewer.ui import theme
from medviewer.ui.theme import T, font


class Label(QLabel):
    """Plain text in a size, weight and colour token of the brief. `elide`: cut with an ellipsis, full text on hover."""

    def __init__(
        self,
        text: str = "",
        px: int = 13,
        colour: str = "text1",
        weight: int = 400,
        *,
        wrap: bool = False,
        elide: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)  # patient names and file names are never markup
        self._colour, self._elide, self._full = colour, elide, text
        self.setFont(font(px, weight))
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.setMinimumWidth(24)
        self.retheme()
        self.setText(text)

    def retheme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(getattr(T, self._colour)))
        self.setPalette(palette)

    def set_colour(self, token: str) -> None:
        if token != self._colour:
            self._colour = token
            self.retheme()

    def setText(self, text: str) -> None:
        self._full = text
        if not self._elide:
            super().setText(text)
            return
        self.updateGeometry()
        self._cut()

    def text(self) -> str:
        return self._full

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._elide:
            hint.setWidth(QFontMetrics(self.font()).horizontalAdvance(self._full) + 2)
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elide:
            hint.setWidth(24)
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._cut()

    def _cut(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 24))
        super().setText(shown)
        whole = f"<qt>{html.escape(self._full[:2000])}</qt>"  # a name is never markup
        self.setToolTip(whole if shown != self._full else "")


class Icon(QLabel):
    """One icon beside a word (it has no meaning of its own, so a screen reader skips it)."""

    def __init__(self, name: str, size: int = 16, colour: str = "text2") -> None:
        super().__init__()
        self._look = name, size, colour
        self.setFixedSize(size, size)
        self.retheme()

    def retheme(self) -> None:
        self.setPixmap(theme.pixmap(*self._look))

    def show_icon(self, name: str, colour: str) -> None:
        look = name, self._look[1], colour
        if look != self._look:
            self._look = look
            self.retheme()


class Keycap(QWidget):
    """The key of a command, drawn like a key; invisible while there is none."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.text = ""
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self.text = text
        width = max(20, int(QFontMetricsF(font(11, 500)).horizontalAdvance(text)) + 11)
        self.setFixedSize(width, 20)
        self.setVisible(bool(text)) if self.parent() else None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.text:
            painter = QPainter(self)
            paint_keycap(painter, QRectF(0.5, 0.5, self.width() - 1, 18), self.text)


def paint_keycap(painter: QPainter, box: QRectF, text: str) -> None:
    """Draw a keycap with `text` into `box`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("edge", 0.8), 1))
    painter.setBrush(theme.colour("bg1"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(font(11, 500))
    painter.setPen(theme.colour("text2"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


class ProgressLine(QWidget):
    """A 4 px bar; -1 means that the length of the work is not known (then it stays empty, it never pulses)."""

    def __init__(self, width: int | None = None) -> None:
        super().__init__()
        self.fraction = 0.0
        self.setFixedHeight(16)
        if width:
            self.setFixedWidth(width)

    def show_fraction(self, fraction: float) -> None:
        if fraction != self.fraction:
            self.fraction = fraction
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        if self.fraction > 0:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(0, middle - 2, self.width() * min(self.fraction, 1.0), 4), 2, 2)


class HatchedBox(QWidget):
    """Hatch with a word: the AI did not look here. Hatch means nothing else anywhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.setFixedHeight(72)
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.setClipPath(path)
        paint_hatch(painter, box, "text3", 0.45, 8)
        painter.setClipping(False)
        painter.setPen(QPen(theme.colour("edge", 0.7), 1))
        painter.drawPath(path)
        painter.setFont(font(13, 500))
        width = QFontMetricsF(painter.font()).horizontalAdvance(self.text) + 24
        word = QRectF(box.center().x() - width / 2, box.center().y() - 13, width, 26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bg1"))
        painter.drawRoundedRect(word, 5, 5)
        painter.setPen(theme.colour("text1"))
        painter.drawText(word, int(Qt.AlignmentFlag.AlignCenter), self.text)


def paint_hatch(painter: QPainter, box: QRectF, colour: str, alpha: float, pitch: float) -> None:
    """Fill `box` with 45 degree lines `pitch` apart."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(theme.colour(colour, alpha), 1))
    left, high = box.left() - box.height(), box.height()
    starts = [left + pitch * i for i in range(math.ceil((box.width() + high) / pitch))]
    painter.drawLines([QLineF(x, box.bottom(), x + high, box.top()) for x in starts])  # in one go: threads wait at each
    painter.restore()
