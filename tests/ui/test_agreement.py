"""The agreement page: sums of each model with intervals, the disagreements under them, filters, and the empty page."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from medviewer.app.opinions import OpinionRecord, Verdict
from medviewer.core.errors import UserError
from medviewer.library.records import AiState, FindingRecord, ReadingRecord, StudyRecord
from medviewer.ui.agreement import look
from medviewer.ui.agreement.look import Share
from medviewer.ui.agreement.page import AgreementPage
from medviewer.ui.agreement.tables import CellTable
from tests.ui import fakes
from tests.ui.shell import KEY, Shell, shell, study, until

NAMES = ("SAMPLE^Avery", "SAMPLE^Bo", "<b>SAMPLE</b>\n^Chen", "SAMPLE^Dana")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("agreement")
    with shell(folder / "home", fakes.model()) as made:
        made.session.settings.set("opinions.reader", "Dr Li")
        made.open(study(folder / "study"))
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    opened.session.show_page("reader")
    until(lambda: opened.window.book.currentWidget() is opened.window.body)
    yield opened
    opened.session.reader.set(names_hidden=False)
    opened.session.settings.reset_page("ai")
    write(opened, lambda library: [library.undo_opinion(o.id) for o in library.opinions()])
    made = opened.window.book.made.get("agreement")
    if isinstance(made, AgreementPage):
        made._filter(look.Wish())


def write(desk: Shell, act: Any) -> Any:
    return desk.session.shelf.write(act).result(10)


def fill(desk: Shell) -> list[int]:
    """Four studies; on lung-nodule 1.0 two agree, two do not; on an older version one is unsure."""
    records = [StudyRecord(f"1.2.{i}", name, f"SYN-{i}", date="2026-11-22") for i, name in enumerate(NAMES)]
    ids = [kept.study_id for kept in write(desk, lambda library: library.keep(records, listed=True))]
    given = (
        (0, Verdict.AGREE, "1.0", {}),
        (1, Verdict.DISAGREE, "1.0", {"note": "Old scar.", "order": "before_ai", "score": 0.91, "point": 0.5}),
        (2, Verdict.RELABEL, "1.0", {"label": "Effusion", "reader": "Dr Ito", "score": 0.12, "point": 0.5}),
        (3, Verdict.AGREE, "1.0", {"order": "before_ai"}),
        (3, Verdict.UNSURE, "0.9", {}),
    )
    for at, verdict, version, more in given:
        values = {"reader": "Dr Li", "model": "lung-nodule", **more}
        record = OpinionRecord(ids[at], verdict, version=version, **values)
        write(desk, lambda library, record=record: library.give_opinion(record))
    return ids


def page(desk: Shell) -> AgreementPage:
    desk.window.commander.run("page.agreement")
    until(lambda: "agreement" in desk.window.book.made)
    made = desk.window.book.made["agreement"]
    assert isinstance(made, AgreementPage)
    until(lambda: made.ready and made._found is not None and made.isVisible())
    desk.settle()
    return made


def cells(table: CellTable[Any], row: int) -> list[str]:
    return [table.cell(row, at).words for at in range(table.columnCount())]


def words(made: AgreementPage) -> str:
    return "\n".join(label.text() for label in made.findChildren(QLabel) if label.isVisible() and label.text())


def listed(made: AgreementPage) -> list[str]:
    return [made.opinions.table.cell(row, 1).lines[0] for row in range(made.opinions.table.rowCount())]


def test_that_without_opinions_the_page_says_how_to_give_one(desk: Shell) -> None:
    made = page(desk)
    until(lambda: made.instead.isVisible())
    assert "No opinions yet. Open a study from the worklist and press Y, N or U." in words(made)
    desk.click(made.to_worklist)
    until(lambda: desk.session.page == "worklist")


def test_that_each_version_of_a_model_has_its_sums_and_its_share_with_an_interval(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.models.isVisible() and made.models.table.rowCount() == 2)
    rows = [cells(made.models.table, row) for row in range(2)]
    newest = next(row for row in rows if "1.0" in row[0])
    assert newest == [
        "Lung nodules, version 1.0",
        *("4", "2", "1", "0", "1"),
        "0.50, 0.15 to 0.85",
        "2",
        "0.50, 0.09 to 0.91",
    ]
    oldest = next(row for row in rows if "0.9" in row[0])
    assert oldest[1:6] == ["1", "0", "0", "1", "0"]
    assert oldest[8] == "none yet"


def test_that_the_intervals_are_those_of_wilson() -> None:
    low, high = Share(101, 128).interval  # https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
    p, n, z = 101 / 128, 128, 1.959963984540054
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    assert (low, high) == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_that_a_disagreement_says_who_when_what_the_score_was_and_why(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    rows = {cells(made.opinions.table, row)[1]: cells(made.opinions.table, row) for row in range(2)}
    mine = rows["Disagree, on this study, before AI"]
    assert mine[0] == "SAMPLE, Bo, SYN-1   22 Nov 2026   Study without description"
    assert mine[2].startswith("You, ")
    assert mine[3] == "0.91   point 0.50, Lung nodules 1.0"
    assert mine[4] == "Old scar."
    other = rows["Other: Effusion, on this study"]
    assert other[0].startswith("<b>SAMPLE</b>, Chen, ")
    assert other[2].startswith("Dr Ito, ")
    heads = [made.opinions.table.headerData(i, Qt.Orientation.Horizontal) for i in range(5)]
    assert heads[3] == "AI score, unverified"
    assert "%" not in "".join(mine)


def test_that_enter_and_a_click_open_the_study_of_a_disagreement(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    opened: list[Any] = []
    monkeypatch.setattr(desk.session.opening, "open", lambda study, at=None: opened.append((study, at)))
    made.opinions.view.setFocus()
    QTest.keyClick(made.opinions.view, KEY.Key_Down)
    QTest.keyClick(made.opinions.view, KEY.Key_Return)
    first = made.opinions.view.visualRect(made.opinions.table.index(0, 0)).center()
    desk.click(made.opinions.view.viewport(), first)
    assert sorted(study for study, _ in opened) == sorted(ids[1:3])
    assert desk.session.worklist.selected in ids


def test_that_filters_leave_what_fits_and_can_be_cleared(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)

    def filter_(model: int, verdict: str) -> None:
        made.opinions.model.setCurrentIndex(model)
        made.opinions.verdict.setCurrentIndex(made.opinions.verdict.findData(verdict))
        made.opinions.verdict.activated.emit(0)

    filter_(0, "agree")
    until(lambda: listed(made) == ["Agree", "Agree"])
    filter_(0, "all")
    until(lambda: len(listed(made)) == 5)
    old = made.opinions.model.findText("Lung nodules 0.9")
    filter_(old, "disagree")
    until(lambda: "No opinion fits these filters." in words(made))
    desk.click(made.opinions.clear)
    until(lambda: len(listed(made)) == 2)


def test_that_only_the_newest_opinion_of_a_reader_on_a_study_is_listed(desk: Shell) -> None:
    ids = fill(desk)
    changed = OpinionRecord(ids[1], Verdict.AGREE, model="lung-nodule", version="1.0", reader="Dr Li")
    write(desk, lambda library: library.give_opinion(changed))
    made = page(desk)
    until(lambda: made.opinions.isVisible() and listed(made) == ["Other: Effusion"])


def test_that_opinions_on_findings_alone_are_listed_too(desk: Shell) -> None:
    ids = fill(desk)
    write(desk, lambda library: [library.undo_opinion(o.id) for o in library.opinions()])
    place = FindingRecord("1.2.3", 0, 0, (5.0, 5.0), 0.8, "nodule")
    reading = ReadingRecord(ids[0], "1.2", 0, "lung-nodule", "1.0", "", "", AiState.DONE, findings=(place,))
    write(desk, lambda library: library.keep_readings([reading]))
    (kept,) = write(desk, lambda library: library.readings(ids[0], all=True))
    opinion = OpinionRecord(
        ids[0], Verdict.DISAGREE, finding_id=kept.findings[0].id, model="lung-nodule", version="1.0"
    )
    write(desk, lambda library: library.give_opinion(opinion))
    made = page(desk)
    until(lambda: made.opinions.isVisible() and listed(made) == ["Disagree"])
    assert made.opinions.table.cell(0, 1).lines[1] == "on one finding"
    assert not made.models.isVisible()


def test_that_a_click_on_a_model_lists_its_opinions_and_a_second_one_all(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    at = next(i for i, row in enumerate(made.models.table.things) if row.version == "0.9")
    place = made.models.view.visualRect(made.models.table.index(at, 0)).center()
    desk.click(made.models.view.viewport(), place)
    until(lambda: made.opinions.model.currentText() == "Lung nodules 0.9" and not listed(made))
    desk.click(made.models.view.viewport(), place)
    until(lambda: made.opinions.model.currentText() == "All models" and len(listed(made)) == 2)


def test_that_new_opinions_change_the_sums_in_place_and_wait_for_the_list(desk: Shell) -> None:
    ids = fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    more = OpinionRecord(ids[0], Verdict.DISAGREE, model="lung-nodule", version="1.0", reader="Dr Ito")
    write(desk, lambda library: library.give_opinion(more))
    until(lambda: made.show_new.isVisible())
    until(lambda: "5" in [cells(made.models.table, row)[1] for row in range(2)])
    assert len(listed(made)) == 2
    desk.click(made.show_new)
    until(lambda: len(listed(made)) == 3)
    assert not made.show_new.isVisible()


def test_that_a_library_that_changes_all_the_time_does_not_keep_the_page_from_showing(desk: Shell) -> None:
    made = page(desk)
    until(lambda: made.instead.isVisible())
    fill(desk)
    for _ in range(8):
        made.refresh()
        made._library_changed()
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)


def test_that_hidden_names_are_hidden_here_too(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    desk.session.reader.set(names_hidden=True)
    until(lambda: "Name hidden" in cells(made.opinions.table, 0)[0])
    assert not any("SAMPLE" in cells(made.opinions.table, row)[0] for row in range(2))
    assert not any("SYN" in cells(made.opinions.table, row)[0] for row in range(2))


def test_that_scores_of_read_first_models_stay_hidden_until_the_reader_has_answered(desk: Shell) -> None:
    fill(desk)
    desk.session.settings.set("ai.read_first", ["lung-nodule"])
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    scores = {cells(made.opinions.table, row)[1]: cells(made.opinions.table, row)[3] for row in range(2)}
    assert scores["Other: Effusion, on this study"] == "Hidden until you have given your opinion, Lung nodules 1.0"
    assert scores["Disagree, on this study, before AI"].startswith("0.91")


def test_that_a_library_in_trouble_is_said_with_a_way_on(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)

    def broken(*_: Any) -> Any:
        raise UserError("library_unreachable", "The library cannot be reached. Check the network.")

    with monkeypatch.context() as patch:
        patch.setattr("medviewer.ui.agreement.page.look", broken)
        made.refresh()
        until(lambda: "The library cannot be reached. Check the network." in words(made))
    desk.click(made.again)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)


def test_that_a_thousand_opinions_are_shown_without_holding_the_window_up(desk: Shell) -> None:
    made = page(desk)
    opinion = OpinionRecord(1, Verdict.DISAGREE, model="lung-nodule", version="1.0", score=0.9, id=1)
    lines = tuple(look.Line(opinion, None) for _ in range(look.MOST))
    found = look.Found(look.Wish(), (), lines, cut=True)
    made.opinions.show_found(found, str, False)
    assert len(made.opinions.table._cells) < 40
    assert "The newest 1 000 are shown." in made.opinions.none.text()


def test_that_the_page_has_regions_for_f6_and_fits_a_small_window(desk: Shell) -> None:
    fill(desk)
    made = page(desk)
    until(lambda: made.opinions.isVisible() and len(listed(made)) == 2)
    assert made.regions() == (made.models, made.opinions)
    desk.window.resize(1366, 768)
    desk.settle()
    for view in (made.models.view, made.opinions.view):
        head = view.horizontalHeader()
        assert head.length() <= view.viewport().width() + 1
        assert all(head.sectionSize(at) >= 72 for at in range(head.count()))
    desk.window.resize(1920, 1080)
