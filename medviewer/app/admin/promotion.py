"""Putting a model's folder among the installed ones: copied beside its place, checked, then renamed; never half there.

A promoted copy says why it was promoted: `promotion.json` and a section of its README, both in its SHA256SUMS.
"""

import dataclasses
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from medviewer.app.admin.in_use import PROMOTION, beside, settle, trouble
from medviewer.app.admin.records import CompareRow, Comparison, Gate
from medviewer.app.documents import plain
from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.card import Card, card_json, read_card
from medviewer.inference.folder import ModelFolder

#: How a gate stood, in records.
STANDS = {True: "passed", False: "failed", None: "cannot tell"}
Finish = Callable[[Path], object]


def install(model: ModelFolder, models: Path, finish: Finish = lambda _: None) -> ModelFolder:
    """Copy a model's folder to models/NAME-VERSION; `finish` may write further files into the copy before it counts.

    Raises:
        UserError: `exists`: another model has that name and version; `hash_mismatch`: a file is not as it was made;
            `no_space`, `not_permitted`, `models_disk`: nothing is left behind.
    """
    place = models / f"{model.name}-{model.card.version}"
    if place.exists():
        return _already(place, model)
    part = place.with_name(place.name + folder.IN_THE_MAKING)
    try:
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)  # of a program that was killed
        _copy(model.path, part)
        finish(part)
        made = folder.load(part)
        if (made.name, made.card.version, made.sha256) != (model.name, model.card.version, model.sha256):
            raise UserError("hash_mismatch", f"The model {model.name} changed while it was copied. Try again.")
        verify(made)
        _settle_all(part)
        part.rename(place)
        settle(models)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise trouble(error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder.load(place)


def remove(model: ModelFolder) -> None:
    """Remove an installed folder: it is there whole or not at all.

    Raises:
        UserError: `no_space`, `not_permitted`, `models_disk`.
    """
    gone = model.path.with_name(f"{model.path.name}.removed{folder.IN_THE_MAKING}")
    try:
        model.path.rename(gone)
        beside(model.path).unlink(missing_ok=True)
    except OSError as error:
        raise trouble(error) from error
    shutil.rmtree(gone, ignore_errors=True)


def sweep(models: Path) -> None:
    """Remove what killed programs left half-made (hold the lock: nobody else is making anything)."""
    for part in models.glob(f"*{folder.IN_THE_MAKING}"):
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part, ignore_errors=True)


def verify(model: ModelFolder) -> None:
    """Refuse a folder whose files are not as they were made.

    Raises:
        UserError: `hash_mismatch`.
    """
    problems = folder.verify(model)
    if problems:
        raise UserError(
            "hash_mismatch", f"{model.name} {model.card.version} cannot be used: {problems[0]}", " ".join(problems)
        )


def _already(place: Path, model: ModelFolder) -> ModelFolder:
    there = folder.load(place)
    if there.sha256 != model.sha256:
        raise UserError("exists", f"Another model is installed as {model.name} {model.card.version}.")
    verify(there)
    return there


def _copy(source: Path, to: Path) -> None:
    """Copy plain files, folder by folder; links and whatever else stands there were refused by `folder.verify`."""
    to.mkdir(mode=0o700)
    for entry in sorted(source.iterdir()):
        if entry.is_symlink():
            raise UserError("hash_mismatch", "The model's folder holds a link; it was not copied.")
        if entry.is_dir():
            _copy(entry, to / entry.name)
        else:
            shutil.copyfile(entry, to / entry.name)


def _settle_all(part: Path) -> None:
    for path in sorted(part.rglob("*")):
        if path.is_dir():
            settle(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    settle(part)


def write_promotion(
    part: Path, comparison: Comparison, gates: Sequence[Gate], by: str, at: str, reason: str, runs: Path
) -> None:
    """Let the card and the README of a copy say where the model comes from and why it is promoted; renew the hashes."""
    card = _with_origin(read_card(part / folder.CARD), comparison, runs)
    (part / folder.CARD).write_text(card_json(card), "utf-8")
    said = {
        "schema": "medviewer.promotion/1",
        "model": comparison.model,
        "version": comparison.challenger,
        "sha256": card.weights_sha256,
        "instead_of": {"version": comparison.champion, "sha256": comparison.champion_sha256},
        "at": at,
        "by": by,
        "reason": reason,
        "run": comparison.run,
        "gates": [dataclasses.asdict(gate) for gate in gates],
        "comparison": {k: v for k, v in dataclasses.asdict(comparison).items() if k not in ("flips", "gates")},
    }
    (part / PROMOTION).write_text(json.dumps(plain(said), indent=2, ensure_ascii=False) + "\n", "utf-8")
    readme = part / "README.md"
    before = readme.read_text("utf-8").rstrip() + "\n\n" if readme.is_file() else f"# {card.title}\n\n"
    readme.write_text(before + readme_section(comparison, gates, by, at, reason), "utf-8")
    folder.write_sums(part)


def _with_origin(card: Card, comparison: Comparison, runs: Path) -> Card:
    """Return the card with its run, and with the model that the run started from, where it does not say so yet."""
    training = card.training
    if comparison.run and not training.job:
        training = dataclasses.replace(training, job=comparison.run)
    if comparison.run and not training.parent_sha256:
        training = dataclasses.replace(training, parent_sha256=_start_of(runs / comparison.run / "train.toml"))
    return dataclasses.replace(card, training=training)


def _start_of(config: Path) -> str:
    try:
        start = tomllib.loads(config.read_text("utf-8")).get("start", {})
        found = start.get("sha256", "") if isinstance(start, dict) else ""
    except (OSError, ValueError):
        return ""
    return found if isinstance(found, str) else ""


def readme_section(c: Comparison, gates: Sequence[Gate], by: str, at: str, reason: str) -> str:
    """Return the README's part on a promotion."""
    lines = [
        "## Promoted",
        "",
        f"On {at} by {by}, in place of {c.champion}: {' '.join(reason.split())}",
        "",
        f"Compared on the locked part of data set {c.dataset} ({c.n} images of {c.patients} patients, {c.positives} "
        f"with the finding), which had been looked at {c.looks} times before. 95 % intervals; differences are paired.",
        "",
        f"| measure | {c.champion} | {c.challenger} | difference | |",
        "|---|---|---|---|---|",
        *(_line(row) for row in c.rows),
        "",
        *(f"- {STANDS[gate.ok]}: {gate.text}" for gate in gates),
        "",
    ]
    return "\n".join(lines)


def _line(row: CompareRow) -> str:
    name = f"{row.measure} ({row.group}, n {row.n})" if row.group else row.measure
    cells = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (row.champion, row.challenger, row.difference))
    return f"| {name} | {' | '.join(cells)} | {row.word} |"


def record(gates: Sequence[Gate]) -> dict[str, Any]:
    """Return gates as they are kept with an act: name -> how it stood."""
    return {gate.name: STANDS[gate.ok] for gate in gates}
