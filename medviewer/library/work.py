"""Work that waits, so that it is done also after a kill: one job a study, claimed by one program at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from medviewer.library.readings import set_state
from medviewer.library.records import AiState, Kept, WorkRecord
from medviewer.library.searching import chunks
from medviewer.library.tables import jobs, studies
from medviewer.library.texts import clean

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_THERE = select(studies.c.id).where(studies.c.id.in_(_IDS))
_KNOWN = select(jobs).where(jobs.c.study_id.in_(_IDS))
_TAKEN = select(jobs).where(jobs.c.id.in_(_IDS)).order_by(jobs.c.id)
_AGAIN = select(jobs.c.study_id).where(jobs.c.study_id.in_(_IDS), jobs.c.again)
_DONE = delete(jobs).where(jobs.c.study_id.in_(_IDS), ~jobs.c.again)
_READ = select(studies.c.id).where(
    studies.c.id.in_(_IDS),
    studies.c.ai_state.in_((AiState.DONE.value, AiState.NOT_EVALUATED.value)),
    (studies.c.ai_content == studies.c.content) | (studies.c.ai_content == ""),
)


def put_up(connection: Connection, kept: Sequence[Kept]) -> list[Kept]:
    """Let those of `kept` wait whose present content no model has read or refused; they are told by `waits`."""
    read: set[int] = set()
    for some in chunks(k.study_id for k in kept if not k.added):
        read.update(connection.scalars(_READ, {"ids": some}))
    found = [replace(k, waits=k.study_id not in read) for k in kept]
    add(connection, [WorkRecord(k.study_id, k.content) for k in found if k.waits])
    return found


def add(connection: Connection, work: Sequence[WorkRecord]) -> None:
    """Let studies wait to be read. What is being read now with other content is read again afterwards."""
    latest = {one.study_id: one for one in work}
    for some in chunks(latest):
        there = set(connection.scalars(_THERE, {"ids": some}))
        known = {row.study_id: row for row in connection.execute(_KNOWN, {"ids": some})}
        new = [{"study_id": n, **_asked(latest[n]), "owner": ""} for n in some if n in there and n not in known]
        if new:
            connection.execute(insert(jobs), new)
        for number, row in known.items():
            asked = _asked(latest[number])
            if (row.content, row.confirmed) != (asked["content"], asked["confirmed"]):
                values = {**asked, "again": row.owner != ""}
                connection.execute(update(jobs).where(jobs.c.id == row.id).values(values))
        set_state(connection, [n for n in some if n not in known or not known[n].owner], AiState.WAITING, "", 0, 0)


def _asked(one: WorkRecord) -> dict[str, Any]:
    return {"content": clean(one.content, 64), "confirmed": one.confirmed, "again": False}


def take(connection: Connection, owner: str, most: int) -> list[WorkRecord]:
    """Claim the work that has waited longest."""
    oldest = select(jobs.c.id).where(jobs.c.owner == "").order_by(jobs.c.id).limit(most)
    ids = connection.scalars(oldest).all()
    if not ids:
        return []
    values = {"owner": clean(owner, 200), "attempts": jobs.c.attempts + 1}
    connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(values))
    rows = connection.execute(_TAKEN, {"ids": ids}).all()
    return [WorkRecord(row.study_id, row.content, row.attempts, row.confirmed, row.id) for row in rows]


def done(connection: Connection, study_ids: Iterable[int]) -> None:
    """Forget work that is done; what has to be read again waits once more."""
    for some in chunks(study_ids):
        again = connection.scalars(_AGAIN, {"ids": some}).all()
        connection.execute(_DONE, {"ids": some})
        if again:
            back = {"owner": "", "again": False, "attempts": 0}
            connection.execute(update(jobs).where(jobs.c.study_id.in_(again)).values(back))
            set_state(connection, again, AiState.WAITING, "", 0, 0)


def give_back(connection: Connection, study_ids: Iterable[int]) -> int:
    """Let claimed work wait again."""
    count = 0
    for some in chunks(study_ids):
        held = connection.scalars(select(jobs.c.study_id).where(jobs.c.study_id.in_(some), jobs.c.owner != "")).all()
        if held:
            connection.execute(update(jobs).where(jobs.c.study_id.in_(held)).values(owner="", again=False))
            set_state(connection, held, AiState.WAITING, "", 0, 0)
            count += len(held)
    return count


def free(connection: Connection) -> list[int]:
    """Return one number of work that nobody has claimed, if there is any."""
    return list(connection.scalars(select(jobs.c.id).where(jobs.c.owner == "").limit(1)))


def claimed(connection: Connection) -> list[str]:
    """Return who has claimed work."""
    return list(connection.scalars(select(jobs.c.owner).where(jobs.c.owner != "").distinct()))


def give_back_of(connection: Connection, dead: Callable[[str], bool]) -> int:
    """Let work wait again whose owner is dead; return how much."""
    gone = [owner for owner in claimed(connection) if dead(owner)]
    if not gone:
        return 0
    return give_back(connection, connection.scalars(select(jobs.c.study_id).where(jobs.c.owner.in_(gone))).all())


def waiting(connection: Connection) -> int:
    """Return how much work is not done yet, that in hand included."""
    return connection.scalar(select(func.count()).select_from(jobs)) or 0
