"""One model's answers for one stack, handed out by index of the stack as it is now."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from medviewer.core.findings import SliceScore
from medviewer.core.jobs import Job
from medviewer.core.study import ImageRef, Stack
from medviewer.inference.eligibility import Verdict
from medviewer.inference.folder import ModelFolder

ImageKey = tuple[str, int]
ModelKey = tuple[str, str, str]


def model_key(model: ModelFolder) -> ModelKey:
    """Return what identifies a model in results: name, version, hash of the weights."""
    return model.name, model.card.version, model.sha256


class Analysis:
    """What a model has said about a stack so far.

    Attributes:
        stack: as it is now (it may grow).
        verdict: which rules of the card hold.
        job: the last reading, also after its end; None before the first.
        device: where it ran ("cpu", "cuda:0"); "" before the first answer.
        started: ISO 8601 time of the first reading.
        seconds: how long the last reading has taken up to its last answer.
    """

    def __init__(self, stack: Stack, model: ModelFolder, verdict: Verdict) -> None:
        self._lock = threading.Lock()
        self.stack, self.model, self.verdict = stack, model, verdict
        self.job: Job | None = None
        self.device, self.started, self.seconds = "", "", 0.0
        self._by_image: dict[ImageKey, SliceScore] = {}
        self._wanted: set[ImageKey] = set()
        self._places = _places(stack)
        self._scores: dict[int, SliceScore] | None = None  # by index, until an answer or another stack comes

    @property
    def stack_key(self) -> tuple[str, str, int]:
        return self.stack.key

    @property
    def asked(self) -> bool:
        """True once the model was asked for at least one image."""
        return bool(self.started)

    @property
    def running(self) -> bool:
        return self.job is not None and not self.job.state.final

    @property
    def wanted(self) -> set[int]:
        """Indices that were answered or, while a reading runs, will be."""
        with self._lock:
            return {self._places[k] for k in self._wanted if k in self._places}

    @property
    def scores(self) -> dict[int, SliceScore]:
        """Answers by index, in order of the stack; made once for each state, so leave it as it is."""
        with self._lock:
            if self._scores is None:
                found = [(i, s) for k, s in self._by_image.items() if (i := self._places.get(k)) is not None]
                found.sort(key=lambda pair: pair[0])
                self._scores = {i: s if s.index == i else replace(s, index=i) for i, s in found}
            return self._scores

    def score(self, index: int) -> SliceScore | None:
        """Return the answer for one image, None if there is none yet."""
        with self._lock:
            found = self._by_image.get(self.stack.images[index].key)
        return found if found is None or found.index == index else replace(found, index=index)

    def values(self, target: str = "") -> dict[int, float]:
        """Return the number of class `target` ("": the model's own) by index; not evaluated images are left out."""
        target = target or self.model.card.target
        return {i: s.scores[target] for i, s in self.scores.items() if s.evaluated and target in s.scores}

    @property
    def highest(self) -> int | None:
        """Index with the highest score of the model's own class; None while nothing is scored."""
        values = self.values()
        return max(values, key=lambda i: values[i]) if values else None

    @property
    def series_score(self) -> float | None:
        """The highest score of any image; None while nothing is scored."""
        return max(self.values().values(), default=None)

    def peaks(self) -> list[int]:
        """Return the highest image of each run of neighbours at or above the operating point; if none is, the highest.

        Images that were not read end a run.
        """
        values, point = self.values(), self.model.card.threshold.value
        peaks: list[int] = []
        last = -2
        for index in sorted(i for i, v in values.items() if v >= point):
            if index == last + 1:
                peaks[-1] = max(peaks[-1], index, key=lambda i: values[i])
            else:
                peaks.append(index)
            last = index
        highest = self.highest
        return peaks or ([] if highest is None else [highest])

    def begin(self, refs: Sequence[ImageRef]) -> list[ImageRef]:
        """Note that `refs` are asked for and return those without an answer."""
        with self._lock:
            self.started = self.started or datetime.now(UTC).isoformat(timespec="seconds")
            self._wanted |= {ref.key for ref in refs}
            return [ref for ref in refs if ref.key not in self._by_image]

    def end(self) -> None:
        """Note that a reading is over: what it did not come to is not wanted any more."""
        with self._lock:
            self._wanted = set(self._by_image)

    def take(self, scores: Iterable[tuple[ImageRef, SliceScore]]) -> None:
        """Keep answers, each with its image."""
        with self._lock:
            self._by_image.update({ref.key: score for ref, score in scores})
            self._scores = None

    def restore(self, scores: dict[int, SliceScore], device: str, started: str, seconds: float) -> None:
        """Take answers of an earlier day by index, for images that have none of today."""
        with self._lock:
            for index, score in scores.items():
                self._by_image.setdefault(self.stack.images[index].key, score)
            if not self.started:
                self.started, self.device, self.seconds = started or "earlier", device, seconds
                self._wanted = set(self._by_image)
            self._scores = None

    def follow(self, stack: Stack) -> None:
        """Take the stack as it is now."""
        with self._lock:
            self.stack, self._places, self._scores = stack, _places(stack), None


def _places(stack: Stack) -> dict[ImageKey, int]:
    return {ref.key: i for i, ref in enumerate(stack.images)}
