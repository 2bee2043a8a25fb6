"""`medviewer models` and `medviewer compare` keep to CONTRACT.md: promote, rollback, history, import, export."""

import io
import json
import re
from pathlib import Path

import jsonschema
import pytest

from medviewer.app.documents import schema
from medviewer.cli.main import main
from tests import champions
from tests.champions import NAME

NEW = "1.1.0+site.1"


@pytest.fixture
def run(session, capsys):
    """Run a command line in this process; returns (exit code, stdout, stderr)."""

    def run_(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run_


@pytest.fixture
def candidate(home: Path) -> None:
    champions.candidate(home)
    champions.dataset(home)


def document(answer: tuple[int, str, str], name: str) -> dict:
    code, out, err = answer
    assert code == 0, err
    found = json.loads(out)
    jsonschema.validate(found, schema(name))
    return found


def refusal(answer: tuple[int, str, str], code: int) -> str:
    got, out, err = answer
    assert (got, out) == (code, ""), err
    last = err.strip().splitlines()[-1]
    assert re.fullmatch(r"medviewer: \S.*[.]", last)
    return last


def test_compare_promote_use_and_go_back(run, candidate):
    before = refusal(run("models", "promote", NAME, NEW, "--reason", "x"), 4)
    assert before.endswith("Do that first: medviewer compare run-0001 --dataset ID.")
    found = document(run("compare", "run-0001", "--dataset", "set-1", "--json"), "comparison")
    assert (found["champion"], found["challenger"], found["looks"]) == ("1.0.0", NEW, 0)
    code, out, err = run("models", "promote", NAME, NEW, "--reason", "steadier")
    assert (code, out) == (0, f"{NAME} {NEW} is in use\n")
    assert "Note: It cannot be told whether the candidate was trained on images that it is judged by." in err
    listed = document(run("models", "list", "--json"), "models")
    assert [(m["version"], m["state"]) for m in listed["models"] if m["name"] == NAME] == [
        ("1.0.0", "kept"), (NEW, "in use"),
    ]  # fmt: skip
    assert document(run("models", "show", NAME, "--json"), "model")["card"]["version"] == NEW
    assert document(run("models", "show", f"{NAME}@1.0.0", "--json"), "model")["card"]["version"] == "1.0.0"
    back = document(run("models", "rollback", NAME, "--json"), "model_version")
    assert (back["model_version"], back["state"], back["shipped"]) == ("1.0.0", "in use", True)
    past = document(run("models", "history", NAME, "--json"), "history")
    assert [(a["kind"], a["version"], a["reason"]) for a in past["acts"]] == [
        ("roll_back", "1.0.0", ""), ("promote", NEW, "steadier"),
    ]  # fmt: skip
    assert "steadier" in run("models", "history", NAME)[1]
    assert run("models", "rollback", NAME, "--to", NEW)[0] == 0
    assert refusal(run("models", "rollback", NAME, "--to", "9.9"), 4)
    assert refusal(run("models", "history", "nothing"), 3).startswith("medviewer: There is no model called nothing.")


def test_the_reason_may_come_in_one_line_and_must_come(run, candidate, monkeypatch):
    id_ = json.loads(run("compare", "run-0001", "--dataset", "set-1", "--json")[1])["id"]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert refusal(run("models", "promote", NAME, NEW), 2).endswith("--reason TEXT.")
    monkeypatch.setattr("sys.stdin", io.StringIO("fewer false alarms\n"))
    assert run("models", "promote", id_)[0] == 0
    past = json.loads(run("models", "history", NAME, "--json")[1])
    assert past["acts"][0]["reason"] == "fewer false alarms"


def test_compare_prints_every_row_and_condition(run, candidate):
    code, out, _ = run("compare", f"{NAME}@{NEW}", "--dataset", "set-1")
    assert code == 0
    for words in (
        "auc",
        "sensitivity",
        "specificity",
        "ece",
        "auc sex: F",
        "cases on which they differ",
        "cannot tell",
    ):
        assert words in out
    assert refusal(run("compare", "run-0001", "--dataset", "nothing"), 3).startswith("medviewer: There is no such data")
    assert run("compare", "1", "--dataset", "Squares")[0] == 0  # as people call them


def test_import_and_export(run, tmp_path):
    outside = champions.candidate(tmp_path / "other").path
    made = document(run("models", "import", outside, "--json"), "model_version")
    assert (made["model_version"], made["state"]) == (NEW, "kept")
    code, _, err = run("models", "export", NAME, "--version", NEW, "--to", tmp_path / "out.zip")
    assert (code, err, (tmp_path / "out.zip").is_file()) == (0, "Wrote out.zip.\n", True)
    bad = tmp_path / "model.pt"
    bad.write_bytes(b"\x80\x04.")
    assert "pickle" in refusal(run("models", "import", bad), 3)
    assert document(run("models", "verify", "--json"), "verification")["ok"]
