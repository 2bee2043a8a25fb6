"""The hand in a viewport: drags, wheel, clicks and drops, as the reader does them."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medviewer.app.reader import Layout, TextLevel, Tool
from medviewer.core.intensity import Window
from medviewer.ui.thumbnails import STACK_MIME, stack_mime
from medviewer.ui.viewport import Viewport
from medviewer.ui.viewport_area import ViewportArea
from tests.ui.desk import Desk, frame, stack
from tests.ui.test_viewport import bright_at, pixels, spot

Button, Key = Qt.MouseButton, Qt.KeyboardModifier
NONE = Key.NoModifier


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    made.reader.set(text=TextLevel.NONE)
    yield made
    made.bridge.close()


@pytest.fixture
def area(desk: Desk, qtbot: QtBot) -> Iterator[ViewportArea]:
    made = ViewportArea(desk, desk.bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(320, 240)
    made.show()
    yield made
    made.detach()


@pytest.fixture
def viewport(area: ViewportArea) -> Viewport:
    return area.viewports[0]


def mouse(viewport: Viewport, kind: QMouseEvent.Type, at: tuple[float, float], button: Button, keys: Key) -> None:
    held = Button.NoButton if kind is QMouseEvent.Type.MouseButtonRelease else button
    event = QMouseEvent(kind, QPointF(*at), viewport.mapToGlobal(QPointF(*at)), button, held, keys)
    QApplication.sendEvent(viewport, event)


def drag(
    viewport: Viewport, start: tuple[float, float], end: tuple[float, float], button: Button, keys: Key = NONE
) -> None:
    mouse(viewport, QMouseEvent.Type.MouseButtonPress, start, button, keys)
    for i in range(1, 11):
        at = tuple(a + (b - a) * i / 10 for a, b in zip(start, end, strict=True))
        mouse(viewport, QMouseEvent.Type.MouseMove, at, button, keys)  # type: ignore[arg-type]
    mouse(viewport, QMouseEvent.Type.MouseButtonRelease, end, button, keys)


def wheel(viewport: Viewport, y: int, x: int = 0, keys: Key = NONE, at: tuple[float, float] = (160, 120)) -> None:
    place = QPointF(*at)
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        QPoint(x, y),
        Button.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


GREY = np.full((64, 64), 50, np.int16)


def test_dragging_up_makes_the_image_brighter_and_right_makes_the_window_wider(desk: Desk, viewport: Viewport) -> None:
    desk.open(GREY)
    before = pixels(viewport)[120, 160, 0]
    drag(viewport, (100, 120), (100, 60), Button.LeftButton)
    assert pixels(viewport)[120, 160, 0] > before
    width = viewport.window_in_use()
    drag(viewport, (100, 120), (180, 120), Button.LeftButton)
    wider = viewport.window_in_use()
    assert width is not None
    assert wider is not None
    assert wider.width > width.width
    assert wider.center == width.center


def test_up_is_brighter_to_the_eye_on_inverted_greys_too(desk: Desk, viewport: Viewport) -> None:
    desk.open(frame(GREY, inverted=True))
    before = pixels(viewport)[120, 160, 0]
    drag(viewport, (100, 120), (100, 60), Button.LeftButton)
    assert pixels(viewport)[120, 160, 0] > before


def test_a_setting_turns_the_window_drag_round(desk: Desk, viewport: Viewport) -> None:
    desk.settings.set("reading.drag_up_is_brighter", False)
    desk.open(GREY)
    before = pixels(viewport)[120, 160, 0]
    drag(viewport, (100, 120), (100, 60), Button.LeftButton)
    assert pixels(viewport)[120, 160, 0] < before


def test_the_window_drag_leaves_a_colour_image_alone(desk: Desk, viewport: Viewport) -> None:
    from medviewer.core.image import Frame

    desk.open(Frame(np.full((64, 64, 3), 90, np.uint8)))
    drag(viewport, (100, 120), (180, 60), Button.LeftButton)
    assert desk.reader.view.window is None


def test_the_middle_button_and_shift_with_the_left_move_the_image_with_the_hand(desk: Desk, viewport: Viewport) -> None:
    desk.open(bright_at(32, 32))
    x, y = spot(pixels(viewport))
    drag(viewport, (100, 100), (130, 85), Button.MiddleButton)
    assert spot(pixels(viewport)) == (x + 30, y - 15)
    drag(viewport, (100, 100), (90, 100), Button.LeftButton, Key.ShiftModifier)
    assert spot(pixels(viewport)) == (x + 20, y - 15)


def test_the_right_button_zooms_about_where_it_was_pressed(desk: Desk, viewport: Viewport) -> None:
    desk.open(bright_at(20, 20))
    before = viewport.pixel_at(QPointF(200, 90))
    zoom = desk.reader.view.zoom
    asked: list[object] = []
    viewport.menu_asked.connect(asked.append)
    drag(viewport, (200, 90), (200, 40), Button.RightButton)
    assert desk.reader.view.zoom > zoom * 1.2
    assert viewport.pixel_at(QPointF(200, 90)) == before
    assert not asked


def test_a_right_click_asks_for_the_menu_and_changes_nothing(desk: Desk, area: ViewportArea) -> None:
    desk.open(GREY)
    asked: list[object] = []
    area.menu_asked.connect(lambda viewport, at: asked.append(viewport))
    drag(area.viewports[0], (100, 100), (102, 101), Button.RightButton)
    assert asked == [area.viewports[0]]
    assert desk.reader.view.placement.zoom is None


def test_the_tool_says_what_the_left_button_does_and_ctrl_always_means_window(desk: Desk, viewport: Viewport) -> None:
    opened = desk.open(GREY, count=20)
    desk.reader.set(tool=Tool.SCROLL)
    drag(viewport, (100, 40), (100, 140), Button.LeftButton)
    assert 8 <= desk.reader.view.index <= 12
    desk.reader.set(tool=Tool.PAN)
    drag(viewport, (100, 100), (110, 100), Button.LeftButton)
    assert desk.reader.view.placement.pan == (10.0, 0.0)
    desk.reader.set(tool=Tool.ZOOM)
    drag(viewport, (100, 100), (100, 60), Button.LeftButton)
    assert desk.reader.view.placement.zoom is not None
    assert desk.reader.view.window is None
    drag(viewport, (100, 100), (140, 100), Button.LeftButton, Key.ControlModifier)
    assert desk.reader.view.window is not None
    assert len(opened) == 20


def test_wheel_down_is_the_next_slice_shift_and_tilt_are_ten(desk: Desk, viewport: Viewport) -> None:
    desk.open(GREY, count=40)
    view = desk.reader.view
    wheel(viewport, -120)
    assert view.index == 1
    wheel(viewport, -120, keys=Key.ShiftModifier)
    assert view.index == 11
    wheel(viewport, 0, x=-120)
    assert view.index == 21
    wheel(viewport, 240)
    assert view.index == 19
    wheel(viewport, 12000)
    assert view.index == 0


def test_a_fine_wheel_adds_up_to_whole_slices_and_turns_back_at_once(desk: Desk, viewport: Viewport) -> None:
    desk.open(GREY, count=40)
    for _ in range(12):
        wheel(viewport, -30)
    assert desk.reader.view.index == 3
    wheel(viewport, -90)  # not a whole notch yet
    for _ in range(4):
        wheel(viewport, 30)
    assert desk.reader.view.index == 2


def test_a_setting_turns_the_wheel_round(desk: Desk, viewport: Viewport) -> None:
    desk.settings.set("reading.wheel_down_is_next", False)
    desk.open(GREY, count=40)
    wheel(viewport, 120)
    assert desk.reader.view.index == 1


def test_ctrl_and_wheel_zoom_at_the_pointer(desk: Desk, viewport: Viewport) -> None:
    desk.open(bright_at(20, 20), count=3)
    before = viewport.pixel_at(QPointF(230, 60))
    zoom = desk.reader.view.zoom
    for _ in range(5):
        wheel(viewport, 120, keys=Key.ControlModifier, at=(230, 60))
    assert desk.reader.view.index == 0
    assert desk.reader.view.zoom > zoom * 1.5
    assert viewport.pixel_at(QPointF(230, 60)) == before


def test_a_flood_of_wheel_steps_ends_on_the_last_slice_without_painting_each(
    desk: Desk, viewport: Viewport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = desk.open(GREY, count=200)
    for i, ref in enumerate(opened.images):
        desk.pixels.frames[ref.key] = frame(np.full((64, 64), i / 2))
    painted = []
    paint = viewport.painting.paint
    monkeypatch.setattr(viewport.painting, "paint", lambda: (painted.append(viewport.view.index), paint()))
    qtbot.waitUntil(lambda: not painted or True)
    for _ in range(150):
        wheel(viewport, -120)
    QApplication.processEvents()
    assert desk.reader.view.index == 150
    assert viewport.shown is not None
    assert viewport.shown.index == 150
    assert len(painted) <= 3
    assert painted[-1] == 150
    assert pixels(viewport)[120, 160, 0] == 191  # 75 of 100


def test_wishes_for_pixels_follow_the_way_of_going(desk: Desk, viewport: Viewport) -> None:
    opened = desk.open(GREY, count=200)
    desk.reader.view.go(100)
    wanted = desk.pixels.wishes["viewport 1"]
    assert wanted[0] is opened.images[100]
    assert wanted[1] is opened.images[101]
    desk.reader.view.go(90)
    assert desk.pixels.wishes["viewport 1"][:2] == [opened.images[90], opened.images[89]]
    desk.reader.view.show(None)
    assert desk.pixels.wishes["viewport 1"] == []


def test_a_double_click_fills_the_centre_and_brings_the_others_back(desk: Desk, area: ViewportArea) -> None:
    desk.open(GREY)
    desk.open(GREY, place=1)
    desk.reader.set(layout=Layout.SIDE_BY_SIDE)
    left, right = area.viewports[:2]
    assert left.width() == 159
    mouse(right, QMouseEvent.Type.MouseButtonDblClick, (50, 50), Button.LeftButton, NONE)
    assert right.geometry() == area.rect()
    assert not left.isVisible()
    mouse(right, QMouseEvent.Type.MouseButtonDblClick, (50, 50), Button.LeftButton, NONE)
    assert left.isVisible()
    assert right.width() == 159


def test_a_click_makes_a_viewport_the_active_one_with_its_border(desk: Desk, area: ViewportArea) -> None:
    desk.reader.set(layout=Layout.FOUR)
    third = area.viewports[2]
    assert tuple(pixels(third)[0, 50]) != (0x5C, 0xBD, 0xB4)
    drag(third, (20, 20), (20, 20), Button.LeftButton)
    assert desk.reader.active == 2
    assert area.active is third
    assert tuple(pixels(third)[0, 50]) == (0x5C, 0xBD, 0xB4)
    assert tuple(pixels(third)[1, 50]) == (0x5C, 0xBD, 0xB4)


def drop(viewport: Viewport, data: QMimeData) -> bool:
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, Button.LeftButton, NONE)
    QApplication.sendEvent(viewport, enter)
    if not enter.isAccepted():
        return False
    done = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Button.LeftButton, NONE)
    QApplication.sendEvent(viewport, done)
    return True


def test_a_thumbnail_dropped_on_a_viewport_shows_its_series_there(desk: Desk, area: ViewportArea) -> None:
    desk.open(GREY)
    other = stack(5, series_uid="9.9")
    desk.opened.stacks[other.key] = other
    desk.reader.set(layout=Layout.SIDE_BY_SIDE)
    assert drop(area.viewports[1], stack_mime(other))
    assert desk.reader.views[1].stack is other
    assert desk.reader.active == 1


def test_other_drops_are_left_to_the_window(area: ViewportArea) -> None:
    data = QMimeData()
    data.setText("words")
    assert not drop(area.viewports[0], data)
    data.setData(STACK_MIME, b"nonsense")
    assert not drop(area.viewports[0], data)


def test_the_window_step_follows_the_width_and_the_range() -> None:
    from medviewer.core.intensity import drag as step

    assert step(Window(0, 300), 1, 0, 100).width == 301
