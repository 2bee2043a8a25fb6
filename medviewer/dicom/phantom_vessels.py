"""Lung vessels, airways and nodules of the synthetic chest: branching trees of tapered tubes, in mm."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[Any]
LEAST_RADIUS = 0.5
#: Where the trees enter the lungs (x, y, z), how many large branches each of them has, and how much these rise.
_HILA = (
    ((-40.0, 2.0, 140.0), 9, 0.25),
    ((44.0, 10.0, 146.0), 9, 0.25),
    ((-38.0, 8.0, 112.0), 10, -0.5),
    ((42.0, 15.0, 114.0), 9, -0.5),
)
_SUB = (-0.83, 0.0, 0.83)  # heights within a 2.5 mm slice at which coverage is taken


@dataclass(frozen=True)
class Tube:
    """A straight piece, its radius changing evenly from start to end."""

    start: Vector
    end: Vector
    r0: float
    r1: float


@dataclass(frozen=True)
class Space:
    """Depth in the lung (mm, negative outside) on a coarse grid [z, y, x], looked up by position."""

    depth: NDArray[Any]
    origin: tuple[float, float, float]  # x, y, z of the first value
    step: tuple[float, float, float]

    def at(self, point: Vector) -> float:
        """Return the depth nearest to a point (x, y, z)."""
        index = [round((float(point[i]) - self.origin[i]) / self.step[i]) for i in (2, 1, 0)]
        if any(not 0 <= k < n for k, n in zip(index, self.depth.shape, strict=True)):
            return -99.0
        return float(self.depth[tuple(index)])


def grow_trees(space: Space, seed: int) -> tuple[list[Tube], list[Tube]]:
    """Return (vessels, airways) of both lungs: from the four hila outwards until they are too thin to be seen."""
    random = np.random.default_rng(seed)
    vessels: list[Tube] = []
    airways: list[Tube] = []
    for hilum, count, rise in _HILA:
        side = np.sign(hilum[0])
        for i in range(count):
            share = (i + 0.5) / count
            up, turn = 1 - 2 * share, 2.4 * i
            flat = np.sqrt(1 - up * up)
            direction = np.array([side * (0.45 + abs(flat * np.cos(turn))), flat * np.sin(turn) * 1.2, up * 1.1 + rise])
            radius = 3.6 - 1.0 * random.random()
            start = np.array(hilum) + np.array([0, 5 * np.sin(turn), 10 * up])
            _grow(space, random, start, _unit(direction), radius, vessels, airways if i % 3 == 0 else [])
    return vessels, airways


def _unit(v: Vector) -> Vector:
    return v / max(float(np.linalg.norm(v)), 1e-9)


def _grow(
    space: Space,
    random: np.random.Generator,
    start: Vector,
    direction: Vector,
    radius: float,
    vessels: list[Tube],
    airways: list[Tube],
) -> None:
    """Grow one tree; a branch turns away from the lung's surface and ends where it would leave."""
    plane = _unit(np.cross(direction, random.standard_normal(3)))
    waiting = [(start, direction, radius, plane, 0)]
    while waiting:
        at, ahead, r, normal, generation = waiting.pop()
        length = (5.5 + 3.1 * r) * (0.75 + 0.5 * random.random())
        pieces = max(2, round(length / 5.0))
        alive = True
        for _ in range(pieces):
            ahead = _steered(space, at, _unit(ahead + 0.16 * random.standard_normal(3)), r)
            to = at + ahead * (length / pieces)
            if generation > 1 and space.at(to) < 1.5:
                alive = False
                break
            vessels.append(Tube(at, to, r, r * 0.97))
            if r > 1.6 and generation < 5:
                beside = normal * (r * 1.75 + 0.8)
                airways.append(Tube(at + beside, to + beside, r * 0.78, r * 0.74))
            at, r = to, r * 0.97
        if not alive:
            continue
        side = np.cross(ahead, normal)
        normal = _unit(np.cross(ahead, side) + 0.9 * random.standard_normal(3))
        side = _unit(np.cross(ahead, normal))
        for share, angle in ((0.87, -0.16 - 0.2 * random.random()), (0.68, 0.55 + 0.45 * random.random())):
            if r * share >= LEAST_RADIUS:
                child = _unit(ahead * np.cos(angle) + side * np.sin(angle))
                waiting.append((at, child, r * share, normal, generation + 1))


def _steered(space: Space, at: Vector, ahead: Vector, radius: float) -> Vector:
    """Return the direction bent inwards where the surface is near."""
    look = at + ahead * 9
    depth = space.at(look)
    if depth > 3 + radius:
        return ahead
    gradient = np.array([space.at(look + e) - space.at(look - e) for e in np.eye(3) * 4.0])
    return _unit(ahead + 0.55 * _unit(gradient))


class Canvas:
    """Coverage of voxels by tubes, 0 to 255, on the CT's grid [slice, row, column]."""

    def __init__(self, x: NDArray[Any], y: NDArray[Any], z: NDArray[Any]) -> None:
        self._axes = z.astype(np.float32), y.reshape(-1), x
        self._steps = [float(axis[1] - axis[0]) for axis in self._axes]
        self.cover = np.zeros([len(axis) for axis in self._axes], np.uint8)

    def box(self, low: Vector, high: Vector) -> tuple[slice, slice, slice]:
        """Return the voxels between two corners given as (z, y, x)."""
        ranges = []
        for axis, step, a, b in zip(self._axes, self._steps, low, high, strict=True):
            first = int(np.ceil((a - float(axis[0])) / step))
            last = int(np.floor((b - float(axis[0])) / step))
            ranges.append(slice(max(first, 0), max(min(last + 1, len(axis)), max(first, 0))))
        return ranges[0], ranges[1], ranges[2]

    def points(self, box: tuple[slice, slice, slice]) -> tuple[NDArray[Any], ...]:
        """Return x, y, z of a box, three heights for each slice, ready to be broadcast."""
        z = (self._axes[0][box[0]][:, None] + np.array(_SUB, np.float32)).reshape(-1, 1, 1)
        return self._axes[2][box[2]][None, None], self._axes[1][box[1]][None, :, None], z

    def draw(self, tube: Tube, soft: float = 0.8) -> None:
        """Add a tube; where tubes meet the larger coverage counts."""
        reach = max(tube.r0, tube.r1) + 0.6
        low, high = np.minimum(tube.start, tube.end)[::-1] - reach, np.maximum(tube.start, tube.end)[::-1] + reach
        low[0], high[0] = low[0] - 1.0, high[0] + 1.0
        box = self.box(low, high)
        if any(part.start >= part.stop for part in box):
            return
        x, y, z = self.points(box)
        (sx, sy, sz), (ux, uy, uz) = tube.start.astype(np.float32), (tube.end - tube.start).astype(np.float32)
        x, y, z = x - sx, y - sy, z - sz
        length = max(float(ux * ux + uy * uy + uz * uz), 1e-6)
        along = np.clip((x * ux + y * uy + z * uz) / np.float32(length), 0, 1)
        distance = np.sqrt((x - along * ux) ** 2 + (y - along * uy) ** 2 + (z - along * uz) ** 2)
        inside = np.clip(np.float32(0.5) - (distance - tube.r0 - along * np.float32(tube.r1 - tube.r0)) / soft, 0, 1)
        self.add(box, inside)

    def add(self, box: tuple[slice, slice, slice], inside: NDArray[Any]) -> None:
        """Add coverage taken at three heights for each slice."""
        mean = inside.reshape(-1, len(_SUB), *inside.shape[1:]).mean(1)
        part = self.cover[box]
        np.maximum(part, (mean * 255).astype(np.uint8), out=part)


@dataclass(frozen=True)
class Nodule:
    """A solid, nearly round nodule. `centre` is x, y, z in the phantom's mm."""

    centre: Vector
    diameter: float
    seed: int


#: Diameter in mm, and the corner of the chest it is looked for: side of x, range of y, range of z.
_WANTED = (
    (16.0, 1, (-60.0, 10.0), (150.0, 205.0)),
    (12.0, -1, (0.0, 60.0), (80.0, 125.0)),
    (9.0, -1, (-50.0, 20.0), (165.0, 210.0)),
    (6.5, 1, (20.0, 70.0), (60.0, 120.0)),
)


def place_nodules(space: Space, canvas: Canvas, seed: int) -> list[Nodule]:
    """Return nodules where few vessels are, at least 10 mm from the lung's surface."""
    random = np.random.default_rng(seed)
    found = []
    for number, (diameter, side, ys, zs) in enumerate(_WANTED):
        best: tuple[float, Vector] | None = None
        for _ in range(220):
            point = np.array([side * random.uniform(45, 115), random.uniform(*ys), random.uniform(*zs)])
            point[2] = round(point[2] / 2.5) * 2.5
            if not diameter / 2 + 6 < space.at(point) < 38:
                continue
            reach = diameter / 2 + 6
            crowd = float(canvas.cover[canvas.box(point[::-1] - reach, point[::-1] + reach)].mean())
            if best is None or crowd < best[0]:
                best = crowd, point
        assert best is not None
        found.append(Nodule(best[1], diameter, seed + number))
    return found


def draw_nodule(nodule: Nodule, vessels: Canvas, nodules: Canvas) -> None:
    """Draw a nodule with a slightly uneven, soft edge, and clear the vessels around it."""
    reach = nodule.diameter / 2 + 7
    box = vessels.box(nodule.centre[::-1] - reach, nodule.centre[::-1] + reach)
    x, y, z = vessels.points(box)
    cx, cy, cz = nodule.centre.astype(np.float32)
    x, y, z = x - cx, y - cy, z - cz
    radius = np.sqrt(x * x + y * y + z * z)
    random = np.random.default_rng(nodule.seed)
    uneven = np.zeros(radius.shape, np.float32)
    for _ in range(5):
        a, b, c = _unit(random.standard_normal(3)).astype(np.float32)
        uneven += np.cos(np.float32(random.uniform(2, 4)) * (a * x + b * y + c * z) / np.maximum(radius, 1) + a)
    surface = np.float32(nodule.diameter / 2) * (1 + np.float32(0.035) * uneven)
    nodules.add(box, np.clip(0.5 - (radius - surface) / np.float32(1.5), 0, 1))
    clear = np.clip((radius - surface - 1.0) / np.float32(3.5), 0, 1)[1 :: len(_SUB)]
    vessels.cover[box] = (vessels.cover[box] * clear).astype(np.uint8)
