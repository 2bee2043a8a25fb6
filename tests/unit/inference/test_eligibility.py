"""May this model read this stack? Yes, no with the reason, or unknown until the reader confirms."""

import dataclasses
from typing import Any

import pytest

from medviewer.core.study import FrameHeader, ImageHeader, ImageRef, Patient, Stack
from medviewer.inference.card import RULES, EligibilityRule, parse_card
from medviewer.inference.eligibility import RULES as ANSWERS
from medviewer.inference.eligibility import judge
from tests.unit.inference.test_card import GOOD

CARD = parse_card(GOOD)
CT_RULES = (
    EligibilityRule("modality", ("CT",)),
    EligibilityRule("body_part", ("CHEST", "THORAX")),
    EligibilityRule("plane", ("axial",)),
    EligibilityRule("unit", ("HU",)),
    EligibilityRule("image_type", refused=("LOCALIZER",)),
    EligibilityRule("slice_thickness", min=1, max=6),
    EligibilityRule("pixel_spacing", min=0.4, max=1.2),
    EligibilityRule("min_size", rows=64, columns=64),
)
FILM_RULES = (
    EligibilityRule("modality", ("CR", "DX")),
    EligibilityRule("view_position", ("PA", "AP")),
    EligibilityRule("photometric", ("MONOCHROME1", "MONOCHROME2", "RGB")),
    EligibilityRule("patient_age", max=18),
    EligibilityRule("min_size", rows=64, columns=64),
)


def stack(
    plane: str = "axial", spacing: tuple[float, float] | None = (0.7, 0.7), count: int = 3, **header: Any
) -> Stack:
    values: dict[str, Any] = {
        "modality": "CT",
        "body_part": "CHEST",
        "unit": "HU",
        "slice_thickness": 5.0,
        "rows": 512,
        "columns": 512,
        "image_type": ("ORIGINAL", "PRIMARY", "AXIAL"),
        "frames": (FrameHeader(spacing=spacing),),
    } | header
    images = tuple(
        ImageRef(ImageHeader(f"/x/{n}", str(n), f"1.{n}", "sc", "ts", "1", "2", **values)) for n in range(count)
    )
    return Stack("2", 0, images, plane)


def verdict(of: Stack, rules: tuple[EligibilityRule, ...] = CT_RULES) -> Any:
    return judge(dataclasses.replace(CARD, eligibility=rules), of)


def test_a_fitting_stack_is_a_yes_without_words() -> None:
    answer = verdict(stack())
    assert (answer.answer, answer.reasons, answer.sentence) == ("yes", (), "")
    assert all(rule.ok for rule in answer.rules)
    assert [rule.value for rule in answer.rules][5:] == ["5 mm", "0.7 mm", "512x512"]


def test_thick_slices_are_refused_in_the_words_of_the_ui_brief() -> None:
    answer = verdict(stack(slice_thickness=8.0))
    assert answer.answer == "no"
    assert answer.sentence == "Not evaluated. The model needs 1 to 6 mm slices; these are 8 mm."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modality": "MR"}, "modality CT; this is MR"),
        ({"body_part": "ABDOMEN"}, "body part CHEST or THORAX; this is ABDOMEN"),
        ({"plane": "coronal"}, "plane axial; this is coronal"),
        ({"unit": "BQML"}, "unit HU"),
        ({"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")}, "marked LOCALIZER"),
        ({"spacing": (0.7, 3.0)}, "0.4 to 1.2 mm pixels; these are 0.7 to 3 mm"),
        ({"rows": 1, "columns": 1}, "1x1 pixels, smaller than the model can read (at least 64x64)"),
    ],
)
def test_a_header_that_says_something_else_is_a_no(changes: dict[str, Any], words: str) -> None:
    answer = verdict(stack(**changes))
    assert answer.answer == "no"
    assert any(words in reason for reason in answer.reasons), answer.reasons
    assert answer.sentence.startswith("Not evaluated. ")


@pytest.mark.parametrize(
    "changes",
    [
        {"modality": ""},
        {"body_part": ""},
        {"plane": "none"},
        {"unit": ""},
        {"image_type": ()},
        {"slice_thickness": None},
        {"spacing": None},
    ],
)
def test_a_header_that_is_missing_is_unknown_and_asks_the_reader(changes: dict[str, Any]) -> None:
    answer = verdict(stack(**changes))
    assert answer.answer == "unknown"
    assert len(answer.reasons) == 1
    assert "Confirm that" in answer.reasons[0]


def test_a_no_wins_over_an_unknown() -> None:
    answer = verdict(stack(modality="", slice_thickness=8.0))
    assert answer.answer == "no"
    assert len(answer.reasons) == 1


def test_the_card_decides_what_a_missing_value_means() -> None:
    for missing, expected in (("yes", "yes"), ("no", "no"), ("unknown", "unknown")):
        rules = (EligibilityRule("body_part", ("CHEST",), missing=missing),)
        assert verdict(stack(body_part=""), rules).answer == expected


def test_a_film_without_header_is_unknown_until_the_reader_confirms() -> None:
    film = stack("none", None, 1, film=True, modality="", body_part="", unit="", slice_thickness=None, image_type=())
    answer = verdict(film, FILM_RULES)
    assert answer.answer == "unknown"
    assert answer.reasons[0] == "This film has no header, so its modality is not known. Confirm that it is CR or DX."


def test_one_odd_image_in_the_stack_is_enough_for_a_no() -> None:
    good = stack()
    odd = dataclasses.replace(good.images[1], header=dataclasses.replace(good.images[1].header, slice_thickness=9.0))
    answer = verdict(dataclasses.replace(good, images=(good.images[0], odd, good.images[2])))
    assert answer.answer == "no"
    assert "these are 5 to 9 mm" in answer.reasons[0]


def test_case_spaces_and_underscores_of_a_header_do_not_matter() -> None:
    rules = (EligibilityRule("body_part", ("CHEST_ABDOMEN",)),)
    assert verdict(stack(body_part=" chest abdomen "), rules).answer == "yes"


@pytest.mark.parametrize(
    ("age", "expected"), [("004Y", "yes"), ("018M", "yes"), ("045Y", "no"), ("", "unknown"), ("old", "unknown")]
)
def test_ages_are_read_in_their_units(age: str, expected: str) -> None:
    film = stack(modality="DX", view_position="PA", patient=Patient(age=age))
    assert verdict(film, FILM_RULES).answer == expected


def test_a_synthetic_phantom_is_read_like_any_other() -> None:
    assert verdict(stack(synthetic=True)).answer == "yes"


def test_every_kind_of_rule_of_a_card_has_its_answer() -> None:
    assert set(RULES) == set(ANSWERS)
