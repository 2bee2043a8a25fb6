"""The list of runs, and how a run's state is said: a word with an icon, a sentence, and the time that is left."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from medviewer.app.admin.records import Run, RunState
from medviewer.ui.admin.cards import Card, Cell, CellList
from medviewer.ui.admin.pieces import duration, figure, moment
from medviewer.ui.agreement.painter import ROW
from medviewer.ui.controls import Button
from medviewer.ui.translation import say, translate

#: State -> icon, tone of its chip.
LOOKS = {
    RunState.QUEUED: ("hourglass-medium", "plain"),
    RunState.RUNNING: ("pulse", "accent"),
    RunState.PAUSED: ("pause", "warn"),
    RunState.STOPPED: ("stop", "plain"),
    RunState.INTERRUPTED: ("warning", "warn"),
    RunState.FAILED: ("warning-circle", "danger"),
    RunState.DONE: ("check-circle", "accent"),
}
#: States in which it is not over.
LIVE = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.PAUSED})


def state_word(state: RunState) -> str:
    """Return the word for a state."""
    return {
        RunState.QUEUED: translate("Training", "Waiting"),
        RunState.RUNNING: translate("Training", "Training on this computer"),
        RunState.PAUSED: translate("Training", "Paused"),
        RunState.STOPPED: translate("Training", "Stopped"),
        RunState.INTERRUPTED: translate("Training", "Interrupted"),
        RunState.FAILED: translate("Training", "Failed"),
        RunState.DONE: translate("Training", "Done"),
    }[state]


def state_sentence(run: Run) -> str:
    """Return what a person must know of a run that does not simply train; "" otherwise."""
    fixed = {
        RunState.QUEUED: translate("Training", "It begins when the training before it has ended."),
        RunState.PAUSED: translate("Training", "It waits where it is. Nothing is lost."),
        RunState.STOPPED: translate("Training", "It was stopped before an epoch was judged, so there is no model."),
        RunState.INTERRUPTED: translate(
            "Training", "medviewer was closed in the middle of it. It goes on from its last checkpoint."
        ),
        RunState.DONE: translate("Training", "The candidate is ready. It is not in use before it was compared."),
    }
    own = say(run.sentence)
    if run.state is RunState.FAILED:
        return own or translate("Training", "The training ended without a word.")
    if run.state is RunState.INTERRUPTED and own:
        return own
    return " ".join(part for part in (fixed.get(run.state, ""), own) if part)


def time_left(run: Run) -> str:
    """Return how long it still takes, while it trains."""
    if run.state is not RunState.RUNNING:
        return ""
    if run.seconds_left is None:
        return translate("Training", "The time left is known after the first epoch. Reading studies stays first.")
    words = translate("Training", "About {0} left. Reading studies stays first.")
    return words.format(duration(run.seconds_left))


def fraction(run: Run) -> float:
    """Return how much of the planned epochs is done, 0..1."""
    if run.state is RunState.DONE:
        return 1.0
    done = max((epoch.number for epoch in run.epochs), default=0)
    within = run.step / run.steps if run.steps and run.epoch > done else 0.0
    return min((done + within) / max(run.plan.epochs, 1), 1.0)


def epoch_words(run: Run, steps: bool = True) -> str:
    """Return where it stands ("Epoch 15 of 30, step 3 of 13")."""
    done = max((epoch.number for epoch in run.epochs), default=0)
    at = min(run.epoch or done, run.plan.epochs) if run.state in LIVE else done
    if not at:
        return translate("Training", "{0} epochs planned").format(run.plan.epochs)
    words = translate("Training", "Epoch {0} of {1}").format(at, run.plan.epochs)
    if steps and run.state is RunState.RUNNING and run.steps:
        words += ", " + translate("Training", "step {0} of {1}").format(run.step, run.steps)
    return words


def best_auc(run: Run) -> float | None:
    """Return the AUC of the best epoch, None before it was judged."""
    return next((epoch.select_auc for epoch in run.epochs if epoch.number == run.best), None)


def run_name(run: Run) -> str:
    """Return what people call a run."""
    return translate("Training", "Run {0}").format(run.number)


def cells(run: Run) -> tuple[Cell, ...]:
    """Return the row of a run."""
    auc = best_auc(run)
    best = translate("Training", "epoch {0}").format(run.best) if auc is not None else ""
    return (
        Cell((run_name(run), run.plan.title), strong=True),
        Cell((state_word(run.state), say(run.sentence)), icon=LOOKS[run.state][0]),
        Cell((epoch_words(run, steps=False),)),
        Cell((figure(auc) if auc is not None else translate("Training", "none yet"), best), right=True, strong=True),
        Cell((moment(run.started), run.by)),
    )


class RunsCard(Card):
    """All runs, newest first; `chosen` carries the run that is looked at."""

    chosen = Signal(object)

    def __init__(self, new: Button) -> None:
        super().__init__(translate("Training", "RUNS"), new, section=True)
        heads = (
            translate("Training", "Run"),
            translate("Training", "State"),
            translate("Training", "Epochs"),
            translate("Training", "Best AUC on validation"),
            translate("Training", "Started"),
        )
        self.view: CellList[Run] = CellList(translate("Training", "Training runs"), heads, frozenset({3}))
        self.view.chosen.connect(self.chosen.emit)
        self.view.setMinimumHeight(self.view.height_for(1))
        self.column.addWidget(self.view, 1)

    def show_runs(self, runs: Sequence[Run], current: str) -> None:
        """Show these; `current` is the id of the chosen one."""
        self.view.show_things(runs, cells, lambda run: run.id == current)

    def fit(self, width: int, compact: bool) -> None:
        """Give the columns the room that there is."""
        self.view.set_widths((0, 200, 120, 168, 168) if compact else (0, 440, 200, 200, 220))
        self.view.setMaximumHeight(self.view.height_for(12))
        self.setMinimumHeight(110 + 2 * ROW)
