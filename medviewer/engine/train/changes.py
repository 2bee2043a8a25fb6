"""Changes to pictures as numbers: what can be drawn, and the arrays in which a batch's changes are handed on.

Nothing here needs torch: the processes that draw for a training (`drawers.py`) start without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Places across and down of a coarse brightness: fine enough to mislead what looks at a thumbnail of the film only.
SHADE = 5
#: Boxes that one drawn change has at most: cutouts, corners, a frame.
MOST_BOXES = 2 + 4 + 4
#: What a row of a batch's numbers holds -> how many; `label`, `other` and `share` belong to the batch, not to a Change.
_WIDTHS = {
    "moves": 1, "theta": 6, "gamma": 1, "contrast": 1, "brightness": 1, "slope": 2, "shade": SHADE * SHADE, "blur": 1,
    "noise": 1, "label": 1, "other": 1, "share": 1,
}  # fmt: skip
WIDTH = sum(_WIDTHS.values())


def _places() -> dict[str, slice]:
    ends = np.cumsum(list(_WIDTHS.values())).tolist()
    return {name: slice(end - width, end) for (name, width), end in zip(_WIDTHS.items(), ends, strict=True)}


#: Where in a row.
PLACES = _places()


@dataclass(frozen=True)
class Change:
    """What happens to one picture, in this order: geometry, greys, sharpness, noise, boxes.

    Attributes:
        angle: degrees, clockwise as seen.
        scale: (x, y) magnification of the content.
        shear: degrees.
        shift: (x, y) share of the input's side that the content moves.
        mirror: left and right change sides.
        gamma, contrast, brightness: x ** gamma, then (x - 1/2) * contrast + 1/2 + brightness.
        slope: (x, y) brightness difference from the middle to the edge.
        shade: rows of a coarse square grid of brightness, drawn out smoothly over the picture and added.
        blur: sigma in pixels.
        noise: standard deviation, of the range 0..1.
        boxes: (x0, y0, x1, y1, grey) in shares of the side, painted over.
    """

    angle: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)
    mirror: bool = False
    shear: float = 0.0
    gamma: float = 1.0
    contrast: float = 1.0
    brightness: float = 0.0
    slope: tuple[float, float] = (0.0, 0.0)
    shade: tuple[tuple[float, ...], ...] = ()
    blur: float = 0.0
    noise: float = 0.0
    boxes: tuple[tuple[float, float, float, float, float], ...] = ()

    @property
    def moves(self) -> bool:
        still = (0.0, (1.0, 1.0), (0.0, 0.0), False, 0.0)
        return (self.angle, self.scale, self.shift, self.mirror, self.shear) != still


@dataclass(frozen=True)
class Variety:
    """How far training changes go (the `[augment]` table of a train.toml); all draws are uniform unless said."""

    angle: float = 0.0  # +- degrees
    turns: bool = False  # any quarter turn, and mirrored: only where no side matters
    scale: tuple[float, float] = (1.0, 1.0)  # log-uniform
    aspect: float = 1.0  # log-uniform in 1/aspect..aspect, x against y
    zoom: tuple[float, float] = (1.0, 1.0)  # the content is 1 / zoom times its size, uniform, of its own for x and y
    shear: float = 0.0  # +- degrees
    shift: float = 0.0  # +- share of the side
    mirror: bool = False
    gamma: tuple[float, float] = (1.0, 1.0)  # log-uniform
    contrast: tuple[float, float] = (1.0, 1.0)
    brightness: float = 0.0
    slope: float = 0.0
    shade: float = 0.0  # +- of a coarse random brightness in each of 5x5 places, for half of the pictures
    blur: float = 0.0
    noise: float = 0.0
    sharp_share: float = 0.5  # share of pictures without blur, and without noise
    borders: float = 0.0  # share of pictures that get a frame of one grey, up to 8 % on each side
    corners: float = 0.0  # share of pictures with one to four corners (markers sit there) painted over
    cutout: float = 0.0  # share of pictures with one or two boxes painted over

    def draw(self, rng: Generator) -> Change:
        """Return one picture's change. What is off draws nothing: older trainings stay as they were."""
        zoom = rng.uniform(*self.zoom, 2).tolist() if self.zoom != (1.0, 1.0) else (1.0, 1.0)
        shear = rng.uniform(-self.shear, self.shear) if self.shear else 0.0
        size, across = _log_uniform(rng, *self.scale), _log_uniform(rng, 1 / self.aspect, self.aspect) ** 0.5
        angle = rng.uniform(-self.angle, self.angle) + (90.0 * int(rng.integers(4)) if self.turns else 0.0)
        mirrored = bool(rng.random() < 0.5)
        blur, noise = (
            float(rng.random() >= self.sharp_share) * rng.uniform(0, most) for most in (self.blur, self.noise)
        )
        return Change(
            angle=angle,
            scale=(size * across / zoom[0], size / across / zoom[1]),
            shear=shear,
            shift=(rng.uniform(-self.shift, self.shift), rng.uniform(-self.shift, self.shift)),
            mirror=mirrored and (self.mirror or self.turns),
            gamma=_log_uniform(rng, *self.gamma),
            contrast=rng.uniform(*self.contrast),
            brightness=rng.uniform(-self.brightness, self.brightness),
            slope=(rng.uniform(-self.slope, self.slope), rng.uniform(-self.slope, self.slope)),
            blur=blur,
            noise=noise,
            boxes=self._boxes(rng),
            shade=self._shade(rng),  # the last draw: a training without it draws all else as ever
        )

    def _shade(self, rng: Generator) -> tuple[tuple[float, ...], ...]:
        if not self.shade or rng.random() < 0.5:
            return ()
        return tuple(map(tuple, (self.shade * rng.uniform(-1, 1, (SHADE, SHADE))).tolist()))

    def _boxes(self, rng: Generator) -> tuple[tuple[float, float, float, float, float], ...]:
        boxes: list[tuple[float, float, float, float, float]] = []
        if rng.random() < self.cutout:
            for _ in range(int(rng.integers(1, 3))):
                w, h = rng.uniform(0.08, 0.28, 2)
                x, y = rng.uniform(0, 1 - w), rng.uniform(0, 1 - h)
                boxes.append((x, y, x + w, y + h, float(rng.random())))
        if rng.random() < self.corners:
            for corner in rng.permutation(4)[: int(rng.integers(1, 5))]:
                boxes.append(corner_box(int(corner), rng.uniform(0.08, 0.22), float(rng.random())))
        if rng.random() < self.borders:
            a, b, c, d = rng.uniform(0, 0.08, 4)
            grey = float(rng.choice([0.0, 0.0, 1.0, rng.random()]))
            boxes += [(0, 0, a, 1, grey), (1 - b, 0, 1, 1, grey), (0, 0, 1, c, grey), (0, 1 - d, 1, 1, grey)]
        return tuple(boxes)


def corner_box(corner: int, side: float, grey: float) -> tuple[float, float, float, float, float]:
    """Return the box over corner 0 to 3 (right when odd, bottom from 2), `side` is a share of the picture."""
    x, y = (1 - side if corner % 2 else 0.0), (1 - side if corner >= 2 else 0.0)
    return x, y, x + side, y + side, grey


def variety(table: Mapping[str, Any]) -> Variety:
    """Return the Variety of a TOML table; unknown names raise TypeError."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return Variety(**values)


def _log_uniform(rng: Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def numbers(changes: Sequence[Change], shape: tuple[int, int], size: tuple[int, int]) -> Floats:
    """Return the changes' numbers [n, WIDTH] for pictures of `shape` that come out with `size` (rows, columns)."""
    table = np.zeros((len(changes), WIDTH))
    still = (0.0,) * (SHADE * SHADE)
    for name in ("moves", "gamma", "contrast", "brightness", "slope", "blur", "noise"):
        table[:, PLACES[name]] = np.array([getattr(c, name) for c in changes], float).reshape(len(changes), -1)
    if any(c.shade for c in changes):
        table[:, PLACES["shade"]] = [sum(c.shade, ()) or still for c in changes]
    if any(c.moves for c in changes):
        table[:, PLACES["theta"]] = _theta(changes, shape, size).reshape(-1, 6)
    return table


def _theta(changes: Sequence[Change], shape: tuple[int, int], size: tuple[int, int]) -> Floats:
    """Return where each picture is sampled [n, 2, 3], in torch's units: middles coincide, pixels keep their size."""
    angle, lean = np.radians([c.angle for c in changes]), np.radians([c.shear for c in changes])
    flip = np.array([-1.0 if c.mirror else 1.0 for c in changes])
    scale, shift = (np.array([getattr(c, name) for c in changes]) for name in ("scale", "shift"))
    # output offset from the middle (pixels) to source offset: un-shift, un-scale, un-turn
    turn = _stack(np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle))
    stretch = _stack(flip / scale[:, 0], 0.0, 0.0, 1 / scale[:, 1])
    back = turn @ stretch @ _stack(1.0, -np.sin(lean), 0.0, np.cos(lean))
    move = back @ -(shift * (size[1], size[0]))[:, :, None]
    to_unit = np.diag([2 / shape[1], 2 / shape[0]])
    theta: Floats = np.concatenate([to_unit @ back @ np.diag([size[1] / 2, size[0] / 2]), to_unit @ move], 2)
    return theta


def _stack(a: Floats | float, b: Floats | float, c: Floats | float, d: Floats | float) -> Floats:
    """Return matrices [n, 2, 2] of their elements, row by row."""
    return np.stack(np.broadcast_arrays(a, b, c, d), -1).reshape(-1, 2, 2)


def boxes(changes: Sequence[Change], size: tuple[int, int]) -> Floats:
    """Return what is painted over [n, most boxes, 5]: row from, to, column from, to, grey; zeros: none."""
    table = np.zeros((len(changes), max((len(c.boxes) for c in changes), default=0), 5))
    for row, change in zip(table, changes, strict=True):
        for box, (x0, y0, x1, y1, grey) in zip(row, change.boxes, strict=False):
            box[:] = round(y0 * size[0]), round(y1 * size[0]), round(x0 * size[1]), round(x1 * size[1]), grey
    return table


def noise(
    table: Floats, seed: Sequence[int], first: int, shape: tuple[int, ...], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32] | None:
    """Return the normal noise [n, *shape] of the pictures that `table` is of, or None where none is noisy.

    The pictures are those from number `first` on of a whole batch, whose noise is drawn in one piece from `seed`; `out`
    is where to draw it if the batch begins here.
    """
    if not (table[:, PLACES["noise"]].astype(np.float32) > 0).any():
        return None
    rng = np.random.default_rng(list(seed))
    if out is not None and first == 0:
        rng.standard_normal(dtype=np.float32, out=out[: len(table)])
        return out[: len(table)]
    drawn: NDArray[np.float32] = rng.standard_normal((first + len(table), *shape), np.float32)[first:]
    return drawn
