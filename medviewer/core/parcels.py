"""Arrays on their way to another process: one short-lived file each, in shared memory where the system has it.

A parcel is written once, read once and gone; what travels in the message is its description. The receiver trusts
nothing in it: the name must be one of ours, the size must be what shape and dtype say.
"""

import os
import re
import secrets
import shutil
import sys
import tempfile
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = frozenset({"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64", "bool"})
_NAME = re.compile(r"[0-9a-f]{32}")
_PREFIX = "medviewer-"


class BadParcel(Exception):  # noqa: N818
    """The other side sent a description that does not hold."""


def _root() -> Path:
    shared = Path("/dev/shm")
    return shared if shared.is_dir() and os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


class Parcels:
    """A private folder for the parcels between this process and its children."""

    def __init__(self, folder: str | None = None) -> None:
        """Make a new folder, or join the one that the parent process made."""
        self._own = folder is None
        if folder is None:
            sweep()
            folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_root())
        self.folder = folder

    def wrap(self, array: NDArray[Any]) -> dict[str, Any]:
        """Write `array` (any shape, a dtype of DTYPES) and return its description for the message."""
        array = np.ascontiguousarray(array)
        if array.dtype.name not in DTYPES:
            raise BadParcel(f"dtype {array.dtype.name}")
        name = secrets.token_hex(16)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(Path(self.folder, name), flags, 0o600), "wb", buffering=0) as file:
            view = array.reshape(-1).view(np.uint8).data
            while len(view):
                view = view[file.write(view) or 0 :]
        return {"parcel": name, "shape": list(array.shape), "dtype": array.dtype.name}

    def unwrap(self, described: dict[str, Any]) -> NDArray[Any]:
        """Read the parcel into a new array and remove it.

        Raises:
            BadParcel: the description does not fit the file, or is none of ours.
        """
        name, shape, dtype = described.get("parcel"), described.get("shape"), described.get("dtype")
        if not (isinstance(name, str) and _NAME.fullmatch(name) and dtype in DTYPES and isinstance(shape, list)):
            raise BadParcel("not a parcel")
        if not all(isinstance(n, int) and n >= 0 for n in shape):
            raise BadParcel("shape")
        path = Path(self.folder, name)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size != prod(shape) * np.dtype(dtype).itemsize:
                raise BadParcel("size")
            array = np.empty(shape, dtype)
            view = array.reshape(-1).view(np.uint8).data
            while len(view):
                view = view[file.readinto(view) or len(view) :]
        path.unlink()
        return array

    def drop(self, described: dict[str, Any]) -> None:
        """Remove a parcel that nobody will read."""
        name = described.get("parcel")
        if isinstance(name, str) and _NAME.fullmatch(name):
            Path(self.folder, name).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder with whatever was not read (both sides may call it)."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(root: Path | None = None) -> None:
    """Remove folders in `root` (default: where parcels lie) of processes that are gone before they could clean up."""
    for folder in (root or _root()).glob(_PREFIX + "*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def alive(pid: int) -> bool:
    """Say whether a process of this id runs; where that cannot be asked, yes."""
    if sys.platform == "win32":  # os.kill(pid, 0) would end the process there
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    """Ask Windows for the process: one that may not be looked at is there, one whose handle is signalled has ended."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    synchronize, denied, still_runs = 0x00100000, 5, 0x102
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return bool(ctypes.get_last_error() == denied)  # type: ignore[attr-defined,unused-ignore]
    try:
        return bool(kernel.WaitForSingleObject(ctypes.c_void_p(handle), 0) == still_runs)
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))
