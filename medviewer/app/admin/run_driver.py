"""Driving a training run: its process from the first line to the last, whatever happens to it."""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.records import Run, RunState
from medviewer.app.admin.run_folder import CHECKPOINT, RunFolder
from medviewer.app.admin.run_process import ENDS, NOT_OURS, NOT_STARTED, Strange, TrainingProcess
from medviewer.app.admin.run_story import WITHOUT_A_WORD, Story
from medviewer.core.errors import UserError, sentence_for
from medviewer.core.jobs import Cancelled, Job, State
from medviewer.inference.folder import load

if TYPE_CHECKING:
    from medviewer.app.session import Session

log = logging.getLogger(__name__)

CLOSED = "medviewer was closed before the training was finished. It can go on from its last checkpoint."
BY_HAND = "The training was ended by hand. It can go on from its last checkpoint."
#: Seconds that the library may take for an entry of the audit.
PATIENCE_S = 20.0
#: Events after which nothing comes.
ENDINGS = frozenset({"done", "failed", "ended"})
#: State at the end -> the deed in the audit.
DEEDS = {
    RunState.DONE: "training.finished",
    RunState.FAILED: "training.failed",
    RunState.STOPPED: "training.stopped",
    RunState.INTERRUPTED: "training.stopped",
}


class Drive:
    """One run that this program drives: queued, then running, then over.

    Attributes:
        job: the same in the drawer; cancelling it ends the run and keeps its checkpoint.
        story: what was said, as far as it was heard.
    """

    def __init__(
        self, session: "Session", folder: RunFolder, start: Path | None, told: Callable[[str], object]
    ) -> None:
        self._session, self.folder, self._start, self._told = session, folder, start, told
        self.story = folder.story()
        self.job = Job(f"Training {folder.facts.model}, run {folder.facts.number}", "training")
        self.job.total = folder.facts.plan.epochs
        self._lock = threading.Lock()
        self._process: TrainingProcess | None = None
        self._ending = ""  # why it is ended before its time
        self._last: list[dict[str, Any]] = []  # how it ended: told only when everything of it is over
        self.unwritten = False  # its end could not be written down
        self.job.on_cancel(lambda: self.end(BY_HAND))

    @property
    def ending(self) -> bool:
        return bool(self._ending)

    @property
    def run(self) -> Run:
        return self.folder.run(self.story)

    @property
    def ended(self) -> Story:
        """The story with its end."""
        return self.story.with_lines(self._last)

    def end(self, why: str) -> None:
        """Let it end as soon as it can; its checkpoint stays (from any thread, returns at once)."""
        with self._lock:
            if why == CLOSED or not self._ending:  # closing cancels every job first
                self._ending = why
            process = self._process
        if process is not None:
            process.end()

    def say(self, event: Mapping[str, Any]) -> None:
        """Write one line into the run's events, then tell of it.

        Raises:
            OSError: a full disk.
        """
        line = self.folder.say(event)
        if line["event"] in ENDINGS:
            self._last.append(line)
        else:
            self.story.add(line)
            self._told(self.folder.id)

    def go(self) -> None:
        """Run the training and return when it is over, however that came about (on the trainings' own thread)."""
        if not self.ending:
            try:
                self._go()
            except OSError as error:  # the disk is full, or the folder is gone
                self._fail(error)
            except Exception as error:
                log.error("driving a training failed: %s", type(error).__name__, exc_info=error)
                self._fail(error)
        self._close()

    def _go(self) -> None:
        resumed = (self.folder.path / CHECKPOINT).is_dir()
        try:
            process = TrainingProcess(self.folder, self._session.home.datasets, self._start)
        except OSError as error:
            raise UserError("no_process", NOT_STARTED.format(why=error.strerror or "unknown")) from error
        with self._lock:
            self._process = process
        try:
            if self._ending:
                process.end()
            self.say({"event": "began", "pid": process.pid})
            self.job.start()
            audit(self._session, self.folder, "training.started", {"resumed": resumed} if resumed else {})
            for line in process.lines():
                self.say(line)
                self._step()
        except Strange:
            process.kill()
            self.say({"event": "failed", "code": "strange", "sentence": NOT_OURS})
        finally:
            process.end()
            code = process.finish()
        if not self._last:
            words = self._ending or ENDS.get(code, WITHOUT_A_WORD)
            self.say({"event": "ended", "code": code, "asked": self._ending == BY_HAND, "sentence": words})

    def _step(self) -> None:
        with contextlib.suppress(Cancelled):  # `end` was called: the process says the rest
            self.job.step(max(self.story.epochs, default=0), self.folder.facts.plan.epochs)

    def _fail(self, error: BaseException) -> None:
        """Note a failure of ours; on a full disk it may be known to this program alone."""
        code = error.code if isinstance(error, UserError) else "no_space" if isinstance(error, OSError) else "defect"
        self._end_with({"event": "failed", "code": code, "sentence": sentence_for(error)})

    def _end_with(self, line: dict[str, Any]) -> None:
        try:
            line = self.folder.say(line)
        except OSError:
            log.warning("how a training ended could not be written down")
            self.unwritten = True
        self._last.append(line)

    def _close(self) -> None:
        """Enter into the audit how it ended, and let the run go."""
        if not self._last:  # it was ended while it waited
            self._end_with({"event": "ended", "code": None, "asked": self._ending == BY_HAND, "sentence": self._ending})
        deed, more = _deed(self.folder.run(self.ended))
        audit(self._session, self.folder, deed, more)
        with contextlib.suppress(OSError):
            self.folder.leave()

    def finish_job(self) -> None:
        """Let the drawer know (when everybody else can know)."""
        story = self.ended
        run = self.folder.run(story)
        if run.state is RunState.DONE:
            self.job.finish(State.DONE, result=run)
        elif run.state is RunState.FAILED:
            self.job.finish(State.FAILED, error=UserError(story.code or "failed", run.sentence))
        else:
            self.job.finish(State.CANCELLED)


def enter_late(session: "Session", folder: RunFolder) -> None:
    """Enter the end of a run whose program was killed, unless the audit has it; nobody owns the run any more then."""
    story = folder.story()
    deed, more = _deed(folder.run(story))
    if story.begun and folder.audited != deed:
        audit(session, folder, deed, more | {"entered_late": True})
    folder.leave()


def audit(session: "Session", folder: RunFolder, what: str, more: dict[str, Any]) -> None:
    """Enter a deed of a run into the audit; a library in trouble stops no training."""
    facts, start = folder.facts, folder.facts.plan.start
    details: dict[str, Any] = {
        "run": facts.id,
        "dataset": facts.plan.dataset,
        "dataset_sha256": facts.dataset_sha256,
        "start": {"kind": start.kind, "name": start.name, "version": start.version, "sha256": facts.start_sha256},
        "model": facts.model,
        "version": facts.version,
        **more,
    }
    try:
        session.shelf.write(lambda library: library.audit(what, details=details)).result(PATIENCE_S)
    except (UserError, TimeoutError) as error:
        log.warning("%s could not be entered into the audit: %s", what, type(error).__name__)
    else:
        folder.note_audited(what)


def _deed(run: Run) -> tuple[str, dict[str, Any]]:
    """Return the deed that ended a run, and what else is to be known of it."""
    if run.model is None:
        return DEEDS[run.state], {"state": run.state.value}
    try:
        return DEEDS[run.state], {"sha256": load(run.model).sha256}
    except UserError:
        return DEEDS[run.state], {"sha256": ""}
