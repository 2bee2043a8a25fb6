"""How soon the built program's window is on screen, beside the source version's, interleaved, on an Xvfb of its own.

    .venv/bin/python packaging/startup.py [PROGRAM] [--rounds 7]

Measured as benchmarks/startup.py does: from the start of the process to changed pixels in the screen's frame buffer.
Exit code 1 where the built program's median is over the limit.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.startup import bright_square, shell_there, slice_there, timed
from tests.journeys.screen import Screen

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 2.0


def measure(program: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each round: what -> one a round; a first round, which warms the disk cache, is dropped."""
    starts = {"built": [str(program / "medviewer")], "source": [sys.executable, "-P", "-m", "medviewer"]}
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, Screen() as screen:
        film = str(bright_square(Path(folder)))
        for number in range(rounds + 1):
            for name, start in starts.items():
                environment = {**screen.env, "MEDVIEWER_HOME": f"{folder}/{name}"}
                for what, words, there in (("window", [], shell_there), ("first slice", [film], slice_there)):
                    taken = timed(screen, [*start, *words], there, environment)
                    if number:
                        seconds.setdefault(f"{what}, {name}", []).append(taken)
    return seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the start of the built program and of the source version.")
    parser.add_argument("program", type=Path, nargs="?", default=ROOT / "dist" / "medviewer")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    seconds = measure(given.program.resolve(), given.rounds)
    lines = [f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {given.rounds} rounds, median (worst)"]
    for name, taken in sorted(seconds.items()):
        lines.append(f"{name:24} {statistics.median(taken) * 1000:7.0f} ms  ({max(taken) * 1000:.0f})")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(statistics.median(seconds["window, built"]) > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
