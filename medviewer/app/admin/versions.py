"""The versions of the models: which one is in use, which are kept, which are candidates; promoting and going back.

Every deed is an act in `models/in-use.json` first (that is when it holds) and an entry of the audit second; acts that
the audit lacks, because a program was ended in between, are entered late.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin import in_use, model_export, model_import, promotion
from medviewer.app.admin.audited import Audited
from medviewer.app.admin.in_use import IMPORT, PROMOTE, ROLL_BACK, Act
from medviewer.app.admin.known_versions import KnownVersions
from medviewer.app.admin.lock import only_one
from medviewer.app.admin.records import Comparison, Gate, Version
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

log = logging.getLogger(__name__)


class Versions(KnownVersions):
    """`session.admin.versions`. Methods may be called from any thread; what takes a while is a Job."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._folder = session.home.models
        self._audited = Audited(session)

    def promote(self, comparison: str, reason: str) -> Job:
        """Make the challenger of a comparison the version in use; the result is its Version.

        The job fails with `blocked` and the sentence of the gate that does not let it pass.
        """

        def work(job: Job) -> Version:
            why = _reason(reason)
            found = self._session.admin.comparisons.get(comparison)
            try:
                gates = self._looked_at(found)
            except FileNotFoundError:  # another program removed this copy meanwhile; the run's may be there
                self.refresh()
                gates = self._looked_at(found)
            return self._deed(lambda: self._promote(found, gates, why))

        return self._run(f"Promoting {self._title_of(comparison)}", work)

    def first_use(self, model: str, version: str, reason: str) -> Job:
        """Take a version into use where none is: there is nothing to compare it with."""

        def work(job: Job) -> Version:
            why = _reason(reason)
            chosen, _ = self.find(f"{model} {version}")
            self._session.home.policy.permit(chosen)

            def deed() -> ModelFolder:
                if self._now.used(model) is not None:
                    raise UserError("blocked", f"A version of {model} is in use: compare the two, then promote.")
                made = promotion.install(chosen, self._folder)
                return self._act(PROMOTE, made, None, reason=why, gates={"nothing_to_compare": "cannot tell"})

            return self._deed(deed)

        return self._run(f"Taking {model} {version} into use", work)

    def roll_back(self, model: str, reason: str = "", version: str = "") -> Job:
        """Go back to the version before, or to any version that is here; the result is its Version."""

        def deed() -> ModelFolder:
            used = self._now.used(model)
            target = self._now.version(model, version) if version else self.before(model)
            if target is None:
                raise UserError("blocked", f"There is no {'version ' + version if version else 'earlier version'} of "
                                f"{model} to go back to.")  # fmt: skip
            if target is used:
                raise UserError("blocked", f"Version {target.card.version} of {model} is in use already.")
            promotion.verify(target)
            return self._act(ROLL_BACK, target, used, reason=reason.strip()[: in_use.MOST_REASON])

        return self._run(f"Going back with {model}", lambda job: self._deed(deed))

    def import_(self, path: Path) -> Job:
        """Take a model folder or a zip of one among the kept versions; it is not used by itself. Result: Version."""

        def work(job: Job) -> Version:
            with model_import.unpacked(path, self._session.spool) as found:
                self._session.home.policy.permit(found)

                def deed() -> ModelFolder:
                    place = self._folder / f"{found.name}-{found.card.version}"
                    taken = self._now.version(found.name, found.card.version)
                    if taken is not None or place.exists():
                        raise UserError("exists", f"{found.name} {found.card.version} is here already.")
                    self._session.home.private(self._folder)
                    in_use.beside(place).touch()
                    return self._act(IMPORT, promotion.install(found, self._folder), None)

                return self._deed(deed)

        return self._run("Importing a model", work)

    def export(self, model: str, version: str, to: Path) -> Job:
        """Write a version ("": the one in use) as a zip that `import_` takes; the result is its path."""
        return self._export(model, version, lambda found, _: model_export.write(found, to))

    def export_onnx(self, model: str, version: str, to: Path) -> Job:
        """Write a version ("": the one in use) as an ONNX file for other programs; the result is its path."""
        return self._export(model, version, lambda found, job: model_export.write_onnx(found, to, job))

    def _export(self, model: str, version: str, write: Callable[[ModelFolder, Job], Path]) -> Job:
        def work(job: Job) -> Path:
            found = self._now.version(model, version) if version else self._now.used(model)
            if found is None:
                found = self.find(f"{model} {version}")[0]
            promotion.verify(found)
            made = write(found, job)
            self._audited.say("model.exported", found)
            return made

        return self._run(f"Exporting {model}", work)

    def remove(self, model: str, version: str) -> Job:
        """Remove a kept version.

        Raises:
            UserError: `blocked`: it is in use, came with the program, or is a run's.
        """
        found = self._now.version(model, version)
        if found is None:
            raise UserError("blocked", "A run's model is removed with its run.")
        self._refuse_removal(found)

        def deed() -> ModelFolder:
            if self._now.version(model, version) is None:
                raise UserError("blocked", f"Version {version} of {model} is gone already.")
            self._refuse_removal(found)
            promotion.remove(found)
            self._audited.say("model.removed", found)
            return found

        return self._run(f"Removing {model} {version}", lambda job: self._deed(deed))

    def begin(self) -> None:
        """Do what a session starts with (not on the window's thread): read the cards, complete the audit."""
        self.all()
        self.enter_missing()

    def enter_missing(self) -> None:
        """Enter acts into the audit that it lacks since a program was ended in between (waits for the library)."""
        if self._now.acts and not self._session.read_only and not self._session.safe_mode:
            with only_one(self._folder / in_use.LOCK):
                self._audited.catch_up(in_use.read(self._folder).acts)

    # -- how

    def _promote(self, c: Comparison, gates: tuple[Gate, ...], reason: str) -> ModelFolder:
        # looked for again: another program may have moved it since the gates were looked at
        challenger = self.compared(c.model, c.challenger, c.challenger_sha256)
        used = self._now.used(c.model)
        if used is None or (used.card.version, used.sha256) != (c.champion, c.champion_sha256):
            raise UserError(
                "blocked",
                f"Another version of {c.model} is in use than the one that was compared ({c.champion}). Compare again.",
            )
        if (challenger.card.version, challenger.sha256) == (used.card.version, used.sha256):
            raise UserError("blocked", f"Version {c.challenger} of {c.model} is in use already.")
        by, at = self._session.who, datetime.now().astimezone().isoformat(timespec="seconds")
        runs = self._session.home.runs
        made = promotion.install(
            challenger,
            self._folder,
            lambda part: promotion.write_promotion(part, c, gates, by, at, reason, runs),
        )
        return self._act(
            PROMOTE, made, used, reason=reason, comparison=c.id, gates=promotion.record(gates)
        )  # fmt: skip

    def _looked_at(self, found: Comparison) -> tuple[Gate, ...]:
        challenger = self.compared(found.model, found.challenger, found.challenger_sha256)
        self._session.home.policy.permit(challenger)
        return self._standing(found, challenger)

    def _standing(self, comparison: Comparison, challenger: ModelFolder) -> tuple[Gate, ...]:
        """Return the gates as they stand now.

        Raises:
            UserError: `blocked`, with the sentence of the first one that refuses.
        """
        gates = self._session.admin.comparisons.standing(comparison, challenger)
        refused = [gate for gate in gates if gate.ok is False]
        if refused:
            raise UserError("blocked", refused[0].text, " ".join(gate.text for gate in refused[1:]))
        return gates

    def _deed(self, deed: Callable[[], ModelFolder]) -> Version:
        """Do one deed as the only program on this home, after seeing what the others did; tell what is new."""
        with only_one(self._folder / in_use.LOCK):
            promotion.sweep(self._folder)
            self._session.live_models.refresh()
            self._audited.catch_up(in_use.read(self._folder).acts)
            try:
                model = deed()
            finally:
                self._session.live_models.refresh()
        self.changed.emit(model.name)
        now = self._now
        return self._version(now.version(model.name, model.card.version) or model, now)

    def _act(self, kind: str, model: ModelFolder, before: ModelFolder | None, **more: Any) -> ModelFolder:
        self._audited.enter(self._append(in_use.new_act(kind, self._session.who, model, before, **more)))
        return model

    def _append(self, act: Act) -> Act:
        in_use.append(self._folder, act)
        return act

    def _run(self, title: str, work: Callable[[Job], Any]) -> Job:
        def allowed(job: Job) -> Any:
            if self._session.read_only or self._session.safe_mode:
                raise UserError("blocked", "medviewer was started to look only; models cannot be changed.")
            if why := self._session.admin.refusal():
                raise UserError("not_permitted", why)
            return work(job)

        return self._session.jobs.run(Job(title, "model"), allowed)

    def _refuse_removal(self, model: ModelFolder) -> None:
        if model.path.parent != self._folder.resolve():
            raise UserError("blocked", "This version comes with the program and stays.")
        if self._now.used(model.name) == model:
            raise UserError("blocked", f"Version {model.card.version} is in use. Go back to another one first.")

    def _title_of(self, comparison: str) -> str:
        try:
            found = self._session.admin.comparisons.get(comparison)
        except UserError:
            return "a model"
        return f"{found.model} {found.challenger}"


def _reason(reason: str) -> str:
    words = " ".join(reason.split())[: in_use.MOST_REASON]
    if not words:
        raise UserError("usage", "Promoting needs a reason in words.")
    return words
