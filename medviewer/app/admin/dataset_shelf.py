"""The data sets on the disk as they are in memory: read on a thread of their own, looked at again when they change."""

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from medviewer.app.admin import dataset_checks, gathering
from medviewer.app.admin.records import CheckReport
from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Row
from medviewer.core.errors import UserError
from medviewer.core.events import Event

log = logging.getLogger(__name__)

#: Seconds that the first question waits for the first look at the disk.
FIRST_LOOK_S = 0.01
Stamp = tuple[int, ...]


class DataSetShelf:
    """All data sets in a folder. Methods from any thread; `changed` carries the id of a data set ("": several).

    Attributes:
        disk: the one thread that reads and changes data sets, in the order in which that was asked for.
    """

    def __init__(self, folder: Path, write: bool) -> None:
        self.folder, self._write = folder, write
        self._lock = threading.RLock()
        self._known: dict[str, tuple[Stamp, DataSet]] = {}
        self._hashes: dict[str, tuple[tuple[Row, ...], str]] = {}
        self._reports: dict[str, tuple[int, CheckReport]] = {}
        self.disk = ThreadPoolExecutor(1, thread_name_prefix="datasets")
        self._looked, self._looking = threading.Event(), True
        self.changed: Event[str] = Event()
        self.disk.submit(self._first_look)

    def all(self, wait: bool) -> tuple[DataSet, ...]:
        """Return the data sets, newest first; `wait` for the first look."""
        self._looked.wait(None if wait else FIRST_LOOK_S)
        with self._lock:
            seen = {id_: stamp for id_, (stamp, _) in self._known.items()}
            if not self._looking and self._stamps() != seen:
                self._looking = True
                self.disk.submit(self._look)
            found = [dataset for _, dataset in self._known.values()]
        return tuple(sorted(found, key=lambda d: (d.facts.made, d.id), reverse=True))

    def get(self, id_: str) -> DataSet:
        """Return a data set as it is on the disk now.

        Raises:
            UserError: `no_dataset`, `bad_dataset`.
        """
        with self._lock:
            stamp = _stamp(self.folder / id_) if _is_id(id_) else None
            if stamp is None:
                raise UserError("no_dataset", "There is no such data set. It may have been removed.")
            found = self._known.get(id_)
            if found is None or found[0] != stamp:
                self._known[id_] = found = stamp, datasets.read(self.folder / id_)
            return found[1]

    def report(self, id_: str) -> CheckReport | None:
        """Return what the last check found, None where there was none."""
        path = self.folder / id_ / dataset_checks.CHECK
        try:
            stamp = path.stat().st_mtime_ns if _is_id(id_) else 0
        except OSError:
            return None
        with self._lock:
            known = self._reports.get(id_)
            if known is None or known[0] != stamp:
                report = dataset_checks.read_report(path)
                if report is None:
                    return None
                self._reports[id_] = known = stamp, report
            return known[1]

    def sha256(self, dataset: DataSet) -> str:
        """Return the hash of a data set's rows (50 ms for 5,000 of them, so it is remembered)."""
        known = self._hashes.get(dataset.id)
        if known is None or known[0] is not dataset.rows:
            self._hashes[dataset.id] = known = dataset.rows, datasets.rows_sha256(dataset.rows)
        return known[1]

    def take(self, dataset: DataSet) -> DataSet:
        """Note what has just been written."""
        self.sha256(dataset)
        with self._lock:
            stamp = _stamp(dataset.path)
            if stamp is not None:
                self._known[dataset.id] = stamp, dataset
        self.changed.emit(dataset.id)
        return dataset

    def in_order(self, act: Callable[[], DataSet]) -> DataSet:
        """Do a change after those that were asked for before it, and wait for it."""
        try:
            return self.disk.submit(act).result()
        except OSError as error:
            raise gathering.disk_error(error) from error

    def forget(self, id_: str) -> None:
        """Note that a data set is gone."""
        with self._lock:
            for known in (self._known, self._hashes, self._reports):
                known.pop(id_, None)
        self.changed.emit(id_)

    def _first_look(self) -> None:
        try:
            if self._write:
                gathering.sweep(self.folder)
            self._look()
        finally:
            self._looked.set()

    def _look(self) -> None:
        """Read what is new on the disk; a folder that is no data set is left alone."""
        try:
            stamps = self._stamps()
            with self._lock:
                gone = self._known.keys() - stamps.keys()
                for id_ in gone:
                    del self._known[id_]
                new = [id_ for id_, stamp in stamps.items() if self._known.get(id_, (None,))[0] != stamp]
            for id_ in new:
                self._read(id_, stamps[id_])
            if new or gone:
                self.changed.emit("")
        finally:
            self._looking = False

    def _read(self, id_: str, stamp: Stamp) -> None:
        try:
            dataset = datasets.read(self.folder / id_)
        except UserError as error:
            log.warning("a folder of data sets was left out: %s", error.code)
            return
        if dataset.id == id_:
            self.sha256(dataset)
            with self._lock:
                self._known[id_] = stamp, dataset

    def _stamps(self) -> dict[str, Stamp]:
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if _is_id(entry.name)]
        except OSError:
            return {}
        found = {name: _stamp(self.folder / name) for name in names}
        return {name: stamp for name, stamp in found.items() if stamp is not None}


def _is_id(name: str) -> bool:
    return name.replace("-", "").isalnum() and name.isascii()


def _stamp(path: Path) -> Stamp | None:
    """Return what changes when a data set is written; None where there is none."""
    try:
        facts, rows = (path / datasets.FACTS).stat(), (path / datasets.ROWS).stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, rows.st_mtime_ns, rows.st_size
