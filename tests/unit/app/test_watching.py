"""A watched folder: half-written, renamed, replaced, vanished files; each content is handed on once, and whole."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medviewer.app.triage import Added
from medviewer.app.watching import PATIENCE_S, STABLE_S, Watching
from medviewer.core.jobs import Job, State


class Hands:
    """Takes rounds of files, as `Triage.add` would."""

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []
        self.whole: list[bool] = []
        self.unfinished: set[str] = set()
        self.running = False
        self.fails = False
        self.job = Job("x")

    def __call__(self, paths: list[Path], *, root, settle, whole, may_be_empty) -> Job:
        self.rounds.append([path.name for path in paths])
        self.whole.append(whole)
        self.job = Job("x")
        if not self.running:
            self.end([str(p) for p in paths if p.name in self.unfinished and whole])
        return self.job

    def end(self, unfinished: list[str]) -> None:
        state = State.FAILED if self.fails else State.DONE
        self.job.finish(state, result=None if self.fails else Added(unfinished=tuple(unfinished)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watched").mkdir()
    return tmp_path / "watched"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def watching(folder: Path, hands: Hands) -> Watching:
    return Watching(folder, hands)


def film(path: Path) -> bytes:
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64)).astype(np.uint8)).save(path)
    return path.read_bytes()


def test_a_file_is_handed_on_once_it_has_not_changed_for_two_seconds(folder, hands, watching) -> None:
    (folder / "a.dcm").write_bytes(b"one")
    watching.look(0.0)
    watching.look(1.0)
    (folder / "a.dcm").write_bytes(b"one and more")
    watching.look(2.5)
    watching.look(4.4)
    assert hands.rounds == []
    watching.look(2.5 + STABLE_S)
    watching.look(60.0)
    assert hands.rounds == [["a.dcm"]]


def test_files_deep_below_come_in_one_round_and_links_are_not_followed(folder, hands, watching, tmp_path) -> None:
    (folder / "deep" / "deeper").mkdir(parents=True)
    for name in ("b.dcm", "deep/a.dcm", "deep/deeper/c.dcm"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "outside.dcm").write_bytes(b"x")
    (folder / "link.dcm").symlink_to(tmp_path / "outside.dcm")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    watching.look(0.0)
    watching.look(3.0)
    assert hands.rounds == [["b.dcm", "a.dcm", "c.dcm"]]


def test_a_film_without_its_end_waits_for_it_however_long_the_writer_pauses(folder, hands, watching) -> None:
    whole = film(folder / "film.png")
    (folder / "film.png").write_bytes(whole[: len(whole) // 2])
    for now in (0.0, 3.0, 10.0, 20.0):
        watching.look(now)
    assert hands.rounds == []
    (folder / "film.png").write_bytes(whole)
    watching.look(21.0)
    watching.look(23.0)
    watching.look(24.0)
    assert hands.rounds == [["film.png"]]


def test_a_film_that_never_gets_its_end_comes_in_as_it_is(folder, hands, watching) -> None:
    whole = film(folder / "film.jpeg")
    (folder / "film.jpeg").write_bytes(whole[: len(whole) // 2])
    watching.look(0.0)
    watching.look(PATIENCE_S - 1)
    assert hands.rounds == []
    watching.look(PATIENCE_S)
    assert (hands.rounds, hands.whole) == ([["film.jpeg"]], [False])


def test_a_dicom_file_that_is_cut_short_is_tried_again_when_it_grows_or_after_a_while(folder, hands, watching) -> None:
    (folder / "a.dcm").write_bytes(b"half")
    hands.unfinished = {"a.dcm"}
    for now in (0.0, 2.0, 3.0, 4.0):
        watching.look(now)
    assert (hands.rounds, hands.whole) == ([["a.dcm"]], [True])
    watching.look(PATIENCE_S)
    watching.look(PATIENCE_S + 1)
    assert hands.whole == [True, False]
    (folder / "a.dcm").write_bytes(b"half and the other half")
    hands.unfinished = set()
    for now in (50.0, 52.0, 53.0):
        watching.look(now)
    assert (len(hands.rounds), hands.whole[2]) == (3, True)


def test_a_renamed_file_and_one_with_other_content_come_again(folder, hands, watching) -> None:
    (folder / "a.dcm").write_bytes(b"one")
    watching.look(0.0)
    watching.look(2.0)
    (folder / "a.dcm").rename(folder / "b.dcm")
    (folder / "c.dcm").write_bytes(b"new")
    watching.look(3.0)
    watching.look(5.0)
    (folder / "c.dcm").write_bytes(b"other")
    watching.look(6.0)
    watching.look(8.0)
    assert hands.rounds == [["a.dcm"], ["b.dcm", "c.dcm"], ["c.dcm"]]


def test_a_file_that_vanished_and_is_back_comes_again(folder, hands, watching) -> None:
    (folder / "a.dcm").write_bytes(b"one")
    for now in (0.0, 2.0):
        watching.look(now)
    (folder / "a.dcm").rename(folder.parent / "away.dcm")
    watching.look(3.0)
    (folder.parent / "away.dcm").rename(folder / "a.dcm")
    for now in (4.0, 6.0, 7.0):
        watching.look(now)
    assert hands.rounds == [["a.dcm"], ["a.dcm"]]


def test_a_folder_that_is_gone_is_told_once_and_goes_on_when_it_is_back(folder, hands) -> None:
    told: list[str] = []
    watching = Watching(folder, hands, told.append)
    folder.rename(folder.with_name("away"))
    watching.look(0.0)
    watching.look(1.0)
    assert told == ["The watched folder watched cannot be read. Its files come in when it is back."]
    folder.with_name("away").rename(folder)
    (folder / "a.dcm").write_bytes(b"one")
    watching.look(2.0)
    watching.look(4.0)
    assert told[1:] == [""]
    assert hands.rounds == [["a.dcm"]]


def test_files_wait_while_a_round_is_being_read_and_come_again_when_nobody_took_them(folder, hands, watching) -> None:
    hands.running = True
    (folder / "a.dcm").write_bytes(b"one")
    watching.look(0.0)
    watching.look(2.0)
    (folder / "b.dcm").write_bytes(b"two")
    watching.look(3.0)
    watching.look(6.0)
    assert hands.rounds == [["a.dcm"]]
    hands.fails = True
    hands.end([])
    watching.look(7.0)
    assert hands.rounds == [["a.dcm"], ["b.dcm"]]
    hands.fails = False
    hands.end([])
    watching.look(9.0)
    assert hands.rounds[2] == ["a.dcm"]


def test_a_real_folder_is_watched_until_it_is_not(session, folder) -> None:
    import time

    session.triage.watch(folder)
    film(folder / "film.png")
    end = time.monotonic() + 30
    while not session.shelf.read(lambda library: library.list("all")).result(10):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert session.triage.watched == folder
    session.triage.unwatch()
    assert session.triage.watched is None
