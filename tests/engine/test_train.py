"""Training: the same figures after a kill, a clean split, and a folder that is whole."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from medviewer.core.errors import UserError
from medviewer.engine.train import checkpoint, datasets
from medviewer.engine.train.augment import Change, Variety, apply
from medviewer.engine.train.batches import pass_order
from medviewer.engine.train.config import read_config
from medviewer.engine.train.main import main
from medviewer.engine.train.run import Options, run
from medviewer.inference.folder import load, verify
from tests.engine.training import FILMS, FROZEN, PATCHES, plain, prepare


class Killed(BaseException):
    """The process is ended from outside: nothing may catch it."""


@pytest.mark.parametrize("kind", [FILMS, PATCHES, FROZEN], ids=["films", "patches", "frozen"])
def test_a_training_that_is_killed_and_resumed_makes_the_same_weights(tmp_path: Path, kind: dict[str, Any]) -> None:
    config, data = prepare(tmp_path, kind)
    lines: list[dict[str, Any]] = []
    run(Options(config, data, tmp_path / "whole"), lines.append)

    def kill_after_first_epoch(line: dict[str, Any]) -> None:
        if line["event"] == "epoch":
            raise Killed

    with pytest.raises(Killed):
        run(Options(config, data, tmp_path / "broken"), kill_after_first_epoch)
    again: list[dict[str, Any]] = []
    torch.manual_seed(999)  # whatever happened in between must not matter
    run(Options(config, data, tmp_path / "broken", resume=True), again.append)
    assert {"event": "resumed", "epoch": 1, "step": 0} in again
    # the first epoch is said again: the program may have missed it
    epochs = [[plain(x) for x in ls if x["event"] == "epoch"] for ls in (lines, again)]
    assert epochs[0] == epochs[1]
    assert [e["epoch"] for e in epochs[0]] == [1, 2, 3, 4]
    for name in ("weights.safetensors", "card.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()
    assert not (tmp_path / "broken" / "checkpoint").exists()


def test_the_folder_of_a_training_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, data = prepare(tmp_path, FILMS)
    assert main([str(config), "--data", str(data), "--out", str(tmp_path / "m"), "--device", "cpu"]) == 0
    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events == ["data", *["epoch"] * 4, "done"]
    model = load(tmp_path / "m")
    assert verify(model) == ()
    assert {p.name for p in (tmp_path / "m").iterdir()} == {
        "weights.safetensors",
        "card.json",
        "README.md",
        "train.toml",
        "SHA256SUMS",
    }
    assert model.card.calibration is not None
    assert "report" in model.card.training.split
    text = (tmp_path / "m" / "README.md").read_text()
    assert "12x12 thumbnail" in text
    assert "Corners: painted over" in text
    (tmp_path / "m" / "README.md").write_text("changed")
    assert verify(model) == ("README.md was changed: its hash is not the one in SHA256SUMS.",)


def test_patients_stay_in_one_part_and_twins_of_report_pictures_are_left_out(tmp_path: Path) -> None:
    config = read_config(prepare(tmp_path, FILMS)[0])
    data = datasets.load(tmp_path / "data", config.data, config.input)
    groups = [set(p.groups.tolist()) for p in data.parts.values()]
    assert sum(map(len, groups)) == len(set.union(*groups))
    assert data.duplicates["across parts"] == 2
    assert not {"3.png", "4.png"} & set(data.parts["fit"].files + data.parts["select"].files)
    assert sum(len(p) for p in data.parts.values()) == 70


def test_another_configuration_does_not_go_on_from_a_checkpoint(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, PATCHES)

    def kill(line: dict[str, Any]) -> None:
        if line["event"] == "epoch":
            raise Killed

    with pytest.raises(Killed):
        run(Options(config, data, tmp_path / "m"), kill)
    config.write_text(config.read_text().replace("seed = 5", "seed = 6"))
    with pytest.raises(UserError, match="another configuration"):
        run(Options(config, data, tmp_path / "m", resume=True), lambda _: None)
    (tmp_path / "m/checkpoint/last.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    with pytest.raises(UserError, match="damaged"):
        run(Options(config, data, tmp_path / "m", resume=True), lambda _: None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("epochs = 4|epoch = 4", "schedule has no setting epoch"),
        ("epochs = 4|epochs = 0", "epochs lies in 1 to 10000"),
        ('precision = "fp32"|precision = "fp8"', "precision is one of bf16, fp32"),
        ('set = "squares"|set = "../squares"', "set is not a folder's name"),
        ("[augment]|[start]\nkind = 1\n[augment]", "missing 3 required"),
        ('net"|x', "Invalid value"),
        ('kind = "films"|', "[data] lacks kind"),
        ('name = "squares"\nversion|name = "no good"\nversion', "not a plain word"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str, words: str
) -> None:
    config, data = prepare(tmp_path, FILMS)
    old, new = change.split("|")
    text = config.read_text()
    config.write_text(text.replace(old, new) if old in text else text + "\nx = = 1")
    assert main([str(config), "--data", str(data), "--out", str(tmp_path / "m")]) == 3
    error = capsys.readouterr().err
    assert "The training configuration train.toml cannot be used" in error
    assert len(error.splitlines()) == 1


def test_a_missing_data_set_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, _ = prepare(tmp_path, FILMS)
    assert main([str(config), "--data", str(tmp_path), "--out", str(tmp_path / "m")]) == 3
    assert capsys.readouterr().err.startswith("The training data “squares” could not be read")


def test_checkpoints_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "last.safetensors"
    checkpoint.save(path, {"w": torch.ones(3)}, {"epoch": 1})

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(UserError, match="The disk is full"):
        checkpoint.save(path, {"w": torch.zeros(3)}, {"epoch": 2})
    tensors, state = checkpoint.load(path)
    assert tensors["w"].tolist() == [1, 1, 1]
    assert state == {"epoch": 1}


def test_a_pass_shows_positives_more_often_and_each_pass_differs() -> None:
    y = np.array([True, False, False, False])
    assert sorted(pass_order(y, 3, (0, 0)).tolist()) == [0, 0, 0, 1, 2, 3]
    y = np.arange(50) % 2 == 0
    assert pass_order(y, 1, (0, 0)).tolist() == pass_order(y, 1, (0, 0)).tolist()
    assert pass_order(y, 1, (0, 0)).tolist() != pass_order(y, 1, (0, 1)).tolist()


# --- changes --------------------------------------------------------------------------------------------------------


def blob(x: float, y: float, side: int = 50) -> torch.Tensor:
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8)[None, None].float()


def middle(x: torch.Tensor) -> tuple[float, float]:
    weight = x[0, 0].double() / x.double().sum()
    axis = torch.arange(x.shape[-1], dtype=torch.float64)
    return float((weight.sum(0) * axis).sum()), float((weight.sum(1) * axis).sum())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(), (34.5, 24.5)),
        (Change(angle=90), (24.5, 34.5)),  # clockwise: what was right is below
        (Change(mirror=True), (14.5, 24.5)),
        (Change(scale=(1.5, 1.0)), (39.5, 24.5)),
        (Change(shift=(0.1, -0.1)), (39.5, 19.5)),
    ],
)
def test_changes_move_the_content_as_they_say(change: Change, expected: tuple[float, float]) -> None:
    moved = apply(blob(34.5, 24.5), [change])
    assert np.allclose(middle(moved), expected, atol=0.1)


def test_a_crop_keeps_the_middle() -> None:
    assert np.allclose(middle(apply(blob(24.5, 24.5), [Change(angle=1e-9)], 44)), (21.5, 21.5), atol=0.1)
    assert np.allclose(middle(apply(blob(24.5, 24.5), [Change()], 44)), (21.5, 21.5), atol=0.1)


def test_each_picture_gets_its_own_change_and_noise_is_repeatable() -> None:
    x = torch.cat([blob(20, 20), blob(20, 20)])
    out = apply(x, [Change(gamma=0.5), Change(blur=2.0)])
    assert out[0].mean() > x[0].mean()
    assert out[1].max() < x[1].max() * 0.7
    assert torch.allclose(out[1].sum(), x[1].sum(), rtol=1e-3)
    a, b = (apply(x, [Change(noise=0.1)] * 2, seed=(4, 2)) for _ in range(2))
    assert torch.equal(a, b)
    assert not torch.equal(a, apply(x, [Change(noise=0.1)] * 2, seed=(4, 3)))


def test_a_variety_never_mirrors_unless_it_says_so() -> None:
    rng = np.random.default_rng(0)
    assert not any(Variety(angle=10, scale=(0.9, 1.1)).draw(rng).mirror for _ in range(200))
    assert any(Variety(turns=True).draw(rng).mirror for _ in range(20))
