"""How the pixels are stored: size, bits, the compression that is really there, and whether all bytes are there."""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from medviewer.dicom import limits
from medviewer.dicom.files import Refused
from medviewer.dicom.parse import UNDEFINED, Parsed, PixelElement
from medviewer.dicom.syntaxes import EXPLICIT_LITTLE, ROOT, SYNTAXES
from medviewer.dicom.typed import Attributes

#: Bits of a pixel by the tag that holds the pixels, where the tag itself fixes it.
_FLOAT_BITS = {0x7FE00008: 32, 0x7FE00009: 64}
_NOT_AS_NAMED = "The pixels are not compressed as the file's header says; read by their content."
_ITEM = b"\xfe\xff\x00\xe0"


@dataclass(frozen=True)
class Layout:
    """Rows, columns and bits of a frame (PS3.3 C.7.6.3), checked against `limits`."""

    rows: int
    columns: int
    samples: int
    frames: int
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    planar: int
    half_chroma: bool  # YBR_FULL_422 shares two of three samples between neighbours

    @property
    def bits(self) -> int:
        """Bits of all frames without compression."""
        samples = 2 if self.half_chroma and self.samples == 3 else self.samples
        return self.rows * self.columns * samples * self.frames * self.allocated


def layout(at: Attributes, pixels: PixelElement) -> Layout:
    """Return the layout of the pixels.

    Raises:
        Refused: `unreadable` without a size, `too_large` beyond `limits.FRAMES` or `limits.FRAME_BYTES`.
    """
    rows, columns = at.integer("Rows", least=1, most=65535), at.integer("Columns", least=1, most=65535)
    if rows is None or columns is None:
        raise Refused("unreadable", "{name} does not say how many rows and columns its image has.")
    frames = at.integer("NumberOfFrames", least=1) or 1
    samples = at.integer("SamplesPerPixel", least=1, most=4) or 1
    allocated = _FLOAT_BITS.get(pixels.tag) or at.integer("BitsAllocated", least=1, most=64) or 16
    stored = at.integer("BitsStored", least=1, most=64) or allocated
    stored = min(stored, allocated)
    high_bit = at.integer("HighBit", least=0, most=allocated - 1)
    if frames > limits.FRAMES:
        raise Refused("too_large", f"{{name}} says it has {frames} frames; at most {limits.FRAMES} are opened.")
    if rows * columns * samples * max(allocated, 8) // 8 > limits.FRAME_BYTES:
        raise Refused("too_large", f"{{name}} has frames of {columns} x {rows} pixels, more than fits into memory.")
    return Layout(
        rows,
        columns,
        samples,
        frames,
        allocated,
        stored,
        stored - 1 if high_bit is None else high_bit,
        at.integer("PixelRepresentation") == 1,
        1 if samples > 1 and at.integer("PlanarConfiguration") == 1 else 0,
        at.code("PhotometricInterpretation") == "YBR_FULL_422",
    )


def syntax_of(parsed: Parsed) -> tuple[str, tuple[str, ...]]:
    """Return the transfer syntax that the pixels are in: by content, with a mark, where the header does not fit."""
    assert parsed.pixels is not None
    syntax, pixels = parsed.syntax, parsed.pixels
    known = SYNTAXES.get(syntax)
    if pixels.encapsulated and (known is None or not known.encapsulated):
        fits = known is None and syntax.startswith(ROOT + ".")
        found = "" if fits else _compression(parsed.file, pixels.offset)
        return (found, (_NOT_AS_NAMED,)) if found else (syntax, ())
    if not pixels.encapsulated and known is not None and known.encapsulated:
        return EXPLICIT_LITTLE, (_NOT_AS_NAMED,)
    return syntax, ()


def truncated(parsed: Parsed, size: Layout) -> bool:
    """Say whether bytes are missing: native pixels by count, fragments by walking over their lengths."""
    pixels = parsed.pixels
    assert pixels is not None
    if pixels.encapsulated:
        return not _fragments_whole(parsed.file, pixels, size.frames)
    return min(pixels.length, pixels.present) < (size.bits + 7) // 8


def _fragments_whole(file: BinaryIO, pixels: PixelElement, frames: int) -> bool:
    """Say whether each fragment lies inside the file; a missing end delimiter alone is no loss."""
    at, end = pixels.offset, pixels.offset + pixels.present
    for number in range(4 * frames + limits.FRAGMENTS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head[:4] != _ITEM:
            return number > 1
        length = struct.unpack_from("<L", head, 4)[0]
        at += 8 + length
        if length == UNDEFINED or at > end:
            return False
    return True


def _compression(file: BinaryIO, offset: int) -> str:
    """Return the transfer syntax of the first fragment by its first bytes; "" for none that we know."""
    file.seek(offset)
    head = file.read(8)
    if len(head) < 8 or head[:4] != _ITEM:
        return ""
    file.seek(struct.unpack_from("<L", head, 4)[0] + 8, os.SEEK_CUR)  # offset table, head of the first fragment
    start = file.read(65536)
    if start.startswith(b"\xff\x4f\xff\x51"):
        return f"{ROOT}.4.90"
    if start.startswith(b"\xff\xd8\xff"):
        return _jpeg_process(start)
    if len(start) >= 64 and 1 <= struct.unpack_from("<L", start)[0] <= 15 and start[4:8] == b"\x40\0\0\0":
        return f"{ROOT}.5"
    return ""


def _jpeg_process(stream: bytes) -> str:
    """Return the syntax of a JPEG or JPEG-LS stream by its start-of-frame marker (ITU T.81 B.1.1.3)."""
    at = 2
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        marker, length = stream[at + 1], struct.unpack_from(">H", stream, at + 2)[0]
        tail = {0xC0: ".4.50", 0xC1: ".4.51", 0xC3: ".4.57", 0xF7: ".4.80"}.get(marker)
        if tail:
            return ROOT + tail
        at += 2 + length
    return ""
