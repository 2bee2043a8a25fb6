"""A job is the one form of long work: the drawer, the command line's progress and the log show the same thing."""

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Any

from medviewer.core.errors import UserError, sentence_for
from medviewer.core.events import Event

log = logging.getLogger(__name__)


class State(StrEnum):
    """Where a job is; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in (State.DONE, State.FAILED, State.CANCELLED)


class Cancelled(Exception):  # noqa: N818 - not an error, never shown as one
    """The user asked for the end of this work."""


class Job:
    """One piece of long work. `changed` fires (on any thread) at every change of state or progress.

    Attributes:
        title: what the drawer says; no patient data ("Reading Axial 5 mm" is fine, a name is not).
        done, total: progress in steps; total 0 means "not known".
        result, error: set once, before the final state is announced.
    """

    _ids = itertools.count(1)

    def __init__(self, title: str, kind: str = "") -> None:
        self.id = next(self._ids)
        self.title, self.kind = title, kind
        self.state = State.QUEUED
        self.done, self.total = 0, 0
        self.note = ""
        self.result: Any = None
        self.error: BaseException | None = None
        self.changed: Event[Job] = Event()
        self._stop = threading.Event()
        self._finished = threading.Event()
        self._on_cancel: list[Callable[[], object]] = []

    @property
    def cancel_asked(self) -> bool:
        return self._stop.is_set()

    @property
    def sentence(self) -> str:
        """What to show for a failed job; empty otherwise."""
        return sentence_for(self.error) if self.error else ""

    def on_cancel(self, act: Callable[[], object]) -> None:
        """Run `act` when the user cancels (used to reach work in another process)."""
        self._on_cancel.append(act)
        if self.cancel_asked:
            act()

    def cancel(self) -> None:
        """Ask for the end; a queued job ends at once, a running one at its next step."""
        if self.state.final or self._stop.is_set():
            return
        self._stop.set()
        for act in tuple(self._on_cancel):
            act()
        if self.state is State.QUEUED:
            self.finish(State.CANCELLED)
        else:
            self.changed.emit(self)

    def step(self, done: int, total: int, note: str = "") -> None:
        """Announce progress; the only place where a cancel takes effect.

        Raises:
            Cancelled: the user asked for the end.
        """
        if self.cancel_asked:
            raise Cancelled
        self.done, self.total, self.note = done, total, note
        self.changed.emit(self)

    def start(self) -> None:
        self.state = State.RUNNING
        self.changed.emit(self)

    def finish(self, state: State, *, result: Any = None, error: BaseException | None = None) -> None:
        """Enter a final state, once; later calls are ignored."""
        if self.state.final:
            return
        self.result, self.error, self.state = result, error, state
        self._finished.set()
        self.changed.emit(self)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the job is over (never on the window's thread); False after `timeout` seconds."""
        return self._finished.wait(timeout)

    def value(self, timeout: float | None = None) -> Any:
        """Wait for the end and return the result.

        Raises:
            Cancelled, TimeoutError, or the job's own error.
        """
        if not self.wait(timeout):
            raise TimeoutError(self.title)
        if self.state is State.CANCELLED:
            raise Cancelled
        if self.error:
            raise self.error
        return self.result


class Jobs:
    """All jobs of this program, oldest first, and the threads that run them."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._jobs: list[Job] = []
        self.added: Event[Job] = Event()
        self.changed: Event[Job] = Event()

    @property
    def all(self) -> tuple[Job, ...]:
        return tuple(self._jobs)

    @property
    def active(self) -> tuple[Job, ...]:
        return tuple(job for job in self._jobs if not job.state.final)

    def add(self, job: Job) -> Job:
        """List a job that something else drives (it must call start, step and finish)."""
        self._jobs.append(job)
        job.changed.connect(self.changed.emit)
        self.added.emit(job)
        return job

    def run(self, job: Job, work: Callable[[Job], Any]) -> Job:
        """List `job` and run `work(job)` on a pool thread; its return value becomes the result."""
        self.add(job)
        self._pool.submit(self._run, job, work)
        return job

    def run_quietly(self, job: Job, work: Callable[[Job], Any]) -> Job:
        """Run `work(job)` on a thread of its own, for another job that waits for it and tells of it."""
        threading.Thread(target=self._run, args=(job, work), name="quiet-job", daemon=True).start()
        return job

    @staticmethod
    def _run(job: Job, work: Callable[[Job], Any]) -> None:
        if job.state.final:
            return
        job.start()
        try:
            result = work(job)
        except Cancelled:
            job.finish(State.CANCELLED)
        except BaseException as error:
            if not isinstance(error, UserError):
                log.error("job %s failed: %s", job.kind or "unnamed", type(error).__name__, exc_info=error)
            job.finish(State.FAILED, error=error)
        else:
            job.finish(State.DONE, result=result)

    def forget_finished(self) -> None:
        """Drop final jobs from the list (the drawer's "Clear")."""
        self._jobs = [job for job in self._jobs if not job.state.final]

    def close(self) -> None:
        """Cancel everything and wait for the threads; nothing runs afterwards."""
        for job in self.active:
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
