"""Look-up tables of a file: modality, VOI and palette, plain and segmented (PS3.3 C.11.1.1, C.11.2.1.1, C.7.9.2)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medviewer.dicom.decode.damage import Damaged

if TYPE_CHECKING:
    from pydicom import Dataset

DESCRIPTOR, DATA = 0x00283002, 0x00283006
_PALETTE = (
    (0x00281101, 0x00281201, 0x00281221),
    (0x00281102, 0x00281202, 0x00281222),
    (0x00281103, 0x00281203, 0x00281223),
)


@dataclass(frozen=True)
class Lut:
    """A table of `bits` wide unsigned entries; `first` is the value that entry 0 is for."""

    first: int
    bits: int
    table: NDArray[np.uint16]

    def positions(self, values: NDArray[Any]) -> NDArray[np.intp]:
        """Return the entry of each value; below the table the first, above it the last."""
        return np.clip(values.astype(np.int64) - self.first, 0, len(self.table) - 1).astype(np.intp)

    def eight_bits(self) -> NDArray[np.uint8]:
        """Return the table scaled from its real width to 0 to 255: a 16-bit table may hold 8-bit entries."""
        wide = self.bits if int(self.table.max(initial=0)) > 255 else min(self.bits, 8)
        if wide == 8:
            return self.table.astype(np.uint8)
        return (self.table.astype(np.float64) * (255 / ((1 << wide) - 1)) + 0.5).astype(np.uint8)


def raw_words(dataset: "Dataset", tag: int) -> NDArray[np.uint16] | None:
    """Return an element's value as 16-bit words in native order, whatever VR it is tagged with; None if absent."""
    element: Any = dataset.get_item(tag) if tag in dataset else None
    if element is None or (not element.value and element.value != 0):
        return None
    value = element.value
    if not isinstance(value, bytes):  # read by pydicom already
        many = value if isinstance(value, list | tuple) or hasattr(value, "__iter__") else [value]
        return np.array([int(v) & 0xFFFF for v in many], np.uint16)
    if len(value) > 2**20:
        raise Damaged("look-up table")
    little = getattr(element, "is_little_endian", True)
    return np.frombuffer(value[: len(value) // 2 * 2], "<u2" if little else ">u2").astype(np.uint16)


def _descriptor(words: NDArray[np.uint16] | None, *, signed: bool) -> tuple[int, int, int]:
    """Return (entries, first value, bits of an entry) (PS3.3 C.11.1.1: 0 entries mean 65536)."""
    if words is None or len(words) < 3:
        raise Damaged("look-up table descriptor")
    entries, first, bits = (int(w) for w in words[:3])
    if signed and first >= 1 << 15:
        first -= 1 << 16
    if not 1 <= bits <= 16:
        raise Damaged("look-up table width")
    return entries or 1 << 16, first, bits


def _entries(words: NDArray[np.uint16], entries: int, bits: int) -> NDArray[np.uint16]:
    """Return the entries: words, or bytes packed two a word; a table that is too long is cut, a short one refused."""
    if len(words) >= entries:
        table = words[:entries]
        in_high_byte = bits <= 8 and int(table.max()) > 255 and not (table & 0xFF).any()
        return (table >> 8).astype(np.uint16) if in_high_byte else table
    packed = words.astype("<u2").view(np.uint8)
    if bits <= 8 and len(packed) >= entries:
        return packed[:entries].astype(np.uint16)
    raise Damaged("look-up table is shorter than it says")


def read_lut(item: "Dataset", *, signed: bool) -> Lut:
    """Return the table of a Modality or VOI LUT Sequence item; `signed` is how its first value is to be read."""
    entries, first, bits = _descriptor(raw_words(item, DESCRIPTOR), signed=signed)
    words = raw_words(item, DATA)
    if words is None:
        raise Damaged("look-up table without data")
    return Lut(first, bits, _entries(words, entries, bits))


def read_palette(dataset: "Dataset", *, signed: bool) -> tuple[Lut, Lut, Lut]:
    """Return the red, green and blue palettes, segmented ones expanded."""
    red, green, blue = (_channel(dataset, *tags, signed=signed) for tags in _PALETTE)
    return red, green, blue


def _channel(dataset: "Dataset", descriptor: int, plain: int, segmented: int, *, signed: bool) -> Lut:
    entries, first, bits = _descriptor(raw_words(dataset, descriptor), signed=signed)
    if (words := raw_words(dataset, plain)) is not None:
        return Lut(first, bits, _entries(words, entries, bits))
    if (words := raw_words(dataset, segmented)) is None:
        raise Damaged("no palette")
    parts = words if bits > 8 or _looks_wide(words) else words.astype("<u2").view(np.uint8).astype(np.uint16)
    return Lut(first, bits, expand_segments(parts.tolist(), entries))


def _looks_wide(words: NDArray[np.uint16]) -> bool:
    """8-bit segments may stand in 16-bit words: then no high byte is used."""
    return not (words >> 8).any()


def expand_segments(parts: list[int], entries: int) -> NDArray[np.uint16]:
    """Return the table of a segmented palette (PS3.3 C.7.9.2): discrete, linear and indirect segments.

    Raises:
        Damaged: it ends early, refers to what is not there, or gives another number of entries than declared (C26).
    """
    table: list[int] = []
    at = 0
    while at + 1 < len(parts) and len(table) < entries:
        at = _segment(parts, at, table, entries, nested=False)
    if len(table) != entries:
        raise Damaged("segmented palette")
    return np.array(table, np.uint16)


def _segment(parts: list[int], at: int, table: list[int], entries: int, *, nested: bool) -> int:
    """Append one segment to `table` and return where the next one begins."""
    code, count = parts[at : at + 2] if at + 1 < len(parts) else (-1, 0)
    if code == 0:
        piece = parts[at + 2 : at + 2 + count]
        at += 2 + count
    elif code == 1 and table and at + 2 < len(parts):
        piece = np.rint(np.linspace(table[-1], parts[at + 2], count + 1)[1:]).astype(int).tolist()
        at += 3
    elif code == 2 and not nested and at + 3 < len(parts):
        source = (parts[at + 2] | parts[at + 3] << 16) // 2  # an offset in bytes
        for _ in range(count):
            if source >= at:
                raise Damaged("segmented palette")
            source = _segment(parts, source, table, entries, nested=True)
        return at + 4
    else:
        raise Damaged("segmented palette")
    table.extend(piece)
    if len(table) > entries or (code == 0 and len(piece) != count):
        raise Damaged("segmented palette")
    return at
