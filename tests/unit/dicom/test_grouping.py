"""Images come into the order of the body, never of names or numbers; patients and places are never mixed."""

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medviewer.core.geometry import normal
from medviewer.core.study import FrameHeader, ImageHeader, Patient, SpacingKind, Stack, Study
from medviewer.dicom.files import Source
from medviewer.dicom.grouping import Grouping, group
from medviewer.dicom.headers import read_header
from medviewer.dicom.sources import expand
from tests import build


def read(paths: list[Path]) -> list[ImageHeader]:
    found = [read_header(Source(str(path), path.name)) for path in sorted(paths)]
    return [header for header in found if isinstance(header, ImageHeader)]


def read_folder(folder: Path, tmp_path: Path) -> list[ImageHeader]:
    found = [read_header(s) for s in expand([str(folder)], tmp_path / "spool") if isinstance(s, Source)]
    return [header for header in found if isinstance(header, ImageHeader)]


def stacks(headers: list[ImageHeader]) -> tuple[Stack, ...]:
    (study,) = group(headers)
    return study.stacks


def codes(stack: Stack) -> list[str]:
    return [warning.code for warning in stack.warnings]


def text(stack: Stack, code: str) -> str:
    return next(warning.text for warning in stack.warnings if warning.code == code)


def names(stack: Stack) -> list[str]:
    return [Path(ref.header.path).name for ref in stack.images]


def header(position=(0.0, 0.0, 0.0), orientation=build.ORIENTATIONS["axial"], number=1, **changes) -> ImageHeader:
    """A header without a file; `phase`, `spacing`, `stack_id` go into its one frame."""
    plane = {k: changes.pop(k) for k in ("phase", "spacing", "stack_id", "slope") if k in changes}
    frame = FrameHeader(**{"position": position, "orientation": orientation, "spacing": (0.7, 0.7), **plane})
    basics = {
        "path": f"/files/{number}",
        "label": f"{number}",
        "sop_uid": f"1.{number}",
        "sop_class": build.CT,
        "transfer_syntax": build.ExplicitVRLittleEndian,
        "study_uid": "study",
        "series_uid": "series",
        "modality": "CT",
        "rows": 8,
        "columns": 8,
        "frames": (frame,),
        "instance_number": number,
        "spacing_kind": SpacingKind.PATIENT,
    }
    return ImageHeader(**{**basics, **changes})


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


# splitting


def test_orientations_in_one_series_become_stacks_of_their_own(tmp_path):
    paths = [p for o in ("axial", "sagittal", "coronal") for p in build.series(tmp_path, 3, orientation=o, prefix=o)]
    found = stacks(read(paths))
    assert {stack.plane: len(stack) for stack in found} == {"axial": 3, "sagittal": 3, "coronal": 3}
    assert all("mixed_orientation" in codes(stack) for stack in found)
    assert len({stack.number for stack in found}) == len({stack.name for stack in found}) == 3


def test_a_localizer_in_the_series_is_neither_first_nor_mixed_in(tmp_path):
    scout = build.series(tmp_path, 1, orientation="coronal", prefix="A", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    found = stacks(read(scout + build.series(tmp_path, 10)))
    assert [len(stack) for stack in found] == [10, 1]
    assert found[1].name.endswith("localizer")


def test_sizes_and_spacings_are_not_mixed(tmp_path):
    paths = build.series(tmp_path, 3, prefix="A") + build.series(tmp_path, 3, prefix="B", size=(8, 8))
    paths += build.series(tmp_path, 3, prefix="C", PixelSpacing=["0.9", "0.9"])
    found = stacks(read(paths))
    assert [len(stack) for stack in found] == [3, 3, 3]
    assert all("mixed_spacing" in codes(stack) for stack in found)


@pytest.mark.parametrize(
    ("words", "keyword", "values"),
    [
        ("echo", "EchoNumbers", ["1", "2", "10"]),
        ("temporal position", "TemporalPositionIdentifier", ["1", "2", "3"]),
        ("trigger time", "TriggerTime", ["0", "40.5", "120"]),
        ("acquisition", "AcquisitionNumber", ["1", "2", "3"]),
        ("time", "ContentTime", ["101112.5", "101130", "101200"]),
        ("image type", "ImageType", [["ORIGINAL", "PRIMARY", kind] for kind in ("I", "M", "P")]),
    ],
)
def test_images_at_the_same_place_are_split_by_what_tells_them_apart(tmp_path, words, keyword, values):
    paths = []
    for i, value in enumerate(values):
        paths += build.series(tmp_path, 5, prefix=f"{3 - i}", make=build.mr, seed=i, **{keyword: value})
    found = stacks(read(paths))
    assert [len(stack) for stack in found] == [5, 5, 5]
    assert [stack.name for stack in found] == [f"MR series, {words} {i} of 3" for i in (1, 2, 3)]
    assert [stack.images[0].header.label[:1] for stack in found] == ["3", "2", "1"]  # by value, as numbers
    assert not any("duplicate_position" in codes(stack) for stack in found)


def test_two_attributes_together_may_tell_images_apart():
    images = [
        header((0.0, 0.0, -float(z)), number=100 * t + 10 * e + z, phase=(("trigger time", str(t)), ("echo", str(e))))
        for z in range(4)
        for t in range(2)
        for e in range(2)
    ]
    assert [len(stack) for stack in stacks(images)] == [4] * 4


def test_an_attribute_that_differs_in_every_slice_does_not_split_a_good_volume():
    images = [header((0.0, 0.0, -float(z)), number=z, phase=(("acquisition", str(z)),)) for z in range(6)]
    assert [len(stack) for stack in stacks(images)] == [6]


def test_where_nothing_helps_the_stack_stays_whole_and_says_so():
    images = [
        header((0.0, 0.0, -float(z)), number=10 * i + z, phase=(("time", f"{10 * i + z}"),))
        for z in range(5)
        for i in range(3)
    ]
    (stack,) = stacks(images)
    assert len(stack) == 15
    assert "duplicate_position" in codes(stack)
    assert stack.affine is None


def test_many_times_at_one_place_are_one_stack_in_the_order_of_time():
    images = [header(number=n, phase=(("trigger time", str(100 - 10 * n)),)) for n in range(6)]
    (stack,) = stacks(images)
    assert [ref.header.instance_number for ref in stack.images] == [5, 4, 3, 2, 1, 0]
    assert "ordered by trigger time" in text(stack, "duplicate_position")


def test_slices_of_another_frame_of_reference_are_not_interleaved():
    images = [header((0.0, 0.0, -z), number=int(2 * z), frame_of_reference="A") for z in (0.0, 1.0, 2.0)]
    images += [header((0.0, 0.0, -z), number=int(2 * z), frame_of_reference="B", path=f"b{z}", sop_uid=f"b{z}")
               for z in (0.5, 1.5, 2.5)]  # fmt: skip
    assert [len(stack) for stack in stacks(images)] == [3, 3]


# multi-frame


def test_frames_of_an_enhanced_object_are_ordered_by_geometry_within_stack_and_time(tmp_path):
    where = [(z, stack, time) for stack in "12" for time in (1, 2, 3) for z in range(5)]
    random.Random(4).shuffle(where)
    ds = build.enhanced(
        [(200.0 * (s == "2"), 0, -2.0 * z) for z, s, _ in where],
        [100 * int(s) + 10 * t + z for z, s, t in where],
        stack_ids=[s for _, s, _ in where],
        temporal=[t for *_, t in where],
    )
    found = stacks(read([build.save(ds, tmp_path / "a.dcm")]))
    assert len(found) == 6
    for stack in found:
        marks = [where[ref.frame] for ref in stack.images]
        assert [z for z, _, _ in marks] == [0, 1, 2, 3, 4]
        assert len({(s, t) for _, s, t in marks}) == 1


def test_orientations_within_one_enhanced_object_are_apart(tmp_path):
    planes = ["axial", "sagittal"] * 3
    ds = build.enhanced([(i, 0, -i) for i in range(6)], orientation=[build.ORIENTATIONS[plane] for plane in planes])
    found = stacks(read([build.save(ds, tmp_path / "a.dcm")]))
    assert [(stack.plane, [ref.frame for ref in stack.images]) for stack in found] == [
        ("axial", [0, 2, 4]),
        ("sagittal", [1, 3, 5]),
    ]


def test_rescale_that_differs_from_frame_to_frame_is_said(tmp_path):
    ds = build.enhanced([(0, 0, -i) for i in range(3)], rescale=[(1, 0), (2, 0), (3, -5)])
    (stack,) = stacks(read([build.save(ds, tmp_path / "a.dcm")]))
    assert "rescale_varies" in codes(stack)
    assert [(ref.plane.slope, ref.plane.intercept) for ref in stack.images] == [(1, 0), (2, 0), (3, -5)]


# identity


def test_two_patients_under_one_series_are_kept_apart_and_the_study_says_so(tmp_path):
    paths = build.series(tmp_path, 3, prefix="A") + build.series(tmp_path, 3, prefix="B", PatientID="T-2", seed=2)
    studies = group(read(paths))
    assert [len(study.stacks[0]) for study in studies] == [3, 3]
    assert {study.patient.id for study in studies} == {"T-1", "T-2"}
    assert all(study.notes for study in studies)
    assert len({stack.key for study in studies for stack in study.stacks}) == 2


def test_patients_without_a_name_are_not_the_same_one():
    nobody = [header(number=i, patient=Patient(id=str(i))) for i in range(2)]
    assert len(group(nobody)) == 2


def test_the_same_file_twice_is_one_image(tmp_path):
    path = build.save(build.ct(), tmp_path / "a.dcm")
    copy = tmp_path / "copy.dcm"
    copy.write_bytes(path.read_bytes())
    (stack,) = stacks(read([path, copy, path]))
    assert len(stack) == 1


def test_two_contents_under_one_identifier_are_both_kept_and_said(tmp_path):
    first = build.ct(build.ramp(), SOPInstanceUID="1.2.3")
    other = build.ct(build.ramp() + 1, SOPInstanceUID="1.2.3", ImagePositionPatient=["-100", "-90", "40"])
    (stack,) = stacks(read([build.save(first, tmp_path / "a.dcm"), build.save(other, tmp_path / "b.dcm")]))
    assert len(stack) == 2
    assert "same image identifier" in text(stack, "inconsistent_pixels")


def test_one_series_uid_under_two_studies_is_two_series():
    studies = group([header(number=1), header(number=2, study_uid="other")])
    assert [len(study.stacks) for study in studies] == [1, 1]


def test_studies_are_newest_first_and_series_by_number():
    def one(n: int, **changes) -> ImageHeader:
        return header(number=n, **changes)

    headers = [
        one(1, study_uid="old", study_date="2020-01-01"),
        one(2, study_uid="new", study_date="2024-01-01", series_uid="ten", series_number=10),
        one(3, study_uid="new", study_date="2024-01-01", series_uid="two", series_number=2),
        one(4, study_uid="none"),
    ]
    studies = group(headers)
    assert [study.uid for study in studies] == ["new", "old", "none"]
    assert [stack.series_uid for stack in studies[0].stacks] == ["two", "ten"]


# growing


def test_a_growing_scan_ends_where_a_whole_one_does_and_keeps_keys(tmp_path):
    headers = read(build.series(tmp_path, 12, prefix="A") + build.series(tmp_path, 12, prefix="B", make=build.mr))
    random.Random(2).shuffle(headers)
    growing = Grouping()
    studies: tuple[Study, ...] = ()
    seen = []
    for i in range(0, 24, 5):
        studies = growing.add(headers[i : i + 5])
        seen.append({stack.key for study in studies for stack in study.stacks})
    assert studies == group(headers)
    assert all(earlier <= later for earlier, later in pairwise(seen))


def test_a_stack_keeps_its_number_while_others_split_off():
    def image(time: int, z: int) -> ImageHeader:
        return header((0.0, 0.0, -float(z)), number=10 * time + z, phase=(("temporal position", str(time)),))

    growing = Grouping()
    growing.add([image(2, z) for z in range(3)])
    (study,) = growing.add([image(1, z) for z in range(3)])
    assert [(stack.number, stack.images[0].plane.phase[0][1]) for stack in study.stacks] == [(1, "1"), (0, "2")]


# codes of files


def test_facts_about_files_become_the_codes_of_the_contract():
    plain = header()
    changes = {
        "truncated": {"truncated": True},
        "lossy": {"lossy": True},
        "burned_in": {"burned_in": "YES"},
        "charset": {"charset_doubt": True},
    }
    for code, change in changes.items():
        (stack,) = stacks([plain, header((0.0, 0.0, -1.0), number=2, **change)])
        warning = next(w for w in stack.warnings if w.code == code)
        assert warning.files == ("2",)


def test_pixels_stored_in_two_ways_are_said():
    (stack,) = stacks([header(bits_stored=12), header((0.0, 0.0, -1.0), number=2, bits_stored=16)])
    assert "inconsistent_pixels" in codes(stack)


# real files


def test_the_real_chest_ct_is_in_anatomical_order(shared, tmp_path):
    (stack,) = stacks(read_folder(shared / "data/dicom/ct/lidc-idri-0314-chest", tmp_path))
    assert len(stack) == 60
    heights = [ref.plane.position[2] for ref in stack.images]
    assert heights == sorted(heights, reverse=True)
    assert stack.name == "Axial 1 mm"
    assert stack.spacing == pytest.approx((0.78125, 0.78125, 1.0))
    assert stack.first.unit == "HU"
    assert not {"gap", "tilted", "duplicate_position", "no_geometry"} & set(codes(stack))


def test_the_real_dce_series_is_three_phases_of_six_slices(shared, tmp_path):
    found = stacks(read_folder(shared / "data/dicom/mr/breast-dce-3-phases-sagittal", tmp_path))
    assert [len(stack) for stack in found] == [6, 6, 6]
    for stack in found:
        assert len({ref.header.content_time for ref in stack.images}) == 1
        places = [ref.plane.position[0] for ref in stack.images]
        assert places == sorted(places)
        assert stack.plane == "sagittal"
    assert [s.first.content_time for s in found] == sorted(s.first.content_time for s in found)


def test_the_real_ct_pet_and_mr_are_three_series(shared, tmp_path):
    found = stacks(read_folder(shared / "data/dicom/petctmr-rtstruct", tmp_path))
    assert {(stack.first.modality, len(stack)) for stack in found} == {("CT", 48), ("PT", 48), ("MR", 35)}
    pet = next(stack for stack in found if stack.first.modality == "PT")
    assert "rescale_varies" in codes(pet)
    assert all(stack.spacing[2] == pytest.approx(3.27, abs=0.01) for stack in found)


def test_the_real_enhanced_field_map_is_two_stacks_of_32(shared, tmp_path):
    found = stacks(read_folder(shared / "data/dicom/mr/enhanced-philips-fieldmap", tmp_path))
    assert [len(stack) for stack in found] == [32, 32]
    scales = sorted((s.images[0].plane.slope, s.images[0].plane.intercept) for s in found)
    assert scales == [(pytest.approx(0.244, abs=0.001), -500.0), (pytest.approx(1.28, abs=0.01), 0.0)]
