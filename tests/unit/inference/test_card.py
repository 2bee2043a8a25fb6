"""A card is read strictly: what does not fit is refused with one sentence, and nothing in it is ever executed."""

import contextlib
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medviewer.core.errors import UserError
from medviewer.inference.card import Card, card_json, parse_card, read_card

GOOD: dict[str, Any] = {
    "schema": "medviewer.card/1",
    "name": "lung-nodule",
    "version": "1.0.0",
    "title": "Lung nodule",
    "task": "detection-map",
    "labels": [{"name": "nodule", "title": "Nodule", "code": ["SCT", "27925004", "Nodule"]}],
    "target": "nodule",
    "architecture": {"name": "fcn-nodule", "params": {"widths": [24, 48, 96], "dropout": 0.2}},
    "input": {
        "modality": ["CT"],
        "body_part": ["CHEST"],
        "unit": "HU",
        "pixel_mm": 0.7,
        "fit": "resample",
        "region": "lungs",
        "scaling": {"kind": "window", "low": -1000, "high": 400},
    },
    "eligibility": [
        {"rule": "modality", "allowed": ["CT"]},
        {"rule": "slice_thickness", "min": 0.5, "max": 6},
        {"rule": "min_size", "rows": 64, "columns": 64},
    ],
    "output": {"score_kind": "score", "cell": {"stride": [4, 4], "offset": [22, 22], "field": 45}},
    "threshold": {"value": 0.4, "how": "Youden on the validation blocks"},
    "explain": {"layer": "features.stage3", "cell": {"stride": [4, 4], "offset": [18, 18]}},
    "intended_use": "Research.",
    "limits": ["Not for diagnosis."],
    "training": {"data": ["luna16-nodule-patches"], "seed": 7},
    "licence": "Apache-2.0",
    "sha256s": {"weights.safetensors": "0" * 64},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return GOOD with the field at "a.b.0" set; `...` deletes it."""
    card: Any = json.loads(json.dumps(GOOD))
    *way, last = path.split(".")
    at = card
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is ...:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return card  # type: ignore[no-any-return]


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text(text, "utf-8")
    return folder / "card.json"


def test_a_good_card_is_read_and_written_without_change(tmp_path: Path) -> None:
    card = read_card(write(tmp_path / "m", json.dumps(GOOD)))
    assert card.input.scaling.low == -1000.0
    assert isinstance(card.eligibility[1].max, float)
    assert card.explain.baseline.kind == "mean"
    assert read_card(write(tmp_path / "again", card_json(card))) == card
    assert dataclasses.is_dataclass(Card)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("schema", "medviewer.card/2", "schema"),
        ("name", "../evil", "name"),
        ("surprise", 1, "unknown field surprise"),
        ("input.eval", "1+1", "unknown field eval"),
        ("target", ..., "lacks target"),
        ("target", "cat", "none of its labels"),
        ("task", "segmentation", "task"),
        ("version", 1, "version is not text"),
        ("input.channels", True, "not a whole number"),
        ("input.channels", 99, "channels"),
        ("input.pixel_mm", 0, "pixel_mm"),
        ("input.scaling.high", -2000, "low"),
        ("input.scaling.low", "-1000", "not a number"),
        ("input.modality", "CT", "not a list"),
        ("eligibility", [], "no eligibility rules"),
        ("eligibility.0.rule", "weather", "no eligibility rule"),
        ("eligibility.1.min", 9, "min is above max"),
        ("eligibility.0.allowed", [], "allows nothing"),
        ("threshold.value", 1, "threshold"),
        ("threshold.how", "", "how it was chosen"),
        ("output.score_kind", "probability", "without a calibration"),
        ("output.score_kind", "percent", "score_kind"),
        ("output.cell", None, "output.cell"),
        ("calibration", {"a": -1, "b": 0}, "calibration"),
        ("explain.layer", "a;b", "layer"),
        ("explain.cell.stride", [4], "2 entries"),
        ("sha256s", {}, "hash of weights"),
        ("sha256s", {"weights.safetensors": "abc"}, "hash"),
        ("architecture.name", "os.system", ""),
        ("licence", "", "licence"),
        ("labels", [{"name": "a"}, {"name": "a"}], "labels"),
        ("limits", ["x" * 30_000], "too long"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(tmp_path: Path, path: str, value: Any, words: str) -> None:
    if path == "architecture.name":
        value = "os/system"
    with pytest.raises(UserError) as caught:
        read_card(write(tmp_path / "model-x", json.dumps(changed(path, value))))
    assert caught.value.code == "bad_model"
    assert "model-x" in caught.value.sentence
    assert words in caught.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '"card"',
        json.dumps(GOOD).replace('"seed": 7', '"seed": 7, "seed": 8'),
        json.dumps(GOOD).replace("0.7", "NaN"),
        json.dumps(GOOD).replace("0.7", "1e999"),
        json.dumps(GOOD).replace("0.7", "1" + "0" * 400),
        json.dumps(GOOD).replace("0.2", "1e999"),
        "[" * 100_000,
        "{" * 10 + "\x00",
    ],
)
def test_files_that_are_no_card_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError) as caught:
        read_card(write(tmp_path / "m", text))
    assert caught.value.code == "bad_model"


def test_a_card_that_is_missing_or_too_large_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no card"):
        read_card(tmp_path / "none" / "card.json")
    with pytest.raises(UserError, match="larger than 1 MB"):
        read_card(write(tmp_path / "big", " " * ((1 << 20) + 1)))
    (tmp_path / "big" / "card.json").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(UserError, match="not JSON"):
        read_card(tmp_path / "big" / "card.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    *GOOD,
    "input.scaling",
    "input.size",
    "input.options",
    "eligibility.0",
    "eligibility.1.max",
    "explain.cell",
    "labels.0.code",
    "training.data",
]


@given(path=st.sampled_from(FIELDS), value=JSON)
def test_any_json_in_any_field_is_a_card_or_a_value_error(path: str, value: Any) -> None:
    with contextlib.suppress(ValueError):
        parse_card(changed(path, value))
