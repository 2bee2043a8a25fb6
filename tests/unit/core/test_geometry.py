"""Directions, letters and the map between image and screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medviewer.core.geometry import ViewMap, edge_letters, letters, opposite, plane_name, ruler_length

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


@pytest.mark.parametrize(
    ("orientation", "name"),
    [(AXIAL, "axial"), (CORONAL, "coronal"), (SAGITTAL, "sagittal"), (None, "none"), ((0.0,) * 6, "none")],
)
def test_planes_are_named_after_their_normal(orientation, name):
    assert plane_name(orientation) == name


def test_a_plane_turned_by_thirty_degrees_is_oblique():
    c, s = np.cos(np.radians(30)), np.sin(np.radians(30))
    assert plane_name((1.0, 0.0, 0.0, 0.0, c, s)) == "oblique"


def test_letters_name_the_largest_direction_first_and_drop_small_shares():
    assert letters((1, 0, 0)) == "L"
    assert letters((-0.8, 0.6, 0.0)) == "RP"
    assert letters((0, 0.01, -1)) == "F"
    assert letters((0, 0, 0)) == ""
    assert opposite("LPH") == "RAF"


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(AXIAL, ("R", "L", "A", "P")), (CORONAL, ("R", "L", "H", "F")), (SAGITTAL, ("A", "P", "H", "F"))],
)
def test_standard_planes_have_the_letters_that_readers_expect(orientation, expected):
    assert edge_letters(ViewMap(64, 64, 200, 200).fitted(), orientation, None) == expected


def test_letters_follow_a_sideways_flip_and_a_turn_to_the_right():
    view = ViewMap(64, 64, 200, 200)
    assert edge_letters(ViewMap(64, 64, 200, 200, flip_x=True), AXIAL, None) == ("L", "R", "A", "P")
    assert edge_letters(view.turned(1), AXIAL, None) == ("P", "A", "R", "L")
    assert edge_letters(view.turned(2), AXIAL, None) == ("L", "R", "P", "A")


def test_a_flipped_image_still_turns_to_the_right_as_the_eye_sees_it():
    flipped = ViewMap(64, 64, 200, 200, flip_x=True)
    assert edge_letters(flipped, AXIAL, None) == ("L", "R", "A", "P")
    assert edge_letters(flipped.turned(1), AXIAL, None) == ("P", "A", "L", "R")


def test_projections_use_patient_orientation_and_nothing_is_guessed():
    view = ViewMap(64, 64, 200, 200)
    assert edge_letters(view, None, ("L", "F")) == ("R", "L", "H", "F")
    assert edge_letters(view, None, None) == ("?", "?", "?", "?")


views = st.builds(
    ViewMap,
    columns=st.integers(1, 3000),
    rows=st.integers(1, 3000),
    width=st.integers(10, 4000),
    height=st.integers(10, 4000),
    aspect=st.floats(0.2, 5),
    zoom=st.floats(0.02, 50),
    pan=st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)),
    quarter_turns=st.integers(0, 3),
    flip_x=st.booleans(),
    flip_y=st.booleans(),
)


@given(views, st.floats(0, 3000), st.floats(0, 3000))
def test_going_to_the_screen_and_back_returns_to_the_same_pixel(view, x, y):
    assert view.to_image(*view.to_view(x, y)) == pytest.approx((x, y), abs=1e-5)


@given(views, st.floats(0.5, 2), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_point_under_the_pointer(view, factor, fx, fy):
    at = (fx * view.width, fy * view.height)
    zoomed = view.zoomed(factor, at)
    assert zoomed.to_view(*view.to_image(*at)) == pytest.approx(at, abs=1e-3)


@given(views)
def test_a_fitted_image_has_all_rows_and_columns_in_view(view):
    fitted = view.fitted()
    for x, y in ((-0.5, -0.5), (fitted.columns - 0.5, fitted.rows - 0.5)):
        vx, vy = fitted.to_view(x, y)
        assert -0.01 <= vx <= fitted.width + 0.01
        assert -0.01 <= vy <= fitted.height + 0.01


@given(st.floats(0.01, 5), st.integers(200, 4000))
def test_the_ruler_is_a_round_number_and_spans_a_readable_part_of_the_width(mm, width):
    length = ruler_length(mm, width)
    assert length is not None
    assert 0.11 <= length / mm / width <= 0.3001
    assert f"{length:e}"[0] in "125"


def test_no_pixel_size_means_no_ruler():
    assert ruler_length(0, 800) is None
