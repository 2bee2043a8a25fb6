"""Which version of each model is in use: an append-only list of acts in `models/in-use.json` (`medviewer.in_use/1`).

The file is written whole (`.part`, fsync, rename): that rename is the moment at which an act holds. What is in use
follows from the acts alone:

- the last act of a model names its version (and the hash of its weights), also when the program brings a newer one;
- without an act it is the version that the program brings; for a model that the program does not bring, the newest
  folder that somebody laid into the user's models by hand (what was imported or promoted is never used by itself);
- a version that is gone is not guessed: the shipped one is used and a sentence says so.
"""

import dataclasses
import json
import logging
import os
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medviewer.core.errors import UserError
from medviewer.inference import strict
from medviewer.inference.folder import ModelFolder
from medviewer.inference.strict import need

log = logging.getLogger(__name__)

SCHEMA, FILE, LOCK = "medviewer.in_use/1", "in-use.json", ".in-use.lock"
#: Among a promoted model's files: why it was promoted; beside an imported model's folder: that it came from outside.
#: Such a folder is never used without an act.
PROMOTION, IMPORTED = "promotion.json", ".imported"
PROMOTE, ROLL_BACK, IMPORT = "promote", "roll_back", "import"
MOST_BYTES, MOST_ACTS, MOST_REASON = 64 << 20, 100_000, 2000
DAMAGED = (
    "The record of which models are in use is damaged and was kept as it is: the shipped versions are used until "
    "somebody promotes again."
)
GONE = "{title}: version {chosen}, which was in use, is gone or was changed. {used}"


@dataclass(frozen=True)
class Named:
    """A version of a model as an act names it."""

    version: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Act:
    """One deed. "import" only says that a version came from outside; it does not change what is in use.

    Attributes:
        before: what was in use before.
        gates: how each condition of promotion stood: name -> "passed", "failed" or "cannot tell".
    """

    id: str
    at: str
    who: str
    kind: str
    model: str
    version: str
    sha256: str
    before: Named = Named()
    reason: str = ""
    comparison: str = ""
    gates: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        need(self.kind in (PROMOTE, ROLL_BACK, IMPORT), "there is no such act")
        need(bool(self.id and self.model and self.version and self.sha256), "an act names its model and version")


@dataclass(frozen=True)
class Record:
    """What the file says; `problem`: why it could not be read, "" if it could."""

    acts: tuple[Act, ...] = ()
    problem: str = ""


def read(folder: Path) -> Record:
    """Return the acts in the models folder; a damaged file gives none, and its sentence."""
    try:
        with (folder / FILE).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return Record()
    except OSError as error:
        log.error("the record of models in use cannot be read: %s", type(error).__name__)
        return Record(problem=DAMAGED)
    try:
        need(len(data) <= MOST_BYTES, "it is too large")
        value = strict.loads(data)
        need(isinstance(value, dict) and value.get("schema") == SCHEMA, "it is none")
        acts = value["acts"]
        need(isinstance(acts, list) and len(acts) <= MOST_ACTS, "its acts are no list")
        return Record(tuple(strict.read(Act, act, "act") for act in acts))
    except (ValueError, KeyError, RecursionError) as error:
        log.error("the record of models in use is damaged: %s", type(error).__name__)
        return Record(problem=DAMAGED)


def stamp_of(folder: Path) -> tuple[int, ...]:
    """Return what changes when the file or the list of model folders does; a few microseconds."""
    found: list[int] = []
    for path in (folder / FILE, folder):
        try:
            state = path.stat()
        except OSError:
            found += (0, 0, 0)
        else:
            found += (state.st_mtime_ns, state.st_size if path is not folder else 0, state.st_ino)
    return tuple(found)


def append(folder: Path, act: Act) -> None:
    """Add one act (hold the lock!): it holds when this returns. A damaged file is kept beside the new one.

    Raises:
        UserError: `no_space`, `not_permitted`: nothing has changed.
    """
    record = read(folder)
    path = folder / FILE
    part = folder / f"{FILE}.part"
    text = json.dumps({"schema": SCHEMA, "acts": [*map(dataclasses.asdict, record.acts), dataclasses.asdict(act)]})
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if record.problem:
            aside = folder / f"in-use.damaged-{uuid.uuid4().hex[:8]}.json"
            os.link(path, aside) if os.name == "posix" else path.replace(aside)
        part.replace(path)
        settle(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise trouble(error) from error


def trouble(error: OSError) -> UserError:
    """Return what a person must know of a disk that does not take a model."""
    if error.errno in (28, 122):  # full, or over the quota
        return UserError("no_space", "The disk is full: nothing was changed. Free some space and try again.")
    if isinstance(error, PermissionError) or error.errno == 30:
        return UserError("not_permitted", "The folder of the models does not allow writing; nothing was changed.")
    return UserError("models_disk", "The disk of the models reports an error; nothing was changed. Try again.")


def settle(folder: Path) -> None:
    """Wait until a folder's list of names is on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def new_act(kind: str, who: str, model: ModelFolder, before: ModelFolder | None, **more: Any) -> Act:
    """Return an act of now."""
    was = Named(before.card.version, before.sha256) if before is not None else Named()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Act(uuid.uuid4().hex, at, who, kind, model.name, model.card.version, model.sha256, was, **more)


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return what versions are sorted by: numbers as numbers ("1.10.0" after "1.9.0"), a longer one after a shorter."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    return tuple((1, int(p), "") if p.isdigit() else (0, 0, p) for p in parts)


def choose(
    shipped: Sequence[ModelFolder], own: Sequence[ModelFolder], acts: Sequence[Act]
) -> tuple[dict[str, ModelFolder], tuple[str, ...]]:
    """Return model name -> the version in use, and sentences on versions that are gone."""
    by_name: dict[str, ModelFolder] = {}
    for model in sorted(filter(_laid_by_hand, own), key=_age):
        by_name[model.name] = model
    for model in sorted(shipped, key=_age):
        by_name[model.name] = model
    known = {(m.name, m.card.version, m.sha256): m for m in (*shipped, *own)}
    problems = []
    for name, act in _last(acts).items():
        chosen = known.get((name, act.version, act.sha256))
        if chosen is not None:
            by_name[name] = chosen
        else:
            used = by_name.get(name)
            words = f"Version {used.card.version} is used." if used else "No version of it is here."
            title = used.card.title if used else name
            problems.append(GONE.format(title=title, chosen=act.version, used=words))
    return by_name, tuple(problems)


def _age(model: ModelFolder) -> tuple[tuple[int, int, str], ...]:
    return version_key(model.card.version)


def _laid_by_hand(model: ModelFolder) -> bool:
    return not (model.path / PROMOTION).exists() and not beside(model.path).exists()


def beside(place: Path) -> Path:
    """Return the note beside a model folder that says that it was imported."""
    return place.with_name(place.name + IMPORTED)


def _last(acts: Iterable[Act]) -> Mapping[str, Act]:
    return {act.model: act for act in acts if act.kind != IMPORT}


def earlier(acts: Iterable[Act], model: str) -> tuple[Named, ...]:
    """Return the versions to which a model can go back, the last one first.

    Promotions pile up; going back takes from the pile what lies above, so that going back twice goes back two steps.
    """
    pile: list[Named] = []
    for act in acts:
        if act.model != model or act.kind == IMPORT:
            continue
        now = Named(act.version, act.sha256)
        if not pile and act.before.version:
            pile.append(act.before)
        if act.kind == ROLL_BACK and now in pile:
            del pile[pile.index(now) + 1 :]
        else:
            pile.append(now)
    return tuple(reversed(pile[:-1]))
