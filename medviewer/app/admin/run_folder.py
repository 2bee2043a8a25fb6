"""A run's folder, and the run as its two files tell it: the same before and after a restart of the program.

run.json       what was planned, by whom, with which data (hash), from which weights (hash)
train.toml     the training's whole configuration
events.jsonl   every line that the training process said, and ours between them ("queued", "began", "ended")
owner          which program drives it; of a dead one it counts for nothing
control/       flag files: pause, stop
checkpoint/    where the training goes on; model/: what it made
"""

import contextlib
import dataclasses
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medviewer.app import claims
from medviewer.app.admin.plan_values import parse_plan
from medviewer.app.admin.records import Plan, Run
from medviewer.app.admin.run_story import FINAL, Story
from medviewer.app.documents import plain
from medviewer.core.errors import UserError

SCHEMA = "medviewer.run-folder/1"
FACTS, CONFIG, EVENTS, OWNER, AUDITED = "run.json", "train.toml", "events.jsonl", "owner", "audited"
CONTROL, CHECKPOINT, MODEL = "control", "checkpoint", "model"
PAUSE, STOP = "pause", "stop"
#: Bytes: of run.json, of a line, of all lines that are kept and read. A run of 1000 epochs says some 5 MB.
MOST_FACTS, MOST_LINE, MOST_EVENTS = 1 << 20, 1 << 16, 32 << 20
#: Events that must be on the disk before anybody is told; the others are only written.
SETTLED = frozenset({"data", "base", "epoch", "done", "failed", "ended", "stopped"})


@dataclass(frozen=True)
class RunFacts:
    """What run.json says.

    Attributes:
        dataset_sha256: of the frozen data set; start_sha256: of the weights at the start, "" from scratch.
        model, version: what the finished model will be called.
    """

    id: str
    number: int
    plan: Plan
    started: str
    by: str
    model: str
    version: str
    dataset_sha256: str = ""
    start_sha256: str = ""
    schema: str = SCHEMA


class RunFolder:
    """The folder of one run. Reading is for any thread; `say` is for the one that drives the run."""

    def __init__(self, path: Path, facts: RunFacts) -> None:
        self.path, self.facts = path, facts
        self._written = 0

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def control(self) -> Path:
        return self.path / CONTROL

    @property
    def events(self) -> Path:
        return self.path / EVENTS

    @property
    def stamp(self) -> tuple[int, ...]:
        """What is different when the run may be: sizes and times of its files."""
        found: list[int] = []
        for name in (EVENTS, OWNER, MODEL):
            try:
                status = (self.path / name).stat()
                found += [status.st_mtime_ns, status.st_size]
            except OSError:
                found += [0, 0]
        return tuple(found)

    # -- what was said

    def say(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Write a line at the end, with the time; return it as it was written.

        Raises:
            OSError: a full disk.
        """
        line = plain({"at": round(time.time(), 3), **event})
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        if self._written + len(data) > MOST_EVENTS and event.get("event") not in SETTLED:
            return dict(line)
        with self.events.open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # a program was killed while it wrote: its half line stays one of its own
                    data = b"\n" + data
            file.write(data)
            file.flush()
            if event.get("event") in SETTLED:
                os.fsync(file.fileno())
        self._written = size + len(data)
        return dict(line)

    def said(self, after: int = 0) -> tuple[tuple[dict[str, Any], ...], int]:
        """Return the lines that begin at byte `after` of the events, and the byte to ask from the next time."""
        try:
            with self.events.open("rb") as file:
                file.seek(after)
                data = file.read(MOST_EVENTS).rpartition(b"\n")
        except OSError:
            return (), after
        whole = data[0] + data[1]
        return tuple(_parsed(whole)), after + len(whole)

    def story(self) -> Story:
        """Read what was said so far; lines that are none are left out."""
        story = Story(self.facts.plan)
        for line in self.said()[0]:
            story.add(line)
        return story

    def run(self, story: Story) -> Run:
        """Return the run as it stands."""
        model = self.path / MODEL
        facts = self.facts
        return story.run(
            id_=self.id,
            number=facts.number,
            live=story.state not in FINAL and self.alive,
            model=model if (model / "card.json").is_file() else None,
            started=facts.started,
            by=facts.by,
        )

    # -- whose it is

    @property
    def owner(self) -> str:
        try:
            return (self.path / OWNER).read_text("ascii")[:300]
        except (OSError, ValueError):
            return ""

    @property
    def alive(self) -> bool:
        """Whether a program that lives drives it, this one or another."""
        owner = self.owner
        return bool(owner) and not claims.dead(owner)

    def claim(self, name: str) -> bool:
        """Take the run for the program's worker `name`; False: another one, that lives, has it.

        Hold the lock of the runs meanwhile (`lock.only_one`).
        """
        there = self.owner
        if there and there != name and not claims.dead(there):
            return False
        (self.path / OWNER).write_text(name, "ascii")
        return True

    def leave(self) -> None:
        """Let another program take the run."""
        (self.path / OWNER).unlink(missing_ok=True)

    # -- what the audit has of it

    @property
    def audited(self) -> str:
        try:
            return (self.path / AUDITED).read_text("ascii")[:100]
        except (OSError, ValueError):
            return ""

    def note_audited(self, deed: str) -> None:
        with contextlib.suppress(OSError):
            (self.path / AUDITED).write_text(deed, "ascii")

    # -- flags

    def flag(self, name: str, up: bool) -> None:
        """Put a control flag up or take it down."""
        self.control.mkdir(exist_ok=True)
        path = self.control / name
        if up:
            path.touch()
        else:
            path.unlink(missing_ok=True)

    def flagged(self, name: str) -> bool:
        return (self.control / name).exists()


def make(path: Path, facts: RunFacts, config: str) -> RunFolder:
    """Write a new run into the empty folder `path`, and onto the disk."""
    (path / CONTROL).mkdir()
    text = json.dumps(dataclasses.asdict(facts), indent=2, ensure_ascii=False) + "\n"
    for name, words in ((CONFIG, config), (FACTS, text)):
        with (path / name).open("x", encoding="utf-8") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
    return RunFolder(path, facts)


def read(path: Path) -> RunFolder:
    """Return the run in the folder `path`.

    Raises:
        UserError: `bad_run`.
    """
    try:
        with (path / FACTS).open("rb") as file:
            table = json.loads(file.read(MOST_FACTS))
        facts = RunFacts(**{**table, "plan": parse_plan(table["plan"])})
        if facts.schema != SCHEMA or facts.id != path.name or not isinstance(facts.number, int):
            raise ValueError("schema")
        return RunFolder(path, facts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UserError) as bad:
        raise UserError("bad_run", f"The description of the training run {path.name} cannot be read.") from bad


def run_id(number: int) -> str:
    """Return the id of the run that people call by a number."""
    return f"run-{number:04d}"


def find(root: Path) -> Iterator[Path]:
    """Yield the folders of runs under `root`; links and what is being made or removed are none."""
    try:
        entries = list(root.iterdir())
    except OSError:
        return
    for path in entries:
        if not path.name.startswith(".") and not path.is_symlink() and (path / FACTS).is_file():
            yield path


def _parsed(data: bytes) -> Iterator[dict[str, Any]]:
    for raw in data.splitlines():
        if len(raw) <= MOST_LINE:
            with contextlib.suppress(ValueError, RecursionError):
                line = json.loads(raw)
                if isinstance(line, dict):
                    yield line
