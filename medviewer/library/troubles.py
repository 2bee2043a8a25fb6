"""What databases say when they cannot, as sentences for the reader; a statement and its values are never told."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from medviewer.core.errors import UserError

SENTENCES = {
    "library_busy": "Another program is writing into the library; try again in a moment. Nothing was written.",
    "no_space": "The disk with the library is full; free some space and try again. Nothing was written.",
    "not_permitted": "The library may only be read: its file, its folder or the account does not allow writing.",
    "library_damaged": "The library ({name}) is damaged; restore a backup, or move the file away to begin a new one.",
    "library_disk": "The disk with the library ({name}) reports an error; check it and try again. Nothing was written.",
    "library_gone": "The library ({name}) is not where it was; bring its folder or disk back and try again.",
    "library_unreachable": "The library's server cannot be reached; check the network and the setting library.url.",
    "library_encoding": "The library's database does not use UTF-8; make one with ENCODING 'UTF8'.",
    "library_driver": "A library on a server needs psycopg; install it with: pip install 'medviewer[postgres]'.",
    "library_address": "The setting library.url is no folder and no address such as postgresql+psycopg://user@host/name.",
    "not_a_library": "{name} is a database of another program; give medviewer a folder or a database of its own.",
    "no_library": "There is no library yet ({name}).",
    "newer_library": "The library ({name}) was written by a newer medviewer; update this program to open it.",
    "older_library": "The library ({name}) is of an older version and may only be read; open it once for writing.",
    "no_study": "This study is not in the library any more.",
}

_SQLITE = {
    sqlite3.SQLITE_BUSY: "library_busy",
    sqlite3.SQLITE_LOCKED: "library_busy",
    sqlite3.SQLITE_FULL: "no_space",
    sqlite3.SQLITE_READONLY: "not_permitted",
    sqlite3.SQLITE_PERM: "not_permitted",
    sqlite3.SQLITE_AUTH: "not_permitted",
    sqlite3.SQLITE_CORRUPT: "library_damaged",
    sqlite3.SQLITE_NOTADB: "library_damaged",
    sqlite3.SQLITE_FORMAT: "library_damaged",
    sqlite3.SQLITE_IOERR: "library_disk",
    sqlite3.SQLITE_CANTOPEN: "not_permitted",  # that it is there was looked at before
}
#: By SQLSTATE, the whole or its class (PostgreSQL, appendix A).
_POSTGRES = {
    "55P03": "library_busy",
    "57014": "library_busy",
    "40": "library_busy",
    "53100": "no_space",
    "53200": "library_unreachable",
    "53300": "library_unreachable",
    "42501": "not_permitted",
    "25006": "not_permitted",
    "58": "library_disk",
    "XX001": "library_damaged",
    "XX002": "library_damaged",
    "08": "library_unreachable",
    "28": "library_unreachable",
    "3D": "library_unreachable",
    "57P": "library_unreachable",
}


def trouble(code: str, name: str = "", details: str = "") -> UserError:
    """Return the error with this code; `name` is the base name of the library's file or of its database."""
    return UserError(code, SENTENCES[code].format(name=name), details)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what the database cannot do into a UserError; a defect of ours passes as it is."""
    try:
        yield
    except DBAPIError as error:
        code = _code(error)
        if code is None:  # a defect of ours; what the database says may show a row, with names of patients
            said = f"{type(error.orig).__name__} {getattr(error.orig, 'sqlstate', '') or ''}".strip()
            raise RuntimeError(said).with_traceback(error.__traceback__) from None
        raise trouble(code, name, type(error.orig).__name__) from None
    except PoolTimeout:
        raise trouble("library_busy", name) from None
    except sqlite3.Error as error:
        code = _sqlite(error)
        if code is None:
            raise
        raise trouble(code, name, type(error).__name__) from None
    except OSError as error:
        code = _ERRNO.get(error.errno or 0)
        if code is None:
            raise
        raise trouble(code, name, type(error).__name__) from error


_ERRNO = {
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
    errno.EFBIG: "no_space",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EROFS: "not_permitted",
    errno.ENOENT: "library_gone",
    errno.ENOTDIR: "library_gone",
    errno.EIO: "library_disk",
}


def _code(error: DBAPIError) -> str | None:
    """Return our word for a database's complaint; None for a mistake in what was asked."""
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the connection failed or broke: nobody was there to name a state
        lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return "library_unreachable" if lost else None
    return next((_POSTGRES[key] for key in (state, state[:3], state[:2]) if key in _POSTGRES), None)


def _sqlite(error: sqlite3.Error) -> str | None:
    number = getattr(error, "sqlite_errorcode", 0)
    if number == sqlite3.SQLITE_READONLY_DBMOVED:
        return "library_gone"
    if number in (
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    ):  # also what a limit on the size of files looks like
        return "no_space"
    return _SQLITE.get(number & 0xFF)
