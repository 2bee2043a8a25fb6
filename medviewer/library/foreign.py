"""A file that is said to be a backup: looked at without trust, and read row by row when it is one.

Nothing in it is executed: it is opened for reading only, with an untrusted schema, and only the columns of our own
tables are asked for.
"""

import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    SmallInteger,
    StaticPool,
    String,
    Table,
    create_engine,
)

from medviewer.core.errors import UserError
from medviewer.library import audit, migrations, tables
from medviewer.library.audit_chain import Head, head
from medviewer.library.backup import APPLICATION_ID, ROWS, rows_tables
from medviewer.library.database import Database
from medviewer.library.records import AiState, Urgency, Verdict

_SENTENCES = {
    "not_a_backup": "{name} is not a backup of a medviewer library; choose another file.",
    "backup_damaged": "{name} is damaged or was cut off; choose another backup.",
    "backup_hostile": "{name} holds what no medviewer writes: it was changed or is damaged; choose another backup.",
    "backup_in_use": "{name} is a library in use, not a backup; make a backup of it first.",
    "newer_backup": "{name} was written by a newer medviewer; update this program to restore it.",
    "backup_audit": "The audit in {name} does not fit together: entries were changed, removed or moved.",
    "no_backup": "There is no file {name}.",
}
#: Longest value that is read, in bytes; the answers of a model on thousands of slices are a few MB.
_LONGEST = 64 << 20
#: Rows are never counted so far; a file that says so would leave no numbers for new ones.
_MOST_NUMBERS = 1 << 30
_RANGE = {SmallInteger: 1 << 15, Integer: 1 << 31, BigInteger: 1 << 63}
#: Columns that hold one word of a few.
_WORDS: dict[tuple[str, str], frozenset[Any]] = {
    ("studies", "ai_state"): frozenset(AiState),
    ("studies", "opinion"): frozenset(Verdict),
    ("studies", "urgency"): frozenset(range(len(Urgency))),
    ("readings", "state"): frozenset(AiState),
    ("opinions", "verdict"): frozenset(Verdict),
}
Rows = list[tuple[Any, ...]]
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Backup:
    """A file that was found to be a whole backup.

    Attributes:
        total: number of its rows.
        head: of its audit.
        numbers: the highest number that each of its tables ever gave out.
    """

    name: str
    total: int
    head: Head
    numbers: dict[str, int]
    _file: sqlite3.Connection

    def rows(self, table: Table) -> Iterator[Rows]:
        """Give the rows of a table in portions, with the values of our own table's columns in their order.

        Raises:
            UserError: `backup_hostile`: a value that its column never holds; `backup_damaged`.
        """
        checks = [_check(table, column) for column in table.columns]
        with _sentences(self.name):
            found = self._file.execute(_select(table))
            while portion := found.fetchmany(ROWS):
                for check, values in zip(checks, zip(*portion, strict=True), strict=True):
                    check(values)
                yield portion


def refuse(code: str, name: str) -> UserError:
    """Return why a file is not taken, in one sentence."""
    return UserError(code, _SENTENCES[code].format(name=name))


@contextmanager
def opened(path: Path, workshop: Path, *, broken_audit: bool = False) -> Iterator[Backup]:
    """Check a file and give it as a backup of the newest version.

    Args:
        path: any file.
        workshop: private folder for a copy that is brought up to date.
        broken_audit: take it although its audit does not fit together.

    Raises:
        UserError: a key of `_SENTENCES`.
    """
    _check_header(path)
    with _sentences(path.name):
        with closing(_open(path)) as file:
            version = _check_schema(file, path.name)
            _check_content(file, path.name)
        if version != tables.SCHEMA:
            path = _brought_up_to_date(path, workshop)
    with closing(_open(path)) as file:
        with _sentences(path.name):
            found = _looked_at(file, path.name, broken_audit)
        yield found


def _check_header(path: Path) -> None:
    """Look at the first 100 bytes (https://www.sqlite.org/fileformat2.html#the_database_header)."""
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise refuse("not_a_backup", path.name)
        with path.open("rb") as file:
            begin = file.read(100)
        logs = [path.with_name(f"{path.name}{end}") for end in ("-wal", "-journal")]
        in_use = any(log.exists() and log.stat().st_size for log in logs)
    except PermissionError:
        raise UserError("not_permitted", f"{path.name} may not be read.") from None
    except OSError:
        raise refuse("no_backup", path.name) from None
    if len(begin) < 100 or not begin.startswith(b"SQLite format 3\0"):
        raise refuse("not_a_backup", path.name)
    if in_use:
        raise refuse("backup_in_use", path.name)
    page, pages = int.from_bytes(begin[16:18], "big"), int.from_bytes(begin[28:32], "big")
    if known.st_size < pages * (65536 if page == 1 else page):
        raise refuse("backup_damaged", path.name)


def _open(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "temp_store=MEMORY"):
        file.execute(f"PRAGMA {pragma}")
    return file


def _check_schema(file: sqlite3.Connection, name: str) -> str:
    """Return the version of its schema, when it has the shape of our library and nothing that acts by itself."""
    if file.execute("PRAGMA application_id").fetchone()[0] not in (0, APPLICATION_ID):
        raise refuse("not_a_backup", name)
    found = file.execute("SELECT type, name, rootpage, sql FROM sqlite_master LIMIT 1000").fetchall()
    plain = {entry[1] for entry in found if entry[0] == "table" and entry[2]}
    if not {"alembic_version", "state", "studies", "audit"} <= plain:
        raise refuse("not_a_backup", name)
    guards = set(tables.GUARDS["sqlite"])
    for kind, _, root, sql in found:
        if kind == "view" or (kind == "table" and not root) or (kind == "trigger" and sql not in guards):
            raise refuse("backup_hostile", name)
    version = file.execute("SELECT version_num FROM alembic_version").fetchone()
    if not version or version[0] not in migrations.versions():
        raise refuse("newer_backup", name)
    if version[0] == tables.SCHEMA:
        _check_columns(file, name)
    return str(version[0])


def _check_columns(file: sqlite3.Connection, name: str) -> None:
    for table in tables.metadata.sorted_tables:
        found = file.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table.name,)).fetchall()
        if not {column.name for column in table.columns} <= {column for column, hidden in found if not hidden}:
            raise refuse("backup_hostile", name)


def _check_content(file: sqlite3.Connection, name: str) -> None:
    if file.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise refuse("backup_damaged", name)
    if file.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise refuse("backup_damaged", name)


def _brought_up_to_date(path: Path, workshop: Path) -> Path:
    """Copy a backup of an older version and bring the copy to the newest one."""
    copy = workshop / path.name
    with closing(_open(path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    Database(copy).close()
    with closing(sqlite3.connect(copy)) as new:
        new.execute("PRAGMA journal_mode=DELETE")
    _check_header(copy)
    with closing(_open(copy)) as file:
        _check_schema(file, path.name)
    return copy


def _looked_at(file: sqlite3.Connection, name: str, broken_audit: bool) -> Backup:
    # the engine is only a way to ask through the tables; it neither opens nor closes anything
    engine = create_engine("sqlite+pysqlite://", creator=lambda: file, poolclass=StaticPool, hide_parameters=True)
    with engine.connect() as connection:
        if not broken_audit and not audit.verify(connection).ok:
            raise refuse("backup_audit", name)
        newest = head(connection)
    numbers = dict(file.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    if not all(type(seq) is int and seq < _MOST_NUMBERS for seq in numbers.values()):
        raise refuse("backup_hostile", name)
    total = sum(file.execute(_count(table)).fetchone()[0] for table in rows_tables())
    return Backup(name, total, newest, numbers, file)


def _select(table: Table) -> str:
    """Return the question for all rows; names are those of our own tables, values there are none."""
    return f'SELECT {names(table)} FROM "{table.name}" ORDER BY rowid'


def names(table: Table) -> str:
    """Return the names of our table's columns as SQL."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _count(table: Table) -> str:
    return f'SELECT count(*) FROM "{table.name}"'


def _check(table: Table, column: Column[Any]) -> Callable[[Values], None]:
    """Return what looks through values of this column, many at once because there are millions.

    Raises:
        ValueError: by the function: no medviewer wrote these values.
    """
    kinds, fits = _kinds(column)
    kinds |= {type(None)} if column.nullable else set()
    words = _WORDS.get((table.name, column.name))

    def check(values: Values) -> None:
        if not kinds.issuperset(map(type, values)):
            raise ValueError
        there = [value for value in values if value is not None] if column.nullable else values
        if not (fits(there) if words is None else words.issuperset(there)):
            raise ValueError

    return check


def _kinds(column: Column[Any]) -> tuple[set[type], Callable[[Sequence[Any]], bool]]:
    """Return the Python types of a column's values, and what says whether all of some values fit into it."""
    of = column.type
    if isinstance(of, Boolean):
        return {int}, {0, 1}.issuperset
    if isinstance(of, Integer):
        most = next(_RANGE[kind] for kind in (SmallInteger, BigInteger, Integer) if isinstance(of, kind))
        most = _MOST_NUMBERS if column.primary_key else most
        return {int}, lambda values: not values or (-most <= min(values) and max(values) < most)
    if isinstance(of, Float):
        return {int, float}, lambda values: True
    longest = of.length if isinstance(of, String) else None
    return {str}, lambda values: longest is None or not values or max(map(len, values)) <= longest


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Turn what SQLite and the checks say of the file into one sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise UserError("no_space", "There is no space to bring the backup up to date; free some.") from None
        raise refuse("backup_damaged", name) from None
    except sqlite3.DatabaseError:
        raise refuse("backup_damaged", name) from None
    except ValueError:
        raise refuse("backup_hostile", name) from None
