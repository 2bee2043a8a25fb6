"""What readers do to the worklist: each deed changes one study, enters the audit, and returns what was there before."""

from typing import Any

from sqlalchemy import Connection, Row, select, update

from medviewer.library import audit
from medviewer.library.clock import now, stamp
from medviewer.library.keeping import URGENCIES
from medviewer.library.records import Urgency
from medviewer.library.tables import studies
from medviewer.library.texts import clean
from medviewer.library.troubles import trouble


def _study(connection: Connection, study_id: int) -> Row[Any]:
    row = connection.execute(select(studies).where(studies.c.id == study_id)).first()
    if row is None:
        raise trouble("no_study")
    return row


def _set(connection: Connection, study_id: int, **values: Any) -> None:
    connection.execute(update(studies).where(studies.c.id == study_id).values(values))


def place(connection: Connection, study_id: int, to: int | None, who: str) -> int | None:
    """Put a study at a place of the list by hand, or (None) let the rule put it."""
    before: int | None = _study(connection, study_id).place
    _set(connection, study_id, place=to, placed_by=clean(who) if to is not None else "")
    audit.append(connection, who, "worklist.moved", study_id, {"from": before, "to": to})
    return before


def assign(connection: Connection, study_id: int, reader: str, who: str) -> str:
    """Give a study to a reader; "" to nobody."""
    before: str = _study(connection, study_id).assigned_to
    _set(connection, study_id, assigned_to=clean(reader, 200))
    audit.append(connection, who, "worklist.assigned", study_id, {"from": before, "to": clean(reader, 200)})
    return before


def mark_read(connection: Connection, study_id: int, read: bool, who: str) -> bool:
    """Mark a study as read, or as unread; what already is keeps its time and reader."""
    row = _study(connection, study_id)
    before = row.read_at is not None
    if read != before:
        at, by = (stamp(now()), clean(who)) if read else (None, "")
        _set(connection, study_id, read_at=at, read_by=by, unread=row.listed and not read)
        audit.append(connection, who, "worklist.read", study_id, {"read": read})
    return before


def set_urgency(connection: Connection, study_id: int, urgency: Urgency, who: str) -> Urgency:
    """Say how urgent a study is."""
    before: Urgency = URGENCIES[_study(connection, study_id).urgency]
    _set(connection, study_id, urgency=URGENCIES.index(Urgency(urgency)))
    details = {"from": before.value, "to": Urgency(urgency).value}
    audit.append(connection, who, "worklist.urgency", study_id, details)
    return before
