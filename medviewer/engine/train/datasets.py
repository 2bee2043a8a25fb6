"""Training pictures, prepared as for reading, split by patient: frozen data sets, or packed ones with `labels.csv`."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core import datasets as core_datasets
from medviewer.core.errors import UserError
from medviewer.engine.preprocess import prepare
from medviewer.inference.card import Input

PARTS = core_datasets.PARTS
#: Share of pixels at either end of the window above which a picture says nothing.
_CUT_OFF = 0.95
_DUPLICATES = ("in one part", "across parts")


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
    """The parts by name, and what the card says of them.

    Attributes:
        sha256: over pixels, labels and split (of a frozen set: its own).
        duplicates: pixel-identical pictures that were left out, by place of their twin.
        kind: "films" or "patches"; title: what people call the set.
        split: how it was split, in a sentence; "" where the configuration says it.
    """

    parts: dict[str, Examples]
    sha256: str
    duplicates: dict[str, int]
    kind: str
    title: str
    split: str = ""


def load(folder: Path, table: Mapping[str, Any], spec: Input) -> DataSet:
    """Return the data set that the `[data]` table of a train.toml names, under `folder`.

    Table: set, kind ("films" | "patches"), label, positive, group (columns and value of labels.csv), report (value of
    column `split` that is only reported on), select (every n-th group by hash chooses epoch, calibration, threshold).
    Of kind "frozen" the set is a data set of core.datasets, which says all of this itself.

    Raises:
        UserError: `bad_data`; of a frozen set `bad_dataset`, `hash_mismatch`.
    """
    if table["kind"] == "frozen":
        return frozen(folder / table["set"], spec, table.get("sha256", ""))
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
    _check_classes(result)
    return DataSet(result, _hash(result), duplicates, table["kind"], table["set"])


def frozen(folder: Path, spec: Input, sha256: str = "") -> DataSet:
    """Return a frozen data set: its own parts, without the excluded rows. Each picture is read once.

    `sha256`: of the set that is meant; "" for any.

    Raises:
        UserError: `bad_dataset`: missing, damaged or not frozen; `hash_mismatch`: no longer what was frozen, or
            another; `bad_data`: a picture that this model does not take, or a part without one of the classes.
    """
    dataset = core_datasets.read(folder)
    facts = dataset.facts
    if not facts.frozen:
        raise UserError("bad_dataset", "The data set is not frozen yet: freeze it, then train with it.")
    if sha256 not in ("", facts.sha256):
        raise UserError("hash_mismatch", "The data set is not the one that this training was planned for.")
    if not core_datasets.verify(dataset):
        raise UserError(
            "hash_mismatch",
            "The data set is no longer what was frozen: one of its files was changed, damaged or removed.",
        )
    with dataset.pictures() as pictures:
        parts = {name: _frozen_part(dataset.part(name), pictures, spec, facts.kind == "patches") for name in PARTS}
    _check_classes(parts)
    _check_greys(parts["fit"], spec)
    counts = [
        f"{n} {len(p)} pictures ({int(p.y.sum())} positive, {len(set(p.groups.tolist()))} patients)"
        for n, p in parts.items()
    ]
    split = f"By patient: {', '.join(counts)}. The parts are those of the frozen data set {facts.sha256[:12]}."
    title = f"{facts.name}, version {facts.version}"
    return DataSet(parts, facts.sha256, dict.fromkeys(_DUPLICATES, 0), facts.kind, title, split)


def _frozen_part(
    rows: Sequence[core_datasets.Row], pictures: core_datasets.Pictures, spec: Input, patch: bool
) -> Examples:
    prepared = []
    for row in rows:
        try:
            prepared.append(_prepared(pictures[row.file], spec, patch))
        except ValueError as bad:
            raise UserError("bad_data", f"Picture {row.file} of the data set cannot be used: {bad}") from bad
    if len({x.shape for x in prepared}) > 1:
        raise UserError("bad_data", "The pictures of the data set differ in size where this model needs one size.")
    return Examples(
        np.stack(prepared) if prepared else np.zeros((0, 1, 1), np.float16),
        np.array([row.positive for row in rows], bool),
        np.array([row.patient for row in rows], str),
        tuple(row.file for row in rows),
        np.array([int(row.more["bytes"]) if row.more.get("bytes", "").isdecimal() else 0 for row in rows], np.int64),
    )


def _check_greys(part: Examples, spec: Input) -> None:
    """Refuse pictures of which a fixed window leaves nothing (films of 12 bits for a model that takes 8)."""
    few = part.x[:64]
    if spec.scaling.kind == "window" and float(((few <= 0) | (few >= 1)).mean()) > _CUT_OFF:
        raise UserError(
            "bad_data",
            "The greys of these pictures lie outside of what the model takes "
            f"({spec.scaling.low:g} to {spec.scaling.high:g}): nothing would be left of them.",
        )


def _check_classes(parts: Mapping[str, Examples]) -> None:
    for name, part in parts.items():
        if not part.y.any() or part.y.all():
            raise UserError("bad_data", f"Part “{name}” of the training data lacks one of the classes.")


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
    counts = dict.fromkeys(_DUPLICATES, 0)
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
