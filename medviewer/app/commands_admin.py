"""Rows of the table of commands: the admin page, data sets, training, comparing, promoting, lighter copies.

Why each cannot be done now stands here, what it does in admin/deeds.py.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medviewer.app.admin import deeds
from medviewer.app.admin.deeds import NONE_CHOSEN, Run
from medviewer.app.admin.records import RunState
from medviewer.app.command import Command, Reason, first_of

if TYPE_CHECKING:
    from medviewer.app.session import Session

FROZEN = "This data set is frozen. Make a new version to change it."


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
        deeds.show_page,
        icon="sliders-horizontal",
        keys=("Ctrl+3",),
        checked=lambda session: session.page == "admin",
    ),
    _look("admin.section", "Show a section of the admin page", deeds.show_section, args={"section": str}, needs=True),
    *(
        _look(f"admin.{name}", title, lambda session, name=name: deeds.show_section(session, name), icon=icon)
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
    _row(
        "dataset.from_opinions", "New data set from opinions…", deeds.ask("new_dataset", source="opinions"), icon="plus"
    ),
    _row("dataset.from_folder", "New data set from a folder…", deeds.ask("new_dataset", source="folder"), icon="plus"),
    _row(
        "dataset.from_packed",
        "New data set from a packed file…",
        deeds.ask("new_dataset", source="packed"),
        icon="plus",
    ),
    _row(
        "dataset.gather",
        "Make a data set",
        deeds.gather,
        args={"source": dict, "name": str, "previous": str},
        needs=True,
    ),
    _row(
        "dataset.check",
        "Check the data set",
        deeds.of_dataset(lambda session, id_: session.admin.datasets.check(id_)),
        section="datasets",
        args=_SET,
        icon="check-circle",
    ),
    _row(
        "dataset.split",
        "Split the data set anew by patient",
        deeds.split,
        _frozen,
        section="datasets",
        args={**_SET, "fit": float, "select": float, "seed": int},
        icon="arrow-clockwise",
    ),
    _row(
        "dataset.exclude",
        "Leave pictures out of the data set",
        deeds.exclude,
        _frozen,
        section="datasets",
        args={**_SET, "files": tuple, "yes": bool},
        needs=True,
    ),
    _row(
        "dataset.relabel",
        "Change the label of a picture",
        deeds.relabel,
        _frozen,
        section="datasets",
        args={**_SET, "file": str, "positive": bool},
        needs=True,
    ),
    _row(
        "dataset.repair",
        "Mend one kind of problem of the data set",
        deeds.repair,
        _frozen,
        section="datasets",
        args={**_SET, "kind": str},
        needs=True,
    ),
    _row(
        "dataset.freeze",
        "Freeze the data set",
        deeds.of_dataset(lambda session, id_: session.admin.datasets.freeze(id_)),
        _frozen,
        section="datasets",
        args=_SET,
        icon="lock-key",
    ),
    _row(
        "dataset.new_version",
        "Make a new version of the data set",
        deeds.of_dataset(deeds.new_version),
        section="datasets",
        args=_SET,
        icon="stack",
    ),
    _row(
        "dataset.remove",
        "Remove the data set…",
        deeds.of_dataset(lambda session, id_: session.ask("remove_dataset", dataset=id_)),
        section="datasets",
        args=_SET,
    ),
    _row(
        "dataset.remove_now",
        "Remove a data set",
        deeds.of_dataset(deeds.remove_dataset),
        section="datasets",
        args=_SET,
        needs=True,
    ),
)

_TRAINING = (
    _row("training.new", "Fine-tune a model…", deeds.ask("new_training"), args={"dataset": str}, icon="plus"),
    _row("training.start", "Start a training", deeds.start, args={"plan": dict}, needs=True),
    _row(
        "training.pause",
        "Pause the training",
        deeds.of_run("pause", "Pausing a training"),
        _not_in(RunState.RUNNING),
        section="training",
        args=_RUN,
        icon="pause",
    ),
    _row(
        "training.go_on",
        "Go on with the training",
        deeds.of_run("go_on", "Going on with a training"),
        _cannot_go_on,
        section="training",
        args=_RUN,
        icon="play",
    ),
    _row(
        "training.stop",
        "Stop the training and keep the best",
        deeds.of_run("stop", "Stopping a training"),
        _not_in(RunState.QUEUED, RunState.RUNNING, RunState.PAUSED),
        section="training",
        args=_RUN,
        icon="stop",
    ),
    _row(
        "training.remove",
        "Remove the training run…",
        deeds.remove_run,
        _going,
        section="training",
        args=_RUN,
    ),
)

_MODELS = (
    _row("compare.new", "Compare a candidate…", deeds.ask("new_comparison"), args={"challenger": str}, icon="scales"),
    _row(
        "compare.run",
        "Compare a candidate with the model in use",
        deeds.compare,
        args={"challenger": str, "dataset": str},
        needs=True,
    ),
    _row(
        "model.promote",
        "Promote the candidate…",
        deeds.promote,
        section="compare",
        args={"comparison": str},
        icon="arrow-fat-line-up",
    ),
    _row(
        "model.promote_now",
        "Promote a candidate",
        deeds.promote_now,
        section="compare",
        args={"comparison": str, "reason": str},
        needs=True,
    ),
    _row(
        "model.roll_back",
        "Go back to the version before",
        deeds.roll_back,
        section="models",
        args={**_VERSION, "reason": str},
        icon="arrow-counter-clockwise",
    ),
    _row(
        "model.first_use",
        "Take the model into use…",
        deeds.first_use,
        section="models",
        args={**_VERSION, "reason": str},
        icon="check",
    ),
    _look(
        "model.card",
        "Card of the chosen model",
        deeds.show_card,
        section="models",
        args=_VERSION,
        icon="identification-card",
    ),
    _row("model.import", "Import a model…", deeds.import_model, args={"path": str}, icon="download-simple"),
    _row(
        "model.export",
        "Export the model…",
        deeds.export_model,
        section="models",
        args={**_VERSION, "to": str},
        icon="upload-simple",
    ),
    _row("model.remove", "Remove the model…", deeds.remove_model, section="models", args={**_VERSION, "now": bool}),
    _row(
        "light.make",
        "Make a lighter copy of the model",
        deeds.make_lighter,
        section="models",
        args={**_VERSION, "kind": str},
        needs=True,
    ),
    _row(
        "light.use",
        "Choose which copy of the model is used",
        deeds.use_light,
        section="models",
        args={**_VERSION, "kind": str},
        needs=True,
    ),
)

ADMIN_COMMANDS = (*_PAGES, *_DATASETS, *_TRAINING, *_MODELS)
