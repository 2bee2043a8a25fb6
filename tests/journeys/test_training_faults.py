"""Trainings whose program or process is killed, whose disk is full, whose data is gone: nothing is lost."""

import dataclasses
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from safetensors.numpy import load_file

from medviewer.app.admin import run_folder, run_process
from medviewer.app.admin.records import Run, RunState, Start
from medviewer.app.admin.run_store import RunStore
from medviewer.app.session import Session
from medviewer.core.child import command
from medviewer.core.datasets import DataSet
from medviewer.inference.folder import load, verify
from tests.engine import tiny
from tests.journeys import training_victim
from tests.journeys.killing import Acknowledged, Victim, orphans
from tests.unit.app.admin import small

PROGRAM = Path(training_victim.__file__)
#: Seconds until every process of a killed program is gone, and that a whole training may take on a busy computer.
GONE_S, PATIENCE_S = 10.0, 400.0
LIVE = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)


def furnish(home: Path) -> DataSet:
    """Put a small model and a small frozen data set into a home."""
    model = tiny.film(home / "data" / "models" / "first")
    scaling = dataclasses.replace(model.card.input.scaling, high=255.0)
    shutil.rmtree(model.path)
    tiny.film(home / "data" / "models" / "bright-film", input=dataclasses.replace(model.card.input, scaling=scaling))
    return small.dataset(home / "data" / "datasets")


def weights(run_folder: Path) -> dict[str, np.ndarray]:
    assert verify(load(run_folder / "model")) == ()
    return load_file(run_folder / "model" / "weights.safetensors")


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def wait(session: Session, id_: str, true: Callable[[Run], bool]) -> Run:
    news = threading.Event()
    disconnect = session.admin.runs.changed.connect(lambda _: news.set())
    end = time.monotonic() + PATIENCE_S
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


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same run in another home, without any interruption."""
    home = tmp_path_factory.mktemp("undisturbed")
    data = furnish(home)
    with Session(home) as session:
        run = over(session, session.admin.runs.start(training_victim.plan(data.id)).id)
        assert run.state is RunState.DONE, run.sentence
    return home / "data" / "runs" / run.id


#: Most lines that a training says in a program's life: its process is there, it has its data, it goes on, epochs.
LINES = 12


class Life:
    """One home on which programs that train are killed."""

    def __init__(self, home: Path, folder: Path, seed: int) -> None:
        self.home, self.rng = home, random.Random(seed)
        self.data = furnish(home)
        self.acknowledged = Acknowledged(folder / "acknowledged.jsonl")
        self.store = RunStore(home / "data" / "runs")

    def victim(self, *more: str) -> Victim:
        words = [str(self.home), self.data.id, str(self.acknowledged.path), *more]
        return Victim([str(PROGRAM), *words], self.home)

    def said(self) -> int:
        """Return how many lines the trainings have said."""
        return sum(len(run_folder.read(path).said()[0]) for path in run_folder.find(self.store.root))

    def kill_once(self) -> bool:
        """Kill a program a moment after its training has said so many lines; say whether a training was going on."""
        before, victim, end = self.said(), self.victim(), time.monotonic() + PATIENCE_S
        lines = self.rng.randint(1, LINES)
        while self.said() < before + lines:
            assert not victim.ended, victim.finish()
            assert time.monotonic() < end, "it did not train"
            time.sleep(0.01)
        time.sleep(self.rng.uniform(0, 0.1))
        children = victim.kill()
        assert not orphans(children, GONE_S)
        self.check()
        return self.hit()

    def hit(self) -> bool:
        """Whether the newest run was killed while it trained."""
        folder, story = max(self.store.all(), key=lambda one: one[0].facts.number)
        return story.begun and story.state in LIVE and not (folder.path / "model").exists()

    def check(self) -> None:
        """Whatever was told is on the disk, of every run."""
        self.store.refresh()
        told = self.acknowledged.lines()
        for folder, story in self.store.all():
            assert {value[1] for kind, value in told if kind == "epoch" and value[0] == folder.id} <= set(story.epochs)
            assert not (folder.path / "model.part" / "card.json").exists() or not (folder.path / "model").exists()
            if any(kind == "done" and value[0] == folder.id for kind, value in told):
                assert verify(load(folder.path / "model")) == ()


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_program_that_is_killed_while_it_trains_goes_on_to_the_same_weights(
    tmp_path: Path, home: Path, whole: Path, kills: int
) -> None:
    life = Life(home, tmp_path, seed=kills)
    tried = hits = 0
    while hits < kills:
        hits += life.kill_once()
        tried += 1
        assert tried <= 2 * kills, f"only {hits} of {tried} kills hit a training"
    code, words = life.victim("LAST").finish()
    assert code == 0, words
    assert life.acknowledged.lines()[-1][0] == "done"
    with Session(home) as session:
        runs = session.admin.runs.all(wait=True)
        for run in runs:
            assert run.state is RunState.DONE
            assert [epoch.number for epoch in run.epochs] == list(range(1, training_victim.EPOCHS + 1))
            assert same(weights(life.store.root / run.id), weights(whole))
        assert session.shelf.read(lambda library: library.verify_audit()).result().ok
        entries = session.shelf.read(lambda library: library.audit_entries(most=10_000)).result()
        finished = [entry.details["run"] for entry in entries if entry.what == "training.finished"]
        assert sorted(finished) == sorted(run.id for run in runs)
    told = len(life.acknowledged.of("epoch"))
    print(f"\n{hits} of {tried} kills while it trained, {len(runs)} runs; {told} epochs told, all there")


@pytest.mark.slow
def test_a_training_process_that_is_killed_alone_goes_on_to_the_same_weights(home: Path, whole: Path) -> None:
    data = furnish(home)
    with Session(home) as session:
        runs = session.admin.runs
        id_ = runs.start(training_victim.plan(data.id)).id
        wait(session, id_, lambda run: len(run.epochs) >= 2)
        for child in psutil.Process().children(recursive=True):
            if "training" in child.cmdline():
                child.kill()
        run = over(session, id_)
        assert run.state is RunState.INTERRUPTED
        assert run.sentence == run_process.KILLED
        runs.go_on(id_)
        assert over(session, id_).state is RunState.DONE
    assert same(weights(home / "data" / "runs" / id_), weights(whole))


def test_a_full_disk_and_vanished_data_end_in_a_sentence_and_a_run_that_can_go_on(
    home: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    data = furnish(home)
    limited = (
        "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); os.execv(sys.argv[1], "
        "sys.argv[1:])"
    )
    with Session(home) as session, monkeypatch.context() as small_disk:
        assert resource
        small_disk.setattr(run_process, "command", lambda *words: [sys.executable, "-c", limited, *command(*words)])
        runs = session.admin.runs
        id_ = runs.start(training_victim.plan(data.id)).id
        run = over(session, id_)
        assert run.state is RunState.FAILED
        assert "disk is full" in run.sentence
        assert run.can_go_on
    with Session(home) as session:
        runs = session.admin.runs
        assert runs.get(id_) == run
        aside = data.path.with_name("elsewhere")
        data.path.rename(aside)
        runs.go_on(id_)
        gone = over(session, id_)
        assert gone.state is RunState.FAILED
        assert "data set" in gone.sentence
        assert gone.can_go_on
        aside.rename(data.path)
        runs.go_on(id_)
        wait(session, id_, lambda run: len(run.epochs) >= 1)
        data.path.rename(aside)  # what is trained with is in memory by now; the look at its locked part is not counted
        late = over(session, id_)
        assert (late.state, late.can_go_on) == (RunState.FAILED, True)
        assert "data set" in late.sentence
        aside.rename(data.path)
        runs.go_on(id_)
        assert over(session, id_).state is RunState.DONE
    assert same(weights(home / "data" / "runs" / id_), weights(whole))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="needs limits of a running process (Linux)")
def test_no_memory_left_ends_in_a_sentence_and_a_run_that_can_go_on(home: Path, whole: Path) -> None:
    """The system gives the training process no further page as soon as it has its data."""
    data = furnish(home)
    with Session(home) as session:
        runs = session.admin.runs
        id_ = runs.start(training_victim.plan(data.id)).id
        wait(session, id_, lambda run: bool(run.device))
        (process,) = (p for p in psutil.Process().children(recursive=True) if "training" in p.cmdline())
        process.rlimit(psutil.RLIMIT_AS, (1 << 20, 1 << 20))
        run = over(session, id_)
        assert run.state is RunState.FAILED, run
        assert "not enough memory for this training" in run.sentence
        assert run.can_go_on
        runs.go_on(id_)
        assert over(session, id_).state is RunState.DONE
    assert same(weights(home / "data" / "runs" / id_), weights(whole))


def by_command(folder: Path, home: Path, out: Path) -> None:
    """Train a run's configuration with the command, as a script does."""
    words = [sys.executable, "-P", "-m", "medviewer", "train", str(folder / "train.toml"), "--device", "cpu"]
    words += ["--data", str(home / "data" / "datasets"), "--out", str(out), "--home", str(home), "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def assert_same_model(one: Path, other: Path) -> None:
    a, b = load(one), load(other)
    assert a.sha256 == b.sha256
    assert (a.card.metrics, a.card.threshold, a.card.calibration) == (
        b.card.metrics,
        b.card.threshold,
        b.card.calibration,
    )


def test_the_command_comes_to_the_figures_of_the_panel_with_its_configuration(whole: Path, tmp_path: Path) -> None:
    by_command(whole, whole.parents[2], tmp_path / "out")
    assert_same_model(whole / "model", tmp_path / "out")


@pytest.mark.slow
def test_classic_cnn_by_panel_and_by_command_has_the_same_figures_with_the_same_seed(
    home: Path, tmp_path: Path
) -> None:
    data = small.dataset(home / "data" / "datasets", side=128, square=90)
    with Session(home) as session:
        runs = session.admin.runs
        plan = runs.suggested(Start("scratch", "classic-cnn"), data.id)
        plan = dataclasses.replace(plan, epochs=6, batch=12, seed=11, threads=1, device="cpu")
        run = over(session, runs.start(plan).id)
        assert run.state is RunState.DONE, run.sentence
        folder = runs.folder(run.id)
    by_command(folder, home, tmp_path / "out")
    assert_same_model(folder / "model", tmp_path / "out")
