"""What models said is kept by content and summed up; work that waits survives and is done once."""

import pytest
from sqlalchemy import text

from medviewer.library.library import Library
from medviewer.library.records import AiState, AiSummary, FindingRecord, Kept, StudyRow, WorkRecord
from tests.unit.library.make import image, keep, opinion, reading, study

FINDING = FindingRecord("1.1.1", 2, 3, (10.5, 20.25), 0.75, "nodule", (1.0, -2.0, 3.5))


def kept_study(library: Library, uid: str = "1") -> Kept:
    return library.keep([study(uid)], listed=True)[0]


def row(library: Library, study_id: int) -> StudyRow:
    found = library.row(study_id)
    assert found is not None
    return found


def test_that_a_reading_comes_back_as_it_was_given(library: Library) -> None:
    kept = kept_study(library)
    given = reading(
        kept,
        0.75,
        sop_uid="1.1.1",
        frame=2,
        index=3,
        done=9,
        total=10,
        confirmed=True,
        device="cpu",
        started="2025-01-01T00:00:00+00:00",
        seconds=1.5,
        slices=({"i": 0, "score": 0.25, "at": [1, 2]}, {"i": 1, "score": None}),
        findings=(FINDING, FindingRecord("1.1.2", 0, 0, None, 0.5, "")),
    )
    [number] = library.keep_readings([given])
    [back] = library.readings(kept.study_id)
    assert back.id == number
    assert all(finding.id for finding in back.findings)
    from dataclasses import replace

    plain = tuple(replace(finding, id=0) for finding in back.findings)
    assert replace(back, id=0, findings=plain) == given


def test_that_the_row_sums_up_a_reading(library: Library) -> None:
    kept = kept_study(library)
    assert row(library, kept.study_id).ai == AiSummary()
    library.keep_readings([reading(kept, 0.75, done=4, total=4)])
    ai = row(library, kept.study_id).ai
    assert ai == AiSummary(AiState.DONE, 0.75, "score", 0.5, True, "net", "1.0", "Nodule", "", 4, 4, False)


def test_that_a_positive_reading_counts_first_then_the_score_by_its_point(library: Library) -> None:
    kept = kept_study(library)
    library.keep_readings([reading(kept, None, "unfit")])
    assert row(library, kept.study_id).ai.state is AiState.NOT_EVALUATED
    assert row(library, kept.study_id).ai.reason == "No model reads this."
    library.keep_readings([reading(kept, None, "broken", state=AiState.FAILED, reason="It stopped.")])
    assert row(library, kept.study_id).ai.state is AiState.FAILED
    library.keep_readings([reading(kept, 0.6, "high", point=0.9, positive=False), reading(kept, 0.3, "low", point=0.4)])
    assert row(library, kept.study_id).ai.model == "low"  # 0.75 of its point against 0.67
    library.keep_readings([reading(kept, 0.2, "sensitive", point=0.1, positive=True)])
    assert row(library, kept.study_id).ai.model == "sensitive"
    assert [r.model for r in library.readings(kept.study_id)] == ["sensitive", "low", "high", "broken", "unfit"]


def test_that_a_reading_can_be_kept_without_counting_for_the_place(library: Library) -> None:
    kept = kept_study(library)
    library.keep_readings([reading(kept, 0.1)])
    library.keep_readings([reading(kept, 0.9, "trial")], counts=False)
    assert row(library, kept.study_id).ai.model == "net"
    assert len(library.readings(kept.study_id)) == 2


def test_that_reading_again_replaces_the_same_models_reading_of_the_same_content(library: Library) -> None:
    kept = kept_study(library)
    library.keep_readings([reading(kept, 0.9, findings=(FINDING,))])
    library.keep_readings([reading(kept, 0.2), reading(kept, 0.3, version="2.0"), reading(kept, 0.4, stack=1)])
    assert sorted(r.score or 0 for r in library.readings(kept.study_id, all=True)) == [0.2, 0.3, 0.4]
    [first, last] = library.keep_readings([reading(kept, 0.5), reading(kept, 0.6)])
    assert first == last
    assert 0.6 in [r.score for r in library.readings(kept.study_id)]


def test_that_a_reading_an_opinion_is_about_stays_in_the_record(library: Library) -> None:
    kept = kept_study(library)
    [number] = library.keep_readings([reading(kept, 0.9, findings=(FINDING,))])
    finding = library.readings(kept.study_id)[0].findings[0].id
    library.give_opinion(opinion(kept.study_id, reading_id=number, finding_id=finding))
    library.keep_readings([reading(kept, 0.2)])
    assert [r.score for r in library.readings(kept.study_id)] == [0.2]
    every = {r.id: r for r in library.readings(kept.study_id, all=True)}
    assert every[number].findings[0].id == finding
    assert row(library, kept.study_id).ai.score == 0.2


def test_that_a_result_is_stale_once_files_came_and_fresh_once_they_were_read(library: Library) -> None:
    kept = kept_study(library)
    library.keep_readings([reading(kept, 0.9)])
    [more] = library.keep([study("1", image(2))], listed=True)
    ai = row(library, kept.study_id).ai
    assert (ai.stale, ai.score, ai.positive) == (True, 0.9, True)
    assert library.readings(kept.study_id) == ()
    assert len(library.readings(kept.study_id, all=True)) == 1
    library.keep_readings([reading(kept, 0.8)])  # of the old content, finished late
    assert row(library, kept.study_id).ai.stale
    library.keep_readings([reading(more, 0.1)])
    ai = row(library, kept.study_id).ai
    assert (ai.stale, ai.score) == (False, 0.1)


def test_that_progress_is_shown_beside_the_last_result(library: Library) -> None:
    kept = kept_study(library)
    library.keep_readings([reading(kept, 0.9)])
    library.ai_state([kept.study_id], AiState.READING, done=2, total=7)
    ai = row(library, kept.study_id).ai
    assert (ai.state, ai.done, ai.total, ai.score) == (AiState.READING, 2, 7, 0.9)
    library.ai_state([kept.study_id], AiState.FAILED, "The model stopped.")
    ai = row(library, kept.study_id).ai
    assert (ai.state, ai.reason, ai.score, ai.positive) == (AiState.FAILED, "The model stopped.", None, False)
    assert library.list("failed") == [kept.study_id]


def test_that_analyses_are_in_the_audit_with_their_model(library: Library) -> None:
    kept = library.keep([study("1"), study("2")], listed=True)
    numbers = library.keep_readings([reading(k, 0.9) for k in kept])
    entries = library.audit_entries()
    assert [(e.what, e.study_id, e.details["reading"]) for e in entries] == [
        ("analysis", k.study_id, n) for k, n in zip(kept, numbers, strict=True)
    ]
    assert (entries[0].details["model"], entries[0].details["version"], entries[0].details["score"]) == (
        "net",
        "1.0",
        0.9,
    )


def test_that_a_reading_of_a_removed_study_is_dropped(library: Library) -> None:
    gone, there = kept_study(library), kept_study(library, "2")
    library.remove([gone.study_id])
    numbers = library.keep_readings([reading(gone), reading(there)])
    assert numbers[0] == 0
    assert numbers[1] > 0
    library.add_work([WorkRecord(gone.study_id, "x")])
    assert library.waiting_work() == 0


def test_that_work_waits_in_order_and_is_claimed_once(library: Library) -> None:
    numbers = keep(library, *(study(str(n)) for n in range(4)))
    library.add_work([WorkRecord(n, f"c{n}", confirmed=n == numbers[1]) for n in numbers])
    assert {row(library, n).ai.state for n in numbers} == {AiState.WAITING}
    first, second = library.take_work("here:1", 2), library.take_work("there:2", 9)
    assert [work.study_id for work in first] == numbers[:2]
    assert [work.study_id for work in second] == numbers[2:]
    assert [(work.content, work.attempts, work.confirmed) for work in first] == [
        (f"c{numbers[0]}", 1, False),
        (f"c{numbers[1]}", 1, True),
    ]
    assert library.take_work("here:1", 9) == []
    assert library.waiting_work() == 4
    library.done_work(numbers[:1])
    assert library.waiting_work() == 3


def test_that_work_given_back_or_of_a_dead_owner_waits_again(library: Library) -> None:
    numbers = keep(library, *(study(str(n)) for n in range(3)))
    library.add_work([WorkRecord(n, "c") for n in numbers])
    library.take_work("dead:1", 2)
    library.take_work("alive:2", 1)
    library.ai_state(numbers, AiState.READING)
    library.return_work(numbers[:1])
    assert row(library, numbers[0]).ai.state is AiState.WAITING
    assert library.return_work_of(lambda owner: owner.startswith("dead")) == 1
    assert library.return_work_of(lambda owner: owner.startswith("dead")) == 0
    taken = library.take_work("new:3", 9)
    assert [(work.study_id, work.attempts) for work in taken] == [(numbers[0], 2), (numbers[1], 2)]


def test_that_there_is_one_job_a_study_and_what_changed_meanwhile_is_read_again(library: Library) -> None:
    [number] = keep(library)
    library.add_work([WorkRecord(number, "old")])
    library.add_work([WorkRecord(number, "old")])
    assert library.waiting_work() == 1
    library.take_work("me:1", 1)
    library.add_work([WorkRecord(number, "new")])
    assert library.take_work("other:1", 1) == []  # one program at a time
    library.done_work([number])
    assert row(library, number).ai.state is AiState.WAITING
    assert [work.content for work in library.take_work("me:1", 1)] == ["new"]
    library.done_work([number])
    assert library.waiting_work() == 0


def test_that_no_study_is_on_the_list_without_its_work(library: Library) -> None:
    [first] = library.keep([study("1")], listed=True, to_read=True)
    assert (first.waits, library.waiting_work()) == (True, 1)
    library.keep_readings([reading(first)], done=[first.study_id])
    assert library.waiting_work() == 0
    [again] = library.keep([study("1")], listed=True, to_read=True)
    assert (again.waits, library.waiting_work()) == (False, 0)  # it has been read
    with library.database.write() as connection:
        connection.execute(text("DROP TABLE jobs"))  # whatever may fail between the two
    with pytest.raises(RuntimeError):
        library.keep([study("2")], listed=True, to_read=True)
    assert library.list("all") == [first.study_id]
