"""The known models as documents: list, card, verification, one version, the history of what was in use."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.documents import document
from medviewer.app.home import find_home
from medviewer.app.models import Models, find_model, look
from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.admin.records import Version
    from medviewer.app.session import Session


def listed(home: Path | None) -> dict[str, Any]:
    """Return `medviewer.models/1`: every known model in short, and folders that cannot be used."""
    bad: list[dict[str, str]] = []

    def on_bad(path: Path, error: UserError) -> None:
        bad.append({"folder": path.name, "text": error.sentence})

    where = find_home(home)
    found = look(where, on_bad)
    refused = map(where.policy.refusal, found.refused)
    models = [{**_short(model), "state": _state(model, found)} for model in found.every]
    return document("models", models=models, unusable=bad, problems=[*found.problems, *refused])


def _state(model: ModelFolder, models: Models) -> str:
    return "in use" if model in models.in_use else "kept"


def shown(home: Path | None, name: str) -> dict[str, Any]:
    """Return `medviewer.model/1`: the whole card of the version in use (of NAME@VERSION, of a folder).

    Raises:
        UserError: there is no such model, or its card cannot be used.
    """
    model = find_model(find_home(home), name)
    return document("model", **{k: v for k, v in _short(model).items() if k != "version"}, card=_card(model))


def verified(home: Path | None, name: str = "") -> dict[str, Any]:
    """Return `medviewer.verification/1`: which files of one model, or of all versions, are as they were made."""
    where = find_home(home)
    found = [find_model(where, name)] if name else list(look(where).every)
    rows = []
    for model in found:
        problems = folder.verify(model)
        rows.append({**_short(model), "ok": not problems, "problems": list(problems)})
    return document("verification", ok=all(row["ok"] for row in rows), models=rows)


def version(found: "Version") -> dict[str, Any]:
    """Return `medviewer.model_version/1`: one version of a model as it stands now."""
    return document("model_version", **_version(found))


def history(session: "Session", name: str) -> dict[str, Any]:
    """Return `medviewer.history/1`: every act on a model, the newest first, and every version that is here.

    Raises:
        UserError: `no_model`.
    """
    versions = session.admin.versions
    versions.refresh()
    here = [v for v in versions.all() if v.model == name]
    acts = versions.history(name)
    if not here and not acts:
        known = ", ".join(versions.models()) or "none"
        raise UserError("no_model", f"There is no model called {Path(name).name}. Known models: {known}.")
    return document("history", model=name, versions=[_version(v) for v in here], acts=list(acts))


def _version(found: "Version") -> dict[str, Any]:
    fields = dataclasses.asdict(found)
    fields["name"], fields["model_version"] = fields.pop("model"), fields.pop("version")
    del fields["path"]
    return fields


def _short(model: ModelFolder) -> dict[str, Any]:
    card = model.card
    return {
        "name": card.name,
        "version": card.version,
        "title": card.title,
        "task": card.task,
        "target": card.target,
        "score_kind": card.output.score_kind,
        "sha256": model.sha256,
    }


def _card(model: ModelFolder) -> dict[str, Any]:
    return dataclasses.asdict(model.card)


def words(value: Any) -> str:
    """Return a value of a card in one line for people."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {words(v)}" for k, v in value.items() if v not in ("", None, [], (), {}))
    if isinstance(value, list | tuple):
        return "; ".join(words(v) for v in value)
    return str(value)
