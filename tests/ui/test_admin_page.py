"""The admin page: how it is reached and by whom, its sections, the keyboard, small windows and long words."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from medviewer.app.commands import blocked, invoke
from medviewer.core.errors import UserError
from medviewer.ui.admin.page import SECTIONS
from tests.ui import admin_desk, fakes
from tests.ui.shell import CTRL, KEY, SHIFT, Shell, application, shell, until
from tests.ui.test_translation import Pseudo


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    home = tmp_path_factory.mktemp("admin") / "home"
    data = admin_desk.dataset(home)
    admin_desk.checked(data, admin_desk.TWINS, admin_desk.SUSPECT)
    with shell(home, fakes.model()) as made:
        made.settle()
        yield made


@pytest.fixture
def desk(opened: Shell) -> Shell:
    opened.session.admin.show("datasets")
    opened.session.show_page("reader")
    until(lambda: opened.window.book.currentWidget() is opened.window.body)
    opened.window.resize(1920, 1080)
    opened.window.activateWindow()
    until(opened.window.isActiveWindow)
    return opened


def test_that_ctrl_3_and_the_top_bar_show_the_page_and_ctrl_2_leaves_it(desk: Shell) -> None:
    desk.key(KEY.Key_3, CTRL)
    until(lambda: desk.window.book.admin is not None and desk.window.book.admin.ready, 30)
    assert desk.session.page == "admin"
    desk.settle()
    buttons = {button.page: button for button in desk.window.top.pages}
    assert buttons["admin"].isChecked()
    desk.key(KEY.Key_2, CTRL)
    until(lambda: desk.window.book.currentWidget() is desk.window.body)
    desk.click(buttons["admin"])
    until(lambda: desk.window.book.currentWidget() is desk.window.book.admin)


@pytest.mark.parametrize("section", SECTIONS)
def test_that_every_section_can_be_shown_and_is_marked_at_the_left(desk: Shell, section: str) -> None:
    made = admin_desk.page(desk)
    desk.click(made.nav.entries[section])
    until(lambda: section in made.made and made.made[section].ready, 30)
    until(lambda: made.book.currentWidget() is made.made[section])
    assert [name for name, entry in made.nav.entries.items() if entry.isChecked()] == [section]
    assert made.made[section].head.title.text()
    assert desk.session.admin.section == section


def test_that_the_left_column_counts_what_there_is(desk: Shell) -> None:
    made = admin_desk.page(desk)
    until(lambda: made.nav.entries["datasets"].count == 1)
    assert made.nav.entries["training"].count is None
    assert made.nav.entries["datasets"].accessibleName() == "Data sets, 1"


def test_that_f6_walks_over_the_page_and_escape_comes_back_to_the_table(desk: Shell) -> None:
    made = admin_desk.page(desk)
    section = made.made["datasets"]
    until(lambda: section.content.isVisible())
    assert made.regions()[0] is made.nav
    made.take_focus()
    seen = []
    for _ in range(len(desk.window.regions()) + 1):
        desk.key(KEY.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen += [at for at, region in enumerate(desk.window.regions()) if region is focus or region.isAncestorOf(focus)]
    silent = {at for at, region in enumerate(desk.window.regions()) if region is section.detail}  # only to be read
    assert set(seen) >= set(range(len(desk.window.regions()))) - silent
    for elsewhere in (made.nav.entries["models"], section.new):
        elsewhere.setFocus()
        desk.key(KEY.Key_Escape)
        assert QApplication.focusWidget() is section.table


def test_that_tab_reaches_every_button_of_a_section(desk: Shell) -> None:
    made = admin_desk.page(desk)
    section = made.made["datasets"]
    until(lambda: section.content.isVisible())
    made.take_focus()
    reached = set()
    for _ in range(60):
        desk.key(KEY.Key_Tab)
        reached.add(QApplication.focusWidget())
    wanted = {section.new, section.check, section.version, section.remove, section.table, section.findings.grid}
    assert wanted <= reached
    desk.key(KEY.Key_Tab, SHIFT)


def test_that_people_whom_the_site_did_not_name_do_not_see_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("roles") / "home"
    admin_desk.policy(home, **{"admin.trainers": ["somebody-else"]})
    with shell(home, fakes.model()) as made:
        made.settle()
        until(lambda: not {b.page: b for b in made.window.top.pages}["admin"].isVisible())
        for id_ in ("page.admin", "dataset.from_opinions", "training.new", "model.import"):
            said = blocked(made.session, id_)
            assert str(said).startswith("Only the people named by the site's policy"), id_
        with pytest.raises(UserError):
            invoke(made.session, "page.admin")
        with pytest.raises(UserError):
            invoke(made.session, "dataset.freeze", dataset="20261120-100000-aaaaaa")
        assert made.session.page == "reader"


def test_that_nothing_is_cut_off_where_words_are_40_percent_longer(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = application("en")
    pseudo = Pseudo()
    app.installTranslator(pseudo)
    try:
        home = tmp_path_factory.mktemp("long") / "home"
        admin_desk.checked(admin_desk.dataset(home), admin_desk.TWINS, admin_desk.SUSPECT)
        with shell(home, fakes.model()) as made:
            for size in ((1920, 1080), (1366, 768)):
                made.window.resize(*size)
                for section in ("datasets", "models", "audit"):
                    part = admin_desk.page(made, section).made[section]
                    until(lambda part=part: part.content.isVisible() or bool(part.instead.words.text()))
                    made.settle()
                    assert admin_desk.cut_off(part) == [], (size, section)
    finally:
        app.removeTranslator(pseudo)
