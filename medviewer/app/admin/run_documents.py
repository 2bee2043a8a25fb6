"""Training runs as documents for scripts, and by the words that a command line names them with."""

import dataclasses
from typing import Any

from medviewer.app.admin.records import Run, RunState
from medviewer.app.admin.runs import Runs
from medviewer.app.documents import document
from medviewer.core.errors import UserError


def find(runs: Runs, which: str) -> Run:
    """Return the run with an id, or with the number that people call it by ("27"); "last" is the newest.

    Raises:
        UserError: `no_run`.
    """
    every = runs.all(wait=True)
    if which == "last" and every:
        return every[0]
    found = next((run for run in every if which in (run.id, str(run.number))), None)
    if found is None:
        raise UserError("no_run", "There is no such training run. See medviewer runs list.")
    return found


def listed(runs: Runs) -> dict[str, Any]:
    """Return `medviewer.runs/1`: every run, the newest first, without its epochs."""
    return document("runs", runs=[_facts(run) for run in runs.all(wait=True)])


def shown(runs: Runs, run: Run) -> dict[str, Any]:
    """Return `medviewer.run/1`: one run with its plan and its epochs."""
    epochs = [dataclasses.asdict(epoch) for epoch in run.epochs]
    return document(
        "run", **_facts(run), plan=dataclasses.asdict(run.plan), epochs=epochs, folder=str(runs.folder(run.id))
    )


def _facts(run: Run) -> dict[str, Any]:
    best = next((epoch for epoch in run.epochs if epoch.number == run.best), None)
    return {
        "id": run.id,
        "number": run.number,
        "title": run.plan.title,
        "state": run.state.value,
        "sentence": run.sentence,
        "can_go_on": run.can_go_on,
        "dataset": run.plan.dataset,
        "start": dataclasses.asdict(run.plan.start),
        "epoch": max((epoch.number for epoch in run.epochs), default=0),
        "of": run.plan.epochs,
        "best": run.best,
        "best_auc": best.select_auc if best else None,
        "base_auc": run.base_auc,
        "seconds_left": run.seconds_left,
        "model": str(run.model) if run.model and run.state is RunState.DONE else None,
        "started": run.started,
        "by": run.by,
        "device": run.device,
    }
