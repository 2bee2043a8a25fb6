"""Short of memory: smaller pieces of the same batch, then the processor, and only then an end that can go on."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from medviewer.core.errors import UserError
from medviewer.engine import device as devices
from medviewer.engine.train.batches import Batch
from medviewer.engine.train.state import State
from medviewer.engine.train.voice import Say

#: Rows at once: with less, a piece could be one row, of which batch normalisation has no statistics.
_LEAST = 3
SMALLER = "The {words} is short of memory. Training goes on with {rows} pictures at once; its steps stay the same."
TO_CPU = "The {words} is full. Training goes on with the processor, which is slower."
NO_MEMORY = (
    "There is not enough memory for this training. It stands at its last checkpoint: close other programs and go on, "
    "or train with a smaller batch."
)


def in_pieces(now: State, batch: Batch, gradients: Callable[[Batch], Tensor], may_change: bool, say: Say) -> Tensor:
    """Return a batch's loss and leave its gradients in the net, computed in as many pieces as the memory asks for.

    The optimisation stays that of the whole batch; batch normalisation alone sees the pieces.

    Raises:
        UserError: `no_memory`.
    """
    while True:
        random = generators(now.device)
        try:
            return _gradients(now, batch, gradients, random)
        except (RuntimeError, MemoryError) as error:
            if not devices.out_of_memory(error):
                raise
            if not may_change:
                raise UserError("no_memory", NO_MEMORY) from error
        # outside of `except`: the error's traceback holds the tensors of the step that failed
        now.optimiser.zero_grad(set_to_none=True)
        devices.free_memory()
        restore(now.device, random)
        _smaller(now, len(batch), say)


def _gradients(
    now: State, batch: Batch, gradients: Callable[[Batch], Tensor], random: tuple[Tensor, Tensor | None]
) -> Tensor:
    now.optimiser.zero_grad(set_to_none=True)
    pieces = max(1, -(-len(batch) // now.rows)) if now.rows else 1
    loss = gradients(_piece(batch, 0, pieces))
    for number in range(1, pieces):
        restore(now.device, random)  # every piece draws the mask of the whole batch, and takes its rows
        loss = loss + gradients(_piece(batch, number, pieces))
    return loss


def _piece(batch: Batch, number: int, pieces: int) -> Batch:
    if pieces == 1:
        return batch
    rows = slice(len(batch) * number // pieces, len(batch) * (number + 1) // pieces)
    cut = {"x": batch.x[rows], "target": batch.target[rows], "weight": batch.weight[rows]}
    return replace(batch, **cut, first=batch.first + rows.start)  # type: ignore[arg-type]


def _smaller(now: State, rows: int, say: Say) -> None:
    words = devices.DEVICES[now.device.partition(":")[0]][1]
    half = min(now.rows or rows, rows) // 2
    if half >= _LEAST:
        now.rows = half
        say({"event": "notice", "sentence": SMALLER.format(words=words, rows=half)})
    elif now.device != "cpu":
        now.to("cpu")
        now.rows = 0
        say({"event": "notice", "sentence": TO_CPU.format(words=words)})
    else:
        raise UserError("no_memory", NO_MEMORY)


def generators(device: str) -> tuple[Tensor, Tensor | None]:
    """Return where the random number generators stand, of the processor and of a graphics card."""
    return torch.get_rng_state(), torch.cuda.get_rng_state(device) if device.startswith("cuda") else None


def restore(device: str, random: tuple[Tensor, Tensor | None]) -> None:
    """Bring the generators back to where they stood."""
    torch.set_rng_state(random[0])
    if random[1] is not None and device.startswith("cuda"):
        torch.cuda.set_rng_state(random[1], device)
