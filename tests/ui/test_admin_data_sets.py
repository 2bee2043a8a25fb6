"""Data sets on the admin page: the table, what the check found with its pictures, mending, freezing, new ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medviewer.app.png import encode
from medviewer.app.worklist import Verdict
from medviewer.core import datasets
from medviewer.core.datasets import DataSet
from medviewer.library.records import OpinionRecord, StudyRecord
from medviewer.ui.admin.data_sets import DataSetsSection
from medviewer.ui.admin.dialogs import RemoveDialog
from medviewer.ui.admin.new_data_set import NewDataSetDialog
from tests.ui import admin_desk, fakes
from tests.ui.admin_desk import SUSPECT, TWINS, job_done
from tests.ui.shell import CTRL, KEY, Shell, shell, until

ID = "20261120-100000-aaaaaa"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("data-sets") / "home", fakes.model()) as made:
        made.session.settings.set("opinions.reader", "Dr Li")
        made.settle()
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    opened.window.activateWindow()
    yield opened
    if opened.window.asking is not None and opened.window.asking.dialog is not None:
        opened.window.asking.dialog.close()
    for data in opened.session.admin.datasets.all(wait=True):
        opened.session.admin.datasets.remove(data.id)
    opened.session.admin.chosen.clear()
    opened.session.undo.forget()
    made = opened.window.book.admin
    if made is not None and "datasets" in made.made:  # the next test makes sets with the same ids
        section = made.made["datasets"]
        section.refresh()
        until(lambda: section.content.isHidden() and not section.instead.isHidden())


def put(desk: Shell, **facts: Any) -> DataSet:
    return admin_desk.dataset(Path(desk.session.home.data).parent, **facts)


def shown(desk: Shell) -> DataSetsSection:
    section = admin_desk.page(desk).made["datasets"]
    assert isinstance(section, DataSetsSection)
    section.refresh()
    until(lambda: section.content.isVisible() and bool(section.table.table.things))
    desk.settle()
    return section


def cells(section: DataSetsSection, row: int) -> list[str]:
    return [section.table.table.cell(row, at).words for at in range(section.table.table.columnCount())]


def on_disk(desk: Shell, id_: str = ID) -> DataSet:
    return datasets.read(desk.session.home.datasets / id_)


def choose_finding(section: DataSetsSection, desk: Shell, at: int) -> None:
    desk.click(section.findings.list.buttons[at])
    desk.settle()


def files(section: DataSetsSection) -> list[str]:
    return [row.file for row in section.findings.grid.pictures.rows]


def choose_picture(section: DataSetsSection, at: int) -> None:
    grid = section.findings.grid
    grid.setFocus()
    grid.setCurrentIndex(grid.pictures.index(at))


def test_that_without_data_sets_the_page_says_what_one_needs_and_offers_the_way(desk: Shell) -> None:
    section = admin_desk.page(desk).made["datasets"]
    section.refresh()
    until(lambda: "A data set needs at least two labelled groups." in section.instead.words.text())
    assert "Make one from the worklist." in section.instead.words.text()
    desk.click(section.instead.second)
    until(lambda: desk.session.page == "worklist")
    desk.session.show_page("admin")
    until(lambda: section.isVisible())
    desk.click(section.instead.first)
    until(lambda: isinstance(made := desk.window.asking.dialog, NewDataSetDialog) and made.isVisible())


def test_that_the_table_says_what_each_set_holds_and_whether_it_is_frozen(desk: Shell) -> None:
    data = put(desk)
    admin_desk.checked(data, TWINS, SUSPECT)
    put(desk, id_="20261119-100000-bbbbbb", name="Older", frozen=True)
    section = shown(desk)
    assert cells(section, 0) == [
        "Chest films, autumn, version 1",
        "20",
        "20",
        "10, 50 %",
        "Opinions on cxr-pneumonia",
        "Can be changed",
        "1 that stop training, 1 to look at",
    ]
    assert cells(section, 1)[0] == "Older, version 1"
    assert cells(section, 1)[5:] == ["Frozen", "Not checked yet"]


def test_that_the_chosen_one_shows_its_parts_by_patient_its_classes_and_its_looks(desk: Shell) -> None:
    data = put(desk)
    datasets.add_look(data, {"comparison": "1"})
    section = shown(desk)
    bars = section.detail.bars
    assert bars.accessibleName().startswith("Training: 12 pictures from 12 patients, 6 positive; Validation: 4")
    assert "Locked test: 4 pictures from 4 patients, 2 positive" in bars.accessibleName()
    facts = dict(section.detail.facts.facts)
    assert facts["Positive"] == "10 (50 %), pneumonia"
    assert facts["Split"] == "by patient, 60 / 20 / 20"
    said = admin_desk.words(section)
    assert "The locked test part was looked at once." in said
    assert "No names in it: patients and pictures are numbers here." in said
    assert section.detail.ages.accessibleName().startswith("Ages in years. 20: 10 pictures, 5 positive; 30: 10")
    assert section.detail.sexes.accessibleName() == "Sexes. F: 10 pictures, 0 positive; M: 10 pictures, 10 positive"


def test_that_a_click_on_a_finding_shows_the_pictures_behind_it(desk: Shell) -> None:
    admin_desk.checked(put(desk), SUSPECT, TWINS)
    section = shown(desk)
    said = [button.accessibleName() for button in section.findings.list.buttons]
    assert said[0] == "All pictures. 20 pictures"
    assert said[1].startswith("Stops training. 2 pictures are the same")  # what stops comes first
    assert said[2] == "Take care. 1 label is probably wrong.. 2 pictures"
    assert len(files(section)) == 20
    choose_finding(section, desk, 2)
    assert files(section) == ["000006", "000002"]
    model = section.findings.grid.pictures
    section.findings.grid.repaint()
    until(lambda: (picture := model.picture("000006")) is not None and not picture.isNull())
    assert model.picture("000006").height() == 32
    QTest.keyClick(section.findings.list.buttons[2], KEY.Key_Up)
    assert files(section) == ["000001", "000004"]


def test_that_x_leaves_a_picture_out_and_undo_takes_it_back(desk: Shell) -> None:
    admin_desk.checked(put(desk), SUSPECT)
    section = shown(desk)
    choose_finding(section, desk, 1)
    choose_picture(section, 0)
    job_done(desk, lambda: QTest.keyClick(section.findings.grid, KEY.Key_X))
    assert [row.file for row in on_disk(desk).rows if row.excluded] == ["000006"]
    until(lambda: cells(section, 0)[1] == "19, 1 left out")
    assert cells(section, 0)[6] == "1 to look at, changed since the check"
    until(lambda: desk.session.undo.last is not None)
    until(lambda: desk.window.toast.isVisible())
    job_done(desk, lambda: desk.key(KEY.Key_Z, CTRL))
    assert not any(row.excluded for row in on_disk(desk).rows)


def test_that_a_wrong_label_is_changed_with_l_or_by_the_button(desk: Shell) -> None:
    admin_desk.checked(put(desk), SUSPECT)
    section = shown(desk)
    choose_finding(section, desk, 1)
    choose_picture(section, 0)
    assert section.findings.change.words.text() == "Wrong: it is “not pneumonia”"
    job_done(desk, lambda: desk.click(section.findings.change))
    changed = next(row for row in on_disk(desk).rows if row.file == "000006")
    assert (changed.positive, changed.label) == (False, "no pneumonia")
    until(lambda: section.findings.change.words.text() == "Wrong: it is “pneumonia”")
    job_done(desk, lambda: QTest.keyClick(section.findings.grid, KEY.Key_L))
    assert next(row for row in on_disk(desk).rows if row.file == "000006").positive


def test_that_twins_are_mended_with_one_click_and_the_check_has_to_be_made_again(desk: Shell) -> None:
    admin_desk.checked(put(desk), TWINS)
    section = shown(desk)
    assert section.freeze.toolTip() == TWINS.text
    assert not section.freeze.isEnabled()
    choose_finding(section, desk, 1)
    job_done(desk, lambda: desk.click(section.findings.mend))
    assert [row.file for row in on_disk(desk).rows if row.excluded] == ["000001"]  # the one that is fitted
    until(lambda: section.freeze.toolTip() == "It was changed: check it again first.")
    assert not section.findings.mend.isEnabled()


def test_that_only_a_checked_one_is_frozen_and_a_frozen_one_is_changed_in_a_new_version(desk: Shell) -> None:
    data = put(desk)
    section = shown(desk)
    assert section.freeze.toolTip() == "Check it first."
    admin_desk.checked(data, SUSPECT)
    section.refresh()
    until(lambda: section.freeze.isEnabled())
    job_done(desk, lambda: desk.click(section.freeze))
    until(lambda: section.train.isVisible() and not section.freeze.isVisible())
    assert on_disk(desk).facts.frozen
    choose_picture(section, 0)
    assert not section.findings.leave_out.isEnabled()
    assert section.findings.said.text() == "Frozen: make a new version to change it."
    desk.click(section.version)
    until(lambda: section.table.table.rowCount() == 2)
    until(lambda: section.chosen != ID and section.freeze.isVisible())
    assert "version 2" in section.name_of.text()
    choose_picture(section, 0)
    assert section.findings.leave_out.isEnabled()


def test_that_training_starts_from_the_frozen_set_that_is_chosen(desk: Shell) -> None:
    put(desk, frozen=True)
    section = shown(desk)
    asked: list[Any] = []
    end = desk.session.asked.connect(asked.append)
    desk.click(section.train)
    end()
    assert [(ask.what, ask.values) for ask in asked] == [("new_training", {"dataset": ID})]


def test_that_a_set_is_removed_only_when_its_name_is_typed(desk: Shell) -> None:
    put(desk)
    section = shown(desk)
    desk.click(section.remove)
    until(lambda: isinstance(desk.window.asking.dialog, RemoveDialog))
    dialog = desk.window.asking.dialog
    assert isinstance(dialog, RemoveDialog)
    assert not dialog.remove.isEnabled()
    QTest.keyClicks(dialog.field, "chest films")
    assert not dialog.remove.isEnabled()
    QTest.keyClicks(dialog.field, ", autumn")
    desk.click(dialog.remove)
    until(lambda: section.instead.isVisible() and not section.content.isVisible())
    assert not (desk.session.home.datasets / ID).exists()


def test_that_escape_keeps_what_was_to_be_removed(desk: Shell) -> None:
    put(desk)
    section = shown(desk)
    desk.click(section.remove)
    until(lambda: isinstance(desk.window.asking.dialog, RemoveDialog))
    QTest.keyClick(desk.window.asking.dialog, KEY.Key_Escape)
    until(lambda: desk.window.asking.dialog is None)
    assert (desk.session.home.datasets / ID).is_dir()


def test_that_the_dialog_says_how_many_opinions_there_are_on_each_model(desk: Shell) -> None:
    records = [StudyRecord(f"1.2.{i}", f"SAMPLE^{i}", f"SYN-{i}") for i in range(3)]
    ids = [k.study_id for k in desk.session.shelf.write(lambda lib: lib.keep(records, listed=True)).result(10)]
    for at, verdict in enumerate((Verdict.AGREE, Verdict.AGREE, Verdict.UNSURE)):
        given = OpinionRecord(ids[at], verdict, model="lung-nodule", version="1.0", reader="Dr Li")
        desk.session.shelf.write(lambda library, given=given: library.give_opinion(given)).result(10)
    admin_desk.page(desk)
    desk.window.commander.run("dataset.from_opinions")
    until(lambda: isinstance(made := desk.window.asking.dialog, NewDataSetDialog) and made.isVisible())
    dialog = desk.window.asking.dialog
    assert isinstance(dialog, NewDataSetDialog)
    until(lambda: "3 opinions: 2 agree, 0 disagree, 1 unsure, 0 another label." in dialog.counts.text())
    assert dialog.make.isEnabled()
    assert dialog.values() == {
        "kind": "opinions",
        "model": "lung-nodule",
        "unsure": False,
        "shares": (0.6, 0.2, 0.2),
    }


def test_that_a_folder_with_a_table_of_labels_becomes_a_data_set(desk: Shell, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    lines = ["file,label,patient"]
    for at in range(12):
        (tmp_path / f"{at}.png").write_bytes(encode(rng.integers(0, 255, (64, 64), np.uint8)))
        lines.append(f"{at}.png,{'pneumonia' if at % 2 else 'normal'},p{at // 2}")
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    section = admin_desk.page(desk).made["datasets"]
    desk.window.commander.run("dataset.from_folder")
    until(lambda: isinstance(made := desk.window.asking.dialog, NewDataSetDialog) and made.isVisible())
    dialog = desk.window.asking.dialog
    assert isinstance(dialog, NewDataSetDialog)
    assert dialog.make.toolTip() == "Choose where the pictures are."
    dialog.folder.place.setText(str(tmp_path))
    assert dialog.make.toolTip() == "Say which label is positive."
    dialog.folder.target.setText("pneumonia")
    QTest.keyClicks(dialog.name, "Films of the ward")
    desk.click(dialog.make)
    until(lambda: section.content.isVisible() and section.table.table.rowCount() == 1, 60)
    assert isinstance(section, DataSetsSection)
    until(lambda: "Films of the ward" in section.name_of.text())
    assert cells(section, 0)[1:5] == ["12", "6", "6, 50 %", "Folder with labels"]
    kept = on_disk(desk, section.chosen)
    assert {row.part for row in kept.rows} == {"fit", "select", "report"}
    names = [str(tmp_path), tmp_path.name, "0.png"]
    assert not any(name in (kept.path / datasets.ROWS).read_text() for name in names)


def test_that_arrows_in_the_table_choose_and_new_sets_do_not_take_the_choice(desk: Shell) -> None:
    put(desk)
    put(desk, id_="20261119-100000-bbbbbb", name="Older")
    section = shown(desk)
    section.table.setFocus()
    QTest.keyClick(section.table, KEY.Key_Down)
    until(lambda: "Older" in section.name_of.text())
    assert desk.session.admin.chosen["datasets"] == "20261119-100000-bbbbbb"
    put(desk, id_="20261121-100000-cccccc", name="Newest")
    section.refresh()
    until(lambda: section.table.table.rowCount() == 3)
    assert "Older" in section.name_of.text()
    assert QApplication.focusWidget() is section.table
