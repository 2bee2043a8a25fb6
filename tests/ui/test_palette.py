"""The palette finds everything; the sheet of keys shows everything."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from medviewer.app.commands import COMMANDS
from medviewer.app.settings import SETTINGS
from medviewer.ui.asking import Asking
from medviewer.ui.palette import Palette
from medviewer.ui.palette_items import ORDERS, SETTING, STUDIES, Entry, entries, match
from medviewer.ui.shortcuts import key_words, reach
from tests.ui.shell import CTRL, KEY, Shell, shell, study, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("palette")
    with shell(folder / "home") as made:
        made.open(study(folder / "study"))
        yield made


@pytest.fixture
def desk(opened: Shell) -> Shell:
    opened.reset()
    return opened


def asking(desk: Shell) -> Asking:
    assert desk.window.asking is not None
    return desk.window.asking


def palette(desk: Shell) -> Palette:
    desk.key(KEY.Key_K, CTRL)
    until(asking(desk).palette.isVisible)
    return asking(desk).palette


def lines(made: Palette) -> list[Entry]:
    return [one for one in made.model.lines if isinstance(one, Entry)]


def test_every_command_and_every_setting_is_in_the_palette(desk: Shell) -> None:
    found = list(entries(desk.window.commander, ""))
    assert {entry.id for entry in found if entry.group == ORDERS} == set(COMMANDS)
    assert sum(entry.group == SETTING for entry in found) == len(SETTINGS)
    assert any("SAMPLE, Avery" in entry.text for entry in found if entry.group == STUDIES)
    desk.key(KEY.Key_K, CTRL)
    until(asking(desk).palette.isVisible)
    assert {entry.id for entry in lines(asking(desk).palette) if entry.group == ORDERS} == set(COMMANDS)
    desk.key(KEY.Key_Escape)


def test_typing_and_enter_runs_the_command_and_gives_the_keyboard_back(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "flip sideways")
    assert lines(made)[0].id == "view.flip_x"
    assert lines(made)[0].key == "H"
    desk.key(KEY.Key_Return)
    assert desk.session.reader.view.placement.flip_x
    assert not made.isVisible()
    assert desk.window.area is not None
    assert QApplication.focusWidget() is desk.window.area.active


def test_what_cannot_run_stands_there_with_the_reason(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "highest score")
    assert lines(made)[0].id == "ai.highest"
    assert lines(made)[0].reason == "There is no score yet. Read the series first."
    desk.key(KEY.Key_Return)
    assert desk.window.status.message.text() == lines(made)[0].reason


def test_number_behind_a_command_is_its_argument(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "go to a slice 5")
    assert lines(made)[0].text == "Go to a slice 5"
    desk.key(KEY.Key_Return)
    assert desk.session.reader.view.index == 4


def test_command_that_wants_a_number_asks_for_it_in_the_field(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "set the window")
    desk.key(KEY.Key_Return)
    assert made.isVisible()
    QTest.keyClicks(made.field, "40 350")
    desk.key(KEY.Key_Return)
    window = desk.session.reader.view.window
    assert window is not None
    assert (window.center, window.width) == (40, 350)


def test_recent_commands_come_first(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "flip upright")
    desk.key(KEY.Key_Return)
    made = palette(desk)
    assert next(entry for entry in lines(made) if entry.group == ORDERS).id == "view.flip_y"
    desk.key(KEY.Key_Escape)


def test_arrows_choose_and_a_click_runs(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "turn")
    desk.key(KEY.Key_Down)
    assert made.list.currentIndex().row() == 2, "below the head and the first line"
    row = made.model.lines.index(next(one for one in lines(made) if one.id == "view.turn_right"))
    desk.click(made.list.viewport(), made.list.visualRect(made.model.index(row)).center())
    assert desk.session.reader.view.placement.quarter_turns == 1


def test_setting_opens_its_page(desk: Shell) -> None:
    made = palette(desk)
    QTest.keyClicks(made.field, "Opacity of heat")
    assert lines(made)[0].group in (SETTING, ORDERS)
    at = next(i for i, one in enumerate(made.model.lines) if isinstance(one, Entry) and one.group == SETTING)
    desk.click(made.list.viewport(), made.list.visualRect(made.model.index(at)).center())
    until(lambda: asking(desk).dialog is not None)
    assert asking(desk).dialog.page == "ai"  # type: ignore[union-attr]
    asking(desk).dialog.close()  # type: ignore[union-attr]


def test_sheet_of_keys_shows_every_key_and_can_be_searched(desk: Shell) -> None:
    desk.key(KEY.Key_Question)
    until(lambda: asking(desk).sheet is not None)
    sheet = asking(desk).sheet
    assert sheet is not None
    titles = {title for _, rows in sheet.groups() for title, _ in rows}
    assert {c.title for c in COMMANDS.values() if c.keys} <= titles
    QTest.keyClicks(sheet.field, "flip")
    shown = {title for _, rows in sheet.groups() for title, _ in rows}
    assert {"Flip sideways", "Flip upright"} <= shown
    assert len(shown) < len(titles)
    until(lambda: any(label.text() == "Flip sideways" for label in sheet.findChildren(QLabel)))
    desk.key(KEY.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)
def test_context_menu_runs_commands(desk: Shell) -> None:
    from PySide6.QtWidgets import QMenu

    area = desk.window.area
    assert area is not None
    QTest.mouseClick(area.active, Qt.MouseButton.RightButton, pos=area.active.rect().center())
    until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(a for a in menu.actions() if a.text().startswith("Invert greys"))
    action.trigger()
    menu.close()
    assert desk.session.reader.view.inverted


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("X", "areas"),
        ("Shift+I", "areas"),
        ("[", "areas"),
        ("+", "areas"),
        ("0", "areas"),
        ("F", "areas"),
        ("Up", "viewport"),
        ("Shift+Down", "viewport"),
        ("Enter", "viewport"),
        ("Ctrl+K", "window"),
        ("Ctrl+Left", "window"),
        ("F11", "window"),
        ("?", "window"),
        ("Ctrl++", "window"),
    ],
)
def test_where_a_key_acts(key: str, where: str) -> None:
    assert reach(key) == where


def test_keycaps_and_matching() -> None:
    assert key_words("Ctrl+Shift+T") == "Ctrl Shift T"
    assert key_words("+") == "+"
    assert match("flip", "Flip sideways") is not None
    assert match("fsw", "Flip sideways") is not None
    assert match("xyz", "Flip sideways") is None
    assert match("lung", "Lung window") > match("lung", "Collapsed lung")  # type: ignore[operator]
