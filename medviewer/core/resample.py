"""Pictures at another size: means over areas when reduced, bilinear when enlarged; pixel centres at whole numbers."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def resize(values: NDArray[Any], rows: int, columns: int) -> Floats:
    """Return `values` [row, column, ...] as float32 [rows, columns, ...].

    A reduced sample is the mean over exactly its share of the source, an enlarged one is interpolated.
    """
    along_rows = _along_first(values.astype(np.float32), rows)
    return np.ascontiguousarray(np.swapaxes(_along_first(np.swapaxes(along_rows, 0, 1), columns), 0, 1))


def _along_first(values: Floats, count: int) -> Floats:
    have = values.shape[0]
    if count == have:
        return values
    if count > have:
        at = np.clip((np.arange(count) + 0.5) * have / count - 0.5, 0, have - 1)
        low = np.minimum(at.astype(int), max(have - 2, 0))
        high = np.minimum(low + 1, have - 1)
        part = _as_column((at - low).astype(np.float32), values)
        enlarged: Floats = values[low] * (1 - part) + values[high] * part
        return enlarged
    edges = np.linspace(0, have, count + 1)
    low, high = edges[:-1], edges[1:]
    reduced = np.zeros((count, *values.shape[1:]), np.float32)
    for tap in range(math.ceil(have / count) + 1):  # the source samples that one area can touch
        at = low.astype(int) + tap
        share = np.clip(np.minimum(high, at + 1) - np.maximum(low, at), 0, None) * (count / have)
        reduced += values[np.minimum(at, have - 1)] * _as_column(share.astype(np.float32), values)
    return reduced


def _as_column(part: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    return part.reshape(-1, *[1] * (values.ndim - 1))
