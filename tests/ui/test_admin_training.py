"""Fine-tuning on the admin page: the run with its curves, its states and deeds, and a new training with its preview."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from medviewer.app.admin.records import Epoch, Gate, Plan, RunState
from medviewer.ui.admin.new_training import NewTrainingDialog, estimate_words
from medviewer.ui.admin.training import TrainingSection
from medviewer.ui.admin.training_curves import auc_range, loss_range, ticks
from tests.ui import admin_desk, fakes
from tests.ui.admin_desk import labels as words
from tests.ui.admin_desk import undisturbed
from tests.ui.fakes_training import FakeAdminParts, comparison, dataset, run
from tests.ui.shell import KEY, Shell, shell, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("training") / "home", fakes.model()) as made:
        FakeAdminParts(made.session)
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    with undisturbed(opened):
        yield opened


@pytest.fixture
def parts(desk: Shell) -> FakeAdminParts:
    return FakeAdminParts(desk.session)


def section(desk: Shell) -> TrainingSection:
    found: TrainingSection = admin_desk.section(desk, "training")
    until(lambda: found.content.isVisible() or found.instead.isVisible())
    return found


def shown(desk: Shell, parts: FakeAdminParts, *runs: Any) -> TrainingSection:
    parts.run_list = list(runs)
    made = section(desk)
    until(lambda: made.list.view.table.rowCount() == len(runs) and made.content.isVisible())
    until(lambda: made.head.title.text() == f"Run {runs[0].number}")
    return made


def deeds(made: TrainingSection) -> list[str]:
    buttons = (made.pause, made.stop, made.go_on, made.compare, made.remove)
    return [button.text().strip() for button in buttons if button.isVisible()]


def dialog(desk: Shell) -> NewTrainingDialog:
    desk.window.commander.run("training.new")
    found: NewTrainingDialog = admin_desk.dialog(desk, NewTrainingDialog)
    until(lambda: found.ready)
    return found


def test_that_without_runs_the_page_says_what_a_training_needs(desk: Shell, parts: FakeAdminParts) -> None:
    made = section(desk)
    until(lambda: "No training yet. It needs a frozen data set" in words(made))
    desk.click(made.instead.first)
    until(lambda: desk.window.asking is not None and isinstance(desk.window.asking.dialog, NewTrainingDialog))


def test_that_a_running_run_shows_progress_time_left_and_what_can_be_done(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(27, count=4), run(26, RunState.DONE, 10, best=8))
    said = words(made)
    assert "Epoch 5 of 10, step 5 of 13" in said
    assert "About 18 min left. Reading studies stays first." in said
    assert made.chip.text == "Training on this computer"
    assert deeds(made) == ["Pause", "Stop and keep best"]
    assert made.progress.bar.fraction == pytest.approx((4 + 5 / 13) / 10)
    assert desk.session.admin.chosen["training"] == "run-0027"
    desk.click(made.pause)
    until(lambda: ("pause", "run-0027") in parts.did)
    desk.click(made.stop)
    until(lambda: ("stop", "run-0027") in parts.did)


@pytest.mark.parametrize(
    ("state", "more", "chip", "sentence", "can"),
    [
        (RunState.QUEUED, {"epochs": (), "best": 0}, "Waiting", "training before it has ended", ["Stop and keep best"]),
        (RunState.PAUSED, {}, "Paused", "It waits where it is.", ["Stop and keep best", "Go on"]),
        (
            RunState.FAILED,
            {"sentence": "The disk is full. Free some space, then go on.", "can_go_on": True},
            "Failed",
            "The disk is full. Free some space, then go on.",
            ["Go on", "Remove…"],
        ),
        (
            RunState.INTERRUPTED,
            {"can_go_on": True},
            "Interrupted",
            "medviewer was closed in the middle of it.",
            ["Go on", "Remove…"],
        ),
        (RunState.STOPPED, {"epochs": ()}, "Stopped", "before an epoch was judged", ["Remove…"]),
        (
            RunState.DONE,
            {},
            "Done",
            "The candidate is ready.",
            ["Compare it with the version in use", "Remove…"],
        ),
    ],
)  # fmt: skip
def test_that_each_state_has_its_word_its_sentence_and_its_way_on(
    desk: Shell, parts: FakeAdminParts, state: RunState, more: dict[str, Any], chip: str, sentence: str, can: list[str]
) -> None:
    made = shown(desk, parts, run(50 + list(RunState).index(state), state, **more))
    assert made.chip.text == chip
    assert sentence in words(made)
    assert deeds(made) == can


def test_that_go_on_goes_on_with_the_run_that_is_shown(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(32, RunState.FAILED, can_go_on=True, sentence="The card ran out of memory."))
    desk.click(made.go_on)
    until(lambda: ("go_on", "run-0032") in parts.did)


def test_that_a_finished_run_leads_to_its_comparison_without_a_second_look(desk: Shell, parts: FakeAdminParts) -> None:
    parts.comparison_list = [comparison("c7", run="run-0033")]
    made = shown(desk, parts, run(33, RunState.DONE))
    assert deeds(made) == ["Show its comparison", "Remove…"]
    desk.click(made.compare)
    until(lambda: desk.session.admin.section == "compare")
    assert desk.session.admin.chosen["compare"] == "c7"
    assert not [act for act in parts.did if act[0] == "compare"]


def test_that_a_finished_run_that_was_not_compared_is_compared_on_its_own_data_set(
    desk: Shell, parts: FakeAdminParts
) -> None:
    made = shown(desk, parts, run(34, RunState.DONE))
    desk.click(made.compare)
    until(lambda: ("compare", "run-0034", "chest-2") in parts.did)


def test_that_the_curves_show_this_run_the_model_in_use_and_the_best_epoch(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(35, count=6, best=5))
    loss, auc = made.area.curves.loss.plot, made.area.curves.auc.plot
    until(lambda: loss.ready and auc.ready)
    assert [(line.name, line.dashed) for line in loss.lines] == [("Training", True), ("Validation", False)]
    assert [(line.name, line.dashed) for line in auc.lines] == [("In use, 1.0.0", True), ("This run", False)]
    assert (auc.best, auc.epochs) == (5, 10)
    name = auc.accessibleName()
    assert name == (
        "AUC on validation after epoch 6 of 10: In use, 1.0.0 0.962, This run 0.974. The best epoch so far is 5."
    )


def test_that_axes_stay_where_they_were_when_a_later_epoch_leaves_them(desk: Shell, parts: FakeAdminParts) -> None:
    first = run(36, count=1, base_auc=None)
    made = shown(desk, parts, first)
    auc = made.area.curves.auc.plot
    before = auc.range, made.area.curves.loss.plot.range
    worse = Epoch(2, 9.0, 9.0, 0.55, None, 10.0)
    parts.run_list = [replace(first, epochs=(*first.epochs, worse), epoch=3)]
    parts.runs.changed.emit(first.id)
    until(lambda: made.progress.at.text().startswith("Epoch 3 of 10"))
    assert (auc.range, made.area.curves.loss.plot.range) == before
    assert auc.range == (0.9, 1.0)


def test_that_ranges_are_round_and_leave_room() -> None:
    assert loss_range([0.6, 0.5]) == (0.0, 0.8)
    assert loss_range([]) == (0.0, 0.1)
    assert loss_range([float("nan"), 3.1]) == (0.0, 4.0)
    assert auc_range([0.995, 0.99]) == (0.9, 1.0)
    assert auc_range([0.91]) == (0.8, 1.0)
    assert auc_range([0.6, 0.99]) == (0.5, 1.0)
    assert auc_range([0.46, 0.7]) == (0.0, 1.0)
    assert auc_range([]) == (0.5, 1.0)
    assert ticks(30) == (1, 5, 10, 15, 20, 25, 30)
    assert ticks(1) == (1,)


def test_that_many_steps_make_few_looks(desk: Shell, parts: FakeAdminParts, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shown(desk, parts, run(37))
    looks: list[int] = []
    every = parts.runs.all
    monkeypatch.setattr(parts.runs, "all", lambda: (looks.append(1), every())[1])
    for step in range(200):
        parts.run_list = [run(37, step=step % 13)]
        parts.runs.changed.emit("run-0037")
    parts.run_list = [run(37, step=12)]
    parts.runs.changed.emit("run-0037")
    until(lambda: "step 12 of 13" in words(made))
    assert len(looks) < 20


def test_that_the_set_up_is_listed_with_its_data_set_and_checks(desk: Shell, parts: FakeAdminParts) -> None:
    parts.gates = (Gate("check", None, "This data set was not checked."), Gate("frozen", True, "It is frozen."))
    made = shown(desk, parts, run(38))
    until(lambda: bool(made.setup.gates.gates))
    facts = dict(made.setup.facts.facts)
    assert facts["Starts from"] == "Pneumonia in chest films 1.0.0"
    assert facts["Data set"] == "Chest films, autumn, version 2"
    assert facts["Pictures"] == "60 from 50 patients"
    assert facts["Positive"] == "20 (33 %)"
    assert facts["Split"] == "by patient, 40 / 10 / 10"
    assert facts["What learns"] == "all but the first 2 stages"
    assert facts["Seed"] == "7"
    assert "This data set was not checked." in words(made.setup)


def test_that_a_run_is_chosen_with_the_arrows_and_shown(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(40), run(39, RunState.DONE, 10, best=8))
    made.list.view.setFocus()
    desk.key(KEY.Key_Down)
    until(lambda: made.head.title.text() == "Run 39")
    assert desk.session.admin.chosen["training"] == "run-0039"


def test_that_in_a_small_window_the_curves_stand_behind_their_words(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(41))
    desk.window.resize(1366, 768)
    until(lambda: made.area.tabs.isVisible())
    assert made.area.curves.auc.isVisible()
    assert not made.area.curves.loss.isVisible()
    desk.click(made.area.tabs.buttons["loss"])
    until(lambda: made.area.curves.loss.isVisible())
    for view in (made.list.view,):
        head = view.horizontalHeader()
        assert head.length() <= view.viewport().width() + 1
    assert made.minimumSizeHint().height() <= 768 - 48 - 36 - 28


def test_that_a_new_training_shows_checks_estimate_and_eight_variants(desk: Shell, parts: FakeAdminParts) -> None:
    asked = dialog(desk)
    until(lambda: asked.start.isEnabled() and asked.preview.variants.shown == 8)
    assert "The data set is frozen." in words(asked)
    assert asked.estimate.text() == "Will train on this computer, about 9 min."
    plan = asked.plan
    assert plan is not None
    assert (plan.dataset, plan.start.name, plan.start.version) == ("chest-2", "cxr-pneumonia", "1.0.0")
    assert plan.augment == {}
    assert plan.title == "cxr-pneumonia 1.0.0 on Chest films, autumn, version 2"


def test_that_sliders_stand_where_the_start_has_them_and_change_the_preview(desk: Shell, parts: FakeAdminParts) -> None:
    asked = dialog(desk)
    until(lambda: asked.preview.variants.shown == 8)
    assert asked.variety.sliders["angle"].amount == pytest.approx(8)
    assert asked.variety.sliders["gamma"].amount == pytest.approx(0.7)
    assert not asked.variety.grid.isEnabled()
    desk.click(asked.variety.own)
    asked.variety.sliders["angle"].slider.setFocus()
    desk.key(KEY.Key_Right)
    until(lambda: any(act[0] == "preview" and act[1].augment == {"angle": 9.0} for act in parts.did))
    assert not asked.variety.mirror.isChecked()
    assert "mirrors the heart and the side marker" in asked.variety.mirror.accessibleDescription()


def test_that_another_picture_and_another_draw_are_previewed(desk: Shell, parts: FakeAdminParts) -> None:
    asked = dialog(desk)
    until(lambda: asked.preview.variants.shown == 8)
    desk.click(asked.preview.other)
    until(lambda: any(act[0] == "preview" and act[2:] == ("000001", 0) for act in parts.did))
    desk.click(asked.preview.again)
    until(lambda: any(act[0] == "preview" and act[2:] == ("000001", 1) for act in parts.did))


def test_that_the_survey_network_starts_with_its_own_recipe(desk: Shell, parts: FakeAdminParts) -> None:
    asked = dialog(desk)
    until(lambda: asked.start.isEnabled())
    asked.form.start.setCurrentIndex(asked.form.start.findText("classic-cnn, from scratch"))
    until(lambda: asked.form.batch.value() == 64)
    plan = asked.plan
    assert plan is not None
    assert (plan.start.kind, plan.rate, plan.batch, plan.class_weights) == ("scratch", 1e-3, 64, False)
    assert not asked.form.freeze.isEnabled()


def test_that_a_failed_check_keeps_the_training_from_starting_and_says_why(desk: Shell, parts: FakeAdminParts) -> None:
    parts.gates = (Gate("leak", False, "3 patients are in two parts. Split the data set anew."),)
    asked = dialog(desk)
    until(lambda: asked.why.text() == "3 patients are in two parts. Split the data set anew.")
    assert not asked.start.isEnabled()


def test_that_without_a_frozen_data_set_nothing_can_be_started(desk: Shell, parts: FakeAdminParts) -> None:
    parts.sets = [dataset("open", frozen=False)]
    asked = dialog(desk)
    until(lambda: "There is no frozen data set." in asked.why.text())
    assert not asked.start.isEnabled()


def test_that_start_hands_the_plan_over_and_shows_the_run(desk: Shell, parts: FakeAdminParts) -> None:
    asked = dialog(desk)
    until(lambda: asked.start.isEnabled())
    asked.form.epochs.setValue(3)
    asked.form.title.setText("")
    desk.click(asked.form.title)
    for letter in (KEY.Key_A, KEY.Key_B):
        desk.key(letter)
    until(lambda: asked.start.isEnabled())
    desk.click(asked.start)
    until(lambda: any(act[0] == "start" for act in parts.did))
    plan = next(act[1] for act in parts.did if act[0] == "start")
    assert isinstance(plan, Plan)
    assert (plan.epochs, plan.title, plan.dataset) == (3, "ab", "chest-2")
    made = section(desk)
    until(lambda: made.head.title.text() == "Run 1")


def test_that_the_estimate_names_the_device_or_says_that_it_is_not_known() -> None:
    assert estimate_words("cpu", 9 * 3600) == "Will train on the processor, about 9 h 0 min."
    assert estimate_words("cuda", 30) == "Will train on the graphics card, about less than a minute."
    assert estimate_words("auto", None) == "How long it takes is known after its first epoch."


def test_that_a_removed_run_is_asked_about_by_its_name(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(42, RunState.DONE))
    desk.click(made.remove)
    until(lambda: desk.window.asking is not None and desk.window.asking.dialog is not None)
    assert desk.window.asking is not None
    assert "Remove Run 42?" in words(desk.window.asking.dialog)
    assert not [act for act in parts.did if act[0] == "remove"]


def test_that_a_run_without_any_epoch_has_curves_that_say_so(desk: Shell, parts: FakeAdminParts) -> None:
    made = shown(desk, parts, run(43, count=0, epochs=(), best=0, base_auc=None, seconds_left=None, epoch=1))
    assert made.area.curves.auc.plot.accessibleName() == "AUC on validation: no epoch has ended yet."
    assert "The time left is known after the first epoch." in words(made)


def test_that_a_data_set_that_is_gone_does_not_keep_its_run_from_showing(desk: Shell, parts: FakeAdminParts) -> None:
    gone = run(44, RunState.DONE)
    made = shown(desk, parts, replace(gone, plan=replace(gone.plan, dataset="gone")))
    assert dict(made.setup.facts.facts)["Data set"] == "not here any more"
