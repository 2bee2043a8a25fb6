"""`medviewer train`: starts the training process and passes on what it says."""

import json as json_format
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app.home import shipped_models
from medviewer.cli.terminal import TERMINAL
from medviewer.core.child import command
from medviewer.core.errors import UserError


def train(
    config: Annotated[Path | None, typer.Argument(metavar="CONFIG.toml", show_default=False)] = None,
    preset: Annotated[str, typer.Option(metavar="NAME", help="The configuration of a shipped model.")] = "",
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the data sets.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Model folder to write.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")] = False,
    device: Annotated[str, typer.Option(metavar="auto|cuda|mps|cpu", help="Where to train.")] = "auto",
    json: Annotated[bool, typer.Option("--json", help="One JSON line a step group on stdout.")] = False,
) -> int:
    """Train a model from a configuration; a training that was interrupted goes on with --resume."""
    if (config is None) == (not preset):
        raise UserError("usage", "Give a configuration file or --preset NAME.")
    if data is None or out is None:
        raise UserError("usage", "Training needs --data DIR and --out DIR.")
    path = config or _preset(preset)
    if not path.is_file():
        raise UserError("no_file", f"{path.name} does not exist. Check the path.")
    words = [str(path), "--data", str(data), "--out", str(out), "--device", device, *["--resume"] * resume]
    return _run(command("training", *words), json)


def _preset(name: str) -> Path:
    presets = {path.parent.name: path for path in sorted(shipped_models().glob("*/train.toml"))}
    if name not in presets:
        raise UserError("usage", f"There is no preset {name!r}. Presets: {', '.join(presets) or 'none'}.")
    return presets[name]


def _run(words: list[str], json: bool) -> int:
    """Run the training process; an interrupt reaches it too, and it keeps a checkpoint."""
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
    event = said.pop("event", "")
    facts = "  ".join(f"{k} {_short(v)}" for k, v in said.items() if k not in ("schema",) and not isinstance(v, dict))
    TERMINAL.line(f"{event}  {facts}")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
