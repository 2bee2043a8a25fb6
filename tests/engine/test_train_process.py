"""The training process from outside: kills, pause, stop, the end of its parent, full disks, several processes."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from medviewer.core.errors import UserError
from medviewer.engine.train import checkpoint
from medviewer.engine.train.main import main
from medviewer.engine.train.run import Options, run
from medviewer.inference.folder import load, verify
from tests.engine.training import FILMS, FROZEN, make_frozen, next_event, plain, prepare, said_by, start_process

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and flags are tested where signals are")


def weights(folder: Path) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


def whole(config: Path, data: Path, out: Path) -> list[dict[str, Any]]:
    """Train without any interruption, as the command does."""
    lines: list[dict[str, Any]] = []
    run(Options(config, data, out), lines.append)
    return lines


def epochs_of(lines: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Each epoch once; said twice it must be the same."""
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        if line["event"] == "epoch":
            assert found.setdefault(line["epoch"], line) == line
    return {number: plain(line) for number, line in found.items()}


def test_the_panels_run_killed_within_epochs_and_resumed_makes_the_same_model_as_the_command(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, FILMS, epochs=6)
    expected = whole(config, data, tmp_path / "whole")
    out, control = tmp_path / "run", tmp_path / "control"
    control.mkdir()
    (control / "pause").touch()  # it stands still after its first step: killed there
    words = ("--attached", "--control", str(control), "--resume", "--checkpoint-every", "0")
    said: list[dict[str, Any]] = []
    with start_process(config, data, out, *words) as process:
        next_event(process, "paused")
        process.kill()
    (control / "pause").unlink()
    with start_process(config, data, out, *words) as process:
        resumed = next_event(process, "resumed")
        assert (resumed["epoch"], resumed["step"]) == (0, 1)
        said.append(next_event(process, "epoch"))
        process.kill()  # somewhere in a later epoch
        said += said_by(process)
    with start_process(config, data, out, *words) as process:
        said += said_by(process)
    assert process.returncode == 0
    assert epochs_of(said) == epochs_of(expected)
    assert weights(out / "model") == weights(tmp_path / "whole")
    assert (out / "model/card.json").read_bytes() == (tmp_path / "whole/card.json").read_bytes()
    assert not (out / "checkpoint").exists()
    assert verify(load(out / "model")) == ()


#: After so many checkpoints of each of its lives the training is killed: the first one comes after its first step.
LIVES = (1, 3, 2, 1, 4)


@pytest.mark.slow
def test_killed_five_times_it_makes_the_same_weights(tmp_path: Path, shared: Path) -> None:
    """The real net of cxr-pneumonia on a part of its films (set, input and epochs are cut, nothing else)."""
    text = (ROOT / "models/cxr-pneumonia/start.toml").read_text("utf-8")
    epochs = sum(LIVES) + 1  # at the end of an epoch there is a checkpoint too: however slow, no life sees the end
    for old, new in ((r"^epochs = .*", f"epochs = {epochs}"), (r"^size = .*", "size = [64, 64]")):
        text = re.sub(old, new, text, flags=re.MULTILINE)
    config = tmp_path / "train.toml"
    config.write_text(text)
    data = cut(shared / "data/train/kermany-cxr-224", tmp_path / "data/kermany-cxr-224", 90)
    with start_process(config, data, tmp_path / "whole") as process:
        expected = list(said_by(process))
    said: list[dict[str, Any]] = []
    kept = tmp_path / "run/checkpoint/last.safetensors"
    for checkpoints in LIVES:
        with start_process(config, data, tmp_path / "run", "--resume", "--checkpoint-every", "0") as process:
            said.append(next_event(process, "resumed" if kept.exists() else "data"))
            for _ in range(checkpoints):
                wait_for_another(kept, process)
            process.kill()
            said += said_by(process)
        assert process.returncode == -signal.SIGKILL  # it was not at its end
    with start_process(config, data, tmp_path / "run", "--resume") as process:
        said += said_by(process)
    places = [(x["epoch"], x["step"]) for x in said if x["event"] == "resumed"]
    print("resumed at (epochs, steps)", places)
    assert len(places) == len(LIVES)
    assert any(step for _, step in places)
    assert places == sorted(places)
    assert epochs_of(said) == epochs_of(expected)
    assert weights(tmp_path / "run") == weights(tmp_path / "whole")


def wait_for_another(kept: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the file is another one than now."""

    def stamp() -> int:
        return kept.stat().st_mtime_ns if kept.exists() else 0

    before = stamp()
    while stamp() == before:
        assert process.poll() is None, "the training ended before it could be killed"
        time.sleep(0.002)


def cut(source: Path, target: Path, count: int) -> Path:
    """Copy `count` films of a packed set, every so many; returns the folder above."""
    with (source / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = rows[:: len(rows) // count]
    target.mkdir(parents=True)
    with (target / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    with np.load(source / "images.npz") as z:
        blob, at = memoryview(z["blob"]), z["offsets"].tolist()
        place = {str(name): i for i, name in enumerate(z["names"])}
        parts = [bytes(blob[at[place[r["file"]]] : at[place[r["file"]] + 1]]) for r in rows]
    offsets = np.cumsum([0, *map(len, parts)])
    names = np.array([r["file"] for r in rows])
    np.savez(target / "images.npz", names=names, blob=np.frombuffer(b"".join(parts), np.uint8), offsets=offsets)
    return target.parent


def test_it_waits_while_paused_and_stops_with_the_best_so_far(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, FROZEN, epochs=2000, training="judge_from = 0.0")
    control = tmp_path / "control"
    control.mkdir()
    events: list[str] = []
    lines: list[dict[str, Any]] = []

    def person(line: dict[str, Any]) -> None:
        lines.append(line)
        events.append(line["event"])
        if events.count("epoch") == 1 and "paused" not in events:
            (control / "pause").touch()
        elif line["event"] == "paused":
            threading.Timer(0.5, (control / "pause").unlink).start()
        elif events.count("epoch") == 3:
            (control / "stop").touch()

    run(Options(config, data, tmp_path / "run", control=control), person)
    assert events[events.index("paused") + 1] == "going_on"
    assert events[-2:] == ["stopped", "done"]
    model = load(tmp_path / "run/model")
    assert verify(model) == ()
    judged = {x["epoch"]: x["stress_auc"] for x in lines if x["event"] == "epoch"}
    assert judged[lines[-1]["epoch"]] == max(judged.values())
    assert not (tmp_path / "run/model.part").exists()


def test_stopped_before_the_first_judged_epoch_there_is_nothing_to_keep(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, FROZEN)
    (tmp_path / "control").mkdir()
    (tmp_path / "control/stop").touch()
    with pytest.raises(UserError, match="stopped before there was an epoch to keep") as error:
        run(Options(config, data, tmp_path / "run", control=tmp_path / "control"), lambda _: None)
    assert error.value.code == "stopped_early"
    assert not (tmp_path / "run/model").exists()


def test_it_never_outlives_the_program_that_asked_for_it(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, FROZEN, epochs=5000)
    with start_process(config, data, tmp_path / "run", "--attached", stderr=subprocess.DEVNULL) as process:
        next_event(process, "epoch")
        assert psutil.Process(process.pid).nice() >= 10
        assert process.stdin
        process.stdin.close()
        list(said_by(process))
    assert process.returncode == 130
    _, state = checkpoint.load(tmp_path / "run/checkpoint/last.safetensors")
    assert state["epoch"] >= 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence_and_the_training_goes_on_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, data = prepare(tmp_path, FROZEN)
    words = [str(config), "--data", str(data), "--out", str(tmp_path / "m"), "--device", "cpu", "--resume"]
    work = tmp_path / "m/checkpoint"
    work.mkdir(parents=True)
    (work / "last.safetensors.part").symlink_to("/dev/full")
    assert main(words) == 4
    captured = capsys.readouterr()
    assert captured.err == "The disk is full. The training stands at its last checkpoint: free some space and go on.\n"
    assert json.loads(captured.out.splitlines()[-1])["code"] == "no_space"
    assert main(words) == 0


def test_a_folder_that_vanishes_is_one_sentence(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, FROZEN)
    out, elsewhere = tmp_path / "run", tmp_path / "elsewhere"

    def person(line: dict[str, Any]) -> None:
        if line["event"] == "epoch" and line["epoch"] == 1:
            shutil.rmtree(data)  # the pictures are in memory
        elif line["event"] == "epoch" and line["epoch"] == 2:
            out.rename(elsewhere)

    with pytest.raises(UserError, match="Bring it back and go on") as error:
        run(Options(config, data, out), person)
    assert error.value.code == "no_write"
    elsewhere.rename(out)
    with pytest.raises(UserError, match="The data set cannot be used") as error:
        run(Options(config, data, out, resume=True), lambda _: None)
    assert error.value.code == "bad_dataset"
    make_frozen(data)
    lines: list[dict[str, Any]] = []
    run(Options(config, data, out, resume=True), lines.append)
    assert [x["event"] for x in lines] == ["data", "resumed", "epoch", "epoch", "epoch", "done"]


def test_two_processes_make_the_same_steps_as_one(tmp_path: Path) -> None:
    """20 steps of 25 pictures each: 12 for one process, 13 for the other; dropout, batch norm, noise and all."""
    config, data = prepare(tmp_path, FROZEN, epochs=20)
    config.write_text(config.read_text().replace("batch = 4", "batch = 64").replace("rate = 5e-3", "rate = 2e-3"))
    one = whole(config, data, tmp_path / "one")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    words = ["train", str(config), "--data", str(data), "--out", str(tmp_path / "two"), "--device", "cpu", "--json"]
    made = subprocess.run(
        [*torchrun, "-m", "medviewer", *words], capture_output=True, text=True, timeout=300, check=False
    )
    assert made.returncode == 0, made.stderr
    two = [json.loads(line) for line in made.stdout.splitlines()]
    assert [x["processes"] for x in two if x["event"] == "data"] == [2]  # the first process alone speaks
    losses = [[x["loss"] for x in lines if x["event"] == "epoch"] for lines in (one, two)]
    assert len(losses[0]) == len(losses[1]) == 20
    worst = float(np.abs(np.subtract(*losses)).max())
    print(f"largest difference of a step's loss: {worst:.1e}")
    assert worst <= 1e-4
    assert losses[0][0] > losses[0][-1]
    assert verify(load(tmp_path / "two")) == ()
