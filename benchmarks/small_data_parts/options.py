"""Options for small data, one at a time on top of a fine-tuning: each returns the scores of the rest of the films."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from medviewer.engine.nets import Net, build
from medviewer.engine.train.augment import Change, apply, variety
from medviewer.engine.train.datasets import in_select
from medviewer.engine.train.schedule import rate_at

from . import films as film_files
from .arms import LATE, LONGER, Bench, Floats, fine_tuned
from .draws import Draw, Ints

#: Films that are chosen at a time, how often, and out of how many times as many uncertain ones.
STEP, ROUNDS, CANDIDATES = 50, 4, 3
#: Numbers of films at which chosen ones are compared with random ones.
COMPARED = (100, 200)
#: Every so many-th patient of chosen films chooses the epoch.
EVERY = 5
#: Unlabelled films from elsewhere, and rate and batch of the learning of rotations.
ELSEWHERE, ROTATION_RATE, ROTATION_BATCH = 400, 1e-3, 32
#: Epochs of that for ten of the fine-tuning.
TURNING = 4


@dataclass(frozen=True)
class Base:
    """The fine-tuning that options are added to, and the folder of the unlabelled films from elsewhere."""

    settings: dict[str, Any]
    elsewhere: Path


Scores = dict[str, Floats]


def longer(b: Bench, d: Draw, base: Base) -> Scores:
    return {"longer": fine_tuned(b, d, **base.settings | {"epochs": LONGER * b.epochs, "judge_from": LATE})}


def mixup(b: Bench, d: Draw, base: Base) -> Scores:
    return {"mixup": fine_tuned(b, d, **base.settings, mixup=0.2)}


def rare(b: Bench, d: Draw, base: Base) -> Scores:
    """Train with 40 films with the finding and 160 without, classes weighed alike or not."""
    found = {}
    for name, weighed in (("rare, weighed", True), ("rare, unweighed", False)):
        config = b.config(d.seed, fine=True, **base.settings, class_weights=weighed)
        found[name] = b.scores(b.train(config, d.rare_fit, d.rare_select, b.weights), d.rest)
    return found


# -- a self-supervised start


def rotations(b: Bench, d: Draw, base: Base) -> Scores:
    """Learn first how unlabelled films are turned (Gidaris 2018), from the shipped weights on, then fine-tune."""
    x = np.concatenate([b.films.x[d.pool], _elsewhere(base.elsewhere, b)])
    net = _turned(b, x, d.seed)
    weights = dict(net.state_dict()) | {k: v for k, v in b.weights.items() if k.startswith("head")}
    config = b.config(d.seed, fine=True, **base.settings)
    return {"rotations": b.scores(b.train(config, d.fit, d.select, weights), d.rest)}


_READ: dict[Path, NDArray[np.float16]] = {}


def _elsewhere(folder: Path, b: Bench) -> NDArray[np.float16]:
    if folder not in _READ:
        _READ[folder] = film_files.unlabelled(folder, b.shipped.card.input, ELSEWHERE, 0)
    return _READ[folder]


def _turned(b: Bench, x: NDArray[np.float16], seed: int) -> Net:
    """Return the shipped net after it has learnt which of four quarter turns each picture was given."""
    torch.manual_seed(seed)
    architecture = b.base.card["architecture"]
    net = build(architecture["name"], architecture.get("params"))
    net.load_state_dict(b.weights)
    net.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    with torch.no_grad():
        width = net.features(torch.zeros(1, b.base.card["input"].get("channels", 1), *x.shape[1:])).shape[1]
    head = nn.Linear(width, 4)
    optimiser = torch.optim.AdamW([*net.parameters(), *head.parameters()], ROTATION_RATE)
    schedule = b.config(seed, fine=False).schedule
    epochs = max(1, b.epochs * TURNING // 10)
    steps = epochs * (len(x) // ROTATION_BATCH)
    for step, (pictures, turns) in enumerate(_batches(b, x, epochs, seed)):
        for group in optimiser.param_groups:
            group["lr"] = ROTATION_RATE * rate_at(step / steps, schedule)
        with torch.autocast("cpu", torch.bfloat16, enabled=schedule.precision == "bf16"):
            logits = head(net.features(pictures).mean((2, 3))).float()
        loss = functional.cross_entropy(logits, turns)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    net.eval()
    return net


def _batches(b: Bench, x: NDArray[np.float16], epochs: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield pictures, changed as in training and then turned, and by how many quarters."""
    rng = np.random.default_rng((seed, 4))
    augment = variety(b.base.tables["augment"])
    channels = b.base.card["input"].get("channels", 1)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - ROTATION_BATCH + 1, ROTATION_BATCH):
            at = order[start : start + ROTATION_BATCH]
            changes: list[Change] = [augment.draw(rng) for _ in at]
            pictures = apply(torch.from_numpy(x[at].astype(np.float32))[:, None], changes, seed=(seed, epoch, start))
            turns = rng.integers(0, 4, len(at))
            pictures = torch.stack([torch.rot90(p, int(k), (1, 2)) for p, k in zip(pictures, turns, strict=True)])
            pictures = pictures.expand(-1, channels, -1, -1).contiguous(memory_format=torch.channels_last)
            yield pictures, torch.from_numpy(turns)


# -- active selection


def active(b: Bench, d: Draw, base: Base) -> Scores:
    """Begin with 50 films of a pool of 400, add three times 50: those in doubt, spread out; against random ones."""
    order = _random_order(b, d)
    config = b.config(d.seed, fine=True, **base.settings)

    def trained(chosen: list[int]) -> Net:
        return b.train(config, *_parts(b, chosen), b.weights)

    found: Scores = {}
    chosen = order[:STEP]
    for number in range(1, ROUNDS + 1):
        net = trained(chosen)
        if len(chosen) in COMPARED:
            found[f"active, {len(chosen)}"] = b.scores(net, d.rest)
        if number < ROUNDS:
            chosen = chosen + _doubtful(b, net, chosen, d.pool)
    for count in COMPARED:
        found[f"random, {count}"] = b.scores(trained(order[:count]), d.rest)
    return found


def _random_order(b: Bench, d: Draw) -> list[int]:
    """Return the pool in random order; its first films have both classes where they fit and where they choose."""
    rng = np.random.default_rng((d.seed, 5))
    while True:
        order: list[int] = rng.permutation(d.pool).tolist()
        if all(b.films.y[part].any() and not b.films.y[part].all() for part in _parts(b, order[:STEP])):
            return order


def _parts(b: Bench, chosen: list[int]) -> tuple[Ints, Ints]:
    """Return which of the chosen films fit and which choose, by patient."""
    choose = [in_select(str(b.films.patients[i]), EVERY) for i in chosen]
    index = np.array(chosen, np.int64)
    return np.sort(index[~np.array(choose)]), np.sort(index[np.array(choose)])


def _doubtful(b: Bench, net: Net, chosen: list[int], pool: Ints) -> list[int]:
    """Return 50 more films: of the 150 with a logit nearest to 0 those farthest from all chosen ones, one by one."""
    left = np.setdiff1d(pool, chosen)
    doubt = left[np.argsort(np.abs(b.scores(net, left)), kind="stable")[: CANDIDATES * STEP]]
    seen, new = b.features(net, np.array(chosen)), b.features(net, doubt)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-6
    seen, new = (seen - mean) / deviation, (new - mean) / deviation
    far = np.min(np.linalg.norm(new[:, None] - seen[None], axis=2), axis=1)
    found = []
    for _ in range(STEP):
        at = int(np.argmax(far))
        found.append(int(doubt[at]))
        far = np.minimum(far, np.linalg.norm(new - new[at], axis=1))
    return found


Option = Callable[[Bench, Draw, Base], Scores]
#: Option -> its scores by name.
OPTIONS: dict[str, Option] = {
    "mixup": mixup,
    "rare": rare,
    "rotations": rotations,
    "active": active,
    "longer": longer,
}
#: Option -> what it writes.
NAMES = {
    "mixup": ("mixup",),
    "rare": ("rare, weighed", "rare, unweighed"),
    "rotations": ("rotations",),
    "active": ("active, 100", "random, 100", "active, 200", "random, 200"),
    "longer": ("longer",),
}
#: (words, its scores, what they are compared with; "base" is the fine-tuning on the 200).
ROWS: tuple[tuple[str, str, str], ...] = (
    ("mixup 0.2", "mixup", "base"),
    ("class weights on, against off (40 with, 160 without)", "rare, weighed", "rare, unweighed"),
    ("self-supervised start (rotations)", "rotations", "base"),
    ("active selection, 100 films, against random", "active, 100", "random, 100"),
    ("active selection, 200 films, against random", "active, 200", "random, 200"),
    (f"{LONGER} times the epochs", "longer", "base"),
)


def on(way: str, name: str) -> str:
    """Return what an option's scores are called in the book: with the fine-tuning that it was added to."""
    return f"{way}: {name}"
