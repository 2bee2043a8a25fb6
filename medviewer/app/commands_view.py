"""Rows of the table of commands: what is done to one viewport."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medviewer.app import deeds
from medviewer.app.command import Command, Reason, first_of, no_image, one_image
from medviewer.app.reader import TextLevel, Tool, ViewState
from medviewer.core.intensity import PRESETS, Preset

if TYPE_CHECKING:
    from medviewer.app.session import Session


def _view(act: Callable[[ViewState], Any]) -> Callable[["Session"], Any]:
    """Make an act on the active viewport."""
    return lambda session: act(session.reader.view)


def _row(
    id_: str, title: str, run: Any, *keys: str, group: str = "View", blocked: Reason = no_image, **more: Any
) -> Command:
    return Command(id_, title, run, keys, "viewport", group, blocked, **more)


def _no_colour(session: "Session") -> str | None:
    stack = session.reader.view.stack
    return "This is a colour image; it has no window." if stack and stack.first.samples == 3 else None


def _not_loaded(session: "Session") -> str | None:
    ref = session.reader.view.image
    return "The image is not loaded yet." if ref and session.pixels.get(ref) is None else None


def _not_for(preset: Preset) -> Reason:
    def reason(session: "Session") -> str | None:
        stack = session.reader.view.stack
        modality = stack.first.modality if stack else ""
        if modality in preset.modalities:
            return None
        return f"The {preset.name.lower()} window is for {' and '.join(preset.modalities)} images."

    return reason


def _go(session: "Session", index: int = 0) -> None:
    session.reader.view.go(index)


def _step(step: int) -> Callable[["Session"], None]:
    return lambda session: session.reader.view.go(session.reader.view.index + step)


def _tool(tool: Tool, title: str, key: str, icon: str) -> Command:
    return Command(
        f"tool.{tool.value}",
        title,
        lambda session: session.reader.set(tool=tool),
        (key,),
        "viewport",
        "Tools",
        checked=lambda session: session.reader.tool is tool,
        icon=icon,
    )


def _preset(number: int, preset: Preset) -> Command:
    def is_on(session: "Session") -> bool:
        window = session.reader.view.window
        return window is not None and window.name == preset.name

    return _row(
        f"window.{preset.name.lower()}",
        f"{preset.name} window",
        _view(lambda view: deeds.show_preset(view, preset)),
        str(number),
        group="Window",
        blocked=first_of(no_image, _no_colour, _not_for(preset)),
        checked=is_on,
    )


def _next_text(session: "Session") -> None:
    levels = list(TextLevel)
    session.reader.set(text=levels[(levels.index(session.reader.text) + 1) % len(levels)])


def _fit(view: ViewState) -> None:
    view.set(zoom=None, pan=(0.0, 0.0))


def _one_to_one(view: ViewState) -> None:
    view.set(zoom=1.0, pan=(0.0, 0.0))


_TOOLS = (
    _tool(Tool.WINDOW, "Window and level", "W", "circle-half"),
    _tool(Tool.PAN, "Pan", "P", "hand"),
    _tool(Tool.ZOOM, "Zoom", "Z", "magnifying-glass-plus"),
    _tool(Tool.SCROLL, "Scroll", "S", "arrows-down-up"),
)

_SLICES = (
    _row("slice.previous", "Previous slice", _step(-1), "Up", group="Slices"),
    _row("slice.next", "Next slice", _step(1), "Down", group="Slices"),
    _row("slice.back_10", "Ten slices back", _step(-10), "Shift+Up", group="Slices"),
    _row("slice.forward_10", "Ten slices on", _step(10), "Shift+Down", group="Slices"),
    _row("slice.first", "First slice", _view(lambda view: view.go(0)), "Home", group="Slices"),
    _row("slice.last", "Last slice", _view(lambda view: view.go(10**9)), "End", group="Slices"),
    _row("slice.go", "Go to a slice", _go, group="Slices", args={"index": int}, needs=True),
    _row(
        "slice.cine",
        "Cine",
        _view(lambda view: view.set(cine=not view.cine)),
        "C",
        group="Slices",
        blocked=first_of(no_image, one_image),
        checked=lambda session: session.reader.view.cine,
        icon="play",
    ),
)

_WINDOWS = (
    _row(
        "window.file",
        "The file's own window",
        _view(lambda view: view.set(window=None)),
        "0",
        group="Window",
        blocked=first_of(no_image, _no_colour),
        checked=lambda session: session.reader.view.window is None,
    ),
    *(_preset(number, preset) for number, preset in enumerate(PRESETS, 1)),
    _row(
        "window.auto",
        "Window from this image",
        deeds.show_auto_window,
        "9",
        group="Window",
        blocked=first_of(no_image, _no_colour, _not_loaded),
    ),
    _row(
        "window.set",
        "Set the window",
        deeds.set_window,
        group="Window",
        blocked=first_of(no_image, _no_colour),
        args={"center": float, "width": float},
        needs=True,
    ),
    _row(
        "view.invert",
        "Invert greys",
        _view(lambda view: view.set(inverted=not view.inverted)),
        "Ctrl+I",
        group="Window",
        checked=lambda session: session.reader.view.inverted,
        icon="circle-half-tilt",
    ),
)

_PLACING = (
    _row("view.fit", "Fit to the viewport", _view(_fit), "F", icon="frame-corners"),
    _row("view.reset", "Reset the view", _view(lambda view: view.reset()), "Ctrl+0", icon="arrow-counter-clockwise"),
    _row("view.one_to_one", "One image pixel to one screen pixel", _view(_one_to_one), "Ctrl+Alt+1"),
    _row("view.zoom_in", "Zoom in", _view(lambda view: deeds.zoom_by(view, deeds.ZOOM_STEP)), "+", "="),
    _row("view.zoom_out", "Zoom out", _view(lambda view: deeds.zoom_by(view, 1 / deeds.ZOOM_STEP)), "-"),
    _row(
        "view.flip_x",
        "Flip sideways",
        _view(lambda view: view.set(flip_x=not view.placement.flip_x)),
        "H",
        checked=lambda session: session.reader.view.placement.flip_x,
        icon="flip-horizontal",
    ),
    _row(
        "view.flip_y",
        "Flip upright",
        _view(lambda view: view.set(flip_y=not view.placement.flip_y)),
        "V",
        checked=lambda session: session.reader.view.placement.flip_y,
        icon="flip-vertical",
    ),
    _row("view.turn_right", "Turn right", _view(lambda view: deeds.turn(view, 1)), "R", icon="arrow-clockwise"),
    _row("view.turn_left", "Turn left", _view(lambda view: deeds.turn(view, -1)), "Shift+R"),
    _row(
        "view.smooth",
        "Smooth enlarged images",
        _view(lambda view: view.set(smooth=not view.smooth)),
        checked=lambda session: session.reader.view.smooth,
    ),
    _row(
        "view.fill",
        "Fill the centre with this viewport",
        lambda session: session.reader.set(filled=not session.reader.filled),
        "Enter",
        "Return",
        checked=lambda session: session.reader.filled,
        icon="arrows-out",
    ),
)

_TEXTS = (
    _row("view.text", "Corner text: full, short, none", _next_text, "I", blocked=lambda _: None, icon="text-aa"),
    _row(
        "view.hide_names",
        "Hide names",
        lambda session: session.reader.set(names_hidden=not session.reader.names_hidden),
        "Shift+I",
        blocked=lambda _: None,
        checked=lambda session: session.reader.names_hidden,
        icon="eye-slash",
    ),
    _row(
        "view.plain",
        "Plain image (also while Space is held)",
        lambda session: session.reader.set_desk(plain=not session.reader.desk.plain),
        checked=lambda session: session.reader.desk.plain,
    ),
)

VIEW_COMMANDS = (*_TOOLS, *_SLICES, *_WINDOWS, *_PLACING, *_TEXTS)
