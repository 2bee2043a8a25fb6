"""A child process that speaks JSON lines: the one way in which we run decoding, inference and training.

Parent side: `Child`. Child side: `serve`. Messages are JSON objects with an `id`; arrays travel as parcels.
A child ends when its parent does, however that ended: it reads stdin on a thread, and end of file is the end.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from medviewer.core.parcels import Parcels

log = logging.getLogger(__name__)

Message = dict[str, Any]
MAX_LINE = 64 * 2**20


class ChildDied(Exception):  # noqa: N818
    """The child process is gone; what it was doing has no answer."""


def program(*arguments: str) -> list[str]:
    """Return the command line that starts this program again, frozen by PyInstaller or not."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "medviewer"]
    return [*start, *arguments]


def command(process: str, *arguments: str) -> list[str]:
    """Return the command line that starts one of our own processes."""
    return program("--process", process, *arguments)


class Child:
    """One process of ours. `on_message` and `on_death` are called on this child's reader thread."""

    def __init__(
        self,
        process: str,
        parcels: Parcels,
        on_message: Callable[[Message], object],
        on_death: Callable[[int], object],
    ) -> None:
        """Start the process (a few ms; it is not waited for)."""
        self._on_message, self._on_death = on_message, on_death
        self._lock = threading.Lock()
        debug = bool(os.environ.get("MEDVIEWER_DEBUG"))
        self._popen = subprocess.Popen(
            command(process, parcels.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,  # a library's words may carry patient data
        )
        self._reader = threading.Thread(target=self._read, name=f"{process}-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def send(self, message: Message) -> None:
        """Write one message.

        Raises:
            ChildDied: the process is gone.
        """
        line = json.dumps(message).encode() + b"\n"
        assert self._popen.stdin
        with self._lock:
            try:
                self._popen.stdin.write(line)
                self._popen.stdin.flush()
            except (OSError, ValueError) as gone:
                raise ChildDied from gone

    def _read(self) -> None:
        assert self._popen.stdout
        # closed by the thread that reads: closing it from another one would wait for the end of the read
        with self._popen.stdout as lines, contextlib.suppress(ValueError, OSError):
            while line := lines.readline(MAX_LINE):
                try:
                    message = json.loads(line)
                    if not isinstance(message, dict):
                        raise TypeError
                except (ValueError, TypeError):  # a stray print, or two versions: nothing after it can be trusted
                    log.error("a child process did not speak our protocol; it was ended")
                    self._popen.kill()
                    break
                self._on_message(message)
        code = self._popen.wait()
        self._on_death(code)

    def kill(self) -> None:
        """End the process at once; `on_death` follows."""
        self._popen.kill()

    def close(self, grace: float = 2.0) -> None:
        """Let the process end by itself (end of its input), kill it after `grace` seconds."""
        with self._lock, contextlib.suppress(OSError):
            assert self._popen.stdin
            self._popen.stdin.close()
        try:
            self._popen.wait(grace)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join(grace)


class Outbox:
    """The child's voice: one JSON line a message, from any thread."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)  # a library's stray print must not land in the protocol
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        line = memoryview(json.dumps(message).encode() + b"\n")
        with self._lock:
            while len(line):
                line = line[self._file.write(line) or 0 :]


class Cancels:
    """Ids whose end was asked for; the reader thread fills it while the main thread works."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    def add(self, id_: int) -> None:
        self._ids.add(id_)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._ids


def serve(handle: Callable[[Message, Outbox, Cancels], object], parcels: Parcels) -> None:
    """Read messages until the parent is gone, and hand each to `handle` on this (the main) thread.

    `{"kind": "cancel", "id": n}` is taken at once, also while `handle` works; end of input ends the process
    at once, also while `handle` works, so no orphan is left when the parent is killed.
    """
    outbox, cancels = Outbox(), Cancels()
    inbox: SimpleQueue[Message] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if message.get("kind") == "cancel":
                cancels.add(message["id"])
            else:
                inbox.put(message)
        parcels.close()
        os._exit(0)

    threading.Thread(target=read, name="inbox", daemon=True).start()
    while True:
        handle(inbox.get(), outbox, cancels)
