"""Learning from other models, and the figures that a model is judged by under changed exposure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from medviewer.core import statistics
from medviewer.core.errors import UserError
from medviewer.engine.train import distil
from medviewer.engine.train.config import read_config
from medviewer.engine.train.datasets import Examples
from medviewer.engine.train.finish import stress_figures
from medviewer.engine.train.run import Options, run
from medviewer.inference.folder import load, verify
from tests.engine.training import FILMS, PATCHES, prepare

DISTIL = "\n[distil]\nweight = {weight}\ntemperature = 2.0\nteachers = {teachers}\n"


def teachers(tmp_path: Path, kind: dict[str, Any], count: int) -> tuple[Path, Path, tuple[Path, ...]]:
    """Train `count` teachers of a few epochs (seeds of their own, the second with a smaller input)."""
    config, data = prepare(tmp_path, kind, epochs=4)
    made = []
    for number in range(count):
        text = config.read_text().replace("seed = 5", f"seed = {number + 50}")
        own = tmp_path / f"teacher-{number}.toml"
        own.write_text(text.replace("size = [32, 32]", "size = [24, 24]") if number else text)
        made.append(tmp_path / f"teacher-{number}")
        run(Options(own, data, made[-1]), lambda _: None)
    return config, data, tuple(made)


def with_distil(config: Path, count: int, weight: float = 0.8) -> Path:
    path = config.with_name("student.toml")
    path.write_text(config.read_text() + DISTIL.format(weight=weight, teachers=count))
    return path


@pytest.mark.parametrize("kind", [FILMS, PATCHES], ids=["films", "patches"])
def test_a_student_is_pulled_to_the_mean_of_its_teachers(tmp_path: Path, kind: dict[str, Any]) -> None:
    config, _, folders = teachers(tmp_path, kind, 2)
    teaching = distil.load(read_config(with_distil(config, 2)), folders, "cpu")
    assert teaching is not None
    side = 45 if kind is PATCHES else 32
    x = torch.rand(6, 1, side, side, generator=torch.Generator().manual_seed(1))
    alone = [distil.Teaching([t], teaching.settings).opinion(x) for t in teaching.teachers]
    wanted = torch.stack(alone).mean(0)
    assert torch.allclose(teaching.opinion(x), wanted)
    assert not torch.allclose(alone[0], alone[1])
    slopes = []
    for z in (wanted - 1, wanted, wanted + 1):
        z = z.clone().requires_grad_()
        teaching(x, z).sum().backward()
        assert z.grad is not None
        slopes.append(z.grad)
    assert (slopes[0] < 0).all()
    assert torch.allclose(slopes[1], torch.zeros(6), atol=1e-6)
    assert (slopes[2] > 0).all()


def test_the_folder_of_a_distilled_model_says_who_taught_it_and_how_to_make_it_again(tmp_path: Path) -> None:
    config, data, folders = teachers(tmp_path, FILMS, 2)
    lines: list[dict[str, Any]] = []
    options = Options(with_distil(config, 2), data, tmp_path / "m", teachers=folders, beside=folders[:1])
    run(options, lines.append)
    folder = load(tmp_path / "m")
    assert verify(folder) == ()
    for number, teacher in enumerate(folders, 1):
        assert (folder.path / f"teacher-{number}.toml").read_bytes() == (teacher / "train.toml").read_bytes()
        assert any(load(teacher).sha256[:12] in note for note in folder.card.training.notes)
    text = (folder.path / "README.md").read_text()
    assert "--teacher made/teacher-1 --teacher made/teacher-2 --beside made/squares" in text
    assert "## Beside other nets" in text
    assert lines[-1]["stress_auc"] > 0.5
    told = [m for m in folder.card.metrics if "stress validation (12 changes)" in m.data]
    assert [m.name for m in told] == ["auc", "accuracy"]
    assert f"{lines[-1]['stress_auc']:.4f}" in text


def test_teachers_and_configuration_must_fit(tmp_path: Path) -> None:
    config, _, folders = teachers(tmp_path, FILMS, 1)
    student = read_config(with_distil(config, 2))
    with pytest.raises(UserError, match="learns from 2 teachers; 1 were named"):
        distil.load(student, folders, "cpu")
    with pytest.raises(UserError, match=r"no table \[distil\]"):
        distil.load(read_config(config), folders, "cpu")
    words = {"target": "circle", "labels": [{"name": "circle"}]}
    other = replace(student, distil={"weight": 0.5}, card=student.card | words)
    with pytest.raises(UserError, match="looks for something else"):
        distil.load(other, folders, "cpu")
    with pytest.raises(UserError, match="takes weight"):
        distil.load(replace(student, distil={"weight": 2.0}), folders, "cpu")
    assert distil.load(read_config(config), (), "cpu") is None


def examples(y: list[bool]) -> Examples:
    n = len(y)
    groups = np.array([f"p{i}" for i in range(n)])
    return Examples(np.zeros((n, 1, 1), np.float16), np.array(y), groups, tuple("a" * n), np.zeros(n, np.int64))


def test_the_stress_figures_are_those_of_films_drawn_at_the_asked_share() -> None:
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.2
    scores = np.clip(0.5 + 0.25 * (y - 0.5) + rng.normal(0, 0.2, 400), 0, 1)
    figures = stress_figures({"as it is": scores}, examples(y.tolist()), 0.5, 0.625)
    positives, negatives = rng.choice(scores[y], 62_500), rng.choice(scores[~y], 37_500)
    drawn = np.concatenate([positives >= 0.5, negatives < 0.5]).mean()
    assert figures["accuracy"] == pytest.approx(drawn, abs=0.006)
    assert figures["auc"] == pytest.approx(statistics.auc(scores, y))


def test_a_score_that_moves_with_the_exposure_costs_stress_auc() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(300) < 0.5
    scores = np.clip(0.3 + 0.2 * y + rng.normal(0, 0.05, 300), 0, 1)
    steady = stress_figures({"a": scores, "b": scores}, examples(y.tolist()), 0.4)
    moved = stress_figures({"a": scores, "b": scores + 0.3}, examples(y.tolist()), 0.4)
    assert steady["auc_mean"] == pytest.approx(moved["auc_mean"])
    assert moved["auc"] < steady["auc"] - 0.1
    assert moved["lowest_accuracy"][1] == "b"
