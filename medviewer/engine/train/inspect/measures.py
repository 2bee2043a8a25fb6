"""What is measured of each picture, once, when it is read: hashes, a thumbnail, corners and borders, trivial scores."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.datasets import DataSet, Row
from medviewer.engine.preprocess import resampling

Floats = NDArray[np.float32]

#: Side of the thumbnail of the trivial score, of the picture that twins are found by, of a region's.
THUMBNAIL, FACE, REGION = 12, 32, 8
#: Share of the side that a corner or a border takes.
CORNER, BORDER = 1 / 6, 1 / 12
#: Places at which a marker could tell the label -> (rows, columns) as shares of the picture.
REGIONS: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "upper left corner": ((0, CORNER), (0, CORNER)),
    "upper right corner": ((0, CORNER), (1 - CORNER, 1)),
    "lower left corner": ((1 - CORNER, 1), (0, CORNER)),
    "lower right corner": ((1 - CORNER, 1), (1 - CORNER, 1)),
    "upper border": ((0, BORDER), (CORNER, 1 - CORNER)),
    "lower border": ((1 - BORDER, 1), (CORNER, 1 - CORNER)),
    "left border": ((CORNER, 1 - CORNER), (0, BORDER)),
    "right border": ((CORNER, 1 - CORNER), (1 - BORDER, 1)),
}


@dataclass(frozen=True)
class Measured:
    """One picture: greys lie in 0..1 between its own 1st and 99th percentile, so that exposure does not matter."""

    row: Row
    pixels: str  # SHA-256 of shape, kind and values
    thumbnail: Floats
    face: Floats
    regions: dict[str, Floats]
    scores: dict[str, float] = field(default_factory=dict)  # trivial ones: mean grey, size, aspect, bytes


def measure(dataset: DataSet) -> Iterator[Measured]:
    """Yield what is measured of the pictures that are not excluded."""
    with dataset.pictures() as pictures:
        for row in dataset.kept:
            yield of_picture(row, pictures[row.file])


def of_picture(row: Row, picture: NDArray[Any]) -> Measured:
    """Measure one picture [row, column]."""
    digest = hashlib.sha256(repr((picture.shape, picture.dtype.str)).encode())
    digest.update(np.ascontiguousarray(picture).data)
    grey = picture.astype(np.float32)
    low, high = np.percentile(_sampled(grey), (1, 99))
    scaled = np.clip((grey - np.float32(low)) / np.float32(max(high - low, 1e-6)), 0, 1)
    rows, columns = picture.shape
    scores = {
        "mean grey": float(grey.mean()),
        "image size": float(_number(row, "source_rows", rows) * _number(row, "source_columns", columns)),
        "shape": _number(row, "source_columns", columns) / max(1.0, _number(row, "source_rows", rows)),
    }
    if row.more.get("bytes", "").isdecimal():
        scores["file size"] = float(row.more["bytes"])
    regions = {name: small(_cut(scaled, place), REGION) for name, place in REGIONS.items()}
    face = small(scaled, FACE)
    return Measured(row, digest.hexdigest(), small(scaled, THUMBNAIL), face, regions, scores)


def _sampled(grey: Floats) -> Floats:
    flat = grey.reshape(-1)
    return flat[:: max(1, flat.size // 16384)]


def _number(row: Row, name: str, otherwise: int) -> float:
    value = row.more.get(name, "")
    return float(value) if value.isdecimal() and len(value) < 9 else float(otherwise)


def _cut(x: Floats, place: tuple[tuple[float, float], tuple[float, float]]) -> Floats:
    index = []
    for (first, last), n in zip(place, x.shape, strict=True):
        start = min(int(first * n), n - 1)
        index.append(slice(start, max(start + 1, round(last * n))))
    return x[tuple(index)]


def small(x: Floats, side: int) -> Floats:
    """Return the picture averaged to side x side."""
    down, across = (resampling(n, (n / side - 1) / 2, n / side, side) for n in x.shape)
    result: Floats = (down @ x @ across.T).astype(np.float32, copy=False)
    return result
