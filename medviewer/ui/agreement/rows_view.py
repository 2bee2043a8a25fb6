"""A table of rows that are chosen with a click or with Enter; its columns share the width that there is."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from medviewer.ui.agreement.painter import ROW, CellPainter
from medviewer.ui.agreement.tables import CellTable
from medviewer.ui.theme import font


class RowsView(QTableView):
    """`taken` carries the row that was clicked, or that Enter was pressed on."""

    taken = Signal(int)

    def __init__(self, model: CellTable[Any], name: str) -> None:
        super().__init__()
        self.setModel(model)
        self._painter = CellPainter(self)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        self.setFont(font(13))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW)
        head.setFont(font(12, 600))
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(self._taken)

    def _taken(self, index: QModelIndex) -> None:
        if index.isValid():
            self.taken.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._taken(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def set_widths(self, widths: tuple[int, ...]) -> None:
        """Set the columns' widths; a column of 0 takes what is left."""
        head = self.horizontalHeader()
        for at, width in enumerate(widths):
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch)
            if width:
                head.resizeSection(at, width)

    def height_for(self, rows: int) -> int:
        """Return the height at which so many rows are seen without scrolling."""
        return rows * ROW + self.horizontalHeader().sizeHint().height() + 4
