"""`medviewer triage` keeps to CONTRACT.md: every study is a row with a reason, nothing a file says does any harm."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from medviewer.app.documents import schema
from medviewer.cli.main import main
from tests import build

HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Robert'); DROP TABLE studies;--", "\u202egnp.exe")


@pytest.fixture
def run(session, capsys):
    def run_(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run_


def film(path: Path, bright: bool = False) -> None:
    values = np.random.default_rng(len(path.name)).normal(30, 5, (96, 96))
    values[20:80, 20:80] = 250 if bright else 30
    Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A bright and a dark film, an MR, a broken file and a text."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    film(folder / "a-dark.png")
    film(folder / "b-bright.png", bright=True)
    build.save(build.mr(BodyPartExamined="KNEE", PatientName="Canary^Kim"), folder / "knee.dcm")
    (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + os.urandom(4000))
    (folder / "note.txt").write_text("hello")
    return folder


def document(answer: tuple[int, str, str]) -> dict:
    code, out, err = answer
    assert code == 0, err
    found = json.loads(out)
    jsonschema.validate(found, schema("triage"))
    return found


def test_every_study_and_every_broken_file_is_a_row_with_a_reason(run, mixed, tmp_path):
    found = document(run("triage", mixed, "--out", tmp_path / "out", "--json", "--quiet"))
    rows = [(row["rank"], row["files"], row["state"], row["above"]) for row in found["rows"]]
    assert rows == [
        (1, ["b-bright.png"], "ranked", True),
        (2, ["a-dark.png"], "ranked", False),
        (3, ["knee.dcm"], "not_evaluated", None),
        (4, ["broken.dcm"], "failed", None),
    ]
    assert all(row["reason"] for row in found["rows"])
    assert found["rows"][2]["reason"] == "Not evaluated. No model here reads MR of the knee."
    assert [one["path"] for one in found["skipped"]] == ["note.txt"]
    again = document(run("triage", mixed, "--out", tmp_path / "out", "--json", "--quiet"))
    assert [row["files"] for row in again["rows"]] == [row["files"] for row in found["rows"]]


def test_the_table_and_the_page_say_the_same(run, mixed, tmp_path):
    found = document(run("triage", mixed, "--out", tmp_path / "out", "--json"))
    with (tmp_path / "out" / "worklist.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [line["state"] for line in table] == [row["state"] for row in found["rows"]]
    assert float(table[0]["score"]) == pytest.approx(found["rows"][0]["score"])
    page = (tmp_path / "out" / "worklist.html").read_text("utf-8")
    for words in ("Not for diagnostic use", "AI, unverified", "Not evaluated by AI: 1", "Failed: 1", "note.txt"):
        assert words in page
    visible = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "%" not in visible
    assert "<script" not in page
    assert "http" not in visible.replace("http-equiv", "")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["worklist.csv", "worklist.html"]


def test_names_are_written_only_on_request_and_the_audit_knows_it(session, run, mixed, tmp_path):
    out = tmp_path / "out"
    printed = run("triage", mixed, "--out", out, "--json")
    assert "Canary" not in "".join(map(str, printed)) + "".join(p.read_text("utf-8") for p in out.iterdir())
    found = document(run("triage", mixed, "--out", out, "--json", "--show-identity"))
    assert found["rows"][2]["patient"]["name"] == "Canary, Kim"
    assert all("Canary, Kim" in path.read_text("utf-8") for path in out.iterdir())
    entries = session.shelf.read(lambda library: library.audit_entries(most=1000)).result(10)
    exports = [entry.details for entry in entries if entry.what == "export"]
    assert [one["identity"] for one in exports] == [False, True]
    assert "Canary" not in json.dumps(exports)


class _Texts(HTMLParser):
    """Collects what a browser would show, and the tags that it would make."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_files_say_stays_text(run, tmp_path, name):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    build.save(build.mr(PatientName=name, StudyDescription=name), folder / "a.dcm")
    found = document(run("triage", folder, "--out", out, "--json", "--show-identity"))
    (row,) = found["rows"]
    with (out / "worklist.csv").open(newline="", encoding="utf-8") as file:
        (line,) = csv.DictReader(file)
    assert line["description"].lstrip("'") == row["description"].lstrip("'")
    assert not line["description"].startswith(("=", "+", "-", "@"))
    parser = _Texts()
    parser.feed((out / "worklist.html").read_text("utf-8"))
    assert row["description"] in parser.texts
    assert "script" not in parser.tags


def test_nothing_that_can_be_used_is_one_sentence_and_code_3(run, tmp_path):
    (tmp_path / "note.txt").write_text("hello")
    code, out, err = run("triage", tmp_path / "note.txt", "--out", tmp_path / "out", "--json")
    assert (code, out) == (3, "")
    assert err == "medviewer: note.txt is not a DICOM image, nor a film (PNG, JPEG or TIFF).\n"
    code, _, err = run("triage", tmp_path / "absent", "--out", tmp_path / "out")
    assert (code, err) == (3, "medviewer: absent does not exist. Check the path.\n")
    code, _, err = run("triage", tmp_path, "--watch", "--device", "abacus", "--out", tmp_path / "out")
    assert (code, err) == (2, "medviewer: --device is one of auto, cuda, mps, cpu.\n")
    film(tmp_path / "film.png")
    code, _, err = run("triage", tmp_path / "film.png", "--out", tmp_path / "note.txt")
    assert (code, err) == (3, "medviewer: note.txt is not a folder; choose another one.\n")


def test_a_watched_folder_is_written_again_after_each_change_until_ctrl_c(tmp_path, home):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "note.txt").write_text("hello")
    words = [sys.executable, "-m", "medviewer", "triage", str(folder), "--out", str(out), "--watch", "--json"]
    ignored = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    words = [sys.executable, "-c", ignored, *words]  # as a shell starts what runs in the background
    env = {**os.environ, "MEDVIEWER_HOME": str(home)}
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(out / "worklist.html", "note.txt")
            build.save(build.mr(), folder / "knee.dcm")
            wait_for(out / "worklist.csv", "knee.dcm")
            process.send_signal(signal.SIGINT)
            printed, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert said.endswith("Stopped.\n")
    assert [row["files"] for row in json.loads(printed)["rows"]] == [["knee.dcm"]]


def wait_for(path: Path, words: str) -> None:
    end = time.monotonic() + 40
    while not (path.exists() and words in path.read_text("utf-8")):
        assert time.monotonic() < end
        threading.Event().wait(0.1)
