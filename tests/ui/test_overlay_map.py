"""The AI overlay lies where the map says, on its own image only, and never without its words."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medviewer.app.reader import ExplanationMode, TextLevel
from medviewer.core.findings import Explanation, Finding, SliceScore
from medviewer.ui import overlay_ai
from medviewer.ui.viewport import Viewport
from tests.ui.desk import Desk, Model, app
from tests.ui.test_viewport import pixels

SIZE = 128
BLACK = np.zeros((SIZE, SIZE), np.int16)
AI = (0xB7, 0xA6, 0xF4)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    app()
    made = Desk()
    made.reader.set(text=TextLevel.NONE)
    yield made
    made.bridge.close()


@pytest.fixture
def viewport(desk: Desk, qtbot: QtBot) -> Iterator[Viewport]:
    made = Viewport(desk, desk.reader.view, desk.bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    yield made
    made.detach()


def square(column: int, row: int, half: int = 12) -> NDArray[np.float32]:
    values = np.zeros((SIZE, SIZE), np.float32)
    values[row - half : row + half + 1, column - half : column + half + 1] = 1
    return values


def explain(
    desk: Desk, viewport: Viewport, qtbot: QtBot, values: NDArray[np.float32], index: int = 0, **more: object
) -> None:
    made = Explanation(index, "nodule", "LayerGradCam", values, **more)  # type: ignore[arg-type]
    desk.analyses.explain(made)
    qtbot.waitUntil(lambda: viewport.painting.overlay is not None, timeout=3000)


def coloured(shown: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of warm heat: clearly more red than blue."""
    return shown[..., 0].astype(int) - shown[..., 2] > 40


PLACEMENTS = (
    {},
    {"quarter_turns": 1},
    {"flip_x": True},
    {"quarter_turns": 3, "flip_y": True},
    {"zoom": 7.0, "pan": (-120.0, 60.0)},
    {"zoom": 0.9, "quarter_turns": 2},
)


@pytest.mark.parametrize("placed", PLACEMENTS, ids=str)
def test_heat_lies_on_the_pixels_it_is_about_however_the_image_is_turned_and_zoomed(
    desk: Desk, viewport: Viewport, qtbot: QtBot, placed: dict[str, object]
) -> None:
    desk.open(BLACK)
    desk.reader.view.set(**placed)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 44))
    viewport.resize(560, 470)
    ys, xs = np.nonzero(coloured(pixels(viewport))[:, :530])  # without the colour bar
    view = viewport.view_map()
    assert view is not None
    corners = [view.to_view(80 + dx, 44 + dy) for dx in (-12.5, 12.5) for dy in (-12.5, 12.5)]
    left, right = min(c[0] for c in corners), max(c[0] for c in corners)
    top, bottom = min(c[1] for c in corners), max(c[1] for c in corners)
    near = 2.5 + view.zoom  # the rim is interpolated over one image pixel, and the outline lies on it
    assert xs.min() == pytest.approx(max(left, 0), abs=near)
    assert xs.max() + 1 == pytest.approx(min(right, 530), abs=near)
    assert ys.min() == pytest.approx(max(top, 0), abs=near)
    assert ys.max() + 1 == pytest.approx(min(bottom, 470), abs=near)


def test_outline_goes_around_the_square_and_leaves_its_inside_alone(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    desk.open(BLACK)
    desk.reader.set_ai(mode=ExplanationMode.OUTLINE)
    explain(desk, viewport, qtbot, square(80, 64, 16))
    shown, view = pixels(viewport), viewport.view_map()
    assert view is not None
    ai = np.abs(shown.astype(int) - AI).max(axis=2) < 60
    x, y = (round(v) for v in view.to_view(80, 64))
    across = np.nonzero(ai[y, x - 80 : x + 81])[0] - 80
    assert len(across)
    assert min(abs(across)) > 50  # nothing of it inside
    edge = 16.5 * view.zoom
    assert across.min() == pytest.approx(-edge, abs=4 + view.zoom)
    assert across.max() == pytest.approx(edge, abs=4 + view.zoom)


def test_hidden_ai_leaves_the_plain_image(desk: Desk, viewport: Viewport, qtbot: QtBot) -> None:
    desk.open(BLACK)
    plain = pixels(viewport)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 44))
    assert (pixels(viewport) != plain).any()
    desk.reader.set_desk(plain=True)  # Space held: letters stay
    assert (pixels(viewport) == plain).all()
    desk.reader.set_desk(plain=False)
    desk.reader.set_ai(shown=False)
    assert (pixels(viewport) == plain).all()
    desk.reader.set_ai(shown=True, mode=ExplanationMode.OFF)
    assert (pixels(viewport) == plain).all()


def test_on_another_slice_nothing_is_drawn_and_the_caption_says_where(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    desk.open(BLACK, count=40)
    desk.reader.view.go(18)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 44), index=18)
    assert coloured(pixels(viewport))[:, :500].any()
    desk.reader.view.go(20)
    assert not coloured(pixels(viewport)).any()
    answer, shown = viewport.painting.answer, viewport.shown
    assert answer is not None
    assert shown is not None
    assert overlay_ai.caption_lines(answer, shown, False, False) == ["Explanation is for slice 19"]
    desk.reader.view.go(18)
    qtbot.waitUntil(lambda: viewport.painting.overlay is not None)
    assert coloured(pixels(viewport))[:, :500].any()


def test_while_the_next_slice_loads_the_overlay_stays_with_the_slice_it_is_about(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    opened = desk.open(BLACK, count=3)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 44))
    picture = desk.pixels.frames.pop(opened.images[1].key)
    desk.reader.view.go(1)
    assert viewport.loading == 1
    assert coloured(pixels(viewport))[:, :500].any()  # slice 1 with its own overlay
    desk.pixels.put(opened.images[1], picture)
    QApplication.processEvents()
    assert not coloured(pixels(viewport)).any()


def test_while_a_map_refines_its_last_state_stays_on_the_screen(desk: Desk, viewport: Viewport, qtbot: QtBot) -> None:
    desk.open(BLACK)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 44), complete=False)
    first = viewport.painting.overlay
    desk.analyses.explain(Explanation(0, "nodule", "LayerGradCam", square(40, 90)))
    while viewport.painting.overlay is first:
        assert coloured(pixels(viewport))[:, :500].any()
        qtbot.wait(1)
    assert viewport.painting.overlay is not None


def test_a_map_of_another_size_is_never_drawn(desk: Desk, viewport: Viewport) -> None:
    desk.open(BLACK)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    desk.analyses.explain(Explanation(0, "nodule", "LayerGradCam", np.ones((64, 64), np.float32)))
    QApplication.processEvents()
    assert viewport.painting.answer is not None
    assert viewport.painting.answer.explanation is None
    assert viewport.painting.overlay is None


def test_the_caption_names_method_slice_model_class_score_and_baseline(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    desk.open(BLACK)
    desk.analyses.model = Model()
    desk.analyses.result.scores[0] = SliceScore(0, {"nodule": 0.914}, True)
    desk.reader.set_ai(mode=ExplanationMode.OUTLINE)
    explain(
        desk, viewport, qtbot, square(80, 44), parameters={"baseline": {"kind": "mean", "value": 0.4}}, complete=False
    )
    answer, shown = viewport.painting.answer, viewport.shown
    assert answer is not None
    assert shown is not None
    lines = overlay_ai.caption_lines(answer, shown, False, True)
    assert lines == [
        "Grad-CAM, slice 1   still refining",
        "Lung nodule points 1.2   nodule: score 0.91   baseline mean 0.4",
        "hatched: not seen by the model",
    ]
    assert not any("%" in line for line in lines)


def test_hatch_lies_only_where_the_model_did_not_look_and_only_with_ai(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    desk.open(BLACK)
    values = square(90, 64)
    values[:, :40] = np.nan
    desk.reader.set_ai(mode=ExplanationMode.OUTLINE)
    explain(desk, viewport, qtbot, values)
    shown, view = pixels(viewport), viewport.view_map()
    assert view is not None
    x = round(view.to_view(39.5, 0)[0])
    rows = slice(130, 230)
    assert (shown[rows, x - 100 : x - 10].max(axis=2) > 25).mean() > 0.05  # lines
    assert (shown[rows, x - 100 : x - 10].max(axis=2) < 80).all()  # faint ones
    assert shown[rows, x + 4 : x + 60].max() == 0
    desk.reader.set_ai(mode=ExplanationMode.OFF)
    assert pixels(viewport)[rows, x - 100 : x + 60].max() == 0


def test_the_point_of_the_highest_score_is_ringed_while_an_explanation_is_on(desk: Desk, viewport: Viewport) -> None:
    desk.open(BLACK)
    desk.analyses.model = Model()
    found = (Finding("point", (40.0, 50.0), 0.3), Finding("point", (90.0, 70.0), 0.8))
    desk.analyses.result.scores[0] = SliceScore(0, {"nodule": 0.8}, True, found)
    desk.analyses.changed.emit(desk.analyses.result)
    QApplication.processEvents()
    view = viewport.view_map()
    assert view is not None
    x, y = (round(v) for v in view.to_view(90, 70))
    assert pixels(viewport)[y, x + 12].max() == 0  # the mode is off
    desk.reader.set_ai(mode=ExplanationMode.OUTLINE)
    shown = pixels(viewport)
    assert shown[y - 1 : y + 2, x + 10 : x + 15].max() > 150
    assert shown[y, x].max() == 0
    other = tuple(round(v) for v in view.to_view(40, 50))
    assert shown[other[1] - 15 : other[1] + 15, other[0] - 15 : other[0] + 15].max() == 0
    assert viewport.painting.answer is not None
    assert viewport.shown is not None
    caption = overlay_ai.caption_lines(viewport.painting.answer, viewport.shown, True, False)
    assert caption == ["highest place, slice 1"]


def test_a_grey_screen_gets_the_outline_instead_of_heat(desk: Desk, viewport: Viewport, qtbot: QtBot) -> None:
    desk.settings.set("display.greyscale", True)
    desk.open(BLACK)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, square(80, 64, 16))
    shown = pixels(viewport)
    assert not coloured(shown).any()
    assert (np.abs(shown.astype(int) - AI).max(axis=2) < 60).sum() > 100


def test_the_colour_bar_pushes_the_right_letter_inward_and_shows_numbers_under_the_mouse(
    desk: Desk, viewport: Viewport, qtbot: QtBot
) -> None:
    from PySide6.QtCore import QPointF

    desk.open(BLACK)
    before = pixels(viewport)
    desk.reader.set_ai(mode=ExplanationMode.HEAT)
    explain(desk, viewport, qtbot, 3 * square(60, 60))
    after = pixels(viewport)
    letter = slice(243, 258)
    assert before[letter, 575:590].max() > 150
    assert after[letter, 545:562].max() > 150
    assert (after[145:350, 577:585].max(axis=2) > 0).mean() > 0.8
    viewport.cursor_at = QPointF(580, 200)
    assert pixels(viewport)[130:150, 545:572].max() > 120  # "3" at the top


def test_a_signed_map_is_warm_for_and_cool_against(desk: Desk, viewport: Viewport, qtbot: QtBot) -> None:
    desk.open(BLACK)
    desk.reader.set_ai(mode=ExplanationMode.HEAT, opacity=0.8)
    explain(desk, viewport, qtbot, square(80, 64) - square(40, 64), signed=True)
    shown, view = pixels(viewport).astype(int), viewport.view_map()
    assert view is not None
    for column, warm in ((80, True), (40, False)):
        x, y = (round(v) for v in view.to_view(column, 64))
        assert (shown[y, x, 0] > shown[y, x, 2]) == warm
