"""`medviewer train` starts the training process and passes on what it says."""

import json
import sys

import pytest

from medviewer.cli import train
from medviewer.cli.main import main

LINES = [{"event": "data", "parts": {"train": 3}}, {"event": "epoch", "epoch": 1, "loss": 0.512345}]


@pytest.fixture
def child(monkeypatch, tmp_path):
    """A training process that says two lines and ends with 3; returns what it was given."""
    given = tmp_path / "given.json"
    text = "\\n".join(json.dumps(line) for line in LINES)
    code = f"import json, sys; json.dump(sys.argv[1:], open({str(given)!r}, 'w')); print({text!r}); sys.exit(3)"
    code = code.replace("\\\\n", "\\n")
    monkeypatch.setattr(train, "command", lambda *words: [sys.executable, "-c", code, *words])
    return given


def test_json_lines_and_the_exit_code_pass_through(child, tmp_path, capfd):
    (tmp_path / "c.toml").write_text("")
    code = main(["train", str(tmp_path / "c.toml"), "--data", "d", "--out", "o", "--resume", "--json"])
    out, _ = capfd.readouterr()
    assert code == 3
    assert [json.loads(line) for line in out.splitlines()] == LINES
    words = json.loads(child.read_text())
    assert words == ["training", str(tmp_path / "c.toml"), "--data", "d", "--out", "o", "--device", "auto", "--resume"]


def test_without_json_lines_are_words(child, tmp_path, capfd):
    (tmp_path / "c.toml").write_text("")
    main(["train", str(tmp_path / "c.toml"), "--data", "d", "--out", "o"])
    assert "epoch  epoch 1  loss 0.5123" in capfd.readouterr().out


def test_a_preset_is_the_configuration_of_a_shipped_model(child, capfd):
    main(["train", "--preset", "lung-nodule", "--data", "d", "--out", "o"])
    assert json.loads(child.read_text())[1].endswith("models/lung-nodule/train.toml")
    assert main(["train", "--preset", "tea", "--data", "d", "--out", "o"]) == 2
    assert "lung-nodule" in capfd.readouterr().err


def test_a_configuration_that_is_not_there_is_exit_3(capfd):
    assert main(["train", "nowhere.toml", "--data", "d", "--out", "o"]) == 3
    assert capfd.readouterr().err == "medviewer: nowhere.toml does not exist. Check the path.\n"
