"""The worklist page in the real window, on a real library: from the first drop to a study that was moved and opened."""

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest

from medviewer.ui.worklist.page import WorklistPage
from tests.ui import fakes
from tests.ui.shell import ALT, KEY, Shell, shell, study, until

NAMES = ("Avery", "Bo", "Chen", "Dana")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("worklist")
    with shell(folder / "home", engine=fakes.FakeEngine(peak=2)) as made:
        made.window.commander.run("page.worklist")
        until(lambda: made.window.book.worklist is not None and made.window.book.worklist.ready, 30)
        for number, name in enumerate(NAMES):
            own = {"StudyInstanceUID": f"1.2.826.0.1.{number}", "SeriesInstanceUID": f"1.2.826.0.2.{number}"}
            study(folder / "in" / name, 4, PatientName=f"SAMPLE^{name}", PatientID=f"SYN-{number}", **own)
        until(lambda: made.session.worklist.loaded, 30)
        assert page_of(made).card.instead.isVisible()  # nothing is there yet
        job = made.session.triage.add([folder / "in"])
        until(lambda: job.state.final, 60)
        until(lambda: len(made.session.worklist) == len(NAMES), 30)
        yield made


def page_of(desk: Shell) -> WorklistPage:
    page = desk.window.book.worklist
    assert page is not None
    return page


def names(desk: Shell) -> list[str]:
    """Who stands in the list, from the top, as it is read out."""
    model = page_of(desk).card.table.model_
    until(lambda: all(model.row(place) is not None for place in range(model.rowCount())))
    spoken = [str(model.index(place, 0).data()) for place in range(model.rowCount())]
    return [next(name for name in NAMES if name in text) for text in spoken]


def test_dropped_studies_stand_in_the_list(opened: Shell) -> None:
    assert sorted(names(opened)) == list(NAMES)
    page = page_of(opened)
    assert page.card.table.isVisible()
    until(lambda: page.side.entries["unread"].count == len(NAMES))
    until(lambda: page.head.count.text() == "4 studies")


def test_study_is_moved_by_keys_and_shows_it(opened: Shell) -> None:
    page = page_of(opened)
    page.focus_list()
    opened.key(KEY.Key_Home)
    before = names(opened)
    opened.key(KEY.Key_Down, ALT)
    until(lambda: names(opened) == [before[1], before[0], *before[2:]])
    table, worklist = page.card.table, opened.session.worklist
    assert table.currentIndex().row() == 1
    until(lambda: "moved by you" in str(table.model_.index(1, 0).data()))
    assert worklist.place_of(worklist.selected) == 1


def test_chosen_study_is_told_about(opened: Shell) -> None:
    page = page_of(opened)
    page.focus_list()
    opened.key(KEY.Key_Home)
    until(lambda: opened.session.worklist.detail is not None)
    until(lambda: page.detail.reasons.isVisible())
    assert len(page.detail.reasons.sentences) >= 3
    assert page.detail.who.name.text().startswith("SAMPLE, ")


def test_search_leaves_those_that_fit_and_clearing_brings_all_back(opened: Shell) -> None:
    page = page_of(opened)
    opened.window.commander.run("worklist.filter")
    until(page.side.search.hasFocus)
    QTest.keyClicks(page.side.search, "chen")
    until(lambda: page.card.table.model_.rowCount() == 1)
    assert names(opened) == ["Chen"]
    QTest.keyClicks(page.side.search, "zz")
    until(page.card.instead.isVisible)
    opened.click(page.card.instead.first)
    until(lambda: page.card.table.model_.rowCount() == len(NAMES))
    until(lambda: page.side.search.text() == "")


def test_enter_opens_the_study_in_the_reader(opened: Shell) -> None:
    page_of(opened).focus_list()
    opened.key(KEY.Key_End)
    opened.key(KEY.Key_Return)
    until(lambda: opened.session.page == "reader", 30)
    until(lambda: opened.window.area is not None and opened.window.area.active.shown is not None, 30)
    opened.window.commander.run("page.worklist")
    until(lambda: page_of(opened).isVisible())
    until(lambda: opened.session.opening.current is not None)
