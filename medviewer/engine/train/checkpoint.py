"""Checkpoints in one safetensors file each (tensors, JSON in the header): written whole or not at all, no pickle."""

import contextlib
import errno
import json
import os
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialised
from torch import Tensor

from medviewer.core.errors import UserError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def save(path: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write `tensors` and `state` to `path` through a `.part` file that is renamed when it is on the disk.

    Raises:
        UserError: `no_space`, `no_write`: what was at `path` before is still there.
    """
    part = path.with_name(path.name + ".part")
    kept = {k: v.detach().contiguous().cpu() for k, v in tensors.items()}
    try:
        with part.open("wb") as file:
            file.write(serialised(kept, {"state": json.dumps(state)}))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise cannot_write(error) from error


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
        raise damaged() from bad


def damaged() -> UserError:
    return UserError("bad_checkpoint", "The checkpoint of this training is damaged; start again without --resume.")


def cannot_write(error: OSError) -> UserError:
    """Return what to tell of a training whose files could not be written."""
    if error.errno in _FULL:
        return UserError(
            "no_space", "The disk is full. The training stands at its last checkpoint: free some space and go on.", ""
        )
    return UserError(
        "no_write",
        "The folder of the training can no longer be written (it was moved, removed or made read-only). "
        "Bring it back and go on.",
        type(error).__name__,
    )
