"""The bones of the synthetic chest: cortex, marrow and cartilage of one slice, painted in HU over the soft tissues."""

import functools

import numpy as np

from medviewer.dicom.phantom_shapes import (
    Grid,
    Image,
    Rods,
    capsule,
    covered,
    ellipse,
    near_rods,
    paint,
    smooth_union,
)


def ribs(hu: Image, grid: Grid, z: float, cavity: Image, centre_y: float, fine: Image) -> None:
    """Draw ribs as rings that fall towards the front, 24 mm apart; in front they are cartilage."""
    shell = np.nonzero((cavity > 0.5) & (cavity < 13))
    x = np.broadcast_to(np.abs(grid.x), hu.shape)[shell]
    y = np.broadcast_to(grid.y, hu.shape)[shell] - np.float32(centre_y)
    angle = np.arctan2(x, y)  # 0 at the spine, pi at the sternum
    drop = np.float32(88) * (1 - np.cos(np.minimum(angle, 2.75))) / 2 - 14 * np.sin(angle) ** 2
    step = np.float32(24)
    place = (np.float32(z + 6) + drop) / step
    across = (place - np.floor(place) - np.float32(0.5)) * step
    level = np.sqrt(((cavity[shell] - np.float32(6.5)) / np.float32(4.2)) ** 2 + (across / np.float32(6.8)) ** 2)
    distance = (level - 1) * np.float32(4.2)
    there = covered(0.24 - angle, 0.08) * covered(angle - np.float32(2.86), 0.06) * (place < 11)
    bone = there * covered(angle - np.float32(2.3), 0.05)
    ring, grain = hu[shell], fine[shell]
    paint(ring, there * covered(distance), 105 + grain * 6)
    paint(ring, bone * covered(distance), 640.0)
    paint(ring, bone * covered(distance + 1.7, 1.2), 190 + grain * 45)
    hu[shell] = ring


def spine(hu: Image, grid: Grid, z: float, fine: Image) -> None:
    """Draw a vertebra or a disc, the canal with cord, arches and processes."""
    phase = (z + 5) % 25
    rows, columns = grid.window(-50, 50, 30, 112)
    x, y, part, grain = grid.x[columns], grid.y[rows], hu[rows, columns], fine[rows, columns]
    waist = 1.6 * np.sin(np.pi * min(phase / 20, 1))
    vertebra = smooth_union(ellipse(x, y, 0, 57, 18.5 - waist, 14.5 - waist / 2), ellipse(x, y, 0, 52, 16, 11), 4)
    if phase < 20:
        plate = phase < 1.6 or phase > 18.4
        paint(part, covered(vertebra), 520.0)
        paint(part, covered(vertebra + 1.5, 1.4), 380.0 if plate else 175 + grain * 55)
    else:
        paint(part, covered(vertebra), 85 + grain * 5)
    if 4 < phase < 18:
        ring = np.abs(ellipse(x, y, 0, 80, 12.5, 11.5)) - 2.6 * np.sqrt(1 - ((phase - 11) / 7) ** 2)
        paint(part, covered(ring), 520.0)
        paint(part, covered(ring + 1.8, 1), 230.0)
    if 7 < phase < 17:
        for side in (-1, 1):
            thick = 4.4 * float(np.sqrt(1 - ((phase - 12) / 5) ** 2))
            arm = capsule(x, y, (side * 13, 80), (side * (25 + 2.2 * thick), 84 + 1.4 * thick), thick)
            paint(part, covered(arm), 480.0)
            paint(part, covered(arm + 1.8, 1), 210 + grain * 30)
    turn = (phase + 7) % 25 - 7  # -7 ... 18
    if abs(turn) < 6.8:  # joints between two arches
        for side in (-1, 1):
            share = float(np.sqrt(1 - (turn / 7) ** 2))
            joint = ellipse(x, y, side * 14, 84, 5.5 * share, 4.5 * share)
            paint(part, covered(joint), 560.0)
            paint(part, covered(np.abs(capsule(x, y, (side * 10, 86), (side * 18, 82), 0.4)) - 0.3, 1), 60.0)
    tip = capsule(x, y, (0, 91), (0, 98.5 - abs(phase - 7) * 0.35), 2.2 + 0.8 * np.cos(phase / 4))
    paint(part, covered(tip), 450.0)
    paint(part, covered(tip + 1.6, 1), 200.0)
    paint(part, covered(ellipse(x, y, 0, 80, 9.5, 8.5)), 12.0)
    paint(part, covered(ellipse(x, y, 0, 80, 5.2, 4.2)), 38.0)


def sternum_and_clavicles(hu: Image, grid: Grid, z: float, front: float) -> None:
    """Draw the breastbone before the cavity's `front` (y) and the collar bones above it."""
    if 38 < z < 204:
        wide = float(np.interp(z, (38, 50, 120, 165, 172, 196, 204), (5, 12, 17, 14, 22, 28, 20)))
        centre = front - 5.0
        where = grid.window(-wide - 4, wide + 4, centre - 9, centre + 9)
        bone = ellipse(grid.x[where[1]], grid.y[where[0]], 0, centre, wide, 5.6)
        paint(hu[where], covered(bone), 430.0)
        paint(hu[where], covered(bone + 1.5, 1.3), 140.0)
    if not 184 < z < 230:
        return
    for side in (-1, 1):
        rods: Rods = (
            ((side * 20.0, -66.0, 196.0), (side * 60.0, -62.0, 205.0), 6.5),
            ((side * 60.0, -62.0, 205.0), (side * 102.0, -30.0, 212.0), 5.5),
            ((side * 102.0, -30.0, 212.0), (side * 138.0, 6.0, 216.0), 5.5),
        )
        where = grid.window(min(side * 10, side * 150), max(side * 10, side * 150), -80, 20)
        pieces = near_rods(rods, grid.x[where[1]], grid.y[where[0]], z)
        if pieces:
            clavicle = functools.reduce(np.minimum, pieces)
            paint(hu[where], covered(clavicle), 600.0)
            paint(hu[where], covered(clavicle + 2.2, 1.2), 230.0)


def scapulae(hu: Image, grid: Grid, z: float, inside: Image) -> None:
    """Draw the shoulder blades behind the ribs, their spine and the joint above."""
    if not 112 < z < 234:
        return
    reach = float(np.interp(z, (112, 124, 150, 200, 222, 234), (0.02, 0.3, 0.75, 1, 0.8, 0.05)))
    for side in (-1, 1):
        start, end = (side * 70.0, 86.0), (side * (70 + 62 * reach), 86 - 40 * reach)
        middle = (side * (70 + 34 * reach), 88 - 14 * reach)
        where = grid.window(min(side * 60, side * 155), max(side * 60, side * 155), 15, 110)
        x, y, part, allowed = grid.x[where[1]], grid.y[where[0]], hu[where], inside[where]
        shapes = [capsule(x, y, start, middle, 2.0), capsule(x, y, middle, end, 2.6)]
        if 186 < z < 226:
            far = float(np.sin(np.pi * (z - 186) / 40))
            shapes.append(capsule(x, y, middle, (side * (104 + 32 * far), 74 - 6 * far), 3.0))
        if abs(z - 216) < 17:
            share = float(np.sqrt(1 - ((z - 216) / 17.5) ** 2))
            shapes.append(ellipse(x, y, side * 134, 40, 9 * share, 13 * share))
        blade = shapes[0]
        for shape in shapes[1:]:
            blade = smooth_union(blade, shape, 4)
        paint(part, covered(blade) * allowed, 560.0)
        paint(part, covered(blade + 1.8, 1) * allowed, 240.0)
