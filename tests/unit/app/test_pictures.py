"""Picture files without a window: PNG, sizes, heat with its mark."""

import io

import numpy as np
import pytest
from PIL import Image

from medviewer.app import png
from medviewer.app.heat import heat_picture, marked
from medviewer.app.render import paint
from medviewer.core.findings import Explanation
from medviewer.core.image import Frame
from medviewer.core.intensity import Window
from medviewer.core.resample import resize


@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (7, 5, 3), (7, 5, 4), (300, 1)])
def test_a_png_holds_the_pixels_exactly(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png.encode(pixels)))), pixels)


def test_reducing_is_the_mean_over_each_area_and_keeps_the_sum():
    values = np.random.default_rng(2).normal(size=(90, 71))
    small = resize(values, 30, 71)
    assert np.allclose(small, values.reshape(30, 3, 71).mean(1), atol=1e-5)
    uneven = resize(values, 37, 20)
    assert uneven.mean() == pytest.approx(values.mean(), abs=1e-5)


def test_enlarging_keeps_ramps_straight_and_pixel_centres_in_place():
    ramp = np.arange(8.0)[None].repeat(2, 0)
    large = resize(ramp, 2, 32)
    inner = large[0, 4:-4]
    assert np.allclose(np.diff(inner), 0.25)
    assert inner.mean() == pytest.approx(3.5)
    assert resize(np.full((1, 1), 7), 5, 4).tolist() == [[7.0] * 4] * 5


def test_a_picture_of_a_size_has_the_true_aspect_of_pixels_that_are_not_square():
    frame = Frame(np.full((10, 20), 100, np.int16), window=Window(50, 100))
    picture = paint(frame, None, (100, 100), pixel_aspect=2.0)
    assert (picture > 0).all()
    picture = paint(frame, None, (100, 100), pixel_aspect=1.0)
    assert (picture > 0).any(1).sum() == 50


def test_averages_come_before_the_window():
    values = np.array([[-1000, 1000], [1000, -1000]], np.int16).repeat(8, 0).repeat(8, 1)
    checkered = np.tile(np.array([[-1000, 1000], [1000, -1000]], np.int16), (8, 8))
    picture = paint(Frame(checkered, window=Window(0, 100, "LINEAR_EXACT")), None, (8, 8), 1.0)
    assert (np.abs(picture.astype(int) - 128) <= 1).all()
    assert set(np.unique(paint(Frame(values, window=Window(0, 100)), None, (2, 2), 1.0))) == {0, 255}


def test_heat_lies_where_the_map_is_and_nowhere_else():
    values = np.zeros((400, 400), np.float32)
    values[100:120, 200:220] = 1
    values[:, :50] = np.nan
    frame = Frame(np.full((400, 400), 50, np.int16), window=Window(50, 100))
    picture = heat_picture(frame, Explanation(0, "x", "LayerGradCam", values)).astype(int)
    coloured = np.ptp(picture[:300], axis=2) > 8
    assert coloured[100:120, 200:220].all()
    assert coloured.sum() == 400


def test_every_picture_with_heat_says_that_it_is_unverified_unless_it_is_too_small():
    black = np.zeros((200, 200, 3), np.uint8)
    assert marked(black)[150:].max() > 200
    assert marked(black)[:150].max() == 0
    assert not marked(np.zeros((10, 10, 3), np.uint8)).any()
