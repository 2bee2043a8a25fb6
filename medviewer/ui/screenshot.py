"""The demonstration as a picture: the real window, 1920x1080, read and explained, written to a file (`--demo-shot`)."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from medviewer.app.reader import ExplanationMode
from medviewer.app.session import Session
from medviewer.core.jobs import State

if TYPE_CHECKING:
    from medviewer.ui.main_window import MainWindow

LIMIT_S = 170
EVERY_MS = 50
#: The window is left alone for this many looks after all is there, so that every repaint has happened.
QUIET = 6


class DemoShot(QObject):
    """Opens the demonstration study and waits, without a fixed time, until its map is on the screen."""

    def __init__(self, window: "MainWindow", session: Session, folder: Path) -> None:
        super().__init__(window)
        self._window, self._session, self._folder = window, session, folder
        self._looks = self._quiet = 0
        self.code = 1
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin: open, read, explain; then `grab`."""
        self._window.open_demo()
        self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        if failed := [job for job in self._session.jobs.all if job.state is State.FAILED]:
            self._end(failed[-1].sentence)
        elif self._looks * EVERY_MS > LIMIT_S * 1000:
            self._end("The demonstration did not finish in time.")
        elif self._done():
            self._quiet += 1
            if self._quiet >= QUIET:
                self._grab()
        else:
            self._quiet = 0

    def _done(self) -> bool:
        """Return whether all is on the screen: read, explained whole, painted, nothing running."""
        session, area, body = self._session, self._window.area, self._window.panel.body
        if area is None or body is None:
            return False
        reader, stack = session.reader, session.reader.view.stack
        if stack is None or session.jobs.active or reader.ai.mode is not ExplanationMode.HEAT:
            return False
        model = session.analyses.model_for(stack)
        if model is None:
            return False
        found = session.analyses.explanation(stack, model, reader.view.index, reader.ai.target, reader.ai.method)
        painted = area.active.painting.overlay is not None and body.result.curve.ready
        return found is not None and found.complete and painted

    def _grab(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        saved = self._window.grab().save(str(self._folder / "screenshot.png"))
        self._end("" if saved else "The screenshot could not be written; choose another folder.")

    def _end(self, problem: str) -> None:
        self._timer.stop()
        self.code = 3 if problem else 0
        if problem:
            sys.stderr.write(problem + "\n")
        self._window.close()
