"""What reaches a running training from outside: pause, stop, and the end of the program that started it."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from medviewer.engine.train.voice import INTERRUPTED, Say

PAUSE, STOP = "pause", "stop"
#: Seconds between two looks at the flag files while a training is paused.
_LOOK = 0.1
#: Seconds that a training has for its checkpoint when the program that started it is gone.
_GRACE = 2.0


class Control:
    """Flag files in a folder, looked at between batches; without a folder nothing is ever asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._ending = threading.Event()

    def attach(self) -> None:
        """From now on the process ends when its stdin does (`check` then keeps a checkpoint), and stands back."""
        if hasattr(os, "nice"):
            os.nice(10)
        threading.Thread(target=self._watch, name="stdin", daemon=True).start()

    def _watch(self) -> None:
        try:
            # os.read, not sys.stdin: its lock must not be held when the interpreter ends
            while os.read(0, 1 << 16):
                pass
        except OSError:
            pass
        self._ending.set()
        time.sleep(_GRACE)
        os._exit(INTERRUPTED)

    def check(self, say: Say, save: Callable[[], None]) -> bool:
        """Return whether to stop with the best so far; waits as long as a pause lasts (`save` is called before).

        Raises:
            KeyboardInterrupt: the program that started this process is gone; `save` was called.
        """
        if self._is_set(PAUSE) and not self._is_set(STOP):
            save()
            say({"event": "paused"})
            while self._is_set(PAUSE) and not self._is_set(STOP) and not self._ending.is_set():
                time.sleep(_LOOK)
            say({"event": "going_on"})
        if self._ending.is_set():
            save()
            sys.stderr.write("The program that asked for this training is gone; its checkpoint is kept.\n")
            raise KeyboardInterrupt
        return self._is_set(STOP)

    def _is_set(self, name: str) -> bool:
        return self._folder is not None and (self._folder / name).exists()
