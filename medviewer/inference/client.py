"""The worker thread that drives the model process, and what the rest of the program asks of it.

`EngineClient` is called from any thread and never blocks; its one thread owns the process, the queue of tasks and all
bookkeeping, so nothing here needs a lock. Everything reaches that thread through one inbox: tasks, cancels, messages
of the process, its death. Callbacks (`on_scores`, `on_map`, events, `job.changed`) run on that thread.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from medviewer.core.child import Child, ChildDied
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Cancelled, Job, State
from medviewer.core.parcels import BadParcel, Parcels
from medviewer.inference import protocol
from medviewer.inference.folder import ModelFolder
from medviewer.inference.tasks import (
    BACKGROUND,
    BackgroundTask,
    DevicesTask,
    ExplainTask,
    Fed,
    PredictTask,
    Task,
    WarmTask,
    tell,
)

log = logging.getLogger(__name__)

#: Seconds: within which a cancel must be answered, and within which something must be heard of a request.
CANCEL_DEADLINE, SILENCE_DEADLINE, START_DEADLINE = 5.0, 120.0, 60.0

STOPPED = "The model process stopped{where}. The images are not affected. Try again."
SILENT = "The model process did not answer{where} and was ended. The images are not affected. Try again."
STRANGE = "The model process gave an answer that does not fit{where} and was ended. Try again."
CLOSED = "medviewer is closing."


class EngineClient:
    """Predictions and explanations by the model process, which is started at need and again after its death.

    Attributes:
        noticed: sentences that the reader must see ("The graphics card is full. ...").
        device: where the last answer was computed ("cpu", "cuda", "mps", "cpu, int8 copy"); "" before the first.
        copy_of: returns the lighter copy that may answer for a model; None: the model itself.
    """

    def __init__(self, device: str = "auto") -> None:
        """Prepare; no process and no thread is started before the first request."""
        self.noticed: Event[str] = Event()
        self.device = ""
        self.copy_of: Callable[[ModelFolder], protocol.Copy | None] = lambda _: None
        self._wanted = device
        self._inbox: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        self._closed = False
        # below: touched by the worker thread alone
        self._child: Child | None = None
        self._parcels: Parcels | None = None
        self._heard = False  # this process has answered once: torch is imported
        self._tasks: list[Task] = []
        self._flying: dict[int, tuple[Task, float]] = {}  # request id -> its task, when it was last heard of
        self._cancelled: dict[int, float] = {}  # request id -> when its end was asked for
        self._ids = 0

    # --- for every thread ---

    def predict(
        self,
        model: ModelFolder,
        frames: Iterable[Fed] | Callable[[], Iterable[Fed]],
        job: Job,
        on_scores: Callable[[tuple[SliceScore, ...]], object],
        batch: int = 8,
        patch: bool = False,
        background: bool = False,
    ) -> None:
        """Score pictures; returns at once, `job` carries the state and `on_scores` is called as answers come.

        `frames` yields (index, frame, (row, column) spacing in mm or None) and is pulled on the worker thread, never
        more than two batches ahead, so that decoding overlaps with computing; what it raises ends the job.

        `background`: nobody waits for it; it goes on only while nothing else is asked, several such jobs in turn, and
        its frames are pulled on a thread of their own; None among them says that nothing more comes for now.
        """
        if background:
            wake = lambda: self._inbox.put(("", None))  # noqa: E731
            self._submit(BackgroundTask(model, job, frames, on_scores, batch, patch, self.copy_of(model), wake=wake))
        else:
            self._submit(PredictTask(model, job, frames, on_scores, batch, patch, self.copy_of(model)))

    def explain(
        self,
        model: ModelFolder,
        index: int,
        frame: Frame,
        spacing: tuple[float, float] | None,
        target: str,
        method: str,
        parameters: dict[str, Any],
        job: Job,
        on_map: Callable[[Explanation], object],
    ) -> None:
        """Explain one picture; returns at once, `on_map` is called with each refinement. Goes before predictions."""
        self._submit(ExplainTask(model, job, (index, frame, spacing), target, method, parameters, on_map))

    def warm(self, model: ModelFolder) -> Job:
        """Start the process, load the model and run it once, so that the first real answer is quick."""
        job = Job(f"Preparing {model.card.title}", "warm")
        self._submit(WarmTask(model, job))
        return job

    def devices(self) -> "Future[dict[str, Any]]":
        """Ask the process for {"devices": [{"name", "usable", ...}], "torch": version, "threads": n}."""
        task = DevicesTask(Job("Looking for devices", "devices"))
        self._submit(task)
        return task.future

    @property
    def pid(self) -> int | None:
        """Process id of the model process, while there is one."""
        child = self._child
        return child.pid if child else None

    def close(self, timeout: float = 5.0) -> None:
        """End every job and the process; returns when they are gone. Later requests fail."""
        with self._start_lock:
            self._closed = True
        if self._thread is not None:
            self._inbox.put(("close", None))
            self._thread.join(timeout)
            child, parcels = self._child, self._parcels
            if self._thread.is_alive() and child is not None and parcels is not None:
                child.kill()  # a source of frames hangs; the process must not outlive us
                parcels.close()

    def _submit(self, task: Task) -> None:
        with self._start_lock:
            if self._closed:
                task.job.finish(State.FAILED, error=UserError("closed", CLOSED))
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
                self._thread.start()
        task.job.on_cancel(lambda: self._inbox.put(("cancel", task)))
        self._inbox.put(("task", task))

    # --- the worker thread ---

    def _run(self) -> None:
        acts: dict[str, Callable[[Any], None]] = {
            "task": self._queue,
            "cancel": self._cancel,
            "message": self._received,
            "died": self._died,
            "": lambda _: None,
        }
        while (event := self._next())[0] != "close":
            try:
                acts[event[0]](event[1])
                self._watch()
                self._pump()
            except Exception:  # a listener's defect (job.changed) must not cost everyone the worker
                log.exception("the inference worker goes on after a defect")
        self._shut_down()

    def _next(self) -> tuple[str, Any]:
        try:
            return self._inbox.get(timeout=0.25 if self._flying or self._cancelled else None)
        except Empty:
            return "", None

    def _queue(self, task: Task) -> None:
        self._tasks.append(task)

    def _pump(self) -> None:
        """Send what may be sent, explanations before predictions; stops to look into the inbox between frames."""
        went_on = True
        while went_on and self._inbox.empty():
            went_on = False
            wanted = any(task.urgency < BACKGROUND for task in self._tasks)
            for task in sorted(self._tasks, key=lambda t: t.urgency):
                if wanted and task.urgency >= BACKGROUND:
                    break
                like_it = sum(other.urgency == task.urgency for other, _ in self._flying.values())
                if task.wants_to_send(like_it):
                    self._advance(task)
                    went_on = True
                    break

    def _flights(self, task: Task) -> int:
        return sum(other is task for other, _ in self._flying.values())

    def _advance(self, task: Task) -> None:
        """Let the task collect a frame or make a request, and send that."""
        try:
            if task.job.state is State.QUEUED:
                task.job.start()
            if task.job.cancel_asked:
                raise Cancelled
            parcels = self._running()
            request = task.request(self._ids + 1, self._wanted, parcels)
            if request is not None:
                self._ids += 1
                assert self._child is not None
                self._flying[self._ids] = task, time.monotonic()
                self._child.send(protocol.to_wire(request))
                if task.urgency >= BACKGROUND:  # the next one in the background has its turn
                    self._tasks.sort(key=lambda other: other is task)
            elif task.finished and not self._flights(task):
                self._finish(task)
        except Cancelled:
            self._end(task, State.CANCELLED)
        except ChildDied:
            pass  # `died` is on its way and ends what was in flight
        except Exception as error:  # noqa: BLE001 - a source of frames may raise anything; the worker lives on
            self._fail(task, error)

    def _running(self) -> Parcels:
        """Start the process, unless it runs."""
        if self._child is None or self._parcels is None:
            self._parcels, self._heard = Parcels(), False
            number = self._parcels  # tells this process's messages from those of one before it
            self._child = Child(
                "engine",
                self._parcels,
                lambda message: self._inbox.put(("message", (number, message))),
                lambda code: self._inbox.put(("died", (number, code))),
            )
        return self._parcels

    def _received(self, what: tuple[Parcels, dict[str, Any]]) -> None:
        parcels, wire = what
        if parcels is not self._parcels:
            return
        id_ = wire.get("id")
        task, _ = self._flying.get(id_, (None, 0.0)) if isinstance(id_, int) else (None, 0.0)
        self._heard = True
        try:
            message = protocol.from_wire(wire)
            if task is None:
                raise protocol.ProtocolError("an answer to no request")
            if message.id in self._cancelled:
                self._overheard(message, parcels)
            else:
                self._flying[message.id] = task, time.monotonic()
                self._hear(task, message, parcels)
        except (protocol.ProtocolError, BadParcel, OSError) as error:
            log.error("the model process does not speak our protocol: %s", type(error).__name__)
            self._kill(STRANGE)

    def _overheard(self, message: protocol.Message, parcels: Parcels) -> None:
        """Take note of an answer that nobody waits for any more."""
        if isinstance(message, protocol.Mapped):
            parcels.drop(message.array)
        elif isinstance(message, protocol.Done | protocol.Failed):
            self._flying.pop(message.id, None)
            self._cancelled.pop(message.id, None)

    def _hear(self, task: Task, message: protocol.Message, parcels: Parcels) -> None:
        if isinstance(message, protocol.Notice):
            tell(self.noticed.emit, message.text[:500])
        elif isinstance(message, protocol.Done):
            task.done(message)
            del self._flying[message.id]
            self.device = message.device
            if task.finished and not self._flights(task):
                self._finish(task)
        elif isinstance(message, protocol.Failed):
            del self._flying[message.id]
            if message.code == "defect":
                log.error("the model process failed: %s", message.details)
            self._fail(task, UserError(message.code, message.sentence, message.details))
        else:
            try:
                task.heard(message, parcels)
            except Cancelled:
                self._end(task, State.CANCELLED)
            except (protocol.ProtocolError, BadParcel, OSError):
                raise
            except Exception as error:  # noqa: BLE001 - a listener of `job.changed`
                self._fail(task, error)

    def _finish(self, task: Task) -> None:
        self._tasks = [other for other in self._tasks if other is not task]
        task.close(None)
        task.job.finish(State.DONE, result=task.result)

    def _fail(self, task: Task, error: BaseException) -> None:
        if not isinstance(error, UserError):
            log.error("job %s failed: %s", task.job.kind or "unnamed", type(error).__name__, exc_info=error)
        self._end(task, State.FAILED, error)

    def _cancel(self, task: Task) -> None:
        self._end(task, State.CANCELLED)

    def _end(self, task: Task, state: State, error: BaseException | None = None) -> None:
        """End a task before its time: what is in flight is called back, and its answers are no longer waited for."""
        self._tasks = [other for other in self._tasks if other is not task]
        for id_ in [id_ for id_, (other, _) in self._flying.items() if other is task and id_ not in self._cancelled]:
            self._cancelled[id_] = time.monotonic()
            if self._child is not None:
                try:
                    self._child.send(protocol.to_wire(protocol.Cancel(id=id_)))
                except ChildDied:
                    break
        task.close(error or Cancelled())
        task.job.finish(state, error=error)

    def _watch(self) -> None:
        """End a process that does not answer a cancel in time, or says nothing at all."""
        now = time.monotonic()
        allowed = CANCEL_DEADLINE if self._heard else START_DEADLINE
        called_back = min(self._cancelled.values(), default=now)
        heard = max((heard for _, heard in self._flying.values()), default=now)
        if now - called_back > allowed or now - heard > SILENCE_DEADLINE:
            self._kill(SILENT)

    def _kill(self, sentence: str) -> None:
        child, parcels = self._child, self._parcels
        if child is not None and parcels is not None:
            child.kill()
            self._gone(sentence)

    def _died(self, what: tuple[Parcels, int]) -> None:
        parcels, code = what
        if parcels is self._parcels:
            log.error("the model process ended with %s", code)
            self._gone(STOPPED)

    def _gone(self, sentence: str) -> None:
        """Forget the process; the tasks that waited for it fail with one sentence, the others get a new one."""
        tasks = {id(task): task for task, _ in self._flying.values()}
        child, parcels = self._child, self._parcels
        self._child, self._parcels = None, None
        self._flying.clear()
        self._cancelled.clear()
        if child is not None and parcels is not None:
            child.close(grace=0.5)
            parcels.close()
        for task in tasks.values():
            if not task.job.state.final:
                self._end(task, State.FAILED, UserError("engine_stopped", sentence.format(where=task.where)))

    def _shut_down(self) -> None:
        for task in tuple(self._tasks):
            self._end(task, State.CANCELLED)
        self._flying.clear()
        if self._child is not None and self._parcels is not None:
            self._child.close(grace=1.0)
            self._parcels.close()
        self._child, self._parcels = None, None
