"""Two models' scores of the same cases -> every figure of a comparison, with words for each difference. Pure.

Where each patient has one image: DeLong (AUC), Wilson and Newcombe (shares). Otherwise 2,000 draws of patients with
all their images. Calibration always by draws. Everything is in blocks of some milliseconds, so that it may run beside a
window.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin.records import CompareRow, Figure
from medviewer.core import paired, statistics
from medviewer.core.paired import Interval, Ranked
from medviewer.core.statistics import Floats

BETTER, WORSE, SAME, UNCLEAR = "better", "worse", "no difference", "not clear"
#: What is no difference that would matter to a reader: the interval lies within it on both sides.
MARGINS = {"auc": 0.02, "sensitivity": 0.05, "specificity": 0.05, "accuracy": 0.03, "ece": 0.03, "brier": 0.02}
#: Measures of which less is better.
LESS_IS_BETTER = frozenset({"ece", "brier"})
#: Patients of a class without which nothing is called equal; bins of a calibration curve.
FEWEST, CALIBRATION_BINS = 20, 10

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """What is compared: labels [n], patients [n], each model's scores [n] and operating point."""

    labels: Bools
    patients: tuple[str, ...]
    champion: Floats
    challenger: Floats
    champion_point: float
    challenger_point: float

    @property
    def single(self) -> bool:
        """Whether each patient has one image."""
        return len(set(self.patients)) == len(self.patients)

    def part(self, inside: Bools) -> "Cases":
        patients = tuple(p for p, there in zip(self.patients, inside, strict=True) if there)
        return Cases(
            self.labels[inside],
            patients,
            self.champion[inside],
            self.challenger[inside],
            self.champion_point,
            self.challenger_point,
        )


def word(measure: str, difference: Figure, patients: int) -> str:
    """Return what a difference (challenger minus champion) means, in the words of the page.

    "no difference": the interval lies within the margin, and the smaller class that counts has at least FEWEST
    patients (a handful that agrees by chance proves nothing); "better", "worse": it lies on one side of nothing; else
    "not clear".
    """
    low, high = difference.low, difference.high
    if not (math.isfinite(low) and math.isfinite(high)):
        return UNCLEAR
    if measure in LESS_IS_BETTER:
        low, high = -high, -low
    margin = MARGINS[measure]
    if low >= -margin and high <= margin:
        return SAME if patients >= FEWEST else UNCLEAR
    return BETTER if low > 0 else WORSE if high < 0 else UNCLEAR


def compare(cases: Cases, groups: Mapping[str, Bools], tell: Callable[[str], object] = str) -> tuple[CompareRow, ...]:
    """Return all rows: all cases by every measure, then the AUC of each group, the challenger's worst group first."""
    tell("all cases")
    drawn = _Drawn(cases)
    rows = [_auc(cases, drawn), *_shares(cases, drawn), *_calibration(cases, drawn)]
    parts = []
    for name, inside in groups.items():
        tell(name)
        part = cases.part(inside)
        parts.append(_auc(part, _Drawn(part), name))
    parts.sort(key=lambda row: row.challenger.value)
    return tuple(rows + parts)


class _Drawn:
    """Samples of patients, drawn when the first measure needs them; both models see the same ones."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases
        self._ranked = [Ranked(s, cases.labels) for s in (cases.champion, cases.challenger)]
        self._found: dict[str, tuple[Floats, Floats]] = {}

    def __getitem__(self, measure: str) -> tuple[Floats, Floats]:
        """Return the two models' values [draws] of a measure."""
        if not self._found:
            self._draw()
        return self._found[measure]

    def _draw(self) -> None:
        c = self._cases
        said = [c.champion >= c.champion_point, c.challenger >= c.challenger_point]
        y = c.labels
        values = {
            "sensitivity": [np.where(y, s, np.nan) for s in said],
            "specificity": [np.where(y, np.nan, ~s) for s in said],
            "accuracy": [(s == y).astype(np.float64) for s in said],
            "brier": [(s - y) ** 2 for s in (c.champion, c.challenger)],
        }
        parts: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in (*values, "auc", "ece")}
        for weight in paired.weights(y, c.patients):
            for name, (first, second) in values.items():
                parts[name].append((paired.mean(first, weight), paired.mean(second, weight)))
            parts["auc"].append((self._ranked[0].auc(weight), self._ranked[1].auc(weight)))
            parts["ece"].append((self._ranked[0].ece(weight), self._ranked[1].ece(weight)))
        for name, pairs in parts.items():
            self._found[name] = np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])


def _auc(c: Cases, drawn: _Drawn, group: str = "") -> CompareRow:
    values = [statistics.auc(s, c.labels) for s in (c.champion, c.challenger)]
    if c.single:
        figures = [
            Interval(v, *statistics.delong_interval(s, c.labels))
            for v, s in zip(values, (c.champion, c.challenger), strict=True)
        ]
        difference, _ = paired.delong_difference(c.champion, c.challenger, c.labels)
    else:
        figures, difference = _by_draws(values, drawn["auc"])
    return _row("auc", figures, difference, c, group)


def _shares(c: Cases, drawn: _Drawn) -> list[CompareRow]:
    said = [c.champion >= c.champion_point, c.challenger >= c.challenger_point]
    every = np.ones(c.labels.size, bool)
    rows = []
    for name, inside, right in (
        ("sensitivity", c.labels, said),
        ("specificity", ~c.labels, [~s for s in said]),
        ("accuracy", every, [s == c.labels for s in said]),
    ):
        hits = [r[inside] for r in right]
        of = int(inside.sum())
        values = [float(h.mean()) if of else float("nan") for h in hits]
        if c.single:
            figures = [Interval(v, *statistics.wilson(int(h.sum()), of)) for v, h in zip(values, hits, strict=True)]
            difference = paired.newcombe_difference(hits[0], hits[1])
        else:
            figures, difference = _by_draws(values, drawn[name])
        rows.append(_row(name, figures, difference, c))
    return rows


def _calibration(c: Cases, drawn: _Drawn) -> list[CompareRow]:
    both = (c.champion, c.challenger)
    ece = [statistics.ece(s, c.labels) for s in both]
    brier = [statistics.brier(s, c.labels) for s in both]
    return [
        _row("ece", *_by_draws(ece, drawn["ece"], centred=True), c),
        _row("brier", *_by_draws(brier, drawn["brier"]), c),
    ]


def _by_draws(
    values: Sequence[float], drawn: tuple[Floats, Floats], *, centred: bool = False
) -> tuple[list[Interval], Interval]:
    figures = [paired.percentiles(v, d, centred=centred) for v, d in zip(values, drawn, strict=True)]
    figures = [Interval(f.value, max(0.0, f.low), min(1.0, f.high)) for f in figures]
    return figures, paired.percentiles(values[1] - values[0], drawn[1] - drawn[0], centred=centred)


def _row(measure: str, figures: Sequence[Interval], difference: Interval, c: Cases, group: str = "") -> CompareRow:
    champion, challenger = (Figure(f.value, f.low, f.high) for f in figures)
    change = Figure(difference.value, difference.low, difference.high)
    n, positives = int(c.labels.size), int(c.labels.sum())
    with_it = len({p for p, y in zip(c.patients, c.labels, strict=True) if y})
    without = len({p for p, y in zip(c.patients, c.labels, strict=True) if not y})
    counting = {"sensitivity": with_it, "specificity": without}.get(measure, min(with_it, without))
    return CompareRow(measure, champion, challenger, change, word(measure, change, counting), group, n, positives)


def calibration_bins(scores: Floats, labels: Bools) -> list[dict[str, float]]:
    """Return bins of equal numbers of cases, by score: {"n", "mean", "share", "low", "high"} (Wilson's interval)."""
    order = np.argsort(scores, kind="stable")
    found: list[dict[str, float]] = []
    for at in np.array_split(order, min(CALIBRATION_BINS, max(1, scores.size))):
        if at.size:
            hits = int(labels[at].sum())
            low, high = statistics.wilson(hits, int(at.size))
            bin_: dict[str, Any] = {"n": int(at.size), "mean": float(scores[at].mean()), "share": hits / at.size}
            found.append({**bin_, "low": low, "high": high})
    return found
