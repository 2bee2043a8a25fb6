"""Small trainings for tests: configurations, packed and frozen data sets, and the process that trains."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from medviewer.core import datasets as frozen_sets
from medviewer.core.child import command
from medviewer.core.datasets import Facts, Row

CONFIG = """
notes = ["Corners: painted over in training."]
[card]
name = "squares"
version = "1"
title = "Bright squares"
task = "{task}"
target = "square"
intended_use = "A test."
limits = ["Squares only."]
licence = "none"
labels = [{{ name = "square" }}]
eligibility = [{{ rule = "modality", allowed = ["{modality}"] }}]
architecture = {{ name = "{net}", params = {params} }}
input = {input}
output = {{ score_kind = "{kind}" }}
[data]
{data}
[training]
epochs = {epochs}
batch = 4
rate = 5e-3
ema = 0.5
precision = "fp32"
seed = 5
threads = 1
crop = {crop}
{training}
[augment]
angle = 5.0
blur = 0.5
noise = 0.02
corners = 0.2
"""
PACKED = 'set = "squares"\nlabel = "label"\npositive = "yes"\ngroup = "patient"\nreport = "val"\nselect = 3\nkind = '
FILMS: dict[str, Any] = {
    "task": "classification",
    "modality": "DX",
    "net": "resnet-small",
    "params": "{ widths = [8, 8], blocks = [1, 1], stem = 8 }",
    "input": '{ modality = ["DX"], size = [32, 32], min_size = [16, 16], '
    'scaling = { kind = "percentile", low = 1, high = 99 } }',
    "kind": "probability",
    "data": PACKED + '"films"',
    "epochs": 4,
    "crop": 0,
    "training": "",
}
PATCHES: dict[str, Any] = FILMS | {
    "task": "detection-map",
    "modality": "CT",
    "net": "fcn-nodule",
    "params": "{ widths = [4, 4, 4] }",
    "input": '{ modality = ["CT"], unit = "HU", pixel_mm = 0.7, fit = "resample", region = "lungs", '
    'scaling = { kind = "window", low = -1000, high = 400 } }',
    "kind": "score",
    "data": PACKED + '"patches"',
    "crop": 45,
    "training": "off_centre = [0.2, 0.2]\npositive_repeat = 2",
}
FROZEN = FILMS | {"data": 'set = "set"\nkind = "frozen"'}


def picture(rng: np.random.Generator, positive: bool, side: int = 50) -> NDArray[np.uint8]:
    x = rng.integers(0, 90, (side, side)).astype(np.uint8)
    if positive:
        x[side // 2 - 4 : side // 2 + 4, side // 2 - 4 : side // 2 + 4] = 220
    return x


def make_packed(folder: Path, patches: bool) -> None:
    """72 pictures of 24 patients, every third patient "val"; two pictures of "train" stand in "val" too."""
    rng = np.random.default_rng(0)
    rows, pictures = [], []
    for number in range(72):
        patient = number // 3
        x = picture(rng, number % 2 == 0)
        if number in (3, 4):
            x = pictures[number - 3]
        rows.append([f"{number}.png", "yes" if number % 2 == 0 or number == 3 else "no", f"p{patient}"])
        rows[-1].append("val" if patient % 3 == 0 else "train")
        pictures.append(x)
    rows[3][1], rows[4][1] = rows[0][1], rows[1][1]
    target = folder / "squares"
    target.mkdir(parents=True)
    with (target / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["file", "label", "patient", "split"], *rows])
    names = np.array([r[0] for r in rows])
    if patches:
        np.savez(target / "patches.npz", x=np.stack(pictures), y=np.zeros(72), names=names)
        return
    image = pytest.importorskip("PIL.Image")
    blobs = []
    for x in pictures:
        data = io.BytesIO()
        image.fromarray(x).save(data, "PNG")
        blobs.append(data.getvalue())
    offsets = np.cumsum([0, *map(len, blobs)])
    np.savez(target / "images.npz", names=names, blob=np.frombuffer(b"".join(blobs), np.uint8), offsets=offsets)


def make_frozen(folder: Path, patches: bool = False, count: int = 60) -> frozen_sets.DataSet:
    """A frozen set of `count` pictures of `count` / 2 patients; picture 7 is excluded."""
    rng = np.random.default_rng(1)
    path = folder / "set"
    path.mkdir(parents=True)
    rows, pictures = [], []
    for number in range(count):
        patient, positive = number // 2, number % 2 == 0
        part = "report" if patient % 5 == 0 else "select" if patient % 5 == 1 else "fit"
        rows.append(Row(str(number), "square" if positive else "none", positive, f"p{patient}", part, number == 7))
        pictures.append((str(number), picture(rng, positive)))
    frozen_sets.write_pictures(path / frozen_sets.PICTURES, pictures)
    kind = "patches" if patches else "films"
    facts = Facts("set", "Squares", 2, "square", kind, "2026-11-25T20:00:00", "tester", split={"by": "patient"})
    return frozen_sets.freeze(frozen_sets.write(path, facts, rows))


def prepare(folder: Path, kind: dict[str, Any], **changes: Any) -> tuple[Path, Path]:
    """Make configuration and data in `folder`; returns both paths."""
    if "frozen" in kind["data"]:
        make_frozen(folder / "data", kind["task"] != "classification")
    else:
        make_packed(folder / "data", "patches" in kind["data"])
    config = folder / "train.toml"
    config.write_text(CONFIG.format(**kind | changes))
    return config, folder / "data"


def start_process(config: Path, data: Path, out: Path, *more: str, **popen: Any) -> subprocess.Popen[str]:
    """Start the training process; its lines come from `stdout`."""
    words = ["train", str(config), "--data", str(data), "--out", str(out), "--device", "cpu", *more]
    return subprocess.Popen(
        command("training", *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **popen
    )


def said_by(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Yield what a process says until it ends (a line that a kill cut off is left out)."""
    assert process.stdout
    for line in process.stdout:
        if line.endswith("}\n"):
            yield json.loads(line)


def next_event(process: subprocess.Popen[str], name: str) -> dict[str, Any]:
    """Wait for an event of a process; the end of its words is a failure."""
    for said in said_by(process):
        if said["event"] == name:
            return said
        print(said)
    raise AssertionError(f"the process ended without {name}")


def plain(line: dict[str, Any]) -> dict[str, Any]:
    """An event without what the clock decides and what every line has."""
    return {k: v for k, v in line.items() if k not in ("seconds", "schema", "version")}
