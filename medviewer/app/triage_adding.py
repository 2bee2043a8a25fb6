"""One addition to the worklist, from the first batch of headers to the last word of the library."""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.keeping import Places, record_of
from medviewer.app.open_studies import left_out, nothing_opened
from medviewer.core.jobs import Cancelled, Job
from medviewer.core.study import ImageHeader, ImageRef, Skipped, Stack, Study
from medviewer.dicom.grouping import Grouping
from medviewer.library.records import Kept, StudyRecord, StudyRow

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.app.triage import Triage
    from medviewer.library.library import Library

#: Seconds between two writes of what was found (the sooner when there are MANY studies), between two of one study that
#: grows, and without a new file after which a study is taken for whole while the others are still being read.
FLUSH_S, GROW_S, SETTLE_S = 0.25, 1.0, 2.0
MANY = 64
#: Writes that may be under way while files are read on.
WRITES = 2
STOPPED = "Reading files was stopped. Studies on the worklist may not be whole: add the files again to complete them."


@dataclass(frozen=True)
class Added:
    """What an addition brought.

    Attributes:
        studies: their ids in the library.
        images: files that hold images.
        unfinished: files that end before their pixels do and were left for later (`whole` asked for it).
    """

    studies: frozenset[int] = frozenset()
    images: int = 0
    skipped: tuple[Skipped, ...] = ()
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """See `Triage.add`."""

    given: tuple[Path, ...]
    listed: bool
    root: Path | None
    settle: float
    whole: bool
    may_be_empty: bool


class _Growing:
    """The files of one study UID in this scan, and when they were kept last."""

    def __init__(self) -> None:
        self.grouping = Grouping()  # stays empty for a film
        self.new: list[ImageHeader] = []
        self.kept = 0.0

    def studies(self) -> tuple[Study, ...]:
        """Return the studies (one for each patient that the files name) with what is new."""
        new, self.new = self.new, []
        if len(new) == 1 and new[0].film:
            return (_film(new[0]),)
        return self.grouping.add(new)


def _film(header: ImageHeader) -> Study:
    """Return the study of one film, as dicom.grouping makes it but for its remarks: there may be thousands."""
    stack = Stack(header.series_uid, 0, (ImageRef(header),), name=header.series_description)
    return Study(header.study_uid, header.patient, "", "", header.study_description, (stack,))


class Adding:
    """See the module; `run` is the work of a job."""

    def __init__(self, session: "Session", triage: "Triage", wish: Wish) -> None:
        self._session, self._triage, self._wish = session, triage, wish
        self._places = Places(wish.given, wish.root)
        self._growing: dict[str, _Growing] = {}
        self._dirty: dict[str, None] = {}  # in order of arrival
        self._writes: list[Future[list[Kept]]] = []
        self._studies: set[int] = set()
        self._images = 0
        self._skipped: list[Skipped] = []
        self._unfinished: list[str] = []
        self._flushed = 0.0

    def run(self, job: Job) -> Added:
        wish = self._wish
        try:
            self._session.pool.scan(wish.given, job, self._batch)
            self._flush(last=True)
            self._wait(0)
        except Cancelled:
            if self._studies or self._writes:
                self._session.notice(STOPPED)
            raise
        finally:
            self._triage.reader.settled(self._studies, time.monotonic() + wish.settle)
        if not self._images and not wish.may_be_empty:
            raise nothing_opened(wish.given, self._skipped)
        if self._skipped and self._images:
            self._session.notice(left_out(self._skipped, self._images))
        return Added(frozenset(self._studies), self._images, tuple(self._skipped), tuple(self._unfinished))

    def _batch(self, headers: tuple[ImageHeader, ...], skipped: tuple[Skipped, ...]) -> None:
        if skipped:
            self._skipped += skipped
            self._triage.skip(skipped)
        self._triage.files += len(headers) + len(skipped)
        self._triage.readable(header.label for header in headers)
        for header in headers:
            if self._wish.whole and header.truncated:
                self._unfinished.append(header.path)
                continue
            self._images += 1
            if header.film and header.study_uid in self._growing:
                continue  # the same film once more
            self._growing.setdefault(header.study_uid, _Growing()).new.append(header)
            self._dirty[header.study_uid] = None
        if time.monotonic() - self._flushed >= FLUSH_S * min(1.0, MANY / max(1, len(self._dirty))):
            self._flush()

    def _flush(self, last: bool = False) -> None:
        """Keep what is new; a study that grows is kept from time to time only, and when all is there."""
        now = self._flushed = time.monotonic()
        ready = [uid for uid in self._dirty if last or now - self._growing[uid].kept >= GROW_S]
        studies: list[Study] = []
        for uid in ready:
            del self._dirty[uid]
            growing = self._growing[uid]
            growing.kept = now
            studies += growing.studies()
        if studies:
            self._wait(WRITES - 1)
            records = [record_of(study, self._places) for study in studies]
            self._writes.append(self._session.shelf.write(lambda library: self._keep(library, studies, records)))

    def _wait(self, most: int) -> None:
        """Wait until at most `most` writes are under way.

        Raises:
            UserError: the library did not take it.
        """
        while len(self._writes) > most:
            self._studies |= {kept.study_id for kept in self._writes.pop(0).result()}

    # -- on the library's thread

    def _keep(self, library: "Library", studies: Sequence[Study], records: Sequence[StudyRecord]) -> list[Kept]:
        """Keep studies and put up for reading what was not read; the reader does not begin before it is told."""
        reader = self._triage.reader
        kept = library.keep(records, listed=self._wish.listed, deed="triage", to_read=True)
        _clear_troubles(library, library.rows([k.study_id for k in kept if not k.new]).values())
        for one, study, record in zip(kept, studies, records, strict=True):
            self._triage.headers.put(one.study_id, one.content, study.stacks)
            if not record.film:
                reader.settle([one.study_id], time.monotonic() + max(SETTLE_S, self._wish.settle))
        waiting = [k.study_id for k in kept if k.waits]
        if given_back := reader.let_go(waiting):
            library.return_work(given_back)
        if waiting:
            self._triage.resume()
        self._triage.changed.emit(frozenset(k.study_id for k in kept))
        return kept


def _clear_troubles(library: "Library", rows: Iterable[StudyRow]) -> None:
    """Say no more of files that are missing where they are there again."""
    for row in rows:
        if row.trouble and all(Path(image.source).exists() for image in library.sources(row.id)):
            library.mark_missing(row.id, "")
