"""The model card: everything that a program or a reader must know of a model, read from `card.json`, never executed.

The file is one JSON object with exactly the fields of `Card` (nested objects are the other classes here); unknown
names, wrong types, numbers that are not finite and values out of range are refused with one sentence. A field with a
default may be left out. The architecture is a name of our own registry: a card cannot name code to import.
"""

import dataclasses
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medviewer.core.errors import UserError
from medviewer.inference import strict
from medviewer.inference.strict import need

SCHEMA = "medviewer.card/1"
MAX_CARD_BYTES = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

#: What a model does: one logit a class for the whole image, or a map of logits whose maximum is the slice's score.
TASKS = ("classification", "detection-map")
SCORE_KINDS = ("probability", "score")
SCALINGS = ("window", "percentile")
FITS = ("stretch", "pad", "crop", "resample")
REGIONS = ("all", "lungs")
BASELINES = ("mean", "value", "blurred")
_RANGE, _CHOICE = "range", "choice"

#: Kind of eligibility rule -> what it must state; `inference.eligibility` has one function for each name.
RULES = {
    "modality": _CHOICE,
    "body_part": _CHOICE,
    "plane": _CHOICE,
    "unit": _CHOICE,
    "photometric": _CHOICE,
    "view_position": _CHOICE,
    "image_type": "refused",
    "slice_thickness": _RANGE,  # mm
    "pixel_spacing": _RANGE,  # mm
    "patient_age": _RANGE,  # years
    "min_size": "size",  # pixels
}


@dataclass(frozen=True)
class Label:
    """A class: logit number i of the net belongs to label number i. `code` is (scheme, value, meaning) of a coding."""

    name: str
    title: str = ""
    code: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        need(bool(self.name), "a label has no name")
        need(len(self.code) in (0, 3), "a label's code is scheme, value and meaning")


@dataclass(frozen=True)
class Architecture:
    """A name of `engine.nets`' registry with its parameters (plain numbers, words, lists)."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        need(bool(_NAME.fullmatch(self.name)), "the architecture's name is not a plain word")


@dataclass(frozen=True)
class Scaling:
    """Modality values to what the net takes: low..high to 0..1, cut off there, then (v - mean) / std.

    Attributes:
        kind: "window": low and high are modality units; "percentile": of the image's own values, 0 to 100.
    """

    kind: str
    low: float
    high: float
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        need(self.kind in SCALINGS, f"scaling is one of {SCALINGS}")
        need(self.low < self.high, "scaling's low is not below its high")
        need(self.kind != "percentile" or (self.low >= 0 and self.high <= 100), "percentiles lie in 0 to 100")
        need(self.std > 0, "scaling's std is not above 0")


@dataclass(frozen=True)
class Input:
    """What the net takes; `engine.preprocess.prepare` carries it out for training and reading alike.

    Attributes:
        size: (rows, columns) of the net's input; None: the slice's own size after resampling (fully convolutional).
        pixel_mm: the slice is resampled to this pixel size; None: sizes in mm do not matter to the model.
        fit: how a slice comes to `size`: "stretch" (aspect not kept), "pad", "crop" (middle), "resample" (pixel_mm).
        fill: value of padded pixels, in modality units for "window" scaling, else in scaled 0..1.
        region: "lungs": only places inside the lung mask are scored; a slice without lung is not evaluated.
        channels: a grey picture is repeated to this number.
        min_size: (rows, columns) of the smallest picture that may be read.
    """

    modality: tuple[str, ...]
    scaling: Scaling
    body_part: tuple[str, ...] = ()
    photometric: tuple[str, ...] = ("MONOCHROME1", "MONOCHROME2")
    unit: str = ""
    size: tuple[int, int] | None = None
    pixel_mm: float | None = None
    fit: str = "stretch"
    fill: float = 0.0
    region: str = "all"
    channels: int = 1
    min_size: tuple[int, int] = (64, 64)
    options: dict[str, Any] = field(default_factory=dict)  # further settings of preprocess' own steps

    def __post_init__(self) -> None:
        need(self.fit in FITS, f"fit is one of {FITS}")
        need(self.region in REGIONS, f"region is one of {REGIONS}")
        need(1 <= self.channels <= 16, "channels lie in 1 to 16")
        need(self.size is None or all(8 <= n <= 4096 for n in self.size), "size lies in 8 to 4096")
        need(all(1 <= n <= 4096 for n in self.min_size), "min_size lies in 1 to 4096")
        need(self.pixel_mm is None or 0.01 <= self.pixel_mm <= 20, "pixel_mm lies in 0.01 to 20")


@dataclass(frozen=True)
class EligibilityRule:
    """One row of the table that `inference.eligibility.judge` reads.

    Examples: `{"rule": "modality", "allowed": ["CT"]}`, `{"rule": "slice_thickness", "min": 0.5, "max": 6}`,
    `{"rule": "min_size", "rows": 64, "columns": 64}`, `{"rule": "image_type", "refused": ["LOCALIZER"]}`.

    Attributes:
        missing: the answer where the header has no such value: "unknown" (the reader confirms), "no" or "yes".
    """

    rule: str
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    rows: int = 0
    columns: int = 0
    missing: str = "unknown"

    def __post_init__(self) -> None:
        need(self.rule in RULES, f"there is no eligibility rule {self.rule!r}")
        needs = RULES[self.rule]
        need(needs != _CHOICE or bool(self.allowed), f"rule {self.rule} allows nothing")
        need(needs != "refused" or bool(self.refused), f"rule {self.rule} refuses nothing")
        need(needs != _RANGE or (self.min, self.max) != (None, None), f"rule {self.rule} has no range")
        need(self.min is None or self.max is None or self.min <= self.max, f"rule {self.rule}: min is above max")
        need(needs != "size" or (self.rows > 0 and self.columns > 0), f"rule {self.rule} has no rows and columns")
        need(self.missing in ("unknown", "no", "yes"), f"rule {self.rule}: missing is unknown, no or yes")


@dataclass(frozen=True)
class Cell:
    """Where the cells of a layer's grid look, in pixels of the net's input (AI.md 2: a plain resize is wrong).

    The centre of what cell (row i, column j) sees is (offset[0] + stride[0] * i, offset[1] + stride[1] * j), by
    receptive-field arithmetic: offset += ((k - 1) / 2 - padding) * jump; jump *= stride.

    Attributes:
        field: side of the square that a cell sees (receptive field); 0: the whole input, or not known.
    """

    stride: tuple[float, float]
    offset: tuple[float, float]
    field: int = 0

    def __post_init__(self) -> None:
        need(all(0 < s <= 1024 for s in self.stride), "a cell's stride lies in 0 to 1024")
        need(all(abs(o) <= 4096 for o in self.offset), "a cell's offset lies in -4096 to 4096")
        need(0 <= self.field <= 4096, "a cell's field lies in 0 to 4096")


@dataclass(frozen=True)
class Output:
    """What the number is. "probability" only with a calibration; `cell` is the output grid of a detection map."""

    score_kind: str
    cell: Cell | None = None

    def __post_init__(self) -> None:
        need(self.score_kind in SCORE_KINDS, f"score_kind is one of {SCORE_KINDS}")


@dataclass(frozen=True)
class Threshold:
    """The operating point, on the score that is shown; `how` it was chosen (on which data, by which rule)."""

    value: float
    how: str

    def __post_init__(self) -> None:
        need(0 < self.value < 1, "the threshold lies in 0 to 1")
        need(bool(self.how), "the threshold does not say how it was chosen")


@dataclass(frozen=True)
class Calibration:
    """Platt scaling of the target's logit z: probability = sigmoid(a * z + b); `how` names data and numbers."""

    a: float
    b: float
    how: str = ""
    prevalence: float | None = None  # of the data it was fitted on

    def __post_init__(self) -> None:
        need(0 < self.a <= 1000 and abs(self.b) <= 1000, "calibration needs a in 0 to 1000 and b in -1000 to 1000")
        need(self.prevalence is None or 0 < self.prevalence < 1, "prevalence lies in 0 to 1")


@dataclass(frozen=True)
class Baseline:
    """What stands for "nothing there" in maps: the image's mean, a value, or the blurred image.

    `value` is in the net's own input units for "value", the blur's sigma in input pixels for "blurred".
    """

    kind: str = "mean"
    value: float = 0.0

    def __post_init__(self) -> None:
        need(self.kind in BASELINES, f"baseline is one of {BASELINES}")
        need(self.kind != "blurred" or 0 < self.value <= 64, "a blurred baseline's value (sigma) lies in 0 to 64")


@dataclass(frozen=True)
class Explain:
    """Grad-CAM's layer (a module's dotted name; a block or convolution, never a shared activation) and its grid."""

    layer: str
    cell: Cell
    baseline: Baseline = Baseline()

    def __post_init__(self) -> None:
        need(bool(re.fullmatch(r"[A-Za-z0-9_.]{1,128}", self.layer)), "the layer's name is not a module's name")


@dataclass(frozen=True)
class Metric:
    """A measured figure with its 95 % interval, on which data and how many."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    data: str = ""


@dataclass(frozen=True)
class Training:
    """Where the weights come from: enough to make them again."""

    data: tuple[str, ...]
    config: str = ""
    config_sha256: str = ""
    data_sha256: str = ""
    split: str = ""
    seed: int = 0
    torch: str = ""
    parent_sha256: str = ""
    job: str = ""
    notes: tuple[str, ...] = ()  # how each shortcut in the data was excluded, and the like


@dataclass(frozen=True)
class Card:
    """A model's card. See the module's docstring for the file's rules."""

    name: str
    version: str
    title: str
    task: str
    labels: tuple[Label, ...]
    target: str
    architecture: Architecture
    input: Input
    eligibility: tuple[EligibilityRule, ...]
    output: Output
    threshold: Threshold
    explain: Explain
    intended_use: str
    limits: tuple[str, ...]
    training: Training
    licence: str
    sha256s: dict[str, str]
    calibration: Calibration | None = None
    metrics: tuple[Metric, ...] = ()
    credits: tuple[str, ...] = ()
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        need(self.schema == SCHEMA, f"its schema is not {SCHEMA}")
        need(bool(_NAME.fullmatch(self.name)), "its name is not a plain word (a-z, 0-9, dot, dash)")
        need(bool(re.fullmatch(r"[0-9A-Za-z.+-]{1,32}", self.version)), "its version is not a version")
        need(self.task in TASKS, f"its task is none of {TASKS}")
        names = [label.name for label in self.labels]
        need(0 < len(names) == len(set(names)), "its labels are missing or stand twice")
        need(self.target in names, "its target is none of its labels")
        need(bool(self.eligibility), "it has no eligibility rules")
        need((self.task == "detection-map") == (self.output.cell is not None), "output.cell belongs to detection maps")
        need(
            self.output.score_kind != "probability" or self.calibration is not None,
            "it calls its score a probability without a calibration",
        )
        need(bool(self.intended_use and self.limits and self.licence), "it lacks intended_use, limits or licence")
        need("weights.safetensors" in self.sha256s, "it has no hash of weights.safetensors")
        need(all(_SHA256.fullmatch(h) for h in self.sha256s.values()), "one of its hashes is none")

    @property
    def weights_sha256(self) -> str:
        return self.sha256s["weights.safetensors"]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the net's logits."""
        return tuple(label.name for label in self.labels)


def read_card(path: Path) -> Card:
    """Return the card in the file `path`.

    Raises:
        UserError: `bad_model`: the file is missing, too large, no JSON, or does not say what a card must say.
    """
    who = path.parent.name
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CARD_BYTES + 1)
    except OSError as error:
        raise UserError("bad_model", f"The model folder {who} has no card.json that can be read.") from error
    if len(data) > MAX_CARD_BYTES:
        raise UserError("bad_model", f"The card of the model {who} is larger than 1 MB and was not read.")
    try:
        return parse_card(strict.loads(data))
    except (ValueError, RecursionError) as error:
        words = str(error) if type(error) is ValueError else "it is not JSON"
        raise UserError("bad_model", f"The card of the model {who} cannot be used: {words[:300]}.") from error


def parse_card(data: Any) -> Card:
    """Return the card of a JSON object.

    Raises:
        ValueError: with the reason in words.
    """
    card = strict.read(Card, data, "card")
    assert isinstance(card, Card)
    return card


def card_json(card: Card) -> str:
    """Return the text of `card.json`: every field, also the defaults, in the order of the classes."""
    return json.dumps(dataclasses.asdict(card), indent=2, ensure_ascii=False) + "\n"
