"""Calibration on real scores: a shipped model's answers for real CT patches."""

import csv
from pathlib import Path

import numpy as np
import pytest

from medviewer.app import labelled
from medviewer.app.session import Session
from medviewer.core import statistics
from medviewer.core.findings import SliceScore
from medviewer.core.jobs import Job


@pytest.fixture
def scores(shared: Path, warm: None, home: Path, tmp_path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(logits before any calibration, labels, which half: whole blocks) of 266 validation patches of `lung-nodule`."""
    folder = shared / "data" / "train" / "luna16-nodule-patches"
    with (folder / "labels.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"][::3]
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found: dict[int, SliceScore] = {}
    with Session(home) as session:
        model = session.model("lung-nodule")
        assert model is not None
        pictures = labelled.load(session, folder / "patches.npz", tmp_path / "labels.csv", model)
        job = Job("reading")
        take = lambda some: found.update({s.index: s for s in some})  # noqa: E731
        session.engine.predict(model, pictures.pictures, job, take, batch=32, patch=True)
        job.value(120)
    p = np.array([found[i].scores["nodule"] for i in range(len(rows))])
    calibration = model.card.calibration
    assert calibration is not None
    raw = (np.log(p / (1 - p)) - calibration.b) / calibration.a
    blocks = sorted({row["block"] for row in rows})
    return (
        raw,
        np.array([row.positive for row in pictures.rows]),
        np.array([row["block"] in blocks[::2] for row in rows]),
    )


def test_temperature_scaling_lowers_the_calibration_error_on_cases_it_was_not_fitted_on(scores):
    logits, labels, half = scores
    before, after = [], []
    for fitted in (half, ~half):
        t = statistics.fit_temperature(logits[fitted], labels[fitted])
        left = ~fitted
        before.append(statistics.ece(statistics.sigmoid(logits[left]), labels[left]))
        after.append(statistics.ece(statistics.sigmoid(logits[left] / t), labels[left]))
        assert statistics.auc(logits[left] / t, labels[left]) == statistics.auc(logits[left], labels[left])
    assert np.mean(after) < np.mean(before)
