"""The bytes of a DICOM file up to its pixels, read with distrust: Part 10 or not, capped inflating, capped nesting.

pydicom reads the attributes; what kind of file it is, how deep it nests and where the pixels lie is found here, since
`dcmread(force=True)` takes a PNG for DICOM and reports a short file as a whole one (DICOM_CHECKLIST A47, C2 to C4).
"""

import io
import os
import struct
import zlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from medviewer.dicom import limits
from medviewer.dicom.files import Refused, file_size
from medviewer.dicom.nesting import LONG_VR, VR, check_nesting
from medviewer.dicom.syntaxes import DEFLATED_LITTLE, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE

#: Pixel Data, Float Pixel Data, Double Float Pixel Data.
PIXEL_TAGS = (0x7FE00010, 0x7FE00008, 0x7FE00009)
UNDEFINED = 0xFFFFFFFF
_FIRST_PIXEL_TAG = 0x7FE00001
_PROGRAMS = {b"MZ": "a Windows program", b"\x7fELF": "a program", b"%PDF": "a PDF", b"PK": "an archive"}
NOT_PART_10 = "Not a valid DICOM file: read as {}."


@dataclass(frozen=True)
class PixelElement:
    """Where the pixels lie: `offset` and `present` count bytes of the data set (inflated, where it is deflated)."""

    tag: int
    length: int  # as the file says; UNDEFINED for fragments
    offset: int  # of the value, from the start of the file or of the inflated data set
    present: int  # bytes from `offset` to the end

    @property
    def encapsulated(self) -> bool:
        return self.length == UNDEFINED


@dataclass(frozen=True)
class Parsed:
    """A data set up to its pixels.

    Attributes:
        syntax: the transfer syntax that its bytes are in; "" for compressed pixels that no meta group names.
        file: where the pixels can be looked at (the file itself, or the start of the inflated data set).
        media_class: SOP class that the file meta group names (a DICOMDIR names it nowhere else).
        cut: the file ends within an attribute.
        marks: sentences about what is wrong with the container.
    """

    dataset: Dataset
    syntax: str
    pixels: PixelElement | None
    file: BinaryIO
    media_class: str = ""
    cut: bool = False
    marks: tuple[str, ...] = ()


def parse(file: BinaryIO, tags: Collection[int]) -> Parsed:
    """Return the attributes `tags` of an open file and where its pixels lie; nothing behind the pixels is read.

    Raises:
        Refused: `not_dicom`, `unreadable` (nested too deep, no sense in it) or `too_large` (inflates without end).
    """
    start, marks = _start(file)
    file.seek(start)
    declared, media_class, found_meta = _meta(file)
    at = file.tell()
    if found_meta and not start:
        marks.append(NOT_PART_10.format("if it had a preamble"))
    if declared == DEFLATED_LITTLE and not _looks_plain(file, at):
        return replace(_parse_deflated(file, at, tags), media_class=media_class, marks=tuple(marks))
    implicit, little = _encoding(file, at, declared)
    syntax = _settled(declared, implicit, little)
    if not found_meta:
        marks.append(NOT_PART_10.format("if it had a file meta header"))
    elif syntax != declared:
        marks.append("The file's header names another encoding than it is written in; read by its content.")
    parsed = _parse(file, at, implicit, little, syntax, tags)
    return replace(parsed, media_class=media_class, marks=tuple(marks))


def _start(file: BinaryIO) -> tuple[int, list[str]]:
    """Return where the first element lies (132, or 0 without a preamble) and what is odd about the preamble."""
    head = file.read(132 + 16)
    if head[128:132] == b"DICM" and _plausible(head[132:]):
        kind = next((words for magic, words in _PROGRAMS.items() if head.startswith(magic)), "")
        return 132, [f"The first bytes of this file look like {kind}; they were not used."] if kind else []
    if _plausible(head):
        return 0, []
    if head[:4] == b"DICM" and _plausible(head[4:]):
        return 4, [NOT_PART_10.format("if it had a preamble")]
    if head[128:132] == b"DICM":
        if file_size(file) <= 132:
            raise Refused("unreadable", "{name} is cut short: only the first bytes of a DICOM file are there.")
        return 132, []
    if not head:
        raise Refused("not_dicom", "{name} is empty.")
    raise Refused("not_dicom", "{name} is not a DICOM image, nor a film (PNG, JPEG or TIFF).")


def _plausible(head: bytes) -> bool:
    """Say whether the first element is one that DICOM files start with (groups 0002 and 0008, either byte order)."""
    if len(head) < 8:
        return False
    group, element = struct.unpack_from("<HH", head)
    if head[4:6] in VR:
        return group in (0x0002, 0x0004, 0x0008) or head[:2] == b"\0\x08"
    length = struct.unpack_from("<L", head, 4)[0]
    return group in (0x0002, 0x0008) and element <= 0x0070 and length <= 256 and not length % 2


def _meta(file: BinaryIO) -> tuple[str, str, bool]:
    """Read group 0002 (explicit little endian, its length not trusted): (transfer syntax, SOP class, was there one)."""
    syntax = media_class = ""
    found = False
    while True:
        at = file.tell()
        head = file.read(8)
        if len(head) < 8 or head[:2] != b"\x02\0":
            file.seek(at)
            return syntax, media_class, found
        element, vr = struct.unpack_from("<H", head, 2)[0], head[4:6]
        if vr in LONG_VR:
            length = struct.unpack("<L", file.read(4).ljust(4, b"\0"))[0]
        else:
            length = struct.unpack_from("<H", head, 6)[0] if vr in VR else struct.unpack_from("<L", head, 4)[0]
        if length > limits.VALUE_BYTES:
            raise Refused("unreadable", "{name} has a damaged file header.")
        value = file.read(length).rstrip(b" \0").decode("ascii", "replace").strip()
        found = True
        if element == 0x0010:
            syntax = value
        elif element == 0x0002:
            media_class = value


def _looks_plain(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    head = file.read(8)
    return _plausible(head) and head[4:6] in VR


def _encoding(file: BinaryIO, at: int, declared: str) -> tuple[bool, bool]:
    """Return (implicit VR, little endian) as the first element of the data set shows them."""
    file.seek(at)
    head = file.read(8)
    if len(head) < 8:
        return declared == IMPLICIT_LITTLE, declared != EXPLICIT_BIG
    small, big = struct.unpack_from("<H", head)[0], struct.unpack_from(">H", head)[0]
    explicit = head[4:6] in VR
    little = declared != EXPLICIT_BIG
    if explicit and min(small, big) < 0x0100 <= max(small, big):
        little = small < big
    return not explicit, little if explicit else True


def _settled(declared: str, implicit: bool, little: bool) -> str:
    """Return the transfer syntax in force: the declared one unless the content says otherwise."""
    if implicit:
        return IMPLICIT_LITTLE
    if not little:
        return EXPLICIT_BIG
    return EXPLICIT_LITTLE if declared in ("", IMPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED_LITTLE) else declared


def _parse(file: BinaryIO, at: int, implicit: bool, little: bool, syntax: str, tags: Collection[int]) -> Parsed:
    file.seek(at)
    too_long, cut = check_nesting(file, implicit, little)
    cut = cut or at >= file_size(file)
    file.seek(at)
    wanted: list[BaseTag | int] = [tag for tag in tags if tag not in too_long]
    dataset = read_dataset(file, implicit, little, stop_when=_at_pixels, specific_tags=wanted)
    return Parsed(dataset, syntax, _pixel_element(file, implicit, little), file, cut=cut)


def _at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
    return bool(_FIRST_PIXEL_TAG <= tag < 0x7FE10000)


def _pixel_element(file: BinaryIO, implicit: bool, little: bool) -> PixelElement | None:
    """Return the pixel element at the reading position, skipping what else group 7FE0 has (offset tables)."""
    order = "<" if little else ">"
    size = file_size(file)
    while len(head := file.read(8)) == 8:
        group, element = struct.unpack_from(order + "HH", head)
        tag = group << 16 | element
        if head[4:6] in VR and not implicit:
            if head[4:6] in LONG_VR:
                length = struct.unpack(order + "L", file.read(4).ljust(4, b"\0"))[0]
            else:
                length = struct.unpack_from(order + "H", head, 6)[0]
        else:
            length = struct.unpack_from(order + "L", head, 4)[0]
        if tag in PIXEL_TAGS:
            return PixelElement(tag, length, file.tell(), max(0, size - file.tell()))
        if group != 0x7FE0 or length == UNDEFINED:
            return None
        file.seek(length, os.SEEK_CUR)
    return None


def inflate(file: BinaryIO, at: int, most: int) -> tuple[bytes, bool]:
    """Return at most `most` bytes of the raw deflate stream that starts at `at`, and whether that was all of it."""
    file.seek(at)
    pieces: list[bytes] = []
    stream, count = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while count < most and not stream.eof:
        pending = stream.unconsumed_tail or file.read(65536)
        if not pending:
            return b"".join(pieces), True
        try:
            piece = stream.decompress(pending, min(limits.MIB, most - count))
        except zlib.error:
            return b"".join(pieces), True  # cut or damaged: what came out so far is judged as a short file
        pieces.append(piece)
        count += len(piece)
    return b"".join(pieces), stream.eof


def _parse_deflated(file: BinaryIO, at: int, tags: Collection[int]) -> Parsed:
    """Inflate only as much as holds the header (PS3.5 A.5), then count whether the pixels are all there."""
    most = limits.MIB
    while True:
        data, whole = inflate(file, at, most)
        buffer = io.BytesIO(data)
        if whole or _pixels_begin(buffer):
            parsed = _parse(buffer, 0, False, True, DEFLATED_LITTLE, tags)
            break
        most *= 8
        if most > limits.HEADER_BYTES:
            raise Refused("too_large", "{name} unpacks to more than any image header needs; it was not read.")
    pixels = parsed.pixels
    if pixels is None or whole:
        return parsed
    end = pixels.offset + (0 if pixels.encapsulated else pixels.length)
    if end > limits.INFLATED_BYTES:
        raise Refused("too_large", "{name} unpacks to more than 1 GiB; it was not read.")
    present = _inflated_count(file, at, end) - pixels.offset
    return replace(parsed, pixels=replace(pixels, present=present))


def _pixels_begin(buffer: BinaryIO) -> bool:
    read_dataset(buffer, False, True, stop_when=_at_pixels, specific_tags=[0x00080016])
    return _pixel_element(buffer, False, True) is not None


def _inflated_count(file: BinaryIO, at: int, most: int) -> int:
    """Return how many bytes the stream gives, counted to `most`, without keeping them."""
    file.seek(at)
    stream, count = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while count < most and not stream.eof:
        pending = stream.unconsumed_tail or file.read(65536)
        if not pending:
            break
        try:
            count += len(stream.decompress(pending, limits.MIB))
        except zlib.error:
            break
    return count
