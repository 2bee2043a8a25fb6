"""Native pixel bytes to numbers: containers of 1, 8, 16, 32 bits, planes, 4:2:2, then the stored bits (PS3.5 8.1.1)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.dicom.decode.damage import Damaged, NotSupported
from medviewer.dicom.decode.guards import Wanted


def frame_bytes(rows: int, columns: int, samples: int, bits_allocated: int, photometric: str = "") -> int:
    """Return the bytes of one native frame; whole bytes for 1-bit pixels (a frame may begin within a byte)."""
    if bits_allocated == 1:
        return (rows * columns * samples + 7) // 8
    if photometric == "YBR_FULL_422" and samples == 3:
        return rows * (columns + columns % 2) * 2 * (bits_allocated // 8)
    return rows * columns * samples * (bits_allocated // 8)


def unpack_frame(
    data: bytes, wanted: Wanted, planar: int = 0, *, big_endian: bool = False, first_bit: int = 0
) -> NDArray[Any]:
    """Return one frame [row, column(, sample)] as unsigned numbers of the container's width, in native byte order.

    `data` are exactly the frame's bytes; a 1-bit frame begins at `first_bit` of the first one. `planar` is 1 for
    RRR GGG BBB (PS3.3 C.7.6.3.1.3).
    """
    rows, columns, samples, bits = wanted.rows, wanted.columns, wanted.samples, wanted.bits_allocated
    if bits == 1:
        flat = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first_bit:][: rows * columns * samples]
    elif bits in (8, 16, 32, 64):
        flat = np.frombuffer(data, np.dtype(f"{'>' if big_endian else '<'}u{bits // 8}"))
    else:
        raise NotSupported(f"{bits} bits allocated")
    if big_endian and bits in (16, 32, 64):
        flat = flat.astype(flat.dtype.newbyteorder("="))
    if samples == 1:
        return flat.reshape(rows, columns)
    if wanted.photometric == "YBR_FULL_422" and flat.size < rows * columns * samples:
        return _spread_422(flat, rows, columns)
    if planar:
        return np.moveaxis(flat.reshape(samples, rows, columns), 0, 2)
    return flat.reshape(rows, columns, samples)


def _spread_422(flat: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """Return Y1 Y2 Cb Cr as Y Cb Cr of each pixel (PS3.3 C.7.6.3.1.2)."""
    pairs = flat.reshape(rows, (columns + 1) // 2, 4)
    full = np.empty((rows, pairs.shape[1], 2, 3), flat.dtype)
    full[..., 0] = pairs[..., :2]
    full[..., 1:] = pairs[:, :, None, 2:]
    return full.reshape(rows, -1, 3)[:, :columns]


def stored_bits(values: NDArray[Any], bits_stored: int, high_bit: int, *, signed: bool) -> NDArray[Any]:
    """Return the stored values out of their containers: bits HighBit and below, sign-extended (CHECKLIST A18).

    `values` are unsigned numbers of the container's width, or a decoder's signed ones.
    """
    bits = values.dtype.itemsize * 8
    if not 0 < bits_stored <= bits or not bits_stored - 1 <= high_bit < bits:
        raise Damaged(f"{bits_stored} bits stored, high bit {high_bit} in {bits}")
    unsigned = values.view(f"u{values.dtype.itemsize}")
    if bits_stored == bits:
        return unsigned.view(f"i{values.dtype.itemsize}") if signed else unsigned
    raised = unsigned << np.array(bits - 1 - high_bit, unsigned.dtype)
    raised = raised.view(f"i{values.dtype.itemsize}") if signed else raised
    result: NDArray[Any] = raised >> np.array(bits - bits_stored, raised.dtype)
    return result
