"""Opinions on the screen: the foot of the AI panel, the line that offers to take them back, and their dialogs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from medviewer.app.opinions import OpinionRecord, Verdict
from medviewer.core.findings import Finding
from medviewer.ui import theme
from medviewer.ui.ai_opinion import OpinionSection
from tests import build
from tests.ui import fakes
from tests.ui.shell import CTRL, KEY, Shell, shell, study, until

PEAK = 7


class Pointing(fakes.FakeEngine):
    """Points at two places of the slice with the highest score."""

    def predict(self, model: Any, frames: Any, job: Any, on_scores: Any, batch: int = 8, patch: bool = False) -> None:
        def pointed(scores: Any) -> None:
            places = (Finding("point", (20.0, 30.0), 0.91), Finding("point", (40.0, 30.0), 0.62))
            on_scores(tuple(replace(s, findings=places if s.index == PEAK else ()) for s in scores))

        super().predict(model, frames, job, pointed, batch, patch)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("opinions")
    with shell(folder / "home", engine=Pointing(peak=PEAK)) as made:
        made.session.settings.set("opinions.reader", "Dr Li")
        made.open(study(folder / "other", StudyInstanceUID=build.uid("other"), SeriesInstanceUID=build.uid("o")))
        made.open(study(folder / "study"))
        show(made, "study")
        made.window.commander.run("ai.read")
        until(lambda: not made.session.jobs.active)
        until(lambda: (about := made.session.opinions.about()) is not None and about.reading is not None)
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    show(opened, "study")
    opened.session.reader.view.go(0)
    opened.session.reader.set_ai(shown=True)
    opened.window.resize(1920, 1080)
    to_viewport(opened)
    until(lambda: opened.session.opinions.refusal() is None)
    yield opened
    if (dialog := asked(opened)) is not None:
        dialog.close()
    opened.session.settings.reset_page("ai")
    opened.session.undo.forget()
    write(opened, lambda library: [library.undo_opinion(o.id) for o in library.opinions()])
    until(lambda: not standing(opened))


def to_viewport(desk: Shell) -> None:
    desk.window.activateWindow()
    until(desk.window.isActiveWindow)
    desk.window.focus_viewport()


def show(desk: Shell, name: str) -> None:
    stack = next(s for s in desk.session.opened.stacks if f"/{name}/" in s.first.path)
    desk.session.reader.view.show(stack)
    until(lambda: desk.session.opinions.about() is not None)
    desk.settle()


def write(desk: Shell, act: Any) -> Any:
    return desk.session.shelf.write(act).result(10)


def standing(desk: Shell) -> tuple[OpinionRecord, ...]:
    about = desk.session.opinions.about()
    return desk.session.opinions.of(about.study_id) if about else ()


def foot(desk: Shell) -> OpinionSection:
    until(lambda: desk.window.panel.opinion is not None)
    desk.settle()
    section = desk.window.panel.opinion
    assert section is not None
    return section


def words(desk: Shell) -> str:
    return "\n".join(x.text() for x in foot(desk).findChildren(QLabel) if x.isVisible() and x.text())


def asked(desk: Shell) -> Any:
    return desk.window.asking.dialog if desk.window.asking else None


def ask(desk: Shell, key: KEY) -> Any:
    desk.key(key)
    until(lambda: asked(desk) is not None and asked(desk).isActiveWindow())
    return asked(desk)


def give(desk: Shell, **values: Any) -> None:
    """Let another reader give an opinion on the study on the screen."""
    about = desk.session.opinions.about()
    assert about is not None
    assert about.reading is not None
    mine = OpinionRecord(about.study_id, model=about.reading.model, version=about.reading.version, **values)
    write(desk, lambda library: library.give_opinion(mine))
    until(lambda: any(o.reader == values["reader"] for o in standing(desk)))


# -- the foot of the panel


def test_that_without_a_result_every_key_is_off_and_the_reason_stands_there_in_words(desk: Shell) -> None:
    show(desk, "other")
    assert "There is no result to agree with yet." in words(desk)
    assert not any(button.isEnabled() for button in foot(desk).buttons.values())


def test_that_a_result_can_be_answered_with_one_key_each_and_is_unverified_until_then(desk: Shell) -> None:
    said = words(desk)
    for text in ("On this study", "AI, unverified. No opinion yet.", "Agree", "Disagree", "Unsure", "Other label"):
        assert text in said
    keys = [button.key.text for button in foot(desk).buttons.values()]
    assert keys == ["Y", "N", "U", "D", "T"]


def test_that_n_in_the_viewport_keeps_a_disagreement_and_says_whose_it_is(desk: Shell) -> None:
    focus = QApplication.focusWidget()
    desk.key(KEY.Key_N)
    until(lambda: "You disagreed, " in words(desk))
    assert "unverified" not in words(desk)
    assert foot(desk).buttons["opinion.disagree"].chosen
    assert not foot(desk).buttons["opinion.agree"].chosen
    assert QApplication.focusWidget() is focus


def test_that_a_click_does_what_the_key_does(desk: Shell) -> None:
    desk.click(foot(desk).buttons["opinion.agree"])
    until(lambda: "You agreed, " in words(desk))


def test_that_others_opinions_stand_there_with_name_and_time(desk: Shell) -> None:
    at = datetime(datetime.now(UTC).year, 11, 22, 9, 14).astimezone()
    give(desk, verdict=Verdict.DISAGREE, reader="Dr Ito", at=at, note="Old scar.")
    until(lambda: "Dr Ito disagreed, 22 Nov 09:14" in words(desk))
    assert "Note: Old scar." in words(desk)
    desk.key(KEY.Key_Y)
    until(lambda: "You agreed" in words(desk))
    assert words(desk).index("You agreed") < words(desk).index("Dr Ito")


def test_that_an_opinion_can_be_about_one_finding_of_the_slice(desk: Shell) -> None:
    assert not foot(desk).findings.isVisible()
    desk.session.reader.view.go(PEAK)
    until(lambda: foot(desk).findings.isVisible())
    list_ = foot(desk).findings
    assert [list_.itemText(i) for i in range(3)] == [
        "This study",
        "Finding 1 of 2, AI score 0.91",
        "Finding 2 of 2, AI score 0.62",
    ]
    list_.activated.emit(2)
    until(lambda: "On the finding at slice 8" in words(desk))
    desk.window.focus_viewport()
    desk.key(KEY.Key_N)
    until(lambda: len(standing(desk)) == 1)
    assert standing(desk)[0].score == 0.62
    desk.session.reader.view.go(PEAK + 1)
    until(lambda: "On this study" in words(desk))
    assert "No opinion yet" in words(desk)


def test_that_hidden_ai_shows_no_score_at_the_foot_either(desk: Shell) -> None:
    desk.session.reader.view.go(PEAK)
    until(lambda: foot(desk).findings.isVisible())
    desk.key(KEY.Key_X)
    until(lambda: not foot(desk).findings.isVisible())
    assert "AI score" not in words(desk)


def test_that_the_keys_never_scroll_away_in_a_small_window_and_stand_in_one_row(desk: Shell) -> None:
    desk.window.resize(1366, 768)
    section = foot(desk)
    until(lambda: not section.more.isVisible())
    rows = {section.buttons[f"opinion.{name}"].mapTo(section, section.rect().topLeft()).y() for name in ANSWERS}
    assert len(rows) == 1
    panel = desk.window.panel
    assert section.mapTo(panel, section.rect().bottomLeft()).y() == panel.rect().bottom()
    assert ask(desk, KEY.Key_D) is not None


ANSWERS = ("agree", "disagree", "unsure")


def test_that_the_reader_answers_first_where_the_policy_says_so(desk: Shell) -> None:
    desk.session.settings.set("ai.read_first", ["lung-nodule"])
    until(lambda: "Your reading first: Nodule?" in words(desk))
    body = desk.window.panel.body
    assert body is not None
    desk.settle()
    assert body.why_hidden.text() == "Hidden until you have given your opinion (policy for this model)."
    assert not body.result.isVisible()
    assert not body.show_now.isVisible()
    assert body.picker.isVisible()
    for text in ("Present", "Absent", "Unsure"):
        assert text in words(desk)
    assert "0." not in words(desk)
    desk.key(KEY.Key_N)
    until(lambda: body.result.isVisible())
    assert "(before AI was shown)" in words(desk)
    assert standing(desk)[0].answer == "absent"


# -- taking it back


def test_that_the_opinion_is_offered_back_at_the_foot_of_the_window_and_ctrl_z_takes_it(desk: Shell) -> None:
    desk.key(KEY.Key_N)
    toast = desk.window.toast
    until(toast.isVisible)
    assert toast.words.text() == "Kept: you disagree."
    assert toast.key.text == "Ctrl Z"
    assert toast.accessibleName() == "Kept: you disagree. Undo with Ctrl Z."
    desk.key(KEY.Key_Z, CTRL)
    until(lambda: not standing(desk))
    until(lambda: not toast.isVisible())
    until(lambda: "No opinion yet" in words(desk))


def test_that_the_offer_never_takes_the_keyboard_and_follows_the_window(desk: Shell) -> None:
    focus = QApplication.focusWidget()
    desk.key(KEY.Key_U)
    toast = desk.window.toast
    until(toast.isVisible)
    assert toast.focusPolicy() == toast.undo.focusPolicy() == Qt.FocusPolicy.NoFocus
    for size in ((1920, 1080), (1366, 768)):
        desk.window.resize(*size)
        desk.settle()
        above = toast.parentWidget()
        assert above is not None
        assert abs(toast.geometry().center().x() - above.rect().center().x()) <= 1
        assert above.rect().contains(toast.geometry())
    desk.click(toast.undo)
    assert QApplication.focusWidget() is focus
    until(lambda: not standing(desk))


def test_that_the_offer_goes_without_a_fade_where_less_motion_is_wanted(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medviewer.app.undo.OFFERED_S", 0.2)
    monkeypatch.setattr(theme, "reduced_motion", lambda: True)
    desk.session.undo.offer("Moved to place 3.", lambda: None)
    toast = desk.window.toast
    until(toast.isVisible)
    until(lambda: not toast.isVisible(), 2)
    monkeypatch.setattr(theme, "reduced_motion", lambda: False)
    desk.session.undo.offer("Moved to place 4.", lambda: None)
    until(toast.isVisible)
    until(lambda: not toast.isVisible(), 2)


# -- note and other label


def test_that_a_note_goes_with_the_opinion_and_ctrl_enter_keeps_it(desk: Shell) -> None:
    desk.key(KEY.Key_T)
    until(lambda: "Give an opinion first" in desk.window.status.message.text())
    desk.key(KEY.Key_N)
    until(lambda: len(standing(desk)) == 1)
    dialog = ask(desk, KEY.Key_T)
    assert not dialog.keep.isEnabled()
    dialog.edit.insertPlainText("Old scar.\n2 mm")
    assert "14 of 2 000 characters" in dialog.count.text()
    QTest.keyPress(dialog.edit, KEY.Key_Return, CTRL)
    until(lambda: bool(standing(desk)) and standing(desk)[0].note == "Old scar.\n2 mm")
    until(lambda: "Note: Old scar. 2 mm" in words(desk))


def test_that_a_note_of_more_than_2000_characters_is_refused_with_the_number(desk: Shell) -> None:
    desk.key(KEY.Key_N)
    until(lambda: len(standing(desk)) == 1)
    dialog = ask(desk, KEY.Key_T)
    dialog.edit.setPlainText("x" * 2001)
    assert dialog.count.text() == "2 001 characters; a note has at most 2 000."
    QTest.keyPress(dialog.edit, KEY.Key_Return, CTRL)
    assert asked(desk) is dialog
    dialog.edit.clear()


def test_that_a_note_that_was_left_by_mistake_is_still_there(desk: Shell) -> None:
    desk.key(KEY.Key_N)
    until(lambda: len(standing(desk)) == 1)
    dialog = ask(desk, KEY.Key_T)
    QTest.keyClicks(dialog.edit, "half a sentence")
    QTest.keyPress(dialog.edit, KEY.Key_Escape)
    until(lambda: asked(desk) is None)
    to_viewport(desk)
    assert ask(desk, KEY.Key_T).edit.toPlainText() == "half a sentence"
    assert not standing(desk)[0].note


def test_that_another_label_is_a_class_of_the_model_or_one_used_before_or_a_new_one(desk: Shell) -> None:
    give(desk, verdict=Verdict.RELABEL, label="Effusion", reader="Dr Ito")
    dialog = ask(desk, KEY.Key_D)
    until(lambda: dialog.list.count() == 2)
    shown = [dialog.list.item(i).text() for i in range(2)]
    assert shown == ["Other   (class of the model)", "Effusion   (used before)"]
    QTest.keyClicks(dialog.field, "old scar")
    assert [dialog.list.item(i).text() for i in range(dialog.list.count())] == ["old scar   (new label)"]
    QTest.keyPress(dialog.field, KEY.Key_Return)
    until(lambda: "You said old scar, " in words(desk))
    assert standing(desk)[0].label == "old scar"


def test_that_nothing_is_kept_when_another_study_came_to_the_screen_meanwhile(desk: Shell) -> None:
    dialog = ask(desk, KEY.Key_D)
    show(desk, "other")
    QTest.keyPress(dialog.field, KEY.Key_Return)
    until(lambda: "Nothing was kept" in desk.window.status.message.text())
    show(desk, "study")
    assert not standing(desk)


def test_that_nothing_of_a_label_or_name_is_markup_and_nothing_runs_out_of_the_panel(desk: Shell) -> None:
    give(desk, verdict=Verdict.RELABEL, label="<b>x</b>\n" * 40, reader="<img src=x>" * 30, note="‮evil\n" * 300)
    until(lambda: "<img src=x>" in words(desk))
    section = foot(desk)
    assert section.said.textFormat() == Qt.TextFormat.PlainText
    assert section.minimumSizeHint().width() <= desk.window.panel.width()
    assert section.height() < 480


def test_that_the_list_of_labels_does_not_tell_what_the_model_found_before_the_reader_answers(desk: Shell) -> None:
    desk.session.settings.set("ai.read_first", ["lung-nodule"])
    until(lambda: "Your reading first" in words(desk))
    dialog = ask(desk, KEY.Key_D)
    assert [dialog.list.item(i).text() for i in range(2)] == [
        "Nodule   (class of the model)",
        "Other   (class of the model)",
    ]


def test_that_the_foot_says_what_is_on_the_screen_again_after_another_page(desk: Shell) -> None:
    desk.key(KEY.Key_N)
    until(lambda: "You disagreed" in words(desk))
    desk.window.commander.run("page.worklist")
    until(lambda: desk.window.book.worklist is not None and desk.window.book.worklist.ready)
    desk.window.commander.run("page.reader")
    until(lambda: "You disagreed" in words(desk))
    assert "On this study" in words(desk)
