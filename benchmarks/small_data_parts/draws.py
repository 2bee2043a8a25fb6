"""What a seed draws: 200 films to train with, films that a site would also have, and films that are only tested on.

A patient's films are all in one of the three.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .films import Films

Ints = NDArray[np.int64]
#: Films of each class that are trained with, and of these those that choose the epoch; films of each class beside them.
TRAIN, SELECT, BESIDE = 100, 20, 100
#: The imbalanced draw: (without, with) the finding; of these those that choose.
RARE, RARE_SELECT = (160, 40), (32, 8)


@dataclass(frozen=True)
class Draw:
    """Film numbers.

    Attributes:
        fit, select: the 200 films to train with.
        rest: all films of the other patients: the test part of the main table.
        beside: of `rest`, films that the options may also use (unlabelled, or to choose from).
        rare_fit, rare_select: 40 with and 160 without the finding, out of the 200 and of `beside`.
    """

    seed: int
    fit: Ints
    select: Ints
    rest: Ints
    beside: Ints
    rare_fit: Ints
    rare_select: Ints

    @property
    def pool(self) -> Ints:
        """The films of a site: the 200 and those beside."""
        return np.sort(np.concatenate([self.fit, self.select, self.beside]))

    @property
    def locked(self) -> NDArray[np.bool_]:
        """Which of `rest` no option ever sees: the test part of the second table [len(rest)]."""
        return ~np.isin(self.rest, self.beside)


def draw(films: Films, seed: int) -> Draw:
    """Return what `seed` draws."""
    rng = np.random.default_rng((seed, 20261125))
    every = np.arange(len(films))
    train = by_patient(films, every, (TRAIN, TRAIN), rng)
    select = by_patient(films, train, (SELECT, SELECT), rng)
    rest = np.setdiff1d(every, train)
    beside = by_patient(films, rest, (BESIDE, BESIDE), rng)
    rare = by_patient(films, np.union1d(train, beside), RARE, rng)
    rare_select = by_patient(films, rare, RARE_SELECT, rng)
    found = Draw(
        seed, np.setdiff1d(train, select), select, rest, beside, np.setdiff1d(rare, rare_select), rare_select
    )  # fmt: skip
    _check(films, found)
    return found


def by_patient(films: Films, among: Ints, quota: tuple[int, int], rng: np.random.Generator) -> Ints:
    """Return films of `among`, (without, with) the finding as `quota` says: whole patients in random order.

    A patient who no longer fits is passed over; most have one film, so the quota is met.
    """
    of: dict[str, list[int]] = {}
    for i in among.tolist():
        of.setdefault(str(films.patients[i]), []).append(i)
    left, found = list(quota), list[int]()
    for patient in rng.permutation(sorted(of)).tolist():
        needs = [sum(bool(films.y[i]) == positive for i in of[patient]) for positive in (False, True)]
        if all(n <= m for n, m in zip(needs, left, strict=True)):
            left = [m - n for n, m in zip(needs, left, strict=True)]
            found += of[patient]
    if any(left):
        raise ValueError("not enough patients for this draw")
    return np.sort(np.array(found, np.int64))


def _check(films: Films, draw: Draw) -> None:
    """Stop where a patient is on two sides: every figure would be too good."""
    locked = draw.rest[draw.locked]
    for first, second in (
        (np.concatenate([draw.fit, draw.select]), draw.rest),
        (draw.fit, draw.select),
        (draw.pool, locked),
        (np.concatenate([draw.rare_fit, draw.rare_select]), locked),
    ):
        if shared(films, first, second):
            raise AssertionError("a patient is on both sides")


def shared(films: Films, first: Sequence[int] | Ints, second: Sequence[int] | Ints) -> set[str]:
    """Return the patients who have films in both."""
    return set(films.patients[np.asarray(first)].tolist()) & set(films.patients[np.asarray(second)].tolist())
