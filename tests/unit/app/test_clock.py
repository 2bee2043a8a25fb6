"""Clocks that were wrong: nothing is put behind others because of it, nothing is taken from the living."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from medviewer.app import claims
from medviewer.app.ranking import OVERDUE, WAITING, Limits, rank, why
from medviewer.app.worklist import StudyRow, Urgency
from medviewer.library.records import OrderKey
from medviewer.ui.worklist.words import waiting

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LIMITS = Limits({Urgency.ROUTINE: timedelta(hours=8)})


def key(number: int, ago: timedelta, urgency: Urgency = Urgency.ROUTINE, positive: bool = False) -> OrderKey:
    return OrderKey(number, urgency, NOW - ago, positive)


def test_a_study_that_arrived_ahead_of_the_clock_is_never_behind_others_of_its_class() -> None:
    keys = [
        key(1, timedelta(hours=1), positive=True),
        key(2, timedelta(days=-365)),
        key(3, timedelta(hours=7)),
        key(4, timedelta(minutes=1), Urgency.STAT),
        key(5, timedelta(seconds=-30)),
    ]
    found = rank(keys, NOW, LIMITS)
    assert [number for number, _ in found] == [4, 2, 3, 1, 5]
    assert dict(found)[2] == OVERDUE
    assert dict(found)[5] == WAITING  # clocks of two computers are never quite alike


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=365)])
def test_its_waiting_time_is_not_told_as_if_it_were_known(ahead: timedelta) -> None:
    row = StudyRow(id=1, uid="1", received=NOW + ahead)
    assert waiting(row, NOW) == ""
    assert why(row, OVERDUE, NOW, LIMITS)[-1] == (
        "Its time of arrival lies ahead of the clock, so it goes to the top of its class."
    )
    assert "min" not in why(row, WAITING, NOW, Limits())[-1]


@pytest.mark.parametrize(
    ("hours", "gone"), [(0, False), (3, False), (-24, False), (5, True), (-365 * 24, True)], ids=str
)
def test_a_claim_of_another_computer_outlives_a_clock_that_is_set_back_a_day(hours: float, gone: bool) -> None:
    assert claims.dead(f"elsewhere:1:2-3@{int(time.time() - hours * 3600)}") is gone


def test_a_claim_of_a_living_program_here_never_ends_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = claims.claimant()
    signed = claims.dated(mine)
    real = time.time
    for jump in (-86_400, 365 * 86_400):
        monkeypatch.setattr(time, "time", lambda jump=jump: real() + jump)
        assert not claims.dead(signed)
    claims.leave(mine)
    assert claims.dead(signed)
