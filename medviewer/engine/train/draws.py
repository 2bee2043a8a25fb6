"""What is drawn for a batch: every picture's change, its label after it, the noise, what it is mixed with.

Every draw comes from (seed, epoch, position in the epoch), never from a running generator, so that it does not matter
which process makes it, or when. Nothing here needs torch.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.engine.train import changes as numbers
from medviewer.engine.train.changes import PLACES, Change, Floats, Variety


@dataclass(frozen=True)
class Wish:
    """Which batch of an epoch is to be drawn.

    Attributes:
        start: position of its first picture in the epoch; labels: of its pictures, as the data set has them.
        first, stop: the rows that this process has; the others are drawn, but have no noise here.
    """

    epoch: int
    start: int
    labels: tuple[bool, ...]
    first: int
    stop: int


@dataclass(frozen=True)
class Draws:
    """A batch's draws; arrays of a slot of `drawers.py` hold until two batches later.

    Attributes:
        table: numbers of every row of the batch [n, changes.WIDTH].
        boxes: of every row [n, boxes, 5]; noise: of this process's rows [m, 1, row, column], None where none is noisy.
    """

    table: Floats
    boxes: Floats
    noise: NDArray[np.float32] | None

    def column(self, name: str) -> Floats:
        return self.table[:, PLACES[name].start]


@dataclass(frozen=True)
class Drawing:
    """How a training draws.

    Attributes:
        shape: (rows, columns) of the pictures in memory; size: of the net's input.
        reach: (least, most) pixels off the middle; the others are those of the configuration.
    """

    variety: Variety
    seed: int
    off_centre: tuple[float, float]
    reach: tuple[float, float]
    mixup: float
    shape: tuple[int, int]
    size: tuple[int, int]

    def plain(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Drawing":
        """Return what `plain` made plain."""
        found: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        found["variety"] = numbers.variety(values["variety"])
        return cls(**found)

    def draw(self, wish: Wish, noise: NDArray[np.float32] | None = None) -> Draws:
        """Return a batch's draws; `noise` is an array in which the noise may be drawn."""
        changes, labels = self._changes(wish)
        table = numbers.numbers(changes, self.shape, self.size)
        table[:, PLACES["label"].start] = labels
        if self.mixup:
            table[:, PLACES["other"].start : PLACES["share"].stop] = self._mixed(wish)
        mine = table[wish.first : wish.stop]
        drawn = numbers.noise(mine, (self.seed, wish.epoch, wish.start), wish.first, (1, *self.size), noise)
        return Draws(table, numbers.boxes(changes, self.size), drawn)

    def _changes(self, wish: Wish) -> tuple[Sequence[Change], Sequence[float]]:
        """Return each picture's change and its label, which is 0 where a shift takes what was in the middle away."""
        changes, labels = [], []
        for position, label in enumerate(wish.labels):
            rng = np.random.default_rng((self.seed, wish.epoch, wish.start + position))
            change = self.variety.draw(rng)
            gone = rng.random() < self.off_centre[int(label)]
            changes.append(_off_centre(change, self.reach, self.size[0], rng) if gone else change)
            labels.append(0.0 if gone else float(label))
        return changes, labels

    def _mixed(self, wish: Wish) -> list[tuple[float, float]]:
        """Return which picture each is mixed with, and the share that it keeps: from Beta(mixup, mixup)."""
        count, found = len(wish.labels), []
        for position in range(count):
            rng = np.random.default_rng((self.seed, wish.epoch, wish.start + position, 1))
            found.append((float(rng.integers(count)), rng.beta(self.mixup, self.mixup)))
        return found


def _off_centre(change: Change, reach: tuple[float, float], side: int, rng: np.random.Generator) -> Change:
    """Move the content so far that what was in the middle no longer is; sizes stay, so that the distance is known."""
    angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(*reach) / side
    size = max(change.scale)
    return replace(change, shift=(far * size * math.cos(angle), far * size * math.sin(angle)))
