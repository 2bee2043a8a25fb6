"""What is open is noted while it is open, so that it can be opened again after a run that ended unexpectedly.

Noted are numbers of studies in the library, paths of those that it does not know, images by their UIDs, windows and
layout: no names. A clean end forgets it, but for notes that somebody has begun. Nothing is opened by itself.
"""

import logging
import threading
from dataclasses import dataclass, fields, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from medviewer import __version__
from medviewer.app.crashes import Marks
from medviewer.app.drafts import Draft
from medviewer.app.opening import Place, find_image, missing_words
from medviewer.app.reader import Layout, Placement, ViewState
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.intensity import Window
from medviewer.core.jobs import Job
from medviewer.core.study import Stack
from medviewer.core.values import pack, unpack

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

#: Seconds for which changes are gathered before they are written.
DEBOUNCE_S = 1.0
#: Paths that are noted of a study that the library does not know.
MOST_PATHS = 5000

UNWRITABLE = "medviewer may not write into its own folder: settings, lists and what is open hold until it ends."
FULL = "The disk with medviewer's own folder is full: settings, lists and what is open hold until it ends."


@dataclass(frozen=True)
class OpenStudy:
    """A study that is open: its number in the library (0: not known there), its UID, and where its files are then."""

    study: int
    uid: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenView:
    """What one viewport shows, and how."""

    place: int
    uid: str  # of the study
    sop_uid: str
    frame: int
    window: Window | None = None
    inverted: bool = False
    zoom: float | None = None
    pan: tuple[float, float] = (0.0, 0.0)
    quarter_turns: int = 0
    flip_x: bool = False
    flip_y: bool = False


@dataclass(frozen=True)
class Opened:
    """What is on the desk."""

    studies: tuple[OpenStudy, ...] = ()
    views: tuple[OpenView, ...] = ()
    layout: Layout = Layout.ONE
    active: int = 0
    page: str = "reader"
    drafts: tuple[Draft, ...] = ()


class Restoring:
    """Notes what is open, and opens again what an earlier run left. Made on any thread, used on the desk's.

    Attributes:
        crashes: runs in a row that ended unexpectedly before this one; known when `ready` has fired (on the desk).
        left: what they had open, newest first; empty in safe mode, where it stays for later.
        looked: whether `ready` has fired.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._marks: Marks | None = None
        self.crashes, self.left, self.looked = 0, tuple[Opened, ...](), False
        self.ready: Event[None] = Event()
        self._now = Opened()
        self._inbox: SimpleQueue[Opened | bool] = SimpleQueue()
        self._asked, self._told = False, False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="restoring", daemon=True)
        self._thread.start()

    @property
    def studies(self) -> int:
        """How many studies can be opened again."""
        return len({(study.study, study.uid) for opened in self.left for study in opened.studies})

    def _begin(self, marks: Marks) -> None:
        session = self._session
        self.crashes = marks.crashes
        self.left = tuple(opened for values in marks.left if (opened := _read(values)) is not None)
        session.drafts.take(tuple(draft for opened in self.left for draft in opened.drafts))
        session.opened.studies_changed.connect(lambda _: self._changed())
        session.kept.known.connect(lambda _: self._changed())
        session.reader.changed.connect(lambda _: self._changed())
        session.page_changed.connect(lambda _: self._changed())
        session.drafts.changed.connect(lambda _: self._changed())
        for view in session.reader.views:
            view.changed.connect(lambda _: self._changed())
        self._changed()
        self.looked = True
        self.ready.emit(None)

    # -- noting

    def _changed(self) -> None:
        """Note that something is different (from any thread; a wheel turns often)."""
        if not self._asked:
            self._asked = True
            self._inbox.put(True)

    def _run(self) -> None:
        session = self._session
        self._marks = marks = Marks(session.home, __version__, take=not session.safe_mode)
        session.at_desk(lambda: self._begin(marks))
        self._tell(marks)
        taken_over = session.safe_mode
        while (item := self._inbox.get()) is not False:
            if item is True:
                self._closed.wait(DEBOUNCE_S)  # what follows at once goes with it
                self._asked = False
                session.at_desk(self._take)
            elif isinstance(item, Opened) and item != self._now:
                marks.keep(pack(item))
                self._now = item
            if not taken_over and item is not True and marks.problem is None:
                taken_over = True  # notes that were begun are in our own mark
                marks.shed("drafts", unless="studies")
            self._tell(marks)

    def _take(self) -> None:
        """Look at the desk, on its thread."""
        self._inbox.put(self._look())

    def _look(self) -> Opened:
        session = self._session
        if session.safe_mode or not session.settings.get("privacy.keep_open"):
            return Opened()
        reader = session.reader
        views = tuple(_view(place, view) for place, view in enumerate(reader.views) if view.stack is not None)
        studies = tuple(self._study(study.uid, study.stacks) for study in session.opened.studies)
        page = session.page if session.page in ("reader", "worklist") else "reader"
        return Opened(studies, views, reader.layout, reader.active, page, session.drafts.all)

    def _study(self, uid: str, stacks: tuple[Stack, ...]) -> OpenStudy:
        number = self._session.kept.id_of(stacks[0])
        if number is not None:
            return OpenStudy(number, uid)
        paths = dict.fromkeys(ref.header.path for stack in stacks for ref in stack.images)
        return OpenStudy(0, uid, tuple(paths)[:MOST_PATHS])

    def _tell(self, marks: Marks) -> None:
        """Say once that nothing can be written."""
        problem = marks.problem
        if problem is not None and not self._told:
            self._told = True
            log.warning("what is open cannot be noted: %s", type(problem).__name__)
            self._session.notice(FULL if problem.errno in (28, 122) else UNWRITABLE)

    # -- opening again

    def open_again(self) -> Job:
        """Open what earlier runs left; fails with a sentence where nothing of it is there any more."""
        left, self.left = self.left, ()
        job = Job("Opening again what was open", "open-study")
        return self._session.jobs.run(job, lambda job: self._open(left, job))

    def forget(self) -> None:
        """Offer it no more; notes that were begun stay."""
        self.left = ()
        self._drop_left()

    def _drop_left(self) -> None:
        if self._marks is not None:
            self._marks.forget_left()

    def _open(self, left: tuple[Opened, ...], job: Job) -> int:
        session = self._session
        paths: dict[str, None] = {}
        troubles: list[str] = []
        for study in dict.fromkeys(study for opened in left for study in opened.studies):
            told = self._paths(study)
            there = [path for path in told if Path(path).exists()]
            if len(there) < len(told):
                troubles.append(missing_words(told, there))
            paths.update(dict.fromkeys(there))
        if paths:
            inner = session.opened.open([Path(path) for path in paths], show=False, quiet=True)
            job.on_cancel(inner.cancel)
            while not inner.wait(0.1):
                job.step(inner.done, inner.total)
            if inner.error is not None:
                raise inner.error
            session.kept.keep_open([Path(path) for path in paths])
            session.at_desk(lambda: self._show(left[0]))
        self._drop_left()
        for trouble in troubles:
            if not paths:
                raise UserError("no_file", trouble)
            session.notice(trouble)
        return len(paths)

    def _paths(self, study: OpenStudy) -> list[str]:
        """Return where the files of a study are, by the library where it knows it."""
        if not study.study:
            return list(study.paths)

        def look(library: "Library") -> list[str]:
            row = library.row(study.study)
            if row is None or row.uid != study.uid:  # the library was restored meanwhile
                return []
            return list(dict.fromkeys(image.source for image in library.sources(study.study)))

        return self._session.shelf.read(look).result()

    def _show(self, opened: Opened) -> None:
        """Put everything where it was."""
        from medviewer.app.deeds import show_stack

        session, reader = self._session, self._session.reader
        reader.set(layout=opened.layout)
        for told in opened.views:
            stacks = [stack for stack in session.opened.stacks if stack.key[0] == told.uid]
            found = find_image(stacks, Place(told.sop_uid, told.frame))
            if found is None:
                continue
            view = reader.views[told.place]
            show_stack(session, view, *found)
            placement = {field.name: getattr(told, field.name) for field in fields(Placement)}
            view.set(window=told.window, inverted=told.inverted, **placement)
        reader.set(active=min(opened.active, opened.layout.places - 1))
        session.show_page(opened.page)

    # -- the end

    def close(self, *, keep_left: bool = False) -> None:
        """End in order (after the session): what was open is forgotten, notes that were begun are not.

        `keep_left`: what earlier runs left is offered again at the next start.
        """
        self._closed.set()
        self._inbox.put(False)
        self._thread.join(5)
        drafts = self._look().drafts
        if self._marks is not None:
            self._marks.end(pack(Opened(drafts=drafts)) if drafts else {}, left_too=keep_left)


def _view(place: int, view: ViewState) -> OpenView:
    image = view.image
    assert image is not None
    shown = OpenView(place, image.header.study_uid, image.header.sop_uid, image.frame, view.window, view.inverted)
    return replace(shown, **{field.name: getattr(view.placement, field.name) for field in fields(Placement)})


def _read(values: dict[str, Any]) -> Opened | None:
    """Return what a mark holds; None where it makes no sense here (another version wrote it, or it is damaged)."""
    try:
        opened = unpack(Opened, values)
        sound = all(view.place in range(4) for view in opened.views) and opened.active in range(4)
        sound &= all(isinstance(s.study, int) and all(isinstance(p, str) for p in s.paths) for s in opened.studies)
        sound &= all(isinstance(draft.text, str) for draft in opened.drafts)
        return opened if sound and opened.page in ("reader", "worklist") else None
    except (TypeError, ValueError, KeyError, AttributeError):
        log.warning("what an earlier run had open cannot be read")
        return None
