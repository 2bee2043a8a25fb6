"""From a row of the list to its images in the reader, and from the reader into the library, without a window."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from medviewer.app.session import Session
from medviewer.app.worklist import StudyRow
from medviewer.core.errors import UserError
from medviewer.core.jobs import State
from medviewer.library.library import Library
from tests import build


def wait(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def slices(folder: Path, count: int = 4, number: int = 1, **attributes: object) -> Path:
    """Write a series that no model reads (too small), a study of its own for each `number`."""
    uids = {name: build.uid("opening", name, number) for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    build.series(folder, count, prefix=f"S{number}-", **{**uids, **attributes})
    return folder


def rows(session: Session) -> list[StudyRow]:
    def look(library: Library) -> list[StudyRow]:
        return list(library.rows(library.list("all")).values())[::-1]

    return session.shelf.read(look).result()


def open_(session: Session, study: int) -> None:
    session.opening.open(study).value(30)


def shown(session: Session) -> int:
    """Return how many images the stack in the viewport has."""
    stack = session.reader.view.stack
    assert stack is not None
    return len(stack)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return slices(tmp_path / "ct")


def test_that_a_study_opens_with_all_its_images_and_is_known_at_once(session, folder):
    session.triage.add([folder]).value(30)
    (row,) = rows(session)
    open_(session, row.id)
    assert shown(session) == 4
    assert session.opening.current == row.id
    assert session.page == "reader"


def test_that_images_that_came_after_a_study_was_opened_are_there_when_it_is_opened_again(session, folder, tmp_path):
    last = max(folder.iterdir())
    last.rename(tmp_path / last.name)
    session.open([folder]).value(30)
    wait(lambda: rows(session))
    assert shown(session) == 3
    session.triage.add([tmp_path / last.name]).value(30)
    (row,) = rows(session)
    open_(session, row.id)
    assert shown(session) == 4


def test_that_of_two_patients_with_one_study_uid_the_one_of_the_row_is_shown(session, tmp_path):
    slices(tmp_path / "one", PatientName="One^First", PatientID="1")
    slices(tmp_path / "two", PatientName="Two^Second", PatientID="2")
    session.triage.add([tmp_path / "one"]).value(30)
    session.triage.add([tmp_path / "two"]).value(30)
    one, two = rows(session)
    for row in (one, two, one):
        open_(session, row.id)
        assert session.reader.view.stack is not None
        assert session.reader.view.stack.first.patient.name == row.patient_name
        assert session.opening.current == row.id


def test_that_the_next_study_is_the_one_below_that_on_the_screen_however_fast_the_key_is(session, tmp_path):
    for number in range(1, 6):
        slices(tmp_path / f"ct-{number}", number=number)
        session.triage.add([tmp_path / f"ct-{number}"]).value(30)
    session.worklist.refresh()
    wait(lambda: len(session.worklist) == 5)
    ids = [session.worklist.id_at(place) for place in range(5)]
    with ThreadPoolExecutor(1) as desk:  # as the window's thread: one act after the other
        session.at_desk = desk.submit
        open_(session, ids[0])
        wait(lambda: session.opening.current == ids[0])
        desk.submit(session.opening.open_next).result()
        desk.submit(session.opening.open_next).result()
        wait(lambda: session.opening.current == ids[2])
        open_(session, ids[0])  # another way back; what was asked for before does not count
        wait(lambda: session.opening.current == ids[0])
        desk.submit(session.opening.open_next).result()
        wait(lambda: session.opening.current == ids[1])
        wait(lambda: not session.jobs.active)
        session.at_desk = lambda act: act()


def test_that_a_study_that_cannot_be_opened_is_passed_by_with_the_same_key(session, tmp_path):
    for number in range(1, 4):
        slices(tmp_path / f"ct-{number}", number=number)
        session.triage.add([tmp_path / f"ct-{number}"]).value(30)
    session.worklist.refresh()
    wait(lambda: len(session.worklist) == 3)
    ids = [session.worklist.id_at(place) for place in range(3)]
    open_(session, ids[0])
    (tmp_path / "ct-2").rename(tmp_path / "elsewhere")
    session.opening.open_next()
    wait(lambda: any(job.state is State.FAILED for job in session.jobs.all))
    assert session.opening.current == ids[0]
    session.opening.open_next()
    wait(lambda: session.opening.current == ids[2])


def test_that_the_row_says_no_more_that_files_are_missing_once_they_are_back(session, folder, tmp_path):
    session.triage.add([folder]).value(30)
    (row,) = rows(session)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="no longer in the folder ct"):
        open_(session, row.id)
    wait(lambda: "no longer in the folder ct" in rows(session)[0].trouble)
    (tmp_path / "elsewhere").rename(folder)
    open_(session, row.id)
    wait(lambda: rows(session)[0].trouble == "")


def test_that_what_the_library_did_not_take_is_given_to_it_again(session, folder, tmp_path, monkeypatch):
    keep = Library.keep

    def full(*_: object, **__: object) -> None:
        raise UserError("no_space", "The disk with the library is full; free some space and try again.")

    monkeypatch.setattr(Library, "keep", full)
    session.open([folder]).value(30)
    wait(lambda: session.reader.view.stack is not None)
    assert session.opening.current is None
    assert session.worklist.problem == "", "the list can be read all the same"
    monkeypatch.setattr(Library, "keep", keep)
    session.shelf.write(lambda library: library.audit("test")).result()
    wait(lambda: session.opening.current is not None)
    assert [row.images for row in rows(session)] == [4]


def test_that_a_study_from_an_archive_is_found_in_the_archive_again(session, folder, tmp_path):
    archive = build.zipped(tmp_path / "ct.zip", {path.name: path for path in folder.iterdir()})
    session.opened.open([archive]).value(30)
    session.kept.keep_open([archive])
    wait(lambda: rows(session))
    (row,) = rows(session)
    sources = session.shelf.read(lambda library: library.sources(row.id)).result()
    assert {image.source for image in sources} == {str(archive)}
