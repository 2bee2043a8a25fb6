"""The shipped nodule model's maps hang on its weights: a net that knows nothing draws another one."""

from pathlib import Path

import numpy as np
import pytest

from medviewer.engine import models, predict
from medviewer.engine.explain.methods import METHODS
from medviewer.engine.explain.run import Task, explain
from medviewer.inference import folder

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "lung-nodule"


def slice_with_a_nodule() -> np.ndarray:
    """A body with two lungs, vessels of noise, and one round nodule in the left lung; HU, 0.7 mm."""
    y, x = np.mgrid[:512, :512]
    hu = np.full((512, 512), -1000.0, np.float32)
    hu[np.hypot((x - 256) / 1.3, y - 256) < 180] = 40
    for middle in (165, 347):
        hu[np.hypot(x - middle, (y - 256) / 1.5) < 70] = -850
    hu += np.random.default_rng(0).normal(0, 25, hu.shape)
    hu[np.hypot(x - 365, y - 230) < 8] = 30
    return hu.astype(np.float32)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_map_is_not_that_of_a_net_that_knows_nothing(method):
    found = folder.load(SHIPPED)
    model = models.load(found.path, found.sha256, "cpu")
    picture = predict.Picture(0, slice_with_a_nodule(), (0.7, 0.7), False, None)
    *_, real = explain(model, Task(picture, "", method, {"check": False}))
    column, row = real.parameters["place"]
    *_, blind = explain(model, Task(picture, "", method, {"randomise": True, "at": [column, row]}))
    assert np.hypot(column - 365, row - 230) < 8, "the highest place is the nodule"
    field = (slice(int(row) - 22, int(row) + 23), slice(int(column) - 22, int(column) + 23))
    a, b = (np.nan_to_num(m.values)[field] for m in (real, blind))
    alike = np.corrcoef(a.ravel(), b.ravel())[0, 1]
    print(f"\n{method}: correlation of the map with that of random weights {alike:.2f}")
    assert alike < 0.95
    assert (np.abs(a) > 0.01 * np.abs(a).max()).sum() > 100, "a map is more than a dot"
