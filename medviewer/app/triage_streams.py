"""Which reading is in which model's stream, and what becomes of those that were with a model when it failed."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from medviewer.app.analysis import ModelKey, model_key
from medviewer.app.triage_hand import ReadingInHand
from medviewer.app.triage_stream import Answer, ModelStream
from medviewer.core.jobs import State
from medviewer.library.records import ReadingRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session

#: Failures of a model itself: trying again, or without the other studies, does not help.
_OF_THE_MODEL = frozenset({"hash_mismatch", "bad_model", "no_model"})


class ModelStreams:
    """One stream a model, and one for those that are tried alone. All of it runs on the thread of the triage reader.

    Args:
        put: brings an act with its values to that thread.
        over: takes each reading with its record when it has ended.
        stopped: takes the readings of a stream that the reader has cancelled.
    """

    def __init__(
        self,
        session: "Session",
        put: Callable[..., object],
        over: Callable[[ReadingInHand, ReadingRecord], object],
        stopped: Callable[[Sequence[ReadingInHand]], object],
    ) -> None:
        self._session, self._put, self._over, self._stopped = session, put, over, stopped
        self._streams: dict[ModelKey, ModelStream] = {}
        self._retries: deque[ReadingInHand] = deque()
        self._alone: ModelStream | None = None
        self._closing = False

    def send(self, reading: ReadingInHand) -> None:
        """Let the reading's model read what has no answer yet."""
        if self._closing:
            return
        stream, items = self._streams.get(reading.model), reading.items()
        if stream is None or not stream.add(items):
            stream = self._streams[reading.model] = self._stream(reading)
            stream.start(items)

    def retry(self) -> None:
        """Read one of those that were with a model when it failed, each by itself: the others go on without it."""
        while self._alone is None and self._retries:
            reading = self._retries.popleft()
            if reading in reading.study.open:
                self._alone = self._stream(reading, alone=True)
                self._alone.start(reading.items())

    def close(self) -> None:
        """Ask for nothing more."""
        self._closing = True
        for stream in (*self._streams.values(), *filter(None, [self._alone])):
            stream.job.cancel()

    def _stream(self, reading: ReadingInHand, alone: bool = False) -> ModelStream:
        def answered(answers: Sequence[Answer]) -> None:
            self._put(self._answered, answers)

        def ended(stream: ModelStream) -> None:
            self._put(self._ended, stream)

        return ModelStream(self._session, reading.wanted.model, answered, ended, alone)

    def _answered(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            reading: ReadingInHand = answer.item.owner
            if reading.take(answer):
                self._over(reading, reading.record(self._session.engine.device))

    def _ended(self, stream: ModelStream) -> None:
        if self._alone is stream:
            self._alone = None
        if self._streams.get(model_key(stream.model)) is stream:
            del self._streams[model_key(stream.model)]
        if self._closing:
            return
        sent, others = stream.left()
        readings = [r for r in _owners((*sent, *others)) if r in r.study.open]
        if stream.job.state is State.CANCELLED:
            self._stopped(readings)
            return
        suspects = _owners(sent) or readings
        for reading in readings:
            if reading not in suspects:
                self.send(reading)
            elif reading.tried or getattr(stream.job.error, "code", "") in _OF_THE_MODEL:
                self._over(reading, reading.failure(stream.job.sentence))
            else:
                reading.begin_again()
                self._retries.append(reading)


def _owners(items: Sequence[Any]) -> list[ReadingInHand]:
    return list(dict.fromkeys(item.owner for item in items))
