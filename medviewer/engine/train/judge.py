"""What a net makes of a part of the data: its logits, untouched and under the stress changes, and figures of these."""

import numpy as np
import torch
from numpy.typing import NDArray

from medviewer.engine import device as devices
from medviewer.engine.nets import Net, picture_logits
from medviewer.engine.train.augment import EDGES, STRESS, Change, apply
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import Examples

Floats = NDArray[np.float64]
_BATCH = 128
_AS_IT_IS = Change()


@torch.no_grad()
def logits_of(net: Net, part: Examples, config: Config, device: str, change: Change = _AS_IT_IS) -> Floats:
    """Return the net's logits [n] on a part, each picture under `change`; in float32, as reading does."""
    found = []
    for start in range(0, len(part), _BATCH):
        x = torch.from_numpy(part.x[start : start + _BATCH].astype(np.float32))[:, None]
        x = _changed(x, change, config, (1, start), device)
        x = x.expand(-1, config.card["input"].get("channels", 1), -1, -1).contiguous(memory_format=torch.channels_last)
        found.append(_logits(net, x, device).double().cpu().numpy())
    return np.concatenate(found)


def _changed(x: torch.Tensor, change: Change, config: Config, seed: tuple[int, int], device: str) -> torch.Tensor:
    """Change pictures where the net is, or here where that has no memory for it."""
    rest = (config.schedule.crop or None, EDGES[config.data["kind"]], seed)
    if device.startswith("cuda"):
        try:
            return apply(x.to(device), [change] * len(x), *rest)
        except (RuntimeError, MemoryError) as error:
            if not devices.out_of_memory(error):
                raise
        devices.free_memory()
    return apply(x, [change] * len(x), *rest)


def _logits(net: Net, x: torch.Tensor, device: str) -> torch.Tensor:
    """Compute in halves where the device's memory is too small."""
    try:
        return picture_logits(net(x.to(device)))
    except (RuntimeError, MemoryError) as error:
        if not devices.out_of_memory(error) or len(x) == 1:
            raise
    devices.free_memory()
    middle = len(x) // 2
    return torch.cat([_logits(net, half, device) for half in (x[:middle], x[middle:])])


def judge(net: Net, config: Config, part: Examples, device: str) -> dict[str, Floats]:
    """Return the logits [n] on a part under each stress change of its kind."""
    return {name: logits_of(net, part, config, device, c) for name, c in STRESS[config.data["kind"]].items()}


def loss_of(z: Floats, y: NDArray[np.bool_], class_weights: bool) -> float:
    """Return the mean logistic loss of logits, as training weighs it (without smoothed labels)."""
    share = float(y.mean())
    weight = np.where(y, 0.5 / share, 0.5 / (1 - share)) if class_weights else np.ones(len(y))
    return float((weight * (np.logaddexp(0, z) - y * z)).mean())
