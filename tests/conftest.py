"""Fixtures for all tests: where the given data lie, and a home of its own for every test; and a watch over hanging.

A test that takes far too long, its fixtures and their end included, writes what every thread is at into a file of this
process: into the folder MEDVIEWER_TEST_STACKS, which `run.py test` looks into meanwhile, or beside the other temporary
files. pytest's own watch (faulthandler_timeout) ends when a test has failed, so it is silent when what follows hangs.
For `run.py test` the last words of a process that crashes go there too: on the terminal those of two processes, and
what pytest says itself, stand between each other.
"""

import faulthandler
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from medviewer.app.gently import collect_due

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of given data beside the checkout; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (real DICOM and training images), which is not beside this clone")
    return SHARED


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh MEDVIEWER_HOME: tests never write into the user's folders."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MEDVIEWER_HOME", str(folder))
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="long; --slow runs it"))


#: Seconds after which a test is told to hang, and a long one; and the end of the whole run after its last test.
HANGS_S, LONG_S, END_S = 120, 1200, 60
STACKS = Path(os.environ.get("MEDVIEWER_TEST_STACKS") or tempfile.gettempdir(), f"medviewer-stacks-{os.getpid()}.txt")
_stacks = os.open(STACKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)  # open until the process ends


def pytest_sessionstart() -> None:
    """Take crashes over from pytest's own watch, which has sent them to the terminal."""
    if os.environ.get("MEDVIEWER_TEST_STACKS"):
        faulthandler.enable(file=_stacks)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = os.fstat(_stacks).st_size
    os.write(_stacks, f"{item.nodeid}\n".encode())
    named = os.fstat(_stacks).st_size
    seconds = LONG_S if item.get_closest_marker("slow") else HANGS_S
    faulthandler.dump_traceback_later(seconds, repeat=True, file=_stacks)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        collect_due()  # by hand after the first test with a window, and the next tests may have no event loop
        if os.fstat(_stacks).st_size == named:
            os.ftruncate(_stacks, before)


@pytest.hookimpl(trylast=True)
def pytest_exception_interact() -> None:
    """Watch on after a failure, where pytest itself has called the watch off."""
    faulthandler.dump_traceback_later(HANGS_S, repeat=True, file=_stacks)


def pytest_unconfigure() -> None:
    """Watch the end of the process too: threads that nobody ended hold it up."""
    if not os.fstat(_stacks).st_size and not os.environ.get("MEDVIEWER_TEST_STACKS"):
        STACKS.unlink(missing_ok=True)  # what is written from here on goes to the terminal
        faulthandler.dump_traceback_later(END_S)
    else:
        faulthandler.dump_traceback_later(END_S, file=_stacks)
