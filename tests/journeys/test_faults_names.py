"""Names of patients that are programs, pages, formulas and paths stay plain text; a patient's name leaks nowhere."""

import csv
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from medviewer.app.session import Session
from medviewer.app.worklist import Verdict
from tests.journeys import hostile
from tests.journeys.desk import CENTRE, Desk, library
from tests.journeys.screen import wait_until

#: The library itself, and this workplace's list of fonts.
NOT_SEARCHED = ("library.sqlite", "fontlist")
#: Elements of the page that we write.
ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "p",
    "span",
    "ul",
    "li",
    "small",
    "bdi",
    "i",
    "b",
}
ELEMENTS |= {"table", "thead", "tbody", "tr", "th", "td"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hostile.write(tmp_path / "incoming")
    return tmp_path / "incoming"


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where programs put temporary files."""
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def triage(folder: Path, out: Path, home: Path, temporary: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "medviewer", "triage", str(folder), "--out", str(out), *words]
    environment = {**os.environ, "MEDVIEWER_HOME": str(home), "TMPDIR": str(temporary), "MEDVIEWER_DEBUG": "1"}
    with hostile.Search(home, temporary, Path("/dev/shm"), but=NOT_SEARCHED) as search:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert search.files
    assert not search.found
    return done


def check_csv(path: Path, names: bool) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert len(table) == 1 + len(hostile.NAMES) + 1
    assert {len(line) for line in table} == {len(table[0])}
    for cell in (cell for line in table for cell in line):
        assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell[:60]
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cell)
    assert ("name" in table[0]) is names


def check_html(path: Path, names: bool) -> None:
    text = path.read_text("utf-8")
    page = hostile.Page(text)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert page.tags <= ELEMENTS
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "srcdoc")]
    for kind, word in hostile.WORDS.items():
        assert word.casefold() in page.text.casefold() or not names, kind
    assert bool(hostile.traces_in(page.text)) is names


def test_hostile_names_are_plain_text_in_the_exported_list_and_in_no_log_without_being_asked_for(
    folder, temporary, home, tmp_path
):
    done = triage(folder, tmp_path / "plain", home, temporary)
    assert not hostile.traces_in(done.stdout + done.stderr)
    assert not hostile.traces_in((tmp_path / "plain" / "worklist.csv").read_bytes())
    check_csv(tmp_path / "plain" / "worklist.csv", names=False)
    check_html(tmp_path / "plain" / "worklist.html", names=False)

    done = triage(folder, tmp_path / "named", home, temporary, "--show-identity")
    assert not hostile.traces_in(done.stderr)
    assert "\x1b" not in done.stdout + done.stderr
    check_csv(tmp_path / "named" / "worklist.csv", names=True)
    check_html(tmp_path / "named" / "worklist.html", names=True)

    with library(home) as found:
        for kind, word in hostile.WORDS.items():
            rows = found.rows(found.list("all", search=word)).values()
            assert [row.label for row in rows] == [f"{kind.replace(' ', '-')}.dcm"], kind
        assert len(found.list("all")) == len(hostile.NAMES) + 1
        assert found.verify_audit().ok
        entries = "".join(str(entry.details) for entry in found.audit_entries(most=10_000))
        assert not hostile.traces_in(entries)


def test_the_name_of_a_patient_is_in_no_job_notice_or_error(folder, temporary, home, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    said: list[str] = []
    with hostile.Search(home, temporary, Path("/dev/shm"), but=NOT_SEARCHED) as search, Session(home) as session:
        session.noticed.connect(said.append)
        session.undo.changed.connect(lambda _: said.append(session.undo.last.sentence if session.undo.last else ""))
        session.show_page("worklist")
        session.triage.add([folder]).value()
        wait_until(lambda: session.shelf.read(lambda found: found.waiting_work()).result() == 0, 120, "the models")
        for study, row in session.shelf.read(lambda found: found.rows(found.list("all"))).result().items():
            if row.label not in ("bird.dcm", "html.dcm"):
                continue
            session.worklist.select(study)
            wait_until(lambda: (about := session.opinions.about()) and about.reading, 20, "the result")
            session.opinions.give(Verdict.AGREE).result()
            session.opening.open(study).value(30)
            session.show_page("worklist")
        (folder / "bird.dcm").unlink()
        session.opening.open(
            next(iter(session.shelf.read(lambda f: f.list("all", search="zwitscher")).result()))
        ).wait()
        session.triage.add([folder / "bird.dcm"]).wait()
        jobs = [(job.title, job.note, job.sentence) for job in session.jobs.all]
    assert jobs
    assert said
    assert not hostile.traces_in(repr((jobs, said)))
    assert "onerror" not in repr((jobs, said))
    assert not search.found


def test_hostile_names_are_one_plain_line_each_in_the_window_and_are_found_as_one_types(
    screen, folder, temporary, home, tmp_path, shared
):
    screen.env["TMPDIR"] = str(temporary)
    with (
        hostile.Search(home, temporary, Path("/dev/shm"), but=NOT_SEARCHED) as search,
        Desk(screen, [], home, tmp_path / "log.jsonl") as desk,
    ):
        desk.begin_with_the_worklist()
        drop = screen.drop(shared / "tools/xdnd_drop.py", [folder], CENTRE)
        wait_until(lambda: desk.count("All unread") == len(hostile.NAMES) + 1, 60, "the rows")
        drop.communicate(timeout=30)
        rows = desk.rows()
        assert len(rows) == len(hostile.NAMES) + 1
        for words in rows.values():
            assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl") or c in "\u202e\u202d" for c in words)
            assert len(words) < 1500
        screen.save(tmp_path / "list.png")
        for word in ("passwd", "onerror", "table"):
            screen.key("ctrl+f")
            screen.do("type", "--delay", "20", word)
            wait_until(lambda: last_count(desk) == 1, 20, f"the search for {word}")
            screen.key("ctrl+a")
            screen.key("Delete")
            wait_until(lambda: last_count(desk) == len(rows), 20, "all rows again")
        titles = {event["name"] for event in desk.events() if event["what"] == "title"}
        texts = [name for name in desk.names("text") if "left out" in name or "Kept" in name]
        desk.quit()
    assert titles <= {"medviewer", ""}
    assert not hostile.traces_in(repr(texts))
    assert not search.found


def last_count(desk: Desk) -> int:
    """Return how many rows the list has now."""
    return next((e["count"] for e in reversed(desk.events()) if e["what"] == "rows"), -1)
