"""The data sets of this home (`session.admin.datasets`): made, checked, mended, frozen, removed.

What is known of them is kept in memory (`dataset_shelf`); the disk is read and written on other threads. A frozen data
set is never changed.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin import dataset_changes, dataset_checks, gathering
from medviewer.app.admin.dataset_repairs import REPAIRS
from medviewer.app.admin.dataset_shelf import DataSetShelf
from medviewer.app.admin.records import CheckReport
from medviewer.app.admin.sources import SHARES, FolderSource, OpinionsSource, PackedSource, Source
from medviewer.core import datasets
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.intensity import auto_window, to_grey
from medviewer.core.jobs import Job

if TYPE_CHECKING:
    from medviewer.app.session import Session

__all__ = ["REPAIRS", "DataSets", "FolderSource", "OpinionsSource", "PackedSource", "Source"]

log = logging.getLogger(__name__)

FROZEN = "This data set is frozen. Make a new version of it to change it."
UNCHECKED = "This data set has not been checked since it was changed. Check it first."
STANDS = "The data set cannot be frozen: {}"
NO_PICTURE = "This picture could not be read when the data set was made."
#: Seconds that the audit may take.
PATIENCE_S = 60.0
READ_ONLY = "medviewer was started for reading only."


class DataSets:
    """See the module. Methods from any thread; `changed` carries the id of a data set ("": several)."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._shelf = DataSetShelf(session.home.datasets, write=not session.read_only)
        self.changed: Event[str] = self._shelf.changed

    # -- what there is

    def all(self, wait: bool = False) -> tuple[DataSet, ...]:
        """Return the data sets, newest first.

        Right after the start it may be that not all of them have been read (`changed` tells); `wait` for them.
        """
        return self._shelf.all(wait)

    def get(self, id_: str) -> DataSet:
        """Return a data set.

        Raises:
            UserError: `no_dataset`, `bad_dataset`.
        """
        return self._shelf.get(id_)

    def report(self, id_: str) -> CheckReport | None:
        """Return what the last check found, None where there was none."""
        return self._shelf.report(id_)

    def fresh(self, id_: str) -> bool:
        """Say whether the last check was of the rows as they are now."""
        report = self.report(id_)
        return report is not None and report.sha256 == self._shelf.sha256(self.get(id_))

    def picture(self, id_: str, file: str) -> "Future[NDArray[np.uint8]]":
        """Return a picture to come, greys [row, column] for a screen."""
        return self._shelf.disk.submit(_picture, self.get(id_), file)

    def study_of(self, id_: str, file: str) -> int | None:
        """Return the library's number of the study that a picture came from, None where that is not known."""
        row = next((row for row in self.get(id_).rows if row.file == file), None)
        study = row.more.get("study", "") if row is not None else ""
        return int(study) if study.isdecimal() else None

    # -- made

    def gather(self, source: Source, name: str = "", previous: str = "") -> Job:
        """Make a data set; the job's result is its id.

        With `previous` (an id) it is the next version of that one: known patients stay in their parts.
        """
        before = self.get(previous) if previous else None
        self._may_write()

        def work(job: Job) -> str:
            return self._shelf.take(gathering.gather(self._session, source, name, job, before)).id

        return self._session.jobs.run(Job("Gathering a data set", "dataset"), work)

    def new_version(self, id_: str) -> str:
        """Copy a data set so that it can be changed: the same pictures and parts, not frozen; return its id.

        Raises:
            UserError: `no_space`, `not_permitted`.
        """
        self._may_write()
        old = self.get(id_)
        newest = max(d.facts.version for d in (old, *self.all()) if d.facts.name == old.facts.name)
        return self._shelf.take(gathering.copy(old, newest + 1, self._session.who)).id

    # -- checked

    def check(self, id_: str, features: Path | None = None) -> Job:
        """Look for leaks, wrong labels and shortcuts in the training process; the job's result is the CheckReport.

        `features`: folder of a model whose features tell wrong labels better than the pictures alone.
        """
        dataset = self.get(id_)
        self._may_write()

        def work(job: Job) -> CheckReport:
            found = dataset_checks.run(dataset, job, features)
            self.changed.emit(id_)
            return found

        return self._session.jobs.run(Job("Checking a data set", "dataset-check"), work)

    # -- changed, while it is not frozen: each returns a job whose result is the data set

    def split(self, id_: str, shares: Sequence[float] = SHARES, seed: int = 0) -> Job:
        """Share the patients out anew."""

        def act(dataset: DataSet) -> DataSet:
            keys = {number: key for key, number in gathering.known_patients(dataset.path).items()}
            return dataset_changes.shared_out(dataset, shares, seed, keys)

        return self._change(id_, "Splitting a data set", act)

    def exclude(self, id_: str, files: Iterable[str], yes: bool = True) -> Job:
        """Leave pictures out, or take them in again (those that could not be read stay out)."""
        wanted = tuple(files)
        return self._change(id_, "Leaving pictures out", lambda d: dataset_changes.excluded(d, wanted, yes))

    def relabel(self, id_: str, file: str, positive: bool) -> Job:
        """Say whether the finding is in a picture; what readers or tables said before stays in the column `was`."""
        return self._change(id_, "Changing a label", lambda d: dataset_changes.relabelled(d, file, positive))

    def repair(self, id_: str, kind: str) -> Job:
        """Do what mends one kind of finding of the last check (a key of REPAIRS); check again after it.

        The job fails with `no_repair` where only a person can mend it, `unchecked` where rows have changed since.
        """

        def act(dataset: DataSet) -> DataSet:
            report = self.report(id_)
            if report is None or report.sha256 != self._shelf.sha256(dataset):
                raise UserError("unchecked", UNCHECKED)
            return dataset_changes.mended(dataset, report, kind)

        return self._change(id_, "Mending a data set", act)

    def _change(self, id_: str, title: str, act: Callable[[DataSet], DataSet]) -> Job:
        if self.get(id_).facts.frozen:
            raise UserError("frozen", FROZEN)
        self._may_write()

        def change() -> DataSet:
            before = self.get(id_)
            if before.facts.frozen:  # meanwhile
                raise UserError("frozen", FROZEN)
            made = act(before)
            return self._shelf.take(datasets.write(made.path, made.facts, made.rows))

        return self._session.jobs.run(Job(title, "dataset-change"), lambda _: self._shelf.in_order(change))

    # -- frozen and removed

    def freeze(self, id_: str) -> Job:
        """Give the data set its hash; from then on it is never changed. The job's result is the data set.

        It fails with `unchecked`, or `blocked` while a finding stands that stops a training.
        """
        self._may_write()
        self.get(id_)
        job = Job("Freezing a data set", "dataset-freeze")
        return self._session.jobs.run(job, lambda _: self._shelf.in_order(lambda: self._freeze(id_)))

    def _freeze(self, id_: str) -> DataSet:
        dataset, report = self.get(id_), self.report(id_)
        if dataset.facts.frozen:
            return dataset
        if report is None or report.sha256 != self._shelf.sha256(dataset):
            raise UserError("unchecked", UNCHECKED)
        if report.stops:
            raise UserError("blocked", STANDS.format(report.stops[0].text))
        frozen = datasets.freeze(dataset)
        counts = frozen.counts()
        entry = self._audit(frozen, "dataset.frozen", {part: counts[part]["images"] for part in datasets.PARTS})
        wait([entry], PATIENCE_S)  # whoever is told of it finds it in the audit
        return self._shelf.take(frozen)

    def remove(self, id_: str) -> "Future[Any]":
        """Take a data set away, its pictures too; the audit keeps its hash (the future ends when it does).

        Raises:
            UserError: `not_permitted`.
        """
        self._may_write()
        dataset = self.get(id_)
        try:
            gathering.remove(dataset.path)
        except OSError as error:
            raise gathering.disk_error(error) from error
        self._shelf.forget(id_)
        return self._audit(dataset, "dataset.removed", {})

    def _audit(self, dataset: DataSet, what: str, more: dict[str, Any]) -> "Future[Any]":
        facts = dataset.facts
        details = {"dataset": facts.id, "version": facts.version, "sha256": facts.sha256, **more}
        kept = self._session.shelf.write(lambda library: library.audit(what, details=details))
        kept.add_done_callback(_lost)
        return kept

    def _may_write(self) -> None:
        if self._session.read_only:
            raise UserError("not_permitted", READ_ONLY)


def _lost(entry: "Future[Any]") -> None:
    if not entry.cancelled() and entry.exception() is not None:  # the library is in trouble, and says so itself
        log.warning("what became of a data set could not be entered into the audit")


def _picture(dataset: DataSet, file: str) -> NDArray[np.uint8]:
    row = next((row for row in dataset.rows if row.file == file), None)
    if row is None or row.more.get("picture") == "none":
        raise UserError("no_picture", NO_PICTURE)
    with dataset.pictures() as pictures:
        values = pictures[file]
    return values if values.dtype == np.uint8 else to_grey(values, auto_window(values))
