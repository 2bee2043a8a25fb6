"""Ridge logistic regression, judged on patients that it has not seen. numpy."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medviewer.core.statistics import sigmoid

Floats = NDArray[np.float64]


def folds(groups: Sequence[str], labels: NDArray[np.bool_], count: int, seed: int = 0) -> NDArray[np.int64]:
    """Return the fold of each picture: whole groups, those with a positive picture shared out apart, by hash."""
    positive = {g for g, y in zip(groups, labels.tolist(), strict=True) if y}
    fold: dict[str, int] = {}
    for some in (positive, set(groups) - positive):
        ordered = sorted(some, key=lambda g: (hashlib.sha256(f"fold {seed} {g}".encode()).digest(), g))
        fold.update({group: number % count for number, group in enumerate(ordered)})
    return np.array([fold[group] for group in groups], np.int64)


def out_of_fold(x: NDArray[np.floating], y: NDArray[np.bool_], fold: NDArray[np.int64], ridge: float = 1.0) -> Floats:
    """Return for each picture the probability from the folds that it is not in; 0.5 where a class is missing there."""
    p = np.full(len(y), 0.5)
    for number in np.unique(fold):
        out = fold == number
        if y[~out].any() and not y[~out].all():
            p[out] = fitted(x[~out], y[~out], ridge)(x[out])
    return p


class fitted:  # noqa: N801 - reads as a verb: fitted(x, y)(new)
    """A regression on features brought to mean 0 and deviation 1; `ridge` in units of one picture."""

    def __init__(self, x: NDArray[np.floating], y: NDArray[np.bool_], ridge: float = 1.0, steps: int = 12) -> None:
        x64 = np.asarray(x, np.float64)
        self._mean, self._std = x64.mean(0), np.maximum(x64.std(0), 1e-6)
        a = self._ready(x64)
        w = np.zeros(a.shape[1])
        penalty = np.full(a.shape[1], float(ridge))
        penalty[-1] = 1e-6
        t = y.astype(np.float64)
        for _ in range(steps):
            p = sigmoid(a @ w)
            weight = np.maximum(p * (1 - p), 1e-4)
            gradient = a.T @ (p - t) + penalty * w
            hessian = (a * weight[:, None]).T @ a + np.diag(penalty)
            step = np.linalg.solve(hessian, gradient)
            w -= step
            if np.abs(step).max() < 1e-4:
                break
        self._w = w

    def _ready(self, x: Floats) -> Floats:
        return np.hstack([(x - self._mean) / self._std, np.ones((len(x), 1))])

    def __call__(self, x: NDArray[np.floating]) -> Floats:
        return sigmoid(self._ready(np.asarray(x, np.float64)) @ self._w)
