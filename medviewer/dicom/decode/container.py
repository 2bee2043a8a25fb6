"""Where the pixels of a file lie, and the pixel module that describes them. Nothing but that is read."""

import io
import os
import struct
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydicom import Dataset

from medviewer.core.study import ImageHeader
from medviewer.dicom import limits
from medviewer.dicom.decode.damage import Changed, Damaged, TooLarge
from medviewer.dicom.decode.encapsulated import FragmentIndex, index_fragments
from medviewer.dicom.headers import digest
from medviewer.dicom.nesting import LONG_VR
from medviewer.dicom.parse import inflate, parse
from medviewer.dicom.stored import syntax_of
from medviewer.dicom.syntaxes import SYNTAXES, Syntax

FLOAT, DOUBLE, PIXELS = 0x7FE00008, 0x7FE00009, 0x7FE00010
_OFFSETS, _LENGTHS = b"\xe0\x7f\x01\x00", b"\xe0\x7f\x02\x00"
_TAGS = (
    *(0x00080005, 0x00089205, 0x00283000, 0x00283010),  # characters, presentation, LUTs
    *(0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011),  # samples, photometric, ..., columns
    *(base + channel for base in (0x00281100, 0x00281200, 0x00281220) for channel in (1, 2, 3)),  # palettes
)


@dataclass
class PixelFile:
    """A file whose pixels were found.

    Attributes:
        dataset: the pixel module and look-up tables.
        tag: FLOAT, DOUBLE or PIXELS, 0 where there are none; `vr` as written, "" in implicit files.
        at: offset of the value; `length` None when it is made of fragments.
        size: length of the file, or of the data set inflated to `inflated`.
    """

    dataset: Dataset
    syntax: Syntax
    tag: int
    vr: str
    at: int
    length: int | None
    size: int
    inflated: bytes | None = None
    _index: FragmentIndex | None = field(default=None, repr=False)

    def stream(self, file: BinaryIO) -> BinaryIO:
        """Return what offsets count in: the file itself or its inflated data set."""
        return io.BytesIO(self.inflated) if self.inflated is not None else file

    def number(self, keyword: str) -> int | None:
        """Return an attribute as a whole number; None where it is absent or no number."""
        try:
            return int(self.dataset.get(keyword))
        except (TypeError, ValueError, OverflowError):
            return None

    def fragments(self, file: BinaryIO) -> FragmentIndex:
        """Return the index of fragments, made once a file."""
        if self._index is None:
            stream = self.stream(file)
            frames = self.number("NumberOfFrames") or 1
            if not 1 <= frames <= limits.FRAMES:
                raise Damaged("number of frames")
            extended = self._extended(stream, frames)
            stream.seek(self.at)
            self._index = index_fragments(stream, self.size, frames, extended, self.syntax.decoder == "rle")
        return self._index

    def _extended(self, stream: BinaryIO, frames: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """Return the Extended Offset Table and lengths that stand before the pixels (PS3.3 C.7.6.3), if they do."""
        each = 12 + 8 * frames
        start = self.at - 12 - 2 * each
        if start < 0:
            return None
        stream.seek(start)
        data = stream.read(2 * each)
        if data[:4] != _OFFSETS or data[each : each + 4] != _LENGTHS or len(data) < 2 * each:
            return None
        return struct.unpack_from(f"<{frames}Q", data, 12), struct.unpack_from(f"<{frames}Q", data, each + 12)


class PixelFiles:
    """The files opened last, so that the next frame of the same file needs no second parse."""

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Any, ...], PixelFile] = OrderedDict()

    def find(self, file: BinaryIO, header: ImageHeader) -> PixelFile:
        """Return where the pixels of an open file lie.

        Raises:
            Refused: it cannot be parsed. Changed: it is another file now. TooLarge: it inflates beyond all measure.
        """
        key = (header.path, header.transfer_syntax, *signature(file))
        found = self._kept.pop(key, None) or _locate(file, header)
        if found.inflated is not None:
            self._kept.clear()  # one large buffer at a time
        self._kept[key] = found
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found


def signature(file: BinaryIO) -> tuple[int, int, int]:
    """Return what changes when somebody writes to an open file or puts another in its place."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns, status.st_ino


def _locate(file: BinaryIO, header: ImageHeader) -> PixelFile:
    syntax = SYNTAXES[header.transfer_syntax]
    size = signature(file)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.seek(0)
        parsed = parse(file, _TAGS)
        changed = parsed.pixels is not None and syntax_of(parsed)[0] != syntax.uid
        if changed or (header.digest and digest(file) != header.digest):
            raise Changed("content")
    inflated = None
    if syntax.deflated:
        inflated, _ = inflate(file, _after_meta(file), limits.INFLATED_BYTES + 1)
        size = len(inflated)
        if size > limits.INFLATED_BYTES:
            raise TooLarge
    element = parsed.pixels
    if element is None:
        return PixelFile(parsed.dataset, syntax, 0, "", 0, 0, size)
    found = PixelFile(
        parsed.dataset,
        syntax,
        element.tag,
        "",
        element.offset,
        None if element.encapsulated else element.length,
        size,
        inflated,
    )
    stream = found.stream(file)
    stream.seek(element.offset - 12)
    vr = stream.read(6)[4:]
    found.vr = vr.decode("ascii") if vr in LONG_VR else ""
    return found


def _after_meta(file: BinaryIO) -> int:
    """Return where the data set of a deflated file begins: after the preamble and group 0002 (PS3.10 7.1)."""
    at = 132
    while True:
        file.seek(at)
        head = file.read(12)
        if len(head) < 8 or head[:2] != b"\x02\x00":
            return at
        long = head[4:6] in LONG_VR
        at += 12 + struct.unpack_from("<I", head, 8)[0] if long else 8 + struct.unpack_from("<H", head, 6)[0]
