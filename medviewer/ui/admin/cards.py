"""Parts that the sections share: a card, facts in two columns, a chip with icon and word, a table of cells."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from medviewer.ui.agreement.rows_view import RowsView
from medviewer.ui.agreement.tables import Cell, CellTable
from medviewer.ui.arrange import at_once, column, in_row, surface
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

__all__ = ["Card", "Cell", "CellList", "Chip", "Facts", "scrolling"]

T = TypeVar("T")
#: Tone of a chip -> colour of its text, its background.
TONES = {
    "plain": ("text2", "bg2"),
    "accent": ("accent", "accent_bg"),
    "warn": ("warn", "warn_bg"),
    "danger": ("danger", "danger_bg"),
    "ai": ("ai", "ai_bg"),
}


class Card(QFrame):
    """A card: a title with what stands at its right, and a column under it."""

    def __init__(self, title: str, *right: QWidget, section: bool = False) -> None:
        """`section`: the title is a short label in capitals, as of a list; otherwise the title of a card."""
        super().__init__()
        surface(self, "card")
        self.column = column(self, (16, 12, 16, 12), 8)
        self.title = Label(title, 12, "text2", 600) if section else Label(title, 14, "text1", 600, elide=True)
        self.head = in_row(self.title, None, *right, spacing=12)
        self.column.addWidget(self.head)
        self.setAccessibleName(title)

    def say(self, title: str) -> None:
        """Give it another title."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def add_reading(self, area: QScrollArea) -> None:
        """Let an area take the room that is left; its texts begin where the title does."""
        self.column.setContentsMargins(14, 12, 14, 12)
        layout = self.head.layout()
        if layout is not None:
            layout.setContentsMargins(2, 0, 2, 0)
        self.column.addWidget(area, 1)


class Facts(QWidget):
    """Rows of a word and its value; a row without a value is gone."""

    def __init__(self, label_width: int = 120) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[Label, Label]] = []

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these rows."""
        facts = [(word, value) for word, value in facts if value]
        self.make_rows(len(facts))
        with at_once(self._grid):
            for at, (word, value) in enumerate(self._labels):
                there = at < len(facts)
                if there:
                    word.setText(facts[at][0])
                    value.setText(facts[at][1])
                word.setVisible(there)
                value.setVisible(there)

    def make_rows(self, count: int) -> None:
        """Have at least so many rows ready; a new one stays hidden until a fact stands in it."""
        while len(self._labels) < count:
            pair = Label("", 13, "text2"), Label("", 13, "text1", wrap=True)
            for at, label in enumerate(pair):
                label.hide()
                self._grid.addWidget(label, len(self._labels), at, Qt.AlignmentFlag.AlignTop)
                label.ensurePolished()
            self._labels.append(pair)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return [(word.text(), value.text()) for word, value in self._labels if not word.isHidden()]


class Chip(QWidget):
    """A word with an icon on a tint; never a colour alone."""

    def __init__(self, text: str = "", tone: str = "plain", icon: str = "") -> None:
        super().__init__()
        self._text, self._tone, self._icon = text, tone, icon
        self.setFixedHeight(24)
        self.say(text, tone, icon)

    @property
    def text(self) -> str:
        return self._text

    def say(self, text: str, tone: str = "plain", icon: str = "") -> None:
        """Show another word."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(int(brush.text_width(self._text, 12, 500)) + (36 if self._icon else 20), 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, back = TONES[self._tone]
        box = QRectF(self.rect())
        brush.round_box(painter, box, 5, back)
        if self._icon:
            brush.icon(painter, 8, box.center().y(), self._icon, 14, colour)
        left = 27 if self._icon else 10
        brush.text(painter, QRectF(left, 0, box.width() - left - 4, box.height()), self._text, 12, colour, 500)


class CellList(RowsView, Generic[T]):
    """A table of things, one row each. `chosen` carries the thing that the arrows or a click came to.

    `taken` (of RowsView) carries the row that was clicked or on which Enter was pressed.
    """

    chosen = Signal(object)
    _telling = False  # Qt speaks of rows while the table is being made

    def __init__(self, name: str, heads: Sequence[str], numbers: frozenset[int] = frozenset()) -> None:
        """`heads` are the columns' titles, `numbers` the columns whose titles stand at the right."""
        self.table: CellTable[T] = CellTable(tuple(heads), numbers, None)  # type: ignore[arg-type]
        super().__init__(self.table, name)
        self.table.setParent(self)
        self._telling = True

    def show_things(
        self, things: Sequence[T], cells: Callable[[T], tuple[Cell, ...]], current: Callable[[T], bool] | None = None
    ) -> None:
        """Show these things; the one for which `current` holds is the chosen row (nobody is told)."""
        self._telling = False
        self.table.put(tuple(things), cells)
        at = next((i for i, thing in enumerate(things) if current and current(thing)), -1)
        if at >= 0:
            if at != self.currentIndex().row():
                self.selectRow(at)
        else:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        self._telling = True

    @property
    def thing(self) -> T | None:
        """The thing of the chosen row."""
        at = self.currentIndex().row()
        return self.table.things[at] if 0 <= at < len(self.table.things) else None

    def currentChanged(self, current: Any, previous: Any) -> None:
        super().currentChanged(current, previous)
        if self._telling and current.isValid() and current.row() != previous.row():
            self.chosen.emit(self.table.things[current.row()])


def scrolling(body: QWidget, name: str, back: str = "bg0", reading: bool = True) -> QScrollArea:
    """Return an area in which a body scrolls upright when there is no room; `back` is its surface.

    `reading`: the body has nothing that takes the keyboard, so that the area does while there is something to scroll.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    surface(body, back)
    surface(area.viewport(), back)
    area.setWidget(body)
    if reading:
        area.setProperty("kind", "reading")
        no, tab = Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.TabFocus
        area.verticalScrollBar().rangeChanged.connect(lambda _low, high: area.setFocusPolicy(tab if high else no))
    return area
