"""Rows of the table of commands: the admin page, data sets, training, comparing, promoting, lighter copies.

Without an id a row acts on what is chosen in its section (`session.admin.chosen`). What touches the disk is done beside
the desk's thread: such rows return a job.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.admin import SECTIONS
from medviewer.app.admin.records import Plan, RunState, Start
from medviewer.app.command import Command, Reason, first_of
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
FROZEN = "This data set is frozen. Make a new version to change it."


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


# -- why not now


def _refusal(session: "Session") -> str | None:
    return session.admin.refusal()


def _none(section: str) -> Reason:
    return lambda session: None if session.admin.chosen.get(section) else NONE_CHOSEN[section]


def _frozen(session: "Session") -> str | None:
    id_ = session.admin.chosen.get("datasets", "")
    return FROZEN if id_ and session.admin.datasets.get(id_).facts.frozen else None


def _not_in(*states: RunState) -> Reason:
    """Return the reason that the chosen run is in none of these states."""

    def reason(session: "Session") -> str | None:
        run = session.admin.runs.get(session.admin.chosen["training"])
        return None if run.state in states else "This run is not at a point where that can be done."

    return reason


def _going(session: "Session") -> str | None:
    run = session.admin.runs.get(session.admin.chosen["training"])
    going = run.state in (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)
    return "This run is not over yet. Stop it first." if going else None


def _cannot_go_on(session: "Session") -> str | None:
    run = session.admin.runs.get(session.admin.chosen["training"])
    paused = run.state is RunState.PAUSED
    return None if paused or run.can_go_on else "There is nothing to go on with in this run."


# -- what is done


def _ask(what: str, **fixed: Any) -> Run:
    return lambda session, **values: session.ask(what, **fixed, **values)


def _page(session: "Session") -> None:
    session.show_page("admin")


def _section(session: "Session", section: str = SECTIONS[0]) -> None:
    if section not in SECTIONS:
        raise UserError("usage", f"A section is one of {', '.join(SECTIONS)}.")
    session.admin.show(section)
    session.show_page("admin")


def _gather(session: "Session", source: dict[str, Any] | None = None, name: str = "", previous: str = "") -> Any:
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


def _dataset(deed: Callable[["Session", str], Any]) -> Run:
    return lambda session, dataset="": deed(session, chosen(session, "datasets", dataset))


def _split(session: "Session", dataset: str = "", fit: float = 0.6, select: float = 0.2, seed: int = 0) -> Job:
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


def _exclude(session: "Session", dataset: str = "", files: tuple[str, ...] = (), yes: bool = True) -> Job | None:
    id_ = chosen(session, "datasets", dataset)
    if not files:
        return None
    datasets = session.admin.datasets
    words = "Left out of the data set." if yes else "Taken back into the data set."
    job = datasets.exclude(id_, files, yes)
    return _offering(session, job, words, lambda: datasets.exclude(id_, files, not yes))


def _relabel(session: "Session", dataset: str = "", file: str = "", positive: bool = False) -> Job | None:
    id_ = chosen(session, "datasets", dataset)
    if not file:
        return None
    datasets = session.admin.datasets
    job = datasets.relabel(id_, file, positive)
    return _offering(session, job, "The label was changed.", lambda: datasets.relabel(id_, file, not positive))


def _repair(session: "Session", dataset: str = "", kind: str = "") -> Job | None:
    id_ = chosen(session, "datasets", dataset)
    return session.admin.datasets.repair(id_, kind) if kind else None


def _new_version(session: "Session", id_: str) -> Job:
    def act() -> str:
        made: str = session.admin.datasets.new_version(id_)
        session.at_desk(lambda: session.admin.choose("datasets", made))
        return made

    return quietly(session, "Making a new version", act)


def _remove_dataset(session: "Session", id_: str) -> Job:
    def act() -> None:
        session.admin.datasets.remove(id_)
        if session.admin.chosen.get("datasets") == id_:
            session.at_desk(lambda: session.admin.choose("datasets", ""))

    return quietly(session, "Removing a data set", act)


def _start(session: "Session", plan: dict[str, Any] | None = None) -> Any:
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


def _run(deed: str, title: str) -> Run:
    def act(session: "Session", run: str = "") -> Job:
        id_ = chosen(session, "training", run)
        return quietly(session, title, lambda: getattr(session.admin.runs, deed)(id_))

    return act


def _remove_run(session: "Session", run: str = "") -> Any:
    if not run:
        return session.ask("remove_run", run=chosen(session, "training"))
    return quietly(session, "Removing a training", lambda: session.admin.runs.remove(run))


def _compare(session: "Session", challenger: str = "", dataset: str = "") -> Any:
    if not (challenger and dataset):
        return session.ask("new_comparison", challenger=challenger)
    return session.admin.comparisons.run(challenger, dataset)


def _promote(session: "Session", comparison: str = "") -> Any:
    return session.ask("promote", comparison=chosen(session, "compare", comparison))


def _promote_now(session: "Session", comparison: str = "", reason: str = "") -> Any:
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


def _roll_back(session: "Session", model: str = "", reason: str = "", version: str = "") -> Job:
    name = _model(session, model)
    job = session.admin.versions.roll_back(name, reason.strip(), version)

    def ended(job: Job) -> None:
        if job.state is State.DONE:
            session.notice(f"Every next analysis is made with {job.result.model} {job.result.version}.")

    job.changed.connect(ended)
    ended(job)
    return job


def _first_use(session: "Session", model: str = "", version: str = "", reason: str = "") -> Any:
    name, version = _version(session, model, version)
    if not reason.strip():
        return session.ask("first_use", model=name, version=version)
    return session.admin.versions.first_use(name, version, reason.strip())


def _card(session: "Session", model: str = "", version: str = "") -> None:
    name, version = _version(session, model, version)
    session.ask("version_card", model=name, version=version)


def _import(session: "Session", path: str = "") -> Any:
    return session.admin.versions.import_(Path(path)) if path else session.ask("import_model")


def _export(session: "Session", model: str = "", version: str = "", to: str = "") -> Any:
    name, version = _version(session, model, version)
    if not to:
        return session.ask("export_model", model=name, version=version)
    return session.admin.versions.export(name, version, Path(to))


def _remove_model(session: "Session", model: str = "", version: str = "", now: bool = False) -> Any:
    name, version = _version(session, model, version)
    if not now:
        return session.ask("remove_model", model=name, version=version)
    return session.admin.versions.remove(name, version)


def _lighter(session: "Session", model: str = "", version: str = "", kind: str = "int8") -> Any:
    return session.admin.light.make(*_version(session, model, version), kind)


def _use_light(session: "Session", model: str = "", version: str = "", kind: str = "") -> Job:
    name, version = _version(session, model, version)
    return quietly(session, "Choosing a copy", lambda: session.admin.light.use(name, version, kind).result())


# -- rows


def _row(
    id_: str,
    title: str,
    run: Run,
    *more: Reason,
    section: str = "",
    args: dict[str, type] | None = None,
    icon: str = "",
    permission: str = "write",
    needs: bool = False,
    keys: tuple[str, ...] = (),
    scope: str = "admin",
    checked: "Callable[[Session], bool] | None" = None,
) -> Command:
    """`section`: something must be chosen there, unless an argument names it; then `more` is not asked."""
    reasons = (_none(section), *more) if section else more
    blocked, named = first_of(_refusal, *reasons), _refusal if section else None
    return Command(id_, title, run, keys, scope, "Admin", blocked, args or {}, needs, checked, permission, icon, named)


def _look(id_: str, title: str, run: Run, *more: Reason, **rest: Any) -> Command:
    return _row(id_, title, run, *more, permission="look", scope="any", **rest)


_SET: dict[str, type] = {"dataset": str}
_RUN: dict[str, type] = {"run": str}
_VERSION: dict[str, type] = {"model": str, "version": str}

_PAGES = (
    _look(
        "page.admin",
        "Admin",
        _page,
        icon="sliders-horizontal",
        keys=("Ctrl+3",),
        checked=lambda session: session.page == "admin",
    ),
    _look("admin.section", "Show a section of the admin page", _section, args={"section": str}, needs=True),
    *(
        _look(f"admin.{name}", title, lambda session, name=name: _section(session, name), icon=icon)
        for name, title, icon in (
            ("datasets", "Admin: data sets", "database"),
            ("training", "Admin: fine-tuning", "pulse"),
            ("compare", "Admin: compare and promote", "scales"),
            ("watch", "Admin: watch", "binoculars"),
            ("models", "Admin: model library", "cube"),
            ("audit", "Admin: audit log", "clipboard-text"),
        )
    ),
)

_DATASETS = (
    _row("dataset.from_opinions", "New data set from opinions…", _ask("new_dataset", source="opinions"), icon="plus"),
    _row("dataset.from_folder", "New data set from a folder…", _ask("new_dataset", source="folder"), icon="plus"),
    _row("dataset.from_packed", "New data set from a packed file…", _ask("new_dataset", source="packed"), icon="plus"),
    _row("dataset.gather", "Make a data set", _gather, args={"source": dict, "name": str, "previous": str}, needs=True),
    _row(
        "dataset.check",
        "Check the data set",
        _dataset(lambda session, id_: session.admin.datasets.check(id_)),
        section="datasets",
        args=_SET,
        icon="check-circle",
    ),
    _row(
        "dataset.split",
        "Split the data set anew by patient",
        _split,
        _frozen,
        section="datasets",
        args={**_SET, "fit": float, "select": float, "seed": int},
        icon="arrow-clockwise",
    ),
    _row(
        "dataset.exclude",
        "Leave pictures out of the data set",
        _exclude,
        _frozen,
        section="datasets",
        args={**_SET, "files": tuple, "yes": bool},
        needs=True,
    ),
    _row(
        "dataset.relabel",
        "Change the label of a picture",
        _relabel,
        _frozen,
        section="datasets",
        args={**_SET, "file": str, "positive": bool},
        needs=True,
    ),
    _row(
        "dataset.repair",
        "Mend one kind of problem of the data set",
        _repair,
        _frozen,
        section="datasets",
        args={**_SET, "kind": str},
        needs=True,
    ),
    _row(
        "dataset.freeze",
        "Freeze the data set",
        _dataset(lambda session, id_: session.admin.datasets.freeze(id_)),
        _frozen,
        section="datasets",
        args=_SET,
        icon="lock-key",
    ),
    _row(
        "dataset.new_version",
        "Make a new version of the data set",
        _dataset(_new_version),
        section="datasets",
        args=_SET,
        icon="stack",
    ),
    _row(
        "dataset.remove",
        "Remove the data set…",
        _dataset(lambda session, id_: session.ask("remove_dataset", dataset=id_)),
        section="datasets",
        args=_SET,
    ),
    _row(
        "dataset.remove_now",
        "Remove a data set",
        _dataset(_remove_dataset),
        section="datasets",
        args=_SET,
        needs=True,
    ),
)

_TRAINING = (
    _row("training.new", "Fine-tune a model…", _ask("new_training"), args={"dataset": str}, icon="plus"),
    _row("training.start", "Start a training", _start, args={"plan": dict}, needs=True),
    _row(
        "training.pause",
        "Pause the training",
        _run("pause", "Pausing a training"),
        _not_in(RunState.RUNNING),
        section="training",
        args=_RUN,
        icon="pause",
    ),
    _row(
        "training.go_on",
        "Go on with the training",
        _run("go_on", "Going on with a training"),
        _cannot_go_on,
        section="training",
        args=_RUN,
        icon="play",
    ),
    _row(
        "training.stop",
        "Stop the training and keep the best",
        _run("stop", "Stopping a training"),
        _not_in(RunState.QUEUED, RunState.RUNNING, RunState.PAUSED),
        section="training",
        args=_RUN,
        icon="stop",
    ),
    _row(
        "training.remove",
        "Remove the training run…",
        _remove_run,
        _going,
        section="training",
        args=_RUN,
    ),
)

_MODELS = (
    _row("compare.new", "Compare a candidate…", _ask("new_comparison"), args={"challenger": str}, icon="scales"),
    _row(
        "compare.run",
        "Compare a candidate with the model in use",
        _compare,
        args={"challenger": str, "dataset": str},
        needs=True,
    ),
    _row(
        "model.promote",
        "Promote the candidate…",
        _promote,
        section="compare",
        args={"comparison": str},
        icon="arrow-fat-line-up",
    ),
    _row(
        "model.promote_now",
        "Promote a candidate",
        _promote_now,
        section="compare",
        args={"comparison": str, "reason": str},
        needs=True,
    ),
    _row(
        "model.roll_back",
        "Go back to the version before",
        _roll_back,
        section="models",
        args={**_VERSION, "reason": str},
        icon="arrow-counter-clockwise",
    ),
    _row(
        "model.first_use",
        "Take the model into use…",
        _first_use,
        section="models",
        args={**_VERSION, "reason": str},
        icon="check",
    ),
    _look(
        "model.card",
        "Card of the chosen model",
        _card,
        section="models",
        args=_VERSION,
        icon="identification-card",
    ),
    _row("model.import", "Import a model…", _import, args={"path": str}, icon="download-simple"),
    _row(
        "model.export",
        "Export the model…",
        _export,
        section="models",
        args={**_VERSION, "to": str},
        icon="upload-simple",
    ),
    _row("model.remove", "Remove the model…", _remove_model, section="models", args={**_VERSION, "now": bool}),
    _row(
        "light.make",
        "Make a lighter copy of the model",
        _lighter,
        section="models",
        args={**_VERSION, "kind": str},
        needs=True,
    ),
    _row(
        "light.use",
        "Choose which copy of the model is used",
        _use_light,
        section="models",
        args={**_VERSION, "kind": str},
        needs=True,
    ),
)

ADMIN_COMMANDS = (*_PAGES, *_DATASETS, *_TRAINING, *_MODELS)
