"""From a decoded picture to what a data set keeps: grey, the right way round, at most 1024 pixels long, no padding.

`engine.preprocess.prepare` makes the same of it as of the picture itself: limits are percentiles, so that turning the
greys round within their own range and shifting them changes nothing; a long side of 1024 is far above any net's input.
Padding is filled with the 1st percentile of the rest (the black that `prepare` puts there); where it is more than a
tenth of the picture scores move by up to 0.05 (24 films, padding across the lung), and the film is refused.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.image import Frame
from medviewer.core.resample import resize

#: Pixels of the longer side, and the largest share of padding.
MOST_SIDE, MOST_PADDING = 1024, 0.1
REDUCED = f"Films longer than {MOST_SIDE} pixels were reduced to that by averaging areas."
#: Rec. 601, as engine.preprocess and every JPEG decoder have it.
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)

EMPTY, PADDING = "empty", "padding"


class Unfit(Exception):  # noqa: N818 - a reason, not a fault
    """The picture does not come into the data set; its only argument is the word for the column `why`."""


def stored(frame: Frame) -> NDArray[Any]:
    """Return the picture [row, column] as the data set keeps it: integers stay integers of their kind.

    Raises:
        Unfit: EMPTY (all of one value) or PADDING.
    """
    grey = _grey(frame.values)
    kind = frame.values.dtype
    padding = frame.padding if frame.padding is not None and frame.padding.any() else None
    inside = grey if padding is None else grey[~padding]
    if not inside.size or inside.min() == inside.max():
        raise Unfit(EMPTY)
    if frame.inverted:
        grey = (inside.max() + inside.min()) - grey
    if padding is not None:
        grey = _filled(grey, padding)
    small = reduced(grey)
    if kind.kind in "ui":
        limits = np.iinfo(kind)
        return np.clip(np.rint(small), limits.min, limits.max).astype(kind)
    return small.astype(np.float32)


def _grey(values: NDArray[Any]) -> NDArray[np.float32]:
    grey = values.astype(np.float32) @ _LUMINANCE if values.ndim == 3 else values.astype(np.float32)
    if values.dtype.kind == "f" and not np.isfinite(grey).all():
        grey = np.nan_to_num(grey, nan=0.0, posinf=0.0, neginf=0.0)
    return grey


def _filled(grey: NDArray[np.float32], padding: NDArray[np.bool_]) -> NDArray[np.float32]:
    if padding.mean() > MOST_PADDING:
        raise Unfit(PADDING)
    inside = grey[~padding]
    black = np.percentile(inside[:: max(1, inside.size // 65536)], 1)
    return np.where(padding, np.float32(black), grey)


def reduced(grey: NDArray[np.float32], most: int = MOST_SIDE) -> NDArray[np.float32]:
    """Return the picture with its longer side at most `most`, each pixel the mean of the area that it stands for."""
    rows, columns = grey.shape
    scale = max(rows, columns) / most
    return grey if scale <= 1 else resize(grey, max(1, round(rows / scale)), max(1, round(columns / scale)))
