"""A screen of our own (Xvfb): mouse, keys and drops at positions, and the pixels that a person would see."""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

NEEDED = ("Xvfb", "xdotool")
PROBE = Path(__file__).with_name("probe.py")
Env = Mapping[str, str]
NO_ENV: Env = {}


def missing() -> list[str]:
    """Return the programs a journey needs and this machine lacks."""
    return [name for name in NEEDED if shutil.which(name) is None]


def wait_until(true: Callable[[], object], seconds: float, what: str, every: float = 0.02) -> float:
    """Wait for `true()`; return the seconds it took; fail with `what` after `seconds`."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)
    return time.monotonic() - start


class Screen:
    """An Xvfb of one size; a context manager that ends what it started."""

    def __init__(self, width: int = 1920, height: int = 1080) -> None:
        self.width, self.height = width, height
        self._folder = tempfile.mkdtemp(prefix="journey-")
        read, write = os.pipe()
        size = f"{width}x{height}x24"
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-fbdir", self._folder, "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = ":" + answer.readline().strip()
        self.env = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        self.env.pop("WAYLAND_DISPLAY", None)

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def pixels(self) -> NDArray[np.uint8]:
        """Return what is on the screen, [row, column, 3] RGB."""
        raw = Path(self._folder, "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", raw[:100])
        size, colours, bytes_per_line = header[0], header[19], header[12]
        pixels = np.frombuffer(raw, np.uint8, offset=size + colours * 12, count=bytes_per_line * self.height)
        return pixels.reshape(self.height, bytes_per_line // 4, 4)[:, : self.width, 2::-1].copy()

    def save(self, path: Path) -> None:
        """Write the screen as a PNG (for a person to look at)."""
        from PIL import Image

        Image.fromarray(self.pixels()).save(path)

    def do(self, *words: object) -> None:
        """Run one xdotool command chain."""
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, timeout=60)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        self.do("mousemove", x, y, "click", "--repeat", times, "--delay", 60, button)

    def drag(self, start: tuple[int, int], end: tuple[int, int], button: int = 1) -> None:
        """Press at `start`, move in steps, release at `end`."""
        moves: list[object] = ["mousemove", *start, "mousedown", button]
        for i in range(1, 11):
            moves += ["mousemove", *(round(a + (b - a) * i / 10) for a, b in zip(start, end, strict=True))]
        self.do(*moves, "mouseup", button)

    def wheel(self, steps: int, x: int, y: int, delay_ms: int = 30) -> None:
        """Turn the wheel at (x, y): positive is down, the next slice."""
        button = 5 if steps > 0 else 4
        self.do("mousemove", x, y, "click", "--repeat", abs(steps), "--delay", delay_ms, button)

    def key(self, *names: str) -> None:
        self.do("key", *names)

    def drop(self, script: Path, paths: list[Path], to: tuple[int, int]) -> subprocess.Popen[str]:
        """Start a drag of `paths` from a second process (`xdnd_drop.py`), released at `to`."""
        command = [sys.executable, str(script), "--to", *map(str, to), *map(str, paths)]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, text=True)


class Program:
    """The real program in its own process on a Screen, watched from inside by probe.py (or `probe`, which calls it)."""

    def __init__(
        self, screen: Screen, arguments: list[str], home: Path, log: Path, probe: Path = PROBE, env: Env = NO_ENV
    ) -> None:
        env = {**screen.env, **env, "MEDVIEWER_HOME": str(home), "PROBE_T0": repr(time.monotonic())}
        self.log, self._seen_on = log, screen
        self.started = time.monotonic()
        self.process = subprocess.Popen([sys.executable, str(probe), str(log), *arguments], env=env)

    def events(self) -> list[dict[str, Any]]:
        """Return what the probe has written so far, oldest first."""
        if not self.log.exists():
            return []
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]

    def first(self, what: str) -> dict[str, Any] | None:
        return next((e for e in self.events() if e["what"] == what), None)

    def names(self, what: str = "Viewport") -> list[str]:
        """Return the names under which widgets of a kind were painted, in order: what a screen reader would say."""
        return [str(e["name"]) for e in self.events() if e["what"] == what]

    def shows(self, what: str, words: str) -> bool:
        """Say whether a widget of this kind was painted under a name with these words in it."""
        return any(words in name for name in self.names(what))

    def gaps(self, since: float) -> list[float]:
        """Return the stalls of the event loop, ms, that began after a monotonic time."""
        return [e["ms"] for e in self.events() if e["what"] == "gap" and e["t"] - e["ms"] / 1000 >= since]

    def children(self) -> list[int]:
        return [c.pid for c in psutil.Process(self.process.pid).children(recursive=True)]

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # what a person would have seen when it failed
            self._seen_on.save(self.log.with_suffix(".png"))
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
