"""Studies come to the worklist, are read by the models that fit, and nothing of it is lost, whatever happens."""

import os
import shutil
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medviewer.app.readings import unpack_scores
from medviewer.app.session import Session
from medviewer.app.triage import Added
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State
from medviewer.dicom.grouping import group
from medviewer.library.records import AiState, StudyRow, Urgency, WorkRecord
from tests import build

LONG = 40.0
DONE, NOT_EVALUATED, FAILED, WAITING = AiState.DONE, AiState.NOT_EVALUATED, AiState.FAILED, AiState.WAITING


def film(path: Path, square: int = 0, seed: int = 0) -> Path:
    """A picture of noise; a bright square of this many pixels raises its score."""
    values = np.random.default_rng(seed).normal(30, 5, (96, 96))
    values[20 : 20 + square, 20 : 20 + square] = 250
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Six films; the third and the fifth are bright."""
    for number in range(6):
        film(tmp_path / "films" / f"film-{number}.png", 60 if number in (2, 4) else 0, seed=number)
    return tmp_path / "films"


def rows_of(session: Session) -> list[StudyRow]:
    """Every study in the library, in order of arrival."""
    return list(session.shelf.read(lambda library: library.rows(sorted(library.list("all")))).result(LONG).values())


def until(true: Callable[[], bool], what: str = "") -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def read(session: Session) -> list[StudyRow]:
    """Wait until no model has anything to do and return the rows."""

    def ready() -> bool:
        return not any(row.ai.state in (WAITING, AiState.READING) for row in rows_of(session))

    until(ready, "the models did not come to an end")
    return rows_of(session)


def add(session: Session, *paths: Path, **more) -> list[StudyRow]:
    added: Added = session.triage.add(paths, **more).value(LONG)
    assert added.studies
    return read(session)


# -- what is read


def test_each_film_is_a_study_and_says_that_nobody_confirmed_it(session: Session, films: Path) -> None:
    rows = add(session, films)
    assert [row.label for row in rows] == [f"film-{n}.png" for n in range(6)]
    assert {row.ai.state for row in rows} == {DONE}
    assert [row.ai.positive for row in rows] == [False, False, True, False, True, False]
    assert all(row.listed and row.film for row in rows)
    assert {row.ai.reason for row in rows} == {"The film has no header: nobody confirmed that it is a plain film."}
    readings = session.shelf.read(lambda library: library.readings(rows[2].id)).result(LONG)
    assert [(r.model, r.done, r.total, r.confirmed) for r in readings] == [("bright-film", 1, 1, False)]
    assert [(f.at, f.label) for f in readings[0].findings] == [(None, "square")]


def test_films_are_left_alone_where_the_setting_says_so_until_a_reader_vouches(session: Session, films: Path) -> None:
    session.settings.set("triage.films", False)
    rows = add(session, films)
    assert {row.ai.state for row in rows} == {NOT_EVALUATED}
    assert all("Confirm that it is CR or DX" in row.ai.reason for row in rows)
    session.triage.read_again([rows[2].id], confirmed=True).result(LONG)
    row = read(session)[2]
    assert (row.ai.state, row.ai.positive, row.ai.reason) == (DONE, True, "")
    assert session.shelf.read(lambda library: library.readings(row.id)).result(LONG)[0].confirmed


def test_a_ct_is_read_slice_by_slice_and_its_curve_is_found_again(session: Session, chest: Path) -> None:
    (row,) = add(session, chest)
    assert (row.ai.state, row.ai.done, row.ai.total, row.ai.model) == (DONE, 9, 9, "bright-slices")
    (reading,) = session.shelf.read(lambda library: library.readings(row.id)).result(LONG)
    assert reading.index == 3
    assert reading.sop_uid == build.uid("chest", 3)
    assert [f.index for f in reading.findings if f.score > 0.5] == [3, 4, 6]
    assert all(f.at is not None and f.lps is not None for f in reading.findings)
    headers = []
    session.pool.scan([chest], Job("scan"), lambda found, _: headers.extend(found))
    (stack,) = group(headers)[0].stacks
    scores = unpack_scores(stack, reading.slices)
    assert list(scores) == list(range(9))
    assert scores[3].scores["square"] == pytest.approx(reading.score)
    assert unpack_scores(stack, tuple({**one, "digest": "other"} for one in reading.slices)) == {}


def test_what_no_model_reads_says_why(session: Session, tmp_path: Path) -> None:
    build.save(build.mr(StudyInstanceUID=build.uid("mr"), BodyPartExamined="KNEE"), tmp_path / "mr.dcm")
    small = np.zeros((32, 32), np.int16)
    build.save(build.ct(small, StudyInstanceUID=build.uid("small")), tmp_path / "small.dcm")
    silent = build.cr(np.zeros((64, 64), np.uint16), Modality=None, StudyInstanceUID=build.uid("silent"))
    build.save(silent, tmp_path / "silent.dcm")
    reasons = {row.uid: (row.ai.state, row.ai.reason) for row in add(session, tmp_path)}
    assert reasons[build.uid("mr")] == (NOT_EVALUATED, "Not evaluated. No model here reads MR of the knee.")
    state, reason = reasons[build.uid("small")]
    assert state is NOT_EVALUATED
    assert reason.startswith("Not evaluated. This is 32x32 pixels, smaller than the model can read")
    state, reason = reasons[build.uid("silent")]
    assert state is NOT_EVALUATED
    assert reason.startswith("Cannot tell whether the model fits. The header does not say the modality.")


def test_urgency_is_taken_from_the_order(session: Session, tmp_path: Path) -> None:
    build.save(build.mr(StudyInstanceUID=build.uid(1), RequestedProcedurePriority="STAT"), tmp_path / "a.dcm")
    build.save(build.mr(StudyInstanceUID=build.uid(2), RequestedProcedurePriority="HIGH"), tmp_path / "b.dcm")
    build.save(build.mr(StudyInstanceUID=build.uid(3), RequestedProcedurePriority="LOW"), tmp_path / "c.dcm")
    found = {row.uid: row.urgency for row in add(session, tmp_path)}
    assert [found[build.uid(n)] for n in (1, 2, 3)] == list(Urgency)


# -- what is broken


def test_a_damaged_slice_is_not_evaluated_and_the_others_are(session: Session, chest: Path) -> None:
    for path in sorted(chest.iterdir())[:2]:
        path.write_bytes(path.read_bytes()[:-4000])
    (row,) = add(session, chest)
    assert (row.ai.state, row.ai.done, row.ai.total) == (DONE, 9, 9)
    (reading,) = session.shelf.read(lambda library: library.readings(row.id)).result(LONG)
    assert sum(not one.get("evaluated", True) for one in reading.slices) == 2
    assert all("cut short" in one["reason"] for one in reading.slices if not one.get("evaluated", True))


def test_a_damaged_film_fails_with_a_sentence_and_a_broken_file_is_listed(session: Session, films: Path) -> None:
    whole = film(films / "film-9.jpeg").read_bytes()
    (films / "film-9.jpeg").write_bytes(whole[: len(whole) // 2])
    (films / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + os.urandom(4000))
    (films / "note.txt").write_text("hello")
    rows = {row.label: row for row in add(session, films)}
    damaged = rows.pop("film-9.jpeg").ai
    assert (damaged.state, damaged.score) == (FAILED, None)
    assert "film-9.jpeg" in damaged.reason
    assert [row.ai.state for row in rows.values()] == [DONE] * 6
    assert {s.path: s.code for s in session.triage.skipped} == {"broken.dcm": "unreadable", "note.txt": "not_dicom"}


def test_a_drop_without_any_image_fails_with_a_sentence(session: Session, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    with pytest.raises(UserError, match=r"note\.txt is not a DICOM image"):
        session.triage.add([tmp_path]).value(LONG)
    assert session.triage.add([tmp_path], may_be_empty=True).value(LONG).studies == frozenset()


def test_the_same_files_again_are_neither_kept_nor_read_twice(session: Session, films: Path) -> None:
    before = add(session, films)
    ids = [session.shelf.read(lambda library, i=row.id: library.readings(i)).result(LONG)[0].id for row in before]
    shutil.copy(films / "film-0.png", films / "copy.png")
    after = add(session, films)
    assert [row.id for row in after] == [row.id for row in before]
    assert [
        session.shelf.read(lambda library, i=row.id: library.readings(i)).result(LONG)[0].id for row in after
    ] == ids


def test_files_that_are_gone_are_told_and_read_when_they_are_back(session: Session, films: Path) -> None:
    rows = add(session, films)
    away = films.with_name("away")
    films.rename(away)
    session.shelf.write(lambda library: library.ai_state([rows[0].id], AiState.NONE)).result(LONG)
    session.triage.read_again([rows[0].id, rows[1].id]).result(LONG)
    gone = read(session)[1]
    sentence = "The files are no longer where they were (folder films). Study kept; put them back and read again."
    assert gone.trouble == sentence
    away.rename(films)
    session.triage.read_again([rows[0].id, rows[1].id]).result(LONG)
    back = read(session)
    assert [row.trouble for row in back] == [""] * 6
    assert [row.ai.state for row in back] == [DONE] * 6


def test_a_part_of_a_study_that_is_gone_is_told_beside_the_score(session: Session, chest: Path) -> None:
    (row,) = add(session, chest)
    sorted(chest.iterdir())[0].unlink()
    session.triage.read_again([row.id]).result(LONG)
    until(lambda: bool(read(session)[0].trouble))
    (row,) = read(session)
    assert row.trouble == "1 of 9 files are no longer where they were, or have changed (folder chest)."
    assert row.ai.reason == row.trouble
    assert (row.ai.done, row.ai.total) == (8, 8)


# -- archives


def test_a_member_of_an_archive_is_kept_under_its_archive(session: Session, films: Path, tmp_path: Path) -> None:
    zips = []
    for folder, number in (("one", 0), ("two", 2)):
        (tmp_path / folder).mkdir()
        zips.append(tmp_path / folder / "films.zip")
        with zipfile.ZipFile(zips[-1], "w") as archive:
            archive.write(films / "film-5.png", "first.png")
            archive.write(films / f"film-{number}.png", "deep/film.png")
    rows = add(session, *zips)
    sources = {
        image.label: image.source
        for row in rows
        for image in session.shelf.read(lambda library, i=row.id: library.sources(i)).result(LONG)
        if image.digest == row.uid.removeprefix("film:") and "deep" in image.label
    }
    assert len(rows) == 3
    assert set(sources) == {"films.zip/deep/film.png"}
    deep = [row for row in rows if "deep" in row.label]
    found = [session.shelf.read(lambda library, i=row.id: library.sources(i)).result(LONG)[0].source for row in deep]
    assert sorted(found) == sorted(map(str, zips))
    for row in deep:  # and they are found again there
        session.triage.read_again([row.id]).result(LONG)
    assert {row.ai.state for row in read(session)} == {DONE}
    assert [row.trouble for row in read(session)] == [""] * 3


def test_an_archive_below_a_folder_is_traced_too(session: Session, films: Path, tmp_path: Path) -> None:
    (tmp_path / "drop" / "deep").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "drop" / "deep" / "study.zip", "w") as archive:
        archive.write(films / "film-2.png", "a/film.png")
    (row,) = add(session, tmp_path / "drop")
    (image,) = session.shelf.read(lambda library: library.sources(row.id)).result(LONG)
    assert image.source == str(tmp_path / "drop" / "deep" / "study.zip")
    assert image.label == "deep/study.zip/a/film.png"


# -- processes die, programs end


def test_a_killed_model_process_costs_no_study_its_reading(session: Session, tmp_path: Path) -> None:
    for number in range(40):
        film(tmp_path / "many" / f"{number:02}.png", 60 * (number % 2), seed=number)
    killed: list[int] = []

    def kill(_: object) -> None:
        if not killed and session.engine.pid:
            killed.append(session.engine.pid)
            os.kill(session.engine.pid, signal.SIGKILL)

    session.jobs.changed.connect(lambda job: kill(job) if job.kind == "triage-read" and job.done > 4 else None)
    rows = add(session, tmp_path / "many")
    assert killed
    assert [row.ai.state for row in rows] == [DONE] * 40
    assert [row.ai.positive for row in rows] == [bool(n % 2) for n in range(40)]


class Poisoned:
    """A model process that dies of one film; it answers the others as the real one does."""

    def __init__(self, real, poison: str) -> None:
        self._real, self._poison = real, poison
        self.deaths = 0

    def __getattr__(self, name: str):
        return getattr(self._real, name)

    def predict(self, model, frames, job, on_scores, batch=8, patch=False, background=False) -> None:
        def pictures():
            for picture in frames():
                if picture is not None and int(picture[1].values.max()) == 201:
                    self.deaths += 1
                    raise UserError("engine_stopped", "The model process stopped on image 1. Try again.")
                yield picture

        self._real.predict(model, pictures, job, on_scores, batch, patch, background)


def test_a_film_that_kills_its_model_twice_fails_alone(session: Session, films: Path) -> None:
    values = np.full((96, 96), 30, np.uint8)
    values[0, 0] = 201
    Image.fromarray(values).save(films / "film-1.png")
    session.engine = Poisoned(session.engine, "film-1.png")
    rows = {row.label: row.ai for row in add(session, films)}
    assert session.engine.deaths == 2
    assert rows["film-1.png"].state is FAILED
    assert rows["film-1.png"].reason == "The model process stopped on image 1. Try again."
    assert [ai.state for name, ai in rows.items() if name != "film-1.png"] == [DONE] * 5


def test_work_of_a_program_that_was_killed_is_done_by_the_next_one(session: Session, films: Path) -> None:
    add(session, films)
    rows = rows_of(session)
    host = os.uname().nodename

    def claimed(library) -> None:
        library.add_work([WorkRecord(row.id, "again") for row in rows])
        assert len(library.take_work(f"{host}:99999999:1-1", 3)) == 3
        assert len(library.take_work("elsewhere:1:1-1", 1)) == 1

    session.shelf.write(claimed).result(LONG)
    session.triage.reader._dead_at = 0.0  # as after a start
    session.triage.resume()
    until(lambda: session.shelf.read(lambda library: library.waiting_work()).result(LONG) == 1)
    states = [row.ai.state for row in rows_of(session)]
    assert states.count(WAITING) == 1  # nobody here can know that the other computer does not go on
    assert states.count(DONE) == 5


@pytest.fixture
def slow_engine(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let decoding take its time, so that a test comes in between."""
    frame = session.pool.frame

    def slowly(ref, urgent: bool = False):
        time.sleep(0.1)
        return frame(ref, urgent)

    monkeypatch.setattr(session.pool, "frame", slowly, raising=False)


def test_a_reading_that_is_stopped_in_the_jobs_bar_waits_and_goes_on(
    session: Session, films: Path, slow_engine: None
) -> None:
    session.triage.add([films]).value(LONG)
    until(lambda: any(job.kind == "triage-read" for job in session.jobs.active))
    (job,) = [job for job in session.jobs.active if job.kind == "triage-read"]
    job.cancel()
    until(lambda: session.triage.reader.paused and job.state.final)
    until(lambda: not any(row.ai.state is AiState.READING for row in rows_of(session)))
    left = [row for row in rows_of(session) if row.ai.state is WAITING]
    assert left
    assert job.state is State.CANCELLED
    session.triage.resume()
    assert [row.ai.state for row in read(session)] == [DONE] * 6


def test_what_was_not_read_before_the_end_is_read_after_the_next_start(
    session: Session, films: Path, slow_engine: None
) -> None:
    session.triage.add([films]).value(LONG)
    until(lambda: any(job.kind == "triage-read" for job in session.jobs.active))
    session.close()
    with Session(session.home.root) as again:
        assert WAITING in {row.ai.state for row in rows_of(again)}
        again.triage.resume()
        assert [row.ai.state for row in read(again)] == [DONE] * 6


def test_answers_wait_here_while_the_library_takes_none(
    session: Session, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medviewer.library.library import Library

    full, tries = [True], list[int]()
    keep = Library.keep_readings

    def refuse(self, given, **more):
        if full[0]:
            tries.append(len(given))
            raise UserError("no_space", "The disk is full; free some space and try again.")
        return keep(self, given, **more)

    monkeypatch.setattr(Library, "keep_readings", refuse)
    session.triage.add([films]).value(LONG)
    until(lambda: sum(tries) >= 6 and len(tries) > 1)
    assert {row.ai.state for row in rows_of(session)} == {WAITING}
    full[0] = False
    rows = read(session)
    assert [row.ai.state for row in rows] == [DONE] * 6


def test_two_programs_on_one_library_read_every_study_once(session: Session, tmp_path: Path, warm: None) -> None:
    for number in range(24):
        film(tmp_path / "many" / f"{number:02}.png", 60 * (number % 2), seed=number)
    with Session(session.home.root) as other:
        other.triage.resume()
        rows = add(session, tmp_path / "many")
    assert [row.ai.state for row in rows] == [DONE] * 24
    analysed = session.shelf.read(lambda library: library.audit_entries(most=10000)).result(LONG)
    assert sum(entry.what == "analysis" for entry in analysed) == 24


def test_positive_films_come_earlier_than_they_arrived(session: Session, tmp_path: Path) -> None:
    from medviewer.app.ranking import Limits, rank

    truth = np.random.default_rng(3).random(60) < 0.3
    for number, positive in enumerate(truth):
        film(tmp_path / "many" / f"{number:03}.png", 60 if positive else 0, seed=number)
    rows = add(session, tmp_path / "many")
    keys = session.shelf.read(lambda library: library.order_keys()).result(LONG)
    order = [study_id for study_id, _ in rank(keys, max(row.received for row in rows), Limits())]
    positives = [row.id for number, row in enumerate(rows) if truth[number]]
    places = [order.index(i) for i in positives]
    arrival = [number for number in range(60) if truth[number]]
    assert np.median(places) <= 0.6 * np.median(arrival)
