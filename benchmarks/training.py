"""Throughput of a training against a bare PyTorch loop over tensors in memory, from the second epoch on.

    .venv/bin/python benchmarks/training.py [--epochs 5] [--pictures 320] [--device cpu] [--threads 1]

The net, the batch, the precision and the number of pictures are those of cxr-pneumonia; both loops see unchanged
pictures. Their epochs alternate in one process, so that whatever else the machine does hits both. Ours counts whole:
batches made, average of the weights, clipping, words, checkpoint and the judging of a few pictures at the end of each
epoch. Wall time is what a person waits for; processor time does not mind other programs, and decides on a machine that
is busy. Afterwards the same with cxr-pneumonia's own changes to the pictures: what they cost on top. 1: not held.
"""

import argparse
import dataclasses
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.engine import device as devices
from medviewer.engine.nets import build
from medviewer.engine.train.augment import Variety
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.datasets import DataSet, Examples
from medviewer.engine.train.loop import Setting, train

ROOT = Path(__file__).resolve().parents[1]
LEAST = 0.95


def pictures(rng: np.random.Generator, count: int, side: int) -> Examples:
    """Grey noise with every second picture brighter: what it shows does not matter here."""
    y = np.arange(count) % 2 == 0
    x = (rng.random((count, side, side), np.float32) * 0.8 + 0.2 * y[:, None, None]).astype(np.float16)
    names = [str(n) for n in range(count)]
    return Examples(x, y, np.array(names), tuple(names), np.zeros(count, np.int64))


class Bare:
    """The loop that everybody writes: no changes to pictures, no checkpoint, nothing said."""

    def __init__(self, config: Config, part: Examples, device: str) -> None:
        self.batch, self.precision = config.schedule.batch, config.schedule.precision
        net = build(config.card["architecture"]["name"], config.card["architecture"]["params"]).to(device)
        self.net: torch.nn.Module = net.to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=config.schedule.rate)
        x = torch.from_numpy(part.x.astype(np.float32))[:, None].to(device)
        self.x = x.contiguous(memory_format=torch.channels_last)
        self.y = torch.from_numpy(part.y.astype(np.float32)).to(device)

    def epoch(self) -> None:
        self.net.train()
        order = torch.randperm(len(self.x), device=self.x.device)
        for at in order.split(self.batch):
            x, y = self.x[at].contiguous(memory_format=torch.channels_last), self.y[at]
            with torch.autocast(x.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
                logits = self.net(x).float()[:, 0]
            loss = functional.binary_cross_entropy_with_logits(logits, y)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
        float(loss.detach())  # on a graphics card: wait for it


def measure(config: Config, data: DataSet, device: str, work: Path, bare: Callable[[], None]) -> list[list[float]]:
    """Train; after each epoch of ours do one of the other. Returns (our wall, our cpu, bare wall, bare cpu) of each."""
    rows: list[list[float]] = []
    at = [time.perf_counter(), time.process_time()]

    def say(line: dict[str, Any]) -> None:
        nonlocal at
        if line["event"] != "epoch":
            return
        mine = [time.perf_counter() - at[0], time.process_time() - at[1]]
        at = [time.perf_counter(), time.process_time()]
        bare()
        rows.append([*mine, time.perf_counter() - at[0], time.process_time() - at[1]])
        at = [time.perf_counter(), time.process_time()]

    work.mkdir()
    train(config, data, Setting(work, device, say=say))
    return rows[1:]  # from the second epoch: the first warms caches up


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=320)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    device = devices.choose(args.device)
    preset = read_config(ROOT / "models/cxr-pneumonia/train.toml")
    # keep "last": the stress changes, which no training loop has, are not judged
    schedule = dataclasses.replace(preset.schedule, epochs=args.epochs, threads=args.threads, keep="last")
    config = dataclasses.replace(preset, schedule=schedule, augment=Variety())
    size = config.card["input"]["size"][0]
    rng = np.random.default_rng(0)
    parts = {"fit": pictures(rng, args.pictures, size), "select": pictures(rng, 4, size)}
    data = DataSet(parts, "0" * 64, {}, "films", "noise")
    torch.set_num_threads(args.threads)
    bare = Bare(config, parts["fit"], device)
    print(
        f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}, {device}; "
        f"{args.pictures} pictures of {size} x {size}, batch {schedule.batch}, {schedule.precision}, "
        f"{args.threads} threads, epochs 2 to {args.epochs}"
    )
    with tempfile.TemporaryDirectory() as made:
        plain = measure(config, data, device, Path(made) / "plain", bare.epoch)
        varied = dataclasses.replace(config, augment=preset.augment)
        changed = measure(varied, data, device, Path(made) / "varied", bare.epoch)
    for mine, theirs, words in ((0, 2, "wall time"), (1, 3, "processor time")):
        each = [row[theirs] / row[mine] for row in plain]
        print(
            f"{words}: ours {args.pictures / statistics.median(r[mine] for r in plain):.1f} pictures/s, "
            f"bare {args.pictures / statistics.median(r[theirs] for r in plain):.1f}; "
            f"ours / bare {statistics.median(each):.3f} (epochs {min(each):.3f} to {max(each):.3f}); "
            f"with its changes to pictures {statistics.median(r[theirs] / r[mine] for r in changed):.3f}"
        )
    wall, cpu = (statistics.median(r[b] / r[a] for r in plain) for a, b in ((0, 2), (1, 3)))
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    held = cpu >= LEAST and (wall >= LEAST or busy) if device == "cpu" else wall >= LEAST
    print(
        f"at least {LEAST} of a bare loop: {'held' if held else 'NOT held'}{' (busy machine: by cpu)' if busy else ''}"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
