"""From stored numbers to what is shown and measured: modality values, padding, windows, colours, films."""

import os
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.testing import assert_array_equal
from PIL import Image
from pydicom import Dataset

from medviewer.core.errors import UserError
from medviewer.core.study import FrameHeader, ImageHeader
from medviewer.dicom.decode.lut import expand_segments
from medviewer.dicom.headers import read_header
from medviewer.dicom.pixels import BAD_VOI_LUT, OTHER_COMPRESSION, read_frame, rescale
from medviewer.dicom.sources import Source
from medviewer.dicom.syntaxes import SYNTAXES
from tests import build

ROOT = "1.2.840.10008.1.2"
RED, BLUE = (255, 0, 0), (0, 0, 255)


def header(path: Path) -> ImageHeader:
    found = read_header(Source(str(path), path.name))
    assert isinstance(found, ImageHeader), found
    return found


def frame(tmp_path: Path, ds, syntax: str = ""):
    return read_frame(header(build.save(ds, tmp_path / "a.dcm", syntax)), 0)


def table(first: int, bits: int, values: list[int], entries: int | None = None) -> Dataset:
    """Return an item of a Modality or VOI LUT Sequence."""
    item = Dataset()
    item.add_new(0x00283002, "US", [entries or len(values), first, bits])
    item.add_new(0x00283006, "OW", np.array(values, "<u2").tobytes())
    return item


# -- modality values


def test_whole_slope_and_intercept_give_integers_and_others_float32(tmp_path):
    pixels = build.ramp(dtype=np.uint16)
    assert_array_equal(frame(tmp_path, build.ct(pixels)).values, pixels.astype(int) - 1024)
    assert frame(tmp_path, build.ct(pixels)).values.dtype == np.int16
    half = frame(tmp_path, build.ct(pixels, RescaleSlope="0.5", RescaleIntercept="0.25")).values
    assert half.dtype == np.float32
    np.testing.assert_allclose(half, pixels * 0.5 + 0.25, rtol=1e-6)


def test_values_that_do_not_fit_into_16_bits_are_not_wrapped():
    wide = rescale(np.array([0, 65535], np.uint16), 1, 0)
    assert (wide.tolist(), wide.dtype) == ([0, 65535], np.int32)
    assert rescale(np.array([0, 4_000_000_000], np.uint32), 1, 0).dtype == np.float32
    assert rescale(np.array([-2000], np.int16), 1, -1024).tolist() == [-3024]


def test_small_slopes_of_pet_are_kept(tmp_path):
    values = frame(tmp_path, build.pet(np.full((8, 8), 20000, np.int16), RescaleSlope="1.5e-8")).values
    np.testing.assert_allclose(values, 20000 * 1.5e-8, rtol=1e-6)


def test_each_frame_has_its_own_rescale(tmp_path):
    ds = build.enhanced([(0, 0, z) for z in range(3)], [10, 10, 10], rescale=[(1, 0), (2, 0), (2, 5)])
    found = header(build.save(ds, tmp_path / "a.dcm"))
    assert [read_frame(found, i).values[0, 0] for i in range(3)] == [10, 20, 25]


def test_a_modality_table_replaces_the_rescale_and_clamps_at_its_ends(tmp_path):
    lut = table(2, 16, [100, 40000, 300])
    ds = build.ct(np.array([[0, 2, 3, 4, 9]], np.uint16), ModalityLUTSequence=[lut])
    assert frame(tmp_path, ds).values.tolist() == [[100, 100, 40000, 300, 300]]


# -- padding and windows


def test_padding_is_told_from_stored_values_and_left_out_of_the_window(tmp_path):
    pixels = np.full((20, 20), 1064, np.int16)
    pixels[:5] = -2000
    pixels[10, :] = 1164
    ds = build.ct(pixels, PixelPaddingValue=-2000, WindowCenter=None, WindowWidth=None)
    shown = frame(tmp_path, ds)
    assert_array_equal(shown.padding, pixels == -2000)
    assert 40 <= shown.window.limits[0] < shown.window.limits[1] <= 141
    assert (shown.grey()[:5] == 0).all()


def test_a_padding_range_is_inclusive_at_both_ends_whichever_end_comes_first(tmp_path):
    pixels = np.arange(16, dtype=np.uint16).reshape(4, 4)
    for low, high in ((3, 6), (6, 3)):
        ds = build.cr(pixels, PixelPaddingValue=low, PixelPaddingRangeLimit=high)
        assert_array_equal(frame(tmp_path, ds).padding, (pixels >= 3) & (pixels <= 6))


def test_the_first_window_of_the_file_is_the_default(tmp_path):
    shown = frame(tmp_path, build.ct(WindowCenter=["40", "-600"], WindowWidth=["400", "1500"]))
    assert (shown.window.center, shown.window.width) == (40, 400)


def test_monochrome1_and_inverse_shape_turn_the_greys_once_and_leave_the_values(tmp_path):
    pixels = build.ramp(dtype=np.uint16)
    for attributes, inverted in (
        ({"PhotometricInterpretation": "MONOCHROME2", "PresentationLUTShape": "IDENTITY"}, False),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}, True),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": None}, True),
        ({"PhotometricInterpretation": "MONOCHROME2", "PresentationLUTShape": "INVERSE"}, True),
    ):
        shown = frame(tmp_path, build.dx(pixels, **attributes))
        assert shown.inverted is inverted
        assert_array_equal(shown.values, pixels)


def test_a_voi_table_of_the_file_is_handed_out_in_8_bits(tmp_path):
    item = table(10, 12, [0, 4095, 2048, 0])
    item.LUTExplanation = "NORMAL"
    shown = frame(tmp_path, build.dx(np.array([[0, 10, 11, 12, 40]], np.uint16), VOILUTSequence=[item]))
    assert shown.voi_lut.name == "NORMAL"
    assert shown.grey().tolist() == [[0, 0, 255, 128, 0]]
    assert shown.window is not None  # what the first drag starts from


def test_a_damaged_voi_table_is_left_out_with_a_mark(tmp_path):
    item = table(10, 12, [0, 1], entries=400)
    shown = frame(tmp_path, build.dx(VOILUTSequence=[item]))
    assert shown.voi_lut is None
    assert BAD_VOI_LUT in shown.marks


# -- colour: red left, blue right, however it is coded


def red_and_blue(rows: int = 16, columns: int = 32) -> np.ndarray:
    pixels = np.zeros((rows, columns, 3), np.uint8)
    pixels[:, : columns // 2], pixels[:, columns // 2 :] = RED, BLUE
    return pixels


def to_ybr(rgb: np.ndarray) -> np.ndarray:
    r, g, b = np.moveaxis(rgb.astype(float), 2, 0)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return np.dstack([y, 128 + (b - y) / 1.772, 128 + (r - y) / 1.402]).round().clip(0, 255).astype(np.uint8)


def assert_red_and_blue(shown) -> None:
    assert shown.values.shape == (16, 32, 3)
    assert shown.values.dtype == np.uint8
    assert np.abs(shown.values[:, 2:14].astype(int) - RED).max() <= 6
    assert np.abs(shown.values[:, 18:30].astype(int) - BLUE).max() <= 6


def jpeg(rgb: np.ndarray, *, transform: bool, marker: bool = True) -> bytes:
    """Return a baseline JPEG: stored as YCbCr or RGB, with or without the segment that says which."""
    if transform:
        data = imagecodecs.jpeg8_encode(rgb, level=98, colorspace="RGB", outcolorspace="YCBCR", subsampling="444")
    else:
        data = imagecodecs.jpeg8_encode(rgb, level=98, colorspace="RGB", outcolorspace="RGB")
    if not marker:
        length = int.from_bytes(data[4:6], "big")
        assert data[2:4] in (b"\xff\xe0", b"\xff\xee")
        data = data[:2] + data[4 + length :]
        at = data.find(b"\xff\xc0")
        for i in range(3):  # component ids 1, 2, 3 say nothing
            data = data[: at + 10 + 3 * i] + bytes([i + 1]) + data[at + 11 + 3 * i :]
        at = data.find(b"\xff\xda")
        for i in range(3):
            data = data[: at + 5 + 2 * i] + bytes([i + 1]) + data[at + 6 + 2 * i :]
    return data


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL_422", "YBR_FULL"])
@pytest.mark.parametrize("transform", [True, False], ids=["YCbCr", "RGB"])
def test_a_jpeg_that_states_its_colours_is_believed_before_the_header(tmp_path, photometric, transform):
    ds = build.sc(red_and_blue(), PhotometricInterpretation=photometric)
    assert_red_and_blue(
        frame(tmp_path, build.compressed(ds, [jpeg(red_and_blue(), transform=transform)], f"{ROOT}.4.50"))
    )


@pytest.mark.parametrize(("photometric", "transform"), [("RGB", False), ("YBR_FULL_422", True)])
def test_a_jpeg_that_states_nothing_has_the_colours_of_the_header(tmp_path, photometric, transform):
    ds = build.sc(red_and_blue(), PhotometricInterpretation=photometric)
    stream = jpeg(red_and_blue(), transform=transform, marker=False)
    assert_red_and_blue(frame(tmp_path, build.compressed(ds, [stream], f"{ROOT}.4.50")))


@pytest.mark.parametrize("photometric", ["RGB", "YBR_RCT", "YBR_ICT", "YBR_FULL"])
@pytest.mark.parametrize("mct", [True, False])
def test_a_jpeg_2000_is_converted_once(tmp_path, photometric, mct):
    pixels = red_and_blue()
    if not mct and photometric == "YBR_FULL":
        pixels = to_ybr(pixels)
    stream = imagecodecs.jpeg2k_encode(pixels, reversible=True, codecformat="j2k", mct=mct)
    ds = build.sc(red_and_blue(), PhotometricInterpretation=photometric)
    assert_red_and_blue(frame(tmp_path, build.compressed(ds, [stream], f"{ROOT}.4.90")))


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL", "YBR_PARTIAL_422"])
def test_native_colour_in_pixels_or_planes(tmp_path, photometric, planar):
    pixels = red_and_blue() if photometric == "RGB" else to_ybr(red_and_blue())
    if photometric.startswith("YBR_PARTIAL"):
        scaled = pixels.astype(float)
        scaled[..., 0] = 16 + scaled[..., 0] * 219 / 255
        scaled[..., 1:] = 128 + (scaled[..., 1:] - 128) * 224 / 255
        pixels = scaled.round().astype(np.uint8)
    ds = build.sc(red_and_blue(), PhotometricInterpretation=photometric, PlanarConfiguration=planar)
    ds.PixelData = (np.moveaxis(pixels, 2, 0) if planar else pixels).tobytes()
    assert_red_and_blue(frame(tmp_path, ds))


@pytest.mark.parametrize("full_length", [False, True])
def test_native_422_is_spread_unless_it_was_written_in_full(tmp_path, full_length):
    ybr = to_ybr(red_and_blue())
    packed = np.dstack([ybr[:, 0::2, 0], ybr[:, 1::2, 0], ybr[:, 0::2, 1], ybr[:, 0::2, 2]])
    ds = build.sc(red_and_blue(), PhotometricInterpretation="YBR_FULL_422")
    ds.PixelData = ybr.tobytes() if full_length else packed.tobytes()
    assert_red_and_blue(frame(tmp_path, ds))


def test_sixteen_bit_colour_comes_out_in_8_bits(tmp_path):
    ds = build.sc(red_and_blue(), BitsAllocated=16, BitsStored=12, HighBit=11)
    ds.PixelData = (red_and_blue().astype("<u2") << 4).tobytes()
    ds["PixelData"].VR = "OW"
    assert_red_and_blue(frame(tmp_path, ds))


def palette(ds, first: int, bits: int, red: list[int], green: list[int], blue: list[int], *, packed: bool = False):
    for name, table in (("Red", red), ("Green", green), ("Blue", blue)):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [len(table), first, bits])
        data = np.array(table, np.uint8 if packed else "<u2").tobytes()
        setattr(ds, f"{name}PaletteColorLookupTableData", data + b"\0" * (len(data) % 2))
    ds.PhotometricInterpretation = "PALETTE COLOR"
    return ds


@pytest.mark.parametrize(
    ("bits", "top", "packed"), [(8, 255, True), (8, 255, False), (16, 65535, False), (16, 255, False)]
)
def test_palettes_are_scaled_by_their_real_width(tmp_path, bits, top, packed):
    ds = build.sc(np.array([[0, 9, 10, 11, 12, 200]], np.uint8))
    palette(ds, 10, bits, [top, 0, 0, 0], [0, top, 0, 0], [0, 0, top, top], packed=packed)
    shown = frame(tmp_path, ds).values
    assert shown[0].tolist() == [[255, 0, 0]] * 3 + [[0, 255, 0], [0, 0, 255], [0, 0, 255]]


def test_a_segmented_palette_is_expanded():
    table = expand_segments([0, 2, 0, 10, 1, 5, 60, 2, 1, 8, 0], 12)
    assert table.tolist() == [0, 10, 20, 30, 40, 50, 60, 60, 60, 60, 60, 60]


@pytest.mark.parametrize(
    "parts", [[0, 9, 1], [1, 5, 60], [2, 60000, 0, 0], [0, 2, 0, 10, 2, 60000, 0, 0], [3, 1, 1], [0, 1]]
)
def test_a_segmented_palette_that_expands_without_end_is_refused(parts):
    from medviewer.dicom.decode.damage import Damaged

    with pytest.raises(Damaged):
        expand_segments(parts, 8)


# -- files that change, lie or go away


def test_a_file_that_was_replaced_since_the_scan_is_refused(tmp_path):
    path = build.save(build.ct(), tmp_path / "a.dcm")
    found = header(path)
    build.save(build.ct(build.ramp(16, 16)), path)
    with pytest.raises(UserError, match=r"Image 1 has changed since it was opened; open it again\."):
        read_frame(found, 0)
    build.save(build.ct(build.ramp() + 1), path)  # same size, other pixels
    with pytest.raises(UserError, match="has changed"):
        read_frame(found, 0)


def test_a_file_that_went_away_is_told_in_one_sentence(tmp_path):
    path = build.save(build.ct(), tmp_path / "a.dcm")
    found = header(path)
    path.unlink()
    with pytest.raises(UserError) as error:
        read_frame(found, 0)
    assert error.value.code == "unreadable"


def test_a_frame_that_would_take_all_memory_is_refused_before_anything_is_read(tmp_path):
    found = replace(header(build.save(build.ct(), tmp_path / "a.dcm")), rows=65000, columns=65000)
    with pytest.raises(UserError) as error:
        read_frame(found, 0)
    assert error.value.code in ("too_large", "damaged")


def test_pixels_compressed_in_another_way_than_the_header_says_are_shown_with_a_mark(tmp_path):
    pixels = np.arange(600, dtype=np.uint8).reshape(20, 30)
    ds = build.compressed(build.sc(pixels), [imagecodecs.jpegls_encode(pixels)], f"{ROOT}.4.90")
    shown = frame(tmp_path, ds, f"{ROOT}.4.90")
    assert_array_equal(shown.values, pixels)
    assert OTHER_COMPRESSION in shown.marks


# -- films


@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
@pytest.mark.parametrize("colour", [False, True])
def test_films_are_grey_or_rgb(tmp_path, suffix, colour):
    shown = read_frame(header(build.film(tmp_path / f"film.{suffix}", colour=colour)), 0)
    assert shown.values.shape == ((40, 60, 3) if colour else (40, 60))
    assert shown.values.dtype == np.uint8
    if not colour:
        assert np.abs(shown.grey().astype(int) - shown.values).max() == 0  # as every other program shows it


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_films_keep_their_depth(tmp_path, suffix):
    pixels = np.arange(2400, dtype=np.uint16).reshape(40, 60) * 20
    Image.fromarray(pixels).save(tmp_path / f"film.{suffix}")
    shown = read_frame(header(tmp_path / f"film.{suffix}"), 0)
    assert_array_equal(shown.values, pixels)
    assert shown.window.width > 255


def test_a_film_is_turned_as_its_camera_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    pixels = np.zeros((40, 60), np.uint8)
    pixels[:, :10] = 255
    Image.fromarray(pixels).save(tmp_path / "film.png", exif=exif)
    shown = read_frame(header(tmp_path / "film.png"), 0)
    assert shown.values.shape == (60, 40)
    assert (shown.values[:10] == 255).all()


def test_a_film_that_is_cut_is_refused(tmp_path):
    path = build.film(tmp_path / "film.png", (200, 300))
    found = header(path)
    data = path.read_bytes()
    os.truncate(path, len(data) // 2)
    with pytest.raises(UserError) as error:
        read_frame(found, 0)
    assert error.value.sentence == "film.png is damaged and cannot be shown."


# -- real files against pydicom


def references(folder: Path):
    """Yield (path, header, pydicom's stored pixels as an array of frames) for what pydicom decodes."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in (".md", ".tsv", ".json", ".gz"):
            continue
        try:
            ds = pydicom.dcmread(path)
            pixels = ds.pixel_array
        except Exception:  # noqa: BLE001 - no reference, nothing to compare
            continue
        found = read_header(Source(str(path), path.name))
        if isinstance(found, ImageHeader):
            yield path, found, pixels if len(found.frames) > 1 else pixels[None]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("folder", ["ct", "cr-dx", "mr", "us", "sc", "vl", "xa", "pydicom", "pydicom-data"])
def test_real_files_have_the_values_that_pydicom_gives(shared, folder):
    count = 0
    for path, found, stored in references(shared / "data" / "dicom" / folder):
        if found.photometric == "PALETTE COLOR" or found.modality_lut:
            continue
        for number in {0, len(found.frames) - 1}:
            plane: FrameHeader = found.frames[number]
            shown, expected = read_frame(found, number).values, stored[number].astype(float)
            if found.samples == 1:
                expected = expected * plane.slope + plane.intercept
                off = (
                    2.01 * abs(plane.slope) if SYNTAXES[found.transfer_syntax].lossy else 1e-6 * np.abs(expected).max()
                )
            else:
                expected, off = expected // (1 << max(found.bits_stored - 8, 0)), 3
            assert shown.shape == expected.shape, path.name
            assert np.nanmax(np.abs(shown - expected)) <= off, path.name
            count += 1
    assert count


def test_all_lossless_codings_of_one_real_slice_are_alike(shared):
    folder = shared / "data" / "dicom" / "ct" / "one-image-13-syntaxes"
    values = [
        read_frame(found, 0).values
        for path in sorted(folder.iterdir())
        if isinstance(found := read_header(Source(str(path), path.name)), ImageHeader)
        and not SYNTAXES[found.transfer_syntax].lossy
    ]
    assert len(values) == 7
    for other in values[1:]:
        assert_array_equal(other, values[0])
