"""Classes of Qt are made on the window's thread: two threads that name the same one at the same time crash."""

import ast
import subprocess
import sys
from pathlib import Path

from PySide6 import QtCore, QtGui, QtWidgets
from pytestqt.qtbot import QtBot

from medviewer import ui
from medviewer.ui.qt_classes import NAMED, Making

MODULES = {"QtCore": QtCore, "QtGui": QtGui, "QtWidgets": QtWidgets}
#: Prints the classes of Qt that a thread makes when the window attaches what follows its first paint.
WHO_MAKES = """
import threading
from PySide6 import QtCore
from medviewer.app.gently import import_gently
from medviewer.ui import main_window, theme, translation
from medviewer.ui.app import import_what_follows
from medviewer.ui.pages import MODULES
from medviewer.ui.qt_classes import make_named

def below(kind):
    return {kind}.union(*map(below, type.__subclasses__(kind)))

def made():
    kinds = below(QtCore.QObject) | below(QtCore.QEvent)
    return {f"{kind.__module__}.{kind.__name__}" for kind in kinds if kind.__module__.startswith("PySide6")}

def work():
    import_what_follows()
    for modules in MODULES.values():
        import_gently(*modules)

make_named()
before = made()
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(*sorted(made() - before))
"""


def named() -> set[tuple[str, str]]:
    """All names of Qt in the sources of the window."""
    found = set()
    for path in Path(next(iter(ui.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
                module = (node.module or "").removeprefix("PySide6.")
                found |= {(module, each.name) for each in node.names}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in MODULES:
                found.add((node.value.id, node.attr))
    return found


def test_table_of_named_classes_has_what_the_sources_of_the_window_name() -> None:
    told = {(module.__name__.removeprefix("PySide6."), name) for module, row in NAMED.items() for name in row.split()}
    missing = {pair for pair in named() if pair[0] in MODULES} - told
    assert not missing, "to be added to NAMED in medviewer/ui/qt_classes.py"


def test_thread_that_imports_the_rest_of_the_window_makes_no_class_of_qt() -> None:
    done = subprocess.run([sys.executable, "-c", WHO_MAKES], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_all_classes_are_made_before_the_plots_are_imported(qtbot: QtBot) -> None:
    told: list[int] = []
    making = Making(lambda: told.append(1))
    assert not told, "it is done in steps of the event loop"
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == [1]
    assert not making.isActive()
