"""The reading desk without a window: which stack lies in which viewport, and how it is shown.

Commands change these objects, the window draws them. Nothing here knows Qt.
"""

from dataclasses import dataclass
from enum import StrEnum

from medviewer.core.events import Event
from medviewer.core.intensity import Window
from medviewer.core.study import ImageRef, Stack


class Layout(StrEnum):
    """Rows x columns of viewports."""

    ONE = "1x1"
    SIDE_BY_SIDE = "1x2"
    STACKED = "2x1"
    FOUR = "2x2"

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.value.split("x")
        return int(rows), int(columns)

    @property
    def places(self) -> int:
        rows, columns = self.shape
        return rows * columns


class Tool(StrEnum):
    """What the left mouse button does in a viewport."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"


class TextLevel(StrEnum):
    """How much corner text a viewport carries."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"


class ExplanationMode(StrEnum):
    """How a map lies over the image; off until asked for."""

    OFF = "off"
    OUTLINE = "outline"
    HEAT = "heat"


@dataclass
class Placement:
    """Zoom, pan, turns and flips of one viewport; zoom None means "fit to the viewport"."""

    zoom: float | None = None  # device pixels per image column
    pan: tuple[float, float] = (0.0, 0.0)  # device pixels
    quarter_turns: int = 0
    flip_x: bool = False
    flip_y: bool = False


class ViewState:
    """One viewport. `changed` fires after every change; setters are the only way to change it.

    Attributes:
        window: None shows the file's own.
        fit_zoom: device pixels per image column at which the whole image fits; the viewport writes it (without an
            event) whenever its size or image changes, so that zoom commands know where "fit" is.
    """

    def __init__(self) -> None:
        self.stack: Stack | None = None
        self.index = 0
        self.window: Window | None = None  # None: the file's own
        self.inverted = False
        self.smooth = True
        self.cine = False
        self.placement = Placement()
        self.fit_zoom = 1.0
        self.changed: Event[ViewState] = Event()

    @property
    def image(self) -> ImageRef | None:
        return self.stack.images[self.index] if self.stack else None

    def show(self, stack: Stack | None, index: int = 0) -> None:
        """Put a stack in this viewport, with everything as after loading."""
        self.stack = stack
        self.index = min(max(index, 0), len(stack) - 1) if stack else 0
        self.window, self.inverted, self.cine, self.placement = None, False, False, Placement()
        self.changed.emit(self)

    def follow(self, stack: Stack, index: int) -> None:
        """Take a regrouped stack in which the image being looked at now has `index`; nothing else changes."""
        self.stack, self.index = stack, index
        self.changed.emit(self)

    @property
    def zoom(self) -> float:
        """Device pixels per image column, as shown now."""
        return self.placement.zoom or self.fit_zoom

    def go(self, index: int) -> None:
        """Show image `index`, kept within the stack."""
        if self.stack is None:
            return
        index = min(max(index, 0), len(self.stack) - 1)
        if index != self.index:
            self.index = index
            self.changed.emit(self)

    def set(self, **values: object) -> None:
        """Change named fields of this view or of its placement (`set(window=..., flip_x=True)`)."""
        for name, value in values.items():
            owner = self.placement if name in Placement.__dataclass_fields__ else self
            if not hasattr(owner, name):
                raise AttributeError(name)
            setattr(owner, name, value)
        self.changed.emit(self)

    def reset(self) -> None:
        """Show the image exactly as after loading; the slice stays."""
        self.window, self.inverted, self.placement = None, False, Placement()
        self.changed.emit(self)


class AiView:
    """What of AI is drawn, and how."""

    def __init__(self) -> None:
        self.shown = True
        self.mode = ExplanationMode.OFF
        self.method = "LayerGradCam"
        self.target = ""  # class; "" means the model's own target
        self.opacity = 0.55
        self.threshold = 0.14  # share of the maximum below which heat is clear
        self.colormap = "inferno"


class Desk:
    """Which parts of the window are open."""

    def __init__(self) -> None:
        self.left, self.right, self.jobs = True, True, False
        self.plain = False  # Space held: no text, no AI, letters stay


class Reader:
    """The desk: four viewports (the layout shows some of them), one is active, one may fill the centre.

    `changed` carries the name of what changed: a field of this class, or "ai" or "desk".
    """

    def __init__(self) -> None:
        self.views = tuple(ViewState() for _ in range(4))
        self.layout = Layout.ONE
        self.active = 0
        self.filled = False  # the active viewport covers the centre
        self.tool = Tool.WINDOW
        self.text = TextLevel.FULL
        self.names_hidden = False
        self.ai = AiView()
        self.desk = Desk()
        self.changed: Event[str] = Event()

    @property
    def view(self) -> ViewState:
        """The active viewport."""
        return self.views[self.active]

    @property
    def shown(self) -> tuple[ViewState, ...]:
        """The viewports that the layout shows."""
        return (self.view,) if self.filled else self.views[: self.layout.places]

    def set(self, **values: object) -> None:
        """Change named fields ("layout", "active", "tool" ...) and announce each."""
        for name, value in values.items():
            if name in ("ai", "desk", "views") or not hasattr(self, name):
                raise AttributeError(name)
            setattr(self, name, value)
            if name == "layout":
                self.active, self.filled = min(self.active, self.layout.places - 1), False
        for name in values:
            self.changed.emit(name)

    def set_ai(self, **values: object) -> None:
        """Change fields of `ai` and announce "ai"."""
        self._set_part("ai", values)

    def set_desk(self, **values: object) -> None:
        """Change fields of `desk` and announce "desk"."""
        self._set_part("desk", values)

    def _set_part(self, part: str, values: dict[str, object]) -> None:
        for name, value in values.items():
            if not hasattr(getattr(self, part), name):
                raise AttributeError(name)
            setattr(getattr(self, part), name, value)
        self.changed.emit(part)
