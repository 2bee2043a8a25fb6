"""A patch around a finding, as the training patches of a model for places are: 50 x 50, one pixel size, 8 bit.

The middle of the patch (row and column 25) is the finding; greys 0 to 255 span the model's window; outside of the
image, and where it is padding, is the window's lower end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medviewer.core.image import Frame
from medviewer.inference.card import Input

SIDE = 50


@dataclass(frozen=True)
class Cut:
    """What is cut: around `at` (column, row), of pixels of `spacing` (row, column) mm, for the input of a card."""

    at: tuple[float, float]
    spacing: tuple[float, float]
    input: Input


def patch(frame: Frame, cut: Cut) -> NDArray[np.uint8]:
    """Return the patch; linear between pixels when enlarging, a triangle as wide as the step when reducing."""
    scaling, pixel = cut.input.scaling, float(cut.input.pixel_mm or 1.0)
    low, high = np.float32(scaling.low), np.float32(scaling.high)
    values = frame.values.astype(np.float32)
    if frame.padding is not None:
        values = np.where(frame.padding, low, values)
    values = np.clip(np.nan_to_num(values, nan=float(low)), low, high) - low
    (column, row), (row_mm, column_mm) = cut.at, cut.spacing
    down = _weights(values.shape[0], row, pixel / row_mm)
    across = _weights(values.shape[1], column, pixel / column_mm)
    found = (down @ values @ across.T) * (255 / (high - low))
    return np.clip(np.rint(found), 0, 255).astype(np.uint8)


def _weights(pixels: int, middle: float, step: float) -> NDArray[np.float32]:
    """Return weights [SIDE, pixels]; those of a place outside of the image sum to less than 1."""
    centre = (middle + step * (np.arange(SIDE) - SIDE // 2))[:, None]
    width = max(1.0, step)
    first = int(np.floor(centre.min() - width))
    places = np.arange(first, int(np.ceil(centre.max() + width)) + 1)
    weights = np.maximum(0.0, 1 - np.abs(places[None] - centre) / width)
    weights /= weights.sum(1, keepdims=True)
    found = np.zeros((SIDE, pixels), np.float32)
    inside = (places >= 0) & (places < pixels)
    found[:, places[inside]] = weights[:, inside]
    return found
