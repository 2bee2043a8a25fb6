"""A small frozen data set (bright squares) and plans on it, for tests of training runs."""

from pathlib import Path
from typing import Any

import numpy as np

from medviewer.app.admin.records import Plan, Start
from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Facts, Row

SIDE = 64
PARTS = ("fit", "fit", "fit", "select", "report")


def dataset(
    root: Path,
    id_: str = "20260101-000000-aaaaaa",
    patients: int = 30,
    frozen: bool = True,
    target: str = "square",
    kind: str = "films",
    side: int = SIDE,
    square: int = 18,
    **facts: Any,
) -> DataSet:
    """Write a data set of two pictures a patient, half of the patients with a bright square."""
    folder = root / id_
    folder.mkdir(parents=True)
    rng = np.random.default_rng(3)
    rows, pictures = [], []
    for number in range(2 * patients):
        patient = number // 2
        positive = patient % 2 == 0
        picture = rng.integers(0, 110, (side, side)).astype(np.uint8)
        if positive:
            row, column = rng.integers(4, side - square - 5, 2)
            picture[row : row + square, column : column + square] = 200
        file = f"{number + 1:06d}"
        label = target if positive else f"no {target}"
        rows.append(Row(file, label, positive, str(patient + 1), PARTS[patient // 2 % len(PARTS)]))
        pictures.append((file, picture))
    datasets.write_pictures(folder / datasets.PICTURES, pictures)
    values: dict[str, Any] = {"source": {"kind": "folder"}, "split": {"by": "patient", "seed": 0}} | facts
    made = datasets.write(
        folder, Facts(id_, "Squares", 1, target, kind, "2026-01-01T00:00:00+00:00", "tests", **values), rows
    )
    return datasets.freeze(made) if frozen else made


def plan(data: DataSet | str, **changes: Any) -> Plan:
    """Return a plan of a short fine-tuning of the tests' own film model."""
    values: dict[str, Any] = {
        "title": "Squares of this site",
        "dataset": data if isinstance(data, str) else data.id,
        "start": Start("model", "bright-film", "1.0.0"),
        "epochs": 3,
        "batch": 8,
        "device": "cpu",
        "threads": 1,
        "augment": {"angle": 5.0, "noise": 0.02},
    }
    return Plan(**values | changes)
