"""The log: one rotating file for this user, free of patient data.

Messages never carry any; the text of an exception may (a header's value, a path), so what broke is logged by kind and
place alone.
"""

import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from medviewer.app.home import Home

FILE = "medviewer.log"
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
#: Bytes of a log file before the next one is begun, and how many old ones are kept.
MOST_BYTES, OLD = 2**20, 3
#: Errors behind an error that are told, and calls of each.
CAUSES, CALLS = 5, 40

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(logging.Formatter):
    """Formats records in one line; an exception becomes its kind and its places, never its text."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, "%Y-%m-%dT%H:%M:%S%z")

    def formatException(self, ei: ExcInfo) -> str:
        error = ei[1]
        found: list[str] = []
        while error is not None and len(found) < CAUSES:
            found.append(f"  {type(error).__name__} at {' < '.join(places(error.__traceback__))}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(found)


class QuietFile(RotatingFileHandler):
    """A log file that says nothing on stderr when it cannot be written: a full disk must not stop what is logged."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Leave the record out."""

    def close(self) -> None:
        """Close the file; what the disk does not take is lost, the end of the program is not held up."""
        with suppress(OSError):
            super().close()


def places(trace: TracebackType | None) -> list[str]:
    """Return where an exception came through, the innermost call first: "grouping.py:112 add"."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[::-1][:CALLS]


def start_log(home: Home, *, write: bool = True) -> Path:
    """Send warnings and errors of this process to the log file (1 MB, three old ones) and return its path.

    Without `write`, or where the folder cannot be written, the log goes nowhere; the program runs all the same.
    """
    path = home.logs / FILE
    root = logging.getLogger("medviewer")
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.propagate = False
    root.setLevel(logging.INFO if os.environ.get("MEDVIEWER_DEBUG") else logging.WARNING)
    try:
        if not write:
            raise OSError
        home.private(home.logs)
        handler = QuietFile(path, maxBytes=MOST_BYTES, backupCount=OLD, encoding="utf-8", delay=True)
    except OSError:
        root.addHandler(logging.NullHandler())
        return path
    handler.setFormatter(PlainFormatter())
    root.addHandler(handler)
    return path


def stop_log() -> None:
    """Close the log file."""
    root = logging.getLogger("medviewer")
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()


def tail(path: Path, most: int = 64 << 10) -> list[str]:
    """Return the last lines of a log, the newest last, from at most `most` bytes; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most))
            data = file.read(most)
    except OSError:
        return []
    lines = data.decode("utf-8", "replace").splitlines()
    return lines[1:] if size > most else lines
