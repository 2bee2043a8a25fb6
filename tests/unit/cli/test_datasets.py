"""`medviewer datasets` keeps to CONTRACT.md: one document, exit codes, nothing half-done."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from medviewer.app.documents import schema
from medviewer.app.session import Session
from medviewer.cli.main import main
from tests.unit.app.admin import films
from tests.unit.app.admin.films import MODEL, TARGET, say

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warm: None, tiny_models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr("medviewer.app.models.shipped_models", lambda: tiny_models)

    def run(*words: object) -> tuple[int, str, str]:
        code = main(["datasets", *map(str, words), "--quiet"])
        done = capsys.readouterr()
        return code, done.out, done.err

    return run


def document(answer: tuple[int, str, str], code: int = 0) -> list[dict[str, Any]]:
    assert answer[0] == code, answer[2]
    found = json.loads(answer[1])
    jsonschema.validate(found, schema("datasets"))
    datasets: list[dict[str, Any]] = found["datasets"]
    return datasets


def test_a_data_set_is_made_checked_mended_frozen_and_removed(run: Run, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 60)
    with (folder / "labels.csv").open("a") as file:
        file.write("a/000.png,square,P0,,\r\n")
    (made,) = document(run("make", "Films", "--folder", folder, "--target", TARGET, "--json"))
    assert (made["images"], made["patients"], made["frozen"], made["check"]) == (61, 30, False, None)
    code, out, err = run("freeze", "Films")
    assert (code, out) == (4, "")
    assert err == "medviewer: This data set has not been checked since it was changed. Check it first.\n"
    (checked,) = document(run("check", made["id"], "--json"))
    assert "twins" in {finding["kind"] for finding in checked["check"]["findings"]}
    document(run("repair", "Films", "twins", "--json"))
    (checked,) = document(run("check", "Films", "--json"))
    assert "twins" not in {finding["kind"] for finding in checked["check"]["findings"]}
    (frozen,) = document(run("freeze", "Films", "--json"))
    assert (frozen["frozen"], frozen["excluded"], len(frozen["sha256"])) == (True, 1, 64)
    code, _, err = run("exclude", "Films", "000001")
    assert (code, err) == (4, "medviewer: This data set is frozen. Make a new version of it to change it.\n")
    (new,) = document(run("new-version", "Films", "--json"))
    assert (new["version"], new["previous"], new["frozen"]) == (2, made["id"], False)
    (fewer,) = document(run("exclude", "Films", "000001", "000002", "--json"))
    assert (fewer["id"], fewer["excluded"]) == (new["id"], 3)
    (more,) = document(run("exclude", "Films", "000002", "--include", "--json"))
    assert more["excluded"] == 2
    (other,) = document(run("relabel", "Films", "000002", "--negative", "--json"))
    assert other["positives"] == more["positives"] - 1
    (split,) = document(run("split", "Films", "--shares", "80/10/10", "--json"))
    assert [split["parts"][part]["patients"] for part in ("fit", "select", "report")] == [24, 3, 3]
    assert [one["version"] for one in document(run("list", "--json"))] == [2, 1]
    assert run("remove", "Films")[0] == 2
    assert [one["id"] for one in document(run("remove", "Films", "--yes", "--json"))] == [made["id"]]
    assert "frozen" in run("show", "Films")[1]


def test_the_folder_may_be_named_from_where_one_stands(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films.folder(tmp_path / "films", 6)
    monkeypatch.chdir(tmp_path)
    (made,) = document(run("make", "Films", "--folder", "films", "--target", TARGET, "--json"))
    assert made["images"] == 6


def test_a_contradiction_ends_the_check_with_exit_code_4(run: Run, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 20)
    with (folder / "labels.csv").open("a") as file:
        file.write("a/000.png,nothing,P0,,\r\n")
    document(run("make", "Films", "--folder", folder, "--target", TARGET, "--json"))
    (found,) = document(run("check", "Films", "--json"), code=4)
    assert found["check"]["stops"] == 1
    code, out, err = run("check", "Films")
    assert code == 4
    assert "both labels" in err
    assert "contradiction" in out


def test_opinions_become_a_data_set(run: Run, home: Path, tmp_path: Path) -> None:
    with Session(home) as session:
        paths = [films.dicom(tmp_path / f"{n}.dcm", n, PatientBirthDate=f"20{n:02d}0101") for n in range(6)]
        for number, study in enumerate(films.keep(session, paths)):
            say(session, study, "present" if number % 2 else "absent")
    answer = run("make", "Answers", "--opinions", MODEL, "--json")
    (made,) = document(answer)
    assert (made["images"], made["positives"], made["target"]) == (6, 3, TARGET)
    assert "Canary" not in answer[1]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("make", "X"), 2, "Give one of --opinions MODEL, --folder DIR and --packed FILE."),
        (("make", "X", "--folder", "nothing"), 2, "Say with --target which label is positive."),
        (("make", "X", "--folder", "nothing", "--target", "a"), 3, "The folder nothing is not there. Check the path."),
        (("make", "X", "--opinions", MODEL, "--shares", "1/2"), 2, "Shares are three numbers, as in 60/20/20."),
        (("make", "X", "--opinions", MODEL), 3, "No reader has said yet whether Bright square is right."),
        (("show", "nothing"), 3, "There is no such data set."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, words: tuple[str, ...], code: int, says: str) -> None:
    answer = run(*words)
    assert (answer[0], answer[1]) == (code, "")
    assert answer[2].startswith(f"medviewer: {says}")
