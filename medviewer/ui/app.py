"""The window's process from its first line to its exit code.

Order matters here: the session, with its reader processes, starts before Qt's window is made, so that a file of the
command line is read while the window is built; nothing but Qt is imported before the first paint.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from medviewer import __version__

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
    from medviewer.app.session import Session
    from medviewer.core.errors import UserError

    try:
        session = Session(arguments.home, read_only=arguments.read_only, safe_mode=arguments.safe_mode)
    except UserError as error:
        sys.stderr.write(error.sentence + "\n")
        return 3
    try:
        if arguments.paths:
            session.open(arguments.paths)  # the files are read while Qt is being loaded
        return _window(session, arguments)
    finally:
        session.close()


def _window(session: object, arguments: Arguments) -> int:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from medviewer.app.session import Session
    from medviewer.ui import crash, theme, translation
    from medviewer.ui.main_window import MainWindow

    assert isinstance(session, Session)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(["medviewer"])
    assert isinstance(app, QApplication)
    app.setApplicationName("medviewer")
    app.setApplicationVersion(__version__)
    translation.install(app, str(session.settings.get("language.language")))
    theme.apply_settings(app, session.settings)
    window = MainWindow(session)
    restore = crash.catch(window, session.log_path)
    shot = None
    if arguments.shot is not None:
        from medviewer.ui.screenshot import DemoShot

        shot = DemoShot(window, session, arguments.shot)
    window.open_on_screen(fixed=shot is not None)
    if shot is not None:
        QTimer.singleShot(0, shot.start)
    elif arguments.demo:
        QTimer.singleShot(0, window.open_demo)
    code = app.exec()
    restore()
    window.shut()
    return shot.code if shot is not None else code
