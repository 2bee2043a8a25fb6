"""From a source to a data set on the disk: read by the reader processes, written whole or not at all."""

import contextlib
import dataclasses
import errno
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from medviewer.app.admin.dataset_files import from_folder, from_packed
from medviewer.app.admin.dataset_items import Found, Item, read
from medviewer.app.admin.dataset_opinions import from_opinions
from medviewer.app.admin.dataset_pictures import REDUCED
from medviewer.app.admin.dataset_split import checked, split
from medviewer.app.admin.sources import FolderSource, OpinionsSource, PackedSource, Source
from medviewer.app.tables import put
from medviewer.core import datasets
from medviewer.core.datasets import PICTURES, DataSet, Facts, Row
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.parcels import alive

if TYPE_CHECKING:
    from medviewer.app.session import Session

SOURCES = "sources.json"
#: Ends of the names of folders that are being made, or being removed; the process's id stands before them.
PART, GONE = ".part", ".gone"
MOST_NAME = 80
NOTHING = "None of these pictures can be read and fits. Check the folder, the labels and the model."
_FINDERS: dict[type, Callable[..., contextlib.AbstractContextManager[Found]]] = {
    OpinionsSource: from_opinions,
    FolderSource: from_folder,
    PackedSource: from_packed,
}


@dataclass
class _Made:
    """What has come into the data set so far: rows, where each came from, and the patients' numbers."""

    numbers: dict[str, str] = field(default_factory=dict)  # patient's key -> number
    rows: list[Row] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)  # patient -> part that the source wants
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    readable: int = 0

    def take(self, item: Item, there: bool) -> str:
        """Make a row of a picture and return its key."""
        file = f"{len(self.rows) + 1:06d}"
        patient = self.numbers.setdefault(item.patient, str(len(self.numbers) + 1))
        more = dict(item.more) | ({"why": item.why} if item.why else {}) | ({} if there else {"picture": "none"})
        self.rows.append(Row(file, item.label, item.positive, patient, "fit", bool(item.why), more))
        self.files[file] = item.origin
        self.readable += there and not item.why
        if item.part:
            self.given[patient] = item.part
        return file


def gather(session: "Session", source: Source, name: str, job: Job, previous: DataSet | None = None) -> DataSet:
    """Make a data set of what the source holds; it is there when this returns, and nothing is if it fails.

    With `previous` it is the next version of that one: patients keep their numbers and their parts.

    Raises:
        Cancelled.
        UserError: the source cannot be used, or the disk is full (`no_space`).
    """
    shares = checked(source.shares)
    id_ = new_id()
    folder = session.home.private(session.home.datasets) / f"{id_}.{os.getpid()}{PART}"
    try:
        folder.mkdir(mode=0o700)
        made = _Made(known_patients(previous.path) if previous else {})
        with _FINDERS[type(source)](session, source, job, job.step) as found:
            datasets.write_pictures(folder / PICTURES, _pictures(session, source, found, made, job))
        if not made.readable:
            raise UserError("no_pictures", NOTHING)
        facts = _facts(session, source, name, id_, found, previous)
        dataset = datasets.write(folder, facts, _parts(made, source, shares, previous))
        put(folder / SOURCES, json.dumps({"patients": made.numbers, "files": made.files}).encode())
        if job.cancel_asked:
            job.step(job.done, job.total)
        folder.replace(folder.with_name(id_))
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise disk_error(error) from error
        raise
    return dataclasses.replace(dataset, path=folder.with_name(id_))


def new_id() -> str:
    """Return the name of a new data set's folder."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def known_patients(path: Path) -> dict[str, str]:
    """Return key -> number of the patients of a data set in `path`; nothing where its sources are gone."""
    try:
        found = json.loads((path / SOURCES).read_bytes())["patients"]
        return {str(key): str(int(number)) for key, number in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _pictures(
    session: "Session", source: Source, found: Found, made: _Made, job: Job
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield what is read, and note a row for each picture, also for those that cannot be had."""
    total = len(found.items)
    for number, (item, picture) in enumerate(read(session, found.items, job)):
        if picture is None and isinstance(source, FolderSource) and not source.folder.is_dir():
            raise UserError("no_folder", f"The folder {source.folder.name} went away while it was read. Try again.")
        file = made.take(item, picture is not None)
        if picture is not None:
            yield file, picture
        job.step(number + 1, total)


def _parts(made: _Made, source: Source, shares: tuple[float, ...], previous: DataSet | None) -> tuple[Row, ...]:
    known = {row.patient: row.part for row in previous.rows} if previous else {}
    keys = {number: key for key, number in made.numbers.items()}
    if made.given:  # the reporting part is given: the others share what is left
        shares = (shares[0], shares[1] or shares[0] / 4, 0.0)
    return split(made.rows, shares, source.seed, known={**made.given, **known}, keys=keys)


def _facts(session: "Session", source: Source, name: str, id_: str, found: Found, previous: DataSet | None) -> Facts:
    target = source.target if not isinstance(source, OpinionsSource) else _target(session, source.model)
    words = " ".join(name.split())[:MOST_NAME]
    return Facts(
        id=id_,
        name=words or (previous.facts.name if previous else "Data set"),
        version=previous.facts.version + 1 if previous else 1,
        target=target.strip().lower(),
        kind=found.kind,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        by=session.who,
        source=found.facts | ({"pictures": REDUCED} if found.kind == "films" else {}),
        split={"by": "patient", "seed": source.seed, "shares": list(source.shares)},
        previous=previous.id if previous else "",
    )


def _target(session: "Session", model: str) -> str:
    found = session.model(model)
    return found.card.target if found else ""


def disk_error(error: OSError) -> UserError:
    """Return what is wrong with the disk, in a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError("no_space", "The disk is full. Free some space and try again.")
    return UserError("not_permitted", "The folder of the data sets does not allow this; check its permissions.")


def copy(old: DataSet, version: int, who: str) -> DataSet:
    """Write a copy of a data set that can be changed, and return it; its pictures get a second name where possible.

    Raises:
        UserError: `no_space`, `not_permitted`.
    """
    id_ = new_id()
    folder = old.path.with_name(f"{id_}.{os.getpid()}{PART}")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    facts = dataclasses.replace(
        old.facts, id=id_, version=version, made=made, by=who, previous=old.id, frozen=False, sha256=""
    )
    try:
        folder.mkdir(mode=0o700)
        _link(old.path / PICTURES, folder / PICTURES)
        for name in (datasets.ROWS, SOURCES):
            if (old.path / name).exists():
                shutil.copy2(old.path / name, folder / name)
        datasets.write_facts(folder, facts)
        folder.replace(old.path.with_name(id_))
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise disk_error(error) from error
        raise
    return DataSet(old.path.with_name(id_), facts, old.rows)


def _link(old: Path, new: Path) -> None:
    """Let a file have a second name (it is never written again); copy it where the disk has no second names."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def sweep(folder: Path) -> None:
    """Remove what killed programs left half-made or half-removed."""
    for end in (PART, GONE):
        for left in folder.glob(f"*{end}"):
            pid = left.name.removesuffix(end).rpartition(".")[2]
            if pid.isdecimal() and (int(pid) != os.getpid()) and not alive(int(pid)):
                shutil.rmtree(left, ignore_errors=True)


def remove(path: Path) -> None:
    """Take a data set away: gone at once under its name, then from the disk."""
    gone = path.with_name(f"{path.name}.{os.getpid()}{GONE}")
    path.replace(gone)
    threading.Thread(target=shutil.rmtree, args=(gone, True), name="dataset-remove", daemon=True).start()
