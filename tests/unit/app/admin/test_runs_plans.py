"""From a plan to a train.toml: the same plan gives the same bytes, and the card says what is true."""

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.admin import plans
from medviewer.app.admin.plan_values import check_plan, parse_plan
from medviewer.app.admin.plans import Base
from medviewer.app.admin.records import Start
from medviewer.app.admin.toml import to_toml
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.inference.folder import load
from tests.unit.app.admin import small


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return small.dataset(tmp_path_factory.mktemp("datasets"))


@pytest.fixture
def film(tiny_models: Path) -> Base:
    return plans.model_base(load(tiny_models / "bright-film"))


@pytest.fixture
def preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Base:
    """A preset "boxes" with settings of its own, written for the packed set `boxes-64`."""
    folder = tmp_path / "shipped" / "boxes"
    folder.mkdir(parents=True)
    (folder / "train.toml").write_text(PRESET, "utf-8")
    monkeypatch.setattr(plans, "shipped_models", lambda: folder.parent)
    return plans.preset_base("boxes")


PRESET = """
notes = ["Frames: painted over."]
[card]
name = "boxes"
version = "1.0.0"
title = "Boxes"
task = "classification"
target = "box"
intended_use = "Finds boxes of one hospital."
limits = ["Boxes of Guangzhou only."]
licence = "CC BY 4.0"
credits = ["Boxes: Box Company."]
labels = [{ name = "box", title = "Square" }]
eligibility = [{ rule = "modality", allowed = ["DX"] }]
architecture = { name = "resnet-small", params = { widths = [4], blocks = [1], stem = 4 } }
output = { score_kind = "probability" }
[card.input]
modality = ["DX"]
size = [64, 64]
min_size = [32, 32]
scaling = { kind = "percentile", low = 1, high = 99 }
[data]
set = "boxes-64"
kind = "films"
label = "label"
positive = "box"
group = "patient"
report = "val"
select = 4
[training]
epochs = 12
batch = 64
rate = 1e-3
optimiser = "adam"
adam_eps = 1e-7
schedule = "constant"
class_weights = false
threads = 2
[augment]
angle = 20.0
"""


def test_the_same_plan_makes_the_same_bytes(film: Base, squares: DataSet) -> None:
    plan = small.plan(squares)
    assert plans.config_text(plan, film, squares, "1.1.0") == plans.config_text(plan, film, squares, "1.1.0")
    other = plans.config_text(dataclasses.replace(plan, seed=1), film, squares, "1.1.0")
    assert other != plans.config_text(plan, film, squares, "1.1.0")


def test_the_title_of_a_run_goes_nowhere_but_into_its_description(film: Base, squares: DataSet) -> None:
    text = plans.config_text(small.plan(squares, title="Films of Mrs Doe"), film, squares, "1.1.0")
    assert "Doe" not in text


def test_fine_tuning_keeps_the_card_and_adds_one_true_line(film: Base, squares: DataSet) -> None:
    table = tomllib.loads(plans.config_text(small.plan(squares), film, squares, "1.1.0+site.1"))
    card, parent = table["card"], film.card
    assert card["version"] == "1.1.0+site.1"
    for name in ("name", "title", "intended_use", "eligibility", "input", "labels", "licence", "target"):
        assert card[name] == json.loads(json.dumps(parent[name])), name
    assert card["limits"][:-1] == parent["limits"]
    fit = squares.counts()["fit"]
    line = card["limits"][-1]
    assert f"{fit['images']} pictures ({fit['positives']} with “square”) of {fit['patients']} patients" in line
    assert squares.facts.sha256[:12] in line
    assert "bright-film 1.0.0" in line


def test_fine_tuning_names_the_weights_it_starts_from_and_its_data_by_hash(film: Base, squares: DataSet) -> None:
    table = tomllib.loads(plans.config_text(small.plan(squares, freeze=-1, mixup=0.2), film, squares, "2"))
    assert film.model is not None
    assert table["start"] == {
        "kind": "weights",
        "model": "bright-film",
        "version": "1.0.0",
        "sha256": film.model.sha256,
    }
    assert table["data"] == {"kind": "frozen", "set": squares.id, "sha256": squares.facts.sha256}
    training = table["training"]
    assert (training["freeze"], training["mixup"], training["rate"]) == (-1, 0.2, 3e-4)
    assert table["augment"] == {"angle": 5.0, "noise": 0.02}


def test_a_preset_from_scratch_is_its_recipe_with_the_data_replaced(preset: Base, squares: DataSet) -> None:
    plan = dataclasses.replace(plans.suggested(Start("scratch", "boxes"), preset, squares.id), threads=1)
    assert (plan.epochs, plan.batch, plan.rate, plan.class_weights) == (12, 64, 1e-3, False)
    table = tomllib.loads(plans.config_text(plan, preset, squares, "1"))
    own = tomllib.loads(PRESET)
    assert "start" not in table
    assert table["training"].items() >= (own["training"] | {"threads": 1}).items()
    assert table["augment"] == own["augment"]
    assert table["card"]["architecture"] == own["card"]["architecture"]
    assert table["card"]["input"] == own["card"]["input"]


def test_a_preset_on_other_data_does_not_claim_the_limits_and_credits_of_its_own(
    preset: Base, squares: DataSet
) -> None:
    text = plans.config_text(small.plan(squares, start=Start("scratch", "boxes")), preset, squares, "1")
    card = tomllib.loads(text)["card"]
    assert "Guangzhou" not in text
    assert "Box Company" not in text
    assert card["credits"] == []
    assert "from scratch on 36 pictures" in card["limits"][0]
    assert card["name"] == "boxes"  # the label's title is the data set's target


def test_a_preset_on_its_own_packed_data_keeps_what_it_says(preset: Base, tmp_path: Path) -> None:
    own = small.dataset(tmp_path / "sets", source={"kind": "packed", "set": "boxes-64"})
    table = tomllib.loads(plans.config_text(small.plan(own, start=Start("scratch", "boxes")), preset, own, "1"))
    assert table["card"]["credits"] == ["Boxes: Box Company."]
    assert table["notes"] == ["Frames: painted over."]


def test_a_preset_for_another_finding_becomes_a_model_of_another_name(preset: Base, tmp_path: Path) -> None:
    other = small.dataset(tmp_path / "sets", target="rib fracture")
    card = tomllib.loads(plans.config_text(small.plan(other, start=Start("scratch", "boxes")), preset, other, "1"))[
        "card"
    ]
    assert (card["name"], card["target"], card["title"]) == ("boxes-rib-fracture", "rib-fracture", "Rib fracture")
    assert [label["name"] for label in card["labels"]] == ["rib-fracture"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"epochs": 0}, "epochs"),
        ({"rate": float("nan")}, "rate"),
        ({"rate": True}, "rate"),
        ({"batch": 1.5}, "batch"),
        ({"seed": -1}, "seed"),
        ({"device": "quantum"}, "device"),
        ({"dataset": "../other"}, "data set"),
        ({"dataset": "a/b"}, "data set"),
        ({"augment": {"angle": 999}}, "angle"),
        ({"augment": {"scale": [1.2, 0.8]}}, "scale"),
        ({"augment": {"scale": 1.2}}, "scale"),
        ({"augment": {"mirror": 1}}, "mirror"),
        ({"augment": {"swirl": 1}}, "swirl"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_values_that_make_no_training_are_refused_with_a_sentence(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(UserError) as refused:
        check_plan(small.plan("set", **changes))
    assert refused.value.code == "bad_plan"
    assert word in refused.value.sentence


def test_a_plan_comes_back_from_its_plain_values(squares: DataSet) -> None:
    plan = small.plan(squares, augment={"scale": [0.8, 1.2], "mirror": True})
    assert parse_plan(json.loads(json.dumps(dataclasses.asdict(plan)))) == plan


@pytest.mark.parametrize("table", [{}, {"title": 3, "dataset": "a", "start": {}}, {"title": "", "colour": "red"}])
def test_values_of_a_damaged_file_are_no_plan(table: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        parse_plan(table)


def test_toml_says_what_it_was_given() -> None:
    table = {
        "title": 'a "quoted" \\ line\nand \x7f \t end “”',
        "rate": 1e-07,
        "count": 3,
        "yes": True,
        "none": None,
        "mixed": [[1, 2], {"a b": "c", "d": [0.5]}],
        "sub": {"deep": {"x": 1.0}, "y": "z"},
    }
    expected = {k: v for k, v in table.items() if v is not None}
    assert tomllib.loads(to_toml(table)) == expected
    with pytest.raises(ValueError, match="TOML"):
        to_toml({"x": float("inf")})
