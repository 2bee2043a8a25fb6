"""What a run was set up with: the fixed facts of its plan and of its data set, and the checks before it began."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Gate, Plan, Run, RunState
from medviewer.core.datasets import DataSet
from medviewer.ui.admin.cards import Card, Facts, scrolling
from medviewer.ui.admin.pieces import Gates, count
from medviewer.ui.ai_facts import device_words
from medviewer.ui.arrange import column, fill, in_row, line, surface
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

#: Rows that are made ready: facts of a run, and checks of its plan.
FACTS, CHECKS = 12, 10
#: A run in one of these is being trained by what was set up.
FIXED = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.PAUSED})


def freeze_words(freeze: int) -> str:
    """Return how much of the net learns."""
    words = {
        0: translate("Training", "everything"),
        -1: translate("Training", "only the last layer"),
        1: translate("Training", "all but the first stage"),
    }
    return words.get(freeze) or translate("Training", "all but the first {0} stages").format(freeze)


def start_words(plan: Plan, title: str) -> str:
    """Return what a training starts from; `title` is the model's."""
    if plan.start.kind == "scratch":
        return translate("Training", "{0}, from scratch").format(title or plan.start.name)
    return f"{title or plan.start.name} {plan.start.version}".strip()


def dataset_name(dataset: DataSet | None) -> str:
    """Return a data set as people call it ("Emergency CT 2026, version 3")."""
    if dataset is None:
        return translate("Training", "not here any more")
    return translate("Training", "{0}, version {1}").format(dataset.facts.name, dataset.facts.version)


def dataset_facts(dataset: DataSet | None) -> list[tuple[str, str]]:
    """Return the rows about a data set: what it is, how much, how split."""
    rows = [(translate("Training", "Data set"), dataset_name(dataset))]
    if dataset is None:
        return rows
    counts = dataset.counts()
    images = sum(part["images"] for part in counts.values())
    patients = len({row.patient for row in dataset.kept})
    positives = sum(part["positives"] for part in counts.values())
    share = f"{100 * positives / images:.0f}" if images else "0"
    parts = " / ".join(count(part["images"]) for part in counts.values())
    return [
        *rows,
        (
            translate("Training", "Pictures"),
            translate("Training", "{0} from {1} patients").format(count(images), count(patients)),
        ),
        (translate("Training", "Positive"), translate("Training", "{0} ({1} %)").format(count(positives), share)),
        (translate("Training", "Split"), translate("Training", "by patient, {0}").format(parts)),
    ]


def plan_facts(plan: Plan, device: str = "") -> list[tuple[str, str]]:
    """Return the rows about how it is trained."""
    patience = translate("Training", "after {0} epochs without gain").format(plan.patience)
    weights = translate("Training", "as rare as they are") if plan.class_weights else translate("Training", "equal")
    mixup = translate("Training", "off") if not plan.mixup else f"{plan.mixup:.2f}"
    return [
        (translate("Training", "What learns"), freeze_words(plan.freeze)),
        (translate("Training", "Learning rate"), f"{plan.rate:g}"),
        (translate("Training", "Class weights"), weights),
        (translate("Training", "Mixup"), mixup),
        (translate("Training", "Device"), device_words(device) if device else say(plan.device)),
        (translate("Training", "Stops early"), patience if plan.patience else translate("Training", "never")),
        (translate("Training", "Seed"), str(plan.seed)),
    ]


class SetupCard(Card):
    """The set-up of a run: it cannot be changed while it runs, so that nobody reads curves of two set-ups."""

    def __init__(self) -> None:
        self.fixed = in_row(Icon("lock-key", 14, "text3"), Label("", 12, "text3"), spacing=4)
        super().__init__(translate("Training", "Run set-up"), self.fixed)
        words = self.fixed.findChild(Label)
        if isinstance(words, Label):
            words.setText(translate("Training", "fixed while it runs"))
        self.facts, self.gates = Facts(104), Gates()
        self.rule = line()
        body = QWidget()
        fill(column(body, (0, 4, 8, 0), 8), self.facts, 4, self.rule, 4, self.gates, None)
        area = scrolling(body, translate("Training", "Run set-up"))
        for each in (body, area.viewport()):
            surface(each, "bg1")
        self.column.addWidget(area, 1)

    def make_rows(self) -> None:
        """Have the rows ready that most runs need."""
        self.facts.make_rows(FACTS)
        self.gates.make_rows(CHECKS)

    def show_run(self, run: Run, title: str, dataset: DataSet | None, gates: Sequence[Gate]) -> None:
        """Show a run's plan with its data set and the checks of it."""
        start = [(translate("Training", "Starts from"), start_words(run.plan, title))]
        self.facts.show_facts([*start, *dataset_facts(dataset), *plan_facts(run.plan, run.device)])
        self.show_gates(gates)
        self.fixed.setVisible(run.state in FIXED)

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Show the checks alone."""
        self.gates.show_gates(gates)
        self.rule.setVisible(bool(gates))
