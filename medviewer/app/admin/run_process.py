"""The process of one training, as the program holds it: what it says line by line, and its end."""

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medviewer.app.admin.run_folder import CHECKPOINT, CONFIG, MOST_LINE, RunFolder
from medviewer.core.child import command

#: Seconds that the process has for its end when it is asked to.
GRACE_S = 5.0
NOT_OURS = "The training process said something that is no line of a training; it was ended."
NOT_STARTED = "The training process could not be started: {why}."
KILLED = (
    "The training process was ended from outside, as computers do that run out of memory. "
    "It can go on from its last checkpoint."
)
#: Exit codes (of a signal: negative) that tell why there was no word -> what to say.
ENDS = {-9: KILLED, 137: KILLED}


class Strange(Exception):  # noqa: N818
    """The process does not speak as a training does; nothing after that can be trusted."""


class TrainingProcess:
    """A running training. `lines` is for one thread, everything else for any."""

    def __init__(self, folder: RunFolder, data: Path, start: Path | None) -> None:
        """Start it; it goes on from a checkpoint if there is one.

        Raises:
            OSError: the system has no room for another process.
        """
        words = [str(folder.path / CONFIG), "--data", str(data), "--out", str(folder.path)]
        words += ["--start", str(start)] if start is not None else []
        words += ["--resume"] if (folder.path / CHECKPOINT).is_dir() else []
        words += ["--device", folder.facts.plan.device, "--control", str(folder.control), "--attached"]
        debug = bool(os.environ.get("MEDVIEWER_DEBUG"))
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._popen = subprocess.Popen(
            command("training", "train", *words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what it says until its end.

        Raises:
            Strange: a line that is too long or no JSON object with an event.
        """
        assert self._popen.stdout
        while raw := self._popen.stdout.readline(MOST_LINE + 1):
            if not raw.endswith(b"\n"):
                if len(raw) > MOST_LINE:
                    raise Strange
                return  # it was killed while it wrote
            try:
                line = json.loads(raw)
                good = isinstance(line, dict) and isinstance(line.get("event"), str)
            except (ValueError, RecursionError):
                good = False
            if not good:
                raise Strange
            yield line

    def end(self) -> None:
        """Let it end by itself (its input is closed), or kill it after GRACE_S; returns at once."""
        with self._lock:
            if self._timer is not None:
                return
            self._timer = threading.Timer(GRACE_S, self._popen.kill)
            self._timer.daemon = True
            self._timer.start()
            assert self._popen.stdin
            with contextlib.suppress(OSError):
                self._popen.stdin.close()

    def finish(self) -> int:
        """Wait for the end of a process whose output has ended, or that was asked to end; return its exit code."""
        try:
            code = self._popen.wait(GRACE_S)
        except subprocess.TimeoutExpired:  # it closed its output and lives on
            self._popen.kill()
            code = self._popen.wait()
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return code

    def kill(self) -> None:
        self._popen.kill()
