"""Previews: a picture as training would change it, by the training's own code."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from medviewer.app.admin.plan_values import CHANGES
from medviewer.app.admin.plans import config_text, model_base
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.engine.train.augment import Variety
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.preview import changed
from tests.engine import tiny
from tests.unit.app.admin import small


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return small.dataset(tmp_path_factory.mktemp("datasets"))


@pytest.fixture(scope="module")
def config(squares: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Config:
    model = tiny.film(tmp_path_factory.mktemp("models") / "bright-film")
    path = tmp_path_factory.mktemp("plan") / "train.toml"
    path.write_text(config_text(small.plan(squares), model_base(model), squares, "2"), "utf-8")
    return read_config(path)


def picture(squares: DataSet, number: int = 0) -> np.ndarray:
    with squares.pictures() as pictures:
        return pictures[squares.rows[number].file] * np.int16(4)  # values 0..1000, as the model's window wants


def test_every_change_of_training_can_be_planned_and_nothing_else() -> None:
    fields = {f.name: f.default for f in dataclasses.fields(Variety)}
    assert set(CHANGES) == set(fields)
    for name, (least, most, pair) in CHANGES.items():
        default = fields[name]
        assert isinstance(default, tuple) is pair, name
        if (least, most) == (0, 0):
            assert isinstance(default, bool), name
        else:
            values = default if isinstance(default, tuple) else (default,)
            assert all(least <= v <= most for v in values), name


def test_a_plan_s_configuration_is_one_that_the_training_reads(config: Config, squares: DataSet) -> None:
    assert config.start is not None
    assert (config.start.model, config.data["set"]) == ("bright-film", squares.id)
    assert (config.schedule.epochs, config.schedule.batch, config.augment.angle) == (3, 8, 5.0)


def test_without_changes_all_eight_are_the_picture_as_the_net_is_given_it(config: Config, squares: DataSet) -> None:
    found = changed(config, picture(squares), "films", {}, 0)
    assert (found.shape, found.dtype) == ((8, 64, 64), np.uint8)
    expected = np.round(np.clip(picture(squares) / 1000, 0, 1) * 255)
    assert np.abs(found.astype(int) - expected).max() <= 1


def test_changes_follow_the_seed(config: Config, squares: DataSet) -> None:
    wish = {"angle": 20.0, "noise": 0.1, "mirror": True}
    one, again, other = (changed(config, picture(squares), "films", wish, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert len({p.tobytes() for p in one}) == 8


@pytest.mark.parametrize("wish", [{"swirl": 1.0}, {"angle": "far"}, {"scale": [1.0]}])
def test_a_change_that_cannot_be_made_is_an_error_and_no_picture(
    config: Config, squares: DataSet, wish: dict[str, object]
) -> None:
    with pytest.raises((TypeError, ValueError)):
        changed(config, picture(squares), "films", wish, 0)


def test_a_picture_that_is_too_small_says_so(config: Config) -> None:
    with pytest.raises(UserError, match="too small"):
        changed(config, np.zeros((8, 8), np.uint8), "films", {}, 0)


def test_the_module_keeps_out_of_the_way(tmp_path: Path) -> None:
    from medviewer.engine.train.preview import main

    assert main(["--nonsense"]) == 2
