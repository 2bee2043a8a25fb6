"""Data sets for training: one folder each, read by the program and by the training process alike. stdlib and numpy.

    dataset.json   what it is: `Facts`
    rows.csv       one line a picture: file, label, positive, patient, part, excluded, and further columns
    pictures.npz   one array [row, column] for each `file`: modality values as `engine.preprocess.prepare` takes them
                   (greys already the right way round; colours already grey)
    looks.jsonl    one line for each time that the reporting part was looked at

`file` and `patient` are numbers that this data set gave; no name of a patient and no path stands in any of these. A
frozen data set is never written again (but for looks.jsonl): its `sha256` is over rows.csv and pictures.npz.
"""

import csv
import dataclasses
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from medviewer.core.errors import UserError

SCHEMA = "medviewer.dataset/1"
FACTS, ROWS, PICTURES, LOOKS = "dataset.json", "rows.csv", "pictures.npz", "looks.jsonl"
#: What is fitted, what chooses (epoch, calibration, threshold), what is locked and only reported on.
PARTS = ("fit", "select", "report")
MOST_ROWS, MOST_JSON, MOST_CSV, MOST_SIDE = 1_000_000, 1 << 20, 1 << 30, 4096
_OWN = ("file", "label", "positive", "patient", "part", "excluded")


@dataclass(frozen=True)
class Row:
    """One picture. `more`: further columns (age, sex, scanner, view, study, opinion, source_rows, bytes, …)."""

    file: str
    label: str
    positive: bool
    patient: str
    part: str
    excluded: bool = False
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What dataset.json says.

    Attributes:
        id: the folder's name; name and version are for people (version 2 of "Chest films, autumn").
        target: the finding that is positive; kind: "films" (whole pictures) or "patches" (centred cut-outs, 8 bit).
        source: where it came from: {"kind": "opinions" | "folder" | "packed", …}, without paths and names.
        split: how the parts were made: {"by": "patient", "seed", "shares": [fit, select, report]}.
        previous: id of the version before it.
        sha256: of a frozen one; "" while it can still be changed.
    """

    id: str
    name: str
    version: int
    target: str
    kind: str
    made: str
    by: str
    source: dict[str, Any] = field(default_factory=dict)
    split: dict[str, Any] = field(default_factory=dict)
    previous: str = ""
    frozen: bool = False
    sha256: str = ""
    schema: str = SCHEMA


@dataclass(frozen=True)
class DataSet:
    """A data set in `path`, its pictures still on the disk."""

    path: Path
    facts: Facts
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        return self.facts.id

    @property
    def kept(self) -> tuple[Row, ...]:
        """The rows that are not excluded."""
        return tuple(row for row in self.rows if not row.excluded)

    def part(self, name: str) -> tuple[Row, ...]:
        """Return the rows of one of PARTS that are not excluded."""
        return tuple(row for row in self.kept if row.part == name)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return part -> {"images", "patients", "positives"}."""
        found = {}
        for name in PARTS:
            rows = self.part(name)
            patients = len({row.patient for row in rows})
            found[name] = {"images": len(rows), "patients": patients, "positives": sum(row.positive for row in rows)}
        return found

    def pictures(self) -> "Pictures":
        """Open the pictures (a context manager).

        Raises:
            UserError: `bad_dataset`.
        """
        return Pictures(self.path / PICTURES)

    def looks(self) -> int:
        """Return how often the reporting part was looked at."""
        try:
            with (self.path / LOOKS).open("rb") as file:
                return sum(1 for _ in file)
        except OSError:
            return 0


class Pictures:
    """Pictures by `file`, read one at a time; safe for one thread."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as bad:
            raise _bad("its pictures are missing or damaged") from bad

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def __getitem__(self, file: str) -> NDArray[Any]:
        """Return the picture [row, column].

        Raises:
            UserError: `bad_dataset`.
        """
        try:
            with self._zip.open(f"{file}.npy") as member:
                picture: NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
        except (KeyError, OSError, ValueError, zipfile.BadZipFile) as bad:
            raise _bad("one of its pictures is missing or damaged") from bad
        if picture.ndim != 2 or max(picture.shape) > MOST_SIDE or picture.dtype.kind not in "uif":
            raise _bad("one of its pictures has no form that can be used")
        return picture


def read(path: Path) -> DataSet:
    """Return the data set in the folder `path`.

    Raises:
        UserError: `bad_dataset`.
    """
    try:
        with (path / FACTS).open("rb") as file:
            facts = _facts(json.loads(file.read(MOST_JSON)))
        return DataSet(path, facts, tuple(_rows(path / ROWS)))
    except (OSError, ValueError, KeyError, TypeError, csv.Error, RecursionError) as bad:
        raise _bad("its description or its list of pictures cannot be read") from bad


def _facts(data: Any) -> Facts:
    facts = Facts(**data)
    if facts.schema != SCHEMA or facts.kind not in ("films", "patches") or not isinstance(facts.version, int):
        raise ValueError("schema")
    return facts


def _rows(path: Path) -> Iterator[Row]:
    if path.stat().st_size > MOST_CSV:
        raise ValueError("too large")
    seen: set[str] = set()
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["part"] not in PARTS or line["file"] in seen or len(seen) >= MOST_ROWS:
                raise ValueError("rows")
            seen.add(line["file"])
            more = {k: v for k, v in line.items() if k not in _OWN and k is not None and v}
            yield Row(
                line["file"], line["label"], line["positive"] == "1", line["patient"], line["part"],
                line["excluded"] == "1", more,
            )  # fmt: skip


def rows_text(rows: Iterable[Row]) -> str:
    """Return the text of rows.csv; equal rows give equal text."""
    rows = list(rows)
    columns = sorted({name for row in rows for name in row.more})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_OWN, *columns])
    for r in rows:
        own = [r.file, r.label, int(r.positive), r.patient, r.part, int(r.excluded)]
        writer.writerow([*own, *(r.more.get(c, "") for c in columns)])
    return out.getvalue()


def rows_sha256(rows: Iterable[Row]) -> str:
    """Return the hash of rows, whether frozen or not (a check report says with it what it was made of)."""
    return hashlib.sha256(rows_text(rows).encode()).hexdigest()


def write_pictures(path: Path, pictures: Iterable[tuple[str, NDArray[Any]]]) -> None:
    """Write pictures.npz, one after another (never all in memory), through a `.part` file that is renamed."""
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        for file, picture in pictures:
            # a fixed time: equal pictures make an equal file
            with packed.open(zipfile.ZipInfo(f"{file}.npy", (1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(picture), allow_pickle=False)
    _settle(part, path)


def write(path: Path, facts: Facts, rows: Iterable[Row]) -> DataSet:
    """Write rows.csv and dataset.json of a data set that is not frozen (pictures.npz is there already)."""
    rows = tuple(rows)
    _write_text(path / ROWS, rows_text(rows))
    write_facts(path, facts)
    return DataSet(path, facts, rows)


def write_facts(path: Path, facts: Facts) -> None:
    """Write dataset.json alone (rows.csv and pictures.npz are there already)."""
    _write_text(path / FACTS, json.dumps(dataclasses.asdict(facts), indent=2, ensure_ascii=False) + "\n")


def freeze(dataset: DataSet) -> DataSet:
    """Return the data set with its hash; from now on it is never changed."""
    facts = dataclasses.replace(dataset.facts, frozen=True, sha256=content_sha256(dataset.path))
    return write(dataset.path, facts, dataset.rows)


def verify(dataset: DataSet) -> bool:
    """Say whether a frozen data set is still what it was."""
    try:
        return dataset.facts.frozen and content_sha256(dataset.path) == dataset.facts.sha256
    except OSError:
        return False


def content_sha256(path: Path) -> str:
    """Return the hash over rows.csv and pictures.npz in a folder."""
    whole = hashlib.sha256()
    for name in (ROWS, PICTURES):
        with (path / name).open("rb") as file:
            whole.update(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def add_look(dataset: DataSet, facts: Mapping[str, Any]) -> int:
    """Note that the reporting part was looked at; return how often it was, this time included."""
    with (dataset.path / LOOKS).open("ab") as file:
        file.write(json.dumps(dict(facts)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return dataset.looks()


def _write_text(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    _settle(part, path)


def _settle(part: Path, path: Path) -> None:
    """Bring a finished file to its place: it is there whole or not at all."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _bad(why: str) -> UserError:
    return UserError("bad_dataset", f"The data set cannot be used: {why}.")
