"""Figures over several seeds: the mean of their AUCs, with intervals over patients and seeds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medviewer.core import statistics
from medviewer.core.paired import Interval, Ranked, percentiles

from .draws import Draw
from .films import SAME_YEARS, Films

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
DRAWS = 2000


@dataclass(frozen=True)
class Figure:
    """The mean over seeds with its 95 % interval, and each seed's value."""

    over: Interval
    each: tuple[float, ...]
    seeds: tuple[int, ...]


@dataclass
class Pooled:
    """The scores of every arm and seed.

    A bootstrap draw takes patients with return, once for all seeds (a film is in the test part of several), and seeds
    with return: the interval covers other patients as well as other 200 films and other starts.

    Attributes:
        scores: (arm, seed) -> logits of the seed's `rest`.
    """

    films: Films
    draws: Mapping[int, Draw]
    scores: Mapping[tuple[str, int], Floats]
    _times: Floats = field(init=False)
    _made: dict[tuple[str, int, str], tuple[float, Floats]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names, of = np.unique(self.films.patients, return_inverse=True)
        rng = np.random.default_rng(0)
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), DRAWS)
        self._times = drawn[:, of].astype(np.float64)

    def seeds(self, *arms: str) -> list[int]:
        """Return the seeds of which all these arms are there."""
        return [seed for seed in self.draws if all((arm, seed) in self.scores for arm in arms)]

    def figure(self, arm: str, subset: str = "rest", seeds: Sequence[int] = ()) -> Figure | None:
        """Return an arm's AUC (over these seeds, or all that it has); None where nothing is there."""
        return self._pooled({seed: self._one(arm, seed, subset) for seed in seeds or self.seeds(arm)})

    def difference(self, arm: str, other: str, subset: str = "rest") -> Figure | None:
        """Return AUC of `arm` minus AUC of `other` on the same films; None where nothing is there."""
        found = {}
        for seed in self.seeds(arm, other):
            (a, drawn_a), (b, drawn_b) = (self._one(name, seed, subset) for name in (arm, other))
            found[seed] = (a - b, drawn_a - drawn_b)
        return self._pooled(found)

    def _pooled(self, found: Mapping[int, tuple[float, Floats]]) -> Figure | None:
        if not found:
            return None
        values = tuple(value for value, _ in found.values())
        drawn = np.stack([d for _, d in found.values()], 1)
        picked = np.random.default_rng(1).integers(len(found), size=drawn.shape)
        over = np.take_along_axis(drawn, picked, 1).mean(1)
        return Figure(percentiles(float(np.mean(values)), over), values, tuple(found))

    def _one(self, arm: str, seed: int, subset: str) -> tuple[float, Floats]:
        key = (arm, seed, subset)
        if key not in self._made:
            draw = self.draws[seed]
            kept = SUBSETS[subset](self.films, draw)
            at = draw.rest[kept]
            z, y = self.scores[arm, seed][kept], self.films.y[at]
            self._made[key] = statistics.auc(z, y), Ranked(z, y).auc(self._times[:, at])
        return self._made[key]


def _same_years(films: Films, draw: Draw) -> Mask:
    number = films.number[draw.rest]
    found: Mask = (number >= SAME_YEARS[0]) & (number <= SAME_YEARS[1])
    return found


#: Which of a seed's `rest` count.
SUBSETS: dict[str, Callable[[Films, Draw], Mask]] = {
    "rest": lambda films, draw: np.ones(len(draw.rest), bool),
    "AP": lambda films, draw: np.asarray(films.view[draw.rest] == "AP"),
    "PA": lambda films, draw: np.asarray(films.view[draw.rest] == "PA"),
    "same years": _same_years,
    "locked": lambda films, draw: draw.locked,
}
