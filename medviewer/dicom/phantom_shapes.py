"""Soft shapes on a slice: signed distances, coverage of a pixel, smooth noise. Lengths in mm, numpy only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Image = NDArray[Any]  # float32
#: Rows of (z, centre x, centre y, half width x, half width y); between rows it is linear, outside there is nothing.
Tube = Sequence[tuple[float, float, float, float, float]]

#: Rods in space: start, end (x, y, z), radius.
Rods = tuple[tuple[tuple[float, float, float], tuple[float, float, float], float], ...]


class Grid:
    """The pixel centres of one slice: x to the patient's left, y to the back, 0 in the middle."""

    def __init__(self, columns: int, rows: int, dx: float, dy: float) -> None:
        self.dx, self.dy = dx, dy
        self.x = ((np.arange(columns) - (columns - 1) / 2) * dx).astype(np.float32)
        self.y = ((np.arange(rows) - (rows - 1) / 2) * dy).astype(np.float32)[:, None]

    def cropped(self, where: tuple[slice, slice]) -> "Grid":
        """Return the part of this grid under `where`."""
        part = Grid(1, 1, self.dx, self.dy)
        part.x, part.y = self.x[where[1]], self.y[where[0]]
        return part

    def window(self, x0: float, x1: float, y0: float, y1: float) -> tuple[slice, slice]:
        """Return the rows and columns that cover a box, two pixels more on each side."""
        columns = _range(float(self.x[0]), self.dx, len(self.x), x0, x1)
        return _range(float(self.y[0, 0]), self.dy, len(self.y), y0, y1), columns


def _range(first: float, step: float, count: int, low: float, high: float) -> slice:
    return slice(max(int((low - first) / step) - 2, 0), min(max(int((high - first) / step) + 3, 0), count))


def covered(distance: Image, soft: float = 0.9) -> Image:
    """Return how much of each pixel lies inside (distance < 0), the edge being `soft` mm wide."""
    return np.clip(np.float32(0.5) - distance / np.float32(soft), 0, 1)


def paint(image: Image, cover: Image | float, value: Image | float) -> None:
    """Draw `value` over `image` where `cover` is 1, mixed where it is less."""
    image += cover * (value - image)


def superellipse(grid: Grid, centre_y: float, a: float, b: float, power: float) -> Image:
    """Return the radial distance from a superellipse about (0, centre_y)."""
    x, y = np.abs(grid.x), np.abs(grid.y - np.float32(centre_y))
    level = ((x / np.float32(a)) ** power + (y / np.float32(b)) ** power) ** np.float32(1 / power)
    radius = np.sqrt(x * x + y * y)
    result: Image = radius * (1 - 1 / np.maximum(level, np.float32(1e-3)))
    return result


def ellipse(x: Image, y: Image, cx: float, cy: float, rx: float, ry: float) -> Image:
    """Return the approximate distance from an ellipse, exact on its axes for circles."""
    squares = ((x - np.float32(cx)) / np.float32(rx)) ** 2 + ((y - np.float32(cy)) / np.float32(ry)) ** 2
    return (np.sqrt(squares) - 1) * np.float32(min(rx, ry))


def capsule(x: Image, y: Image, start: tuple[float, float], end: tuple[float, float], radius: float) -> Image:
    """Return the distance from a thick line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = max(dx * dx + dy * dy, 1e-6)
    along = np.clip(((x - np.float32(start[0])) * dx + (y - np.float32(start[1])) * dy) / np.float32(length), 0, 1)
    off_x = x - np.float32(start[0]) - along * np.float32(dx)
    off_y = y - np.float32(start[1]) - along * np.float32(dy)
    return np.sqrt(off_x * off_x + off_y * off_y) - np.float32(radius)


def smooth_union(a: Image, b: Image, k: float) -> Image:
    """Return the distance from both shapes together, their meeting rounded over `k` mm."""
    h = np.maximum(np.float32(k) - np.abs(a - b), 0) / np.float32(k)
    result: Image = np.minimum(a, b) - h * h * np.float32(k / 4)
    return result


def near_rods(rods: Rods, x: Image, y: Image, z: float) -> list[Image]:
    """Return the distances from those rods (start, end, radius in space) that come near height z."""
    found = []
    for start, end, radius in rods:
        if not min(start[2], end[2]) - radius - 4 < z < max(start[2], end[2]) + radius + 4:
            continue
        ux, uy, uz = (np.float32(b - a) for a, b in zip(start, end, strict=True))
        dx, dy, dz = x - np.float32(start[0]), y - np.float32(start[1]), np.float32(z - start[2])
        along = np.clip((dx * ux + dy * uy + dz * uz) / (ux * ux + uy * uy + uz * uz), 0, 1)
        squares = (dx - along * ux) ** 2 + (dy - along * uy) ** 2 + (dz - along * uz) ** 2
        found.append(np.sqrt(squares) - np.float32(radius))
    return found


def at_level(tube: Tube, z: float) -> tuple[float, float, float, float] | None:
    """Return (centre x, centre y, half widths) of a tube at height z; None where it is not."""
    table = np.array(tube)
    if not table[0, 0] < z < table[-1, 0]:
        return None
    cx, cy, rx, ry = (float(np.interp(z, table[:, 0], table[:, i])) for i in range(1, 5))
    return (cx, cy, rx, ry) if min(rx, ry) > 0.3 else None


def draw_tube(image: Image, grid: Grid, tube: Tube, z: float, value: float, grow: float = 0.0) -> None:
    """Paint a tube's cut at height z."""
    if (at := at_level(tube, z)) is None:
        return
    cx, cy, rx, ry = at[0], at[1], at[2] + grow, at[3] + grow
    where = grid.window(cx - rx, cx + rx, cy - ry, cy + ry)
    paint(image[where], covered(ellipse(grid.x[where[1]], grid.y[where[0]], cx, cy, rx, ry)), value)


class Noise:
    """Smooth noise in space, standard deviation 1 before interpolation; any slice can be had in any order."""

    def __init__(self, seed: int, cell: float, grid: Grid, heights: tuple[float, float], cell_z: float) -> None:
        random = np.random.default_rng(seed)
        self._cell_z, self._low = cell_z, heights[0]
        nx, ny = (int(np.ptp(axis) / cell) + 3 for axis in (grid.x, grid.y))
        nz = int((heights[1] - heights[0]) / cell_z) + 3
        self._values = random.standard_normal((nz, ny, nx)).astype(np.float32)
        self._to_x, self._to_y = _weights(grid.x, cell), _weights(grid.y[:, 0], cell)

    def at(self, z: float) -> Image:
        """Return the noise of a slice."""
        place = (z - self._low) / self._cell_z
        i = min(max(int(place), 0), len(self._values) - 2)
        f = np.float32(min(max(place - i, 0.0), 1.0))
        cells = (1 - f) * self._values[i] + f * self._values[i + 1]
        (low, weight), (left, share) = self._to_y, self._to_x
        rows = cells[low] + (cells[low + 1] - cells[low]) * weight[:, None]
        across = rows[:, left]
        across += (rows[:, left + 1] - across) * share
        result: Image = across
        return result


def _weights(axis: Image, cell: float) -> tuple[NDArray[np.intp], Image]:
    """Return the cell before each pixel and the share of the next one (a cosine, so that no edges show)."""
    place = (axis - axis[0]) / np.float32(cell)
    low = np.floor(place).astype(np.intp)
    return low, ((1 - np.cos(np.pi * (place - low))) / 2).astype(np.float32)


def scanner_noise(seed: int, count: int, size: int) -> NDArray[np.float32]:
    """Return `count` fields of CT-like noise, standard deviation 1: few low frequencies, few of the highest."""
    random = np.random.default_rng(seed)
    fy, fx = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]
    f = np.hypot(fy, fx)
    shape = np.sqrt(f + 0.01) * np.exp(-((f / 0.23) ** 2))
    fields = np.empty((count, size, size), np.float32)
    for i in range(count):
        field = np.fft.irfft2(np.fft.rfft2(random.standard_normal((size, size))) * shape, (size, size))
        fields[i] = field / field.std()
    return fields
