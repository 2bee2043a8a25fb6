"""THE preprocessing: from the pixels of a picture to what a net is given, for training and reading alike.

Driven by the card's `input` section and nothing else. numpy and scipy only. Coordinates are (x, y) = (column, row)
with pixel centres at whole numbers; `to_source` maps the net's input to the source picture.

How to use it with a net:
    grid = net.grid(net.last) if net.dense else None
    p = prepare(card.input, values, spacing, inverted, padding, grid=grid, patch=patch)
    if p.reason is None: logit = nets.picture_logits(net(tensor[None]), places[None] or None)
Inputs of dense nets differ in size from slice to slice (the slice is cropped to its lungs): batch equal shapes only.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.engine.lungs import lung_mask
from medviewer.inference.card import Cell, Input, Scaling

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: Rec. 601 weights, as every JPEG decoder uses them to make grey.
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)
#: Pixel size at which lungs are looked for, mm.
_LUNG_MM = 1.5
#: Numbers of cells are rounded up to a multiple of this, so that few shapes occur.
_CELLS = 8


@dataclass(frozen=True)
class Grid:
    """Where the cells of a layer look: cell i is centred on input pixel `offset + stride * i` and sees `field` pixels.

    Pixel centres lie at whole numbers; rows and columns are alike. Placing a map by this, not by a plain resize, keeps
    it where it belongs (a resize is wrong by up to half a cell).
    """

    stride: int = 1
    offset: float = 0.0
    field: int = 1

    def through(self, kernel: int, stride: int, padding: int) -> "Grid":
        """Return the grid after a convolution or pooling window."""
        offset = self.offset + ((kernel - 1) / 2 - padding) * self.stride
        return Grid(self.stride * stride, offset, self.field + (kernel - 1) * self.stride)

    def cells(self, pixels: int) -> int:
        """Return the number of cells over `pixels` input pixels, for nets without padding."""
        return max(0, (pixels - self.field) // self.stride + 1)

    @property
    def cell(self) -> Cell:
        """The same as a card writes it."""
        return Cell((self.stride, self.stride), (self.offset, self.offset), self.field)


@dataclass(frozen=True)
class Prepared:
    """A net's input and the way back.

    Attributes:
        tensor: float32 [channel, row, column]; empty where `reason` is given.
        to_source: 3x3, input (x, y, 1) to source (x, y, 1).
        seen: bool [row, column] of the source, False where the net never looked.
        places: bool [cell row, cell column] of a dense net's answer: where a score counts. None for other nets.
        reason: the sentence why the picture is not evaluated, else None.
    """

    tensor: Floats
    to_source: NDArray[np.float64]
    seen: Mask
    places: Mask | None = None
    reason: str | None = None


def prepare(
    spec: Input,
    values: NDArray[Any],
    spacing: tuple[float, float] | None = None,
    inverted: bool = False,
    padding: Mask | None = None,
    *,
    grid: Grid | None = None,
    patch: bool = False,
) -> Prepared:
    """Return what a net is given for one picture.

    Args:
        spec: the card's `input` section.
        values: [row, column] modality values, or [row, column, 3] uint8 colours (their luminance is used).
        spacing: (row, column) mm; without it a slice is taken to have the card's pixel size already.
        inverted: MONOCHROME1: the greys turn round first.
        padding: True where no patient is; such pixels are left out of everything.
        grid: of a dense net's answer; None for nets with one answer a picture.
        patch: `values` is a training patch: no resampling, no lungs; its middle is scored; 8-bit greys span the window.
    """
    if not patch and (values.shape[0] < spec.min_size[0] or values.shape[1] < spec.min_size[1]):
        rows, columns = values.shape[:2]
        least = f"{spec.min_size[1]} x {spec.min_size[0]}"
        return _refused(values, f"The image is too small ({columns} x {rows} pixels, at least {least} are needed).")
    if padding is not None and padding.all():
        return _refused(values, "The image holds nothing but padding.")
    grey = _grey(values, inverted)
    if patch:
        return _patch(spec, values, grey, grid)
    if spec.fit == "resample":
        return _slice(spec, grey, spacing, padding, grid or Grid())
    return _fitted(spec, grey, padding)


def _refused(values: NDArray[Any], reason: str) -> Prepared:
    return Prepared(np.zeros((0, 0, 0), np.float32), np.eye(3), np.zeros(values.shape[:2], bool), None, reason)


def _grey(values: NDArray[Any], inverted: bool) -> Floats:
    """One channel of finite floats, bright where the source shows bright."""
    grey = values.astype(np.float32) @ _LUMINANCE if values.ndim == 3 else values.astype(np.float32)
    if grey.size and not np.isfinite(grey).all():
        grey = np.nan_to_num(grey, nan=0.0, posinf=0.0, neginf=0.0)
    return -grey if inverted else grey


# --- pictures brought to one size -----------------------------------------------------------------------------------


def _fitted(spec: Input, grey: Floats, padding: Mask | None) -> Prepared:
    """Bring the picture to `size`: stretched (films were, in training: their aspect is lost), padded or cropped."""
    if spec.size is None:
        raise ValueError("only `fit` resample goes without `size`")
    ratios = grey.shape[0] / spec.size[0], grey.shape[1] / spec.size[1]
    steps = {"stretch": ratios, "pad": (max(ratios),) * 2, "crop": (min(ratios),) * 2}[spec.fit]
    # the middles of source and input coincide
    starts = [(n - 1) / 2 - s * (m - 1) / 2 for n, s, m in zip(grey.shape, steps, spec.size, strict=True)]
    axes = list(zip(grey.shape, starts, steps, spec.size, strict=True))
    kept = None if padding is None else (~padding).astype(np.float32)
    small, there = _weighted(grey, kept, resampling(*axes[0]), resampling(*axes[1]))
    inside = [_inside(*axis) for axis in axes]
    if not (inside[0].all() and inside[1].all()):
        within = inside[0][:, None] & inside[1]
        there = within if there is None else there & within
    scaled = _scale(spec.scaling, small, there, spec.fill)
    if scaled is None:
        return _refused(grey, "The image is empty: all its pixels have the same value.")
    to_source = np.array([[steps[1], 0, starts[1]], [0, steps[0], starts[0]], [0, 0, 1]], float)
    covered = [np.abs(np.arange(n) - (n - 1) / 2) <= s * m / 2 for n, _, s, m in axes]
    seen = covered[0][:, None] & covered[1]
    return Prepared(_channels(spec, scaled), to_source, seen if padding is None else seen & ~padding)


def _inside(pixels: int, start: float, step: float, count: int) -> Mask:
    """Which outputs are centred on the source."""
    at = start + step * np.arange(count)
    return (at >= -0.5) & (at <= pixels - 0.5)


def _weighted(grey: Floats, kept: Floats | None, down: Floats, across: Floats) -> tuple[Floats, Mask | None]:
    """Resample so that padding does not bleed into its neighbours; also say where anything was left."""
    if kept is None:
        return _resampled(grey, down, across), None
    weight = _resampled(kept, down, across)
    there = weight > 0.5
    small = _resampled(grey * kept, down, across) / np.maximum(weight, np.float32(1e-3))
    return small.astype(np.float32, copy=False), there


def _resampled(x: Floats, down: Floats, across: Floats) -> Floats:
    result: Floats = (down @ x @ across.T).astype(np.float32, copy=False)
    return result


@lru_cache(maxsize=16)
def resampling(pixels: int, start: float, step: float, count: int) -> Floats:
    """Return weights [count, pixels] that resample a row: output i is centred on source `start + step * i`.

    Linear between pixels when enlarging; when reducing, a triangle as wide as `step` (averages, so that nothing
    aliases). Beyond the ends the last pixel goes on.
    """
    centre = np.clip(start + step * np.arange(count), 0, pixels - 1)[:, None]
    weights = np.maximum(0.0, 1 - np.abs(np.arange(pixels)[None] - centre) / max(1.0, step))
    result: Floats = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    result.flags.writeable = False  # pictures of one size share them
    return result


def _scale(scaling: Scaling, x: Floats, there: Mask | None, fill: float = 0.0) -> Floats | None:
    """To 0..1 between the limits of the scaling, `fill` where nothing is; None where the picture has no contrast."""
    low, high = scaling.low, scaling.high
    if scaling.kind == "percentile":
        low, high = (float(v) for v in np.percentile(x if there is None or not there.any() else x[there], (low, high)))
    if high - low <= 1e-5 * max(abs(low), abs(high)):  # float32 resampling leaves a flat picture not quite flat
        return None
    y: Floats = np.clip((x - low) / (high - low), 0, 1).astype(np.float32)
    if there is not None:
        y[~there] = fill
    return y


def _channels(spec: Input, x: Floats) -> Floats:
    """Shift and scale 0..1 by the card's mean and deviation, repeat the grey for nets with three channels."""
    y = (x - spec.scaling.mean) / spec.scaling.std
    return np.ascontiguousarray(np.broadcast_to(y.astype(np.float32)[None], (spec.channels, *y.shape)))


# --- CT slices for dense nets: one pixel size, cropped to the lungs -------------------------------------------------


def _slice(spec: Input, hu: Floats, spacing: tuple[float, float] | None, padding: Mask | None, grid: Grid) -> Prepared:
    pixel = float(spec.pixel_mm or 1.0)
    row_mm, column_mm = spacing or (pixel, pixel)
    low, high = spec.scaling.low, spec.scaling.high
    hu = np.clip(hu, low, high)  # before resampling: metal must not bleed into its surroundings
    if padding is not None:
        hu = np.where(padding, np.float32(low), hu)
    mm = _LUNG_MM
    shape = [int((n - 1) * m / mm) + 1 for n, m in zip(hu.shape, (row_mm, column_mm), strict=True)]
    down, across = (resampling(n, 0.0, mm / m, c) for n, m, c in zip(hu.shape, (row_mm, column_mm), shape, strict=True))
    lungs = lung_mask(down @ hu @ across.T, mm) if spec.region == "lungs" else np.ones(shape, bool)
    if not lungs.any():
        return _refused(hu, "No lung in this slice.")
    # cells over the box around the lungs; centres in mm from the first pixel's centre
    across_rows, across_columns = (np.flatnonzero(lungs.any(axis)) * mm for axis in (1, 0))
    step = grid.stride * pixel
    first = float(across_rows[0]), float(across_columns[0])
    counts = [_round_up(int((a[-1] - a[0]) // step) + 1) for a in (across_rows, across_columns)]
    at = (_nearest(f + step * np.arange(n), mm, s) for f, n, s in zip(first, counts, lungs.shape, strict=True))
    places = lungs[np.ix_(*at)]
    steps = pixel / row_mm, pixel / column_mm
    starts = [(f - grid.offset * pixel) / m for f, m in zip(first, (row_mm, column_mm), strict=True)]
    sizes = [(n - 1) * grid.stride + grid.field for n in counts]
    down, across = (resampling(n, s, d, c) for n, s, d, c in zip(hu.shape, starts, steps, sizes, strict=True))
    scaled = _scale(spec.scaling, _resampled(hu, down, across), None)
    if scaled is None:
        raise ValueError("a window has high above low")
    to_source = np.array([[steps[1], 0, starts[1]], [0, steps[0], starts[0]], [0, 0, 1]], float)
    return Prepared(_channels(spec, scaled), to_source, _seen(hu.shape, to_source, places, grid), places)


def _round_up(cells: int) -> int:
    return -(-cells // _CELLS) * _CELLS


def _nearest(mm: NDArray[Any], pixel: float, size: int) -> NDArray[np.int64]:
    return np.clip(np.rint(mm / pixel).astype(np.int64), 0, size - 1)


def _seen(shape: tuple[int, ...], to_source: NDArray[np.float64], places: Mask, grid: Grid) -> Mask:
    """Source pixels within the field of at least one place that counts."""
    reach = -(-(grid.field // 2) // grid.stride)
    wide = np.pad(places, reach)
    for axis in (0, 1):  # a square field: dilate along rows, then along columns
        sums = np.cumsum(np.insert(wide, 0, 0, axis).astype(np.int64), axis)
        n, width = wide.shape[axis], 2 * reach + 1
        high = np.minimum(np.arange(n) + reach + 1, n)
        wide = np.take(sums, high, axis) - np.take(sums, np.maximum(high - width, 0), axis) > 0
    index, inside = [], []
    for axis, n in enumerate(shape):
        at = (np.arange(n) - to_source[1 - axis, 2]) / to_source[1 - axis, 1 - axis]
        cell = np.rint((at - grid.offset) / grid.stride).astype(np.int64) + reach
        index.append(np.clip(cell, 0, wide.shape[axis] - 1))
        inside.append((cell >= 0) & (cell < wide.shape[axis]))
    seen: Mask = wide[np.ix_(*index)] & inside[0][:, None] & inside[1][None]
    return seen


def _patch(spec: Input, values: NDArray[Any], grey: Floats, grid: Grid | None) -> Prepared:
    """Take a training patch as it is: 8-bit greys span the window (g / 255), anything else is in modality units.

    The middle pixel is number n // 2. With `grid` the patch is cut to the one cell that is centred there, so its score
    is that of the same place in a whole slice; without, to the largest odd square around it (training changes that).
    """
    scaled = grey / np.float32(255) if values.dtype == np.uint8 else _scale(spec.scaling, grey, None)
    if scaled is None:
        raise ValueError("a window has high above low")
    middle = [n // 2 for n in scaled.shape]
    reach = min(*middle, *(n - 1 - m for n, m in zip(scaled.shape, middle, strict=True)))
    if grid is not None:
        reach = min(reach, grid.field // 2)
    top, left = (m - reach for m in middle)
    box = slice(top, top + 2 * reach + 1), slice(left, left + 2 * reach + 1)
    seen = np.zeros(scaled.shape, bool)
    seen[box] = True
    return Prepared(_channels(spec, scaled[box]), np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], float), seen)
