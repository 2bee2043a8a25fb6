"""The batches of an epoch: which pictures, how each is changed, what its label weighs; made ahead on a thread.

Every random draw comes from (seed, epoch, position in the epoch), never from a running generator.
"""

import math
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.engine.train.augment import EDGES, Change, apply
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import Examples
from medviewer.engine.train.distributed import World

#: Scaled grey above which the middle of a shifted patch is tissue and no air (-500 HU in -1000..400).
_TISSUE = 0.36
#: Batches that wait, made, for the net.
_AHEAD = 2


@dataclass(frozen=True)
class Batch:
    """The rows of one batch that this process has.

    Attributes:
        x: [n, channel, row, column]; target: 0..1 [n]; weight: of each row in the loss [n].
        first, of: the first row's place in the whole batch, and how many rows that has.
    """

    x: Tensor
    target: Tensor
    weight: Tensor
    first: int
    of: int

    def __len__(self) -> int:
        return len(self.target)


def pass_order(y: NDArray[np.bool_], positive_repeat: int, seed: tuple[int, int]) -> NDArray[np.int64]:
    """Return the pass's order of example numbers, positives repeated, shuffled by (seed, epoch)."""
    every = np.concatenate([np.arange(len(y)), *[np.flatnonzero(y)] * (positive_repeat - 1)])
    return np.random.default_rng(seed).permutation(every)


@dataclass(frozen=True)
class Epoch:
    """Makes the batches of one epoch, any of them at any time."""

    config: Config
    part: Examples
    order: NDArray[np.int64]
    epoch: int
    device: str
    world: World

    @property
    def steps(self) -> int:
        count, batch = len(self.order), self.config.schedule.batch
        return max(1, math.ceil(count / batch) - (count % batch == 1))

    def batch(self, number: int) -> Batch:
        """Return batch `number` (from 0) with every change made."""
        schedule = self.config.schedule
        start = number * schedule.batch
        # one picture alone has no batch statistics: it goes with the batch before
        stop = len(self.order) if number == self.steps - 1 else start + schedule.batch
        index = self.order[start:stop]
        # what is mixed may be another process's picture: then all of them make the whole batch
        rows = slice(0, len(index)) if schedule.mixup else self.world.rows(len(index))
        y = self.part.y[index].astype(np.float32)
        changes = self._changes(index, y, start)
        x = torch.from_numpy(self.part.x[index[rows]]).to(self.device).float()[:, None]
        edges, seed = EDGES[self.config.data["kind"]], (schedule.seed, self.epoch, start)
        x = apply(x, changes, schedule.crop or None, edges, seed, first=rows.start)
        y = y[rows]
        # a nodule so large that it still covers the middle says nothing: neither class
        moved = self.part.y[index[rows]] & (y == 0)
        if moved.any():
            middle = slice(x.shape[2] // 2 - 3, x.shape[2] // 2 + 4)
            y[moved & (x[:, 0, middle, middle].mean((1, 2)).cpu().numpy() > _TISSUE)] = np.nan
        target, weight = self._labels(torch.from_numpy(y))
        if schedule.mixup:
            x, target, weight = self._mixed(x, target, weight, start)
            mine = self.world.rows(len(index))
            x, target, weight, rows = x[mine], target[mine], weight[mine], mine
        x = x.expand(-1, self.config.card["input"].get("channels", 1), -1, -1)
        x = x.contiguous(memory_format=torch.channels_last)
        return Batch(x, target.to(self.device), weight.to(self.device), rows.start, len(index))

    def _changes(self, index: NDArray[np.int64], y: NDArray[np.float32], start: int) -> list[Change]:
        """Draw each picture's change; `y` is 0 where a shift takes what was in the middle away."""
        schedule = self.config.schedule
        changes = []
        for position, label in enumerate(self.part.y[index]):
            rng = np.random.default_rng((schedule.seed, self.epoch, start + position))
            change = self.config.augment.draw(rng)
            if rng.random() < schedule.off_centre[int(label)]:
                y[position] = 0.0
                change = _off_centre(change, schedule.off_centre_reach, schedule.crop or self.part.x.shape[1], rng)
            changes.append(change)
        return changes

    def _labels(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return targets (smoothed) and weights: every class weighs the same, prevalence belongs to the calibration."""
        smoothing = self.config.schedule.smoothing
        weight = torch.ones_like(y)
        if self.config.schedule.class_weights:
            positives = float(self.part.y[self.order].mean())
            weight = torch.where(y > 0.5, 0.5 / positives, 0.5 / (1 - positives))
        return y.nan_to_num() * (1 - 2 * smoothing) + smoothing, weight.masked_fill(y.isnan(), 0)

    def _mixed(self, x: Tensor, target: Tensor, weight: Tensor, start: int) -> tuple[Tensor, Tensor, Tensor]:
        """Lay each picture over another of the batch (mixup, Zhang 2018), shares from Beta(alpha, alpha).

        The loss of a mixed picture is the mixture of both weighted losses, which is one loss with a mixed target.
        """
        alpha, seed = self.config.schedule.mixup, (self.config.schedule.seed, self.epoch)
        draws = [np.random.default_rng((*seed, start + i, 1)) for i in range(len(x))]
        other = torch.tensor([int(rng.integers(len(x))) for rng in draws])
        share = torch.tensor([rng.beta(alpha, alpha) for rng in draws], dtype=torch.float32)
        weights = share * weight + (1 - share) * weight[other]
        positive = share * weight * target + (1 - share) * weight[other] * target[other]
        at = share.to(x).view(-1, 1, 1, 1)
        mixed = at * x + (1 - at) * x[other.to(x.device)]
        return mixed, torch.where(weights > 0, positive / weights.clamp(min=1e-12), target), weights


def _off_centre(change: Change, reach: tuple[float, float], side: int, rng: np.random.Generator) -> Change:
    """Move the content so far that what was in the middle no longer is; sizes stay, so that the distance is known."""
    angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(*reach) / side
    size = max(change.scale)
    shift = (far * size * math.cos(angle), far * size * math.sin(angle))
    return Change(**(vars(change) | {"shift": shift}))


T = TypeVar("T")


def ahead(make: Callable[[int], T], numbers: range) -> Generator[T, None, None]:
    """Yield `make(n)` for each number in order, made on a thread while the caller works on the one before."""
    left = iter(numbers)
    coming: deque[Future[T]] = deque()
    with ThreadPoolExecutor(1, "batches") as pool:
        try:
            coming.extend(pool.submit(make, n) for n in islice(left, _AHEAD))
            while coming:
                made = coming.popleft().result()
                coming.extend(pool.submit(make, n) for n in islice(left, 1))
                yield made
        finally:
            for future in coming:
                future.cancel()
