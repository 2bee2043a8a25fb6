"""Headers that were broken or made to hurt, and text in every character set: an answer in words, never an exception."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medviewer.core.study import ImageHeader, Skipped, SpacingKind
from medviewer.core.values import pack
from medviewer.dicom import limits
from medviewer.dicom.files import Source
from medviewer.dicom.headers import read_header
from medviewer.dicom.typed import Charset, clean
from tests import build
from tests.reading import refused

DEFLATED = "1.2.840.10008.1.2.1.99"


# hostile


def nested(depth: int) -> bytes:
    """A data set whose private sequence nests `depth` times, undefined lengths, explicit little endian."""
    opened = b"\x09\x00\x01\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * depth
    closed = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * depth
    data = build.encoded(build.ct())
    at = data.index(b"\x10\x00\x10\x00PN")
    return data[:at] + opened + closed + data[at:]


def test_sequences_nest_to_the_limit_and_no_deeper(read):
    assert read(nested(limits.NESTING)).unit == "HU"
    assert "nests" in refused(read(nested(limits.NESTING + 1)), "unreadable")
    assert "nests" in refused(read(nested(10_000)), "unreadable")


def test_a_deflated_header_that_never_ends_is_refused_soon(read, monkeypatch):
    monkeypatch.setattr(limits, "HEADER_BYTES", 4 * limits.MIB)
    data = build.encoded(build.ct(), DEFLATED)
    meta = data[: data.index(b"\x02\x00\x03\x00")]
    blob = b"\x09\x00\x01\x10OB\0\0" + struct.pack("<L", 32 * limits.MIB) + bytes(32 * limits.MIB)
    head = build.encoded(build.ct(), "1.2.840.10008.1.2.1")
    plain = head[head.index(b"\x08\x00\x05\x00CS") : head.index(b"\x10\x00\x10\x00PN")]
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = stream.compress(plain + blob) + stream.flush()
    syntax = struct.pack("<HH2sH", 2, 0x10, b"UI", 22) + DEFLATED.encode()
    refused(read(meta + syntax + packed), "too_large")


def test_a_huge_private_value_is_stepped_over(read):
    data = build.encoded(build.ct())
    at = data.index(b"\x10\x00\x10\x00PN")
    blob = b"\x09\x00\x01\x10OB\0\0" + struct.pack("<L", 3 * limits.MIB) + bytes(3 * limits.MIB)
    assert read(data[:at] + blob + data[at:]).unit == "HU"


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PixelSpacing", b"abc\\1"),
        ("PixelSpacing", b"1"),
        ("PixelSpacing", b"NaN\\NaN"),
        ("PixelSpacing", b"-1\\-1"),
        ("PixelSpacing", b"\\".join([b"1"] * 17)),
        ("ImagePositionPatient", b"1\\2\\1e400"),
        ("ImagePositionPatient", b"1" * 10_000),
        ("ImageOrientationPatient", b"1\\0\\0\\0\\1"),
        ("InstanceNumber", b"1.5"),
        ("InstanceNumber", b"9" * 60),
        ("RescaleSlope", b"zero"),
        ("RescaleSlope", b"0"),
        ("StudyDate", b"2026-99-99"),
        ("StudyTime", b"991199"),
        ("PatientBirthDate", b"yesterday"),
        ("NumberOfFrames", b"many"),
        ("SliceThickness", b"1E"),
        ("KVP", b"1_0"),
        ("SpecificCharacterSet", b"NO SUCH SET"),
        ("SpecificCharacterSet", b"\xff\xfe"),
        ("ImageType", b"\xff\\\xfe"),
    ],
)
def test_a_value_that_is_garbage_counts_as_absent(read, keyword, value):
    found = read(build.ct(**{keyword: value}))
    assert isinstance(found, ImageHeader)
    plane = found.frames[0]
    expected = {
        "PixelSpacing": plane.spacing is None and found.spacing_kind is SpacingKind.UNKNOWN,
        "ImagePositionPatient": plane.position is None,
        "ImageOrientationPatient": plane.orientation is None,
        "InstanceNumber": found.instance_number is None,
        "RescaleSlope": plane.slope == 1,
        "StudyDate": found.study_date == "",
        "StudyTime": found.study_time == "",
        "PatientBirthDate": found.patient.birth_date == "",
        "NumberOfFrames": len(found.frames) == 1,
        "SliceThickness": found.slice_thickness is None,
        "KVP": found.kvp is None,
    }
    assert expected.get(keyword, True)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_bytes_changed_anywhere_never_raise(tmp_path_factory, data):
    kinds = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2", DEFLATED)
    kind = data.draw(st.sampled_from(kinds))
    ds = build.enhanced([(0, 0, -1), (0, 0, -2)]) if data.draw(st.booleans()) else build.ct(build.ramp(4, 4))
    content = bytearray(build.encoded(ds, kind))
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(128, len(content) - 1), st.integers(0, 255)), max_size=9)
    ):
        content[at] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed.dcm"
    path.write_bytes(content[: data.draw(st.integers(100, len(content)))])
    found = read_header(Source(str(path), "fuzzed.dcm"))
    assert isinstance(found, ImageHeader | Skipped)
    assert pack(found)


# text


@pytest.mark.parametrize(
    ("terms", "data", "expected", "doubtful"),
    [
        (b"ISO_IR 192", "Ärzte 山田".encode(), "Ärzte 山田", False),
        (b"ISO_IR 100", "Müller".encode("latin-1"), "Müller", False),
        (b"GB18030", "王小东".encode("gb18030"), "王小东", False),
        (b"\\ISO 2022 IR 58", b"\x1b$)A\xd5\xc5", "张", False),
        (b"ISO 2022 IR 6\\ISO 2022 IR 87", b"\x1b$B;3ED\x1b(B", "山田", False),
        (b"", "Müller".encode(), "Müller", True),
        (b"", b"M\xfcller", "Müller", True),
        (b"ISO_IR 192", b"M\xfcller", "M\N{REPLACEMENT CHARACTER}ller", True),
        (b"NO SUCH SET", b"M\xfcller", "Müller", True),
        (b"", b"plain", "plain", False),
    ],
)
def test_text_is_read_in_its_declared_set_and_a_misfit_is_a_doubt(terms, data, expected, doubtful):
    charset = Charset(terms)
    assert charset.decode(data) == expected
    assert charset.doubtful == doubtful


def test_a_backslash_inside_a_multi_byte_character_does_not_cut_the_text(read):
    text = "成績表"  # Shift JIS has 0x5C in 表
    found = read(build.ct(SpecificCharacterSet="GB18030", StudyDescription="誠表".encode("gb18030")))
    assert found.study_description == "誠表"
    assert b"\\" in text.encode("shift_jis")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Doe^Jane^Mary", "Doe, Jane Mary"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田 太郎)"),
        ("=山田^太郎", "山田 太郎"),
        ("^^^", ""),
        ("", ""),
        ("Madonna", "Madonna"),
    ],
)
def test_names_are_shown_as_they_are_spoken(read, name, expected):
    assert read(build.ct(PatientName=name)).patient.name == expected


def test_text_cannot_disturb_its_neighbours():
    assert clean("a\x1b[31mb\u202ec\u2066d\r\ne") == "a\ufffd[31mb\ufffdc\ufffdd e"
    assert len(clean("x" * 10_000)) == limits.TEXT_CHARACTERS


def test_identifiers_that_are_malformed_or_missing_still_tell_images_apart(read):
    odd = read(build.ct(SOPInstanceUID="not-a-uid", SeriesInstanceUID=None))
    assert odd.sop_uid == "not-a-uid"
    assert odd.series_uid.startswith("file:")
