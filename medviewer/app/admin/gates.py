"""The conditions of a promotion: one function each, and the table that everything else reads.

A gate passes (True), refuses (False: nothing is promoted) or cannot tell (None: the person is told and decides).
What "clearly worse" is stands in `comparing.word`: the 95 % interval lies below nothing and not within the margin.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from medviewer.app.admin import comparing
from medviewer.app.admin.records import CheckReport, CompareRow, Comparison, Gate
from medviewer.inference.card import Card

#: Patients of each class from which figures can be trusted; AUC that may be lost; looks from which it is too many.
ENOUGH, MOST_LOST, MOST_LOOKS = 20, 0.02, 5


@dataclass(frozen=True)
class Seen:
    """Whether a model was trained on images of the locked part. `known` False: nothing here says so."""

    known: bool
    images: int = 0
    same_set: bool = False


@dataclass(frozen=True)
class Candidacy:
    """All that the gates look at.

    Attributes:
        problems: what does not hold in the challenger's files.
        data_ok: the data set is frozen and as it was when it was compared.
        check: what the check of the data set found, of these very rows; None: it was not checked.
        patients: patients with and without the finding in the locked part.
    """

    champion: Card
    challenger: Card
    comparison: Comparison
    problems: tuple[str, ...] = ()
    data_ok: bool = True
    check: CheckReport | None = None
    champion_seen: Seen = Seen(known=False)
    challenger_seen: Seen = Seen(known=False)
    patients: tuple[int, int] = (0, 0)
    rows: dict[str, CompareRow] = field(default_factory=dict)


def judge(case: Candidacy) -> tuple[Gate, ...]:
    """Return every gate, in the order of the table."""
    return tuple(Gate(name, *look(case)) for name, look in GATES.items())


Answer = tuple[bool | None, str]


def _files(case: Candidacy) -> Answer:
    if case.problems:
        return False, f"The candidate's files are not as they were made: {case.problems[0]}"
    return True, "All files of the candidate are as they were made."


def _same_task(case: Candidacy) -> Answer:
    a, b = case.champion, case.challenger
    for what, first, second in (
        ("task", a.task, b.task),
        ("classes", a.names, b.names),
        ("finding", a.target, b.target),
        ("kind of score", a.output.score_kind, b.output.score_kind),
        ("images that it may read", a.eligibility, b.eligibility),
        ("modality", a.input.modality, b.input.modality),
        ("unit of the values", a.input.unit, b.input.unit),
    ):
        if first != second:
            return False, f"The candidate is not the same model as the version in use. What differs: {what}."
    return True, "The candidate does the same task on the same kind of images."


def _data(case: Candidacy) -> Answer:
    if not case.data_ok:
        return False, "The data set is not frozen, or was changed since it was frozen. Compare on a sound one."
    return True, "The data set is frozen and unchanged."


def _leak(case: Candidacy) -> Answer:
    if case.check is None:
        return None, "The data set was not checked for leaks and wrong labels."
    if case.check.stops:
        return False, f"The check of the data set found a fault: {case.check.stops[0].text}"
    return True, "The check of the data set found no leak."


def _unseen(case: Candidacy) -> Answer:
    seen = case.challenger_seen
    if seen.images:
        return False, f"The candidate was trained on {seen.images} of the images that it is judged by."
    if not seen.known:
        return None, "It cannot be told whether the candidate was trained on images that it is judged by."
    return True, "None of the locked images was used to make the candidate."


def _champion_unseen(case: Candidacy) -> Answer:
    seen = case.champion_seen
    if seen.images:
        return None, f"The version in use was trained on {seen.images} of these images: its figures are flattered."
    if not seen.known:
        return None, (
            "It cannot be told whether the version in use was trained on these images; if so, its figures are "
            "flattered."
        )
    return True, "None of the locked images was used to make the version in use."


def _enough(case: Candidacy) -> Answer:
    with_it, without = case.patients
    words = f"{with_it} patients with the finding and {without} without"
    if min(with_it, without) < ENOUGH:
        return None, f"Few cases: {words}; at least {ENOUGH} of each are needed to be sure."
    return True, f"Enough cases: {words}."


def _auc(case: Candidacy) -> Answer:
    row = case.rows.get("auc")
    if row is None or math.isnan(row.difference.value):
        return False, "The AUC cannot be computed: the locked part lacks a class."
    d = row.difference
    words = f"AUC {_signed(d.value)} ({_signed(d.low)} to {_signed(d.high)})"
    if d.high < 0:
        return False, f"The candidate ranks the cases clearly worse: {words}."
    if d.value < -MOST_LOST:
        return False, f"The candidate loses more than {MOST_LOST:g} of the AUC: {words}."
    return True, f"The candidate does not rank the cases worse: {words}."


def _not_worse(measure: str, title: str) -> Callable[[Candidacy], Answer]:
    def look(case: Candidacy) -> Answer:
        row = case.rows.get(measure)
        if row is None:
            return None, f"The {title} could not be compared."
        d = row.difference
        words = f"{_signed(d.value)} ({_signed(d.low)} to {_signed(d.high)})"
        if row.word == comparing.WORSE:
            return False, f"The candidate's {title} is clearly worse: {words}."
        return True, f"The candidate's {title} is not clearly worse: {words}."

    return look


def _worst_group(case: Candidacy) -> Answer:
    parts = [row for row in case.comparison.rows if row.group]
    if not parts:
        return None, "Subgroups could not be compared: too little is known of age, sex, scanner and view."
    worst = min(parts, key=lambda row: row.difference.value)
    d = worst.difference
    words = f"{worst.group}, AUC {_signed(d.value)} ({_signed(d.low)} to {_signed(d.high)})"
    if any(row.word == comparing.WORSE for row in parts):
        return False, f"The candidate is clearly worse in a subgroup: {words}."
    return True, f"No subgroup is clearly worse; the worst is {words}."


def _looks(case: Candidacy) -> Answer:
    looks = case.comparison.looks + 1
    times = "once" if looks == 1 else f"{looks} times"
    if looks > MOST_LOOKS:
        return None, (
            f"The locked part was looked at {times}: choosing among many candidates by it makes the best one look "
            "better than it is. A fresh one would tell."
        )
    return True, f"The locked part was looked at {times}."


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "\N{MINUS SIGN}")


#: Name -> what looks at it. The names stand in records: they do not change.
GATES: dict[str, Callable[[Candidacy], Answer]] = {
    "files": _files,
    "same_task": _same_task,
    "data": _data,
    "leak": _leak,
    "unseen": _unseen,
    "champion_unseen": _champion_unseen,
    "enough": _enough,
    "auc": _auc,
    "sensitivity": _not_worse("sensitivity", "sensitivity at its operating point"),
    "specificity": _not_worse("specificity", "specificity at its operating point"),
    "calibration": _not_worse("ece", "calibration error"),
    "worst_group": _worst_group,
    "looks": _looks,
}


def by_measure(rows: Sequence[CompareRow]) -> dict[str, CompareRow]:
    """Return measure -> its row over all cases."""
    return {row.measure: row for row in rows if not row.group}
