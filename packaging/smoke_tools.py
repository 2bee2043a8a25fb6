"""What the smoke test of the frozen program needs, from the standard library: a runner, a screen, a watch, traces."""

import contextlib
import json
import os
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The user that the program runs as when we are root: one that owns nothing, and another one for each run, so that what
#: it leaves can be told.
USER = 60_000 + os.getpid() % 4000
NOT_LOOKED_AT = ("/proc", "/sys", "/run/user")


class Failed(Exception):  # noqa: N818
    """A check that does not hold; its text says what was seen."""


class Runner:
    """Runs one medviewer (frozen, or from its source) as a user with a home and a temporary folder of its own."""

    def __init__(self, command: Sequence[str | Path], folder: Path, drop: bool) -> None:
        """Args: command: how it is started; folder: what it may write into; drop: run it as USER (needs root)."""
        self.command = [str(word) for word in command]
        self.home, self.temporary = folder / "home", folder / "tmp"
        self.user = USER if drop else None
        for place in (folder, self.home, self.temporary):
            place.mkdir(exist_ok=True)
            self.give(place)
        self.env = {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }

    @property
    def data(self) -> Path:
        """The program's own data folder (platformdirs on Linux)."""
        return self.home / ".local" / "share" / "medviewer"

    @property
    def config(self) -> Path:
        return self.home / ".config" / "medviewer"

    def give(self, path: Path) -> Path:
        """Let the program's user own `path`."""
        if self.user is not None:
            os.chown(path, self.user, self.user)
        return path

    def start(self, *words: object, **env: str) -> subprocess.Popen[bytes]:
        """Start it and return the process, a group of its own.

        Raises:
            Failed: it cannot be started at all.
        """
        try:
            return subprocess.Popen(
                [*self.command, *map(str, words)],
                env={**self.env, **env},
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user is not None else None,
                start_new_session=True,
            )
        except OSError as error:
            raise Failed(f"it cannot be started: {error.strerror} (as user {self.user})") from error

    def call(self, *words: object, code: int = 0, seconds: float = 300, **env: str) -> str:
        """Run it to its end and return its stdout.

        Raises:
            Failed: another exit code than `code`, or not within `seconds`.
        """
        process = self.start(*words, **env)
        try:
            out, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise Failed(f"`{words[0]}` did not end within {seconds:.0f} s") from error
        if process.returncode != code:
            last = " / ".join(said.decode("utf-8", "replace").strip().splitlines()[-3:])
            raise Failed(f"`{' '.join(map(str, words))[:120]}` ended with {process.returncode}: {last[:600]}")
        return out.decode("utf-8")

    def document(self, *words: object, **options: Any) -> dict[str, Any]:
        """Run it with --json and return the document."""
        try:
            found: dict[str, Any] = json.loads(self.call(*words, "--json", **options))
        except ValueError as error:
            raise Failed(f"`{words[0]} --json` printed no document") from error
        return found


@dataclass
class Bench:
    """What the checks share.

    Attributes:
        frozen: the program; source: the source version, None where only `expected` is known of it.
        program: the frozen folder; work: where everything of this test is written; shots: pictures for a person.
        expected: what the source version said; found: the same of the frozen one, for the checks that follow.
    """

    frozen: Runner
    source: Runner | None
    program: Path
    work: Path
    shots: Path
    data: Path | None = None
    expected: dict[str, Any] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)


class Watch(threading.Thread):
    """Notes, while it runs, which programs a user's processes are, and as what they were started."""

    def __init__(self, user: int) -> None:
        super().__init__(daemon=True)
        self._user, self._end = user, threading.Event()
        self.seen: set[tuple[str, str]] = set()

    def run(self) -> None:
        while not self._end.wait(0.1):
            for pid in strays(self._user):
                with contextlib.suppress(OSError):
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                    kind = words[words.index("--process") + 1] if "--process" in words[:-1] else ""
                    self.seen.add((str(Path(f"/proc/{pid}/exe").readlink()), kind))

    def stop(self) -> None:
        self._end.set()
        self.join()


def strays(user: int) -> list[int]:
    """Return the processes of a user (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == user:
                found.append(int(entry.name))
    return found


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Return path -> (size, time of the last change) of everything in `folder`."""
    found = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found


def traces(user: int, besides: Path) -> list[str]:
    """Return what belongs to a user anywhere on this machine, but in the folder `besides`.

    Only folders that the user can enter are looked through, and only in those that it can write are files looked at.
    """
    found, todo, left_out = [], ["/"], {*NOT_LOOKED_AT, str(besides)}
    while todo:
        folder = todo.pop()
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            state = Path(folder).stat()
            writable = bool(state.st_mode & stat.S_IWOTH) or state.st_uid == user
            if not (state.st_mode & stat.S_IXOTH or state.st_uid == user):
                continue
            for entry in entries:
                if entry.path in left_out:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                if writable and entry.stat(follow_symlinks=False).st_uid == user:
                    found.append(entry.path)
    return sorted(found)


class Screen:
    """An Xvfb of our own whose pixels can be read."""

    def __init__(self, width: int = 1920, height: int = 1080) -> None:
        self.width, self.height = width, height
        self._folder = tempfile.mkdtemp(prefix="smoke-screen-")
        read, write = os.pipe()
        size = f"{width}x{height}x24"
        command = [
            "Xvfb",
            "-ac",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            size,
            "-fbdir",
            self._folder,
            "-nolisten",
            "tcp",
        ]
        self._server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = ":" + answer.readline().strip()

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def rows(self) -> list[bytes]:
        """Return the screen, a row of BGRX bytes each."""
        raw = Path(self._folder, "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", raw[:100])
        start, line = header[0] + header[19] * 12, header[12]
        return [raw[start + y * line : start + y * line + 4 * self.width] for y in range(self.height)]

    def rgb(self) -> list[bytes]:
        """Return the screen, a row of RGB bytes each."""
        made = []
        for row in self.rows():
            line = bytearray(3 * self.width)
            line[0::3], line[1::3], line[2::3] = row[2::4], row[1::4], row[0::4]
            made.append(bytes(line))
        return made


def lit(rows: list[bytes]) -> float:
    """Return which share of a screen's pixels (every fourth is looked at) is not black."""
    pixels = [row[x : x + 3] for row in rows[::4] for x in range(0, len(row), 16)]
    return sum(pixel != b"\0\0\0" for pixel in pixels) / len(pixels)


def vivid(rows: list[bytes]) -> int:
    """Return how many strong colours a screen shows: the window's own are few, a map and its scale have many."""
    pixels = {row[x : x + 3] for row in rows[::4] for x in range(0, len(row), 16)}
    return sum(max(pixel) - min(pixel) > 60 for pixel in pixels)


def wait_until(true: Callable[[], object], seconds: float, what: str, every: float = 0.02) -> float:
    """Wait for `true()` and return the seconds it took.

    Raises:
        Failed: with `what`, after `seconds`.
    """
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            raise Failed(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - started
