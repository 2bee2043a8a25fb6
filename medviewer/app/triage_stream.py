"""One model's pictures of many studies on their way to the model process: decoded ahead, in the background, in batches.

A stream takes more pictures as long as it runs, so that batches are full although each film is a study of its own. It
waits for nobody: what the reader wants to see is decoded first, what the reader asks a model for is read first.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from medviewer.core.errors import UserError
from medviewer.core.findings import SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.core.study import ImageRef
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

#: Pictures that are being decoded ahead, and seconds that a stream without work waits for more before it ends.
AHEAD, LINGER_S = 6, 0.15


@dataclass(frozen=True)
class Item:
    """One picture to read: what it belongs to, its place there, and where it lies."""

    owner: Any
    index: int
    ref: ImageRef


@dataclass(frozen=True)
class Answer:
    """What came of one picture; `unread`: it could not be decoded, so the model never saw it."""

    item: Item
    score: SliceScore
    unread: bool = False


class ModelStream:
    """Pictures for one model, as long as there are some. `answered` and `ended` are called on threads of others.

    Attributes:
        alone: it was made for one study that failed before among others.
    """

    def __init__(
        self,
        session: "Session",
        model: ModelFolder,
        answered: Callable[[list[Answer]], object],
        ended: Callable[["ModelStream"], object],
        alone: bool = False,
    ) -> None:
        self._session, self.model, self.alone = session, model, alone
        self._answered, self._ended = answered, ended
        self._lock = threading.Condition()
        self._todo: deque[Item] = deque()
        self._open: dict[int, Item] = {}  # without an answer, by id
        self._sent: list[Item] = []  # by number in the stream
        self._over = False
        self.job = Job(f"Reading for the worklist with {model.card.title}", "triage-read")

    def start(self, items: Sequence[Item]) -> None:
        """Begin with `items`."""
        self.add(items)
        self._session.jobs.add(self.job)
        self.job.changed.connect(self._job_changed)
        batch = int(self._session.settings.get("ai.batch"))
        self._session.engine.predict(self.model, self._pictures, self.job, self._scored, batch, background=True)

    def _job_changed(self, job: Job) -> None:
        if job.state.final:
            with self._lock:
                self._over = True  # whatever its pictures are at: nothing more comes of this stream
            self._ended(self)

    def add(self, items: Sequence[Item]) -> bool:
        """Take more pictures; False when the stream has come to its end and takes none."""
        with self._lock:
            if self._over:
                return False
            self._todo.extend(items)
            self._open.update({id(item): item for item in items})
            self.job.total += len(items)
            self._lock.notify()
            return True

    def left(self) -> tuple[list[Item], list[Item]]:
        """Return what has no answer: pictures that the model process was given or about to get, and all others."""
        with self._lock:
            sent = {id(item) for item in self._sent}
            items = list(self._open.values())
            return [i for i in items if id(i) in sent], [i for i in items if id(i) not in sent]

    def _scored(self, scores: tuple[SliceScore, ...]) -> None:
        found = [Answer(item := self._sent[s.index], replace(s, index=item.index)) for s in scores]
        self._answer(found)

    def _answer(self, answers: list[Answer]) -> None:
        with self._lock:
            for answer in answers:
                self._open.pop(id(answer.item), None)
        self._answered(answers)

    # -- on the thread that feeds the model process

    def _pictures(self) -> Iterator[tuple[int, Frame, tuple[float, float] | None] | None]:
        asked: deque[tuple[Item, Future[Frame]]] = deque()
        try:
            while True:
                if not asked and not self._todo:
                    yield None  # what was given goes to the model while this waits for more
                while len(asked) < AHEAD and (item := self._next(wait=not asked)) is not None:
                    asked.append((item, self._session.pool.frame(item.ref)))
                if not asked:
                    return
                item, future = asked.popleft()
                frame = self._settle(item, future)
                if frame is not None:
                    with self._lock:
                        self._sent.append(item)
                        number = len(self._sent) - 1
                    yield number, frame, item.ref.plane.spacing
        finally:
            with self._lock:
                self._over = True
            for _, future in asked:
                future.cancel()

    def _next(self, wait: bool) -> Item | None:
        """Return the next picture to decode; None: there is none now (or, where `wait`, none came: it is over)."""
        with self._lock:
            if wait and not self._todo:
                self._lock.wait_for(lambda: bool(self._todo), 0 if self.alone else LINGER_S)
                self._over = not self._todo
            return self._todo.popleft() if self._todo else None

    def _settle(self, item: Item, future: "Future[Frame]") -> Frame | None:
        """Wait for a decoded picture; one that cannot be decoded is answered with the reason."""
        try:
            return future.result()
        except CancelledError:
            raise UserError("interrupted", "medviewer is closing.") from None
        except UserError as error:
            self._answer([Answer(item, SliceScore(item.index, evaluated=False, reason=error.sentence), unread=True)])
            return None
