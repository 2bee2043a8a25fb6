"""From a decoded frame to the greys on the screen: window, reduce or enlarge, turn; all in device pixels.

Three ways, chosen by size (BENCH 4). Enlarged or 1:1: window on the source pixels (only those in view when the image is
large), then Qt scales. Reduced: the modality values are averaged over each screen pixel's area once per zoom, then
windowed, then blitted 1:1, so that a window drag costs screen pixels, not film pixels. Averaging comes before the
window (PS3.4 N.2.3.3). What takes long (films) happens on a thread; until then nearest pixels of the same image stand
in.
"""

import dataclasses
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from medviewer.core.geometry import ViewMap
from medviewer.core.image import Frame
from medviewer.core.intensity import Window
from medviewer.core.resample import resize

#: Images up to this many pixels are worked on whole and at once (a 512 slice takes 3 ms at most).
SMALL = 1024 * 1024


class Deliverer(Protocol):
    """What this room needs of ui.bridge.MainThread."""

    def deliver(self, slot: Callable[[Any], object]) -> Callable[[Any], None]: ...


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="picture")


class Newest:
    """Work on a thread of which only the newest wish counts; its result comes back on the Qt thread."""

    def __init__(self, bridge: Deliverer, done: Callable[[Any, Any], object]) -> None:
        self._wish: Hashable = None
        self._answer = bridge.deliver(lambda pair: done(*pair) if pair[0] == self._wish else None)

    def ask(self, key: Hashable, work: Callable[[], Any]) -> None:
        """Do `work` for `key`, unless that is under way; forget every earlier wish."""
        if key == self._wish:
            return
        self._wish = key
        _threads().submit(self._run, key, work)

    def forget(self) -> None:
        """Want nothing any more."""
        self._wish = None

    def _run(self, key: Hashable, work: Callable[[], Any]) -> None:
        if key == self._wish:
            self._answer((key, work()))


def masked_average(
    values: NDArray[Any], left_out: NDArray[np.bool_], rows: int, columns: int
) -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
    """Return the mean over each area without the pixels `left_out`, and True where most of an area was left out."""
    weight = resize((~left_out).astype(np.float32), rows, columns)
    total = resize(np.where(left_out, 0, values).astype(np.float32), rows, columns)
    return total / np.maximum(weight, 1e-6), weight < 0.5


def reduced(frame: Frame, rows: int, columns: int) -> Frame:
    """Return `frame` averaged down to rows x columns; padding never mixes into the patient."""
    if frame.colour:
        return dataclasses.replace(frame, values=np.rint(resize(frame.values, rows, columns)).astype(np.uint8))
    if frame.padding is not None and frame.padding.any():
        values, padding = masked_average(frame.values, frame.padding, rows, columns)
    else:
        values, padding = resize(frame.values, rows, columns), None
    if frame.voi_lut is not None:
        values = np.rint(values)
    return dataclasses.replace(frame, values=values, padding=padding)


def picked(frame: Frame, rows: int, columns: int) -> Frame:
    """Return `frame` at rows x columns by nearest pixels: quick, for "not smoothed" and while averaging goes on."""
    have_rows, have_columns = frame.values.shape[:2]
    down = ((np.arange(rows) + 0.5) * have_rows / rows).astype(int)
    across = ((np.arange(columns) + 0.5) * have_columns / columns).astype(int)

    def pick(array: NDArray[Any]) -> NDArray[Any]:
        part: NDArray[Any] = array.take(down, axis=0).take(across, axis=1)
        return part

    padding = None if frame.padding is None else pick(frame.padding)
    return dataclasses.replace(frame, values=pick(frame.values), padding=padding)


def cropped(frame: Frame, box: tuple[int, int, int, int]) -> Frame:
    """Return the part [top, bottom) x [left, right) of `frame`, box = (left, top, right, bottom)."""
    left, top, right, bottom = box
    padding = None if frame.padding is None else frame.padding[top:bottom, left:right]
    return dataclasses.replace(frame, values=frame.values[top:bottom, left:right], padding=padding)


def snapped(view: ViewMap) -> ViewMap:
    """Return `view` moved by less than a pixel so that the image begins on a device pixel (1:1 stays sharp)."""
    corner = image_rect(view).topLeft()
    pan = (view.pan[0] + round(corner.x()) - corner.x(), view.pan[1] + round(corner.y()) - corner.y())
    return dataclasses.replace(view, pan=pan)


def image_rect(view: ViewMap, box: tuple[int, int, int, int] | None = None) -> QRectF:
    """Return where the image (or the pixels of `box`: left, top, right, bottom) lies, device pixels."""
    left, top, right, bottom = box or (0, 0, view.columns, view.rows)
    a, b = view.to_view(left - 0.5, top - 0.5), view.to_view(right - 0.5, bottom - 0.5)
    return QRectF(QPointF(*a), QPointF(*b)).normalized()


def oriented(pixels: NDArray[Any], view: ViewMap) -> NDArray[Any]:
    """Return `pixels` turned and flipped as `view` shows them."""
    pixels = np.rot90(pixels, -view.quarter_turns)
    pixels = pixels[:, ::-1] if view.flip_x else pixels
    pixels = pixels[::-1] if view.flip_y else pixels
    return np.ascontiguousarray(pixels)


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return 8-bit greys [row, column], RGB [.., 3] or RGBA [.., 4] as a QImage that owns its memory."""
    pixels = np.ascontiguousarray(pixels)
    kinds = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    depth = 1 if pixels.ndim == 2 else pixels.shape[2]
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, width * depth, kinds[depth]).copy()


class Renderer:
    """Draws one frame through one ViewMap and remembers what need not be done again."""

    def __init__(self, bridge: Deliverer, refresh: Callable[[], object]) -> None:
        """`refresh` is called on the Qt thread when a better picture can be drawn."""
        self._refresh = refresh
        self._worker = Newest(bridge, self._averaged)
        self._source: Frame | None = None
        self._serial = 0  # of the source; an id() could come back
        self._small_key: Hashable = None
        self._small: Frame | None = None
        self._key: Hashable = None
        self._image = QImage()

    def draw(
        self, painter: QPainter, frame: Frame, view: ViewMap, window: Window | None, inverted: bool, smooth: bool
    ) -> None:
        """Draw `frame` in device pixels; `view` should be `snapped`."""
        if frame is not self._source:
            self._source, self._serial, self._small, self._key = frame, self._serial + 1, None, None
        scale_x, scale_y = view.zoom, view.zoom * view.aspect
        columns = max(1, round(view.columns * scale_x)) if scale_x < 1 else view.columns
        rows = max(1, round(view.rows * scale_y)) if scale_y < 1 else view.rows
        part, mark = frame, ""
        if (rows, columns) != (view.rows, view.columns):
            part, mark = self._reduced(frame, rows, columns, smooth)
            # one sample, one device pixel: no second interpolation in a direction that was averaged
            scale_x = 1.0 if columns < view.columns else scale_x
            scale_y = 1.0 if rows < view.rows else scale_y
            placed = dataclasses.replace(view, columns=columns, rows=rows, zoom=scale_x, aspect=scale_y / scale_x)
            view = snapped(placed)
        box = self._visible(view)
        target = image_rect(view, box)
        key = (mark, rows, columns, box, view.quarter_turns, view.flip_x, view.flip_y, window, inverted)
        if key != self._key:
            part = cropped(part, box) if box else part
            made = to_image(oriented(part.grey(window, invert=inverted), view))
            # Qt scales 32 bit twice as fast as it scales greys
            self._image, self._key = made.convertToFormat(QImage.Format.Format_RGB32), key
        exact = target.size() == self._image.size().toSizeF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and not exact)
        painter.drawImage(target, self._image)

    def _reduced(self, frame: Frame, rows: int, columns: int, smooth: bool) -> tuple[Frame, str]:
        if not smooth:
            return picked(frame, rows, columns), "nearest"
        key = (self._serial, rows, columns)
        if self._small is None or self._small_key != key:
            if frame.values.shape[0] * frame.values.shape[1] > SMALL:
                self._worker.ask(key, lambda: reduced(frame, rows, columns))
                return picked(frame, rows, columns), "nearest"
            self._small, self._small_key = reduced(frame, rows, columns), key
        return self._small, "mean"

    def _averaged(self, key: Hashable, small: Frame) -> None:
        self._small_key, self._small = key, small
        self._refresh()

    @staticmethod
    def _visible(view: ViewMap) -> tuple[int, int, int, int] | None:
        """Return the box of pixels in view, with a rim for the interpolation; None for "all" of a small image."""
        if view.columns * view.rows <= SMALL:
            return None
        xs, ys = zip(view.to_image(0, 0), view.to_image(view.width, view.height), strict=True)
        left, right = (min(max(int(v), 0), view.columns) for v in (min(xs) - 2, max(xs) + 3))
        top, bottom = (min(max(int(v), 0), view.rows) for v in (min(ys) - 2, max(ys) + 3))
        return left, top, max(right, left + 1), max(bottom, top + 1)
