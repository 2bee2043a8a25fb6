"""`medviewer library` and `medviewer audit` keep to CONTRACT.md, and do what the window does."""

import csv
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from medviewer.app.documents import schema
from medviewer.app.tables import csv_text
from medviewer.cli.main import main
from medviewer.library.library import Library
from medviewer.library.records import (
    AiState,
    ImageRecord,
    OpinionRecord,
    ReadingRecord,
    SeriesRecord,
    StudyRecord,
    Verdict,
)

ROOT = Path(__file__).resolve().parents[3]
Answer = tuple[int, str, str]
CANARY = "Canary^Yellow"
#: Names as they arrive at night.
HOSTILE = (
    "Robert'); DROP TABLE studies;--",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "<script>alert(1)</script>",
    'two\r\nlines, and "quotes"',
    "x" * 10_000,
    "\u202eesrever\u202c",
    "\u2066=1\u2069",
    "\u200b=1",
    "＝1+1",
    "山田^太郎",
)


@pytest.fixture
def run(session, capsys) -> Callable[..., Answer]:
    """Run a command line in this process; returns (exit code, stdout, stderr)."""

    def run_(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run_


@pytest.fixture
def library(home: Path) -> Library:
    """The library of the home, as another program has it open; two studies, one of them with an opinion."""
    library = Library(home / "data" / "library", who="Dr. Who", anchor=home / "data" / "library" / "audit-anchor.json")
    kept = library.keep([study("1.2.3", CANARY), study("1.2.4", "Other^Name")], listed=True)
    reading = ReadingRecord(
        kept[0].study_id, "1", 0, "net", "1.0", "ab", kept[0].content, AiState.DONE, 0.75, "score", 0.5, True, "Nodule"
    )
    (number,) = library.keep_readings([reading])
    library.give_opinion(
        OpinionRecord(
            kept[0].study_id, Verdict.DISAGREE, "absent", note="=not so", reading_id=number, model="net", version="1.0"
        )
    )
    yield library
    library.close()


def study(uid: str, name: str) -> StudyRecord:
    image = ImageRecord("1", f"{uid}.1", f"d{uid}", f"/nowhere/{uid}.dcm")
    return StudyRecord(
        uid,
        name,
        f"ID{uid}",
        birth_date="1970-01-01",
        description="CT chest",
        series=(SeriesRecord("1", "CT"),),
        images=(image,),
    )


def document(answer: Answer, name: str, code: int = 0) -> dict:
    got, out, err = answer
    assert got == code, err
    found = json.loads(out)
    jsonschema.validate(found, schema(name))
    return found


def refusal(answer: Answer, code: int) -> str:
    got, out, err = answer
    assert got == code, err
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert re.fullmatch(r"medviewer: \S.*[.]", lines[0])
    return lines[0]


def test_that_every_command_and_option_is_in_the_reference(run):
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for group in ("library", "audit"):
        _, out, _ = run(group, "--help")
        commands = re.findall(r"^  (\w+) ", out.split("Commands:")[1], re.MULTILINE)
        assert len(commands) >= 2
        for command in commands:
            (title,) = re.findall(rf"^## medviewer {group} {command}.*$", text, re.MULTILINE)
            options = set(re.findall(r"--[a-z-]+", run(group, command, "--help")[1])) - {"--help"}
            assert not [option for option in options if option not in title], (command, options)


# -- the list ------------------------------------------------------------------------------------------------------


def test_that_an_empty_library_is_an_empty_list(run):
    assert document(run("library", "list", "--json"), "library")["studies"] == []
    assert document(run("library", "agreement", "--json"), "library")["agreement"] == []
    assert document(run("audit", "list", "--json"), "audit")["entries"] == []
    assert document(run("audit", "verify", "--json"), "audit")["ok"]


def test_that_patients_are_shown_only_when_asked_for(run, library):
    for words in (("library", "list"), ("library", "list", "--json"), ("audit", "list"), ("audit", "list", "--json")):
        _, out, err = run(*words)
        for secret in ("Canary", "ID1.2.3", "1970"):
            assert secret not in out + err, words
    found = document(run("library", "list", "--json", "--show-identity"), "library")
    assert found["studies"][-1]["patient"]["name"] == CANARY
    _, out, _ = run("library", "list", "--show-identity")
    assert CANARY in out


def test_that_a_study_is_found_by_any_word_and_by_its_list(run, library):
    def uids(*words: str) -> list[str]:
        return [one["study_uid"] for one in document(run("library", "list", *words, "--json"), "library")["studies"]]

    assert set(uids()) == {"1.2.3", "1.2.4"}
    assert uids("--search", "canary") == ["1.2.3"]
    assert uids("--search", "nobody") == []
    assert uids("--list", "above") == ["1.2.3"]
    assert "Lists: unread" in refusal(run("library", "list", "--list", "mine!"), 2)


def test_that_a_line_says_score_and_that_it_is_unverified(run, library):
    _, out, _ = run("library", "list")
    assert "CT chest  1 images  AI score 0.750, unverified" in out
    assert "AI: none" in out


# -- opinions ------------------------------------------------------------------------------------------------------


def test_that_opinions_are_written_as_table_and_as_document(run, library, tmp_path):
    out = tmp_path / "opinions.json"
    assert document(run("library", "opinions", "--out", out, "--json"), "library")["opinions_written"] == 1
    found = json.loads(out.read_text("utf-8"))
    jsonschema.validate(found, schema("library"))
    (one,) = found["opinions"]
    assert (one["study_uid"], one["verdict"], one["answer"], one["note"]) == ("1.2.3", "disagree", "absent", "=not so")
    assert (one["model"], one["version"], one["reader"]) == ("net", "1.0", "Dr. Who")
    assert run("library", "opinions", "--out", tmp_path / "opinions.csv")[0] == 0
    data = (tmp_path / "opinions.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    (row,) = csv.DictReader(data.decode("utf-8-sig").splitlines())
    assert row["note"] == "'=not so"
    assert "Canary" not in data.decode("utf-8-sig") + out.read_text("utf-8")
    exports = [entry for entry in library.audit_entries() if entry.what == "export"]
    assert [entry.details["file"] for entry in exports] == ["opinions.json", "opinions.csv"]
    run("library", "opinions", "--out", tmp_path / "named.csv", "--show-identity")
    assert CANARY in (tmp_path / "named.csv").read_text("utf-8-sig")
    assert sorted(path.name for path in tmp_path.glob("*opinions*")) == ["opinions.csv", "opinions.json"]


def test_that_opinions_go_into_a_known_kind_of_file_only(run, library, tmp_path):
    assert "ends neither with .csv nor with .json" in refusal(
        run("library", "opinions", "--out", tmp_path / "x.pdf"), 2
    )
    assert "folder" in refusal(run("library", "opinions", "--out", tmp_path / "no" / "x.csv"), 2)
    assert not [entry for entry in library.audit_entries() if entry.what == "export"]


def test_that_agreement_is_counted_by_model_and_version(run, library):
    (row,) = document(run("library", "agreement", "--json"), "library")["agreement"]
    assert (row["model"], row["version"], row["opinions"], row["disagree"]) == ("net", "1.0", 1, 1)
    assert "net  1.0  1 opinions: 0 agree, 1 disagree" in run("library", "agreement")[1]


def test_that_hostile_names_stay_plain_text_in_table_and_list(run, library, tmp_path):
    kept = library.keep([study(f"9.{n}", name) for n, name in enumerate(HOSTILE)], listed=True)
    for one in kept:
        library.give_opinion(OpinionRecord(one.study_id, Verdict.AGREE, reader="=HYPERLINK(1)", note="\u202e=x"))
    assert run("library", "opinions", "--out", tmp_path / "o.csv", "--show-identity")[0] == 0
    text = (tmp_path / "o.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(text.split("\r\n")[:-1]))
    assert len(rows) == len(HOSTILE) + 2
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        for cell in row:
            visible = cell.replace("\u200b", "").strip()
            assert not re.match(r"[=+@＝]|-\D", visible), cell
            assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", cell)
    _, out, _ = run("library", "list", "--show-identity")
    assert len(out.splitlines()) == len(HOSTILE) + 2
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", out)
    assert "山田^太郎" in out


def test_that_a_table_keeps_numbers_as_numbers():
    row = {"a": -1.5, "b": None, "c": True, "d": "-1", "e": 'say "hi", you'}
    assert csv_text([row], "abcde") == 'a,b,c,d,e\r\n-1.5,,yes,\'-1,"say ""hi"", you"\r\n'


# -- removing ------------------------------------------------------------------------------------------------------


def test_that_a_study_is_removed_only_with_a_yes(run, library):
    assert "--yes" in refusal(run("library", "remove", "1.2.3"), 2)
    assert len(library.list("all")) == 2
    assert (
        document(run("library", "remove", "1.2.3", "--yes", "--json"), "library")["removed"][0]["study_uid"] == "1.2.3"
    )
    assert [row.uid for row in library.rows(library.list("all")).values()] == ["1.2.4"]
    assert library.audit_entries()[-1].what == "study.removed"
    refusal(run("library", "remove", "1.2.3", "--yes"), 3)


def test_that_one_of_two_studies_with_one_uid_is_removed_by_its_number(run, library):
    library.keep([study("1.2.3", "Somebody^Else")], listed=True)
    assert "more than one" in refusal(run("library", "remove", "1.2.3", "--yes"), 3)
    ids = library.list("all")
    assert run("library", "remove", ids[0], "--yes")[0] == 0
    assert library.list("all") == ids[1:]


# -- backup, restore, check ----------------------------------------------------------------------------------------


def test_that_a_backup_is_made_and_restored_while_another_program_has_the_library_open(run, library, tmp_path):
    found = document(run("library", "backup", tmp_path, "--json"), "library")
    made = Path(found["file"])
    assert made.parent == tmp_path
    assert made.stat().st_size == found["bytes"]
    library.remove(library.list("all"))
    assert "--yes" in refusal(run("library", "restore", made), 2)
    done = document(run("library", "restore", made, "--yes", "--json"), "library")
    assert (done["studies_now"], done["opinions_now"], done["audit_chain"]) == (2, 1, "kept")
    assert Path(done["kept_as"]).is_file()
    assert len(library.list("all")) == 2
    assert "exists already" in refusal(run("library", "backup", made), 2)
    code, out, _ = run("audit", "verify")
    assert code == 0
    assert made.name in out


def test_that_what_is_no_backup_is_refused(run, library, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all")
    assert "letter.txt is not a backup" in refusal(run("library", "restore", letter, "--yes"), 3)
    assert "no file gone.sqlite" in refusal(run("library", "restore", tmp_path / "gone.sqlite", "--yes"), 3)
    assert len(library.list("all")) == 2


def test_that_a_check_names_studies_whose_files_are_gone(run, library, tmp_path, chest):
    found = document(run("library", "check", "--json"), "library", code=4)
    assert found["database"]["ok"]
    assert found["audit"]["ok"]
    assert {(one["study_uid"], one["files"]) for one in found["missing"]} == {("1.2.3", 1), ("1.2.4", 1)}
    code, out, err = run("library", "check")
    assert code == 4
    assert "1 files are not where they were" in out
    assert "files of 2 studies are gone" in err
    assert "Canary" not in out + err
    library.remove(library.list("all"))
    assert document(run("library", "check", "--json"), "library")["ok"]


# -- audit ---------------------------------------------------------------------------------------------------------


def edit(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "data" / "library" / "library.sqlite", isolation_level=None)) as file:
        for name in ("audit_no_update", "audit_no_delete"):
            file.execute(f"DROP TRIGGER {name}")
        file.execute(statement)


def test_that_the_audit_is_listed_and_verified(run, library):
    entries = document(run("audit", "list", "--json"), "audit")["entries"]
    assert [entry["what"] for entry in entries] == ["analysis", "opinion"]
    assert entries[0]["study_uid"] == "1.2.3"
    assert [e["seq"] for e in document(run("audit", "list", "--since", 1, "--json"), "audit")["entries"]] == [2]
    found = document(run("audit", "verify", "--json"), "audit")
    assert (found["ok"], found["total"], found["problems"]) == (True, 2, [])
    assert library.audit_entries()[-1].what == "audit.verified"
    code, out, _ = run("audit", "verify")
    assert code == 0
    assert "Audit of 3 entries: none was changed, removed or moved." in out
    assert "cannot find" in out


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE seq = 1", "changed"),
        ("DELETE FROM audit WHERE seq = 2", "missing"),
    ],
)
def test_that_an_edit_of_the_audit_ends_with_4_and_says_what_was_found(run, library, home, statement, kind):
    edit(home, statement)
    found = document(run("audit", "verify", "--json"), "audit", code=4)
    assert not found["ok"]
    assert kind in {problem["kind"] for problem in found["problems"]}
    code, out, err = run("audit", "verify")
    assert code == 4
    assert "something does not fit" in out
    assert re.fullmatch(r"medviewer: The audit is not as it was written: .* not fit\.\n", err)


def test_that_a_library_of_a_newer_program_is_said_and_left_alone(run, library, home, tmp_path):
    library.close()
    path = home / "data" / "library" / "library.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("library", "list"), ("audit", "verify"), ("library", "backup", tmp_path), ("library", "check")):
        assert "newer medviewer" in refusal(run(*words), 3)
    shutil.rmtree(path.parent)
