"""Start-up as ratios to a bare QMainWindow, in one run, interleaved, under an Xvfb of its own.

    .venv/bin/python benchmarks/startup.py [--rounds 7] [--film FILE.dcm]

Prints, as medians over the rounds and as medians of per-round ratios: bare QMainWindow on screen, medviewer's whole
shell on screen, first slice of a file given on the command line on screen (a synthetic slice that this script makes,
or --film). "On screen" means: the pixels changed in the virtual screen's own frame buffer.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.journeys.screen import Screen, wait_until

BARE = """
import sys
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv); w = QMainWindow(); w.resize(1920, 1080)
p = w.palette(); p.setColor(QPalette.ColorRole.Window, QColor(90, 90, 90)); w.setPalette(p); w.show(); app.exec()
"""


def shell_there(screen: Screen) -> bool:
    """The strip with "Not for diagnostic use" (amber text at the lower left) is drawn."""
    strip = screen.pixels()[-28:, :300].astype(int)
    return bool(((strip[..., 0] > 150) & (strip[..., 2] < 120)).sum() > 40)


def slice_there(screen: Screen) -> bool:
    """The centre shows the test slice's bright square."""
    h, w = screen.height, screen.width
    return bool((screen.pixels()[h // 2 - 40 : h // 2 + 40, w // 2 - 100 : w // 2 + 20] > 220).mean() > 0.5)


def bare_there(screen: Screen) -> bool:
    return bool((screen.pixels()[500:520, 900:920] == 90).all())


def timed(screen: Screen, command: list[str], there, env: dict[str, str]) -> float:
    """Start `command`, wait for its pixels, end it; return the seconds."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=env)
    try:
        wait_until(lambda: there(screen), 30, "the window", every=0.004)
        return time.monotonic() - start
    finally:
        process.terminate()
        process.wait(10)
        wait_until(lambda: not screen.pixels().any(), 10, "an empty screen")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--film", type=Path)
    args = parser.parse_args()
    medviewer = [sys.executable, "-P", "-m", "medviewer"]
    with tempfile.TemporaryDirectory() as folder, Screen() as screen:
        env = {**screen.env, "MEDVIEWER_HOME": folder + "/home"}
        film = args.film or bright_square(Path(folder))
        cases = {
            "bare QMainWindow": ([sys.executable, "-c", BARE], bare_there),
            "medviewer's shell": (medviewer, shell_there),
            "first slice": ([*medviewer, str(film)], slice_there),
        }
        rounds: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(args.rounds + 1):  # the first round warms the disk cache and is dropped
            for name, (command, there) in cases.items():
                rounds[name].append(timed(screen, command, there, env))
    bare = rounds["bare QMainWindow"][1:]
    print(f"machine: {os.cpu_count()} cores, {sys.platform}, Python {sys.version.split()[0]}; {args.rounds} rounds")
    for name, seconds in rounds.items():
        ratio = statistics.median(s / b for s, b in zip(seconds[1:], bare, strict=True))
        print(f"{name:20} {statistics.median(seconds[1:]) * 1000:7.0f} ms   ratio {ratio:5.2f}")
    return 0


def bright_square(folder: Path) -> Path:
    """Write a CT slice with a bright square in the middle."""
    from tests import build

    pixels = np.zeros((512, 512), np.int16)  # stored values: HU + 1024
    pixels[156:356, 156:356] = 3000
    return build.save(build.ct(pixels), folder / "square.dcm")


if __name__ == "__main__":
    sys.exit(main())
