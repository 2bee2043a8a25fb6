"""Two models on the same cases: the difference of a measure with its interval. numpy only, no state.

`first` and `second` are the two models' scores [n] of the same images, `labels` bool [n], `groups` the patient of each
image. A difference is always second minus first. The bootstrap draws patients, with all their images; it works on
weights [draws, n] (how often each image was drawn) in blocks, so that no call holds the interpreter for long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from medviewer.core import statistics
from medviewer.core.statistics import Floats

#: 97.5th percentile of the standard normal distribution.
_Z95 = 1.959963984540054
#: Draws of a bootstrap; values in one block of weights; patients of a class below which each class is drawn by itself.
DRAWS, BLOCK, FEW = 2000, 100_000, 30


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def delong_difference(first: ArrayLike, second: ArrayLike, labels: ArrayLike) -> tuple[Interval, float]:
    """Return (difference of the AUCs, z) by the paired method of DeLong 1988; one image a patient.

    z is NaN where the difference has no variance (equal order of all cases).
    """
    y = np.asarray(labels).astype(bool).ravel()
    parts = [_components(np.asarray(s, np.float64).ravel(), y) for s in (first, second)]
    m, n = int(y.sum()), int((~y).sum())
    value = float(parts[1][0].mean() - parts[0][0].mean())
    if m < 2 or n < 2:
        return Interval(value, float("nan"), float("nan")), float("nan")
    d10, d01 = parts[1][0] - parts[0][0], parts[1][1] - parts[0][1]
    error = float(np.sqrt(d10.var(ddof=1) / m + d01.var(ddof=1) / n))
    z = value / error if error > 0 else float("nan")
    return Interval(value, max(-1.0, value - _Z95 * error), min(1.0, value + _Z95 * error)), z


def _components(scores: Floats, y: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return DeLong's structural components of the positives and of the negatives, by midranks (Sun and Xu 2014)."""
    m, n = int(y.sum()), int((~y).sum())
    every = statistics.midranks(scores)
    v10 = (every[y] - statistics.midranks(scores[y])) / max(n, 1)
    v01 = 1 - (every[~y] - statistics.midranks(scores[~y])) / max(m, 1)
    return v10, v01


def newcombe_difference(first: ArrayLike, second: ArrayLike) -> Interval:
    """Return the difference of two shares of the same cases (bool [n] each); Newcombe 1998, method 10.

    Unlike a bootstrap it does not call two models equal because a few cases happen to agree.
    """
    a, b = np.asarray(first).astype(bool).ravel(), np.asarray(second).astype(bool).ravel()
    n = a.size
    if not n:
        return Interval(float("nan"), -1.0, 1.0)
    both, only_b = int((a & b).sum()), int((~a & b).sum())
    only_a, neither = int((a & ~b).sum()), int((~a & ~b).sum())
    p2, p1 = (both + only_b) / n, (both + only_a) / n
    (l2, u2), (l1, u1) = statistics.wilson(both + only_b, n), statistics.wilson(both + only_a, n)
    spread = (both + only_b) * (only_a + neither) * (both + only_a) * (only_b + neither)
    cross = float(both * neither - only_b * only_a)
    cross = max(cross - n / 2, 0.0) if cross > 0 else cross
    phi = cross / float(np.sqrt(spread)) if spread else 0.0
    d = p2 - p1
    low = d - np.sqrt(max(0.0, (p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2))
    high = d + np.sqrt(max(0.0, (u2 - p2) ** 2 - 2 * phi * (u2 - p2) * (p1 - l1) + (p1 - l1) ** 2))
    return Interval(d, float(low), float(high))


def weights(labels: ArrayLike, groups: Sequence[str], draws: int = DRAWS, seed: int = 0) -> Iterator[Floats]:
    """Yield blocks [k, n] of how often each image stands in each of `draws` bootstrap samples of patients.

    Patients with and without the finding are drawn apart where there are fewer than FEW of either.
    """
    y = np.asarray(labels).astype(bool).ravel()
    _, of = np.unique(np.asarray(groups), return_inverse=True)
    count = int(of.max()) + 1 if of.size else 0
    positive = np.zeros(count, bool)
    positive[of[y]] = True
    classes = [np.flatnonzero(positive), np.flatnonzero(~positive)]
    strata = classes if min(map(len, classes)) < FEW else [np.arange(count)]
    rng = np.random.default_rng(seed)
    block = max(1, min(draws, BLOCK // max(1, y.size)))
    for begin in range(0, draws, block):
        k = min(block, draws - begin)
        drawn = np.zeros((k, count))
        for stratum in strata:
            if stratum.size:
                at = rng.integers(stratum.size, size=(k, stratum.size)) + np.arange(k)[:, None] * stratum.size
                drawn[:, stratum] = np.bincount(at.ravel(), minlength=k * stratum.size).reshape(k, stratum.size)
        yield drawn[:, of]


class Ranked:
    """One model's scores, sorted once, for the AUC and the calibration error of many weighted samples."""

    def __init__(self, scores: ArrayLike, labels: ArrayLike) -> None:
        s, y = np.asarray(scores, np.float64).ravel(), np.asarray(labels).astype(bool).ravel()
        self._order = np.argsort(s, kind="stable")
        ordered, self._y = s[self._order], y[self._order]
        self._positive = np.flatnonzero(self._y)
        self._first = np.searchsorted(ordered, ordered[self._positive], "left")
        self._last = np.searchsorted(ordered, ordered[self._positive], "right")
        self._gap = self._y - ordered

    def auc(self, weight: Floats) -> Floats:
        """Return the AUC [k] of samples with weights [k, n]; NaN where a class was not drawn."""
        w = weight[:, self._order]
        negatives = np.zeros((len(w), w.shape[1] + 1))
        np.cumsum(np.where(self._y, 0.0, w), axis=1, out=negatives[:, 1:])
        positives = w[:, self._positive]
        below = (negatives[:, self._first] + negatives[:, self._last]) / 2
        pairs = positives.sum(1) * negatives[:, -1]
        with np.errstate(invalid="ignore", divide="ignore"):
            result: Floats = np.where(pairs > 0, (positives * below).sum(1) / pairs, np.nan)
        return result

    def ece(self, weight: Floats, bins: int = 15) -> Floats:
        """Return the calibration error [k] over bins of equal weight."""
        w = weight[:, self._order]
        total = w.sum(1, keepdims=True)
        place = np.minimum(((np.cumsum(w, axis=1) - w / 2) * (bins / total)).astype(np.int64), bins - 1)
        place += np.arange(len(w))[:, None] * bins
        gaps = np.bincount(place.ravel(), (w * self._gap).ravel(), minlength=len(w) * bins).reshape(len(w), bins)
        result: Floats = np.abs(gaps).sum(1) / total[:, 0]
        return result


def mean(values: Floats, weight: Floats) -> Floats:
    """Return the weighted mean [k] of values [n]; NaN where nothing was drawn (values that are NaN do not count)."""
    there = ~np.isnan(values)
    total = weight[:, there].sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where(total > 0, weight[:, there] @ values[there] / total, np.nan)
    return result


def percentiles(value: float, drawn: Floats, *, centred: bool = False) -> Interval:
    """Return the percentile interval of a figure from its draws.

    `centred` moves the draws so that their mean is the figure: for measures whose draws lie too high (ECE).
    """
    found = drawn[np.isfinite(drawn)]
    if not found.size:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(found, (2.5, 97.5)) - (found.mean() - value if centred else 0.0)
    return Interval(value, float(low), float(high))


def auc_difference(
    first: ArrayLike, second: ArrayLike, labels: ArrayLike, groups: Sequence[str], draws: int = DRAWS, seed: int = 0
) -> Interval:
    """Return the difference of the AUCs by bootstrap over patients."""
    a, b = Ranked(first, labels), Ranked(second, labels)
    drawn = [b.auc(w) - a.auc(w) for w in weights(labels, groups, draws, seed)]
    value = statistics.auc(second, labels) - statistics.auc(first, labels)
    return percentiles(value, np.concatenate(drawn))
