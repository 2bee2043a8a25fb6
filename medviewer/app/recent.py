"""What was opened lately: paths only, in a file that this user alone can read."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from medviewer.app.home import Home
from medviewer.app.settings import one_writer, write_atomically
from medviewer.core.events import Event

log = logging.getLogger(__name__)

MOST = 10
Paths = tuple[str, ...]


class Recent:
    """The last ten openings, newest first. `changed` carries the list."""

    def __init__(self, home: Home, *, write: bool = True) -> None:
        self._home, self._path, self._write = home, home.data / "recent.json", write
        self.changed: Event[tuple[Paths, ...]] = Event()
        self._entries = self._read()

    @property
    def entries(self) -> tuple[Paths, ...]:
        """Each opening's paths; those of which nothing is left are not shown."""
        return tuple(entry for entry in self._entries if any(Path(p).exists() for p in entry))

    def add(self, paths: Sequence[Path | str]) -> None:
        """Put an opening at the head of the list."""
        entry = tuple(str(Path(p).absolute()) for p in paths)[:100]
        if entry:
            self._keep(entry)

    def clear(self) -> None:
        """Forget all."""
        self._entries = []
        self._keep()

    def _read(self) -> list[Paths]:
        try:
            data = json.loads(self._path.read_text("utf-8")) if self._path.stat().st_size < 1 << 20 else []
        except (OSError, ValueError, RecursionError):
            return []
        entries = [e for e in data if isinstance(e, list) and e and all(isinstance(p, str) for p in e)]
        return [tuple(e) for e in entries][:MOST]

    def _keep(self, first: Paths = ()) -> None:
        """Write the list, with `first` at its head and after it what this and other programs have opened."""
        if not self._write:
            self._entries = _headed(first, self._entries)
            self.changed.emit(self.entries)
            return
        try:
            self._home.private(self._home.data)
            with one_writer(self._path):
                self._entries = _headed(
                    first, (self._read() if self._path.exists() else self._entries) if first else []
                )
                write_atomically(self._path, json.dumps(self._entries) + "\n")
        except OSError:
            self._entries = _headed(first, self._entries)
            log.warning("the recent list could not be kept")
        self.changed.emit(self.entries)


def _headed(first: Paths, rest: Sequence[Paths]) -> list[Paths]:
    return [*([first] if first else []), *(entry for entry in rest if entry != first)][:MOST]
