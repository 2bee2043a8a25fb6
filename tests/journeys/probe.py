"""Runs medviewer's window unchanged and writes what happens to its event loop and its viewports as JSON lines.

    python tests/journeys/probe.py LOG [medviewer's arguments]

Lines: {"what": "shell"} at the main window's first finished paint, {"what": "gap", "ms", "cpu", "queue"} for every
stall of the event loop over 16 ms (`cpu`: ms of it in which the window's thread worked, `queue`: in which it waited for
a processor of this machine, where the system tells; the rest it waited for something else), {"what": "drop"} when files
are dropped, {"what": "Viewport", "name"} (likewise "ScoreBar", "ScoreCurve", and the worklist's "Entry" and "Line")
when the accessible name changes under which such a widget is painted, {"what": "text", "name"} when a label is painted
with another text, {"what": "button", "name", "at", "can", "which"} when a button or a line to fill in is painted at
another place of the screen, can be used now and could not before, or is hidden (it cannot be used then), {"what":
"rows", "names", "count"} when rows of the worklist in sight are painted with other words, {"what": "title", "name"} for
each title of a window, {"what": "end"}.
`t` is time.monotonic(), `since_start` counts from PROBE_T0 (the moment before the process was started).

With PROBE_LATE=30 in the environment every stall over 30 ms is explained (see `Late`): which threads worked in it (ms),
what they were at, and what the collector took. That costs the loop some of its time: for looking only.
"""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

START = float(os.environ.get("PROBE_T0", time.monotonic()))
INTERVAL_MS = 5
WORTH_SAYING_MS = 16
TOLD = ("Viewport", "ScoreBar", "ScoreCurve", "Entry", "Line")
#: Milliseconds between a painted list and the look at its words.
ROWS_MS = 60
#: Of `Late`: seconds between two looks, calls that are told of a thread, and calls in which a thread only waits.
LOOK_S, STACK = 0.006, 14
WAITING = frozenset({"wait", "_worker", "_read", "receive", "_hear", "_next", "poll", "result", "accept", "_look_out"})


def queued() -> float:
    """Return how long this thread has waited for a processor since it began, s; 0 where the system does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Late:
    """Explains stalls: a thread of its own looks every few milliseconds whether the loop is late, and who is at what.

    It needs the interpreter lock for that; how late it is itself tells how long somebody else held the lock.
    """

    def __init__(self, after_ms: float) -> None:
        self._after = after_ms / 1000
        self._last = time.monotonic()
        self._looks: list[str] = []
        self._collected: list[str] = []
        self._began = 0.0
        self._worked = self._threads()
        self._loop = threading.get_ident()
        gc.callbacks.append(self._collect)
        threading.Thread(target=self._look, name="late", daemon=True).start()

    def tick(self) -> dict[str, Any]:
        """Return what there is to say of the time since the last tick, {} unless it was long."""
        now = time.monotonic()
        late = now - self._last > self._after
        before, self._worked = self._worked, self._threads()
        collected, self._collected = self._collected, []
        looks, self._looks = self._looks, []
        self._last = now
        if not late:
            return {}
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        worked = {i: (ns - before.get(i, 0)) / 1e6 for i, ns in self._worked.items()}
        threads = {f"{names.get(i, '-')} {i}": round(ms, 1) for i, ms in worked.items() if ms >= 1}
        return {"threads": threads, "collected": collected, "looks": looks}

    def _look(self) -> None:
        while True:
            since = time.monotonic()
            time.sleep(LOOK_S)
            now = time.monotonic()
            if now - self._last > self._after / 2:
                held, late = (now - since - LOOK_S) * 1000, (now - self._last) * 1000
                self._looks += [f"after {late:.0f} ms, lock waited for {held:.0f} ms: {one}" for one in self._stacks()]

    def _stacks(self) -> list[str]:
        """Return the calls, innermost first, of the threads that are not just waiting."""
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        found = []
        for ident, innermost in sys._current_frames().items():
            frame: FrameType | None = innermost
            calls: list[str] = []
            while frame is not None and len(calls) < STACK:
                code = frame.f_code
                calls.append(f"{code.co_filename.rpartition(os.sep)[2]}:{frame.f_lineno} {code.co_name}")
                frame = frame.f_back
            waits = innermost.f_code.co_name in WAITING
            if ident != threading.get_ident() and (ident == self._loop or not waits):
                found.append(f"{names.get(ident, '-')}: {' < '.join(calls)}")
        return found

    def _collect(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.monotonic()
        elif (ms := (time.monotonic() - self._began) * 1000) >= 1:
            self._collected.append(f"{info['generation']}: {ms:.1f} ms in {threading.current_thread().name}")

    @staticmethod
    def _threads() -> dict[int, int]:
        """Return how long each thread of this process has worked, ns, by its number."""
        found = {}
        for number in os.listdir("/proc/self/task"):  # noqa: PTH208 - at every tick
            try:
                with open(f"/proc/self/task/{number}/schedstat", "rb") as file:  # noqa: PTH123
                    found[int(number)] = int(file.read().split()[0])
            except (OSError, IndexError, ValueError):
                continue
        return found


class Probe(QObject):
    """Sees every event of the application; changes none."""

    def __init__(self, app: QApplication, log: TextIO) -> None:
        super().__init__()
        self._log = log
        after = os.environ.get("PROBE_LATE")
        self._late = Late(float(after)) if after else None
        self._shell = False
        self._names: dict[int, str] = {}
        self._offers: dict[int, tuple[str, int, int, bool]] = {}
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
        late = self._late.tick() if self._late else {}
        if gap > WORTH_SAYING_MS:
            self.say("gap", ms=round(gap, 1), cpu=round(cpu, 1), queue=round(waited, 1), **late)

    def eventFilter(self, thing: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.UpdateRequest and not self._shell and isinstance(thing, QMainWindow):
            self._shell = True
            QTimer.singleShot(0, lambda: self.say("shell"))
        elif kind == QEvent.Type.Drop and isinstance(thing, QWidget):
            self.say("drop")
        elif kind == QEvent.Type.Paint and isinstance(thing, QWidget):
            self._painted(thing)
        elif kind == QEvent.Type.Hide and id(thing) in self._offers:
            name = self._offers.pop(id(thing))[0]
            self.say("button", name=name, at=(0, 0), can=False, which=id(thing))
        elif kind == QEvent.Type.WindowTitleChange and isinstance(thing, QWidget):
            self.say("title", name=thing.windowTitle())
        return False

    def _painted(self, widget: QWidget) -> None:
        table = widget.parentWidget()
        if type(table).__name__ == "RowTable" and widget is table.viewport() and not self._looking:
            self._looking = True
            QTimer.singleShot(ROWS_MS, self, lambda: self._look_at(table))
        if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit):
            self._offered(widget)
        what = "text" if isinstance(widget, QLabel) else type(widget).__name__
        if what != "text" and what not in TOLD:
            return
        name = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
        if self._names.get(id(widget)) != name:
            self._names[id(widget)] = name
            QTimer.singleShot(0, lambda: self.say(what, name=name))

    def _offered(self, widget: QWidget) -> None:
        """Say where something that can be pressed or filled in is, when its words, its place or its state change."""
        words = widget.text() if isinstance(widget, QAbstractButton) else ""
        middle = widget.rect().center()
        if isinstance(widget, QCheckBox):  # only its box and words can be pressed
            middle.setX(10)
        name, middle = words.strip() or widget.accessibleName(), widget.mapToGlobal(middle)
        known = name, middle.x(), middle.y(), widget.isEnabled()
        if name and self._offers.get(id(widget)) != known:
            self._offers[id(widget)] = known
            at, can = (middle.x(), middle.y()), widget.isEnabled()
            QTimer.singleShot(0, lambda: self.say("button", name=name, at=at, can=can, which=id(widget)))

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
