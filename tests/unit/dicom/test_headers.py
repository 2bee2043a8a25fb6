"""One file to one header: what it proves and nothing more; whatever else it holds ends in one clear sentence."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from medviewer.core.intensity import Window
from medviewer.core.study import ImageHeader, Skipped, SpacingKind
from medviewer.core.values import pack, unpack
from medviewer.dicom import limits
from medviewer.dicom.files import Source
from medviewer.dicom.headers import read_header
from medviewer.dicom.sources import expand
from tests import build
from tests.reading import refused

DEFLATED = "1.2.840.10008.1.2.1.99"


def test_a_ct_header_says_what_the_window_needs(read):
    found = read(build.ct(SliceThickness="2.5", ConvolutionKernel="B60f"))
    assert (found.rows, found.columns, found.signed, found.bits_stored) == (32, 32, True, 16)
    assert found.unit == "HU"
    assert found.spacing_kind is SpacingKind.PATIENT
    assert found.patient.name == "Test, Person"
    assert (found.study_date, found.study_time) == ("2026-01-02", "10:11:12")
    assert (found.slice_thickness, found.kvp, found.kernel) == (2.5, 120.0, "B60f")
    plane = found.frames[0]
    assert plane.position == (-100, -90, 50)
    assert plane.orientation == (1, 0, 0, 0, 1, 0)
    assert (plane.slope, plane.intercept) == (1, -1024)
    assert plane.windows == (Window(40, 400),)


@pytest.mark.parametrize(
    ("attributes", "priority"),
    [
        ({}, ""),
        ({"RequestedProcedurePriority": "STAT"}, "STAT"),
        ({"RequestAttributesSequence": [{"RequestedProcedurePriority": "HIGH"}]}, "HIGH"),
        ({"RequestedProcedurePriority": "ROUTINE"}, "ROUTINE"),
        (
            {
                "RequestedProcedurePriority": "LOW",
                "RequestAttributesSequence": [{}, {"RequestedProcedurePriority": "high "}],
            },
            "HIGH",
        ),
        ({"RequestedProcedurePriority": "URGENT!", "RequestAttributesSequence": []}, "URGENT!"),
    ],
)
def test_how_soon_the_order_wants_it_stands_in_the_image_or_in_its_request(read, attributes, priority):
    items = attributes.get("RequestAttributesSequence")
    if items is not None:
        attributes = {**attributes, "RequestAttributesSequence": [build.set_attributes(Dataset(), i) for i in items]}
    assert read(build.ct(**attributes)).priority == priority


def test_a_header_survives_the_way_to_the_window(read):
    found = read(build.enhanced([(0, 0, -i) for i in range(3)], rescale=[(1, 0), (2, 1), (3, 2)]))
    assert unpack(ImageHeader, json.loads(json.dumps(pack(found)))) == found


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", DEFLATED])
def test_every_encoding_gives_the_same_header(read, syntax):
    found = read(build.ct(PixelPaddingValue=-2000), syntax=syntax)
    assert found.transfer_syntax == syntax
    assert found.frames[0].position == (-100, -90, 50)
    assert found.padding == (-2000, -2000)
    assert not found.truncated
    assert not found.marks


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"])
@pytest.mark.parametrize("how", [{"preamble": False}, {"meta": False}])
def test_files_without_preamble_or_meta_header_are_read_with_a_mark(read, syntax, how):
    found = read(build.ct(), syntax=syntax, **how)
    assert found.transfer_syntax == syntax
    assert found.unit == "HU"
    assert found.marks[0].startswith("Not a valid DICOM file")


def test_a_file_in_another_encoding_than_it_says_is_read_by_its_content(read):
    data = bytearray(build.encoded(build.ct(), "1.2.840.10008.1.2.1"))
    data = data.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)
    found = read(bytes(data))
    assert found.transfer_syntax == "1.2.840.10008.1.2.1"
    assert "another encoding" in found.marks[0]


def test_a_preamble_that_looks_like_a_program_is_not_used_but_said(read):
    data = build.encoded(build.ct())
    assert "look like a Windows program" in read(b"MZ" + data[2:]).marks[0]
    assert read(b"II*\0" + data[4:]).unit == "HU"  # a TIFF and a DICOM file at once


def test_compressed_pixels_that_the_header_calls_plain_are_told_by_their_first_bytes(read):
    jpeg = b"\xff\xd8\xff\xe0\0\4ab\xff\xc3\0\4xxxx"
    data = build.encoded(build.compressed(build.ct(), [jpeg], "1.2.840.10008.1.2.4.70"))
    found = read(data.replace(b"1.2.840.10008.1.2.4.70", b"1.2.840.10008.1.2.1\0\0\0", 1))
    assert found.transfer_syntax == "1.2.840.10008.1.2.4.57"
    assert "not compressed as" in found.marks[0]
    native = read(build.encoded(build.ct()).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0", 1))
    assert native.transfer_syntax == "1.2.840.10008.1.2.1"


# numbers in the pixel


def test_hounsfield_units_only_where_the_file_proves_them(read):
    assert read(build.ct(RescaleType=None)).unit == "HU"
    assert read(build.ct(RescaleType=None, ImageType=["DERIVED", "PRIMARY"])).unit == ""
    assert read(build.ct(RescaleType="US")).unit == ""
    assert read(build.ct(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])).unit == ""
    assert read(build.ct(RescaleSlope=None, RescaleIntercept=None)).unit == ""
    assert read(build.mr(RescaleSlope="1", RescaleIntercept="0")).unit == ""
    assert read(build.pet()).unit == "BQML"


@pytest.mark.parametrize(
    ("padding", "pixels", "expected"),
    [
        ({"PixelPaddingValue": -2000}, np.int16, (-2000, -2000)),
        ({"PixelPaddingValue": 63536}, np.uint16, (63536, 63536)),
        ({"PixelPaddingValue": struct.pack("<H", 63536)}, np.int16, (-2000, -2000)),  # US for signed pixels
        ({"PixelPaddingValue": 0, "PixelPaddingRangeLimit": 50}, np.uint16, (0, 50)),
        ({"PixelPaddingValue": 4095, "PixelPaddingRangeLimit": 4000}, np.uint16, (4000, 4095)),  # MONOCHROME1
        ({}, np.uint16, None),
    ],
)
def test_padding_is_an_inclusive_range_of_stored_values(read, padding, pixels, expected):
    assert read(build.ct(build.ramp(dtype=pixels), **padding)).padding == expected


@pytest.mark.parametrize(
    ("center", "width", "function", "expected", "marked"),
    [
        ("40", "400", None, (Window(40, 400),), False),
        (["40", "-600"], ["400", "1500"], None, (Window(40, 400), Window(-600, 1500)), False),
        ("2048", "4096", "sigmoid ", (Window(2048, 4096, "SIGMOID"),), False),
        ("40", "1", None, (Window(40, 1),), False),
        ("40", "0.9", None, (Window(40, 0.9, "LINEAR_EXACT"),), True),
        ("40", "0.9", "LINEAR_EXACT", (Window(40, 0.9, "LINEAR_EXACT"),), False),
        ("40", "0", None, (), True),
        ("40", "-5", None, (), True),
        (["40", "300"], "400", None, (Window(40, 400),), True),
        (b"NaN", b"400", None, (), True),
        (b"40", b"1e400", None, (), True),
        (None, None, None, (), False),
    ],
)
def test_windows_that_make_no_sense_are_left_out_and_said(read, center, width, function, expected, marked):
    found = read(build.ct(WindowCenter=center, WindowWidth=width, VOILUTFunction=function))
    assert found.frames[0].windows == expected
    assert bool(found.marks) == marked


def test_windows_carry_their_explanations(read):
    found = read(
        build.ct(
            WindowCenter=["40", "-600"], WindowWidth=["400", "1500"], WindowCenterWidthExplanation=["SOFT", "LUNG"]
        )
    )
    assert [window.name for window in found.frames[0].windows] == ["SOFT", "LUNG"]


@pytest.mark.parametrize(
    ("photometric", "shape", "inverse"),
    [
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", False),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", None, False),
    ],
)
def test_photometric_and_presentation_shape_are_kept_as_they_are(read, photometric, shape, inverse):
    found = read(build.dx(PhotometricInterpretation=photometric, PresentationLUTShape=shape))
    assert (found.photometric, found.presentation_inverse) == (photometric, inverse)
    assert not found.marks


def test_a_shape_that_contradicts_the_photometric_interpretation_is_said(read):
    assert "MONOCHROME2" in read(build.dx(PresentationLUTShape="INVERSE")).marks[0]


# lengths


@pytest.mark.parametrize(
    ("attributes", "kind", "spacing"),
    [
        ({}, SpacingKind.DETECTOR, (0.2, 0.2)),
        ({"PixelSpacing": ["0.2", "0.2"]}, SpacingKind.DETECTOR, (0.2, 0.2)),
        ({"PixelSpacing": ["0.15", "0.15"]}, SpacingKind.CALIBRATED, (0.15, 0.15)),
        (
            {"ImagerPixelSpacing": None, "PixelSpacing": ["0.15", "0.15"], "PixelSpacingCalibrationType": "FIDUCIAL"},
            SpacingKind.CALIBRATED,
            (0.15, 0.15),
        ),
        ({"ImagerPixelSpacing": None, "PixelSpacing": ["0.15", "0.15"]}, SpacingKind.UNKNOWN, None),
        (
            {"ImagerPixelSpacing": None, "NominalScannedPixelSpacing": ["0.1", "0.1"]},
            SpacingKind.NOMINAL,
            (0.1, 0.1),
        ),
        ({"ImagerPixelSpacing": None}, SpacingKind.UNKNOWN, None),
        ({"ImagerPixelSpacing": ["0", "0"]}, SpacingKind.UNKNOWN, None),
    ],
)
def test_a_projection_says_what_its_lengths_are(read, attributes, kind, spacing):
    found = read(build.cr(**attributes))
    assert (found.spacing_kind, found.frames[0].spacing) == (kind, spacing)


def test_row_and_column_spacing_are_not_swapped(read):
    assert read(build.ct(PixelSpacing=["0.3", "0.25"])).frames[0].spacing == (0.3, 0.25)


def test_a_pixel_aspect_without_spacing_is_kept(read):
    assert read(build.sc(PixelAspectRatio=["2", "1"])).aspect == (2, 1)
    assert read(build.sc(PixelAspectRatio=["1", "1"])).aspect is None


def test_a_projection_has_no_place_in_the_patient_whatever_its_tags_say(read):
    plane = ["1", "0", "0", "0", "1", "0"]
    found = read(build.cr(ImagePositionPatient=["0", "0", "0"], ImageOrientationPatient=plane))
    assert found.frames[0].position is None
    assert found.patient_orientation == ("L", "F")


def test_a_mosaic_has_no_place(read):
    found = read(build.mr(ImageType=["ORIGINAL", "PRIMARY", "M", "MOSAIC"]))
    assert found.frames[0].position is None
    assert "mosaic" in found.marks[0]


# frames


def test_per_frame_groups_come_before_shared_ones(read):
    ds = build.enhanced([(0, 0, -1), (0, 0, -2)], rescale=[(2, 1), (3, 4)], shared_spacing=(0.5, 0.6))
    own = build.Dataset()
    own.PixelSpacing = [0.9, 0.9]
    ds.PerFrameFunctionalGroupsSequence[1].PixelMeasuresSequence = [own]
    found = read(ds)
    assert [plane.spacing for plane in found.frames] == [(0.5, 0.6), (0.9, 0.9)]
    assert [(plane.slope, plane.intercept) for plane in found.frames] == [(2, 1), (3, 4)]


def test_the_root_of_an_enhanced_object_says_nothing(read):
    ds = build.enhanced([(0, 0, -1), (0, 0, -2)], RescaleSlope="9", RescaleIntercept="9", PixelSpacing=["9", "9"])
    plane = read(ds).frames[0]
    assert (plane.slope, plane.spacing) == (1, (0.7, 0.7))


def test_nuclear_slices_follow_the_sign_of_the_spacing(read):
    detector = build.Dataset()
    detector.ImagePositionPatient = [0, 0, 100]
    detector.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    found = read(
        build.image(
            build.STORAGE + "20",
            "NM",
            np.zeros((3, 4, 4), np.uint16),
            ImageType=["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"],
            DetectorInformationSequence=[detector],
            SpacingBetweenSlices="-4.4",
            PixelSpacing=["4.4", "4.4"],
        )
    )
    assert [plane.position[2] for plane in found.frames] == pytest.approx([100, 95.6, 91.2])


def test_a_cine_has_its_frames(read):
    found = read(build.image(build.STORAGE + "3.1", "US", np.zeros((8, 6, 5), np.uint8), FrameTime="33.3"))
    assert (len(found.frames), found.frame_time) == (8, 33.3)


# what is left out


@pytest.mark.parametrize(
    ("sop_class", "modality", "code", "word"),
    [
        (build.RTSTRUCT, "RTSTRUCT", "derived_object", "RTSTRUCT"),
        (build.BASIC_TEXT_SR, "SR", "derived_object", "report"),
        (build.STORAGE + "88.59", "KO", "derived_object", "key object"),
        (build.STORAGE + "11.1", "PR", "derived_object", "presentation state"),
        (build.STORAGE + "11.99", "PR", "derived_object", "presentation state"),
        (build.ENCAPSULATED_PDF, "DOC", "encapsulated_document", "PDF"),
        (build.STORAGE + "9.1.1", "ECG", "no_pixels", "waveform"),
        (build.CT, "CT", "no_pixels", "CT image without pixels"),
        ("1.2.3.4", "OT", "no_pixels", "without pixels"),
    ],
)
def test_an_object_without_a_picture_says_what_it_is(read, sop_class, modality, code, word):
    assert word in refused(read(build.bare(sop_class, modality)), code)


def test_a_segmentation_has_pixels_but_is_no_picture(read):
    assert "SEG" in refused(read(build.image(build.SEG, "SEG", np.zeros((4, 4), bool))), "derived_object")


def test_an_unknown_class_with_pixels_is_shown_with_a_mark(read):
    assert "Unknown kind" in read(build.image("1.2.3.4", "OT", build.ramp())).marks[0]


@pytest.mark.parametrize(
    ("syntax", "words"),
    [
        ("1.2.840.10008.1.2.4.110", "JPEG XL"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4 video"),
        ("1.2.3.4.5", "unknown (1.2.3.4.5)"),
    ],
)
def test_a_compression_that_we_cannot_open_is_named(read, syntax, words):
    found = read(build.compressed(build.ct(), [b"\xff\x0a1234"], syntax))
    assert refused(found, "unsupported_syntax") == (
        f"image.dcm uses a compression we cannot open ({words}). Ask the sender for another export."
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"just some text, long enough to look at it twice" * 8, b"%PDF-1.7" + bytes(300), b"PK" + bytes(300)],
)
def test_what_is_no_dicom_is_said_to_be_none(read, data):
    refused(read(data), "not_dicom")


@pytest.mark.parametrize("share", [0.2, 0.4, 0.55])
def test_a_file_cut_within_its_header_is_one_sentence(read, share):
    data = build.encoded(build.ct(build.ramp(4, 4)))
    assert "cut short" in refused(read(data[: int(len(data) * share)]), "unreadable")


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", DEFLATED])
def test_a_file_cut_within_its_pixels_still_has_a_header_that_says_so(read, syntax):
    pixels = np.random.default_rng(0).integers(0, 4000, (64, 64), np.int16)
    data = build.encoded(build.ct(pixels), syntax)
    assert not read(data).truncated
    assert read(data[: len(data) - 2000]).truncated


def test_missing_fragments_are_found_without_decoding(read):
    data = build.encoded(build.compressed(build.ct(), [b"\xff\xd8" + bytes(500)], "1.2.840.10008.1.2.4.50"))
    assert not read(data).truncated
    assert not read(data[:-8]).truncated  # only the end delimiter is missing
    assert read(data[:-100]).truncated


def test_an_image_without_a_size_is_one_sentence(read):
    refused(read(build.ct(Rows=None)), "unreadable")


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"NumberOfFrames": str(limits.FRAMES)}, None),
        ({"NumberOfFrames": str(limits.FRAMES + 1)}, "too_large"),
        ({"Rows": 65535, "Columns": 65535}, "too_large"),
    ],
)
def test_sizes_beyond_reason_are_refused_before_any_memory_is_taken(read, attributes, code):
    found = read(build.ct(**attributes))
    assert (found.code if isinstance(found, Skipped) else None) == code
    if code is None:
        assert found.truncated


# all given files


def test_every_given_file_is_a_header_or_a_reason(shared, tmp_path):
    found = [s if isinstance(s, Skipped) else read_header(s) for s in expand([str(shared / "data/dicom")], tmp_path)]
    headers = [f for f in found if isinstance(f, ImageHeader)]
    skipped = [f for f in found if isinstance(f, Skipped)]
    assert len(headers) > 380
    assert {s.code for s in skipped} <= {
        "not_dicom",
        "no_pixels",
        "unreadable",
        "unsupported_syntax",
        "encapsulated_document",
        "derived_object",
    }
    assert all(s.text.endswith(".") and Path(s.path).name in s.text for s in skipped)


def test_the_real_scan_is_in_hounsfield_units_of_known_spacing(shared):
    folder = shared / "data/dicom/ct/lidc-idri-0314-chest"
    path = next(p for p in sorted(folder.iterdir()) if p.suffix == ".dcm")
    found = read_header(Source(str(path), path.name))
    assert (found.unit, found.spacing_kind) == ("HU", SpacingKind.PATIENT)
    assert found.frames[0].spacing == pytest.approx((0.78125, 0.78125))
