"""What only a graphics card can show: equal answers and maps, real lack of memory, throughput, how busy the card is.

    .venv/bin/python benchmarks/gpu.py [--device cuda]

Needs no data: the pictures are noise with shapes. Prints a line for each check; 1: one did not hold; 2: no card here.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.engine import models, predict
from medviewer.engine.explain.methods import METHODS
from medviewer.engine.explain.run import Task, explain
from medviewer.inference import folder as folders

ROOT = Path(__file__).resolve().parents[1]
#: A score on the card may differ from the processor's by this much; a map's correlation must be at least that.
SCORE, MAP = 1e-4, 0.999


def pictures(name: str, count: int) -> list[predict.Picture]:
    """Films of 400 x 400 for the film model, slices of 512 x 512 with a body and two lungs for the slice model."""
    rng = np.random.default_rng(1)
    found = []
    for n in range(count):
        if name == "lung-nodule":
            rows, columns = np.mgrid[:512, :512]
            body = (rows - 256) ** 2 / 150**2 + (columns - 256) ** 2 / 210**2 < 1
            lungs = sum((rows - 256) ** 2 / 110**2 + (columns - at) ** 2 / 75**2 < 1 for at in (160, 352))
            values = np.where(lungs > 0, -850.0, np.where(body, 40.0, -1000.0)) + rng.normal(0, 30, (512, 512))
            r, c = rng.integers(200, 310), rng.integers(130, 190)
            values[(rows - r) ** 2 + (columns - c) ** 2 < 64] = 30
            found.append(predict.Picture(n, values.astype(np.int16), (0.7, 0.7)))
        else:
            smooth = np.kron(rng.random((25, 25)), np.ones((16, 16))) * 200
            found.append(predict.Picture(n, (smooth + rng.random((400, 400)) * 55).astype(np.uint8)))
    return found


def load(name: str, device: str) -> models.LoadedModel:
    folder = folders.load(ROOT / "models" / name)
    return models.load(folder.path, folder.sha256, device)


def scores(model: models.LoadedModel, given: list[predict.Picture], batch: int) -> dict[int, float]:
    found = [s for some in predict.predict(model, given, batch=batch) for s in some]
    return {s.index: s.scores[model.card.target] for s in found if s.evaluated}


def equal_scores(name: str, device: str) -> bool:
    given = pictures(name, 24)
    here, there = scores(load(name, "cpu"), given, 8), scores(load(name, device), given, 8)
    worst = max(abs(here[n] - there[n]) for n in here)
    print(f"{name}: {len(here)} scores, largest difference to the processor's {worst:.1e} (limit {SCORE:.0e})")
    return here.keys() == there.keys() and len(here) == len(given) and worst <= SCORE


def equal_maps(name: str, device: str) -> bool:
    (picture,) = pictures(name, 1)
    held = True
    for method in METHODS:
        maps = []
        for where in ("cpu", device):
            model = load(name, where)
            *_, last = explain(model, Task(picture, model.card.target, method))
            maps.append(np.nan_to_num(last.values).ravel())
        likeness = float(np.corrcoef(*maps)[0, 1])
        print(f"{name}: {method}, correlation with the processor's map {likeness:.5f} (limit {MAP})")
        held &= likeness >= MAP
    return held


def lack_of_memory(name: str, device: str) -> bool:
    """Leave the process so little of the card that a batch does not fit, then nothing: it says so and goes on."""
    given = pictures(name, 16)
    whole = scores(load(name, device), given, 16)
    total = torch.cuda.get_device_properties(0).total_memory
    held = True
    for mebibytes in (160, 90, 60, 45, 34, 26, 20, 8):
        torch.cuda.empty_cache()
        model = load(name, device)
        said: list[str] = []
        torch.cuda.set_per_process_memory_fraction(mebibytes * 2**20 / total)
        try:
            found = [s for some in predict.predict(model, given, batch=16, notice=said.append) for s in some]
        finally:
            torch.cuda.set_per_process_memory_fraction(1.0)
        worst = max(abs(s.scores[model.card.target] - whole[s.index]) for s in found)
        print(
            f"{name}: with {mebibytes} MiB of the card: at most {model.limit or 16} at once, on {model.device}; {said}"
        )
        held &= len(found) == len(given) and worst <= SCORE and (model.limit is None or bool(said))
    return held


def throughput(name: str, device: str) -> None:
    for where in ("cpu", device):
        model = load(name, where)
        x = torch.from_numpy(np.stack([predict.prepare_picture(model, p).tensor for p in pictures(name, 16)]))
        predict.forward(model, x)
        times = []
        for _ in range(10):
            began = time.perf_counter()
            predict.forward(model, x)
            times.append(time.perf_counter() - began)
        print(f"{name}: {where}: {16 / statistics.median(times):.0f} pictures/s, net alone, batch 16")


def main() -> int:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    device = parser.parse_args().device
    if not torch.cuda.is_available():
        print("there is no graphics card here")
        return 2
    print(f"machine: {torch.cuda.get_device_name(0)}, {os.cpu_count()} cores, torch {torch.__version__}")
    held = []
    checks: tuple[Callable[[str, str], bool], ...] = (equal_scores, equal_maps, lack_of_memory)
    for name in ("cxr-pneumonia", "lung-nodule"):
        held += [check(name, device) for check in checks]
        throughput(name, device)
    print("held" if all(held) else f"NOT held: {held}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
