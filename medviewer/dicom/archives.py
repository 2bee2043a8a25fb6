"""Zip archives: members become files of ours under hash names, whatever they call themselves (PS3.10 and hostile ones).

Sizes are counted in bytes that really came out, never taken from the archive's own words.
"""

import hashlib
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

from medviewer.core.study import Skipped
from medviewer.dicom import limits
from medviewer.dicom.files import Refused, Source, open_regular

_ENCRYPTED = 0x1
_PIECE = limits.MIB
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


class Budget:
    """Bytes that the archives of one scan may still write into `spool`."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self._left: int | None = None

    @property
    def left(self) -> int:
        if self._left is None:
            self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._left = min(limits.ZIP_TOTAL_BYTES, shutil.disk_usage(self.spool).free // 2)
        return self._left

    def spend(self, count: int) -> None:
        self._left = self.left - count


def members(
    source: Source, spool: Path, budget: Budget, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Source | Skipped]:
    """Yield the files in a zip, each copied to `spool` when its turn comes. Archives inside it are not opened."""
    try:
        with open_regular(source.path) as file, zipfile.ZipFile(file) as archive:
            yield from _members(source, archive, spool, budget, cancelled)
    except Refused as no:
        yield source.skipped(no.code, no.text)
    except _BROKEN:
        yield source.skipped("unreadable", "{name} is not a whole zip archive; ask the sender for it again.")


def _members(
    source: Source, archive: zipfile.ZipFile, spool: Path, budget: Budget, cancelled: Callable[[], bool]
) -> Iterator[Source | Skipped]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if not infos:
        yield source.skipped("not_dicom", "{name} has no files in it.")
    elif all(info.flag_bits & _ENCRYPTED for info in infos):
        yield source.skipped("unreadable", "{name} is encrypted; unpack it with its password, then open the folder.")
        return
    if len(infos) > limits.ZIP_MEMBERS:
        yield source.skipped("too_large", f"{{name}} has more than {limits.ZIP_MEMBERS} files; the rest is left out.")
    for number, info in enumerate(infos[: limits.ZIP_MEMBERS]):
        label = f"{source.label}/{_label(info.filename) or f'member {number + 1}'}"
        name = hashlib.sha256(f"{source.path}\0{number}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        member = Source(str(spool / name), label)
        try:
            _spool(archive, info, Path(member.path), budget, cancelled)
        except Refused as no:
            yield member.skipped(no.code, no.text)
            if no.code == "too_large" and budget.left <= 0:
                return
        except _BROKEN:
            yield member.skipped("unreadable", "{name} is damaged inside its archive.")
        else:
            yield member
        if cancelled():
            return


def _spool(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: Budget, cancelled: Callable[[], bool]
) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused("unsafe_path", "{name} is a link inside an archive; links are not followed.")
    if kind not in (0, stat.S_IFREG):
        raise Refused("not_a_regular_file", "{name} is not a regular file inside its archive.")
    if info.flag_bits & _ENCRYPTED:
        raise Refused("unreadable", "{name} is encrypted inside its archive; unpack it with its password first.")
    budget.left  # noqa: B018 - makes the spool folder
    try:
        with archive.open(info) as inside, target.open("wb") as out:
            _copy(inside, out, budget, cancelled)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _copy(inside: IO[bytes], out: BinaryIO, budget: Budget, cancelled: Callable[[], bool]) -> None:
    count = 0
    while piece := inside.read(_PIECE):
        if not count and piece.startswith(b"PK\x03\x04"):
            raise Refused("unreadable", "{name} is an archive inside an archive; unpack the outer one first.")
        count += len(piece)
        budget.spend(len(piece))
        if count > limits.ZIP_MEMBER_BYTES:
            raise Refused("too_large", f"{{name}} is larger than {limits.ZIP_MEMBER_BYTES // limits.GIB} GiB unpacked.")
        if budget.left < 0:
            raise Refused("too_large", "The archive unpacks to more than fits here; what was read so far is kept.")
        if cancelled():
            raise Refused("unreadable", "{name} was not read: stopped.")
        out.write(piece)


def _label(name: str) -> str:
    """Return a member's name as a harmless relative label: no drive, no "..", no leading slash."""
    parts = name.replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..") and not (len(part) == 2 and part.endswith(":"))]
    return "/".join("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in part) for part in kept)
