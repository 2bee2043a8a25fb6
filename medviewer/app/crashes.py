"""How runs of the window end: each has a mark in the data folder until it ends in order.

A mark whose process is gone says that its program ended unexpectedly, and holds what was open then (`app/restoring.py`
fills it). What the processor was at in a hard crash stands in a file of the log folder. Both are for this user alone.
"""

import faulthandler
import json
import logging
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from medviewer.app.home import Home

log = logging.getLogger(__name__)

SCHEMA = "medviewer.running/1"
FOLDER, LAST_CRASH = "running", "last-crash.txt"
MOST_BYTES, MOST_FAULT_BYTES = 8 << 20, 64 << 10
#: Marks of runs that were never answered for; older ones are dropped.
MOST_LEFT = 5

_NAME = re.compile(r"(?P<pid>\d+)-(?P<start>\d*)(?P<left>\.left-[0-9a-f]+)?\.json|kept-[0-9a-f]+\.json")
_FAULT = re.compile(r"fault-(\d+)\.txt")
_CALL = re.compile(r'\s*File "(?P<file>[^"]*)", line (?P<line>\d+) in (?P<name>\S+)')


class Faults:
    """Writes what every thread was at into `logs/fault-PID.txt` when this process crashes hard."""

    def __init__(self, home: Home, *, write: bool = True) -> None:
        """Begin; without `write`, or where the folder cannot be written, a crash speaks on stderr alone."""
        self._path = home.logs / f"fault-{os.getpid()}.txt"
        self._file: IO[bytes] | None = None
        try:
            if not write:
                raise OSError
            home.private(home.logs)
            with suppress(FileNotFoundError):  # of an earlier process with this number
                self._path.rename(self._path.with_name("fault-0.txt"))
            self._file = os.fdopen(os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb")
            faulthandler.enable(self._file)
        except (OSError, ValueError, RuntimeError):  # stderr may not be there either
            with suppress(OSError, ValueError, RuntimeError, AttributeError):
                faulthandler.enable()

    def end(self) -> None:
        """Stop; nothing stays behind."""
        faulthandler.disable()
        if self._file is not None:
            self._file.close()
            with suppress(OSError):
                self._path.unlink()


def collect_faults(home: Home) -> bool:
    """Keep what the newest hard crash of a process that is gone left as `last-crash.txt`; say whether there was one."""
    from medviewer.core.parcels import alive  # numpy with it, which the first paint does without

    found = []
    for path in home.logs.glob("fault-*.txt"):
        named = _FAULT.fullmatch(path.name)
        pid = int(named[1]) if named else -1
        if pid >= 0 and pid != os.getpid() and (pid == 0 or not alive(pid)):
            with suppress(OSError):
                found.append((path.stat().st_size > 0, path.stat().st_mtime_ns, path))
    told = False
    for told_something, _, path in sorted(found):
        with suppress(OSError):
            if told_something:
                path.replace(home.logs / LAST_CRASH)
                told = True
            else:
                path.unlink()
    return told


def plain_fault(home: Home) -> list[str]:
    """Return what the last hard crash left, in lines without folders; none if there was no such crash."""
    try:
        with (home.logs / LAST_CRASH).open("rb") as file:
            text = file.read(MOST_FAULT_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    lines = []
    for line in text.splitlines():
        call = _CALL.fullmatch(line)
        name = re.split(r"[/\\]", call["file"])[-1] if call else ""
        lines.append(f"  {name}:{call['line']} {call['name']}" if call else line[:200])
    return lines


class Marks:
    """The mark of this run, and what earlier ones left.

    Attributes:
        crashes: how many runs in a row have ended unexpectedly before this one.
        left: what they had open, newest first.
        problem: why nothing can be noted; None if it can.
    """

    def __init__(self, home: Home, version: str, *, take: bool = True) -> None:
        """Look for runs that did not end in order and begin this one; without `take` what they left is left to others.

        Two programs that start at once do not both take the same.
        """
        from medviewer.app.claims import started

        self._home, self._folder, self._version = home, home.data / FOLDER, version
        self._me = f"{os.getpid()}-{started(os.getpid())}"
        self._files: dict[Path, dict[str, Any]] = {}  # what earlier runs left, ours now
        self.crashes = 1 if collect_faults(home) else 0
        self.left: tuple[dict[str, Any], ...] = ()
        self.problem: OSError | None = None
        found: list[tuple[int, dict[str, Any]]] = []
        for path in self._gone():
            self._take(path, found, take)
        found.sort(key=lambda one: -one[0])
        self.left = tuple(opened for _, opened in found[:MOST_LEFT])
        self.keep({})

    def keep(self, opened: dict[str, Any]) -> None:
        """Write what is open now (plain values) into this run's mark; `problem` says why that failed."""
        try:
            self._home.private(self._folder)
            self._write(self._own, {"before": self.crashes, "open": opened})
            self.problem = None
        except OSError as error:
            self.problem = error

    def forget_left(self) -> None:
        """Drop what earlier runs left: it was opened again, or nobody wants it."""
        for path in self._files:
            with suppress(OSError):
                path.unlink()
        self._files, self.left = {}, ()

    def shed(self, part: str, unless: str) -> None:
        """Take `part` out of what earlier runs left: it is in this run's mark now. What has no `unless` either goes."""
        for path, opened in list(self._files.items()):
            opened.pop(part, None)
            with suppress(OSError):
                if opened.get(unless):
                    self._write(path, {"open": opened})
                else:
                    del self._files[path]
                    path.unlink()

    def end(self, keep: dict[str, Any], *, left_too: bool = False) -> None:
        """End in order: of this run `keep` stays ({}: nothing), of earlier ones only with `left_too`."""
        with suppress(OSError):
            if keep:
                self._home.private(self._folder)
                self._write(self._kept(), {"open": keep})
            self._own.unlink(missing_ok=True)
            for path in self._files if left_too else ():
                path.rename(self._kept())
        self.forget_left()

    # -- files

    @property
    def _own(self) -> Path:
        return self._folder / f"{self._me}.json"

    def _kept(self) -> Path:
        return self._folder / f"kept-{os.urandom(4).hex()}.json"

    def _gone(self) -> list[Path]:
        """Return the marks whose processes are gone; a number that was given again does not count."""
        from medviewer.app.claims import started
        from medviewer.core.parcels import alive

        found = []
        for path in self._folder.glob("*.json"):
            name = _NAME.fullmatch(path.name)
            if name is None:
                continue
            pid, start = int(name["pid"] or 0), name["start"] or ""
            here = bool(pid) and alive(pid) and (not start or started(pid) in ("", start))
            if not here:
                found.append(path)
        return found

    def _take(self, path: Path, found: list[tuple[int, dict[str, Any]]], take: bool) -> None:
        """Count a mark as a crash (its own name alone says so), and make what it holds ours."""
        name = _NAME.fullmatch(path.name)
        try:
            if path.is_symlink() or path.stat().st_size > MOST_BYTES:
                raise ValueError
            changed, told = path.stat().st_mtime_ns, json.loads(path.read_text("utf-8"))
            if not isinstance(told, dict) or told.get("schema") != SCHEMA or not isinstance(told.get("open"), dict):
                raise ValueError
        except (OSError, ValueError, RecursionError):
            changed, told = 0, {"open": {}}
        before = told.get("before", 0)
        if name is not None and name["pid"] and not name["left"]:
            self.crashes = max(self.crashes, (before if isinstance(before, int) and before > 0 else 0) + 1)
        if not take:
            return
        mine = self._folder / f"{self._me}.left-{os.urandom(4).hex()}.json"
        try:
            path.rename(mine)
        except OSError:  # another program was faster, or the folder cannot be written
            return
        if told["open"]:
            self._files[mine] = dict(told["open"])
            found.append((changed, told["open"]))
        else:
            with suppress(OSError):
                mine.unlink()

    def _write(self, path: Path, values: dict[str, Any]) -> None:
        from medviewer.app.settings import write_atomically

        write_atomically(path, json.dumps({"schema": SCHEMA, "version": self._version, **values}) + "\n")
