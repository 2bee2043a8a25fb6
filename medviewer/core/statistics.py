"""How good a score is: AUC, intervals, calibration, operating points. numpy only, no state.

Everywhere `labels` is bool [n] (True: the finding is there), `scores` float [n] (higher: more likely), `groups` names
the patient (or block) that an image belongs to: images of one patient are not independent.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
#: 97.5th percentile of the standard normal distribution.
_Z95 = 1.959963984540054


def _arrays(scores: ArrayLike, labels: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    s, y = np.asarray(scores, np.float64).ravel(), np.asarray(labels).astype(bool).ravel()
    if s.shape != y.shape:
        raise ValueError("one score for each label")
    return s, y


def midranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing the mean of theirs."""
    _, back, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[back].astype(np.float64)
    return ranks


def auc(scores: ArrayLike, labels: ArrayLike) -> float:
    """Return the area under the ROC curve, ties counted half; NaN where a class is missing."""
    s, y = _arrays(scores, labels)
    m = int(y.sum())
    n = y.size - m
    if not m or not n:
        return float("nan")
    return float((midranks(s)[y].sum() - m * (m + 1) / 2) / (m * n))


def delong(scores: ArrayLike, labels: ArrayLike) -> tuple[float, float]:
    """Return (AUC, its standard error) by DeLong's method; for one image a patient (DeLong 1988, midranks)."""
    s, y = _arrays(scores, labels)
    m, n = int(y.sum()), int((~y).sum())
    if m < 2 or n < 2:
        return auc(s, y), float("nan")
    every = midranks(s)
    v10 = (every[y] - midranks(s[y])) / n
    v01 = 1 - (every[~y] - midranks(s[~y])) / m
    return float(v10.mean()), float(np.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n))


def delong_interval(scores: ArrayLike, labels: ArrayLike) -> tuple[float, float]:
    """Return the 95 % interval of the AUC by DeLong's method, cut to 0..1."""
    value, error = delong(scores, labels)
    return max(0.0, value - _Z95 * error), min(1.0, value + _Z95 * error)


def bootstrap_interval(
    measure: Callable[[Floats, NDArray[np.bool_]], float],
    scores: ArrayLike,
    labels: ArrayLike,
    groups: ArrayLike | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of `measure(scores, labels)`, drawing whole groups (patients) with return."""
    s, y = _arrays(scores, labels)
    _, of = np.unique(np.arange(s.size) if groups is None else np.asarray(groups), return_inverse=True)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(of.max() + 2)) if s.size else np.zeros(1, int)
    members = [order[a:b] for a, b in itertools.pairwise(starts)]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        at = np.concatenate([members[g] for g in rng.integers(len(members), size=len(members))])
        found.append(measure(s[at], y[at]))
    found = [f for f in found if np.isfinite(f)]
    if not found:
        return float("nan"), float("nan")
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of the share `hits / of`; (0, 1) for no cases."""
    if of == 0:
        return 0.0, 1.0
    p, z2 = hits / of, _Z95**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 * np.sqrt(p * (1 - p) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    low, high = max(0.0, float(middle - half)), min(1.0, float(middle + half))
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)  # exact ends, whatever rounding says


@dataclass(frozen=True)
class Confusion:
    """Counts at one threshold; a score at or above it is positive."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int

    @property
    def n(self) -> int:
        return self.true_positive + self.false_positive + self.true_negative + self.false_negative

    @property
    def accuracy(self) -> float:
        return _share(self.true_positive + self.true_negative, self.n)

    @property
    def sensitivity(self) -> float:
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> float:
        return _share(self.true_negative, self.true_negative + self.false_positive)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def confusion(scores: ArrayLike, labels: ArrayLike, threshold: float) -> Confusion:
    """Return the counts at `threshold`."""
    s, y = _arrays(scores, labels)
    said = s >= threshold
    return Confusion(int((said & y).sum()), int((said & ~y).sum()), int((~said & ~y).sum()), int((~said & y).sum()))


def ece(probabilities: ArrayLike, labels: ArrayLike, bins: int = 15) -> float:
    """Return the expected calibration error over `bins` equal-mass bins: sum n_b/n |share of positives - mean p|."""
    p, y = _arrays(probabilities, labels)
    order = np.argsort(p, kind="stable")
    parts = [b for b in np.array_split(order, min(bins, max(1, p.size))) if b.size]
    return float(sum(b.size / p.size * abs(y[b].mean() - p[b].mean()) for b in parts))


def brier(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean squared distance of the probability from what was there (0 or 1)."""
    p, y = _arrays(probabilities, labels)
    return float(np.mean((p - y) ** 2)) if p.size else float("nan")


def sigmoid(x: ArrayLike) -> Floats:
    """Return 1 / (1 + exp(-x)) without overflow."""
    v = np.clip(np.asarray(x, np.float64), -60, 60)
    result: Floats = 1 / (1 + np.exp(-v))
    return result


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean negative log likelihood."""
    p, y = _arrays(probabilities, labels)
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return float(-np.mean(np.where(y, np.log(p), np.log1p(-p)))) if p.size else float("nan")


def fit_platt(
    logits: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None, ridge: float = 1e-3
) -> tuple[float, float]:
    """Return (a, b) of sigmoid(a z + b) by weighted maximum likelihood (Platt 1999), Newton steps.

    `ridge` pulls a to 1 very lightly, so that separable data stay finite.
    """
    z, y = _arrays(logits, labels)
    w = np.ones_like(z) if weights is None else np.asarray(weights, np.float64)
    x = np.stack([z, np.ones_like(z)], 1)
    prior, pull = np.array([1.0, 0.0]), np.diag([ridge * w.sum(), 1e-9 * w.sum()])
    theta = prior.copy()

    def cost(t: Floats) -> float:
        v = x @ t
        return float((w * (np.logaddexp(0, v) - y * v)).sum() + (t - prior) @ pull @ (t - prior) / 2)

    for _ in range(100):
        p = sigmoid(x @ theta)
        slope = x.T @ (w * (p - y)) + pull @ (theta - prior)
        step = np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + pull + 1e-12 * np.eye(2), slope)
        size, here = 1.0, cost(theta)
        while size > 1e-6 and cost(theta - size * step) > here:
            size /= 2
        theta = theta - size * step
        if np.abs(size * step).max() < 1e-9:
            break
    return float(theta[0]), float(theta[1])


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return T of sigmoid(z / T) by maximum likelihood (Guo 2017), between 0.05 and 20: golden section over log T."""
    z, y = _arrays(logits, labels)

    def cost(log_t: float) -> float:
        v = z / np.exp(log_t)
        return float((np.logaddexp(0, v) - y * v).mean())

    low, high, share = np.log(0.05), np.log(20.0), (np.sqrt(5) - 1) / 2
    a, b = high - share * (high - low), low + share * (high - low)
    at_a, at_b = cost(a), cost(b)
    while high - low > 1e-7:
        if at_a <= at_b:
            high, b, at_b = b, a, at_a
            a = high - share * (high - low)
            at_a = cost(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + share * (high - low)
            at_b = cost(b)
    return float(np.exp((low + high) / 2))


def kappa(first: ArrayLike, second: ArrayLike) -> tuple[float, float, float]:
    """Return (kappa, low, high): agreement of two readers beyond chance, with its 95 % interval.

    `first` and `second` [n] name each case's category. Cohen 1960; large-sample variance of Fleiss, Cohen and Everitt
    1969. NaN where chance alone would agree always.
    """
    a, b = np.asarray(first).ravel(), np.asarray(second).ravel()
    if a.shape != b.shape:
        raise ValueError("one category of each reader for each case")
    names, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    k, n = len(names), a.size
    table = np.bincount(codes[:n] * k + codes[n:], minlength=k * k).reshape(k, k) / max(n, 1)
    rows, columns = table.sum(1), table.sum(0)
    seen, chance = float(np.trace(table)), float(rows @ columns)
    if not n or chance >= 1:
        return float("nan"), float("nan"), float("nan")
    value = (seen - chance) / (1 - chance)
    # of case (i, j): rows[j] + columns[i] is what the reversed margins weigh
    off = rows[None, :] + columns[:, None]
    agree = np.diag(table) * (1 - (rows + columns) * (1 - value)) ** 2
    differ = (1 - value) ** 2 * ((table * off**2).sum() - (np.diag(table) * np.diag(off) ** 2).sum())
    variance = (agree.sum() + differ - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    half = _Z95 * float(np.sqrt(max(0.0, variance)))
    return value, max(-1.0, value - half), min(1.0, value + half)


def youden_threshold(scores: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the threshold of the largest sensitivity + specificity, midway between the two scores around it."""
    s, y = _arrays(scores, labels)
    w = np.ones_like(s) if weights is None else np.asarray(weights, np.float64)
    order = np.argsort(-s, kind="stable")
    s, y, w = s[order], y[order], w[order]
    gain = np.cumsum(np.where(y, w / w[y].sum(), -w / w[~y].sum()))
    last = np.append(s[1:] != s[:-1], True)
    best = int(np.argmax(np.where(last, gain, -np.inf)))
    below = s[best + 1] if best + 1 < s.size else s[best]
    return float((s[best] + below) / 2)


def threshold_at_specificity(scores: ArrayLike, labels: ArrayLike, specificity: float) -> float:
    """Return the lowest threshold at which at least `specificity` of the negatives stay below."""
    s, y = _arrays(scores, labels)
    negatives = np.sort(s[~y])
    at = min(int(np.ceil(specificity * negatives.size)), negatives.size) - 1
    return float(np.nextafter(negatives[max(at, 0)], np.inf))


def summary(
    probabilities: ArrayLike,
    labels: ArrayLike,
    threshold: float,
    groups: ArrayLike | None = None,
    draws: int = 2000,
) -> dict[str, Any]:
    """Return all figures of one data set: AUC with intervals, confusion, shares with Wilson intervals, ECE, Brier."""
    p, y = _arrays(probabilities, labels)
    c = confusion(p, y, threshold)
    positives, negatives = int(y.sum()), int((~y).sum())
    return {
        "n": int(p.size),
        "positives": positives,
        "groups": int(np.unique(np.asarray(groups)).size) if groups is not None else int(p.size),
        "auc": auc(p, y),
        "auc_delong": list(delong_interval(p, y)),
        "auc_ci": list(bootstrap_interval(auc, p, y, groups, draws)),
        "threshold": threshold,
        "accuracy": c.accuracy,
        "accuracy_ci": list(wilson(c.true_positive + c.true_negative, c.n)),
        "sensitivity": c.sensitivity,
        "sensitivity_ci": list(wilson(c.true_positive, positives)),
        "specificity": c.specificity,
        "specificity_ci": list(wilson(c.true_negative, negatives)),
        "confusion": {
            "tp": c.true_positive,
            "fp": c.false_positive,
            "tn": c.true_negative,
            "fn": c.false_negative,
        },
        "ece": ece(p, y),
        "brier": brier(p, y),
        "log_loss": log_loss(p, y),
    }
