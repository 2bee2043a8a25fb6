"""What is asked of an explanation: which number, of which net, on which part of the input.

THE EXPLAINED QUANTITY is the target's logit before calibration and sigmoid (the sigmoid saturates and flattens every
gradient). For a dense net it is the logit of one place: the highest that counts, which is the slice's own score, or
the place nearest to the parameter `at`. Such a logit depends on its receptive field alone, so only that part of the
input is computed; where the part does not give the same logit (a net with a global step) the whole input is.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from medviewer.core.errors import UserError
from medviewer.engine import nets, predict
from medviewer.engine.models import LoadedModel
from medviewer.engine.preprocess import Grid, Prepared
from medviewer.inference.card import Baseline

Values = NDArray[np.float32]


class Logit(nn.Module):
    """A net narrowed to the explained number: [n, channel, row, column] -> [n, 1]."""

    def __init__(self, net: nets.Net, label: int, cell: tuple[int, int] | None) -> None:
        super().__init__()
        self.net, self.label, self.cell = net, label, cell

    def forward(self, x: Tensor) -> Tensor:
        answer: Tensor = self.net(x)[:, self.label]
        return (answer if self.cell is None else answer[:, self.cell[0], self.cell[1]])[:, None]


@dataclass(frozen=True)
class Question:
    """The explained number and its input.

    Attributes:
        net: `Logit` in evaluation mode.
        x, baseline: [1, channel, row, column], a part of the net's input.
        origin: (row, column) of the part in the input; `whole`: (rows, columns) of the input.
        cut: the part is a receptive field: outside it nothing can move the number.
        place: (column, row) of the explained place in source pixels, for dense nets.
        chunk: pictures in one forward and backward at most.
        stop: called between chunks, may raise; never inside a hook.
        progress: told (done, total) in pictures.
    """

    net: Logit
    x: Tensor
    baseline: Tensor
    layer: str
    grid: Grid
    origin: tuple[int, int]
    whole: tuple[int, int]
    cut: bool = False
    place: tuple[float, float] | None = None
    chunk: int = 8
    stop: Callable[[], object] = lambda: None
    progress: Callable[[int, int], object] = lambda done, total: None

    @property
    def module(self) -> nn.Module:
        """The layer that Grad-CAM looks at."""
        return self.net.net.get_submodule(self.layer)

    def value(self, x: Tensor) -> float:
        """Return the explained number for `x`."""
        with torch.no_grad():
            return float(self.net(x))

    def on_input(self, values: Values) -> Values:
        """Return a map of the part as a map on the whole input; outside a receptive field the attribution is 0."""
        if values.shape == self.whole:
            return values
        result = np.zeros(self.whole, np.float32)
        row, column = self.origin
        result[row : row + values.shape[0], column : column + values.shape[1]] = values
        return result

    def randomised(self, seed: int = 0) -> "Question":
        """Return the same question to a copy of the net that knows nothing.

        Every convolution's and dense layer's weights are drawn anew (Kaiming normal), normalisation stays, so that
        activations keep their scale (Adebayo 2018, complete randomisation).
        """
        net = copy.deepcopy(self.net.net)
        drawn = torch.Generator().manual_seed(seed)
        for parameter in net.parameters():
            if parameter.ndim > 1:
                fresh = torch.empty(parameter.shape)
                nn.init.kaiming_normal_(fresh, generator=drawn)
                parameter.data.copy_(fresh)
        return replace(self, net=Logit(net.eval(), self.net.label, self.net.cell))


def ask(model: LoadedModel, ready: Prepared, target: str, parameters: dict[str, Any]) -> Question:
    """Return the question for `target` on a prepared picture.

    Raises:
        UserError: `usage`: the model has no such class; `not_evaluated`: no place that the model reads.
    """
    if target not in model.card.names:
        raise UserError("usage", f"The model {model.card.name} has no class {target}.")
    label = model.card.names.index(target)
    x = torch.tensor(ready.tensor[None]).to(model.device)
    spec = model.card.explain
    layer = parameters.get("layer") or spec.layer
    question = Question(
        net=Logit(model.net, label, None),
        x=x,
        baseline=_baseline(spec.baseline, x),
        layer=layer,
        grid=model.net.grid(layer),
        origin=(0, 0),
        whole=(x.shape[2], x.shape[3]),
    )
    return _at_place(model, ready, question, parameters.get("at")) if model.net.dense else question


def _at_place(model: LoadedModel, ready: Prepared, question: Question, at: Any) -> Question:
    grid = model.net.grid(model.net.last)
    label = question.net.label
    logits = predict.forward(model, question.x)[0, label].numpy()
    cell = _highest(ready, logits) if at is None else _nearest(ready, logits.shape, grid, at)
    if cell is None:
        raise UserError("not_evaluated", "There is no place in this image that the model reads.")
    x, y = (grid.offset + grid.stride * c for c in (cell[1], cell[0]))
    place = float(ready.to_source[0] @ (x, y, 1)), float(ready.to_source[1] @ (x, y, 1))
    whole = replace(question, net=Logit(model.net, label, cell), place=place)
    part = _part(whole, grid, cell)
    same = abs(part.value(part.x) - float(logits[cell])) <= 1e-3 * max(1.0, abs(float(logits[cell])))
    return part if same else whole


def _highest(ready: Prepared, logits: Values) -> tuple[int, int] | None:
    heat = logits if ready.places is None else np.where(ready.places, logits, -np.inf)
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    return (int(row), int(column)) if np.isfinite(heat[row, column]) else None


def _nearest(ready: Prepared, shape: tuple[int, ...], grid: Grid, at: Any) -> tuple[int, int] | None:
    """Return the cell that counts nearest to the source pixel `at` (column, row)."""
    try:
        column, row = (float(v) for v in at)
    except (TypeError, ValueError) as error:
        raise UserError("usage", "The place to explain is a column and a row.") from error
    x, y, _ = np.linalg.inv(ready.to_source) @ (column, row, 1)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    far = (grid.offset + grid.stride * rows - y) ** 2 + (grid.offset + grid.stride * columns - x) ** 2
    far = far if ready.places is None else np.where(ready.places, far, np.inf)
    i, j = np.unravel_index(int(far.argmin()), far.shape)
    return (int(i), int(j)) if np.isfinite(far[i, j]) else None


def _part(whole: Question, grid: Grid, cell: tuple[int, int]) -> Question:
    """Return the question on the receptive field of `cell`, cut at multiples of the stride so that cells stay put."""
    starts, ends, moved = [], [], []
    for c, size in zip(cell, whole.whole, strict=True):
        low = grid.offset - (grid.field - 1) / 2 + grid.stride * c
        cells = max(0, int(low // grid.stride))
        starts.append(cells * grid.stride)
        ends.append(min(size, int(np.ceil(low + grid.field))))
        moved.append(c - cells)
    area = (..., slice(starts[0], ends[0]), slice(starts[1], ends[1]))
    return replace(
        whole,
        net=Logit(whole.net.net, whole.net.label, (moved[0], moved[1])),
        x=whole.x[area].contiguous(),
        baseline=whole.baseline[area].contiguous(),
        origin=(starts[0], starts[1]),
        cut=True,
    )


def _baseline(spec: Baseline, x: Tensor) -> Tensor:
    """Return what stands for "nothing there", in the shape of `x` [1, c, h, w]."""
    if spec.kind == "value":
        return torch.full_like(x, spec.value)
    if spec.kind == "mean":
        return x.mean((2, 3), keepdim=True).expand_as(x).contiguous()
    reach = int(np.ceil(3 * spec.value))
    weights = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, device=x.device) / spec.value) ** 2)
    row = (weights / weights.sum()).reshape(1, 1, 1, -1)
    planes = x.reshape(-1, 1, *x.shape[2:])
    planes = nn.functional.conv2d(nn.functional.pad(planes, (reach, reach, 0, 0), "replicate"), row)
    planes = nn.functional.conv2d(nn.functional.pad(planes, (0, 0, reach, reach), "replicate"), row.mT)
    return planes.reshape(x.shape)
