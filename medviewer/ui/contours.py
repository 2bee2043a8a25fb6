"""Contour lines by marching squares (Lorensen and Cline 1987, in two dimensions), in numpy, closed and linked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# The four sides of a cell, by their corners: top, right, bottom, left.
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
#: Which sides a line goes from and to, for each set of corners inside (1 top left, 2 top right, 4 bottom right,
#: 8 bottom left); the inside lies to the right of the line. Saddles keep the two inside corners apart.
_LINES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_LEFT, _TOP),),
    2: ((_TOP, _RIGHT),),
    3: ((_LEFT, _RIGHT),),
    4: ((_RIGHT, _BOTTOM),),
    5: ((_LEFT, _TOP), (_RIGHT, _BOTTOM)),
    6: ((_TOP, _BOTTOM),),
    7: ((_LEFT, _BOTTOM),),
    8: ((_BOTTOM, _LEFT),),
    9: ((_BOTTOM, _TOP),),
    10: ((_TOP, _RIGHT), (_BOTTOM, _LEFT)),
    11: ((_BOTTOM, _RIGHT),),
    12: ((_RIGHT, _LEFT),),
    13: ((_RIGHT, _TOP),),
    14: ((_TOP, _LEFT),),
}


def contours(field: NDArray[np.floating[Any]], level: float) -> list[NDArray[np.float64]]:
    """Return closed lines around `field` >= `level`: each [point, (x, y)], pixel centres at whole numbers.

    What touches the border is closed half a pixel outside of it. The longest line comes first.
    """
    inside = field >= level
    if not inside.any():
        return []
    outside = level - max(float(np.nanmax(field[inside])) - level, 1e-12)
    f = np.pad(np.nan_to_num(field.astype(float), nan=outside), 1, constant_values=outside)
    starts, ends, points = _segments(f, level)
    return sorted(_linked(starts, ends, points), key=len, reverse=True)


def _segments(f: NDArray[np.float64], level: float) -> tuple[list[int], list[int], dict[int, tuple[float, float]]]:
    """Return the ids of the sides each piece of line goes from and to, and the point on each side."""
    inside = f >= level
    rows, columns = f.shape
    code = inside[:-1, :-1] * 1 + inside[:-1, 1:] * 2 + inside[1:, 1:] * 4 + inside[1:, :-1] * 8
    r, c = np.nonzero((code > 0) & (code < 15))
    code = code[r, c]
    size = rows * columns
    # a side is named by its first corner; sides along a column are numbered after all those along a row
    sides = np.stack([r * columns + c, size + r * columns + c + 1, (r + 1) * columns + c, size + r * columns + c])
    starts: list[int] = []
    ends: list[int] = []
    for value, lines in _LINES.items():
        at = np.nonzero(code == value)[0]
        for start, end in lines:
            starts += sides[start, at].tolist()
            ends += sides[end, at].tolist()
    ids = np.array(starts)
    down = ids >= size
    corner = ids - down * size
    y, x = corner // columns, corner % columns
    a, b = f[y, x], f[y + down, x + ~down]
    t = (level - a) / np.where(a == b, 1, b - a)
    px, py = x + np.where(down, 0, t) - 1, y + np.where(down, t, 0) - 1
    return starts, ends, dict(zip(starts, zip(px.tolist(), py.tolist(), strict=True), strict=True))


def _linked(starts: list[int], ends: list[int], points: dict[int, tuple[float, float]]) -> list[NDArray[np.float64]]:
    following = dict(zip(starts, ends, strict=True))
    lines = []
    while following:
        side, end = following.popitem()
        line = [points[side]]
        while end != side and end in following:
            line.append(points[end])
            end = following.pop(end)
        lines.append(np.array(line))
    return lines
