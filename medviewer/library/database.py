"""The database under the library: opens it, brings it up to date, and hands out transactions that hold as a whole.

SQLite: WAL, synchronous=FULL, one writer at a time (BEGIN IMMEDIATE), readers on a snapshot beside it. PostgreSQL:
writers wait for each other at the row `state`, readers see a snapshot (REPEATABLE READ).
"""

import logging
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, insert, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from medviewer.library import migrations, tables
from medviewer.library.clock import now, stamp
from medviewer.library.troubles import told, trouble

log = logging.getLogger(__name__)

FILE = "library.sqlite"
#: Seconds: until a locked library is "busy"; until a server that does not answer is "unreachable"; for one statement.
BUSY_S, CONNECT_S, STATEMENT_S = 15, 4, 120
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",  # nothing of a patient in temporary files
    "PRAGMA cache_size=-32000",
    "PRAGMA journal_size_limit=67108864",
)
#: Of each connection to a server; pages are in memory or on a disk without arms, so that indexes are worth their while.
_SETTINGS = ("client_encoding=UTF8", "random_page_cost=1.1", "jit=off")
#: Held on PostgreSQL while the schema is made or changed.
_SCHEMA_LOCK = 0x6D65_6476_6965_7700


class Database:
    """One library's database, for any number of threads.

    Attributes:
        url: its address, without the password.
        path: its file; None on a server.
        name: base name of the file or of the database, for sentences.
    """

    def __init__(self, where: Path | str, *, write: bool = True) -> None:
        """Open it, make it if there is none, bring it up to date.

        Raises:
            UserError: see `troubles.SENTENCES`.
        """
        self.may_write = write
        self.path, address = _place(where)
        self.name = self.path.name if self.path else address.database or ""
        self.url = address.render_as_string(hide_password=True)
        self._inode = 0
        with told(self.name):
            if self.path:
                self._engine = self._file(self.path)
            else:
                self._engine = _server(address)
            try:
                self._bring_up_to_date()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on a snapshot; whatever others write meanwhile, it sees one state."""
        with told(self.name):
            self._still_there()
            with self._engine.connect() as plain:
                connection = plain
                if not self.path:
                    connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, undone as a whole by any exception."""
        with told(self.name), self._exclusive() as connection:
            connection.execute(_BUMP)
            yield connection

    def revision(self) -> int:
        """Return the number that grows with every committed write of any program."""
        with self.read() as connection:
            return int(connection.scalar(select(tables.state.c.revision)) or 0)

    @contextmanager
    def _exclusive(self) -> Iterator[Connection]:
        if not self.may_write:
            raise trouble("not_permitted", self.name)
        self._still_there()
        with self._engine.execution_options(writes=True).connect() as connection, connection.begin():
            yield connection

    def _still_there(self) -> None:
        """Follow a file that was replaced; without this, writes into one that was deleted would be lost in silence."""
        if not self.path:
            return
        try:
            inode = self.path.stat().st_ino
        except OSError:
            raise trouble("library_gone", self.name) from None
        if inode != self._inode:
            self._engine.dispose()
            self._inode = inode
            self._bring_up_to_date()

    # -- opening

    def _file(self, path: Path) -> Engine:
        if self.may_write:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        elif not path.exists():
            raise trouble("no_library", self.name)
        self._inode = path.stat().st_ino
        address = f"{path.as_uri()}?mode={'rw' if self.may_write else 'ro'}"
        if (
            not self.may_write
            and not os.access(path.parent, os.W_OK)
            and not path.with_name(f"{path.name}-wal").exists()
        ):
            address += "&immutable=1"  # nobody writes there; SQLite could not even make its index of the WAL

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(address, timeout=BUSY_S, isolation_level=None, check_same_thread=False, uri=True)

        engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
        event.listen(engine, "connect", self._prepare_file)
        event.listen(engine, "begin", _begin)
        return engine

    def _prepare_file(self, connection: Any, _: object) -> None:
        if self.may_write:
            _use_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    def _bring_up_to_date(self) -> None:
        """Make the tables, or change them to what this program knows; nothing happens to those that fit."""
        with self._engine.connect() as connection, connection.begin():
            version = self._version(connection)
        if version == tables.SCHEMA:
            return
        if not self.may_write:
            raise trouble("older_library" if version else "no_library", self.name)
        with self._exclusive_schema() as connection:
            version = self._version(connection)  # another program may have been faster
            if version is None:
                _create(connection)
            elif version != tables.SCHEMA:
                self._migrate(connection, version)

    @contextmanager
    def _exclusive_schema(self) -> Iterator[Connection]:
        with self._engine.execution_options(writes=True).connect() as connection:
            if self.path:  # migrations copy and drop tables; checked as a whole before the commit
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    if not self.path:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
                    yield connection
            finally:
                connection.invalidate()  # so that nobody gets this one without foreign keys

    def _version(self, connection: Connection) -> str | None:
        """Return the version of the schema; None in an empty database.

        Raises:
            UserError: `newer_library`, `not_a_library`.
        """
        if self.path:
            names = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        else:
            if connection.scalar(text("SHOW server_encoding")) != "UTF8":
                raise trouble("library_encoding")
            names = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")))
        if "alembic_version" in names:
            version = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
            if version not in (tables.SCHEMA, *migrations.versions()):
                raise trouble("newer_library", self.name)
            return version
        if names & set(tables.metadata.tables) or (names and self.path):
            raise trouble("not_a_library", self.name)
        return None

    def _migrate(self, connection: Connection, version: str) -> None:
        """Go up all steps in one transaction, with a copy of the file before the first."""
        if self.path:
            log.info("the library goes from version %s to %s", version, tables.SCHEMA)
            _copy(self.path, version)
        migrations.upgrade(connection, version)
        if self.path and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise trouble("library_damaged", self.name, "rows without their study")


_BUMP = update(tables.state).values(revision=tables.state.c.revision + 1)


def _place(where: Path | str) -> tuple[Path | None, URL]:
    """Return the file and the address that `where` means: a folder, a file, or a URL."""
    if isinstance(where, str) and "://" in where:
        try:
            address = make_url(where)
        except ArgumentError:
            raise trouble("library_address") from None
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "postgresql":
            return None, address
        if address.get_backend_name() != "sqlite" or not address.database:
            raise trouble("library_address")
        where = Path(address.database)
    path = Path(where).expanduser().absolute()
    if path.suffix != ".sqlite" and not path.is_file():
        path /= FILE
    return path, URL.create("sqlite", database=str(path))


def _server(address: URL) -> Engine:
    settings = (*_SETTINGS, f"lock_timeout={BUSY_S}s", f"statement_timeout={STATEMENT_S}s")
    options = " ".join(f"-c {setting}" for setting in settings)
    arguments = {"connect_timeout": CONNECT_S, "options": options, "tcp_user_timeout": 10_000, "keepalives_idle": 30}
    try:
        return create_engine(address, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
    except ImportError:
        raise trouble("library_driver") from None
    except (ArgumentError, NoSuchModuleError):
        raise trouble("library_address") from None


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at the beginning: a reader that wants to write later could not wait for it."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_wal(connection: Any) -> None:
    """Switch to WAL; SQLite does not wait by itself where another program does the same at this moment."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _create(connection: Connection) -> None:
    """Make all tables of the newest version."""
    tables.metadata.create_all(connection, checkfirst=False)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": tables.SCHEMA})
    first = {"id": 1, "revision": 1, "library": uuid.uuid4().hex, "created": stamp(now())}
    connection.execute(insert(tables.state), first)


def _copy(path: Path, version: str) -> Path:
    """Copy a library's file, whole and on the disk, before it is changed: library.before-VERSION-TIME.sqlite."""
    kept = path.with_name(f"{path.stem}.from-{version}-{now():%Y%m%d-%H%M%S-%f}.sqlite")
    part = kept.with_suffix(".part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with (
            closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(kept)
        if os.name == "posix":
            folder = os.open(kept.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return kept
