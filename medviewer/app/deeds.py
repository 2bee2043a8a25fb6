"""What commands do to the desk: small acts on viewports, series, AI and jobs. No Qt; on the desk's own thread."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from medviewer.app.methods import METHODS
from medviewer.app.reader import ExplanationMode, Layout, ViewState
from medviewer.core.errors import UserError
from medviewer.core.geometry import ViewMap
from medviewer.core.intensity import Preset, Window, auto_window
from medviewer.core.jobs import Job
from medviewer.core.study import Stack
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

ZOOM_STEP, ZOOM_LIMITS = 1.25, (0.01, 100.0)
OPACITY_STEP, OPACITY_LIMITS = 0.1, (0.1, 0.8)
COLORMAPS = ("inferno", "viridis", "cividis")
MODES = (ExplanationMode.OFF, ExplanationMode.OUTLINE, ExplanationMode.HEAT)


# -- series and studies ------------------------------------------------------------------------------------------


def show_stack(session: "Session", view: ViewState, stack: Stack, index: int = 0) -> None:
    """Put a stack into a viewport; what was asked of AI for the one before it does not carry over."""
    other = view.stack is None or view.stack.key != stack.key
    view.show(stack, index)
    view.set(smooth=bool(session.settings.get("reading.smooth")))
    if other:
        default_explanation(session)


def default_explanation(session: "Session") -> None:
    """Give the explanation its default again: another series, layout or study is on the screen (UI.md 4)."""
    mode = ExplanationMode(session.settings.get("ai.explanation"))
    if session.reader.ai.mode is not mode or session.reader.ai.target:
        session.reader.set_ai(mode=mode, target="")


def show_series(session: "Session", study: str, series: str, number: int = 0, place: int = -1) -> None:
    """Show a series by its key, in viewport `place` (0 to 3), -1 for the active one."""
    stack = session.opened.stack((study, series, number))
    reader = session.reader
    if not -1 <= place < len(reader.views):
        raise UserError("usage", "There are viewports 1 to 4.")
    show_stack(session, reader.view if place < 0 else reader.views[place], stack)


def siblings(session: "Session") -> tuple[Stack, ...]:
    """Return the stacks of the study in the active viewport, in order; films without header stand side by side."""
    stack = session.reader.view.stack
    if stack is not None and stack.first.film:
        return tuple(other for other in session.opened.stacks if other.first.film)
    study = session.opened.study_of(stack) if stack else None
    return study.stacks if study else ()


def step_series(session: "Session", step: int) -> None:
    """Show the next (+1) or previous (-1) series of the study, or the first or last one (a large step)."""
    stacks, view = siblings(session), session.reader.view
    keys = [stack.key for stack in stacks]
    if view.stack is None or view.stack.key not in keys:
        return
    at = keys.index(view.stack.key)
    to = min(max(at + step, 0), len(stacks) - 1)
    if to != at:
        show_stack(session, view, stacks[to])


def step_study(session: "Session", step: int) -> None:
    """Show the next or previous study: of the worklist where the study on the screen is in it, else of those open."""
    if session.worklist.place_of(session.opening.current) >= 0:
        session.opening.open_next(step)
        return
    from medviewer.app.open_studies import first_to_show

    studies, stack = session.opened.studies, session.reader.view.stack
    if not studies:
        return
    here = session.opened.study_of(stack) if stack else None
    at = studies.index(here) if here in studies else -step
    to = min(max(at + step, 0), len(studies) - 1)
    if studies[to] is not here:
        show_stack(session, session.reader.view, first_to_show(studies[to].stacks))


def set_layout(session: "Session", layout: Layout) -> None:
    """Change the layout; explanations go back to their default."""
    if session.reader.layout is not layout:
        session.reader.set(layout=layout)
        default_explanation(session)
    elif session.reader.filled:
        session.reader.set(filled=False)


# -- one viewport ------------------------------------------------------------------------------------------------


def zoom_by(view: ViewState, factor: float) -> None:
    """Zoom about the middle of the viewport."""
    low, high = ZOOM_LIMITS
    zoom = min(max(view.zoom * factor, low), high)
    k = zoom / view.zoom
    x, y = view.placement.pan
    view.set(zoom=zoom, pan=(x * k, y * k))


def turn(view: ViewState, quarters: int) -> None:
    """Turn the image clockwise as the eye sees it, also when it is mirrored."""
    p = view.placement
    turned = replace(_MAP, quarter_turns=p.quarter_turns, flip_x=p.flip_x, flip_y=p.flip_y).turned(quarters)
    view.set(quarter_turns=turned.quarter_turns)


_MAP = ViewMap(columns=1, rows=1, width=1, height=1)


def show_preset(view: ViewState, preset: Preset) -> None:
    """Use a named window."""
    view.set(window=Window(preset.center, preset.width, name=preset.name))


def show_auto_window(session: "Session") -> None:
    """Use the window over the 1st to 99th percentile of the image on the screen."""
    view = session.reader.view
    frame = session.pixels.get(view.image) if view.image else None
    if frame is not None:
        view.set(window=auto_window(frame.values, frame.padding))


def set_window(session: "Session", center: float, width: float) -> None:
    """Use a window given in modality units."""
    if not width > 0:
        raise UserError("usage", "The width of a window is above 0.")
    session.reader.view.set(window=Window(float(center), float(width)))


# -- AI ----------------------------------------------------------------------------------------------------------


def model_here(session: "Session") -> ModelFolder | None:
    """Return the model for the series in the active viewport."""
    stack = session.reader.view.stack
    return session.analyses.model_for(stack) if stack else None


def choose_model(session: "Session", name: str) -> None:
    """Choose the model for this series."""
    stack = session.reader.view.stack
    model = session.model(name)
    if model is None:
        raise UserError("no_model", "There is no such model.")
    if stack is not None:
        session.analyses.choose(stack, model)
        session.reader.set_ai(target="")


def confirm_model(session: "Session") -> None:
    """Take the reader's word for what the headers do not say."""
    stack, model = session.reader.view.stack, model_here(session)
    if stack is not None and model is not None:
        session.analyses.confirm(stack, model)


def reading(session: "Session") -> Job | None:
    """Return the job that reads the series in the active viewport, None if none does."""
    stack, model = session.reader.view.stack, model_here(session)
    analysis = session.analyses.analysis(stack, model) if stack and model else None
    return analysis.job if analysis is not None and analysis.running else None


def read_or_stop(session: "Session") -> None:
    """Read the whole series, or stop reading it."""
    job = reading(session)
    if job is not None:
        job.cancel()
    elif session.reader.view.stack is not None:
        read(session, range(len(session.reader.view.stack)))


def read_range(session: "Session", first: int = -1, last: int = -1) -> None:
    """Read images `first` to `last` (indices from 0, both read); without them the window asks."""
    stack = session.reader.view.stack
    if stack is None:
        return
    if first < 0 and last < 0:
        session.ask("read_range", count=len(stack), first=0, last=len(stack) - 1)
        return
    if not 0 <= first <= last < len(stack):
        raise UserError("usage", f"Choose images from 1 to {len(stack)}.")
    read(session, range(first, last + 1))


def read(session: "Session", indices: Sequence[int]) -> Job | None:
    """Let the model of the active viewport read images of its stack."""
    stack, model = session.reader.view.stack, model_here(session)
    if stack is None or model is None:
        return None
    return session.analyses.read(stack, model, indices)


def peaks(session: "Session") -> list[int]:
    """Return the score peaks of the series in the active viewport."""
    stack, model = session.reader.view.stack, model_here(session)
    analysis = session.analyses.analysis(stack, model) if stack and model else None
    return analysis.peaks() if analysis else []


def step_peak(session: "Session", step: int) -> None:
    """Go to the next or previous score peak; the last stays the last."""
    view = session.reader.view
    beyond = [i for i in peaks(session) if (i > view.index if step > 0 else i < view.index)]
    if beyond:
        view.go(min(beyond) if step > 0 else max(beyond))


def go_to_highest(session: "Session") -> None:
    """Go to the image with the highest score."""
    stack, model = session.reader.view.stack, model_here(session)
    analysis = session.analyses.analysis(stack, model) if stack and model else None
    if analysis is not None and analysis.highest is not None:
        session.reader.view.go(analysis.highest)


def next_mode(session: "Session") -> None:
    """Off, outline, heat, and round again; a screen that shows greys only has no heat."""
    modes = MODES[:2] if session.settings.get("display.greyscale") else MODES
    at = modes.index(session.reader.ai.mode) if session.reader.ai.mode in modes else 0
    set_mode(session, modes[(at + 1) % len(modes)])


def set_mode(session: "Session", mode: ExplanationMode | str) -> None:
    """Choose what of an explanation is drawn; the image on the screen is explained if it is not yet."""
    mode = ExplanationMode(mode)
    if mode is ExplanationMode.HEAT and session.settings.get("display.greyscale"):
        raise UserError("blocked", "This screen shows greys only; heat would look like a lesion. Outline can be used.")
    session.reader.set_ai(mode=mode, **({"shown": True} if mode is not ExplanationMode.OFF else {}))
    explain_here(session)


def next_method(session: "Session") -> None:
    """Use the next method of the table."""
    names = list(METHODS)
    at = names.index(session.reader.ai.method) if session.reader.ai.method in names else -1
    set_method(session, names[(at + 1) % len(names)])


def set_method(session: "Session", method: str) -> None:
    """Choose the method of explanation."""
    if method not in METHODS:
        raise UserError("usage", f"Methods are {', '.join(METHODS)}.")
    session.reader.set_ai(method=method)
    explain_here(session)


def set_target(session: "Session", name: str) -> None:
    """Choose the class that is explained; "" is the model's own."""
    model = model_here(session)
    if model is not None and name and name not in model.card.names:
        raise UserError("usage", f"This model's classes are {', '.join(model.card.names)}.")
    session.reader.set_ai(target=name)
    explain_here(session)


def next_class(session: "Session") -> None:
    """Explain the model's next class."""
    model = model_here(session)
    if model is not None:
        names = model.card.names
        at = names.index(session.reader.ai.target or model.card.target)
        set_target(session, names[(at + 1) % len(names)])


def change_opacity(session: "Session", step: float) -> None:
    """Make heat cover more or less of the image."""
    low, high = OPACITY_LIMITS
    session.reader.set_ai(opacity=round(min(max(session.reader.ai.opacity + step, low), high), 2))


def next_colormap(session: "Session") -> None:
    """Use the next colour map."""
    at = COLORMAPS.index(session.reader.ai.colormap) if session.reader.ai.colormap in COLORMAPS else -1
    session.reader.set_ai(colormap=COLORMAPS[(at + 1) % len(COLORMAPS)])


def set_colormap(session: "Session", name: str) -> None:
    """Use a colour map by name."""
    if name not in COLORMAPS:
        raise UserError("usage", f"Colour maps are {', '.join(COLORMAPS)}.")
    session.reader.set_ai(colormap=name)


def set_opacity(session: "Session", value: float) -> None:
    """Set how strongly heat covers the image."""
    low, high = OPACITY_LIMITS
    session.reader.set_ai(opacity=min(max(float(value), low), high))


def set_threshold(session: "Session", value: float) -> None:
    """Set the share of the map's maximum below which heat is clear."""
    session.reader.set_ai(threshold=min(max(float(value), 0.0), 0.9))


def explain_here(session: "Session") -> Job | None:
    """Explain the image in the active viewport as `reader.ai` wants it; an older wish that still runs gives way.

    Nothing is asked while the mode is off, no model fits, or the model has not read the image.
    """
    reader = session.reader
    stack, index, ai = reader.view.stack, reader.view.index, reader.ai
    model = model_here(session)
    if ai.mode is ExplanationMode.OFF or stack is None or model is None or explain_refusal(session):
        return None
    job = session.analyses.explain(stack, model, index, ai.target, ai.method)
    before, session.explaining = session.explaining, job
    if before is not None and before is not job:
        before.cancel()
    return job


def explain_refusal(session: "Session") -> str | None:
    """Return why the image in the active viewport cannot be explained, or None."""
    view, model = session.reader.view, model_here(session)
    if view.stack is None or model is None:
        return "No model here reads this series."
    analysis = session.analyses.analysis(view.stack, model)
    score = analysis.score(view.index) if analysis else None
    if score is None:
        return "The model has not read this slice. Read it first."
    return None if score.evaluated else score.reason or "This slice was not evaluated."
