"""What the admin panel shows and the commands print: plain frozen values, no Qt, no torch."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

#: Parts of a data set: what is fitted, what chooses (epoch, calibration, threshold), what is only reported on.
PARTS = ("fit", "select", "report")


class RunState(StrEnum):
    """Where a training run stands. INTERRUPTED: its process ended without a word (a kill, a power cut)."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by a person, without a model
    INTERRUPTED = "interrupted"
    FAILED = "failed"  # `Run.sentence` says why; it can go on if `Run.can_go_on`
    DONE = "done"


class Severity(StrEnum):
    """What a finding in a data set means for training with it."""

    STOP = "stop"  # nothing is frozen or trained before it is gone
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class DataFinding:
    """One thing that a check of a data set found.

    Attributes:
        kind: row of the table of checks ("same_patient", "same_pixels", "near_pixels", "contradiction",
            "suspect_label", "shortcut", "class_balance", "few_patients", "unreadable", "mismatched", …).
        text: one sentence for people, without names of patients or files.
        files: keys of the pictures that it is about, the most important first.
        figures: numbers behind it (AUC of a trivial score, counts).
    """

    kind: str
    severity: Severity
    text: str
    files: tuple[str, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckReport:
    """What is known of a data set before anything is trained with it. `sha256` is of the rows that were checked."""

    dataset: str
    sha256: str
    findings: tuple[DataFinding, ...]
    seconds: float = 0.0

    @property
    def stops(self) -> tuple[DataFinding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.STOP)


@dataclass(frozen=True)
class Start:
    """Where a training starts: "model" (its weights and its card), or "scratch" (a preset's architecture, no weights).

    `name` and `version` are a model's, or `name` is a preset's ("classic-cnn").
    """

    kind: str
    name: str
    version: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that decides a run; it becomes the run's train.toml.

    Attributes:
        title: the person's own words for the run.
        dataset: id of a frozen data set.
        freeze: first so many stages of the net keep their weights; -1: all but the head.
        mixup: alpha of Beta(alpha, alpha), 0: off.
        augment: fields of engine.train.augment.Variety that differ from the start's own; {} keeps them.
        patience: epochs without gain after which it stops, 0: never.
        device: "auto", "cuda", "mps" or "cpu".
        threads: of the processor; 0: all but one. Another number gives slightly other weights.
    """

    title: str
    dataset: str
    start: Start
    epochs: int = 10
    rate: float = 3e-4
    batch: int = 32
    freeze: int = 0
    class_weights: bool = True
    mixup: float = 0.0
    augment: dict[str, Any] = field(default_factory=dict)
    patience: int = 0
    seed: int = 0
    device: str = "auto"
    threads: int = 0


@dataclass(frozen=True)
class Epoch:
    """One finished epoch. AUCs are of the selecting part; `stress_auc` is the mean over the stress changes."""

    number: int
    loss: float
    select_loss: float | None = None
    select_auc: float | None = None
    stress_auc: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Run:
    """A training run as it stands.

    Attributes:
        id: its folder's name; number: what people call it ("Run 27").
        step, steps: within the epoch that is being trained.
        base_auc, base_loss: the model in use on the same selecting part (dashed line); None where there is none.
        best: number of the best epoch so far, 0 before the first judged one.
        seconds_left: None while unknown.
        sentence: why it failed or what it had to do ("The card ran out of memory. …"); "" without.
        model: folder of the finished model; None before.
        device: where it runs really.
    """

    id: str
    number: int
    plan: Plan
    state: RunState
    epochs: tuple[Epoch, ...] = ()
    epoch: int = 0
    step: int = 0
    steps: int = 0
    base_auc: float | None = None
    base_loss: float | None = None
    best: int = 0
    seconds_left: float | None = None
    sentence: str = ""
    can_go_on: bool = False
    model: Path | None = None
    started: str = ""
    by: str = ""
    device: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure of one model with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CompareRow:
    """One measure of two models on the same cases.

    Attributes:
        measure: "auc", "sensitivity", "specificity", "accuracy", "ece", "brier", or "auc" of a subgroup.
        group: "" for all cases, else "sex: F", "age: 0 to 5", "scanner: …".
        difference: challenger minus champion, paired (DeLong where one picture a patient, else bootstrap by patient).
        word: "better", "worse", "no difference", "not clear".
        n, positives: cases behind it.
    """

    measure: str
    champion: Figure
    challenger: Figure
    difference: Figure
    word: str
    group: str = ""
    n: int = 0
    positives: int = 0


@dataclass(frozen=True)
class Flip:
    """A case on which the two models fall on different sides of their operating points."""

    file: str
    positive: bool
    champion: float
    challenger: float
    study_id: int | None = None


@dataclass(frozen=True)
class Gate:
    """A condition of promotion. `ok` None: it cannot be told (too few cases): a warning, not a refusal."""

    name: str
    ok: bool | None
    text: str


@dataclass(frozen=True)
class Comparison:
    """Champion against challenger on the locked part of a data set.

    Attributes:
        looks: how often this locked part had been looked at before, by whatever comparison.
        calibration: version -> bins of {"n", "mean" (score), "share" (with the finding)}.
        points: version -> operating point.
        champion_sha256, challenger_sha256: of the weights; dataset_sha256: of the frozen data set.
        left_out: images that one of the models could not evaluate.
    """

    id: str
    at: str
    by: str
    dataset: str
    model: str
    champion: str  # version
    challenger: str  # version
    run: str  # id, "" for a model that no run made
    n: int
    patients: int
    positives: int
    rows: tuple[CompareRow, ...]
    flips: tuple[Flip, ...]
    gates: tuple[Gate, ...]
    looks: int
    calibration: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    champion_sha256: str = ""
    challenger_sha256: str = ""
    dataset_sha256: str = ""
    left_out: int = 0

    @property
    def refused(self) -> tuple[Gate, ...]:
        return tuple(g for g in self.gates if g.ok is False)


@dataclass(frozen=True)
class Version:
    """A version of a model that is here. `state`: "in use", "kept" (was or could be), "candidate" (of a run)."""

    model: str
    version: str
    title: str
    state: str
    sha256: str
    path: Path
    shipped: bool
    since: str = ""
    by: str = ""
    reason: str = ""
    run: str = ""


@dataclass(frozen=True)
class Week:
    """One point of a watched series; `value` None: nothing to tell in that week."""

    start: str
    value: float | None
    n: int


@dataclass(frozen=True)
class Watched:
    """A series over weeks with the band in which it is expected.

    Attributes:
        measure: "agreement", "drift", "not_evaluated".
        word: "as expected", "outside", "too few".
    """

    measure: str
    weeks: tuple[Week, ...]
    low: float
    high: float
    word: str
    text: str = ""


@dataclass(frozen=True)
class LightCopy:
    """A lighter copy of a model beside the model itself, and whether its answers are equal enough to be used.

    Attributes:
        kind: "int8", "onnx", "distilled".
        ratio: its time over the model's, measured in one run, interleaved.
        worst: largest difference of the shown score on `n` pictures.
        ok: passed (AI.md 6); text says what failed.
    """

    model: str
    version: str
    kind: str
    bytes: int
    base_bytes: int
    ratio: float
    auc: float
    base_auc: float
    worst: float
    n: int
    ok: bool
    text: str
    used: bool = False
