"""Runs medviewer with a wall clock that is wrong by as much as a file says, also when that changes meanwhile.

    CLOCK_SHIFT=FILE python tests/journeys/shifted.py LOG [arguments of the window]      under the probe
    CLOCK_SHIFT=FILE python tests/journeys/shifted.py --command [arguments of a command]

FILE holds seconds. As on a computer whose clock is set, only the time of day jumps; what counts seconds goes on.
"""

import datetime as module
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
REAL, REAL_TIME = module.datetime, time.time


def shift() -> float:
    """Return by how many seconds the clock is wrong now."""
    try:
        return float(Path(os.environ["CLOCK_SHIFT"]).read_text("ascii"))
    except (OSError, ValueError):
        return 0.0


class Shifted(REAL):
    """The time of day, wrong."""

    @classmethod
    def now(cls, tz: Any = None) -> REAL:
        return REAL.now(tz) + module.timedelta(seconds=shift())


def main() -> int:
    module.datetime = Shifted  # type: ignore[misc]
    time.time = lambda: REAL_TIME() + shift()
    if sys.argv[1] == "--command":
        from medviewer.__main__ import main as medviewer

        return medviewer(sys.argv[2:])
    from tests.journeys import probe

    return probe.main()


if __name__ == "__main__":
    sys.exit(main())
