"""The audit: who did what and when, and a check that finds entries that were changed, removed, moved or put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from medviewer.library.audit_anchor import read_anchor, remember, restore_over
from medviewer.library.audit_chain import FIELDS, RESTORED, Head, append, append_all, entries, fits, head, to_entry
from medviewer.library.records import AuditEntry
from medviewer.library.tables import audit

__all__ = ["Problem", "Verification", "append", "append_all", "entries", "head", "remember", "verify"]

#: Problems that are listed one by one.
MOST = 100
LIMITS = (
    "It cannot find that somebody who may write the database made the whole chain anew, with its head, if no "
    "workstation kept its anchor; keep backups where that person cannot write.",
    "It cannot find deeds that were never entered: what another program did to the database or to the files.",
    "The times are those of each workstation's clock; a wrong clock writes wrong times.",
)
NO_ANCHOR = (
    "This workstation has no anchor yet: it cannot find entries that were removed at the end together with the head."
)
BAD_ANCHOR = "The anchor of this workstation cannot be read: the chain was checked without it."


@dataclass(frozen=True)
class Problem:
    """Something that does not fit.

    Attributes:
        seq: of the entry where it shows; 0 for the chain as a whole.
        kind: "changed", "missing", "moved", "order", "unreadable", "head", "anchor" or "more".
    """

    seq: int
    kind: str
    sentence: str


@dataclass(frozen=True)
class Verification:
    """What the check of the chain found.

    Attributes:
        notes: what is no fault and should be known: restores of a backup.
        limits: what this check cannot find, in sentences.
    """

    ok: bool
    entries: int
    problems: tuple[Problem, ...] = ()
    limits: tuple[str, ...] = LIMITS
    notes: tuple[str, ...] = ()


def verify(connection: Connection, anchor: Path | None = None) -> Verification:
    """Walk the whole chain and compare it with its head and with this workstation's anchor; changes nothing."""
    limits: tuple[str, ...] = LIMITS
    seen: Head | None = None
    try:  # first of all: what is written meanwhile must not be in the anchor but not in this snapshot
        seen = read_anchor(connection, anchor) if anchor else None
        limits = LIMITS if seen else (*LIMITS, NO_ANCHOR)
    except (OSError, ValueError):
        limits = (*LIMITS, BAD_ANCHOR)
    walk = _Walk()
    try:
        with connection.execute(select(*FIELDS).order_by(audit.c.seq).execution_options(yield_per=2000)) as rows:
            for row in rows:
                walk.take(row)
        walk.name_moved(connection)
        walk.compare_head(head(connection))
        walk.compare_anchor(connection, seen)
    except DBAPIError:  # bytes that are no text, a damaged page
        walk.say(walk.at.seq + 1, "unreadable", f"Nothing after entry {walk.at.seq} can be read.")
    return Verification(not walk.found, walk.entries, walk.problems(), limits, tuple(walk.notes))


class _Walk:
    """One walk along the chain: `at` is the last entry, as it stands there."""

    def __init__(self) -> None:
        self.at, self.entries, self.found = Head(), 0, 0
        self.notes: list[str] = []
        self._problems: list[Problem] = []
        self._changed: list[tuple[Any, ...]] = []

    def say(self, seq: int, kind: str, sentence: str) -> None:
        """Count a problem; the first ones are kept."""
        self.found += 1
        if len(self._problems) < MOST:
            self._problems.append(Problem(seq, kind, sentence))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found, first things first."""
        found = sorted(self._problems, key=lambda problem: problem.seq)
        if self.found > MOST:
            found.append(Problem(0, "more", f"{self.found - MOST} more entries do not fit."))
        return tuple(found)

    def take(self, row: Sequence[Any]) -> None:
        """Look at the next entry."""
        entry, kept = row[:-1], row[-1]
        seq, before = entry[0], entry[-1]
        self.entries += 1
        if seq != self.at.seq + 1:
            self.say(seq, "missing", _gap(self.at.seq + 1, seq - 1))
        elif before != self.at.hash:
            since = f"entry {self.at.seq}" if self.at.seq else "the beginning"
            self.say(
                seq, "order", f"Entry {seq} does not follow {since}: one was changed, removed, put in or moved there."
            )
        if not fits(entry, kept):
            self._changed.append(tuple(row))
            if len(self._changed) > MOST:
                self.found += 1
        elif entry[3] == RESTORED:
            self.notes.append(_restore_note(to_entry(row)))
        self.at = Head(seq, kept)

    def name_moved(self, connection: Connection) -> None:
        """Say of each entry that is not as it was written whether it is another entry of the chain, moved."""
        for row in self._changed[:MOST]:
            entry, kept = row[:-1], row[-1]
            after = connection.scalar(select(audit.c.seq).where(audit.c.before == kept).limit(1)) if kept else None
            if after is not None and fits([after - 1, *entry[1:]], kept):
                self.say(
                    entry[0], "moved", f"Entry {entry[0]} was written as entry {after - 1}: it was moved or copied."
                )
            else:
                self.say(entry[0], "changed", f"Entry {entry[0]} is not as it was written.")

    def compare_head(self, named: Head) -> None:
        if named.seq > self.at.seq:
            self.say(named.seq, "missing", _gap(self.at.seq + 1, named.seq) + " The head of the chain names them.")
        elif named != self.at:
            self.say(
                self.at.seq, "head", f"The head of the chain names entry {named.seq}, the last one is {self.at.seq}."
            )

    def compare_anchor(self, connection: Connection, seen: Head | None) -> None:
        if seen is None or connection.scalar(select(audit.c.hash).where(audit.c.seq == seen.seq)) == seen.hash:
            return
        if (restored := restore_over(connection, seen)) is not None:
            self.notes.append(
                f"This workstation last saw entry {seen.seq} of the chain that entry {restored.seq} put aside; "
                f"the file that was kept then holds it."
            )
            return
        self.say(
            seen.seq,
            "anchor",
            f"This workstation saw an entry {seen.seq} that is gone or another one now: "
            f"the chain was cut or made anew after that.",
        )


def _gap(first: int, last: int) -> str:
    if last < first:
        return f"Entry {last + 1} is out of order."
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."


def _restore_note(entry: AuditEntry) -> str:
    backup, kept, before = (entry.details.get(name) for name in ("backup", "kept", "head"))
    came_to = before.get("seq") if isinstance(before, dict) else None
    which = "another chain, now put aside," if entry.details.get("chain") == "replaced" else "this chain"
    return (
        f"Entry {entry.seq}: on {entry.at[:10]} the library was restored from {backup}. Before that, {which} had come "
        f"to entry {came_to}; {kept} holds the state before."
    )
