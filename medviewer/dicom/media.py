"""DICOMDIR: a hint where files lie, never a way out of its own folder (PS3.10 8.2, DICOM_CHECKLIST A53 and C8)."""

import os
from collections.abc import Iterator
from pathlib import Path

from medviewer.core.study import Skipped
from medviewer.dicom import limits
from medviewer.dicom.files import Refused, Source, file_size, open_regular
from medviewer.dicom.parse import parse
from medviewer.dicom.sop_classes import DICOMDIR
from medviewer.dicom.typed import PARSE_ERRORS, Attributes, tag

_INDEX_CLASS = DICOMDIR.encode()


def is_index(start: bytes) -> bool:
    """Say whether the first KiB of a file is that of a DICOMDIR (its file meta group names the class)."""
    return start[128:132] == b"DICM" and _INDEX_CLASS in start[132:]


def references(index: Source, root: Path) -> Iterator[Source | Skipped]:
    """Yield the files that a DICOMDIR lists, those inside `root` only, with labels relative to it.

    Names are tried as they are, in other case, and with ".dcm". What is not there is counted in one `Skipped`.
    """
    try:
        listed = _file_ids(index)
    except Refused as no:
        yield index.skipped(no.code, no.text)
        return
    except PARSE_ERRORS:
        yield index.skipped("unreadable", "The index {name} is damaged; the files beside it were opened without it.")
        return
    folder = _Folder(root)
    absent = 0
    for parts in listed:
        if not _inside(parts):
            yield Skipped(index.label, "unsafe_path", f"{index.name} names a file outside its medium; it was ignored.")
            continue
        path = folder.find(parts)
        if path is None:
            absent += 1
        elif not folder.holds(path):
            yield Skipped(index.label, "unsafe_path", f"{index.name} leads out of its medium by a link; ignored.")
        else:
            yield Source(str(path), path.relative_to(root).as_posix())
    if absent:
        files = "one file that is" if absent == 1 else f"{absent} files that are"
        yield index.skipped("unreadable", f"{{name}} lists {files} not on this medium.")


def _file_ids(index: Source) -> list[tuple[str, ...]]:
    """Return the ReferencedFileIDs in the order of records; links between records are not needed for that."""
    with open_regular(index.path) as file:
        if file_size(file) > limits.DICOMDIR_BYTES:
            raise Refused("too_large", "The index {name} is too large; the files beside it were opened without it.")
        records = Attributes(parse(file, [tag("DirectoryRecordSequence")]).dataset).items("DirectoryRecordSequence")
        found = []
        for record in records:
            text = record.plain("ReferencedFileID")
            parts = tuple(part.strip() for part in text.replace("/", "\\").split("\\"))
            if text.strip():
                found.append(parts)
        return found


def _inside(parts: tuple[str, ...]) -> bool:
    """Say whether a reference is made of plain names."""
    return len(parts) <= limits.REFERENCE_PARTS and all(
        part not in ("", ".", "..") and not any(c in part for c in "/:\0") for part in parts
    )


class _Folder:
    """The medium's folder, listed once for each level, names compared without case."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = os.path.realpath(root)
        self._listings: dict[Path, dict[str, str]] = {}

    def find(self, parts: tuple[str, ...]) -> Path | None:
        path = self.root
        for number, part in enumerate(parts):
            name = part.split(";")[0]  # "IM1;1" is ISO 9660's version number
            names = self._names(path)
            tries = [part, name] + ([f"{name}.dcm"] if number == len(parts) - 1 else [])
            found = next((names[t.casefold()] for t in tries if t.casefold() in names), None)
            if found is None:
                return None
            path = path / (part if (path / part).name in names.values() else found)
        return path

    def _names(self, folder: Path) -> dict[str, str]:
        if folder not in self._listings:
            try:
                self._listings[folder] = {name.casefold(): name for name in sorted(os.listdir(folder))}  # noqa: PTH208
            except OSError:
                self._listings[folder] = {}
        return self._listings[folder]

    def holds(self, path: Path) -> bool:
        real = os.path.realpath(path)
        return os.path.commonpath((real, self._real)) == self._real
