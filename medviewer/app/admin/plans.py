"""From a person's plan to the train.toml that decides everything: the same plan gives the same bytes.

A start at a model takes that model's card as it is (intended use, limits, eligibility, input, labels) with one line
more about what was done here. A start from scratch takes a preset's (`models/NAME/train.toml`); what the preset says of
its own data goes where the data set is another one.
"""

import dataclasses
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medviewer.app.admin.records import Plan, Start
from medviewer.app.admin.toml import to_toml
from medviewer.app.home import shipped_models
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.inference.card import Card
from medviewer.inference.folder import ModelFolder

#: Fine-tuning goes gently, and the best epoch may be any.
FINE: dict[str, Any] = {
    "optimiser": "adamw",
    "rate": 3e-4,
    "schedule": "cosine",
    "warmup": 0.1,
    "ema": 0.99,
    "keep": "best",
    "judge_from": 0.0,
}
FINE_EPOCHS, FINE_BATCH = 10, 32
#: What of `engine.train.config.Schedule` a plan decides.
_DECIDED = ("epochs", "batch", "rate", "freeze", "class_weights", "mixup", "patience", "seed", "threads")
ELSEWHERE = "Nothing is known of it beyond the data it was judged on."
_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Base:
    """What a plan starts from.

    Attributes:
        card: the words of the card that no training changes (`[card]` of a train.toml).
        tables: `training`, `augment`, `operating` and what else the start's train.toml has.
        packed: the data that a preset is written for; "" for a model.
        model: the model whose weights it starts with; None from scratch.
    """

    card: dict[str, Any]
    tables: dict[str, dict[str, Any]]
    notes: tuple[str, ...] = ()
    packed: str = ""
    model: ModelFolder | None = None

    @property
    def name(self) -> str:
        return str(self.card["name"])

    @property
    def target(self) -> str:
        return str(self.card["target"])

    @property
    def kind(self) -> str:
        """What kind of data it can be trained with: "films" or "patches"."""
        return "patches" if self.card["task"] == "detection-map" else "films"


# -- what a plan starts from


def presets() -> dict[str, Path]:
    """Return name -> configuration of every model that comes with the program, from its first stage on.

    A model that was trained in stages has start.toml for the first one: its train.toml goes on from that.
    """
    last = sorted(shipped_models().glob("*/train.toml"))
    return {path.parent.name: first if (first := path.with_name("start.toml")).is_file() else path for path in last}


def preset_base(name: str) -> Base:
    """Return what a training from scratch takes from a preset.

    Raises:
        UserError: `no_preset`.
    """
    path = presets().get(name)
    table = _toml(path) if path is not None else {}
    if "card" not in table:
        known = ", ".join(presets()) or "none"
        raise UserError("no_preset", f"There is no preset called {name[:40]}. Presets: {known}.")
    return Base(dict(table["card"]), _tables(table), tuple(table.get("notes", ())), str(table["data"].get("set", "")))


def model_base(model: ModelFolder) -> Base:
    """Return what a training takes from a model: its card, and the settings of its own training where it has them."""
    return Base(card_table(model.card), _tables(_toml(model.path / "train.toml")), (), "", model)


def _tables(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: dict(table[name]) for name in ("training", "augment", "operating") if name in table}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def card_table(card: Card) -> dict[str, Any]:
    """Return a card's words as the `[card]` table: without what only a finished training knows."""
    table = dataclasses.asdict(card)
    for name in ("threshold", "calibration", "metrics", "training", "sha256s", "schema"):
        del table[name]
    table["output"] = {"score_kind": card.output.score_kind}
    table["explain"] = {"layer": card.explain.layer, "baseline": table["explain"]["baseline"]}
    found: dict[str, Any] = _without_none(table)
    return found


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return [_without_none(v) for v in value] if isinstance(value, list | tuple) else value


def start_of(config: Path) -> str:
    """Return NAME@VERSION of the model that a train.toml starts from, "" for none."""
    start = _toml(config).get("start")
    if not isinstance(start, dict):
        return ""
    return f"{start.get('model', '')}@{start.get('version', '')}"


# -- the configuration


def suggested(start: Start, base: Base, dataset: str = "", title: str = "") -> Plan:
    """Return a plan with the start's own settings: a preset's as they are, a model's for gentle fine-tuning."""
    own = base.tables.get("training", {})
    plan = Plan(title, dataset, start)
    if base.model is not None:
        return dataclasses.replace(plan, epochs=FINE_EPOCHS, rate=FINE["rate"], batch=FINE_BATCH)
    known = {name: own[name] for name in _DECIDED if name in own and name != "threads"}
    return dataclasses.replace(plan, **known)


def spare_threads() -> int:
    """Return how many threads a training takes by itself: one core is left to the window."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable - 1)


def config_text(plan: Plan, base: Base, dataset: DataSet, version: str) -> str:
    """Return the text of train.toml for a checked plan on a frozen data set; equal arguments give equal text."""
    card = final_card(base, dataset)
    table: dict[str, Any] = {
        "notes": _notes(base, dataset),
        "card": {"name": card["name"], "version": version} | card | {"version": version},
        "data": {"kind": "frozen", "set": dataset.id, "sha256": dataset.facts.sha256},
    }
    training = dict(base.tables.get("training", {}))
    if base.model is not None:
        parent = base.model
        table["start"] = {
            "kind": "weights",
            "model": parent.name,
            "version": parent.card.version,
            "sha256": parent.sha256,
        }
        training |= FINE
    table["training"] = training | {name: getattr(plan, name) for name in _DECIDED}
    table["augment"] = base.tables.get("augment", {}) | plan.augment
    if "operating" in base.tables:
        table["operating"] = base.tables["operating"]
    return to_toml(table)


def final_card(base: Base, dataset: DataSet) -> dict[str, Any]:
    """Return the words of the card that the finished model will have, but for its version."""
    if base.model is not None:
        return base.card | {"limits": [*base.card["limits"], _tuned_line(dataset, base.model.card)]}
    return dict(base.card) if _is_packed(base, dataset) else _of_this_site(base.card, dataset)


def _is_packed(base: Base, dataset: DataSet) -> bool:
    """Say whether a data set was made of the packed pictures that a preset is written for: all it says holds."""
    return bool(base.packed) and dataset.facts.source.get("set") == base.packed


def _notes(base: Base, dataset: DataSet) -> list[str]:
    if base.model is not None:
        parent = base.model.card
        return [f"What was done about shortcuts before: see the card of {parent.name} {parent.version}."]
    return list(base.notes) if _is_packed(base, dataset) else []


def _counts(dataset: DataSet) -> str:
    fit = dataset.counts()["fit"]
    return (
        f"{fit['images']} pictures ({fit['positives']} with “{dataset.facts.target}”) of {fit['patients']} patients, "
        f"data set {dataset.id} (sha256 {dataset.facts.sha256[:12]})"
    )


def _tuned_line(dataset: DataSet, parent: Card) -> str:
    return f"Fine-tuned here on {_counts(dataset)}, starting from {parent.name} {parent.version}. {ELSEWHERE}"


def _of_this_site(card: Mapping[str, Any], dataset: DataSet) -> dict[str, Any]:
    """Return a preset's card for other data: what it says of its own data's limits and credits would be untrue."""
    target = dataset.facts.target
    changed: dict[str, Any] = {
        "limits": [
            f"Trained here from scratch on {_counts(dataset)}. {ELSEWHERE}",
            "It knows no “neither”: a picture of something else gets an answer too.",
            "The heatmap shows what moved this number. It does not outline the disease.",
        ],
        "licence": "Of this site: the licence of the data set decides.",
        "credits": [],
        "intended_use": (
            f"Says how much a picture looks like the pictures with “{target}” of one data set of this site, so that a "
            "reader can look at such pictures first. Not tested clinically, not for diagnosis."
        ),
    }
    if not same_target(target, card):
        word, title = plain_word(target), target[:1].upper() + target[1:120]
        changed |= {
            "name": f"{card['name']}-{word}"[:64],
            "title": title,
            "target": word,
            "labels": [{"name": word, "title": title}],
        }
    return dict(card) | changed


def plain_word(text: str) -> str:
    """Return a name's plain word (a-z, 0-9, dash); "finding" where nothing is left of it."""
    return _WORD.sub("-", text.lower()).strip("-")[:24] or "finding"


def same_target(target: str, card: Mapping[str, Any]) -> bool:
    """Say whether a data set's target is what a card looks for, by the label's name or its title."""
    names = {card["target"]}
    for label in card["labels"]:
        if label["name"] == card["target"]:
            names.add(label.get("title") or label["name"])
    return plain_word(target) in {plain_word(str(name)) for name in names}
