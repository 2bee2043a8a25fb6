"""The cases on which the two versions fall on different sides of their points, and the maps of the chosen one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Comparison, Flip
from medviewer.ui.admin.cards import Card, Cell, CellList
from medviewer.ui.admin.compare_maps import Ask, MapPair
from medviewer.ui.admin.pieces import figure
from medviewer.ui.agreement.painter import ROW
from medviewer.ui.arrange import row
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

#: Rows of the table before it scrolls.
SHOWN = 6


class FlipsCard(Card):
    """The table of these cases and the maps of the chosen one; `opened` carries the study of one that is here."""

    opened = Signal(int)

    def __init__(self, bridge: "MainThread", colours: Callable[[], tuple[str, float]]) -> None:
        self.count = Label("", 12, "text2")
        super().__init__(translate("Compare", "Cases that change sides"), self.count)
        self._ask: Ask | None = None
        self._comparison: Comparison | None = None
        heads = (
            translate("Compare", "Case"),
            translate("Compare", "In use"),
            translate("Compare", "Candidate"),
        )
        self.view: CellList[Flip] = CellList(translate("Compare", "Cases that change sides"), heads)
        self.view.chosen.connect(self._look)
        self.none = Label(
            translate("Compare", "Both versions put every case on the same side of their points."),
            13,
            "text2",
            wrap=True,
        )
        self.maps = MapPair(bridge, colours)
        self.maps.opened.connect(self.opened)
        self.body = QWidget()
        layout = row(self.body, spacing=16)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.maps, 1)
        self.column.addWidget(self.none)
        self.column.addWidget(self.body, 1)

    def show_comparison(self, comparison: Comparison, ask: Ask) -> None:
        """Show its cases; `ask(comparison, file)` gives the future of both maps."""
        if comparison == self._comparison:
            return
        self._comparison, self._ask = comparison, ask
        flips = comparison.flips
        one, many = translate("Compare", "1 case"), translate("Compare", "{0} cases")
        self.count.setText(one if len(flips) == 1 else many.format(len(flips)))
        self.none.setVisible(not flips)
        self.body.setVisible(bool(flips))
        points = comparison.points.get(comparison.champion), comparison.points.get(comparison.challenger)
        numbers = {flip.file: number for number, flip in enumerate(flips, 1)}
        self.view.show_things(flips, lambda flip: cells(flip, *points, numbers[flip.file]))
        self.view.setMinimumHeight(self.view.height_for(min(max(len(flips), 4), SHOWN)))
        self.maps.clear()

    def _look(self, flip: Flip) -> None:
        if self._comparison is not None and self._ask is not None:
            self.maps.show_case(self._comparison, flip, self._ask)

    def fit(self, width: int, compact: bool) -> None:
        """Give the columns the room that there is."""
        self.view.set_widths((0, 184, 184))
        self.body.setMinimumHeight(ROW * 8)


def cells(flip: Flip, champion: float | None, challenger: float | None, number: int) -> tuple[Cell, ...]:
    """Return the cells of a case; it has a number here, never a name."""
    with_it, without = translate("Compare", "Case {0}, with the finding"), translate("Compare", "Case {0}, without it")
    label = (with_it if flip.positive else without).format(number)
    right = flip.challenger >= (challenger if challenger is not None else 0.5)
    better = right == flip.positive
    words = translate("Compare", "now on the right side") if better else translate("Compare", "now on the wrong side")

    def score(value: float, point: float | None) -> Cell:
        return Cell((figure(value, 2),), score=value, point=point, strong=True)

    return (
        Cell((label, words), icon="check" if better else "warning", strong=True),
        score(flip.champion, champion),
        score(flip.challenger, challenger),
    )
