"""Small parts of the score curve: the dot of the slice on the screen, and runs of neighbours."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from medviewer.ui import theme


class Dot(QWidget):
    """The score of the slice on the screen, over the curve."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 14)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("bg1"), 2))
        painter.setBrush(theme.colour("ai"))
        painter.drawEllipse(QRectF(2, 2, 10, 10))


def runs(indices: list[int]) -> list[tuple[int, int]]:
    """Return (first, last) of each run of neighbours in sorted `indices`."""
    found: list[tuple[int, int]] = []
    for index in indices:
        if found and index == found[-1][1] + 1:
            found[-1] = found[-1][0], index
        else:
            found.append((index, index))
    return found
