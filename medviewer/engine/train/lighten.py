"""`lighten MODELDIR --kind onnx|int8 --data DATASET --out DIR`: makes a lighter copy and tests it against the model.

The test is on the parts that are not locked, through the one reading path: how far the shown score moves, what becomes
of the AUC, how many pictures change sides, and how long both take, in turns, on one thread. light.json says it all; a
copy is only good if it stays within LIMITS (AI.md 6).
"""

import argparse
import contextlib
import hashlib
import json
import logging
import statistics as of_rounds
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medviewer.core import datasets, statistics
from medviewer.core.datasets import DataSet, Row
from medviewer.core.errors import UserError, exit_code
from medviewer.engine import light, models
from medviewer.engine.light import LightCopy
from medviewer.engine.models import LoadedModel
from medviewer.engine.predict import Picture, predict, prepare_picture
from medviewer.engine.train.voice import Say, voice
from medviewer.inference.card import read_card

FILE, RESULT = "copy.onnx", "light.json"
#: Most the shown score may move, most the AUC may change, fewest pictures to tell it on, most of the model's time.
LIMITS = {"worst": 0.02, "auc": 0.002, "n": 200, "ratio": 0.9}
#: Pictures that scale the 8-bit numbers, pictures to test on at most, and how the time is taken.
CALIBRATED, TESTED, BATCH, ROUNDS = 256, 1000, 8, 7


@dataclass(frozen=True)
class Tested:
    """A copy against its model, on n pictures. `ratio`: its time over the model's."""

    n: int
    worst: float
    flipped: int
    auc: float
    base_auc: float
    ratio: float

    @property
    def faults(self) -> list[str]:
        """What keeps it from being used, one sentence each."""
        found = []
        if self.n < LIMITS["n"]:
            found.append(f"It was tested on {self.n} pictures; {LIMITS['n']} are needed.")
        if self.worst > LIMITS["worst"]:
            found.append(f"A score moves by {self.worst:.3f}; {LIMITS['worst']} is allowed.")
        if not abs(self.auc - self.base_auc) <= LIMITS["auc"]:
            found.append(f"The AUC changes from {self.base_auc:.4f} to {self.auc:.4f}; {LIMITS['auc']} is allowed.")
        if self.ratio > LIMITS["ratio"]:
            found.append(f"It takes {self.ratio:.2f} of the model's time on this computer: not worth it.")
        return found


def main(argv: Sequence[str]) -> int:
    """Make and test one copy; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="medviewer --process training lighten")
    parser.add_argument("model", type=Path)
    parser.add_argument("--kind", choices=light.KINDS, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of one data set")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--attached", action="store_true", help="end with the program that started it")
    try:
        options = parser.parse_args(list(argv))
    except SystemExit as end:
        return int(end.code or 0)
    torch.set_num_threads(1)
    with voice() as say:
        try:
            say({"event": "done", **lighten(options.model, options.kind, options.data, options.out, say)})
        except UserError as error:
            say({"event": "failed", "code": error.code, "sentence": error.sentence})
            return exit_code(error)
        except OSError as error:
            say({"event": "failed", "code": "disk", "sentence": "The lighter copy could not be written to the disk."})
            logging.getLogger(__name__).warning("%s", error)
            return 4
    return 0


def lighten(folder: Path, kind: str, data: Path, out: Path, say: Say) -> dict[str, Any]:
    """Write copy.onnx and light.json into `out` and return what light.json says.

    Raises:
        UserError: `no_onnxruntime`, `bad_model`, `bad_dataset`.
    """
    card = read_card(folder / "card.json")
    model = models.load(folder, card.weights_sha256, "cpu")
    dataset = datasets.read(data)
    if dataset.facts.target != card.target:
        raise UserError("bad_dataset", "This data set is about another finding than the model.")
    out.mkdir(parents=True, exist_ok=True)
    say({"event": "making"})
    rows = _open_rows(dataset)
    with quiet():
        _write(model, kind, dataset, rows, out / FILE)
    sha256 = hashlib.sha256((out / FILE).read_bytes()).hexdigest()
    copy = LightCopy(out / FILE, sha256, kind, threads=1)
    tested = test(model, copy, dataset, rows, say)
    faults = tested.faults
    found: dict[str, Any] = {
        "schema": "medviewer.light/1",
        "model": card.name,
        "version": card.version,
        "kind": kind,
        "sha256": sha256,
        "base_sha256": model.sha256,
        "bytes": (out / FILE).stat().st_size,
        "base_bytes": (folder / "weights.safetensors").stat().st_size,
        "dataset": dataset.id,
        **vars(tested),
        "ok": not faults,
        "text": " ".join(faults) or f"Equal enough on {tested.n} pictures.",
    }
    (out / RESULT).write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return found


def _open_rows(dataset: DataSet) -> list[Row]:
    """Return rows that are not locked, the selecting part (which the net was not fitted on) first."""
    return [*dataset.part("select"), *dataset.part("fit")][:TESTED]


def _write(model: LoadedModel, kind: str, dataset: DataSet, rows: list[Row], to: Path) -> None:
    spec = model.card.input
    plain = to if kind == "onnx" else to.with_name("plain.onnx")
    side = next((x.shape[2:] for x in _inputs(model, dataset, rows[:1])), spec.size or (64, 64))
    light.write_onnx(model.net, (int(side[0]), int(side[1])), spec.channels, plain)
    if kind == "int8":
        fit = list(dataset.part("fit"))[:CALIBRATED] or rows[:CALIBRATED]
        light.write_int8(plain, _inputs(model, dataset, fit), to)
        plain.unlink()


def _inputs(model: LoadedModel, dataset: DataSet, rows: list[Row]) -> Iterator[NDArray[np.float32]]:
    """Yield what the net is given, one picture at a time."""
    for picture in _pictures(dataset, rows):
        ready = prepare_picture(model, picture, patch=dataset.facts.kind == "patches")
        if ready.reason is None:
            yield ready.tensor[None]


def _pictures(dataset: DataSet, rows: list[Row]) -> Iterator[Picture]:
    with dataset.pictures() as pictures:
        for number, row in enumerate(rows):
            yield Picture(number, pictures[row.file])


def test(model: LoadedModel, copy: LightCopy, dataset: DataSet, rows: list[Row], say: Say) -> Tested:
    """Return how the copy compares on the rows' pictures."""
    base, other = _scores(model, None, dataset, rows, say), _scores(model, copy, dataset, rows, say)
    both = sorted(set(base) & set(other))
    a, b = np.array([base[n] for n in both]), np.array([other[n] for n in both])
    y = np.array([rows[n].positive for n in both], bool)
    point = model.card.threshold.value
    return Tested(
        len(both),
        float(np.abs(a - b).max()) if both else 0.0,
        int(((a >= point) != (b >= point)).sum()),
        statistics.auc(b, y),
        statistics.auc(a, y),
        _ratio(model, copy, dataset, rows),
    )


def _scores(
    model: LoadedModel, copy: LightCopy | None, dataset: DataSet, rows: list[Row], say: Say
) -> dict[int, float]:
    found: dict[int, float] = {}
    patch = dataset.facts.kind == "patches"
    for some in _several(_pictures(dataset, rows), 64):
        for scores in predict(model, some, batch=BATCH, patch=patch, copy=copy):
            found |= {s.index: s.scores[model.card.target] for s in scores if s.evaluated}
        say({"event": "pictures", "done": len(found), "of": len(rows), "of_copy": copy is not None})
    return found


def _several(pictures: Iterator[Picture], count: int) -> Iterator[list[Picture]]:
    some: list[Picture] = []
    for picture in pictures:
        some.append(picture)
        if len(some) == count:
            yield some
            some = []
    if some:
        yield some


def _ratio(model: LoadedModel, copy: LightCopy, dataset: DataSet, rows: list[Row]) -> float:
    """Return the copy's time over the net's: medians over rounds, in turns, as each is really called."""
    one = next(_inputs(model, dataset, rows[:1]))
    x = torch.from_numpy(np.repeat(one, BATCH, 0))
    again = x.to(memory_format=torch.channels_last)

    def net() -> None:
        with torch.no_grad():
            model.net(again)

    ways: tuple[Callable[[], object], ...] = (net, lambda: copy.logits(x))
    times: list[list[float]] = [[], []]
    for number in range(ROUNDS + 1):
        for way, kept in zip(ways, times, strict=True):
            began = time.process_time()
            way()
            if number:  # the first one prepares itself
                kept.append(time.process_time() - began)
    return of_rounds.median(times[1]) / max(of_rounds.median(times[0]), 1e-9)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence exporters, who talk a lot in warnings and logs; none of it is for the person who waits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
