"""The two shipped models: whole, of the promised size, and as good as their cards say."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medviewer.core import statistics
from medviewer.core.findings import SliceScore
from medviewer.engine import models
from medviewer.engine.models import LoadedModel
from medviewer.engine.nets import parameter_count
from medviewer.engine.predict import Picture, predict
from medviewer.engine.train.config import read_config
from medviewer.inference.folder import load, verify
from tests.conftest import ROOT

SHIPPED = ("cxr-pneumonia", "lung-nodule")


def shipped(name: str) -> LoadedModel:
    folder = load(ROOT / "models" / name)
    return models.load(folder.path, folder.sha256, "cpu")


def scored(model: LoadedModel, pictures: list[NDArray[Any]], **options: Any) -> list[SliceScore]:
    given = [Picture(i, p, options.get("spacing"), options.get("inverted", False)) for i, p in enumerate(pictures)]
    answers = [s for part in predict(model, given, batch=32, patch=options.get("patch", False)) for s in part]
    return sorted(answers, key=lambda s: s.index)


def rows_of(folder: Path, count: int) -> list[dict[str, str]]:
    """Every n-th row of the split that no training saw, `count` in all."""
    with (folder / "labels.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["split"] == "val"]
    return [rows[i] for i in np.linspace(0, len(rows) - 1, count).astype(int)]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_folder_is_whole(name: str) -> None:
    folder = load(ROOT / "models" / name)
    assert verify(folder) == ()
    config = read_config(folder.path / "train.toml")
    assert config.sha256 == folder.card.training.config_sha256
    assert config.schedule.seed == folder.card.training.seed
    assert folder.card.threshold.how
    assert folder.card.metrics
    text = (folder.path / "README.md").read_text()
    assert "Shortcuts" in text
    assert "thumbnail" in text
    assert "content x 1.33" in text or name == "cxr-pneumonia"


def test_the_chest_film_model_is_small_and_looks_at_enough_pixels() -> None:
    model = shipped("cxr-pneumonia")
    assert parameter_count(model.net) <= 1_300_000
    assert model.card.input.size is not None
    assert min(model.card.input.size) >= 128
    assert any(isinstance(m, torch.nn.BatchNorm2d) for m in model.net.modules())
    assert model.card.output.score_kind == "probability"


def films(folder: Path, rows: list[dict[str, str]]) -> list[NDArray[Any]]:
    image = pytest.importorskip("PIL.Image")
    with np.load(folder / "images.npz", allow_pickle=False) as z:
        names, blob, offsets = z["names"].tolist(), z["blob"].tobytes(), z["offsets"].tolist()
    at = {n: i for i, n in enumerate(names)}
    spans = ((offsets[at[r["file"]]], offsets[at[r["file"]] + 1]) for r in rows)
    return [np.asarray(image.open(io.BytesIO(blob[a:b]))) for a, b in spans]


def test_pneumonia_is_told_on_films_that_no_training_saw(shared: Path) -> None:
    folder = shared / "data/train/kermany-cxr-224"
    rows = rows_of(folder, 150)
    answers = scored(shipped("cxr-pneumonia"), films(folder, rows))
    truth = np.array([r["label"] == "PNEUMONIA" for r in rows])
    assert statistics.auc([a.scores["pneumonia"] for a in answers], truth) >= 0.975
    assert np.mean(np.array([a.positive for a in answers]) == truth) >= 0.92


def test_a_film_scores_the_same_as_jpeg_and_as_12_bit_monochrome1(shared: Path) -> None:
    folder = shared / "data/train/kermany-cxr-224"
    grey = [f if f.ndim == 2 else f[..., 0] for f in films(folder, rows_of(folder, 8))]
    model = shipped("cxr-pneumonia")
    plain = scored(model, grey)
    turned = scored(model, [(4095 - np.round(f * (4095 / 255))).astype(np.uint16) for f in grey], inverted=True)
    for a, b in zip(plain, turned, strict=True):
        assert abs(a.scores["pneumonia"] - b.scores["pneumonia"]) <= 0.02


def test_nodules_are_told_on_patches_that_no_training_saw(shared: Path) -> None:
    folder = shared / "data/train/luna16-nodule-patches"
    rows = rows_of(folder, 150)
    with np.load(folder / "patches.npz", allow_pickle=False) as z:
        x = dict(zip(z["names"].tolist(), z["x"], strict=True))
    answers = scored(shipped("lung-nodule"), [x[r["file"]] for r in rows], patch=True)
    truth = np.array([r["label"] == "1" for r in rows])
    assert statistics.auc([a.scores["nodule"] for a in answers], truth) >= 0.95


def test_a_nodule_in_a_whole_slice_is_the_highest_place() -> None:
    """A ball of 9 mm in a lung; the same slice without it scores lower, and the place is on the ball."""
    pixel, at = 0.8, (206.0, 150.0)
    y, x = np.mgrid[:360, :360] * pixel
    hu = np.full(x.shape, -1000, np.int16)
    hu[((x - 144) / 130) ** 2 + ((y - 144) / 90) ** 2 < 1] = 40
    for side in (-60, 60):
        hu[((x - 144 - side) / 45) ** 2 + ((y - 144) / 65) ** 2 < 1] = -850
    noise = np.random.default_rng(0).normal(0, 20, hu.shape).astype(np.int16)
    ball = np.where((x - at[0]) ** 2 + (y - at[1]) ** 2 < 4.5**2, 20, hu).astype(np.int16)
    model = shipped("lung-nodule")
    without, with_ball = scored(model, [hu + noise, ball + noise], spacing=(pixel, pixel))
    assert with_ball.scores["nodule"] > without.scores["nodule"]
    column, row = with_ball.findings[0].at
    assert np.hypot(column * pixel - at[0], row * pixel - at[1]) < 5
