"""train.toml: everything that decides a training, committed beside the model."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from medviewer.core.errors import UserError
from medviewer.engine.train.augment import Variety, variety
from medviewer.engine.train.datasets import DataSet
from medviewer.inference.card import Input, parse_card


@dataclass(frozen=True)
class Schedule:
    """The `[training]` table.

    Attributes:
        batch: pictures a step (of all devices together); epochs: passes.
        positive_repeat: how often a pass shows each positive (each time changed anew).
        optimiser: "adamw", or "adam" (`weight_decay` is then L2); adam_eps: what is added to the root of its second
            moment (Keras' Adam has 1e-7 where torch's has 1e-8).
        rate, schedule: "cosine": up to `rate` over the share `warmup` of all steps, then down to zero; "constant".
        clip: largest norm of the gradient; 0: any.
        class_weights: each class weighs one half of the loss, whatever its share.
        smoothing: labels are this far from 0 and 1.
        mixup: alpha of Beta(alpha, alpha); each picture is laid over another of its batch, and so are the labels
            (Zhang 2018). 0: off. It makes scores timid; the calibration afterwards repairs that.
        freeze: the first so many stages of the net keep their weights and their normalisation; -1: all but the head.
        fixed_norm: batch normalisation keeps the statistics that it came with (scale and shift are still trained): for
            fine-tuning with little data or small batches (AI.md 8).
        ema: decay of the running average of the weights, which is what is judged and shipped; 0: none.
        keep: "best": the epoch with the highest mean AUC over the stress changes, of those after the share `judge_from`
            of all epochs (with a cosine the best epoch is a late one; a run that starts from a model judges all);
            "last": the last one, whatever its figures.
        patience: epochs without gain in that AUC after which the training ends; 0: never.
        crop: side of the input cut from a (larger) patch; 0: the whole picture.
        off_centre: shares (of negatives, of positives) that are shifted far off the middle; a positive then counts as
            negative (or as nothing, if it is so large that it still covers the middle): places next to a nodule must
            not fire. `off_centre_reach`: (least, most) pixels.
        precision: "bf16" computes convolutions in bfloat16 while training (never while judging or reading); "fp32".
        threads: of the processor; another number gives slightly other weights.
    """

    epochs: int = 10
    batch: int = 32
    optimiser: str = "adamw"
    adam_eps: float = 1e-8
    rate: float = 2e-3
    schedule: str = "cosine"
    warmup: float = 0.1
    weight_decay: float = 0.02
    clip: float = 5.0
    class_weights: bool = True
    smoothing: float = 0.02
    mixup: float = 0.0
    freeze: int = 0
    fixed_norm: bool = False
    positive_repeat: int = 1
    ema: float = 0.995
    keep: str = "best"
    judge_from: float = 0.5
    patience: int = 0
    crop: int = 0
    off_centre: tuple[float, float] = (0.0, 0.0)
    off_centre_reach: tuple[float, float] = (14.0, 20.0)
    precision: str = "bf16"
    seed: int = 0
    threads: int = 2

    def __post_init__(self) -> None:
        for name, words in _CHOICES.items():
            _need(getattr(self, name) in words, f"{name} is one of {', '.join(words)}")
        for name, low, high in _RANGES:
            _need(low <= getattr(self, name) <= high, f"{name} lies in {low:g} to {high:g}")


_CHOICES = {
    "optimiser": ("adamw", "adam"),
    "schedule": ("cosine", "constant"),
    "keep": ("best", "last"),
    "precision": ("bf16", "fp32"),
}
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("epochs", 1, 10_000),
    ("batch", 1, 65_536),
    ("rate", 0, 10),
    ("warmup", 0, 0.9),
    ("weight_decay", 0, 10),
    ("adam_eps", 0, 1),
    ("clip", 0, 1e6),
    ("smoothing", 0, 0.45),
    ("mixup", 0, 100),
    ("freeze", -1, 100),
    ("positive_repeat", 1, 1000),
    ("ema", 0, 0.99999),
    ("judge_from", 0, 0.99),
    ("patience", 0, 10_000),
    ("crop", 0, 4096),
    ("seed", 0, 2**63 - 1),
    ("threads", 1, 256),
)


def _need(true: bool, words: str) -> None:
    if not true:
        raise ValueError(words)


@dataclass(frozen=True)
class Operating:
    """The `[operating]` table: how the threshold is chosen on the selecting part.

    Attributes:
        rule: "balanced": where a curve fitted with equal class weights crosses one half, over all stress changes;
            "specificity": the lowest threshold that leaves at least `specificity` of the negatives below it;
            "half": 0.5 of the net's own sigmoid, with no calibration: nothing is chosen on any part.
        prevalence: share of positives that the stress validation's accuracy is stated for (its classes are weighted so;
            0: the part's own share).
    """

    rule: str = "balanced"
    specificity: float = 0.95
    prevalence: float = 0.0


@dataclass(frozen=True)
class StartFrom:
    """The `[start]` table: the model whose weights a training begins with, by name, version and hash of its weights."""

    kind: str
    model: str
    version: str
    sha256: str

    def __post_init__(self) -> None:
        _need(self.kind == "weights", "[start] kind is weights")
        _need(len(self.sha256) == 64, "[start] sha256 is not a SHA-256")


@dataclass(frozen=True)
class Config:
    """A training: `card` holds the words of the card that no training changes (`[card]`, checked as a card is).

    Attributes:
        data: the `[data]` table. `kind` "frozen": `set` is a folder of core.datasets, which says everything else;
            "films" and "patches": packed pictures with their labels.csv (engine.train.datasets).
        start: what the training begins with; None: weights drawn from the seed.
        distil: the `[distil]` table (engine.train.distil); {} without.
    """

    raw: bytes
    sha256: str
    card: dict[str, Any]
    data: dict[str, Any]
    schedule: Schedule
    augment: Variety
    operating: Operating = field(default_factory=Operating)
    notes: tuple[str, ...] = ()
    start: StartFrom | None = None
    distil: dict[str, Any] = field(default_factory=dict)

    def of(self, data: DataSet) -> "Config":
        """Return the same training with what a frozen data set says itself filled in."""
        if self.data["kind"] != "frozen":
            return self
        words = {"set": data.title, "kind": data.kind, "group": "patient", "report": "report"}
        return replace(self, data=self.data | words)

    @property
    def input(self) -> Input:
        return parse_card(self.whole_card).input

    @property
    def whole_card(self) -> dict[str, Any]:
        """The card with placeholders for what only a finished training knows."""
        return _whole(self.card)


#: What a card must have and only a finished training knows.
PLACEHOLDERS: dict[str, Any] = {
    "threshold": {"value": 0.5, "how": "not yet"},
    "calibration": {"a": 1.0, "b": 0.0},
    "training": {"data": []},
    "sha256s": {"weights.safetensors": "0" * 64},
}
_CELL = {"stride": [1, 1], "offset": [0, 0]}


def _whole(card: Mapping[str, Any]) -> dict[str, Any]:
    explain = {"layer": "features", "cell": _CELL, **card.get("explain", {})}
    output = dict(card["output"]) | ({"cell": _CELL} if card["task"] == "detection-map" else {})
    return PLACEHOLDERS | dict(card) | {"explain": explain, "output": output}


#: What `[data]` must say of packed pictures.
_DATA = ("kind", "label", "positive", "group", "report", "select")


def read_config(path: Path) -> Config:
    """Return the training that the TOML file describes.

    Raises:
        UserError: `bad_config`, with what is wrong.
    """
    try:
        raw = path.read_bytes()
        table = tomllib.loads(raw.decode())
        data = table["data"]
        for name in ("set",) if data.get("kind") == "frozen" else ("set", *_DATA):
            if name not in data:
                raise ValueError(f"[data] lacks {name}")
        _need(Path(data["set"]).name == data["set"] not in (".", ".."), "[data] set is not a folder's name")
        start = _table(StartFrom, table["start"]) if "start" in table else None
        training = ({"judge_from": 0.0} if start else {}) | table.get("training", {})
        config = Config(
            raw=raw,
            sha256=hashlib.sha256(raw).hexdigest(),
            card=table["card"],
            data=data,
            schedule=_table(Schedule, training),
            augment=variety(table.get("augment", {})),
            operating=_table(Operating, table.get("operating", {})),
            notes=tuple(table.get("notes", ())),
            start=start,
            distil=table.get("distil", {}),
        )
        parse_card(config.whole_card)
    except OSError as bad:
        raise UserError("bad_config", f"The training configuration {path.name} could not be read.") from bad
    except (ValueError, KeyError, TypeError) as bad:
        raise UserError("bad_config", f"The training configuration {path.name} cannot be used: {bad}.") from bad
    return config


T = TypeVar("T")


def _table(kind: type[T], table: Mapping[str, Any]) -> T:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{kind.__name__.lower()} has no setting {unknown[0]}")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()})
