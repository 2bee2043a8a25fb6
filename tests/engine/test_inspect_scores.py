"""What a data set keeps of a picture scores as the picture itself, whatever its size, its greys and its padding."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from medviewer.app.admin.dataset_patches import Cut, patch
from medviewer.app.admin.dataset_pictures import MOST_SIDE, Unfit, reduced, stored
from medviewer.core.image import Frame
from medviewer.engine import models, predict
from medviewer.inference.folder import load
from tests.engine import tiny

MODEL = Path(__file__).resolve().parents[2] / "models" / "cxr-pneumonia"
CLOSE = 0.02


@pytest.fixture(scope="module")
def model() -> models.LoadedModel:
    folder = load(MODEL)
    return models.load(folder.path, folder.sha256, "cpu")


@pytest.fixture(scope="module")
def originals(shared: Path) -> list[NDArray[np.uint8]]:
    """24 films as the scanner wrote them, 1,000 to 2,000 pixels wide."""
    with zipfile.ZipFile(shared / "data/train/kermany-originals-24/images.zip") as packed:
        return [np.asarray(Image.open(io.BytesIO(packed.read(name))).convert("L")) for name in packed.namelist()]


def scores(model: models.LoadedModel, frames: list[Frame]) -> NDArray[np.float64]:
    pictures = [predict.Picture(n, frame.values, None, frame.inverted, frame.padding) for n, frame in enumerate(frames)]
    found = {s.index: s.scores["pneumonia"] for some in predict.predict(model, pictures, batch=4) for s in some}
    return np.array([found[n] for n in range(len(frames))])


def change(model: models.LoadedModel, frames: list[Frame]) -> float:
    """The largest change of a score when frames are kept in a data set."""
    kept = [Frame(stored(frame)) for frame in frames]
    return float(np.abs(scores(model, frames) - scores(model, kept)).max())


def test_reduced_films_score_as_the_originals(model: models.LoadedModel, originals: list[NDArray[np.uint8]]) -> None:
    frames = [Frame(x) for x in originals]
    large = [frame for frame in frames if max(frame.values.shape) > MOST_SIDE]
    assert len(large) > 10
    assert all(max(stored(frame).shape) == MOST_SIDE for frame in large)
    worst = change(model, large)
    print(f"\nlargest change of a score by reducing {len(large)} films: {worst:.4f}")
    assert worst <= CLOSE


def test_films_upside_down_in_grey_and_of_twelve_bits_score_the_same(
    model: models.LoadedModel, originals: list[NDArray[np.uint8]]
) -> None:
    inverted = [Frame(255 - x, inverted=True) for x in originals[::3]]
    twelve = [Frame((4095 - x.astype(np.uint16) * 16), inverted=True) for x in originals[1::3]]
    colour = [Frame(np.stack([x, x, x], -1)) for x in originals[2::3]]
    assert max(change(model, frames) for frames in (inverted, twelve, colour)) <= CLOSE


def test_padded_films_score_the_same_or_are_refused(
    model: models.LoadedModel, originals: list[NDArray[np.uint8]]
) -> None:
    frames = []
    for number, x in enumerate(originals):
        padding = np.zeros(x.shape, bool)
        side = int(x.shape[1] * 0.1)
        padding[:, :side] = True
        values = np.where(padding, 255 if number % 2 else 0, x).astype(np.uint8)
        frames.append(Frame(values, padding, inverted=number % 3 == 0))
    worst = change(model, frames)
    print(f"\nlargest change of a score with a tenth of padding: {worst:.4f}")
    assert worst <= CLOSE
    half = np.zeros(originals[0].shape, bool)
    half[: len(half) // 5] = True
    with pytest.raises(Unfit, match="padding"):
        stored(Frame(originals[0], half))


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.6, 0.8), (1.4, 1.2)], ids=str)
def test_a_patch_scores_as_its_place_in_the_slice(tmp_path: Path, spacing: tuple[float, float]) -> None:
    folder = tiny.slices(tmp_path / "tiny")
    places = models.load(folder.path, folder.sha256, "cpu")
    slice_ = tiny.picture(140, 160, (60, 70, 14, 14), -800, 0, seed=3)
    (answer,) = [s for some in predict.predict(places, [predict.Picture(0, slice_, spacing)]) for s in some]
    best = max(answer.findings, key=lambda finding: finding.score)
    assert best.at is not None
    cut = patch(Frame(slice_), Cut(best.at, spacing, folder.card.input))
    (alone,) = [s for some in predict.predict(places, [predict.Picture(0, cut)], patch=True) for s in some]
    assert alone.scores["square"] == pytest.approx(best.score, abs=CLOSE)
    assert best.score > 0.5


def test_areas_are_averaged_exactly() -> None:
    x = np.random.default_rng(0).normal(100, 30, (1536, 2048)).astype(np.float32)
    half = reduced(x)
    np.testing.assert_allclose(half, x.reshape(768, 2, 1024, 2).mean((1, 3)), rtol=1e-5)
    odd = reduced(x[:1501, :1999], 700)
    assert odd.shape == (526, 700)
    assert odd.mean() == pytest.approx(x[:1501, :1999].mean(), rel=1e-5)
    np.testing.assert_array_equal(reduced(x[:400, :500]), x[:400, :500])
