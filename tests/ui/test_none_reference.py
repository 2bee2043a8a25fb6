"""PySide6 6.12.0 on Python 3.11 loses a reference to None at every void call and then aborts (BENCH 0)."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medviewer.core.intensity import Window
from medviewer.ui.viewport import Viewport
from tests.ui.desk import Desk


@pytest.fixture
def viewport(qtbot: QtBot) -> Iterator[Viewport]:
    desk = Desk()
    made = Viewport(desk, desk.reader.view, desk.bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.show()
    desk.open(np.zeros((32, 32), np.int16), count=10)
    yield made
    made.detach()
    desk.bridge.close()


def test_two_thousand_repaints_keep_every_reference_to_none(viewport: Viewport) -> None:
    def once(i: int) -> None:
        viewport.view.go(i % 10)
        viewport.view.set(window=Window(i % 50, 100))
        viewport.update()
        viewport.repaint()
        QApplication.processEvents()

    for i in range(50):
        once(i)
    before = sys.getrefcount(None)
    for i in range(2000):
        once(i)
    lost = before - sys.getrefcount(None)
    assert lost < 200, "this PySide6 must not be used with this Python: see BENCH.md 0"
