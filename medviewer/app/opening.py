"""From a row of the list to its images in the reader: at the finding, with what models have said of it before."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.study import Stack
from medviewer.library.records import ImageRecord, ReadingRecord, StudyRow
from medviewer.library.texts import clean

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """An image to show first: its SOP UID and frame."""

    sop_uid: str = ""
    frame: int = 0


@dataclass(frozen=True)
class _Found:
    """What the library knows of a study that is to be opened."""

    row: StudyRow
    images: tuple[ImageRecord, ...]
    reading: ReadingRecord | None


class Opening:
    """Opens studies of the library; those that nobody looks at any more are closed again."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._from_list: dict[str, StudyRow] = {}  # by uid: studies that were opened from the list
        self._wanted = 0  # the study that was asked for last
        self._coming = 0  # likewise, until it is on the screen
        session.shelf.restored.connect(lambda _: session.at_desk(self._from_list.clear))

    @property
    def current(self) -> int | None:
        """The study in the active viewport, if the library knows it.

        One that was opened from the list is known at once, before its files are found to be what was kept: the next
        Ctrl+Right may be faster.
        """
        stack = self._session.reader.view.stack
        if stack is None:
            return None
        known, row = self._session.kept.id_of(stack), self._from_list.get(stack.first.study_uid)
        if known is None and row is not None and _is_of(stack, row):
            return row.id
        return known

    def open(self, study_id: int, at: Place | None = None) -> Job:
        """Open a study in the active viewport, at `at` or at the place with the highest score.

        The job's result is the study's id; it fails with a sentence when none of its files is where it was.
        """
        self._wanted = self._coming = study_id
        self._session.opinions.of(study_id)  # so that the key of an opinion is taken as soon as the image is there
        job = Job("Opening a study", "open-study")
        return self._session.jobs.run(job, lambda job: self._open(study_id, at, job))

    def open_next(self, step: int = 1) -> None:
        """Open the study that stands `step` rows further down in the worklist than the one on the screen.

        From one that is on its way, or could not be opened, it goes on as from one that is there.
        """
        worklist = self._session.worklist
        place = worklist.place_of(self._coming or self.current) + step
        if 0 <= place < len(worklist):
            study_id = worklist.id_at(place)
            worklist.select(study_id)
            self.open(study_id)

    def _open(self, study_id: int, at: Place | None, job: Job) -> int:
        found = self._session.shelf.read(lambda library: _find(library, study_id)).result()
        paths = self._paths(study_id, found)
        place = at or (Place(found.reading.sop_uid, found.reading.frame) if found.reading else Place())
        session = self._session
        self._from_list[found.row.uid] = found.row
        first = [i.source for i in found.images if i.sop_uid == place.sop_uid and i.source in paths]
        ordered = list(dict.fromkeys([*first, *paths]))  # the image that is wanted first is read first
        shown = _Shown(session, found.row, place, lambda: self._wanted == study_id, lambda: self._arrived(study_id))
        end = session.opened.studies_changed.connect(lambda _: shown.look())
        try:
            shown.look()
            if left := self._not_open(found, ordered):
                inner = session.opened.open([Path(p) for p in left], show=False, quiet=True)
                job.on_cancel(inner.cancel)
                while not inner.wait(0.1):
                    job.step(inner.done, inner.total)
                if inner.error is not None:
                    raise inner.error
                shown.look(last=True)
                session.kept.keep_open(left)
            session.at_desk(lambda: self._close_others(found.row.uid))
        finally:
            end()
        return study_id

    def _arrived(self, study_id: int) -> None:
        if self._coming == study_id:
            self._coming = 0

    def _paths(self, study_id: int, found: _Found) -> list[str]:
        """Return the files that are there; say so when some are not."""
        paths = list(dict.fromkeys(image.source for image in found.images))
        there = [path for path in paths if Path(path).exists()]
        trouble = "" if len(there) == len(paths) else missing_words(paths, there)
        if trouble and (not found.row.trouble or not there):
            self._session.shelf.write(lambda lib: lib.mark_missing(study_id, trouble), by_number=True)
        if not there:
            raise UserError("no_file", trouble or "This study has no files any more.")
        if trouble:
            self._session.notice(trouble)
        elif found.row.trouble:  # they are back
            self._session.shelf.write(lambda lib: lib.mark_missing(study_id, ""), by_number=True)
        return there

    def _not_open(self, found: _Found, paths: Sequence[str]) -> list[str]:
        """Return those of `paths` with an image that is not open: a study may have grown since it was opened."""
        stacks = [stack for stack in self._session.opened.stacks if stack.key[0] == found.row.uid]
        there = {(ref.header.sop_uid, ref.header.digest) for stack in stacks for ref in stack.images}
        wanted = {image.source for image in found.images if (image.sop_uid, image.digest) not in there}
        return [path for path in paths if path in wanted]

    def _close_others(self, uid: str) -> None:
        """Close what was opened from the list and is in no viewport."""
        session = self._session
        seen = {view.stack.key[0] for view in session.reader.views if view.stack is not None}
        for other in [u for u in self._from_list if u != uid and u not in seen]:
            del self._from_list[other]
            session.opened.close_study(other)


class _Shown:
    """Puts the study into the active viewport, once, as soon as the wanted image is there."""

    def __init__(
        self,
        session: "Session",
        row: StudyRow,
        place: Place,
        wanted: Callable[[], bool],
        arrived: Callable[[], object],
    ) -> None:
        self._session, self._row, self._place = session, row, place
        self._wanted, self._arrived = wanted, arrived
        self._done = False

    def look(self, last: bool = False) -> bool:
        """Show the image if it has come (`last`: show the study's first image in any case)."""
        if self._done:
            return True
        stacks = [stack for stack in self._session.opened.stacks if _is_of(stack, self._row)]
        found = find_image(stacks, self._place)
        if found is None and (last or not self._place.sop_uid):
            found = (_first(stacks), 0) if stacks else None
        if found is None:
            return False
        self._done = True
        stack, index = found
        self._session.pixels.want([stack.images[index]], owner="opening")
        self._session.at_desk(lambda: self._show(stack, index))
        return True

    def _show(self, stack: Stack, index: int) -> None:
        from medviewer.app.deeds import show_stack

        session = self._session
        place = session.opened.place_of(stack.images[index])
        if place is not None and self._wanted():
            show_stack(session, session.reader.view, *place)
            session.show_page("reader")
            self._arrived()
        session.pixels.want((), owner="opening")


def _is_of(stack: Stack, row: StudyRow) -> bool:
    """Say whether an open stack belongs to the study of a row: two patients may have one study UID."""
    patient = stack.first.patient
    told = (row.patient_name, row.patient_id, row.birth_date)
    return stack.key[0] == row.uid and told == tuple(map(clean, (patient.name, patient.id, patient.birth_date)))


def find_image(stacks: Sequence[Stack], place: Place) -> tuple[Stack, int] | None:
    """Return where an image is in `stacks`; None if it is not open."""
    if not place.sop_uid:
        return None
    for stack in stacks:
        for index, ref in enumerate(stack.images):
            if ref.header.sop_uid == place.sop_uid and ref.frame == place.frame:
                return stack, index
    return None


def missing_words(paths: Sequence[str], there: Sequence[str]) -> str:
    """Return the sentence about files of a study that are gone."""
    gone = [Path(p) for p in paths if p not in set(there)]
    folder = gone[0].parent.name
    if there:
        return f"{len(gone)} of {len(paths)} files of this study are no longer in the folder {folder}."
    return f"The files of this study are no longer in the folder {folder}. Put them back, or drop them again."


def _first(stacks: Sequence[Stack]) -> Stack:
    from medviewer.app.open_studies import first_to_show

    return first_to_show(stacks)


def _find(library: "Library", study_id: int) -> _Found:
    row = library.row(study_id)
    if row is None:
        raise UserError("closed", "This study is not in the library any more.")
    readings = [r for r in library.readings(study_id) if r.sop_uid]
    best = max(readings, key=lambda r: (r.positive, (r.score or 0.0) - (r.point or 0.0)), default=None)
    return _Found(row, library.sources(study_id), best)
