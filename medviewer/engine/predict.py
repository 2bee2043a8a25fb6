"""From pictures to scores: prepare, run in batches that fit the memory, read the logits off."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.core.errors import UserError
from medviewer.core.findings import Finding, SliceScore
from medviewer.engine import device as devices
from medviewer.engine import nets
from medviewer.engine.light import LightCopy
from medviewer.engine.models import LoadedModel
from medviewer.engine.preprocess import Grid, Prepared, prepare

#: Input pixels in one internal batch: bounds memory, and how long a cancel waits.
PIXELS_A_BATCH = 1 << 20

Notice = Callable[[str], object]


@dataclass(frozen=True)
class Picture:
    """One image as it came over the wire, with its arrays read."""

    index: int
    values: NDArray[Any]
    spacing: tuple[float, float] | None = None
    inverted: bool = False
    padding: NDArray[np.bool_] | None = None


def output_grid(net: nets.Net) -> Grid | None:
    """Return the grid of a dense net's answer, None for other nets."""
    return net.grid(net.last) if net.dense else None


def prepare_picture(model: LoadedModel, picture: Picture, *, patch: bool = False) -> Prepared:
    """Return what the net is given for `picture`, by the one preprocessing."""
    return prepare(
        model.card.input,
        picture.values,
        picture.spacing,
        picture.inverted,
        picture.padding,
        grid=output_grid(model.net),
        patch=patch,
    )


def predict(
    model: LoadedModel,
    pictures: Sequence[Picture],
    *,
    batch: int = 8,
    patch: bool = False,
    stop: Callable[[], object] = lambda: None,
    notice: Notice = lambda _: None,
    copy: LightCopy | None = None,
) -> Iterator[list[SliceScore]]:
    """Yield the scores of `pictures` as they come, a few at a time; the order is not kept, `index` tells them apart.

    Pictures of the same input size are computed together, others apart, so that a score does not depend on its company
    (to 1e-5). `stop` is called between internal batches and may raise. A lighter `copy` answers in the net's place.

    Raises:
        UserError: `no_memory`: not even one picture fits.
    """
    groups: dict[tuple[int, ...], list[tuple[int, Prepared]]] = defaultdict(list)
    for picture in pictures:
        stop()
        ready = prepare_picture(model, picture, patch=patch)
        if ready.reason is not None:
            yield [SliceScore(picture.index, evaluated=False, reason=ready.reason)]
            continue
        group = groups[ready.tensor.shape]
        group.append((picture.index, ready))
        if len(group) >= min(batch, _fitting(ready)):
            yield _score(model, groups.pop(ready.tensor.shape), notice, copy)
    for group in groups.values():
        stop()
        yield _score(model, group, notice, copy)


def _fitting(ready: Prepared) -> int:
    _, rows, columns = ready.tensor.shape
    return max(1, PIXELS_A_BATCH // max(1, int(rows * columns)))


def _score(
    model: LoadedModel, group: list[tuple[int, Prepared]], notice: Notice, copy: LightCopy | None
) -> list[SliceScore]:
    x = torch.from_numpy(np.stack([ready.tensor for _, ready in group]))
    with model.lock:
        logits = forward(model, x, notice) if copy is None else copy.logits(x)
    return [read_off(model, index, ready, logits[n].numpy()) for n, (index, ready) in enumerate(group)]


def forward(model: LoadedModel, x: Tensor, notice: Notice = lambda _: None) -> Tensor:
    """Return the net's answer for `x` [n, c, h, w], on the processor; out of memory halves the batch, then moves.

    Raises:
        UserError: `no_memory`.
    """
    answers: list[Tensor] = []
    done = 0
    while done < len(x):
        part = x[done : done + (model.limit or len(x))]
        answer = _try(model, part)
        if answer is None:
            step_down(model, len(part), notice)
        else:
            answers.append(answer)
            done += len(part)
    return torch.cat(answers)


def _try(model: LoadedModel, x: Tensor) -> Tensor | None:
    """Return the answer, or None when the device has no memory for it (the error and what it holds are gone then)."""
    try:
        with torch.no_grad(), devices.full_precision():
            answer: Tensor = model.net(x.to(model.device, memory_format=torch.channels_last))
            return answer.float().cpu()
    except (RuntimeError, MemoryError) as error:
        if not devices.out_of_memory(error):
            raise
        return None


def step_down(model: LoadedModel, size: int, notice: Notice) -> None:
    """After `size` pictures at once were too many: half of them, then the processor, and tell the reader.

    Raises:
        UserError: `no_memory`: one picture on the processor was too much.
    """
    devices.free_memory()
    words = devices.DEVICES[model.device][1]
    if size > 1:
        if model.limit is None:
            notice(devices.GOES_SMALLER.format(words=words))
        model.limit = size // 2
    elif model.device != "cpu":
        notice(devices.GOES_TO_CPU.format(words=words))
        model.to("cpu")
        model.limit = None
    else:
        raise UserError("no_memory", devices.NO_MEMORY)


def peak(model: LoadedModel, ready: Prepared, logits: NDArray[np.float32]) -> tuple[int, int] | None:
    """Return the cell (row, column) with the target's highest logit among the places that count; None without any."""
    heat = logits[model.card.names.index(model.card.target)]
    if ready.places is not None:
        heat = np.where(ready.places, heat, -np.inf)
    if not np.isfinite(heat).any():
        return None
    row, column = np.unravel_index(int(np.nanargmax(heat)), heat.shape)
    return int(row), int(column)


def read_off(model: LoadedModel, index: int, ready: Prepared, logits: NDArray[np.float32]) -> SliceScore:
    """Return the score of one picture from its logits [class] or [class, row, column].

    A dense net's score is that of its highest place, and the place is its finding, in source pixels.
    """
    card = model.card
    at: tuple[float, float] | None = None
    if logits.ndim == 3:
        cell = peak(model, ready, logits)
        if cell is None:
            return SliceScore(index, evaluated=False, reason="There is no place in this image that the model reads.")
        logits = logits[:, cell[0], cell[1]]
        grid = model.net.grid(model.net.last)
        x, y = (grid.offset + grid.stride * c for c in (cell[1], cell[0]))
        at = float(ready.to_source[0] @ (x, y, 1)), float(ready.to_source[1] @ (x, y, 1))
    if not np.isfinite(logits).all():
        return SliceScore(index, evaluated=False, reason="The model gave no number for this image.")
    scores = {name: probability(model, name, float(z)) for name, z in zip(card.names, logits, strict=True)}
    score = scores[card.target]
    findings = () if at is None else (Finding("point", at, score),)
    return SliceScore(index, scores, score >= card.threshold.value, findings)


def probability(model: LoadedModel, name: str, logit: float) -> float:
    """Return the number in 0..1 that is shown for class `name`: calibrated for the target where the card has it."""
    calibration = model.card.calibration
    if calibration and name == model.card.target:
        logit = calibration.a * logit + calibration.b
    return float(1 / (1 + np.exp(-np.clip(logit, -700, 700))))
