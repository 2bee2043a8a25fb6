"""The audit log on the admin page: who did what to which study or model, a filter, and the check of the chain."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

from medviewer.app.worklist import Verdict
from medviewer.library.records import OpinionRecord, StudyRecord
from medviewer.ui.admin.audit_log import AuditSection
from tests.ui import admin_desk, fakes
from tests.ui.shell import Shell, shell, until

#: Studies get a number each.
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("audit") / "home", fakes.model()) as made:
        made.session.settings.set("opinions.reader", "Dr Li")
        made.settle()
        yield made


@pytest.fixture
def desk(opened: Shell) -> Iterator[Shell]:
    opened.session.reader.set(names_hidden=False)
    yield opened
    if opened.window.asking is not None and opened.window.asking.dialog is not None:
        opened.window.asking.dialog.close()
    made = opened.window.book.admin
    section = made.made.get("audit") if made is not None else None
    if isinstance(section, AuditSection):
        section.field.clear()


def write(desk: Shell, act: Any) -> Any:
    return desk.session.shelf.write(act).result(10)


def fill(desk: Shell) -> int:
    records = [StudyRecord(f"1.2.{next(NUMBERS)}", "SAMPLE^Avery", "SYN-1", date="2026-11-22")]
    (kept,) = write(desk, lambda library: library.keep(records, listed=True))
    given = OpinionRecord(kept.study_id, Verdict.DISAGREE, model="lung-nodule", version="1.0", reader="Dr Ito")
    write(desk, lambda library: library.give_opinion(given))
    details = {"model": "cxr-pneumonia", "version": "1.4", "reason": "Steadier.", "sha256": "ab" * 32}
    write(desk, lambda library: library.audit("model.promoted", details=details))
    return int(kept.study_id)


def shown(desk: Shell) -> AuditSection:
    section = admin_desk.page(desk, "audit").made["audit"]
    assert isinstance(section, AuditSection)
    section.refresh()
    until(lambda: section.content.isVisible() and rows(section)[0][3] == "Model promoted, Steadier.", 30)
    desk.settle()
    return section


def rows(section: AuditSection) -> list[list[str]]:
    table = section.table.table
    return [[table.cell(row, at).words for at in range(table.columnCount())] for row in range(table.rowCount())]


def test_that_the_newest_deeds_say_who_what_and_about_which_study_or_model(desk: Shell) -> None:
    fill(desk)
    section = shown(desk)
    promoted, opinion, *_ = rows(section)
    assert promoted[2:] == ["Dr Li", "Model promoted, Steadier.", "cxr-pneumonia 1.4"]
    assert opinion[2] == "Dr Ito"
    assert opinion[3].startswith("Opinion given, disagree")
    assert opinion[4].startswith("SAMPLE, Avery")
    assert int(promoted[0]) == int(opinion[0]) + 1
    desk.session.reader.set(names_hidden=True)
    until(lambda: "Name hidden" in rows(section)[1][4])
    assert "SAMPLE" not in str(rows(section))


def test_that_the_filter_leaves_what_has_all_its_words_and_can_be_cleared(desk: Shell) -> None:
    fill(desk)
    section = shown(desk)
    every = len(rows(section))
    QTest.keyClicks(section.field, "steadier promoted")
    until(lambda: {row[3] for row in rows(section)} == {"Model promoted, Steadier."})
    assert section.count.text() == f"{len(rows(section))} of {every} entries"
    QTest.keyClicks(section.field, " nobody")
    until(lambda: section.nothing.isVisible())
    desk.click(section.clear)
    until(lambda: len(rows(section)) == every)


def test_that_new_deeds_appear_while_the_log_is_looked_at(desk: Shell) -> None:
    fill(desk)
    section = shown(desk)
    before = len(rows(section))
    write(desk, lambda library: library.audit("dataset.frozen", details={"dataset": "20261120", "fit": 30}))
    until(lambda: len(rows(section)) == before + 1)
    assert rows(section)[0][3].startswith("Data set frozen")


def test_that_the_check_says_in_a_sentence_that_nothing_was_changed(desk: Shell) -> None:
    fill(desk)
    section = shown(desk)
    desk.click(section.verify)
    until(lambda: "none was changed, removed or moved." in section.answer.text(), 30)
    assert section.said.isVisible()


def test_that_the_check_finds_an_entry_that_somebody_changed_at_last(desk: Shell) -> None:
    fill(desk)
    section = shown(desk)
    file = next(Path(desk.session.home.data, "library").glob("*.sqlite"))
    with sqlite3.connect(file) as database:
        for trigger in [r[0] for r in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            if "audit" in trigger:
                database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE audit SET who = 'Somebody' WHERE seq = 2")
    database.close()
    desk.click(section.verify)
    until(lambda: "something does not fit. Entry 2 is not as it was written." in section.answer.text(), 30)
