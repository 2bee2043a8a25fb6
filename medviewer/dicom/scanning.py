"""A scan as the window process sees it: batches in, bad files told by the last one announced, cancel, restart."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from medviewer.core.child import ChildDied, Message
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled, Job
from medviewer.core.study import ImageHeader, Skipped
from medviewer.core.values import unpack
from medviewer.dicom.decode.damage import base_name
from medviewer.dicom.readers import Hung, Reader

SILENT_SECONDS = 20.0
CANCEL_SECONDS = 0.4
MOST_BAD_FILES = 50  # that hang or crash a reader, in one scan

OnBatch = Callable[[tuple[ImageHeader, ...], tuple[Skipped, ...]], object]


class _Failed(UserError):  # noqa: N818
    """The child ended the scan by itself."""


class Scan:
    """One scan on a reader that is lent to it. `run` blocks and calls `on_batch` on its own thread."""

    def __init__(self, paths: list[str], spool: str, reader: Reader, job: Job, on_batch: OnBatch) -> None:
        self._question = {"kind": "scan", "paths": paths, "spool": spool}
        self._reader, self._job, self._on_batch = reader, job, on_batch
        self._seen = 0
        self._bad: list[int] = []
        self._at: tuple[int, str] | None = None

    def run(self) -> None:
        """Scan to the end.

        Raises:
            Cancelled: the job was cancelled. UserError: nothing can be read at all.
        """
        while not self._once():
            pass

    def _once(self) -> bool:
        """Ask a reader to scan what is left; False when it died of a file, which is left out from now on."""
        self._at = None
        try:
            id_ = self._reader.send({**self._question, "after": self._seen, "skip": self._bad})
            try:
                while (message := self._next(id_))["kind"] != "done":
                    self._take(message)
            except (Hung, ChildDied, _Failed):
                raise
            except BaseException:  # cancelled, or the receiver failed: the reader must not go on for nobody
                self._stop(id_)
                raise
            return True
        except Hung:
            self._blame("could not be read: reading it did not end.")
        except ChildDied:
            self._blame("is damaged: it stopped the process that reads files.")
        return False

    def _next(self, id_: int) -> Message:
        """Return the next message.

        Raises:
            Hung: silence for too long. ChildDied: the reader is gone. Cancelled: the job was cancelled.
        """
        end = time.monotonic() + SILENT_SECONDS
        while (message := self._reader.poll(id_, 0.05)) is None:
            if self._job.cancel_asked:
                raise Cancelled
            if time.monotonic() > end:
                self._reader.discard()
                raise Hung
        return message

    def _stop(self, id_: int) -> None:
        """End the scan in the child, which is killed when it does not listen."""
        self._reader.cancel(id_)
        end = time.monotonic() + CANCEL_SECONDS
        with contextlib.suppress(ChildDied):
            while time.monotonic() < end:
                message = self._reader.poll(id_, 0.05)
                if message is not None and message["kind"] in ("done", "failed"):
                    return
        self._reader.discard()

    def _take(self, message: dict[str, Any]) -> None:
        if message["kind"] == "at":
            self._at = message["number"], message["path"]
        elif message["kind"] == "headers":
            self._seen = message["seen"]
            headers = tuple(unpack(ImageHeader, header) for header in message["headers"])
            self._on_batch(headers, tuple(unpack(Skipped, skipped) for skipped in message["skipped"]))
            self._job.step(self._seen, 0)
        elif message["kind"] == "failed":
            raise _Failed(message["code"], message["sentence"], message["details"])

    def _blame(self, words: str) -> None:
        """Report the file that was announced last as unreadable, so that the next round passes it."""
        if self._at is None or self._at[0] in self._bad or len(self._bad) >= MOST_BAD_FILES:
            raise UserError("unreadable", "The files could not be read to the end; open a part of them.")
        number, label = self._at
        self._bad.append(number)
        self._on_batch((), (Skipped(label, "unreadable", f"{base_name(label)} {words}"),))
