"""Training runs: planned, started, watched, paused, gone on with, each in a folder that tells all of it again."""

import contextlib
import dataclasses
import logging
import threading
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from medviewer.app import claims
from medviewer.app.admin import plans
from medviewer.app.admin.lock import only_one
from medviewer.app.admin.plan_values import check_plan
from medviewer.app.admin.plans import Base
from medviewer.app.admin.preflight import first_refusal
from medviewer.app.admin.records import Gate, Plan, Run, RunState, Start
from medviewer.app.admin.run_driver import CLOSED, Drive, enter_late
from medviewer.app.admin.run_folder import PAUSE, STOP, RunFacts, RunFolder
from medviewer.app.admin.run_planning import Planning
from medviewer.app.admin.run_store import RunStore
from medviewer.app.admin.run_story import Story
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.core.events import Event

if TYPE_CHECKING:
    from medviewer.app.admin.previews import Pictures
    from medviewer.app.session import Session

log = logging.getLogger(__name__)

#: Seconds between two looks at what another program on this home trains, and that closing waits for a process.
LOOK_S, CLOSE_S = 1.0, 15.0
LIVE = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.PAUSED})
OTHERS = "Another medviewer on this computer drives this run."
LOOKING = "medviewer was started to look only; nothing can be trained."


class Runs:
    """`session.admin.runs`. Methods may be called from any thread.

    `preflight`, `start`, `go_on` and `remove` take their time with the disk: call them beside the window's thread.

    Attributes:
        changed: carries the id of a run that is different now; fires on any thread.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._store = RunStore(session.home.runs)
        self._planning = Planning(session)
        self._name = claims.claimant()
        self._lock = threading.RLock()
        self._drives: dict[str, Drive] = {}
        self._lost: dict[str, Story] = {}  # stories whose end the disk did not take
        self._queue: SimpleQueue[Drive | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self.changed: Event[str] = Event()
        self._watch = threading.Thread(target=self._look_out, name="training-look", daemon=True)
        self._watch.start()

    # -- looking

    def all(self, wait: bool = False) -> tuple[Run, ...]:
        """Return every run, the newest first; what cannot be read is left out.

        Right after the start it may be that not all of them have been read (`changed` tells); `wait` for them.
        """
        found = [folder.run(story) for folder, story in self._every(wait)]
        return tuple(sorted(found, key=lambda run: run.number, reverse=True))

    def get(self, id_: str) -> Run:
        """Return a run.

        Raises:
            UserError: `no_run`, `bad_run`.
        """
        folder, story = self._find(id_)
        return folder.run(story)

    def _find(self, id_: str) -> tuple[RunFolder, Story]:
        with self._lock:
            drive = self._drives.get(id_)
            if drive is not None:
                return drive.folder, drive.story
            folder, story = self._store.get(id_)
            return folder, self._lost.get(id_, story)

    def _every(self, wait: bool = False) -> list[tuple[RunFolder, Story]]:
        kept = self._store.all(wait)
        with self._lock:
            stories = self._lost | {id_: drive.story for id_, drive in self._drives.items()}
        return [(folder, stories.get(folder.id, story)) for folder, story in kept]

    def folder(self, id_: str) -> Path:
        """Return a run's folder."""
        return self._find(id_)[0].path

    def said(self, id_: str, after: int = 0) -> tuple[tuple[dict[str, Any], ...], int]:
        """Return what a run's training said since `after` (0, or what the last call returned), and how far that is."""
        return self._find(id_)[0].said(after)

    # -- planning

    def starts(self) -> tuple[Start, ...]:
        """Return what a training can start from: every version of every model, candidates too, then the presets."""
        return self._planning.starts()

    def suggested(self, start: Start, dataset: str = "", title: str = "") -> Plan:
        """Return a plan with the start's own settings, for a form to begin with.

        Raises:
            UserError: `no_model`, `no_preset`.
        """
        start, base = self._planning.base(start)
        return plans.suggested(start, base, dataset, title)

    def changes(self, start: Start) -> dict[str, Any]:
        """Return the changes of training pictures that a start has by itself (fields of `plan_values.CHANGES`)."""
        return dict(self._planning.base(start)[1].tables.get("augment", {}))

    def preflight(self, plan: Plan) -> tuple[Gate, ...]:
        """Return the conditions of a plan; one with `ok` False blocks."""
        return self._planning.preflight(plan)

    def seconds_estimate(self, plan: Plan) -> float | None:
        """Return how long a plan takes at the pace of earlier runs from the same start; None where there is none."""
        earlier = sorted(self._every(wait=True), key=lambda found: found[0].facts.number, reverse=True)
        return self._planning.seconds(plan, ((folder.run(story), story.pictures) for folder, story in earlier))

    def preview(self, plan: Plan, file: str, seed: int = 0) -> "Future[Pictures]":
        """Return 8 changed forms of a picture as the net would be given them (uint8 [row, column]).

        Of many wishes in a row only the last one is fulfilled, the others are cancelled. The future fails with
        UserError: `bad_plan`, `no_dataset`, `bad_dataset`, `no_process`.
        """
        return self._planning.preview(plan, file, seed)

    # -- deeds

    def start(self, plan: Plan) -> Run:
        """Queue a new run; it begins when no other one is being trained.

        Raises:
            UserError: `not_permitted`, `bad_plan`, `blocked` (with the condition's sentence), `no_space`.
        """
        self._may()
        check_plan(plan)
        start, base = self._planning.base(plan.start)
        plan = dataclasses.replace(plan, start=start, threads=plan.threads or plans.spare_threads())
        dataset = self._session.admin.datasets.get(plan.dataset)
        if refusal := first_refusal(self._planning.gates(plan, base, dataset)):
            raise refusal
        try:
            self._session.home.private(self._store.root)
            with only_one(self._store.lock):
                folder = self._store.make(lambda id_, number: self._describe(plan, base, dataset, id_, number))
                folder.claim(self._name)
        except OSError as error:
            raise _trouble(error) from error
        return self._begin(folder, base)

    def _describe(self, plan: Plan, base: Base, dataset: DataSet, id_: str, number: int) -> tuple[RunFacts, str]:
        name = str(plans.final_card(base, dataset)["name"])
        facts = RunFacts(
            id_,
            number,
            plan,
            datetime.now().astimezone().isoformat(timespec="seconds"),
            self._session.who,
            name,
            self._session.admin.versions.next_version(name),
            dataset.facts.sha256,
            base.model.sha256 if base.model is not None else "",
        )
        return facts, plans.config_text(plan, base, dataset, facts.version)

    def _begin(self, folder: RunFolder, base: Base) -> Run:
        """Put a claimed run into the queue."""
        drive = Drive(self._session, folder, base.model.path if base.model else None, self.changed.emit)
        try:
            drive.say({"event": "queued"})
        except OSError as error:
            folder.leave()
            raise _trouble(error) from error
        with self._lock:
            if self._closed.is_set():
                folder.leave()
                raise UserError("closed", "medviewer is closing.")
            self._drives[folder.id] = drive
            self._lost.pop(folder.id, None)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="training", daemon=True)
                self._thread.start()
        self._session.jobs.add(drive.job)
        self._queue.put(drive)
        self.changed.emit(folder.id)
        return drive.run

    def pause(self, id_: str) -> None:
        """Let a run wait at its next step; its process stays."""
        self._live(id_).flag(PAUSE, True)
        self.changed.emit(id_)

    def stop(self, id_: str) -> None:
        """Finish a run with the best it has: it is judged and written as at its end. A queued one leaves the queue."""
        folder = self._live(id_)
        with self._lock:
            drive = self._drives.get(id_)
        if drive is not None and drive.story.state is RunState.QUEUED:
            drive.job.cancel()
            return
        folder.flag(STOP, True)
        folder.flag(PAUSE, False)
        self.changed.emit(id_)

    def cancel(self, id_: str) -> None:
        """End a run of this program at once; its checkpoint stays, and it can go on.

        Raises:
            UserError: `not_now`: another program drives it, or it is over.
        """
        self._live(id_)
        with self._lock:
            drive = self._drives.get(id_)
        if drive is None:
            raise UserError("not_now", OTHERS)
        drive.job.cancel()

    def _live(self, id_: str) -> RunFolder:
        self._may()
        folder, story = self._find(id_)
        if folder.run(story).state not in LIVE:
            raise UserError("not_now", "This training is over.")
        return folder

    def go_on(self, id_: str) -> Run:
        """Let a paused run go on, or one that was stopped, interrupted or failed, from its last checkpoint.

        Raises:
            UserError: `not_permitted`, `not_now`, `blocked`, `no_model`.
        """
        self._may()
        folder, story = self._find(id_)
        run = folder.run(story)
        if run.state in LIVE:
            folder.flag(PAUSE, False)
            self.changed.emit(id_)
            return self.get(id_)
        if not run.can_go_on:
            raise UserError("not_now", "There is nothing to go on with in this run.")
        base = self._planning.base(run.plan.start)[1]
        if base.model is not None and base.model.sha256 != folder.facts.start_sha256:
            raise UserError("blocked", "The model that this run started from is another one now. Start a new run.")
        try:
            with only_one(self._store.lock):
                if not folder.claim(self._name):
                    raise UserError("not_now", OTHERS)
            for flag in (PAUSE, STOP):
                folder.flag(flag, False)
        except OSError as error:
            raise _trouble(error) from error
        return self._begin(folder, base)

    def remove(self, id_: str) -> None:
        """Remove a run with its checkpoint and its model.

        Raises:
            UserError: `not_permitted`, `not_now`: it is not over.
        """
        self._may()
        with only_one(self._store.lock):
            if self.get(id_).state in LIVE:
                own = id_ in self._drives
                raise UserError("not_now", "This training is not over. Stop it first." if own else OTHERS)
            try:
                self._store.remove(id_)
            except OSError as error:
                raise UserError("runs_disk", "The run could not be removed: its folder cannot be changed.") from error
        self.changed.emit(id_)

    def _may(self) -> None:
        if self._session.read_only:
            raise UserError("not_permitted", LOOKING)
        if why := self._session.admin.refusal():
            raise UserError("not_permitted", why)

    # -- the threads

    def _work(self) -> None:
        """Train one run after another."""
        while (drive := self._queue.get()) is not None:
            while not drive.ending and self._trained_elsewhere():
                self._closed.wait(LOOK_S)
            drive.go()
            with contextlib.suppress(UserError):  # its folder may be gone
                self._store.get(drive.folder.id)  # what it says at its end
            with self._lock:
                del self._drives[drive.folder.id]
                if drive.unwritten:
                    self._lost[drive.folder.id] = drive.ended
            drive.finish_job()
            self.changed.emit(drive.folder.id)

    def _trained_elsewhere(self) -> bool:
        """Say whether another program on this home trains now."""
        self._store.refresh()
        working = (RunState.RUNNING, RunState.PAUSED)
        return any(run.state in working and run.id not in self._drives for run in self.all())

    def _look_out(self) -> None:
        """Enter what killed programs could not; then tell of runs that other programs change or leave behind."""
        self._store.refresh()
        seen = self._seen()
        for id_ in seen:
            self.changed.emit(id_)
        if not self._session.read_only:
            self._tidy()
        while not self._closed.wait(LOOK_S):
            self._store.refresh()
            before, seen = seen, self._seen()
            for id_ in [i for i in before.keys() | seen.keys() if before.get(i) != seen.get(i)]:
                if id_ not in self._drives:
                    self.changed.emit(id_)

    def _seen(self) -> dict[str, Any]:
        return {run.id: (run.state, run.epoch, run.step) for run in self.all(wait=True)}

    def _tidy(self) -> None:
        left = [folder for folder, _ in self._store.all(wait=True) if folder.owner and not folder.alive]
        if not left and not any(self._store.root.glob(".*-run-*")):
            return
        try:
            with only_one(self._store.lock):
                self._store.sweep()
                for folder in left:
                    if not folder.alive:
                        enter_late(self._session, folder)
        except (OSError, UserError) as error:
            log.warning("runs of killed programs could not be tidied: %s", type(error).__name__)

    def close(self) -> None:
        """End the training that runs (it can go on from its checkpoint) and whatever waits; wait until it is gone."""
        with self._lock:
            self._closed.set()
            drives, thread = list(self._drives.values()), self._thread
        self._planning.close()
        for drive in drives:
            drive.end(CLOSED)
        self._queue.put(None)
        for each in (thread, self._watch):
            if each is not None and each is not threading.current_thread():
                each.join(CLOSE_S)
        claims.leave(self._name)


def _trouble(error: OSError) -> UserError:
    if error.errno in (28, 122):
        return UserError("no_space", "The disk is full: the training was not started. Free some space and try again.")
    return UserError("runs_disk", "The folder of the training runs cannot be written; the training was not started.")
