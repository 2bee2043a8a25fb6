"""Stand-ins for the parts of `session.admin` that training, comparing and watching show; values are made up."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from medviewer.app.admin.records import (
    CompareRow,
    Comparison,
    Epoch,
    Figure,
    Flip,
    Gate,
    LightCopy,
    Plan,
    Run,
    RunState,
    Start,
    Version,
    Watched,
    Week,
)
from medviewer.core.datasets import DataSet, Facts, Row
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.findings import Explanation
from medviewer.core.jobs import Job, State

MODEL = "cxr-pneumonia"


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    if isinstance(value, BaseException):
        future.set_exception(value)
    else:
        future.set_result(value)
    return future


def dataset(id_: str = "chest-2", frozen: bool = True) -> DataSet:
    """60 pictures of 50 patients: 40 to fit, 10 to choose, 10 locked."""
    parts = ("fit",) * 40 + ("select",) * 10 + ("report",) * 10
    rows = tuple(
        Row(f"{i:06d}", "pneumonia" if i % 3 == 0 else "none", i % 3 == 0, f"p{i % 50}", part)
        for i, part in enumerate(parts)
    )
    split = {"by": "patient", "seed": 0, "shares": [0.7, 0.15, 0.15]}
    facts = Facts(id_, "Chest films, autumn", 2, "pneumonia", "films", "2026-11-25T10:00:00+01:00", "Dr Li", {}, split)
    return DataSet(Path("/nowhere") / id_, replace(facts, frozen=frozen, sha256="0" * 64 if frozen else ""), rows)


def epochs(count: int, auc: Callable[[int], float] = lambda i: 0.95 + 0.004 * min(i, 6)) -> tuple[Epoch, ...]:
    return tuple(Epoch(i, 0.6 / i**0.5, 0.5 / i**0.4, auc(i), auc(i) - 0.02, 11.0) for i in range(1, count + 1))


def run(number: int = 27, state: RunState = RunState.RUNNING, count: int = 4, **more: Any) -> Run:
    plan = Plan("Pneumonia, on autumn films", "chest-2", Start("model", MODEL, "1.0.0"), epochs=10, seed=7, freeze=2)
    values: dict[str, Any] = {
        "epochs": epochs(count),
        "epoch": count + 1,
        "step": 5,
        "steps": 13,
        "base_auc": 0.962,
        "base_loss": 0.4,
        "best": count,
        "seconds_left": 1080.0,
        "started": "2026-11-25T10:02:00+01:00",
        "by": "Dr Li",
        "device": "cpu",
    }
    return Run(f"run-{number:04d}", number, plan, state, **{**values, **more})


def version(state: str, number: str, run: str = "", model: str = MODEL) -> Version:
    return Version(model, number, "Pneumonia in chest films", state, "0" * 64, Path("/nowhere"), not run, run=run)


def row(measure: str, a: float, b: float, word: str, group: str = "", half: float = 0.02) -> CompareRow:
    def around(value: float, most: float = 1.0) -> Figure:
        return Figure(value, max(value - half, -1.0 if most == 0 else 0.0), min(value + half, 1.0))

    difference = Figure(b - a, b - a - half, b - a + half)
    return CompareRow(measure, around(a), around(b), difference, word, group, 657, 83)


def comparison(id_: str = "c1", looks: int = 2, **more: Any) -> Comparison:
    rows = (
        row("auc", 0.92, 0.94, "better", half=0.015),
        row("sensitivity", 0.90, 0.929, "not clear"),
        row("specificity", 0.87, 0.865, "no difference"),
        row("ece", 0.06, 0.041, "better"),
        row("auc", 0.86, 0.90, "not clear", "age: 0 to 5", 0.045),
        row("auc", 0.93, 0.95, "better", "sex: F"),
        row("auc", 0.91, 0.93, "not clear", "sex: M"),
    )
    flips = tuple(Flip(f"{i:06d}", i % 2 == 0, 0.3 + 0.01 * i, 0.7 - 0.01 * i, 1 if i == 0 else None) for i in range(5))
    gates = (
        Gate("auc", True, "The candidate does not rank the cases worse: AUC +0.020 (+0.005 to +0.035)."),
        Gate("enough", None, "Few cases: 12 patients with the finding and 40 without; at least 20 of each are needed."),
        Gate("unseen", True, "None of the locked images was used to make the candidate."),
    )
    bins = [{"n": 10.0 + 5 * i, "mean": 0.05 + 0.1 * i, "share": 0.03 + 0.1 * i} for i in range(10)]
    values: dict[str, Any] = {
        "at": "2026-11-25T12:00:00+01:00",
        "by": "Dr Li",
        "dataset": "chest-2",
        "model": MODEL,
        "champion": "1.0.0",
        "challenger": "1.1.0+site.1",
        "run": "run-0027",
        "n": 657,
        "patients": 640,
        "positives": 83,
        "rows": rows,
        "flips": flips,
        "gates": gates,
        "looks": looks,
        "calibration": {"1.0.0": bins, "1.1.0+site.1": [{**b, "share": b["mean"]} for b in bins]},
        "points": {"1.0.0": 0.5, "1.1.0+site.1": 0.46},
    }
    return Comparison(id_, **{**values, **more})


def watched(word: str = "as expected") -> tuple[Watched, ...]:
    monday = date(2026, 9, 7)

    def weeks(values: list[float | None]) -> tuple[Week, ...]:
        return tuple(Week((monday + timedelta(weeks=i)).isoformat(), v, 25) for i, v in enumerate(values))

    agree: list[float | None] = [0.84, 0.86, 0.83, 0.88, 0.9, 0.86, None, 0.87, 0.85, 0.86, 0.82, 0.87]
    drift: list[float | None] = [0.05, 0.06, 0.05, 0.04, 0.05, 0.06, 0.05, 0.06, 0.05, 0.07, 0.1, 0.13]
    share: list[float | None] = [0.33, 0.31, 0.37, 0.35, 0.34, 0.36, 0.34, 0.36, 0.34, 0.35, 0.33, 0.34]
    text = "Scores are spread differently than before. Check for a new scanner, other exposure or other patients."
    return (
        Watched("agreement", weeks(agree), 0.8, 0.95, "as expected", "Nothing stands out."),
        Watched("drift", weeks(drift), 0.0, 0.1, word, text if word == "outside" else "Nothing stands out."),
        Watched("not_evaluated", weeks(share), 0.0, 0.4, "as expected", "Nothing stands out."),
    )


def too_few() -> tuple[Watched, ...]:
    few = tuple(Week(f"2026-11-{2 + 7 * i:02d}", None, 1) for i in range(4))
    text = "There is too little to tell yet."
    return tuple(Watched(name, few, 0.0, 1.0, "too few", text) for name in ("agreement", "drift", "not_evaluated"))


class FakeAdminParts:
    """Puts itself in the place of the parts of a session's `admin`; `did` is what was asked of them."""

    def __init__(self, session: Any) -> None:
        self.did: list[tuple[Any, ...]] = []
        self.sets = [dataset()]
        self.run_list: list[Run] = []
        self.comparison_list: list[Comparison] = []
        self.version_list = [version("in use", "1.0.0")]
        self.gates: tuple[Gate, ...] = (Gate("frozen", True, "The data set is frozen."),)
        self.seconds: float | None = 540.0
        self.watched: dict[str, Any] = {}
        self.before_version = ""
        self.copies: list[LightCopy] = []
        self.session = session
        parts = {
            "datasets": self._datasets(),
            "runs": self._runs(),
            "versions": self._versions(),
            "comparisons": self._comparisons(),
            "watch": SimpleNamespace(look=self._watch),
            "light": self._light(),
        }
        session.admin.__dict__.update(parts)
        self.datasets, self.runs, self.versions, self.comparisons = (
            parts[name] for name in ("datasets", "runs", "versions", "comparisons")
        )
        self.light = parts["light"]

    def _event(self, name: str) -> Any:
        """Return the event that the window listens to already, where there is one."""
        before = self.session.admin.__dict__.get(name)
        return before.changed if before is not None else Event()

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *values: self.did.append((name, *values))

    def _find(self, things: list[Any], id_: str, what: str) -> Any:
        found = next((thing for thing in things if thing.id == id_), None)
        if found is None:
            raise UserError(f"no_{what}", f"There is no such {what}.")
        return found

    def _datasets(self) -> Any:
        return SimpleNamespace(
            all=lambda wait=False: tuple(self.sets),
            get=lambda id_: self._find(self.sets, id_, "dataset"),
            report=lambda _id: None,
            changed=self._event("datasets"),
        )

    def _runs(self) -> Any:
        def start(plan: Plan) -> Run:
            self.did.append(("start", plan))
            made = replace(run(number=len(self.run_list) + 1, count=0), plan=plan)
            self.run_list.insert(0, made)
            self.runs.changed.emit(made.id)
            return made

        def suggested(start: Start, dataset: str = "", title: str = "") -> Plan:
            if start.kind == "scratch":
                return Plan(title, dataset, start, epochs=10, rate=1e-3, batch=64, class_weights=False)
            return Plan(title, dataset, start)

        return SimpleNamespace(
            all=lambda: tuple(self.run_list),
            get=lambda id_: self._find(self.run_list, id_, "run"),
            starts=lambda: (
                *(Start("model", v.model, v.version) for v in self.version_list),
                Start("scratch", "classic-cnn"),
            ),
            suggested=suggested,
            changes=lambda start: {} if start.kind == "scratch" else {"angle": 8.0, "gamma": [0.6, 1.7]},
            preflight=lambda _plan: self.gates,
            seconds_estimate=lambda _plan: self.seconds,
            preview=self._preview,
            start=start,
            pause=self._note("pause"),
            go_on=self._note("go_on"),
            stop=self._note("stop"),
            remove=self._note("remove"),
            changed=self._event("runs"),
            close=lambda: None,
        )

    def _preview(self, plan: Plan, file: str, seed: int) -> Future[Any]:
        self.did.append(("preview", plan, file, seed))
        y, x = np.mgrid[:64, :64]
        return done(tuple(np.uint8(127 + 120 * np.sin((x + y * i + seed) / 9)) for i in range(8)))

    def _versions(self) -> Any:
        def in_use(model: str) -> Version | None:
            return next((v for v in self.version_list if v.model == model and v.state == "in use"), None)

        def job(name: str) -> Callable[..., Job]:
            def act(*values: Any) -> Job:
                self.did.append((name, *values))
                made = Job(name, "model")
                made.start()
                made.finish(State.DONE, result=self.version_list[0])
                return made

            return act

        return SimpleNamespace(
            all=lambda: tuple(self.version_list),
            models=lambda: tuple(sorted({v.model for v in self.version_list})),
            in_use=in_use,
            history=lambda _model: (),
            before=lambda _model: (
                SimpleNamespace(card=SimpleNamespace(version=self.before_version)) if self.before_version else None
            ),
            promote=job("promote"),
            roll_back=job("roll_back"),
            problems=(),
            refresh=lambda: None,
            changed=self._event("versions"),
        )

    def _comparisons(self) -> Any:
        def compare(challenger: str, dataset: str) -> Job:
            self.did.append(("compare", challenger, dataset))
            return self.session.jobs.add(Job("Comparing", "compare"))

        def maps(id_: str, file: str) -> Future[Any]:
            self.did.append(("maps", id_, file))
            y, x = np.mgrid[:96, :80]
            values = np.exp(-(((x - 30) / 12.0) ** 2 + ((y - 40) / 14.0) ** 2)).astype(np.float32)
            both = (Explanation(0, "pneumonia", "LayerGradCam", v) for v in (values, values[:, ::-1].copy()))
            return done((*both, np.uint8(60 + x + y)))

        return SimpleNamespace(
            all=lambda: tuple(self.comparison_list),
            get=lambda id_: self._find(self.comparison_list, id_, "comparison"),
            run=compare,
            maps=maps,
            changed=self._event("comparisons"),
        )

    def _watch(self, model: str, weeks: int = 12) -> Future[Any]:
        self.did.append(("watch", model, weeks))
        return done(self.watched.get(model, too_few()))

    def _light(self) -> Any:
        def make(model: str, version: str, kind: str) -> Job:
            self.did.append(("make", model, version, kind))
            return self.session.jobs.add(Job("Making a copy", "light"))

        return SimpleNamespace(
            all=lambda model: tuple(c for c in self.copies if c.model == model),
            make=make,
            use=self._note("use"),
            changed=self._event("light"),
        )
