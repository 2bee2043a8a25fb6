"""The longest stall of the window's event loop, from its appearing to the first map, with the wheel turning all along.

    .venv/bin/python benchmarks/stalls.py [FOLDER] [--rounds 3]

Opens FOLDER (without it: the synthetic chest CT) in the real window on a virtual screen of its own, reads the series
with the model that fits, turns the wheel meanwhile, and asks for the outline and the heat map. A stall is the time
between two ticks of a 5 ms timer inside the window's process; those that began after the first paint count.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.dicom.pool import ReaderPool
from tests.journeys.screen import Program, Screen, wait_until

CENTRE = (900, 540)


def journey(folder: Path, home: Path) -> list[float]:
    """Do it once and return all stalls over 16 ms."""
    with Screen() as screen, Program(screen, [str(folder)], home, home / "log.jsonl") as program:
        wait_until(lambda: any(" image 1 of " in name for name in program.names()), 60, "the first image")
        screen.click(*CENTRE)
        screen.wheel(10, *CENTRE)
        screen.key("ctrl+Return")
        deadline = time.monotonic() + 300
        while not program.shows("text", "Read: all"):
            screen.wheel(12, *CENTRE)
            screen.wheel(-9, *CENTRE)
            if time.monotonic() > deadline:
                raise SystemExit("the reading did not end")
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
            stalls = sorted(journey(folder, home), reverse=True)
            over = sum(stall > 50 for stall in stalls)
            print(f"round {number + 1}: longest {stalls[0]:.0f} ms, next {stalls[1:5]}, over 50 ms: {over}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
