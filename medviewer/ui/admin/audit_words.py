"""Entries of the audit in words: what was done, and what of its details a person wants to read."""

from collections.abc import Mapping
from typing import Any

from medviewer.ui.translation import translate
from medviewer.ui.worklist.words import plain

#: Details that are written out, in this order; the others stay in `medviewer library audit --json`.
_SHOWN = (
    "verdict",
    "answer",
    "label",
    "from",
    "to",
    "read",
    "before",
    "dataset",
    "run",
    "looks",
    "auc",
    "reason",
    "kind",
    "studies",
    "file",
    "entries",
    "problems",
    "ok",
)
#: What is written of opinions alone: what a model said is not told here before a reader has answered.
_OF_OPINIONS = frozenset({"verdict", "answer", "label"})
_ICONS = {
    "study": "image-square",
    "worklist": "list-bullets",
    "opinion": "note-pencil",
    "analysis": "sparkle",
    "dataset": "database",
    "training": "pulse",
    "comparison": "scales",
    "model": "cube",
    "library": "tray",
    "audit": "check-circle",
    "export": "upload-simple",
}


def deed_words(what: str) -> str:
    """Return a deed in words; one that this version does not know stays as it is written."""
    table = {
        "study.opened": translate("Audit", "Study opened"),
        "study.removed": translate("Audit", "Study removed"),
        "worklist.moved": translate("Audit", "Moved in the list"),
        "worklist.assigned": translate("Audit", "Assigned"),
        "worklist.read": translate("Audit", "Marked as read or unread"),
        "worklist.urgency": translate("Audit", "Urgency set"),
        "opinion": translate("Audit", "Opinion given"),
        "opinion.undone": translate("Audit", "Opinion taken back"),
        "analysis": translate("Audit", "Read by a model"),
        "export": translate("Audit", "Worklist exported"),
        "library.backup": translate("Audit", "Library backed up"),
        "library.restored": translate("Audit", "Library restored from a backup"),
        "audit.verified": translate("Audit", "Audit checked"),
        "dataset.frozen": translate("Audit", "Data set frozen"),
        "dataset.removed": translate("Audit", "Data set removed"),
        "training.started": translate("Audit", "Training started"),
        "training.finished": translate("Audit", "Training finished"),
        "training.failed": translate("Audit", "Training failed"),
        "training.stopped": translate("Audit", "Training stopped"),
        "comparison.looked": translate("Audit", "Locked test part looked at"),
        "model.promoted": translate("Audit", "Model promoted"),
        "model.rolled_back": translate("Audit", "Went back to an earlier version"),
        "model.imported": translate("Audit", "Model imported"),
        "model.exported": translate("Audit", "Model exported"),
        "model.removed": translate("Audit", "Model removed"),
    }
    return table.get(what) or plain(what, 80)


def deed_icon(what: str) -> str:
    """Return the icon of a deed."""
    return _ICONS.get(what.partition(".")[0], "info")


def detail_words(what: str, details: Mapping[str, Any]) -> str:
    """Return what a person wants to read of an entry's details, in one line."""
    said = []
    for name in _SHOWN:
        value = details.get(name)
        beside = name == "dataset" and not details.get("model")  # it stands in a column of its own
        if value in (None, "", [], {}) or beside or (name in _OF_OPINIONS and not what.startswith("opinion")):
            continue
        text = _value(value)
        if text:
            said.append(text if name in ("reason", "verdict", "answer", "label") else f"{_name(name)} {text}")
    return plain(", ".join(said))


def _name(name: str) -> str:
    return {
        "from": translate("Audit", "from"),
        "to": translate("Audit", "to"),
        "read": translate("Audit", "read:"),
        "before": translate("Audit", "before:"),
        "dataset": translate("Audit", "data set"),
        "run": translate("Audit", "run"),
        "looks": translate("Audit", "look number"),
        "auc": translate("Audit", "AUC"),
        "kind": translate("Audit", "kind"),
        "studies": translate("Audit", "studies:"),
        "file": translate("Audit", "file"),
        "entries": translate("Audit", "entries:"),
        "problems": translate("Audit", "problems:"),
        "ok": translate("Audit", "whole:"),
    }[name]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return translate("Audit", "yes") if value else translate("Audit", "no")
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        return plain(str(value.get("version") or value.get("name") or ""), 60)
    if isinstance(value, list | tuple):
        return ", ".join(_value(each) for each in value[:4])
    return plain(str(value), 120)
