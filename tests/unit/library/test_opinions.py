"""What readers think is appended, shown, searched, summed up; what is taken back stays in the record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from medviewer.core.errors import UserError
from medviewer.library.library import Library
from medviewer.library.records import AgreementRow, OpinionRecord, Verdict
from tests.unit.library.make import keep, opinion, study


def test_that_an_opinion_comes_back_as_it_was_given(library: Library) -> None:
    [number] = keep(library)
    at = datetime(2025, 1, 2, 3, 4, 5, 6, timezone(timedelta(hours=9)))
    given = OpinionRecord(
        number,
        Verdict.RELABEL,
        "other",
        "Hamartoma",
        "calcified",
        None,
        7,
        "net",
        "1.0",
        "ab" * 32,
        0.75,
        0.5,
        "1.1",
        "1.1.1",
        4,
        ai_shown=True,
        map_shown=True,
        order="before_ai",
        reader="Dr Ito",
        at=at,
    )
    kept = library.give_opinion(given)
    [back] = library.opinions(number)
    assert back == replace(given, id=kept, at=at.astimezone(UTC))


def test_that_time_and_reader_are_filled_in(library: Library) -> None:
    [number] = keep(library)
    before = datetime.now(UTC)
    library.give_opinion(OpinionRecord(number, Verdict.AGREE))
    [back] = library.opinions(number)
    assert back.reader == "Dr Test"
    assert back.at is not None
    assert before <= back.at <= datetime.now(UTC)


def test_that_the_row_shows_the_newest_opinion_on_the_study_that_stands(library: Library) -> None:
    [number] = keep(library)
    library.give_opinion(opinion(number, Verdict.AGREE, reader="Dr A"))
    last = library.give_opinion(opinion(number, Verdict.RELABEL, reader="Dr B", label="Scar"))
    library.give_opinion(opinion(number, Verdict.DISAGREE, finding_id=3))  # on a finding
    row = library.row(number)
    assert row is not None
    assert (row.opinion, row.opinion_label, row.opinion_by) == (Verdict.RELABEL, "Scar", "Dr B")
    assert library.undo_opinion(last)
    row = library.row(number)
    assert row is not None
    assert (row.opinion, row.opinion_label, row.opinion_by) == (Verdict.AGREE, "", "Dr A")


def test_that_what_is_taken_back_stays_in_the_record_of_the_study(library: Library) -> None:
    [number] = keep(library)
    kept = library.give_opinion(opinion(number))
    assert library.undo_opinion(kept) is True
    assert library.undo_opinion(kept) is False
    assert library.undo_opinion(999) is False
    [back] = library.opinions(number)
    assert back.undone is not None
    assert library.opinions() == ()
    row = library.row(number)
    assert row is not None
    assert row.opinion is None
    assert [entry.what for entry in library.audit_entries()] == ["opinion", "opinion.undone"]
    assert library.verify_audit().ok


def test_that_the_audit_tells_what_was_thought_and_seen_but_no_name(library: Library) -> None:
    [number] = keep(library, study(patient_name="Canary^Tweety"))
    kept = library.give_opinion(opinion(number, Verdict.DISAGREE, map_shown=True, note="Canary has a scar"))
    [entry] = library.audit_entries()
    assert (entry.study_id, entry.who, entry.details["opinion"]) == (number, "Dr Test", kept)
    assert (entry.details["verdict"], entry.details["model"], entry.details["map_shown"]) == ("disagree", "net", True)
    assert "Canary" not in repr(entry)


def test_that_opinions_are_found_by_model_version_and_verdict_newest_first(library: Library) -> None:
    [number] = keep(library)
    given = [
        library.give_opinion(opinion(number, verdict, version=version))
        for version in ("1.0", "2.0")
        for verdict in (Verdict.AGREE, Verdict.DISAGREE, Verdict.UNSURE)
    ]
    assert [o.id for o in library.opinions()] == given[::-1]
    assert [o.id for o in library.opinions(model="net", version="2.0")] == given[:2:-1]
    wanted = frozenset({Verdict.DISAGREE, Verdict.UNSURE})
    assert [o.id for o in library.opinions(version="1.0", verdicts=wanted, most=1)] == [given[2]]
    assert library.opinions(model="other") == ()


def test_that_agreement_takes_the_newest_standing_opinion_of_each_reader_on_each_study(library: Library) -> None:
    one, two, three = keep(library, study("1"), study("2"), study("3"))
    library.give_opinion(opinion(one, Verdict.DISAGREE))
    library.give_opinion(opinion(one, Verdict.AGREE, order="before_ai"))
    library.give_opinion(opinion(one, Verdict.UNSURE, reader="Dr B", order="before_ai"))
    library.give_opinion(opinion(two, Verdict.RELABEL))
    library.undo_opinion(library.give_opinion(opinion(three, Verdict.DISAGREE)))
    library.give_opinion(opinion(three, Verdict.DISAGREE, finding_id=1))  # on a finding
    library.give_opinion(opinion(three, Verdict.AGREE, model="", version=""))  # there was no result
    library.give_opinion(opinion(three, Verdict.AGREE, version="2.0"))
    assert library.agreement() == (
        AgreementRow("net", "2.0", 1, 1, 0, 0, 0),
        AgreementRow("net", "1.0", 3, 1, 0, 1, 1, before_ai=2, before_agree=1),
    )


def test_that_an_answer_before_ai_counts_as_one_also_when_the_reader_changes_it_later(library: Library) -> None:
    (one,) = keep(library, study("1"))
    library.give_opinion(opinion(one, Verdict.DISAGREE, order="before_ai"))
    library.give_opinion(opinion(one, Verdict.AGREE))
    assert library.agreement() == (AgreementRow("net", "1.0", 1, 1, 0, 0, 0, before_ai=1, before_agree=0),)


def test_that_there_is_no_opinion_on_a_study_that_is_gone(library: Library) -> None:
    with pytest.raises(UserError, match="not in the library any more"):
        library.give_opinion(opinion(9))
    assert library.audit_entries() == ()
