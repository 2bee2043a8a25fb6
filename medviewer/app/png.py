"""Grey and colour pictures as PNG files, encoded by the standard library alone (ISO/IEC 15948)."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medviewer.app.tables import put

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE = {1: 0, 3: 2, 4: 6}


def encode(pixels: NDArray[np.uint8]) -> bytes:
    """Return `pixels` [row, column] (grey), [..., 3] (RGB) or [..., 4] (RGBA), 8 bit, as the bytes of a PNG."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    rows, columns = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", columns, rows, 8, _COLOUR_TYPE[channels], 0, 0, 0)
    lines = np.zeros((rows, 1 + columns * channels), np.uint8)  # filter 0 before each line
    lines[:, 1:] = pixels.reshape(rows, -1)
    data = zlib.compress(lines.tobytes(), 4)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def write(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write `pixels` to the file `path`: it is there whole, or what was there before is."""
    write_bytes(path, encode(pixels))


def write_bytes(path: Path, data: bytes) -> None:
    """Write an encoded picture, or values, likewise."""
    if path.exists() and not path.is_file():  # a pipe, /dev/stdout
        path.write_bytes(data)
    else:
        put(path, data)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
