"""Where the lungs are in one axial CT slice, from the Hounsfield units alone (no model, no training)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

#: HU that parts air-filled tissue from the rest (lung is about -850, soft tissue 0..60).
_AIR = -400.0
#: Smallest air-filled region that counts as lung, and the least a slice must hold in all, mm2.
_SMALLEST, _LEAST = 150.0, 600.0
#: A small region darker than this in the middle is windpipe or bowel gas (pure air), not lung.
_PURE_AIR, _PURE_AIR_LARGEST = -960.0, 2500.0
#: Radius of the closing that brings vessels and nodules at the pleura back in, mm.
_CLOSING = 8.0


def lung_mask(hu: NDArray[Any], pixel_mm: float) -> Mask:
    """Return the lungs of an axial slice, bool like `hu` [row, column]; all False where there is no lung.

    `hu` has square pixels of `pixel_mm` mm (1 to 2 mm is enough and fast); outside air and padding must be low values.
    Vessels and nodules inside the lungs belong to the mask, also those that touch the pleura (closing of 8 mm).
    """
    body = _body(hu, pixel_mm)
    dark = ndimage.binary_opening(body & (hu < _AIR), iterations=1)
    regions, count = ndimage.label(dark)
    mask = np.zeros(hu.shape, bool)
    for number in range(1, count + 1):
        region = regions == number
        area = float(region.sum()) * pixel_mm**2
        pure_air = area < _PURE_AIR_LARGEST and float(np.median(hu[region])) < _PURE_AIR
        if area >= _SMALLEST and not pure_air:
            # one by one, so that the closing does not bridge the mediastinum from lung to lung
            mask |= _closed(region, _CLOSING / pixel_mm)
    mask &= body
    return mask if float(mask.sum()) * pixel_mm**2 >= _LEAST else np.zeros(hu.shape, bool)


def _body(hu: NDArray[Any], pixel_mm: float) -> Mask:
    """Return the largest dense object with its cavities filled: the trunk without table, clothes and outside air."""
    dense = ndimage.binary_opening(hu > -500, iterations=max(1, round(3 / pixel_mm)))
    regions, count = ndimage.label(dense)
    if not count:
        return np.zeros(hu.shape, bool)
    sizes = np.bincount(regions.ravel())
    sizes[0] = 0
    return np.asarray(ndimage.binary_fill_holes(regions == int(sizes.argmax())), bool)


def _closed(region: Mask, radius: float) -> Mask:
    """Close by a disc of `radius` pixels through distance maps, and fill holes."""
    pad = int(np.ceil(radius)) + 1
    wide = ndimage.distance_transform_edt(~np.pad(region, pad)) <= radius
    back = ndimage.distance_transform_edt(wide) > radius
    return np.asarray(ndimage.binary_fill_holes(back[pad:-pad, pad:-pad] | region), bool)
