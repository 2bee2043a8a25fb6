"""train.toml: everything that decides a training, committed beside the model."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from medviewer.core.errors import UserError
from medviewer.engine.train.augment import Variety, variety
from medviewer.inference.card import Input, parse_card


@dataclass(frozen=True)
class Schedule:
    """The `[training]` table.

    Attributes:
        batch: pictures a step; epochs: passes.
        positive_repeat: how often a pass shows each positive (each time changed anew).
        rate, warmup, weight_decay: AdamW with a cosine to zero; `warmup` is the share of steps that lead up to `rate`.
        smoothing: labels are this far from 0 and 1.
        ema: decay of the running average of the weights, which is what is judged and shipped.
        crop: side of the input cut from a (larger) patch; 0: the whole picture.
        off_centre: shares (of negatives, of positives) that are shifted far off the middle; a positive then counts as
            negative (or as nothing, if it is so large that it still covers the middle): places next to a nodule must
            not fire. `off_centre_reach`: (least, most) pixels.
        precision: "bf16" computes convolutions in bfloat16 while training (never while judging or reading).
    """

    epochs: int = 10
    batch: int = 32
    rate: float = 2e-3
    warmup: float = 0.1
    weight_decay: float = 0.02
    smoothing: float = 0.02
    positive_repeat: int = 1
    ema: float = 0.995
    crop: int = 0
    off_centre: tuple[float, float] = (0.0, 0.0)
    off_centre_reach: tuple[float, float] = (14.0, 20.0)
    precision: str = "bf16"
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True)
class Operating:
    """The `[operating]` table: how the threshold is chosen on the selecting part.

    Attributes:
        rule: "balanced": where a curve fitted with equal class weights crosses one half, over all stress changes;
            "specificity": the lowest threshold that leaves at least `specificity` of the negatives below it.
    """

    rule: str = "balanced"
    specificity: float = 0.95


@dataclass(frozen=True)
class Config:
    """A training: `card` holds the words of the card that no training changes (`[card]`, checked as a card is)."""

    raw: bytes
    sha256: str
    card: dict[str, Any]
    data: dict[str, Any]
    schedule: Schedule
    augment: Variety
    operating: Operating = field(default_factory=Operating)
    notes: tuple[str, ...] = ()

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


def read_config(path: Path) -> Config:
    """Return the training that the TOML file describes.

    Raises:
        UserError: `bad_config`, with what is wrong.
    """
    try:
        raw = path.read_bytes()
        table = tomllib.loads(raw.decode())
        data = table["data"]
        for name in ("set", "kind", "label", "positive", "group", "report", "select"):
            if name not in data:
                raise ValueError(f"[data] lacks {name}")
        config = Config(
            raw=raw,
            sha256=hashlib.sha256(raw).hexdigest(),
            card=table["card"],
            data=data,
            schedule=_table(Schedule, table.get("training", {})),
            augment=variety(table.get("augment", {})),
            operating=_table(Operating, table.get("operating", {})),
            notes=tuple(table.get("notes", ())),
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
