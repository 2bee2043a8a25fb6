"""A new comparison: which candidate, on which data set. Where there is only one, it is chosen already."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Version
from medviewer.core.datasets import DataSet
from medviewer.core.errors import sentence_for
from medviewer.ui.admin.pieces import aside, count, model_title
from medviewer.ui.admin.plan_form import combo
from medviewer.ui.admin.training_setup import dataset_name
from medviewer.ui.arrange import fill
from medviewer.ui.controls import Button
from medviewer.ui.dialogs_library import FittedDialog
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

WIDTH = 560


@dataclass(frozen=True)
class Choice:
    """What can be compared: (what `Comparisons.run` takes, its words), and the data sets with a locked part."""

    challengers: tuple[tuple[str, str], ...]
    sets: tuple[tuple[DataSet, int], ...]
    wished: str = ""  # the data set that the chosen candidate was made with


class NewComparisonDialog(FittedDialog):
    """Asks for candidate and data set; "Compare" runs `compare.run`."""

    def __init__(
        self, parent: QWidget | None, commander: Commander, bridge: "MainThread", challenger: str = ""
    ) -> None:
        super().__init__(parent, translate("NewComparison", "New comparison"), WIDTH)
        self._commander, self._challenger = commander, challenger
        self._admin = commander.session.admin
        self._sets: tuple[tuple[DataSet, int], ...] = ()
        self._closed = False
        self.finished.connect(lambda _result: self._end())
        words = translate(
            "NewComparison",
            "The candidate and the version in use answer the same locked cases, which neither of them was made with.",
        )
        self.challenger = combo(translate("NewComparison", "Candidate"), 24)
        self.dataset = combo(translate("NewComparison", "Data set"), 24)
        self.dataset.currentIndexChanged.connect(self._say_looks)
        self.looks = Label("", 12, "text2", wrap=True)
        titles = (translate("NewComparison", "Candidate"), translate("NewComparison", "Locked part of"))
        fill(
            self.content,
            Label(words, 13, "text2", wrap=True),
            Label(titles[0], 13, "text2"),
            self.challenger,
            Label(titles[1], 13, "text2"),
            self.dataset,
            self.looks,
        )
        self.compare = Button(translate("NewComparison", "Compare"), "primary", "scales", "on_accent")
        self.compare.clicked.connect(lambda _=False: self._go())
        self.compare.setEnabled(False)
        self.foot(Button(translate("NewComparison", "Cancel")), self.compare)
        aside(bridge, self._look, self._offered)

    def _look(self) -> Choice:
        """Look at candidates and data sets (on the thread for it)."""
        admin = self._admin
        versions = [v for v in admin.versions.all() if v.state != "in use"]
        versions.sort(key=lambda version: version.state != "candidate")
        runs = {run.id: run for run in admin.runs.all()}
        found = tuple(
            (v.run if v.state == "candidate" else f"{v.model} {v.version}", _words(v, runs)) for v in versions
        )
        sets = tuple(
            (each, each.looks()) for each in admin.datasets.all(wait=True) if each.facts.frozen and each.part("report")
        )
        wished = self._challenger or (found[0][0] if found else "")
        return Choice(found, sets, runs[wished].plan.dataset if wished in runs else "")

    def _offered(self, future: "Future[Choice]") -> None:
        if self._closed:
            return
        error = future.exception()
        if error is not None:
            self._block(say(sentence_for(error)))
            return
        choice = future.result()
        self._sets = choice.sets
        for id_, words in choice.challengers:
            self.challenger.addItem(words, id_)
        for each, _looks in choice.sets:
            self.dataset.addItem(dataset_name(each), each.id)
        self.challenger.setCurrentIndex(max(self.challenger.findData(self._challenger), 0))
        self.dataset.setCurrentIndex(max(self.dataset.findData(choice.wished), 0))
        if not choice.challengers:
            self._block(translate("NewComparison", "There is no candidate. Fine-tune a model first."))
        elif not choice.sets:
            self._block(translate("NewComparison", "There is no frozen data set with a locked part."))
        else:
            self.compare.setEnabled(True)
            self.compare.setFocus()

    def _block(self, why: str) -> None:
        self.looks.setText(why)
        self.looks.set_colour("warn")
        self.compare.setEnabled(False)
        self.compare.setToolTip(why)

    def _say_looks(self, at: int) -> None:
        if 0 <= at < len(self._sets):
            each, looks = self._sets[at]
            cases = translate("NewComparison", "{0} locked cases.").format(count(len(each.part("report"))))
            self.looks.setText(f"{cases} {looks_words(looks)}")

    def _go(self) -> None:
        challenger, dataset = self.challenger.currentData(), self.dataset.currentData()
        if challenger and dataset:
            self.accept()
            self._commander.run("compare.run", challenger=str(challenger), dataset=str(dataset))
            self._commander.run("admin.section", section="compare")

    def _end(self) -> None:
        self._closed = True


def looks_words(looks: int) -> str:
    """Return how often a locked part was looked at, and what that means."""
    if looks == 0:
        return translate("NewComparison", "Nobody has looked at this locked part yet.")
    once = translate("NewComparison", "This locked part was looked at once.")
    often = translate("NewComparison", "This locked part was looked at {0} times.").format(looks)
    each = translate("NewComparison", "Each look makes its figures a little too good.")
    return f"{once if looks == 1 else often} {each}"


def _words(version: Version, runs: object) -> str:
    title = model_title(version.title, version.version)
    run = runs.get(version.run) if isinstance(runs, dict) else None
    if run is not None:
        return translate("NewComparison", "{0}, run {1}").format(title, run.number)
    return title
