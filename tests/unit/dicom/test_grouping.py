"""What belongs on one wheel and what does not: places, times and patients are never mixed."""

import random
from itertools import pairwise

import pytest

from medviewer.core.study import ImageHeader, Patient, Study
from medviewer.dicom.grouping import Grouping, group
from tests import build
from tests.reading import codes, header, read, read_folder, stacks, text

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


def test_two_contents_of_one_image_at_one_place_are_two_stacks(tmp_path):
    same = [build.ct(build.ramp() + i, SOPInstanceUID="1.2.3") for i in range(3)]
    found = stacks(read([build.save(ds, tmp_path / f"{i}.dcm") for i, ds in enumerate(same)]))
    assert [stack.name for stack in found] == [f"CT series, copy {i} of 3" for i in (1, 2, 3)]
    assert all("same image identifier" in text(stack, "inconsistent_pixels") for stack in found)


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


def test_the_real_chest_ct_is_in_anatomical_order(shared):
    (stack,) = stacks(read_folder(shared / "data/dicom/ct/lidc-idri-0314-chest"))
    assert len(stack) == 60
    heights = [ref.plane.position[2] for ref in stack.images]
    assert heights == sorted(heights, reverse=True)
    assert stack.name == "Axial 1 mm"
    assert stack.spacing == pytest.approx((0.78125, 0.78125, 1.0))
    assert stack.first.unit == "HU"
    assert not {"gap", "tilted", "duplicate_position", "no_geometry"} & set(codes(stack))


def test_the_real_dce_series_is_three_phases_of_six_slices(shared):
    found = stacks(read_folder(shared / "data/dicom/mr/breast-dce-3-phases-sagittal"))
    assert [len(stack) for stack in found] == [6, 6, 6]
    for stack in found:
        assert len({ref.header.content_time for ref in stack.images}) == 1
        places = [ref.plane.position[0] for ref in stack.images]
        assert places == sorted(places)
        assert stack.plane == "sagittal"
    assert [s.first.content_time for s in found] == sorted(s.first.content_time for s in found)


def test_the_real_ct_pet_and_mr_are_three_series(shared):
    found = stacks(read_folder(shared / "data/dicom/petctmr-rtstruct"))
    assert {(stack.first.modality, len(stack)) for stack in found} == {("CT", 48), ("PT", 48), ("MR", 35)}
    pet = next(stack for stack in found if stack.first.modality == "PT")
    assert "rescale_varies" in codes(pet)
    assert all(stack.spacing[2] == pytest.approx(3.27, abs=0.01) for stack in found)


def test_the_real_copies_of_one_slice_are_not_put_on_one_wheel(shared):
    found = stacks(read_folder(shared / "data/dicom/ct/one-image-13-syntaxes"))
    assert len(found) > 5
    assert {len(stack) for stack in found} == {1}


def test_the_real_enhanced_field_map_is_two_stacks_of_32(shared):
    found = stacks(read_folder(shared / "data/dicom/mr/enhanced-philips-fieldmap"))
    assert [len(stack) for stack in found] == [32, 32]
    scales = sorted((s.images[0].plane.slope, s.images[0].plane.intercept) for s in found)
    assert scales == [(pytest.approx(0.244, abs=0.001), -500.0), (pytest.approx(1.28, abs=0.01), 0.0)]
