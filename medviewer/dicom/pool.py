"""The window process's side of reading: reader processes, their queue, deadlines and restarts (no pydicom here).

Pictures that somebody waits for come before those that are fetched ahead. A reader that does not answer in time, or
dies, is replaced; what it was asked for fails with a sentence.
"""

import os
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from medviewer.core.child import ChildDied, Message
from medviewer.core.errors import UserError
from medviewer.core.image import Frame, VoiLut
from medviewer.core.intensity import Window
from medviewer.core.jobs import Cancelled, Job
from medviewer.core.parcels import BadParcel, Parcels, sweep
from medviewer.core.study import ImageRef
from medviewer.core.values import pack, unpack
from medviewer.dicom.decode.damage import refusal
from medviewer.dicom.readers import Hung, Reader
from medviewer.dicom.scanning import OnBatch, Scan

FRAME_SECONDS = 10.0
PHANTOM_SECONDS = 120.0
#: How long a reader that a scan had more stays for the next scan: starting a process holds up the whole window.
LINGER_SECONDS = 30.0


@dataclass
class _Task:
    """One question to a child and what becomes of its answer."""

    ask: Callable[[], Message]
    read: Callable[[Message, Parcels], Any]
    refuse: Callable[[str], UserError]
    seconds: float
    future: "Future[Any]" = field(default_factory=Future)

    def run(self, reader: Reader) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            answer = self._exchange(reader)
            if answer["kind"] == "failed":
                raise UserError(answer["code"], answer["sentence"], answer["details"])
            self.future.set_result(self.read(answer, reader.parcels))
        except Hung:
            self.future.set_exception(self.refuse("slow"))
        except (ChildDied, BadParcel, OSError, KeyError):
            self.future.set_exception(CancelledError() if reader.closed else self.refuse("crashed"))
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            self.future.set_exception(error)

    def _exchange(self, reader: Reader) -> Message:
        """Ask; once more where the process died over it: somebody else may have ended it."""
        try:
            return reader.exchange(self.ask(), self.seconds)
        except ChildDied:
            if reader.closed:
                raise
            return reader.exchange(self.ask(), self.seconds)

    def drop(self) -> None:
        self.future.cancel()


@dataclass
class _Lease:
    """A reader lent to a scan, which talks to the child on its own thread."""

    given: "SimpleQueue[Reader | None]" = field(default_factory=SimpleQueue)
    returned: threading.Event = field(default_factory=threading.Event)

    def run(self, reader: Reader) -> None:
        if not self.returned.is_set():
            self.given.put(reader)
            self.returned.wait()

    def drop(self) -> None:
        self.given.put(None)


T = TypeVar("T", _Task, _Lease)


class ReaderPool:
    """Reader processes for files and pixels. The first one starts at once, the others when there is work for them.

    Args:
        size: how many decode pictures at the same time; a scan takes one more.
        folder: private folder of the caller, in which unpacked archives lie (None: one of its own among the system's
            temporary files). What a killed program leaves there is the caller's to remove.
    """

    def __init__(self, size: int = 2, folder: Path | None = None) -> None:
        self._size = max(1, size)
        self._lock = threading.Condition()
        self._urgent: deque[_Task | _Lease] = deque()
        self._normal: deque[_Task | _Lease] = deque()
        self._scans, self._closing = 0, False
        root = folder or Path(tempfile.gettempdir())
        sweep(root)
        self._spool = Path(tempfile.mkdtemp(prefix=f"medviewer-{os.getpid()}-spool-", dir=root))
        self._readers = [Reader(self._next_task, now=True)]

    # -- what others call

    def scan(self, paths: Sequence[Path], job: Job, on_batch: OnBatch) -> None:
        """Read all headers under `paths` and hand them out in batches on this thread; blocks until the end.

        A file that hangs or crashes its reader is reported as `unreadable`, and the scan goes on behind it.

        Raises:
            Cancelled: the job was cancelled. UserError: nothing can be read at all.
        """
        lease = _Lease()
        with self._lock:
            self._scans += 1
        try:
            self._put(lease, urgent=True)
            job.on_cancel(lambda: lease.given.put(None))
            reader = lease.given.get()
            if reader is None:
                raise Cancelled
            with self._lock:
                self._grow(1)  # the first picture is wanted as soon as its header is there
            spool = Path(tempfile.mkdtemp(dir=self._spool))
            Scan([str(path) for path in paths], str(spool), reader, job, on_batch).run()
        finally:
            lease.returned.set()
            with self._lock:
                self._scans -= 1
                self._lock.notify_all()

    def frame(self, ref: ImageRef, urgent: bool = False) -> "Future[Frame]":
        """Return the decoded picture to come; it fails with a UserError."""
        return self._put(
            _Task(lambda: _ask("frame", ref), _read_frame, _refuser(ref), FRAME_SECONDS), urgent=urgent
        ).future

    def thumbnail(self, ref: ImageRef, side: int) -> "Future[NDArray[np.uint8]]":
        """Return an 8-bit grey or RGB picture to come, longer side at most `side`."""
        task = _Task(lambda: {**_ask("thumbnail", ref), "side": side}, _read_values, _refuser(ref), FRAME_SECONDS)
        return self._put(task, urgent=False).future

    def phantom(self, folder: Path) -> "Future[dict[str, Any]]":
        """Write the synthetic chest into `folder`; the result is the packed `PhantomTruth`."""

        def refuse(why: str) -> UserError:
            return UserError("unreadable", "The synthetic study could not be made; try again.", why)

        def read(answer: Message, parcels: Parcels) -> dict[str, Any]:
            truth: dict[str, Any] = answer["truth"]
            return truth

        message = {"kind": "phantom", "folder": str(folder)}
        return self._put(_Task(lambda: message, read, refuse, PHANTOM_SECONDS), urgent=True).future

    def close(self) -> None:
        """Drop what is queued and end all processes; nothing of ours is left."""
        with self._lock:
            self._closing = True
            left = [*self._urgent, *self._normal]
            self._urgent.clear()
            self._normal.clear()
            readers = list(self._readers)
            self._lock.notify_all()
        for task in left:
            task.drop()
        for reader in readers:
            reader.close()
        for reader in readers:
            if reader is not threading.current_thread():
                reader.join(5)
        shutil.rmtree(self._spool, ignore_errors=True)

    # -- what readers call

    def _next_task(self, reader: Reader) -> "_Task | _Lease | None":
        """Wait for work; None: this reader is to end (closing, or for long one more than wanted)."""
        with self._lock:
            reader.busy = False
            end = time.monotonic() + LINGER_SECONDS
            while not self._closing:
                if queue := self._queue():
                    reader.busy = True
                    return queue.popleft()
                left = end - time.monotonic() if len(self._readers) > self._size + self._scans else None
                if left is not None and left <= 0:
                    self._readers.remove(reader)
                    return None
                self._lock.wait(left)
            return None

    def _queue(self) -> "deque[_Task | _Lease] | None":
        """Return where the next task is (with the lock held); a reader that stays for the next scan decodes nothing."""
        if sum(reader.busy for reader in self._readers) >= self._size + self._scans:
            return None
        return self._urgent or self._normal or None

    def _put(self, task: T, *, urgent: bool) -> T:
        with self._lock:
            if self._closing:
                task.drop()
                return task
            (self._urgent if urgent else self._normal).append(task)
            self._grow(len(self._urgent) + len(self._normal))
            self._lock.notify()
        return task

    def _grow(self, waiting: int) -> None:
        """Start one reader more where `waiting` tasks find fewer free ones (with the lock held)."""
        free = sum(not reader.busy for reader in self._readers)
        if waiting > free and len(self._readers) < self._size + self._scans and not self._closing:
            self._readers.append(Reader(self._next_task))


def _ask(kind: str, ref: ImageRef) -> Message:
    """Return the question for one picture; of a long list of frames only its own travels."""
    header = ref.header if len(ref.header.frames) == 1 else replace(ref.header, frames=(ref.plane,))
    return {"kind": kind, "header": pack(header), "frame": ref.frame}


def _refuser(ref: ImageRef) -> Callable[[str], UserError]:
    return lambda why: refusal(why, ref.header, ref.frame)


def _read_frame(answer: Message, parcels: Parcels) -> Frame:
    lut = answer["voi_lut"]
    return Frame(
        parcels.unwrap(answer["values"]),
        parcels.unwrap(answer["padding"]) if answer["padding"] else None,
        unpack(Window, answer["window"]) if answer["window"] else None,
        inverted=answer["inverted"],
        voi_lut=VoiLut(lut["first"], parcels.unwrap(lut["table"]), lut["name"]) if lut else None,
        marks=tuple(answer["marks"]),
    )


def _read_values(answer: Message, parcels: Parcels) -> NDArray[np.uint8]:
    return parcels.unwrap(answer["values"])
