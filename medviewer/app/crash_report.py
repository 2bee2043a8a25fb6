"""A report that whoever helps with a fault can read: versions, what broke and where, the log. No patients."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from medviewer import __version__
from medviewer.app.crashes import plain_fault
from medviewer.app.home import Home
from medviewer.app.logs import FILE, tail
from medviewer.app.tables import put

#: Lines of the log that a report carries, and characters of each.
LINES, LONGEST = 300, 500
#: How a line of the log begins, and how the lines under an exception do.
_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+[+-]\d{4} \d+ [A-Z]+ medviewer[\w.]*: .*|  \w+ at .*")


def proposed_name() -> str:
    """Return a name for the file of a report."""
    return f"medviewer-report-{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"


def report(home: Home, happened: Sequence[str] = (), more: Sequence[str] = ()) -> str:
    """Return the text of a report.

    Args:
        home: whose log and hard crash are told.
        happened: kind and places of what broke just now.
        more: other versions ("Qt 6.8.1"), or how the program was started.
    """
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    parts = [
        f"medviewer {__version__}",
        ", ".join((system, f"Python {platform.python_version()}", f"{os.cpu_count()} processors", *more)),
        f"Written {datetime.now().astimezone().isoformat(timespec='seconds')}",
        "",
        "This report holds no patient data: neither names, nor files, nor pictures.",
    ]
    log = [line[:LONGEST] for line in tail(home.logs / FILE) if _LOG_LINE.fullmatch(line)][-LINES:]
    for title, lines in (("What happened", happened), ("Hard crash", plain_fault(home)), ("Log", log)):
        parts += ["", f"== {title}", *(lines or ["nothing"])]
    return "\n".join(parts) + "\n"


def save_report(path: Path, text: str) -> Path:
    """Write a report, whole and for this user alone; returns its path.

    Raises:
        OSError: it cannot be written there; nothing is left behind.
    """
    put(path, text.encode())
    return path
