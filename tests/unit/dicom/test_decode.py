"""Compressed and native pixels: every syntax gives the numbers that went in; nothing that is cut or lies is shown."""

import struct
import zlib
from dataclasses import replace
from itertools import chain
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pydicom.encaps import encapsulate_extended
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from medviewer.core.errors import UserError
from medviewer.core.study import ImageHeader
from medviewer.dicom.headers import read_header
from medviewer.dicom.pixels import read_frame
from medviewer.dicom.sources import Source
from medviewer.dicom.syntaxes import SYNTAXES, syntax_name
from tests import build

ROOT = "1.2.840.10008.1.2"


def picture(bits: int = 12, size: tuple[int, int] = (48, 64), seed: int = 1) -> np.ndarray:
    """Return pixels with structure and noise that need all `bits`."""
    y, x = np.mgrid[: size[0], : size[1]]
    noise = np.random.default_rng(seed).integers(0, 1 << (bits - 3), size)
    return ((x * y * 7 + noise) % (1 << bits)).astype(np.uint8 if bits <= 8 else np.uint16)


def rle(pixels: np.ndarray) -> bytes:
    """Return an RLE frame (PS3.5 G): one segment for each byte of each sample, most significant first."""
    samples = [pixels] if pixels.ndim == 2 else [pixels[..., i] for i in range(3)]
    width = pixels.dtype.itemsize
    parts = [
        imagecodecs.packbits_encode(np.ascontiguousarray(sample).view(np.uint8).reshape(-1, width)[:, byte].tobytes())
        for sample in samples
        for byte in reversed(range(width))
    ]
    parts = [part + b"\0" * (len(part) % 2) for part in parts]
    offsets = np.cumsum([64, *map(len, parts[:-1])])
    return struct.pack("<16I", len(parts), *offsets, *[0] * (15 - len(parts))) + b"".join(parts)


def deflated(pixels: np.ndarray) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = squeeze.compress(pixels.tobytes()) + squeeze.flush()
    return data + b"\0" * (len(data) % 2)


LOSSLESS = {
    f"{ROOT}.1.98": lambda p: p.tobytes(),
    f"{ROOT}.8.1": deflated,
    f"{ROOT}.5": rle,
    f"{ROOT}.4.57": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=4, bitspersample=12),
    f"{ROOT}.4.70": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=1, bitspersample=12),
    f"{ROOT}.4.80": imagecodecs.jpegls_encode,
    f"{ROOT}.4.90": lambda p: imagecodecs.jpeg2k_encode(p, reversible=True, codecformat="j2k", bitspersample=12),
    f"{ROOT}.4.201": imagecodecs.htj2k_encode,
}
LOSSY = {
    f"{ROOT}.4.51": lambda p: imagecodecs.jpeg8_encode(p, level=98, bitspersample=12),
    f"{ROOT}.4.81": lambda p: imagecodecs.jpegls_encode(p, level=2),
    f"{ROOT}.4.91": lambda p: imagecodecs.jpeg2k_encode(p, level=70, codecformat="j2k", bitspersample=12),
}
CUT = {**LOSSLESS, **LOSSY}
NAMES = {uid: SYNTAXES[uid].name for uid in CUT}


def coded(path: Path, pixels: np.ndarray, syntax: str, streams: list[bytes] | None = None, **attributes) -> ImageHeader:
    """Write `pixels` [row, column(, 3)] (one frame) under `syntax` and return its header."""
    ds = build.image(build.SC, "OT", pixels, **{"BitsStored": 12, "HighBit": 11} if pixels.dtype != np.uint8 else {})
    build.set_attributes(ds, attributes)
    streams = streams or [CUT[syntax](pixels)]
    return header(build.save(build.compressed(ds, streams, syntax), path, syntax))


def header(path: Path) -> ImageHeader:
    found = read_header(Source(str(path), path.name))
    assert isinstance(found, ImageHeader), found
    return found


def refused(found: ImageHeader, frame: int = 0) -> UserError:
    with pytest.raises(UserError) as error:
        read_frame(found, frame)
    assert "T-1" not in error.value.sentence + error.value.details
    return error.value


@pytest.mark.parametrize("syntax", LOSSLESS, ids=NAMES.get)
def test_lossless_compression_gives_the_very_numbers(tmp_path, syntax):
    pixels = picture()
    assert_array_equal(read_frame(coded(tmp_path / "a.dcm", pixels, syntax), 0).values, pixels)


@pytest.mark.parametrize("syntax", LOSSY, ids=NAMES.get)
def test_lossy_compression_stays_near(tmp_path, syntax):
    y, x = np.mgrid[:48, :64]
    pixels = (1000 + 8 * x + 9 * y).astype(np.uint16)
    values = read_frame(coded(tmp_path / "a.dcm", pixels, syntax), 0).values
    assert np.abs(values.astype(int) - pixels).max() < 40


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("syntax", CUT, ids=NAMES.get)
def test_a_stream_that_is_cut_is_refused(tmp_path, syntax, share):
    pixels = picture()
    whole = CUT[syntax](pixels)
    found = coded(tmp_path / "a.dcm", pixels, syntax, [whole[: int(len(whole) * share) // 2 * 2]])
    assert refused(found).code in ("damaged", "truncated")


@pytest.mark.parametrize("syntax", CUT, ids=NAMES.get)
def test_a_stream_of_another_size_than_the_header_says_is_refused(tmp_path, syntax):
    found = coded(tmp_path / "a.dcm", picture(), syntax, [CUT[syntax](picture(size=(24, 64)))])
    assert refused(found).code in ("damaged", "truncated")


@pytest.mark.parametrize("syntax", [f"{ROOT}.4.57", f"{ROOT}.4.51"])
def test_a_jpeg_whose_end_marker_alone_is_missing_is_shown(tmp_path, syntax):
    pixels = picture()
    whole = CUT[syntax](pixels)
    assert whole.endswith(b"\xff\xd9")
    with_end = read_frame(coded(tmp_path / "a.dcm", pixels, syntax, [whole]), 0).values
    assert_array_equal(read_frame(coded(tmp_path / "b.dcm", pixels, syntax, [whole[:-2]]), 0).values, with_end)


def test_a_jpeg_2000_that_claims_to_be_huge_is_refused_before_memory_is_taken(tmp_path):
    stream = bytearray(CUT[f"{ROOT}.4.90"](picture()))
    struct.pack_into(">II", stream, 8, 60000, 60000)
    assert refused(coded(tmp_path / "a.dcm", picture(), f"{ROOT}.4.90", [bytes(stream)])).code == "damaged"


def test_a_jpeg_2000_in_countless_tiles_is_refused(tmp_path):
    stream = bytearray(CUT[f"{ROOT}.4.90"](picture()))
    struct.pack_into(">II", stream, 24, 0, 1)
    assert refused(coded(tmp_path / "a.dcm", picture(), f"{ROOT}.4.90", [bytes(stream)])).code == "damaged"


def test_a_jpeg_that_claims_other_components_is_refused(tmp_path):
    colour = np.dstack([picture(8)] * 3)
    found = coded(tmp_path / "a.dcm", picture(8), f"{ROOT}.4.50", [imagecodecs.jpeg8_encode(colour)])
    assert refused(found).code == "damaged"


def test_run_lengths_that_never_end_are_refused(tmp_path):
    stream = rle(picture(8))[:64] + b"\x81\x00" * 100_000
    assert refused(coded(tmp_path / "a.dcm", picture(8), f"{ROOT}.5", [stream])).code == "damaged"


def test_a_deflated_frame_that_unpacks_to_more_is_refused(tmp_path):
    stream = deflated(np.zeros(10_000_000, np.uint8))
    assert refused(coded(tmp_path / "a.dcm", picture(), f"{ROOT}.8.1", [stream])).code == "damaged"


def test_one_damaged_frame_does_not_take_the_others_with_it(tmp_path):
    frames = [picture(seed=i) for i in range(3)]
    streams = [CUT[f"{ROOT}.4.80"](frame) for frame in frames]
    streams[1] = streams[1][: len(streams[1]) // 4 * 2]
    found = coded(tmp_path / "a.dcm", frames[0], f"{ROOT}.4.80", streams, NumberOfFrames=3)
    assert_array_equal(read_frame(found, 0).values, frames[0])
    assert refused(found, 1).sentence.startswith("Frame 2 of image 1 is")
    assert_array_equal(read_frame(found, 2).values, frames[2])


# -- fragments and offset tables


def fragmented(path: Path, table: bytes, fragments: list[bytes], frames: int, *, end: bool = True) -> ImageHeader:
    """Write JPEG-LS fragments just as they are given."""
    ds = build.image(build.SC, "OT", picture(), BitsStored=12, HighBit=11, NumberOfFrames=frames)
    ds = build.compressed(ds, [b"\0\0"] * frames, f"{ROOT}.4.80")
    items = [table, *(part + b"\0" * (len(part) % 2) for part in fragments)]
    ds.PixelData = b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(item)) + item for item in items)
    data = build.encoded(ds)
    return header_of(path, data if end else data[:-8])


def header_of(path: Path, data: bytes) -> ImageHeader:
    path.write_bytes(data)
    return header(path)


def halves(stream: bytes) -> list[bytes]:
    middle = len(stream) // 4 * 2
    return [stream[:middle], stream[middle:]]


@pytest.mark.parametrize("table", ["empty", "full", "off by 8", "all zero", "beyond the file"])
@pytest.mark.parametrize("split", [False, True], ids=["one fragment a frame", "two fragments a frame"])
def test_frames_are_found_whatever_the_offset_table_says(tmp_path, table, split):
    frames = [picture(seed=i) for i in range(3)]
    streams = [CUT[f"{ROOT}.4.80"](frame) for frame in frames]
    streams = [s + b"\0" * (len(s) % 2) for s in streams]
    parts = [halves(s) if split else [s] for s in streams]
    starts = np.cumsum([0, *(sum(len(p) + 8 for p in part) for part in parts)])[:3]
    offsets = {
        "empty": [],
        "full": starts,
        "off by 8": starts + 8,
        "all zero": [0, 0, 0],
        "beyond the file": [0, 10**8, 2 * 10**8],
    }[table]
    found = fragmented(tmp_path / "a.dcm", struct.pack(f"<{len(offsets)}I", *offsets), [*chain(*parts)], 3)
    for number, frame in enumerate(frames):
        assert_array_equal(read_frame(found, number).values, frame)


def test_a_missing_end_of_the_fragments_costs_nothing(tmp_path):
    stream = CUT[f"{ROOT}.4.80"](picture())
    found = fragmented(tmp_path / "a.dcm", b"", halves(stream), 1, end=False)
    assert_array_equal(read_frame(found, 0).values, picture())


def test_frames_that_are_announced_and_not_there_are_refused_by_number(tmp_path):
    streams = [CUT[f"{ROOT}.4.80"](picture(seed=i)) for i in range(2)]
    found = fragmented(tmp_path / "a.dcm", b"", streams, 3)
    assert_array_equal(read_frame(found, 1).values, picture(seed=1))
    assert refused(found, 2).sentence == "Frame 3 of image 1 is damaged and cannot be shown."


def test_the_last_frame_of_a_file_that_ends_early_is_refused_and_the_first_is_shown(tmp_path):
    streams = [CUT[f"{ROOT}.4.80"](picture(seed=i)) for i in range(2)]
    whole = fragmented(tmp_path / "a.dcm", b"", streams, 2)
    found = header_of(tmp_path / "b.dcm", Path(whole.path).read_bytes()[:-200])
    assert_array_equal(read_frame(found, 0).values, picture(seed=0))
    assert refused(found, 1).code == "truncated"


def test_an_extended_offset_table_is_followed(tmp_path):
    frames = [picture(seed=i) for i in range(3)]
    streams = [CUT[f"{ROOT}.4.80"](frame) for frame in frames]
    ds = build.image(build.SC, "OT", frames[0], BitsStored=12, HighBit=11, NumberOfFrames=3)
    ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(streams)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length, ds._syntax = "OB", True, f"{ROOT}.4.80"
    found = header(build.save(ds, tmp_path / "a.dcm"))
    for number, frame in enumerate(frames):
        assert_array_equal(read_frame(found, number).values, frame)


def test_more_fragments_than_any_file_needs_are_refused(tmp_path, monkeypatch):
    from medviewer.dicom import limits

    monkeypatch.setattr(limits, "FRAGMENTS", 5)
    assert refused(fragmented(tmp_path / "a.dcm", b"", [b"\0\0"] * 40, 1)).code in ("damaged", "truncated")


# -- native


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, f"{ROOT}.1", f"{ROOT}.1.99", ExplicitVRBigEndian])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.uint32])
def test_native_pixels_of_any_byte_order_come_out_right(tmp_path, syntax, dtype):
    pixels = np.stack([build.ramp(6, 10, dtype=dtype) + i for i in range(3)]).astype(dtype)
    ds = build.image(build.SC, "OT", pixels)
    if syntax == ExplicitVRBigEndian and dtype != np.uint8:
        ds.PixelData = pixels.astype(pixels.dtype.newbyteorder(">")).tobytes()
    found = header(build.save(ds, tmp_path / "a.dcm", syntax))
    for number in range(3):
        values = read_frame(found, number).values
        assert_array_equal(values, pixels[number])
        assert values.dtype.isnative


def test_eight_bit_pixels_in_big_endian_words_are_swapped_back(tmp_path):
    pixels = np.arange(60, dtype=np.uint8).reshape(1, 6, 10)
    ds = build.image(build.SC, "OT", pixels)
    ds.PixelData = np.frombuffer(pixels.tobytes(), "<u2").astype(">u2").tobytes()
    ds["PixelData"].VR = "OW"
    assert_array_equal(read_frame(header(build.save(ds, tmp_path / "a.dcm", ExplicitVRBigEndian)), 0).values, pixels[0])


def test_one_bit_frames_may_begin_within_a_byte(tmp_path):
    pixels = np.random.default_rng(3).random((3, 5, 7)) > 0.5
    found = header(build.save(build.image(build.SC, "OT", pixels), tmp_path / "a.dcm"))
    for number in range(3):
        assert_array_equal(read_frame(found, number).values, pixels[number])


@pytest.mark.parametrize(("keyword", "dtype"), [("FloatPixelData", "<f4"), ("DoubleFloatPixelData", "<f8")])
def test_float_pixels_are_read_and_nan_is_padding(tmp_path, keyword, dtype):
    values = np.linspace(-1.5, 2.5, 60).reshape(6, 10).astype(dtype)
    values[0, 0] = np.nan
    ds = build.image(build.SC, "OT", picture(8, (6, 10)), PixelData=None)
    for name in ("BitsStored", "HighBit", "PixelRepresentation"):
        ds.pop(name, None)
    ds.BitsAllocated = 8 * values.itemsize
    setattr(ds, keyword, values.tobytes())
    frame = read_frame(header(build.save(ds, tmp_path / "a.dcm")), 0)
    assert frame.values.dtype == np.float32
    np.testing.assert_allclose(frame.values, values, rtol=1e-6)
    assert frame.padding is not None
    assert frame.padding.sum() == 1


def test_bits_are_taken_from_high_bit_down_and_the_sign_is_extended(tmp_path):
    twelve = np.array([[0x5FFF, 0x0800], [0x07FF, 0xF001]], np.uint16)
    ds = build.image(build.SC, "OT", twelve, BitsStored=12, HighBit=11, PixelRepresentation=1)
    found = header(build.save(ds, tmp_path / "a.dcm"))
    assert read_frame(found, 0).values.tolist() == [[-1, -2048], [2047, 1]]
    high = build.image(build.SC, "OT", np.full((2, 2), 0x1230, np.uint16), BitsStored=12, HighBit=15)
    frame = read_frame(header(build.save(high, tmp_path / "b.dcm")), 0)
    assert (frame.values == 0x123).all()
    assert frame.marks


def test_a_file_that_is_cut_within_its_pixels_is_refused(tmp_path):
    path = build.save(build.ct(), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:-40])
    error = refused(header(path))
    assert error.code == "truncated"
    assert error.sentence.startswith("Image 1 is cut short")


# -- other words


def test_every_syntax_has_words_and_none_is_taken_for_another():
    assert syntax_name(f"{ROOT}.4.110") == "JPEG XL"
    assert syntax_name(f"{ROOT}.4.102.1") == "MPEG-4 video"
    assert syntax_name(f"{ROOT}.4.52") == "JPEG (retired process)"
    assert syntax_name("1.2.3") == "unknown (1.2.3)"
    assert all(uid == syntax.uid and syntax.name for uid, syntax in SYNTAXES.items())


def test_a_syntax_that_is_not_decoded_is_named_when_asked_for_its_pixels(tmp_path):
    found = coded(tmp_path / "a.dcm", picture(), f"{ROOT}.4.80")
    error = refused(replace(found, transfer_syntax=f"{ROOT}.4.110"))
    assert error.code == "unsupported_syntax"
    assert "JPEG XL" in error.sentence
