"""A full disk, and folders that vanish: a sentence, nothing lost, and work goes on when they are back."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.backups import backup
from medviewer.app.session import Session
from medviewer.app.worklist import AiState, StudyRow, Verdict
from medviewer.core.errors import UserError
from medviewer.core.jobs import State
from tests import build
from tests.journeys import films
from tests.journeys.desk import library
from tests.journeys.killing import integrity, left_behind
from tests.journeys.screen import wait_until

FULL = "The disk with the library is full; free some space and try again. Nothing was written."


class SmallDisk:
    """A file system of 8 MB."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave no byte."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[Path], SmallDisk]]:
    """Makes a folder a small file system of its own; where that is not allowed the test is skipped."""
    mounted: list[Path] = []

    def make(folder: Path) -> SmallDisk:
        folder.mkdir(parents=True, mode=0o700)
        command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "medviewer-test", str(folder)]
        if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a small file system may not be mounted here")
        mounted.append(folder)
        return SmallDisk(folder)

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def slices(folder: Path, number: int) -> Path:
    """Write a CT that no model reads (too small), a study of its own for each `number`."""
    uids = {name: build.uid("disk", name, number) for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    build.series(folder, 4, PatientID=f"D-{number}", prefix=f"S{number}-", **uids)
    return folder


def rows(session: Session) -> list[StudyRow]:
    def look(found: Any) -> list[StudyRow]:
        return list(found.rows(found.list("all")).values())

    return session.shelf.read(look).result()


def read(session: Session, count: int) -> list[StudyRow]:
    """Wait until so many studies are there and none of them waits for a model; return them."""
    over = {AiState.DONE, AiState.NOT_EVALUATED, AiState.FAILED}

    def is_read() -> bool:
        found = rows(session)
        return len(found) == count and all(row.ai.state in over for row in found)

    wait_until(is_read, 120, "the models")
    return rows(session)


def medviewer(home: Path, *words: object, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command; `limit`: no file may become larger, bytes."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-P", "-m", "medviewer", *map(str, words)],
        env={**os.environ, "MEDVIEWER_HOME": str(home)},
        preexec_fn=limited if limit else None,
        capture_output=True,
        text=True,
        check=False,
    )


# -- a full disk


def test_on_a_full_disk_nothing_is_lost_and_work_goes_on_when_there_is_space(tmp_path, home, small_disk):
    kept = set(left_behind([os.getpid()]))  # of fixtures that other tests of this run share
    disk = small_disk(home / "data" / "library")
    films.made_films(tmp_path / "films", 3)
    told: list[str] = []
    with Session(home) as session:
        session.noticed.connect(told.append)
        session.show_page("worklist")
        session.triage.add([tmp_path / "films"]).value()
        before = read(session, 3)
        session.worklist.select(before[0].id)
        wait_until(lambda: (about := session.opinions.about()) and about.reading, 10, "the result")

        disk.fill()
        job = session.triage.add([slices(tmp_path / "ct", 1)])
        job.wait(30)
        assert (job.state, job.sentence) == (State.FAILED, FULL)
        with pytest.raises(UserError, match="full"):
            session.opinions.give(Verdict.AGREE).result()
        wait_until(lambda: f"Your opinion was not kept. {FULL}" in told, 5, "the notice")
        assert rows(session) == before
        assert session.worklist.problem == ""  # the list can be read as before
        with pytest.raises(UserError, match="no space"):
            backup(session, disk.folder).value()

        disk.free()
        session.triage.add([tmp_path / "ct"]).value()
        assert session.opinions.give(Verdict.AGREE).result()
        assert len(read(session, 4)) == 4
        backup(session, disk.folder).value()
        assert session.shelf.read(lambda found: found.verify_audit()).result().ok
    assert integrity(home) == "ok"
    assert set(left_behind([os.getpid()], home)) <= kept


@pytest.mark.slow
def test_answers_of_a_model_wait_until_the_full_disk_takes_them(tmp_path, home, small_disk):
    disk = small_disk(home / "data" / "library")
    films.made_films(tmp_path / "films", 8)
    with Session(home) as session:
        session.triage.add([tmp_path / "films"]).value()
        disk.fill()
        time.sleep(6)  # the model reads meanwhile
        assert not any(row.ai.state is AiState.DONE for row in rows(session))
        disk.free()
        assert {row.ai.state for row in read(session, 8)} == {AiState.DONE}
    assert integrity(home) == "ok"


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files are POSIX's")
def test_a_command_on_a_full_disk_ends_with_one_sentence(tmp_path, home):
    slices(tmp_path / "ct", 1)
    done = medviewer(home, "triage", tmp_path / "ct", "--out", tmp_path / "out", "--quiet")
    assert done.returncode == 0, done.stderr
    size = (home / "data" / "library" / "library.sqlite").stat().st_size
    for number in range(2, 30):
        slices(tmp_path / "more", number)
    done = medviewer(home, "triage", tmp_path / "more", "--out", tmp_path / "out", "--quiet", limit=size)
    assert done.returncode == 4, done.stderr
    assert done.stderr.strip() == f"medviewer: {FULL}"
    assert integrity(home) == "ok"
    done = medviewer(home, "triage", tmp_path / "more", "--out", tmp_path / "out", "--quiet")
    assert done.returncode == 0, done.stderr
    with library(home) as found:
        assert len(found.list("all")) == 29


def test_a_full_disk_for_the_exported_list_is_said_and_leaves_no_half_file(tmp_path, home, small_disk):
    disk = small_disk(tmp_path / "out")
    disk.fill()
    slices(tmp_path / "ct", 1)
    done = medviewer(home, "triage", tmp_path / "ct", "--out", disk.folder, "--quiet")
    assert done.returncode == 4, done.stderr
    assert "space" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert [path.name for path in disk.folder.iterdir()] == ["filler"]
    disk.free()
    assert medviewer(home, "triage", tmp_path / "ct", "--out", disk.folder, "--quiet").returncode == 0


# -- folders that vanish


def test_a_folder_that_vanishes_while_it_is_read_is_told_and_read_when_it_is_back(tmp_path, home):
    folder, away = tmp_path / "films", tmp_path / "elsewhere"
    films.made_films(folder, 30)
    with Session(home) as session:
        seen: list[int] = []
        session.triage.changed.connect(lambda ids: seen.extend(ids))
        job = session.triage.add([folder])
        wait_until(lambda: seen or job.state.final, 60, "the first studies")
        folder.rename(away)
        job.wait(60)
        assert job.state is State.DONE or "films" in job.sentence
        kept = len(rows(session))
        assert kept > 0
        wait_until(lambda: session.shelf.read(lambda found: found.waiting_work()).result() == 0, 120, "the models")
        gone = [row for row in rows(session) if row.ai.state is AiState.FAILED]
        assert all("folder films" in row.ai.reason for row in gone)
        assert len(rows(session)) == kept

        away.rename(folder)
        session.triage.add([folder]).value()
        assert {row.ai.state for row in read(session, 30)} == {AiState.DONE}
        assert not [row for row in rows(session) if row.trouble]
    assert integrity(home) == "ok"
    print(f"\nvanished after {kept} of 30 films, {len(gone)} of them before a model saw them")


def test_a_study_whose_folder_is_gone_says_so_when_it_is_opened_and_opens_when_it_is_back(tmp_path, home):
    folder, away = tmp_path / "ct", tmp_path / "elsewhere"
    slices(folder, 1)
    with Session(home) as session:
        session.triage.add([folder]).value()
        (row,) = read(session, 1)
        folder.rename(away)
        job = session.opening.open(row.id)
        job.wait(30)
        sentence = "The files of this study are no longer in the folder ct. Put them back, or drop them again."
        assert (job.state, job.sentence) == (State.FAILED, sentence)
        wait_until(lambda: rows(session)[0].trouble == sentence, 10, "the row's trouble")
        assert session.reader.view.stack is None

        away.rename(folder)
        session.opening.open(row.id).value(30)
        assert session.reader.view.stack is not None
        assert len(session.reader.view.stack) == 4
        wait_until(lambda: rows(session)[0].trouble == "", 10, "the trouble to be over")


def test_a_study_of_which_some_files_are_gone_opens_with_what_is_left_and_says_so(tmp_path, home):
    slices(tmp_path / "ct", 1)
    told: list[str] = []
    with Session(home) as session:
        session.noticed.connect(told.append)
        session.triage.add([tmp_path / "ct"]).value()
        (row,) = read(session, 1)
        next((tmp_path / "ct").iterdir()).unlink()
        session.opening.open(row.id).value(30)
        assert session.reader.view.stack is not None
        assert len(session.reader.view.stack) == 3
        wait_until(lambda: "1 of 4 files of this study are no longer in the folder ct." in told, 5, "the notice")


def test_a_watched_folder_that_vanishes_is_told_and_watched_again_when_it_is_back(tmp_path, home):
    folder, away = tmp_path / "incoming", tmp_path / "elsewhere"
    slices(folder, 1)
    with Session(home) as session:
        session.triage.watch(folder)
        wait_until(lambda: len(rows(session)) == 1, 30, "the first study")
        folder.rename(away)
        wait_until(lambda: session.triage.watch_problem, 10, "the sentence")
        assert session.triage.watch_problem == (
            "The watched folder incoming cannot be read. Its files come in when it is back."
        )
        slices(away, 2)
        away.rename(folder)
        read(session, 2)
        assert session.triage.watch_problem == ""
        assert not any(row.trouble for row in rows(session))
