"""Small questions that viewports ask: the shape of a pixel, what to load next, where a drag starts, what to say."""

from typing import TYPE_CHECKING

from medviewer.app.pixels import around
from medviewer.app.reader import Placement
from medviewer.core.geometry import ViewMap, plane_name
from medviewer.core.image import Frame
from medviewer.core.intensity import Window, auto_window
from medviewer.core.study import ImageRef, Stack
from medviewer.ui.corner_text import Shown, number, window_name
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.ui.viewport import Viewport

#: How many pictures a running loop wishes for ahead of need.
CINE_AHEAD = 32


def aspect_of(ref: ImageRef) -> float:
    """Return the height of a pixel over its width, from its spacing, else from PixelAspectRatio, else 1."""
    spacing, ratio = ref.plane.spacing, ref.header.aspect
    if spacing is not None and spacing[0] > 0 and spacing[1] > 0:
        return spacing[0] / spacing[1]
    if ratio is not None and ratio[0] > 0 and ratio[1] > 0:
        return ratio[0] / ratio[1]
    return 1.0


def fitting_map(shown: Shown, place: Placement, size: tuple[int, int]) -> ViewMap:
    """Return how the whole image fits into a viewport of `size` (width, height) device pixels, turned as placed."""
    rows, columns = shown.frame.values.shape[:2]
    turned = ViewMap(
        columns, rows, *size, aspect_of(shown.ref), 1.0, (0.0, 0.0), place.quarter_turns, place.flip_x, place.flip_y
    )
    return turned.fitted()


def wishes(stack: Stack, index: int, direction: int, loop: bool) -> list[ImageRef]:
    """Return the image at `index`, then those that the way of going reaches; a cine loop goes on at the start."""
    if loop:
        return [stack.images[(index + i) % len(stack)] for i in range(min(len(stack), CINE_AHEAD))]
    return around(stack, index, direction)


class Levels:
    """Range and starting window of the frame on the screen, worked out once a frame."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._span = 0.0

    def span(self, frame: Frame) -> float:
        """Return max - min of the values, padding left out."""
        if frame is not self._frame:
            self._frame, self._span = frame, frame.value_range()
        return self._span

    @staticmethod
    def window(frame: Frame, chosen: Window | None) -> Window | None:
        """Return the window that a drag starts from: the reader's, else that of the file; None for colour."""
        if frame.colour or chosen is not None:
            return chosen if not frame.colour else None
        if frame.voi_lut is not None:
            size = len(frame.voi_lut.table)
            return Window(frame.voi_lut.first + size / 2, size)
        return frame.window or auto_window(frame.values, frame.padding)


def spoken(viewport: "Viewport") -> str:
    """Return what a screen reader says: "Axial 5 mm, image 19 of 38, window brain, AI score 0.91 unverified"."""
    view, shown = viewport.view, viewport.shown
    if view.stack is None:
        return translate("Viewport", "Empty viewport")
    planes = {
        "axial": translate("Viewport", "Axial"),
        "coronal": translate("Viewport", "Coronal"),
        "sagittal": translate("Viewport", "Sagittal"),
        "oblique": translate("Viewport", "Oblique"),
    }
    first = view.stack.images[0]
    thick = first.header.slice_thickness
    plane = planes.get(plane_name(first.plane.orientation), first.header.modality)
    parts = [f"{plane} {number(thick)} mm" if thick else plane or view.stack.name]
    index = shown.index if shown else view.index
    parts.append(translate("Viewport", "image {0} of {1}").format(index + 1, len(view.stack)))
    if shown is not None and (name := window_name(view.window, shown)):
        parts.append(translate("Viewport", "window {0}").format(name.lower()))
    if viewport.loading is not None:
        parts.append(translate("Viewport", "loading image {0}").format(viewport.loading + 1))
    if viewport.failed is not None:
        parts.append(translate("Viewport", "this image cannot be shown"))
    answer = viewport.painting.answer
    if answer is not None and answer.score is not None:
        if not answer.score.evaluated:
            parts.append(translate("Viewport", "not evaluated by AI"))
        elif answer.target in answer.score.scores:
            score = f"{answer.score.scores[answer.target]:.2f}"
            parts.append(translate("Viewport", "AI score {0} unverified").format(score))
    return ", ".join(part for part in parts if part)
