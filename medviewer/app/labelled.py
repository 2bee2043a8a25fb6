"""Labelled images for an evaluation: a folder, a packed .npz or .zip of picture files, or an .npz of patches.

Formats of the packed files are those of the data's README: `names`, `blob`, `offsets` (encoded pictures end to end), or
`x` (uint8 [n, row, column]), `y`, `names`. Nothing is unpickled; encoded pictures are decoded by the reader processes.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.intensity import Window
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef
from medviewer.inference.folder import ModelFolder

Picture = tuple[int, Frame, tuple[float, float] | None]
MOST_ROWS, MOST_BYTES, MOST_TOTAL = 1_000_000, 256 << 20, 8 << 30
#: Labels that mean "the finding is there", beside the name of the model's own class.
POSITIVE = frozenset({"1", "true", "yes", "positive", "pneumonia", "malignant", "nodule"})


@dataclass(frozen=True)
class Row:
    """One line of labels.csv; `more` holds its other columns."""

    file: str
    label: str
    positive: bool
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Labelled:
    """Rows, and a function that yields (row number, frame, spacing) for those whose image can be read."""

    rows: tuple[Row, ...]
    pictures: Callable[[], Iterator[Picture]]
    patches: bool = False


def load(session: Session, images: Path, labels: Path, model: ModelFolder) -> Labelled:
    """Return the labelled images.

    Raises:
        UserError: a file is missing or not of a known form, or a row has no image.
    """
    rows = read_labels(labels, model.card.target)
    if images.is_dir():
        return _folder(session, images, rows)
    if zipfile.is_zipfile(images) and images.suffix.lower() == ".zip":
        return _encoded(session, rows, _from_zip(images, rows))
    try:
        with np.load(images, allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError("images", f"{images.name} is neither a folder nor a packed .npz of images.") from error
    if {"names", "blob", "offsets"} <= set(arrays):
        return _encoded(session, rows, _from_blob(images.name, arrays, rows))
    if {"x", "names"} <= set(arrays):
        return _patches(images.name, arrays, rows)
    raise UserError("images", f"{images.name} holds neither names, blob and offsets nor x and names.")


def read_labels(path: Path, target: str) -> tuple[Row, ...]:
    """Return the rows of labels.csv.

    Raises:
        UserError: `labels`.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise UserError("labels", f"{path.name} cannot be read as a table of labels.") from error
    if not lines or not {"file", "label"} <= set(lines[0]):
        raise UserError("labels", f"{path.name} needs the columns file and label, and at least one row.")
    if len(lines) > MOST_ROWS:
        raise UserError("labels", f"{path.name} has more than {MOST_ROWS} rows.")
    rows = [_row(line, target) for line in lines]
    if len({row.file for row in rows}) < len(rows):
        raise UserError("labels", f"{path.name} names a file twice.")
    return tuple(rows)


def _row(line: dict[str, Any], target: str) -> Row:
    file, label = str(line.get("file") or ""), str(line.get("label") or "")
    more = {str(k): str(v) for k, v in line.items() if k not in ("file", "label", None) and v is not None}
    word = label.strip().lower()
    return Row(file, label, word == target.lower() or word in POSITIVE, more)


def _folder(session: Session, folder: Path, rows: Sequence[Row]) -> Labelled:
    paths = []
    for row in rows:
        if PurePosixPath(row.file).is_absolute() or ".." in PurePosixPath(row.file).parts:
            raise UserError("unsafe_path", "A file of the labels lies outside the folder of images.")
        path = folder / row.file
        if not path.is_file():
            raise UserError("images", f"{path.name} is in the labels, but not in {folder.name}.")
        paths.append(path)
    return _readable(session, rows, paths)


def _from_blob(name: str, arrays: dict[str, NDArray[Any]], rows: Sequence[Row]) -> Iterator[bytes]:
    names, blob, offsets = arrays["names"], arrays["blob"], arrays["offsets"]
    well_formed = (
        blob.dtype == np.uint8
        and offsets.dtype.kind in "iu"
        and offsets.shape == (len(names) + 1,)
        and (np.diff(offsets.astype(np.int64)) >= 0).all()
        and int(offsets[0]) >= 0
        and int(offsets[-1]) <= blob.size
    )
    if not well_formed:
        raise UserError("images", f"{name} is damaged: its offsets do not fit its contents.")
    at = {str(n): i for i, n in enumerate(names)}
    for row in rows:
        i = _found(at, row.file, name)
        yield blob[int(offsets[i]) : int(offsets[i + 1])].tobytes()


def _from_zip(path: Path, rows: Sequence[Row]) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        at = {entry.filename: entry for entry in archive.infolist()}
        total = 0
        for row in rows:
            entry = _found(at, row.file, path.name)
            total += entry.file_size
            if entry.file_size > MOST_BYTES or total > MOST_TOTAL:
                raise UserError("too_large", f"{path.name} unpacks to more than can be used.")
            with archive.open(entry) as file:
                yield file.read(MOST_BYTES)


def _found(at: dict[str, Any], name: str, where: str) -> Any:
    if name not in at:
        raise UserError("images", f"{PurePosixPath(name).name} is in the labels, but not in {where}.")
    return at[name]


def _encoded(session: Session, rows: Sequence[Row], blobs: Iterator[bytes]) -> Labelled:
    """Write encoded pictures into the private spool under plain numbers, so that readers can decode them."""
    folder = session.spool / f"images-{id(blobs)}"
    folder.mkdir(mode=0o700)
    paths = []
    for number, (row, data) in enumerate(zip(rows, blobs, strict=True)):
        suffix = PurePosixPath(row.file).suffix.lower()
        path = folder / f"{number:07d}{suffix if suffix.isascii() and suffix[1:].isalnum() else ''}"
        path.write_bytes(data)
        paths.append(path)
    return _readable(session, rows, paths)


def _readable(session: Session, rows: Sequence[Row], paths: Sequence[Path]) -> Labelled:
    """Read the headers of `paths` (one image each) and hand out their frames in the rows' order.

    They are not grouped: there a picture that stands twice would count once.
    """
    headers: dict[Path, ImageHeader] = {}
    job = Job(f"Reading {len(paths)} files", "open")

    def take(found: tuple[ImageHeader, ...], _: object) -> None:
        headers.update({Path(header.path): header for header in found})

    session.jobs.run(job, lambda job: session.pool.scan(paths, job, take)).value()
    wanted = [(i, ImageRef(headers[p])) for i, p in enumerate(paths) if p in headers]

    def pictures() -> Iterator[Picture]:
        frames = session.pixels.try_stream([ref for _, ref in wanted])
        for (number, ref), (_, frame) in zip(wanted, frames, strict=True):
            if isinstance(frame, Frame):
                yield number, frame, ref.plane.spacing

    return Labelled(tuple(rows), pictures)


def _patches(name: str, arrays: dict[str, NDArray[Any]], rows: Sequence[Row]) -> Labelled:
    x = arrays["x"]
    at = {str(n): i for i, n in enumerate(arrays["names"])}
    if x.ndim != 3 or x.dtype != np.uint8 or len(x) != len(arrays["names"]):
        raise UserError("images", f"{name} is damaged: its patches are not 8-bit pictures with a name each.")
    places = [_found(at, row.file, name) for row in rows]

    def pictures() -> Iterator[Picture]:
        for number, place in enumerate(places):
            yield number, Frame(x[place], window=Window(128, 256)), None

    return Labelled(tuple(rows), pictures, patches=True)
