"""The batches of an epoch: which pictures, how each is changed, what its label weighs; made ahead on a thread.

What is random in them is drawn by `draws.py`; on a graphics card other processes draw, and `feed.py` hands over.
"""

import math
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.engine.train import augment
from medviewer.engine.train.augment import EDGES, sent
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import Examples
from medviewer.engine.train.distributed import World
from medviewer.engine.train.draws import Drawing, Draws, Wish

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


def drawing_of(config: Config, part: Examples) -> Drawing:
    """Return how a training on `part` draws."""
    schedule, shape = config.schedule, (part.x.shape[1], part.x.shape[2])
    size = (schedule.crop, schedule.crop) if schedule.crop else shape
    return Drawing(
        config.augment,
        schedule.seed,
        schedule.off_centre,
        schedule.off_centre_reach,
        schedule.mixup,
        shape,
        size,
    )


@dataclass(frozen=True)
class Epoch:
    """Makes the batches of one epoch, any of them at any time.

    `pictures`: those of `part` [n, row, column] on the device; None: they are brought there with each batch.
    """

    config: Config
    part: Examples
    order: NDArray[np.int64]
    epoch: int
    device: str
    world: World
    pictures: Tensor | None = None

    @property
    def steps(self) -> int:
        count, batch = len(self.order), self.config.schedule.batch
        return max(1, math.ceil(count / batch) - (count % batch == 1))

    def batch(self, number: int) -> Batch:
        """Return batch `number` (from 0) with every change made."""
        return self.made(number, self.drawing.draw(self.wish(number)))

    @cached_property
    def drawing(self) -> Drawing:
        return drawing_of(self.config, self.part)

    def wish(self, number: int) -> Wish:
        """Return what is to be drawn for batch `number`."""
        index = self._index(number)
        rows = self._rows(len(index))
        start = number * self.config.schedule.batch
        return Wish(self.epoch, start, tuple(self.part.y[index].tolist()), rows.start, rows.stop)

    def made(self, number: int, draws: Draws) -> Batch:
        """Return batch `number` with the changes that were drawn for it; a graphics card is not waited for."""
        index = self._index(number)
        rows = self._rows(len(index))
        x, target, weight = self._changed(index[rows], rows, draws)
        if self.config.schedule.mixup:
            mine = self.world.rows(len(index))
            x, target, weight = (t[mine] for t in self._mixed(x, target, weight, draws))
            rows = mine
        x = x.expand(-1, self.config.card["input"].get("channels", 1), -1, -1)
        x = x.contiguous(memory_format=torch.channels_last)
        return Batch(x, target, weight, rows.start, len(index))

    def _index(self, number: int) -> NDArray[np.int64]:
        batch = self.config.schedule.batch
        # one picture alone has no batch statistics: it goes with the batch before
        stop = len(self.order) if number == self.steps - 1 else (number + 1) * batch
        return self.order[number * batch : stop]

    def _rows(self, count: int) -> slice:
        """Return the rows to be made: what is mixed may be another process's picture, then all make the whole batch."""
        return slice(0, count) if self.config.schedule.mixup else self.world.rows(count)

    def _changed(self, index: NDArray[np.int64], rows: slice, draws: Draws) -> tuple[Tensor, Tensor, Tensor]:
        """Return pictures [n, 1, row, column], targets and weights of some rows."""
        there = self.pictures
        x = sent(self.part.x[index], self.device) if there is None else there[sent(index, self.device)]
        kind = self.config.data["kind"]
        most = float(draws.column("blur").max())
        table, boxes = draws.table[rows], draws.boxes[rows]
        x = augment.change(x.float()[:, None], table, boxes, draws.noise, self.drawing.size, EDGES[kind], most)
        labels = draws.column("label")[rows].astype(np.float32)
        y = sent(labels, self.device)
        # a nodule so large that it still covers the middle says nothing: neither class
        moved = self.part.y[index] & (labels == 0)
        if moved.any():
            middle = slice(x.shape[2] // 2 - 3, x.shape[2] // 2 + 4)
            covered = x[:, 0, middle, middle].mean((1, 2)) > _TISSUE
            y = y.masked_fill(sent(moved, self.device) & covered, math.nan)
        return x, *self._labels(y)

    def _labels(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return targets (smoothed) and weights: every class weighs the same, prevalence belongs to the calibration."""
        smoothing = self.config.schedule.smoothing
        weight = torch.ones_like(y)
        if self.config.schedule.class_weights:
            positives = self._positives
            weight = torch.where(y > 0.5, 0.5 / positives, 0.5 / (1 - positives))
        return y.nan_to_num() * (1 - 2 * smoothing) + smoothing, weight.masked_fill(y.isnan(), 0)

    @cached_property
    def _positives(self) -> float:
        return float(self.part.y[self.order].mean())

    def _mixed(self, x: Tensor, target: Tensor, weight: Tensor, draws: Draws) -> tuple[Tensor, Tensor, Tensor]:
        """Lay each picture over another of the batch (mixup, Zhang 2018), shares from Beta(alpha, alpha).

        The loss of a mixed picture is the mixture of both weighted losses, which is one loss with a mixed target.
        """
        other = sent(draws.column("other").astype(np.int64), self.device)
        share = sent(draws.column("share").astype(np.float32), self.device)
        weights = share * weight + (1 - share) * weight[other]
        positive = share * weight * target + (1 - share) * weight[other] * target[other]
        at = share.view(-1, 1, 1, 1)
        mixed = at * x + (1 - at) * x[other]
        return mixed, torch.where(weights > 0, positive / weights.clamp(min=1e-12), target), weights


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
