"""Which processor computes: a table of devices, and what to do when its memory is full."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from medviewer.core.errors import UserError

#: Name -> (may this process use it, words for the reader).
DEVICES: dict[str, tuple[Callable[[], bool], str]] = {
    "cuda": (torch.cuda.is_available, "graphics card"),
    "mps": (torch.backends.mps.is_available, "graphics processor"),
    "cpu": (lambda: True, "processor"),
}

GOES_SMALLER = "The {words} is short of memory. Reading goes on in smaller batches."
GOES_TO_CPU = "The {words} is full. Reading goes on with the processor, which is slower."
NO_MEMORY = "There is not enough memory for this model; close other studies or programs and try again."


def choose(wanted: str) -> str:
    """Return the device to use for "auto" or a name of DEVICES.

    Raises:
        UserError: `usage`: no such device; `no_device`: this machine does not have it.
    """
    if wanted == "auto":
        return next(name for name, (usable, _) in DEVICES.items() if usable())
    if wanted not in DEVICES:
        raise UserError("usage", f"There is no device {wanted}; choose auto, cuda, mps or cpu.")
    if not DEVICES[wanted][0]():
        raise UserError("no_device", f"This computer has no {wanted} device that can be used; choose auto or cpu.")
    return wanted


def devices() -> list[dict[str, Any]]:
    """Return every device of the table with what this process knows of it."""
    rows = [{"name": name, "usable": usable(), "words": words} for name, (usable, words) in DEVICES.items()]
    for row in rows:
        if row["name"] == "cuda" and row["usable"]:
            row["model"] = torch.cuda.get_device_name(0)
            row["memory"] = int(torch.cuda.get_device_properties(0).total_memory)
    return rows


def physical_cores() -> int:
    """Return the number of cores that this process may use, hyper-threads counted once."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = set()
    for cpu in usable:
        path = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(path.read_text("ascii").strip())
        except OSError:
            cores.add(str(cpu))
    return max(1, len(cores))


def set_up_process() -> None:
    """Leave one core and the better priority to the window; call once, before the first computation (AI.md 6)."""
    torch.set_num_threads(max(1, physical_cores() - 1))
    torch.set_num_interop_threads(1)
    if hasattr(os, "nice"):
        os.nice(10)


@contextmanager
def full_precision() -> Iterator[None]:
    """Compute in true float32, so that a score is the same on every device within 1e-4."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


#: How the system, Python and the backends say that there is no memory: for data, a thread, or a part of a library.
_NO_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "can't start new thread",
    "failed to map segment",
)


def out_of_memory(error: BaseException) -> bool:
    """Say whether `error` means that a device or this computer has no memory left (each has its own words)."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(error).lower()
    return isinstance(error, RuntimeError | OSError | ImportError) and any(each in words for each in _NO_MEMORY)


def free_memory() -> None:
    """Give cached blocks back to the device after it was full."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()
