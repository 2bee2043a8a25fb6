"""The panel about the chosen study, and the menus: what is said, and that every button is a command."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from medviewer.app.opinions import About
from medviewer.app.worklist import Verdict
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import study
from tests.ui.worklist_bench import NO_WINDOWS, Bench, bench, said


@pytest.fixture(scope="module")
def shared_page() -> Iterator[Bench]:
    with bench() as made:
        yield made


@pytest.fixture
def desk(shared_page: Bench) -> Bench:
    return shared_page.reset(fakes.mock_rows())


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


@NO_WINDOWS
def test_menu_of_the_list_offers_what_is_not_about_a_row(desk: Bench) -> None:
    desk.click(desk.page.head.more)
    texts = [action.text() for action in desk.menu().actions() if not action.isSeparator()]
    assert texts[:2] == ["Add files", "Add folder"]
    assert "Export" in texts
    desk.menu().close()
