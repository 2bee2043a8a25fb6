"""What is open: files come in, grow into studies, and go when they are closed.

Opening is a job: reader processes hand over headers in batches, the series concerned are ordered again (at most ten
times a second), and `studies_changed` says so. Events fire on the job's thread.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.jobs import Job, Jobs
from medviewer.core.study import ImageHeader, ImageRef, Patient, Skipped, Stack, Study
from medviewer.dicom.grouping import Grouping

log = logging.getLogger(__name__)

StackKey = tuple[str, str, int]
Batch = Callable[[tuple[ImageHeader, ...], tuple[Skipped, ...]], object]
#: Seconds between two regroupings of a scan, and how long a scan may take before its first image is shown: a quick
#: scan is shown in order from its first image, a slow one at once from what is there.
REGROUP_S, SHOW_S = 0.1, 0.7


class ScanPool(Protocol):
    """The part of dicom.pool.ReaderPool that is used here."""

    def scan(self, paths: Sequence[Path], job: Job, on_batch: Batch) -> None: ...


class OpenStudies:
    """The open studies, newest first. All methods may be called from any thread.

    `studies_changed` carries all studies; `files_skipped` the files of this moment that were left out; `showable` the
    stack that an opening wants on the screen (the session puts it there); `closed` a study that went; `noticed` a
    sentence for the reader.
    """

    def __init__(self, jobs: Jobs, pool: ScanPool) -> None:
        self._jobs, self._pool = jobs, pool
        self._lock = threading.RLock()
        self._headers: list[ImageHeader] = []  # in order of arrival
        self._grouped = 0  # so many of them are in the stacks
        self._grouping = Grouping()
        self._studies: tuple[Study, ...] = ()
        self._skipped: dict[str, Skipped] = {}
        self.studies_changed: Event[tuple[Study, ...]] = Event()
        self.files_skipped: Event[tuple[Skipped, ...]] = Event()
        self.showable: Event[Stack] = Event()
        self.closed: Event[Study] = Event()
        self.noticed: Event[str] = Event()

    @property
    def studies(self) -> tuple[Study, ...]:
        return self._studies

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """Every stack of every study, in the order of the list."""
        return tuple(stack for study in self._studies for stack in study.stacks)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files that were left out since the start or the last `forget_skipped`."""
        with self._lock:
            return tuple(self._skipped.values())

    def forget_skipped(self) -> None:
        """Clear the list of files that were left out."""
        with self._lock:
            self._skipped.clear()
        self.files_skipped.emit(())

    def stack(self, key: StackKey) -> Stack:
        """Return the stack with this key.

        Raises:
            UserError: `closed`: its study is not open any more.
        """
        for stack in self.stacks:
            if stack.key == key:
                return stack
        raise UserError("closed", "This series is not open any more.")

    def study_of(self, stack: Stack) -> Study | None:
        """Return the study that holds `stack`."""
        return next((s for s in self._studies if any(other.key == stack.key for other in s.stacks)), None)

    def place_of(self, ref: ImageRef) -> tuple[Stack, int] | None:
        """Return the stack that holds this image now, and where; None when it is closed."""
        for stack in self.stacks:
            if (stack.key[0], stack.series_uid) == (ref.header.study_uid, ref.header.series_uid):
                for index, other in enumerate(stack.images):
                    if other.key == ref.key:
                        return stack, index
        return None

    def open(self, paths: Sequence[Path | str], show: bool = True, quiet: bool = False) -> Job:
        """Read files, folders, zips or DICOMDIRs; `show` asks for the first stack on the screen.

        The job's result is the number of images; it fails with one sentence when there was none. `quiet`: part of
        other work, which tells of it; the job is in no list.
        """
        given = tuple(Path(path) for path in paths)
        title = f"Reading {len(given)} files" if len(given) > 1 else "Reading files"
        job = Job(title, "open")
        run = self._jobs.run_quietly if quiet else self._jobs.run
        return run(job, lambda job: _Opening(self, given, show).run(job))

    def close_study(self, uid: str) -> None:
        """Take a study off the desk; its files stay where they are."""
        with self._lock:
            gone = [study for study in self._studies if study.uid == uid]
            self._headers = [h for h in self._headers if h.study_uid != uid]
            self._grouping, self._grouped = Grouping(), 0
            self._group()
        for study in gone:
            self.closed.emit(study)
        if gone:
            self.studies_changed.emit(self._studies)

    def scan(self, paths: Sequence[Path], job: Job, on_batch: Batch) -> None:
        """Let the reader processes look at `paths` (blocking)."""
        self._pool.scan(paths, job, on_batch)

    def add(self, headers: Sequence[ImageHeader]) -> None:
        """Take headers; they are in no stack before `regroup`."""
        with self._lock:
            self._headers += headers

    def regroup(self) -> None:
        """Put new headers into the stacks and announce it, if there are any."""
        with self._lock:
            changed = self._grouped < len(self._headers)
            self._group()
        if changed:
            self.studies_changed.emit(self._studies)

    def _group(self) -> None:
        self._studies = self._grouping.add(self._headers[self._grouped :])
        self._grouped = len(self._headers)

    def skip(self, skipped: tuple[Skipped, ...]) -> None:
        """Note files that were left out."""
        with self._lock:
            self._skipped.update({s.path: s for s in skipped})
        self.files_skipped.emit(skipped)


class _Opening:
    """One opening, from the first batch to the sentence at its end."""

    def __init__(self, opened: OpenStudies, paths: tuple[Path, ...], show: bool) -> None:
        self._opened, self._paths, self._show = opened, paths, show
        self._lock = threading.Lock()
        self._uids: set[str] = set()
        self._patients: set[tuple[str, str, str]] = set()
        self._images = 0
        self._skipped: list[Skipped] = []
        self._grouped = 0.0
        self._timer: threading.Timer | None = None

    def run(self, job: Job) -> int:
        try:
            self._opened.scan(self._paths, job, self._batch)
        finally:
            if self._timer:
                self._timer.cancel()
            self._opened.regroup()
            self._show_now()
        self._tell()
        return self._images

    def _batch(self, headers: tuple[ImageHeader, ...], skipped: tuple[Skipped, ...]) -> None:
        if skipped:
            self._skipped += skipped
            self._opened.skip(skipped)
        if not headers:
            return
        self._images += len(headers)
        self._patients |= {_who(h.patient) for h in headers if not h.film}
        with self._lock:
            self._uids |= {h.study_uid for h in headers}
        self._opened.add(headers)
        if self._show and self._timer is None:
            self._timer = threading.Timer(SHOW_S, self._show_now)
            self._timer.daemon = True
            self._timer.start()
        if time.monotonic() - self._grouped >= REGROUP_S:
            self._opened.regroup()
            self._grouped = time.monotonic()

    def _show_now(self) -> None:
        """Ask for the first stack on the screen, once."""
        with self._lock:
            show, uids = self._show and bool(self._uids), set(self._uids)
            self._show = self._show and not show
        if show:
            self._opened.regroup()
            stacks = [s for study in self._opened.studies if study.uid in uids for s in study.stacks]
            if stacks:
                self._opened.showable.emit(first_to_show(stacks))

    def _tell(self) -> None:
        """Say what the reader must know, or fail when nothing could be opened."""
        if not self._images:
            raise nothing_opened(self._paths, self._skipped)
        if len(self._patients) > 1:
            self._opened.noticed.emit(f"These files belong to {len(self._patients)} patients. They were kept apart.")
        if self._skipped:
            self._opened.noticed.emit(left_out(self._skipped, self._images))


def _who(patient: Patient) -> tuple[str, str, str]:
    return patient.id.strip(), patient.name.strip().upper(), patient.birth_date


def first_to_show(stacks: Sequence[Stack]) -> Stack:
    """Return the stack to look at first: no localizer, of several the first with more than one image."""

    def rank(stack: Stack) -> tuple[bool, bool]:
        localizer = any("LOCALIZER" in kind.upper() for kind in stack.first.image_type)
        return localizer, len(stack) < 2

    return min(stacks, key=rank)


#: Why files were left out, in words that go behind "3 of 40 files ...", by the contract's skip code.
_LEFT_OUT = {
    "not_dicom": ("is not DICOM", "are not DICOM"),
    "no_pixels": ("holds no image", "hold no image"),
    "unreadable": ("cannot be read", "cannot be read"),
    "unsupported_syntax": ("uses a compression we cannot open", "use a compression we cannot open"),
    "too_large": ("is too large", "are too large"),
    "unsafe_path": ("has a path that leads outside", "have a path that leads outside"),
    "not_a_regular_file": ("is not a regular file", "are not regular files"),
    "encapsulated_document": ("is a document", "are documents"),
    "derived_object": ("is no image but describes one", "are no images but describe some"),
}


def left_out(skipped: Sequence[Skipped], images: int) -> str:
    """Return the sentence about files that were left out ("3 of 40 files are not DICOM and were left out.")."""
    count = len(skipped)
    codes = {s.code for s in skipped}
    one, many = _LEFT_OUT.get(skipped[0].code, ("cannot be used", "cannot be used"))
    if len(codes) > 1:
        one = many = "cannot be shown"
    total = count + images
    return f"{count} of {total} files {one if count == 1 else many} and {'was' if count == 1 else 'were'} left out."


def nothing_opened(paths: Sequence[Path], skipped: Sequence[Skipped]) -> UserError:
    """Return the one sentence for an opening without any image."""
    if len(skipped) == 1:
        return UserError(skipped[0].code, skipped[0].text)
    name = paths[0].name or str(paths[0]) if len(paths) == 1 else f"{len(paths)} files"
    if skipped:
        codes = {s.code for s in skipped}
        words = _LEFT_OUT.get(skipped[0].code, ("", "cannot be used"))[1] if len(codes) == 1 else "cannot be shown"
        code = skipped[0].code if len(codes) == 1 else "unreadable"
        return UserError(code, f"There is no image to open in {name}: its {len(skipped)} files {words}.")
    missing = [path for path in paths if not path.exists()]
    if missing:
        return UserError("no_file", f"{missing[0].name} does not exist. Check the path.")
    return UserError("no_images", f"There is no file to open in {name}.")
