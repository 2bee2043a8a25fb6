"""The panel about the chosen study: who, pictures, why it stands there, what AI and readers said, and what to do."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from medviewer.app.ranking import ai_words, why
from medviewer.app.session import Session
from medviewer.app.worklist import StudyRow
from medviewer.ui.arrange import column, fill, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import words
from medviewer.ui.worklist.detail_foot import Foot
from medviewer.ui.worklist.detail_parts import (
    Along,
    Earlier,
    Findings,
    Opinions,
    Section,
    Who,
    reading_that_counts,
)
from medviewer.ui.worklist.pictures import Pictures
from medviewer.ui.worklist.reasons import Reasons

WIDTH = 372
PAD = 20


class DetailPanel(QWidget):
    """372 px at the right; an overlay in a small window. Empty until `build` has ended (`ready`)."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander, self._list = session, commander, session.worklist
        self.ready = False
        surface(self, "right")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(translate("Worklist", "The chosen study"))
        self._pages = QStackedWidget()
        self.none = Label(translate("Worklist", "Choose a study to see it here."), 13, "text2", wrap=True)
        empty = QWidget()
        fill(column(empty, (PAD, 20, PAD, 20)), self.none, None)
        self._pages.addWidget(empty)
        column(self, (1, 0, 0, 0)).addWidget(self._pages)  # the edge of the panel stays in sight

    def build(self, done: Callable[[], object]) -> None:
        """Make one part in each turn of the event loop; `done` follows."""
        parts = self._parts()

        def next_part() -> None:
            if next(parts, None) is not None:
                next_turn(self, next_part)
                return
            self.ready = True
            self.refresh()
            self.refresh_foot()
            done()

        next_part()

    def _parts(self) -> Iterator[QWidget]:
        page = QWidget()
        self.scroller = QScrollArea()
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        surface(body, "bg1")
        surface(self.scroller.viewport(), "bg1")
        layout = column(body, (PAD, 16, PAD, 8))
        self.scroller.setWidget(body)
        outer = column(page)
        outer.addWidget(self.scroller, 1)
        self.who, self.pictures = Who(), Pictures()
        fill(layout, self.who, 14, self.pictures, 14)
        yield self.who
        self.reasons = Reasons()
        self.why = Section(translate("Worklist", "WHY IT IS PLACED THERE"), self.reasons)
        layout.addWidget(self.why)
        yield self.why
        self.along, self.findings = Along(), Findings()
        fill(layout, self.along, self.findings)
        yield self.along
        self.opinions = Opinions()
        self.earlier = Earlier(lambda study: self._commander.run("worklist.open", study=study))
        fill(layout, self.opinions, self.earlier, None)
        yield self.opinions
        self.foot = Foot(self._session, self._commander)
        outer.addWidget(self.foot)
        self._pages.addWidget(page)
        yield self.foot

    def _row(self) -> StudyRow | None:
        selected = self._list.selected
        return self._list.known(selected) if selected is not None and self.ready else None

    def refresh_foot(self) -> None:
        """Take what can be done with the chosen study as it is now."""
        if (row := self._row()) is not None:
            self.foot.show_row(row)

    def refresh(self) -> None:
        """Take all else of the chosen study as it is now."""
        if not self.ready:
            return
        row = self._row()
        self._pages.setCurrentIndex(0 if row is None else 1)
        if row is None:
            return
        detail = self._list.detail
        if detail is not None and detail.row.id != row.id:
            detail = None
        self.who.show_row(row, self._session.reader.names_hidden)
        self.pictures.show_pictures(self._session.pictures.get(row.id))
        self._reasons(row)
        reading = reading_that_counts(detail) if detail else None
        self.along.show_reading(reading)
        self.findings.show_reading(reading)
        self.opinions.show_opinions(detail.opinions if detail else (), self._session.opinions.reader)
        self.earlier.show_studies(detail.earlier if detail else ())

    def _reasons(self, row: StudyRow) -> None:
        """Say why it stands where it does, also when it is not in sight of the list."""
        place = self._list.place_of(row.id)
        placed = self._list.placed(place) if place >= 0 else None
        self.why.setVisible(placed is not None)
        if placed is not None:
            now = datetime.now(UTC)
            reasons = why(row, placed.group, now, self._list.limits)
            said = [words.plain(say(reason), 600) for reason in reasons]
            of_ai = words.plain(say(ai_words(row.ai)), 600) if row.ai.score is not None else ""
            self.reasons.show_reasons(said, of_ai)
