"""What the inference worker does one request at a time: predictions, explanations, warming up, questions.

A task makes requests and takes answers; it is touched by the worker thread alone. Answers come from another process:
everything in them is checked against what was asked before anyone sees it.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np

from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.core.parcels import Parcels
from medviewer.core.values import unpack
from medviewer.inference.folder import ModelFolder
from medviewer.inference.protocol import (
    Copy,
    Devices,
    Done,
    Explain,
    Item,
    Mapped,
    Message,
    Predict,
    Progress,
    ProtocolError,
    Scored,
    Warm,
)

log = logging.getLogger(__name__)

Picture = tuple[int, Frame, tuple[float, float] | None]
#: What a source in the background may yield: a picture, or None for "nothing more for now": a batch need not be full.
Fed = Picture | None

#: Requests of one prediction that may be under way, and how long one may take: an explanation waits for them.
IN_FLIGHT, SECONDS_A_BATCH = 2, 0.4
#: Urgency of what nobody waits for, and how long one of its requests may take: whatever else is asked waits for two.
BACKGROUND, BACKGROUND_SECONDS = 3, 0.2


def to_item(picture: Picture, parcels: Parcels) -> Item:
    """Put a picture's arrays into parcels and return its item."""
    index, frame, spacing = picture
    padding = None if frame.padding is None else parcels.wrap(frame.padding)
    return Item(index, parcels.wrap(frame.values), spacing, frame.inverted, padding)


def tell(slot: Callable[[Any], object], value: Any) -> None:
    """Call code of others; what it raises is logged: a listener's defect must not cost the other jobs their process."""
    try:
        slot(value)
    except Exception:
        log.exception("a listener of the inference worker failed")


class Task:
    """Base: one request, whose `done` ends the task."""

    urgency = 0  # lower goes first

    def __init__(self, job: Job) -> None:
        self.job = job
        self.result: Any = None
        self.finished = False  # nothing more will be asked
        self._sent = False

    @property
    def where(self) -> str:
        """For sentences: what the process was doing (" while reading image 23")."""
        return ""

    def wants_to_send(self, in_flight: int) -> bool:
        """Say whether `request` should be called now."""
        return not self._sent and in_flight == 0

    def request(self, id_: int, device: str, parcels: Parcels) -> Message | None:
        """Return the next request, or None when there is nothing to send yet (call again)."""
        self._sent = True
        return self._message(id_, device, parcels)

    def _message(self, id_: int, device: str, parcels: Parcels) -> Message:
        raise TypeError("a task has a message")

    def heard(self, message: Message, parcels: Parcels) -> None:
        """Take an answer in between.

        Raises:
            ProtocolError, BadParcel: it does not fit what was asked.
        """
        raise ProtocolError(message.kind)

    def done(self, message: Done) -> None:
        """Take the end of one request."""
        self.finished = True
        self.result = message.result or None

    def close(self, error: BaseException | None) -> None:
        """Let go of everything; `error` says why, None for a good end."""


class WarmTask(Task):
    """Load a model and run it once."""

    urgency = 1

    def __init__(self, model: ModelFolder, job: Job) -> None:
        super().__init__(job)
        self._model = model

    def _message(self, id_: int, device: str, parcels: Parcels) -> Message:
        return Warm(id=id_, model=str(self._model.path), sha256=self._model.sha256, device=device)


class DevicesTask(Task):
    """Ask for the devices."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.future: Future[dict[str, Any]] = Future()

    def _message(self, id_: int, device: str, parcels: Parcels) -> Message:
        return Devices(id=id_)

    def done(self, message: Done) -> None:
        super().done(message)
        if isinstance(message.result.get("devices"), list):
            self.future.set_result(message.result)
        else:
            raise ProtocolError("devices")

    def close(self, error: BaseException | None) -> None:
        if error is not None and not self.future.done():
            self.future.set_exception(error)


class PredictTask(Task):
    """Score pictures batch by batch. Batches grow until one takes SECONDS_A_BATCH, so that maps need not wait long."""

    urgency = 2
    seconds_a_batch = SECONDS_A_BATCH

    def __init__(
        self,
        model: ModelFolder,
        job: Job,
        frames: Iterable[Fed] | Callable[[], Iterable[Fed]],
        on_scores: Callable[[tuple[SliceScore, ...]], object],
        batch: int,
        patch: bool,
        copy: Copy | None = None,
    ) -> None:
        super().__init__(job)
        self._model, self._frames, self._on_scores, self._copy = model, frames, on_scores, copy
        self._batch, self._patch = max(1, batch), patch
        self._size = min(2, self._batch)
        self._source: Iterator[Fed] | None = None
        self._pictures: list[Picture] = []  # pulled, not sent; put into parcels of the process that gets them
        self._waiting: dict[int, set[int]] = {}  # request -> indices that have no score yet
        self._began: dict[int, tuple[float, int]] = {}  # request -> when, how many pictures
        self._last: float | None = None  # when the request before was done
        self._scored = self._pulled = 0

    @property
    def where(self) -> str:
        first = next((min(indices) for indices in self._waiting.values() if indices), None)
        return "" if first is None else f" on image {first + 1}"

    def wants_to_send(self, in_flight: int) -> bool:
        return in_flight < IN_FLIGHT and not self.finished

    def request(self, id_: int, device: str, parcels: Parcels) -> Message | None:
        """Pull one frame; return a request when a batch is full or the source has ended."""
        picture = self._pull()
        if picture is None:
            self.finished = True
        else:
            self._pulled += 1
            self._pictures.append(picture)
        if not self._pictures or (len(self._pictures) < self._size and not self.finished):
            return None
        return self._request(id_, device, parcels)

    def _request(self, id_: int, device: str, parcels: Parcels) -> Predict:
        """Return the request for the pictures that were pulled."""
        items, self._pictures = tuple(to_item(p, parcels) for p in self._pictures), []
        self._waiting[id_] = {item.index for item in items}
        self._began[id_] = time.monotonic(), len(items)
        return Predict(
            id=id_,
            model=str(self._model.path),
            sha256=self._model.sha256,
            device=device,
            batch=self._batch,
            patch=self._patch,
            items=items,
            copy=self._copy,
        )

    def _pull(self) -> Picture | None:
        """Return the next picture, None at the end."""
        if self._source is None:
            self._source = iter(self._frames() if callable(self._frames) else self._frames)
        return next(self._source, None)

    def heard(self, message: Message, parcels: Parcels) -> None:
        if not isinstance(message, Scored):
            raise ProtocolError(message.kind)
        scores = tuple(self._checked(message.id, packed) for packed in message.scores)
        self._scored += len(scores)
        tell(self._on_scores, scores)
        total = self.job.total if self.job.total >= self._scored else 0
        self.job.step(self._scored, self._pulled if self.finished else total)

    def _checked(self, id_: int, packed: dict[str, Any]) -> SliceScore:
        try:
            score = unpack(SliceScore, packed)
            self._waiting[id_].remove(score.index)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ProtocolError("score") from error
        numbers = [*score.scores.values(), *(f.score for f in score.findings)]
        places = [v for f in score.findings for v in f.at]
        named = set(score.scores) == (set(self._model.card.names) if score.evaluated else set())
        if not named or not all(_number(v) and 0 <= v <= 1 for v in numbers) or not all(map(_number, places)):
            raise ProtocolError("score")
        return score

    def done(self, message: Done) -> None:
        if self._waiting.pop(message.id):
            raise ProtocolError("scores are missing")
        began, count = self._began.pop(message.id)
        now, before = time.monotonic(), self._last
        self._last = now
        if before is not None:  # the first answer's time holds the start of the process and the loading of the model
            each = (now - max(began, before)) / count  # it waited behind the request before it
            self._size = max(1, min(self._batch, 2 * self._size, round(self.seconds_a_batch / max(each, 1e-6))))

    def close(self, error: BaseException | None) -> None:
        close = getattr(self._source, "close", None)
        if callable(close):
            tell(lambda _: close(), None)


class BackgroundTask(PredictTask):
    """Score pictures that nobody waits for: only while nothing else is asked of the process.

    The pictures are pulled on a thread of its own, since their decoding gives way too: the worker must not wait for it.
    Where the source yields None, what it gave so far is sent without waiting for a full batch.
    """

    urgency = BACKGROUND
    seconds_a_batch = BACKGROUND_SECONDS

    def __init__(self, *given: Any, wake: Callable[[], object], **named: Any) -> None:
        """Take what `PredictTask` takes; `wake` tells the worker that there is something to send."""
        super().__init__(*given, **named)
        self._wake = wake
        self._feed: deque[Picture | BaseException | None] = deque()  # pictures, then why there are no more
        self._room = threading.Semaphore(2 * self._batch)
        self._feeder: threading.Thread | None = None
        self._closed = self._pause = False

    def wants_to_send(self, in_flight: int) -> bool:
        if self._feeder is None and not self._closed:
            self._feeder = threading.Thread(target=self._fetch, name="background-pictures", daemon=True)
            self._feeder.start()
        something = bool(self._feed) or (self._pause and bool(self._pictures))
        return something and super().wants_to_send(in_flight)

    def request(self, id_: int, device: str, parcels: Parcels) -> Message | None:
        """As its base; what waits for a full batch goes when nothing more comes for now."""
        return super().request(id_, device, parcels) if self._feed else self._request(id_, device, parcels)

    def _pull(self) -> Picture | None:
        found = self._feed.popleft()
        self._room.release()
        if isinstance(found, BaseException):
            raise found
        return found

    def _fetch(self) -> None:
        """Run the source on the feeder's thread to its end, or until the task is closed."""
        end: BaseException | None = None
        try:
            source = iter(self._frames() if callable(self._frames) else self._frames)
            try:
                for picture in source:
                    if picture is None:
                        self._pause = True
                        self._wake()
                        continue
                    self._room.acquire()
                    if self._closed:
                        return
                    self._pause = False
                    self._feed.append(picture)
                    if len(self._feed) + len(self._pictures) >= self._size:  # a batch is full
                        self._wake()
            finally:
                close = getattr(source, "close", None)
                if callable(close):
                    close()
        except Exception as error:  # noqa: BLE001 - it ends the job, as it does where the worker pulls
            end = error
        self._feed.append(end)
        self._wake()

    def close(self, error: BaseException | None) -> None:
        self._closed = True
        self._room.release()


class ExplainTask(Task):
    """A map of one picture, refined as it comes."""

    def __init__(
        self,
        model: ModelFolder,
        job: Job,
        picture: Picture,
        target: str,
        method: str,
        parameters: dict[str, Any],
        on_map: Callable[[Explanation], object],
    ) -> None:
        super().__init__(job)
        self._model, self._picture, self._target, self._method = model, picture, target, method
        self._parameters, self._on_map = parameters, on_map

    @property
    def where(self) -> str:
        return f" while explaining image {self._picture[0] + 1}"

    def _message(self, id_: int, device: str, parcels: Parcels) -> Message:
        return Explain(
            id=id_,
            model=str(self._model.path),
            sha256=self._model.sha256,
            device=device,
            item=to_item(self._picture, parcels),
            target=self._target,
            method=self._method,
            parameters=self._parameters,
        )

    def heard(self, message: Message, parcels: Parcels) -> None:
        if isinstance(message, Progress) and 0 <= message.done <= message.total:
            self.job.step(message.done, message.total)
        elif isinstance(message, Mapped):
            self.result = self._checked(message, parcels)
            tell(self._on_map, self.result)
        else:
            raise ProtocolError(message.kind)

    def _checked(self, message: Mapped, parcels: Parcels) -> Explanation:
        values = parcels.unwrap(message.array)
        if values.shape != self._picture[1].values.shape[:2] or values.dtype != np.float32 or np.isinf(values).any():
            raise ProtocolError("map")
        try:
            meta = unpack(Explanation, {**message.meta, "values": values})
        except (TypeError, ValueError, AttributeError) as error:
            raise ProtocolError("map") from error
        asked = self._picture[0], self._target or self._model.card.target, self._method
        if (meta.index, meta.target, meta.method) != asked or not 0 <= meta.fraction <= 1:
            raise ProtocolError("map")
        return meta

    def done(self, message: Done) -> None:
        self.finished = True
        if self.result is None:
            raise ProtocolError("no map")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
