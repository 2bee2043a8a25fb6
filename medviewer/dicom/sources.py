"""From what the user gave (files, folders, zips, DICOMDIRs) to single files with labels. Reader process only.

Nothing is extracted under its own name, nothing outside what was given is opened, nothing is followed in circles.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from medviewer.core.study import Skipped
from medviewer.dicom import archives, limits, media
from medviewer.dicom.files import Refused, Source, open_regular

__all__ = ["Source", "expand"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def expand(
    paths: Sequence[str], spool: Path, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Source | Skipped]:
    """Yield every file under `paths` once, in the order of names; a zip's members lie in `spool` under hash names.

    A DICOMDIR stands for its folder: what it lists comes first, what it does not list after that.
    A folder that is empty, a path that is not there and everything that is no regular file is a `Skipped`.
    `cancelled` is asked between the pieces of long work (a large member of a zip).
    """
    walk = _Walk(spool, cancelled)
    for path in paths:
        yield from walk.given(path)


class _Walk:
    """One scan: remembers which files were offered (by device and inode, so that links do not multiply them)."""

    def __init__(self, spool: Path, cancelled: Callable[[], bool]) -> None:
        self.spool, self.cancelled = spool, cancelled
        self.seen: set[tuple[int, int]] = set()
        self.budget = archives.Budget(spool)

    def given(self, path: str) -> Iterator[Source | Skipped]:
        top = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links and change the labels
        name = top.name or str(top)
        try:
            is_folder = top.is_dir()
        except (OSError, ValueError):
            yield Skipped(name, "unreadable", f"{name} could not be opened.")
            return
        if is_folder:
            yield from self.folder(top)
            return
        source = Source(str(top), name)
        kind = self.kind(source)
        if isinstance(kind, Skipped):
            yield kind
        elif kind == "index":
            yield from self.folder(top.parent, top)
        else:
            yield from self.file(source, kind)

    def folder(self, top: Path, index: Path | None = None) -> Iterator[Source | Skipped]:
        """Yield the files below `top`, those that `index` lists first."""
        count = 0
        for found in self._listed(top, index):
            count += 1
            yield found
        for found in self._below(top):
            count += 1
            yield found
        if not count:
            yield Skipped(top.name, "not_dicom", f"The folder {top.name} has no files.")

    def _listed(self, top: Path, index: Path | None) -> Iterator[Source | Skipped]:
        if index is not None:
            self._new(index)  # an index is no image: it is not offered again
            for found in media.references(Source(str(index), index.name), top):
                if isinstance(found, Skipped):
                    yield found
                else:
                    yield from self.checked(found)

    def _below(self, top: Path) -> Iterator[Source | Skipped]:
        levels = len(top.parts)
        problems: list[OSError] = []
        for base, folders, names in os.walk(top, onerror=problems.append, followlinks=False):
            folders.sort(key=_by_name)
            folder = Path(base)
            depth = len(folder.parts) - levels
            if depth >= limits.FOLDER_DEPTH and folders:
                folders.clear()
                yield Skipped(_label(folder, top), "too_large", "Folders deeper than 64 levels were left out.")
            for name in sorted(names, key=_by_name):
                path = folder / name
                yield from self.checked(Source(str(path), _label(path, top)), inside=top)
        for problem in problems:
            folder = Path(str(problem.filename))
            yield Skipped(_label(folder, top), "unreadable", f"The folder {folder.name} could not be read.")

    def checked(self, source: Source, inside: Path | None = None) -> Iterator[Source | Skipped]:
        """Yield what `source` holds, unless it was offered before."""
        kind = self.kind(source)
        if isinstance(kind, Skipped):
            yield kind
        elif kind == "index":
            if inside is not None and self._new(Path(source.path)):
                root = Path(source.path).parent
                yield from (found for found in media.references(source, root) if isinstance(found, Skipped))
        else:
            yield from self.file(source, kind)

    def file(self, source: Source, kind: str) -> Iterator[Source | Skipped]:
        if not self._new(Path(source.path)):
            return
        if kind == "zip":
            yield from archives.members(source, self.spool, self.budget, self.cancelled)
        else:
            yield source

    def kind(self, source: Source) -> str | Skipped:
        """Return "zip", "index" (a DICOMDIR) or "file", by content."""
        try:
            with open_regular(source.path) as file:
                start = file.read(1024)
        except Refused as no:
            return source.skipped(no.code, no.text)
        except OSError:
            return source.skipped("unreadable", "{name} could not be read.")
        if start.startswith(_ZIP):
            return "zip"
        return "index" if media.is_index(start) else "file"

    def _new(self, path: Path) -> bool:
        try:
            status = path.stat()
        except OSError:
            return True  # it vanished: reading it says so
        key = (status.st_dev, status.st_ino)
        if key in self.seen and status.st_ino:
            return False
        self.seen.add(key)
        return True


def _label(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path != top else top.name


def _by_name(name: str) -> tuple[str, str]:
    return name.casefold(), name
