"""The list as Qt sees it: one column, as many rows as the worklist shows, and each row as one spoken sentence."""

from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from medviewer.app.session import Session
from medviewer.app.worklist import StudyRow
from medviewer.ui.translation import translate
from medviewer.ui.worklist.painter import Reading
from medviewer.ui.worklist.state_words import spoken

Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractTableModel):
    """Keeps no rows: whoever paints or reads one asks the worklist, which loads it when it is first wanted."""

    def __init__(self, session: Session, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._list, self._reading = session.worklist, reading
        self._count = len(session.worklist)

    def take(self) -> None:
        """Take the list as it is now: other studies, or the same in another order."""
        self.beginResetModel()
        self._count = len(self._list)
        self.endResetModel()

    def row(self, place: int) -> StudyRow | None:
        """Return the study of a row; None while it is on its way, and where there is none any more."""
        return self._list.row(place) if 0 <= place < min(self._count, len(self._list)) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return translate("Worklist", "Study") if orientation is Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row, number = self.row(index.row()), index.row() + 1
        if row is None:
            return translate("Worklist", "{0}, loading").format(number)
        look = self._reading
        return spoken(
            row,
            number,
            datetime.now(UTC),
            look.me,
            hidden=look.hidden,
            current=row.id == look.current,
        )
