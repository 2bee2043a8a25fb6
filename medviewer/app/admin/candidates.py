"""The finished models of training runs, each read once."""

import threading
from pathlib import Path

from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder


class Candidates:
    """Models in `runs/ID/model`. For any thread; looking again costs some microseconds a run."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, ModelFolder | None]] = {}

    def all(self) -> tuple[tuple[ModelFolder, str], ...]:
        """Return (model, id of its run) of every run with a model that can be used."""
        try:
            runs = sorted(path.name for path in self._runs.iterdir())
        except OSError:
            return ()
        return tuple((model, run) for run in runs if (model := self.of_run(run)) is not None)

    def of_run(self, run: str) -> ModelFolder | None:
        """Return the model of a run; None where it has none."""
        if not run or Path(run).name != run:
            return None
        place = self._runs / run / "model"
        try:
            stamp = (place / folder.CARD).stat().st_mtime_ns
        except (OSError, ValueError):
            return None
        with self._lock:
            known = self._known.get(run)
            if known is None or known[0] != stamp:
                try:
                    model: ModelFolder | None = folder.load(place)
                except UserError:
                    model = None
                known = self._known[run] = stamp, model
            return known[1]
