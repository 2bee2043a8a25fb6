"""Changed pictures as the net would be given them, made by a training process that is kept while somebody looks."""

import base64
import binascii
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin import plans
from medviewer.app.admin.plan_values import check_plan
from medviewer.app.admin.plans import Base
from medviewer.app.admin.records import Plan
from medviewer.core.child import MAX_LINE, command
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.session import Session

Pictures = tuple[NDArray[np.uint8], ...]
Sources = Callable[[], tuple[Base, DataSet]]

#: Seconds without a wish after which the process ends, and that it has for an answer (torch is imported first).
IDLE_S, ANSWER_S = 60.0, 60.0
COUNT = 8
_MOST_SIDE = 1024
DIED = "The previews stopped; the training itself is not affected. Try again."


class Previews:
    """Asks the process, one picture after another, on a thread of its own."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._wake = threading.Condition()
        self._wish: tuple[Plan, Sources, str, int, Future[Pictures]] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._process: _Process | None = None

    def ask(self, plan: Plan, sources: Sources, file: str, seed: int) -> "Future[Pictures]":
        """Wish for a picture; an older wish that has not begun is cancelled."""
        future: Future[Pictures] = Future()
        try:
            check_plan(plan)
        except UserError as error:
            future.set_exception(error)
            return future
        with self._wake:
            if self._closed:
                future.set_exception(UserError("closed", "medviewer is closing."))
                return future
            if self._wish is not None:
                self._wish[-1].cancel()
            self._wish = plan, sources, file, seed, future
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="previews", daemon=True)
                self._thread.start()
            self._wake.notify()
        return future

    def _work(self) -> None:
        while True:
            with self._wake:
                if not self._wake.wait_for(lambda: self._wish is not None or self._closed, IDLE_S) or self._closed:
                    self._thread = None
                    process, self._process = self._process, None
                    break
                wish, self._wish = self._wish, None
            assert wish is not None
            if wish[-1].set_running_or_notify_cancel():
                self._answer(*wish)
        if process is not None:
            process.close()

    def _answer(self, plan: Plan, sources: Sources, file: str, seed: int, future: "Future[Pictures]") -> None:
        try:
            base, dataset = sources()
            line = {"file": file, "seed": seed, "augment": base.tables.get("augment", {}) | plan.augment}
            future.set_result(self._running(plan, base, dataset).ask(line))
        except UserError as error:
            if error.code == "no_process":
                self._end()
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - told to whoever wished
            self._end()
            future.set_exception(error)

    def _running(self, plan: Plan, base: Base, dataset: DataSet) -> "_Process":
        """Return the process for this start and data set; another one's is ended."""
        text = plans.config_text(plan, base, dataset, "preview")
        key = hashlib.sha256(repr((text.partition("[training]")[0], dataset.path)).encode()).hexdigest()
        if self._process is not None and (self._process.key != key or not self._process.alive):
            self._end()
        if self._process is None:
            self._process = _Process(key, text, dataset.path.parent, self._session.spool)
            if self._closed:
                self._process.kill()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def close(self) -> None:
        """End the process; wishes that were not fulfilled are cancelled."""
        with self._wake:
            self._closed = True
            if self._wish is not None:
                self._wish[-1].cancel()
                self._wish = None
            thread, process = self._thread, self._process
            self._wake.notify()
        if process is not None:
            process.kill()
        if thread is not None:
            thread.join(ANSWER_S)


class _Process:
    """One `--process training preview`; `ask` is for one thread."""

    def __init__(self, key: str, text: str, data: Path, spool: Path) -> None:
        self.key = key
        self._folder = Path(tempfile.mkdtemp(prefix="preview-", dir=spool))
        config = self._folder / "train.toml"
        config.write_text(text, "utf-8")
        debug = bool(os.environ.get("MEDVIEWER_DEBUG"))
        try:
            self._popen = subprocess.Popen(
                command("training", "preview", str(config), "--data", str(data), "--attached"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if debug else subprocess.DEVNULL,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise UserError("no_process", DIED) from error

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, line: dict[str, Any]) -> Pictures:
        """Return the pictures of one wish.

        Raises:
            UserError: `no_process`, or what the process says (`bad_config`, `bad_dataset`).
        """
        assert self._popen.stdin
        assert self._popen.stdout
        deadline = threading.Timer(ANSWER_S, self._popen.kill)
        deadline.daemon = True
        deadline.start()
        try:
            self._popen.stdin.write(json.dumps(line).encode() + b"\n")
            self._popen.stdin.flush()
            raw = self._popen.stdout.readline(MAX_LINE)
            return _pictures(json.loads(raw))
        except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
            raise UserError("no_process", DIED) from error
        finally:
            deadline.cancel()

    def kill(self) -> None:
        self._popen.kill()

    def close(self) -> None:
        """End it (nothing is lost with it) and remove its folder."""
        self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _pictures(line: Any) -> Pictures:
    """Return the pictures of an answer: {"event": "preview", "shape": [n, rows, columns], "data": base64 of uint8}."""
    if line["event"] == "failed":
        raise UserError(str(line["code"])[:64], str(line["sentence"])[:500])
    count, rows, columns = (int(n) for n in line["shape"])
    if count != COUNT or not (0 < rows <= _MOST_SIDE and 0 < columns <= _MOST_SIDE):
        raise ValueError("shape")
    data = base64.b64decode(line["data"], validate=True)
    pictures = np.frombuffer(data, np.uint8).reshape(count, rows, columns)
    return tuple(pictures)
