"""Rows of the table of commands: reading with a model, and why."""

from typing import TYPE_CHECKING, Any

from medviewer.app import deeds
from medviewer.app.command import Command, Reason, first_of, no_image, one_image
from medviewer.app.reader import ExplanationMode

if TYPE_CHECKING:
    from medviewer.app.session import Session


def _row(id_: str, title: str, run: Any, *keys: str, blocked: Reason = no_image, **more: Any) -> Command:
    return Command(id_, title, run, keys, "ai", "AI", blocked, **more)


def _no_model(session: "Session") -> str | None:
    stack = session.reader.view.stack
    if stack is None:
        return None
    model = session.analyses.model_for(stack)
    if model is None:
        modality = stack.first.modality
        return f"No model here reads {modality} of this kind." if modality else "No model here reads this series."
    return None


def _may_not_read(session: "Session") -> str | None:
    stack, model = session.reader.view.stack, deeds.model_here(session)
    refusal = session.analyses.refusal(stack, model) if stack and model else None
    return refusal.sentence if refusal else None


def _reads_now(session: "Session") -> str | None:
    return "The model is reading this series." if deeds.reading(session) else None


def _all_read(session: "Session") -> str | None:
    stack, model = session.reader.view.stack, deeds.model_here(session)
    analysis = session.analyses.analysis(stack, model) if stack and model else None
    if analysis is None or stack is None or analysis.running:
        return None
    return "The model has read every slice of this series." if len(analysis.scores) == len(stack) else None


def _slice_read(session: "Session") -> str | None:
    stack, model = session.reader.view.stack, deeds.model_here(session)
    analysis = session.analyses.analysis(stack, model) if stack and model else None
    return "The model has read this slice." if analysis and analysis.score(session.reader.view.index) else None


def _no_result(session: "Session") -> str | None:
    return None if deeds.peaks(session) else "There is no score yet. Read the series first."


def _no_other_peak(step: int) -> Reason:
    def reason(session: "Session") -> str | None:
        at = session.reader.view.index
        found = any(p > at if step > 0 else p < at for p in deeds.peaks(session))
        return None if found else f"There is no {'later' if step > 0 else 'earlier'} score peak."

    return reason


def _one_class(session: "Session") -> str | None:
    model = deeds.model_here(session)
    return "This model has only one class." if model and len(model.card.names) < 2 else None


def _nothing_to_confirm(session: "Session") -> str | None:
    stack, model = session.reader.view.stack, deeds.model_here(session)
    if stack is None or model is None:
        return None
    verdict = session.analyses.verdict(stack, model)
    if verdict.answer != "unknown" or session.analyses.confirmed(stack, model):
        return "The headers say whether the model fits; nothing is left to confirm."
    return None


def _mode(mode: ExplanationMode, title: str) -> Command:
    reasons: tuple[Reason, ...] = (no_image, _no_model)
    if mode is not ExplanationMode.OFF:
        reasons = (*reasons, deeds.explain_refusal)
    return _row(
        f"ai.{mode.value}",
        title,
        lambda session: deeds.set_mode(session, mode),
        blocked=first_of(*reasons),
        checked=lambda session: session.reader.ai.mode is mode,
    )


def _covered(session: "Session") -> str | None:
    hidden = session.opinions.covered
    return "Hidden until you have given your own opinion: the policy for this model." if hidden else None


def _flip_shown(session: "Session") -> None:
    session.reader.set_ai(shown=not session.reader.ai.shown)


_CAN_READ = first_of(no_image, _no_model, _may_not_read)
_HAS_PEAKS = first_of(no_image, _no_model, _no_result)

AI_COMMANDS = (
    _row(
        "ai.toggle",
        "Show AI",
        _flip_shown,
        "X",
        blocked=_covered,
        checked=lambda session: session.reader.ai.shown,
        icon="sparkle",
    ),
    _row(
        "ai.read",
        "Read this series with the model, or stop",
        deeds.read_or_stop,
        "Ctrl+Enter",
        "Ctrl+Return",
        blocked=first_of(_CAN_READ, _all_read),
        checked=lambda session: deeds.reading(session) is not None,
    ),
    _row(
        "ai.read_this",
        "Read this slice with the model",
        lambda session: deeds.read(session, (session.reader.view.index,)),
        blocked=first_of(_CAN_READ, _reads_now, _slice_read),
    ),
    _row(
        "ai.read_range",
        "Read a range of slices with the model…",
        deeds.read_range,
        blocked=first_of(_CAN_READ, one_image, _reads_now, _all_read),
        args={"first": int, "last": int},
    ),
    _row(
        "ai.confirm",
        "Confirm that the model fits",
        deeds.confirm_model,
        blocked=first_of(no_image, _no_model, _nothing_to_confirm),
    ),
    _row("ai.model", "Choose the model", deeds.choose_model, blocked=no_image, args={"name": str}, needs=True),
    _row(
        "ai.card",
        "Model card",
        lambda session: session.ask("model_card"),
        blocked=first_of(no_image, _no_model),
        icon="identification-card",
    ),
    _row("ai.highest", "Go to the highest score", deeds.go_to_highest, blocked=_HAS_PEAKS),
    _row(
        "ai.previous_peak",
        "Previous score peak",
        lambda session: deeds.step_peak(session, -1),
        "[",
        blocked=first_of(_HAS_PEAKS, _no_other_peak(-1)),
    ),
    _row(
        "ai.next_peak",
        "Next score peak",
        lambda session: deeds.step_peak(session, 1),
        "]",
        blocked=first_of(_HAS_PEAKS, _no_other_peak(1)),
    ),
    _row(
        "ai.next_mode",
        "Explanation: off, outline, heat",
        deeds.next_mode,
        "E",
        blocked=first_of(no_image, _no_model, deeds.explain_refusal),
    ),
    _mode(ExplanationMode.OFF, "No explanation"),
    _mode(ExplanationMode.OUTLINE, "Explanation as outline"),
    _mode(ExplanationMode.HEAT, "Explanation as heat"),
    _row(
        "ai.explain",
        "Explain this slice",
        deeds.explain_here,
        blocked=first_of(
            no_image,
            _no_model,
            deeds.explain_refusal,
            lambda s: "Choose outline or heat first." if s.reader.ai.mode is ExplanationMode.OFF else None,
        ),
    ),
    _row(
        "ai.next_method",
        "Next explanation method",
        deeds.next_method,
        "Shift+E",
        blocked=first_of(no_image, _no_model),
    ),
    _row(
        "ai.method",
        "Choose the explanation method",
        deeds.set_method,
        blocked=first_of(no_image, _no_model),
        args={"method": str},
        needs=True,
    ),
    _row(
        "ai.next_class",
        "Next class to explain",
        deeds.next_class,
        blocked=first_of(no_image, _no_model, _one_class),
    ),
    _row(
        "ai.class",
        "Choose the class to explain",
        deeds.set_target,
        blocked=first_of(no_image, _no_model),
        args={"name": str},
        needs=True,
    ),
    _row(
        "ai.opacity_down",
        "Heat less opaque",
        lambda session: deeds.change_opacity(session, -deeds.OPACITY_STEP),
        ",",
        blocked=lambda _: None,
    ),
    _row(
        "ai.opacity_up",
        "Heat more opaque",
        lambda session: deeds.change_opacity(session, deeds.OPACITY_STEP),
        ".",
        blocked=lambda _: None,
    ),
    _row(
        "ai.opacity",
        "Set the opacity of heat",
        deeds.set_opacity,
        blocked=lambda _: None,
        args={"value": float},
        needs=True,
    ),
    _row(
        "ai.threshold",
        "Set where heat starts",
        deeds.set_threshold,
        blocked=lambda _: None,
        args={"value": float},
        needs=True,
    ),
    _row("ai.next_colormap", "Next colour map", deeds.next_colormap, blocked=lambda _: None, icon="palette"),
    _row(
        "ai.colormap",
        "Choose the colour map",
        deeds.set_colormap,
        blocked=lambda _: None,
        args={"name": str},
        needs=True,
    ),
)
