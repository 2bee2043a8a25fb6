"""Restoring a backup: the present state is kept in a file, then all rows are replaced in one transaction or none."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Table, delete, func, insert, select, text, update

from medviewer.library import audit, foreign, tables
from medviewer.library.audit_chain import RESTORED, Head, head
from medviewer.library.backup import Tell, raise_numbers, rows_tables, silent, write_copy
from medviewer.library.clock import now
from medviewer.library.database import Database
from medviewer.library.parts import free_name, making, sweep, workshop
from medviewer.library.records import AiState


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes:
        studies, opinions: how many there are now.
        kept_as: the file with the state before.
        chain: of the audit: "kept" (it went on: it holds all that the backup's holds) or "replaced".
    """

    studies: int
    opinions: int
    kept_as: Path
    chain: str


def restore(
    database: Database,
    backup: Path,
    tell: Tell = silent,
    *,
    who: str = "",
    keep_in: Path,
    notes: Path,
    broken_audit: bool = False,
) -> Restored:
    """Put the library back to the state in a backup, while programs that use it go on running.

    Others wait until it is done; what they do then is done to the restored state. A kill leaves the state before.

    Args:
        database: open library, in a file or on a server.
        backup: the file; anything else is refused and nothing in it is executed.
        tell: is told (done, total); what it raises leaves everything as it was.
        who: for the audit.
        keep_in: folder for the state before.
        notes: folder of this computer's own, for `parts.sweep`.
        broken_audit: take a backup although its audit does not fit together.

    Raises:
        UserError: why the file is not taken (see `foreign`), or what disk or database cannot.
    """
    sweep(notes)
    keep_in.mkdir(mode=0o700, parents=True, exist_ok=True)
    with workshop(keep_in, notes) as room, foreign.opened(backup, room, broken_audit=broken_audit) as found:
        kept_as = free_name(keep_in, f"before-restore-{now().astimezone():%Y%m%d-%H%M%S}", ".sqlite")
        with database.write() as connection:  # from here on nobody else writes: what is kept is what is replaced
            before = head(connection)
            with making(kept_as, notes) as part:
                write_copy(database, part, silent)
            chain = "kept" if _holds(connection, found.head) else "replaced"
            _replace(connection, found, chain, tell)
            counts = {name: _count(connection, name) for name in ("studies", "opinions")}
            named = {"backup": backup.name, "kept": kept_as.name}
            details = {**named, "chain": chain, "head": {"seq": before.seq, "hash": before.hash}, **counts}
            audit.append(connection, who, RESTORED, details=details)
    return Restored(counts["studies"], counts["opinions"], kept_as, chain)


def _holds(connection: Connection, backup: Head) -> bool:
    """Say whether the present chain is the backup's chain, gone on."""
    entry = select(tables.audit.c.hash).where(tables.audit.c.seq == backup.seq)
    return backup == Head() or connection.scalar(entry) == backup.hash


def _replace(connection: Connection, backup: foreign.Backup, chain: str, tell: Tell) -> None:
    """Delete all rows and put in the backup's; the audit only where the backup's chain is another one."""
    stay = ("audit", "audit_head") if chain == "kept" else ()
    changed = [table for table in rows_tables() if table.name not in stay]
    done = 0
    with _unguarded(connection) if chain == "replaced" else nullcontext():
        for table in reversed(changed):
            connection.execute(delete(table))
        for table in changed:
            for rows in backup.rows(table):
                _put_in(connection, table, rows)
                done += len(rows)
                tell(done, backup.total)
    raise_numbers(connection, backup.numbers)
    _let_work_begin_anew(connection)
    tell(backup.total, backup.total)


def _put_in(connection: Connection, table: Table, rows: foreign.Rows) -> None:
    """Insert checked rows as they are into a file; a server wants truth values, and no character 0 in texts."""
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({foreign.names(table)}) VALUES ({marks})', rows)
        return
    truths = {column.name for column in table.columns if isinstance(column.type, Boolean)}
    names = [column.name for column in table.columns]

    def given(name: str, value: Any) -> Any:
        if name in truths:
            return bool(value)
        return value.replace("\0", " ") if isinstance(value, str) else value

    values = [{name: given(name, value) for name, value in zip(names, row, strict=True)} for row in rows]
    connection.execute(insert(table), values)


def _let_work_begin_anew(connection: Connection) -> None:
    """Let nobody be named who does a job: whoever did it then does not do it now."""
    jobs, studies = tables.jobs, tables.studies
    connection.execute(update(jobs).values(owner=""))
    reading = update(studies).where(studies.c.ai_state.in_([AiState.READING, AiState.WAITING]))
    waits = studies.c.id.in_(select(jobs.c.study_id))
    connection.execute(reading.where(waits).values(ai_state=AiState.WAITING))
    connection.execute(reading.where(~waits).values(ai_state=AiState.NONE))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Take the guards off the audit inside this transaction, and put them back before its end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
        return
    guards = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    found = connection.execute(guards).all()
    for guard in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{guard.name}"')
    yield
    for guard in found:
        connection.exec_driver_sql(guard.sql)


def _count(connection: Connection, name: str) -> int:
    return int(connection.scalar(select(func.count()).select_from(tables.metadata.tables[name])) or 0)
