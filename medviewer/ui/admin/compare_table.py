"""The table of a comparison: each measure of both models with its interval, drawn on a fixed axis, and the difference.

Shares (AUC, sensitivity, …) lie on one axis up to 1, so that rows can be held against each other; errors (calibration,
Brier) on one from 0. The worst subgroup is always listed; the others fold.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from medviewer.app.admin.records import CompareRow, Comparison, Figure
from medviewer.ui import theme
from medviewer.ui.admin.cards import Card, Cell, CellList
from medviewer.ui.admin.pieces import between, count, figure
from medviewer.ui.agreement.painter import PAD, CellPainter
from medviewer.ui.agreement.tables import CellRole, Index
from medviewer.ui.controls import Button
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

#: Measures for which less is better: they have an axis of their own.
ERRORS = frozenset({"ece", "brier"})
_FLOORS, _TOPS = (0.9, 0.8, 0.5, 0.0), (0.05, 0.1, 0.25, 0.5, 1.0)
#: Word -> colour; the word itself always stands there.
_TONES = {"better": "accent", "worse": "warn"}
AXIS = 3  # the column of the drawing


def measure_word(measure: str) -> str:
    """Return what a measure is called."""
    return {
        "auc": translate("Compare", "AUC"),
        "sensitivity": translate("Compare", "Sensitivity at the point"),
        "specificity": translate("Compare", "Specificity at the point"),
        "accuracy": translate("Compare", "Accuracy at the point"),
        "ece": translate("Compare", "Calibration error"),
        "brier": translate("Compare", "Brier score"),
    }.get(measure, measure)


def verdict_word(word: str) -> str:
    """Return the plain words of a difference."""
    return {
        "better": translate("Compare", "better"),
        "worse": translate("Compare", "worse"),
        "no difference": translate("Compare", "no difference"),
        "not clear": translate("Compare", "not clear"),
    }.get(word, word)


def worst_group(rows: Sequence[CompareRow]) -> CompareRow | None:
    """Return the subgroup in which the candidate's AUC is lowest."""
    groups = [row for row in rows if row.group and row.measure == "auc" and math.isfinite(row.challenger.value)]
    return min(groups, key=lambda row: row.challenger.value, default=None)


def shown_rows(rows: Sequence[CompareRow], every_group: bool) -> tuple[CompareRow, ...]:
    """Return the rows of the table: all cases, the worst subgroup, then perhaps the others."""
    whole = [row for row in rows if not row.group]
    worst = worst_group(rows)
    others = [row for row in rows if row.group and row is not worst]
    return (*whole, *([worst] if worst else []), *(others if every_group else []))


@dataclass(frozen=True)
class Axes:
    """The fixed ends of the two axes of a comparison, chosen from all its rows at once."""

    share: tuple[float, float]
    error: tuple[float, float]

    def of(self, row: CompareRow) -> tuple[float, float]:
        return self.error if row.measure in ERRORS else self.share


def axes(rows: Sequence[CompareRow]) -> Axes:
    """Return the axes: shares from a round number under every interval to 1, errors from 0 to one above all."""
    lows = [f.low for row in rows if row.measure not in ERRORS for f in (row.champion, row.challenger)]
    highs = [f.high for row in rows if row.measure in ERRORS for f in (row.champion, row.challenger)]
    least = min((v for v in lows if math.isfinite(v)), default=0.0)
    most = max((v for v in highs if math.isfinite(v)), default=0.0)
    floor = next((f for f in _FLOORS if f <= least), 0.0)
    return Axes((floor, 1.0), (0.0, next((t for t in _TOPS if t >= most), 1.0)))


@dataclass(frozen=True)
class Pair(Cell):
    """A cell that draws two figures on an axis."""

    champion: Figure | None = None
    challenger: Figure | None = None
    axis: tuple[float, float] = (0.0, 1.0)
    ends: bool = False  # the ends of the axis stand in the cell


@dataclass(frozen=True)
class Word(Cell):
    """A cell whose word has a colour; `ComparePainter` draws it."""

    said: str = ""
    colour: str = "text2"

    @property
    def words(self) -> str:
        return self.said


class ComparePainter(CellPainter):
    """Draws pairs of figures as dots on their intervals: in use above (open), the candidate below (filled)."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        cell = index.data(CellRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(PAD, 0, -PAD, 0)
        if isinstance(cell, Pair):
            _pair(painter, box, cell)
        elif isinstance(cell, Word):
            brush.text(painter, box, cell.said, 13, cell.colour, 500)
        painter.restore()


def _pair(painter: QPainter, box: QRectF, cell: Pair) -> None:
    low, high = cell.axis
    left, wide, middle = box.left() + 8, box.width() - 16, box.center().y()
    painter.setPen(QPen(theme.colour("line"), 1))
    for end in (left, left + wide):
        painter.drawLine(QPointF(end, middle - 14), QPointF(end, middle + 14))

    def x(value: float) -> float:
        return left + wide * (min(max(value, low), high) - low) / (high - low)

    for shown, y, colour, filled in (
        (cell.champion, middle - 7, "text2", False),
        (cell.challenger, middle + 7, "accent", True),
    ):
        if shown is None or not math.isfinite(shown.value):
            continue
        painter.setPen(QPen(theme.colour(colour), 2))
        if math.isfinite(shown.low) and math.isfinite(shown.high):
            painter.drawLine(QPointF(x(shown.low), y), QPointF(x(shown.high), y))
        painter.setBrush(theme.colour(colour if filled else "bg1"))
        painter.drawEllipse(QPointF(x(shown.value), y), 4.5, 4.5)
    if cell.ends:
        for value, align in ((low, brush.LEFT), (high, brush.RIGHT)):
            brush.text(painter, QRectF(left, box.bottom() - 16, wide, 14), f"{value:g}", 11, "text3", align=align)


class CompareCard(Card):
    """The table of one comparison."""

    def __init__(self) -> None:
        self.groups = Button("", "link")
        self.groups.clicked.connect(lambda _=False: self._flip())
        super().__init__(translate("Compare", "Both models on the same cases"), self.groups)
        heads = (
            translate("Compare", "Measure"),
            translate("Compare", "In use"),
            translate("Compare", "Candidate"),
            "",
            translate("Compare", "Difference"),
            translate("Compare", "In words"),
        )
        self.view: CellList[CompareRow] = CellList(
            translate("Compare", "Comparison of both models"), heads, frozenset({1, 2, 4})
        )
        self._brush = ComparePainter(self.view)
        self.view.setItemDelegate(self._brush)
        self.foot = Label("", 12, "text2", wrap=True)
        self.column.addWidget(self.view)
        self.column.addWidget(self.foot)
        self.column.addStretch(1)
        self._every = False
        self._rows: tuple[CompareRow, ...] = ()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison."""
        self._rows = comparison.rows
        heads = list(self.view.table.heads)
        heads[1] = translate("Compare", "In use, {0}").format(comparison.champion)
        heads[2] = translate("Compare", "Candidate, {0}").format(comparison.challenger)
        low, high = axes(comparison.rows).share
        heads[AXIS] = translate("Compare", "From {0} to {1}").format(f"{low:g}", f"{high:g}")
        self.view.table.heads = tuple(heads)
        self.view.table.headerDataChanged.emit(self.view.horizontalHeader().orientation(), 0, len(heads) - 1)
        words = translate(
            "Compare",
            "Bars are 95 % intervals; open dots: in use, filled dots: candidate. Differences are of the same cases.",
        )
        self.foot.setText(words)
        self._show_rows()

    def _flip(self) -> None:
        self._every = not self._every
        self._show_rows()

    def _show_rows(self) -> None:
        rows = shown_rows(self._rows, self._every)
        both = axes(self._rows)
        worst = worst_group(self._rows)
        self.view.show_things(rows, lambda row: cells(row, both, row is worst))
        self.view.setFixedHeight(self.view.height_for(len(rows)))
        folded = len(shown_rows(self._rows, True)) - len(shown_rows(self._rows, False))
        self.groups.setVisible(folded > 0)
        more = translate("Compare", "Show {0} more rows of subgroups").format(folded)
        self.groups.setText(translate("Compare", "Show the worst subgroup only") if self._every else more)

    def fit(self, width: int, compact: bool) -> None:
        """Give the columns the room that there is."""
        self.view.set_widths((0, 124, 172, 176, 132, 120) if compact else (0, 152, 184, 300, 152, 140))


def cells(row: CompareRow, both: Axes, worst: bool) -> tuple[Cell, ...]:
    """Return the cells of one row."""
    name = measure_word(row.measure)
    if row.group:
        worst_of, of = translate("Compare", "Worst subgroup by {0}, {1}"), translate("Compare", "{0}, {1}")
        name = (worst_of if worst else of).format(name, say(row.group))
    cases = translate("Compare", "{0} cases, {1} with the finding").format(count(row.n), count(row.positives))
    digits = 3

    def value(shown: Figure, sign: bool = False) -> Cell:
        return Cell(
            (figure(shown.value, digits, sign), between(shown.low, shown.high, digits)), right=True, strong=True
        )

    axis = both.of(row)
    return (
        Cell((name, cases if row.n else ""), strong=True),
        value(row.champion),
        value(row.challenger),
        Pair(("",), champion=row.champion, challenger=row.challenger, axis=axis, ends=row.measure in ERRORS),
        value(row.difference, sign=True),
        Word(("",), said=verdict_word(row.word), colour=_TONES.get(row.word, "text2")),
    )
