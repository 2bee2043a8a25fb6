"""The two tables of the agreement page as Qt models: one row for each model and version, one for each opinion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from medviewer.app.opinions import AgreementRow
from medviewer.app.worklist import StudyRow
from medviewer.ui.agreement.look import Found, Line, Share, before_ai, overall
from medviewer.ui.opinion_words import ICONS, moment, reader_name, verdict_word
from medviewer.ui.translation import translate
from medviewer.ui.worklist import words
from medviewer.ui.worklist.ai_words import figure

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
CellRole = Qt.ItemDataRole.UserRole
NUMBER = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Cell:
    """What is painted in one place of a table.

    Attributes:
        lines: one or two texts below each other.
        icon: before the first line, "" for none.
        share: drawn as a dot on its interval, before the texts.
        score, point: an AI score with its operating point, drawn as a bar with the spark; None for none.
        right: numbers stand at the right.
        strong: the first line is in the colour of what must be read.
    """

    lines: tuple[str, ...]
    icon: str = ""
    share: Share | None = None
    score: float | None = None
    point: float | None = None
    right: bool = False
    strong: bool = False

    @property
    def words(self) -> str:
        return ", ".join(line for line in self.lines if line)


class CellTable(QAbstractTableModel, Generic[T]):
    """Rows of cells under heads; a screen reader gets the words of each cell with its head.

    A row's cells are made when they are first looked at: of a thousand rows, those on the screen.
    """

    def __init__(self, heads: tuple[str, ...], numbers: frozenset[int], parent: QObject) -> None:
        super().__init__(parent)
        self.heads, self.numbers = heads, numbers
        self.things: tuple[T, ...] = ()
        self._make: Callable[[T], tuple[Cell, ...]] = lambda _thing: ()
        self._cells: dict[int, tuple[Cell, ...]] = {}

    def put(self, things: tuple[T, ...], make: Callable[[T], tuple[Cell, ...]]) -> None:
        """Show a row for each thing; as many rows as before change in place."""
        same = len(things) == len(self.things)
        if not same:
            self.beginResetModel()
        self.things, self._make = things, make
        self._cells.clear()
        if not same:
            self.endResetModel()
        elif things:
            self.dataChanged.emit(self.index(0, 0), self.index(len(things) - 1, len(self.heads) - 1))

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in one place."""
        if row not in self._cells:
            self._cells[row] = self._make(self.things[row])
        return self._cells[row][column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.things)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.cell(index.row(), index.column())
        if role == CellRole:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.heads[index.column()]}: {cell.words}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.heads):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section in self.numbers:
                return NUMBER
        return None


class ModelsTable(CellTable[AgreementRow]):
    """How often readers agreed with each version of each model."""

    def __init__(self, parent: QObject) -> None:
        heads = (
            translate("Agreement", "Model"),
            translate("Agreement", "Opinions"),
            translate("Agreement", "Agree"),
            translate("Agreement", "Disagree"),
            translate("Agreement", "Unsure"),
            translate("Agreement", "Other label"),
            translate("Agreement", "Agreement"),
            translate("Agreement", "Before AI"),
            translate("Agreement", "Agreement before AI"),
        )
        super().__init__(heads, frozenset({1, 2, 3, 4, 5, 7}), parent)

    def show_rows(self, rows: tuple[AgreementRow, ...], title: Callable[[str], str]) -> None:
        """Show the sums; `title` gives the name of a model for the reader."""
        self.put(rows, lambda row: _model_cells(row, title(row.model)))


def _model_cells(row: AgreementRow, title: str) -> tuple[Cell, ...]:
    counts = (row.opinions, row.agree, row.disagree, row.unsure, row.relabel)
    name = Cell((title, translate("Agreement", "version {0}").format(row.version)), strong=True)
    return (
        name,
        *(Cell((count_words(count),), right=True) for count in counts),
        _share_cell(overall(row)),
        Cell((count_words(row.before_ai),), right=True),
        _share_cell(before_ai(row)),
    )


def count_words(count: int) -> str:
    """Return a count with thin groups of three ("1 030")."""
    return f"{count:,}".replace(",", " ")


def _share_cell(share: Share) -> Cell:
    if not share.of:
        return Cell((translate("Agreement", "none yet"),))
    low, high = share.interval
    between = translate("Agreement", "{0} to {1}").format(f"{low:.2f}", f"{high:.2f}")
    return Cell((f"{share.value:.2f}", between), share=share, strong=True)


class OpinionsTable(CellTable[Line]):
    """The opinions that the filters leave, newest first."""

    def __init__(self, parent: QObject) -> None:
        heads = (
            translate("Agreement", "Study"),
            translate("Agreement", "Opinion"),
            translate("Agreement", "Reader"),
            translate("Agreement", "AI score, unverified"),
            translate("Agreement", "Note"),
        )
        super().__init__(heads, frozenset(), parent)

    def show_found(self, found: Found, title: Callable[[str], str], hidden: bool) -> None:
        """Show these opinions; `hidden`: patients' names stay hidden."""
        self.put(found.lines, lambda line: _line_cells(line, title(line.opinion.model), hidden, found.reader))


def _line_cells(line: Line, title: str, hidden: bool, me: str) -> tuple[Cell, ...]:
    opinion = line.opinion
    study, finding = translate("Agreement", "on this study"), translate("Agreement", "on one finding")
    about = study if opinion.finding_id is None else finding
    if opinion.order == "before_ai":
        about += ", " + translate("Agreement", "before AI")
    reader = translate("Agreement", "You") if opinion.reader == me else reader_name(opinion)
    return (
        Cell(study_words(line.study, hidden), strong=True),
        Cell((verdict_word(opinion), about), icon=ICONS[opinion.verdict], strong=True),
        Cell((reader, moment(opinion.at))),
        _score_cell(line, title),
        Cell((words.plain(opinion.note),)),
    )


def study_words(study: StudyRow | None, hidden: bool) -> tuple[str, str]:
    """Return who a study is about, and what it is, in two lines."""
    if study is None:
        return translate("Agreement", "This study is not in the library any more."), ""
    name, facts = words.patient(study, hidden)
    if study.film:
        return name, facts
    number = "" if hidden else words.plain(study.patient_id)
    second = (number, words.study_when(study), words.study(study)[0])
    return name, "   ".join(part for part in second if part)


def _score_cell(line: Line, title: str) -> Cell:
    opinion = line.opinion
    model = f"{title} {opinion.version}".strip()
    if line.covered:
        return Cell((translate("Agreement", "Hidden until you have given your opinion"), model))
    if opinion.score is None:
        return Cell((translate("Agreement", "No AI score"), model))
    number = figure(opinion.score, opinion.point)
    if opinion.point is not None:
        number += "   " + translate("Agreement", "point {0}").format(figure(opinion.point, opinion.score))
    return Cell((number, model), score=opinion.score, point=opinion.point, strong=True)
