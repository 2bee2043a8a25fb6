"""One reader process and the thread that owns it: questions, answers, deadlines, restarts (window side)."""

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Protocol

from medviewer.core.child import Child, ChildDied, Message
from medviewer.core.parcels import Parcels

log = logging.getLogger(__name__)

START_SECONDS = 30.0


class Hung(Exception):  # noqa: N818
    """A child did not answer in time; it was killed."""


class Task(Protocol):
    """What a reader can do."""

    def run(self, reader: "Reader") -> None:
        """Do it, with the reader's child at hand."""


class Reader(threading.Thread):
    """One thread with one child process, which is replaced when it hangs or dies.

    Args:
        next_task: waits for work; None ends this reader.
        now: start the process in the constructor, not on the thread.
    """

    _ids = itertools.count(1)

    def __init__(self, next_task: Callable[["Reader"], Task | None], *, now: bool = False) -> None:
        super().__init__(name="reader-pool", daemon=True)
        self.busy = False  # has a task (set by the pool)
        self._next_task = next_task
        self._guard = threading.Lock()
        self._child: Child | None = None
        self._warm = False
        self.closed = False
        self._inbox: SimpleQueue[Message | None] = SimpleQueue()
        self.parcels: Parcels
        if now:
            self._start_child()
        self.start()

    def _start_child(self) -> None:
        with self._guard:
            if self.closed:
                raise ChildDied
            inbox: SimpleQueue[Message | None] = SimpleQueue()
            self.parcels = Parcels()
            self._warm, self._inbox = False, inbox
            self._child = Child("reader", self.parcels, inbox.put, lambda code: inbox.put(None))
            with contextlib.suppress(ChildDied):
                self._child.send({"kind": "warm", "id": 0})

    def run(self) -> None:
        while True:
            with contextlib.suppress(Hung, ChildDied, OSError):
                self.ready()  # also after a death: the replacement is there before it is asked for
            task = self._next_task(self)
            if task is None:
                break
            try:
                task.run(self)
            except BaseException as error:  # noqa: BLE001 - the thread serves the next one
                log.error("a reader thread failed: %s", type(error).__name__)
        self.close()

    def ready(self) -> None:
        """Wait until the child answers, starting a new one (three times) where it is gone.

        Raises:
            Hung, ChildDied: it does not start.
        """
        for attempt in range(3):
            if self._child is None:
                self._start_child()
            if self._warm:
                return
            try:
                self.receive(0, START_SECONDS)
            except (Hung, ChildDied):
                if attempt == 2 or self.closed:
                    raise
            else:
                self._warm = True
                return

    def send(self, message: Message) -> int:
        """Send `message` under a new id to a child that is ready, and return the id."""
        id_ = next(self._ids)
        for last in (False, True):  # a child that died while it waited is no fault of the message
            self.ready()
            try:
                assert self._child
                self._child.send({**message, "id": id_})
            except ChildDied:
                self.discard()
                if last:
                    raise
            else:
                break
        return id_

    def receive(self, id_: int, seconds: float) -> Message:
        """Return the next message with `id_`.

        Raises:
            Hung: none came in time; the child was killed. ChildDied: it is gone.
        """
        end = time.monotonic() + seconds
        while True:
            try:
                message = self._inbox.get(timeout=max(0.0, end - time.monotonic()))
            except Empty:
                self.discard()
                raise Hung from None
            if message is None:
                self.discard()
                raise ChildDied
            if message.get("id") == id_:
                return message

    def exchange(self, message: Message, seconds: float) -> Message:
        """Return the answer to `message` (see `receive`)."""
        return self.receive(self.send(message), seconds)

    def poll(self, id_: int, seconds: float) -> Message | None:
        """Return the next message with `id_`, None when none came; the child is left alone."""
        try:
            message = self._inbox.get(timeout=seconds)
        except Empty:
            return None
        if message is None:
            self.discard()
            raise ChildDied
        return message if message.get("id") == id_ else None

    def cancel(self, id_: int) -> None:
        """Ask the child to end what it does under `id_`."""
        if self._child is not None:
            with contextlib.suppress(ChildDied):
                self._child.send({"kind": "cancel", "id": id_})

    def discard(self) -> None:
        """Kill the child; the next question starts another."""
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.close()
            self.parcels.close()

    def close(self) -> None:
        """End the child; safe from any thread."""
        with self._guard:
            self.closed = True
            child, self._child = self._child, None
        if child is not None:
            child.close(1.0)
            self.parcels.close()
