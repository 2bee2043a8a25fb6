"""The longest stall of the window's event loop, from its appearing to the first map, with the wheel turning all along.

    .venv/bin/python benchmarks/stalls.py [FOLDER] [--rounds 3] [--drop]

Opens FOLDER (without it: the synthetic chest CT) in the real window on a virtual screen of its own, on the command
line or (--drop) as a person drops it, reads the series with the model that fits, and asks for the outline and the heat
map. The wheel turns from the window's first paint on. A stall is the time between two ticks of a 5 ms timer inside
the window's process; those that began after the first paint count. The machine should have nothing else to do: its
load average is printed with each round.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.dicom.pool import ReaderPool
from tests.journeys.screen import Program, Screen, wait_until

CENTRE = (900, 540)
DROPPER = Path(__file__).resolve().parents[2] / "shared/tools/xdnd_drop.py"


def turn_until(screen: Screen, true: Callable[[], object], seconds: float, what: str) -> None:
    """Turn the wheel over the centre until `true()`."""
    deadline = time.monotonic() + seconds
    while not true():
        screen.wheel(12, *CENTRE)
        screen.wheel(-9, *CENTRE)
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {seconds} s: {what}")


def journey(folder: Path, home: Path, drop: bool) -> list[float]:
    """Do it once and return all stalls over 16 ms."""
    given = [] if drop else [str(folder)]
    with Screen() as screen, Program(screen, given, home, home / "log.jsonl") as program:
        wait_until(lambda: program.first("shell"), 60, "the window")
        if drop:
            screen.drop(DROPPER, [folder], CENTRE).wait(30)
        turn_until(screen, lambda: any(" image " in name for name in program.names()), 60, "the first image")
        screen.click(*CENTRE)
        screen.wheel(10, *CENTRE)
        screen.key("ctrl+Return")
        turn_until(screen, lambda: program.shows("text", "Read: all"), 300, "the end of the reading")
        for key in ("bracketright", "e", "e"):
            screen.key(key)
            screen.wheel(2, *CENTRE)
            screen.wheel(-2, *CENTRE)
        shell = program.first("shell")
        assert shell
        return program.gaps(since=shell["t"])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drop", action="store_true", help="drop the folder on the window")
    args = parser.parse_args()
    print(f"machine: {os.cpu_count()} cores, {sys.platform}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as made:
        folder = args.folder
        if folder is None:
            pool = ReaderPool()
            pool.phantom(Path(made) / "phantom").result()
            pool.close()
            folder = Path(made) / "phantom" / "ct"
        for number in range(args.rounds):
            home = Path(made) / f"home{number}"
            home.mkdir()
            stalls = sorted(journey(folder, home, args.drop), reverse=True) or [0.0]
            over = sum(stall > 50 for stall in stalls)
            print(
                f"round {number + 1}: longest {stalls[0]:.0f} ms, next {stalls[1:5]}, over 50 ms: {over}"
                f" (load {os.getloadavg()[0]:.1f})"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
