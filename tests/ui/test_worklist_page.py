"""The worklist page in the reader's hands: what is chosen, what is said, and that nothing moves by itself."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from medviewer.app.opinions import About
from medviewer.app.worklist import Pending, Verdict
from medviewer.ui import theme
from medviewer.ui.worklist.columns import ROW_HEIGHT
from medviewer.ui.worklist.line import Line
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import study
from tests.ui.shell import KEY, until
from tests.ui.worklist_bench import Bench, bench

#: The menus of a screen that is none say what they cannot do.
NO_WINDOWS = pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)


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


def said(widget: QWidget) -> str:
    """Every word that can be seen in a widget."""
    parts = [w for w in widget.findChildren(QWidget) if isinstance(w, QLabel | Line) and w.isVisible()]
    return "\n".join(part.text() for part in parts if part.text())


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


# -- states


def state(desk: Bench) -> str:
    desk.settle()
    return said(desk.page.card)


def test_first_run_says_where_to_drop_and_offers_choosers(empty: Bench) -> None:
    assert "Drop a folder, a ZIP, DICOM files or pictures here" in state(empty)
    assert empty.page.card.instead.first.hasFocus()
    empty.click(empty.page.card.instead.first)
    empty.click(empty.page.card.instead.second)
    assert [id_ for id_, _ in empty.ran] == ["worklist.add_folder", "worklist.add_files"]


def test_nothing_unread_says_how_many_were_read_today(empty: Bench) -> None:
    empty.work.counts |= {"all": 40, "read_today": 27}
    empty.work.changed.emit("counts")
    assert "Nothing unread. 27 read today." in state(empty)


def test_filters_that_hide_all_can_be_cleared(empty: Bench) -> None:
    empty.work.counts["all"], empty.work.search = 40, "zebra"
    empty.work.changed.emit("counts")
    assert "No study fits these filters." in state(empty)
    assert empty.page.side.search.text() == "zebra"
    empty.click(empty.page.card.instead.first)
    assert empty.ran == [("worklist.clear", {})]


def test_without_a_library_the_reader_still_opens_files(empty: Bench) -> None:
    empty.work.problem = "The library cannot be reached. Check the network."
    empty.work.changed.emit("counts")
    assert "The library cannot be reached. Check the network." in state(empty)
    assert not empty.page.takes_drop()
    empty.click(empty.page.card.instead.first)
    assert empty.ran == [("file.open_files", {})]


def test_list_stays_usable_while_the_library_is_away(desk: Bench) -> None:
    desk.work.problem = "The library cannot be reached. Check the network."
    desk.work.changed.emit("counts")
    desk.settle()
    assert desk.table.isVisible()
    assert desk.page.head.rule.text() == "The library cannot be reached. Check the network."


def test_words_about_loading_come_only_after_a_second(empty: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from medviewer.ui.worklist import states

    monkeypatch.setattr(states, "SLOW_MS", 60)
    empty.work.loaded = False
    empty.page.card.loading = states.Loading()
    empty.page.card.pages.addWidget(empty.page.card.loading)
    empty.page.card.refresh()
    assert empty.page.card.loading.isVisible()
    assert not empty.page.card.loading.said
    until(lambda: empty.page.card.loading.said)
    empty.work.loaded = True
    empty.work.put([study(1)])
    empty.settle()
    assert empty.table.isVisible()


def test_keyboard_waits_in_the_list_while_it_loads(empty: Bench) -> None:
    empty.work.loaded = False
    empty.page.card.refresh()
    empty.page.focus_list()
    empty.work.loaded = True
    empty.work.put([study(1)])
    empty.settle()
    assert empty.table.hasFocus()


# -- the chosen study


def test_detail_says_why_a_study_is_placed_there(desk: Bench) -> None:
    desk.click_row(0)
    reasons = desk.page.detail.reasons
    assert reasons.isVisible()
    assert reasons.sentences[0] == "STAT order."
    assert reasons.sentences[1].startswith("AI score 0.91, at or above the operating point 0.50")
    assert "AI, unverified" in reasons.sentences[1]
    assert reasons.sentences[2].startswith("Waiting 12 min")
    marked = [reason for reason in reasons._rows if reason.spark.isVisible()]
    assert [reason.label.text() for reason in marked] == [reasons.sentences[1]]


def test_detail_shows_curve_findings_opinions_and_earlier_studies(desk: Bench) -> None:
    desk.click_row(0)
    row = desk.work.rows[0]
    earlier = study(90, date="2026-02-03", images=36, description="CT Head")
    opinions = [fakes.opinion(row, Verdict.DISAGREE, "Dr Ito", note="Artefact")]
    desk.work.tell(fakes.reading(row), opinions=opinions, earlier=[earlier])
    desk.settle()
    detail = desk.page.detail
    assert detail.along.curve.accessibleName() == (
        "AI scores of 25 of 38 images, unverified; the highest is 0.91 at image 19"
    )
    assert detail.along.curve.unread == [(25, 37)]
    assert detail.findings.items.accessibleName() == "Haemorrhage, image 19, 0.91"
    assert "Dr Ito disagreed" in detail.opinions.items.accessibleName()
    assert "Artefact" in detail.opinions.items.accessibleName()
    assert detail.earlier.count.text() == "1"
    desk.click(detail.earlier.buttons[0])
    assert desk.ran == [("worklist.open", {"study": 90})]


def test_detail_of_one_image_has_no_curve(desk: Bench) -> None:
    desk.click_row(6)
    row = desk.work.rows[6]
    desk.work.tell(fakes.reading(row, 1, 1, 0))
    desk.settle()
    assert not desk.page.detail.along.isVisible()
    assert desk.page.detail.findings.items.accessibleName().startswith("Pneumonia, whole image")


def test_pictures_come_when_they_are_made(desk: Bench) -> None:
    desk.click_row(0)
    pictures = desk.page.detail.pictures
    assert pictures.accessibleName() == "Key images are loading"
    desk.desk.pictures.made[1] = (fakes.picture(0, 15), fakes.picture(1, 18))
    desk.desk.pictures.ready.emit(1)
    desk.settle()
    assert pictures.accessibleName() == "2 key images"


def test_buttons_of_the_detail_run_commands_and_say_their_keys(desk: Bench) -> None:
    desk.click_row(0)
    foot = desk.page.detail.foot
    for button in (*foot.buttons.values(), foot.open, foot.assign, foot.read):
        desk.click(button)
    assert [id_ for id_, _ in desk.ran] == [
        *("opinion.agree", "opinion.disagree", "opinion.unsure", "opinion.relabel", "opinion.note"),
        *("worklist.open", "worklist.assign", "worklist.mark_read"),
    ]
    assert (foot.buttons["opinion.agree"].key.text, foot.open.key.text) == ("Y", "Enter")


def test_buttons_say_what_they_would_do_now(desk: Bench) -> None:
    desk.work.rows[0] = replace(desk.work.rows[0], assigned_to=fakes.ME, read_at=fakes.now(), read_by=fakes.ME)
    desk.click_row(0)
    foot = desk.page.detail.foot
    assert foot.assign.words.text() == "Give back"
    assert foot.read.words.text() == "Mark as unread"


def test_opinion_that_cannot_be_given_says_why(desk: Bench) -> None:
    desk.hand.blocked = {"opinion.agree": "There is no result to agree with yet."}
    desk.click_row(1)
    foot = desk.page.detail.foot
    assert not foot.buttons["opinion.agree"].isEnabled()
    assert foot.why_not.isVisible()
    assert foot.why_not.text() == "There is no result to agree with yet."


def test_own_opinion_is_ticked_and_reading_first_asks_otherwise(desk: Bench) -> None:
    desk.click_row(0)
    foot = desk.page.detail.foot
    desk.desk.opinions.here = About(1, mine=fakes.opinion(desk.work.rows[0], Verdict.UNSURE))
    desk.desk.opinions.changed.emit(1)
    desk.settle()
    assert [id_ for id_, button in foot.buttons.items() if button.chosen] == ["opinion.unsure"]
    desk.desk.opinions.here = About(1, first=True)
    desk.desk.opinions.changed.emit(1)
    desk.settle()
    assert foot.buttons["opinion.agree"].words.text() == "Present"
    assert foot.question.isVisible()


@NO_WINDOWS
def test_urgency_is_chosen_from_a_menu(desk: Bench) -> None:
    desk.click_row(0)
    button = desk.page.detail.foot.urgency
    assert button.text().strip() == "Urgency: STAT"
    desk.click(button)
    actions = desk.menu().actions()
    assert [(a.text(), a.isChecked()) for a in actions] == [("STAT", True), ("Urgent", False), ("Routine", False)]
    actions[1].trigger()
    desk.menu().close()
    assert desk.ran == [("worklist.urgency", {"urgency": "urgent"})]


def test_hidden_names_are_hidden_in_list_and_detail(desk: Bench) -> None:
    desk.click_row(0)
    desk.desk.reader.set(names_hidden=True)
    desk.settle()
    text = said(desk.page.detail) + str(desk.table.model_.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "SAMPLE" not in text
    assert "SYN" not in text
    assert "Name hidden" in text


# -- menus


@NO_WINDOWS
def test_menu_of_a_row_opens_by_right_click_and_by_key(desk: Bench) -> None:
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        desk.click_row(3, Qt.MouseButton.RightButton)
        assert desk.work.selected == 4
        at = desk.at(3)
        viewport = desk.table.viewport()
        QApplication.sendEvent(viewport, QContextMenuEvent(reason, at, viewport.mapToGlobal(at)))
        texts = [action.text().split("\t")[0] for action in desk.menu().actions() if not action.isSeparator()]
        assert texts[0] == "Open"
        assert "Urgency" in texts
        assert "Move to" in texts
        desk.menu().close()
        QTest.qWait(1)


@NO_WINDOWS
def test_menu_of_the_list_offers_what_is_not_about_a_row(desk: Bench) -> None:
    desk.click(desk.page.head.more)
    texts = [action.text() for action in desk.menu().actions() if not action.isSeparator()]
    assert texts[:2] == ["Add files", "Add folder"]
    assert "Export" in texts
    desk.menu().close()


# -- small windows


def test_small_window_folds_the_side_and_keeps_the_list_whole(desk: Bench) -> None:
    desk.resize(1366, 768)
    assert desk.page.side.width() == 88
    assert not desk.page.detail.isVisible()
    assert desk.page.side.search.isVisible()
    assert desk.page.head.isAncestorOf(desk.page.side.search)
    assert desk.page.centre.width() == desk.page.width() - 88
    desk.resize(1920, 1080)
    assert desk.page.side.width() == 244
    assert desk.page.detail.isVisible()
    assert desk.page.side.isAncestorOf(desk.page.side.search)


def test_preview_lies_over_the_list_of_a_small_window(desk: Bench) -> None:
    desk.resize(1366, 768)
    desk.click_row(0)
    wide = desk.page.centre.width()
    desk.page.toggle_preview()
    desk.settle()
    detail = desk.page.detail
    assert detail.isVisible()
    assert detail.geometry().right() == desk.page.width() - 1
    assert desk.page.centre.width() == wide
    desk.key(KEY.Key_Escape)
    assert not detail.isVisible()
    assert desk.table.hasFocus()


@pytest.mark.parametrize("size", [(1920, 1080), (1500, 900), (1366, 768), (800, 560)])
def test_page_fits_into_every_window(desk: Bench, size: tuple[int, int]) -> None:
    desk.resize(*size)
    assert desk.page.minimumSizeHint().width() <= size[0]
    assert desk.page.width() == size[0]
    for part in (desk.page.side, desk.page.centre):
        assert part.geometry().right() < size[0]
        assert part.geometry().bottom() < desk.page.height()


# -- keyboard and screen reader


def test_regions_are_walked_in_reading_order(desk: Bench) -> None:
    assert desk.page.regions() == (desk.page.side, desk.page.centre, desk.page.detail)
    desk.resize(1366, 768)
    assert desk.page.regions() == (desk.page.side, desk.page.centre)


def test_everything_that_takes_the_keyboard_has_a_name(desk: Bench) -> None:
    desk.click_row(0)
    row = desk.work.rows[0]
    desk.work.tell(fakes.reading(row), earlier=[study(90)])
    desk.settle()
    takes = [w for w in desk.page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
    assert len(takes) > 20
    for widget in takes:
        name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
        assert name.strip(), f"{widget} has no name"


def test_row_has_an_accessible_name(desk: Bench) -> None:
    index = desk.table.model_.index(6, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "7, Routine, SAMPLE Gus, CR Chest, portable, waiting 2 h 5 min, AI score 0.46 unverified, Pneumonia, "
        "below the point 0.50, Unread"
    )


def test_files_that_are_dropped_go_to_the_list_while_it_is_seen() -> None:
    with bench() as hidden:
        assert hidden.page.takes_drop()
        hidden.page.hide()
        assert not hidden.page.takes_drop()


# -- look


def test_page_is_dark_and_has_no_bright_areas(desk: Bench) -> None:
    desk.click_row(0)
    image = desk.page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    linear = (pixels[..., 2::-1] / 255.0) ** 2.2
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    print(f"mean luminance {luminance.mean():.4f}, above 0.6: {100 * (luminance > 0.6).mean():.2f} %")
    assert luminance.mean() <= 0.03
    assert (luminance > 0.6).mean() <= 0.01


def test_high_contrast_needs_no_restart(desk: Bench) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        theme.apply(app, high_contrast=True)
        assert "#000000" in desk.table.styleSheet()
        desk.settle()
    finally:
        theme.apply(app)
