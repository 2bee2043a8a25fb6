"""`medviewer train`: starts the training process and passes on what it says; with --dataset as a run of the panel."""

import dataclasses
import json as json_format
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app.admin import dataset_documents, plans
from medviewer.app.admin.records import Plan, Start
from medviewer.app.home import find_home
from medviewer.app.models import find_model
from medviewer.app.session import Session
from medviewer.cli.runs import follow, refusals
from medviewer.cli.terminal import TERMINAL
from medviewer.core.child import command
from medviewer.core.errors import UserError

#: Options of a plan; None leaves what the start itself has.
_PLAN = ("epochs", "rate", "batch", "freeze", "mixup", "patience", "seed", "threads")


def train(
    config: Annotated[Path | None, typer.Argument(metavar="CONFIG.toml", show_default=False)] = None,
    preset: Annotated[str, typer.Option(metavar="NAME", help="The configuration of a shipped model.")] = "",
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the data sets.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Model folder to write.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")] = False,
    start: Annotated[str, typer.Option(metavar="DIR|NAME", help="The model that the configuration starts from.")] = "",
    teacher: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="A model to learn from.")] = None,
    beside: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Its figures stand in the card too.")] = None,
    dataset: Annotated[str, typer.Option(metavar="ID", help="Train a run on this frozen data set of the home.")] = "",
    from_: Annotated[str, typer.Option("--from", metavar="NAME[@VERSION]", help="Fine-tune this model.")] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Your own words for the run.")] = "",
    epochs: Annotated[int | None, typer.Option(metavar="N")] = None,
    rate: Annotated[float | None, typer.Option(metavar="R", help="Learning rate.")] = None,
    batch: Annotated[int | None, typer.Option(metavar="N", help="Pictures a step.")] = None,
    freeze: Annotated[
        int | None, typer.Option(metavar="N", help="First stages that stay; -1: all but the head.")
    ] = None,
    mixup: Annotated[float | None, typer.Option(metavar="ALPHA", help="0: off.")] = None,
    patience: Annotated[
        int | None, typer.Option(metavar="N", help="Epochs without gain that end it; 0: never.")
    ] = None,
    class_weights: Annotated[bool | None, typer.Option("--class-weights/--no-class-weights")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", help="0: all but one.")] = None,
    device: Annotated[str, typer.Option(metavar="auto|cuda|mps|cpu", help="Where to train.")] = "auto",
    json: Annotated[bool, typer.Option("--json", help="One JSON line a step group on stdout.")] = False,
) -> int:
    """Train a model from a configuration, or (with --dataset) a run from a model or a preset."""
    chosen = {name: value for name, value in locals().items() if name in _PLAN and value is not None}
    if dataset:
        if config is not None or data is not None or out is not None or bool(from_) == bool(preset):
            raise UserError("usage", "With --dataset ID give --from NAME[@VERSION] or --preset NAME, and no folders.")
        chosen |= {"device": device} | ({"class_weights": class_weights} if class_weights is not None else {})
        return _train_run(dataset, _start(from_, preset), title, chosen, json)
    if chosen or from_ or title or class_weights is not None:
        raise UserError("usage", "These options belong to --dataset ID; a configuration file says them itself.")
    if (config is None) == (not preset):
        raise UserError("usage", "Give a configuration file or --preset NAME.")
    if data is None or out is None:
        raise UserError("usage", "Training needs --data DIR and --out DIR.")
    path = config or _preset(preset)
    if not path.is_file():
        raise UserError("no_file", f"{path.name} does not exist. Check the path.")
    words = [str(path), "--data", str(data), "--out", str(out), "--device", device, *["--resume"] * resume]
    if start := start or plans.start_of(path):
        words += ["--start", str(find_model(find_home(TERMINAL.home), start).path)]
    for option, folders in (("--teacher", teacher), ("--beside", beside)):
        words += [word for folder in folders or () for word in (option, str(folder))]
    return _run(command("training", *words), json)


# -- a run of the panel


def _start(from_: str, preset: str) -> Start:
    name, _, version = from_.partition("@")
    return Start("model", name, version) if from_ else Start("scratch", preset)


def _train_run(dataset: str, start: Start, title: str, chosen: dict[str, Any], json: bool) -> int:
    """Start a run in the home and follow it to its end."""
    if "WORLD_SIZE" in os.environ:
        raise UserError("usage", "Under torchrun give CONFIG.toml, --data and --out: a run belongs to one process.")
    with TERMINAL.session() as session, refusals():
        plan = _plan(session, dataset, start, title, chosen)
        for gate in session.admin.runs.preflight(plan):
            if gate.ok is None:
                TERMINAL.tell(gate.text)
        return follow(session, session.admin.runs.start(plan), 0, json)


def _plan(session: Session, dataset: str, start: Start, title: str, chosen: dict[str, Any]) -> Plan:
    id_ = dataset_documents.find(session.admin.datasets, dataset).id
    return dataclasses.replace(session.admin.runs.suggested(start, id_, title), **chosen)


# -- a configuration


def _preset(name: str) -> Path:
    presets = plans.presets()
    if name not in presets:
        raise UserError("usage", f"There is no preset {name!r}. Presets: {', '.join(presets) or 'none'}.")
    return presets[name]


def _run(words: list[str], json: bool) -> int:
    """Run the training process; an interrupt reaches it too, and it keeps a checkpoint.

    Under torchrun this process becomes the training process: its launcher ends it with the others.
    """
    if "WORLD_SIZE" in os.environ and os.name == "posix":
        sys.stdout.flush()
        os.execv(words[0], words)
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        assert child.stdout
        try:
            for line in child.stdout:
                _print(line, json)
        except KeyboardInterrupt:
            child.send_signal(signal.SIGINT)
        return child.wait()


def _print(line: str, json: bool) -> None:
    if json:
        sys.stdout.write(line)
        sys.stdout.flush()
        return
    try:
        said: dict[str, Any] = json_format.loads(line)
    except ValueError:
        return
    TERMINAL.said(said)
