"""What comes in is kept once, under what it is; renamed, replaced and overwritten files are told apart."""

import os
from datetime import UTC, datetime

import pytest

from medviewer.library.library import Library
from medviewer.library.records import ImageRecord, StudyRecord, Urgency
from tests.unit.library.make import film, image, keep, study

DOUBLED = "Files of this study came again with other content under the same UID; both are kept."


def test_that_a_study_is_found_again_as_its_files_describe_it(library: Library) -> None:
    record = study(
        "1.2",
        image(1, frames=3, size=10, mtime_ns=5),
        image(2),
        patient_name="Yamada^Tarou=山田^太郎",
        birth_date="1970-01-02",
        sex="M",
        age="055Y",
        date="2025-03-04",
        time="10:11:12",
        description="CT chest",
        urgency=Urgency.STAT,
        synthetic=True,
    )
    before = datetime.now(UTC)
    [kept] = library.keep([record], listed=True)
    assert (kept.new, kept.added, kept.replaced) == (True, 2, 0)
    row = library.row(kept.study_id)
    assert row is not None
    assert row.received is not None
    assert before <= row.received <= datetime.now(UTC)
    shown = (row.uid, row.patient_name, row.patient_id, row.birth_date, row.sex, row.age, row.date, row.time)
    assert shown == ("1.2", record.patient_name, "P1", "1970-01-02", "M", "055Y", "2025-03-04", "10:11:12")
    assert (row.description, row.modalities, row.series, row.images) == ("CT chest", ("CT",), 1, 4)
    assert (row.urgency, row.listed, row.film, row.synthetic) == (Urgency.STAT, True, False, True)
    assert (row.label, row.trouble, row.read_at, row.place, row.opinion) == ("1.dcm", "", None, None, None)
    assert library.sources(kept.study_id) == record.images
    assert library.series(kept.study_id) == record.series


def test_that_the_same_files_again_add_nothing(library: Library) -> None:
    [first] = library.keep([study()], listed=True)
    [again] = library.keep([study()], listed=True)
    assert (again.study_id, again.new, again.added, again.replaced) == (first.study_id, False, 0, 0)
    assert again.content == first.content
    assert len(library.sources(first.study_id)) == 1


def test_that_a_study_may_come_in_parts_and_even_twice_in_one_call(library: Library) -> None:
    both = library.keep([study("1", image(1)), study("1", image(2))], listed=True)
    assert both[0] == both[1]
    assert both[0].added == 2
    [third] = library.keep([study("1", image(3), description="CT thorax")], listed=True)
    assert (third.new, third.added) == (False, 1)
    row = library.row(third.study_id)
    assert row is not None
    assert (row.images, row.description) == (3, "CT thorax")


def test_that_what_was_read_matters_and_not_in_which_order(library: Library) -> None:
    library.keep([study("1", image(1)), study("2", image(2))], listed=True)
    [one] = library.keep([study("1", image(2))], listed=True)
    [two] = library.keep([study("2", image(1))], listed=True)
    assert one.content == two.content


@pytest.mark.parametrize("differs", ["patient_id", "patient_name", "birth_date", "issuer"])
def test_that_two_patients_under_one_uid_are_two_studies(library: Library, differs: str) -> None:
    one, other = study(), study(**{differs: "other"})
    numbers = keep(library, one, other)
    assert numbers[0] != numbers[1]
    assert [library.find("1", record) for record in (one, other)] == numbers
    assert library.find("1") is None


def test_that_a_study_is_found_by_its_uid_where_one_patient_has_it(library: Library) -> None:
    [number] = keep(library)
    assert library.find("1") == number
    assert library.find("9") is None


def test_that_a_film_is_a_study_by_its_content(library: Library) -> None:
    one, other = keep(library, film("aa"), film("bb"))
    assert keep(library, film("aa")) == [one]
    assert library.find("film:bb", film("bb")) == other
    row = library.row(one)
    assert row is not None
    assert (row.film, row.label, row.modalities) == (True, "aa.png", ("DX",))


def test_that_the_same_uid_with_other_content_is_kept_beside_and_said(library: Library) -> None:
    [first] = library.keep([study("1", image(1, "old", "/a/1.dcm"))], listed=True)
    [again] = library.keep([study("1", image(1, "new", "/b/1.dcm"))], listed=True)
    assert (again.study_id, again.added, again.replaced) == (first.study_id, 1, 1)
    assert again.content != first.content
    assert [one.digest for one in library.sources(first.study_id)] == ["old", "new"]
    row = library.row(first.study_id)
    assert row is not None
    assert row.trouble == DOUBLED


def test_that_a_file_with_other_content_in_its_place_is_not_opened_as_what_it_was(library: Library) -> None:
    [first] = library.keep([study("1", image(1, "old"), image(2))], listed=True)
    [again] = library.keep([study("1", image(1, "new"), image(2))], listed=True)
    assert (again.added, again.replaced) == (1, 1)
    assert {one.digest for one in library.sources(first.study_id)} == {"new", "d2"}
    row = library.row(first.study_id)
    assert row is not None
    assert (row.images, row.trouble) == (2, DOUBLED)
    [back] = library.keep([study("1", image(1, "old"), image(2))], listed=True)
    assert back.content == first.content
    assert back.added == 0


@pytest.mark.parametrize(
    ("source", "labels"),
    [("/data/chest/1.dcm", ("1.dcm", "chest/1.dcm")), ("/data/all.zip", ("all.zip/a/1.dcm", "data/all.zip/a/1.dcm"))],
)
def test_that_a_place_is_one_whatever_folder_it_was_opened_from(
    library: Library, source: str, labels: tuple[str, str]
) -> None:
    old, new = (ImageRecord("1.1", "1.1.1", digest, source, label) for digest, label in zip("on", labels, strict=True))
    [number] = keep(library, study("1", old))
    keep(library, study("1", new))
    assert [one.digest for one in library.sources(number)] == ["n"]


def test_that_members_of_an_archive_have_places_of_their_own(library: Library) -> None:
    one, two = (ImageRecord("1.1", f"1.1.{n}", f"d{n}", "/data/all.zip", f"all.zip/{n}.dcm") for n in (1, 2))
    [number] = keep(library, study("1", one, two))
    assert library.sources(number) == (one, two)


def test_that_a_file_overwritten_by_another_study_is_missed_and_comes_back(library: Library) -> None:
    [old] = keep(library, film("aa", "/data/x.png"))
    keep(library, film("bb", "/data/x.png"))
    assert library.sources(old) == ()
    row = library.row(old)
    assert row is not None
    assert "other content lies in their place" in row.trouble
    keep(library, film("aa", "/data/copy.png"))
    row = library.row(old)
    assert row is not None
    assert (row.trouble, library.sources(old)[0].source) == ("", "/data/copy.png")


def test_that_a_renamed_file_moves_and_is_not_doubled(library: Library) -> None:
    [first] = library.keep([study("1", image(1, source="/data/a.dcm"))], listed=True)
    [again] = library.keep([study("1", image(1, source="/data/b.dcm"))], listed=True)
    assert (again.added, again.replaced, again.content) == (0, 0, first.content)
    assert [one.source for one in library.sources(first.study_id)] == ["/data/b.dcm"]


def test_that_two_files_that_swapped_their_names_are_both_found(library: Library) -> None:
    [first] = library.keep([study("1", image(1, source="/d/a"), image(2, source="/d/b"))], listed=True)
    library.keep([study("1", image(2, source="/d/a"), image(1, source="/d/b"))], listed=True)
    found = {one.digest: one.source for one in library.sources(first.study_id)}
    assert found == {"d1": "/d/b", "d2": "/d/a"}


def test_that_a_path_which_is_no_text_is_kept_as_it_is(library: Library) -> None:
    path = os.fsdecode(b"/data/\xff\xfe/1.dcm")
    [number] = keep(library, study("1", ImageRecord("1.1", "1", "d", path, path)))
    assert library.sources(number)[0].source == path


def test_that_a_study_which_was_only_opened_is_known_but_not_on_the_list(library: Library) -> None:
    [number] = keep(library, listed=False)
    assert library.list("unread") == []
    assert library.list("all") == [number]
    opened = library.row(number)
    keep(library)
    dropped = library.row(number)
    assert opened is not None
    assert dropped is not None
    assert (opened.listed, dropped.listed) == (False, True)
    assert library.list("unread") == [number]
    assert opened.received is not None
    assert dropped.received is not None
    assert dropped.received > opened.received  # waiting counts from the listing


def test_that_more_images_make_a_study_that_was_read_unread_again(library: Library) -> None:
    [number] = keep(library, study("1", image(1)))
    library.mark_read(number, True)
    keep(library, study("1", image(1)))
    assert library.list("unread") == []
    keep(library, study("1", image(1), image(2)), listed=False)  # the reader opened it
    assert library.list("unread") == []
    keep(library, study("1", image(3)))
    assert library.list("unread") == [number]


def test_that_missing_files_are_said_until_they_are_back(library: Library) -> None:
    [number] = keep(library)
    library.mark_missing(number, "2 files are gone.")
    row = library.row(number)
    assert row is not None
    assert row.trouble == "2 files are gone."
    revision = library.revision()
    library.mark_missing(number, "2 files are gone.")
    assert library.revision() == revision
    library.mark_missing(number, "")
    row = library.row(number)
    assert row is not None
    assert row.trouble == ""


def test_that_a_removed_study_is_gone_with_all_that_was_said_of_it(library: Library) -> None:
    from medviewer.library.records import WorkRecord
    from tests.unit.library.make import opinion, reading

    kept = library.keep([study("1"), study("2")], listed=True)
    library.keep_readings([reading(k) for k in kept])
    for one in kept:
        library.give_opinion(opinion(one.study_id, note="nodule"))
    library.add_work([WorkRecord(k.study_id, k.content) for k in kept])
    assert library.remove([kept[0].study_id, 999]) == 1
    assert library.row(kept[0].study_id) is None
    assert (library.opinions(kept[0].study_id), library.readings(kept[0].study_id)) == ((), ())
    assert library.list("all", search="nodule") == [kept[1].study_id]
    assert library.waiting_work() == 1
    assert [entry.what for entry in library.audit_entries()][-1] == "study.removed"
    [new] = keep(library, study("3"))
    assert new not in [k.study_id for k in kept]  # a number is never given twice


def test_that_opening_is_in_the_audit_by_number_and_never_by_name(library: Library) -> None:
    numbers = keep(library, study(patient_name="Canary^Tweety", patient_id="CANARY7"), study("2"))
    library.opened(numbers)
    entries = library.audit_entries()
    assert [(e.what, e.study_id, e.who) for e in entries] == [("study.opened", n, "Dr Test") for n in numbers]
    assert "anary" not in repr(entries)


def earlier(library: Library, **who: str) -> tuple[int, int, list[int]]:
    """Keep two studies of P1, Doe, 1970, the second one with `who` instead; return numbers and what is earlier."""
    known = {"patient_id": "P1", "patient_name": "Doe^Jane", "birth_date": "1970-01-01", "issuer": "A"}
    one, two = keep(library, study("1", date="2020-01-01", **known), study("2", date="2021-01-01", **(known | who)))
    return one, two, [row.id for row in library.earlier(two)]


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"patient_name": "Miller^Jane"},  # married
        {"patient_id": "", "issuer": ""},
        {"patient_id": "", "patient_name": "DOE^JANE "},
        {"birth_date": ""},
    ],
)
def test_that_earlier_studies_of_the_same_patient_are_found(library: Library, who: dict[str, str]) -> None:
    one, _, found = earlier(library, **who)
    assert found == [one]


@pytest.mark.parametrize(
    "who",
    [
        {"patient_id": "P2"},
        {"issuer": "B"},
        {"birth_date": "1980-01-01"},
        {"patient_id": "", "birth_date": ""},
        {"patient_id": "", "patient_name": ""},
        {"birth_date": "", "patient_name": "Miller^Jane"},
    ],
)
def test_that_nobody_is_given_the_studies_of_another_patient(library: Library, who: dict[str, str]) -> None:
    assert earlier(library, **who)[2] == []


def test_that_films_and_nameless_patients_have_no_earlier_studies(library: Library) -> None:
    numbers = keep(library, film("aa"), film("bb"), StudyRecord("1"), StudyRecord("2"))
    assert [library.earlier(number) for number in numbers] == [()] * 4


def test_that_earlier_studies_come_newest_first_and_not_all_of_them(library: Library) -> None:
    numbers = keep(library, *(study(str(n), date=f"20{n:02}-01-01", birth_date="1970-01-01") for n in range(10, 15)))
    assert [row.id for row in library.earlier(numbers[2], most=3)] == [numbers[4], numbers[3], numbers[1]]


def test_that_many_images_come_in_by_portions(library: Library) -> None:
    every = [image(n) for n in range(2000)]
    for at in range(0, len(every), 400):
        [kept] = library.keep([study("1", *every[at : at + 400])], listed=True)
    row = library.row(kept.study_id)
    assert row is not None
    assert (row.images, len(library.sources(kept.study_id))) == (2000, 2000)
    [again] = library.keep([study("1", *reversed(every))], listed=True)
    assert (again.added, again.content) == (0, kept.content)
