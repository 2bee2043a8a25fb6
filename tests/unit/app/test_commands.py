"""The table of commands: keys, reasons, refusals, and what each command does to the desk."""

import re
from pathlib import Path

import pytest

from medviewer.app.command import SCOPES
from medviewer.app.commands import COMMANDS, blocked, clash, invoke, keys_of, set_keys
from medviewer.app.reader import ExplanationMode, Layout, TextLevel, Tool
from medviewer.core.errors import UserError
from medviewer.core.intensity import PRESETS
from tests import build

ICONS = Path(__file__).resolve().parents[3] / "resources" / "icons"
#: UI.md 5: what exists in this step.
KEYS = {
    "tool.window": "W", "tool.pan": "P", "tool.zoom": "Z", "tool.scroll": "S",
    "slice.previous": "Up", "slice.next": "Down", "slice.back_10": "Shift+Up", "slice.forward_10": "Shift+Down",
    "slice.first": "Home", "slice.last": "End", "series.previous": "Left", "series.next": "Right",
    "series.first": "PgUp", "series.last": "PgDown", "slice.cine": "C", "window.file": "0", "view.fit": "F",
    "view.reset": "Ctrl+0", "view.one_to_one": "Ctrl+Alt+1", "view.zoom_in": "+", "view.zoom_out": "-",
    "view.flip_x": "H", "view.flip_y": "V", "view.turn_right": "R", "view.turn_left": "Shift+R",
    "view.invert": "Ctrl+I", "view.text": "I", "view.hide_names": "Shift+I", "view.fill": "Enter",
    "ai.toggle": "X", "ai.next_mode": "E", "ai.next_method": "Shift+E", "ai.previous_peak": "[",
    "ai.next_peak": "]", "ai.opacity_down": ",", "ai.opacity_up": ".", "ai.read": "Ctrl+Enter",
    "study.previous": "Ctrl+Left", "study.next": "Ctrl+Right", "layout.one": "Alt+1",
    "layout.side_by_side": "Alt+2", "layout.stacked": "Alt+3", "layout.four": "Alt+4", "desk.left": "Ctrl+B",
    "desk.right": "Ctrl+R", "desk.jobs": "J", "program.palette": "Ctrl+K", "program.shortcuts": "?",
    "program.settings": "Ctrl+,", "file.open_files": "Ctrl+O", "window.full_screen": "F11",
}  # fmt: skip
SENTENCE = re.compile(r"[A-Z].*[.]", re.DOTALL)


@pytest.fixture
def open_session(session, chest):
    session.open([chest]).value(20)
    return session


@pytest.fixture
def read_session(open_session):
    """A session whose series was read."""
    stack = open_session.reader.view.stack
    open_session.analyses.read(stack, open_session.model("bright-slices"), range(len(stack))).value(60)
    return open_session


def test_keys_are_those_of_the_ui_brief():
    assert {id_: COMMANDS[id_].keys[0] for id_ in KEYS} == KEYS
    assert [COMMANDS[f"window.{p.name.lower()}"].keys for p in PRESETS] == [(str(n),) for n in range(1, 9)]


def test_no_key_is_used_twice(session):
    for id_ in COMMANDS:
        for key in COMMANDS[id_].keys:
            assert clash(session, id_, key) is None, key


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda c: c.id)
def test_every_row_is_whole(command):
    assert re.fullmatch(r"[a-z]+\.[a-z_0-9]+", command.id)
    assert command.title[0].isupper()
    assert command.scope in SCOPES
    assert command.group
    assert command.permission in ("look", "write")
    assert not command.icon or (ICONS / f"{command.icon}.svg").is_file()


def test_every_reason_is_a_sentence_in_every_state_of_the_desk(session, chest):
    reasons = {blocked(session, id_) for id_ in COMMANDS}
    session.open([chest]).value(20)
    reasons |= {blocked(session, id_) for id_ in COMMANDS}
    build.save(build.mr(StudyInstanceUID=build.uid("mr")), chest.parent / "mr" / "a.dcm")
    session.open([chest.parent / "mr"]).value(20)
    reasons |= {blocked(session, id_) for id_ in COMMANDS}
    reasons -= {None}
    assert len(reasons) > 10
    assert all(SENTENCE.fullmatch(reason) for reason in reasons)


def test_a_blocked_command_is_refused_with_its_reason_and_does_nothing(session):
    with pytest.raises(UserError, match="Open a study first") as error:
        invoke(session, "view.flip_x")
    assert error.value.code == "blocked"
    assert not session.reader.view.placement.flip_x


def test_wrong_arguments_are_refused(open_session):
    with pytest.raises(UserError):
        invoke(open_session, "slice.go", index="3")
    with pytest.raises(UserError):
        invoke(open_session, "view.fit", loud=True)


def test_every_command_runs_where_it_is_not_blocked(read_session):
    session = read_session
    values = {
        "slice.go": {"index": 4},
        "series.show": dict(zip(("study", "series", "number"), session.reader.view.stack.key, strict=True)),
        "window.set": {"center": 40, "width": 400.0},
        "ai.model": {"name": "bright-slices"},
        "ai.method": {"method": "Occlusion"},
        "ai.class": {"name": "square"},
        "ai.opacity": {"value": 0.5},
        "ai.threshold": {"value": 0.2},
        "ai.colormap": {"name": "viridis"},
    }
    asked: list[str] = []
    session.asked.connect(lambda ask: asked.append(ask.what))
    last = ("file.close_study", "file.open_recent", "file.clear_recent", "file.demo")
    for id_ in [*(i for i in COMMANDS if i not in last), "file.open_recent", "file.clear_recent", "file.close_study"]:
        if blocked(session, id_) is None:
            invoke(session, id_, **values.get(id_, {}))
    assert {"open_files", "open_folder", "palette", "settings", "shortcuts", "about", "quit"} <= set(asked)
    for job in session.jobs.active:
        job.cancel()


def test_scrolling_stops_at_both_ends(open_session):
    view = open_session.reader.view
    for id_, at in (("slice.next", 1), ("slice.last", 8), ("slice.next", 8), ("slice.back_10", 0)):
        invoke(open_session, id_)
        assert view.index == at


def test_a_window_preset_is_for_the_modality_it_makes_sense_for(session, open_session, tmp_path):
    invoke(open_session, "window.lung")
    assert (session.reader.view.window.center, session.reader.view.window.width) == (-600, 1500)
    assert COMMANDS["window.lung"].checked(session)
    build.save(build.mr(StudyInstanceUID=build.uid("mr")), tmp_path / "mr" / "a.dcm")
    session.open([tmp_path / "mr"]).value(20)
    assert blocked(session, "window.lung") == "The lung window is for CT images."


def test_zoom_starts_from_what_fits(open_session):
    view = open_session.reader.view
    view.fit_zoom = 8.0
    invoke(open_session, "view.zoom_in")
    assert view.placement.zoom == pytest.approx(10)
    invoke(open_session, "view.one_to_one")
    assert view.zoom == 1.0
    invoke(open_session, "view.fit")
    assert view.zoom == 8.0


def test_turning_right_is_right_for_the_eye_also_when_mirrored(open_session):
    invoke(open_session, "view.turn_right")
    assert open_session.reader.view.placement.quarter_turns == 1
    invoke(open_session, "view.flip_x")
    invoke(open_session, "view.turn_right")
    assert open_session.reader.view.placement.quarter_turns == 0


def test_reset_brings_back_what_was_loaded_and_keeps_the_slice(open_session):
    for id_ in ("slice.next", "view.flip_y", "view.invert", "window.bone", "view.zoom_in", "view.reset"):
        invoke(open_session, id_)
    view = open_session.reader.view
    assert (view.index, view.inverted, view.window, view.placement.flip_y, view.placement.zoom) == (
        1,
        False,
        None,
        False,
        None,
    )


def test_desk_commands_change_the_desk(session):
    for id_ in ("tool.zoom", "layout.four", "view.text", "view.hide_names", "desk.left", "desk.jobs"):
        invoke(session, id_)
    reader = session.reader
    assert (reader.tool, reader.layout, reader.text) == (Tool.ZOOM, Layout.FOUR, TextLevel.SHORT)
    assert (reader.names_hidden, reader.desk.left, reader.desk.jobs) == (True, False, True)


def test_the_right_key_shows_the_next_series_and_stops_at_the_last(session, tmp_path):
    for number in (1, 2):
        more = {"SeriesInstanceUID": build.uid("series", number), "SeriesNumber": str(number)}
        build.series(tmp_path / "two", 3, prefix=f"S{number}", **more)
    session.open([tmp_path / "two"]).value(20)
    assert blocked(session, "series.previous") == "This is the first series."
    invoke(session, "series.next")
    assert session.reader.view.stack.first.series_number == 2
    assert blocked(session, "series.next") == "This is the last series."
    invoke(session, "series.first")
    assert session.reader.view.stack.first.series_number == 1


def test_a_series_goes_into_the_viewport_it_was_dropped_on(session, open_session):
    stack = open_session.opened.stacks[0]
    invoke(session, "layout.four")
    study, series, number = stack.key
    invoke(session, "series.show", study=study, series=series, number=number, place=3)
    assert session.reader.views[3].stack is stack


def test_peaks_are_stepped_through(read_session):
    view = read_session.reader.view
    invoke(read_session, "ai.next_peak")
    assert view.index == 3
    first = view.index
    invoke(read_session, "ai.highest")
    assert view.index == 3
    if blocked(read_session, "ai.next_peak") is None:
        invoke(read_session, "ai.next_peak")
        assert view.index > first


def test_ctrl_enter_reads_the_series_and_stops(open_session):
    invoke(open_session, "ai.read")
    stack, model = open_session.reader.view.stack, open_session.model("bright-slices")
    job = open_session.analyses.analysis(stack, model).job
    assert open_session.analyses.analysis(stack, model).wanted == set(range(9))
    invoke(open_session, "ai.read")
    assert job.cancel_asked


def test_one_slice_or_a_range_can_be_read(open_session):
    stack, model = open_session.reader.view.stack, open_session.model("bright-slices")
    invoke(open_session, "slice.go", index=2)
    invoke(open_session, "ai.read_this")
    analysis = open_session.analyses.analysis(stack, model)
    analysis.job.value(60)
    assert set(analysis.scores) == {2}
    assert blocked(open_session, "ai.read_this") == "The model has read this slice."
    invoke(open_session, "ai.read_range", first=4, last=6)
    analysis.job.value(60)
    assert set(analysis.scores) == {2, 4, 5, 6}
    with pytest.raises(UserError, match="from 1 to 9"):
        invoke(open_session, "ai.read_range", first=4, last=9)


def test_a_map_is_made_when_it_is_asked_for_and_not_before(read_session):
    session, view = read_session, read_session.reader.view
    model = session.model("bright-slices")
    invoke(session, "slice.go", index=3)
    assert session.reader.ai.mode is ExplanationMode.OFF
    assert session.analyses.explanation(view.stack, model, 3) is None
    invoke(session, "ai.next_mode")
    assert session.reader.ai.mode is ExplanationMode.OUTLINE
    session.explaining.value(60)
    assert session.analyses.explanation(view.stack, model, 3) is not None
    invoke(session, "ai.next_mode")
    assert session.reader.ai.mode is ExplanationMode.HEAT
    invoke(session, "layout.side_by_side")
    assert session.reader.ai.mode is ExplanationMode.OFF, "another layout begins without a map"


def test_heat_is_not_offered_on_a_grey_screen(read_session):
    read_session.settings.set("display.greyscale", True)
    invoke(read_session, "ai.next_mode")
    invoke(read_session, "ai.next_mode")
    assert read_session.reader.ai.mode is ExplanationMode.OFF
    with pytest.raises(UserError, match="greys only"):
        invoke(read_session, "ai.heat")


def test_a_slice_that_was_not_read_cannot_be_explained(open_session):
    assert blocked(open_session, "ai.next_mode") == "The model has not read this slice. Read it first."


def test_keys_can_be_changed_and_clashes_are_refused(session):
    with pytest.raises(UserError, match="Flip sideways"):
        set_keys(session, "view.fit", ("H",))
    set_keys(session, "view.fit", ("Shift+F",))
    assert keys_of(session, "view.fit") == ("Shift+F",)
    set_keys(session, "view.flip_x", ("F",))
    with pytest.raises(UserError, match="Flip sideways"):
        set_keys(session, "view.fit", None)
    set_keys(session, "view.flip_x", None)
    set_keys(session, "view.fit", None)
    assert session.settings.get("keys.overrides") == {}


def test_a_read_only_window_writes_nothing(home):
    from medviewer.app.session import Session

    with Session(home, read_only=True) as session:
        assert blocked(session, "file.clear_recent") == "This window was opened read-only."
        session.settings.set("ai.opacity", 0.3)
        session.recent.add(["/somewhere"])
    assert not [p for p in home.rglob("*") if p.is_file()]
