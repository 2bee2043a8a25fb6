"""What the AI panel says and does, in every state."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from medviewer.app.reader import ExplanationMode
from medviewer.inference.card import EligibilityRule
from medviewer.ui.ai_body import AiBody
from tests.ui import fakes
from tests.ui.shell import KEY, SLICES, Shell, shell, study, until

PEAK = 7


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("panel")
    with shell(folder / "home", engine=fakes.FakeEngine(peak=PEAK)) as made:
        made.open(study(folder / "study"))
        yield made


@pytest.fixture
def desk(opened: Shell) -> Shell:
    use(opened)
    opened.reset()
    return opened


def use(desk: Shell, *models: Any, engine: fakes.FakeEngine | None = None) -> fakes.FakeEngine:
    made = fakes.install(desk.session, *(models or (fakes.model(),)), engine=engine or fakes.FakeEngine(peak=PEAK))
    desk.session.analyses._verdicts.clear()
    desk.window.panel.refresh()
    return made


def body(desk: Shell) -> AiBody:
    desk.settle()
    made = desk.window.panel.body
    assert made is not None
    return made


def words(desk: Shell) -> str:
    """Everything that the panel says."""
    desk.settle()
    panel = desk.window.panel
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text())


def read(desk: Shell) -> None:
    desk.click(body(desk).read.all)
    until(lambda: not desk.session.jobs.active)
    until(lambda: body(desk).result.isVisible() and f"{SLICES} slices" in body(desk).result.read.text())


def test_model_that_fits_says_so_with_each_rule_and_its_value(desk: Shell) -> None:
    said = words(desk)
    assert "Can read this series" in said
    for value in ("CT", "Plane axial", "Slices 2.5 mm", "Size 64x64"):
        assert value in said


def test_reading_shows_score_slice_side_and_how_much_is_read(desk: Shell) -> None:
    read(desk)
    said = words(desk)
    assert "AI, unverified" in said
    assert f"Score, highest slice {PEAK + 1}" in said
    assert "Above the operating point 0.50" in said
    assert f"Read: all {SLICES} slices." in said
    assert "A score is not the probability of disease." in said
    assert body(desk).result.number.text() == f"{desk.session.engine.score(PEAK):.2f}"  # type: ignore[attr-defined]


def test_no_percent_sign_stands_beside_a_score(desk: Shell) -> None:
    read(desk)
    assert "%" not in words(desk)


def test_highest_slice_is_offered_and_nothing_jumps(desk: Shell) -> None:
    read(desk)
    assert desk.session.reader.view.index == 0
    button = body(desk).result.highest
    assert button.text().strip() == f"Go to the highest slice ({PEAK + 1})"
    desk.click(button)
    assert desk.session.reader.view.index == PEAK
    desk.settle()
    assert not button.isVisible()


def test_low_score_does_not_mean_normal(desk: Shell) -> None:
    use(desk, engine=fakes.FakeEngine(peak=1000))
    read(desk)
    said = words(desk)
    assert "Below the operating point 0.50" in said
    assert "Below the point does not mean normal." in said


def test_calibrated_score_is_not_called_no_probability(desk: Shell) -> None:
    use(desk, fakes.model(kind="probability"))
    read(desk)
    assert "A score is not the probability of disease." not in words(desk)
    assert "Calibrated on data of its own" in words(desk)


def test_unfit_series_says_the_failed_rule_first_and_has_no_score_field(desk: Shell) -> None:
    rules = (EligibilityRule("modality", allowed=("CT",)), EligibilityRule("slice_thickness", min=0.5, max=1.0))
    use(desk, fakes.model(eligibility=rules))
    model = desk.session.models[0]
    desk.session.analyses.choose(desk.session.reader.view.stack, model)  # type: ignore[arg-type]
    said = words(desk)
    assert "Cannot read this series" in said
    assert said.index("0.5 to 1 mm") < said.index("\nCT")
    assert body(desk).eligibility.hatch.isVisible()
    assert not body(desk).result.isVisible()
    assert not body(desk).read.isVisible()


def test_missing_header_is_asked_about_and_can_be_confirmed(desk: Shell) -> None:
    rules = (EligibilityRule("modality", allowed=("CT",)), EligibilityRule("view_position", allowed=("PA",)))
    use(desk, fakes.model(eligibility=rules))
    assert "Cannot tell whether the model fits" in words(desk)
    assert not body(desk).read.isVisible()
    desk.click(body(desk).eligibility.confirm)
    until(lambda: body(desk).read.isVisible())
    assert "you confirmed" in words(desk)


def test_models_that_do_not_fit_stand_last_with_the_reason(desk: Shell) -> None:
    use(desk, fakes.model("a-film", "DX", title="Films"), fakes.model())
    picker = body(desk).picker
    assert picker.itemText(0).startswith("Lung nodules")
    assert "cannot read this series" in picker.itemText(1)
    assert "modality" in picker.itemData(1, 3)
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    until(lambda: "Cannot read this series" in words(desk))


def test_partial_reading_says_so_far_and_can_be_stopped(desk: Shell) -> None:
    engine = use(desk, engine=fakes.FakeEngine(peak=PEAK, hold=True))
    desk.click(body(desk).read.all)
    until(lambda: body(desk).read.stop.isVisible())
    engine.go.set()
    until(lambda: body(desk).result.read.text().startswith(f"Read: all {SLICES}"))
    use(desk, engine=(slow := fakes.FakeEngine(peak=PEAK, hold=True)))
    desk.session.analyses._analyses.clear()
    desk.window.panel.refresh()
    desk.click(body(desk).read.all)
    until(lambda: body(desk).read.stop.isVisible())
    desk.click(body(desk).read.stop)
    until(lambda: not desk.session.jobs.active)
    until(lambda: "Stopped. What was read stays." in words(desk))
    slow.close()


def test_failed_reading_keeps_its_scores_and_offers_to_try_again(desk: Shell) -> None:
    use(desk, engine=fakes.FakeEngine(peak=PEAK, fail_at=4))
    desk.click(body(desk).read.all)
    until(lambda: "The model stopped on slice 5" in words(desk))
    assert "Read so far: 4 of 12 slices." in words(desk)
    use(desk)
    desk.click(body(desk).result.again)
    until(lambda: f"Read: all {SLICES} slices." in words(desk))


def test_hidden_ai_leaves_one_line(desk: Shell) -> None:
    read(desk)
    desk.window.focus_viewport()
    desk.key(KEY.Key_X)
    until(lambda: "AI hidden. Press X to show." in words(desk))
    assert not body(desk).result.isVisible()
    desk.click(body(desk).show_now)
    until(lambda: body(desk).result.isVisible())


def test_this_slice_alone_can_be_read(desk: Shell) -> None:
    desk.session.reader.view.go(3)
    desk.settle()
    desk.click(body(desk).read.this)
    until(lambda: "Read so far: 1 of 12 slices." in words(desk))
    assert "Slice 4: score" in words(desk)
    desk.session.reader.view.go(4)
    until(lambda: "Slice 5: not read" in words(desk))


def test_range_dialog_reads_what_is_chosen(desk: Shell) -> None:
    desk.click(body(desk).read.range)
    asking = desk.window.asking
    assert asking is not None
    until(lambda: asking.dialog is not None)
    dialog: Any = asking.dialog
    dialog.last.setValue(5)
    dialog.first.setValue(3)
    dialog._read(lambda a, b: desk.window.commander.run("ai.read_range", first=a, last=b))
    until(lambda: "Read so far: 3 of 12 slices." in words(desk))


def test_click_and_arrows_on_the_curve_move_the_slice(desk: Shell) -> None:
    read(desk)
    curve = body(desk).result.curve
    until(lambda: curve.ready)
    body(desk).ensureWidgetVisible(curve)
    desk.click(curve, QPoint(round(curve._x(PEAK)), 60))
    assert desk.session.reader.view.index == PEAK
    curve.setFocus()
    desk.key(KEY.Key_Right)
    assert desk.session.reader.view.index == PEAK + 1
    desk.key(KEY.Key_Home)
    assert desk.session.reader.view.index == 0
    desk.settle()
    assert curve.accessibleName().startswith("Score along the stack, AI, unverified. Slice 1: 0.")


def test_explanation_is_off_until_asked_for_and_says_what_it_is(desk: Shell) -> None:
    read(desk)
    assert desk.session.reader.ai.mode is ExplanationMode.OFF
    explaining = body(desk).explaining
    assert "not where disease is" in explaining.note.text()
    desk.click(explaining.modes.buttons["heat"])
    until(lambda: explaining.note.text() == "Shows what moved the score.")
    assert explaining.opacity_row.isVisible()
    explaining.opacity.setValue(30)
    assert desk.session.reader.ai.opacity == pytest.approx(0.3)
    desk.session.reader.view.go(2)
    until(lambda: explaining.explain.isVisible())
    assert "Slice 3 is not explained yet." in explaining.note.text()
    desk.click(explaining.explain)
    until(lambda: not explaining.explain.isVisible())


def test_slice_that_was_not_read_cannot_be_explained_and_the_panel_says_why(desk: Shell) -> None:
    desk.click(body(desk).read.this)
    until(lambda: "1 of 12" in words(desk))
    desk.session.reader.view.go(5)
    until(lambda: not body(desk).explaining.modes.buttons["heat"].isEnabled())
    assert "Read it first" in body(desk).explaining.note.text()


def test_class_selector_is_there_for_several_classes(desk: Shell) -> None:
    read(desk)
    desk.window.commander.run("ai.outline")
    explaining = body(desk).explaining
    until(lambda: explaining.class_row.isVisible())
    explaining.target.activated.emit(1)
    assert desk.session.reader.ai.target == "other"


def test_model_card_opens_in_words(desk: Shell) -> None:
    desk.click(body(desk).how.card)
    asking = desk.window.asking
    assert asking is not None
    until(lambda: asking.dialog is not None)
    dialog: Any = asking.dialog
    said = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    for text in (
        "Research on chest CT.",
        "Not for diagnosis.",
        "Operating point 0.5",
        "AUROC  0.980",
        "LUNA16 patches",
    ):
        assert text in said
    dialog.close()


def test_strip_says_what_ai_has_read(desk: Shell) -> None:
    rows = desk.window.strip.list
    assert rows is not None
    assert "Not evaluated" in rows.rows.data(rows.rows.index(1))  # type: ignore[operator]
    read(desk)
    assert "AI read" in rows.rows.data(rows.rows.index(1))  # type: ignore[operator]


def test_refusal_of_a_command_becomes_a_passing_word(desk: Shell) -> None:
    assert not desk.window.commander.run("ai.highest")
    assert desk.window.status.message.text() == "There is no score yet. Read the series first."


def test_failed_job_stays_in_the_bar_until_it_is_dismissed(desk: Shell) -> None:
    use(desk, engine=fakes.FakeEngine(fail_at=0))
    desk.click(body(desk).read.all)
    until(lambda: "The model stopped" in desk.window.jobs.text.text())
    until(desk.window.jobs.dismiss.isVisible)
    desk.click(desk.window.jobs.details)
    asking = desk.window.asking
    assert asking is not None
    until(lambda: asking.dialog is not None)
    dialog: Any = asking.dialog
    assert dialog.details.toPlainText() == "exit code -11"
    dialog.close()
    desk.click(desk.window.jobs.dismiss)
    assert not desk.window.jobs.dismiss.isVisible()


def test_nothing_in_the_panel_is_wider_than_the_panel(desk):
    """A rule that holds although the header is silent says so in a sentence; it wraps and pushes nothing out."""
    silent = EligibilityRule("view_position", allowed=("PA",), missing="yes")
    use(desk, fakes.model(eligibility=(silent,)))
    made = body(desk)
    assert "does not say" in words(desk)
    assert made.widget().minimumSizeHint().width() <= made.viewport().width()
