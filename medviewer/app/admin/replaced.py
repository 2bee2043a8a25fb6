"""Results of versions that are not in use any more: they stay, under their own version's name."""

from datetime import datetime
from typing import TYPE_CHECKING

from medviewer.app.admin.in_use import IMPORT
from medviewer.app.analysis import Analysis
from medviewer.core.study import Stack
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.models import Models
    from medviewer.app.session import Session

REPLACED = "The model was replaced at {at}. This result is from {version}."
REPLACED_ONCE = "The model was replaced. This result is from {version}."


def earlier(session: "Session", stack: Stack, model: ModelFolder) -> Analysis | None:
    """Return what another version of `model` has said of a stack in this session, the newest such answer."""
    others = [m for m in session.live_models.now.every if m.name == model.name and m != model]
    found = [a for m in others if (a := session.analyses.analysis(stack, m)) is not None and a.scores]
    return max(found, key=lambda a: a.started, default=None)


def sentence(models: "Models", analysis: Analysis) -> str:
    """Return the sentence for a result of a version that is not in use any more; "" for one that is."""
    model = analysis.model
    used = models.used(model.name)
    if used is None or (used.card.version, used.sha256) == (model.card.version, model.sha256):
        return ""
    last = next((a for a in reversed(models.acts) if a.model == model.name and a.kind != IMPORT), None)
    at = _when(last.at) if last is not None else ""
    return (REPLACED if at else REPLACED_ONCE).format(at=at, version=model.card.version)


def _when(at: str) -> str:
    """Return a time of an act for people: "10:02", with the day if it was not today."""
    try:
        then = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return ""
    today = then.date() == datetime.now().astimezone().date()
    return f"{then:%H:%M}" if today else f"{then:%H:%M} on {then.day} {then:%b %Y}"
