"""The dialogs of worklist, library and settings: what they say, what they want typed, which keys they know."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from medviewer.app.settings import SETTINGS, Settings
from medviewer.ui.asking import Asking
from medviewer.ui.dialogs_keeping import ExportDialog, RestoreDialog, VerifiedDialog
from medviewer.ui.dialogs_library import MoveDialog, RemoveDialog, UrgencyDialog
from medviewer.ui.settings_dialog import NameChecks, SettingRow, SettingsDialog
from tests.ui import fakes
from tests.ui.shell import KEY, Shell, application, shell, until


@pytest.fixture(scope="module", autouse=True)
def app() -> None:
    application()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    models = (fakes.model(), fakes.model("pneumonia", "DX", title="Pneumonia & more"))
    with shell(tmp_path_factory.mktemp("dialogs") / "home", *models) as made:
        until(lambda: made.window.asking is not None)
        yield made


def shown(dialog: QWidget) -> Any:
    dialog.show()
    assert QTest.qWaitForWindowActive(dialog)
    return dialog


def words(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text())


# -- studies of the list


def test_that_studies_are_removed_only_after_their_number_or_the_word_was_typed() -> None:
    done: list[str] = []
    dialog = shown(RemoveDialog(None, 3, lambda: done.append("gone")))
    assert "The files stay where they are" in words(dialog)
    assert "Opinions, notes, AI results" in words(dialog)
    for text, enough in (("", False), ("2", False), ("33", False), ("rem", False), ("3", True), ("Remove", True)):
        dialog.field.setText(text)
        assert dialog.remove.isEnabled() is enough
    dialog.field.setText("4")
    QTest.keyPress(dialog.field, KEY.Key_Return)
    assert not done
    assert dialog.remove.toolTip() == "To go on, type 3 or the word “remove”."
    dialog.field.setText("3")
    QTest.keyPress(dialog.field, KEY.Key_Return)
    assert done == ["gone"]


def test_that_one_study_is_called_one_study() -> None:
    dialog = shown(RemoveDialog(None, 1, lambda: None))
    assert dialog.head.text() == "Remove 1 study from the library?"
    assert dialog.remove.text() == "Remove 1 study"
    dialog.close()


@pytest.mark.parametrize(("key", "urgency"), [("Key_S", "stat"), ("Key_U", "urgent"), ("Key_R", "routine")])
def test_that_an_urgency_has_a_key_each(key: str, urgency: str) -> None:
    chosen: list[str] = []
    dialog = shown(UrgencyDialog(None, "routine", chosen.append))
    assert dialog.buttons["routine"].chosen
    QTest.keyPress(dialog, KEY[key])
    assert chosen == [urgency]


def test_that_a_study_can_be_moved_to_a_place_by_those_who_cannot_drag() -> None:
    moved: list[int] = []
    dialog = shown(MoveDialog(None, 3, 14, moved.append))
    assert "of 14" in words(dialog)
    assert dialog.place.value() == 3
    dialog.place.setValue(99)
    QTest.keyPress(dialog.place, KEY.Key_Return)
    assert moved == [14]


# -- what is kept


def test_that_names_go_into_an_export_only_when_they_are_asked_for() -> None:
    wanted: list[bool] = []
    dialog = shown(ExportDialog(None, 14, wanted.append))
    assert "14 studies" in words(dialog)
    assert "told apart by their number" in words(dialog)
    dialog.go.click()
    dialog = shown(ExportDialog(None, 1, wanted.append))
    dialog.names.click()
    assert "can read who the patients are" in words(dialog)
    dialog.go.click()
    assert wanted == [False, True]


def test_that_going_back_to_a_backup_says_first_what_will_happen() -> None:
    done: list[int] = []
    dialog = shown(RestoreDialog(None, "library-2026.sqlite", lambda: done.append(1)))
    assert "library-2026.sqlite" in words(dialog)
    assert "is saved first" in words(dialog)
    QTest.keyPress(dialog, KEY.Key_Escape)
    assert not done


def test_that_the_check_of_the_audit_says_what_it_found_and_what_it_cannot_find() -> None:
    limits = ("It cannot find deeds that were never entered.",)
    problem = SimpleNamespace(sentence="Entry 17 is not as it was written.")
    bad = SimpleNamespace(ok=False, entries=1234, problems=(problem,), notes=(), limits=limits)
    dialog = shown(VerifiedDialog(None, bad))
    for text in ("1 234 entries: something does not fit.", problem.sentence, limits[0], "CANNOT FIND"):
        assert text in words(dialog)
    dialog.close()
    good = SimpleNamespace(ok=True, entries=1, problems=(), notes=("A backup was restored.",), limits=limits)
    dialog = shown(VerifiedDialog(None, good))
    assert "1 entry: none was changed, removed or moved." in words(dialog)
    assert "A backup was restored." in words(dialog)
    dialog.close()


# -- what commands ask of the window


def asking(desk: Shell) -> Asking:
    made = desk.window.asking
    assert made is not None
    return made


@pytest.mark.parametrize("what", ["add_files", "add_folder", "watch", "backup", "restore"])
def test_that_files_and_folders_are_chosen_in_a_dark_chooser(desk: Shell, what: str) -> None:
    desk.session.ask(what)
    until(lambda: isinstance(asking(desk).dialog, QFileDialog))
    chooser: Any = asking(desk).dialog
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog)
    chooser.close()


def test_that_a_folder_chosen_for_the_worklist_goes_to_the_worklist(
    desk: Shell, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[list[str]] = []
    monkeypatch.setattr(desk.session.triage, "add", lambda paths: added.append(list(paths)))
    desk.session.ask("add_folder")
    until(lambda: isinstance(asking(desk).dialog, QFileDialog))
    chooser: Any = asking(desk).dialog
    chooser.filesSelected.emit([str(tmp_path)])
    assert added == [[str(tmp_path)]]
    chooser.close()


def test_that_choosing_a_backup_leads_to_the_question_and_then_to_the_command(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(desk.window.commander, "run", lambda id_, **args: ran.append((id_, args)))
    desk.session.ask("restore")
    until(lambda: isinstance(asking(desk).dialog, QFileDialog))
    chooser: Any = asking(desk).dialog
    chooser.filesSelected.emit(["/home/me/library.sqlite"])
    until(lambda: isinstance(asking(desk).dialog, RestoreDialog))
    question: Any = asking(desk).dialog
    assert "/home/me" not in words(question)
    question.restore.click()
    assert ran == [("library.restore", {"file": "/home/me/library.sqlite"})]


def test_that_removing_asks_first(desk: Shell) -> None:
    desk.session.ask("remove", studies=(1, 2))
    until(lambda: isinstance(asking(desk).dialog, RemoveDialog))
    dialog: Any = asking(desk).dialog
    assert dialog.head.text() == "Remove 2 studies from the library?"
    dialog.close()


def test_that_checking_the_audit_shows_what_was_found(desk: Shell) -> None:
    desk.window.commander.run("library.verify_audit")
    until(lambda: isinstance(asking(desk).dialog, VerifiedDialog))
    dialog: Any = asking(desk).dialog
    assert "none was changed, removed or moved." in dialog.answer.text()
    dialog.close()


def test_that_a_backup_lands_in_the_chosen_folder_and_can_be_gone_back_to(desk: Shell, tmp_path: Path) -> None:
    desk.window.commander.run("library.backup")
    until(lambda: isinstance(asking(desk).dialog, QFileDialog))
    chooser: Any = asking(desk).dialog
    chooser.filesSelected.emit([str(tmp_path)])
    chooser.close()
    until(lambda: not desk.session.jobs.active and len(list(tmp_path.iterdir())) == 1)
    (made,) = tmp_path.iterdir()
    desk.window.commander.run("library.restore")
    until(lambda: isinstance(asking(desk).dialog, QFileDialog))
    chooser = asking(desk).dialog
    chooser.filesSelected.emit([str(made)])
    until(lambda: isinstance(asking(desk).dialog, RestoreDialog))
    question: Any = asking(desk).dialog
    question.restore.click()
    until(lambda: f"The library is as in {made.name}." in desk.window.jobs.text.text())


# -- settings


def test_that_models_of_the_policy_are_ticked_by_their_titles(desk: Shell) -> None:
    settings = desk.session.settings
    settings.set("ai.read_first", ["gone"])
    dialog = shown(SettingsDialog(desk.window, desk.window.commander, "ai.read_first"))
    checks = dialog.rows["ai.read_first"].control
    assert isinstance(checks, NameChecks)
    assert [(n, box.text(), box.isChecked()) for n, box in checks.boxes.items()] == [
        ("lung-nodule", "Lung nodules", False),
        ("pneumonia", "Pneumonia && more", False),
        ("gone", "gone (not on this computer)", True),
    ]
    checks.boxes["pneumonia"].click()
    assert settings.get("ai.read_first") == ["pneumonia", "gone"]
    dialog.reset.click()
    assert settings.get("ai.read_first") == []
    dialog.close()


def test_that_free_text_holds_when_the_field_is_left() -> None:
    settings = Settings()
    row = shown(SettingRow(settings, SETTINGS["opinions.reader"], lambda _: None))
    assert isinstance(row.control, QLineEdit)
    QTest.keyClicks(row.control, " Dr Li ")
    QTest.keyPress(row.control, KEY.Key_Return)
    assert settings.get("opinions.reader") == "Dr Li"


def test_that_a_setting_opens_on_the_page_where_it_is_shown(desk: Shell) -> None:
    dialog = shown(SettingsDialog(desk.window, desk.window.commander, "triage.films"))
    assert dialog.page == "worklist"
    dialog.close()
