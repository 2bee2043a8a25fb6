"""Where the pixels of a file lie, and the pixel module that describes them. Nothing but that is read."""

import io
import os
import struct
import warnings
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydicom import Dataset
from pydicom.filereader import read_dataset

from medviewer.core.study import ImageHeader
from medviewer.dicom import limits
from medviewer.dicom.decode.damage import Damaged, TooLarge
from medviewer.dicom.decode.encapsulated import FragmentIndex, index_fragments
from medviewer.dicom.syntaxes import SYNTAXES, Syntax

FLOAT, DOUBLE, PIXELS = 0x7FE00008, 0x7FE00009, 0x7FE00010
_OFFSETS, _LENGTHS = 0x7FE00001, 0x7FE00002
_CHARACTERS, _SOP_UID, _PRESENTATION, _LUT_SHAPE = 0x00080005, 0x00080018, 0x00089205, 0x20500020
_MODALITY_LUT, _VOI_LUT = 0x00283000, 0x00283010
_TAGS = (
    *(_CHARACTERS, _SOP_UID, _PRESENTATION, _MODALITY_LUT, _VOI_LUT, _OFFSETS, _LENGTHS),
    *(0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011),  # samples, photometric, ..., columns
    *(0x00280100, 0x00280101, 0x00280102, 0x00280103),  # bits
    *(base + channel for base in (0x00281100, 0x00281200, 0x00281220) for channel in (1, 2, 3)),  # palettes
)
_LONG_VRS = frozenset({b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN"})
_UNDEFINED = 0xFFFFFFFF


@dataclass
class PixelFile:
    """A file whose pixels were found.

    Attributes:
        dataset: the pixel module, look-up tables and offset tables.
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
            stream.seek(self.at)
            frames = self.number("NumberOfFrames") or 1
            if not 1 <= frames <= limits.FRAMES:
                raise Damaged("number of frames")
            self._index = index_fragments(stream, self.size, frames, self._extended(), self.syntax.decoder == "rle")
        return self._index

    def _extended(self) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        tables = []
        for tag in (_OFFSETS, _LENGTHS):
            element: Any = self.dataset.get_item(tag) if tag in self.dataset else None
            if element is None or not isinstance(element.value, bytes):
                return None
            tables.append(struct.unpack(f"<{len(element.value) // 8}Q", element.value[: len(element.value) // 8 * 8]))
        return tables[0], tables[1]


class PixelFiles:
    """The files opened last, so that the next frame of the same file needs no second parse."""

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Any, ...], PixelFile] = OrderedDict()

    def find(self, file: BinaryIO, header: ImageHeader) -> PixelFile:
        """Return where the pixels of an open file lie.

        Raises:
            Damaged: it cannot be parsed. TooLarge: it inflates beyond all measure.
        """
        key = (header.path, header.transfer_syntax, *signature(file))
        found = self._kept.pop(key, None) or _locate(file, SYNTAXES[header.transfer_syntax])
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


def _locate(file: BinaryIO, syntax: Syntax) -> PixelFile:
    start = _after_meta(file)
    size = os.fstat(file.fileno()).st_size
    inflated = None
    stream: BinaryIO = file
    file.seek(start)
    if syntax.deflated:
        inflated = _inflate(file)
        stream, size = io.BytesIO(inflated), len(inflated)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = read_dataset(
            stream,
            syntax.implicit_vr,
            not syntax.big_endian,
            stop_when=lambda tag, vr, length: tag >= FLOAT,
            specific_tags=list(_TAGS),
            defer_size=limits.VALUE_BYTES,
        )
    tag, vr, at, length = _pixel_element(stream, syntax)
    return PixelFile(dataset, syntax, tag, vr, at, length, size, inflated)


def _after_meta(file: BinaryIO) -> int:
    """Return the offset of the data set: after the preamble and group 0002, where there are any (PS3.10 7.1)."""
    file.seek(0)
    at = 132 if file.read(132)[128:] == b"DICM" else 0
    while True:
        file.seek(at)
        head = file.read(12)
        if len(head) < 8 or head[:2] != b"\x02\x00":
            return at
        long = head[4:6] in _LONG_VRS
        at += 12 + struct.unpack_from("<I", head, 8)[0] if long else 8 + struct.unpack_from("<H", head, 6)[0]


def _inflate(file: BinaryIO) -> bytes:
    """Return the data set of a deflated file (PS3.5 A.5), up to the limit (C4)."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    parts, total = [], 0
    try:
        while not inflate.eof and (piece := inflate.unconsumed_tail or file.read(2**20)):
            parts.append(inflate.decompress(piece, 2**24))
            total += len(parts[-1])
            if total > limits.INFLATED_BYTES:
                raise TooLarge
    except zlib.error as error:
        raise Damaged("deflate") from error
    return b"".join(parts)


def _pixel_element(stream: BinaryIO, syntax: Syntax) -> tuple[int, str, int, int | None]:
    """Return (tag, VR, offset of the value, length or None for fragments) of the element at the position."""
    order = ">" if syntax.big_endian else "<"
    while True:
        at = stream.tell()
        head = stream.read(12)
        if len(head) < 8:
            return 0, "", at, 0
        group, element = struct.unpack_from(order + "HH", head)
        explicit = head[4:6] in _LONG_VRS and len(head) == 12
        length = struct.unpack_from(order + "I", head, 8 if explicit else 4)[0]
        at += 12 if explicit else 8
        tag = group << 16 | element
        if tag in (FLOAT, DOUBLE, PIXELS):
            stream.seek(at)
            vr = head[4:6].decode("ascii") if explicit else ""
            return tag, vr, at, None if length == _UNDEFINED else length
        if group < 0x7FE0 or length == _UNDEFINED:
            return 0, "", at, 0
        stream.seek(at + length)
