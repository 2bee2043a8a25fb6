"""A watched folder: files are handed on when they are whole, each content once. Polling: network drives work.

A file counts as whole when its size and time have not changed for STABLE_S. Formats that end with a mark (JPEG, PNG)
and DICOM files that say how long their pixels are get longer when the end is missing: a slow writer may only pause.
"""

import contextlib
import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from medviewer.core.jobs import Job, State

if TYPE_CHECKING:
    from medviewer.app.triage import Added

log = logging.getLogger(__name__)

#: Seconds between two looks, without a change before a file is whole, and before one without its end is taken as it is.
LOOK_S, STABLE_S, PATIENCE_S = 1.0, 2.0, 30.0
#: Seconds without a new file of a study, after its files are stable, before models read it.
SETTLE_S = 3.0
#: Files that are looked at, how deep folders may lie, and how many files go into one round.
MOST_FILES, DEPTH, ROUND = 200_000, 64, 2_000

GONE = "The watched folder {} cannot be read. Its files come in when it is back."
TOO_MANY = "The watched folder {} has more than {} files; those beyond are left out."

#: Size, time of change, and which file it is: another one of these is another content.
Sign = tuple[int, int, int]


class Add(Protocol):
    """`Triage.add`, as it is used here."""

    def __call__(
        self, paths: list[Path], *, root: Path | None, settle: float, whole: bool, may_be_empty: bool
    ) -> Job: ...


@dataclass
class _Seen:
    """One file. `since`: monotonic time of its last change; `given`: the content that was handed on."""

    sign: Sign
    since: float
    given: Sign | None = None
    ends: bool | None = None  # None: not looked at
    cut: bool = False  # it was handed on and found to be cut short


class Watching:
    """Watches one folder until `stop`. One round at a time: while files are being read, others become stable.

    Attributes:
        problem: a sentence while something is wrong with the folder, else "".
    """

    def __init__(self, folder: Path, add: Add, tell: Callable[[str], object] = lambda _: None) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100 - links in the path stay as the user gave them
        self.problem = ""
        self._add, self._tell = add, tell
        self._seen: dict[str, _Seen] = {}
        self._stop = threading.Event()
        self._round: tuple[Job, bool, dict[str, Sign]] | None = None
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; files that are being read go on."""
        self._stop.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception:  # a defect must not end the watching in silence
                log.exception("a look into the watched folder failed")
            self._stop.wait(LOOK_S)

    def look(self, now: float | None = None) -> None:
        """Look once: note what changed, and hand on what is whole."""
        now = time.monotonic() if now is None else now
        found = self._found()
        if found is None:
            self._say(GONE.format(self.folder.name))
            return
        self._say(TOO_MANY.format(self.folder.name, MOST_FILES) if len(found) >= MOST_FILES else "")
        for path in self._seen.keys() - found.keys():
            del self._seen[path]  # renamed or gone; where it comes again, it is handed on again
        for path, sign in found.items():
            seen = self._seen.get(path)
            if seen is None or seen.sign != sign:
                self._seen[path] = _Seen(sign, now, seen.given if seen else None)
        self._end_round(now)
        if self._round is None and not self._stop.is_set():
            self._begin_round(now)

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self._tell(problem)

    # -- what is there

    def _found(self) -> dict[str, Sign] | None:
        """Return every regular file below the folder (links are not followed); None where it cannot be read."""
        found: dict[str, Sign] = {}
        todo: list[tuple[str, int]] = [(str(self.folder), 0)]
        while todo:
            folder, depth = todo.pop()
            try:
                entries = list(_entries(folder))
            except OSError:
                if depth == 0:
                    return None
                continue
            for path, status in entries:
                if len(found) >= MOST_FILES:
                    return found
                if stat.S_ISREG(status.st_mode):
                    found[path] = status.st_size, status.st_mtime_ns, status.st_ino
                elif stat.S_ISDIR(status.st_mode) and depth < DEPTH:
                    todo.append((path, depth + 1))
        return found

    # -- rounds

    def _begin_round(self, now: float) -> None:
        """Hand on what is whole: first all files with their end, else those for which we have waited long enough."""
        stable = {p: s for p, s in self._seen.items() if s.given != s.sign and now - s.since >= STABLE_S}
        for path, seen in stable.items():
            if seen.ends is None:
                seen.ends = _ends(path)
        late = {p: s for p, s in stable.items() if now - s.since >= PATIENCE_S and (s.cut or not s.ends)}
        whole = {p: s for p, s in stable.items() if s.ends and not s.cut}
        chosen = dict(list((whole or late).items())[:ROUND])
        if not chosen:
            return
        paths = sorted(map(Path, chosen))
        job = self._add(paths, root=self.folder, settle=SETTLE_S, whole=bool(whole), may_be_empty=True)
        for seen in chosen.values():
            seen.given = seen.sign
        self._round = job, bool(whole), {path: seen.sign for path, seen in chosen.items()}

    def _end_round(self, now: float) -> None:
        """Note what became of the round: files that were cut short wait, those that nobody took come again."""
        if self._round is None or not self._round[0].state.final:
            return
        (job, _, given), self._round = self._round, None
        added: Added | Any = job.result
        unfinished = set(added.unfinished) if job.state is State.DONE else set()
        for path, sign in given.items():
            seen = self._seen.get(path)
            if seen is None or seen.sign != sign:
                continue
            if path in unfinished:
                seen.cut, seen.given = True, None
            elif job.state is State.FAILED:  # the library did not take it
                seen.given, seen.since = None, now


def _entries(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # it went meanwhile
                yield entry.path, entry.stat(follow_symlinks=False)


#: How files of a format begin and what must stand near their end.
_ENDINGS = ((b"\xff\xd8\xff", b"\xff\xd9"), (b"\x89PNG\r\n\x1a\n", b"IEND"))


def _ends(path: str) -> bool:
    """Say whether a file has the mark at its end that its format asks for; a format without one always has."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return True  # reading it says why
    with os.fdopen(handle, "rb") as file:
        try:
            head = file.read(8)
            file.seek(max(0, file.seek(0, os.SEEK_END) - 512))
            tail = file.read(512)
        except OSError:
            return True
    return all(mark in tail for start, mark in _ENDINGS if head.startswith(start))
