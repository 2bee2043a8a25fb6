"""What goes wrong between a file and its row: files that move while a model has them, a library that takes nothing."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.study import ImageRef
from medviewer.library.library import Library
from medviewer.library.records import AiState, StudyRow
from tests import build

LONG = 40.0


def rows_of(session: Session) -> list[StudyRow]:
    return list(session.shelf.read(lambda library: library.rows(sorted(library.list("all")))).result(LONG).values())


def read(session: Session) -> list[StudyRow]:
    """Wait until no model has anything to do and return the rows."""
    end = time.monotonic() + LONG
    while not rows_of(session) or any(r.ai.state in (AiState.WAITING, AiState.READING) for r in rows_of(session)):
        assert time.monotonic() < end, "the models did not come to an end"
        time.sleep(0.02)
    return rows_of(session)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return build.film(tmp_path / "films" / "film.png", (96, 96))


def refuse_once(monkeypatch: pytest.MonkeyPatch, method: str) -> list[str]:
    """Let a method of the library fail the first time, as on a full disk; return what was refused."""
    refused: list[str] = []
    plain = getattr(Library, method)

    def first_refused(self: Library, *args: object, **more: object) -> object:
        if not refused:
            refused.append(method)
            raise UserError("no_space", "The disk is full; free some space and try again.")
        return plain(self, *args, **more)

    monkeypatch.setattr(Library, method, first_refused)
    return refused


def before_the_first_picture(session: Session, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something between the moment when a model asks for a picture and its decoding, once."""
    plain, done = session.pool.frame, []

    def frame(ref: ImageRef, urgent: bool = False) -> "Future[Frame]":
        if not done:
            done.append(True)
            act()
        return plain(ref, urgent)

    monkeypatch.setattr(session.pool, "frame", frame, raising=False)


def test_that_a_file_that_is_renamed_while_a_model_has_it_is_read_under_its_new_name(session, film, monkeypatch):
    def rename() -> None:
        film.rename(film.with_name("renamed.png"))
        session.triage.add([film.parent]).value(LONG)

    before_the_first_picture(session, monkeypatch, rename)
    session.triage.add([film]).value(LONG)
    (row,) = read(session)
    assert (row.ai.state, row.trouble) == (AiState.DONE, "")


def test_that_a_file_that_is_gone_for_good_is_told_after_some_tries(session, film, monkeypatch):
    before_the_first_picture(session, monkeypatch, film.unlink)
    session.triage.add([film]).value(LONG)
    (row,) = read(session)
    assert row.ai.state is AiState.FAILED
    assert "no longer where they were (folder films)" in row.ai.reason


@pytest.mark.parametrize("method", ["take_work", "return_work_of", "keep_readings"])
def test_that_reading_goes_on_when_the_library_takes_something_again(session, film, monkeypatch, method):
    refused = refuse_once(monkeypatch, method)
    session.triage.add([film]).value(LONG)
    assert [row.ai.state for row in read(session)] == [AiState.DONE]
    assert refused == [method]


def test_that_what_was_given_back_waits_again_although_the_library_did_not_hear_of_it_at_once(
    session, film, monkeypatch
):
    refused = refuse_once(monkeypatch, "return_work")
    with monkeypatch.context() as broken:
        broken.setattr("medviewer.app.triage_find.Finder.find", _no_library)
        session.triage.add([film]).value(LONG)
        end = time.monotonic() + LONG
        while not refused:
            assert time.monotonic() < end
            time.sleep(0.01)
    assert [row.ai.state for row in read(session)] == [AiState.DONE]


def _no_library(*_: object) -> list[object]:
    raise UserError("library_gone", "The library is not where it was.")


def test_that_a_study_of_which_only_a_part_is_dropped_again_is_read_as_a_whole(session, chest):
    session.open([chest]).value(LONG)
    end = time.monotonic() + LONG
    while not rows_of(session):
        assert time.monotonic() < end
        time.sleep(0.01)
    session.triage.add(sorted(chest.iterdir())[:2]).value(LONG)
    (row,) = read(session)
    assert (row.images, row.ai.done, row.ai.total) == (9, 9, 9)
    assert not row.ai.stale
