"""Model folders: found where they lie, left out when they cannot be used, verified file by file."""

import json
from pathlib import Path

import pytest

from medviewer.core.errors import UserError
from medviewer.inference import folder as folders
from medviewer.inference.folder import find, load, sha256_of, verify, write_sums
from tests.unit.inference.test_card import GOOD


def model(root: Path, name: str = "lung-nodule", version: str = "1.0.0", weights: bytes = b"weights") -> Path:
    path = root / f"{name}-{version}"
    path.mkdir(parents=True)
    (path / "weights.safetensors").write_bytes(weights)
    (path / "README.md").write_text("What it is.")
    card = GOOD | {"name": name, "version": version}
    card["sha256s"] = {"weights.safetensors": sha256_of(path / "weights.safetensors")}
    (path / "card.json").write_text(json.dumps(card))
    write_sums(path)
    return path


def test_models_are_found_by_name_in_folders_of_models(tmp_path: Path) -> None:
    model(tmp_path / "a", "zeta")
    model(tmp_path / "a", "alpha")
    alone = model(tmp_path / "b", "mid")
    assert [m.name for m in find([tmp_path / "a", alone, tmp_path / "nowhere"])] == ["alpha", "mid", "zeta"]


def test_a_site_model_takes_the_place_of_the_same_shipped_one(tmp_path: Path) -> None:
    model(tmp_path / "shipped")
    site = model(tmp_path / "site", weights=b"other")
    (found,) = find([tmp_path / "shipped", tmp_path / "site"])
    assert found.path == site.resolve()
    assert found.sha256 == sha256_of(site / "weights.safetensors")


def test_a_folder_that_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    model(tmp_path, "good")
    bad = model(tmp_path, "bad")
    (bad / "card.json").write_text("{}")
    empty = model(tmp_path, "empty")
    (empty / "weights.safetensors").unlink()
    told: list[str] = []
    found = find([tmp_path], lambda path, error: told.append(f"{path.name}: {error.sentence}"))
    assert [m.name for m in found] == ["good"]
    assert sorted(line.split(":")[0] for line in told) == ["bad-1.0.0", "empty-1.0.0"]


def test_an_untouched_folder_has_no_problems(tmp_path: Path) -> None:
    assert verify(load(model(tmp_path))) == ()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda p: (p / "weights.safetensors").write_bytes(b"Weights"), "weights.safetensors was changed"),
        (lambda p: (p / "README.md").unlink(), "README.md is missing"),
        (lambda p: (p / "extra.py").write_text("import os"), "extra.py is not listed"),
        (lambda p: (p / "link").symlink_to("/etc/passwd"), "link is a link"),
        (lambda p: (p / "SHA256SUMS").unlink(), "SHA256SUMS is missing"),
        (lambda p: (p / "SHA256SUMS").write_text("nonsense\n"), "cannot be read"),
    ],
)
def test_every_change_of_a_folder_is_named(tmp_path: Path, act: object, words: str) -> None:
    path = model(tmp_path)
    found = load(path)
    act(path)  # type: ignore[operator]
    assert any(words in problem for problem in verify(found)), verify(found)


def test_new_sums_do_not_hide_weights_that_the_card_was_not_written_for(tmp_path: Path) -> None:
    path = model(tmp_path)
    (path / "weights.safetensors").write_bytes(b"others")
    write_sums(path)
    assert verify(load(path)) == ("weights.safetensors is not the file that the card was written for.",)


def test_weights_that_are_a_link_or_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = model(tmp_path)
    monkeypatch.setattr(folders, "MAX_WEIGHTS", 3)
    with pytest.raises(UserError, match="larger"):
        load(path)
    (path / "weights.safetensors").unlink()
    (path / "weights.safetensors").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="no weights"):
        load(path)


def test_pipes_and_deep_folders_do_not_hang_the_check(tmp_path: Path) -> None:
    import os

    path = model(tmp_path)
    os.mkfifo(path / "pipe")
    deep = path
    for _ in range(8):
        deep = deep / "d"
        deep.mkdir()
    problems = verify(load(path))
    assert any("pipe does not belong" in p for p in problems)
    assert any("d/d/d/d" in p for p in problems)
