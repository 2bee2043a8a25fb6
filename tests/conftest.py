"""Fixtures for all tests: where the given data lie, and a home of its own for every test."""

import os
from pathlib import Path

import pytest

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
