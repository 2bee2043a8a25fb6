"""Loading, failed, empty, cine, the grid and thumbnails: what stands there when there is no (new) picture."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medviewer.app.reader import Layout, TextLevel
from medviewer.core.findings import SliceScore
from medviewer.core.study import Study
from medviewer.ui.corner_text import image_line, top_right
from medviewer.ui.thumbnails import ThumbnailStore
from medviewer.ui.viewport import Viewport
from medviewer.ui.viewport_area import ViewportArea
from tests.ui.desk import Desk, Model, app, frame, header, stack
from tests.ui.test_viewport import pixels


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    app()
    made = Desk()
    yield made
    made.bridge.close()


@pytest.fixture
def area(desk: Desk, qtbot: QtBot) -> Iterator[ViewportArea]:
    made = ViewportArea(desk, desk.bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    yield made
    made.detach()


@pytest.fixture
def viewport(area: ViewportArea) -> Viewport:
    return area.viewports[0]


def test_while_a_slice_is_decoded_the_last_one_stays_with_its_own_number(desk: Desk, viewport: Viewport) -> None:
    opened = desk.open(np.full((64, 64), 50, np.int16), count=5)
    del desk.pixels.frames[opened.images[3].key]
    desk.reader.view.go(3)
    assert viewport.shown is not None
    assert viewport.shown.index == 0
    assert viewport.loading == 3
    line = image_line(viewport.shown, viewport.loading)
    assert line.text == "loading image 4   Image 1 / 5"
    assert line.token == "warn"
    desk.pixels.put(opened.images[3], frame(np.full((64, 64), 100, np.int16)))
    QApplication.processEvents()
    assert viewport.loading is None
    assert viewport.shown.index == 3
    assert pixels(viewport)[250, 300, 0] == 255


def test_of_another_series_nothing_stays_while_the_first_slice_is_decoded(desk: Desk, viewport: Viewport) -> None:
    desk.open(np.full((64, 64), 100, np.int16), count=5)
    assert pixels(viewport)[250, 300, 0] == 255
    desk.reader.set(text=TextLevel.NONE)
    desk.reader.view.show(stack(3, series_uid="9.9"))
    assert viewport.shown is None
    assert pixels(viewport)[10:-10, 10:-10].max() == 0  # black, no words yet


def test_words_about_waiting_come_after_a_second(desk: Desk, viewport: Viewport, qtbot: QtBot) -> None:
    desk.reader.set(text=TextLevel.NONE)
    desk.reader.view.show(stack(3))
    assert not viewport.waited
    qtbot.waitUntil(lambda: viewport.waited, timeout=3000)
    assert pixels(viewport)[200:300, 200:400].max() > 150


def test_a_damaged_image_says_so_and_keeps_the_patients_name(desk: Desk, viewport: Viewport) -> None:
    opened = desk.open(np.full((64, 64), 100, np.int16), count=3)
    del desk.pixels.frames[opened.images[1].key]
    desk.reader.view.go(1)
    desk.pixels.fail(opened.images[1], "Image 2 is damaged and cannot be shown. The other 2 are fine.")
    QApplication.processEvents()
    assert viewport.failed is not None
    assert viewport.shown is None
    shown = pixels(viewport)
    assert shown[200:300, 150:450].max() > 150  # the words
    assert shown[10:30, 14:110].max() > 150  # the name
    assert "cannot be shown" in viewport.accessibleName()
    desk.reader.view.go(2)
    assert viewport.failed is None
    assert pixels(viewport)[250, 300, 0] == 255


def test_a_stack_that_grows_keeps_the_image_that_is_looked_at(desk: Desk, viewport: Viewport) -> None:
    whole = stack(10)
    part = stack(10).__class__(whole.series_uid, 0, whole.images[5:], whole.plane, whole.spacing, None, (), whole.name)
    desk.pixels.frames[whole.images[5].key] = frame(np.full((64, 64), 50, np.int16))
    desk.reader.view.show(part)
    desk.reader.view.follow(whole, 5)
    assert viewport.shown is not None
    assert viewport.shown.index == 5
    desk.reader.view.go(6)  # not decoded: the one before stays, under its number in the grown stack
    assert image_line(viewport.shown, viewport.loading).text == "loading image 7   Image 6 / 10"


def test_an_empty_viewport_says_what_to_do(desk: Desk, viewport: Viewport) -> None:
    assert viewport.accessibleName() == "Empty viewport"
    assert pixels(viewport)[150:350, 100:500].max() > 150
    assert viewport.painting._empty().title == "Drop a study here, or press Ctrl+O"
    desk.opened.studies = (Study("1", header().patient, "", "", ""),)
    assert viewport.painting._empty().title == "Drag a series here from the left"


def test_a_screen_reader_hears_plane_image_window_and_unverified_score(desk: Desk, viewport: Viewport) -> None:
    from medviewer.core.intensity import Window

    desk.open(np.full((64, 64), 50, np.int16), count=38)
    desk.reader.view.go(18)
    desk.reader.view.set(window=Window(40, 80))
    desk.analyses.model = Model()
    desk.analyses.result.scores[18] = SliceScore(18, {"nodule": 0.912}, True)
    desk.analyses.changed.emit(desk.analyses.result)
    QApplication.processEvents()
    assert viewport.accessibleName() == "Axial 5 mm, image 19 of 38, window brain, AI score 0.91 unverified"
    desk.reader.set_ai(shown=False)
    assert "AI" not in viewport.accessibleName()


def test_cine_goes_round_at_the_files_speed_and_waits_for_pictures(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    opened = desk.open(np.full((64, 64), 50, np.int16), count=4, frame_time=17.0)
    picture = desk.pixels.frames.pop(opened.images[2].key)
    desk.reader.view.set(cine=True)
    assert round(viewport.cine.fps) == 59
    qtbot.waitUntil(lambda: desk.reader.view.index == 1, timeout=2000)
    qtbot.waitUntil(lambda: desk.pixels.wishes["viewport 1"][0] is opened.images[2], timeout=2000)
    assert viewport.shown is not None
    assert viewport.shown.index == 1  # it waits
    desk.pixels.put(opened.images[2], picture)
    seen: set[int] = set()
    qtbot.waitUntil(lambda: (seen.add(desk.reader.view.index), seen == {0, 1, 2, 3})[1], timeout=3000)
    assert "Cine 58.8 per s" in viewport.cine.words
    desk.reader.view.set(cine=False)
    assert viewport.cine.words == ""


def test_cine_of_a_single_image_does_not_start(desk: Desk, viewport: Viewport) -> None:
    desk.open(np.full((64, 64), 50, np.int16))
    desk.reader.view.set(cine=True)
    assert viewport.cine.words == ""


def test_the_grid_has_two_pixels_between_viewports(desk: Desk, area: ViewportArea) -> None:
    desk.reader.set(layout=Layout.FOUR)
    boxes = [v.geometry() for v in area.viewports]
    assert boxes[1].left() - boxes[0].right() - 1 == 2
    assert boxes[2].top() - boxes[0].bottom() - 1 == 2
    assert boxes[3].right() == area.rect().right()
    assert boxes[3].bottom() == area.rect().bottom()
    desk.reader.set(layout=Layout.STACKED)
    assert [v.isVisible() for v in area.viewports] == [True, True, False, False]
    assert area.viewports[0].width() == area.width()


def test_the_top_right_corner_names_series_image_and_place(desk: Desk, viewport: Viewport) -> None:
    desk.open(np.full((64, 64), 50, np.int16), count=38)
    desk.reader.view.go(18)
    assert viewport.shown is not None
    lines = [line.text for line in top_right(viewport.shown)]
    assert lines == ["Series 3   Axial 5 mm", "Image 19 / 38", "Loc +82.0 mm"]


def test_a_viewport_reached_by_tab_becomes_the_active_one_and_has_a_ring(desk: Desk, area: ViewportArea) -> None:
    desk.reader.set(layout=Layout.SIDE_BY_SIDE)
    second = area.viewports[1]
    QApplication.sendEvent(second, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert desk.reader.active == 1
    assert second.keyboard_focus
    QApplication.sendEvent(second, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.MouseFocusReason))
    assert not second.keyboard_focus


def test_a_hidden_viewport_wishes_for_nothing(desk: Desk, area: ViewportArea) -> None:
    desk.reader.set(layout=Layout.SIDE_BY_SIDE)
    opened = desk.open(np.full((64, 64), 50, np.int16), count=5, place=1)
    assert desk.pixels.wishes["viewport 2"][0] is opened.images[0]
    desk.reader.set(layout=Layout.ONE)
    assert desk.pixels.wishes["viewport 2"] == []
    desk.reader.set(layout=Layout.SIDE_BY_SIDE)
    assert desk.pixels.wishes["viewport 2"][0] is opened.images[0]


def test_a_thumbnail_is_asked_for_once_and_comes_with_a_signal(desk: Desk, qtbot: QtBot) -> None:
    store = ThumbnailStore(desk, desk.bridge)  # type: ignore[arg-type]
    opened = stack(5)
    assert store.pixmap(opened) is None
    assert store.pixmap(opened) is None
    assert len(desk.pixels.thumbnails) == 1
    with qtbot.waitSignal(store.ready) as ready:
        desk.pixels.thumbnails[0].set_result(np.full((136, 100), 77, np.uint8))
    assert ready.args == [opened.key]
    made = store.pixmap(opened)
    assert made is not None
    assert made.toImage().pixelColor(50, 50).red() == 77
    assert made.deviceIndependentSize().height() == 68
    assert store.pixmap(opened) is made


def test_a_stack_without_a_thumbnail_is_not_asked_for_again(desk: Desk, qtbot: QtBot) -> None:
    store = ThumbnailStore(desk, desk.bridge)  # type: ignore[arg-type]
    opened = stack(5)
    store.pixmap(opened)
    with qtbot.waitSignal(store.ready):
        desk.pixels.thumbnails[0].set_exception(ValueError())
    assert store.failed(opened)
    assert store.pixmap(opened) is None
    assert len(desk.pixels.thumbnails) == 1
    store.forget({opened.key})
    store.pixmap(opened)
    assert len(desk.pixels.thumbnails) == 2
