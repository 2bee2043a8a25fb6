"""The models that can be used: those shipped with the program and the user's own, and which version of each is in use.

"In use" is one version of each model: the one for every next analysis. Other versions are kept, for going back and for
comparing. `app/admin/in_use.py` says what decides.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from medviewer.app.admin import in_use
from medviewer.app.admin.in_use import Act
from medviewer.app.home import Home, shipped_models
from medviewer.app.site import Policy
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder

#: Seconds between two looks at whether another program has promoted a model.
LOOK_S = 1.0


@dataclass(frozen=True)
class Models:
    """All installed models as they were at one moment.

    Attributes:
        shipped, own: by name and version; a folder of the user's with a shipped one's name and version hides that.
        acts: who made which version the one in use, oldest first.
        in_use: by name, one version each.
        problems: sentences that a person should know (a version in use is gone, the record is damaged).
        refused: what lies here too but is not allowed by the site.
    """

    shipped: tuple[ModelFolder, ...]
    own: tuple[ModelFolder, ...]
    acts: tuple[Act, ...]
    in_use: tuple[ModelFolder, ...]
    problems: tuple[str, ...] = ()
    refused: tuple[ModelFolder, ...] = ()

    @property
    def every(self) -> tuple[ModelFolder, ...]:
        """Every version of every model, by name, the newest version last."""
        return tuple(sorted((*self.shipped, *self.own), key=lambda m: (m.name, in_use.version_key(m.card.version))))

    def used(self, name: str) -> ModelFolder | None:
        """Return the version in use of a model."""
        return next((m for m in self.in_use if m.name == name), None)

    def version(self, name: str, version: str) -> ModelFolder | None:
        """Return one version of a model."""
        return next((m for m in self.every if (m.name, m.card.version) == (name, version)), None)


def look(
    home: Home | None, on_bad: Callable[[Path, UserError], object] | None = None, policy: Policy | None = None
) -> Models:
    """Return what is installed and in use; without `home` what was shipped only. The site's policy holds in both."""
    policy = policy or (home.policy if home is not None else Policy())
    shipped = folder.find([shipped_models(), *policy.models], on_bad)
    record = in_use.read(home.models) if home is not None else in_use.Record()
    own = folder.find([home.models], on_bad) if home is not None else ()
    hidden = {(m.name, m.card.version) for m in own}
    shipped = tuple(m for m in shipped if (m.name, m.card.version) not in hidden)
    refused = tuple(m for m in (*shipped, *own) if policy.refusal(m))
    shipped, own = (tuple(m for m in some if m not in refused) for some in (shipped, own))
    banned = {(m.name, m.card.version, m.sha256): policy.refusal(m) for m in refused}
    used = {act.model: (act.model, act.version, act.sha256) for act in record.acts if act.kind != in_use.IMPORT}
    acts = tuple(act for act in record.acts if used.get(act.model) not in banned)  # what was chosen may not be used
    chosen, gone = in_use.choose(shipped, own, acts)
    problems = (record.problem, *gone, *(banned[named] for named in used.values() if named in banned))
    in_force = tuple(chosen[name] for name in sorted(chosen))
    return Models(shipped, own, record.acts, in_force, tuple(p for p in problems if p), refused)


def find_models(
    home: Home | None, on_bad: Callable[[Path, UserError], object] | None = None
) -> tuple[ModelFolder, ...]:
    """Return every version of every usable model, by name; without `home` the shipped ones only."""
    return look(home, on_bad).every


def find_model(home: Home, name: str) -> ModelFolder:
    """Return the version in use of the model `name`, the version named by NAME@VERSION, or the model in a folder.

    Raises:
        UserError: `no_model`; `bad_model` for a folder that cannot be used; `not_permitted` by the site's policy.
    """
    path = Path(name)
    if (path / folder.CARD).is_file():
        loaded = folder.load(path)
        home.policy.permit(loaded)
        return loaded
    models = look(home)
    plain, _, version = name.partition("@")
    found = models.version(plain, version) if version else models.used(plain)
    if found is not None:
        return found
    for refused in models.refused:
        if refused.name == plain and version in ("", refused.card.version):
            home.policy.permit(refused)
    versions = [m.card.version for m in models.every if m.name == plain]
    if versions:
        missing = f"There is no version {version} of {plain}" if version else f"No version of {plain} is in use"
        raise UserError("no_model", f"{missing}. Versions here: {', '.join(versions)}.")
    known = ", ".join(dict.fromkeys(model.name for model in models.every)) or "none"
    raise UserError("no_model", f"There is no model called {path.name}. Known models: {known}.")


def check(model: ModelFolder) -> None:
    """Refuse a model whose files are not as they were made.

    Raises:
        UserError: `hash_mismatch`.
    """
    problems = folder.verify(model)
    if problems:
        raise UserError("hash_mismatch", f"The model {model.name} was not used: {problems[0]}", " ".join(problems))


class LiveModels:
    """The models of a running session: another program's promotion is seen here too. For any thread.

    Attributes:
        changed: another version is in use, or versions came or went; fires on the thread that saw it.
    """

    def __init__(self, home: Home | None, policy: Policy | None = None) -> None:
        """Look once; without `home` the shipped models only. `policy` holds also then; None: the home's."""
        self._home, self._policy = home, policy
        self._lock = threading.Lock()
        self._stamp: tuple[int, ...] = self._stamp_now()
        self._looked = time.monotonic()
        self._now = look(home, policy=policy)
        self.changed: Event[None] = Event()

    @property
    def now(self) -> Models:
        """What is installed and in use, at most LOOK_S old."""
        if time.monotonic() - self._looked > LOOK_S:
            self.refresh()
        return self._now

    def refresh(self) -> bool:
        """Look whether something has changed on the disk (a few microseconds if not); True if it has."""
        with self._lock:
            self._looked = time.monotonic()
            stamp = self._stamp_now()
            if stamp == self._stamp:
                return False
            self._now, self._stamp = look(self._home, policy=self._policy), stamp
        self.changed.emit(None)
        return True

    def _stamp_now(self) -> tuple[int, ...]:
        return in_use.stamp_of(self._home.models) if self._home is not None else ()
