"""The window's process from its first line to its exit code.

Order matters here: a file of the command line is given to the reader processes before Qt is loaded. Without one,
nothing but Qt and the shell is imported before the first paint; the session follows on a thread.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer import __version__
from medviewer.app.crashes import Faults
from medviewer.app.gently import calm, give_way
from medviewer.app.home import find_home

if TYPE_CHECKING:
    from medviewer.app.restoring import Restoring
    from medviewer.app.session import Session
    from medviewer.app.settings import Settings
    from medviewer.ui.main_window import MainWindow
    from medviewer.ui.screenshot import DemoShot

#: How often is looked whether the window is complete, and how often at most (a large study goes on opening).
LOOK_MS, LOOKS = 100, 30
#: How long it then shows what it is given: parts of the panel, the next images.
SHOW_MS = 300

USAGE = """usage: medviewer [PATH...] [--read-only] [--safe-mode] [--home DIR] [--demo]

Opens the window with files, folders, zips or DICOMDIRs. `medviewer --help` lists the other commands."""


@dataclass
class Arguments:
    """What the command line asks of the window."""

    paths: list[Path] = field(default_factory=list)
    read_only: bool = False
    safe_mode: bool = False
    home: Path | None = None
    demo: bool = False
    shot: Path | None = None
    problem: str = ""


def parse(argv: list[str]) -> Arguments:
    """Return the arguments; `problem` is set for what cannot be understood."""
    found, rest = Arguments(), list(argv)
    flags = {"--read-only": "read_only", "--safe-mode": "safe_mode", "--demo": "demo"}
    folders = {"--home": "home", "--demo-shot": "shot"}
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word in flags:
            setattr(found, flags[word], True)
        elif name in folders:
            if not equals and not rest:
                found.problem = f"{name} needs a folder."
                break
            setattr(found, folders[name], Path(value if equals else rest.pop(0)))
        elif word == "--":
            found.paths += [Path(each) for each in rest]
            break
        elif word.startswith("-") and word != "-":
            found.problem = f"There is no option {word}."
            break
        else:
            found.paths.append(Path(word))
    return found


def main(argv: list[str]) -> int:
    """Open the window and return the exit code at its end."""
    arguments = parse(argv)
    if arguments.problem:
        sys.stderr.write(f"{arguments.problem}\n{USAGE}\n")
        return 2
    give_way()
    faults = Faults(find_home(arguments.home), write=not arguments.read_only)
    starting = Starting(arguments)
    try:
        if arguments.paths:
            starting.run()  # the reader processes begin with the files while Qt is being loaded
            if starting.session is None:
                return starting.told()
            starting.session.open(arguments.paths)
        return _window(starting)
    except Exception as error:  # noqa: BLE001 - a traceback may carry patient data
        return _told_of_defect(starting, error)
    finally:
        starting.close()
        faults.end()


def _told_of_defect(starting: "Starting", error: Exception) -> int:
    """Put a defect that ends the program into the log, and one sentence on stderr."""
    import logging

    from medviewer.app.logs import start_log
    from medviewer.core.errors import DEFECT

    given = starting.arguments
    path = start_log(find_home(given.home), write=not given.read_only)
    logging.getLogger(__name__).error("the window failed: %s", type(error).__name__, exc_info=error)
    sys.stderr.write(f"medviewer could not go on because of a fault in it. Try --safe-mode. The log is {path}\n")
    return DEFECT


class Starting:
    """Makes the session: at once for files of the command line, else on a thread behind the painted shell.

    Importing what a session needs takes as long as Qt itself; on a thread it does not stop the event loop.
    """

    def __init__(self, arguments: Arguments) -> None:
        self.arguments = arguments
        self.session: Session | None = None
        self.restoring: Restoring | None = None
        self.again: bool | None = None  # what follows this program: a start in safe mode (True) or as usual
        self.error: BaseException | None = None
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Make the session here and now; `error` says what went wrong."""
        from medviewer.app.restoring import Restoring
        from medviewer.app.session import Session

        given = self.arguments
        try:
            self.session = Session(given.home, read_only=given.read_only, safe_mode=given.safe_mode)
            self.session.hold_desk()  # until the window is there
            if not given.read_only:
                self.restoring = Restoring(self.session)
        except BaseException as error:  # noqa: BLE001 - handed to `told`, on whichever thread this is
            self.error = error

    def begin(self, then: Callable[[], object]) -> None:
        """Make it on a thread (if it is not there yet) and call `then` on that thread."""

        def work() -> None:
            if self.session is None:
                self.run()
            import_what_follows()
            then()

        self._thread = threading.Thread(target=work, name="session-start")
        self._thread.start()

    def told(self) -> int:
        """Say on stderr why there is no session, and return the exit code."""
        from medviewer.core.errors import UserError, exit_code

        if isinstance(self.error, UserError):
            sys.stderr.write(self.error.sentence + "\n")
            return exit_code(self.error)
        if self.error is not None:
            raise self.error
        return 0

    def settings(self) -> "Settings":
        """Return the settings alone, before there is a session: language and contrast of the first paint."""
        from medviewer.app.settings import Settings

        home = find_home(self.arguments.home)
        return Settings(None if self.arguments.safe_mode else home.config, home.site, write=False)

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join()
        if self.session is not None:
            self.session.close()
        if self.restoring is not None:
            self.restoring.close(keep_left=self.again is not None)
        if self.again is not None:
            from medviewer.ui.ending import start_anew

            start_anew(self.arguments.home, safe_mode=self.again)


def _window(starting: Starting) -> int:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    import_without_reading_sources()
    from medviewer.ui import theme, translation
    from medviewer.ui.hand import HandWatch
    from medviewer.ui.main_window import MainWindow
    from medviewer.ui.qt_classes import make_named

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(["medviewer"])
    assert isinstance(app, QApplication)
    app.setApplicationName("medviewer")
    app.setApplicationVersion(__version__)
    settings = starting.session.settings if starting.session else starting.settings()
    translation.install(app, str(settings.get("language.language")))
    theme.apply_settings(app, settings)
    window = MainWindow()
    rest = _Rest(window, starting)
    window.on_first_paint.append(make_named)
    window.on_first_paint.append(lambda: starting.begin(lambda: window.bridge.soon(rest.attach)))
    window.open_on_screen(fixed=starting.arguments.shot is not None)
    HandWatch(window.windowHandle())
    code = app.exec()
    rest.end()
    window.shut()
    if starting.error is not None:
        return starting.told()
    return rest.shot.code if rest.shot is not None else code


def import_without_reading_sources() -> None:
    """Keep PySide6 from reading the source text of every module that is imported after it.

    It looks for the word "PySide6" there, to apply `from __feature__ import ...`, which nothing here uses; the look
    costs as much as the import itself. A module's name answers the question as well.
    """
    try:
        from shibokensupport import feature
    except ImportError:  # another PySide6 may not have it
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: module.__name__.startswith("medviewer.ui")


def import_what_follows() -> None:
    """Import what the window attaches next, on a thread: on Qt's own it would hold up the event loop."""
    from medviewer.app import commands  # noqa: F401
    from medviewer.ui import (  # noqa: F401
        ai_body,
        ai_opinion,
        asking,
        crash,
        ending,
        palette,
        series_list,
        start_bar,
        undo_toast,
        viewport_area,
    )


class _Rest:
    """What follows the first paint, on the window's thread."""

    def __init__(self, window: "MainWindow", starting: Starting) -> None:
        self._window, self._starting = window, starting
        self._restore: Callable[[], None] | None = None
        self.shot: DemoShot | None = None

    def attach(self) -> None:
        from medviewer.ui import crash
        from medviewer.ui.ending import close_when_asked

        session, arguments = self._starting.session, self._starting.arguments
        if session is None:
            self._window.close()
            return
        self._restore = crash.catch(self._window)
        close_when_asked(self._window, self._window.close)
        self._window.attach(session)
        self._say_how_it_starts()
        self._look_whether_complete(LOOKS)
        if arguments.shot is not None:
            from medviewer.ui.screenshot import DemoShot

            self.shot = DemoShot(self._window, session, arguments.shot)
            self.shot.start()
        elif arguments.demo:
            self._window.open_demo()

    def _say_how_it_starts(self) -> None:
        """Offer what was open before a crash, when that is known; say that this is safe mode."""
        from medviewer.ui import start_bar

        if self._starting.arguments.shot is not None or self._window.session is None:
            return
        restoring = self._starting.restoring
        if restoring is not None and not restoring.looked:
            restoring.ready.connect(lambda _: self._say_how_it_starts())
            return
        start_bar.show(self._window, restoring, self._start_anew)

    def _start_anew(self, *, safe_mode: bool) -> None:
        self._starting.again = safe_mode
        self._window.close()

    def _look_whether_complete(self, looks: int) -> None:
        """Let heavy work at the side begin when the window has all its parts and what was opened with it."""
        from PySide6.QtCore import QTimer

        opening = any(job.kind == "open" for job in self._window.here.jobs.active)
        if looks and (opening or self._window.panel.opinion is None):
            QTimer.singleShot(LOOK_MS, self._window, lambda: self._look_whether_complete(looks - 1))
        else:
            QTimer.singleShot(SHOW_MS, self._window, calm.complete)

    def end(self) -> None:
        calm.complete()
        if self._restore is not None:
            self._restore()
