"""`medviewer --process training inspect DATASET --out FILE [--features MODELDIR]`: looks at a data set.

It writes FILE (check.json), says {"event": "pictures", "done", "of"} on the way and {"event": "done", "findings",
"stops", "seconds"} at the end.
"""

import argparse
import dataclasses
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from medviewer.core import datasets
from medviewer.core.datasets import DataSet
from medviewer.engine.train.inspect import counts, labels, shortcuts, twins
from medviewer.engine.train.inspect.found import STOP, Finding
from medviewer.engine.train.inspect.measures import Measured, measure
from medviewer.engine.train.inspect.regression import folds
from medviewer.engine.train.voice import Say, do

FOLDS, EVERY = 5, 50
#: Pictures below which nothing is fitted.
LEAST_PICTURES = 20


def main(argv: Sequence[str]) -> int:
    """Inspect a data set and return the process's exit code."""
    parser = argparse.ArgumentParser(prog="medviewer inspect")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--features", type=Path, help="folder of a model")
    parser.add_argument("--attached", action="store_true", help="end with the program that started it")
    return do(parser, argv, lambda given, say: inspect(given.dataset, given.out, given.features, say))


def inspect(path: Path, out: Path, model: Path | None, say: Say) -> tuple[Finding, ...]:
    """Look at the data set in `path`, write the report to `out` and return what was found.

    Raises:
        UserError: `bad_dataset`, or what is wrong with the model of the features.
    """
    began = time.monotonic()
    dataset = datasets.read(path)
    total = len(dataset.kept)

    def tell(done: int, of: int) -> None:
        if done % EVERY == 0 or done == of:
            say({"event": "pictures", "done": done, "of": of})

    measured = []
    for number, one in enumerate(measure(dataset), 1):
        measured.append(one)
        tell(number, total)
    found = (*counts.findings(dataset), *_of_pictures(dataset, measured, model, tell))
    order = ("stop", "warn", "note")
    found = tuple(sorted(found, key=lambda f: order.index(f.severity)))
    seconds = round(time.monotonic() - began, 2)
    _write(out, dataset, found, seconds)
    stops = sum(finding.severity == STOP for finding in found)
    say({"event": "done", "findings": len(found), "stops": stops, "seconds": seconds})
    return found


def _of_pictures(dataset: DataSet, measured: list[Measured], model: Path | None, tell: Any) -> tuple[Finding, ...]:
    found = [*twins.findings(measured)]
    y = np.array([one.row.positive for one in measured], bool)
    if len(y) < LEAST_PICTURES or y.all() or not y.any():
        return tuple(found)
    fold = folds([one.row.patient for one in measured], y, FOLDS)
    features = None
    if model is not None:
        from medviewer.engine.train.inspect.features import of_model  # torch: only where it is wanted

        features = of_model(dataset, model, tell)
    found += shortcuts.findings(measured, y, fold)
    found += labels.findings(measured, y, fold, features)
    return tuple(found)


def _write(out: Path, dataset: DataSet, found: Sequence[Finding], seconds: float) -> None:
    report = {
        "schema": "medviewer.check/1",
        "dataset": dataset.id,
        "sha256": datasets.rows_sha256(dataset.rows),
        "seconds": seconds,
        "findings": [dataclasses.asdict(finding) for finding in found],
    }
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(report, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
