"""Compare and promote: both versions beside each other, the cases that change sides with maps, and the human act."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtTest import QTest

from medviewer.app.admin.records import Gate
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State
from medviewer.ui.admin.compare import CompareSection
from medviewer.ui.admin.compare_table import axes, shown_rows, worst_group
from medviewer.ui.admin.new_comparison import NewComparisonDialog, looks_words
from medviewer.ui.admin.pieces import between, figure
from medviewer.ui.admin.promote_dialog import PromoteDialog
from tests.ui import admin_desk, fakes
from tests.ui.admin_desk import dialog, undisturbed
from tests.ui.admin_desk import labels as words
from tests.ui.fakes_training import FakeAdminParts, comparison, dataset, done, row, run, version
from tests.ui.shell import KEY, Shell, shell, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("compare") / "home", fakes.model()) as made:
        FakeAdminParts(made.session)
        yield made


@pytest.fixture
def parts(opened: Shell) -> Iterator[FakeAdminParts]:
    with undisturbed(opened):
        parts = FakeAdminParts(opened.session)
        parts.run_list = [run(27)]
        parts.version_list = [version("in use", "1.0.0"), version("candidate", "1.1.0+site.1", "run-0027")]
        yield parts


def section(desk: Shell, *comparisons: Any) -> CompareSection:
    found: CompareSection = admin_desk.section(desk, "compare")
    wanted = comparisons[0].id if comparisons else ""
    until(lambda: desk.session.admin.chosen.get("compare", "") == wanted)
    until(lambda: (found.content if comparisons else found.instead).isVisible())
    found.refresh()
    until(lambda: found.choice.count() == len(comparisons) if comparisons else True)
    return found


def show(desk: Shell, parts: FakeAdminParts, *comparisons: Any) -> CompareSection:
    parts.comparison_list = list(comparisons)
    return section(desk, *comparisons)


def cells(made: CompareSection) -> list[list[str]]:
    table = made.table.view.table
    return [[table.cell(at, column).words for column in range(6)] for at in range(table.rowCount())]


def test_that_without_a_comparison_the_page_says_what_one_is(opened: Shell, parts: FakeAdminParts) -> None:
    made = section(opened)
    until(lambda: "Nothing was compared yet." in words(made))
    opened.click(made.instead.first)
    dialog(opened, NewComparisonDialog)


def test_that_each_measure_has_both_figures_their_intervals_the_difference_and_a_word(
    opened: Shell, parts: FakeAdminParts
) -> None:
    made = show(opened, parts, comparison("a1"))
    rows = cells(made)
    assert rows[0] == [
        "AUC, 657 cases, 83 with the finding",
        "0.920, 0.905 to 0.935",
        "0.940, 0.925 to 0.955",
        "",
        "+0.020, 0.005 to 0.035",
        "better",
    ]
    assert rows[2][4:] == ["\u22120.005, \u22120.025 to 0.015", "no difference"]
    assert "%" not in "".join("".join(each) for each in rows)


def test_that_the_worst_subgroup_is_always_listed_and_the_others_fold(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("a2"))
    assert [each[0] for each in cells(made)][-1].startswith("Worst subgroup by AUC, age: 0 to 5")
    assert made.table.view.table.rowCount() == 5
    opened.click(made.table.groups)
    until(lambda: made.table.view.table.rowCount() == 7)
    opened.click(made.table.groups)
    until(lambda: made.table.view.table.rowCount() == 5)


def test_that_the_worst_subgroup_is_the_one_with_the_lowest_auc_of_the_candidate() -> None:
    rows = (
        row("auc", 0.9, 0.9, "same"),
        row("auc", 0.7, 0.95, "better", "sex: F"),
        row("auc", 0.9, 0.8, "x", "sex: M"),
    )
    worst = worst_group(rows)
    assert worst is not None
    assert worst.group == "sex: M"
    assert [each.group for each in shown_rows(rows, False)] == ["", "sex: M"]
    assert worst_group((row("auc", 0.9, 0.9, "same"),)) is None


def test_that_axes_are_round_hold_every_interval_and_errors_have_their_own() -> None:
    both = axes(comparison().rows)
    assert both.share == (0.8, 1.0)
    assert both.error == (0.0, 0.1)
    assert axes(()).share == (0.0, 1.0)


def test_that_the_looks_at_the_locked_part_are_counted_and_said(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("a3", looks=2))
    assert "This locked part was looked at 3 times. Each look makes its figures a little too good." in words(made)
    assert looks_words(0) == "Nobody has looked at this locked part yet."
    assert looks_words(1).startswith("This locked part was looked at once.")


def test_that_what_cannot_be_told_is_marked_and_comes_before_what_passed(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("a4"))
    assert [gate.ok for gate in made.gates.gates] == [None, True, True]
    assert "Few cases: 12 patients with the finding and 40 without" in words(made.gates)


def test_that_promote_is_off_with_the_sentence_of_the_first_failed_gate(opened: Shell, parts: FakeAdminParts) -> None:
    gates = (Gate("auc", True, "Fine."), Gate("leak", False, "The check of the data set found a fault."))
    made = show(opened, parts, comparison("a5", gates=gates))
    assert not made.promote.isEnabled()
    assert made.promote.toolTip() == "The check of the data set found a fault."
    assert made.note.text() == "The check of the data set found a fault."


def test_that_a_candidate_in_use_says_so_and_cannot_be_promoted_again(opened: Shell, parts: FakeAdminParts) -> None:
    parts.version_list = [version("kept", "1.0.0"), version("in use", "1.1.0+site.1", "run-0027")]
    parts.before_version = "1.0.0"
    made = show(opened, parts, comparison("a6"))
    words_ = "Pneumonia in chest films 1.1.0+site.1 is in use now. Every next analysis names it."
    until(lambda: made.note.text() == words_)
    assert not made.promote.isEnabled()
    assert made.back.text().strip() == "Go back to 1.0.0"
    opened.click(made.back)
    until(lambda: any(act[:2] == ("roll_back", "cxr-pneumonia") for act in parts.did))


def test_that_another_version_in_use_than_the_compared_one_asks_to_compare_again(
    opened: Shell, parts: FakeAdminParts
) -> None:
    parts.version_list = [version("in use", "1.0.5")]
    made = show(opened, parts, comparison("a7"))
    assert made.promote.toolTip() == "1.0.5 is in use by now. Compare again."


def test_that_promotion_needs_the_tick_the_reason_and_the_typed_name(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("a8"))
    opened.click(made.promote)
    asked = dialog(opened, PromoteDialog)
    assert asked.focusWidget() is not None
    assert asked.focusWidget().text() == "Keep 1.0.0"
    assert asked.why_not.text() == "Tick what could not be told."
    asked.ticks[0].setFocus()
    opened.key(KEY.Key_Space)
    assert asked.why_not.text() == "Give a reason."
    asked.reason.setFocus()
    QTest.keyClicks(asked.reason, "Better on our films")
    assert asked.why_not.text() == "Type the model and its version as they stand above."
    QTest.keyClicks(asked.typed, "cxr-pneumonia 1.0.0")
    assert not asked.promote.isEnabled()
    asked.typed.clear()
    QTest.keyClicks(asked.typed, "cxr-pneumonia 1.1.0+site.1")
    assert asked.promote.isEnabled()
    opened.click(asked.promote)
    until(lambda: ("promote", "a8", "Better on our films") in parts.did)


def test_that_a_case_that_changes_sides_is_shown_with_both_maps_and_an_honest_sentence(
    opened: Shell, parts: FakeAdminParts
) -> None:
    made = show(opened, parts, comparison("b1"))
    made.flips.view.setFocus()
    opened.key(KEY.Key_Down)
    maps = made.flips.maps
    until(lambda: "Map of In use, 1.0.0, AI, unverified" in maps.champion.view.accessibleName())
    assert ("maps", "b1", "000000") in parts.did or ("maps", "b1", "000001") in parts.did
    assert maps.challenger.view.accessibleName() == "Map of Candidate, 1.1.0+site.1, AI, unverified"
    said = words(made.flips)
    assert said.count("AI, unverified") == 2
    assert "below the point 0.50" in said
    assert "above the point 0.46" in said
    assert "A map shows what moved the score of this version, not where disease is." in said


def test_that_the_study_of_a_case_that_is_here_can_be_opened(
    opened: Shell, parts: FakeAdminParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = show(opened, parts, comparison("b2"))
    ran: list[Any] = []
    monkeypatch.setattr(opened.window.commander, "run", lambda id_, **args: ran.append((id_, args)))
    made.flips.view.selectRow(0)
    until(lambda: made.flips.maps.open.isVisible())
    opened.click(made.flips.maps.open)
    assert ran == [("worklist.open", {"study": 1})]
    made.flips.view.selectRow(1)
    until(lambda: not made.flips.maps.open.isVisible())


def test_that_maps_that_cannot_be_made_say_why(
    opened: Shell, parts: FakeAdminParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = UserError("gone", "The data set of the comparison is gone.")
    monkeypatch.setattr(parts.comparisons, "maps", lambda _id, _file: done(error))
    made = show(opened, parts, comparison("b3"))
    made.flips.view.selectRow(2)
    until(lambda: made.flips.maps.champion.view.accessibleName() == "The data set of the comparison is gone.")


def test_that_no_case_changing_sides_is_said(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("b4", flips=()))
    assert "Both versions put every case on the same side of their points." in words(made)


def test_that_calibration_is_told_with_the_cases_of_each_bin(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("b5"))
    name = made.calibration.accessibleName()
    assert "In use: score 0.05: 0 of 10 cases had the finding;" in name
    assert "Candidate: " in name


def test_that_the_only_candidate_and_data_set_are_chosen_already(opened: Shell, parts: FakeAdminParts) -> None:
    opened.window.commander.run("compare.new")
    asked = dialog(opened, NewComparisonDialog)
    until(asked.compare.isEnabled)
    assert asked.challenger.currentText() == "Pneumonia in chest films 1.1.0+site.1, run 27"
    assert asked.dataset.currentText() == "Chest films, autumn, version 2"
    assert asked.looks.text() == "10 locked cases. Nobody has looked at this locked part yet."
    opened.click(asked.compare)
    until(lambda: ("compare", "run-0027", "chest-2") in parts.did)


@pytest.mark.parametrize(
    ("candidates", "frozen", "why"),
    [
        (False, True, "There is no candidate. Fine-tune a model first."),
        (True, False, "There is no frozen data set with a locked part."),
    ],
)
def test_that_a_comparison_that_cannot_be_made_says_what_is_missing(
    opened: Shell, parts: FakeAdminParts, candidates: bool, frozen: bool, why: str
) -> None:
    if not candidates:
        parts.version_list = [version("in use", "1.0.0")]
    parts.sets = [dataset(frozen=frozen)]
    opened.window.commander.run("compare.new")
    asked = dialog(opened, NewComparisonDialog)
    until(lambda: asked.looks.text() == why)
    assert not asked.compare.isEnabled()


def test_that_a_comparison_on_its_way_says_how_far_it_is_and_is_shown_when_it_is_done(
    opened: Shell, parts: FakeAdminParts
) -> None:
    made = section(opened)
    job = opened.session.jobs.add(Job("Comparing", "compare"))
    job.start()
    job.step(3, 20)
    until(lambda: "3 of 20 answers" in words(made))
    parts.comparison_list = [comparison("b6")]
    job.finish(State.DONE, result=parts.comparison_list[0])
    until(lambda: opened.session.admin.chosen.get("compare") == "b6" and made.content.isVisible())


def test_that_a_comparison_that_failed_says_why(opened: Shell, parts: FakeAdminParts) -> None:
    made = section(opened)
    said: list[str] = []
    opened.window.commander.refused.connect(said.append)
    job = opened.session.jobs.add(Job("Comparing", "compare"))
    job.start()
    job.finish(State.FAILED, error=UserError("same_model", "The candidate is the one in use: choose another one."))
    until(lambda: said == ["The candidate is the one in use: choose another one."])
    opened.window.commander.refused.disconnect(said.append)
    until(lambda: "Nothing was compared yet." in words(made))


def test_that_another_comparison_is_chosen_from_the_box(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("b7"), comparison("b8", challenger="1.2.0", run=""))
    made.choice.setCurrentIndex(1)
    made.choice.activated.emit(1)
    until(lambda: "candidate 1.2.0" in made.head.about.text())
    assert opened.session.admin.chosen["compare"] == "b8"


def test_that_the_page_fits_a_small_window(opened: Shell, parts: FakeAdminParts) -> None:
    made = show(opened, parts, comparison("b9"))
    opened.window.resize(1366, 768)
    opened.settle()
    for view in (made.table.view, made.flips.view):
        head = view.horizontalHeader()
        assert head.length() <= view.viewport().width() + 1
        assert all(head.sectionSize(at) >= 72 for at in range(head.count()))
    assert made.gates_card.width() > 400


def test_that_figures_have_fixed_digits_and_the_typographic_minus() -> None:
    assert figure(-0.0054) == "\u22120.005"
    assert figure(-0.00004) == "0.000"
    assert figure(0.02, 3, sign=True) == "+0.020"
    assert figure(float("nan")) == "none"
    assert between(-0.1, 0.25, 2) == "\u22120.10 to 0.25"
    assert between(float("nan"), 1.0) == ""
