"""The one preprocessing of training and reading."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from medviewer.engine.preprocess import Grid, Prepared, prepare
from medviewer.inference.card import Input, Scaling

FILM = Input(("DX",), Scaling("percentile", 1, 99), size=(192, 192), min_size=(64, 64))
CT = Input(("CT",), Scaling("window", -1000, 400), unit="HU", pixel_mm=0.7, fit="resample", region="lungs")
GRID = Grid(4, 22.0, 45)


def thorax(pixel: float = 0.7, size: int = 420, nodule: tuple[float, float] | None = None) -> NDArray[np.int16]:
    """A trunk of soft tissue with two lungs, in HU; `nodule` (x, y) in mm from the first pixel's centre."""
    y, x = np.mgrid[:size, :size] * pixel
    middle = size * pixel / 2
    hu = np.full((size, size), -1000, np.int16)
    hu[((x - middle) / 130) ** 2 + ((y - middle) / 90) ** 2 < 1] = 40
    for side in (-60, 60):
        hu[((x - middle - side) / 45) ** 2 + ((y - middle) / 65) ** 2 < 1] = -850
    if nodule:
        hu[(x - nodule[0]) ** 2 + (y - nodule[1]) ** 2 < 5**2] = 50
    return hu


def place_of(p: Prepared, row: int, column: int) -> tuple[float, float]:
    x, y, _ = p.to_source @ (GRID.offset + GRID.stride * column, GRID.offset + GRID.stride * row, 1)
    return float(x), float(y)


# --- films ---------------------------------------------------------------------------------------------------------


def test_the_same_film_inverted_with_12_bits_gives_the_same_input() -> None:
    film = np.random.default_rng(0).integers(20, 230, (300, 280)).astype(np.uint8)
    turned = (4095 - np.round(film * (3500 / 255) + 200)).astype(np.uint16)
    a, b = prepare(FILM, film), prepare(FILM, turned, inverted=True)
    assert np.abs(a.tensor - b.tensor).max() < 0.01


def test_a_real_film_as_jpeg_and_as_12_bit_monochrome1_gives_the_same_input(shared: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    with zipfile.ZipFile(shared / "data/train/kermany-originals-24/images.zip") as z:
        film = np.asarray(
            image.open(io.BytesIO(z.read(next(n for n in z.namelist() if n.endswith("jpeg"))))).convert("L")
        )
    turned = (4095 - np.round(film * (4095 / 255))).astype(np.uint16)
    a, b = prepare(FILM, film), prepare(FILM, turned, inverted=True)
    assert np.abs(a.tensor - b.tensor).max() < 0.004


def test_a_colour_film_counts_by_its_luminance() -> None:
    grey = np.random.default_rng(1).integers(0, 255, (200, 200)).astype(np.uint8)
    assert np.allclose(prepare(FILM, grey).tensor, prepare(FILM, np.stack([grey] * 3, -1)).tensor, atol=1e-4)


def test_exposure_and_padding_do_not_change_a_film() -> None:
    film = np.random.default_rng(2).integers(100, 900, (256, 256)).astype(np.int32)
    padding = np.zeros(film.shape, bool)
    padding[:, :40] = True
    spoiled = np.where(padding, 65535, film)
    a, b = prepare(FILM, film, padding=padding), prepare(FILM, spoiled * 3 + 50, padding=padding)
    assert np.abs(a.tensor - b.tensor).max() < 1e-3
    assert a.tensor[0, :, :25].max() == 0
    assert not a.seen[:, :40].any()
    assert a.seen[:, 40:].all()


@pytest.mark.parametrize("fit", ["stretch", "pad", "crop"])
def test_a_bright_square_is_found_again_through_to_source(fit: str) -> None:
    film = np.zeros((400, 250), np.float32)
    film[180:190, 120:130] = 1000
    spec = Input(("DX",), Scaling("window", 0, 1000), size=(192, 192), fit=fit)
    p = prepare(spec, film)
    weight = p.tensor[0] / p.tensor[0].sum()
    x, y = (weight.sum(0) * np.arange(192)).sum(), (weight.sum(1) * np.arange(192)).sum()
    assert np.allclose((p.to_source @ (x, y, 1))[:2], (124.5, 184.5), atol=0.05)
    assert p.seen.all() == (fit != "crop")
    assert p.seen[184, 124]


def test_reducing_averages_instead_of_skipping() -> None:
    stripes = np.tile(np.array([0, 1000], np.float32), (960, 480))
    p = prepare(Input(("DX",), Scaling("window", 0, 1000), size=(96, 96)), stripes)
    assert np.abs(p.tensor - 0.5).max() < 0.02


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((1, 1), np.int16), "too small (1 x 1 pixels, at least 64 x 64"),
        (np.full((100, 100), 7, np.int16), "all its pixels have the same value"),
    ],
)
def test_what_cannot_be_read_says_why(values: NDArray[np.int16], words: str) -> None:
    p = prepare(FILM, values)
    assert p.reason is not None
    assert words in p.reason


# --- slices --------------------------------------------------------------------------------------------------------


def test_a_slice_without_lung_is_not_evaluated() -> None:
    solid = np.where(thorax() == -850, 40, thorax())
    assert prepare(CT, solid, (0.7, 0.7), grid=GRID).reason == "No lung in this slice."
    assert prepare(CT, np.full((512, 512), -1000), (0.7, 0.7), grid=GRID).reason == "No lung in this slice."


@pytest.mark.parametrize("pixel", [0.55, 0.7, 0.9])
def test_a_nodule_lies_in_a_place_that_counts_at_its_own_position(pixel: float) -> None:
    at = (206.0, 150.0)  # in the lung on the right of the picture
    hu = thorax(pixel, round(300 / pixel), at)
    p = prepare(CT, hu, (pixel, pixel), grid=GRID)
    assert p.places is not None
    centre = p.tensor[0][22:-22:4, 22:-22:4]
    assert centre.shape == p.places.shape
    inside = np.where(p.places, centre, 0)
    far = np.hypot(
        *(
            np.array([[place_of(p, r, c) for c in range(inside.shape[1])] for r in range(inside.shape[0])]) * pixel - at
        ).transpose(2, 0, 1)
    )
    assert inside[far < 3].min() > 0.6  # the nodule's own cells count
    assert far.min() < 2  # and one of them is next to its middle


def test_places_are_in_the_lungs_and_a_nodule_at_the_pleura_belongs_to_them() -> None:
    at = (207.0 + 41, 147.0)  # touches the chest wall
    hu = thorax(0.7, 420, at)
    p = prepare(CT, hu, (0.7, 0.7), grid=GRID)
    assert p.places is not None
    rows, columns = np.nonzero(p.places)
    points = np.array([place_of(p, r, c) for r, c in zip(rows, columns, strict=True)]) * 0.7
    assert np.hypot(*(points - at).T).min() < 3
    on_lung = [hu[round(y / 0.7), round(x / 0.7)] == -850 for x, y in points]
    assert np.mean(on_lung) > 0.9
    assert p.seen[round(at[1] / 0.7), round(at[0] / 0.7)]
    assert not p.seen[5, 5]


def test_pixels_that_are_not_square_come_out_square() -> None:
    hu = thorax(0.5, 590)[::2]  # 1.0 mm rows, 0.5 mm columns
    p = prepare(CT, hu, (1.0, 0.5), grid=GRID)
    q = prepare(CT, thorax(0.5, 590), (0.5, 0.5), grid=GRID)
    assert abs(p.tensor.shape[1] - q.tensor.shape[1]) <= 32
    assert np.allclose(np.diag(p.to_source), (0.7 / 0.5, 0.7 / 1.0, 1))


def test_a_training_patch_is_taken_as_it_is() -> None:
    patch = np.random.default_rng(0).integers(0, 256, (50, 50)).astype(np.uint8)
    p = prepare(CT, patch, grid=GRID, patch=True)
    assert np.allclose(p.tensor[0], patch[3:48, 3:48] / 255)  # one cell, centred on pixel 25
    assert np.allclose(prepare(CT, patch, patch=True).tensor[0], patch[1:, 1:] / 255)
    assert p.to_source[:2, 2].tolist() == [3, 3]
    hu = patch / 255 * 1400.0 - 1000
    assert np.abs(prepare(CT, hu.astype(np.float32), grid=GRID, patch=True).tensor - p.tensor).max() < 1e-5


def test_values_that_are_no_numbers_do_not_spread() -> None:
    film = np.random.default_rng(2).normal(size=(128, 128)).astype(np.float32)
    film[3, 3] = np.nan
    assert np.isfinite(prepare(FILM, film).tensor).all()
