"""Throughput of a training against a bare PyTorch loop over tensors in memory, from the second epoch on.

    .venv/bin/python benchmarks/training.py [--epochs 5] [--pictures 320] [--device cpu] [--threads 1] [--busy]

The net, the batch, the precision and the number of pictures are those of cxr-pneumonia; both loops see unchanged
pictures. Their epochs alternate in one process, so that whatever else the machine does hits both. Ours counts whole:
batches made, average of the weights, clipping, words, checkpoint and the judging of a few pictures at the end of each
epoch. Wall time is what a person waits for; processor time does not mind other programs, and decides on a machine that
is busy. Afterwards the same with cxr-pneumonia's own changes to the pictures: what they cost on top.

`--busy` (on a graphics card): the share of the time in which at least one kernel or copy runs there, by torch's
profiler, of our loop from the end of the first epoch to the end of the last (judging and checkpoints are in it), and of
the bare loop. The profiler itself costs time, so these are further runs. 1: not held.
"""

import argparse
import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from torch.profiler import ProfilerActivity, profile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.engine import device as devices
from medviewer.engine.nets import build
from medviewer.engine.train.augment import Variety
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.datasets import DataSet, Examples
from medviewer.engine.train.drawers import how_many
from medviewer.engine.train.loop import Setting, train

ROOT = Path(__file__).resolve().parents[1]
LEAST = 0.95
BUSY = 0.9
#: What a profiler's trace calls work of a graphics card.
_WORK = frozenset({"kernel", "gpu_memcpy", "gpu_memset"})


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


class Marks:
    """Kernels of a name of their own, between which lies what is measured; whatever came before is waited for."""

    NAME = "spin_kernel"

    def mark(self) -> None:
        torch.cuda.synchronize()
        torch.cuda._sleep(1_000_000)
        torch.cuda.synchronize()


def shares(trace: Path) -> list[tuple[float, float]]:
    """Return (busy seconds, seconds) between marks of a profiler's trace: the first two, the next two, and so on."""
    events = json.loads(trace.read_text("utf-8"))["traceEvents"]
    work = sorted((e["ts"], e["ts"] + e["dur"], e["name"]) for e in events if e.get("cat") in _WORK)
    marks = [(start, stop) for start, stop, name in work if Marks.NAME in name]
    found = []
    for (_, start), (stop, _) in zip(marks[::2], marks[1::2], strict=False):
        inside = ((a, b) for a, b, _ in work if start <= a < stop)
        found.append((union(inside) / 1e6, (stop - start) / 1e6))
    return found


def union(intervals: Iterable[tuple[float, float]]) -> float:
    """Return the length of what intervals cover together."""
    covered, end = 0.0, -float("inf")
    for start, stop in sorted(intervals):
        covered += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return covered


def marked(config: Config, data: DataSet, device: str, work: Path, mark: Callable[[], None]) -> None:
    """Train, with a mark at the end of the first epoch and one at the end of the last."""
    work.mkdir()

    def say(line: dict[str, Any]) -> None:
        if line["event"] == "epoch" and line["epoch"] in (1, config.schedule.epochs):
            mark()

    train(config, data, Setting(work, device, say=say))


def driver_says(run: Callable[[Callable[[], None]], None]) -> str:
    """Return what nvidia-smi says of the time between the two marks that `run` makes; it samples by itself."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "no nvidia-smi here"
    command = [tool, "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "-i", "0", "-lms", "50"]
    lines: list[tuple[float, str]] = []
    at: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sampler:
        assert sampler.stdout is not None
        reader = threading.Thread(target=lambda: lines.extend((time.perf_counter(), x) for x in sampler.stdout or ()))
        reader.start()
        run(lambda: at.append(time.perf_counter()))
        sampler.terminate()
        reader.join()
    # a sample tells of up to a second before it
    inside = [float(x) for t, x in lines if at[0] + 1 < t < at[-1] and x.strip().isdecimal()]
    return f"{statistics.mean(inside):.0f} % ({len(inside)} samples)" if inside else "too short a run for nvidia-smi"


def say_busy(plain: Config, varied: Config, data: DataSet, device: str, bare: Bare, work: Path) -> bool:
    """Measure and print how busy the card is; returns whether the limit is held."""
    epochs, mark = plain.schedule.epochs, Marks().mark
    words = ("bare", "ours", "ours with its changes to pictures")
    # one session for all: the profiler sees into graphs that are recorded while it runs
    with profile(activities=[ProfilerActivity.CUDA], acc_events=True) as session:
        mark()
        for _ in range(epochs - 1):
            bare.epoch()
        mark()
        marked(plain, data, device, work / "busy-plain", mark)
        marked(varied, data, device, work / "busy-varied", mark)
    trace = work / "trace.json"
    session.export_chrome_trace(str(trace))
    found = shares(trace)
    trace.unlink()
    if len(found) < len(words):
        print(f"busy: the profiler saw {len(found)} of {len(words)} runs")
    for name, (busy, wall) in zip(words, found, strict=False):
        pictures_a_second = len(data.parts["fit"]) * (epochs - 1) / wall
        print(
            f"busy, {name}: {busy / wall:.1%} of {wall:.2f} s ({pictures_a_second:.0f} pictures/s under the profiler)"
        )
    for name, config in (("ours", plain), ("ours with its changes to pictures", varied)):
        folder = work / f"driver-{'varied' if config is varied else 'plain'}"
        print(f"busy by nvidia-smi, {name}: {driver_says(lambda m, c=config, f=folder: marked(c, data, device, f, m))}")
    held = len(found) == len(words) and all(busy / wall > BUSY for busy, wall in found[1:])
    print(f"card more than {BUSY:.0%} busy in ours: {'held' if held else 'NOT held'}")
    return held


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=320)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--busy", action="store_true", help="measure how busy a graphics card is, too")
    args = parser.parse_args()
    device = devices.choose(args.device)
    # the processes that draw are this program too, installed or not
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    if args.busy and device != "cuda":
        parser.error("--busy needs a graphics card")
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
    drawn = how_many() if device == "cuda" else 0
    print(
        f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}, {device}; "
        f"{args.pictures} pictures of {size} x {size}, batch {schedule.batch}, {schedule.precision}, "
        f"{args.threads} threads, {drawn} processes that draw, epochs 2 to {args.epochs}"
    )
    with tempfile.TemporaryDirectory() as made:
        plain = measure(config, data, device, Path(made) / "plain", bare.epoch)
        varied = dataclasses.replace(config, augment=preset.augment)
        changed = measure(varied, data, device, Path(made) / "varied", bare.epoch)
        was_busy = not args.busy or say_busy(config, varied, data, device, bare, Path(made))
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
    return 0 if held and was_busy else 1


if __name__ == "__main__":
    sys.exit(main())
