"""Cheap checks beside each map, because a good-looking map proves nothing (AI.md 3)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

#: A cell larger than this share of the picture's side is called coarse.
_COARSE = 1 / 12
#: From this rank correlation with a net that knows nothing on, the reader is told (AI.md 3: pixel maps reach 0.4 to 0.6
#: on textured pictures; one bright thing on a dark ground reaches more than 0.9 with any weights).
_BLIND = 0.8


def rank_correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Return Spearman's correlation of the absolute values of two maps, 0 where one of them is flat; NaN left out."""
    kept = np.isfinite(a) & np.isfinite(b)
    x, y = (_ranks(np.abs(m[kept])) for m in (a, b))
    if x.size < 2 or x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return the rank correlation of the strengths of two maps on the net's input, each smoothed over 5 x 5 pixels.

    Single pixels of gradient maps are noise; what a reader sees is their neighbourhood. Where both are 0 they are not
    compared: a map that lies around one place would agree with every other one on the rest of the picture.
    """
    x, y = (ndimage.uniform_filter(np.abs(m), 5) for m in (a, b))
    alike = (x == 0) & (y == 0)
    return rank_correlation(np.where(alike, np.nan, x), np.where(alike, np.nan, y))


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return ranks, equal values sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: NDArray[np.float64] = (ends - (counts - 1) / 2.0)[place.reshape(-1)]
    return ranks


def words(trust: dict[str, Any], shape: tuple[int, ...]) -> str:
    """Return what the reader must be told of this map beside its method's sentence; "" for nothing."""
    said = []
    cell = trust.get("cell_px")
    if cell and max(cell[0] / shape[0], cell[1] / shape[1]) > _COARSE:
        said.append(f"Coarse: one cell covers {cell[1]:.0f} x {cell[0]:.0f} pixels.")
    gap = trust.get("completeness_gap")
    if gap is not None and gap > 0.05:
        said.append(f"Its parts do not add up to the score (gap {gap:.2f}).")
    if trust.get("rank_correlation_randomised", 0.0) >= _BLIND:
        said.append("A net with random weights marks much the same places: part of this map is the picture itself.")
    if trust.get("flat"):
        said.append("Nothing in this image moved the score in this method's eyes.")
    return " ".join(said)
