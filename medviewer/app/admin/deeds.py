"""What the commands of the admin page do: data sets, trainings, comparisons, versions, lighter copies.

Without an id a deed is done to what is chosen in its section (`session.admin.chosen`). What touches the disk is done
beside the desk's thread: such deeds return a job.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.admin import SECTIONS
from medviewer.app.admin.records import Plan, Start
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State

if TYPE_CHECKING:
    from medviewer.app.session import Session

Run = Callable[..., Any]
NONE_CHOSEN = {
    "datasets": "Choose a data set first.",
    "training": "Choose a training run first.",
    "compare": "Choose a comparison first.",
    "models": "Choose a model first.",
}
_PATHS = ("folder", "labels", "images")


def chosen(session: "Session", section: str, id_: str = "") -> str:
    """Return what a command is about: what is named, else what is chosen in its section.

    Raises:
        UserError: `blocked`: neither.
    """
    found = id_ or session.admin.chosen.get(section, "")
    if not found:
        raise UserError("blocked", NONE_CHOSEN[section])
    return found


def quietly(session: "Session", title: str, act: Callable[[], Any]) -> Job:
    """Do something short beside the desk's thread; why it was not done becomes a notice."""

    def ended(job: Job) -> None:
        if job.state is State.FAILED:
            session.notice(job.sentence)

    job = Job(title, "admin")
    job.changed.connect(ended)
    return session.jobs.run_quietly(job, lambda _job: act())


def ask(what: str, **fixed: Any) -> Run:
    """Return what asks the window for `what`."""
    return lambda session, **values: session.ask(what, **fixed, **values)


def show_page(session: "Session") -> None:
    """Show the admin page."""
    session.show_page("admin")


def show_section(session: "Session", section: str = SECTIONS[0]) -> None:
    """Show the admin page at one of its sections."""
    if section not in SECTIONS:
        raise UserError("usage", f"A section is one of {', '.join(SECTIONS)}.")
    session.admin.show(section)
    session.show_page("admin")


def gather(session: "Session", source: dict[str, Any] | None = None, name: str = "", previous: str = "") -> Any:
    """Make a data set from a source (a table with its `kind`); without one, ask for it."""
    from medviewer.app.admin.sources import FolderSource, OpinionsSource, PackedSource, Source

    if source is None:
        return session.ask("new_dataset", source="opinions")
    kinds: dict[str, Callable[..., Source]] = {
        "opinions": OpinionsSource,
        "folder": FolderSource,
        "packed": PackedSource,
    }
    values: dict[str, Any] = {k: Path(v) if k in _PATHS and v else v for k, v in source.items()}
    try:
        made = kinds[values.pop("kind")](**values)
    except (KeyError, TypeError) as bad:
        raise UserError("usage", "A source is opinions, folder or packed, with the values of that kind.") from bad
    return session.admin.datasets.gather(made, name, previous)


def of_dataset(deed: Callable[["Session", str], Any]) -> Run:
    """Return `deed` for the data set that is named or chosen."""
    return lambda session, dataset="": deed(session, chosen(session, "datasets", dataset))


def split(session: "Session", dataset: str = "", fit: float = 0.6, select: float = 0.2, seed: int = 0) -> Job:
    """Deal the patients anew to the parts; the rest of `fit` and `select` is the locked part."""
    id_ = chosen(session, "datasets", dataset)
    if not (0 < fit <= 1 and 0 <= select < 1 and fit + select <= 1):
        raise UserError("usage", "Shares of the parts lie between 0 and 1 and make 1 together.")
    return session.admin.datasets.split(id_, (fit, select, 1 - fit - select), seed)


def _offering(session: "Session", job: Job, words: str, back: Callable[[], Any]) -> Job:
    """Offer to take a change back once it is kept."""

    def ended(job: Job) -> None:
        if job.state is State.DONE:
            session.at_desk(lambda: session.undo.offer(words, back))

    job.changed.connect(ended)
    ended(job)  # it may have ended before anybody listened
    return job


def exclude(session: "Session", dataset: str = "", files: tuple[str, ...] = (), yes: bool = True) -> Job | None:
    """Leave files out, or take them back in; that can be undone."""
    id_ = chosen(session, "datasets", dataset)
    if not files:
        return None
    datasets = session.admin.datasets
    words = "Left out of the data set." if yes else "Taken back into the data set."
    job = datasets.exclude(id_, files, yes)
    return _offering(session, job, words, lambda: datasets.exclude(id_, files, not yes))


def relabel(session: "Session", dataset: str = "", file: str = "", positive: bool = False) -> Job | None:
    """Give a picture another label; that can be undone."""
    id_ = chosen(session, "datasets", dataset)
    if not file:
        return None
    datasets = session.admin.datasets
    job = datasets.relabel(id_, file, positive)
    return _offering(session, job, "The label was changed.", lambda: datasets.relabel(id_, file, not positive))


def repair(session: "Session", dataset: str = "", kind: str = "") -> Job | None:
    """Mend all problems of one kind."""
    id_ = chosen(session, "datasets", dataset)
    return session.admin.datasets.repair(id_, kind) if kind else None


def new_version(session: "Session", id_: str) -> Job:
    """Make a version that can be changed, and choose it."""

    def act() -> str:
        made: str = session.admin.datasets.new_version(id_)
        session.at_desk(lambda: session.admin.choose("datasets", made))
        return made

    return quietly(session, "Making a new version", act)


def remove_dataset(session: "Session", id_: str) -> Job:
    """Remove a data set without asking."""

    def act() -> None:
        session.admin.datasets.remove(id_)
        if session.admin.chosen.get("datasets") == id_:
            session.at_desk(lambda: session.admin.choose("datasets", ""))

    return quietly(session, "Removing a data set", act)


def start(session: "Session", plan: dict[str, Any] | None = None) -> Any:
    """Start a training by the values of a plan; without them, ask for them."""
    if plan is None:
        return session.ask("new_training")
    try:
        values = dict(plan)
        made = Plan(start=Start(**values.pop("start")), **values)
    except (KeyError, TypeError) as bad:
        raise UserError("usage", "These values do not make a plan for a training.") from bad

    def act() -> Any:
        run = session.admin.runs.start(made)
        session.at_desk(lambda: session.admin.choose("training", run.id))
        return run

    return quietly(session, "Starting a training", act)


def of_run(deed: str, title: str) -> Run:
    """Return a deed of the runs for the run that is named or chosen."""

    def act(session: "Session", run: str = "") -> Job:
        id_ = chosen(session, "training", run)
        return quietly(session, title, lambda: getattr(session.admin.runs, deed)(id_))

    return act


def remove_run(session: "Session", run: str = "") -> Any:
    """Remove a run that is named; ask first about the chosen one."""
    if not run:
        return session.ask("remove_run", run=chosen(session, "training"))
    return quietly(session, "Removing a training", lambda: session.admin.runs.remove(run))


def compare(session: "Session", challenger: str = "", dataset: str = "") -> Any:
    """Compare a candidate with the model in use; ask for what is not named."""
    if not (challenger and dataset):
        return session.ask("new_comparison", challenger=challenger)
    return session.admin.comparisons.run(challenger, dataset)


def promote(session: "Session", comparison: str = "") -> Any:
    """Ask whether the candidate of a comparison is to be used."""
    return session.ask("promote", comparison=chosen(session, "compare", comparison))


def promote_now(session: "Session", comparison: str = "", reason: str = "") -> Any:
    """Promote for a reason; without one, ask for it."""
    id_ = chosen(session, "compare", comparison)
    if not reason.strip():
        return session.ask("promote", comparison=id_)
    return session.admin.versions.promote(id_, reason.strip())


def _model(session: "Session", model: str = "") -> str:
    """Return the model's name, of the one that is named or the chosen one."""
    return chosen(session, "models", model).split(" ")[0]


def _version(session: "Session", model: str, version: str) -> tuple[str, str]:
    name, _, chosen_version = chosen(session, "models", model).partition(" ")
    return name, version or chosen_version


def roll_back(session: "Session", model: str = "", reason: str = "", version: str = "") -> Job:
    """Go back to the version before, or a certain one, and say so."""
    name = _model(session, model)
    job = session.admin.versions.roll_back(name, reason.strip(), version)

    def ended(job: Job) -> None:
        if job.state is State.DONE:
            session.notice(f"Every next analysis is made with {job.result.model} {job.result.version}.")

    job.changed.connect(ended)
    ended(job)
    return job


def first_use(session: "Session", model: str = "", version: str = "", reason: str = "") -> Any:
    """Take a version into use that nothing was compared with, for a reason; without one, ask for it."""
    name, version = _version(session, model, version)
    if not reason.strip():
        return session.ask("first_use", model=name, version=version)
    return session.admin.versions.first_use(name, version, reason.strip())


def show_card(session: "Session", model: str = "", version: str = "") -> None:
    """Show a version's card."""
    name, version = _version(session, model, version)
    session.ask("version_card", model=name, version=version)


def import_model(session: "Session", path: str = "") -> Any:
    """Take in a model from a file; without one, ask for it."""
    return session.admin.versions.import_(Path(path)) if path else session.ask("import_model")


def export_model(session: "Session", model: str = "", version: str = "", to: str = "") -> Any:
    """Write a version into a file; without one, ask for it."""
    name, version = _version(session, model, version)
    if not to:
        return session.ask("export_model", model=name, version=version)
    return session.admin.versions.export(name, version, Path(to))


def remove_model(session: "Session", model: str = "", version: str = "", now: bool = False) -> Any:
    """Remove a version; ask first unless `now`."""
    name, version = _version(session, model, version)
    if not now:
        return session.ask("remove_model", model=name, version=version)
    return session.admin.versions.remove(name, version)


def make_lighter(session: "Session", model: str = "", version: str = "", kind: str = "int8") -> Any:
    """Make a lighter copy of a version."""
    return session.admin.light.make(*_version(session, model, version), kind)


def use_light(session: "Session", model: str = "", version: str = "", kind: str = "") -> Job:
    """Choose which copy of a version is used, "" for the version itself."""
    name, version = _version(session, model, version)
    return quietly(session, "Choosing a copy", lambda: session.admin.light.use(name, version, kind).result())
