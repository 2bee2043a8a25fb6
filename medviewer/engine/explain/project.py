"""THE back-projection: from maps on the net's input to maps on the pixels of the source picture.

Coordinates are (x, y) = (column, row), pixel centres at whole numbers; `Prepared.to_source` is the way back.
"""

import numpy as np
from numpy.typing import NDArray

from medviewer.engine.preprocess import Prepared, resampling


def to_source(values: NDArray[np.float32], ready: Prepared, *, additive: bool) -> NDArray[np.float32]:
    """Return a map on the net's input [h, w] as a map on the source [rows, columns], NaN where the net did not see.

    Every source pixel takes the bilinear value at its centre, averaged over its area where the input is finer than the
    source (the same filter that preprocessing uses); identity is exact. `additive` maps share out an amount (the sum
    of an attribution): they are multiplied by the input pixels per source pixel, so that the sum is kept. Others
    (Grad-CAM) keep their height.
    """
    matrix = ready.to_source
    if matrix[0, 1] or matrix[1, 0]:
        raise ValueError("preprocessing does not turn pictures")
    axes = []
    for size, axis, count in zip(values.shape, (1, 0), ready.seen.shape, strict=True):
        step, first = 1 / float(matrix[axis, axis]), -float(matrix[axis, 2] / matrix[axis, axis])
        at = first + step * np.arange(count)
        axes.append((resampling(size, first, step, count), (at >= -0.5) & (at <= size - 0.5), step))
    (down, inside_rows, row_step), (across, inside_columns, column_step) = axes
    result: NDArray[np.float32] = (down @ values.astype(np.float32) @ across.T).astype(np.float32)
    if additive:
        result *= np.float32(row_step * column_step)
    result[~(ready.seen & inside_rows[:, None] & inside_columns)] = np.nan
    return result


def from_grid(
    values: NDArray[np.float32], shape: tuple[int, int], stride: tuple[float, float], offset: tuple[float, float]
) -> NDArray[np.float32]:
    """Return a layer's map [cells, cells] on the net's input pixels [h, w] = `shape`.

    Cell i is centred on pixel offset + stride * i (receptive-field arithmetic, AI.md 2), not where a plain resize
    would put it; bilinear between centres, the outermost cells' values go on beyond them.
    """
    weights = []
    for cells, pixels, step, first in zip(values.shape, shape, stride, offset, strict=True):
        at = np.clip((np.arange(pixels) - first) / step, 0, cells - 1)[:, None]
        weights.append(np.maximum(0, 1 - np.abs(np.arange(cells)[None] - at)))
    result: NDArray[np.float32] = (weights[0] @ values @ weights[1].T).astype(np.float32)
    return result
