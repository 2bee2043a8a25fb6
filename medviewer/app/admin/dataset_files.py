"""Pictures from folders and from packed files, with the labels of a table."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin.dataset_items import (
    FRAMES,
    MISSING,
    NOBODY,
    UNREADABLE,
    Found,
    Item,
    Progress,
    Who,
    headers,
    known,
    misfit,
    united,
    who,
)
from medviewer.app.admin.dataset_labels import Line, read_lines
from medviewer.app.admin.sources import FolderSource, PackedSource
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef
from medviewer.inference.folder import ModelFolder
from medviewer.library.texts import hashed

if TYPE_CHECKING:
    from medviewer.app.session import Session

LABELS = "labels.csv"
MOST_FILE, MOST_TOTAL, MOST_PATCH = 256 << 20, 8 << 30, 512
VAL = frozenset({"val", "test", "report"})
Blobs = Callable[[str], bytes | None]


@contextmanager
def from_folder(session: "Session", source: FolderSource, job: Job, tell: Progress) -> Iterator[Found]:
    """Find the pictures of a folder.

    Raises:
        UserError: `no_folder`, `labels`, `unsafe_path`.
    """
    folder = source.folder.expanduser().absolute()  # the reader processes work elsewhere
    if not folder.is_dir():
        raise UserError("no_folder", f"The folder {folder.name} is not there. Check the path.")
    lines = read_lines(source.labels or folder / LABELS, source.target)
    paths = [_inside(folder, line.file) for line in lines]
    found = headers(session, [path for path in paths if path is not None], job, tell)
    model = _model(session, source)
    yield Found(_items(lines, paths, found, model, source), "films", {"kind": "folder", "rows": len(lines)})


def _inside(folder: Path, file: str) -> Path | None:
    """Return the path of a file in the folder; None where there is none.

    Raises:
        UserError: `unsafe_path`: a link leads elsewhere.
    """
    path = folder / file
    try:
        if not path.is_file():
            return None
        if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
            raise UserError("unsafe_path", "A file of the labels lies outside the folder of images.")
    except OSError:
        return None
    return path


@contextmanager
def from_packed(session: "Session", source: PackedSource, job: Job, tell: Progress) -> Iterator[Found]:
    """Find the pictures of a packed file; encoded ones lie in the private spool while they are read.

    Raises:
        UserError: `images`, `labels`, `too_large`.
    """
    lines = read_lines(source.labels or source.images.with_name(LABELS), source.target)
    with _opened(source.images) as (arrays, blobs):
        if blobs is None:
            items = list(_patches(source.images.name, arrays, lines, source))
            yield Found(items, "patches", {"kind": "packed", "rows": len(lines)})
            return
        folder = session.home.private(session.spool / f"packed-{id(job)}")
        try:
            paths = [_unpacked(folder, number, line, blobs, job) for number, line in enumerate(lines)]
            found = headers(session, [path for path in paths if path is not None], job, tell)
            model = _model(session, source)
            yield Found(_items(lines, paths, found, model, source), "films", {"kind": "packed", "rows": len(lines)})
        finally:
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            folder.rmdir()


def _unpacked(folder: Path, number: int, line: Line, blobs: Blobs, job: Job) -> Path | None:
    job.step(job.done, job.total)
    data = blobs(line.file)
    if data is None:
        return None
    suffix = Path(line.file).suffix.lower()
    path = folder / f"{number:07d}{suffix if suffix.isascii() and suffix[1:].isalnum() else ''}"
    path.write_bytes(data)
    return path


@contextmanager
def _opened(path: Path) -> Iterator[tuple[dict[str, NDArray[Any]], Blobs | None]]:
    """Open a packed file: its arrays, and what gives an encoded picture by name (None: the arrays are pictures)."""
    if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield {}, _zip_blobs(archive, path.name)
        return
    try:
        with np.load(path, allow_pickle=False) as packed:
            _check_sizes(packed, path.name)
            arrays = {name: packed[name] for name in packed.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise UserError("images", f"{path.name} is neither a folder nor a packed .npz or .zip of images.") from error
    if {"names", "blob", "offsets"} <= set(arrays):
        yield arrays, _npz_blobs(path.name, arrays)
    elif {"x", "names"} <= set(arrays):
        yield arrays, None
    else:
        raise UserError("images", f"{path.name} holds neither names, blob and offsets nor x and names.")


def _check_sizes(packed: Any, name: str) -> None:
    if sum(entry.file_size for entry in packed.zip.infolist()) > MOST_TOTAL:
        raise UserError("too_large", f"{name} unpacks to more than can be used.")


def _zip_blobs(archive: zipfile.ZipFile, name: str) -> Blobs:
    at = {entry.filename: entry for entry in archive.infolist()}
    total = 0

    def blob(file: str) -> bytes | None:
        nonlocal total
        entry = at.get(file)
        if entry is None:
            return None
        total += entry.file_size
        if entry.file_size > MOST_FILE or total > MOST_TOTAL:
            raise UserError("too_large", f"{name} unpacks to more than can be used.")
        try:
            with archive.open(entry) as opened:
                return opened.read(MOST_FILE)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return b""

    return blob


def _npz_blobs(name: str, arrays: Mapping[str, NDArray[Any]]) -> Blobs:
    names, data, offsets = arrays["names"], arrays["blob"], arrays["offsets"]
    fits = (
        data.dtype == np.uint8
        and data.ndim == 1
        and names.ndim == 1
        and offsets.dtype.kind in "iu"
        and offsets.shape == (len(names) + 1,)
        and (np.diff(offsets.astype(np.int64)) >= 0).all()
        and int(offsets[0]) >= 0
        and int(offsets[-1]) <= data.size
    )
    if not fits:
        raise UserError("images", f"{name} is damaged: its offsets do not fit its contents.")
    at = {str(n): i for i, n in enumerate(names.tolist())}

    def blob(file: str) -> bytes | None:
        i = at.get(file)
        return None if i is None else data[int(offsets[i]) : int(offsets[i + 1])].tobytes()

    return blob


def _items(
    lines: Sequence[Line],
    paths: Sequence[Path | None],
    found: Mapping[str, Sequence[ImageHeader]],
    model: ModelFolder | None,
    source: FolderSource | PackedSource,
) -> list[Item]:
    """Return the pictures of a table, one a line; who is who, the table says, else the headers."""
    each = [found.get(str(path), ()) for path in paths]
    persons = [_who(line, some[0] if some else None) for line, some in zip(lines, each, strict=True)]
    items = []
    for line, path, some, one, key in zip(lines, paths, each, persons, united(persons), strict=True):
        item = _item(line, some, path, model, source)
        items.append(replace(item, patient=key, more=item.more | ({} if one.known else NOBODY)))
    return items


def _item(
    line: Line,
    found: Sequence[ImageHeader],
    path: Path | None,
    model: ModelFolder | None,
    source: FolderSource | PackedSource,
) -> Item:
    header = found[0] if found else None
    why = MISSING if path is None else UNREADABLE
    if header is not None:
        several = len(found) > 1 or len(header.frames) > 1
        why = FRAMES if several else misfit(model, header)
    size = str(path.stat().st_size) if path is not None else "0"
    more = {**(known(header) if header is not None else {}), **line.more, "bytes": line.more.get("bytes") or size}
    ref = ImageRef(header) if header is not None and why != FRAMES else None
    origin = {"row": line.file, **({"path": str(path)} if isinstance(source, FolderSource) and path else {})}
    return Item(line.label, line.positive, "", ref, None, None, why, _part(line, source), more, origin)


def _who(line: Line, header: ImageHeader | None) -> Who:
    """Return who it is: the table says it, else the header."""
    alone = hashed("file", line.file)
    if line.patient:
        return Who(hashed("table", line.patient), "", alone)
    if header is None or header.film:
        return Who("", "", alone)
    return who(header.patient.name, header.patient.id, header.patient.birth_date, alone)


def _part(line: Line, source: FolderSource | PackedSource) -> str:
    return "report" if source.use_split and line.split.lower() in VAL else ""


def _patches(
    name: str, arrays: Mapping[str, NDArray[Any]], lines: Sequence[Line], source: PackedSource
) -> Iterator[Item]:
    x, names = arrays["x"], arrays["names"]
    if x.ndim != 3 or x.dtype != np.uint8 or names.shape != (len(x),) or max(x.shape[1:], default=0) > MOST_PATCH:
        raise UserError("images", f"{name} is damaged: its patches are not 8-bit pictures with a name each.")
    at = {str(n): i for i, n in enumerate(names.tolist())}
    for line in lines:
        i = at.get(line.file)
        pixels, why = (None, MISSING) if i is None else (x[i], "")
        one = _who(line, None)
        more = line.more | ({} if one.known else NOBODY)
        (key,), part = united([one]), _part(line, source)
        yield Item(line.label, line.positive, key, None, pixels, None, why, part, more, {"row": line.file})


def _model(session: "Session", source: FolderSource | PackedSource) -> ModelFolder | None:
    """Return the model that the data set is for: by name, else a model for films with the same target."""
    if source.model:
        model = session.model(source.model)
        if model is None:
            raise UserError("no_model", f"There is no model called {source.model}.")
        return model
    same = (m for m in reversed(session.models) if m.card.target.lower() == source.target.strip().lower())
    return next((m for m in same if m.card.task == "classification"), None)
