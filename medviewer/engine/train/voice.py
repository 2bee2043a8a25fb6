"""What the training process says: one JSON line a message on stdout, and nothing else there."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from medviewer import __version__

#: Called with one JSON-able line a message.
Say = Callable[[dict[str, Any]], object]
SCHEMA = "medviewer.training/1"
INTERRUPTED = 130


@contextlib.contextmanager
def voice() -> Iterator[Say]:
    """Give what writes a message to stdout; whatever else is printed meanwhile (a library's word) goes to stderr.

    Where nobody listens any more, the process ends: a training keeps its last checkpoint.
    """
    stdout = sys.stdout

    def say(line: dict[str, Any]) -> None:
        try:
            stdout.write(json.dumps({"schema": SCHEMA, "version": __version__, **line}) + "\n")
            stdout.flush()
        except BrokenPipeError:
            os._exit(INTERRUPTED)

    with contextlib.redirect_stdout(sys.stderr):
        yield say
