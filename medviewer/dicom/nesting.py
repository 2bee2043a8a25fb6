"""How deep a data set nests, counted before anything recurses (DICOM_CHECKLIST C3)."""

import os
import struct
from typing import BinaryIO

from medviewer.dicom import limits
from medviewer.dicom.files import Refused, file_size

#: Value representations (PS3.5 6.2), and those with a 32-bit length in explicit VR (PS3.5 7.1.2).
LONG_VR = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
VR = LONG_VR | frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_BULK = (b"OB", b"OW", b"OF", b"OD", b"OL", b"OV")


def check_nesting(file: BinaryIO, implicit: bool, little: bool) -> tuple[frozenset[int], bool]:
    """Walk the elements from the reading position to the pixels.

    Returns the top-level tags whose value is too long (sequences do not count as long), and whether the file ends
    within an element. A walk that loses its way ends quietly: reading says what is wrong.

    Raises:
        Refused: `unreadable`, sequences nested more than `limits.NESTING` deep.
    """
    order = "<" if little else ">"
    ends: list[int | None] = []  # of the sequences and items that are open; None: a delimiter ends it
    too_long: set[int] = set()
    item = struct.pack(order + "HH", 0xFFFE, 0xE000)
    while True:
        at = file.tell()
        while ends and (end := ends[-1]) is not None and at >= end:
            ends.pop()
        head = file.read(8)
        if len(head) < 8:
            return frozenset(too_long), bool(head) or any(end is None for end in ends) or at > file_size(file)
        tag, vr, length = _element(file, head, order, implicit)
        if tag in (_ITEM_END, _SEQUENCE_END):
            del ends[-1:]
        elif tag >> 16 == 0x7FE0 and not ends:
            return frozenset(too_long), False
        elif tag == _ITEM or _opens(file, vr, length, item):
            ends.append(None if length == _UNDEFINED else file.tell() + length)
            if len(ends) > 2 * limits.NESTING:
                raise Refused("unreadable", f"{{name}} nests sequences more than {limits.NESTING} deep.")
        elif length == _UNDEFINED:
            _skip_fragments(file, order)
        else:
            if length > limits.VALUE_BYTES and not ends:
                too_long.add(tag)
            file.seek(length, os.SEEK_CUR)


def _element(file: BinaryIO, head: bytes, order: str, implicit: bool) -> tuple[int, bytes, int]:
    group, element = struct.unpack_from(order + "HH", head)
    vr = head[4:6]
    if group == 0xFFFE or implicit or vr not in VR:
        return group << 16 | element, b"", struct.unpack_from(order + "L", head, 4)[0]
    if vr in LONG_VR:
        return group << 16 | element, vr, struct.unpack(order + "L", file.read(4).ljust(4, b"\0"))[0]
    return group << 16 | element, vr, struct.unpack_from(order + "H", head, 6)[0]


def _opens(file: BinaryIO, vr: bytes, length: int, item: bytes) -> bool:
    """Say whether the element at the reading position is a sequence (its value starts with an item, or SQ)."""
    if vr == b"SQ":
        return True
    if vr not in (b"", b"UN") or length < 8:
        return False
    at = file.tell()
    start = file.read(4)
    file.seek(at)
    return start == item or (length == _UNDEFINED and start in (item, b"\xfe\xff\xdd\xe0", b"\xfe\xff\x00\xe0"))


def _skip_fragments(file: BinaryIO, order: str) -> None:
    while len(head := file.read(8)) == 8:
        group, element, length = struct.unpack(order + "HHL", head)
        if group != 0xFFFE or element != 0xE000 or length == _UNDEFINED:
            return
        file.seek(length, os.SEEK_CUR)
