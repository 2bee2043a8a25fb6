"""The window function of PS3.3 C.11.2.1.2, against the numbers of the standard's own formula."""

import numpy as np
import pytest

from medviewer.core.image import Frame, VoiLut
from medviewer.core.intensity import Window, auto_window, drag, to_grey


@pytest.mark.parametrize(
    ("value", "grey"), [(-1000, 0), (-160, 0), (-159, 1), (40, 128), (238, 254), (239, 255), (3000, 255)]
)
def test_linear_window_40_400(value, grey):
    assert to_grey(np.array([value], np.int16), Window(40, 400))[0] == grey


def test_a_window_over_all_of_twelve_bits_is_the_identity_up_to_scale():
    values = np.arange(4096, dtype=np.int16)
    expected = np.clip(np.round((values - 2047.5) / 4095 * 255 + 127.5), 0, 255)
    assert np.abs(to_grey(values, Window(2048, 4096)).astype(int) - expected).max() <= 1


def test_width_one_is_a_threshold_half_a_step_below_the_centre():
    assert to_grey(np.array([99, 100, 101], np.int16), Window(100, 1)).tolist() == [0, 255, 255]


def test_linear_exact_and_sigmoid_follow_their_own_formulas():
    x = np.array([0.0, 25.0, 50.0, 75.0, 100.0], np.float32)
    assert to_grey(x, Window(50, 100, "LINEAR_EXACT")).tolist() == [0, 64, 128, 191, 255]
    expected = 255 / (1 + np.exp(-4 * (x - 50) / 100))
    assert np.abs(to_grey(x, Window(50, 100, "SIGMOID")) - expected).max() <= 1


def test_inversion_is_the_last_step():
    values = np.array([-160, 40, 239], np.int16)
    assert to_grey(values, Window(40, 400), invert=True).tolist() == [255, 127, 0]


def test_a_film_and_its_monochrome1_twin_look_alike_and_keep_their_values():
    grey = np.arange(256, dtype=np.int16).reshape(16, 16)
    film = Frame(grey, window=Window(127.5, 255, "LINEAR_EXACT"))
    twin = Frame(255 - grey, window=Window(127.5, 255, "LINEAR_EXACT"), inverted=True)
    assert np.abs(film.grey().astype(int) - twin.grey()).max() <= 1


def test_padding_is_black_and_left_out_of_the_automatic_window():
    values = np.full((10, 10), 100, np.int16)
    values[:5] = 200
    values[0] = -3024
    padding = values == -3024
    window = auto_window(values, padding)
    assert window.limits[0] >= 100
    assert Frame(values, padding, window).grey()[0].max() == 0


def test_automatic_window_of_a_flat_or_empty_picture_does_not_divide_by_zero():
    assert auto_window(np.zeros((4, 4), np.int16)).width > 0
    assert auto_window(np.full((2, 2), np.nan, np.float32)).width > 0


def test_a_voi_lut_is_used_until_the_reader_chooses_a_window():
    lut = VoiLut(10, np.array([0, 200, 255], np.uint8))
    frame = Frame(np.array([[5, 11, 12, 99]], np.int16), voi_lut=lut)
    assert frame.grey().tolist() == [[0, 200, 255, 255]]
    assert frame.grey(Window(11, 2)).tolist() != frame.grey().tolist()


def test_dragging_right_widens_and_up_brightens():
    window = Window(40, 400)
    wider = drag(window, 30, 0, 4000)
    brighter = drag(window, 0, -30, 4000)
    assert wider.width > window.width
    assert brighter.center < window.center
    assert drag(Window(0, 2), -1000, 0, 4000).width >= 1
