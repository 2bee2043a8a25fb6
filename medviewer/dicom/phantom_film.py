"""The chest film of the synthetic patient: the same anatomy summed along the beam, from front to back."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.dicom.phantom_anatomy import Anatomy
from medviewer.dicom.phantom_shapes import Grid
from medviewer.dicom.phantom_vessels import Nodule, Tube

SIZE, PIXEL = 1024, 0.35  # pixels a side, mm
LOWEST, STEP = -58.0, 2.0  # mm: foot of the film, distance of the sections
_MU = 0.0205  # of water, 1/mm, at the film's mean energy
_BONE = 1.35  # bone weakens softer beams more than CT numbers say


def project(vessels: list[Tube], nodules: list[Nodule]) -> NDArray[np.uint16]:
    """Return the film [row, column], 12 bit, bright where the beam is weakened; rows from head to foot."""
    heights = np.arange(LOWEST, LOWEST + SIZE * PIXEL, STEP)
    whole = Grid(400, 256, 0.9, 1.4)
    grid = whole.cropped(whole.window(-400, 400, -114, 120))
    anatomy = Anatomy(grid)
    sums = np.stack([_weakening(anatomy.slice_at(float(z)).hu, grid.dy) for z in heights])
    rows = LOWEST + (SIZE - 0.5 - np.arange(SIZE)) * PIXEL
    columns = (np.arange(SIZE) - (SIZE - 1) / 2) * PIXEL
    film = _cubic(rows, heights) @ sums @ _cubic(columns, whole.x.astype(np.float64)).T
    thickness = np.zeros_like(film)
    _add_tubes(thickness, vessels, rows, columns)
    film += _blurred(thickness, 0.5) * (0.88 * _MU)  # against the air that is there otherwise
    for nodule in nodules:
        _add_ball(film, nodule, rows, columns)
    return _exposed(film)


def _weakening(hu: NDArray[Any], dy: float) -> NDArray[Any]:
    density = np.maximum(hu + 1000, 0) / 1000
    density += np.maximum(hu - 150, 0) * np.float32((_BONE - 1) / 1000)
    result: NDArray[Any] = density.sum(0, dtype=np.float64) * (dy * _MU)
    return result


def _cubic(to: NDArray[Any], source: NDArray[Any]) -> NDArray[Any]:
    """Return the matrix of a Catmull-Rom interpolation from evenly spaced `source` places."""
    place = np.clip((to - source[0]) / (source[1] - source[0]), 0, len(source) - 1)
    d = np.abs(place[:, None] - np.arange(len(source)))
    near = 1.5 * d**3 - 2.5 * d**2 + 1
    far = -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    weights = np.where(d < 1, near, np.where(d < 2, far, 0))
    result: NDArray[Any] = weights / weights.sum(1, keepdims=True)
    return result


def _add_tubes(film: NDArray[Any], tubes: list[Tube], rows: NDArray[Any], columns: NDArray[Any]) -> None:
    """Add each vessel's thickness along the beam, mm."""
    for tube in tubes:
        ends, reach = np.stack([tube.start, tube.end]), tube.r0 + 0.4
        where = (
            _range(rows, ends[:, 2].min() - reach, ends[:, 2].max() + reach),
            _range(columns, ends[:, 0].min() - reach, ends[:, 0].max() + reach),
        )
        x, z = columns[where[1]] - tube.start[0], rows[where[0], None] - tube.start[2]
        ux, uz = tube.end[0] - tube.start[0], tube.end[2] - tube.start[2]
        flat = max(ux * ux + uz * uz, 1e-6)
        along = (x * ux + z * uz) / flat
        inside = (along >= 0) & (along < 1) if flat > 1 else np.ones((1, 1), bool)
        along = np.clip(along, 0, 1)
        square = tube.r0**2 - (x - along * ux) ** 2 - (z - along * uz) ** 2
        film[where] += np.sqrt(np.maximum(square, 0)) * inside * 2


def _range(places: NDArray[Any], low: float, high: float) -> slice:
    """Return the indices of evenly spaced `places` (rising or falling) between two values."""
    step = places[1] - places[0]
    a, b = sorted(((low - places[0]) / step, (high - places[0]) / step))
    return slice(max(int(np.ceil(a)), 0), max(int(np.floor(b)) + 1, 0))


def _add_ball(film: NDArray[Any], nodule: Nodule, rows: NDArray[Any], columns: NDArray[Any]) -> None:
    square = (nodule.diameter / 2) ** 2 - (columns - nodule.centre[0]) ** 2 - (rows[:, None] - nodule.centre[2]) ** 2
    film += np.sqrt(np.maximum(square, 0)) * (2 * 0.88 * _MU)


def _exposed(film: NDArray[Any]) -> NDArray[np.uint16]:
    """Return the film as a detector and its maker's processing give it: quantum noise, edges, an even tone."""
    random = np.random.default_rng(11)
    noisy = film + random.standard_normal(film.shape) * 0.004 * np.exp(np.minimum(film, 6) / 2.6)
    broad, close = _blurred(noisy, 26.0), _blurred(noisy, 2.5)
    evened = noisy - 0.42 * (broad - broad.mean()) + 0.5 * (noisy - close)
    air = film < 0.08
    low, high = np.percentile(evened[~air], (2, 99.7))
    tone = np.clip((evened - low) / (high - low), -0.2, 1.15)
    curve = 1 / (1 + np.exp(-5.2 * (tone - 0.47)))
    curve[air] *= 0.25
    ends = curve.min(), curve.max()
    result: NDArray[np.uint16] = (150 + (curve - ends[0]) / (ends[1] - ends[0]) * 3800).astype(np.uint16)
    return result


def _blurred(film: NDArray[Any], sigma_mm: float) -> NDArray[Any]:
    """Return the film blurred by a Gaussian, mirrored at its edges."""
    pad = min(int(sigma_mm / PIXEL * 2.5), film.shape[0] - 1)
    wide = np.pad(film, pad, mode="reflect")
    fy, fx = np.fft.fftfreq(wide.shape[0])[:, None], np.fft.rfftfreq(wide.shape[1])[None]
    gauss = np.exp(-2 * (np.pi * sigma_mm / PIXEL) ** 2 * (fx**2 + fy**2))
    blurred: NDArray[Any] = np.fft.irfft2(np.fft.rfft2(wide) * gauss, wide.shape)
    return blurred[pad : pad + film.shape[0], pad : pad + film.shape[1]]
