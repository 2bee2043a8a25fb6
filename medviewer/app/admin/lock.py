"""One writer at a time among several programs: a lock on a file, which the system lets go of when its holder dies."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medviewer.core.errors import UserError

#: Seconds that another program may take before we give up, and between two tries.
PATIENCE_S, TRY_S = 20.0, 0.02
_HERE: dict[Path, threading.Lock] = {}  # a process's own threads share a file lock on some systems


@contextmanager
def only_one(path: Path, patience: float = PATIENCE_S) -> Iterator[None]:
    """Hold the lock file `path` (made if need be, never removed).

    Raises:
        UserError: `busy`: another program holds it for longer than `patience` seconds.
    """
    until = time.monotonic() + patience
    here = _HERE.setdefault(path, threading.Lock())
    if not here.acquire(timeout=patience):
        raise _busy()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not _taken(handle):
                if time.monotonic() > until:
                    raise _busy()
                time.sleep(TRY_S)
            try:
                yield
            finally:
                _let_go(handle)
        finally:
            os.close(handle)
    finally:
        here.release()


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _busy() -> UserError:
    return UserError("busy", "Another medviewer is changing this just now; try again in a moment.")
