"""The chain of the audit: each entry carries the hash of the one before it and a hash over all of itself."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from medviewer.library.clock import now, stamp
from medviewer.library.records import AuditEntry
from medviewer.library.tables import audit, audit_head

RESTORED = "library.restored"

#: Held on PostgreSQL until the end of the transaction; two programs would branch the chain without it.
_LOCK = 0x6D65_6476_6175_6474
FIELDS = (
    audit.c.seq,
    audit.c.at,
    audit.c.who,
    audit.c.what,
    audit.c.study_id,
    audit.c.details,
    audit.c.before,
    audit.c.hash,
)


@dataclass(frozen=True)
class Head:
    """The newest entry: its number and hash; 0 and "" before the first."""

    seq: int = 0
    hash: str = ""


def append(
    connection: Connection, who: str, what: str, study_id: int | None = None, details: dict[str, Any] | None = None
) -> AuditEntry:
    """Put one entry at the end of the chain, in the caller's write transaction.

    Args:
        connection: in a write transaction (on PostgreSQL READ COMMITTED, so that it sees the newest entry).
        who: name of the reader, or what acts by itself.
        what: the deed, such as "study.opened".
        study_id: of the study it is about.
        details: JSON values; no names, ids or birth dates of patients.
    """
    (values,) = _put(connection, who, what, [(study_id, details or {})])
    return to_entry(values.values())


def append_all(connection: Connection, who: str, what: str, about: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Put one entry for each (study, details) at the end of the chain, as `append` does it one by one."""
    if about:
        _put(connection, who, what, about)


def _put(
    connection: Connection, who: str, what: str, about: Sequence[tuple[int | None, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Write entries and move the head behind the last of them."""
    lock(connection)
    # Where head and chain do not fit, somebody was here: the entry follows the head, and the check finds the break.
    at, last = head(connection), connection.scalar(_LAST) or 0
    seq, before, rows = max(at.seq, last), at.hash, list[dict[str, Any]]()
    who, what, moment = storable(who), storable(what), stamp(now())
    for study_id, details in about:
        seq += 1
        entry = (seq, moment, who, what, study_id, canonical(details), before)
        before = hash_of(entry)
        rows.append(dict(zip(_NAMES, (*entry, before), strict=True)))
    connection.execute(_INSERT, rows)
    new = {"seq": seq, "hash": before}
    if not connection.execute(_MOVE, new).rowcount:
        connection.execute(_BEGIN, new)
    return rows


_NAMES = tuple(column.name for column in FIELDS)
_HEAD = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1)
_LAST = select(func.max(audit.c.seq))
_INSERT = insert(audit)
_MOVE = update(audit_head).where(audit_head.c.id == 1)
_BEGIN = insert(audit_head).values(id=1)


def lock(connection: Connection) -> None:
    """Wait until no other program writes into the chain; on SQLite a write transaction alone does that."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def head(connection: Connection) -> Head:
    """Return the newest entry's number and hash, as the row beside the chain has them."""
    row = connection.execute(_HEAD).one_or_none()
    return Head(row.seq, row.hash) if row and type(row.seq) is int and type(row.hash) is str else Head()


def entries(connection: Connection, *, since: int = 0, most: int = 1000) -> tuple[AuditEntry, ...]:
    """Return the newest `most` entries after number `since`, oldest first."""
    newest = select(*FIELDS).where(audit.c.seq > since).order_by(audit.c.seq.desc()).limit(most)
    return tuple(to_entry(row) for row in reversed(connection.execute(newest).all()))


def fits(entry: Sequence[Any], kept: Any) -> bool:
    try:
        return bool(hash_of(entry) == kept)
    except (TypeError, ValueError):  # a value of a kind that was never written
        return False


def hash_of(entry: Sequence[Any]) -> str:
    """Return the hash over seq, at, who, what, study_id, details (as stored) and before."""
    return hashlib.sha256(canonical(list(entry)).encode("ascii")).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def storable(value: str) -> str:
    """Return text as every database keeps it unchanged."""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")[:200]


def to_entry(row: Iterable[Any]) -> AuditEntry:
    seq, at, who, what, study_id, details, before, kept = row
    try:
        known = json.loads(details)
    except (TypeError, ValueError, RecursionError):
        known = {}
    return AuditEntry(seq, at, who, what, study_id, known if isinstance(known, dict) else {}, before, kept)
