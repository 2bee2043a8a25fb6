"""What stands where rows would be, and the page in small windows, by keyboard, in the dark."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from medviewer.ui import theme
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import study
from tests.ui.shell import KEY, until
from tests.ui.worklist_bench import NO_WINDOWS, Bench, bench, said


@pytest.fixture(scope="module")
def shared_page() -> Iterator[Bench]:
    with bench() as made:
        yield made


@pytest.fixture
def desk(shared_page: Bench) -> Bench:
    return shared_page.reset(fakes.mock_rows())


@pytest.fixture
def empty(shared_page: Bench) -> Bench:
    return shared_page.reset(())


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


@NO_WINDOWS
def test_small_window_offers_modalities_as_a_menu(desk: Bench) -> None:
    assert not desk.page.side.filter.isVisible()
    desk.resize(1366, 768)
    desk.click(desk.page.side.filter)
    actions = desk.menu().actions()
    assert [(a.text(), a.isChecked()) for a in actions] == [("CR\t4", True), ("CT\t9", True)]
    actions[0].trigger()
    desk.menu().close()
    assert desk.ran == [("worklist.modalities", {"names": "CT"})]


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
