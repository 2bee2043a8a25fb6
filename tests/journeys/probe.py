"""Runs medviewer's window unchanged and writes what happens to its event loop and its viewports as JSON lines.

    python tests/journeys/probe.py LOG [medviewer's arguments]

Lines: {"what": "shell"} at the main window's first finished paint, {"what": "gap", "ms"} for every stall of the event
loop over 16 ms, {"what": "viewport", "name"} when a viewport's accessible name changes, {"what": "end"}. `t` is
time.monotonic(), `since_start` counts from PROBE_T0 (the moment before the process was started).
"""

import json
import os
import sys
import time
from pathlib import Path

START = float(os.environ.get("PROBE_T0", time.monotonic()))
INTERVAL_MS = 5
WORTH_SAYING_MS = 16


def watch(app, log):  # noqa: ANN001, ANN201 - Qt is imported late
    """Install the timer and the filter on the running application."""
    from PySide6.QtCore import QEvent, QObject, Qt, QTimer
    from PySide6.QtWidgets import QMainWindow, QWidget

    def say(what: str, **more: object) -> None:
        now = time.monotonic()
        log.write(json.dumps({"what": what, "t": now, "since_start": now - START, **more}) + "\n")

    class Filter(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.shell = False
            self.names: dict[int, str] = {}

        def eventFilter(self, thing, event):  # noqa: ANN001, ANN202
            kind = event.type()
            if kind == QEvent.Type.UpdateRequest and not self.shell and isinstance(thing, QMainWindow):
                self.shell = True
                QTimer.singleShot(0, lambda: say("shell"))
            if kind == QEvent.Type.Paint and isinstance(thing, QWidget) and type(thing).__name__ == "Viewport":
                name = thing.accessibleName()
                if self.names.get(id(thing)) != name:
                    self.names[id(thing)] = name
                    QTimer.singleShot(0, lambda: say("viewport", name=name))
            return False

    app.probe_filter = Filter()
    app.installEventFilter(app.probe_filter)
    last = [time.monotonic()]

    def tick() -> None:
        now = time.monotonic()
        gap = (now - last[0]) * 1000
        last[0] = now
        if gap > WORTH_SAYING_MS:
            say("gap", ms=round(gap, 1))

    app.probe_timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=INTERVAL_MS)
    app.probe_timer.timeout.connect(tick)
    app.probe_timer.start()
    app.aboutToQuit.connect(lambda: say("end"))


def main() -> int:
    """Patch QApplication.exec, then hand over to medviewer."""
    log = Path(sys.argv[1]).open("w", buffering=1, encoding="utf-8")  # noqa: SIM115 - open until the process ends
    from PySide6.QtWidgets import QApplication

    plain = QApplication.exec

    def watched(*arguments: object) -> int:
        watch(QApplication.instance(), log)
        return plain()

    QApplication.exec = watched
    from medviewer.__main__ import main as medviewer

    return medviewer(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
