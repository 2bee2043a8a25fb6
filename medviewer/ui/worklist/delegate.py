"""Between Qt's list and the row painter: which row is painted at a place, how it stands out, and where the slot is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from medviewer.ui.worklist import brush
from medviewer.ui.worklist.painter import RowLook

if TYPE_CHECKING:
    from medviewer.ui.worklist.table import RowTable

Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Gives each row to the RowPainter, and the slot of a row that is in the hand to the brush."""

    def __init__(self, table: "RowTable") -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self._table
        source, box = table.moving.shown(index.row()), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if source < 0:
            brush.dashed_box(painter, box.adjusted(8.5, 2.5, -8.5, -2.5), 6, "accent", "accent_bg", 0.45)
        else:
            row = table.model_.row(source)
            selected = row is not None and row.id == table.selected
            over = bool(option.state & QStyle.StateFlag.State_MouseOver) and not table.moving.active
            look = RowLook(selected, selected and table.hasFocus(), over)
            table.rows.row(painter, box, row, index.row() + 1, look)
        painter.restore()
