"""What is compared in the main table: the product's own training in its ways, and scores that need none."""

import dataclasses
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.app.admin import plans
from medviewer.core import statistics
from medviewer.engine import models
from medviewer.engine.nets import Net
from medviewer.engine.train.augment import variety
from medviewer.engine.train.config import Config, Schedule
from medviewer.engine.train.datasets import DataSet
from medviewer.engine.train.inspect.regression import fitted
from medviewer.engine.train.judge import logits_of
from medviewer.engine.train.loop import Setting, train
from medviewer.inference import folder as model_folder

from .draws import Draw, Ints
from .films import Films

Floats = NDArray[np.float64]
#: Strengths of the ridge among which the selecting part chooses.
RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
_BATCH = 64
#: A training from nothing, and the option "longer": so many times the epochs, of which only the last ones are judged.
LONGER, LATE = 3, 0.9
SCRATCH_RATE = 2e-3
#: Ways to fine-tune, as they differ from what the panel suggests. Its rate is gentle: 50 steps hardly move a head.
WAYS: dict[str, dict[str, Any]] = {
    "fine": {},
    "head": {"freeze": -1},
    "fine, quick": {"rate": SCRATCH_RATE, "judge_from": 0.5},
    "head, quick": {"rate": 3e-2, "judge_from": 0.5, "freeze": -1},
}


@dataclass(frozen=True)
class Bench:
    """The shipped model, and how trainings are made from it."""

    films: Films
    base: plans.Base
    shipped: models.LoadedModel
    epochs: int
    threads: int

    @property
    def weights(self) -> dict[str, Tensor]:
        return dict(self.shipped.net.state_dict())

    def config(self, seed: int, *, fine: bool, **settings: Any) -> Config:
        """Return the training that the panel would make: its settings for fine-tuning, or the preset's from scratch."""
        table = self.base.tables["training"] | (plans.FINE if fine else {})
        table |= {"epochs": self.epochs, "batch": plans.FINE_BATCH, "seed": seed, "threads": self.threads} | settings
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
        schedule = Schedule(**values)
        key = hashlib.sha256(repr((schedule, self.shipped.sha256)).encode()).hexdigest()
        augment = variety(self.base.tables["augment"])
        return Config(b"", key, self.base.card, {"kind": "films"}, schedule, augment)

    def train(self, config: Config, fit: Ints, select: Ints, weights: dict[str, Tensor] | None) -> Net:
        """Train with the product's engine; films that are tested on are not even in its data."""
        parts = {"fit": self.films.part(fit), "select": self.films.part(select)}
        data = DataSet(parts, "0" * 64, {}, "films", "nih-chestxray14-1000")
        with tempfile.TemporaryDirectory() as work:
            net, _ = train(config, data, Setting(Path(work), weights=weights))
        return net

    def scores(self, net: Net, at: Ints) -> Floats:
        """Return a net's logits [n] of untouched films."""
        return logits_of(net, self.films.part(at), self.config(0, fine=True), "cpu")

    @torch.no_grad()
    def features(self, net: Net, at: Ints) -> Floats:
        """Return what a net has before its head [n, channel]."""
        found = []
        for start in range(0, len(at), _BATCH):
            x = torch.from_numpy(self.films.x[at[start : start + _BATCH]].astype(np.float32))[:, None]
            x = x.expand(-1, self.base.card["input"].get("channels", 1), -1, -1)
            found.append(net.features(x.contiguous(memory_format=torch.channels_last)).mean((2, 3)).double().numpy())
        return np.concatenate(found)


def bench(films: Callable[[Any], Films], model: Path, epochs: int, threads: int) -> Bench:
    """Load the shipped model and the films as it reads them."""
    torch.set_num_threads(threads)
    found = model_folder.load(model)
    shipped = models.load(model, found.sha256, "cpu")
    return Bench(films(found.card.input), plans.model_base(found), shipped, epochs, threads)


def fine_tuned(b: Bench, d: Draw, **settings: Any) -> Floats:
    """Fine-tune the shipped model on the 200 films."""
    return b.scores(b.train(b.config(d.seed, fine=True, **settings), d.fit, d.select, b.weights), d.rest)


def scratch(b: Bench, d: Draw) -> Floats:
    """Train the same net from nothing: as the shipped model was, at the rate of its first training; it needs longer."""
    config = b.config(d.seed, fine=False, epochs=LONGER * b.epochs, judge_from=LATE, rate=SCRATCH_RATE)
    return b.scores(b.train(config, d.fit, d.select, None), d.rest)


def frozen_features(b: Bench, d: Draw) -> Floats:
    """Fit a logistic regression on what the shipped model has before its head."""
    every = b.features(b.shipped.net, np.arange(len(b.films)))
    return regression(b.films, every, d)


def regression(films: Films, x: Floats, d: Draw) -> Floats:
    """Fit on the fitting part, choose the ridge on the selecting part (log loss), answer for the rest."""
    made = [fitted(x[d.fit], films.y[d.fit], ridge) for ridge in RIDGES]
    best = min(made, key=lambda one: statistics.log_loss(one(x[d.select]), films.y[d.select]))
    p = np.clip(best(x[d.rest]), 1e-12, 1 - 1e-12)
    return np.asarray(np.log(p / (1 - p)), np.float64)


def _alone(column: Callable[[Films], Any]) -> Callable[[Bench, Draw], Floats]:
    """A single number of each film; which way it points is learnt from the 200."""

    def scores(b: Bench, d: Draw) -> Floats:
        x = np.asarray(column(b.films), np.float64)[:, None]
        both = dataclasses.replace(d, fit=np.concatenate([d.fit, d.select]))
        return regression(b.films, x, both)

    return scores


#: Arm -> (words, scores of the rest of the films).
ARMS: dict[str, tuple[str, Callable[[Bench, Draw], Floats]]] = {
    "shipped": ("(a) shipped model as it is", lambda b, d: b.scores(b.shipped.net, d.rest)),
    "fine": ("(b) fine-tuned, all layers", lambda b, d: fine_tuned(b, d, **WAYS["fine"])),
    "head": ("(c) fine-tuned, head only", lambda b, d: fine_tuned(b, d, **WAYS["head"])),
    "fine, quick": ("(b2) as (b), rate 2e-3", lambda b, d: fine_tuned(b, d, **WAYS["fine, quick"])),
    "head, quick": ("(c2) as (c), rate 3e-2", lambda b, d: fine_tuned(b, d, **WAYS["head, quick"])),
    "scratch": ("(d) the same net from scratch", scratch),
    "features": ("(e) frozen features, logistic regression", frozen_features),
    "thumbnail": (
        "(f) 12 x 12 thumbnail, logistic regression",
        lambda b, d: regression(b.films, b.films.thumbnails, d),
    ),
}
#: Scores that know nothing of the lungs.
ALONE: dict[str, tuple[str, Callable[[Bench, Draw], Floats]]] = {
    "raw thumbnail": (
        "12 x 12 thumbnail of the greys before preparation",
        lambda b, d: regression(b.films, b.films.raw_thumbnails, d),
    ),
    "grey": ("mean grey alone", _alone(lambda f: f.grey)),
    "view": ("view (AP or PA) alone", _alone(lambda f: f.view == "PA")),
    "number": ("number of the patient alone (years)", _alone(lambda f: f.number)),
    "age": ("age alone", _alone(lambda f: f.age)),
}
