"""Mouse and wheel in a viewport (UI brief 5): what a drag, a notch or a click does to the ViewState.

Every movement changes the state at once and nothing else; the viewport paints the newest state when Qt has time, so
that a flood of events never queues up pictures.
"""

import enum
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from medviewer.app.reader import Tool
from medviewer.core.intensity import drag

if TYPE_CHECKING:
    from medviewer.ui.viewport import Viewport

#: A right button that moves less than this (logical pixels) asks for the menu.
SLOP = 4
NOTCH = 120  # eighths of a degree, one step of an ordinary wheel
FAR = 10  # slices for tilt and Shift
_ZOOM_NOTCH, _ZOOM_PIXELS = 1.15, 180.0
Button, Modifier = Qt.MouseButton, Qt.KeyboardModifier


class Act(enum.Enum):
    """What the drag under way does."""

    NONE = "none"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"


_BUTTONS = {Button.MiddleButton: Act.PAN, Button.RightButton: Act.ZOOM}
_TOOLS = {Tool.WINDOW: Act.WINDOW, Tool.PAN: Act.PAN, Tool.ZOOM: Act.ZOOM, Tool.SCROLL: Act.SCROLL}


class Mouse:
    """The hand in one viewport."""

    def __init__(self, viewport: "Viewport") -> None:
        self._viewport = viewport
        self._act = Act.NONE
        self._button = Button.NoButton
        self._start = self._last = QPointF()
        self._moved = False
        self._rest = {"x": 0.0, "y": 0.0}  # of the wheel, what is left of a notch
        self._scrolled = 0.0

    @property
    def dragging(self) -> bool:
        return self._act is not Act.NONE and self._moved

    def press(self, event: QMouseEvent) -> None:
        """Make this viewport the active one and begin a drag; other buttons during a drag are left alone."""
        self._viewport.activate()
        if self._act is not Act.NONE:
            return
        self._button, self._start, self._last = event.button(), event.position(), event.position()
        self._moved, self._scrolled = False, 0.0
        self._act = self._act_of(event)

    def _act_of(self, event: QMouseEvent) -> Act:
        if event.button() != Button.LeftButton:
            return _BUTTONS.get(event.button(), Act.NONE)
        if event.modifiers() & Modifier.ControlModifier:
            return Act.WINDOW
        if event.modifiers() & Modifier.ShiftModifier:
            return Act.PAN
        return _TOOLS[self._viewport.session.reader.tool]

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag."""
        if self._act is Act.NONE:
            return
        if self._button == Button.RightButton and not self._moved:
            way = event.position() - self._start
            if math.hypot(way.x(), way.y()) < SLOP:
                return
        self._moved = True
        step, self._last = event.position() - self._last, event.position()
        if self._viewport.shown is not None:
            getattr(self, f"_{self._act.value}")(step)

    def release(self, event: QMouseEvent) -> bool:
        """End the drag; True when this was a right click, which asks for the menu."""
        if event.button() != self._button:
            return False
        click = self._button == Button.RightButton and not self._moved
        self._act, self._button = Act.NONE, Button.NoButton
        return click

    def _window(self, step: QPointF) -> None:
        """Right is wider, up is brighter to the eye (a setting turns it round), whatever way the greys run."""
        viewport = self._viewport
        window = viewport.window_in_use()
        if window is None or viewport.shown is None:
            return
        turned = viewport.shown.frame.inverted != viewport.view.inverted
        as_seen = turned == bool(viewport.session.settings.get("reading.drag_up_is_brighter"))
        up = -step.y() if as_seen else step.y()
        viewport.view.set(window=drag(window, step.x(), up, viewport.value_span()))

    def _pan(self, step: QPointF) -> None:
        ratio = self._viewport.devicePixelRatioF()
        x, y = self._viewport.view.placement.pan
        self._viewport.view.set(pan=(x + step.x() * ratio, y + step.y() * ratio))

    def _zoom(self, step: QPointF) -> None:
        """Up is larger; the point where the drag began stays where it is."""
        self.zoom(math.exp(-step.y() / _ZOOM_PIXELS), self._start)

    def _scroll(self, step: QPointF) -> None:
        view = self._viewport.view
        if view.stack is None:
            return
        self._scrolled += step.y() * len(view.stack) / max(self._viewport.height() * 0.8, 1)
        whole = int(self._scrolled)
        self._scrolled -= whole
        view.go(view.index + whole)

    def zoom(self, factor: float, at: QPointF) -> None:
        """Zoom by `factor`; the image point under `at` (logical pixels) stays where it is."""
        ratio = self._viewport.devicePixelRatioF()
        view = self._viewport.view_map()
        if view is not None:
            zoomed = view.zoomed(factor, (at.x() * ratio, at.y() * ratio))
            self._viewport.view.set(zoom=zoomed.zoom, pan=zoomed.pan)

    def wheel(self, event: QWheelEvent) -> None:
        """One notch is one slice (down is next), ten with Shift or tilt; with Ctrl the wheel zooms at the pointer."""
        delta = event.angleDelta()
        if event.modifiers() & Modifier.ControlModifier:
            self.zoom(_ZOOM_NOTCH ** (delta.y() / NOTCH), event.position())
            return
        tilt, turn = self._notches("x", delta.x()), self._notches("y", delta.y())
        steps = (tilt + turn) * FAR if event.modifiers() & Modifier.ShiftModifier else tilt * FAR + turn
        if not self._viewport.session.settings.get("reading.wheel_down_is_next"):
            steps = -steps
        if steps:
            self._viewport.view.go(self._viewport.view.index - steps)

    def _notches(self, axis: str, delta: int) -> int:
        """Return the whole notches in what the wheel has turned so far (fine wheels send parts of one)."""
        rest = self._rest[axis]
        rest = delta if rest * delta < 0 else rest + delta  # a turn back counts at once
        whole = int(rest / NOTCH)
        self._rest[axis] = rest - whole * NOTCH
        return whole
