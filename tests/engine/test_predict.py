"""Scores from pictures: independent of company, bounded by memory, silent where the model must not answer."""

from pathlib import Path

import numpy as np
import pytest
import torch

from medviewer.core.errors import UserError
from medviewer.core.findings import SliceScore
from medviewer.engine import device, models, predict
from medviewer.inference.folder import ModelFolder
from tests.engine import tiny


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return tiny.film(tmp_path_factory.mktemp("models") / "tiny-film")


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return tiny.slices(tmp_path_factory.mktemp("models") / "tiny-slices")


def loaded(folder: ModelFolder) -> models.LoadedModel:
    return models.load(folder.path, folder.sha256, "cpu")


def scores(model: models.LoadedModel, pictures: list[predict.Picture], batch: int = 8) -> dict[int, SliceScore]:
    return {s.index: s for some in predict.predict(model, pictures, batch=batch) for s in some}


def test_a_bright_square_is_above_the_operating_point_and_noise_below(film: ModelFolder) -> None:
    model = loaded(film)
    got = scores(
        model,
        [
            predict.Picture(0, tiny.picture(90, 150)),
            predict.Picture(1, tiny.picture(90, 150, (40, 90, 20, 20))),
        ],
    )
    assert not got[0].positive
    assert got[1].positive
    assert got[1].scores["square"] > 0.6 > 0.4 > got[0].scores["square"]


def test_a_score_does_not_depend_on_the_other_pictures_of_its_batch(slices: ModelFolder) -> None:
    model = loaded(slices)
    shapes = [(96, 96), (96, 96), (130, 100), (96, 96), (80, 140)]
    pictures = [
        predict.Picture(n, tiny.picture(r, c, (30, 40, 12, 12), -800, 0, seed=n), (1.0, 1.0))
        for n, (r, c) in enumerate(shapes)
    ]
    together = scores(model, pictures)
    for one in pictures:
        alone = scores(model, [one], batch=1)[one.index]
        assert alone.scores["square"] == pytest.approx(together[one.index].scores["square"], abs=1e-5)


def test_a_slice_points_at_its_highest_place_in_source_pixels(slices: ModelFolder) -> None:
    model = loaded(slices)
    square = (30, 110, 16, 10)  # rows 0.5 mm, columns 0.8 mm: 8 x 8 mm
    picture = predict.Picture(7, tiny.picture(160, 160, square, -800, 0), (0.5, 0.8))
    (finding,) = scores(model, [picture])[7].findings
    assert finding.at[0] == pytest.approx(114.5, abs=4 / 0.8)  # a place is at most 2 cells of 4 mm away, mostly half
    assert finding.at[1] == pytest.approx(37.5, abs=4 / 0.5)
    assert finding.score == scores(model, [picture])[7].scores["square"]


def test_what_the_model_must_not_read_is_not_evaluated_and_says_why(film: ModelFolder) -> None:
    model = loaded(film)
    got = scores(
        model,
        [
            predict.Picture(0, np.zeros((1, 1), np.int16)),
            predict.Picture(1, tiny.picture(64, 64), padding=np.ones((64, 64), bool)),
            predict.Picture(2, tiny.picture(64, 64)),
        ],
    )
    assert [got[n].evaluated for n in range(3)] == [False, False, True]
    assert got[0].scores == {}
    assert "1 x 1" in got[0].reason


def test_out_of_memory_halves_the_batch_and_tells_the_reader_once(
    film: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded(film)
    pictures = [predict.Picture(n, tiny.picture(64, 64, seed=n)) for n in range(8)]
    before = scores(model, pictures)
    sizes: list[int] = []
    real = model.net.forward

    def short_of_memory(x: torch.Tensor) -> torch.Tensor:
        sizes.append(len(x))
        if len(x) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")
        return real(x)

    monkeypatch.setattr(model.net, "forward", short_of_memory)
    notices: list[str] = []
    got = {s.index: s for some in predict.predict(model, pictures, notice=notices.append) for s in some}
    assert sizes == [8, 4, 2, 2, 2, 2]
    assert notices == ["The processor is short of memory. Reading goes on in smaller batches."]
    for n in range(8):
        assert got[n].scores["square"] == pytest.approx(before[n].scores["square"], abs=1e-5)


def test_a_full_graphics_card_hands_over_to_the_processor(film: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = loaded(film)
    model.device = "cuda"  # as after loading onto a card; the tensors stay where this machine can compute
    real_to = torch.Tensor.to
    monkeypatch.setattr(torch.Tensor, "to", lambda x, *_, **__: real_to(x, "cpu"))
    real = model.net.forward

    def full(x: torch.Tensor) -> torch.Tensor:
        if model.device == "cuda":
            raise RuntimeError("CUDA error: out of memory")
        return real(x)

    monkeypatch.setattr(model.net, "forward", full)
    notices: list[str] = []
    answer = predict.forward(model, torch.zeros(2, 1, 64, 64), notices.append)
    assert answer.shape == (2, 1)
    assert model.device == "cpu"
    assert notices[-1] == "The graphics card is full. Reading goes on with the processor, which is slower."


def test_when_even_the_processor_is_full_one_sentence_says_so(
    film: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded(film)

    def full(x: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    monkeypatch.setattr(model.net, "forward", full)
    with pytest.raises(UserError, match="not enough memory") as caught:
        predict.forward(model, torch.zeros(2, 1, 64, 64))
    assert caught.value.code == "no_memory"


def test_an_error_that_is_not_memory_is_not_taken_for_it(film: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = loaded(film)

    def broken(x: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(model.net, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        predict.forward(model, torch.zeros(1, 1, 64, 64))


def test_weights_with_another_hash_are_refused(film: ModelFolder) -> None:
    with pytest.raises(UserError) as caught:
        models.load(film.path, "0" * 64, "cpu")
    assert caught.value.code == "hash_mismatch"


@pytest.mark.parametrize("damage", ["truncated", "header", "nan", "extra", "dtype"])
def test_damaged_weights_are_refused_with_one_sentence(tmp_path: Path, damage: str) -> None:
    from safetensors.torch import load_file, save_file

    from medviewer.inference.card import card_json
    from medviewer.inference.folder import sha256_of

    folder = tiny.film(tmp_path / "model")
    path = folder.path / "weights.safetensors"
    state = load_file(path)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "header":
        path.write_bytes((1 << 40).to_bytes(8, "little") + path.read_bytes()[8:])
    else:
        name = "head.weight"
        if damage == "nan":
            state[name][0, 0] = torch.nan
        elif damage == "dtype":
            state[name] = state[name].double()
        else:
            state["another"] = torch.zeros(2)
        save_file(state, path)
    import dataclasses

    digest = sha256_of(path)
    card = dataclasses.replace(folder.card, sha256s={"weights.safetensors": digest})
    (folder.path / "card.json").write_text(card_json(card))
    with pytest.raises(UserError) as caught:
        models.load(folder.path, digest, "cpu")
    assert caught.value.code == "bad_model"
    assert caught.value.sentence.count(".") >= 1


def test_a_card_that_puts_the_grid_elsewhere_than_the_net_is_refused(tmp_path: Path) -> None:
    from medviewer.inference.card import Cell, Explain

    folder = tiny.film(tmp_path / "model", explain=Explain("features.stage1", Cell((8, 8), (0, 0))))
    with pytest.raises(UserError, match="another place"):
        models.load(folder.path, folder.sha256, "cpu")


def test_devices_are_a_table_and_a_missing_one_is_a_sentence() -> None:
    assert device.choose("cpu") == "cpu"
    assert device.choose("auto") in device.DEVICES
    with pytest.raises(UserError, match="no device abacus"):
        device.choose("abacus")
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match="no cuda device"):
            device.choose("cuda")
