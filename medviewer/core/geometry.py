"""Directions and places: LPS vectors, orientation letters, plane names, and the map between image and view pixels.

Frames of coordinates: `ijk` (column, row, slice index; the centre of the first voxel is 0), `lps` mm, `view` (device
pixels of a viewport, x right, y down). Arrays are `[slice, row, column]`.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

#: Directions below this share of a vector are not worth a letter (sin 5 degrees, DICOM_CHECKLIST B2).
_LEAST = float(np.sin(np.radians(5)))
_POSITIVE, _NEGATIVE = "LPH", "RAF"
OPPOSITE = str.maketrans("LRPAHF", "RLAPFH")


def normal(orientation: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the unit normal of a plane, row direction x column direction (PS3.3 C.7.6.2.1.1)."""
    row, column = np.array(orientation[:3], float), np.array(orientation[3:], float)
    n = np.cross(row, column)
    length = np.linalg.norm(n)
    return n / length if length else n


def letters(direction: NDArray[np.float64] | tuple[float, float, float], most: int = 2) -> str:
    """Return the orientation letters of an LPS direction, largest first ("L", "PH"); "" for no direction."""
    v = np.asarray(direction, float)
    length = np.linalg.norm(v)
    if not np.isfinite(length) or length == 0:
        return ""
    v = v / length
    axes = [a for a in np.argsort(-np.abs(v), kind="stable") if abs(v[a]) > _LEAST]
    return "".join(_POSITIVE[a] if v[a] > 0 else _NEGATIVE[a] for a in axes[:most])


def opposite(text: str) -> str:
    """Return the letters of the opposite direction ("LP" for "RA")."""
    return text.translate(OPPOSITE)


def plane_name(orientation: tuple[float, ...] | None, tolerance_degrees: float = 15.0) -> str:
    """Return "axial", "coronal", "sagittal", "oblique", or "none" without orientation."""
    if orientation is None:
        return "none"
    n = np.abs(normal(orientation))
    if not np.isfinite(n).all() or not n.any():
        return "none"
    axis = int(np.argmax(n))
    return ("sagittal", "coronal", "axial")[axis] if n[axis] >= np.cos(np.radians(tolerance_degrees)) else "oblique"


@dataclass(frozen=True)
class ViewMap:
    """How one image lies in one viewport: turned, flipped, scaled about its centre, moved.

    Image coordinates are (x, y) = (column, row) with pixel CENTRES at whole numbers; view coordinates are device
    pixels with y down. The order is fixed: rotate clockwise, then flip in the view, then scale, then move.

    Attributes:
        columns, rows: size of the image in pixels.
        aspect: height of a pixel over its width (row spacing / column spacing).
        width, height: size of the viewport in device pixels.
        zoom: device pixels per image column at rotation 0 (pixels that are not square are taller by `aspect`).
        pan: (x, y) of the image centre from the viewport centre, device pixels.
        quarter_turns: clockwise, 0 to 3.
        flip_x, flip_y: mirrored left-right / up-down as seen on the screen, after the rotation.
    """

    columns: int
    rows: int
    width: int
    height: int
    aspect: float = 1.0
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)
    quarter_turns: int = 0
    flip_x: bool = False
    flip_y: bool = False

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """3x3, image (x, y, 1) to view (x, y, 1)."""
        to_centre = np.array([[1, 0, -(self.columns - 1) / 2], [0, 1, -(self.rows - 1) / 2], [0, 0, 1]], float)
        scale = np.diag([self.zoom, self.zoom * self.aspect, 1.0])
        c, s = ((1, 0), (0, 1), (-1, 0), (0, -1))[self.quarter_turns % 4]
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]], float)
        flip = np.diag([-1.0 if self.flip_x else 1.0, -1.0 if self.flip_y else 1.0, 1.0])
        move = np.array([[1, 0, self.width / 2 + self.pan[0]], [0, 1, self.height / 2 + self.pan[1]], [0, 0, 1]], float)
        result: NDArray[np.float64] = move @ flip @ turn @ scale @ to_centre
        result.flags.writeable = False
        return result

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return the view point of image point (x, y)."""
        v = self.matrix @ (x, y, 1.0)
        return float(v[0]), float(v[1])

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Return the image point under view point (x, y); pixel (c, r) covers c-0.5..c+0.5."""
        v = np.linalg.solve(self.matrix, (x, y, 1.0))
        return float(v[0]), float(v[1])

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the whole image on the screen at zoom 1, after the rotation."""
        w, h = float(self.columns), self.rows * self.aspect
        return (h, w) if self.quarter_turns % 2 else (w, h)

    def fitted(self) -> "ViewMap":
        """Return this map with the whole image in view and centred."""
        w, h = self.extent
        zoom = min(self.width / w, self.height / h) if w and h else 1.0
        return replace(self, zoom=max(zoom, 1e-6), pan=(0.0, 0.0))

    def zoomed(self, factor: float, at: tuple[float, float]) -> "ViewMap":
        """Return this map zoomed by `factor`, the image point under view point `at` staying where it is."""
        zoom = min(max(self.zoom * factor, 0.01), 100.0)
        k = zoom / self.zoom
        cx, cy = self.width / 2, self.height / 2
        pan = (at[0] - cx + (self.pan[0] - (at[0] - cx)) * k, at[1] - cy + (self.pan[1] - (at[1] - cy)) * k)
        return replace(self, zoom=zoom, pan=pan)

    def turned(self, quarter_turns: int) -> "ViewMap":
        """Return this map turned clockwise on the screen; a flipped image still turns as the eye sees it."""
        mirrored = self.flip_x != self.flip_y
        return replace(self, quarter_turns=(self.quarter_turns + (-quarter_turns if mirrored else quarter_turns)) % 4)

    def direction(self, dx: float, dy: float) -> tuple[float, float]:
        """Return the image direction (columns, rows) that view direction (dx, dy) points to."""
        inverse = np.linalg.inv(self.matrix[:2, :2])
        v = inverse @ (dx, dy)
        return float(v[0]), float(v[1])


def edge_letters(
    view: ViewMap, orientation: tuple[float, ...] | None, projection: tuple[str, str] | None
) -> tuple[str, str, str, str]:
    """Return the letters at the left, right, top and bottom of a viewport; "?" where the file says nothing.

    `orientation` is ImageOrientationPatient; `projection` is PatientOrientation (row, column) of projection images.
    """

    def at(dx: float, dy: float) -> str:
        ix, iy = view.direction(dx, dy)
        # quarter turns only: the view axis lies along one image axis
        along_row, sign = (True, ix) if abs(ix) > abs(iy) else (False, iy)
        if orientation is not None:
            vector = np.array(orientation[:3] if along_row else orientation[3:], float)
            return letters(vector * np.sign(sign)) or "?"
        if projection is not None:
            text = projection[0 if along_row else 1]
            return (text if sign > 0 else opposite(text)) or "?"
        return "?"

    return at(-1, 0), at(1, 0), at(0, -1), at(0, 1)


def ruler_length(mm_per_pixel: float, view_width: float) -> float | None:
    """Return the ruler's length in mm: 1, 2 or 5 x 10^k that spans 15 to 30 % of `view_width` device pixels."""
    if not (mm_per_pixel > 0 and view_width > 0):
        return None
    longest = 0.30 * view_width * mm_per_pixel
    power = 10.0 ** np.floor(np.log10(longest))
    return float(max(m * power for m in (1, 2, 5) if m * power <= longest * (1 + 1e-9)))
