"""The version in use against a candidate, on the locked part of a frozen data set.

Every run of a comparison is a look at the locked part: it is counted before anything is shown, and stands in the audit.
"""

import logging
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.admin import both_maps, comparing, comparison_files, gates, locked_part, subgroups
from medviewer.app.admin.both_maps import Maps
from medviewer.app.admin.comparing import Cases
from medviewer.app.admin.gates import Candidacy
from medviewer.app.admin.locked_part import Lineage
from medviewer.app.admin.records import CheckReport, Comparison, Gate
from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Row
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.jobs import Job
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

log = logging.getLogger(__name__)

LOOKED = "comparison.looked"


class Comparisons:
    """`session.admin.comparisons`. Methods may be called from any thread.

    Attributes:
        changed: carries the id of a comparison that is new.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._folder = session.home.data / "comparisons"
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Comparison | None]] = {}
        self.changed: Event[str] = Event()

    def all(self) -> tuple[Comparison, ...]:
        """Return every comparison, the newest first."""
        try:
            ids = [path.stem for path in self._folder.iterdir() if path.suffix == ".json"]
        except OSError:
            return ()
        found = [c for id_ in ids if (c := self._read(id_)) is not None]
        return tuple(sorted(found, key=lambda c: (c.at, c.id), reverse=True))

    def get(self, id_: str) -> Comparison:
        """Return a comparison.

        Raises:
            UserError: `no_comparison`.
        """
        found = self._read(id_) if id_ and Path(id_).name == id_ else None
        if found is None:
            raise UserError("no_comparison", "This comparison is not here any more, or cannot be read.")
        return found

    def latest(self, model: str, version: str, sha256: str) -> Comparison | None:
        """Return the newest comparison of a version with the one that is in use now; None: it was not compared."""
        used = self._session.model(model)
        for c in self.all() if used is not None else ():
            asked = (c.model, c.challenger, c.challenger_sha256) == (model, version, sha256)
            if asked and used is not None and (c.champion, c.champion_sha256) == (used.card.version, used.sha256):
                return c
        return None

    def run(self, challenger: str, dataset: str) -> Job:
        """Compare a run's model, "NAME VERSION" or a model folder with the version in use; the result: a Comparison."""

        def work(job: Job) -> Comparison:
            model, run = self._session.admin.versions.find(challenger)
            return self._run(job, model, run, dataset)

        return self._session.jobs.run(Job("Comparing with the version in use", "compare"), work)

    def standing(self, comparison: Comparison, challenger: ModelFolder) -> tuple[Gate, ...]:
        """Return the gates as they stand now: files and data set are looked at again (that takes a while).

        Raises:
            UserError: `blocked`: the model is not the one that was compared, or the data set is gone.
        """
        if challenger.sha256 != comparison.challenger_sha256:
            raise UserError("blocked", "The candidate is not the model that was compared. Compare again.")
        champion = self._session.model(comparison.model, comparison.champion)
        if champion is None or champion.sha256 != comparison.champion_sha256:
            raise UserError("blocked", f"Version {comparison.champion}, which was compared, is gone. Compare again.")
        try:
            dataset = locked_part.read(self._session.home.datasets, comparison.dataset)
        except UserError as error:
            raise UserError("blocked", "The data set of the comparison is gone. Compare on another one.") from error
        return self._gates(comparison, champion, challenger, dataset)

    def maps(self, id_: str, file: str) -> "Future[Maps]":
        """Explain one case by both models: (the champion's map, the challenger's, the picture [row, column])."""
        future: Future[Maps] = Future()

        def work(job: Job) -> None:
            try:
                future.set_result(both_maps.explain(self._session, job, self.get(id_), file))
            except BaseException as error:
                future.set_exception(error)
                raise

        self._session.jobs.run_quietly(Job("Explaining one case by both models", "explain"), work)
        return future

    # -- how

    def _read(self, id_: str) -> Comparison | None:
        path = self._folder / f"{id_}.json"
        try:
            stamp = path.stat().st_mtime_ns
        except (OSError, ValueError):
            return None
        with self._lock:
            known = self._known.get(id_)
        if known is None or known[0] != stamp:
            try:
                found: Comparison | None = comparison_files.read(path)
            except UserError:
                found = None
            known = stamp, found
            with self._lock:
                self._known[id_] = known
        return known[1]

    def _run(self, job: Job, challenger: ModelFolder, run: str, dataset_id: str) -> Comparison:
        session = self._session
        if session.read_only or session.safe_mode:
            raise UserError("blocked", "medviewer was started to look only; nothing is compared.")
        session.live_models.refresh()
        champion = session.model(challenger.name)
        if champion is None:
            raise UserError("no_model", f"No version of {challenger.name} is in use: there is nothing to compare with.")
        if champion.card.version == challenger.card.version:
            same = "is the one in use" if champion.sha256 == challenger.sha256 else "has the number of the one in use"
            raise UserError("same_model", f"The candidate {challenger.card.version} {same}: choose another one.")
        dataset = locked_part.read(session.home.datasets, dataset_id)
        if not datasets.verify(dataset):
            raise UserError("blocked", "Only a frozen data set that is as it was can be compared on. Freeze it first.")
        rows = dataset.part("report")
        answers = []
        for number, model in enumerate((champion, challenger)):
            if problems := folder.verify(model):
                raise UserError("hash_mismatch", f"The model {model.name} was not used: {problems[0]}")
            answers.append(locked_part.score(session, model, dataset, rows, job, number * len(rows), 2 * len(rows)))
        cases, kept = locked_part.cases(rows, answers, champion, challenger)
        id_ = uuid.uuid4().hex
        looks = self._look(dataset, id_, champion, challenger)
        comparison = self._figures(id_, job, dataset, cases, kept, champion, challenger, run, looks, len(rows))
        comparison_files.write(self._folder, comparison)
        self.changed.emit(id_)
        return comparison

    def _look(self, dataset: DataSet, id_: str, champion: ModelFolder, challenger: ModelFolder) -> int:
        """Count this look before anything is shown; return how many there were before."""
        versions = {"champion": champion.card.version, "challenger": challenger.card.version}
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        facts = {"at": now, "who": self._session.who, "comparison": id_, "model": champion.name, **versions}
        looks = datasets.add_look(dataset, facts) - 1
        details = {
            "comparison": id_,
            "dataset": dataset.id,
            "sha256": dataset.facts.sha256,
            "model": champion.name,
            **versions,
            "challenger_sha256": challenger.sha256,
            "looks": looks + 1,
        }
        self._session.shelf.write(lambda library: library.audit(LOOKED, details=details)).result()
        return looks

    def _figures(
        self,
        id_: str,
        job: Job,
        dataset: DataSet,
        cases: Cases,
        kept: Sequence[Row],
        champion: ModelFolder,
        challenger: ModelFolder,
        run: str,
        looks: int,
        asked: int,
    ) -> Comparison:
        def tell(what: str) -> None:
            job.step(2 * asked, 2 * asked, f"Computing: {what}")

        rows = comparing.compare(cases, subgroups.groups(kept), tell)
        versions = champion.card.version, challenger.card.version
        both = dict(zip(versions, (cases.champion, cases.challenger), strict=True))
        comparison = Comparison(
            id=id_,
            at=datetime.now().astimezone().isoformat(timespec="milliseconds"),
            by=self._session.who,
            dataset=dataset.id,
            model=champion.name,
            champion=versions[0],
            challenger=versions[1],
            run=run,
            n=len(kept),
            patients=len(set(cases.patients)),
            positives=int(cases.labels.sum()),
            rows=rows,
            flips=locked_part.flips(cases, kept),
            gates=(),
            looks=looks,
            calibration={v: comparing.calibration_bins(s, cases.labels) for v, s in both.items()},
            points=dict(zip(versions, (cases.champion_point, cases.challenger_point), strict=True)),
            champion_sha256=champion.sha256,
            challenger_sha256=challenger.sha256,
            dataset_sha256=dataset.facts.sha256,
            left_out=asked - len(kept),
        )
        judged = self._gates(comparison, champion, challenger, dataset)
        return Comparison(**{**vars(comparison), "gates": judged})

    def _gates(
        self, comparison: Comparison, champion: ModelFolder, challenger: ModelFolder, dataset: DataSet
    ) -> tuple[Gate, ...]:
        candidates = self._session.admin.versions.candidates()
        lineage = Lineage(self._session, candidates)
        rows = dataset.part("report")
        positive = {row.patient for row in rows if row.positive}
        sound = datasets.verify(dataset) and comparison.dataset_sha256 == dataset.facts.sha256
        case = Candidacy(
            champion.card,
            challenger.card,
            comparison,
            problems=folder.verify(challenger),
            data_ok=sound,
            check=self._check(dataset),
            champion_seen=lineage.seen(champion, dataset),
            challenger_seen=lineage.seen(challenger, dataset),
            patients=(len(positive), len({row.patient for row in rows} - positive)),
            rows=gates.by_measure(comparison.rows),
        )
        return gates.judge(case)

    def _check(self, dataset: DataSet) -> CheckReport | None:
        """Return the check of these very rows."""
        report = self._session.admin.datasets.report(dataset.id)
        return report if report is not None and report.sha256 == datasets.rows_sha256(dataset.rows) else None
