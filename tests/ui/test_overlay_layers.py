"""From a map to its layers: heat, the top tenth of the mass, contour lines, colour maps."""

import numpy as np
import pytest

from medviewer.core.colormaps import ONE_SIGNED, SIGNED, lightness, table
from medviewer.core.findings import Explanation
from medviewer.ui.contours import contours
from medviewer.ui.overlay_map import build, mass_level, robust_maximum, smoothed


def test_heat_is_clear_up_to_the_threshold_and_full_at_the_maximum() -> None:
    values = np.repeat(np.linspace(0, 1, 101, dtype=np.float32)[None], 50, axis=0)
    layers = build(Explanation(0, "a", "b", values), "inferno", 0.14)
    assert layers.heat is not None
    alpha = [layers.heat.pixelColor(x, 25).alpha() for x in range(101)]
    assert max(alpha[:14]) == 0
    assert alpha[20] > 0
    assert alpha[100] == 255
    assert alpha == sorted(alpha)


def test_one_mad_pixel_does_not_wash_the_map_out() -> None:
    values = np.zeros((100, 100), np.float32)
    values[40:60, 40:60] = 1
    values[0, 0] = 1000
    assert robust_maximum(values) == 1
    assert robust_maximum(np.full((4, 4), np.nan, np.float32)) == 0
    sparse = np.zeros((100, 100), np.float32)
    sparse[5, 5] = 2
    assert robust_maximum(sparse) == 2


def test_the_outline_holds_a_tenth_of_the_mass() -> None:
    y, x = np.mgrid[:200, :200]
    values = np.exp(-((x - 100) ** 2 + (y - 90) ** 2) / 800.0)
    level = mass_level(values)
    assert level is not None
    assert values[values >= level].sum() / values.sum() == pytest.approx(0.1, abs=0.005)
    assert mass_level(np.zeros((5, 5))) is None
    assert mass_level(-values) is None


def test_a_map_without_anything_above_zero_draws_nothing() -> None:
    layers = build(Explanation(0, "a", "b", np.zeros((32, 32), np.float32)), "inferno", 0.14)
    assert layers.heat is None
    assert layers.outline == ()
    assert layers.maximum == 0


def test_contours_close_around_regions_holes_and_borders() -> None:
    field = np.zeros((40, 50))
    field[10:20, 10:30] = 1
    field[14:16, 18:22] = 0
    field[30:, 45:] = 1
    lines = contours(field, 0.5)
    assert len(lines) == 3
    assert lines[0].min(axis=0).tolist() == [9.5, 9.5]
    assert lines[0].max(axis=0).tolist() == [29.5, 19.5]
    corner = next(line for line in lines if line[:, 0].max() > 40)
    assert corner.max(axis=0).tolist() == [49.5, 39.5]


def test_a_circle_comes_out_round() -> None:
    y, x = np.mgrid[:100, :100]
    (line,) = contours(-np.hypot(x - 47.3, y - 52.8), -30.0)
    radius = np.hypot(*(line - (47.3, 52.8)).T)
    assert np.abs(radius - 30).max() < 0.05


def test_smoothing_keeps_the_mass_and_the_place() -> None:
    values = np.zeros((60, 60))
    values[30, 20] = 1
    soft = smoothed(values, 3)
    assert soft.sum() == pytest.approx(1)
    assert np.unravel_index(soft.argmax(), soft.shape) == (30, 20)


@pytest.mark.parametrize("name", ONE_SIGNED)
def test_lightness_of_a_colour_map_never_falls(name: str) -> None:
    steps = np.diff(lightness(table(name)))
    assert steps.min() > -0.1  # rounding to 8 bits
    assert lightness(table(name))[-1] - lightness(table(name))[0] > 60


def test_the_signed_map_is_darkest_in_its_middle_and_rises_to_both_ends() -> None:
    light = lightness(table(SIGNED))
    darkest = int(light.argmin())
    assert abs(darkest - 127) < 8
    assert np.diff(light[darkest:]).min() > -0.2
    assert np.diff(light[: darkest + 1]).max() < 0.2
