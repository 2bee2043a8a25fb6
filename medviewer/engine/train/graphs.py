"""A step of a full batch as one CUDA graph: a hundred small kernels that the card starts by itself.

Whatever does not fit in (another number of rows, several processes, teachers, memory in pieces) is computed the plain
way, with the same results: a graph repeats what was computed while it was recorded, and dropout goes on in its series.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor

from medviewer.engine import device as devices
from medviewer.engine.train.batches import Batch
from medviewer.engine.train.memory import generators, restore
from medviewer.engine.train.state import State

log = logging.getLogger(__name__)


class Graphed:
    """Makes steps by a graph, which the first full batch records.

    `gradients` adds a batch's gradients to the net's and returns its loss; `descend` moves the weights along them.
    """

    def __init__(self, now: State, gradients: Callable[[Batch], Tensor], descend: Callable[[], None]) -> None:
        self._now, self._gradients, self._descend = now, gradients, descend
        self._graph: torch.cuda.CUDAGraph | None = None
        self._batch: Batch | None = None
        self._loss: Tensor | None = None
        self._failed = False

    def step(self, batch: Batch) -> Tensor | None:
        """Make the step and return its loss; None, and nothing is done, where it is to be made the plain way."""
        if self._failed or self._now.rows or not self._now.device.startswith("cuda"):
            self._forget()
            return None
        if self._graph is None:
            self._record(batch)
        if self._graph is None or self._batch is None or self._loss is None:
            return None
        if self._batch.x.shape != batch.x.shape:
            return None
        for mine, given in ((self._batch.x, batch.x), (self._batch.target, batch.target)):
            mine.copy_(given)
        self._batch.weight.copy_(batch.weight)
        self._graph.replay()
        return self._loss.clone()

    def _record(self, batch: Batch) -> None:
        """Record a step without making it."""
        now = self._now
        graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream(now.device)  # type: ignore[no-untyped-call]
        try:
            still = replace(batch, x=batch.x.clone(), target=batch.target.clone(), weight=batch.weight.clone())
            with _untouched(now):
                # a real one first makes the optimiser's memory, and what libraries make at their first use
                stream.wait_stream(torch.cuda.current_stream(now.device))
                with torch.cuda.stream(stream):
                    now.optimiser.zero_grad(set_to_none=True)
                    self._gradients(still)
                    self._descend()
                    now.optimiser.zero_grad(set_to_none=True)
                torch.cuda.current_stream(now.device).wait_stream(stream)
                with _capturable(now.optimiser), torch.cuda.graph(graph, stream=stream):
                    loss = self._gradients(still)
                    self._descend()
            self._graph, self._batch, self._loss = graph, still, loss
        except RuntimeError as error:  # no memory for it, or a card or a driver that cannot
            log.warning("steps are not recorded: %s", str(error).partition("\n")[0])
            self._failed = True
            now.optimiser.zero_grad(set_to_none=True)
            devices.free_memory()

    def _forget(self) -> None:
        self._graph = self._batch = self._loss = None


@contextmanager
def _untouched(now: State) -> Iterator[None]:
    """Put everything back that a step moves: weights, statistics, the optimiser's memory, random numbers."""
    tensors = [*now.net.parameters(), *now.net.buffers(), *_memory(now.optimiser)]
    kept, random = [t.detach().clone() for t in tensors], generators(now.device)
    known = {id(t) for t in tensors}
    try:
        yield
    finally:
        torch.cuda.synchronize()  # what failed may have left work on another stream
        with torch.no_grad():
            for tensor, before in zip(tensors, kept, strict=True):
                tensor.copy_(before)
            for tensor in _memory(now.optimiser):
                if id(tensor) not in known:
                    tensor.zero_()  # as it begins
        restore(now.device, random)


def _memory(optimiser: torch.optim.Optimizer) -> list[Tensor]:
    return [value for values in optimiser.state.values() for value in values.values()]


@contextmanager
def _capturable(optimiser: torch.optim.Optimizer) -> Iterator[None]:
    """Say of the optimiser that it may be recorded (a fused one always can): outside of this it would warn."""
    for group in optimiser.param_groups:
        group["capturable"] = True
    try:
        yield
    finally:
        for group in optimiser.param_groups:
            group["capturable"] = False
