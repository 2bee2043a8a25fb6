"""Images come into the order of the body, never of names or numbers; nothing is stretched over what is missing."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medviewer.core.geometry import normal
from tests import build
from tests.reading import codes, header, names, read, stacks, text

# order


@pytest.mark.parametrize("orientation", ["axial", "sagittal", "coronal", "oblique"])
def test_slices_are_ordered_by_position_not_by_file_name_or_number(tmp_path, orientation):
    paths = build.series(tmp_path, 9, orientation=orientation)
    (stack,) = stacks(read(paths))
    assert names(stack) == [path.name for path in paths]
    assert stack.spacing == pytest.approx((0.7, 0.7, 2.5))
    assert codes(stack) == ["instance_order_differs"]


@pytest.mark.parametrize(("orientation", "axis", "sign"), [("axial", 2, -1), ("sagittal", 0, 1), ("coronal", 1, 1)])
def test_the_wheel_runs_head_to_feet_right_to_left_and_front_to_back(tmp_path, orientation, axis, sign):
    (stack,) = stacks(read(build.series(tmp_path, 5, orientation=orientation)))
    places = [ref.plane.position[axis] * sign for ref in stack.images]
    assert places == sorted(places)
    assert stack.plane == orientation


@given(
    turn=st.floats(-3.1, 3.1),
    lean=st.floats(-1.5, 1.5),
    step=st.floats(0.05, 20),
    seed=st.integers(0, 10**6),
    count=st.integers(2, 12),
)
@settings(max_examples=60, deadline=None)
def test_any_plane_in_any_arrival_order_comes_out_along_its_normal(turn, lean, step, seed, count):
    row = np.array((np.cos(turn), np.sin(turn), 0.0))
    column = np.cross((np.sin(turn) * np.sin(lean), -np.cos(turn) * np.sin(lean), np.cos(lean)), row)
    n = normal((*row, *column))
    images = [
        header(tuple(float(v) for v in 10 + step * i * n), (*map(float, row), *map(float, column)), number)
        for i, number in enumerate(np.random.default_rng(seed).permutation(count).tolist())
    ]
    random.Random(seed).shuffle(images)
    (stack,) = stacks(images)
    along = [float(np.dot(ref.plane.position, n)) for ref in stack.images]
    assert along == sorted(along) or along == sorted(along, reverse=True)
    assert stack.spacing[2] == pytest.approx(step, rel=1e-6)
    assert not {"gap", "tilted", "duplicate_position"} & set(codes(stack))
    assert stack.affine is not None


def test_the_affine_puts_each_voxel_where_its_slice_says(tmp_path):
    paths = build.series(tmp_path, 4, orientation="coronal", PixelSpacing=["0.5", "0.8"])
    (stack,) = stacks(read(paths))
    affine = np.array(stack.affine)
    for k, ref in enumerate(stack.images):
        assert affine @ (0, 0, k, 1) == pytest.approx((*ref.plane.position, 1), abs=1e-5)
    start = np.array(stack.images[0].plane.position)
    assert (affine @ (10, 0, 0, 1))[:3] - start == pytest.approx((8.0, 0, 0))
    assert (affine @ (0, 10, 0, 1))[:3] - start == pytest.approx((0, 0, -5.0))


# geometry that is not even


def test_a_missing_slice_is_named_by_both_neighbours_and_nothing_is_stretched(tmp_path):
    paths = build.series(tmp_path, 20, missing=[7])
    (stack,) = stacks(read(paths))
    assert codes(stack).count("gap") == 1
    warning = next(w for w in stack.warnings if w.code == "gap")
    assert set(warning.files) == {paths[6].name, paths[7].name}
    assert "5.00 mm where 2.50 mm" in warning.text
    assert stack.spacing[2] == pytest.approx(2.5)
    assert stack.affine is None


def test_uneven_steps_are_told_apart_from_missing_slices():
    places = [0, 5, 10, 15, 21, 26]
    (stack,) = stacks([header((0.0, 0.0, -float(z)), number=i) for i, z in enumerate(places)])
    assert "not uniform" in text(stack, "gap")


def test_rounding_in_the_files_is_no_gap():
    places = [0.0, 1.249, 2.5, 3.751, 5.0]
    (stack,) = stacks([header((0.0, 0.0, -z), number=i) for i, z in enumerate(places)])
    assert not codes(stack)


@pytest.mark.parametrize("degrees", [15, -20])
def test_gantry_tilt_is_measured_and_the_affine_is_sheared(tmp_path, degrees):
    paths = build.series(tmp_path, 6, step=2.0, tilt=2.0 * np.tan(np.radians(degrees)))
    (stack,) = stacks(read(paths))
    assert f"{abs(degrees)}.0 degrees" in text(stack, "tilted")
    assert stack.spacing[2] == pytest.approx(2.0)
    for k, ref in enumerate(stack.images):
        assert np.array(stack.affine) @ (0, 0, k, 1) == pytest.approx((*ref.plane.position, 1), abs=1e-4)


def test_slices_that_lie_beside_each_other_make_no_volume():
    places = [(0.0, 0.0, 0.0), (9.0, 0.0, -1.0), (0.0, 0.0, -2.0), (9.0, 4.0, -3.0)]
    (stack,) = stacks([header(p, number=i) for i, p in enumerate(places)])
    assert "tilted" in codes(stack)
    assert stack.affine is None


def test_without_positions_the_order_is_by_number_and_says_that_it_is_not_verified(tmp_path):
    paths = build.series(tmp_path, 5, ImagePositionPatient=None)
    (stack,) = stacks(read(paths))
    assert [ref.header.instance_number for ref in stack.images] == [1, 2, 3, 4, 5]
    assert stack.plane == "none"
    assert stack.affine is None
    assert "no_geometry" in codes(stack)


def test_one_slice_without_a_position_stands_apart_and_the_others_keep_theirs(tmp_path):
    paths = build.series(tmp_path, 6)
    build.series(tmp_path, 6, missing=[0, 1, 3, 4, 5], ImagePositionPatient=None)  # the third again, without
    many, one = stacks(read(paths))
    assert (len(many), len(one)) == (5, 1)
    assert "gap" in codes(many)
    assert "no_geometry" in codes(one)


@pytest.mark.parametrize("bad", [["0"] * 6, ["0.9", "0", "0", "0", "0.9", "0"], ["1", "0", "0", "1", "0", "0"]])
def test_an_orientation_that_is_none_is_not_used(tmp_path, bad):
    (stack,) = stacks(read(build.series(tmp_path, 3, ImageOrientationPatient=bad)))
    assert stack.plane == "none"
