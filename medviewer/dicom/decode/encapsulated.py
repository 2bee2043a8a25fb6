"""Fragments of encapsulated pixel data, put together to frames (PS3.5 A.4; DICOM_CHECKLIST A46, C22).

Offsets in the file are hints: they are used where they agree with the fragments that are really there.
"""

import struct
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from medviewer.dicom import limits
from medviewer.dicom.decode.damage import Damaged, TooLarge, Truncated

ITEM = b"\xfe\xff\x00\xe0"
DELIMITER = b"\xfe\xff\xdd\xe0"
#: What the first fragment of a frame begins with: JPEG and JPEG-LS, JPEG 2000 codestream, JP2 file.
STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")


@dataclass(frozen=True)
class Fragment:
    """One item: file offset and length of its value, offset of its tag from the first fragment's tag."""

    at: int
    length: int
    offset: int
    start: bytes


@dataclass(frozen=True)
class FragmentIndex:
    """Which fragments make which frame. `cut` says that the file ends before its last fragment does."""

    frames: tuple[tuple[Fragment, ...], ...]
    lengths: tuple[int, ...] | None  # exact bytes of each frame, from the Extended Offset Table
    cut: bool

    def read(self, file: BinaryIO, frame: int) -> bytes:
        """Return the joined bytes of `frame`.

        Raises:
            Damaged: there is no such frame. Truncated: the file ends within it.
        """
        if not 0 <= frame < len(self.frames):
            raise (Truncated if self.cut else Damaged)(
                f"{len(self.frames)} frames are there, wanted number {frame + 1}"
            )
        parts = self.frames[frame]
        if sum(part.length for part in parts) > limits.FRAME_BYTES:
            raise TooLarge
        data = []
        for part in parts:
            file.seek(part.at)
            piece = file.read(part.length)
            if len(piece) < part.length:
                raise Truncated("the file ends within a fragment")
            data.append(piece)
        joined = data[0] if len(data) == 1 else b"".join(data)
        if self.lengths is not None:
            joined = joined[: self.lengths[frame]]
        return joined


def index_fragments(
    file: BinaryIO, size: int, frames: int, extended: tuple[tuple[int, ...], tuple[int, ...]] | None, rle: bool
) -> FragmentIndex:
    """Return the index of the pixel data whose first item tag is at the file's position.

    Args:
        file: stands at the tag of the Basic Offset Table.
        size: length of the file (or of the inflated data set).
        frames: Number of Frames.
        extended: Extended Offset Table and its lengths, when the file has them.
        rle: fragments hold RLE segments, one fragment a frame (PS3.5 A.4.2).
    """
    table, fragments, cut = _walk(file, size, frames)
    if not fragments:
        raise (Truncated if cut else Damaged)("no fragments")
    groups, lengths = _grouped(fragments, table, frames, extended, rle)
    return FragmentIndex(groups, lengths, cut)


def _walk(file: BinaryIO, size: int, frames: int) -> tuple[tuple[int, ...], list[Fragment], bool]:
    """Return the Basic Offset Table, the fragments, and whether the file ends too early."""
    most = 4 * frames + limits.FRAGMENTS
    table: tuple[int, ...] = ()
    fragments: list[Fragment] = []
    first: int | None = None
    while True:
        head = file.read(8)
        if len(head) < 8 or head[:4] == DELIMITER:
            return table, fragments, len(head) < 8 and len(head) > 0
        if head[:4] != ITEM:
            if fragments:  # trailing rubbish instead of a delimiter: what came before it counts
                return table, fragments, False
            raise Damaged("no item where a fragment should begin")
        length = struct.unpack_from("<I", head, 4)[0]
        at = file.tell()
        if at + length > size:
            return table, fragments, True
        if first is None:
            table = _offset_table(file.read(length) if length <= 8 * most else b"")
            first = at + length
        else:
            if len(fragments) >= most:
                raise Damaged("too many fragments")
            fragments.append(Fragment(at, length, at - 8 - first, file.read(min(length, 12))))
        file.seek(at + length)


def _offset_table(value: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(value) // 4}I", value[: len(value) // 4 * 4])


Groups = tuple[tuple[Fragment, ...], ...]


def _grouped(
    fragments: list[Fragment],
    table: tuple[int, ...],
    frames: int,
    extended: tuple[tuple[int, ...], tuple[int, ...]] | None,
    rle: bool,
) -> tuple[Groups, tuple[int, ...] | None]:
    """Return the fragments of each frame: by a table that agrees with them, by count, else by their first bytes."""
    if extended is not None:
        offsets, lengths = extended
        groups = _by_offsets(fragments, offsets)
        if groups and len(offsets) == len(lengths) == frames and _fit(groups, lengths):
            return groups, lengths
    if len(table) == frames and (groups := _by_offsets(fragments, table)):
        return groups, None
    if rle or len(fragments) == frames:
        return tuple((fragment,) for fragment in fragments), None
    if frames == 1:
        return (tuple(fragments),), None
    starts = [i for i, fragment in enumerate(fragments) if fragment.start.startswith(STARTS)]
    if not starts or starts[0] != 0:
        raise Damaged("fragments cannot be told apart")
    return tuple(tuple(fragments[a:b]) for a, b in pairwise([*starts, len(fragments)])), None


def _by_offsets(fragments: list[Fragment], offsets: tuple[int, ...]) -> Groups | None:
    """Return the groups that `offsets` name, or None where they are not increasing starts of fragments from 0."""
    at = [fragment.offset for fragment in fragments]
    if not offsets or offsets[0] != 0 or any(b <= a for a, b in pairwise(offsets)):
        return None
    begins = [bisect_left(at, offset) for offset in offsets]
    if any(i >= len(at) or at[i] != offset for i, offset in zip(begins, offsets, strict=True)):
        return None
    return tuple(tuple(fragments[a:b]) for a, b in pairwise([*begins, len(fragments)]))


def _fit(groups: Groups, lengths: tuple[int, ...]) -> bool:
    return all(0 < length <= sum(part.length for part in group) for group, length in zip(groups, lengths, strict=True))
