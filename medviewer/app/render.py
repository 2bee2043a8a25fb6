"""One image as the viewport paints it, and its modality values."""

import io
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app import png
from medviewer.app.open_studies import first_to_show
from medviewer.app.session import Session
from medviewer.core.child import program
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.intensity import PRESETS, Window
from medviewer.core.resample import resize
from medviewer.core.study import ImageRef, SpacingKind, Stack
from medviewer.core.values import pack

MOST_PIXELS = 1 << 26
OVERLAY_SECONDS = 60


@dataclass(frozen=True)
class Wish:
    """What to render; at most one of `window` and `preset`, at most one of `frame` and `index`.

    Attributes:
        frame: frame of the (multi-frame) file, from 0.
        index: place in the stack that would be shown first, from 0.
        window: centre and width in modality units; None: the file's own.
        size: (width, height) of the picture; None: one pixel for each pixel of the image.
    """

    frame: int | None = None
    index: int | None = None
    window: tuple[float, float] | None = None
    preset: str = ""
    size: tuple[int, int] | None = None


def find_image(session: Session, paths: Sequence[Path], wish: Wish) -> tuple[ImageRef, Stack, int]:
    """Return the image that `wish` means, with its stack and place.

    Raises:
        UserError: nothing can be opened, or there is no such frame or index.
    """
    session.opened.open(paths, show=False).value()
    stack = first_to_show(session.opened.stacks)
    if wish.frame is None:
        index = wish.index or 0
        if not 0 <= index < len(stack):
            raise UserError("usage", f"There is no image {index}: this series has images 0 to {len(stack) - 1}.")
        return stack.images[index], stack, index
    header = stack.first
    if not 0 <= wish.frame < len(header.frames):
        raise UserError("usage", f"There is no frame {wish.frame}: this file has frames 0 to {len(header.frames) - 1}.")
    ref = ImageRef(header, wish.frame)
    place = session.opened.place_of(ref)
    return (ref, *place) if place else (ref, stack, 0)


def values(frame: Frame) -> NDArray[Any]:
    """Return modality values [row, column] (integer, or float32), or uint8 RGB [row, column, 3]."""
    return frame.values if frame.colour or frame.values.dtype.kind in "iu" else frame.values.astype(np.float32)


def wished_window(wish: Wish, ref: ImageRef) -> Window | None:
    """Return the window of `wish`, None for the file's own.

    Raises:
        UserError: there is no such preset, it is not for this kind of image, or the width is not above 0.
    """
    if wish.preset:
        return preset(wish.preset, ref.header.modality)
    if wish.window is None:
        return None
    center, width = wish.window
    if not (np.isfinite(center) and np.isfinite(width) and width > 0):
        raise UserError("usage", "A window needs a centre and a width above 0.")
    return Window(center, width)


def preset(name: str, modality: str) -> Window:
    """Return a named window."""
    found = next((p for p in PRESETS if p.name.lower() == name.lower()), None)
    if found is None:
        raise UserError("usage", f"There is no preset {name!r}. Presets: {', '.join(p.name.lower() for p in PRESETS)}.")
    if modality not in found.modalities:
        kinds = " and ".join(found.modalities)
        raise UserError("usage", f"The preset {found.name.lower()} is for {kinds}; this is {modality or 'unknown'}.")
    return Window(found.center, found.width, name=found.name)


def aspect(ref: ImageRef) -> float:
    """Return height over width of a pixel (PixelSpacing, else PixelAspectRatio, else square)."""
    spacing, ratio = ref.plane.spacing, ref.header.aspect
    if spacing and all(v > 0 for v in spacing):
        return spacing[0] / spacing[1]
    return ratio[0] / ratio[1] if ratio and ref.header.spacing_kind is SpacingKind.UNKNOWN and all(ratio) else 1.0


def paint(frame: Frame, window: Window | None, size: tuple[int, int] | None, pixel_aspect: float) -> NDArray[np.uint8]:
    """Return 8-bit greys [row, column] or RGB; with `size` the whole image fitted and centred on black.

    Values are averaged before the window, never after it (PS3.4 N.2.3.3), as the viewport does.
    """
    if size is None:
        return frame.grey(window)
    width, height = size
    rows, columns = frame.values.shape[:2]
    zoom = min(width / columns, height / (rows * pixel_aspect))
    to_columns, to_rows = max(1, round(columns * zoom)), max(1, round(rows * pixel_aspect * zoom))
    small = resize(frame.values, min(to_rows, rows), min(to_columns, columns))
    padding = None if frame.padding is None else resize(frame.padding, *small.shape[:2]) > 0.5
    kept: NDArray[Any] = np.rint(small).astype(np.uint8) if frame.colour else small
    shown = Frame(kept, padding, frame.window or window, frame.inverted, frame.voi_lut).grey(window)
    shown = np.rint(resize(shown, to_rows, to_columns)).astype(np.uint8)
    picture = np.zeros((height, width, *shown.shape[2:]), np.uint8)
    top, left = (height - to_rows) // 2, (width - to_columns) // 2
    picture[top : top + to_rows, left : left + to_columns] = shown[:height, :width]
    return picture


def overlay(session: Session, path: Path, wish: Wish, out: Path, show_identity: bool) -> None:
    """Write the image with its corner texts to `out`, drawn by the window's own viewport in a process without screen.

    Names, ids and birth dates are in it only with `show_identity`.

    Raises:
        UserError: `no_picture`.
    """
    drawn = session.spool / "picture.png"  # `out` is written when it is whole
    asked = {"path": str(path), "wish": pack(wish), "out": str(drawn), "identity": show_identity}
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"}
    if session.home.root is not None:
        env["MEDVIEWER_HOME"] = str(session.home.root)
    try:
        words = program("--picture", json.dumps(asked))
        done = subprocess.run(
            words, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=OVERLAY_SECONDS, check=False
        )
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = -1
    if code != 0:
        raise UserError("no_picture", "The image could not be drawn with its texts; leave --overlay out.", f"{code}")
    png.write_bytes(out, drawn.read_bytes())


def render(session: Session, paths: Sequence[Path], wish: Wish, out: Path, values_out: Path | None = None) -> ImageRef:
    """Write the picture to `out` (PNG) and the modality values to `values_out` (.npy); return the image.

    Raises:
        UserError: the image cannot be shown.
    """
    ref, _, _ = find_image(session, paths, wish)
    window = wished_window(wish, ref)
    frame = session.pixels.fetch(ref)
    if values_out is not None:
        array = io.BytesIO()
        np.save(array, values(frame), allow_pickle=False)
        png.write_bytes(values_out, array.getvalue())
    png.write(out, paint(frame, window, wish.size, aspect(ref)))
    return ref
