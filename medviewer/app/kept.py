"""What is opened in the reader is found again: studies and what models said of them go into the library, and back."""

import logging
import threading
from typing import TYPE_CHECKING

from medviewer.app.analysis import Analysis
from medviewer.app.keeping import record_of
from medviewer.app.readings import reading_of, unpack_scores
from medviewer.core.events import Event
from medviewer.core.jobs import State
from medviewer.core.study import Patient, Stack, Study
from medviewer.library.records import Kept, ReadingRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

StudyKey = tuple[str, Patient]


def study_key(stack: Stack) -> StudyKey:
    """Return which study a stack belongs to: its UID and its patient."""
    return stack.first.study_uid, stack.first.patient


class KeptStudies:
    """Which open study is which in the library. Methods from any thread; `known` fires on the library's thread."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._lock = threading.Lock()
        self._kept: dict[StudyKey, Kept] = {}
        self._images: dict[StudyKey, int] = {}
        self._stored: set[tuple[object, ...]] = set()
        self.known: Event[int] = Event()
        session.opened.closed.connect(self._closed)
        session.analyses.changed.connect(self._analysis_changed)

    def id_of(self, stack: Stack) -> int | None:
        """Return the id of an open stack's study; None while the library does not know it."""
        kept = self._kept.get(study_key(stack))
        return kept.study_id if kept else None

    def keep_open(self) -> None:
        """Put the open studies that are new, or have grown, into the library; opening is audited."""
        new: list[tuple[StudyKey, Study]] = []
        with self._lock:
            for study in self._session.opened.studies:
                key = study_key(study.stacks[0])
                images = sum(len(stack) for stack in study.stacks)
                if self._images.get(key) != images:
                    self._images[key] = images
                    new.append((key, study))
        if not new or self._session.read_only:
            return
        records = [record_of(study) for _, study in new]

        def keep(library: "Library") -> list[tuple[Kept, tuple[ReadingRecord, ...]]]:
            kept = library.keep(records, listed=False)
            library.opened([k.study_id for k in kept])
            return [(k, library.readings(k.study_id)) for k in kept]

        def done(found: list[tuple[Kept, tuple[ReadingRecord, ...]]]) -> None:
            for (key, study), (kept, readings) in zip(new, found, strict=True):
                with self._lock:
                    self._kept[key] = kept
                self._restore(study, readings)
                self.known.emit(kept.study_id)

        future = self._session.shelf.write(keep)
        future.add_done_callback(lambda f: None if f.cancelled() or f.exception() else done(f.result()))

    def _restore(self, study: Study, readings: tuple[ReadingRecord, ...]) -> None:
        """Show what models have said before; a result of another version of a model is none of this one's."""
        models = {(m.name, m.card.version, m.sha256): m for m in self._session.models}
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
        self._session.shelf.write(lambda library: library.keep_readings([reading]))


def _sign(stack: Stack, model: tuple[str, str, str], count: int) -> tuple[object, ...]:
    return stack.key, len(stack), model, count
