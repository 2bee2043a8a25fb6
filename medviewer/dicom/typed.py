"""Typed readers of attributes: finite, in range, the right count, or absent; never an exception (CHECKLIST C14, A49).

They work on the file's bytes, since pydicom hands out "NaN", "1e400" and values of the wrong number as they are.
"""

import functools
import math
import re
import struct
import unicodedata
import warnings
import zlib
from typing import Any

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from medviewer.dicom import limits

#: Everything that a parser may throw at garbage.
PARSE_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    InvalidDicomError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_BINARY = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
_ESCAPE = re.compile(r"\x1b[\x20-\x2f]*[\x30-\x7e]")
_DATE = re.compile(r"(\d{4})[.-]?(\d\d)[.-]?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d)?:?(\d\d)?(?:\.(\d{1,6}))?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


@functools.cache
def tag(keyword: str) -> int:
    """Return the tag of a DICOM keyword as a number."""
    found = tag_for_keyword(keyword)
    if found is None:
        raise KeyError(keyword)
    return found


class Charset:
    """How this file's text is coded; `doubtful` once some text did not fit it (PS3.3 C.12.1.1.2)."""

    def __init__(self, terms: bytes | str | None = None) -> None:
        text = terms.decode("ascii", "replace") if isinstance(terms, bytes) else terms or ""
        names = [term.strip(" \0") for term in text.split("\\")]
        self.declared = any(names)
        self.doubtful = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                self.encodings = list(convert_encodings(names))
        except (*PARSE_ERRORS, Warning):
            self.encodings, self.declared = ["iso8859"], False
            self.doubtful = self.doubtful or any(names)

    def decode(self, data: bytes, *, person: bool = False) -> str:
        """Return text; bytes that the declared set does not have become a replacement character and a doubt."""
        if data.isascii() and b"\x1b" not in data:
            return data.decode("ascii")
        if not self.declared:
            self.doubtful = True
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                return data.decode("latin-1")
        delimiters = {0x5C, 0x5E, 0x3D, 0x0A, 0x0D, 0x09, 0x0C} if person else {0x5C, 0x0A, 0x0D, 0x09, 0x0C}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = decode_bytes(data, self.encodings, delimiters)
        except PARSE_ERRORS:
            text = data.decode("ascii", "replace")
        text = _ESCAPE.sub("", text)  # pydicom leaves some designations in
        self.doubtful = self.doubtful or "\N{REPLACEMENT CHARACTER}" in text
        return text


def clean(text: str) -> str:
    """Return text that cannot disturb what stands beside it: no control or direction marks, at most 256 characters."""
    text = text.strip(" \0\t\r\n")[: limits.TEXT_CHARACTERS]
    if text.isprintable():
        return text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\u200c\u200d" else c
        for c in re.sub(r"[\r\n\t\f]+", " ", text)
    )


class Attributes:
    """The attributes of one data set or sequence item, by keyword."""

    def __init__(self, dataset: Dataset, charset: Charset | None = None) -> None:
        self._dataset = dataset
        if charset is None:
            charset = Charset(self._bytes("SpecificCharacterSet"))
        self.charset = charset

    def has(self, keyword: str) -> bool:
        """Say whether the attribute is there (it may be empty)."""
        return tag(keyword) in self._dataset

    def _raw(self, keyword: str) -> tuple[str, Any, bool]:
        """Return (VR, value, little endian); the value is bytes as long as pydicom has not converted it."""
        number = tag(keyword)
        if number not in self._dataset:
            return "", None, True
        element = self._dataset.get_item(number)
        vr = element.VR or "UN"
        if vr in ("UN", "OB", "OW"):
            vr = dictionary_VR(number)
        if isinstance(element, RawDataElement):
            return vr, element.value, element.is_little_endian
        return vr, element.value, True

    def _bytes(self, keyword: str) -> bytes:
        _, value, _ = self._raw(keyword)
        if isinstance(value, bytes):
            return value
        if value is None:
            return b""
        parts = [value] if isinstance(value, str) or not hasattr(value, "__iter__") else list(value)
        return "\\".join(str(part) for part in parts).encode("utf-8", "replace")

    def plain(self, keyword: str) -> str:
        """Return an ASCII value (CS, UI, DS ...) as one text, without padding."""
        return self._bytes(keyword).strip(b" \0").decode("ascii", "replace")

    def code(self, keyword: str) -> str:
        """Return a single CS value in upper case, "" where absent."""
        return clean(self.plain(keyword).split("\\")[0]).upper()

    def codes(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a CS, in upper case; none where absent."""
        text = self.plain(keyword)
        return tuple(clean(part).upper() for part in text.split("\\")) if text else ()

    def uid(self, keyword: str) -> str:
        """Return a UID; a malformed one stays usable as an opaque key (at most 128 characters)."""
        return clean(self.plain(keyword).split("\\")[0])[:128]

    def text(self, keyword: str) -> str:
        """Return free text (LO, SH, ST); a backslash inside it does not split it (multi-byte sets use that byte)."""
        return clean(self.charset.decode(self._bytes(keyword)[: 8 * limits.TEXT_CHARACTERS]))

    def person(self, keyword: str) -> str:
        """Return "Family, Given Middle (ideographic)" of a PN; "" for no name (PS3.5 6.2.1)."""
        groups = clean(self.charset.decode(self._bytes(keyword)[:2048], person=True)).split("=")
        alphabetic, ideographic = (_name(group, i) for i, group in enumerate((*groups, "")[:2]))
        if alphabetic and ideographic:
            return f"{alphabetic} ({ideographic})"
        return alphabetic or ideographic

    def numbers(self, keyword: str, count: int | None = None, *, least: float = -math.inf) -> tuple[float, ...]:
        """Return finite numbers >= `least`, all of them or none; none too where `count` is not met."""
        values = self._numbers(keyword)
        if not values or (count is not None and len(values) != count):
            return ()
        kept = [v for v in values if v is not None and math.isfinite(v) and v >= least]
        return tuple(kept) if len(kept) == len(values) else ()

    def listed(self, keyword: str) -> list[float | None]:
        """Return one entry for each value, None for each that is no finite number."""
        return [v if v is not None and math.isfinite(v) else None for v in self._numbers(keyword)]

    def _numbers(self, keyword: str) -> list[float | None]:
        vr, value, little = self._raw(keyword)
        if value is None or value == b"":
            return []
        if isinstance(value, bytes) and (letter := _BINARY.get(vr[:2])):
            size = struct.calcsize("<" + letter)
            whole = value[: min(len(value) // size, 4096) * size]
            return [float(v) for v in struct.unpack(f"{'<' if little else '>'}{len(whole) // size}{letter}", whole)]
        return [_number(part) for part in self._bytes(keyword)[:65536].decode("ascii", "replace").split("\\")]

    def number(self, keyword: str, *, least: float = -math.inf) -> float | None:
        """Return the first value, or None."""
        values = self._numbers(keyword)
        first = values[0] if values else None
        return first if first is not None and math.isfinite(first) and first >= least else None

    def integer(self, keyword: str, *, least: int = -(2**31), most: int = 2**32) -> int | None:
        """Return a whole number between the limits, or None."""
        value = self.number(keyword)
        return int(value) if value is not None and value == int(value) and least <= value <= most else None

    def date(self, keyword: str) -> str:
        """Return "YYYY-MM-DD", or "" for no valid date."""
        match = _DATE.fullmatch(self.plain(keyword))
        if not match or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
            return ""
        return f"{match[1]}-{match[2]}-{match[3]}"

    def time(self, keyword: str, *, fraction: bool = False) -> str:
        """Return "HH:MM:SS" (with `fraction` "HH:MM:SS.ffffff"), or ""."""
        match = _TIME.fullmatch(self.plain(keyword))
        if not match or int(match[1]) > 23 or int(match[2] or 0) > 59 or int(match[3] or 0) > 60:
            return ""
        whole = f"{match[1]}:{match[2] or '00'}:{match[3] or '00'}"
        return f"{whole}.{match[4]}" if fraction and match[4] and int(match[4]) else whole

    def items(self, keyword: str) -> list["Attributes"]:
        """Return the items of a sequence; none where it is absent or cannot be read."""
        if not self.has(keyword):
            return []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = self._dataset[tag(keyword)].value
        except PARSE_ERRORS:
            return []
        return [Attributes(item, self.charset) for item in value or () if isinstance(item, Dataset)]

    def item(self, keyword: str) -> "Attributes | None":
        """Return the first item of a sequence, or None."""
        items = self.items(keyword)
        return items[0] if items else None


def _number(text: str) -> float | None:
    text = text.strip(" \0")
    return float(text) if len(text) <= 64 and _NUMBER.fullmatch(text) else None


def _name(group: str, number: int) -> str:
    """Return one group of a PN for reading: western order with a comma, others as they are written."""
    parts = [part.strip() for part in group.split("^")]
    if number:
        return " ".join(part for part in parts if part)
    family, rest = parts[0], " ".join(part for part in parts[1:] if part)
    return f"{family}, {rest}" if family and rest else family or rest
