"""The lists of the worklist: which studies are in them, how many, and what their order depends on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, String, bindparam, func, or_, select, true

from medviewer.library.clock import midnight, stamp
from medviewer.library.keeping import URGENCIES
from medviewer.library.records import AiState, OrderKey
from medviewer.library.searching import CHUNK, chunks, fits
from medviewer.library.tables import search, studies

LISTS = ("unread", "above", "not_evaluated", "failed", "mine", "read_today", "all")
_NEWEST_FIRST = ("read_today", "all")
_KEY = select(
    studies.c.id,
    studies.c.urgency,
    studies.c.received,
    studies.c.ai_positive,
    studies.c.place,
    studies.c.ai_state == AiState.DONE.value,
)


_READER: BindParameter[str] = bindparam("reader", type_=String)
_TODAY: BindParameter[str] = bindparam("today", type_=String)
#: What makes a study be in a list.
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "read_today": studies.c.read_at >= _TODAY,
    "unread": studies.c.unread,
    "above": studies.c.unread & studies.c.ai_positive,
    "not_evaluated": studies.c.unread & (studies.c.ai_state == AiState.NOT_EVALUATED.value),
    "failed": studies.c.unread & (studies.c.ai_state == AiState.FAILED.value),
    "mine": studies.c.unread & (studies.c.assigned_to == _READER) & (studies.c.assigned_to != ""),
}
# Made once: making a query costs more than asking it.
_OF_UNREAD = select(
    func.count(),
    *(func.count().filter(_CONDITIONS[name]) for name in ("above", "not_evaluated", "failed", "mine")),
).where(studies.c.unread)
_READ_TODAY = select(func.count()).select_from(studies).where(_CONDITIONS["read_today"])
_EVERY = select(func.count()).select_from(search)
_MODALITIES = {
    name: select(studies.c.modalities, func.count()).where(condition).group_by(studies.c.modalities)
    for name, condition in _CONDITIONS.items()
}


def _asked(reader: str) -> dict[str, str]:
    """Return what the conditions depend on."""
    return {"reader": reader, "today": stamp(midnight())}


def listed(
    connection: Connection,
    name: str,
    *,
    text: str = "",
    modalities: frozenset[str] = frozenset(),
    reader: str = "",
    most: int | None = None,
) -> list[int]:
    """Return the numbers of the studies in a list: see `Library.list`."""
    query = select(studies.c.id).where(_CONDITIONS[name])
    if modalities:
        find = func.instr if connection.dialect.name == "sqlite" else func.strpos
        query = query.where(or_(*(find(studies.c.modalities, f"\\{m}\\") > 0 for m in sorted(modalities))))
    asked = _asked(reader)
    column = studies.c.read_at if name == "read_today" else studies.c.received
    if name in _NEWEST_FIRST:
        query = query.order_by(column.desc(), studies.c.id.desc())
    else:
        query = query.order_by(column, studies.c.id)
    fitting = fits(connection, text)
    if fitting is None:
        return _numbers(connection, query.limit(most), asked)
    if connection.dialect.name == "sqlite":  # walks along the list and looks into each text
        return _numbers(
            connection, query.join(search, search.c.study_id == studies.c.id).where(fitting).limit(most), asked
        )
    found = set(_numbers(connection, select(search.c.study_id).where(fitting)))  # PostgreSQL would sort a join anew
    if len(found) <= CHUNK:
        query = query.where(studies.c.id.in_(found))
    return [number for number in _numbers(connection, query, asked) if number in found][:most]


def _numbers(connection: Connection, query: Select[Any], asked: dict[str, str] | None = None) -> list[int]:
    """Return the one column of a query; tens of thousands of rows without a Row object for each."""
    result = connection.execute(query, asked)
    return [number for (number,) in result.cursor.fetchall()] if result.cursor is not None else []


def order_keys(connection: Connection, study_ids: Sequence[int] | None = None) -> list[OrderKey]:
    """Return what the order depends on, of all unread studies in order of arrival, or of these."""
    if study_ids is None:
        return _keys(connection, _KEY.where(studies.c.unread).order_by(studies.c.received, studies.c.id))
    wanted = set(study_ids)
    found: list[OrderKey] = []
    if len(wanted) > 1000:  # most of them are in the list
        found = [key for key in order_keys(connection) if key.id in wanted]
        wanted -= {key.id for key in found}
    for some in chunks(sorted(wanted)):
        found += _keys(connection, _KEY.where(studies.c.id.in_(some)))
    return found


def _keys(connection: Connection, query: Select[Any]) -> list[OrderKey]:
    parse, urgencies = datetime.fromisoformat, URGENCIES
    cursor = connection.execute(query).cursor
    rows = cursor.fetchall() if cursor is not None else []
    return [
        OrderKey(number, urgencies[urgency], parse(received), bool(positive), place, bool(done))
        for number, urgency, received, positive, place, done in rows
    ]


def counts(connection: Connection, reader: str = "") -> dict[str, int]:
    """Return how many studies are in each list."""
    asked = _asked(reader)
    of_unread = connection.execute(_OF_UNREAD, asked).one()
    read_today = connection.scalar(_READ_TODAY, asked)
    every = connection.scalar(_EVERY)
    return dict(zip(LISTS, [*of_unread, read_today or 0, every or 0], strict=True))


def modality_counts(connection: Connection, name: str, reader: str = "") -> dict[str, int]:
    """Return how many studies of a list have images of each modality, the most frequent first."""
    found: Counter[str] = Counter()
    for modalities, count in connection.execute(_MODALITIES[name], _asked(reader)):
        for modality in {m for m in modalities.split("\\") if m}:
            found[modality] += count
    return dict(found.most_common())
