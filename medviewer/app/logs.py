"""The log: one rotating file for this user. Patient data is never logged, so nothing has to be filtered."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from medviewer.app.home import Home

FILE = "medviewer.log"
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


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
        handler = RotatingFileHandler(path, maxBytes=2**20, backupCount=3, encoding="utf-8", delay=True)
    except OSError:
        root.addHandler(logging.NullHandler())
        return path
    handler.setFormatter(logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S%z"))
    root.addHandler(handler)
    return path


def stop_log() -> None:
    """Close the log file."""
    root = logging.getLogger("medviewer")
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()
