"""A model in use, candidates of runs and a frozen data set, all tiny and made by hand: for tests of promotion."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np

from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Facts, Row
from medviewer.inference import card as c
from medviewer.inference.folder import ModelFolder, load, sha256_of, write_sums
from tests.engine import tiny

NAME = "bright-film"


def champion(folder: Path) -> ModelFolder:
    """Write the model in use: version 1.0.0 of `bright-film`, for 8-bit films."""
    return _film(folder / NAME, "1.0.0")


def candidate(home: Path, run: str = "run-0001", version: str = "1.1.0+site.1", **changes: object) -> ModelFolder:
    """Write the finished model of a run; its weights differ from the champion's in one harmless number."""
    place = home / "data" / "runs" / run / "model"
    changes.setdefault("training", c.Training(("none",), job=run))
    return _film(place, version, bias=0.001 * (1 + int(run[-4:])), **changes)


def _film(place: Path, version: str, bias: float = 0.0, **changes: object) -> ModelFolder:
    making = place.with_name(NAME + "-making") / NAME
    made = tiny.film(making, input=_input(), version=version, **changes)
    if bias:
        import torch
        from safetensors.torch import load_file, save_file

        weights = made.path / "weights.safetensors"
        state = load_file(weights)
        name = next(n for n in reversed(list(state)) if n.endswith("bias"))
        state[name] = state[name] + torch.tensor(bias)
        save_file(state, weights)
        card = dataclasses.replace(made.card, sha256s={"weights.safetensors": sha256_of(weights)})
        (made.path / "card.json").write_text(c.card_json(card), "utf-8")
        write_sums(made.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made.path, place)
    making.parent.rmdir()
    return load(place)


def _input() -> c.Input:
    return c.Input(("CR", "DX"), c.Scaling("window", 0, 255), fit="stretch", size=(64, 64), min_size=(32, 32))


def dataset(home: Path, id_: str = "set-1", patients: int = 30, seed: int = 0) -> DataSet:
    """Write a frozen data set: films with a square that is brighter where the finding is; one film a patient."""
    rng = np.random.default_rng(seed)
    path = home / "data" / "datasets" / id_
    path.mkdir(parents=True)
    rows, pictures = [], []
    for part in datasets.PARTS:
        for number in range(2 * patients):
            key, positive = f"{len(rows):06d}", number % 2 == 0
            more = {"sex": "F" if number % 4 < 2 else "M", "age": str(number % 60)}
            rows.append(Row(key, "square" if positive else "none", positive, f"p{len(rows)}", part, more=more))
            picture = rng.integers(0, 60, (64, 64), dtype=np.uint8)
            picture[20:40, 20:40] = int(rng.normal(190 if positive else 150, 18).__round__()) % 256
            pictures.append((key, picture))
    datasets.write_pictures(path / datasets.PICTURES, pictures)
    facts = Facts(id_, "Squares", 1, "square", "films", "2026-11-25T10:00:00+00:00", "tester")
    return datasets.freeze(datasets.write(path, facts, rows))
