"""The folder of all runs: kept in memory, read again only where something is different, numbered once and for all."""

import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from medviewer.app.admin import run_folder
from medviewer.app.admin.run_folder import RunFacts, RunFolder, run_id
from medviewer.app.admin.run_story import Story
from medviewer.core.errors import UserError

log = logging.getLogger(__name__)

LOCK, LAST = ".lock", ".last-number"
#: Seconds that `all` waits for the first look at the disk.
FIRST_LOOK_S = 0.02


class RunStore:
    """Runs on the disk. For any thread; `make` and `remove` want the lock file `lock` held (`lock.only_one`)."""

    def __init__(self, root: Path) -> None:
        self.root, self.lock = root, root / LOCK
        self._guard = threading.RLock()
        self._known: dict[str, tuple[RunFolder, tuple[int, ...], Story]] = {}
        self._looked = threading.Event()

    def all(self, wait: bool = False) -> list[tuple[RunFolder, Story]]:
        """Return every run as it was at the last `refresh`; before the end of the first one, `wait` for that."""
        self._looked.wait(None if wait else FIRST_LOOK_S)
        with self._guard:
            return [(folder, story) for folder, _, story in self._known.values()]

    def refresh(self) -> None:
        """Read what is different on the disk; what cannot be read is left out."""
        there = {path.name: path for path in run_folder.find(self.root)}
        for path in there.values():
            try:
                self._look(path)
            except UserError as error:
                log.warning("%s", error.sentence)
        with self._guard:
            for id_ in self._known.keys() - there.keys():
                if not (self.root / id_ / run_folder.FACTS).is_file():  # it may have been made meanwhile
                    del self._known[id_]
        self._looked.set()

    def get(self, id_: str) -> tuple[RunFolder, Story]:
        """Return a run.

        Raises:
            UserError: `no_run`, `bad_run`.
        """
        path = self.root / id_
        if not id_ or Path(id_).name != id_ or id_.startswith(".") or not (path / run_folder.FACTS).is_file():
            raise UserError("no_run", "There is no such training run.")
        return self._look(path)

    def _look(self, path: Path) -> tuple[RunFolder, Story]:
        with self._guard:
            known = self._known.get(path.name)
            if known is None or known[0].stamp != known[1]:
                folder = known[0] if known is not None else run_folder.read(path)
                stamp = folder.stamp
                known = self._known[path.name] = folder, stamp, folder.story()
            return known[0], known[2]

    def make(self, describe: Callable[[str, int], tuple[RunFacts, str]]) -> RunFolder:
        """Make the folder of a new run: `describe` is given its id and number and returns facts and train.toml.

        Raises:
            OSError: nothing is left behind.
        """
        number = max(self._last(), *(_number(path) for path in run_folder.find(self.root)), 0) + 1
        id_ = run_id(number)
        facts, config = describe(id_, number)
        making = self.root / f".making-{id_}"
        shutil.rmtree(making, ignore_errors=True)  # of a program that was killed
        try:
            making.mkdir(mode=0o700)
            run_folder.make(making, facts, config)
            (self.root / LAST).write_text(str(number), "ascii")
            making.rename(self.root / id_)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return self._look(self.root / id_)[0]

    def _last(self) -> int:
        """Return the highest number ever given: that of a removed run is not given again."""
        try:
            text = (self.root / LAST).read_text("ascii").strip()
        except (OSError, ValueError):
            return 0
        return int(text) if text.isdigit() and len(text) < 10 else 0

    def remove(self, id_: str) -> None:
        """Remove a run's folder: from the first moment on it is no run any more.

        Raises:
            OSError.
        """
        gone = self.root / f".removed-{id_}"
        shutil.rmtree(gone, ignore_errors=True)
        (self.root / id_).rename(gone)
        with self._guard:
            self._known.pop(id_, None)
        shutil.rmtree(gone, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what killed programs left half-made or half-removed (hold the lock)."""
        for pattern in (".making-*", ".removed-*"):
            for path in self.root.glob(pattern):
                shutil.rmtree(path, ignore_errors=True)


def _number(path: Path) -> int:
    word = path.name.rpartition("-")[2]
    return int(word) if word.isdigit() and len(word) < 10 else 0
