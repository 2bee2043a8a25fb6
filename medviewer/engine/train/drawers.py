"""Processes that draw a training's batches ahead: `medviewer --process training draw`, several at a time.

Each has one slot, a file in shared memory that both sides map; JSON lines say what is wanted and that it is there. A
drawer ends with its stdin, which is the end of its parent too. Nothing that it runs needs torch.
"""

import json
import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.child import command
from medviewer.core.parcels import Parcels
from medviewer.engine.train.changes import MOST_BOXES, WIDTH
from medviewer.engine.train.draws import Drawing, Draws, Wish

log = logging.getLogger(__name__)

#: More processes than this do not help; two cores are left to the training itself.
_MOST, _LEFT = 8, 2
#: Least bytes at which a slot's arrays begin.
_ALIGN = 64


class _Gone(Exception):  # noqa: N818
    """A drawer does not answer as it should."""


def how_many() -> int:
    """Return how many processes draw on this computer; 0 where a thread does as well (a slot is free only later)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(_MOST, cores - _LEFT)
    return count if count > 1 else 0


@dataclass(frozen=True)
class Slot:
    """The arrays of one batch in shared memory: of `rows` pictures at most."""

    table: NDArray[np.float64]
    boxes: NDArray[np.float64]
    noise: NDArray[np.float32]

    @classmethod
    def of(cls, memory: NDArray[np.uint8], rows: int, size: Sequence[int]) -> "Slot":
        """Return the arrays that lie in `memory`."""
        found: list[NDArray[Any]] = []
        for shape, kind, start, stop in _layout(rows, size):
            found.append(memory[start:stop].view(kind).reshape(shape))
        return cls(*found)

    def read(self, rows: int, noisy: int) -> Draws:
        """Return what a drawer wrote."""
        return Draws(self.table[:rows], self.boxes[:rows], self.noise[:noisy] if noisy else None)

    def write(self, draws: Draws) -> None:
        rows, count = draws.boxes.shape[:2]
        self.table[:rows], self.boxes[:rows] = draws.table, 0.0
        self.boxes[:rows, :count] = draws.boxes
        if draws.noise is not None and not np.may_share_memory(draws.noise, self.noise):
            self.noise[: len(draws.noise)] = draws.noise


def _layout(rows: int, size: Sequence[int]) -> list[tuple[tuple[int, ...], type[np.floating[Any]], int, int]]:
    """Return shape, kind, first and last byte of a slot's arrays."""
    shapes: list[tuple[tuple[int, ...], type[np.floating[Any]]]] = [
        ((rows, WIDTH), np.float64),
        ((rows, MOST_BOXES, 5), np.float64),
        ((rows, 1, *size), np.float32),
    ]
    found, at = [], 0
    for shape, kind in shapes:
        stop = at + int(np.prod(shape)) * np.dtype(kind).itemsize
        found.append((shape, kind, at, stop))
        at = -(-stop // _ALIGN) * _ALIGN
    return found


def _mapped(path: Path) -> NDArray[np.uint8]:
    return np.memmap(path, np.uint8, "r+")


# --- the training's side --------------------------------------------------------------------------------------------


class _Drawer:
    """One process and its slot."""

    def __init__(self, path: Path, drawing: Drawing, rows: int) -> None:
        """Start it.

        Raises:
            OSError: there is no room for its slot, or for a process.
        """
        bytes_ = _layout(rows, drawing.size)[-1][-1]
        with path.open("wb") as file:  # written, not stretched: a full memory must be known now and not at a page's use
            for start in range(0, bytes_, 1 << 20):
                file.write(bytes(min(1 << 20, bytes_ - start)))
        self.memory = _mapped(path)
        self.slot = Slot.of(self.memory, rows, drawing.size)
        self.wish: Wish | None = None
        debug = bool(os.environ.get("MEDVIEWER_DEBUG"))
        self._popen = subprocess.Popen(
            command("training", "draw"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._send({"slot": str(path), "rows": rows, "drawing": drawing.plain()})

    def ask(self, wish: Wish) -> None:
        self.wish = wish
        self._send(asdict(wish))

    def answer(self) -> Draws:
        """Return what was asked for; waits.

        Raises:
            _Gone: the process is.
        """
        assert self.wish is not None
        assert self._popen.stdout is not None
        try:
            noisy = json.loads(self._popen.stdout.readline())["noisy"]
            return self.slot.read(len(self.wish.labels), int(noisy))
        except (OSError, ValueError, KeyError, TypeError) as gone:
            raise _Gone from gone

    def _send(self, line: dict[str, Any]) -> None:
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(json.dumps(line).encode() + b"\n")
            self._popen.stdin.flush()
        except (OSError, ValueError) as gone:
            raise _Gone from gone

    def close(self) -> None:
        self._popen.kill()  # it has nothing of its own to keep
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what it was asked last did not get through
                    continue


class Drawers:
    """Draws batches in other processes. A process that is lost costs time only: then they are drawn here."""

    def __init__(self, drawing: Drawing, rows: int, count: int) -> None:
        """Start `count` (at least 2) processes for batches of `rows` pictures at most; they are not waited for.

        Raises:
            OSError: there is no room for that.
        """
        self.drawing = drawing
        self._parcels = Parcels()
        self._drawers: list[_Drawer] = []
        try:
            for number in range(count):
                self._drawers.append(_Drawer(Path(self._parcels.folder, f"draws-{number}"), drawing, rows))
        except (OSError, _Gone) as error:
            self.close()
            raise OSError("no room for the processes that draw") from error

    @property
    def memory(self) -> list[NDArray[np.uint8]]:
        """The slots' bytes, for a graphics card that wants them pinned."""
        return [d.memory for d in self._drawers]

    def ahead(self, wish: Callable[[int], Wish], numbers: Iterable[int]) -> Generator[tuple[int, Draws], None, None]:
        """Yield each number with its draws, in order. Draws hold until this is asked for the second after them."""
        left = iter(numbers)
        idle, asked = deque(self._drawers), deque[tuple[int, _Drawer]]()
        used: _Drawer | None = None
        try:
            while True:
                self._ask(wish, left, idle, asked)
                if not asked:
                    break
                number, drawer = asked[0]
                draws = drawer.answer()
                asked.popleft()
                yield number, draws
                if used is not None:
                    idle.append(used)
                used = drawer
        except _Gone:
            log.warning("a process that draws batches was lost; the training draws them itself")
            missing = [number for number, _ in asked]
            asked.clear()
            self._end()
            yield from ((n, self.drawing.draw(wish(n))) for n in (*missing, *left))
        finally:
            self._settle(asked)
        # fewer than two drawers are left over only when all of them were lost before: they draw nothing any more
        yield from ((n, self.drawing.draw(wish(n))) for n in left)

    def _ask(
        self, wish: Callable[[int], Wish], left: Any, idle: deque[_Drawer], asked: deque[tuple[int, _Drawer]]
    ) -> None:
        while idle:
            number = next(left, None)
            if number is None:
                return
            asked.append((number, idle.popleft()))  # first: what could not be asked for is missing
            asked[-1][1].ask(wish(number))

    def _settle(self, asked: Iterable[tuple[int, _Drawer]]) -> None:
        """Take the answers that nobody wants any more, so that the next question gets its own."""
        try:
            for _, drawer in asked:
                drawer.answer()
        except _Gone:
            self._end()

    def _end(self) -> None:
        for drawer in self._drawers:
            drawer.close()
        self._drawers.clear()

    def close(self) -> None:
        """End the processes and free their memory."""
        self._end()
        self._parcels.close()


# --- the drawer's side ----------------------------------------------------------------------------------------------


def main(argv: Sequence[str]) -> int:
    """Answer every wish on stdin until it ends; returns the process's exit code."""
    if argv:
        sys.stderr.write("The process that draws takes no arguments.\n")
        return 2
    if hasattr(os, "nice"):
        os.nice(1)  # behind the training, which hands the card what is ready
    out, lines = os.fdopen(os.dup(1), "wb", buffering=0), iter(sys.stdin.buffer.readline, b"")
    first = json.loads(next(lines))
    drawing = Drawing.of(first["drawing"])
    slot = Slot.of(_mapped(Path(first["slot"])), int(first["rows"]), drawing.size)
    for line in lines:
        values = json.loads(line)
        draws = drawing.draw(Wish(**values | {"labels": tuple(values["labels"])}), slot.noise)
        slot.write(draws)
        out.write(json.dumps({"noisy": 0 if draws.noise is None else len(draws.noise)}).encode() + b"\n")
    return 0
