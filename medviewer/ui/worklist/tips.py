"""The full words of a cell that the list had to cut, while the pointer rests on it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from medviewer.app.worklist import StudyRow
from medviewer.ui.translation import translate
from medviewer.ui.worklist import words
from medviewer.ui.worklist.ai_words import ai_look
from medviewer.ui.worklist.painter import Reading
from medviewer.ui.worklist.state_words import said_of_ai, state

if TYPE_CHECKING:
    from medviewer.ui.worklist.table import RowTable


class TipFilter(QObject):
    """Answers the tooltip event of the list's viewport."""

    def __init__(self, table: "RowTable") -> None:
        super().__init__(table)
        self._table = table
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return False
        lines = self._lines(event.pos())
        if lines:
            QToolTip.showText(event.globalPos(), words.as_tooltip(lines), self._table.viewport())
        else:
            QToolTip.hideText()
        return True

    def _lines(self, at: QPoint) -> list[str]:
        table = self._table
        place = table.rowAt(at.y())
        row = table.model_.row(place) if place >= 0 else None
        columns = table.rows.columns(table.viewport().width())
        name = next((name for name, column in columns.items() if column.left <= at.x() < column.right), "")
        return cell_lines(name, row, table.rows.reading) if row is not None else []


def cell_lines(column: str, row: StudyRow, reading: Reading) -> list[str]:
    """Return the full words of one cell, one line each."""
    if column == "patient":
        return list(words.patient(row, reading.hidden))
    if column == "study":
        return [*words.study(row), words.study_when(row)]
    if column == "ai":
        return [said_of_ai(ai_look(row))]
    if column == "state":
        return [said.words for said in state(row, reading.me, row.id == reading.current)]
    if column == "waiting" and row.received is not None:
        return [translate("Worklist", "Came in at {0}").format(words.clock(row.received))]
    return []
