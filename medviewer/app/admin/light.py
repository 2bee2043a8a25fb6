"""Lighter copies of models: made and tested by the training process, used only where their answers are equal enough.

light/<model>-<version>-<hash>/<kind>/copy.onnx, light.json     what the test found; only this program writes it
light/used.json                                                  {"<model>-<version>-<hash>": kind}
"""

import contextlib
import json
import os
import shutil
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin import training_word
from medviewer.app.admin.records import LightCopy
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder
from medviewer.inference.protocol import Copy
from medviewer.library.records import AuditEntry

if TYPE_CHECKING:
    from medviewer.app.session import Session

KINDS = ("onnx", "int8")
FOLDER, USED, RESULT, FILE = "light", "used.json", "light.json", "copy.onnx"
MOST_JSON = 1 << 20
BROKEN = "The lighter copy could not be made: the process ended unexpectedly. Try again."
NO_DATA = "A lighter copy is tested on at least 200 pictures with the same finding. Freeze such a data set first."


class Light:
    """The lighter copies on this computer. `changed` carries the name of the model."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._root = session.home.data / FOLDER
        self._lock = threading.Lock()
        self._used: dict[str, str] | None = None
        self.changed: Event[str] = Event()

    def all(self, model: str) -> tuple[LightCopy, ...]:
        """Return the copies of every version of a model, used or not, good or not."""
        used, found = self._choices(), []
        for path in sorted(self._root.glob(f"{model}-*/*/{RESULT}")):
            said = _read(path)
            if said.get("model") == model and said.get("kind") in KINDS:
                found.append(_record(said, used.get(path.parent.parent.name) == said["kind"]))
        return tuple(found)

    def make(self, model: str, version: str, kind: str, dataset: str = "") -> Job:
        """Make a copy of a version and test it on the open parts of a data set ("": the largest that fits).

        The job's result is the LightCopy.
        """

        def work(job: Job) -> LightCopy:
            if why := self._session.admin.refusal():
                raise UserError("not_permitted", why)
            if kind not in KINDS:
                raise UserError("usage", f"A lighter copy is one of {', '.join(KINDS)}.")
            chosen = self._find(model, version)
            place = self._root / _key(chosen) / kind
            part = place.with_name(f"{kind}.part")
            shutil.rmtree(part, ignore_errors=True)
            try:
                self._session.home.private(part)
                _run(chosen, kind, self._data(chosen, dataset).path, part, job)
                shutil.rmtree(place, ignore_errors=True)
                part.rename(place)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            said = _read(place / RESULT)
            if not said.get("ok") and self._choices().get(_key(chosen)) == kind:
                self._choose(_key(chosen), "")
            self.changed.emit(model)
            return _record(said, used=False)

        return self._session.jobs.run(Job("Making a lighter copy", "light"), work)

    def use(self, model: str, version: str, kind: str) -> "Future[AuditEntry]":
        """Let a copy answer for a version on the processor from now on ("": the model itself); returns its audit entry.

        Raises:
            UserError: `blocked`: there is no such copy, or its test failed.
        """
        if why := self._session.admin.refusal():
            raise UserError("not_permitted", why)
        chosen = self._find(model, version)
        if kind:
            said = _read(self._root / _key(chosen) / kind / RESULT)
            if not said:
                raise UserError("blocked", "There is no such copy. Make it first.")
            if said.get("ok") is not True:
                raise UserError("blocked", f"This copy cannot be used. {said.get('text', '')}")
        self._choose(_key(chosen), kind)
        details = {"model": model, "version": version, "sha256": chosen.sha256, "copy": kind}
        entry = self._session.shelf.write(lambda library: library.audit("model.copy_chosen", details=details))
        self.changed.emit(model)
        return entry

    def copy_of(self, model: ModelFolder) -> Copy | None:
        """Return the copy that answers for a model now (see `EngineClient.copy_of`); None: the model itself."""
        if self._session.safe_mode or not (kind := self._choices().get(_key(model))):
            return None
        place = self._root / _key(model) / kind
        said = _read(place / RESULT)
        if said.get("ok") is not True or said.get("base_sha256") != model.sha256:
            return None
        return Copy(str(place / FILE), str(said.get("sha256", "")), kind)

    def _find(self, model: str, version: str) -> ModelFolder:
        found = self._session.model(model, version)
        if found is None:
            raise UserError("no_model", "There is no such version here.")
        return found

    def _data(self, model: ModelFolder, wanted: str) -> DataSet:
        """Return the data set to test on.

        Raises:
            UserError: `no_data`.
        """
        sets = self._session.admin.datasets.all()
        fit = [d for d in sets if d.facts.frozen and d.facts.target == model.card.target and wanted in ("", d.id)]
        if not fit:
            raise UserError("no_data", NO_DATA)
        return max(fit, key=lambda d: len(d.part("fit")) + len(d.part("select")))

    def _choices(self) -> dict[str, str]:
        with self._lock:
            if self._used is None:
                said = _read(self._root / USED)
                self._used = {str(k): v for k, v in said.items() if v in KINDS}
            return dict(self._used)

    def _choose(self, key: str, kind: str) -> None:
        used = self._choices()
        used.pop(key, None)
        if kind:
            used[key] = kind
        self._session.home.private(self._root)
        part = self._root / f"{USED}.part"
        part.write_text(json.dumps(used, indent=2) + "\n", "utf-8")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(self._root / USED)
        with self._lock:
            self._used = used


def _key(model: ModelFolder) -> str:
    return f"{model.name}-{model.card.version}-{model.sha256[:16]}"


def _run(model: ModelFolder, kind: str, data: Path, out: Path, job: Job) -> None:
    """Let the training process make and test the copy.

    Raises:
        Cancelled. UserError: what the process says, or `crashed`.
    """

    def told(said: dict[str, Any]) -> None:
        if said.get("event") == "pictures":
            of = int(said["of"])
            job.step(int(said["done"]) + (of if said.get("of_copy") else 0), 2 * of)

    words = ["lighten", str(model.path), "--kind", kind, "--data", str(data), "--out", str(out)]
    training_word.ask(words, job, BROKEN, told)


def _read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; {} where there is none."""
    with contextlib.suppress(OSError, ValueError, RecursionError), path.open("rb") as file:
        found = json.loads(file.read(MOST_JSON))
        if isinstance(found, dict):
            return found
    return {}


def _record(said: dict[str, Any], used: bool) -> LightCopy:
    kinds: dict[type, tuple[str, ...]] = {
        str: ("model", "version", "kind", "text"),
        int: ("bytes", "base_bytes", "n"),
        float: ("ratio", "auc", "base_auc", "worst"),
    }
    values: dict[str, Any] = {name: kind(said.get(name, kind())) for kind, names in kinds.items() for name in names}
    return LightCopy(**values, ok=said.get("ok") is True, used=used)
