"""What the source version says, as the smoke test compares the frozen program with it."""

import base64
import hashlib
import subprocess
from pathlib import Path
from typing import Any

from smoke_pictures import Png
from smoke_tools import Bench, Runner


def record(bench: Bench, python: Path) -> dict[str, Any]:
    """Return what the source version says: which syntaxes, the pixels of a file of each, scores, and its samples."""
    source = bench.source
    assert source is not None
    folder = bench.work / "source" / "samples"
    command = [python, Path(__file__).with_name("samples.py"), folder]
    told: dict[str, Any] = {
        "syntaxes": subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    }
    places = [("samples", folder), *([("data", bench.data)] if bench.data else [])]
    told["renders"] = {}
    for origin, place in places:
        for name, syntax in _one_of_each(source, place, every=origin == "samples").items():
            told["renders"][name] = {"from": origin, "syntax": syntax, **rendered(source, place / name)}
    packed = {path.name: base64.b85encode(path.read_bytes()).decode() for path in sorted(folder.iterdir())}
    told["samples"] = packed
    demo = source.document("demo", "--no-window", "--out", source.home / "demo")
    study = next((source.data / "demonstration").glob("*/study"))
    words = ("analyze", study / "film", "--model", "cxr-pneumonia", "--confirm-eligible", "--out", source.home / "film")
    told["scores"] = {"demonstration": demo["series_score"], "film": source.document(*words)["series_score"]}
    return told


def _one_of_each(source: Runner, place: Path, every: bool) -> dict[str, str]:
    """Return file -> transfer syntax: every file, or the smallest series' first file of each syntax."""
    if every:
        found = {}
        for path in sorted(place.iterdir()):
            for name, syntax in _one_of_each(source, path, every=False).items():
                found[Path(name).name] = syntax
        return found
    series = [s for study in source.document("info", place)["studies"] for s in study["series"]]
    series.sort(key=lambda s: (s["frames"] * s["rows"] * s["columns"], s["files"][0]))
    chosen: dict[str, str] = {}
    for each in series:
        chosen.setdefault(each["transfer_syntax"], each["files"][0])
    return {file: syntax for syntax, file in chosen.items()}


def rendered(runner: Runner, path: Path) -> dict[str, str]:
    """Return hashes of the values and of the picture that a medviewer makes of a file."""
    values, picture = runner.home / "values.npy", runner.home / "picture.png"
    runner.call("render", path, "--values", values, "-o", picture)
    return {"values": hashlib.sha256(values.read_bytes()).hexdigest(), "pixels": Png(picture).sha256()}
