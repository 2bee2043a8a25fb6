"""How batches come to the net: made ahead on a thread, or, for a graphics card, drawn by other processes.

A card is fed one batch ahead on a stream of its own, and neither side waits for the other: this process only says what
is to be done, a few steps before the card does it.
"""

import contextlib
import sys
from collections import deque
from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.engine.train.batches import Batch, Epoch, ahead, drawing_of
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import Examples
from medviewer.engine.train.distributed import World
from medviewer.engine.train.drawers import Drawers, how_many
from medviewer.engine.train.draws import Draws

#: Share of a card's free memory that pictures may lie in for as long as the training lasts.
_SHARE = 1 / 8
#: Batches that wait, made, on the card; draws whose memory is read at the same time; steps that it may lag behind.
_WAITING, _READ, _LAG = 1, 2, 2
_PORTABLE = 1  # cudaHostRegisterPortable


class Feed:
    """The batches of a training's epochs; holds processes and memory until it is closed."""

    def __init__(self, config: Config, part: Examples, world: World, device: str) -> None:
        self.config, self.part, self.world = config, part, world
        self._drawers: Drawers | None = None
        self._pinned: list[int] = []
        self._pictures: Tensor | None = None
        if device.startswith("cuda"):
            self._pictures = _resident(part.x, device)
            # without room for them the thread draws
            with contextlib.suppress(OSError):
                self._start(how_many() // world.size, device)

    def _start(self, count: int, device: str) -> None:
        if count < _READ:
            return
        rows = self.config.schedule.batch + 1  # one that would be left over goes with the last batch
        self._drawers = Drawers(drawing_of(self.config, self.part), rows, count)
        self._pinned = [found for memory in self._drawers.memory if (found := _pin(memory, device))]

    def epoch(self, order: NDArray[np.int64], number: int, device: str) -> Epoch:
        """Return epoch `number`, whose batches are made on `device`."""
        pictures = self._pictures if device.startswith("cuda") else None
        return Epoch(self.config, self.part, order, number, device, self.world, pictures)

    def batches(self, epoch: Epoch, numbers: range) -> Generator[Batch, None, None]:
        """Return the batches of these numbers in order; close it when no more are wanted."""
        if not epoch.device.startswith("cuda"):
            return ahead(epoch.batch, numbers)
        if self._drawers is not None:
            return _on_card(self._drawers.ahead(epoch.wish, numbers), epoch)
        return _on_card(ahead(lambda n: (n, epoch.drawing.draw(epoch.wish(n))), numbers), epoch)

    def close(self) -> None:
        """End the processes."""
        if self._drawers is None:
            return
        if self._pinned:
            torch.cuda.synchronize()
            for address in self._pinned:
                torch.cuda.cudart().cudaHostUnregister(address)  # type: ignore[no-untyped-call]
            self._pinned.clear()
        self._drawers.close()
        self._drawers = None


def _on_card(draws: Generator[tuple[int, Draws], None, None], epoch: Epoch) -> Generator[Batch, None, None]:
    """Make batches on a stream beside the net's, one ahead of it, and hand them over in order."""
    net = torch.cuda.current_stream(epoch.device)
    beside = torch.cuda.Stream(epoch.device)  # type: ignore[no-untyped-call]
    beside.wait_stream(net)  # the pictures are there
    waiting: deque[tuple[Batch, torch.cuda.Event]] = deque()
    reading: deque[torch.cuda.Event] = deque()
    steps: deque[torch.cuda.Event] = deque()

    def begin() -> bool:
        if len(reading) == _READ:
            reading.popleft().synchronize()  # the draws of two batches before may be overwritten from now on
        found = next(draws, None)
        if found is None:
            return False
        if len(steps) == _LAG:
            beside.wait_event(steps.popleft())  # or batches would fill the memory of a card that comes behind
        with torch.cuda.stream(beside):
            batch = epoch.made(*found)
            made = beside.record_event()
        reading.append(made)
        waiting.append((batch, made))
        return True

    try:
        more = begin()
        while waiting:
            while more and len(waiting) <= _WAITING:
                more = begin()
            batch, made = waiting.popleft()
            net.wait_event(made)
            for tensor in (batch.x, batch.target, batch.weight):
                tensor.record_stream(net)
            yield batch
            steps.append(net.record_event())
    finally:
        for event in reading:
            event.synchronize()
        draws.close()


def _resident(x: NDArray[np.float16], device: str) -> Tensor | None:
    """Return the pictures on the card, if they are few enough to stay there."""
    free, _ = torch.cuda.mem_get_info(device)
    return torch.from_numpy(x).to(device) if x.nbytes <= free * _SHARE else None


def _pin(memory: NDArray[np.uint8], device: str) -> int:
    """Let the card read this memory by itself; returns its address, or 0 where the system does not allow it."""
    if sys.platform != "linux":
        return 0
    address = int(memory.ctypes.data)
    if int(torch.cuda.cudart().cudaHostRegister(address, memory.nbytes, _PORTABLE)) == 0:  # type: ignore[no-untyped-call]
        return address
    with contextlib.suppress(RuntimeError):  # the refusal is told once more, to whoever uses the card next
        torch.zeros(1, device=device).add_(1)
    return 0
