"""How a cell of the agreement page is drawn: texts, an AI score as a bar with its point, a share on its interval."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from medviewer.ui import theme
from medviewer.ui.agreement.look import Share
from medviewer.ui.agreement.tables import Cell, CellRole, Index
from medviewer.ui.worklist import brush

ROW, PAD, BAR, ICON = 52, 8, 96, 16
#: Longest bar of a share, and what its figures need beside it.
LONG, FIGURES = 160, 100


class CellPainter(QStyledItemDelegate):
    """Draws `Cell`s; the whole row is marked when it is chosen."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(BAR, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CellRole)
        if not isinstance(cell, Cell):
            return
        box = QRectF(option.rect)
        painter.save()
        painter.setClipRect(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, theme.colour("bg3"))
            if index.column() == 0:
                painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.colour("accent"))
        if index.row() < index.model().rowCount() - 1:
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        inner = self._picture(painter, box.adjusted(PAD, 6, -PAD, -7), cell, "bg0" if chosen else "bg3")
        self._texts(painter, inner, cell)
        painter.restore()

    @staticmethod
    def _picture(painter: QPainter, box: QRectF, cell: Cell, track: str) -> QRectF:
        """Draw what stands before the texts; return what is left for them."""
        middle = box.center().y()
        if cell.score is not None:
            brush.icon(painter, box.left(), middle, "sparkle", ICON, "ai")
            bar = QRectF(box.left() + ICON + 8, box.top(), BAR, box.height())
            brush.score_bar(painter, bar, cell.score, cell.point, False, track)
            return box.adjusted(ICON + 8 + BAR + 12, 0, 0, 0)
        if cell.share is not None:
            wide = min(max(box.width() - FIGURES, 40), LONG)
            share_bar(painter, QRectF(box.left() + 4, box.top(), wide, box.height()), cell.share)
            return box.adjusted(wide + 20, 0, 0, 0)
        if cell.icon:
            two = len([line for line in cell.lines if line]) > 1
            brush.icon(painter, box.left(), box.top() + box.height() / 4 if two else middle, cell.icon, ICON)
            return box.adjusted(ICON + 8, 0, 0, 0)
        return box

    @staticmethod
    def _texts(painter: QPainter, box: QRectF, cell: Cell) -> None:
        lines = [line for line in cell.lines if line]
        height = box.height() / max(len(lines), 1)
        for at, line in enumerate(lines):
            strong = cell.strong and at == 0
            place = QRectF(box.left(), box.top() + at * height, box.width(), height)
            align = brush.RIGHT if cell.right else brush.LEFT
            look = ("text1", 500) if strong else ("text2", 400)
            brush.text(painter, place, line, 13 if at == 0 else 12, *look, align)


def share_bar(painter: QPainter, box: QRectF, share: Share) -> None:
    """Draw a share as a dot on its interval, over a scale from 0 to 1."""
    middle, left, wide = box.center().y(), box.left(), box.width()
    low, high = share.interval
    painter.setPen(QPen(theme.colour("edge", 0.6), 1))
    painter.drawLine(QPointF(left, middle), QPointF(left + wide, middle))
    for end in (left, left + wide):
        painter.drawLine(QPointF(end, middle - 4), QPointF(end, middle + 4))
    painter.setPen(QPen(theme.colour("text2"), 3))
    painter.drawLine(QPointF(left + wide * low, middle), QPointF(left + wide * high, middle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text1"))
    painter.drawEllipse(QPointF(left + wide * share.value, middle), 4.5, 4.5)
