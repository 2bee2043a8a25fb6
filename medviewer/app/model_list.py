"""The known models as documents: list, card, verification."""

import dataclasses
from pathlib import Path
from typing import Any

from medviewer.app.documents import document
from medviewer.app.home import find_home
from medviewer.app.models import find_model, find_models
from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder


def listed(home: Path | None) -> dict[str, Any]:
    """Return `medviewer.models/1`: every known model in short, and folders that cannot be used."""
    bad: list[dict[str, str]] = []

    def on_bad(path: Path, error: UserError) -> None:
        bad.append({"folder": path.name, "text": error.sentence})

    found = find_models(find_home(home), on_bad)
    return document("models", models=[_short(model) for model in found], unusable=bad)


def shown(home: Path | None, name: str) -> dict[str, Any]:
    """Return `medviewer.model/1`: the whole card.

    Raises:
        UserError: there is no such model, or its card cannot be used.
    """
    model = find_model(find_home(home), name)
    return document("model", **{k: v for k, v in _short(model).items() if k != "version"}, card=_card(model))


def verified(home: Path | None, name: str = "") -> dict[str, Any]:
    """Return `medviewer.verification/1`: which files of one model, or of all, are as they were made."""
    where = find_home(home)
    found = [find_model(where, name)] if name else list(find_models(where))
    rows = []
    for model in found:
        problems = folder.verify(model)
        rows.append({**_short(model), "ok": not problems, "problems": list(problems)})
    return document("verification", ok=all(row["ok"] for row in rows), models=rows)


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
