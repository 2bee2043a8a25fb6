"""Fine-tuning: the run that is looked at (state, progress, live curves, set-up), and the list of all runs.

Runs tell of every step; a look at them happens at most four times a second, and only while the section is shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from medviewer.app.admin.records import Gate, Run, RunState, Version
from medviewer.app.gently import gently
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.ui.admin.cards import Chip
from medviewer.ui.admin.pieces import NamedButton
from medviewer.ui.admin.section import CommandButton, Section
from medviewer.ui.admin.training_curves import Curves
from medviewer.ui.admin.training_list import (
    LOOKS,
    RunsCard,
    epoch_words,
    fraction,
    run_name,
    state_sentence,
    state_word,
    time_left,
)
from medviewer.ui.admin.training_setup import SetupCard
from medviewer.ui.arrange import column, fill, in_row, row
from medviewer.ui.controls import Button, Segments
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label, ProgressLine

if TYPE_CHECKING:
    from medviewer.ui.admin.asking import AdminAsks

#: Milliseconds between two looks at runs that change all the time.
CALM_MS = 250
DONE = RunState.DONE
#: States in which a run can be taken off the list.
ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.STOPPED, RunState.INTERRUPTED})


@dataclass(frozen=True)
class Seen:
    """One look: the runs, and what belongs to the run that is shown."""

    runs: tuple[Run, ...]
    run: Run | None = None
    dataset: DataSet | None = None
    titles: tuple[Version, ...] = ()
    compared: str = ""  # id of the newest comparison of the run's candidate


class RunHead(QWidget):
    """Progress under the title: a thin bar, where it stands, the time left, and what a person must know."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = ProgressLine()
        self.at, self.left = Label("", 12, "text2"), Label("", 12, "text2")
        self.sentence_icon, self.sentence = Icon("info", 16, "text2"), Label("", 13, "text1", wrap=True)
        self.note = in_row(self.sentence_icon, spacing=8, grow=self.sentence)
        fill(column(self, spacing=2), self.bar, in_row(self.at, None, self.left), self.note)

    def show_run(self, run: Run) -> None:
        """Show where a run stands."""
        self.bar.show_fraction(fraction(run))
        self.at.setText(epoch_words(run))
        self.left.setText(time_left(run))
        words = state_sentence(run)
        icon, tone = LOOKS[run.state]
        if run.state is RunState.RUNNING:
            icon, tone = "info", "plain"
        self.sentence_icon.show_icon(icon, "text2" if tone == "plain" else tone)
        self.sentence.setText(words)
        self.note.setVisible(bool(words))


class CurvesArea(QWidget):
    """The two curves beside each other, or one at a time behind its word where the window is small."""

    def __init__(self) -> None:
        super().__init__()
        self.curves = Curves()
        choices = (("auc", self.curves.auc.title), ("loss", self.curves.loss.title))
        self.tabs = Segments(translate("Training", "Curve"), choices)
        self.tabs.chosen.connect(self._choose)
        self.stack, self.side = QStackedWidget(), QWidget()
        self._row = row(self.side, spacing=16)
        self._compact: bool | None = None
        self._head = in_row(self.tabs, None)
        fill(column(self, spacing=8), self._head, self.stack, self.side)
        self._shown = "auc"
        self.fit(False)

    def fit(self, compact: bool) -> None:
        """Lay the curves out."""
        if compact == self._compact:
            return
        self._compact = compact
        for card in (self.curves.loss, self.curves.auc):
            (self.stack.addWidget if compact else self._row.addWidget)(card)
            card.show()
        self._head.setVisible(compact)
        self.stack.setVisible(compact)
        self.side.setVisible(not compact)
        self._choose(self._shown)

    def _choose(self, name: str) -> None:
        self._shown = name
        self.tabs.show_value(name)
        if self._compact:
            self.stack.setCurrentWidget(self.curves.auc if name == "auc" else self.curves.loss)


class TrainingSection(Section):
    """Runs, and the one that is looked at."""

    name = "training"

    def heading(self) -> tuple[str, str]:
        return translate("Training", "Fine-tuning"), ""

    def parts(self) -> Iterator[tuple[QWidget, int] | QWidget]:
        self._seen: Seen | None = None
        self._sets: dict[str, DataSet | None] = {}
        self._gates: dict[str, tuple[Gate, ...]] = {}
        self._add_deeds()
        self.progress = RunHead()
        yield self.progress, 0
        self.middle = QWidget()
        layout = row(self.middle, spacing=16)
        yield self.middle, 3
        self.area = CurvesArea()
        layout.addWidget(self.area, 1)
        yield self.area
        self.setup = SetupCard()
        layout.addWidget(self.setup)
        self.setup.make_rows()
        yield self.setup
        new = CommandButton(self.commander, "training.new", translate("Training", "New training…"), icon="plus")
        self.new = new
        self.list = RunsCard(new)
        self.list.chosen.connect(lambda run: self.admin.choose(self.name, run.id))
        yield self.list, 2
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(CALM_MS)
        self._later.timeout.connect(self._look)

    def _add_deeds(self) -> None:
        def deed(id_: str, words: str, icon: str, kind: str = "") -> NamedButton:
            return NamedButton(self.commander, id_, words, icon, kind, lambda: {"run": self._id})

        self.chip = Chip()
        self.pause = deed("training.pause", translate("Training", "Pause"), "pause")
        self.stop = deed("training.stop", translate("Training", "Stop and keep best"), "stop")
        self.go_on = deed("training.go_on", translate("Training", "Go on"), "play", "primary")
        words = translate("Training", "Remove…")
        self.remove = NamedButton(self.commander, "training.remove", words, kind="quiet")
        self.compare = Button(translate("Training", "Compare it with the version in use"), "primary")
        self.compare.clicked.connect(self._compare)
        self.head.add(self.remove, self.chip, self.pause, self.stop, self.go_on, self.compare)

    @property
    def _id(self) -> str:
        run = self._seen.run if self._seen else None
        return run.id if run else ""

    # -- looking

    def listen(self) -> None:
        self._hearing = False
        gently("medviewer.ui.admin.new_training")  # what is asked for next from here
        self.hear(self.admin.chosen_changed, lambda name: self.refresh() if name == self.name else None)

    def refresh(self) -> None:
        self._later.stop()
        self._look()

    def _changed(self, _id: str) -> None:
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def _look(self) -> None:
        slow = translate("Training", "Looking at the runs")
        chosen = self.chosen
        self.look(lambda: self._see(chosen), lambda seen: self._take(seen, chosen), name="runs", slow=slow)

    def _see(self, chosen: str) -> Seen:
        """Look at everything that is shown (on the thread for it); what does not change of a run is kept."""
        admin = self.admin
        runs = admin.runs.all()
        run = next((r for r in runs if r.id == chosen), runs[0] if runs else None)
        if run is None:
            return Seen(runs)
        if run.plan.dataset not in self._sets:
            self._sets[run.plan.dataset] = _dataset(admin.datasets.get, run.plan.dataset)
        compared = next((c.id for c in admin.comparisons.all() if c.run == run.id), "") if run.state is DONE else ""
        return Seen(runs, run, self._sets[run.plan.dataset], admin.versions.all(), compared)

    def _take(self, seen: Seen, chosen: str) -> None:
        """Show a look, unless the hand has chosen something else meanwhile: then another look is under way."""
        if chosen == self.chosen:
            self._show(seen)

    def _show(self, seen: Seen) -> None:
        if not self._hearing:
            self._hearing = True
            self.hear(self.admin.runs.changed, self._changed, latest=True)
        self._seen = seen
        run = seen.run
        if run is not None and self.chosen != run.id:
            self.admin.choose(self.name, run.id)  # what is shown is what commands act on
        self._show_deeds(run)
        if run is None:
            self.head.say(*self.heading())
            words = translate(
                "Training",
                "No training yet. It needs a frozen data set; it starts from a model in use or from scratch.",
            )
            new = translate("Training", "New training…"), self.commander.act("training.new")
            sets = translate("Training", "Go to the data sets"), lambda: self.admin.show("datasets")
            blocked = self.commander.reason("training.new")
            self.show_instead(" ".join(filter(None, (words, blocked))), *((sets,) if blocked else (new, sets)))
            return
        self.head.say(run_name(run), run.plan.title)
        title = next((say(v.title) for v in seen.titles if v.model == run.plan.start.name), run.plan.start.name)
        in_use = next((v.version for v in seen.titles if v.model == run.plan.start.name and v.state == "in use"), "")
        self.progress.show_run(run)
        line = translate("Training", "In use, {0}").format(in_use) if in_use else translate("Training", "Start model")
        self.area.curves.show_run(run, line)
        self.setup.show_run(run, title, seen.dataset, self._gates.get(run.id, ()))
        self._ask_gates(run)
        self.list.show_runs(seen.runs, run.id)
        self.show_content()

    def _ask_gates(self, run: Run) -> None:
        """Look once at the conditions of a run: that reads all of its data set, so it comes after everything else."""
        if run.id in self._gates:
            return
        self._gates[run.id] = ()

        def arrived(gates: tuple[Gate, ...]) -> None:
            self._gates[run.id] = gates
            if self._id == run.id:
                self.setup.show_gates(gates)

        self.look(lambda: self.admin.runs.preflight(run.plan), arrived, lambda _error: None)

    def _show_deeds(self, run: Run | None) -> None:
        state = run.state if run else None
        going = state in (RunState.RUNNING, RunState.PAUSED)
        goes = run is not None and (state is RunState.PAUSED or (run.can_go_on and state is not RunState.DONE))
        shown = {
            self.chip: run is not None,
            self.pause: state is RunState.RUNNING,
            self.stop: going or state is RunState.QUEUED,
            self.go_on: goes,
            self.compare: state is RunState.DONE,
            self.remove: state in ENDED,
        }
        for widget, there in shown.items():
            widget.setVisible(there)
        if run is not None:
            icon, tone = LOOKS[run.state]
            self.chip.say(state_word(run.state), tone, icon)
        compared = self._seen is not None and bool(self._seen.compared)
        again = translate("Training", "Show its comparison")
        self.compare.setText(again if compared else translate("Training", "Compare it with the version in use"))
        for button in (self.pause, self.stop, self.go_on, self.remove, self.new):
            button.refresh()

    # -- deeds

    def _compare(self) -> None:
        """Show the comparison of this run; without one, make it: that is a look at the locked part."""
        seen = self._seen
        if seen is None or seen.run is None:
            return
        if seen.compared:
            self.admin.choose("compare", seen.compared)
        else:
            self.commander.run("compare.run", challenger=seen.run.id, dataset=seen.run.plan.dataset)
        self.commander.run("admin.section", section="compare")

    def fit(self, width: int, compact: bool) -> None:
        self.area.fit(compact)
        self.setup.setFixedWidth(300 if compact else 372)
        self.list.fit(width, compact)

    def regions(self) -> tuple[QWidget, ...]:
        if not self.ready or not self.content.isVisible():
            return super().regions()
        return self.head, self.middle, self.list


def _new_training(asks: "AdminAsks", dataset: str = "") -> None:
    from medviewer.ui.admin.new_training import NewTrainingDialog

    asks.show(NewTrainingDialog(asks.window, asks.commander, asks.bridge, dataset))


def _remove_run(asks: "AdminAsks", run: str) -> None:
    """Ask before a run, its checkpoint and its candidate are taken off the disk."""
    from medviewer.ui.admin.dialogs import RemoveDialog

    name = run_name(asks.session.admin.runs.get(run))
    lines = (
        translate("Training", "Its curves, its checkpoint and its candidate are deleted."),
        translate("Training", "A version that was promoted from it stays in the model library."),
    )
    act, keep = translate("Training", "Remove {0}").format(name), translate("Training", "Keep it")
    title = translate("Training", "Remove {0}?").format(name)

    def remove() -> None:
        asks.commander.run("training.remove", run=run)

    asks.show(RemoveDialog(asks.window, title, lines, name, (act, keep), remove))


def _dataset(get: Callable[[str], DataSet], id_: str) -> DataSet | None:
    """Return a data set, None for one that is gone."""
    try:
        return get(id_)
    except UserError:
        return None


SECTION = TrainingSection
#: What commands ask of this section (see asking.AdminAsks).
ASKS: dict[str, Callable[..., object]] = {"new_training": _new_training, "remove_run": _remove_run}
