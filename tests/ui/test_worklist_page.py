"""The worklist page in the reader's hands: what is chosen, what is said, and that nothing moves by itself."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medviewer.app.worklist import Pending
from medviewer.ui.worklist.columns import ROW_HEIGHT
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import study
from tests.ui.shell import KEY, until
from tests.ui.worklist_bench import Bench, bench, said


@pytest.fixture(scope="module")
def shared_page() -> Iterator[Bench]:
    with bench() as made:
        yield made


@pytest.fixture
def desk(shared_page: Bench) -> Bench:
    return shared_page.reset(fakes.mock_rows())


@pytest.fixture
def long(shared_page: Bench) -> Bench:
    return shared_page.reset([study(i, f"SAMPLE^Name{i}") for i in range(1, 201)])


@pytest.fixture
def empty(shared_page: Bench) -> Bench:
    return shared_page.reset(())


def y_of(desk: Bench, study_id: int) -> int:
    return desk.table.rowViewportPosition(desk.work.place_of(study_id))


# -- choosing


def test_row_that_is_clicked_is_chosen_and_the_list_is_in_hand(desk: Bench) -> None:
    desk.click_row(2)
    assert desk.work.selected == 3
    assert not desk.work.followed
    assert "SAMPLE, Bo" in said(desk.page.detail)


def test_arrows_home_and_end_walk_over_the_list(desk: Bench) -> None:
    desk.key(KEY.Key_Down)
    assert desk.work.selected == 1
    desk.key(KEY.Key_Down)
    assert desk.work.selected == 2
    desk.key(KEY.Key_End)
    assert desk.work.selected == 14
    desk.key(KEY.Key_Home)
    assert desk.work.selected == 1


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (KEY.Key_Return, "worklist.open"),
        (KEY.Key_Enter, "worklist.open"),
        (KEY.Key_Space, "worklist.preview"),
        (KEY.Key_Delete, "worklist.remove"),
    ],
)
def test_keys_of_a_row_run_commands(desk: Bench, key: Qt.Key, command: str) -> None:
    desk.click_row(1)
    desk.key(key)
    assert desk.ran == [(command, {})]


def test_double_click_opens_the_study(desk: Bench) -> None:
    desk.click_row(1)
    QTest.mouseDClick(desk.table.viewport(), Qt.MouseButton.LeftButton, pos=desk.at(1))
    assert ("worklist.open", {}) in desk.ran
    assert desk.work.selected == 2


def test_letters_do_not_search_in_the_list(desk: Bench) -> None:
    desk.click_row(0)
    desk.type("ynud")
    assert desk.work.selected == 1


def test_chosen_row_is_scrolled_to_only_by_keys(long: Bench) -> None:
    long.table.verticalScrollBar().setValue(20)  # the first row is cut
    long.click_row(0)
    assert long.table.verticalScrollBar().value() == 20
    long.key(KEY.Key_PageDown)
    assert y_of(long, long.work.selected or 0) + ROW_HEIGHT <= long.table.viewport().height()


def test_study_that_is_chosen_elsewhere_is_chosen_here_and_in_sight(long: Bench) -> None:
    long.work.select(150)
    long.settle()
    assert long.table.currentIndex().row() == 149
    assert 0 <= y_of(long, 150) <= long.table.viewport().height() - ROW_HEIGHT


# -- nothing moves by itself


def test_chosen_study_stays_where_it_is_when_the_order_changes(long: Bench) -> None:
    long.table.verticalScrollBar().setValue(100 * ROW_HEIGHT)
    long.settle()
    long.click_row(105)
    before = y_of(long, 106)
    rows = long.work.rows
    long.work.put([*rows[50:], *rows[:50]])
    long.settle()
    assert long.work.place_of(106) == 55
    assert y_of(long, 106) == before
    assert long.table.currentIndex().row() == 55


def test_first_row_in_sight_stays_when_nothing_is_chosen(long: Bench) -> None:
    long.wheel(30)
    long.settle()
    first = long.table.places_in_sight()[0]
    study_id, before = long.work.id_at(first), long.table.rowViewportPosition(first)
    long.work.put([study(1000), *long.work.rows])
    long.settle()
    assert y_of(long, study_id) == before


def test_list_that_nobody_has_touched_stays_at_its_top(long: Bench) -> None:
    long.work.put([study(1000), *long.work.rows])
    long.settle()
    assert long.table.verticalScrollBar().value() == 0
    assert y_of(long, 1000) == 0


def test_another_list_begins_at_its_top(long: Bench) -> None:
    long.wheel(30)
    long.work.list_name = "all"
    long.work.put(long.work.rows)
    assert long.table.verticalScrollBar().value() == 0


def test_wheel_takes_the_list_in_hand(long: Bench) -> None:
    assert long.work.followed
    long.wheel(1)
    assert not long.work.followed


def test_what_has_come_waits_behind_a_line_that_moves_nothing(desk: Bench) -> None:
    top = desk.page.card.mapTo(desk.page, QPoint(0, 0))
    desk.work.pending = Pending(3, 2)
    desk.work.changed.emit("pending")
    desk.settle()
    assert desk.page.head.pending.text().strip() == "3 new studies, 2 moved. Show (F5)"
    assert desk.page.card.mapTo(desk.page, QPoint(0, 0)) == top
    desk.click(desk.page.head.pending)
    assert desk.ran == [("worklist.show_new", {})]


def test_other_values_of_a_row_are_painted_in_place(desk: Bench) -> None:
    before = desk.table.viewport().grab().toImage()
    desk.work.value(replace(desk.work.rows[12], ai=fakes.scored(0.9)))
    desk.settle()
    after = desk.table.viewport().grab().toImage()
    top = desk.table.rowViewportPosition(12)
    assert different_rows(before, after) == {top // ROW_HEIGHT}
    assert desk.table.verticalScrollBar().value() == 0


def different_rows(one: QImage, other: QImage) -> set[int]:
    def pixels(image: QImage) -> Any:
        made = image.convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine() // 4, 4).copy()

    lines = np.flatnonzero((pixels(one) != pixels(other)).any(axis=(1, 2)))
    return {int(line) // ROW_HEIGHT for line in lines}


def test_minute_paints_only_waiting_times(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Any] = []
    update = desk.table.viewport().update
    monkeypatch.setattr(desk.table.viewport(), "update", lambda *area: (painted.append(area), update(*area)))
    desk.page.card.table.tick()
    assert painted == []  # no minute has gone by
    desk.table.rows.reading.now = desk.table.rows.reading.now.replace(year=2025)
    desk.page.card.table.tick()
    column = desk.table.rows.columns(desk.table.viewport().width())["waiting"]
    assert len(painted) == len(desk.work)
    assert {area[0].width() for area in painted} == {column.width}


# -- only what is in sight is asked for


def test_only_rows_in_sight_are_asked_for(empty: Bench) -> None:
    empty.reset([study(i) for i in range(1, 50_001)])
    empty.work.asked.clear()
    empty.table.verticalScrollBar().setValue(25_000 * ROW_HEIGHT)
    empty.settle()
    assert set(empty.work.asked) <= set(range(24_999, 25_030))


def test_row_on_its_way_is_grey_and_says_so(desk: Bench) -> None:
    desk.work.there = lambda study_id: study_id != 3
    desk.table.viewport().update()
    index = desk.table.model_.index(2, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "3, loading"
    desk.settle()


# -- lists, filters, order


def test_lists_carry_their_counts_and_the_one_that_is_shown_is_marked(desk: Bench) -> None:
    desk.work.counts |= {"above": 4, "read_today": 27}
    desk.work.changed.emit("counts")
    desk.settle()
    entries = desk.page.side.entries
    assert entries["above"].accessibleName() == "AI score above point, 4"
    assert entries["read_today"].count == 27
    assert [name for name, entry in entries.items() if entry.isChecked()] == ["unread"]
    desk.click(entries["above"])
    assert desk.ran == [("worklist.list", {"name": "above"})]
    assert not entries["above"].isChecked()  # the list is what the worklist says


def test_modalities_are_ticked_off(desk: Bench) -> None:
    ticks = desk.page.side.ticks
    assert {name: tick.count for name, tick in ticks.items()} == {"CT": 9, "CR": 4}
    desk.click(ticks["CT"])
    assert desk.ran == [("worklist.modalities", {"names": "CR"})]


def test_search_begins_while_one_types_once_for_a_word(desk: Bench) -> None:
    desk.page.focus_search()
    desk.type("李")
    desk.type("明")
    until(lambda: desk.ran)
    assert desk.ran == [("worklist.search", {"text": "李明"})]


def test_what_an_input_method_composes_is_not_searched_for(desk: Bench) -> None:
    desk.page.focus_search()
    field = desk.page.side.search
    QApplication.sendEvent(field, QInputMethodEvent("li", []))
    QTest.qWait(120)
    assert desk.ran == []
    desk.type("李")
    until(lambda: desk.ran)
    assert desk.ran == [("worklist.search", {"text": "李"})]


def test_list_never_overwrites_what_is_being_typed(desk: Bench) -> None:
    desk.page.focus_search()
    desk.type("gu")
    desk.page.side.refresh()
    assert desk.page.side.search.text() == "gu"


def test_enter_in_the_search_goes_on_in_the_list_and_esc_clears(desk: Bench) -> None:
    desk.page.focus_search()
    desk.type("gus")
    desk.key(KEY.Key_Return)
    assert desk.ran == [("worklist.search", {"text": "gus"})]
    assert desk.table.hasFocus()
    desk.page.focus_search()
    desk.key(KEY.Key_Escape)
    assert desk.page.side.search.text() == ""
    until(lambda: len(desk.ran) == 2)
    desk.key(KEY.Key_Escape)
    assert desk.table.hasFocus()


def test_one_click_gives_the_plain_order_of_arrival(desk: Bench) -> None:
    head = desk.page.head
    assert head.plain.text() == "Use plain arrival order"
    desk.click(head.plain)
    assert desk.ran == [("worklist.arrival", {})]
    desk.work.arrival = True
    desk.work.put(desk.work.rows)
    desk.settle()
    assert head.plain.text() == "Use urgency and AI score"
    assert head.order.currentText() == "Arrival"
    assert head.rule.text() == "Plain order of arrival. Neither urgency nor AI has a part in it."


def test_list_without_a_rule_offers_no_order(desk: Bench) -> None:
    desk.work.list_name = "read_today"
    desk.work.put(desk.work.rows)
    desk.settle()
    assert not desk.page.head.order.isVisible()
    assert desk.page.head.rule.text() == "Newest first."


def test_agreement_left_out_files_and_watched_folder_lead_on(desk: Bench) -> None:
    side = desk.page.side
    desk.click(side.agreement)
    desk.desk.triage.skipped = ("a", "b", "c")
    desk.desk.triage.files_skipped.emit(())
    desk.settle()
    assert side.skipped.text() == "3 files left out. Show them"
    desk.click(side.skipped)
    desk.click(side.incoming.watch)
    desk.click(side.drop)
    ran = [id_ for id_, _ in desk.ran]
    assert ran == ["page.agreement", "worklist.skipped", "worklist.watch", "worklist.add_files"]


def test_watched_folder_says_what_is_wrong_with_it(desk: Bench) -> None:
    desk.desk.settings.set("triage.watch_folder", "/data/inbox")
    desk.settle()
    watched = desk.page.side.incoming.watched
    assert watched.accessibleName() == "Watching inbox. Click to stop watching"
    desk.desk.triage.watch_problem = "The watched folder inbox cannot be read."
    desk.desk.triage.watch_changed.emit("")
    desk.settle()
    assert "cannot be read" in watched.accessibleName()
    desk.click(watched)
    assert desk.ran == [("worklist.unwatch", {})]
