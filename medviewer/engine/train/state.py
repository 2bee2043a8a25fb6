"""Where a training stands: net, running average, optimiser, place in the epoch; to and from a checkpoint."""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from medviewer.core.errors import UserError
from medviewer.engine.nets import Net, build
from medviewer.engine.train import checkpoint
from medviewer.engine.train.config import Config, Schedule
from medviewer.engine.train.distributed import World, share

LAST, BEST = "last.safetensors", "best.safetensors"


@dataclass
class State:
    """What a checkpoint holds.

    Attributes:
        net: what learns; average: its running average, which is judged (the net itself without averaging).
        epoch: finished ones; step: steps in all; position: steps made in the epoch that is not finished.
        total, shown: sum of the losses over the pictures of that epoch so far, and their number.
        seconds: of work in that epoch so far.
        best, best_epoch: the highest mean AUC over the stress changes, and when; best_epoch 0 before the first.
        without_gain: epochs judged since then.
        line: what was said of the last finished epoch.
        rows: of a batch that are computed at once because memory is short; 0: all (not kept).
        pairs: the tensors of `average` and `net` side by side, found once (not kept).
    """

    net: Net
    average: Net
    optimiser: torch.optim.Optimizer
    device: str
    epoch: int = 0
    step: int = 0
    position: int = 0
    total: float = 0.0
    shown: int = 0
    seconds: float = 0.0
    best: float = -math.inf
    best_epoch: int = 0
    without_gain: int = 0
    line: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    pairs: "_Pairs | None" = None

    def to(self, device: str) -> None:
        """Move everything, the optimiser's memory too; the fused steps of a graphics card end."""
        self.net.to(device)
        self.average.to(device)
        for group in self.optimiser.param_groups:
            group["lr"], group["fused"] = float(group["lr"]), None
        for values in self.optimiser.state.values():
            values.update(
                {k: v.to(device) for k, v in values.items() if isinstance(v, Tensor) and (k != "step" or v.is_cuda)}
            )
        self.device, self.pairs = device, None

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the next step."""
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], Tensor):  # a recorded step reads it from there
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate


def make(config: Config, device: str, world: World, weights: dict[str, Tensor] | None = None) -> State:
    """Return the state before the first step: weights drawn from the seed, or `weights`.

    Raises:
        UserError: `bad_start`: `weights` are of another architecture.
    """
    schedule = config.schedule
    torch.manual_seed(schedule.seed)
    net = build(config.card["architecture"]["name"], config.card["architecture"].get("params"))
    if weights is not None:
        try:
            net.load_state_dict(weights, strict=True)
        except RuntimeError as bad:
            raise UserError(
                "bad_start", "The model to start from has another architecture than this training.", str(bad)
            ) from bad
    net = net.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(net).eval() if schedule.ema else net
    share(net, world)
    freeze(net, schedule)
    return State(net, average, _optimiser(net, schedule), device)


def freeze(net: Net, schedule: Schedule) -> None:
    """Set the net to learn, but for the stages that keep what they have.

    Raises:
        UserError: `bad_config`: nothing would be left to learn.
    """
    net.train()
    for module in _frozen(net, schedule.freeze):
        module.eval().requires_grad_(requires_grad=False)
    if schedule.fixed_norm:
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()


def _frozen(net: Net, count: int) -> Iterator[nn.Module]:
    stages = list(net.features.children())
    yield from stages if count < 0 else stages[:count]


def _optimiser(net: Net, schedule: Schedule) -> torch.optim.Optimizer:
    learns = [p for p in net.parameters() if p.requires_grad]
    plain, rest = [p for p in learns if p.ndim < 2], [p for p in learns if p.ndim >= 2]
    groups = [{"params": rest, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    kind: type[torch.optim.Adam] = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}[schedule.optimiser]
    first = next(net.parameters())
    if not first.is_cuda:
        return kind(groups, lr=schedule.rate, eps=schedule.adam_eps)
    # one kernel a group, and a rate that a recorded step can read
    rate = torch.tensor(schedule.rate, dtype=torch.float32, device=first.device)
    return kind(groups, lr=rate, eps=schedule.adam_eps, fused=True)


@dataclass(frozen=True)
class _Pairs:
    """Tensors of two nets that are one net's, in the same order: numbers, and counters."""

    mine: list[Tensor]
    theirs: list[Tensor]
    my_counts: list[Tensor]
    their_counts: list[Tensor]

    @classmethod
    def of(cls, average: Net, net: Net) -> "_Pairs":
        found = cls([], [], [], [])
        for a, b in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
            mine, theirs = (
                (found.mine, found.theirs) if a.is_floating_point() else (found.my_counts, found.their_counts)
            )
            mine.append(a)
            theirs.append(b)
        return found


@torch.no_grad()
def average(state: State, decay: float) -> None:
    """Move the running average of weights and of batch normalisation's statistics, quicker in the first steps."""
    if state.average is state.net:
        return
    if state.pairs is None:  # tensors of a net stay where they are until it moves
        state.pairs = _Pairs.of(state.average, state.net)
    decay = min(decay, (1 + state.step) / (10 + state.step))
    torch._foreach_lerp_(state.pairs.mine, state.pairs.theirs, 1 - decay)
    if state.pairs.my_counts:
        torch._foreach_copy_(state.pairs.my_counts, state.pairs.their_counts)


# --- checkpoints ----------------------------------------------------------------------------------------------------

_NUMBERS = (
    "epoch", "step", "position", "total", "shown", "seconds", "best", "best_epoch", "without_gain", "line",
)  # fmt: skip


def save(state: State, path: Path, key: dict[str, str]) -> None:
    """Write the checkpoint; the random number generators (dropout's) are part of it.

    Raises:
        UserError: `no_space`, `no_write`.
    """
    tensors = {f"net.{k}": v for k, v in state.net.state_dict().items()}
    if state.average is not state.net:
        tensors |= {f"average.{k}": v for k, v in state.average.state_dict().items()}
    for number, values in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{k}": torch.as_tensor(v) for k, v in values.items()}
    tensors["random.cpu"] = torch.get_rng_state()
    if state.device.startswith("cuda"):
        tensors["random.cuda"] = torch.cuda.get_rng_state(state.device)
    checkpoint.save(path, tensors, key | {name: getattr(state, name) for name in _NUMBERS})


def restore(state: State, path: Path, key: dict[str, str]) -> None:
    """Bring `state` to what a checkpoint holds.

    Raises:
        UserError: `bad_checkpoint`: damaged, or of another configuration or other data.
    """
    tensors, numbers = checkpoint.load(path)
    if any(numbers.get(k) != v for k, v in key.items()):
        raise UserError(
            "bad_checkpoint",
            "The checkpoint belongs to another configuration or other data; start again without --resume.",
        )

    def part(prefix: str) -> dict[str, Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    try:
        state.net.load_state_dict(part("net."))
        if state.average is not state.net:
            state.average.load_state_dict(part("average."))
        whole = state.optimiser.state_dict()
        whole["state"] = {}
        for name, value in part("optimiser.").items():
            number, _, entry = name.partition(".")
            whole["state"].setdefault(int(number), {})[entry] = value
        state.optimiser.load_state_dict(whole)
        _lay_out(state.optimiser)
        torch.set_rng_state(tensors["random.cpu"])
        if "random.cuda" in tensors and state.device.startswith("cuda"):
            torch.cuda.set_rng_state(tensors["random.cuda"], state.device)
        for name in _NUMBERS:
            setattr(state, name, numbers[name])
    except (KeyError, ValueError, RuntimeError, TypeError) as bad:
        raise checkpoint.damaged() from bad


def _lay_out(optimiser: torch.optim.Optimizer) -> None:
    """Lay the optimiser's memory as its weights lie: a checkpoint knows one order only, fused steps need the same."""
    for weight, values in optimiser.state.items():
        values.update({k: torch.empty_like(weight).copy_(v) for k, v in values.items() if v.shape == weight.shape})
