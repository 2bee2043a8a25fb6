"""Training runs as the panel drives them: queued, live, paused, stopped, gone on with, told again after a restart.

The process is one that speaks as ours does but needs no torch; tests/journeys/test_training_faults.py has the real one.
"""

import dataclasses
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from medviewer.app.admin import run_process
from medviewer.app.admin.records import Run, RunState, Start
from medviewer.app.session import Session
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.core.jobs import State
from medviewer.inference.folder import load, verify
from tests.unit.app.admin import small

LIVE = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)


FAKE = Path(__file__).with_name("fake_training.py")


@pytest.fixture(autouse=True)
def training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_process, "command", lambda _, *words: [sys.executable, "-S", "-E", str(FAKE), *words])


@pytest.fixture
def squares(home: Path) -> DataSet:
    return small.dataset(home / "data" / "datasets")


def wait(session: Session, id_: str, true: Callable[[Run], bool], seconds: float = 90.0) -> Run:
    """Wait for events of a run until something is true of it."""
    news = threading.Event()
    disconnect = session.admin.runs.changed.connect(lambda _: news.set())
    end = time.monotonic() + seconds
    try:
        while not true(run := session.admin.runs.get(id_)):
            assert time.monotonic() < end, run
            news.wait(1.0)
            news.clear()
        return run
    finally:
        disconnect()


def over(session: Session, id_: str) -> Run:
    return wait(session, id_, lambda run: run.state not in LIVE)


def audited(session: Session) -> list[tuple[str, dict[str, object]]]:
    entries = session.shelf.read(lambda library: library.audit_entries()).result()
    return [(e.what, e.details) for e in entries if e.what.startswith("training.")]


def test_a_fine_tuning_makes_a_candidate_and_tells_of_every_epoch(session: Session, squares: DataSet) -> None:
    started = session.admin.runs.start(small.plan(squares))
    assert started.number == 1
    assert started.state in LIVE
    run = over(session, started.id)
    assert (run.state, run.sentence) == (RunState.DONE, "")
    assert [epoch.number for epoch in run.epochs] == [1, 2, 3]
    assert all(0 <= (epoch.select_auc or -1) <= 1 and epoch.seconds > 0 for epoch in run.epochs)
    assert run.base_auc is not None
    assert run.base_loss is not None
    assert run.best == 3
    assert run.device == "cpu"
    assert run.model is not None
    made = load(run.model)
    assert verify(made) == ()
    job = next(job for job in session.jobs.all if job.kind == "training")
    assert job.value(10) == run
    assert (job.done, job.total) == (3, 3)


def test_the_audit_names_data_start_and_candidate(session: Session, squares: DataSet) -> None:
    run = over(session, session.admin.runs.start(small.plan(squares, epochs=1)).id)
    (first, began), (second, ended) = audited(session)
    assert (first, second) == ("training.started", "training.finished")
    assert began["dataset_sha256"] == squares.facts.sha256
    assert began["start"]["name"] == "bright-film"  # type: ignore[index]
    assert run.model is not None
    assert ended["sha256"] == load(run.model).sha256
    assert "Squares of this site" not in json.dumps([began, ended])  # a person's own words stay out


def test_a_run_is_told_the_same_by_the_next_program(session: Session, squares: DataSet, home: Path) -> None:
    run = over(session, session.admin.runs.start(small.plan(squares)).id)
    session.close()
    with Session(home) as later:
        assert later.admin.runs.get(run.id) == run
        assert later.admin.runs.all(wait=True) == (run,)


def test_one_training_at_a_time_the_others_wait_in_order(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    begun: list[str] = []

    def note(id_: str) -> None:
        run = runs.get(id_)
        if run.state is RunState.RUNNING and id_ not in begun:
            begun.append(id_)
            assert [r.id for r in runs.all() if r.state is RunState.RUNNING] == [id_]

    runs.changed.connect(note)
    ids = [runs.start(small.plan(squares, epochs=1, seed=seed)).id for seed in range(3)]
    assert all(over(session, id_).state is RunState.DONE for id_ in ids)
    assert begun == ids
    assert [run.number for run in runs.all()] == [3, 2, 1]


def test_a_training_that_waits_leaves_the_queue_when_it_is_stopped(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    first, second = (runs.start(small.plan(squares, epochs=1)).id for _ in range(2))
    runs.stop(second)
    assert over(session, second).state is RunState.STOPPED
    assert over(session, first).state is RunState.DONE
    assert runs.get(second).can_go_on
    runs.go_on(second)
    assert over(session, second).state is RunState.DONE


def test_pause_holds_the_training_and_going_on_ends_as_if_nothing_had_been(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    plan = small.plan(squares, epochs=4)
    whole = over(session, runs.start(plan).id)
    id_ = runs.start(plan).id
    runs.pause(id_)
    paused = wait(session, id_, lambda run: run.state is RunState.PAUSED)
    assert paused.seconds_left is None or paused.seconds_left >= 0
    runs.go_on(id_)
    run = over(session, id_)
    assert run.state is RunState.DONE
    assert [e.select_loss for e in run.epochs] == [e.select_loss for e in whole.epochs]


def test_stop_keeps_the_best_so_far(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    id_ = runs.start(small.plan(squares, epochs=500)).id
    wait(session, id_, lambda run: len(run.epochs) >= 2)
    runs.stop(id_)
    run = over(session, id_)
    assert run.state is RunState.DONE
    assert 2 <= len(run.epochs) < 500
    assert run.model is not None
    assert verify(load(run.model)) == ()


def test_cancelling_its_job_keeps_the_checkpoint_and_the_run_can_go_on(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    plan = small.plan(squares, epochs=12)
    whole = over(session, runs.start(plan).id)
    id_ = runs.start(plan).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    job = session.jobs.active[0]
    job.cancel()
    run = over(session, id_)
    assert (run.state, run.can_go_on, run.model) == (RunState.STOPPED, True, None)
    assert "checkpoint" in run.sentence
    assert job.wait(10)
    assert job.state is State.CANCELLED
    known = {epoch.number for epoch in run.epochs}
    runs.go_on(id_)
    again = over(session, id_)
    assert again.state is RunState.DONE
    assert known <= {epoch.number for epoch in again.epochs}
    assert [(e.number, e.loss, e.select_auc) for e in again.epochs] == [
        (e.number, e.loss, e.select_auc) for e in whole.epochs
    ]
    assert [what for what, _ in audited(session)][-4:] == [
        "training.started",
        "training.stopped",
        "training.started",
        "training.finished",
    ]


def test_closing_the_program_ends_the_training_process_and_the_next_one_goes_on(
    session: Session, squares: DataSet, home: Path
) -> None:
    id_ = session.admin.runs.start(small.plan(squares, epochs=12)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    children = [p for p in psutil.Process().children(recursive=True) if FAKE.name in " ".join(p.cmdline())]
    assert children
    session.close()
    assert not psutil.wait_procs(children, timeout=3)[1]
    with Session(home) as later:
        run = later.admin.runs.get(id_)
        assert run.state in (RunState.INTERRUPTED, RunState.STOPPED)
        assert run.can_go_on
        later.admin.runs.go_on(id_)
        assert over(later, id_).state is RunState.DONE


def test_a_killed_training_process_is_said_in_a_sentence_and_can_go_on(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    plan = small.plan(squares, epochs=12)
    id_ = runs.start(plan).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    for child in psutil.Process().children(recursive=True):
        if FAKE.name in " ".join(child.cmdline()):
            child.kill()
    run = over(session, id_)
    assert run.state is RunState.INTERRUPTED
    assert "from outside" in run.sentence
    assert run.can_go_on
    runs.go_on(id_)
    assert over(session, id_).state is RunState.DONE


def test_a_removed_run_is_gone_and_its_number_is_not_given_again(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    first = over(session, runs.start(small.plan(squares, epochs=1)).id)
    runs.remove(first.id)
    assert runs.all() == ()
    with pytest.raises(UserError, match="no such training run"):
        runs.get(first.id)
    assert runs.start(small.plan(squares, epochs=1)).number == 2


def test_a_run_that_is_not_over_cannot_be_removed(session: Session, squares: DataSet) -> None:
    runs = session.admin.runs
    id_ = runs.start(small.plan(squares, epochs=500)).id
    with pytest.raises(UserError, match="not over"):
        runs.remove(id_)
    runs.cancel(id_)
    over(session, id_)


def test_another_program_shows_the_run_and_leaves_it_alone(session: Session, squares: DataSet, home: Path) -> None:
    id_ = session.admin.runs.start(small.plan(squares, epochs=500)).id
    wait(session, id_, lambda run: len(run.epochs) >= 1)
    with Session(home) as other:
        run = other.admin.runs.get(id_)
        assert run.state is RunState.RUNNING
        assert run.epochs
        with pytest.raises(UserError, match="Another medviewer"):
            other.admin.runs.remove(id_)
        with pytest.raises(UserError, match="Another medviewer"):
            other.admin.runs.cancel(id_)
        other.admin.runs.stop(id_)  # a wish that the process itself takes
        assert wait(other, id_, lambda run: run.state not in LIVE).state is RunState.DONE


def test_only_those_named_by_the_site_may_train(
    session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session.admin, "refusal", lambda: "Only the people named by the site's policy may train.")
    with pytest.raises(UserError) as refused:
        session.admin.runs.start(small.plan(squares))
    assert refused.value.code == "not_permitted"


def test_a_suggested_plan_of_a_model_is_gentle(session: Session, squares: DataSet) -> None:
    plan = session.admin.runs.suggested(Start("model", "bright-film"), squares.id)
    assert (plan.start.version, plan.rate, plan.dataset) == ("1.0.0", 3e-4, squares.id)
    assert Start("model", "bright-film", "1.0.0") in session.admin.runs.starts()


def test_time_is_estimated_from_an_earlier_run(session: Session, squares: DataSet) -> None:
    plan = small.plan(squares)
    assert session.admin.runs.seconds_estimate(plan) is None
    over(session, session.admin.runs.start(plan).id)
    once = session.admin.runs.seconds_estimate(plan)
    assert once
    assert session.admin.runs.seconds_estimate(dataclasses.replace(plan, epochs=6)) == pytest.approx(2 * once)
