"""Studies come to the worklist: files are read, kept in the library, and put up for reading by the models that fit."""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.triage_adding import Added, Adding, Wish
from medviewer.app.triage_find import Headers, content_of
from medviewer.app.triage_reader import TriageReader
from medviewer.app.watching import Watching
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.jobs import Job
from medviewer.core.study import Skipped
from medviewer.library.records import WorkRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library


class Triage:
    """See the module. Methods may be called from any thread; events fire on any thread.

    `changed` carries the ids of studies that came or whose AI state is another one; `files_skipped` the files of this
    moment that were left out; `watch_changed` a sentence on the watched folder, "" when all is well with it.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._lock = threading.Lock()
        self._skipped: dict[str, Skipped] = {}
        self.files = 0  # that were looked at since the start
        self.headers = Headers()
        self.changed: Event[frozenset[int]] = Event()
        self.files_skipped: Event[tuple[Skipped, ...]] = Event()
        self.watch_changed: Event[str] = Event()
        self.reader = TriageReader(session, self.headers, lambda ids: self.changed.emit(frozenset(ids)))
        self._watching: Watching | None = None
        session.shelf.restored.connect(lambda _: self._begin_again())

    def _begin_again(self) -> None:
        """Forget what is known by numbers of a library that was replaced, and read what waits in the one there now."""
        self.headers.clear()
        self.reader.begin_again()

    def add(
        self,
        paths: Sequence[Path | str],
        *,
        listed: bool = True,
        root: Path | None = None,
        settle: float = 0.0,
        whole: bool = False,
        may_be_empty: bool = False,
    ) -> Job:
        """Read files, folders, zips or DICOMDIRs, keep their studies and let models read them.

        The job ends when all files are kept, with an `Added`; the models go on after it. It fails with one sentence
        when there was no image (unless that `may_be_empty`), or when the library does not take them.

        Args:
            paths: what was given.
            listed: put the studies on the worklist.
            root: names of files are told relative to this folder.
            settle: seconds without a new file after which a study is taken for whole.
            whole: leave files that are cut short for later.
            may_be_empty: no image at all is no failure.
        """
        given = tuple(Path(path) for path in paths)
        title = f"Reading {len(given)} files" if len(given) > 1 else "Reading files"
        wish = Wish(given, listed, root, settle, whole, may_be_empty)
        return self._session.jobs.run(Job(title, "triage"), lambda job: Adding(self._session, self, wish).run(job))

    def resume(self) -> None:
        """Read what waits in the library (from before, or from other programs), also after the reader stopped it."""
        if not (self._session.read_only or self._session.safe_mode):
            self.reader.wake()

    def read_again(self, study_ids: Sequence[int], *, confirmed: bool = False) -> "Future[None]":
        """Let models read studies (again); `confirmed`: a reader vouches for what the headers do not say."""

        def act(library: "Library") -> None:
            work = [WorkRecord(i, content_of(library.sources(i)), confirmed=confirmed) for i in study_ids]
            library.add_work(work)
            self.reader.wake()

        for study_id in study_ids:
            self.headers.forget(study_id)  # the files may be others by now
        return self._session.shelf.write(act, by_number=True)

    @property
    def trouble(self) -> UserError | None:
        """Why answers of the models wait here, while the library does not take them."""
        return self.reader.trouble

    # -- a watched folder

    @property
    def watched(self) -> Path | None:
        """The folder whose files come in by themselves."""
        return self._watching.folder if self._watching else None

    @property
    def watch_problem(self) -> str:
        """What is wrong with the watched folder, "" for nothing."""
        return self._watching.problem if self._watching else ""

    def watch(self, folder: Path) -> None:
        """Take in every file that is, or will be, in `folder`; another folder is not watched any more."""
        self.unwatch()
        self._watching = Watching(folder, self.add, self.watch_changed.emit)
        self._watching.start()

    def unwatch(self) -> None:
        """Watch nothing."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.stop()
            self.watch_changed.emit("")

    # -- files that were left out

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files that were left out since the start or the last `forget_skipped`."""
        with self._lock:
            return tuple(self._skipped.values())

    def skip(self, skipped: Iterable[Skipped]) -> None:
        """Note files that were left out."""
        found = tuple(skipped)
        with self._lock:
            self._skipped.update({s.path: s for s in found})
        self.files_skipped.emit(found)

    def readable(self, labels: Iterable[str]) -> None:
        """Note that files could be read which may have been left out before (they were not whole then)."""
        with self._lock:
            for label in labels if self._skipped else ():
                self._skipped.pop(label, None)

    def forget_skipped(self) -> None:
        """Clear the list of files that were left out."""
        with self._lock:
            self._skipped.clear()
        self.files_skipped.emit(())

    def close(self) -> None:
        """End watching and reading; work that is not done waits in the library."""
        self.unwatch()
        self.reader.close()


__all__ = ["Added", "Triage"]
