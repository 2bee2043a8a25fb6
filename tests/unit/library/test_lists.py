"""Lists, counts, order keys and what readers do to the worklist."""

from datetime import datetime

import pytest

from medviewer.core.errors import UserError
from medviewer.library.library import LISTS, Library
from medviewer.library.records import AiState, ImageRecord, SeriesRecord, StudyRecord, Urgency
from tests.unit.library.make import film, keep, reading, study


@pytest.fixture
def five(library: Library) -> list[int]:
    """Five studies on the list: positive, negative, not evaluated, failed, not read; a sixth was only opened."""
    kept = library.keep([study(str(n)) for n in range(5)], listed=True)
    failed = reading(kept[3], None, state=AiState.FAILED, reason="The model stopped.")
    library.keep_readings([reading(kept[0], 0.9), reading(kept[1], 0.1), reading(kept[2], None), failed])
    keep(library, study("opened"), listed=False)
    return [k.study_id for k in kept]


def test_that_each_study_is_in_its_lists(library: Library, five: list[int]) -> None:
    positive, negative, not_evaluated, failed, _ = five
    library.assign(negative, "Dr Ito")
    library.mark_read(failed, True)
    lists = {name: library.list(name, reader="Dr Ito") for name in LISTS}
    assert lists == {
        "unread": [n for n in five if n != failed],
        "above": [positive],
        "not_evaluated": [not_evaluated],
        "failed": [],
        "mine": [negative],
        "read_today": [failed],
        "all": [five[-1] + 1, *reversed(five)],
    }
    assert library.counts("Dr Ito") == {name: len(ids) for name, ids in lists.items()}
    assert library.list("mine") == []
    assert library.counts()["mine"] == 0


def test_that_a_list_ends_where_it_is_told_to(library: Library, five: list[int]) -> None:
    assert library.list("unread", most=2) == five[:2]
    assert library.list("all", search="doe", most=1) == [five[-1] + 1]


def test_that_modalities_are_told_apart_also_within_a_study(library: Library) -> None:
    both = (SeriesRecord("a", "CT"), SeriesRecord("b", "MR"))
    pictures = (ImageRecord("a", "1", "1", "/1"), ImageRecord("b", "2", "2", "/2"))
    numbers = keep(
        library, study("1"), film("aa"), StudyRecord("2", series=both, images=pictures), study("3", modality="C")
    )
    assert library.list("unread", modalities=frozenset({"CT"})) == [numbers[0], numbers[2]]
    assert library.list("unread", modalities=frozenset({"MR", "DX"})) == [numbers[1], numbers[2]]
    assert library.modality_counts("unread") == {"CT": 2, "MR": 1, "DX": 1, "C": 1}
    assert library.modality_counts("mine", "x") == {}
    row = library.row(numbers[2])
    assert row is not None
    assert (row.modalities, row.series) == (("CT", "MR"), 2)


def test_that_the_order_is_told_by_keys_of_unread_studies_in_order_of_arrival(
    library: Library, five: list[int]
) -> None:
    library.mark_read(five[1], True)
    library.place(five[2], 3)
    library.set_urgency(five[3], Urgency.STAT)
    keys = library.order_keys()
    assert [key.id for key in keys] == [five[0], five[2], five[3], five[4]]
    assert [key.positive for key in keys] == [True, False, False, False]
    assert [key.evaluated for key in keys] == [True, False, False, False]
    assert [key.place for key in keys] == [None, 3, None, None]
    assert [key.urgency for key in keys][2] is Urgency.STAT
    assert all(isinstance(key.received, datetime) and key.received.tzinfo for key in keys)
    assert {key.id for key in library.order_keys(five)} == set(five)
    assert library.order_keys([]) == []


def test_that_rows_come_in_the_order_asked_for_and_without_those_that_are_gone(
    library: Library, five: list[int]
) -> None:
    assert list(library.rows([five[2], 999, five[0]])) == [five[2], five[0]]
    assert library.row(999) is None
    assert len(library.rows(range(1, 2000))) == 6


def test_that_deeds_tell_what_was_there_before_so_that_they_can_be_undone(library: Library) -> None:
    [number] = keep(library)
    assert library.place(number, 3) is None
    assert library.place(number, None) == 3
    assert library.assign(number, "Dr Ito") == ""
    assert library.assign(number, "") == "Dr Ito"
    assert library.mark_read(number, True) is False
    assert library.mark_read(number, False) is True
    assert library.set_urgency(number, Urgency.URGENT) is Urgency.ROUTINE
    assert library.set_urgency(number, Urgency.ROUTINE) is Urgency.URGENT


def test_that_the_row_shows_who_did_what(library: Library) -> None:
    [number] = keep(library)
    library.place(number, 2)
    library.assign(number, "Dr Ito")
    library.mark_read(number, True)
    library.set_urgency(number, Urgency.STAT)
    row = library.row(number)
    assert row is not None
    assert (row.place, row.placed_by, row.assigned_to, row.read_by) == (2, "Dr Test", "Dr Ito", "Dr Test")
    assert row.urgency is Urgency.STAT
    first = row.read_at
    library.who = "Dr Late"
    library.mark_read(number, True)
    row = library.row(number)
    assert row is not None
    assert (row.read_at, row.read_by) == (first, "Dr Test")
    library.place(number, None)
    row = library.row(number)
    assert row is not None
    assert (row.place, row.placed_by) == (None, "")


def test_that_every_deed_is_in_the_audit(library: Library) -> None:
    [number] = keep(library)
    library.place(number, 2)
    library.assign(number, "Dr Ito")
    library.mark_read(number, True)
    library.set_urgency(number, Urgency.STAT)
    entries = [(entry.what, entry.details) for entry in library.audit_entries()]
    assert entries == [
        ("worklist.moved", {"from": None, "to": 2}),
        ("worklist.assigned", {"from": "", "to": "Dr Ito"}),
        ("worklist.read", {"read": True}),
        ("worklist.urgency", {"from": "routine", "to": "stat"}),
    ]
    assert library.verify_audit().ok


def test_that_a_deed_on_a_study_that_is_gone_says_so(library: Library) -> None:
    for deed in (
        lambda: library.place(9, 1),
        lambda: library.assign(9, "x"),
        lambda: library.mark_read(9, True),
        lambda: library.set_urgency(9, Urgency.STAT),
    ):
        with pytest.raises(UserError, match="not in the library any more"):
            deed()
    assert library.audit_entries() == ()


def test_that_a_study_which_is_not_on_the_list_can_be_marked_as_read(library: Library) -> None:
    [number] = keep(library, listed=False)
    library.mark_read(number, True)
    assert library.list("read_today") == [number]
    library.mark_read(number, False)
    assert library.list("unread") == []


def test_that_every_write_is_seen_in_the_revision_and_no_look_is(library: Library) -> None:
    [number] = keep(library)
    before = library.revision()
    library.list("all", search="x")
    library.take_work("me", 3)
    library.return_work_of(lambda owner: True)
    assert library.revision() == before
    library.assign(number, "x")
    assert library.revision() == before + 1
