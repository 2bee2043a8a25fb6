"""Deeds on a library in processes that can be killed.

One process imports once and forks for every deed, so that thirty kills cost thirty deeds and not thirty starts.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


class Forks:
    """The process that forks, seen from the test. Close it at the end."""

    def __init__(self) -> None:
        start = [sys.executable, str(Path(__file__))]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def run(self, deed: str, *words: object, kill_after: float | None = None) -> bool:
        """Do a deed in a process of its own and kill it after so many seconds; say whether it came to its end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([deed, *map(str, words)]) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)  # it cannot be another one's yet: it is waited for below
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._process.stdout.readline() == "0\n"

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()


def _backup(library: Any, to: str) -> None:
    library.backup(Path(to))


def _restore(library: Any, kept: str) -> None:
    library.restore(Path(kept))


def _main() -> None:
    from medviewer.library.library import Library

    deeds = {"backup": _backup, "restore": _restore}
    for line in sys.stdin:
        deed, where, anchor, *words = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                library = Library(where if "://" in where else Path(where), who="somebody", anchor=Path(anchor))
                deeds[deed](library, *words)
                library.close()
            except BaseException as error:  # noqa: BLE001 - this process must not go on as its parent
                print(type(error).__name__, error, file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)
        sys.stdin.readline()  # not before it may be waited for: until then its number is its own
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    _main()
