"""Keeps the interpreter from holding up the window's thread: its lock, its collector, and imports beside it.

All threads of a Python process share one lock. A window stays fluid beside other threads when these give the lock
back often (`give_way`), when nobody walks over all objects at once (`Uncollected`, `collect_due`), and when heavy
imports wait until the window is complete or the reader's hand rests, and then take breaths (`import_gently`, `gently`).
Without a window nobody waits. Measured by benchmarks/stalls.py.
"""

import contextlib
import gc
import importlib
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

#: Seconds after which a thread that computes must let another one go on that waits for the lock (Python's own: 0.005).
#: Painting gives the lock away in many places, and waits this long for it after each of them.
SWITCH_S = 0.0005
#: Seconds: the pause before each module of a heavy import.
BREATH_S = 0.002
#: Seconds: how long the hand must rest before what is not urgent, and how long that waits for it at most.
REST_S, PATIENCE_S = 0.4, 4.0
#: Seconds that anything waits for a window that is still being made.
WINDOW_S = 2.0
#: How many times as long as a full collection took there is none, where they are made by hand.
FULL_PAUSE = 50


def give_way() -> None:
    """Let threads take turns often, from here on; for a process that will have a window."""
    sys.setswitchinterval(SWITCH_S)
    calm.window = True
    calm.begin()


class Uncollected:
    """While any of these is open nothing is collected; at the end of the last one what is there is left alone for good.

    A full collection among the objects of Qt's and numpy's modules takes 30 ms. What is made by importing and by
    building the window stays until the end anyway, and need not be looked at again.
    """

    _lock = threading.Lock()
    _open = 0
    #: Set by `collect_by_hand`.
    by_hand = False

    def __init__(self) -> None:
        self._mine = True
        with self._lock:
            Uncollected._open += 1
            gc.disable()

    def __enter__(self) -> "Uncollected":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let things be collected again; harmless when called again."""
        with self._lock:
            if self._mine:
                self._mine = False
                Uncollected._open -= 1
                if not Uncollected._open:
                    gc.freeze()
                    if not Uncollected.by_hand:
                        gc.enable()

    @classmethod
    def any(cls) -> bool:
        """Say whether one is open."""
        return cls._open > 0


def collect_by_hand() -> None:
    """Let nothing be collected from here on but by `collect_due`; for a process with widgets, which calls that.

    Python collects on whichever thread makes the 700th object, at whichever moment. A widget in a ring of references
    (each is in some) was destroyed there: beside Qt, which paints it, or in the midst of Qt's walk over all widgets.
    PySide6 6.11 leaves the destruction to the window's thread for its own classes, but not for those derived from them.
    """
    with Uncollected._lock:
        Uncollected.by_hand = True
        gc.disable()


def collect_due() -> int | None:
    """Collect on this thread what Python itself would collect now; nothing where Python does that, or must not.

    A full collection comes when the reader's hand rests, and seldom enough to take 1/FULL_PAUSE of the time.

    Returns:
        The generation that was collected: 0, 1, 2, or None.
    """
    global _full_after
    if not Uncollected.by_hand or Uncollected.any():
        return None
    counts, limits = gc.get_count(), gc.get_threshold()
    if counts[0] <= limits[0]:
        return None
    start = time.monotonic()
    generation = 0 if counts[1] <= limits[1] else 1
    if generation and counts[2] > limits[2] and start >= _full_after and calm.rested(REST_S):
        generation = 2
    gc.collect(generation)
    if generation == 2:
        end = time.monotonic()
        _full_after = end + FULL_PAUSE * (end - start)
    return generation


_full_after = float("-inf")


class Calm:
    """Whether the window has time for others: it is complete (`begin`, `complete`) and the hand rests (`moved`).

    Attributes:
        window: this process has one; otherwise nobody waits here.
    """

    def __init__(self) -> None:
        self.window = False
        self._complete = threading.Event()
        self._complete.set()
        self._uncollected: Uncollected | None = None
        self._moved = float("-inf")

    def begin(self) -> None:
        """Say that the window is being made."""
        self._complete.clear()
        self._uncollected = Uncollected()

    def complete(self) -> None:
        """Say that the window has all its parts, or is closed before that; harmless when called again."""
        self._complete.set()
        if self._uncollected is not None:
            self._uncollected.close()

    def moved(self) -> None:
        """Say that the reader did something."""
        self._moved = time.monotonic()

    def rested(self, seconds: float) -> bool:
        """Say whether the reader has done nothing for so long."""
        return time.monotonic() - self._moved >= seconds

    def wait(self, rest: float = 0.0, patience: float = 0.0) -> None:
        """Return when the window is complete and the hand has rested for `rest` seconds, or after `patience`."""
        self._complete.wait(WINDOW_S)
        end = time.monotonic() + patience
        while (left := self._moved + rest - time.monotonic()) > 0 and time.monotonic() < end:
            time.sleep(min(left, 0.05))


#: This process's own.
calm = Calm()


def gently(*modules: str) -> threading.Thread:
    """Import modules on a thread of their own, in this order, at the reader's next rest; return the running thread.

    A module that cannot be imported is left to whoever needs it.
    """

    def work() -> None:
        calm.wait(REST_S, PATIENCE_S)
        with contextlib.suppress(ImportError):
            import_gently(*modules)

    thread = threading.Thread(target=work, name=f"import-{modules[0]}", daemon=True)
    thread.start()
    return thread


_one_at_a_time = threading.Lock()


def import_gently(*modules: str) -> None:
    """Import modules on this thread, with a breath before each of them and of those that they import.

    For what is wanted now, but not by the window's own thread; it waits only for the window to be complete.

    Raises:
        ImportError: as `import` does.
    """
    if all(module in sys.modules for module in modules):
        return
    calm.wait()
    with _one_at_a_time, Uncollected(), _Breaths() if calm.window else contextlib.nullcontext():
        for module in modules:
            importlib.import_module(module)


class _Breaths:
    """Asked for every module that is imported while it is open, it finds none, but lets its own thread wait."""

    def __enter__(self) -> "_Breaths":
        self._thread = threading.get_ident()
        sys.meta_path = [self, *sys.meta_path]  # a new list: another thread may be going through the old one
        return self

    def __exit__(self, *_: object) -> None:
        sys.meta_path = [finder for finder in sys.meta_path if finder is not self]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if threading.get_ident() == self._thread:
            time.sleep(BREATH_S)
        return None
