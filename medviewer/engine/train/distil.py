"""Learning from other models (Hinton 2015): a small net is taught what a group of nets, its teachers, would answer.

The teachers see the very batch that the student learns from (changed pictures included), so that what they say of a
film that is too dark or cut is learnt too. Their raw logits are averaged: a mean of nets of several seeds, sizes and
kinds of training errs less than each of them, and the student keeps most of that at the price of one net.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from medviewer.core.errors import UserError
from medviewer.engine import models
from medviewer.engine.nets import Net, picture_logits
from medviewer.engine.train.config import Config
from medviewer.inference import folder as folders
from medviewer.inference.card import Card


@dataclass(frozen=True)
class Distil:
    """The `[distil]` table.

    Attributes:
        weight: share of the teachers' loss (0..1); the labels' own loss has the rest.
        temperature: logits are divided by it before both sigmoids: above 1 it matters how sure the teachers are.
        teachers: how many teachers the command line must name (0: any number).
    """

    weight: float = 0.7
    temperature: float = 2.0
    teachers: int = 0


@dataclass(frozen=True)
class Teacher:
    """A net that teaches, in evaluation mode and without gradients. `size` is its input (rows, columns); None: any."""

    card: Card
    sha256: str
    net: Net
    size: tuple[int, int] | None

    @torch.no_grad()
    def logits(self, x: Tensor) -> Tensor:
        """Return the logits [n] on prepared pictures [n, channel, row, column] (0..1) of the student's size."""
        x = x[:, :1]  # grey pictures: further channels repeat the first
        if self.size is not None and tuple(x.shape[2:]) != self.size:
            shrinks = x.shape[2] > self.size[0]
            x = functional.interpolate(x, self.size, mode="bilinear", align_corners=False, antialias=shrinks)
        x = x.expand(-1, self.card.input.channels, -1, -1)
        return picture_logits(self.net(x.contiguous(memory_format=torch.channels_last)))


class Teaching:
    """The loss that pulls a student towards its teachers."""

    def __init__(self, teachers: Sequence[Teacher], settings: Distil, precision: str = "fp32") -> None:
        self.teachers, self.settings, self.precision = tuple(teachers), settings, precision

    @property
    def weight(self) -> float:
        return self.settings.weight

    @property
    def words(self) -> str:
        """Return in a sentence who taught, for the card: names, versions, the first digits of the weights' hashes."""
        who = ", ".join(f"{t.card.name} {t.card.version} ({t.sha256[:12]})" for t in self.teachers)
        s = self.settings
        return (
            f"Distilled: {s.weight:.0%} of the loss pulls towards the mean logit of {len(self.teachers)} teachers "
            f"(temperature {s.temperature:g}) on the same changed pictures: {who}."
        )

    def opinion(self, x: Tensor) -> Tensor:
        """Return the teachers' mean logits [n] on the student's batch [n, channel, row, column]."""
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            return torch.stack([t.logits(x).float() for t in self.teachers]).mean(0)

    def __call__(self, x: Tensor, logits: Tensor) -> Tensor:
        """Return each picture's loss [n]: cross-entropy against the teachers' softened answers.

        Its slope does not depend on the temperature.
        """
        t = self.settings.temperature
        target = torch.sigmoid(self.opinion(x) / t)
        return t * t * functional.binary_cross_entropy_with_logits(logits / t, target, reduction="none")


def settings(table: Mapping[str, Any]) -> Distil:
    """Return the `[distil]` table.

    Raises:
        UserError: `bad_config`.
    """
    unknown = sorted(set(table) - {f.name for f in fields(Distil)})
    try:
        found = Distil() if unknown else Distil(**table)
        if unknown or not (0 <= found.weight <= 1 and 0.5 <= found.temperature <= 20):
            raise ValueError
    except (TypeError, ValueError) as bad:
        raise UserError(
            "bad_config",
            "The table [distil] of the training configuration takes weight (0 to 1), temperature (0.5 to 20) and "
            "teachers (their number).",
        ) from bad
    return found


def load(config: Config, paths: Sequence[Path], device: str) -> Teaching | None:
    """Return the teaching of the model folders `paths`, or None where a training has no teachers.

    A teacher must find the same thing in pictures prepared in the same way; its input size may be another.

    Raises:
        UserError: `bad_config`: teachers without a `[distil]` table or not as many as it names; `bad_teacher`;
            `bad_model`: a folder that cannot be used.
    """
    if not paths and not config.distil:
        return None
    if not config.distil:
        raise UserError("bad_config", "This training has no table [distil]; leave the teachers out, or add it.")
    wanted = settings(config.distil)
    if not paths or wanted.teachers not in (0, len(paths)):
        raise UserError(
            "bad_config",
            f"This training learns from {wanted.teachers or 'one or more'} teachers; {len(paths)} were named. "
            "Name each with --teacher FOLDER.",
        )
    return Teaching([_teacher(config, path, device) for path in paths], wanted, config.schedule.precision)


def _teacher(config: Config, path: Path, device: str) -> Teacher:
    folder = folders.load(path)
    card, mine = folder.card, config.input
    if card.target != config.card["target"] or card.task != config.card["task"]:
        raise UserError("bad_teacher", f"The model {path.name} looks for something else, and cannot teach this one.")
    theirs = (card.input.scaling, card.input.unit, card.input.pixel_mm, card.input.fit)
    if theirs != (mine.scaling, mine.unit, mine.pixel_mm, mine.fit):
        raise UserError(
            "bad_teacher", f"The model {path.name} prepares its pictures otherwise: it cannot teach this one."
        )
    loaded = models.load(folder.path, folder.sha256, device)
    size = None if loaded.net.dense or card.input.size is None else (card.input.size[0], card.input.size[1])
    net = loaded.net.eval().requires_grad_(False)
    return Teacher(card, folder.sha256, net, size)
