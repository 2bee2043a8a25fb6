"""What models said about the open stacks, and why: readings slice by slice, explanations, and who waits for whom.

Scores are kept by image (path and frame), never by place: a stack that grows or is regrouped while a model reads
cannot move a score to another slice. What is handed out is by index of the stack as it is now.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from medviewer.app.analysis import Analysis, ModelKey, model_key
from medviewer.app.explanations import ExplanationCache
from medviewer.app.methods import METHODS
from medviewer.app.pixels import Key, PixelStore
from medviewer.app.readings import placed
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job, Jobs, State
from medviewer.core.study import ImageRef, Stack
from medviewer.inference.eligibility import NO, UNKNOWN, YES, Verdict, judge
from medviewer.inference.folder import ModelFolder

log = logging.getLogger(__name__)

StackKey = tuple[str, str, int]
Picture = tuple[int, Frame, tuple[float, float] | None]
_RANK = {YES: 0, UNKNOWN: 1, NO: 2}


class Engine(Protocol):
    """The part of inference.client.EngineClient that is used here."""

    device: str

    def predict(
        self,
        model: ModelFolder,
        frames: Iterator[Picture],
        job: Job,
        on_scores: Callable[[tuple[SliceScore, ...]], object],
        batch: int = 8,
        patch: bool = False,
    ) -> None: ...

    def explain(
        self,
        model: ModelFolder,
        index: int,
        frame: Frame,
        spacing: tuple[float, float] | None,
        target: str,
        method: str,
        parameters: dict[str, object],
        job: Job,
        on_map: Callable[[Explanation], object],
    ) -> None: ...


class Analyses:
    """All readings of this session. Methods may be called from any thread; events fire on any thread.

    `changed` carries the analysis whose scores or state changed; `explained` the map that came (it may still be
    refining: ask `explanation` for the newest of the slice on screen).
    """

    def __init__(
        self,
        jobs: Jobs,
        pixels: PixelStore,
        engine: Engine,
        models: Callable[[], Sequence[ModelFolder]],
        batch: Callable[[], int] = lambda: 8,
        cache_bytes: int = 128 << 20,
    ) -> None:
        self._jobs, self._pixels, self._engine = jobs, pixels, engine
        self._models, self._batch = models, batch
        self._lock = threading.RLock()
        self._analyses: dict[tuple[StackKey, ModelKey], Analysis] = {}
        self._chosen: dict[StackKey, ModelKey] = {}
        self._confirmed: set[tuple[StackKey, ModelKey]] = set()
        self._queue: list[Job] = []  # jobs that the model process has or will get, in this order
        self._explaining: dict[tuple[object, ...], Job] = {}
        self._verdicts: dict[tuple[StackKey, ModelKey], tuple[Stack, Verdict]] = {}
        self._maps = ExplanationCache(cache_bytes)
        self.changed: Event[Analysis] = Event()
        self.explained: Event[Explanation] = Event()

    # -- which model ---------------------------------------------------------------------------------------------

    def verdict(self, stack: Stack, model: ModelFolder) -> Verdict:
        """Return which of the model's rules hold for `stack`."""
        key = (stack.key, model_key(model))
        known = self._verdicts.get(key)
        if known is None or known[0] is not stack:  # judging reads every header: once for each state of a stack
            known = self._verdicts[key] = stack, judge(model.card, stack)
        return known[1]

    def fitting(self, stack: Stack) -> tuple[tuple[ModelFolder, Verdict], ...]:
        """Return every model with its verdict on `stack`: those that fit first, those that do not last."""
        judged = [(model, self.verdict(stack, model)) for model in self._models()]
        return tuple(sorted(judged, key=lambda pair: (_RANK[pair[1].answer], pair[0].name)))

    def model_for(self, stack: Stack) -> ModelFolder | None:
        """Return the model that the reader chose for `stack`, else the first that fits, else None."""
        chosen = self._chosen.get(stack.key)
        fitting = self.fitting(stack)
        for model, verdict in fitting:  # a model is chosen by its name: another version of it may be in use by now
            if model.name == (chosen and chosen[0]) or (chosen is None and verdict.answer != NO):
                return model
        return None

    def choose(self, stack: Stack, model: ModelFolder) -> None:
        """Make `model` the one for `stack` (it may be one that does not fit: the panel then says why)."""
        self._chosen[stack.key] = model_key(model)
        self.changed.emit(self._analysis(stack, model))

    def confirm(self, stack: Stack, model: ModelFolder) -> None:
        """Take the reader's word for what the headers do not say; "no" is not changed by it."""
        self._confirmed.add((stack.key, model_key(model)))
        self.changed.emit(self._analysis(stack, model))

    def confirmed(self, stack: Stack, model: ModelFolder) -> bool:
        return (stack.key, model_key(model)) in self._confirmed

    def refusal(self, stack: Stack, model: ModelFolder, confirmed: bool = False) -> UserError | None:
        """Return why `model` may not read `stack`, or None: "no" always, "unknown" until the reader confirms."""
        verdict = self.verdict(stack, model)
        sure = verdict.answer == YES or (verdict.answer == UNKNOWN and (confirmed or self.confirmed(stack, model)))
        return None if sure else UserError("not_eligible", verdict.sentence)

    # -- reading -------------------------------------------------------------------------------------------------

    def analysis(self, stack: Stack, model: ModelFolder) -> Analysis | None:
        """Return what `model` has said about `stack`; None if it was never asked."""
        with self._lock:
            found = self._analyses.get((stack.key, model_key(model)))
            return found if found is not None and found.asked else None

    def read(
        self, stack: Stack, model: ModelFolder, indices: Sequence[int], confirmed: bool = False, batch: int = 0
    ) -> Job:
        """Let `model` score the images `indices` of `stack`; those that it has scored are not asked again.

        `batch` is how many at once, 0: as the setting says.

        Raises:
            UserError: `not_eligible`: the model does not fit, or it is not known and not confirmed; `blocked`: it is
                reading this series.
        """
        if refusal := self.refusal(stack, model, confirmed):
            raise refusal
        if confirmed:
            self._confirmed.add((stack.key, model_key(model)))
        analysis = self._analysis(stack, model)
        if analysis.running:
            raise UserError("blocked", "The model is reading this series.")
        refs = analysis.begin([stack.images[i] for i in indices])
        job = Job(f"Reading {stack.name or stack.first.modality} with {model.card.title}", "read")
        job.total = len(refs)
        analysis.job = job
        self._enqueue(job)
        job.changed.connect(lambda changed: self._reading_changed(analysis, changed))
        self._jobs.add(job)
        if not refs:
            job.finish(State.DONE)
            return job
        began = time.monotonic()

        def on_scores(scores: tuple[SliceScore, ...]) -> None:
            analysis.take([(refs[s.index], placed(refs[s.index], s)) for s in scores])
            analysis.seconds, analysis.device = time.monotonic() - began, self._engine.device
            self.changed.emit(analysis)

        self._engine.predict(model, self._pictures(analysis, refs), job, on_scores, batch=batch or self._batch())
        self.changed.emit(analysis)
        return job

    def restore(
        self, stack: Stack, model: ModelFolder, scores: dict[int, SliceScore], device: str, started: str, seconds: float
    ) -> None:
        """Take answers that this model, in this version, gave for these very images before; newer ones stay."""
        analysis = self._analysis(stack, model)
        analysis.restore({i: placed(stack.images[i], score) for i, score in scores.items()}, device, started, seconds)
        self.changed.emit(analysis)

    def _pictures(self, analysis: Analysis, refs: Sequence[ImageRef]) -> Iterator[Picture]:
        """Decode ahead of the model; an image that cannot be shown is "not evaluated" and the others go on."""
        for number, (ref, frame) in enumerate(self._pixels.try_stream(refs)):
            if isinstance(frame, UserError):
                analysis.take([(ref, SliceScore(number, evaluated=False, reason=frame.sentence))])
                self.changed.emit(analysis)
            else:
                yield number, frame, ref.plane.spacing

    def _analysis(self, stack: Stack, model: ModelFolder) -> Analysis:
        with self._lock:
            key = (stack.key, model_key(model))
            found = self._analyses.get(key)
            if found is None:
                found = self._analyses[key] = Analysis(stack, model, self.verdict(stack, model))
            return found

    def _reading_changed(self, analysis: Analysis, job: Job) -> None:
        if job.state.final:
            self._leave(job)
            analysis.end()
        self.changed.emit(analysis)

    # -- the queue -----------------------------------------------------------------------------------------------

    def before(self, job: Job) -> int:
        """Return how many jobs the model process has to do before it begins `job` ("Waiting, 2 before it")."""
        with self._lock:
            return self._queue.index(job) if job in self._queue else 0

    def _enqueue(self, job: Job) -> None:
        with self._lock:
            self._queue.append(job)

    def _leave(self, job: Job) -> None:
        with self._lock:
            if job in self._queue:
                self._queue.remove(job)

    # -- explaining ----------------------------------------------------------------------------------------------

    def explain(
        self,
        stack: Stack,
        model: ModelFolder,
        index: int,
        target: str = "",
        method: str = "LayerGradCam",
        parameters: dict[str, object] | None = None,
        confirmed: bool = False,
    ) -> Job:
        """Ask why the score of class `target` ("": the model's own) of image `index` is what it is.

        The same question asked again while it runs is the same job; a finished one is answered from the cache.

        Raises:
            UserError: `not_eligible`; `usage`: there is no such method.
        """
        if method not in METHODS:
            raise UserError("usage", f"There is no method {method}. Methods: {', '.join(METHODS)}.")
        if refusal := self.refusal(stack, model, confirmed):
            raise refusal
        ref, target = stack.images[index], target or model.card.target
        key = (ref.key, model_key(model), target, method)
        job = Job(f"Explaining slice {index + 1} with {METHODS[method].title}", "explain")
        known = self._maps.get(key)
        with self._lock:
            if running := self._explaining.get(key):
                return running
            if known is None or not known.complete:
                self._explaining[key] = job
                self._enqueue(job)
        if known is not None and known.complete:
            job.finish(State.DONE, result=known)
            self.explained.emit(replace(known, index=index))
            return job
        job.changed.connect(lambda changed: self._explaining_changed(key, changed))
        self._jobs.add(job)

        def on_map(explanation: Explanation) -> None:
            self._maps.put(key, explanation)
            job.result = explanation
            self.explained.emit(explanation)

        def ask(_: Job) -> None:
            frame = self._pixels.fetch(ref)
            self._engine.explain(
                model, index, frame, ref.plane.spacing, target, method, dict(parameters or {}), job, on_map
            )

        frame = self._pixels.get(ref)
        if frame is not None:
            ask(job)
        else:
            self._fetch_then(job, ask)
        return job

    def _fetch_then(self, job: Job, ask: Callable[[Job], None]) -> None:
        """Run `ask` on a thread of its own, since it waits for pixels."""

        def work() -> None:
            try:
                ask(job)
            except UserError as error:
                job.finish(State.FAILED, error=error)

        threading.Thread(target=work, name="explain-pixels", daemon=True).start()

    def explanation(
        self, stack: Stack, model: ModelFolder, index: int, target: str = "", method: str = "LayerGradCam"
    ) -> Explanation | None:
        """Return the newest map for image `index`, perhaps still refining; None if there is none."""
        ref = stack.images[index]
        found = self._maps.get((ref.key, model_key(model), target or model.card.target, method))
        return found if found is None or found.index == index else replace(found, index=index)

    def explaining(
        self, stack: Stack, model: ModelFolder, index: int, target: str = "", method: str = "LayerGradCam"
    ) -> Job | None:
        """Return the job that computes this map now, or None."""
        key = (stack.images[index].key, model_key(model), target or model.card.target, method)
        return self._explaining.get(key)

    def _explaining_changed(self, key: tuple[object, ...], job: Job) -> None:
        if job.state.final:
            with self._lock:
                if self._explaining.get(key) is job:
                    del self._explaining[key]
            self._leave(job)

    # -- what is open changes ------------------------------------------------------------------------------------

    def follow(self, stacks: Sequence[Stack]) -> None:
        """Take the stacks as they are now; scores stay with their images."""
        with self._lock:
            changed = []
            for (key, _), analysis in self._analyses.items():
                stack = next((s for s in stacks if s.key == key), None)
                if stack is not None and stack is not analysis.stack:
                    analysis.follow(stack)
                    analysis.verdict = self.verdict(stack, analysis.model)
                    changed.append(analysis)
        for analysis in changed:
            self.changed.emit(analysis)

    def forget(self, study_uid: str, keys: Sequence[Key]) -> None:
        """Cancel and drop everything about a study that was closed."""
        with self._lock:
            gone = [k for k in self._analyses if k[0][0] == study_uid]
            jobs = [job for k in gone if (job := self._analyses.pop(k).job)]
            images = set(keys)
            jobs += [job for key, job in self._explaining.items() if key[0] in images]
            self._maps.forget(images)
            self._verdicts = {k: v for k, v in self._verdicts.items() if k[0][0] != study_uid}
            self._chosen = {k: v for k, v in self._chosen.items() if k[0] != study_uid}
            self._confirmed = {k for k in self._confirmed if k[0][0] != study_uid}
        for job in jobs:
            job.cancel()
