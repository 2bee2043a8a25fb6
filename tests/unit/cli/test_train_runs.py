"""`medviewer train --dataset …` and `medviewer runs`: the panel's runs from a terminal, by the same code."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from medviewer.app.admin import run_process
from medviewer.app.documents import schema
from medviewer.cli import train
from medviewer.cli.main import main
from medviewer.core.datasets import DataSet
from tests.unit.app.admin import fake_training, small

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warm: None, tiny_models: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in this process, with the tests' own models and a training process without torch."""
    monkeypatch.setattr("medviewer.app.models.shipped_models", lambda: tiny_models)
    fake = [sys.executable, "-S", "-E", fake_training.__file__]
    monkeypatch.setattr(run_process, "command", lambda _, *words: [*fake, *words])

    def run(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(words)
        return code, *capfd.readouterr()

    return run


@pytest.fixture
def squares(home: Path) -> DataSet:
    return small.dataset(home / "data" / "datasets")


def documented(text: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    jsonschema.validate(found, schema(name))
    return found


def test_a_run_is_trained_and_stays_in_the_home(run: Run, squares: DataSet) -> None:
    code, out, err = run(
        "train", "--dataset", "Squares", "--from", "bright-film", "--epochs", "2", "--title", "From a script"
    )
    assert code == 0, err
    assert "epoch  epoch 2  of 2" in out
    assert "patients" in err  # few patients: a warning
    listed = documented(run("runs", "list", "--json")[1], "runs")["runs"]
    assert [(r["number"], r["state"], r["title"], r["epoch"]) for r in listed] == [(1, "done", "From a script", 2)]
    shown = documented(run("runs", "show", "1", "--json")[1], "run")
    assert shown["plan"]["rate"] == 3e-4
    assert len(shown["epochs"]) == 2
    assert Path(shown["model"]).is_dir()
    assert "best" in run("runs", "show", "last")[1]


def test_json_is_one_line_an_event_on_stdout_and_nothing_else(run: Run, squares: DataSet) -> None:
    code, out, _ = run(
        "train", "--dataset", squares.id, "--from", "bright-film@1.0.0", "--epochs", "2", "--no-class-weights",
        "--rate", "0.01", "--mixup", "0.2", "--freeze", "-1", "--seed", "7", "--json", "--quiet",
    )  # fmt: skip
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["epoch"] for line in lines if line["event"] == "epoch"] == [1, 2]
    assert lines[-1]["event"] == "done"
    plan = documented(run("runs", "show", "1", "--json")[1], "run")["plan"]
    assert (plan["class_weights"], plan["rate"], plan["mixup"], plan["freeze"], plan["seed"]) == (
        False, 0.01, 0.2, -1, 7,
    )  # fmt: skip


def test_a_failed_run_goes_on_by_its_number(run: Run, squares: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_TRAINING", "defect")
    code, _, err = run("train", "--dataset", squares.id, "--from", "bright-film", "--epochs", "2")
    assert code == 4  # no_memory is a refusal
    assert "There is not enough memory for this training." in err
    monkeypatch.setenv("FAKE_TRAINING", "")
    code, out, _ = run("runs", "go-on", "1")
    assert code == 0
    assert "epoch  epoch 2" in out
    assert run("runs", "remove", "1")[0] == 0
    assert documented(run("runs", "list", "--json")[1], "runs")["runs"] == []


def test_a_run_that_ends_without_a_word_is_130_and_says_how_to_go_on(
    run: Run, squares: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_TRAINING", "mute")
    code, _, err = run("train", "--dataset", squares.id, "--from", "bright-film")
    assert code == 130
    assert "medviewer runs go-on 1" in err


def test_what_a_condition_forbids_is_exit_4_with_its_sentence(run: Run, home: Path) -> None:
    small.dataset(home / "data" / "datasets", frozen=False)
    code, _, err = run("train", "--dataset", "Squares", "--from", "bright-film")
    assert code == 4
    assert "not frozen" in err


@pytest.mark.parametrize(
    "words",
    [
        ("--dataset", "x"),
        ("--dataset", "x", "--from", "a", "--preset", "b"),
        ("--dataset", "x", "--from", "a", "--out", "o"),
        ("--from", "a"),
        ("c.toml", "--data", "d", "--out", "o", "--epochs", "3"),
    ],
)
def test_the_two_forms_are_not_mixed(run: Run, words: tuple[str, ...]) -> None:
    assert run("train", *words)[0] == 2


def test_names_that_are_not_there_are_sentences(run: Run, squares: DataSet) -> None:
    for words, code, word in (
        (("train", "--dataset", "nowhere", "--from", "bright-film"), 3, "no such data set"),
        (("train", "--dataset", squares.id, "--from", "tea"), 3, "tea"),
        (("train", "--dataset", squares.id, "--preset", "tea"), 3, "tea"),
        (("runs", "show", "99"), 3, "no such training run"),
    ):
        found, _, err = run(*words)
        assert (found, word in err) == (code, True), err


def test_under_torchrun_the_command_becomes_the_training_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    became: list[list[str]] = []

    def become(_: str, words: list[str]) -> None:
        became.append(words)
        raise SystemExit(0)

    monkeypatch.setattr(train.os, "execv", become)
    (tmp_path / "c.toml").write_text("")
    with pytest.raises(SystemExit):
        main(["train", str(tmp_path / "c.toml"), "--data", "d", "--out", "o"])
    assert became[0][-6:] == ["--data", "d", "--out", "o", "--device", "auto"]
    assert main(["train", "--dataset", "x", "--from", "y"]) == 2
    assert "torchrun" in capfd.readouterr().err


def test_a_configuration_that_starts_from_a_model_finds_it_here(
    run: Run, tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given.json"
    code = f"import json, sys; json.dump(sys.argv[1:], open({str(given)!r}, 'w'))"
    monkeypatch.setattr(train, "command", lambda *words: [sys.executable, "-c", code, *words])
    config = tmp_path / "c.toml"
    config.write_text('[start]\nkind = "weights"\nmodel = "bright-film"\nversion = "1.0.0"\n')
    assert run("train", str(config), "--data", "d", "--out", "o", "--teacher", "t1", "--teacher", "t2")[0] == 0
    words = json.loads(given.read_text())
    assert words[words.index("--start") + 1] == str((tiny_models / "bright-film").resolve())
    assert [words[i + 1] for i, word in enumerate(words) if word == "--teacher"] == ["t1", "t2"]
