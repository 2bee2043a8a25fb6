"""All films of nih-chestxray14-1000, prepared as the shipped model reads them, with what else is known of each."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.engine.preprocess import prepare
from medviewer.engine.train.datasets import Examples, films
from medviewer.engine.train.inspect.measures import THUMBNAIL, small
from medviewer.inference.card import Input

Floats = NDArray[np.float64]
#: Numbers of patients among which films without finding were taken: only there both classes come from the same years.
SAME_YEARS = (1280, 3970)


@dataclass(frozen=True)
class Films:
    """Every film once (pixel-identical ones are left out), in the order of labels.csv.

    Attributes:
        x: float16 [n, row, column], 0..1; y: pneumonia [n]; patients [n]; files.
        view: "AP" or "PA" [n]; number: of the patient [n]; age: years [n]; grey: mean of the source [n].
        thumbnails: 12 x 12 of the prepared picture [n, 144]; raw_thumbnails: of the picture before that.
    """

    x: NDArray[np.float16]
    y: NDArray[np.bool_]
    patients: NDArray[np.str_]
    files: tuple[str, ...]
    view: NDArray[np.str_]
    number: Floats
    age: Floats
    grey: Floats
    thumbnails: Floats
    raw_thumbnails: Floats

    def __len__(self) -> int:
        return len(self.y)

    def part(self, at: Sequence[int] | NDArray[np.int64]) -> Examples:
        """Return some films as a part of a training."""
        index = np.asarray(at, np.int64)
        names = tuple(self.files[i] for i in index)
        return Examples(self.x[index], self.y[index], self.patients[index], names, np.zeros(len(index), np.int64))


def load(folder: Path, spec: Input) -> Films:
    """Read and prepare the films."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    kept: list[dict[str, str]] = []
    prepared: list[NDArray[np.float16]] = []
    thumbnails: list[Any] = []
    seen: set[str] = set()
    for name, (pixels, _) in films(folder):
        row = rows[name]
        if row["pixhash"] in seen:
            continue
        seen.add(row["pixhash"])
        p = prepare(spec, pixels)
        if p.reason is not None:
            raise ValueError(f"{name}: {p.reason}")
        kept.append(row)
        prepared.append(p.tensor[0].astype(np.float16))
        grey = pixels.astype(np.float32) if pixels.ndim == 2 else pixels.astype(np.float32).mean(2)
        thumbnails.append((small(p.tensor[0], THUMBNAIL).ravel(), small(grey, THUMBNAIL).ravel()))
    columns = [np.array(some, np.float64) for some in zip(*thumbnails, strict=True)]
    return Films(
        np.stack(prepared),
        np.array([row["label"] == "pneumonia" for row in kept]),
        np.array([row["patient"] for row in kept]),
        tuple(row["file"] for row in kept),
        np.array([row["view"] for row in kept]),
        np.array([float(row["patient"]) for row in kept]),
        np.array([float(row["age"] or 0) for row in kept]),
        np.array([float(row["mean"]) for row in kept]),
        columns[0],
        columns[1],
    )


def unlabelled(folder: Path, spec: Input, count: int, seed: int) -> NDArray[np.float16]:
    """Return `count` pictures of a packed set [n, row, column] whose labels nobody looks at."""
    pictures = [pixels for _, (pixels, _) in films(folder)]
    chosen = np.random.default_rng(seed).permutation(len(pictures))[:count]
    return np.stack([prepare(spec, pictures[i]).tensor[0].astype(np.float16) for i in chosen])
