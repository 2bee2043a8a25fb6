"""Backups: one SQLite file with the whole library, made while others write, from a file or from a server alike."""

import errno
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text, update

from medviewer.core.errors import UserError
from medviewer.library import audit, tables
from medviewer.library.clock import now
from medviewer.library.database import Database
from medviewer.library.parts import free_name, making, sweep
from medviewer.library.troubles import told, trouble

Tell = Callable[[int, int], object]

BACKUP = "library.backup"
#: "medv" in the header of the file (https://www.sqlite.org/fileformat2.html#application_id).
APPLICATION_ID = 0x6D65_6476
_PAGES, ROWS = 1024, 1000


def silent(_done: int, _total: int) -> None:
    """Say nothing."""


def backup(database: Database, to: Path, tell: Tell = silent, *, who: str = "", notes: Path) -> Path:
    """Write the whole library as it is at one moment into a file of its own; others read and write meanwhile.

    Args:
        database: open library.
        to: a folder (the file is named after the time), or the file; an existing file is never replaced.
        tell: is told (done, total); what it raises ends the work and leaves nothing.
        who: for the audit.
        notes: folder of this computer's own, for `parts.sweep`.

    Returns:
        The file, whole and on the disk.

    Raises:
        UserError: `usage` (name taken, no folder), `no_space`, `not_permitted`, `library_*`.
    """
    sweep(notes)
    place = free_name(to, f"medviewer-library-{now().astimezone():%Y%m%d-%H%M%S}", ".sqlite") if to.is_dir() else to
    with making(place, notes) as part:
        write_copy(database, part, tell)
        if database.may_write:
            with database.write() as connection:  # no copy of the data leaves without an entry
                audit.append(connection, who, BACKUP, details={"file": place.name, "bytes": part.stat().st_size})
    return place


def write_copy(database: Database, part: Path, tell: Tell) -> None:
    """Fill the empty file `part` with the library's state of one moment, and prove that it is whole."""
    if database.path:
        _copy_file(database, database.path, part, tell)
    else:
        _copy_server(database, part, tell)
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute(f"PRAGMA application_id={APPLICATION_ID}")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        if copy.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise trouble("library_damaged", database.name, "the copy is not whole")


def _copy_file(database: Database, path: Path, part: Path, tell: Tell) -> None:
    """Copy page by page with SQLite's own online backup."""
    with closing(_snapshot(database, path)) as live, closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # the finished file is waited for as a whole
        try:
            live.backup(copy, pages=_PAGES, progress=lambda _, left, total: tell(total - left, total))
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise trouble("library_damaged", database.name) from None
            raise


def _snapshot(database: Database, path: Path) -> sqlite3.Connection:
    """Open the file in a read transaction: without it every write of others would begin the copy anew."""
    with told(database.name):
        live = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM alembic_version").fetchone()
        except BaseException:
            live.close()
            raise
    return live


def _copy_server(database: Database, part: Path, tell: Tell) -> None:
    """Copy every table, row by row, out of one snapshot."""
    try:
        copy = Database(part)
        try:
            with database.read() as source, copy.write() as target:
                _copy_rows(source, target, tell)
        finally:
            copy.close()
    except UserError as error:
        if error.code == "no_space":  # of the copy's disk, not of the library's
            raise OSError(errno.ENOSPC, "no space") from None
        raise


def _copy_rows(source: Connection, target: Connection, tell: Tell) -> None:
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in rows_tables())
    done = 0
    for table in rows_tables():
        with source.execute(select(table).execution_options(yield_per=ROWS)) as found:
            for rows in found.mappings().partitions():
                target.execute(insert(table), [dict(row) for row in rows])
                done += len(rows)
                tell(done, total)
    target.execute(update(tables.state).values(**source.execute(select(tables.state)).mappings().one()))
    raise_numbers(target, numbers(source))


def rows_tables() -> list[Table]:
    """Return the tables whose rows are the library, parents first: all but the one row `state`."""
    return [table for table in tables.metadata.sorted_tables if table is not tables.state]


# -- numbers that were given out: none is ever given again, because the audit names rows by number


def numbers(connection: Connection) -> dict[str, int]:
    """Return the highest number that each numbered table ever gave out."""
    if connection.dialect.name == "sqlite":
        return {row.name: row.seq for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    last = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:t, 'id')::regclass)")
    return {table.name: connection.scalar(last, {"t": table.name}) or 0 for table in _numbered(connection)}


def raise_numbers(connection: Connection, given: Mapping[str, int]) -> None:
    """Let numbers go on after the highest of those `given`, of those in use, and of those given out here."""
    server = connection.dialect.name == "postgresql"
    for table in _numbered(connection):
        highest = max(1, given.get(table.name, 0), connection.scalar(select(func.max(table.c.id))) or 0)
        values = {"t": table.name, "n": highest}
        if server:
            connection.execute(_RAISE_SERVER, values)
        elif not connection.execute(_RAISE_FILE, values).rowcount:
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:t, :n)"), values)


_RAISE_FILE = text("UPDATE sqlite_sequence SET seq = max(seq, :n) WHERE name = :t")
_RAISE_SERVER = text(
    "SELECT setval(of_table, GREATEST(:n, nextval(of_table))) "
    "FROM (SELECT pg_get_serial_sequence(:t, 'id')::regclass AS of_table) AS sequence"
)


def _numbered(connection: Connection) -> list[Table]:
    """Return the tables whose numbers this database counts by itself."""
    if connection.dialect.name == "sqlite":
        return [table for table in rows_tables() if table.dialect_options["sqlite"]["autoincrement"]]
    return [table for table in rows_tables() if table.autoincrement_column is not None]
