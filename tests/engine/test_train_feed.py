"""Batches from other processes and steps on a graphics card: faster, and the same training."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from medviewer.engine.train import drawers, feed
from medviewer.engine.train.batches import Epoch, drawing_of, pass_order
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.datasets import Examples
from medviewer.engine.train.distributed import World
from medviewer.engine.train.drawers import Drawers
from medviewer.engine.train.feed import Feed
from medviewer.engine.train.graphs import Graphed
from medviewer.engine.train.run import Options, run
from tests.engine.training import FILMS, PATCHES, plain, prepare

ROOT = Path(__file__).resolve().parents[2]
CARD = pytest.mark.skipif(not torch.cuda.is_available(), reason="this computer has no graphics card for it")
#: A drawer that is lost when it has answered twice.
SHORT_LIVED = """
import itertools, sys, types
from medviewer.engine.train import drawers
lines = itertools.chain((sys.stdin.buffer.readline() for _ in range(3)), [b""])
sys.stdin = types.SimpleNamespace(buffer=types.SimpleNamespace(readline=lambda: next(lines)))
drawers.main([])
"""


def pictures(count: int, side: int) -> Examples:
    y = np.arange(count) % 3 == 0
    x = np.random.default_rng(1).random((count, side, side), np.float32).astype(np.float16)
    names = [str(n) for n in range(count)]
    return Examples(x, y, np.array(names), tuple(names), np.zeros(count, np.int64))


def settings(model: str, **changed: Any) -> Config:
    config = read_config(ROOT / "models" / model / "train.toml")
    return dataclasses.replace(config, schedule=dataclasses.replace(config.schedule, batch=8, **changed))


def epoch_of(config: Config, part: Examples, device: str = "cpu", world: World | None = None) -> Epoch:
    return Epoch(config, part, pass_order(part.y, 1, (3, 0)), 0, device, world or World())


#: 25 pictures in batches of 8: the last batch has the one that would be left over.
CASES = {
    "films": (settings("cxr-pneumonia"), 48, World()),
    "patches": (settings("lung-nodule"), 64, World()),
    "mixed": (settings("lung-nodule", mixup=0.4), 64, World()),
    "the second of two processes": (settings("cxr-pneumonia"), 48, World(1, 2)),
}


@pytest.fixture(params=CASES)
def epoch(request: pytest.FixtureRequest) -> Epoch:
    config, side, world = CASES[request.param]
    return epoch_of(config, pictures(25, side), world=world)


@pytest.fixture
def helpers(epoch: Epoch) -> Iterator[Drawers]:
    made = Drawers(drawing_of(epoch.config, epoch.part), epoch.config.schedule.batch + 1, 2)
    yield made
    made.close()


def same(epoch: Epoch, helpers: Drawers, numbers: range) -> list[int]:
    """Compare what the processes draw with what is drawn here; returns the numbers that came."""
    came = []
    for number, draws in helpers.ahead(epoch.wish, numbers):
        here = epoch.batch(number)
        there = epoch.made(number, draws)
        for a, b in ((here.x, there.x), (here.target, there.target), (here.weight, there.weight)):
            assert torch.equal(a, b)
        came.append(number)
    return came


def test_other_processes_draw_the_same_batches_in_order_epoch_after_epoch(epoch: Epoch, helpers: Drawers) -> None:
    assert epoch.steps == 3
    assert same(epoch, helpers, range(3)) == [0, 1, 2]
    # an epoch that is left in its middle leaves nothing behind for the next
    broken = helpers.ahead(epoch.wish, range(3))
    next(broken)
    broken.close()
    assert same(epoch, helpers, range(1, 3)) == [1, 2]


@pytest.mark.parametrize("code", ["pass", SHORT_LIVED], ids=["at once", "later"])
def test_processes_that_are_lost_cost_time_and_nothing_else(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(drawers, "command", lambda *_: [sys.executable, "-c", code])
    epoch = epoch_of(settings("lung-nodule", epochs=1), pictures(80, 64))
    try:
        helpers = Drawers(drawing_of(epoch.config, epoch.part), 9, 2)
    except OSError:  # lost even before the first question: a training then draws on a thread
        assert code == "pass"
        return
    assert same(epoch, helpers, range(epoch.steps)) == list(range(10))
    assert same(epoch, helpers, range(epoch.steps)) == list(range(10))
    helpers.close()


def test_they_end_with_the_training_however_it_ends() -> None:
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.engine.test_train_feed import *\n"
        "epoch = epoch_of(settings('lung-nodule'), pictures(25, 64))\n"
        "helpers = Drawers(drawing_of(epoch.config, epoch.part), 9, 2)\n"
        "next(helpers.ahead(epoch.wish, range(3)))\n"
        "print('drawn', flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    # with this the processes share its stderr, which is at its end when the last of them is gone
    env = os.environ | {"MEDVIEWER_DEBUG": "1"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, **pipes) as training:
        assert training.stdout is not None
        assert training.stderr is not None
        assert training.stdout.readline() == b"drawn\n"
        training.send_signal(signal.SIGKILL)
        training.stderr.read()


def test_a_process_that_draws_never_loads_torch() -> None:
    code = "import sys, medviewer.engine.train.drawers; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# --- on a graphics card ---------------------------------------------------------------------------------------------


@CARD
@pytest.mark.parametrize("processes", [0, 2])
def test_a_card_gets_the_batches_that_the_processor_makes(
    monkeypatch: pytest.MonkeyPatch, epoch: Epoch, processes: int
) -> None:
    monkeypatch.setattr(feed, "how_many", lambda: processes * epoch.world.size)
    source = Feed(epoch.config, epoch.part, epoch.world, "cuda")
    there = source.epoch(epoch.order, 0, "cuda")
    for _ in range(2):
        batches = list(source.batches(there, range(epoch.steps)))
        assert len(batches) == epoch.steps
        for number, batch in enumerate(batches):
            here = epoch.batch(number)
            assert batch.x.is_cuda
            assert (batch.first, batch.of) == (here.first, here.of)
            # a pixel at the very edge of a box or a fold may fall to the other side
            assert float(((batch.x.cpu() - here.x).abs() > 1e-3).float().mean()) < 1e-3
            assert torch.allclose(batch.target.cpu(), here.target, atol=1e-6)
            assert torch.allclose(batch.weight.cpu(), here.weight, atol=1e-6)
    source.close()


def trained(folder: Path, kind: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    config, data = prepare(folder, kind)
    lines: list[dict[str, Any]] = []
    run(Options(config, data, folder / "made", device="cuda"), lines.append)
    card = json.loads((folder / "made" / "card.json").read_text())
    return [plain(x) for x in lines if x["event"] == "epoch"], card


@CARD
@pytest.mark.parametrize("kind", [FILMS, PATCHES], ids=["films", "patches"])
def test_a_recorded_step_learns_what_a_plain_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: dict[str, Any]
) -> None:
    steps = {"recorded": 0}
    original = Graphed.step

    def counted(self: Graphed, batch: Any) -> Any:
        found = original(self, batch)
        steps["recorded"] += found is not None
        return found

    monkeypatch.setattr(Graphed, "step", counted)
    recorded, _ = trained(tmp_path / "a", kind)
    assert steps["recorded"]
    monkeypatch.setattr(Graphed, "step", lambda *_: None)
    plainly, _ = trained(tmp_path / "b", kind)
    for a, b in zip(recorded, plainly, strict=True):
        assert a["loss"] == pytest.approx(b["loss"], abs=2e-4)
        assert a["select_loss"] == pytest.approx(b["select_loss"], abs=2e-3)
