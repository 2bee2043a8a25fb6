"""The training loop: one optimisation on any number of devices, checkpoints on the way, exact resumption.

Every random draw comes from (seed, epoch, position), and dropout's generator is part of each checkpoint: a training
that was killed at any moment and resumed makes the same weights as one that ran through.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from medviewer.core import statistics
from medviewer.core.errors import UserError
from medviewer.engine.nets import Net, build, picture_logits
from medviewer.engine.train import checkpoint, memory, state
from medviewer.engine.train.batches import Batch, pass_order
from medviewer.engine.train.config import Config
from medviewer.engine.train.control import Control
from medviewer.engine.train.datasets import DataSet, Examples
from medviewer.engine.train.distributed import World
from medviewer.engine.train.feed import Feed
from medviewer.engine.train.graphs import Graphed
from medviewer.engine.train.judge import judge, logits_of, loss_of
from medviewer.engine.train.losses import Losses
from medviewer.engine.train.schedule import rate_at
from medviewer.engine.train.state import BEST, LAST
from medviewer.engine.train.voice import Say

__all__ = ["Setting", "judge", "logits_of", "pass_order", "rate_at", "train"]

#: Seconds between two words about steps, and between two checkpoints (which take 5 % of the time at most).
_WORD, CHECKPOINT = 1.0, 30.0
_CHECKPOINT_SHARE = 20


class Teaching(Protocol):
    """A further loss that has the share `weight` (0..1) of the whole: what other models say (engine.train.distil)."""

    @property
    def weight(self) -> float: ...

    def __call__(self, x: Tensor, logits: Tensor) -> Tensor:
        """Return each picture's loss [n] from the net's input [n, channel, row, column] and its logits [n]."""


@dataclass
class Setting:
    """What a training happens in.

    Attributes:
        work: folder of the checkpoints (last.safetensors, best.safetensors).
        weights: what the training starts from; None: drawn from the seed.
        teaching: what it learns beside the labels.
        checkpoint_every: seconds of work between two checkpoints within an epoch.
    """

    work: Path
    device: str = "cpu"
    resume: bool = False
    say: Say = lambda _: None
    control: Control = field(default_factory=Control)
    world: World = field(default_factory=World)
    weights: dict[str, Tensor] | None = None
    teaching: Teaching | None = None
    checkpoint_every: float = CHECKPOINT


def train(config: Config, data: DataSet, setting: Setting) -> tuple[Net, dict[str, Any]]:
    """Train, or go on training, and return the kept epoch's net (evaluation mode) and what is known of it.

    With `resume` the training goes on from its checkpoint, and without one it starts anew. Tells `setting.say`:
    {"event": "base", "select_auc", "select_loss"} of the weights it starts from; {"event": "steps", "epoch", "step",
    "of", "loss"}; {"event": "epoch", "epoch", "of", "loss", "select_loss", "select_auc", "stress_auc", "best",
    "seconds"} (said again, the same, when a training goes on after it); "resumed", "paused", "going_on", "stopped".

    Raises:
        UserError: `bad_checkpoint`: damaged, or of another configuration or other data; `no_space`, `no_write`;
            `no_memory`; `stopped_early`: stopped before there was an epoch to keep.
    """
    return _Training(config, data, setting).run()


class _Training:
    def __init__(self, config: Config, data: DataSet, setting: Setting) -> None:
        self.config, self.data, self.setting = config, data, setting
        self.say = setting.say if setting.world.speaks else _silent
        torch.set_num_threads(config.schedule.threads)
        torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = False, True
        self.key = {"config": config.sha256, "data": data.sha256}
        self.state = state.make(config, setting.device, setting.world, setting.weights)
        self.feed = Feed(config, data.parts["fit"], setting.world, setting.device)
        alone = setting.world.size == 1 and setting.teaching is None
        self.graphed = Graphed(self.state, self._gradients, self._descend) if alone else None
        self.stopped = False
        self.kept_at = time.monotonic()
        self.keeping = 0.0

    def run(self) -> tuple[Net, dict[str, Any]]:
        try:
            self._begin()
            while not self._is_over():
                loss = self._epoch()
                if self.stopped:
                    self.say({"event": "stopped"})
                    break
                self._end_epoch(loss)
        finally:
            self.feed.close()
        self.setting.world.wait()
        return self._kept()

    def _begin(self) -> None:
        """Go on from the checkpoint, or judge what the training starts from."""
        setting, path = self.setting, self.setting.work / LAST
        if setting.resume and path.is_file():
            state.restore(self.state, path, self.key)
            setting.world.wait()
            self.say({"event": "resumed", "epoch": self.state.epoch, "step": self.state.position})
            if self.state.line:  # it may have been ended between the checkpoint and the word
                self.say(self.state.line)
            return
        if setting.weights is not None and setting.world.speaks:
            part = self.data.parts["select"]
            self.say({"event": "base", **self._plain(part)})
        setting.world.wait()

    def _is_over(self) -> bool:
        schedule = self.config.schedule
        tired = 0 < schedule.patience <= self.state.without_gain
        return self.state.epoch >= schedule.epochs or self.setting.world.agree(tired, self.state.device)

    # --- an epoch -------------------------------------------------------------------------------------------------

    def _epoch(self) -> float:
        """Make the epoch's remaining steps; returns its mean loss."""
        schedule, now = self.config.schedule, self.state
        order = pass_order(self.feed.part.y, schedule.positive_repeat, (schedule.seed, now.epoch))
        epoch = self.feed.epoch(order, now.epoch, now.device)
        if now.position == 0:
            torch.manual_seed(_epoch_seed(self.config, now.epoch))
        state.freeze(now.net, schedule)
        losses = Losses(now)
        began = spoke = time.monotonic()
        batches = self.feed.batches(epoch, range(now.position, epoch.steps))
        try:
            for batch in batches:
                losses.add(self._step(batch, epoch.steps), batch.of)
                now.position += 1
                at = time.monotonic()
                now.seconds, began = now.seconds + at - began, at
                if at - spoke >= _WORD:
                    spoke = at
                    line = {"event": "steps", "epoch": now.epoch + 1, "step": now.position, "of": epoch.steps}
                    self.say(line | {"loss": round(losses.last(), 5)})
                if self._look(losses):
                    break
                began = time.monotonic()  # neither a pause nor writing is work
        finally:
            batches.close()
        losses.settle()
        return now.total / max(now.shown, 1)

    def _look(self, losses: Losses) -> bool:
        """Between two batches: a checkpoint when it is time, and what is asked from outside."""
        if self.setting.world.speaks:

            def keep() -> None:
                losses.settle()
                self._save()

            due = max(self.setting.checkpoint_every, self.keeping * _CHECKPOINT_SHARE)
            if time.monotonic() - self.kept_at >= due:
                keep()
            self.stopped = self.setting.control.check(self.say, keep)
        self.stopped = self.setting.world.agree(self.stopped, self.state.device)
        return self.stopped

    def _step(self, batch: Batch, steps: int) -> Tensor:
        """Make one step and return the whole batch's loss."""
        schedule, now = self.config.schedule, self.state
        now.set_rate(schedule.rate * rate_at(now.step / (steps * schedule.epochs), schedule))
        full = self.graphed is not None and batch.of == schedule.batch
        loss = self.graphed.step(batch) if full and self.graphed is not None else None
        if loss is None:
            loss = memory.in_pieces(now, batch, self._gradients, self.setting.world.size == 1, self.say)
            gradients = [p.grad for p in now.net.parameters() if p.grad is not None]
            self.setting.world.sum([*gradients, loss])
            self._descend()
        now.step += 1
        state.average(now, schedule.ema)
        return loss

    def _descend(self) -> None:
        """Move the weights along the gradients that are there."""
        if self.config.schedule.clip:
            torch.nn.utils.clip_grad_norm_(self.state.net.parameters(), self.config.schedule.clip)
        self.state.optimiser.step()

    def _gradients(self, batch: Batch) -> Tensor:
        """Add the gradients of some rows to the net's and return their share of the whole batch's loss."""
        schedule, world, setting = self.config.schedule, self.setting.world, self.setting
        world.first, world.total = batch.first, batch.of
        device = self.state.device
        x = batch.x.to(device)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=schedule.precision == "bf16"):
            logits = picture_logits(self.state.net(x)).float()
        target, weight = batch.target.to(device), batch.weight.to(device)
        losses = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="none")
        if setting.teaching is not None:
            w = setting.teaching.weight
            losses = (1 - w) * losses + w * setting.teaching(x, logits)
        loss = losses.sum() / batch.of
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    # --- between epochs -------------------------------------------------------------------------------------------

    def _end_epoch(self, loss: float) -> None:
        now, schedule = self.state, self.config.schedule
        seconds, began = now.seconds, time.monotonic()
        now.epoch, now.position, now.total, now.shown, now.seconds = now.epoch + 1, 0, 0.0, 0, 0.0
        if not self.setting.world.speaks:
            return
        line: dict[str, Any] = {"event": "epoch", "epoch": now.epoch, "of": schedule.epochs, "loss": round(loss, 5)}
        part = self.data.parts["select"]
        if schedule.keep == "last" or now.epoch <= int(schedule.epochs * schedule.judge_from):
            line |= self._plain(part) | {"stress_auc": None}
            if schedule.keep == "last":
                self._keep({"epoch": now.epoch, "stress_auc": None, "keep": "last"})
        else:
            line |= self._choose(part)
        now.line = line | {"best": now.best_epoch, "seconds": round(seconds + time.monotonic() - began, 2)}
        self._save()  # before it is said: what was said is never lost
        self.say(now.line)

    def _plain(self, part: Examples) -> dict[str, Any]:
        z = logits_of(self.state.average.eval(), part, self.config, self.state.device)
        return self._figures(z, part)

    def _figures(self, z: Any, part: Examples) -> dict[str, Any]:
        loss = loss_of(z, part.y, self.config.schedule.class_weights)
        return {"select_auc": statistics.auc(z, part.y), "select_loss": round(loss, 5)}

    def _choose(self, part: Examples) -> dict[str, Any]:
        """Keep the averaged weights if they are the best so far: by the mean AUC over all changes."""
        now = self.state
        judged = judge(now.average.eval(), self.config, part, now.device)
        value = float(np.mean([statistics.auc(z, part.y) for z in judged.values()]))
        now.without_gain += 1
        if value > now.best:
            now.best, now.best_epoch, now.without_gain = value, now.epoch, 0
            self._keep({"epoch": now.epoch, "stress_auc": value, "keep": "best"})
        return self._figures(judged["as it is"], part) | {"stress_auc": value}

    def _keep(self, found: dict[str, Any]) -> None:
        if found["keep"] == "last":
            self.state.best_epoch = self.state.epoch
        checkpoint.save(self.setting.work / BEST, self.state.average.state_dict(), self.key | found)

    def _save(self) -> None:
        began = time.monotonic()
        state.save(self.state, self.setting.work / LAST, self.key)
        self.kept_at = time.monotonic()
        self.keeping = self.kept_at - began

    def _kept(self) -> tuple[Net, dict[str, Any]]:
        if not self.setting.world.speaks:
            return self.state.average, {}
        path = self.setting.work / BEST
        if not path.is_file():
            raise UserError("stopped_early", "The training was stopped before there was an epoch to keep.")
        tensors, found = checkpoint.load(path)
        net = build(self.config.card["architecture"]["name"], self.config.card["architecture"].get("params"))
        net.load_state_dict(tensors)
        net = net.to(self.state.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return net.eval(), {k: found[k] for k in ("epoch", "stress_auc", "keep")} | {"epochs": self.state.epoch}


def _epoch_seed(config: Config, epoch: int) -> int:
    return int(np.random.SeedSequence((config.schedule.seed, epoch)).generate_state(1)[0])


def _silent(line: dict[str, Any]) -> None:
    pass
