"""Watch: for each model how far readers agree, how its scores drift, and how much is not evaluated, over 12 weeks."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Version, Watched
from medviewer.core.errors import sentence_for
from medviewer.ui.admin.cards import Card, scrolling
from medviewer.ui.admin.section import Section
from medviewer.ui.admin.watch_series import SeriesRow, title_of
from medviewer.ui.arrange import column, in_row, line
from medviewer.ui.controls import Button
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

WEEKS = 12
#: Rows of a card, in this order.
MEASURES = ("agreement", "drift", "not_evaluated")


@dataclass(frozen=True)
class Asked:
    """A model in use, and the future of what is watched of it."""

    model: Version
    future: "Future[tuple[Watched, ...]]"


class ModelCard(Card):
    """The three series of one model, and one sentence on what to look at."""

    def __init__(self) -> None:
        self.version = Label("", 12, "text3")
        super().__init__("", self.version)
        self.rows = {name: SeriesRow() for name in MEASURES}
        for at, each in enumerate(self.rows.values()):
            if at:
                self.column.addWidget(line())
            self.column.addWidget(each)
        self.icon, self.look_at = Icon("warning", 16, "warn"), Label("", 13, "text1", wrap=True)
        self.sentence = in_row(self.icon, spacing=8, grow=self.look_at)
        self.failed = Label("", 13, "text1", wrap=True)
        self.column.addWidget(line())
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.failed)
        self.failed.hide()

    def show_model(self, model: Version) -> None:
        """Say whose card it is."""
        self.say(say(model.title) or model.model)
        self.version.setText(translate("Watch", "model in use, {0}").format(model.version))

    def show_watched(self, found: tuple[Watched, ...]) -> None:
        """Show what is known; one sentence says what to look at first."""
        by = {series.measure: series for series in found}
        for name, each in self.rows.items():
            each.setVisible(name in by)
            if name in by:
                each.show_series(by[name])
        self.failed.hide()
        outside = [series for series in found if series.word == "outside"]
        few = [series for series in found if series.word == "too few"]
        if outside:
            words, look = " ".join(say(series.text) for series in outside), ("warning", "warn")
        elif len(few) == len(found):
            words = translate(
                "Watch", "Too few cases to tell anything yet. Opinions and analyses fill this by themselves."
            )
            look = "info", "text2"
        elif few:
            names = ", ".join(title_of(series.measure) for series in few)
            words, look = (
                translate("Watch", "Nothing stands out. Too few cases yet for: {0}.").format(names),
                ("check", "accent"),
            )
        else:
            words, look = (
                translate("Watch", "Nothing stands out in the last {0} weeks.").format(WEEKS),
                ("check", "accent"),
            )
        self.icon.show_icon(*look)
        self.look_at.setText(words)
        self.sentence.show()

    def show_failed(self, words: str) -> None:
        """Say why nothing is known."""
        for each in self.rows.values():
            each.hide()
        self.sentence.hide()
        self.failed.setText(words)
        self.failed.show()


class WatchSection(Section):
    """One card for each model that is in use."""

    name = "watch"

    def heading(self) -> tuple[str, str]:
        about = translate("Watch", "The last {0} weeks, from what the library holds").format(WEEKS)
        return translate("Watch", "Watch"), about

    def parts(self) -> Iterator[tuple[QWidget, int]]:
        self.cards: dict[str, ModelCard] = {}
        self._hearing = False
        self.again = Button(translate("Watch", "Look again"), "", "arrow-clockwise")
        self.again.clicked.connect(lambda _=False: self.refresh())
        self.head.add(self.again)
        body = QWidget()
        self._body = column(body, (0, 0, 8, 0), 16)
        self._body.addStretch(1)
        yield scrolling(body, translate("Watch", "Watch")), 1

    def refresh(self) -> None:
        """Ask for all models; each card is filled when its answer is there."""
        self.look(self._ask, self._arrived, name="watch", slow=translate("Watch", "Looking at the last weeks"))

    def _ask(self) -> tuple[Asked, ...]:
        admin = self.admin
        found = []
        for model in admin.versions.models():
            used = admin.versions.in_use(model)
            if used is not None:
                found.append(Asked(used, admin.watch.look(model, WEEKS)))
        return tuple(found)

    def _arrived(self, asked: tuple[Asked, ...]) -> None:
        if not self._hearing:
            self._hearing = True
            self.hear(self.admin.versions.changed)
        if not asked:
            self.show_instead(translate("Watch", "No model is in use, so there is nothing to watch."))
            return
        names = {each.model.model for each in asked}
        for name in [name for name in self.cards if name not in names]:
            self.cards.pop(name).deleteLater()
        for each in asked:
            card = self.cards.get(each.model.model)
            if card is None:
                card = self.cards[each.model.model] = ModelCard()
                self._body.insertWidget(self._body.count() - 1, card)
            card.show_model(each.model)
            self._wait_for(card, each)
        self.show_content()

    def _wait_for(self, card: ModelCard, asked: Asked) -> None:
        def failed(error: BaseException) -> None:
            card.show_failed(say(sentence_for(error)))

        self.wait(asked.future, card.show_watched, failed, name=f"watch {asked.model.model}")


SECTION = WatchSection
