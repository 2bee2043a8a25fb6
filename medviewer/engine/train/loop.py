"""The training loop: AdamW, cosine, running average of weights, one checkpoint an epoch, exact resumption.

Every random draw comes from (seed, epoch, position), never from a running generator: a training that was killed and
resumed makes the same weights as one that ran through, and the number of threads of the data does not matter.
"""

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from medviewer.core import statistics
from medviewer.core.errors import UserError
from medviewer.engine.nets import Net, build, picture_logits
from medviewer.engine.train import checkpoint
from medviewer.engine.train.augment import EDGES, STRESS, Change, apply
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import DataSet, Examples

#: Called with one JSON-able line a step group or epoch.
Say = Callable[[dict[str, Any]], object]
LAST, BEST = "last.safetensors", "best.safetensors"
_JUDGE_BATCH = 128
_AS_IT_IS = Change()
#: Scaled grey above which the middle of a shifted patch is tissue and no air (-500 HU in -1000..400).
_TISSUE = 0.36


@dataclass
class State:
    """What a checkpoint holds: the net, its running average, the optimiser, and where the training stands."""

    net: Net
    average: Net
    optimiser: torch.optim.AdamW
    epoch: int = 0  # finished ones
    step: int = 0
    best: float = -math.inf
    best_epoch: int = -1


def train(config: Config, data: DataSet, work: Path, device: str, resume: bool, say: Say) -> tuple[Net, dict[str, Any]]:
    """Train, or go on training, and return the best epoch's averaged net (evaluation mode) and what is known of it.

    `work` is the folder of the checkpoints (last.safetensors, best.safetensors); with `resume` the training goes on
    from there, and without a checkpoint it starts anew. `say` is told about epochs:
    `{"event": "epoch", "epoch", "loss", "select_auc", "stress_auc", "best"}`.

    Raises:
        UserError: `bad_checkpoint`: damaged, or of another configuration or other data.
    """
    schedule = config.schedule
    torch.set_num_threads(schedule.threads)
    torch.manual_seed(schedule.seed)
    state = _new(config, device)
    key = {"config": config.sha256, "data": data.sha256}
    if resume and (work / LAST).is_file():
        _restore(state, work / LAST, key)
        say({"event": "resumed", "epoch": state.epoch})
    while state.epoch < schedule.epochs:
        loss = _epoch(state, config, data.parts["fit"], device, say)
        state.epoch += 1
        line = {"event": "epoch", "epoch": state.epoch, "of": schedule.epochs, "loss": round(loss, 5)}
        if state.epoch > schedule.epochs // 2:  # with a cosine the best epoch is a late one
            line |= _judge_epoch(state, config, data.parts["select"], device, work, key)
        checkpoint.save(work / LAST, _tensors(state), key | _numbers(state))
        say(line)
    tensors, found = checkpoint.load(work / BEST)
    state.average.load_state_dict(tensors)
    return state.average.eval(), {"epoch": found["epoch"], "stress_auc": found["stress_auc"]}


def _judge_epoch(
    state: State, config: Config, part: Examples, device: str, work: Path, key: dict[str, str]
) -> dict[str, Any]:
    """Keep the averaged weights if they are the best so far: by the mean AUC over all changes, not the plain one."""
    judged = judge(state.average, config, part, device)
    aucs = {name: statistics.auc(z, part.y) for name, z in judged.items()}
    value = float(np.mean(list(aucs.values())))
    if value > state.best:
        state.best, state.best_epoch = value, state.epoch
        found = key | {"epoch": state.epoch, "stress_auc": value}
        checkpoint.save(work / BEST, state.average.state_dict(), found)
    return {"select_auc": aucs["as it is"], "stress_auc": value, "best": state.best_epoch}


def _new(config: Config, device: str) -> State:
    net = build(config.card["architecture"]["name"], config.card["architecture"].get("params"))
    net = net.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    schedule = config.schedule
    plain = [p for p in net.parameters() if p.ndim < 2]
    rest = [p for p in net.parameters() if p.ndim >= 2]
    groups = [{"params": rest, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return State(net, copy.deepcopy(net).eval(), torch.optim.AdamW(groups, lr=schedule.rate))


def _epoch(state: State, config: Config, part: Examples, device: str, say: Say) -> float:
    """One pass over the fitting part; returns the mean loss."""
    schedule = config.schedule
    order = pass_order(part.y, schedule.positive_repeat, (schedule.seed, state.epoch))
    torch.manual_seed(int(np.random.SeedSequence((schedule.seed, state.epoch)).generate_state(1)[0]))
    positives = float(part.y[order].mean())
    steps = math.ceil(len(order) / schedule.batch)
    state.net.train()
    total = 0.0
    for number, (x, y) in enumerate(_batches(config, part, order, state.epoch)):
        _set_rate(state, schedule.rate * rate_at(state.step / (steps * schedule.epochs), schedule.warmup))
        x, y = x.to(device).contiguous(memory_format=torch.channels_last), y.to(device)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=schedule.precision == "bf16"):
            logits = state.net(x).float()
        # every class weighs the same in all: the shipped prevalence belongs to the calibration
        weight = torch.where(y > 0.5, 0.5 / positives, 0.5 / (1 - positives)).masked_fill(y.isnan(), 0)
        target = y.nan_to_num() * (1 - 2 * schedule.smoothing) + schedule.smoothing
        loss = functional.binary_cross_entropy_with_logits(picture_logits(logits), target, weight)
        state.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(state.net.parameters(), 5.0)
        state.optimiser.step()
        state.step += 1
        _average(state, schedule.ema)
        total += float(loss.detach()) * len(y)
        if number % 20 == 19:
            line = {"event": "steps", "epoch": state.epoch + 1, "step": number + 1, "of": steps}
            say(line | {"loss": round(float(loss.detach()), 5)})
    return total / len(order)


def pass_order(y: NDArray[np.bool_], positive_repeat: int, seed: tuple[int, int]) -> NDArray[np.int64]:
    """Return the pass's order of example numbers, positives repeated, shuffled by (seed, epoch)."""
    every = np.concatenate([np.arange(len(y)), *[np.flatnonzero(y)] * (positive_repeat - 1)])
    return np.random.default_rng(seed).permutation(every)


def rate_at(share: float, warmup: float) -> float:
    """Return the learning rate's factor after `share` (0..1) of all steps: linear warm-up, cosine to zero."""
    if share < warmup:
        return (share + 1e-3) / warmup
    return 0.5 * (1 + math.cos(math.pi * (share - warmup) / (1 - warmup)))


def _set_rate(state: State, rate: float) -> None:
    for group in state.optimiser.param_groups:
        group["lr"] = rate


def _batches(config: Config, part: Examples, order: NDArray[np.int64], epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
    schedule, seed = config.schedule, config.schedule.seed
    for start in range(0, len(order), schedule.batch):
        index = order[start : start + schedule.batch]
        y = part.y[index].astype(np.float32)
        changes = []
        for position, label in enumerate(part.y[index]):
            rng = np.random.default_rng((seed, epoch, start + position))
            change = config.augment.draw(rng)
            if rng.random() < schedule.off_centre[int(label)]:
                y[position] = 0.0
                change = _off_centre(change, schedule.off_centre_reach, schedule.crop or part.x.shape[1], rng)
            changes.append(change)
        x = torch.from_numpy(part.x[index].astype(np.float32))[:, None]
        x = apply(x, changes, schedule.crop or None, EDGES[config.data["kind"]], (seed, epoch, start))
        # a nodule so large that it still covers the middle says nothing: neither class
        middle = slice(x.shape[2] // 2 - 3, x.shape[2] // 2 + 4)
        y[part.y[index] & (y == 0) & (x[:, 0, middle, middle].mean((1, 2)).numpy() > _TISSUE)] = np.nan
        yield x.expand(-1, config.card["input"].get("channels", 1), -1, -1), torch.from_numpy(y)


def _off_centre(change: Change, reach: tuple[float, float], side: int, rng: np.random.Generator) -> Change:
    """Move the content so far that what was in the middle no longer is; sizes stay, so that the distance is known."""
    angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(*reach) / side
    size = max(change.scale)
    shift = (far * size * math.cos(angle), far * size * math.sin(angle))
    return Change(**(vars(change) | {"shift": shift}))


@torch.no_grad()
def _average(state: State, decay: float) -> None:
    """Move the running average of weights and of batch normalisation's statistics, quicker in the first steps."""
    decay = min(decay, (1 + state.step) / (10 + state.step))
    for mine, theirs in zip(state.average.state_dict().values(), state.net.state_dict().values(), strict=True):
        if mine.is_floating_point():
            mine.lerp_(theirs, 1 - decay)
        else:
            mine.copy_(theirs)


@torch.no_grad()
def logits_of(net: Net, part: Examples, config: Config, device: str, change: Change = _AS_IT_IS) -> NDArray[np.float64]:
    """Return the net's logits [n] on a part, each picture under `change`; in float32, as reading does."""
    found = []
    for start in range(0, len(part), _JUDGE_BATCH):
        x = torch.from_numpy(part.x[start : start + _JUDGE_BATCH].astype(np.float32))[:, None]
        x = apply(x, [change] * len(x), config.schedule.crop or None, EDGES[config.data["kind"]], (1, start))
        x = x.expand(-1, config.card["input"].get("channels", 1), -1, -1).to(device)
        found.append(picture_logits(net(x.contiguous(memory_format=torch.channels_last))).double().cpu().numpy())
    return np.concatenate(found)


def judge(net: Net, config: Config, part: Examples, device: str) -> dict[str, NDArray[np.float64]]:
    """Return the logits [n] on a part under each stress change of its kind."""
    return {name: logits_of(net, part, config, device, c) for name, c in STRESS[config.data["kind"]].items()}


def _tensors(state: State) -> dict[str, Tensor]:
    tensors = {f"net.{k}": v for k, v in state.net.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in state.average.state_dict().items()}
    for number, values in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{k}": torch.as_tensor(v) for k, v in values.items()}
    return tensors


def _numbers(state: State) -> dict[str, Any]:
    return {"epoch": state.epoch, "step": state.step, "best": state.best, "best_epoch": state.best_epoch}


def _restore(state: State, path: Path, key: dict[str, str]) -> None:
    tensors, numbers = checkpoint.load(path)
    if any(numbers.get(k) != v for k, v in key.items()):
        raise UserError(
            "bad_checkpoint",
            "The checkpoint belongs to another configuration or other data; start again without --resume.",
        )

    def part(prefix: str) -> dict[str, Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    state.net.load_state_dict(part("net."))
    state.average.load_state_dict(part("average."))
    whole = state.optimiser.state_dict()
    whole["state"] = {}
    for name, value in part("optimiser.").items():
        number, _, entry = name.partition(".")
        whole["state"].setdefault(int(number), {})[entry] = value
    state.optimiser.load_state_dict(whole)
    state.epoch, state.step = numbers["epoch"], numbers["step"]
    state.best, state.best_epoch = numbers["best"], numbers["best_epoch"]
