"""Colour to 8-bit RGB: YBR forms, palettes, samples wider than 8 bits (PS3.3 C.7.6.3.1.2, C.7.6.3.1.5)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.dicom.decode.lut import Lut

#: CCIR 601 weights of Cr in R, Cb and Cr in G, Cb in B.
_RED, _GREEN, _BLUE = 1.402, (0.344136, 0.714136), 1.772


def to_eight_bits(values: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Return samples of `bits` bits as 0 to 255."""
    eight: NDArray[np.uint8]
    if bits == 8:
        return values.astype(np.uint8, copy=False)
    if bits > 8:
        eight = (values >> np.array(bits - 8, values.dtype)).astype(np.uint8)
    else:
        eight = (values.astype(np.uint16) * 255 // ((1 << bits) - 1)).astype(np.uint8)
    return eight


def ybr_to_rgb(values: NDArray[np.uint8], *, partial: bool = False) -> NDArray[np.uint8]:
    """Return YBR_FULL (or, `partial`, 16 to 235) pixels [row, column, 3] as RGB."""
    ybr = values.astype(np.float32)
    y, cb, cr = ybr[..., 0], ybr[..., 1] - 128, ybr[..., 2] - 128
    if partial:
        y, cb, cr = (y - 16) * np.float32(255 / 219), cb * np.float32(255 / 224), cr * np.float32(255 / 224)
    rgb = np.empty_like(ybr)
    rgb[..., 0] = y + np.float32(_RED) * cr
    rgb[..., 1] = y - np.float32(_GREEN[0]) * cb - np.float32(_GREEN[1]) * cr
    rgb[..., 2] = y + np.float32(_BLUE) * cb
    np.clip(rgb, 0, 255, out=rgb)
    return (rgb + np.float32(0.5)).astype(np.uint8)


def palette_to_rgb(stored: NDArray[Any], palette: tuple[Lut, Lut, Lut]) -> NDArray[np.uint8]:
    """Return stored values [row, column] through red, green and blue tables; values outside take the end entries."""
    rgb = np.empty((*stored.shape, 3), np.uint8)
    for channel, lut in enumerate(palette):
        rgb[..., channel] = lut.eight_bits()[lut.positions(stored)]
    return rgb


def samples_to_rgb(values: NDArray[Any], bits_stored: int, photometric: str, colours: str) -> NDArray[np.uint8]:
    """Return three samples a pixel as RGB; `colours` is what the codec knows (`codecs.Decoded`)."""
    eight = np.ascontiguousarray(to_eight_bits(values, bits_stored))
    if colours == "RGB":
        return eight
    if colours == "YCBCR" or photometric.startswith("YBR"):
        return ybr_to_rgb(eight, partial=photometric.startswith("YBR_PARTIAL"))
    return eight
