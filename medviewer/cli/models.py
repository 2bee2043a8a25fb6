"""`medviewer models`: what is here and in use; promoting, going back, taking in and handing on."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app import model_list
from medviewer.app.session import Session
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job

Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
NO_REASON = "Promoting needs a reason in words: --reason TEXT."

models = typer.Typer(help="The models that can be used.", no_args_is_help=True, rich_markup_mode=None)


@models.command("list")
def list_(json: Json = False) -> None:
    """List every version of the known models, and which one is in use."""
    found = model_list.listed(TERMINAL.home)
    if json:
        TERMINAL.document(found)
    for model in () if json else found["models"]:
        TERMINAL.line(f"{model['name']}  {model['version']}  {model['title']}  {model['state']}")
    for problem in found["problems"]:
        TERMINAL.tell(problem)


@models.command("show")
def show(name: Annotated[str, typer.Argument(metavar="NAME|NAME@VERSION|DIR")], json: Json = False) -> None:
    """Show a model's card."""
    found = model_list.shown(TERMINAL.home, name)
    if json:
        TERMINAL.document(found)
        return
    for key, value in found["card"].items():
        TERMINAL.line(f"{key}: {model_list.words(value)}")


@models.command("verify")
def verify(
    name: Annotated[str, typer.Argument(metavar="[NAME|NAME@VERSION|DIR]", show_default=False)] = "",
    json: Json = False,
) -> int:
    """Compare every file of a model (of all models) with its hash; exit 4 when one does not hold."""
    found = model_list.verified(TERMINAL.home, name)
    if json:
        TERMINAL.document(found)
    for model in found["models"]:
        if not json:
            TERMINAL.line(f"{model['name']}  {model['version']}  {'ok' if model['ok'] else 'NOT as it was made'}")
        for problem in model["problems"]:
            TERMINAL.tell(f"{model['name']}: {problem}")
    bad = [model["name"] for model in found["models"] if not model["ok"]]
    if bad:
        raise UserError("hash_mismatch", f"Not as they were made: {', '.join(bad)}. Install them again.")
    return 0


@models.command("promote")
def promote(
    name: Annotated[str, typer.Argument(metavar="NAME|RUN|COMPARISON", help="A model, or a run or comparison of one.")],
    version: Annotated[str, typer.Argument(metavar="[VERSION]", show_default=False)] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; asked for where it is not given.")] = "",
    json: Json = False,
) -> None:
    """Make a compared version the one in use, if nothing speaks against it; exit 4 when something does."""
    with TERMINAL.session() as session:
        comparison = _comparison(session, name, version)
        why = reason or _asked_reason()
        if comparison is None:
            job = session.admin.versions.first_use(name, version, why)
        else:
            for gate in session.admin.comparisons.get(comparison).gates:
                if gate.ok is None:
                    TERMINAL.tell(f"Note: {gate.text}")
            job = session.admin.versions.promote(comparison, why)
        _say_version(job, "is in use", json)


def _comparison(session: Session, name: str, version: str) -> str | None:
    """Return the comparison that a promotion stands on; None: no version of this model is in use.

    Raises:
        UserError: `blocked`: there is none, with what to do.
    """
    comparisons, versions = session.admin.comparisons, session.admin.versions
    if not version and name in {c.id for c in comparisons.all()}:
        return name
    model, run = versions.find(f"{name} {version}" if version else name)
    if session.model(model.name) is None:
        return None
    found = comparisons.latest(model.name, model.card.version, model.sha256)
    if found is None:
        which = run or f"{model.name}@{model.card.version}"
        raise UserError(
            "blocked",
            f"{model.name} {model.card.version} was not compared with the version in use. Do that first: "
            f"medviewer compare {which} --dataset ID.",
        )
    return found.id


def _asked_reason() -> str:
    if sys.stdin is None or not sys.stdin.readable():
        raise UserError("usage", NO_REASON)
    if sys.stdin.isatty():
        TERMINAL.tell("Why is it promoted? One line, then Enter:")
    words = sys.stdin.readline(4096).strip()
    if not words:
        raise UserError("usage", NO_REASON)
    return words


@models.command("rollback")
def rollback(
    name: Name,
    to: Annotated[str, typer.Option(metavar="VERSION", help="This version instead of the one before.")] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    json: Json = False,
) -> None:
    """Go back to the version before; one act, always possible."""
    with TERMINAL.session() as session:
        _say_version(session.admin.versions.roll_back(name, reason, to), "is in use again", json)


@models.command("history")
def history(name: Name, json: Json = False) -> None:
    """Show which version was in use when, and why."""
    with TERMINAL.session() as session:
        found = model_list.history(session, name)
    if json:
        TERMINAL.document(found)
        return
    for act in found["acts"]:
        before = f" (before: {act['before']['version']})" if act["before"]["version"] else ""
        kind = act["kind"].replace("_", " ")
        TERMINAL.line(f"{act['at']}  {act['who']}  {kind}  {act['version']}{before}  {act['reason']}".rstrip())
    for one in found["versions"]:
        TERMINAL.line(f"{one['model_version']}  {one['state']}")


@models.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A model folder of ours, or a zip of one.")],
    json: Json = False,
) -> None:
    """Take a model in, after a check of every file; it is kept, not used."""
    with TERMINAL.session() as session:
        _say_version(session.admin.versions.import_(path), "is kept; it is not in use", json)


@models.command("export")
def export(
    name: Name,
    onnx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An ONNX file for other programs, tried before it is written.")
    ] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE.zip", help="The zip to write, or a folder for it.")] = None,
    version: Annotated[str, typer.Option(metavar="V", help="This version instead of the one in use.")] = "",
) -> None:
    """Write a version as an ONNX file, or as a zip that `models import` takes."""
    if (onnx is None) == (to is None):
        raise UserError("usage", "Say --onnx FILE for an ONNX file, or --to FILE.zip for a whole model.")
    with TERMINAL.session() as session:
        versions = session.admin.versions
        job = versions.export_onnx(name, version, onnx) if onnx else versions.export(name, version, to or Path())
        made: Path = job.value()
    TERMINAL.tell(f"Wrote {made.name}.")


def _say_version(job: Job, words: str, json: bool) -> None:
    found: dict[str, Any] = model_list.version(job.value())
    if json:
        TERMINAL.document(found)
    else:
        TERMINAL.line(f"{found['name']} {found['model_version']} {words}")
