"""`medviewer runs`: training runs of this home, from a terminal."""

import contextlib
import json as json_format
import sys
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from medviewer.app.admin import run_documents
from medviewer.app.admin.records import Run, RunState
from medviewer.app.session import Session
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import UserError

Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
Lines = Annotated[bool, typer.Option("--json", help="One JSON line a step group on stdout.")]
Which = Annotated[str, typer.Argument(metavar="RUN", help="Its number or id; last: the newest.")]

#: Codes that mean "refused": exit 4.
_REFUSED = frozenset({"blocked", "not_now"})
#: Seconds after which the state is looked at again without news; exit code of what did not come to its end.
LOOK_S, INTERRUPTED = 1.0, 130
LIVE = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)

runs = typer.Typer(help="Training runs of this home.", no_args_is_help=True, rich_markup_mode=None)


@runs.command("list")
def list_(json: Json = False) -> None:
    """List the training runs, the newest first."""
    with TERMINAL.session() as session:
        if json:
            TERMINAL.document(run_documents.listed(session.admin.runs))
            return
        for run in session.admin.runs.all(wait=True):
            TERMINAL.line(_words(run))


@runs.command("show")
def show(which: Which, json: Json = False) -> None:
    """Show a run: its state, its epochs, its model."""
    with TERMINAL.session() as session:
        found = session.admin.runs
        run = run_documents.find(found, which)
        if json:
            TERMINAL.document(run_documents.shown(found, run))
            return
        TERMINAL.line(_words(run))
        if run.sentence:
            TERMINAL.line(run.sentence)
        for e in run.epochs:
            mark = " best" if e.number == run.best else ""
            TERMINAL.line(f"  epoch {e.number:3d}  loss {e.loss:.4f}  AUC {_figure(e.select_auc)}  "
                          f"stress {_figure(e.stress_auc)}{mark}")  # fmt: skip
        if run.model is not None:
            TERMINAL.line(f"model  {run.model}")


@runs.command("go-on")
def go_on(which: Which, json: Lines = False) -> int:
    """Let a run go on that was stopped, interrupted, failed or paused, and follow it to its end."""
    with TERMINAL.session() as session, refusals():
        found = session.admin.runs
        run = run_documents.find(found, which)
        _, after = found.said(run.id)
        return follow(session, found.go_on(run.id), after, json)


@runs.command("pause")
def pause(which: Which) -> None:
    """Let a run wait, whichever program on this home trains it."""
    with TERMINAL.session() as session, refusals():
        session.admin.runs.pause(run_documents.find(session.admin.runs, which).id)


@runs.command("stop")
def stop(which: Which) -> None:
    """Let a run finish with the best it has, whichever program on this home trains it."""
    with TERMINAL.session() as session, refusals():
        session.admin.runs.stop(run_documents.find(session.admin.runs, which).id)


@runs.command("remove")
def remove(which: Which) -> None:
    """Remove a run that is over, with its checkpoint and its model."""
    with TERMINAL.session() as session, refusals():
        session.admin.runs.remove(run_documents.find(session.admin.runs, which).id)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Let what cannot be done now end with 4, as every refusal does."""
    try:
        yield
    except UserError as error:
        if error.code not in _REFUSED:
            raise
        raise UserError("not_permitted", error.sentence, error.details) from error


def follow(session: Session, run: Run, after: int, json: bool) -> int:
    """Say what a run's training says, from `after` on (`Runs.said`), until it is over; return the exit code.

    Raises:
        UserError: what it failed of.
    """
    found, news = session.admin.runs, threading.Event()
    found.changed.connect(lambda _: news.set())
    at = after
    try:
        while True:
            run = found.get(run.id)
            lines, at = found.said(run.id, at)
            for line in lines:
                if json:
                    print(json_format.dumps(line, ensure_ascii=False), flush=True)
                elif line.get("event") not in ("queued", "began", "ended"):
                    TERMINAL.said(line)
            if run.state not in LIVE:
                break
            news.wait(LOOK_S)
            news.clear()
    except KeyboardInterrupt:
        found.close()
        TERMINAL.tell(f"Interrupted. Its checkpoint is kept: medviewer runs go-on {run.number}")
        return INTERRUPTED
    if run.state is RunState.FAILED:
        code = next((str(line.get("code")) for line in reversed(found.said(run.id)[0]) if "code" in line), "failed")
        raise UserError(code, run.sentence)
    if run.state is not RunState.DONE:
        TERMINAL.tell(f"{run.sentence} (medviewer runs go-on {run.number})" if run.sentence else "It ended.")
        return INTERRUPTED
    if not json:
        TERMINAL.line(f"model  {run.model}")
    sys.stdout.flush()
    return 0


def _words(run: Run) -> str:
    start = f"{run.plan.start.name} {run.plan.start.version}".strip()
    best = next((e.select_auc for e in run.epochs if e.number == run.best), None)
    done = f"{max((e.number for e in run.epochs), default=0)} of {run.plan.epochs}"
    return f"{run.number:4d}  {run.state.value:11}  {done:10}  AUC {_figure(best)}  {start}  {run.plan.title}".rstrip()


def _figure(value: float | None) -> str:
    return "-    " if value is None else f"{value:.3f}"
