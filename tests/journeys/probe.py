"""Runs medviewer's window unchanged and writes what happens to its event loop and its viewports as JSON lines.

    python tests/journeys/probe.py LOG [medviewer's arguments]

Lines: {"what": "shell"} at the main window's first finished paint, {"what": "gap", "ms", "cpu", "queue"} for every
stall of the event loop over 16 ms (`cpu`: ms of it in which the window's thread worked, `queue`: in which it waited for
a processor of this machine, where the system tells; the rest it waited for something else), {"what": "drop"} when files
are dropped, {"what": "Viewport", "name"} (likewise "ScoreBar", "ScoreCurve", and the worklist's "Entry" and "Line")
when the accessible name changes under which such a widget is painted, {"what": "text", "name"} when a label is painted
with another text, {"what": "rows", "names", "count"} when rows of the worklist in sight are painted with other words,
{"what": "title", "name"} for each title of a window, {"what": "end"}. `t` is time.monotonic(), `since_start` counts
from PROBE_T0 (the moment before the process was started).
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QTableView, QWidget

START = float(os.environ.get("PROBE_T0", time.monotonic()))
INTERVAL_MS = 5
WORTH_SAYING_MS = 16
TOLD = ("Viewport", "ScoreBar", "ScoreCurve", "Entry", "Line")
#: Milliseconds between a painted list and the look at its words.
ROWS_MS = 60


def queued() -> float:
    """Return how long this thread has waited for a processor since it began, s; 0 where the system does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Probe(QObject):
    """Sees every event of the application; changes none."""

    def __init__(self, app: QApplication, log: TextIO) -> None:
        super().__init__()
        self._log = log
        self._shell = False
        self._names: dict[int, str] = {}
        self._rows: list[str] = []
        self._looking = False
        self._last, self._worked, self._queued = time.monotonic(), time.thread_time(), queued()
        app.installEventFilter(self)
        app.aboutToQuit.connect(lambda: self.say("end"))
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def say(self, what: str, **more: object) -> None:
        now = time.monotonic()
        self._log.write(json.dumps({"what": what, "t": now, "since_start": now - START, **more}) + "\n")

    def _tick(self) -> None:
        now, worked, queue = time.monotonic(), time.thread_time(), queued()
        gap, cpu, waited = (
            (b - a) * 1000 for a, b in ((self._last, now), (self._worked, worked), (self._queued, queue))
        )
        self._last, self._worked, self._queued = now, worked, queue
        if gap > WORTH_SAYING_MS:
            self.say("gap", ms=round(gap, 1), cpu=round(cpu, 1), queue=round(waited, 1))

    def eventFilter(self, thing: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.UpdateRequest and not self._shell and isinstance(thing, QMainWindow):
            self._shell = True
            QTimer.singleShot(0, lambda: self.say("shell"))
        elif kind == QEvent.Type.Drop and isinstance(thing, QWidget):
            self.say("drop")
        elif kind == QEvent.Type.Paint and isinstance(thing, QWidget):
            self._painted(thing)
        elif kind == QEvent.Type.WindowTitleChange and isinstance(thing, QWidget):
            self.say("title", name=thing.windowTitle())
        return False

    def _painted(self, widget: QWidget) -> None:
        table = widget.parentWidget()
        if type(table).__name__ == "RowTable" and widget is table.viewport() and not self._looking:
            self._looking = True
            QTimer.singleShot(ROWS_MS, self, lambda: self._look_at(table))
        what = "text" if isinstance(widget, QLabel) else type(widget).__name__
        if what != "text" and what not in TOLD:
            return
        name = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
        if self._names.get(id(widget)) != name:
            self._names[id(widget)] = name
            QTimer.singleShot(0, lambda: self.say(what, name=name))

    def _look_at(self, table: QTableView) -> None:
        """Say which rows are in sight, in the words that a screen reader would have for them."""
        self._looking = False
        model = table.model()
        first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
        places = range(max(first, 0), (last if last >= 0 else model.rowCount() - 1) + 1)
        names = [str(model.data(model.index(n, 0), Qt.ItemDataRole.AccessibleTextRole)) for n in places]
        if names != self._rows:
            self._rows = names
            self.say("rows", names=names, count=model.rowCount())


def main() -> int:
    """Let the probe in when the application starts its event loop, then hand over to medviewer."""
    log = Path(sys.argv[1]).open("w", buffering=1, encoding="utf-8")  # noqa: SIM115 - open until the process ends
    plain = QApplication.exec
    probes: list[Probe] = []

    def watched(*_: object) -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        probes.append(Probe(app, log))
        return plain()

    QApplication.exec = watched
    from medviewer.__main__ import main as medviewer

    return medviewer(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
