"""Changes to prepared pictures (0..1): the same code makes training variety and the stress tests of a model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from medviewer.engine.train import changes as drawn
from medviewer.engine.train.changes import PLACES, SHADE, Change, Floats, Variety, corner_box, variety

__all__ = ["EDGES", "SHORTCUTS", "STRESS", "Change", "Variety", "apply", "change", "corner_box", "sent", "variety"]

#: Blur (sigma in pixels) below which a picture is as it was.
_SHARP = 0.05


def apply(
    x: Tensor,
    changes: Sequence[Change],
    side: int | None = None,
    edges: str = "border",
    seed: Sequence[int] = (0,),
    first: int = 0,
) -> Tensor:
    """Return the pictures [n, 1, h, w] (0..1) changed, each by its own `Change`, cropped at the middle to `side`.

    `edges` says what lies outside: "border" (the last pixel goes on) or "reflection". `seed` makes the noise.
    `changes` may be those of a whole batch of which `x` is a part that begins at number `first`: the part comes out as
    it would in the whole.
    """
    most = max((c.blur for c in changes), default=0.0)
    mine = changes[first : first + len(x)]
    size = (side or x.shape[2], side or x.shape[3])
    table = drawn.numbers(mine, (x.shape[2], x.shape[3]), size)
    noise = drawn.noise(table, seed, first, (x.shape[1], *size))
    return change(x, table, drawn.boxes(mine, size), noise, size, edges, most)


def change(
    x: Tensor,
    table: Floats,
    boxes: Floats,
    noise: NDArray[np.float32] | None,
    size: tuple[int, int],
    edges: str,
    most_blur: float,
) -> Tensor:
    """Return the pictures [n, 1, h, w] (0..1) changed by numbers, boxes and noise as `changes.py` makes them.

    `most_blur` is that of the whole batch, which decides how far all of it is blurred. On a graphics card nothing here
    waits for it: `noise` must stay as it is until the card has read it.
    """
    values = _Values(table.astype(np.float32), x.device)
    if table[:, PLACES["moves"]].any():
        grid = functional.affine_grid(values.of("theta").view(-1, 2, 3), [len(x), 1, *size], align_corners=False)
        x = functional.grid_sample(x, grid, mode="bilinear", padding_mode=edges, align_corners=False)
    else:
        top, left = (x.shape[2] - size[0]) // 2, (x.shape[3] - size[1]) // 2
        x = x[:, :, top : top + size[0], left : left + size[1]].clone()
    x = _greys(x, values)
    x = _blurred(x, values, table[:, PLACES["blur"]][:, 0], most_blur)
    if noise is not None:
        x = x + sent(noise, x.device) * values.column("noise")
    x = x.clamp(0, 1)
    return _painted(x, boxes) if x.is_cuda else _painted_in_turn(x, boxes)


def sent(array: NDArray[Any], device: torch.device | str) -> Tensor:
    """Return an array as a tensor there; a graphics card fetches it when it comes to it, from pinned memory."""
    found = torch.from_numpy(array)
    if not str(device).startswith("cuda"):
        return found.to(device)
    return found.pin_memory().to(device, non_blocking=True)


class _Values:
    """The numbers of a batch where its pictures are, brought there at once; questions are answered on this side."""

    def __init__(self, table: NDArray[np.float32], device: torch.device) -> None:
        self._table, self._there = table, sent(table, device)

    def of(self, name: str) -> Tensor:
        return self._there[:, PLACES[name]]

    def column(self, name: str, number: int = 0) -> Tensor:
        return self._there[:, PLACES[name].start + number].view(-1, 1, 1, 1)

    def any(self, name: str, but: float = 0.0) -> bool:
        return bool((self._table[:, PLACES[name]] != but).any())


def _greys(x: Tensor, values: _Values) -> Tensor:
    if values.any("gamma", but=1.0):
        x = x.clamp(0, 1) ** values.column("gamma")
    x = (x - 0.5) * values.column("contrast") + 0.5 + values.column("brightness")
    if values.any("slope"):
        across = torch.linspace(-1, 1, x.shape[3], device=x.device).view(1, 1, 1, -1)
        down = torch.linspace(-1, 1, x.shape[2], device=x.device).view(1, 1, -1, 1)
        x = x + values.column("slope") * across + values.column("slope", 1) * down
    if values.any("shade"):
        grids = values.of("shade").reshape(-1, 1, SHADE, SHADE)
        x = x + functional.interpolate(grids, x.shape[2:], mode="bicubic", align_corners=True)
    return x


def _blurred(x: Tensor, values: _Values, sigmas: Floats, most: float) -> Tensor:
    at = np.flatnonzero(sigmas > _SHARP).tolist()
    if not at:
        return x
    reach = max(1, int(np.ceil(3 * most)))
    steps = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    if x.is_cuda:  # all of them: picking some out would wait for the card, and a sharp one's kernel is a single 1
        return _convolved(x, steps, values.of("blur").clamp(min=1e-3))
    x = x.clone()
    x[at] = _convolved(x[at], steps, values.of("blur")[at])
    return x


def _convolved(x: Tensor, steps: Tensor, sigmas: Tensor) -> Tensor:
    """Blur each picture [n, 1, h, w] by its own sigma [n, 1]."""
    kernels = torch.exp(-0.5 * (steps[None] / sigmas) ** 2)
    kernels = kernels / kernels.sum(1, keepdim=True)
    reach, count = len(steps) // 2, len(x)
    part = functional.pad(x.transpose(0, 1), (reach,) * 4, mode="replicate")
    part = functional.conv2d(part, kernels.view(count, 1, 1, -1), groups=count)
    part = functional.conv2d(part, kernels.view(count, 1, -1, 1), groups=count)
    return part.transpose(0, 1)


def _painted_in_turn(x: Tensor, boxes: Floats) -> Tensor:
    for picture, several in zip(x, boxes.tolist(), strict=True):
        for top, bottom, left, right, grey in several:
            if bottom > top and right > left:
                picture[:, int(top) : int(bottom), int(left) : int(right)] = grey
    return x


def _painted(x: Tensor, boxes: Floats) -> Tensor:
    """Paint all boxes of a batch with a few calls: of those over a pixel the last one counts."""
    count = boxes.shape[1]
    if not count:
        return x
    at = sent(boxes.astype(np.float32), x.device)
    rows, columns = (torch.arange(n, device=x.device) for n in x.shape[2:])
    down = (rows >= at[:, :, 0:1]) & (rows < at[:, :, 1:2])
    across = (columns >= at[:, :, 2:3]) & (columns < at[:, :, 3:4])
    number = torch.arange(1, count + 1, dtype=torch.uint8, device=x.device).view(1, -1, 1)
    last = ((down * number)[..., None] * across[:, :, None, :]).amax(1)
    greys = functional.pad(at[:, :, 4], (1, 0))
    over = greys.gather(1, last.flatten(1).long()).view(len(x), 1, *x.shape[2:])
    return torch.where(last[:, None] > 0, over, x)


#: Light and dark places of a film, drawn once by hand so that no row, column or corner is the light one.
_CLOUDS = (
    (0.08, -0.06, 0.02, 0.07, -0.08),
    (-0.04, 0.09, -0.08, 0.03, 0.06),
    (0.06, -0.07, 0.08, -0.09, 0.02),
    (-0.08, 0.04, -0.05, 0.08, -0.06),
    (0.05, -0.08, 0.07, -0.03, 0.09),
)
#: Deterministic changes under which a model is judged before an epoch is chosen (films and slices have their own).
STRESS: dict[str, dict[str, Change]] = {
    "films": {
        "as it is": Change(),
        "gamma 0.6": Change(gamma=0.6),
        "gamma 1.7": Change(gamma=1.7),
        "flat": Change(contrast=0.6, brightness=0.08),
        "hard": Change(contrast=1.5, brightness=-0.05),
        "cropped": Change(scale=(1.15, 1.1)),
        "stretched": Change(scale=(1.12, 0.94)),
        "blurred": Change(blur=1.5),
        "noisy": Change(noise=0.06),
        "shaded": Change(slope=(0.1, -0.1), shade=_CLOUDS),
        "another machine, soft": Change(
            gamma=0.75, contrast=0.7, brightness=0.05, scale=(1.08, 1.14), blur=1.2, noise=0.02
        ),
        "another machine, hard": Change(
            gamma=1.4, contrast=1.3, slope=(-0.06, 0.08), scale=(1.1, 0.98), shift=(0.03, 0.02), noise=0.04
        ),
    },
    "patches": {
        "as it is": Change(),
        "smaller": Change(scale=(0.8, 0.8)),
        "larger": Change(scale=(1.25, 1.25)),
        "brighter": Change(brightness=0.04, contrast=1.1),
        "darker": Change(brightness=-0.04, contrast=0.9),
        "blurred": Change(blur=0.8),
        "noisy": Change(noise=0.05),
    },
}
#: Further changes for the card: what the model must not live on.
SHORTCUTS: dict[str, Change] = {
    "corners painted over": Change(boxes=tuple(corner_box(i, 0.2, 0.5) for i in range(4))),
    "frame painted over": Change(boxes=((0, 0, 0.1, 1, 0), (0.9, 0, 1, 1, 0), (0, 0, 1, 0.1, 0), (0, 0.9, 1, 1, 0))),
    "only the frame left": Change(boxes=((0.1, 0.1, 0.9, 0.9, 0.5),)),
    "mirrored": Change(mirror=True),
}
EDGES = {"films": "border", "patches": "reflection"}
