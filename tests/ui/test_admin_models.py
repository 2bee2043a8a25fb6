"""The model library: every version, which is in use, what was done, going back with one click, removing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

from medviewer.app.admin.records import Version
from medviewer.core.events import Event
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder
from medviewer.ui.admin.dialogs import ReasonDialog, RemoveDialog
from medviewer.ui.admin.model_library import ModelLibrarySection
from medviewer.ui.card_dialog import CardDialog
from tests.ui import admin_desk, fakes
from tests.ui.shell import KEY, Shell, shell, until

NAME = "cxr-pneumonia"


def version(number: str, state: str, **more: Any) -> Version:
    values: dict[str, Any] = {"title": "Pneumonia", "sha256": "ab" * 32, "path": Path("/nowhere"), "shipped": False}
    return Version(NAME, number, state=state, **values | more)


class FakeVersions:
    """Versions without folders; what is asked of them is kept in `asked`."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.changed: Event[str] = Event()
        self.problems: tuple[str, ...] = ()
        self.asked: list[tuple[Any, ...]] = []
        self.found = [
            version("1.5", "candidate", run="run-27"),
            version("1.4", "in use", since="2026-11-24T10:02:00+00:00", by="Dr Li", reason="Steadier.", run="run-26"),
            version("1.3", "kept", shipped=True),
            version("0.9", "kept", since="2026-10-01T08:00:00+00:00"),
        ]

    def refresh(self) -> None:
        """Nothing changes by itself."""

    def all(self) -> tuple[Version, ...]:
        return tuple(self.found)

    def models(self) -> tuple[str, ...]:
        return tuple({v.model for v in self.found})

    def before(self, model: str) -> ModelFolder | None:
        return fakes.model(NAME, version="1.3") if any(v.state == "in use" for v in self.found) else None

    def find(self, which: str) -> tuple[ModelFolder, str]:
        return fakes.model(NAME, version=which.split()[1]), ""

    def history(self, model: str) -> tuple[dict[str, Any], ...]:
        at = "2026-11-24T10:02:00+00:00"
        promoted = {"kind": "promote", "who": "Dr Li", "at": at, "version": "1.4", "reason": "Steadier."}
        return ({**promoted, "before": {"version": "1.3"}},)

    def _job(self, *asked: Any) -> Job:
        self.asked.append(asked)
        result = next(v for v in self.found if v.version == (asked[3] if len(asked) > 3 and asked[3] else "1.3"))
        return self._session.jobs.run(Job("Going back", "model"), lambda _: result)

    def roll_back(self, model: str, reason: str = "", to: str = "") -> Job:
        return self._job("roll_back", model, reason, to)

    def first_use(self, model: str, number: str, reason: str) -> Job:
        self.asked.append(("first_use", model, number, reason))
        return self._session.jobs.run(Job("Taking into use", "model"), lambda _: None)

    def remove(self, model: str, number: str) -> Job:
        self.asked.append(("remove", model, number))
        return self._session.jobs.run(Job("Removing", "model"), lambda _: None)

    def export(self, model: str, number: str, to: Path) -> Job:
        self.asked.append(("export", model, number, to))
        return self._session.jobs.run(Job("Exporting", "model"), lambda _: None)

    def import_(self, path: Path) -> Job:
        self.asked.append(("import", path))
        return self._session.jobs.run(Job("Importing", "model"), lambda _: None)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("models") / "home", fakes.model()) as made:
        made.session.admin.__dict__["versions"] = FakeVersions(made.session)
        made.settle()
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    opened.window.activateWindow()
    yield opened
    if opened.window.asking is not None and opened.window.asking.dialog is not None:
        opened.window.asking.dialog.close()
    versions(opened).found = FakeVersions(opened.session).found
    versions(opened).asked.clear()
    opened.session.admin.chosen.clear()


def versions(desk: Shell) -> FakeVersions:
    made = desk.session.admin.versions
    assert isinstance(made, FakeVersions)
    return made


def shown(desk: Shell) -> ModelLibrarySection:
    section = admin_desk.page(desk, "models").made["models"]
    assert isinstance(section, ModelLibrarySection)
    section.refresh()
    until(lambda: section.content.isVisible() and bool(section.chosen))
    desk.settle()
    return section


def choose(section: ModelLibrarySection, desk: Shell, at: int) -> None:
    desk.click(section.table.viewport(), section.table.visualRect(section.table.table.index(at, 0)).center())
    desk.settle()


def test_that_the_version_in_use_is_marked_and_chosen_first(desk: Shell) -> None:
    section = shown(desk)
    rows = [[section.table.table.cell(row, at).words for at in range(4)] for row in range(4)]
    assert rows[0][:3] == ["Pneumonia, version 1.5, cxr-pneumonia", "Candidate", "a run here"]
    assert rows[1][:3] == ["Pneumonia, version 1.4, cxr-pneumonia", "In use", "a run here"]
    assert rows[1][3].endswith(", Dr Li")
    assert rows[2][1:3] == ["Kept", "the program"]
    assert rows[3][2] == "outside"
    assert section.chosen == f"{NAME} 1.4"
    assert dict(section.facts.facts)["Reason"] == "Steadier."


def test_that_what_was_done_says_who_when_and_why(desk: Shell) -> None:
    section = shown(desk)
    (item,) = section.acts.items
    assert item.first == "1.4 promoted in place of 1.3"
    assert item.second.startswith("Dr Li, 24 Nov 2026")
    assert item.second.endswith("Steadier.")


def test_that_one_click_goes_back_to_the_version_before_and_says_so(desk: Shell) -> None:
    section = shown(desk)
    noticed: list[str] = []
    end = desk.session.noticed.connect(noticed.append)
    assert section.back.text().strip() == "Go back to 1.3"
    desk.click(section.back)
    until(lambda: bool(noticed))
    end()
    assert versions(desk).asked == [("roll_back", NAME, "", "")]
    assert noticed == ["Every next analysis is made with cxr-pneumonia 1.3."]


def test_that_an_older_version_can_be_used_again(desk: Shell) -> None:
    section = shown(desk)
    choose(section, desk, 3)
    assert not section.back.isVisible()
    desk.click(section.use)
    until(lambda: versions(desk).asked == [("roll_back", NAME, "", "0.9")])


def test_that_a_candidate_is_compared_not_taken(desk: Shell) -> None:
    section = shown(desk)
    choose(section, desk, 0)
    assert not section.use.isVisible()
    assert section.why_stays.text() == "A candidate is removed with its run."
    asked: list[Any] = []
    end = desk.session.asked.connect(asked.append)
    desk.click(section.compare)
    end()
    assert [(ask.what, ask.values) for ask in asked] == [("new_comparison", {"challenger": "run-27"})]
    assert desk.session.admin.section == "compare"


def test_that_a_model_without_a_version_in_use_is_taken_into_use_with_a_reason(desk: Shell) -> None:
    versions(desk).found = [version("0.9", "kept")]
    section = shown(desk)
    desk.click(section.first)
    until(lambda: isinstance(desk.window.asking.dialog, ReasonDialog))
    dialog = desk.window.asking.dialog
    assert isinstance(dialog, ReasonDialog)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.reason, "First of its kind")
    desk.click(dialog.go)
    until(lambda: versions(desk).asked == [("first_use", NAME, "0.9", "First of its kind")])


def test_that_only_a_kept_version_from_outside_can_be_removed_and_only_by_its_name(desk: Shell) -> None:
    section = shown(desk)
    for row, why in (
        (1, "A version in use cannot be removed."),
        (2, "It came with the program and stays."),
    ):
        choose(section, desk, row)
        assert not section.remove.isVisible()
        assert section.why_stays.text() == why
    choose(section, desk, 3)
    desk.click(section.remove)
    until(lambda: isinstance(desk.window.asking.dialog, RemoveDialog))
    dialog = desk.window.asking.dialog
    assert isinstance(dialog, RemoveDialog)
    QTest.keyClicks(dialog.field, "1.4")
    assert not dialog.remove.isEnabled()
    dialog.field.clear()
    QTest.keyClicks(dialog.field, "0.9")
    QTest.keyClick(dialog.field, KEY.Key_Return)
    until(lambda: versions(desk).asked == [("remove", NAME, "0.9")])


def test_that_the_card_of_a_version_is_one_click_away(desk: Shell) -> None:
    section = shown(desk)
    desk.click(section.card)
    until(lambda: isinstance(desk.window.asking.dialog, CardDialog))
    assert "1.4" in desk.window.asking.dialog.accessibleName()


def test_that_a_damaged_record_is_said_above_the_table(desk: Shell) -> None:
    versions(desk).problems = ("The record of which models are in use is damaged.",)
    section = shown(desk)
    until(lambda: section.trouble.isVisible())
    versions(desk).problems = ()
    versions(desk).changed.emit("")
    until(lambda: not section.trouble.isVisible())
