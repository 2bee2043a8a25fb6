"""What the library tells of a model over time, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from medviewer.library.library import Library
from medviewer.library.records import Verdict
from tests.unit.library.make import keep, opinion, reading, study

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_opinions_are_counted_by_the_day_on_which_they_were_given(library: Library) -> None:
    one, two, three = keep(library, study("1"), study("2"), study("3"))
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    library.give_opinion(opinion(one, Verdict.AGREE, at=at))
    library.give_opinion(opinion(two, Verdict.DISAGREE, at=at + timedelta(hours=1)))
    library.give_opinion(opinion(three, Verdict.AGREE, at=at + timedelta(days=7)))
    library.give_opinion(opinion(three, Verdict.UNSURE, at=at))
    seen = library.seen("net", "1.0", LONG_AGO)
    assert seen.opinions == (("2026-03-02", 1, 2), ("2026-03-09", 1, 1))


def test_what_was_taken_back_or_is_about_another_version_does_not_count(library: Library) -> None:
    one, two = keep(library, study("1"), study("2"))
    library.undo_opinion(library.give_opinion(opinion(one)))
    library.give_opinion(opinion(two, version="2.0"))
    assert library.seen("net", "1.0", LONG_AGO).opinions == ()


def test_scores_and_shares_not_evaluated_are_of_the_day_on_which_the_study_came(library: Library) -> None:
    one, two = keep(library, study("1"), study("2"))
    library.keep_readings([reading(one, 0.25), reading(two, None)])
    seen = library.seen("net", "1.0", LONG_AGO)
    assert seen.scores == ((_today(), 0.25),)
    assert seen.studies == ((_today(), 1, 2),)


def test_nothing_before_the_asked_time_is_told(library: Library) -> None:
    (one,) = keep(library, study("1"))
    library.keep_readings([reading(one, 0.25)])
    library.give_opinion(opinion(one))
    seen = library.seen("net", "1.0", datetime.now(UTC) + timedelta(days=1))
    assert seen == type(seen)((), (), ())
