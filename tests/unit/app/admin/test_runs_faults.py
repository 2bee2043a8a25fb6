"""Training processes that misbehave, torn files, programs that died: a sentence each, and nothing else breaks."""

import json
import socket
import sys
from pathlib import Path

import psutil
import pytest

from medviewer.app.admin import run_process
from medviewer.app.admin.records import Plan, Run, RunState
from medviewer.app.admin.run_story import Story
from medviewer.app.session import Session
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from tests.unit.app.admin import small
from tests.unit.app.admin.test_runs import FAKE, audited, over, squares, training, wait

__all__ = ["squares", "training"]


@pytest.mark.parametrize(
    ("how", "word", "state"),
    [
        ("stray", "no line of a training", RunState.FAILED),
        ("endless", "no line of a training", RunState.FAILED),
        ("mute", "ended before it was finished", RunState.INTERRUPTED),
        ("defect", "not enough memory", RunState.FAILED),
    ],
)
def test_a_process_that_goes_wrong_is_a_sentence_and_the_run_can_go_on(
    session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch, how: str, word: str, state: RunState
) -> None:
    monkeypatch.setenv("FAKE_TRAINING", how)
    runs = session.admin.runs
    run = over(session, runs.start(small.plan(squares)).id)
    assert run.state is state
    assert word in run.sentence
    assert run.can_go_on
    assert not [p for p in psutil.Process().children(recursive=True) if FAKE.name in " ".join(p.cmdline())]
    monkeypatch.setenv("FAKE_TRAINING", "")
    runs.go_on(run.id)
    assert over(session, run.id).state is RunState.DONE
    assert next(what for what, _ in audited(session)) == "training.started"


def test_a_process_that_does_not_end_when_asked_is_killed(
    session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_TRAINING", "deaf")
    monkeypatch.setattr(run_process, "GRACE_S", 0.3)
    id_ = session.admin.runs.start(small.plan(squares, epochs=900)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    session.admin.runs.cancel(id_)
    assert over(session, id_).state is RunState.STOPPED


def test_a_process_that_cannot_be_started_is_a_sentence(
    session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_process, "command", lambda *_: ["/nowhere/python"])
    run = over(session, session.admin.runs.start(small.plan(squares)).id)
    assert run.state is RunState.FAILED
    assert "could not be started" in run.sentence


def test_stop_before_the_first_epoch_leaves_no_model(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    id_ = runs.start(small.plan(squares)).id
    runs.pause(id_)
    wait(session, id_, lambda run: run.state is RunState.PAUSED)
    runs.stop(id_)
    run = over(session, id_)
    assert (run.state, run.model) == (RunState.STOPPED, None)
    assert run.can_go_on


def finished(session: Session, data: DataSet) -> Run:
    return over(session, session.admin.runs.start(small.plan(data)).id)


def test_a_torn_last_line_and_lines_that_are_none_are_passed_over(
    session: Session, squares: DataSet, home: Path
) -> None:
    run = finished(session, squares)
    path = session.admin.runs.folder(run.id) / "events.jsonl"
    session.close()
    with path.open("ab") as file:
        file.write(b'[1, 2]\nnot json\n{"event": "epoch", "epoch": "one"}\n{"event": "epoch", "epo')
    with Session(home) as later:
        assert later.admin.runs.get(run.id) == run


def test_a_line_after_a_torn_one_is_a_line_of_its_own(session: Session, squares: DataSet, home: Path) -> None:
    runs = session.admin.runs
    id_ = runs.start(small.plan(squares, epochs=30)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    path = runs.folder(id_) / "events.jsonl"
    session.close()
    with path.open("ab") as file:
        file.write(b'{"event": "epoch", "epo')
    with Session(home) as later:
        later.admin.runs.go_on(id_)
        run = over(later, id_)
        assert run.state is RunState.DONE
        assert [epoch.number for epoch in run.epochs] == list(range(1, 31))


def test_a_run_without_a_description_that_can_be_read_is_left_out(
    session: Session, squares: DataSet, home: Path
) -> None:
    good, bad = finished(session, squares), finished(session, squares)
    (session.admin.runs.folder(bad.id) / "run.json").write_text('{"plan": []}')
    session.close()
    with Session(home) as later:
        assert [run.id for run in later.admin.runs.all(wait=True)] == [good.id]
        with pytest.raises(UserError, match="cannot be read"):
            later.admin.runs.get(bad.id)


@pytest.mark.parametrize("id_", ["", ".", "..", "../datasets", ".lock", "run-9999", "/etc"])
def test_ids_that_are_no_run_are_refused(session: Session, id_: str) -> None:
    with pytest.raises(UserError, match="no such training run"):
        session.admin.runs.get(id_)


def killed(session: Session, data: DataSet) -> str:
    """Make what a killed program leaves: a run that nobody drives and that never said how it ended."""
    id_ = session.admin.runs.start(small.plan(data, epochs=40)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    folder = session.admin.runs.folder(id_)
    session.close()
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join(line for line in lines if b'"ended"' not in line))
    (folder / "owner").write_text(f"{socket.gethostname()}:{2**22 + 1}:12345-1")
    (folder / "audited").write_text("training.started")
    return id_


def test_the_next_program_shows_a_killed_run_and_the_audit_gets_its_end_late(
    session: Session, squares: DataSet, home: Path
) -> None:
    id_ = killed(session, squares)
    with Session(home) as later:
        run = later.admin.runs.get(id_)
        assert run.state is RunState.INTERRUPTED
        assert run.can_go_on
        wait(later, id_, lambda _: not (later.admin.runs.folder(id_) / "owner").exists())
        what, details = audited(later)[-1]
        assert what == "training.stopped"
        assert details["entered_late"] is True
        later.admin.runs.go_on(id_)
        assert over(later, id_).state is RunState.DONE


def test_a_model_whose_last_word_was_lost_is_a_finished_run(session: Session, squares: DataSet, home: Path) -> None:
    run = finished(session, squares)
    path = session.admin.runs.folder(run.id) / "events.jsonl"
    session.close()
    path.write_bytes(path.read_bytes().rpartition(b'{"at"')[0])
    with Session(home) as later:
        assert later.admin.runs.get(run.id).state is RunState.DONE


def test_a_disk_that_takes_no_more_lines_ends_the_training_with_a_sentence(
    session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = session.admin.runs
    id_ = runs.start(small.plan(squares, epochs=60)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    events = runs.folder(id_) / "events.jsonl"
    events.rename(events.with_name("aside"))
    events.mkdir()  # whatever is written there fails
    run = over(session, id_)
    assert run.state is RunState.FAILED
    assert run.sentence
    events.rmdir()
    events.with_name("aside").rename(events)
    runs.go_on(id_)
    assert over(session, id_).state is RunState.DONE


def test_two_programs_train_one_after_the_other(session: Session, squares: DataSet, home: Path) -> None:
    first = session.admin.runs.start(small.plan(squares, epochs=400)).id
    wait(session, first, lambda run: len(run.epochs) >= 1)
    with Session(home) as other:
        second = other.admin.runs.start(small.plan(squares)).id
        assert other.admin.runs.get(first).state is RunState.RUNNING
        session.admin.runs.stop(first)
        over(session, first)
        assert over(other, second).state is RunState.DONE
        assert "began" not in str(session.admin.runs.said(second)[0][0])


PLAN = Plan("", "set", small.plan("set").start, epochs=4)


def told(*lines: dict[str, object]) -> Run:
    story = Story(PLAN)
    for at, line in enumerate(lines):
        story.add({"at": 1000.0 + at, **line})
    return story.run(id_="run-0001", number=1, live=True)


def test_going_on_after_an_older_checkpoint_takes_the_later_epochs_back() -> None:
    epochs = [{"event": "epoch", "epoch": n, "loss": 1 / n, "best": n, "seconds": 2.0} for n in (1, 2, 3)]
    run = told({"event": "began"}, *epochs, {"event": "began"}, {"event": "resumed", "epoch": 2, "step": 0})
    assert [epoch.number for epoch in run.epochs] == [1, 2]
    assert run.epoch == 2


def test_time_left_comes_from_measured_epochs_and_steps() -> None:
    began = {"event": "began"}
    epoch = {"event": "epoch", "epoch": 1, "loss": 1.0, "seconds": 10.0}
    assert told(began).seconds_left is None
    steps = Story(PLAN)
    for line in ({**began, "at": 100.0}, {"event": "data", "at": 100.0}):
        steps.add(line)
    steps.add({"event": "steps", "epoch": 1, "step": 5, "of": 10, "at": 104.0})
    assert steps.seconds_left(now=104.0) == pytest.approx(8.0 * 3.5)
    steps.add({**epoch, "at": 110.0})
    assert steps.seconds_left(now=110.0) == pytest.approx(30.0)
    assert steps.seconds_left(now=115.0) == pytest.approx(25.0)


@pytest.mark.parametrize(
    "line",
    [
        {"event": "epoch", "epoch": 10**9},
        {"event": "epoch", "epoch": True, "loss": "x"},
        {"event": "steps", "epoch": -1, "step": [], "of": None},
        {"event": "data", "parts": [1], "device": 7},
        {"event": "base", "select_auc": float("nan")},
        {"event": "notice", "sentence": "x" * 100_000},
        {"event": None},
        {},
    ],
)
def test_values_that_make_no_sense_change_nothing_that_matters(line: dict[str, object]) -> None:
    run = told({"event": "began"}, line)
    assert run.state is RunState.RUNNING
    assert run.epochs == ()
    assert len(run.sentence) <= 500
    json.dumps(run.base_auc)
    assert sys.getsizeof(run.device) < 1000
