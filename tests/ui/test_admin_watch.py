"""Watch: agreement, drift and what is not evaluated over twelve weeks; and the lighter copies of a version."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from medviewer.app.admin.records import LightCopy
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State
from medviewer.ui.admin.light_card import LightCard
from medviewer.ui.admin.watch import WatchSection
from medviewer.ui.admin.watch_series import axis, expected_words
from tests.ui import fakes
from tests.ui.fakes_training import MODEL, FakeAdminParts, too_few, version, watched
from tests.ui.shell import Shell, shell, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("watch") / "home", fakes.model()) as made:
        FakeAdminParts(made.session)
        yield made


@pytest.fixture
def parts(opened: Shell) -> FakeAdminParts:
    opened.session.admin.chosen.clear()
    return FakeAdminParts(opened.session)


def section(desk: Shell) -> WatchSection:
    desk.window.commander.run("admin.section", section="watch")

    def made() -> Any:
        page = desk.window.book.made.get("admin")
        return page.made.get("watch") if page is not None else None

    until(lambda: made() is not None and made().ready and made().isVisible())
    made().refresh()
    return made()  # type: ignore[no-any-return]


def words(made: Any) -> str:
    return "\n".join(label.text() for label in made.findChildren(QLabel) if label.isVisible() and label.text())


def test_that_each_series_has_its_band_its_newest_value_and_a_word(opened: Shell, parts: FakeAdminParts) -> None:
    parts.watched = {MODEL: watched("outside")}
    made = section(opened)
    until(lambda: "0.13" in words(made))
    card = made.cards[MODEL]
    assert card.version.text() == "model in use, 1.0.0"
    rows = card.rows
    assert [rows[name].value.text() for name in rows] == ["87 %", "0.13", "34 %"]
    assert [rows[name].chip.text for name in rows] == ["as expected", "outside", "as expected"]
    assert rows["agreement"].expected.text() == "expected 80 % to 95 %"
    assert rows["drift"].expected.text() == "expected below 0.10"
    assert card.look_at.text() == (
        "Scores are spread differently than before. Check for a new scanner, other exposure or other patients."
    )
    name = rows["drift"].curve.accessibleName()
    assert name == "Scores drift. expected below 0.10. outside. 0.13 in the week of 23 Nov, 25 cases"


def test_that_too_few_cases_are_said_honestly(opened: Shell, parts: FakeAdminParts) -> None:
    parts.watched = {MODEL: too_few()}
    made = section(opened)
    until(lambda: MODEL in made.cards and "Too few cases to tell anything yet." in words(made))
    rows = made.cards[MODEL].rows
    assert {each.value.text() for each in rows.values()} == {""}
    assert {each.chip.text for each in rows.values()} == {"too few to tell"}
    assert rows["agreement"].expected.text() == "no band yet"


def test_that_where_some_is_known_the_rest_is_named(opened: Shell, parts: FakeAdminParts) -> None:
    fine, few = watched(), too_few()
    parts.watched = {MODEL: (few[0], fine[1], fine[2])}
    made = section(opened)
    until(lambda: "Nothing stands out. Too few cases yet for: Readers agree." in words(made))


def test_that_every_model_in_use_has_a_card_and_one_that_left_has_none(opened: Shell, parts: FakeAdminParts) -> None:
    other = version("in use", "1.0.0", model="lung-nodule")
    parts.version_list = [version("in use", "1.0.0"), other]
    parts.watched = {MODEL: watched(), "lung-nodule": watched()}
    made = section(opened)
    until(lambda: set(made.cards) == {MODEL, "lung-nodule"})
    parts.version_list = [version("in use", "1.0.0")]
    opened.click(made.again)
    until(lambda: set(made.cards) == {MODEL})


def test_that_a_library_in_trouble_is_said_on_the_card(opened: Shell, parts: FakeAdminParts) -> None:
    parts.watched = {MODEL: UserError("library", "The library cannot be read.")}
    made = section(opened)
    until(lambda: "The library cannot be read." in words(made))
    parts.watched = {MODEL: watched()}
    opened.click(made.again)
    until(lambda: "Nothing stands out in the last 12 weeks." in words(made))


def test_that_without_a_model_in_use_there_is_nothing_to_watch(opened: Shell, parts: FakeAdminParts) -> None:
    parts.version_list = []
    made = section(opened)
    until(lambda: "No model is in use, so there is nothing to watch." in words(made))


def test_that_axes_are_round_and_hold_the_band() -> None:
    agree, drift, share = watched("outside")
    assert axis(agree) == (0.75, 1.0)
    assert axis(drift) == (0.0, 0.2)
    assert axis(share) == (0.0, 0.5)
    assert axis(replace(drift, high=0.9)) == (0.0, 1.0)
    assert expected_words(replace(agree, high=1.0)) == "expected above 80 %"


def copy(kind: str, **more: Any) -> LightCopy:
    values: dict[str, Any] = {
        "bytes": 1_200_000, "base_bytes": 4_800_000, "ratio": 0.5, "auc": 0.981, "base_auc": 0.982, "worst": 0.004,
        "n": 200, "ok": True, "text": "Its scores are equal enough.",
    }  # fmt: skip
    return LightCopy(MODEL, "1.0.0", kind, **{**values, **more})


@pytest.fixture(scope="module")
def hosted(opened: Shell) -> LightCard:
    """The card in a section of the real page; it lives as long as the window, as in the model library."""
    host = section(opened)
    made = LightCard(host)
    layout = host.layout()
    assert layout is not None
    layout.addWidget(made)
    return made


@pytest.fixture
def card(opened: Shell, parts: FakeAdminParts, hosted: LightCard) -> Iterator[LightCard]:
    parts.copies = [copy("int8"), copy("onnx", ok=False, text="One score differs by 0.09.", worst=0.09)]
    section(opened)
    hosted.show()
    yield hosted
    hosted.hide()


def test_that_a_copy_shows_size_speed_and_answers_beside_the_model(card: LightCard) -> None:
    card.show_version(version("in use", "1.0.0"))
    until(lambda: "1.2 MB instead of 4.8 MB" in words(card))
    facts = dict(card.rows["int8"].facts.facts)
    assert facts == {
        "Size": "1.2 MB instead of 4.8 MB",
        "Speed": "2.0 times as fast",
        "AUC": "0.981, the model 0.982",
        "Scores differ by": "0.004 on 200 pictures",
    }
    assert card.rows["int8"].chip.text == "equal answers"


def test_that_a_copy_with_other_answers_cannot_be_used(card: LightCard) -> None:
    card.show_version(version("in use", "1.0.0"))
    until(lambda: card.rows["onnx"].chip.text == "not equal enough")
    assert not card.rows["onnx"].use.isEnabled()
    assert card.rows["onnx"].use.toolTip() == "Its answers are not equal enough to the model's."
    assert "One score differs by 0.09." in words(card)


def test_that_a_copy_is_used_and_left_again_with_one_click(
    opened: Shell, parts: FakeAdminParts, card: LightCard
) -> None:
    card.show_version(version("in use", "1.0.0"))
    until(lambda: card.rows["int8"].use.isVisible())
    card.rows["int8"].use.click()
    until(lambda: ("use", MODEL, "1.0.0", "int8") in parts.did)
    parts.copies = [copy("int8", used=True)]
    parts.light.changed.emit(MODEL)
    until(lambda: card.rows["int8"].back.isVisible())
    card.rows["int8"].back.click()
    until(lambda: ("use", MODEL, "1.0.0", "") in parts.did)


def test_that_a_copy_is_made_and_its_progress_told(opened: Shell, parts: FakeAdminParts, card: LightCard) -> None:
    parts.copies = []
    card.show_version(version("in use", "1.0.0"))
    until(lambda: card.rows["int8"].chip.text == "not made")
    card.rows["int8"].make.click()
    until(lambda: ("make", MODEL, "1.0.0", "int8") in parts.did)
    job = next(each for each in opened.session.jobs.active if each.kind == "light")
    assert isinstance(job, Job)
    job.start()
    job.step(40, 400)
    until(lambda: card.rows["int8"].text.text() == "Making and testing a copy, 40 of 400 answers")
    assert not card.rows["int8"].make.isEnabled()
    parts.copies = [copy("int8")]
    job.finish(State.DONE)
    until(lambda: card.rows["int8"].chip.text == "equal answers")


def test_that_a_candidate_gets_no_copy_and_says_why(card: LightCard) -> None:
    card.show_version(version("candidate", "1.1.0", "run-0001"))
    until(lambda: card.rows["int8"].chip.text == "not made")
    assert card.rows["int8"].make.toolTip() == "A candidate gets lighter copies when it is in use."
