"""Backup, restore and the check of the audit from the window: in the background, told when done, called off whole."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medviewer.app import audit, backups
from medviewer.app.commands import invoke
from medviewer.app.session import Ask, Session
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled, State
from medviewer.library.records import AiState, ImageRecord, StudyRecord
from tests import build


def wait(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def fill(session: Session, studies: int, first: int = 0) -> None:
    records = [
        StudyRecord(f"1.{n}", images=(ImageRecord("1", f"1.{n}.1", f"d{n}", f"/nowhere/{n}"),))
        for n in range(first, first + studies)
    ]
    session.shelf.write(lambda library: library.keep(records, listed=True)).result()


def count(session: Session) -> int:
    return session.shelf.read(lambda library: len(library.list("all"))).result()


@pytest.fixture
def told(session: Session) -> list[str]:
    """What the reader is told."""
    sentences: list[str] = []
    session.noticed.connect(sentences.append)
    return sentences


def test_that_a_backup_by_the_command_is_a_job_and_the_reader_is_told_its_name(session, told, tmp_path):
    fill(session, 3)
    made: Path = invoke(session, "library.backup", to=str(tmp_path)).value(30)
    assert list(tmp_path.glob("*.sqlite")) == [made]
    assert told == [f"The library is backed up in {made.name}."]
    assert [job.title for job in session.jobs.all] == ["Backing up the library"]


def test_that_going_back_says_where_the_state_before_is(session, told, tmp_path):
    fill(session, 3)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    fill(session, 2, first=10)
    changes: list[None] = []
    session.shelf.changed.connect(changes.append)
    done = invoke(session, "library.restore", file=str(made)).value(30)
    assert count(session) == 3
    assert told[-1] == f"The library is as in made.sqlite. The state before is kept in {done.kept_as.name}."
    assert changes, "the list on the screen reads anew"


def test_that_what_is_written_during_a_restore_is_not_lost(session, tmp_path):
    fill(session, 3)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    job = backups.restore(session, made)
    fill(session, 1, first=50)
    job.value(30)
    assert count(session) in (3, 4), "before the restore it is in the file that was kept, after it, it is here"
    kept = job.result.kept_as
    assert count(session) == 4 or kept.is_file()


def test_that_an_open_study_is_known_by_its_new_number_after_a_restore(session, tmp_path):
    fill(session, 1)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    fill(session, 2, first=10)
    session.open([build.film(tmp_path / "film.png", (96, 96))]).value(30)
    (stack,) = session.opened.stacks
    wait(lambda: session.kept.id_of(stack) is not None)
    before = session.kept.id_of(stack)
    backups.restore(session, made).value(30)
    wait(lambda: session.kept.id_of(stack) not in (None, before))
    row = session.shelf.read(lambda library: library.row(session.kept.id_of(stack))).result()
    assert row.uid == stack.first.study_uid
    assert count(session) == 2


def test_that_what_was_said_of_a_study_by_number_is_not_said_of_another_after_a_restore(session, tmp_path, monkeypatch):
    fill(session, 1)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    fill(session, 1, first=10)
    gate = threading.Event()
    session.shelf.write(lambda library: gate.wait(20))
    asked = threading.Event()
    write = session.shelf.write

    def tell(*words, **more):
        future = write(*words, **more)
        asked.set()
        return future

    monkeypatch.setattr(session.shelf, "write", tell)
    job = backups.restore(session, made)
    assert asked.wait(20)  # its act waits behind the gate by now; behind it comes what a reader does
    read = session.shelf.write(lambda library: library.mark_read(2, True), by_number=True)
    gate.set()
    job.value(30)
    with pytest.raises(UserError, match="restored meanwhile"):
        read.result(20)


def test_that_films_are_read_after_a_restore_as_before(session, tmp_path):
    session.triage.add([build.film(tmp_path / "one.png", (96, 96))]).value(30)
    wait(lambda: session.shelf.read(lambda library: library.waiting_work()).result() == 0)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    session.triage.add([build.film(tmp_path / "two.png", (100, 100))]).value(30)
    backups.restore(session, made).value(30)
    session.triage.add([build.film(tmp_path / "three.png", (104, 104))]).value(30)
    wait(lambda: session.shelf.read(lambda library: library.waiting_work()).result() == 0)
    rows = session.shelf.read(lambda library: library.rows(library.list("all"))).result()
    assert sorted(row.label for row in rows.values()) == ["one.png", "three.png"]
    assert {row.ai.state for row in rows.values()} == {AiState.DONE}


def test_that_a_job_that_is_called_off_leaves_everything_as_it_was(session, told, tmp_path):
    fill(session, 30)
    made = backups.backup(session, tmp_path / "made.sqlite").value(30)
    session.jobs.changed.connect(lambda job: job.cancel() if job.state is State.RUNNING else None)
    for start in (lambda: backups.backup(session, tmp_path / "second.sqlite"), lambda: backups.restore(session, made)):
        with pytest.raises(Cancelled):
            start().value(30)
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["made.sqlite"]
    assert count(session) == 30
    assert len(told) == 1
    assert not session.shelf.problem


def test_that_a_file_that_is_no_backup_fails_the_job_with_its_sentence(session, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")
    job = backups.restore(session, tmp_path / "letter.txt")
    with pytest.raises(UserError):
        job.value(30)
    assert job.sentence == "letter.txt is not a backup of a medviewer library; choose another file."
    assert not session.shelf.problem, "the library is as well as before"


def test_that_the_check_of_the_audit_is_shown_by_the_window_and_entered(session):
    session.shelf.write(lambda library: library.audit("study.opened")).result()
    asked: list[Ask] = []
    session.asked.connect(asked.append)
    found: Any = invoke(session, "library.verify_audit").value(30)
    assert found.ok
    assert [(one.what, one.values["found"]) for one in asked] == [("audit_checked", found)]
    entries = audit.listed(session)["entries"]
    assert [entry["what"] for entry in entries] == ["study.opened", "audit.verified"]
    assert entries[-1]["details"] == {"ok": True, "entries": 1, "problems": 0}


def test_that_a_check_in_a_window_that_only_reads_enters_nothing(session, home, tmp_path):
    session.shelf.write(lambda library: library.audit("study.opened")).result()
    with Session(home, read_only=True) as reading:
        assert audit.verify(reading).ok
    assert len(audit.listed(session)["entries"]) == 1
