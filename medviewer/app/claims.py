"""Who does a piece of waiting work: a name that other programs on this library can tell the living from the dead by."""

import itertools
import os
import socket
import time
from pathlib import Path

from medviewer.core.parcels import alive

#: Seconds after which a claim from another computer counts for nothing: long enough for all that one program claims at
#: once. Where it lives after all, a study is read twice.
LEASE_S = 4 * 3600
#: Seconds by which such a claim may be dated ahead of this computer's clock, which may have been set back.
AHEAD_S = 48 * 3600

_numbers = itertools.count(1)
_here: set[str] = set()


def claimant() -> str:
    """Return a new name for a worker of this process: "host:pid:start of the process-number"."""
    name = f"{socket.gethostname()}:{os.getpid()}:{started(os.getpid())}-{next(_numbers)}"
    _here.add(name)
    return name


def dated(name: str) -> str:
    """Return the name with which a worker claims work now."""
    return f"{name}@{int(time.time())}"


def leave(name: str) -> None:
    """Note that a worker of this process is gone."""
    _here.discard(name)


def dead(name: str) -> bool:
    """Say whether the worker called `name` (as it signed its claim) is gone.

    Of one on another computer nothing is known: it counts as gone when its claim is older than LEASE_S, or dated so far
    ahead that its clock was wrong. A process
    number that was given again does not count: the start of the process tells them apart, where the system says it.
    """
    name, _, claimed = name.partition("@")
    host, _, rest = name.rpartition(":")[0].rpartition(":")
    pid, start = rest, name.rpartition(":")[2].partition("-")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return claimed.isdigit() and not -AHEAD_S <= time.time() - int(claimed) <= LEASE_S
    if int(pid) == os.getpid():
        return name not in _here
    return not alive(int(pid)) or (bool(start) and started(int(pid)) not in ("", start))


def started(pid: int) -> str:
    """Return when a process began, in ticks since the computer was started; "" where that cannot be asked."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return words[19] if len(words) > 19 else ""
