"""What a training can start from, what a plan would meet, and what it would look like and take."""

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin import plans
from medviewer.app.admin.plan_values import check_plan
from medviewer.app.admin.plans import Base
from medviewer.app.admin.preflight import Look, Situation, free_disk, free_memory, gates, look_at
from medviewer.app.admin.records import Gate, Plan, Run, Start
from medviewer.core.datasets import FACTS, PICTURES, ROWS, DataSet
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.admin.previews import Pictures, Previews
    from medviewer.app.session import Session

log = logging.getLogger(__name__)

#: Seconds that the model process may take to say which devices there are.
DEVICES_S = 60.0


class Planning:
    """Looks at plans before they become runs. For any thread but the window's: it looks at whole data sets."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._lock = threading.Lock()
        self._looks: dict[str, tuple[tuple[int, ...], Look]] = {}
        self._previews: Previews | None = None

    def starts(self) -> tuple[Start, ...]:
        """Return what a training can start from: every version of every model, candidates too, then the presets."""
        models = [Start("model", v.model, v.version) for v in self._session.admin.versions.all()]
        return (*models, *(Start("scratch", name) for name in plans.presets()))

    def base(self, start: Start) -> tuple[Start, Base]:
        """Return a start with its version (left out: the one in use), and what there is to start from.

        Raises:
            UserError: `no_model`, `no_preset`.
        """
        if start.kind == "scratch":
            return Start("scratch", start.name), plans.preset_base(start.name)
        version = start.version
        if not version:
            used = self._session.model(start.name)
            if used is None:
                raise UserError("no_model", f"There is no model called {start.name}.")
            version = used.card.version
        model, _ = self._session.admin.versions.find(f"{start.name} {version}")
        return Start("model", start.name, version), plans.model_base(model)

    def preflight(self, plan: Plan) -> tuple[Gate, ...]:
        """Return the conditions of a plan; what cannot be found at all is one that blocks."""
        try:
            check_plan(plan)
            return self.gates(plan, self.base(plan.start)[1], self._session.admin.datasets.get(plan.dataset))
        except UserError as error:
            return (Gate("plan", False, error.sentence),)

    def gates(self, plan: Plan, base: Base, dataset: DataSet) -> tuple[Gate, ...]:
        """Return the conditions of a checked plan on what it names."""
        datasets = self._session.admin.datasets
        situation = Situation(
            plan,
            base,
            dataset,
            datasets.report(dataset.id) if datasets.fresh(dataset.id) else None,
            self._files(dataset),
            self._device(plan.device),
            free_memory(),
            free_disk(self._session.home.runs),
        )
        return gates(situation)

    def _files(self, dataset: DataSet) -> Look:
        """Return what a look at the files found; files that are as they were are looked at once."""
        stamp = _stamp(dataset.path)
        with self._lock:
            known = self._looks.get(dataset.id)
        if known is None or known[0] != stamp:
            known = stamp, look_at(dataset)
            with self._lock:
                self._looks[dataset.id] = known
        return known[1]

    def _device(self, asked: str) -> bool | None:
        if asked in ("auto", "cpu"):
            return True
        try:
            rows = self._session.engine.devices().result(DEVICES_S).get("devices", ())
        except Exception as error:  # noqa: BLE001 - whatever the model process died of
            log.warning("devices could not be asked for: %s", type(error).__name__)
            return None
        return any(row.get("name") == asked and row.get("usable") for row in rows)

    def seconds(self, plan: Plan, earlier: Iterable[tuple[Run, int]]) -> float | None:
        """Return how long a plan takes at the pace of an earlier run from the same start; None where there is none.

        `earlier`: (run, pictures of its fitting part), the newest first.
        """
        try:
            pictures = self._session.admin.datasets.get(plan.dataset).counts()["fit"]["images"]
        except UserError:
            return None
        for run, of in earlier:
            seconds = [epoch.seconds for epoch in run.epochs if epoch.seconds > 0]
            same = (run.plan.start.kind, run.plan.start.name) == (plan.start.kind, plan.start.name)
            if same and seconds and of:
                return sum(seconds) / len(seconds) / of * pictures * plan.epochs
        return None

    def preview(self, plan: Plan, file: str, seed: int) -> "Future[Pictures]":
        """Return changed forms of a picture to come."""
        from medviewer.app.admin.previews import Previews

        with self._lock:
            if self._previews is None:
                self._previews = Previews(self._session)
            previews = self._previews

        def sources() -> tuple[Base, DataSet]:
            return self.base(plan.start)[1], self._session.admin.datasets.get(plan.dataset)

        return previews.ask(plan, sources, file, seed)

    def close(self) -> None:
        """End the process that makes previews."""
        with self._lock:
            previews = self._previews
        if previews is not None:
            previews.close()


def _stamp(path: Path) -> tuple[Any, ...]:
    found: list[Any] = []
    for name in (FACTS, ROWS, PICTURES):
        try:
            status = (path / name).stat()
            found += [status.st_mtime_ns, status.st_size]
        except OSError:
            found.append(None)
    return tuple(found)
