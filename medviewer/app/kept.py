"""What is opened in the reader is found again: studies and what models said of them go into the library, and back."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.analysis import Analysis
from medviewer.app.keeping import Places, record_of
from medviewer.app.readings import reading_of, unpack_scores
from medviewer.core.errors import UserError, sentence_for
from medviewer.core.events import Event
from medviewer.core.jobs import State
from medviewer.core.study import Patient, Stack, Study
from medviewer.library.records import Kept, ReadingRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

StudyKey = tuple[str, Patient]
Sign = tuple[object, ...]

NOT_KEPT = "The model's result is not in the library yet. {}"


def study_key(stack: Stack) -> StudyKey:
    """Return which study a stack belongs to: its UID and its patient."""
    return stack.first.study_uid, stack.first.patient


class KeptStudies:
    """Which open study is which in the library. Methods from any thread; `known` fires on the library's thread.

    What the library does not take (its disk is full) is given to it again when it has taken something else.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._lock = threading.Lock()
        self._kept: dict[StudyKey, Kept] = {}
        self._images: dict[StudyKey, int] = {}
        self._stored: set[Sign] = set()
        self._given: dict[Path, None] = {}  # paths that were opened: archives among them are found again
        self._unkept, self._late = False, dict[Sign, ReadingRecord]()
        self.known: Event[int] = Event()
        session.opened.closed.connect(self._closed)
        session.analyses.changed.connect(self._analysis_changed)
        session.shelf.changed.connect(lambda _: self._try_again())
        session.shelf.restored.connect(lambda _: self._begin_again())

    def id_of(self, stack: Stack) -> int | None:
        """Return the id of an open stack's study; None while the library does not know it."""
        kept = self._kept.get(study_key(stack))
        return kept.study_id if kept else None

    def keep_open(self, given: Sequence[Path | str] = ()) -> None:
        """Put the open studies that are new, or have grown, into the library; opening is audited.

        `given`: the paths that were opened; only with these a member of an archive is known as such.
        """
        new: list[tuple[StudyKey, Study]] = []
        with self._lock:
            self._given.update(dict.fromkeys(map(Path, given)))
            places = Places(tuple(self._given))
            for study in self._session.opened.studies:
                key = study_key(study.stacks[0])
                images = sum(len(stack) for stack in study.stacks)
                if self._images.get(key) != images:
                    self._images[key] = images
                    new.append((key, study))
        if not new or self._session.read_only:
            return
        records = [record_of(study, places) for _, study in new]

        def keep(library: "Library") -> list[tuple[Kept, tuple[ReadingRecord, ...]]]:
            kept = library.keep(records, listed=False, opened=True)
            return [(k, library.readings(k.study_id)) for k in kept]

        def end(future: "Future[list[tuple[Kept, tuple[ReadingRecord, ...]]]]") -> None:
            if future.cancelled():
                return
            if future.exception() is None:
                self._take(new, future.result())
                return
            with self._lock:
                self._unkept = True
                for key, _ in new:
                    self._images.pop(key, None)

        self._session.shelf.write(keep).add_done_callback(end)

    def _take(
        self, new: Sequence[tuple[StudyKey, Study]], found: Sequence[tuple[Kept, tuple[ReadingRecord, ...]]]
    ) -> None:
        """Note what the library has made of studies, and keep what models have said of them meanwhile."""
        for (key, study), (kept, readings) in zip(new, found, strict=True):
            with self._lock:
                self._kept[key] = kept
            self._restore(study, readings)
            for stack in study.stacks:
                for model in self._session.live_models.now.every:
                    if (analysis := self._session.analyses.analysis(stack, model)) is not None:
                        self._analysis_changed(analysis)
            self.known.emit(kept.study_id)

    def _try_again(self) -> None:
        with self._lock:
            unkept, self._unkept = self._unkept, False
            late, self._late = self._late, {}
        if unkept:
            self.keep_open()
        if late:
            self._keep_readings(late)

    def _begin_again(self) -> None:
        """Put what is open into a library that was restored: it may know it by another number, or not at all."""
        with self._lock:
            self._kept.clear()
            self._images.clear()
            self._stored.clear()
            self._late.clear()
        self.keep_open()

    def _restore(self, study: Study, readings: tuple[ReadingRecord, ...]) -> None:
        """Show what models have said before; a result of another version of a model is none of this one's."""
        models = {(m.name, m.card.version, m.sha256): m for m in self._session.live_models.now.every}
        for reading in readings:
            model = models.get((reading.model, reading.version, reading.sha256))
            for stack in study.stacks if model else ():
                scores = unpack_scores(stack, reading.slices) if stack.series_uid == reading.series_uid else {}
                if model and scores:
                    self._stored.add(_sign(stack, (reading.model, reading.version, reading.sha256), len(scores)))
                    self._session.analyses.restore(
                        stack, model, scores, reading.device, reading.started, reading.seconds
                    )

    def _closed(self, study: Study) -> None:
        key = study_key(study.stacks[0])
        with self._lock:
            self._images.pop(key, None)
            self._kept.pop(key, None)

    def _analysis_changed(self, analysis: Analysis) -> None:
        """Keep what a model has said of an open study, when it has ended."""
        job, scores = analysis.job, analysis.scores
        kept = self._kept.get(study_key(analysis.stack))
        if job is None or job.state is not State.DONE or not scores or kept is None or self._session.read_only:
            return
        model = analysis.model
        sign = _sign(analysis.stack, (model.name, model.card.version, model.sha256), len(scores))
        with self._lock:
            if sign in self._stored:
                return
            self._stored.add(sign)
        confirmed = self._session.analyses.confirmed(analysis.stack, model)
        reading = reading_of(
            kept.study_id,
            kept.content,
            analysis.stack,
            model,
            scores,
            confirmed=confirmed,
            device=analysis.device,
            started=analysis.started,
            seconds=analysis.seconds,
        )
        self._keep_readings({sign: reading})

    def _keep_readings(self, readings: dict[Sign, ReadingRecord]) -> None:
        def end(future: "Future[list[int]]") -> None:
            error = None if future.cancelled() else future.exception()
            if isinstance(error, UserError) and error.code == "restored":
                return  # what is open is kept anew, and this with it
            if error is not None:
                with self._lock:
                    self._late |= readings
                self._session.notice(NOT_KEPT.format(sentence_for(error)))

        given = list(readings.values())
        write = self._session.shelf.write(lambda library: library.keep_readings(given), by_number=True)
        write.add_done_callback(end)


def _sign(stack: Stack, model: tuple[str, str, str], count: int) -> Sign:
    return stack.key, len(stack), model, count
