"""Training pictures: packed sets with their `labels.csv`, prepared as for reading, split by patient."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.errors import UserError
from medviewer.engine.preprocess import prepare
from medviewer.inference.card import Input

PARTS = ("fit", "select", "report")


@dataclass(frozen=True)
class Examples:
    """One part of a data set, prepared.

    Attributes:
        x: float16 [n, row, column], 0..1 (the card's scaling).
        y: bool [n].
        groups: patient or block of each picture.
        files: names in labels.csv.
        weight: bytes of each picture as packed (a trivial score; 0 where there are no files).
    """

    x: NDArray[np.float16]
    y: NDArray[np.bool_]
    groups: NDArray[np.str_]
    files: tuple[str, ...]
    weight: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class DataSet:
    """The parts by name, a hash over pixels, labels and split, and what was left out."""

    parts: dict[str, Examples]
    sha256: str
    duplicates: dict[str, int]


def load(folder: Path, table: Mapping[str, Any], spec: Input) -> DataSet:
    """Return the data set that the `[data]` table of a train.toml names, under `folder`.

    Table: set, kind ("films" | "patches"), label, positive, group (columns and value of labels.csv), report (value of
    column `split` that is only reported on), select (every n-th group by hash chooses epoch, calibration, threshold).

    Raises:
        UserError: `bad_data`.
    """
    try:
        with (folder / table["set"] / "labels.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        pictures = dict(_KINDS[table["kind"]](folder / table["set"]))
        parts = [_part(row, table) for row in rows]
        found, duplicates = _without_duplicates(rows, parts, pictures)
        # prepared only now: a duplicate costs nothing
        result = {p: _examples([r for r, of in found if of == p], table, pictures, spec) for p in PARTS}
    except (OSError, KeyError, ValueError) as bad:
        raise UserError(
            "bad_data", f"The training data “{table.get('set')}” could not be read from {folder.name}.", repr(bad)
        ) from bad
    for name, part in result.items():
        if not part.y.any() or part.y.all():
            raise UserError("bad_data", f"Part “{name}” of the training data lacks one of the classes.")
    return DataSet(result, _hash(result), duplicates)


def films(folder: Path) -> Iterator[tuple[str, tuple[NDArray[Any], int]]]:
    """Yield (file, (grey or RGB pixels, bytes)) of images.npz: names, blob (files one after another), offsets."""
    # Pillow only here: the training process may load it, the model process never comes here
    from PIL import Image

    with np.load(folder / "images.npz", allow_pickle=False) as z:
        blob, offsets = memoryview(z["blob"]), z["offsets"].tolist()
        for name, start, end in zip(z["names"].tolist(), offsets[:-1], offsets[1:], strict=True):
            yield str(name), (np.asarray(Image.open(io.BytesIO(blob[start:end]))), end - start)


def patches(folder: Path) -> Iterator[tuple[str, tuple[NDArray[Any], int]]]:
    """Yield (name, (grey pixels, 0)) of patches.npz: x uint8 [n, row, column], y, names."""
    with np.load(folder / "patches.npz", allow_pickle=False) as z:
        yield from ((str(name), (x, 0)) for name, x in zip(z["names"].tolist(), z["x"], strict=True))


_KINDS = {"films": films, "patches": patches}


def in_select(group: str, every: int) -> bool:
    """Return whether a group belongs to the selecting part: SHA-256 of its name divisible by `every`."""
    return int(hashlib.sha256(f"select {group}".encode()).hexdigest()[:12], 16) % every == 0


def _part(row: Mapping[str, str], table: Mapping[str, Any]) -> str:
    if row["split"] == table["report"]:
        return "report"
    return "select" if in_select(row[table["group"]], table["select"]) else "fit"


def _without_duplicates(
    rows: list[dict[str, str]], parts: list[str], pictures: Mapping[str, tuple[NDArray[Any], int]]
) -> tuple[list[tuple[dict[str, str], str]], dict[str, int]]:
    """Keep one of pixel-identical pictures, in the part that must stay clean: report before select before fit."""
    counts = {"in one part": 0, "across parts": 0}
    taken: dict[str, str] = {}
    kept: dict[int, str] = {}
    for index in sorted(range(len(rows)), key=lambda i: -PARTS.index(parts[i])):
        pixels = pictures[rows[index]["file"]][0]
        key = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
        if parts[index] != "report" and key in taken:
            counts["in one part" if taken[key] == parts[index] else "across parts"] += 1
            continue
        taken.setdefault(key, parts[index])
        kept[index] = parts[index]
    return [(rows[i], kept[i]) for i in sorted(kept)], counts


def _examples(
    rows: list[dict[str, str]], table: Mapping[str, Any], pictures: Mapping[str, Any], spec: Input
) -> Examples:
    prepared = [_prepared(pictures[r["file"]][0], spec, table["kind"] == "patches") for r in rows]
    return Examples(
        np.stack(prepared) if prepared else np.zeros((0, 1, 1), np.float16),
        np.array([r[table["label"]] == table["positive"] for r in rows], bool),
        np.array([r[table["group"]] for r in rows], str),
        tuple(r["file"] for r in rows),
        np.array([pictures[r["file"]][1] for r in rows], np.int64),
    )


def _prepared(pixels: NDArray[Any], spec: Input, patch: bool) -> NDArray[np.float16]:
    p = prepare(spec, pixels, patch=patch)
    if p.reason is not None:
        raise ValueError(p.reason)
    x: NDArray[np.float16] = p.tensor[0].astype(np.float16)
    return x


def _hash(parts: Mapping[str, Examples]) -> str:
    digest = hashlib.sha256()
    for name, part in parts.items():
        digest.update(repr((name, part.files, part.y.tolist(), part.groups.tolist())).encode())
        digest.update(part.x.tobytes())
    return digest.hexdigest()
