"""Small pictures for the study list: averaged over areas, in true proportions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.image import Frame
from medviewer.core.study import FrameHeader, ImageHeader


def thumbnail(picture: Frame, header: ImageHeader, plane: FrameHeader, side: int) -> NDArray[np.uint8]:
    """Return `picture` through its own window as 8-bit grey or RGB, its longer side at most `side` pixels."""
    rows, columns = picture.values.shape[:2]
    high, wide = rows * pixel_aspect(header, plane), float(columns)
    scale = min(side / max(high, wide), 1.0)
    target = max(1, round(high * scale)), max(1, round(wide * scale))
    return _averaged(picture.grey(), target)


def pixel_aspect(header: ImageHeader, plane: FrameHeader) -> float:
    """Return height over width of a pixel (CHECKLIST A13): from the spacing, else from Pixel Aspect Ratio."""
    vertical, horizontal = plane.spacing or header.aspect or (1.0, 1.0)
    ratio = vertical / horizontal if horizontal else 1.0
    return ratio if 0.05 < ratio < 20 else 1.0


def _averaged(values: NDArray[np.uint8], target: tuple[int, int]) -> NDArray[np.uint8]:
    result: NDArray[Any] = values
    for axis, size in enumerate(target):
        length = result.shape[axis]
        if size >= length:  # repeated rows of pixels that are not square
            result = np.take(result, np.arange(size) * length // size, axis)
            continue
        starts = np.arange(size) * length // size
        sums = np.add.reduceat(result, starts, axis, dtype=np.float32)
        counts = np.diff(np.append(starts, length)).astype(np.float32)
        result = sums / counts.reshape([-1 if a == axis else 1 for a in range(result.ndim)])
    return result.astype(np.uint8) if result.dtype == np.uint8 else (result + np.float32(0.5)).astype(np.uint8)
