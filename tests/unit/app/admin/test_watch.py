"""What the panel says of a model over the weeks: it speaks up when something changed, and seldom when nothing did."""

from datetime import date, timedelta

import numpy as np
import pytest

from medviewer.app.admin.watch import AS_EXPECTED, LOOK_AT, OUTSIDE, TOO_FEW, stability_index, watched, week_starts
from medviewer.library.watching import Seen

STARTS = week_starts(date(2026, 11, 25), 12)
RECENT = 4


def _shares(rng: np.random.Generator, before: float, now: float, n: int = 40) -> tuple[tuple[str, int, int], ...]:
    chances = [before] * (len(STARTS) - RECENT) + [now] * RECENT
    return tuple((s.isoformat(), int(rng.binomial(n, p)), n) for s, p in zip(STARTS, chances, strict=True))


def _scores(rng: np.random.Generator, shift: float, n: int = 60) -> tuple[tuple[str, float], ...]:
    shifts = [0.0] * (len(STARTS) - RECENT) + [shift] * RECENT
    return tuple(
        ((s + timedelta(days=2)).isoformat(), float(v))
        for s, move in zip(STARTS, shifts, strict=True)
        for v in rng.normal(move, 1, n)
    )


def test_weeks_begin_on_mondays_and_end_with_this_one() -> None:
    assert len(STARTS) == 12
    assert all(start.weekday() == 0 for start in STARTS)
    assert STARTS[-1] == date(2026, 11, 23)


def test_falling_agreement_is_said_with_what_to_look_at() -> None:
    rng = np.random.default_rng(1)
    agreement, _, _ = watched(Seen(_shares(rng, 0.9, 0.6), (), ()), STARTS)
    assert (agreement.word, agreement.text) == (OUTSIDE, LOOK_AT["agreement"])
    assert agreement.weeks[-1].value is not None
    assert agreement.weeks[-1].value < agreement.low


def test_readers_who_suddenly_always_agree_are_said_too() -> None:
    rng = np.random.default_rng(2)
    agreement, _, _ = watched(Seen(_shares(rng, 0.7, 0.98), (), ()), STARTS)
    assert agreement.text == LOOK_AT["agreement above"]


def test_more_studies_not_evaluated_are_said() -> None:
    rng = np.random.default_rng(3)
    _, _, not_evaluated = watched(Seen((), (), _shares(rng, 0.2, 0.5)), STARTS)
    assert not_evaluated.text == LOOK_AT["not_evaluated"]


def test_scores_that_moved_are_said() -> None:
    _, drift, _ = watched(Seen((), _scores(np.random.default_rng(4), 1.0), ()), STARTS)
    assert drift.word == OUTSIDE
    assert all(week.n == 60 for week in drift.weeks)


@pytest.mark.parametrize("measure", [0, 1, 2])
def test_nothing_is_said_without_a_change_in_nine_of_ten_libraries(measure: int) -> None:
    rng = np.random.default_rng(5)
    said = 0
    for _ in range(200):
        seen = Seen(_shares(rng, 0.85, 0.85), _scores(rng, 0.0, 30), _shares(rng, 0.1, 0.1))
        said += watched(seen, STARTS)[measure].word == OUTSIDE
    assert said <= 20


def test_a_few_cases_are_called_too_few() -> None:
    rng = np.random.default_rng(6)
    seen = Seen(_shares(rng, 0.9, 0.1, n=2), _scores(rng, 3.0, 3), ())
    assert [w.word for w in watched(seen, STARTS)] == [TOO_FEW] * 3
    assert all(week.value is None for w in watched(seen, STARTS) for week in w.weeks)


def test_one_that_never_disagreed_may_disagree_once() -> None:
    days = [(s.isoformat(), 20, 20) for s in STARTS]
    days[-1] = (days[-1][0], 19, 20)
    assert watched(Seen(tuple(days), (), ()), STARTS)[0].word == AS_EXPECTED


def test_the_stability_index_is_that_of_the_definition() -> None:
    # half a case added to each of two bins: p = (10.5, 30.5) / 41, q = (20.5, 20.5) / 41
    before = np.array([0.0] * 10 + [1.0] * 30)
    now = np.array([0.0] * 20 + [1.0] * 20)
    p, q = np.array([10.5, 30.5]) / 41, np.array([0.5, 0.5])
    assert stability_index(before, now, np.array([0.5])) == pytest.approx(float(((q - p) * np.log(q / p)).sum()))
    assert stability_index(before, before, np.array([0.5])) == 0
