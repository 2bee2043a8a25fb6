"""The sections of the panel about the chosen study, each with its head; one that has nothing to say is gone."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from medviewer.app.worklist import AiState, AiSummary, Detail, OpinionRecord, ReadingRecord, StudyRow
from medviewer.ui import texts
from medviewer.ui.arrange import column, fill, in_row, line
from medviewer.ui.opinion_words import ICONS, who_said
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist import words
from medviewer.ui.worklist.curve import SmallCurve
from medviewer.ui.worklist.line import Item, ItemButton, Items, Line, head

#: Items of one section that are listed; the rest is counted.
MOST = 5


class Section(QWidget):
    """A line, a head with perhaps something at its right, and a body."""

    def __init__(self, title: str, *body: QWidget | int, right: QWidget | None = None) -> None:
        super().__init__()
        self.head = head(title)
        self.count = Label("", 12, "text2")
        parts = [self.head, None, self.count, *([right] if right else [])]
        fill(column(self, (0, 0, 0, 14)), line(), 14, in_row(*parts), 8, *body)


def ai_chip() -> QWidget:
    """Return the sign that stands beside everything that a model says."""
    chip = in_row(Icon("sparkle", 14, "ai"), Label(translate("Worklist", "AI, unverified"), 12, "ai", 500), spacing=4)
    chip.setAccessibleName(translate("Worklist", "AI, unverified"))
    return chip


class Who(QWidget):
    """Who and what: name, facts, study, date, and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.facts = Line(18, "text1", 600), Line(13, "text2")
        self.study, self.when = Line(14, "text1", 500), Line(13, "text2")
        self.trouble = Label("", 13, "text1", wrap=True)
        self.warning = in_row(Icon("warning", 16, "warn"), spacing=8, margins=(0, 8, 0, 0), grow=self.trouble)
        fill(column(self), self.name, 2, self.facts, 8, self.study, 2, self.when, self.warning)

    def show_row(self, row: StudyRow, hidden: bool) -> None:
        """Show a study."""
        name, facts = words.patient(row, hidden)
        title, count = words.study(row)
        self.name.setText(name)
        self.facts.setText(facts)
        self.study.setText(title)
        self.when.setText("   ".join(part for part in (words.study_when(row), count) if part))
        self.trouble.setText(words.plain(say(row.trouble)))
        self.warning.setVisible(bool(row.trouble))


class Along(Section):
    """The score along the stack, of the reading that counts for the order."""

    def __init__(self) -> None:
        self.curve = SmallCurve()
        self.said = Label("", 12, "text2", wrap=True)
        title = translate("Worklist", "SCORE ALONG THE STACK")
        super().__init__(title, self.curve, 4, self.said, right=ai_chip())

    def show_reading(self, reading: ReadingRecord | None) -> None:
        """Show a reading of several images; one image has no curve."""
        there = reading is not None and reading.total > 1 and bool(reading.slices)
        self.setVisible(there)
        if reading is not None and there:
            self.curve.show_reading(reading)
            said = translate("Worklist", "{0} of {1} images read by {2}.")
            model = f"{words.plain(reading.model, 60)} {words.plain(reading.version, 20)}"
            self.said.setText(said.format(reading.done, reading.total, model))


class Findings(Section):
    """Where a model points."""

    def __init__(self) -> None:
        self.items, self.more = Items(), Label("", 12, "text2")
        super().__init__(translate("Worklist", "AI FINDINGS"), self.items, self.more, right=ai_chip())

    def show_reading(self, reading: ReadingRecord | None) -> None:
        """List the highest findings."""
        found = reading.findings if reading is not None else ()
        self.setVisible(bool(found))
        image, film = translate("Worklist", "{0}, image {1}"), translate("Worklist", "{0}, whole image")
        items = []
        for each in found[:MOST]:
            text = image if reading is not None and reading.total > 1 else film
            label = words.plain(say(each.label), 80)
            items.append(
                Item(text.format(label, each.index + 1), right=f"{each.score:.2f}", icon="sparkle", colour="ai")
            )
        self.items.show_items(items)
        _count(self.more, len(found))


class Opinions(Section):
    """What readers think, newest first."""

    def __init__(self) -> None:
        self.items, self.more = Items(), Label("", 12, "text2")
        super().__init__(translate("Worklist", "OPINIONS SO FAR"), self.items, self.more)

    def show_opinions(self, opinions: Sequence[OpinionRecord], me: str) -> None:
        """List opinions with their notes."""
        self.setVisible(bool(opinions))
        self.items.show_items(
            [
                Item(words.plain(who_said(o, me)), words.plain(o.note), ICONS[o.verdict], colour="text2")
                for o in opinions[:MOST]
            ]
        )
        _count(self.more, len(opinions))


class Earlier(Section):
    """Other studies of the same patient; each opens with a click."""

    def __init__(self, opened: Callable[[int], object]) -> None:
        self.more = Label("", 12, "text2")
        self.buttons = [ItemButton() for _ in range(MOST)]
        self._ids: list[int] = []
        super().__init__(translate("Worklist", "EARLIER STUDIES"), *self.buttons, self.more)
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, n=number: opened(self._ids[n]))

    def show_studies(self, rows: Sequence[StudyRow]) -> None:
        """List studies, newest first."""
        self.setVisible(bool(rows))
        self._ids = [row.id for row in rows]
        self.count.setText(str(len(rows)))
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(rows))
            if number < len(rows):
                button.show_item(_earlier(rows[number]))
        _count(self.more, len(rows))


def _earlier(row: StudyRow) -> Item:
    title, _ = words.study(row)
    when = "   ".join(part for part in (words.study_when(row)[:40], texts.images(row.images)) if part)
    state = translate("Worklist", "Read") if row.read_at is not None else translate("Worklist", "Unread")
    return Item(title, when, "calendar-blank", right=state if row.listed else "")


def _count(label: Label, number: int) -> None:
    label.setVisible(number > MOST)
    label.setText(translate("Worklist", "and {0} more").format(number - MOST))


def reading_that_counts(detail: Detail) -> ReadingRecord | None:
    """Return the reading that the row's summary is of; None where there is no score."""
    ai: AiSummary = detail.row.ai
    scored = [r for r in detail.readings if r.state is AiState.DONE and r.score is not None]
    same = [r for r in scored if (r.model, r.version, r.score) == (ai.model, ai.version, ai.score)]
    return next(iter(same or scored), None)
