"""The losses of an epoch, brought from the device only when somebody wants to know them."""

import torch
from torch import Tensor

from medviewer.engine.train.state import State


class Losses:
    """Collects them for a state's sums; asking a graphics card after each step would make it wait."""

    def __init__(self, now: State) -> None:
        self._now = now
        self._waiting: list[tuple[Tensor, int]] = []
        self._last = 0.0

    def add(self, loss: Tensor, pictures: int) -> None:
        self._waiting.append((loss, pictures))

    def settle(self) -> None:
        """Add what waits to the state's sums."""
        if not self._waiting:
            return
        # all at once: on a graphics card every question waits for it (which may have been left meanwhile)
        losses = torch.stack([loss.to(self._now.device) for loss, _ in self._waiting]).tolist()
        for loss, (_, pictures) in zip(losses, self._waiting, strict=True):
            self._last = loss
            self._now.total += self._last * pictures
            self._now.shown += pictures
        self._waiting.clear()

    def last(self) -> float:
        self.settle()
        return self._last
