"""The images of a study that is to be read: as this session has scanned them, else found again where they lay."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, Skipped, Stack
from medviewer.dicom.grouping import group
from medviewer.library.records import ImageRecord, WorkRecord
from medviewer.library.texts import clean, hashed

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

#: Frames whose headers are remembered, and files that are looked for in one scan.
REMEMBERED, TOGETHER = 50_000, 500

GONE = "The files are no longer where they were (folder {}). Study kept; put them back and read again."
CHANGED = "The files are not the ones that came (folder {}): they have changed. Study kept; add them again."
SOME_GONE = "{} of {} files are no longer where they were, or have changed (folder {})."


def content_of(images: Iterable[ImageRecord]) -> str:
    """Return the content that these images make, as the library names it (`Kept.content`)."""
    return _content((i.sop_uid, i.digest) for i in images)


def _content(signs: Iterable[tuple[str, str]]) -> str:
    return hashed(*(text for pair in sorted(signs) for text in pair))


@dataclass(frozen=True)
class Known:
    """What this session has scanned of a study.

    Attributes:
        content: the newest that was kept.
        headers: by path.
        stacks: that they make; None where they are not all of the content: the library knows more images, those that
            were opened in the reader, or came on another day.
    """

    content: str
    headers: dict[str, ImageHeader]
    stacks: tuple[Stack, ...] | None

    @property
    def frames(self) -> int:
        return sum(len(header.frames) for header in self.headers.values())


class Headers:
    """Headers of the files that this session has scanned, by study; the longest unused go. From any thread."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most, self._count = most, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Known] = OrderedDict()

    def put(self, study_id: int, content: str, stacks: tuple[Stack, ...]) -> None:
        """Remember the images of a study beside those that are known, and its content with all of them."""
        new = {ref.header.path: ref.header for stack in stacks for ref in stack.images}
        with self._lock:
            before = self._kept.pop(study_id, None)
            self._count -= before.frames if before else 0
            headers = {**before.headers, **new} if before else new
            # of a renamed file the newest name, of an overwritten one the newest content
            signs = {(clean(h.sop_uid), clean(h.digest)): h for h in headers.values()}
            whole = _content(signs) == content
            made = stacks if len(headers) == len(new) else stacks_of(signs.values()) if whole else ()
            self._kept[study_id] = known = Known(content, headers, made if whole else None)
            self._count += known.frames
            while self._count > self._most and len(self._kept) > 1:
                self._count -= self._kept.popitem(last=False)[1].frames

    def get(self, study_id: int) -> tuple[str, tuple[Stack, ...]] | None:
        """Return the newest content that was kept here and its stacks; None where these are not all of it."""
        with self._lock:
            found = self._kept.get(study_id)
            if found is None or found.stacks is None:
                return None
            self._kept.move_to_end(study_id)
            return found.content, found.stacks

    def clear(self) -> None:
        """Look for all files next time."""
        with self._lock:
            self._kept.clear()
            self._count = 0

    def forget(self, study_id: int) -> None:
        """Look for its files next time."""
        with self._lock:
            found = self._kept.pop(study_id, None)
            self._count -= found.frames if found else 0


@dataclass(frozen=True)
class Found:
    """A study that is to be read.

    Attributes:
        content: what was found is (a part of) this content of the study.
        stacks: none where nothing is left of it; then `trouble` says why.
        trouble: a sentence for the row; "" where all is there.
        was_troubled: the row says that something is missing, which may not be so any more.
    """

    work: WorkRecord
    content: str
    stacks: tuple[Stack, ...] = ()
    trouble: str = ""
    was_troubled: bool = False


class Finder:
    """Finds the images of studies; blocking, for one thread."""

    def __init__(self, session: "Session", headers: Headers) -> None:
        self._session, self._headers = session, headers

    def find(self, works: Sequence[WorkRecord]) -> Iterable[Found]:
        """Yield the studies of `works`, those at hand first.

        Raises:
            UserError: the library does not answer.
        """
        absent = []
        for work in works:
            known = self._headers.get(work.study_id)
            if known is not None:
                yield Found(work, *known)
            else:
                absent.append(work)
        batch: list[tuple[WorkRecord, tuple[ImageRecord, ...], bool]] = []
        for work in absent:
            batch.append((work, *self._images(work.study_id)))
            if sum(len(images) for _, images, _ in batch) >= TOGETHER:
                yield from self._look(batch)
                batch = []
        yield from self._look(batch)

    def _images(self, study_id: int) -> tuple[tuple[ImageRecord, ...], bool]:
        def ask(library: "Library") -> tuple[tuple[ImageRecord, ...], bool]:
            row = library.row(study_id)
            return library.sources(study_id), bool(row and row.trouble)

        return self._session.shelf.read(ask).result()

    def _look(self, batch: Sequence[tuple[WorkRecord, tuple[ImageRecord, ...], bool]]) -> Iterable[Found]:
        """Read the headers of all files of these studies that are there, in one scan."""
        sources = dict.fromkeys(image.source for _, images, _ in batch for image in images)
        there = [Path(source) for source in sources if Path(source).exists()]
        headers: dict[tuple[str, str], ImageHeader] = {}

        def take(found: tuple[ImageHeader, ...], _: tuple[Skipped, ...]) -> None:
            headers.update({(clean(h.sop_uid), clean(h.digest)): h for h in found})

        if there:
            with contextlib.suppress(UserError):  # what was found so far counts; the rest is missing
                self._session.pool.scan(there, Job("Looking for files", "triage-find"), take)
        for work, images, troubled in batch:
            mine = {(i.sop_uid, i.digest) for i in images}
            found = [headers[sign] for sign in mine if sign in headers]
            stacks = stacks_of(found)
            content = content_of(images)
            if found and len(found) == len(mine):
                self._headers.put(work.study_id, content, stacks)
            yield Found(work, content, stacks, missing(images, len(mine) - len(found)), troubled)


def missing(images: Sequence[ImageRecord], count: int) -> str:
    """Return the sentence about `count` images of a study that were not found; "" for none."""
    if not count:
        return ""
    if not images:
        return GONE.format("unknown")
    gone = next((i for i in images if not Path(i.source).exists()), None)
    folder = Path((gone or images[0]).source).parent.name or "/"
    if count < len({(i.sop_uid, i.digest) for i in images}):
        return SOME_GONE.format(count, len(images), folder)
    return (GONE if gone else CHANGED).format(folder)


def stacks_of(headers: Iterable[ImageHeader]) -> tuple[Stack, ...]:
    """Return the stacks in the order of the files' names, however they were found."""
    ordered = sorted(headers, key=lambda header: header.label)
    return tuple(stack for study in group(ordered) for stack in study.stacks)
