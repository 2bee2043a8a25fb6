"""The real window on a synthetic study with a model that needs no process; one for all tests of a module."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from medviewer.app.reader import ExplanationMode, Layout, TextLevel, Tool
from medviewer.app.session import Session
from medviewer.ui import theme, translation
from medviewer.ui.main_window import MainWindow
from tests import build
from tests.ui import fakes

KEY = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SLICES = 12


def application(language: str = "en") -> QApplication:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    translation.install(app, language)
    theme.apply(app)
    return app


def until(condition: Callable[[], Any], seconds: float = 15.0, what: str = "") -> None:
    """Let the event loop run until `condition` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what or "it did not happen in time"
        QTest.qWait(5)  # runs the event loop


def study(folder: Path, count: int = SLICES, **attributes: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    own = {"PatientName": "SAMPLE^Avery", "PatientID": "SYN-00412", "PatientSex": "F", "PatientAge": "063Y"}
    own |= {"SeriesDescription": "Axial 2.5 mm", "StudyDate": "20261122", "StudyDescription": "CT Chest"}
    build.series(folder, count, size=(64, 64), **{**own, **attributes})
    return folder


class Shell:
    """A window with hands: what a test does to it goes through events."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        self.session, self.window = session, window

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible(), f"{widget.accessibleName() or widget} cannot be seen"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        QApplication.processEvents()

    def open(self, *paths: Path) -> None:
        job = self.session.open(paths)
        until(lambda: job.state.final and not self.session.jobs.active)
        until(lambda: self.window.area is not None and self.window.area.active.shown is not None)

    def settle(self) -> None:
        """Let what was posted happen."""
        for _ in range(3):
            QApplication.processEvents()
        panel, window = self.window.panel, self.window
        until(lambda: not window.bridge._waiting and not window._stale)
        until(lambda: panel.body is not None and not panel._soon.isActive() and not panel._step.isActive())
        QApplication.processEvents()  # what was put into a layout is shown one turn later

    def reset(self) -> None:
        """Put the desk back as it was at the start."""
        reader = self.session.reader
        reader.set(tool=Tool.WINDOW, layout=Layout.ONE, text=TextLevel.FULL, names_hidden=False, filled=False)
        reader.set_ai(shown=True, mode=ExplanationMode.OFF, target="", method="LayerGradCam")
        reader.set_desk(left=True, right=True, jobs=False, plain=False)
        stack = self.session.opened.stacks[0]
        reader.view.show(stack)
        self.session.analyses._analyses.clear()
        self.session.analyses._confirmed.clear()
        self.session.analyses._chosen.clear()
        self.window.resize(1920, 1080)
        self.window.activateWindow()
        until(self.window.isActiveWindow)
        self.window.focus_viewport()
        self.settle()


@contextmanager
def shell(home: Path, *models: Any, language: str = "en", engine: fakes.FakeEngine | None = None) -> Iterator[Shell]:
    application(language)
    session = Session(home)
    fakes.install(session, *(models or (fakes.model(),)), engine=engine)
    window = MainWindow(session)
    window.resize(1920, 1080)
    window.show()
    QTest.qWaitForWindowActive(window)
    made = Shell(session, window)
    try:
        yield made
    finally:
        window.close()
        application("en")
