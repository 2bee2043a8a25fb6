"""Changes to prepared pictures (0..1): the same code makes training variety and the stress tests of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.nn import functional

#: Places across and down of a coarse brightness: fine enough to mislead what looks at a thumbnail of the film only.
_SHADE = 5


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
        return tuple(map(tuple, (self.shade * rng.uniform(-1, 1, (_SHADE, _SHADE))).tolist()))

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


def apply(
    x: Tensor,
    changes: Sequence[Change],
    side: int | None = None,
    edges: str = "border",
    seed: Sequence[int] = (0,),
    first: int = 0,
) -> Tensor:
    """Return the pictures [n, 1, h, w] (0..1) changed, each by its own `Change`, cropped at the middle to `side`.

    `edges` says what lies outside: "border" (the last pixel goes on) or "reflection". `seed` makes the noise.
    `changes` may be those of a whole batch of which `x` is a part that begins at number `first`: the part comes out as
    it would in the whole.
    """
    reach = max((c.blur for c in changes), default=0.0)
    changes = changes[first : first + len(x)]
    size = (side or x.shape[2], side or x.shape[3])
    if any(c.moves for c in changes):
        x = _moved(x, changes, size, edges)
    else:
        top, left = (x.shape[2] - size[0]) // 2, (x.shape[3] - size[1]) // 2
        x = x[:, :, top : top + size[0], left : left + size[1]].clone()
    x = _greys(x, changes)
    x = _blurred(x, [c.blur for c in changes], reach)
    noise = _column(x, [c.noise for c in changes])
    if bool((noise > 0).any()):
        draw = np.random.default_rng(list(seed)).standard_normal((first + len(x), *x.shape[1:]), np.float32)
        x = x + torch.from_numpy(draw[first:]).to(x) * noise
    x = x.clamp(0, 1)
    for picture, change in zip(x, changes, strict=True):
        for x0, y0, x1, y1, grey in change.boxes:
            rows, columns = (
                slice(round(y0 * size[0]), round(y1 * size[0])),
                slice(round(x0 * size[1]), round(x1 * size[1])),
            )
            picture[:, rows, columns] = grey
    return x


def _column(x: Tensor, values: Sequence[float]) -> Tensor:
    return torch.tensor(values, dtype=x.dtype, device=x.device).view(-1, 1, 1, 1)


def _moved(x: Tensor, changes: Sequence[Change], size: tuple[int, int], edges: str) -> Tensor:
    """Sample the pictures on moved grids; middles coincide, pixels keep their size where scale is 1."""
    rows, columns = x.shape[2:]
    theta = np.zeros((len(changes), 2, 3), np.float32)
    for t, c in zip(theta, changes, strict=True):
        angle, flip = np.radians(c.angle), -1.0 if c.mirror else 1.0
        cos, sin = np.cos(angle), np.sin(angle)
        # output offset from the middle (pixels) to source offset: un-shift, un-scale, un-turn
        back = np.array([[cos, sin], [-sin, cos]]) @ np.diag([flip / c.scale[0], 1 / c.scale[1]])
        if c.shear:
            lean = np.radians(c.shear)
            back = back @ np.array([[1.0, -np.sin(lean)], [0.0, np.cos(lean)]])
        move = back @ -np.array([c.shift[0] * size[1], c.shift[1] * size[0]])
        to_unit = np.diag([2 / columns, 2 / rows])
        t[:, :2] = to_unit @ back @ np.diag([size[1] / 2, size[0] / 2])
        t[:, 2] = to_unit @ move
    grid = functional.affine_grid(torch.from_numpy(theta).to(x), [len(x), 1, *size], align_corners=False)
    return functional.grid_sample(x, grid, mode="bilinear", padding_mode=edges, align_corners=False)


def _greys(x: Tensor, changes: Sequence[Change]) -> Tensor:
    gamma = _column(x, [c.gamma for c in changes])
    if bool((gamma != 1).any()):
        x = x.clamp(0, 1) ** gamma
    x = (x - 0.5) * _column(x, [c.contrast for c in changes]) + 0.5 + _column(x, [c.brightness for c in changes])
    if any(c.slope != (0.0, 0.0) for c in changes):
        across = torch.linspace(-1, 1, x.shape[3]).to(x).view(1, 1, 1, -1)
        down = torch.linspace(-1, 1, x.shape[2]).to(x).view(1, 1, -1, 1)
        x = x + _column(x, [c.slope[0] for c in changes]) * across + _column(x, [c.slope[1] for c in changes]) * down
    if any(c.shade for c in changes):
        grids = torch.tensor([c.shade or ((0.0,) * _SHADE,) * _SHADE for c in changes], dtype=x.dtype, device=x.device)
        x = x + functional.interpolate(grids[:, None], x.shape[2:], mode="bicubic", align_corners=True)
    return x


def _blurred(x: Tensor, sigmas: Sequence[float], most: float) -> Tensor:
    at = [i for i, s in enumerate(sigmas) if s > 0.05]
    if not at:
        return x
    reach = max(1, int(np.ceil(3 * most)))
    steps = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    kernels = torch.exp(-0.5 * (steps[None] / _column(x, [sigmas[i] for i in at]).view(-1, 1)) ** 2)
    kernels = kernels / kernels.sum(1, keepdim=True)
    part = functional.pad(x[at].transpose(0, 1), (reach,) * 4, mode="replicate")
    part = functional.conv2d(part, kernels.view(len(at), 1, 1, -1), groups=len(at))
    part = functional.conv2d(part, kernels.view(len(at), 1, -1, 1), groups=len(at))
    x = x.clone()
    x[at] = part.transpose(0, 1)
    return x


#: Light and dark places of a film, drawn once by hand so that no row, column or corner is the light one.
_CLOUDS = (
    (0.08, -0.06, 0.02, 0.07, -0.08),
    (-0.04, 0.09, -0.08, 0.03, 0.06),
    (0.06, -0.07, 0.08, -0.09, 0.02),
    (-0.08, 0.04, -0.05, 0.08, -0.06),
    (0.05, -0.08, 0.07, -0.03, 0.09),
)
#: Deterministic changes under which a model is judged before an epoch is chosen (films and slices have their own).
STRESS: dict[str, dict[str, Change]] = {
    "films": {
        "as it is": Change(),
        "gamma 0.6": Change(gamma=0.6),
        "gamma 1.7": Change(gamma=1.7),
        "flat": Change(contrast=0.6, brightness=0.08),
        "hard": Change(contrast=1.5, brightness=-0.05),
        "cropped": Change(scale=(1.15, 1.1)),
        "stretched": Change(scale=(1.12, 0.94)),
        "blurred": Change(blur=1.5),
        "noisy": Change(noise=0.06),
        "shaded": Change(slope=(0.1, -0.1), shade=_CLOUDS),
        "another machine, soft": Change(
            gamma=0.75, contrast=0.7, brightness=0.05, scale=(1.08, 1.14), blur=1.2, noise=0.02
        ),
        "another machine, hard": Change(
            gamma=1.4, contrast=1.3, slope=(-0.06, 0.08), scale=(1.1, 0.98), shift=(0.03, 0.02), noise=0.04
        ),
    },
    "patches": {
        "as it is": Change(),
        "smaller": Change(scale=(0.8, 0.8)),
        "larger": Change(scale=(1.25, 1.25)),
        "brighter": Change(brightness=0.04, contrast=1.1),
        "darker": Change(brightness=-0.04, contrast=0.9),
        "blurred": Change(blur=0.8),
        "noisy": Change(noise=0.05),
    },
}
#: Further changes for the card: what the model must not live on.
SHORTCUTS: dict[str, Change] = {
    "corners painted over": Change(boxes=tuple(corner_box(i, 0.2, 0.5) for i in range(4))),
    "frame painted over": Change(boxes=((0, 0, 0.1, 1, 0), (0.9, 0, 1, 1, 0), (0, 0, 1, 0.1, 0), (0, 0.9, 1, 1, 0))),
    "only the frame left": Change(boxes=((0.1, 0.1, 0.9, 0.9, 0.5),)),
    "mirrored": Change(mirror=True),
}
EDGES = {"films": "border", "patches": "reflection"}
