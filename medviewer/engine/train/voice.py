"""What the training process says: one JSON line a message on stdout, and nothing else there."""

import argparse
import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from medviewer import __version__
from medviewer.core.errors import UserError, exit_code, sentence_for

#: Called with one JSON-able line a message.
Say = Callable[[dict[str, Any]], object]
SCHEMA = "medviewer.training/1"
INTERRUPTED, DISK = 130, 4


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


def failed(error: UserError) -> dict[str, Any]:
    """Return the message that something was not done, and why."""
    return {"event": "failed", "code": error.code, "sentence": error.sentence}


def do(parser: argparse.ArgumentParser, argv: Sequence[str], work: Callable[[argparse.Namespace, Say], object]) -> int:
    """Do what `argv` asks for, say what fails, and return the process's exit code."""
    try:
        options = parser.parse_args(list(argv))
    except SystemExit as end:
        return int(end.code or 0)
    with voice() as say:
        try:
            work(options, say)
        except UserError as error:
            say(failed(error))
            return exit_code(error)
        except OSError as error:
            code = "no_space" if error.errno == errno.ENOSPC else "disk"
            say({"event": "failed", "code": code, "sentence": sentence_for(error)})
            return DISK
    return 0
