"""Maps lie where the class is decided, on the pixels of the source, and say how far they may be trusted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation
from medviewer.core.jobs import Cancelled
from medviewer.engine import models, predict
from medviewer.engine.explain import project
from medviewer.engine.explain.methods import METHODS
from medviewer.engine.explain.question import Question, ask
from medviewer.engine.explain.run import Task, explain
from medviewer.engine.explain.trust import likeness, rank_correlation
from medviewer.engine.preprocess import Prepared
from medviewer.inference.card import Baseline
from tests.engine import tiny

SQUARE = (40, 90, 20, 20)


@pytest.fixture
def film(tmp_path: Path) -> models.LoadedModel:  # one of its own for each test: some change it
    return load(tmp_path / "tiny-film")


def load(folder: Path, fit: str = "stretch", **changes: Any) -> models.LoadedModel:
    made = tiny.film(folder, fit, **changes)
    return models.load(made.path, made.sha256, "cpu")


def maps(model: models.LoadedModel, picture: predict.Picture, method: str, **parameters: Any) -> list[Explanation]:
    return list(explain(model, Task(picture, "square", method, parameters)))


def question(model: models.LoadedModel, picture: predict.Picture, **parameters: Any) -> Question:
    return ask(model, predict.prepare_picture(model, picture), "square", parameters)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fit", ["stretch", "pad", "crop"])
def test_the_map_is_on_the_planted_square_after_crop_and_resize(tmp_path: Path, method: str, fit: str) -> None:
    model = load(tmp_path / "m", fit)
    picture = predict.Picture(3, tiny.picture(90, 150, SQUARE))
    last = maps(model, picture, method)[-1]
    ratio = tiny.inside_over_outside(last.values, SQUARE)
    print(f"{method}, {fit}: map inside the square over outside {ratio:.1f}")
    assert last.values.shape == (90, 150)
    assert last.values.dtype == np.float32
    assert last.complete
    assert ratio > 3
    unseen = np.isnan(last.values)
    if fit == "crop":  # the middle 90 columns were seen
        assert unseen[:, :29].all()
        assert unseen[:, 121:].all()
        assert not unseen[:, 31:119].any()
    else:
        assert not unseen.any()


@pytest.mark.parametrize("method", METHODS)
def test_the_map_is_on_the_planted_square_where_pixels_are_not_square(tmp_path: Path, method: str) -> None:
    made = tiny.slices(tmp_path / "s", pixel_mm=1.0)
    model = models.load(made.path, made.sha256, "cpu")
    square = (60, 90, 24, 15)  # 12 x 12 mm
    picture = predict.Picture(0, tiny.picture(200, 160, square, -800, 0), (0.5, 0.8))
    last = maps(model, picture, method)[-1]
    ratio = tiny.inside_over_outside(last.values, square)
    print(f"{method}, 0.5 x 0.8 mm pixels: map inside the square over outside {ratio:.1f}")
    assert last.values.shape == (200, 160)
    assert ratio > 3
    assert last.parameters["explained"] == "logit of the highest place"


def test_the_part_that_is_explained_gives_the_logit_of_the_whole_slice(tmp_path: Path) -> None:
    made = tiny.slices(tmp_path / "s")
    model = models.load(made.path, made.sha256, "cpu")
    picture = predict.Picture(0, tiny.picture(200, 160, (60, 90, 12, 12), -800, 0), (1.0, 1.0))
    asked = question(model, picture)
    score = next(iter(predict.predict(model, [picture])))[0].scores["square"]
    assert asked.cut
    assert asked.x.shape[2] < asked.whole[0]
    assert predict.probability(model, "square", asked.value(asked.x)) == pytest.approx(score, abs=1e-5)


def test_another_place_of_the_slice_can_be_asked_for(tmp_path: Path) -> None:
    made = tiny.slices(tmp_path / "s")
    model = models.load(made.path, made.sha256, "cpu")
    values = tiny.picture(200, 160, (60, 90, 14, 14), -800, 0)
    values[140:148, 40:48] = 0  # a smaller square, which scores less
    picture = predict.Picture(0, values, (1.0, 1.0))
    last = maps(model, picture, "Occlusion", at=[43.0, 144.0])[-1]
    print("second place", tiny.inside_over_outside(last.values, (140, 40, 8, 8)))
    assert last.parameters["explained"] == "logit of the chosen place"
    assert tiny.inside_over_outside(last.values, (140, 40, 8, 8)) > 3
    assert np.allclose(last.values[60:74, 90:104], 0)


def test_grad_cam_is_placed_by_what_its_cells_see_not_by_a_resize() -> None:
    cells = np.zeros((7, 7), np.float32)
    cells[3, 3] = 1
    placed = project.from_grid(cells, (224, 224), (32.0, 32.0), (0.0, 0.0))  # ResNet-18's layer4 (AI.md 2)
    rows = np.arange(224)
    assert float((placed.sum(1) * rows).sum() / placed.sum()) == pytest.approx(96.0, abs=0.5)  # a resize says 111.5


def test_the_layers_grid_is_where_a_bright_dot_moves_it(film: models.LoadedModel) -> None:
    layer = film.net.get_submodule(film.card.explain.layer)
    grid = film.net.grid(film.card.explain.layer)
    seen: list[torch.Tensor] = []
    handle = layer.register_forward_hook(lambda _m, _i, out: seen.append(out))
    for at in (21, 34, 40):
        dot = torch.zeros(1, 1, 64, 64)
        dot[0, 0, at - 1 : at + 2, at - 1 : at + 2] = 25.0
        with torch.no_grad():
            film.net(dot)
        row = seen[-1][0, 0].sum(1).numpy()
        centre = float((row * np.arange(len(row))).sum() / row.sum())
        assert grid.offset + grid.stride * centre == pytest.approx(at, abs=grid.stride / 2)
    handle.remove()


def test_integrated_gradients_equal_captums_own_for_the_same_steps(film: models.LoadedModel) -> None:
    from captum.attr import IntegratedGradients

    nn.init.normal_(
        film.net.features.get_submodule("stage1.0.conv1").weight, generator=torch.Generator().manual_seed(1)
    )
    asked = question(film, predict.Picture(0, tiny.picture(64, 64, (20, 20, 20, 20))))
    *_, last = METHODS["IntegratedGradients"].run(asked, {"steps": 200})
    theirs = IntegratedGradients(asked.net).attribute(asked.x, baselines=asked.baseline, n_steps=200)
    theirs = theirs[0].sum(0).detach().numpy()
    assert last.parameters["steps"] == 200
    assert np.abs(last.values - theirs).max() <= 1e-5 * np.abs(theirs).max()


def test_integrated_gradients_refine_and_add_up_to_the_change_of_the_logit(film: models.LoadedModel) -> None:
    picture = predict.Picture(0, tiny.picture(90, 150, SQUARE))
    got = maps(film, picture, "IntegratedGradients", steps=32)
    fractions = [m.fraction for m in got]
    assert [m.complete for m in got[:3]] == [False] * 3
    assert fractions == sorted(fractions)
    gap = got[-1].trust["completeness_gap"]
    assert gap <= 0.05
    # the same sum, shared out over the source's pixels
    assert float(np.nansum(got[-1].values)) == pytest.approx(got[-1].trust["logit_change"], rel=0.1)
    assert rank_correlation(got[0].values, got[-1].values) > 0.9  # the first map is an estimate of the whole


def test_steps_are_doubled_up_to_200_while_the_map_does_not_add_up(
    film: models.LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medviewer.engine.explain.methods.GAP_ALLOWED", -1.0)
    asked = question(film, predict.Picture(0, tiny.picture(64, 64, (20, 20, 20, 20))))
    steps = list(METHODS["IntegratedGradients"].run(asked, {"steps": 60}))
    rounds = [s.parameters["steps"] for s in steps if "completeness_gap" in s.trust]
    assert rounds == [60, 120, 200]
    assert [s.fraction < 1 for s in steps][-2:] == [True, False]


@pytest.mark.parametrize("method", METHODS)
def test_random_weights_give_another_map(film: models.LoadedModel, method: str) -> None:
    values = np.kron(np.random.default_rng(1).integers(0, 420, (6, 10)), np.ones((15, 15))).astype(np.int16)
    values[40:60, 90:110] = 900  # the square among structures that do not reach the model's "bright"
    picture = predict.Picture(0, values)
    real = maps(film, picture, method)[-1]
    other = maps(film, picture, method, randomise=True)[-1]
    correlation = likeness(np.nan_to_num(real.values), np.nan_to_num(other.values))
    ratio, lost = (tiny.inside_over_outside(m.values, SQUARE) for m in (real, other))
    print(
        f"{method}: inside over outside {ratio:.1f}, with random weights {lost:.1f}, rank correlation {correlation:.2f}"
    )
    assert lost < ratio / 2
    assert correlation < 0.8
    assert real.trust["rank_correlation_randomised"] == pytest.approx(correlation, abs=0.3)
    assert "rank_correlation_randomised" not in other.trust


def test_the_check_comes_after_the_map_and_is_made_once(film: models.LoadedModel) -> None:
    first = maps(film, predict.Picture(0, tiny.picture(90, 150, SQUARE)), "LayerGradCam")
    assert [("rank_correlation_randomised" in m.trust) for m in first] == [False, True]
    film.check["LayerGradCam/square/"] = 0.123
    second = maps(film, predict.Picture(1, tiny.picture(90, 150, (10, 10, 20, 20))), "LayerGradCam")
    assert second[-1].trust["rank_correlation_randomised"] == 0.123
    assert "rank_correlation_other_image" in second[-1].trust


def stops_after(chunks: int) -> Callable[[], None]:
    left = [chunks]

    def stop() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Cancelled

    return stop


def test_a_cancel_ends_the_work_between_chunks_and_leaves_no_hook(film: models.LoadedModel) -> None:
    picture = predict.Picture(0, tiny.picture(90, 150, SQUARE))
    for method, chunks in (("LayerGradCam", 0), ("IntegratedGradients", 2), ("Occlusion", 2)):
        with pytest.raises(Cancelled):
            list(explain(film, Task(picture, "square", method), stop=stops_after(chunks)))
        assert not film.lock.locked()
        for module in film.net.modules():
            assert not module._forward_hooks
            assert not module._backward_hooks
            assert not module._forward_pre_hooks


def test_too_little_memory_for_a_chunk_halves_it(film: models.LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = predict.Picture(0, tiny.picture(90, 150, SQUARE))
    before = maps(film, picture, "IntegratedGradients", check=False)[-1]
    real = film.net.forward

    def short_of_memory(x: torch.Tensor) -> torch.Tensor:
        if len(x) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(x)

    monkeypatch.setattr(film.net, "forward", short_of_memory)
    notices: list[str] = []
    after = list(explain(film, Task(picture, "", "IntegratedGradients", {"check": False}), notice=notices.append))[-1]
    assert len(notices) == 1
    assert np.abs(after.values - before.values).max() <= 1e-4 * np.abs(before.values).max()


def test_no_map_where_the_model_does_not_answer(film: models.LoadedModel) -> None:
    with pytest.raises(UserError, match="Not evaluated"):
        maps(film, predict.Picture(0, np.zeros((1, 1), np.int16)), "LayerGradCam")


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("Reading tea leaves", {}),
        ("IntegratedGradients", {"steps": 0}),
        ("Occlusion", {"overlap": 3}),
        ("Occlusion", {"x": 1}),
    ],
)
def test_methods_and_parameters_that_do_not_exist_are_one_sentence(
    film: models.LoadedModel, method: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(UserError) as caught:
        maps(film, predict.Picture(0, tiny.picture(90, 150)), method, **parameters)
    assert caught.value.code == "usage"


def test_every_map_says_what_it_is_not_and_how_it_was_made(film: models.LoadedModel) -> None:
    picture = predict.Picture(0, tiny.picture(90, 150, SQUARE))
    for method in METHODS:
        last = maps(film, picture, method)[-1]
        assert "not where disease is" in last.sentence
        assert last.parameters["explained"] == "logit"
        assert ("baseline" in last.parameters) == (method != "LayerGradCam")
    assert maps(film, picture, "LayerGradCam")[-1].trust["cell_px"] == [4 * 90 / 64, 4 * 150 / 64]


def test_a_finer_layer_can_be_asked_for(film: models.LoadedModel) -> None:
    picture = predict.Picture(0, tiny.picture(90, 150, SQUARE))
    last = maps(film, picture, "LayerGradCam", layer="features.stem")[-1]
    assert last.trust["cell_px"] == [2 * 90 / 64, 2 * 150 / 64]
    assert last.parameters["layer"] == "features.stem"
    assert tiny.inside_over_outside(last.values, SQUARE) > 3
    with pytest.raises(UserError, match="no layer"):
        maps(film, picture, "LayerGradCam", layer="head")


@pytest.mark.parametrize("baseline", [Baseline("mean"), Baseline("value", 0.25), Baseline("blurred", 6.0)])
def test_each_baseline_of_a_card_works(tmp_path: Path, baseline: Baseline) -> None:
    from medviewer.engine import nets
    from medviewer.inference.card import Explain

    grid = nets.build("resnet-small", {"widths": [4], "blocks": [1], "stem": 4}).grid("features.stage1")
    model = load(tmp_path / "m", explain=Explain("features.stage1", grid.cell, baseline))
    last = maps(model, predict.Picture(0, tiny.picture(90, 150, SQUARE)), "IntegratedGradients", check=False)[-1]
    assert last.parameters["baseline"]["kind"] == baseline.kind
    assert tiny.inside_over_outside(last.values, SQUARE) > 3


# --- the one back-projection ---


def prepared(to_source: list[list[float]], rows: int, columns: int) -> Prepared:
    return Prepared(np.zeros((1, 0, 0), np.float32), np.array(to_source, float), np.ones((rows, columns), bool))


def test_identity_is_exact() -> None:
    values = np.random.default_rng(0).normal(size=(20, 30)).astype(np.float32)
    back = project.to_source(values, prepared([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 20, 30), additive=True)
    assert np.array_equal(back, values)


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.7, 3.0])
def test_the_sum_of_an_additive_map_is_kept_and_its_place_too(scale: float) -> None:
    values = np.zeros((60, 60), np.float32)
    values[20:30, 30:40] = 1.0
    rows = columns = round(60 * scale)
    shift = (scale - 1) / 2
    back = project.to_source(
        values, prepared([[scale, 0, shift], [0, scale, shift], [0, 0, 1]], rows, columns), additive=True
    )
    assert float(np.nansum(back)) == pytest.approx(100, rel=0.02)
    centre = (np.nansum(back, 1) * np.arange(rows)).sum() / np.nansum(back)
    assert centre == pytest.approx(24.5 * scale + shift, abs=0.3)
    height = project.to_source(
        values, prepared([[scale, 0, shift], [0, scale, shift], [0, 0, 1]], rows, columns), additive=False
    )
    assert np.nanmax(height) == pytest.approx(1.0)


def test_pixels_that_the_net_never_saw_are_nan() -> None:
    ready = prepared([[1, 0, 10], [0, 1, 5], [0, 0, 1]], 50, 60)
    ready.seen[7, 15] = False
    back = project.to_source(np.ones((20, 30), np.float32), ready, additive=False)
    kept = np.isfinite(back)
    assert kept.sum() == 20 * 30 - 1
    assert kept[5:25, 10:40].sum() == 20 * 30 - 1
    assert not kept[7, 15]


def test_rank_correlation_knows_ties_and_flat_maps() -> None:
    a = np.array([1.0, 2.0, 2.0, 3.0, np.nan])
    assert rank_correlation(a, a * 7) == pytest.approx(1)
    assert rank_correlation(a, np.array([3.0, 2.0, 2.0, 1.0, 5.0])) == pytest.approx(-1)
    assert rank_correlation(a, np.zeros(5)) == 0.0
