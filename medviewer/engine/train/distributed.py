"""One training on several devices: each process takes its rows of every batch, and all make the same step.

Under `torchrun` the optimisation is that of one process with the same batch, up to rounding: gradients are summed over
all rows (the loss is divided by the whole batch's size), batch normalisation uses the statistics of the whole batch
(torch's SyncBatchNorm does not do this on a processor), and dropout draws its mask for the whole batch. Process 0 alone
judges, writes and speaks; OUT must be a folder that all of them see.
"""

import datetime
import os
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional

#: A pause may last; the others wait in their next step.
_PATIENCE = datetime.timedelta(days=30)


@dataclass
class World:
    """The processes of a training; one by default.

    Attributes:
        first, total: the rows of the batch (or of a part of it, where memory is short) that the net is given now.
    """

    rank: int = 0
    size: int = 1
    first: int = 0
    total: int = 0
    _flag: Tensor | None = field(default=None, repr=False)

    @property
    def speaks(self) -> bool:
        return self.rank == 0

    def rows(self, count: int) -> slice:
        """Return which of a batch's `count` rows are this process's."""
        return slice(count * self.rank // self.size, count * (self.rank + 1) // self.size)

    def sum(self, tensors: list[Tensor]) -> None:
        """Replace each tensor by its sum over all processes."""
        if self.size == 1 or not tensors:
            return
        flat = torch.cat([t.reshape(-1) for t in tensors])
        dist.all_reduce(flat)
        at = 0
        for t in tensors:
            t.copy_(flat[at : at + t.numel()].view_as(t))
            at += t.numel()

    def agree(self, flag: bool, device: str) -> bool:
        """Return what process 0 says, to all."""
        if self.size == 1:
            return flag
        word = torch.tensor([float(flag)], device=device)
        dist.broadcast(word, 0)
        return bool(word.item())

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.size > 1:
            dist.barrier()

    def close(self) -> None:
        """Leave the others."""
        if self.size > 1:
            dist.destroy_process_group()


def join(device: str) -> tuple[World, str]:
    """Return the world that `torchrun` made, or a world of one, and this process's own device."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World(), device
    if device == "cuda":
        device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo", timeout=_PATIENCE)
    return World(dist.get_rank(), size), device


class _Sum(torch.autograd.Function):
    """A sum over all processes; so is its gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x = x.clone()
        dist.all_reduce(x)
        return x

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        gradient = gradients[0].clone()
        dist.all_reduce(gradient)
        return gradient


class WholeNorm(nn.BatchNorm2d):
    """Batch normalisation by the statistics of all processes' rows."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        rows = x.float()
        count = _summed(rows.new_tensor([rows.numel() / rows.shape[1]]))
        mean = _summed(rows.sum((0, 2, 3))) / count
        centred = rows - mean.view(1, -1, 1, 1)
        variance = _summed(centred.square().sum((0, 2, 3))) / count
        self._remember(mean.detach(), variance.detach() * count / (count - 1))
        scale = self.weight * (variance + self.eps).rsqrt()
        return (centred * scale.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)).to(x.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum or 0.1)
        self.running_var.lerp_(variance, self.momentum or 0.1)


def _summed(x: Tensor) -> Tensor:
    return _Sum.apply(x)  # type: ignore[no-any-return, no-untyped-call]


class WholeDropout(nn.Dropout):
    """Dropout whose mask is drawn for the whole batch: where a batch is cut, its parts drop what the whole would.

    `channels`: whole channels are dropped (Dropout2d).
    """

    def __init__(self, p: float, world: World, channels: bool) -> None:
        super().__init__(p)
        self._world, self._channels = world, channels

    def forward(self, x: Tensor) -> Tensor:
        if self._world.total == len(x) or not self.training or self.p == 0:
            drop = functional.dropout2d if self._channels else functional.dropout
            return drop(x, self.p, self.training)
        shape = (self._world.total, x.shape[1], *((1, 1) if self._channels else x.shape[2:]))
        mask = x.new_empty(shape).bernoulli_(1 - self.p).div_(1 - self.p)
        return x * mask[self._world.first : self._world.first + len(x)]


def share(net: nn.Module, world: World) -> None:
    """Put the modules above in the place of a net's own, with the weights that they have."""
    for name, child in net.named_children():
        if isinstance(child, nn.Dropout | nn.Dropout2d):
            setattr(net, name, WholeDropout(child.p, world, isinstance(child, nn.Dropout2d)))
        elif isinstance(child, nn.BatchNorm2d) and world.size > 1:
            momentum = child.momentum
            norm = WholeNorm(child.num_features, child.eps, momentum).to(child.weight.device)
            norm.load_state_dict(child.state_dict())
            setattr(net, name, norm)
        else:
            share(child, world)
