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


def test_an_exported_onnx_file_answers_as_the_model_does_and_says_what_it_is(run, tiny_models, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    torch = pytest.importorskip("torch")
    from medviewer.engine import models

    out = tmp_path / "out" / "bright.onnx"
    out.parent.mkdir()
    assert run("models", "export", NAME, "--onnx", out) == (0, "", "Wrote bright.onnx.\n")
    assert list(out.parent.iterdir()) == [out]
    file = runtime.InferenceSession(out, providers=["CPUExecutionProvider"])
    said = file.get_modelmeta().custom_metadata_map
    assert (said["name"], said["version"], said["licence"]) == (NAME, "1.0.0", "Apache-2.0")
    assert said["notice"] == "Not for diagnostic use."
    folder = tiny_models / NAME
    assert json.loads(said["card"]) == json.loads((folder / "card.json").read_text("utf-8"))
    net = models.load(folder, said["weights_sha256"], "cpu").net
    for count in (1, 5):
        x = torch.rand(count, 1, 64, 64, generator=torch.Generator().manual_seed(count))
        (answer,) = file.run(None, {"x": x.numpy()})
        assert abs(answer - net(x).numpy()).max() < 1e-4
    assert refusal(run("models", "export", NAME, "--onnx", out), 2).endswith("exists already; choose another name.")
    assert refusal(run("models", "export", NAME), 2).startswith("medviewer: Say --onnx FILE")
    assert refusal(run("models", "export", NAME, "--onnx", out, "--to", out), 2)
    assert refusal(run("models", "export", NAME, "--onnx", tmp_path / "none" / "x.onnx"), 2)


def test_nothing_is_exported_of_a_model_that_is_not_as_it_was_made(run, home, tmp_path):
    place = champions.candidate(home).path
    assert run("models", "import", place)[0] == 0
    card = home / "data" / "models" / f"{NAME}-{NEW}" / "card.json"
    card.write_text(card.read_text("utf-8").replace("Apache-2.0", "none"), "utf-8")
    assert refusal(run("models", "export", NAME, "--version", NEW, "--onnx", tmp_path / "x.onnx"), 4)
    assert not list(tmp_path.glob("*.onnx*"))


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
