"""A synthetic chest, slice by slice: wall, bones, mediastinum, heart, upper abdomen and empty lungs, in HU.

Heights are mm above the lowest CT slice (the diaphragm's domes reach to about 60, the lungs' tips to 238); x grows to
the patient's left, y to the back. Proportions are those of an adult; nobody's images were used.
"""

from dataclasses import dataclass

import numpy as np

from medviewer.dicom.phantom_bones import ribs, scapulae, spine, sternum_and_clavicles
from medviewer.dicom.phantom_shapes import (
    Grid,
    Image,
    Noise,
    Rods,
    Tube,
    at_level,
    capsule,
    covered,
    draw_tube,
    ellipse,
    near_rods,
    paint,
    smooth_union,
    superellipse,
)

AIR, FAT, MUSCLE, BLOOD = -1000.0, -98.0, 55.0, 43.0
TOP = 238.0  # of the lungs

#: z: body half widths, cavity half widths, cavity centre y.
_Z = (-60, 0, 60, 120, 165, 200, 222, 240, 262, 320)
_BODY_A = (150, 153, 158, 163, 167, 170, 168, 150, 92, 60)
_BODY_B = (106, 108, 110, 110, 108, 104, 98, 88, 76, 64)
_CAVITY_A = (124, 128, 131, 129, 117, 92, 70, 50, 44, 44)
_CAVITY_B = (89, 92, 94, 92, 83, 67, 54, 44, 40, 40)
_CAVITY_Y = (0, 0, 0, 0, 3, 9, 15, 19, 20, 20)

#: Half widths along and across the heart's own axis, which points to the left and to the front.
_HEART: Tube = (
    (32, 30, -34, 0, 0),
    (38, 31, -34, 40, 20),
    (50, 29, -33, 58, 33),
    (72, 23, -31, 66, 42),
    (96, 15, -28, 60, 43),
    (116, 9, -25, 47, 37),
    (132, 6, -22, 34, 27),
    (144, 4, -20, 0, 0),
)
_AXIS = (float(np.cos(0.62)), float(np.sin(0.62)))
#: (tube, HU) in the order of painting.
_VESSELS: tuple[tuple[Tube, float], ...] = (
    (((112, -6, -14, 0, 0), (118, -8, -16, 14, 14), (172, -12, -17, 15.5, 15.5), (184, -8, -12, 0, 0)), BLOOD),
    (((-70, 6, 42, 11, 11), (60, 20, 42, 12, 12), (170, 27, 34, 12.5, 12.5), (184, 24, 28, 0, 0)), BLOOD),
    (((120, 14, -28, 0, 0), (128, 15, -28, 13, 12), (150, 19, -20, 14, 13), (162, 22, -12, 0, 0)), BLOOD - 2),
    (((120, -28, -8, 11, 11), (160, -27, -10, 9, 9), (196, -23, -16, 8.5, 8.5), (206, -18, -18, 0, 0)), BLOOD - 1),
    (((-70, -24, 2, 13, 12), (40, -22, 0, 13, 12), (52, -20, -4, 0, 0)), BLOOD),
    (((-70, 12, 28, 8, 7), (60, 12, 29, 7, 6), (150, 6, 28, 7, 5), (290, 4, 27, 7, 5.5)), 38),
    (((182, -10, -12, 0, 0), (188, -12, -10, 7, 6.5), (210, -19, -8, 6, 6), (300, -24, 0, 5, 5)), BLOOD),
    (((182, 6, -2, 0, 0), (188, 8, -4, 4.5, 4.5), (230, 17, -2, 4, 4), (300, 24, 0, 4, 4)), BLOOD),
    (
        ((182, 18, 10, 0, 0), (188, 19, 10, 5.5, 5.5), (224, 24, 4, 5, 5), (250, 30, -8, 4, 4), (262, 34, -12, 0, 0)),
        BLOOD,
    ),
    (((150, -8, 42, 4, 4), (168, -14, 40, 4.5, 4.5), (174, -16, 28, 0, 0)), BLOOD),
    (((188, 10, -26, 0, 0), (194, 4, -27, 13, 6), (206, 16, -30, 9, 6), (216, 24, -30, 0, 0)), BLOOD),
)
_TRACHEA: Tube = ((148, 0, 12, 0, 0), (150, 0, 12, 13, 7), (156, 0, 12, 9.5, 9), (320, 0, 6, 8, 9))
_BRONCHI: tuple[Tube, ...] = (
    ((118, -42, 10, 3, 3), (134, -32, 10, 6, 6.5), (146, -14, 12, 7, 7.5), (150, -7, 12, 7.5, 7.5)),
    ((116, 47, 16, 3, 3), (130, 38, 14, 5.5, 6), (144, 16, 12, 6, 7), (150, 7, 12, 7, 7)),
)
_SOFT_EDGES = 9.0  # over which mediastinal outlines run into each other


@dataclass(frozen=True)
class Slice:
    """One rendered level: HU without lung vessels, how much of each pixel is lung, and lung depth in mm."""

    hu: Image
    lung: Image
    depth: Image  # distance into the lung from its surface, negative outside


class Anatomy:
    """The chest on a grid; `slice_at` gives any level."""

    def __init__(self, grid: Grid, seed: int = 7) -> None:
        self.grid = grid
        heights = (-70.0, 330.0)
        self._large = Noise(seed, 34.0, grid, heights, 40.0)
        self._medium = Noise(seed + 1, 11.0, grid, heights, 12.0)
        self._fine = Noise(seed + 2, 3.4, grid, heights, 4.0)

    def slice_at(self, z: float) -> Slice:
        """Return the chest at height z."""
        grid = self.grid
        level = dict(
            zip(
                ("a", "b", "ca", "cb", "cy"),
                (_profile(z, row) for row in (_BODY_A, _BODY_B, _CAVITY_A, _CAVITY_B, _CAVITY_Y)),
                strict=True,
            )
        )
        large, medium, fine = self._large.at(z), self._medium.at(z), self._fine.at(z)
        body = superellipse(grid, 4.0, level["a"], level["b"], 2.35) + large * 1.2
        cavity = superellipse(grid, level["cy"], level["ca"], level["cb"], 2.25) + large * 0.9
        hu = np.full(body.shape, AIR, np.float32)
        _wall(hu, grid, body, cavity, large, medium, fine)
        lung = _lung_distance(grid, z, cavity, medium)
        _inside(hu, grid, z, cavity, large, medium)
        lung_cover = covered(lung)
        paint(hu, lung_cover, _parenchyma(grid, lung, large, medium, fine))
        _fissures(hu, grid, z, lung)
        _mediastinum(hu, grid, z)
        _airways(hu, grid, z)
        if z < 262:
            ribs(hu, grid, z, cavity, level["cy"], fine)
        spine(hu, grid, z, fine)
        sternum_and_clavicles(hu, grid, z, level["cy"] - level["cb"])
        scapulae(hu, grid, z, covered(body + 5))
        return Slice(hu, lung_cover, -lung)


def _profile(z: float, row: tuple[int, ...]) -> float:
    """Return a width at height z, the corners of the table rounded."""
    near = z + np.array((-14.0, -9.0, -4.0, 0.0, 4.0, 9.0, 14.0))
    return float(np.interp(near, _Z, row).mean())


def _wall(hu: Image, grid: Grid, body: Image, cavity: Image, large: Image, medium: Image, fine: Image) -> None:
    """Skin, subcutaneous fat and muscles with fat between them, from the surface to the cavity."""
    front = np.clip(-grid.y / np.float32(80), -1, 1)
    side = np.clip(np.abs(grid.x) / np.float32(150), 0, 1)
    fat_depth = 5 + 5 * np.maximum(front, 0) * (1 - side) + 7 * side**2 + 4 * np.maximum(-front, 0) + medium
    paint(hu, covered(body), 25.0)
    paint(hu, covered(body + 2.0), FAT + fine * 5)
    muscle = MUSCLE + medium * 5 + fine * 4
    paint(hu, covered(body + fat_depth), muscle)
    share = body / np.minimum(body - cavity, np.float32(-4))
    for at, seed in ((0.36, 1), (0.62, -1)):  # planes of fat between the layers of muscle, broken here and there
        warped = share - np.float32(at) - medium * np.float32(0.05) - large * np.float32(0.14 * seed)
        there = covered(np.float32(0.2) - medium * np.float32(0.5) - large * np.float32(seed), 0.8)
        paint(hu, covered(np.abs(warped) * np.float32(30) - 0.9, 1.5) * there * covered(body + fat_depth), FAT + 20)
    streaks = covered(np.float32(1.6) - fine, 0.6) * covered(body + fat_depth + 2) * covered(-cavity + 6)
    paint(hu, streaks * np.float32(0.45), FAT)
    paint(hu, covered(cavity - 3.5), -45.0)  # fat under the pleura


def _diaphragm(grid: Grid) -> Image:
    """Return the height of the diaphragm: two domes, the right one higher, falling to the recesses behind."""
    right = 62 - 44 * ((grid.x + 62) / 78) ** 2 - 46 * ((grid.y + 12) / 92) ** 2
    left = 52 - 44 * ((grid.x - 66) / 76) ** 2 - 44 * ((grid.y + 10) / 92) ** 2
    high: Image = np.maximum(right, left).astype(np.float32)
    return np.maximum(high, np.float32(-45))


def _lung_distance(grid: Grid, z: float, cavity: Image, medium: Image) -> Image:
    """Return the distance from the lungs' surface (negative inside): cavity less mediastinum, above the diaphragm."""
    outside = cavity + 1.0
    if z > 150:  # tips
        share = min((z - 150) / (TOP - 150), 1.0)
        shrink = (1 - share) ** 0.6
        middle, wide, deep = 58 - 16 * share, max(80 * shrink, 0.4), max(92 * shrink, 0.4)
        tips = [ellipse(grid.x, grid.y, side * middle, 20 * share + 4, wide, deep) for side in (-1, 1)]
        outside = np.maximum(outside, np.minimum(*tips))
    outside = np.maximum(outside, -(_mediastinal_distance(grid, z) + medium * np.float32(0.6)))
    slope = np.float32(0.75)  # of the domes: heights to distances
    return np.maximum(outside, (_diaphragm(grid) - np.float32(z)) * slope) if z < 66 else outside


def _mediastinal_distance(grid: Grid, z: float) -> Image:
    """Return the distance from everything that lies between the lungs."""
    where = grid.window(-112, 112, -130, 130)
    whole = np.full((len(grid.y), len(grid.x)), 60, np.float32)
    x, y = grid.x[where[1]], grid.y[where[0]]
    distance = ellipse(x, y, 0, 60, 23, 21)  # spine
    distance = smooth_union(distance, ellipse(x, y, 0, 90, 40, 26), _SOFT_EDGES)
    distance = smooth_union(
        distance, capsule(x, y, (1, -6), (2, 48), float(np.interp(z, (180, 222), (13, 19)))), _SOFT_EDGES
    )
    front = (
        np.abs(x - np.float32(3 - 0.09 * (z - 120)))
        - np.float32(0.6)
        - np.maximum(-y - np.float32(62), 0) * np.float32(0.55)
    )
    distance = smooth_union(distance, np.maximum(front, y - np.float32(10)), _SOFT_EDGES)
    if (heart := _heart(x, y, z, grow=4)) is not None:
        distance = smooth_union(distance, heart, _SOFT_EDGES)
    for tube in (*(tube for tube, _ in _VESSELS), _TRACHEA):
        if (at := at_level(tube, z)) is not None:
            cx, cy, rx, ry = at
            distance = smooth_union(distance, ellipse(x, y, cx, cy, rx + 3, ry + 3), _SOFT_EDGES)
    for vessel in near_rods(_LYING, x, y, z):
        distance = smooth_union(distance, vessel - 2, _SOFT_EDGES)
    whole[where] = distance
    return whole


def _heart(x: Image, y: Image, z: float, grow: float = 0.0) -> Image | None:
    """Return the distance from the heart, which lies oblique: its tip to the left and to the front."""
    if (at := at_level(_HEART, z)) is None:
        return None
    cx, cy, rx, ry = at
    along = (x - np.float32(cx)) * np.float32(_AXIS[0]) - (y - np.float32(cy)) * np.float32(_AXIS[1])
    across = (x - np.float32(cx)) * np.float32(_AXIS[1]) + (y - np.float32(cy)) * np.float32(_AXIS[0])
    body = ellipse(along, across, 0, 0, rx + grow, ry + grow)
    right = ellipse(x, y, cx - 0.52 * rx, cy + 0.12 * ry, 0.52 * rx + grow, 0.72 * ry + grow)
    return smooth_union(body, right, 10)


#: Vessels that lie in the slices: start, end (x, y, z), radius. Aortic arch, pulmonary arteries, lower lung veins.
_LYING: Rods = (
    ((-11.0, -14.0, 172.0), (2.0, 8.0, 181.0), 13.5),
    ((2.0, 8.0, 181.0), (26.0, 32.0, 173.0), 13.0),
    ((14.0, -14.0, 148.0), (-38.0, 3.0, 137.0), 10.5),
    ((18.0, -16.0, 154.0), (46.0, 12.0, 143.0), 10.5),
    ((-22.0, -6.0, 120.0), (-44.0, 2.0, 111.0), 8.0),
    ((22.0, 4.0, 122.0), (46.0, 14.0, 113.0), 8.0),
)


#: Centre (x, y, z), half widths, HU: stomach, the gas in it, spleen, bowel.
_LEFT_ORGANS = (
    (56.0, -26.0, 4.0, 46.0, 44.0, 62.0, 28.0),
    (62.0, -50.0, 24.0, 26.0, 16.0, 26.0, -950.0),
    (92.0, 40.0, 6.0, 30.0, 40.0, 52.0, 50.0),
    (40.0, -50.0, -58.0, 60.0, 30.0, 28.0, 25.0),
    (86.0, -20.0, -46.0, 22.0, 26.0, 30.0, -300.0),
)


def _inside(hu: Image, grid: Grid, z: float, cavity: Image, large: Image, medium: Image) -> None:
    """Fill the cavity: fat of the mediastinum above, liver, stomach and spleen below the diaphragm."""
    paint(hu, covered(cavity), FAT + 8 + medium * 5)
    if z > 66:
        return
    below = covered((np.float32(z) - _diaphragm(grid) + 1.5) * np.float32(0.75)) * covered(cavity + 1)
    paint(hu, below, FAT)
    x, y = grid.x, grid.y
    liver = ellipse(x, y, -42, -12, 84 + min(z, 40) * 0.1, 84) + large * 2
    paint(hu, below * covered(liver), 58 + medium * 2)
    paint(hu, below * covered(np.abs(medium + large) * 9 - 1.3, 2.5) * covered(liver + 8), 44.0)  # liver veins
    for cx, cy, cz, rx, ry, rz, value in _LEFT_ORGANS:
        if abs(z - cz) < rz * 0.97:
            share = float(np.sqrt(1 - ((z - cz) / rz) ** 2))
            organ = ellipse(x, y, cx - 0.2 * (z - cz), cy, rx * share, ry * share) + large * 2
            paint(hu, below * covered(organ), value + medium * 2)
    paint(hu, below * covered(ellipse(x, y, 0, 48, 40, 15)), 50.0)


def _parenchyma(grid: Grid, lung: Image, large: Image, medium: Image, fine: Image) -> Image:
    """Return the lung's own density: more at the back, mottled by what is too small to be seen."""
    base = np.float32(-862) + grid.y * np.float32(0.32) + large * 9 + medium * 9
    dots = np.maximum(fine - np.float32(0.75), 0)
    result: Image = base + fine * 11 + dots * 95 * np.clip(-lung / 14, 0.15, 1)
    return result


def _fissures(hu: Image, grid: Grid, z: float, lung: Image) -> None:
    """Draw the oblique fissures of both lungs and the horizontal one: thin, faint, slightly curved."""
    inside = covered(lung + 1)
    bend = (np.abs(grid.x) - 62) ** 2 / np.float32(105) + np.where(grid.x < 0, 0, 9).astype(np.float32)
    oblique = (np.float32(z) - (100 + grid.y * np.float32(1.25) + bend)) * np.float32(0.62)
    paint(hu, covered(np.abs(oblique) - 0.5, 1.6) * inside * np.float32(0.2), -300.0)
    if abs(z - 116) < 8:
        flat = (
            covered(np.abs(np.float32(z - 116) + bend * np.float32(0.1) - 3) - 0.6, 3) * (grid.x < -40) * (grid.y < 12)
        )
        paint(hu, flat * inside * np.float32(0.12), -300.0)


def _mediastinum(hu: Image, grid: Grid, z: float) -> None:
    where = grid.window(-90, 112, -100, 60)
    x, y, part = grid.x[where[1]], grid.y[where[0]], hu[where]
    if (heart := _heart(x, y, z)) is not None:
        paint(part, covered(heart - 2.4), -70.0)  # fat on the heart
        paint(part, covered(heart), 50.0)
        cx, cy, rx, ry = at_level(_HEART, z) or (0, 0, 1, 1)
        for along, across, share in ((0.34, 0.2, 0.36), (-0.1, 0.5, 0.4), (0.3, -0.42, 0.34), (-0.62, 0.1, 0.36)):
            px = cx + along * rx * _AXIS[0] + across * ry * _AXIS[1]
            py = cy - along * rx * _AXIS[1] + across * ry * _AXIS[0]
            paint(part, covered(ellipse(x, y, px, py, rx * share, ry * share * 1.1), 5), BLOOD - 5)
        for along in (-0.3, 0.12):  # grooves with fat and coronary vessels
            px, py = cx + along * rx * _AXIS[0], cy - along * rx * _AXIS[1]
            edge = (px - ry * 0.95 * _AXIS[1], py - ry * 0.95 * _AXIS[0])
            inner = (px - ry * 0.62 * _AXIS[1], py - ry * 0.62 * _AXIS[0])
            paint(part, covered(capsule(x, y, edge, inner, 2.2), 2) * np.float32(0.75), -75.0)
            paint(part, covered(capsule(x, y, edge, edge, 1.5)), BLOOD)
    for tube, value in _VESSELS:
        draw_tube(hu, grid, tube, z, value)
    for vessel in near_rods(_LYING, x, y, z):
        paint(part, covered(vessel), BLOOD)


def _airways(hu: Image, grid: Grid, z: float) -> None:
    """Draw trachea and main bronchi: wall, then air; and the air in the oesophagus."""
    for tube in (_TRACHEA, *_BRONCHI):
        draw_tube(hu, grid, tube, z, 15.0, grow=1.6)
    for tube in (_TRACHEA, *_BRONCHI):
        draw_tube(hu, grid, tube, z, -985.0)
    oesophagus = _VESSELS[5][0]
    if (at := at_level(oesophagus, z)) is not None and np.sin(z / 9) > 0.2:
        paint(hu, covered(ellipse(grid.x, grid.y, at[0], at[1] - 1, 1.8, 1.2), 1.2), -600.0)
