"""Films without a header: PNG, JPEG and TIFF through Pillow, which is imported at the first one only."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.study import ImageHeader
from medviewer.dicom import limits
from medviewer.dicom.decode.damage import Damaged, TooLarge

FORMATS = ("PNG", "JPEG", "TIFF")
_WIDE = ("I;16", "I;16L", "I;16B", "I;16N", "I")


def read_film(header: ImageHeader, frame: int) -> NDArray[Any]:
    """Return a film as it is to be seen (EXIF orientation applied): grey uint8 or uint16 [row, column], else RGB.

    Raises:
        Damaged: it does not decode, or is not what the header says. TooLarge: over the limit of pixels.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(header.path, formats=FORMATS) as image:
            if image.width * image.height > limits.FILM_PIXELS:
                raise TooLarge
            if not 0 <= frame < getattr(image, "n_frames", 1):
                raise Damaged("no such page")
            image.seek(frame)
            image.load()
            upright = ImageOps.exif_transpose(image)
    values = _numbers(upright)
    if sorted(values.shape[:2]) != sorted((header.rows, header.columns)):
        raise Damaged("another size than the header says")
    return values


def _numbers(image: Any) -> NDArray[Any]:
    mode = image.mode
    if mode in _WIDE or mode == "F":
        values = np.asarray(image)
        if mode == "F":
            return values.astype(np.float32)
        if int(values.min()) < 0 or int(values.max()) > 0xFFFF:
            return values.astype(np.int32)
        return values.astype(np.uint16)
    if mode in ("1", "L", "LA", "La"):
        return np.array(image.convert("L"))
    return np.array(image.convert("RGB"))
