"""Checkpoints in one safetensors file each (tensors, JSON in the header): written whole or not at all, no pickle."""

import json
import os
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from medviewer.core.errors import UserError


def save(path: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write `tensors` and `state` to `path` through a `.part` file that is renamed when it is on the disk."""
    part = path.with_name(path.name + ".part")
    save_file({k: v.detach().contiguous().cpu() for k, v in tensors.items()}, part, {"state": json.dumps(state)})
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors and state.

    Raises:
        UserError: `bad_checkpoint`.
    """
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118 - no mapping
            return tensors, json.loads(file.metadata()["state"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as bad:
        raise UserError(
            "bad_checkpoint", "The checkpoint of this training is damaged; start again without --resume."
        ) from bad
