"""A row that is moved by hand: it lifts, a slot opens, words say what would happen, and Esc puts it back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint

from medviewer.ui.worklist.card import release_words
from medviewer.ui.worklist.columns import ROW_HEIGHT
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import study
from tests.ui.shell import KEY, until
from tests.ui.worklist_bench import Bench, bench


@pytest.fixture(scope="module")
def shared_page() -> Iterator[Bench]:
    with bench() as made:
        yield made


@pytest.fixture
def desk(shared_page: Bench) -> Bench:
    return shared_page.reset(fakes.mock_rows())


@pytest.fixture
def long(shared_page: Bench) -> Bench:
    return shared_page.reset([study(i) for i in range(1, 101)])


def painted(desk: Bench) -> list[int]:
    """Which study is painted at each place; 0 is the slot."""
    shown = [desk.table.moving.shown(place) for place in range(len(desk.work))]
    return [desk.work.id_at(source) if source >= 0 else 0 for source in shown]


def test_dragged_row_lifts_and_a_slot_opens(desk: Bench) -> None:
    desk.lift(6, 2)
    assert desk.table.moving.lifted.isVisible()
    assert painted(desk)[:8] == [1, 2, 0, 3, 4, 5, 6, 8]
    assert desk.work.rows[6].id == 7  # the list itself is as it was
    assert not desk.work.followed


def test_line_below_says_what_a_release_would_do(desk: Bench) -> None:
    desk.lift(6, 2)
    assert desk.page.card.say.text() == "Moving 1 study."
    assert desk.page.card.result.text() == "Release to place it third. Esc puts it back."
    desk.move(desk.at(8))
    assert desk.page.card.result.text() == "Release to put it in place 9. Esc puts it back."


def test_released_row_goes_to_the_place_and_is_shown_there_at_once(desk: Bench) -> None:
    at = desk.lift(6, 2)
    desk.release(at)
    assert desk.ran == [("worklist.move_to", {"study": 7, "place": 3})]
    assert painted(desk)[:4] == [1, 2, 7, 3]  # before the library has answered
    assert desk.page.card.result.text() == ""
    rows = desk.work.rows
    desk.work.put([*rows[:2], rows[6], *rows[2:6], *rows[7:]])
    assert painted(desk)[:4] == [1, 2, 7, 3]
    assert not desk.table.moving.shifted


def test_row_can_be_moved_down_as_well(desk: Bench) -> None:
    at = desk.lift(0, 3)
    assert painted(desk)[:5] == [2, 3, 4, 0, 5]
    desk.release(at)
    assert desk.ran == [("worklist.move_to", {"study": 1, "place": 4})]


def test_esc_puts_the_row_back(desk: Bench) -> None:
    at = desk.lift(6, 2)
    desk.key(KEY.Key_Escape)
    assert painted(desk) == [row.id for row in desk.work.rows]
    assert not desk.table.moving.lifted.isVisible()
    desk.release(at)
    assert desk.ran == []


def test_row_that_is_put_down_where_it_was_is_not_moved(desk: Bench) -> None:
    at = desk.lift(6, 6, below=14)
    desk.release(at)
    assert desk.ran == []


def test_click_that_trembles_moves_nothing(desk: Bench) -> None:
    at = desk.at(3)
    desk.press(at)
    desk.move(at + QPoint(2, 2))
    desk.release(at + QPoint(2, 2))
    assert desk.ran == []
    assert desk.work.selected == 4


def test_list_whose_rows_cannot_be_moved_says_why(desk: Bench) -> None:
    refused: list[str] = []
    desk.hand.refused.connect(refused.append)
    desk.hand.blocked = {"worklist.move_to": "This list is in order of arrival."}
    at = desk.lift(6, 2)
    assert refused == ["This list is in order of arrival."]
    assert not desk.table.moving.lifted.isVisible()
    desk.release(at)
    assert desk.ran == []


def test_refused_move_puts_the_row_back(desk: Bench) -> None:
    at = desk.lift(6, 2)
    desk.hand.blocked = {"worklist.move_to": "The library cannot be written."}
    desk.release(at)
    assert painted(desk) == [row.id for row in desk.work.rows]


def test_row_that_the_library_never_moves_goes_back(desk: Bench) -> None:
    at = desk.lift(6, 2)
    desk.table.moving._settle.setInterval(400)
    desk.release(at)
    assert desk.table.moving.shifted
    until(lambda: not desk.table.moving.shifted)


def test_moved_row_is_where_it_was_put_and_the_others_do_not_slide(long: Bench) -> None:
    long.table.verticalScrollBar().setValue(40 * ROW_HEIGHT)
    long.settle()
    before = long.table.verticalScrollBar().value()
    at = long.lift(45, 42)
    long.release(at)
    rows = long.work.rows
    long.work.put([*rows[:42], rows[45], *rows[42:45], *rows[46:]])
    long.settle()
    assert long.table.verticalScrollBar().value() == before
    assert long.table.rowViewportPosition(long.work.place_of(46)) == 2 * ROW_HEIGHT


def test_list_scrolls_while_a_row_is_held_at_its_edge(long: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    long.lift(3, 5)
    bottom = QPoint(300, long.table.viewport().height() - 4)
    monkeypatch.setattr(type(long.table.moving), "pointer", lambda _self: bottom)
    long.move(bottom)
    until(lambda: long.table.verticalScrollBar().value() > 2 * ROW_HEIGHT)
    assert long.table.moving.target > 10
    long.key(KEY.Key_Escape)


def test_wheel_scrolls_while_a_row_is_held(long: Bench) -> None:
    long.lift(3, 5)
    long.wheel(4)
    assert long.table.verticalScrollBar().value() > 0
    assert long.table.moving.active
    long.key(KEY.Key_Escape)


def test_ordinals_are_words_for_the_first_places() -> None:
    assert release_words(1) == "Release to place it first. Esc puts it back."
    assert release_words(40) == "Release to put it in place 40. Esc puts it back."
