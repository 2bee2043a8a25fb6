"""The corner texts: what the file says, with units, and never more than it says."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from medviewer.app.reader import TextLevel
from medviewer.core.geometry import ViewMap
from medviewer.core.image import Frame
from medviewer.core.intensity import Window
from medviewer.core.study import FrameHeader, ImageRef, Patient, SpacingKind, Stack, Study, Warning_
from medviewer.ui import corner_text
from medviewer.ui.corner_text import Shown
from medviewer.ui.ruler import millimetres, mm_per_pixel
from medviewer.ui.viewport import Viewport
from tests.ui.desk import AXIAL, Desk, app, frame, header, stack
from tests.ui.test_viewport import pixels


@pytest.fixture(autouse=True)
def _language(qtbot: QtBot) -> None:
    app()


def shown(picture: Frame | None = None, count: int = 1, **changes: object) -> Shown:
    opened = stack(count, **changes)
    return Shown(opened, 0, opened.images[0], picture or frame(np.zeros((64, 64), np.int16)))


def texts(lines: list[corner_text.Line]) -> list[str]:
    return [line.text for line in lines]


def test_patient_and_study_stand_at_the_top_left() -> None:
    lines = corner_text.top_left(shown(), hidden=False)
    assert texts(lines) == [
        "SAMPLE, Avery",
        "SYN-00412   M   63 y   born 4 May 1963",
        "22 Nov 2026   09:14",
        "CT Chest",
    ]


def test_hidden_names_hide_id_and_birth_date_too() -> None:
    lines = texts(corner_text.top_left(shown(), hidden=True))
    assert lines[:2] == ["Name hidden", "M   63 y"]
    assert not any("SAMPLE" in line or "SYN" in line or "1963" in line for line in lines)


def test_a_file_without_a_name_says_so() -> None:
    assert texts(corner_text.top_left(shown(patient=Patient()), False))[0] == "No name in the file"


def test_a_picture_file_shows_its_file_name_and_that_it_has_no_patient_data() -> None:
    lines = texts(corner_text.top_left(shown(film=True, label="folder/film.png", patient=Patient()), False))
    assert lines[:2] == ["film.png", "Picture file, no patient data"]


def test_an_earlier_study_of_the_same_patient_is_called_prior() -> None:
    now = Study("9", header().patient, "2027-08-20", "", "")
    here = Study("1.2", header().patient, "2026-11-22", "", "")
    other = Study("7", Patient("X", "another"), "2028-01-01", "", "")
    assert corner_text.prior_words(shown(), (here, other)) == ""
    assert corner_text.prior_words(shown(), (here, now)) == "prior, 9 months"


@pytest.mark.parametrize(
    ("window", "inverted", "expected"),
    [
        (Window(-600, 1500), False, "W 1500   L −600 HU   Lung"),
        (Window(40, 80), True, "W 80   L 40 HU   Brain   inverted"),
        (Window(12.5, 33.25), False, "W 33.2   L 12.5 HU"),
        (None, False, "W 100   L 50 HU"),
    ],
)
def test_the_window_is_given_in_numbers_unit_and_name(window: Window | None, inverted: bool, expected: str) -> None:
    assert corner_text.window_line(shown(), window, inverted).text == expected


def test_values_under_the_cursor_carry_their_unit_or_say_that_there_is_none() -> None:
    values = np.array([[-1000, 65], [3, 4]], np.int16)
    padding = np.array([[True, False], [False, False]])
    ct = shown(frame(values, padding=padding))
    assert corner_text.value_text(ct, 1, 0) == "65 HU"
    assert corner_text.value_text(ct, 0, 0) == "padding"
    assert corner_text.value_text(ct, 2, 0) == "outside the image"
    assert corner_text.value_text(ct, -1, 0) == "outside the image"
    assert corner_text.value_text(shown(frame(values), unit=""), 0, 1) == "value 3"
    assert (
        corner_text.value_text(shown(frame(np.full((2, 2), 0.123456, np.float32)), unit="BQML"), 0, 0) == "0.1235 BQML"
    )
    assert corner_text.value_text(shown(frame(np.full((2, 2), np.nan, np.float32))), 0, 0) == "no value"
    assert corner_text.value_text(shown(Frame(np.full((2, 2, 3), 7, np.uint8))), 0, 0) == "R 7 G 7 B 7"


def test_turns_and_flips_are_named() -> None:
    view = ViewMap(10, 10, 100, 100)
    assert corner_text.turn_words(view) == ""
    assert corner_text.turn_words(replace(view, flip_x=True, quarter_turns=1)) == "flipped sideways, turned right"
    assert corner_text.turn_words(replace(view, flip_y=True, quarter_turns=2)) == "flipped upright, turned by 180°"


def test_technique_thickness_step_and_compression() -> None:
    view = ViewMap(64, 64, 300, 300)
    lines = texts(corner_text.bottom_right(shown(count=2, slice_thickness=2.0), view, True, False))
    assert lines == ["120 kV   280 mA", "Thickness 2 mm   every 5 mm", "Lossless"]
    lossy = shown(lossy=True, lossy_ratio=11.8, kvp=None, tube_current=None, repetition_time=500.0, echo_time=12.0)
    assert texts(corner_text.bottom_right(lossy, view, False, True)) == [
        "TR 500 ms   TE 12 ms",
        "Thickness 5 mm",
        "Lossy 12:1",
        "pixels not smoothed",
        "Not for diagnostic use",
    ]


def test_what_one_must_know_of_the_file_stands_in_amber() -> None:
    made = shown(synthetic=True, marks=("read without a file meta header",))
    gap, lossy = (
        Warning_("gap", "Slices are missing between image 3 and 4."),
        Warning_("lossy", "Compressed with loss."),
    )
    opened = replace(made.stack, warnings=(gap, lossy))
    lines = corner_text.warnings(replace(made, stack=opened))
    assert texts(lines) == [
        "Synthetic, no patient",
        "read without a file meta header",
        "Slices are missing between image 3 and 4.",
    ]
    assert {line.token for line in lines} == {"warn"}
    assert all(line.icon for line in lines)
    short = corner_text.warnings(replace(made, stack=opened), short=True)  # no other line says it there
    assert texts(short)[-1] == "Compressed with loss."


def test_a_length_in_mm_needs_a_size_in_the_file() -> None:
    view = ViewMap(64, 64, 640, 640, zoom=10.0)
    assert mm_per_pixel(shown(), view) == pytest.approx(0.07)
    assert mm_per_pixel(shown(frames=(FrameHeader(),)), view) is None
    assert mm_per_pixel(shown(spacing_kind=SpacingKind.UNKNOWN), view) is None
    assert (millimetres(50), millimetres(5), millimetres(0.2)) == ("5 cm", "5 mm", "0.2 mm")
    assert corner_text.length_kind(SpacingKind.DETECTOR) == "at detector"
    assert corner_text.length_kind(SpacingKind.PATIENT) == ""


def test_projections_name_view_and_side() -> None:
    made = shown(frames=(FrameHeader(),), view_position="MLO", laterality="L")
    assert texts(corner_text.top_right(made))[-1] == "View MLO   left"


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.bridge.close()


@pytest.fixture
def viewport(desk: Desk, qtbot: QtBot) -> Iterator[Viewport]:
    made = Viewport(desk, desk.reader.view, desk.bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    desk.open(np.zeros((64, 64), np.int16), count=3)
    yield made
    made.detach()


def lit(viewport: Viewport, rows: slice, columns: slice) -> bool:
    return bool(pixels(viewport)[rows, columns].max() > 120)


NAME, RIGHT, LOW, RULER = (
    (slice(10, 27), slice(14, 110)),
    (slice(10, 60), slice(480, 590)),
    (slice(450, 490), slice(14, 110)),
    (slice(430, 470), slice(200, 420)),
)


def test_the_text_levels_show_all_the_short_set_or_none(desk: Desk, viewport: Viewport) -> None:
    assert all(lit(viewport, *place) for place in (NAME, RIGHT, LOW, RULER))
    second_line = (slice(28, 44), slice(14, 110))
    assert lit(viewport, *second_line)
    desk.reader.set(text=TextLevel.SHORT)
    assert lit(viewport, *NAME)
    assert not lit(viewport, *second_line)
    desk.reader.set(text=TextLevel.NONE)
    assert not any(lit(viewport, *place) for place in (NAME, RIGHT, LOW, RULER))
    assert lit(viewport, slice(8, 30), slice(290, 310))  # the letter stays


def test_a_small_viewport_carries_the_short_set(viewport: Viewport) -> None:
    viewport.resize(340, 300)
    assert lit(viewport, *NAME)
    assert not lit(viewport, slice(28, 44), slice(14, 110))


def test_a_long_name_is_the_last_to_be_clipped(desk: Desk, viewport: Viewport) -> None:
    long = Patient("WOLFESCHLEGELSTEINHAUSENBERGERDORFF^Hubert Blaine Adolph Charles", "1")
    opened = stack(1, patient=long, series_uid="7")
    desk.pixels.frames[opened.images[0].key] = frame(np.zeros((64, 64), np.int16))
    desk.reader.view.show(opened)
    assert lit(viewport, slice(10, 27), slice(330, 380))  # beyond the middle
    assert lit(viewport, slice(27, 45), slice(290, 310))  # the letter went a line down


def test_text_over_white_bone_keeps_a_dark_outline(desk: Desk, viewport: Viewport) -> None:
    desk.reader.view.set(window=Window(-1000, 10))  # all white
    shown = pixels(viewport)[450:490, 60:150]
    assert shown.max() == 255
    assert shown.min() < 60


def test_the_ruler_has_the_length_it_names(viewport: Viewport) -> None:
    view = viewport.view_map()
    assert view is not None
    found = pixels(viewport)[420:470].min(axis=2) > 120
    edges = [np.flatnonzero(np.diff(np.r_[0, row.astype(int), 0])) for row in found]
    length = max((row[1::2] - row[::2]).max(initial=0) for row in edges)
    assert length * 0.7 / view.zoom == pytest.approx(10, abs=0.7)  # 1 cm


def test_an_oblique_plane_gets_two_letters() -> None:
    from medviewer.core.geometry import edge_letters

    tilted = (0.8, 0.6, 0.0, 0.0, 0.0, -1.0)
    assert edge_letters(ViewMap(10, 10, 100, 100), tilted, None)[1] == "LP"
    assert AXIAL[0] == 1.0


def test_a_stack_with_a_film_does_not_claim_to_be_lossless() -> None:
    made = shown(film=True)
    assert "Lossless" not in texts(corner_text.bottom_right(made, ViewMap(1, 1, 1, 1), True, False))
    assert isinstance(made.stack, Stack)
    assert isinstance(made.ref, ImageRef)
