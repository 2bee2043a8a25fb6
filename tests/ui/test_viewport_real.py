"""A viewport on a real session: real files through the reader processes to pixels on the screen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medviewer.app.reader import TextLevel
from medviewer.app.session import Session
from medviewer.core.intensity import Window
from medviewer.ui.bridge import MainThread
from medviewer.ui.thumbnails import ThumbnailStore
from medviewer.ui.viewport import Viewport
from medviewer.ui.viewport_area import ViewportArea
from tests.ui.desk import app
from tests.ui.test_viewport import pixels

Opened = tuple[Session, MainThread, Viewport]


@pytest.fixture
def opened(shared: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Opened]:
    app()
    bridge = MainThread()
    with Session(tmp_path) as session:
        session.at_desk = bridge.soon
        area = ViewportArea(session, bridge)
        qtbot.addWidget(area)
        area.resize(640, 600)
        area.show()
        job = session.open([shared / "data/dicom/ct/lidc-idri-0314-chest"])
        qtbot.waitUntil(lambda: job.state.final and area.active.shown is not None, timeout=30_000)
        yield session, bridge, area.active
        area.detach()
        bridge.close()


def test_a_chest_ct_is_shown_as_its_files_say_and_scrolls_to_the_end(opened: Opened, qtbot: QtBot) -> None:
    import pydicom

    session, _, viewport = opened
    view = session.reader.view
    assert view.stack is not None
    assert len(view.stack) == 60
    session.reader.set(text=TextLevel.NONE)
    view.set(zoom=1.0, window=Window(-500, 1000, "LINEAR_EXACT"))
    positions = []
    for index in range(60):
        view.go(index)
        qtbot.waitUntil(lambda i=index: viewport.shown is not None and viewport.shown.index == i, timeout=10_000)
        assert viewport.shown is not None
        positions.append(viewport.shown.ref.plane.position)
    assert positions == sorted(positions, key=lambda p: -p[2])  # from the head to the feet
    data = pydicom.dcmread(viewport.shown.ref.header.path)
    values = data.pixel_array.astype(float) * data.RescaleSlope + data.RescaleIntercept
    expected = np.clip((values + 1000) / 1000 * 255, 0, 255)
    shown, place = pixels(viewport)[..., 0], viewport.view_map()
    assert place is not None
    x, y = (round(v) for v in place.to_view(-0.5, -0.5))
    part = np.s_[40:470, 40:470]
    assert np.abs(shown[y : y + 512, x : x + 512][part] - expected[part]).max() <= 0.51


def test_the_thumbnail_of_a_real_series_comes_from_a_reader_process(opened: Opened, qtbot: QtBot) -> None:
    session, bridge, _ = opened
    store = ThumbnailStore(session, bridge)
    (stack,) = session.opened.stacks
    with qtbot.waitSignal(store.ready, timeout=10_000):
        assert store.pixmap(stack) is None
    made = store.pixmap(stack)
    assert made is not None
    assert made.deviceIndependentSize().width() == 68
    assert made.toImage().convertToFormat(made.toImage().Format.Format_Grayscale8).pixelColor(68, 68).red() > 0


def test_closing_the_study_empties_the_viewport(opened: Opened, qtbot: QtBot) -> None:
    session, _, viewport = opened
    stack = session.reader.view.stack
    assert stack is not None
    session.opened.close_study(stack.first.study_uid)
    qtbot.waitUntil(lambda: viewport.shown is None, timeout=5000)
    QApplication.processEvents()
    assert viewport.accessibleName() == "Empty viewport"
