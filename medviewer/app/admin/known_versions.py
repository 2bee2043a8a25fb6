"""What versions of the models there are: the one in use, those that are kept, candidates of runs; their history."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin import in_use, numbering, replaced
from medviewer.app.admin.candidates import Candidates
from medviewer.app.admin.in_use import IMPORT
from medviewer.app.admin.records import Version
from medviewer.app.admin.run_folder import run_id as id_of_run
from medviewer.app.analysis import Analysis
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.study import Stack
from medviewer.inference.folder import ModelFolder, load

if TYPE_CHECKING:
    from medviewer.app.models import Models
    from medviewer.app.session import Session

IN_USE, KEPT, CANDIDATE = "in use", "kept", "candidate"


class KnownVersions:
    """The half of `session.admin.versions` that only looks. For any thread.

    Attributes:
        changed: carries the name of a model ("" when it is not known which) whose versions are others now.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._candidates = Candidates(session.home.runs)
        self.changed: Event[str] = Event()
        session.live_models.changed.connect(lambda _: self.changed.emit(""))

    @property
    def _now(self) -> "Models":
        return self._session.live_models.now

    def refresh(self) -> None:
        """See what another program has done meanwhile (microseconds if nothing)."""
        self._session.live_models.refresh()

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on what is wrong with the record of what is in use, and on models that the site does not allow."""
        now = self._now
        return (*now.problems, *map(self._session.home.policy.refusal, now.refused))

    def models(self) -> tuple[str, ...]:
        """Return the names of all models, those of candidates too."""
        return tuple(sorted({m.name for m in self._now.every} | {m.name for m, _ in self._candidates.all()}))

    def all(self) -> tuple[Version, ...]:
        """Return every version by model, the newest first; candidates are those of finished runs."""
        now = self._now
        installed = {(m.name, m.card.version, m.sha256) for m in now.every}
        found = [self._version(model, now) for model in now.every]
        for model, run in self._candidates.all():
            if (model.name, model.card.version, model.sha256) not in installed:
                found.append(_described(model, CANDIDATE, run=run))
        found.sort(key=lambda v: in_use.version_key(v.version), reverse=True)
        return tuple(sorted(found, key=lambda v: v.model))

    def in_use(self, model: str) -> Version | None:
        """Return the version that every next analysis is made with; None for an unknown model."""
        now = self._now
        used = now.used(model)
        return self._version(used, now) if used is not None else None

    def history(self, model: str) -> tuple[dict[str, Any], ...]:
        """Return the acts of a model, the newest first."""
        return tuple(dataclasses.asdict(act) for act in reversed(self._now.acts) if act.model == model)

    def before(self, model: str) -> ModelFolder | None:
        """Return the version that going back leads to; None where there is none."""
        now = self._now
        used = now.used(model)
        for named in in_use.earlier(now.acts, model):
            found = now.version(model, named.version)
            if found is not None and found.sha256 == named.sha256 and found is not used:
                return found
        shipped = [m for m in now.shipped if m.name == model and m is not used]
        changed = any(act.model == model and act.kind != IMPORT for act in now.acts)
        return max(shipped, key=lambda m: in_use.version_key(m.card.version)) if shipped and changed else None

    def find(self, which: str) -> tuple[ModelFolder, str]:
        """Return (model, its run or "") of a run's id or number, "NAME VERSION", NAME@VERSION or a model folder.

        "last" is the newest run that has a model.

        Raises:
            UserError: `no_model`, `bad_model`.
        """
        if which == "last" and (made := self._candidates.all()):
            return made[-1]
        named = id_of_run(int(which)) if which.isdigit() else which
        if (run := self._candidates.of_run(named)) is not None:
            return run, named
        name, _, version = which.replace("@", " ").partition(" ")
        if version:
            if (found := self._now.version(name, version)) is not None:
                return found, promotion_run(found)
            for model, run_id in self._candidates.all():
                if (model.name, model.card.version) == (name, version):
                    return model, run_id
        if Path(which).is_dir():
            return load(Path(which)), ""
        raise UserError("no_model", f"There is no run and no version {Path(which).name} with a finished model.")

    def compared(self, model: str, version: str, sha256: str) -> ModelFolder:
        """Return the very model that was compared: installed, or still a run's.

        Raises:
            UserError: `no_model`.
        """
        for found in (*self._now.every, *self.candidates()):
            if (found.name, found.card.version, found.sha256) == (model, version, sha256):
                return found
        raise UserError(
            "no_model", f"Version {version} of {model}, which was compared, is not here; import it, or compare again."
        )

    def candidates(self) -> tuple[ModelFolder, ...]:
        """Return the finished models of all runs."""
        return tuple(model for model, _ in self._candidates.all())

    def next_version(self, model: str) -> str:
        """Return the version for the next model that is made here: next minor, with this site's own counter."""
        now = self._now
        taken = {m.card.version for m in (*now.every, *self.candidates()) if m.name == model}
        taken |= {act.version for act in now.acts if act.model == model}
        taken |= numbering.planned(self._session.home.runs, model)
        used = now.used(model)
        return numbering.after(used.card.version if used is not None else "", taken)

    # -- the results of earlier versions

    def earlier(self, stack: Stack, model: ModelFolder) -> Analysis | None:
        """Return what another version of `model` has said of a stack in this session, the newest such answer."""
        return replaced.earlier(self._session, stack, model)

    def replaced(self, analysis: Analysis) -> str:
        """Return the sentence for a result of a version that is not in use any more; "" for one that is."""
        return replaced.sentence(self._now, analysis)

    def _version(self, model: ModelFolder, now: "Models") -> Version:
        acts = [a for a in now.acts if (a.model, a.version, a.sha256) == (model.name, model.card.version, model.sha256)]
        state = IN_USE if now.used(model.name) == model else KEPT
        last = acts[-1] if acts else None
        found = _described(model, state, shipped=model in now.shipped, run=promotion_run(model))
        if last is None:
            return found
        return dataclasses.replace(found, since=last.at, by=last.who, reason=last.reason)


def _described(model: ModelFolder, state: str, *, shipped: bool = False, run: str = "") -> Version:
    card = model.card
    return Version(model.name, card.version, card.title, state, model.sha256, model.path, shipped, run=run)


def promotion_run(model: ModelFolder) -> str:
    """Return the run that an installed model comes from, "" where none made it."""
    job = model.card.training.job
    return job if len(job) <= 64 else ""
