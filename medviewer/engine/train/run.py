"""`train CONFIG.toml --data DIR --out DIR …`: read, train, judge, write the model folder.

A training that was ended at any moment goes on with `--resume` and comes to the same weights: its checkpoints lie in
OUT/checkpoint until it is finished. With `--control` OUT is the folder of a run and the model goes to OUT/model.
"""

import argparse
import importlib
import os
import shutil
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medviewer.core import datasets as frozen
from medviewer.core.errors import DEFECT, UserError, exit_code, sentence_for
from medviewer.engine import device as devices
from medviewer.engine.nets import Net
from medviewer.engine.train import checkpoint, datasets, distributed, start
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.control import Control
from medviewer.engine.train.datasets import DataSet
from medviewer.engine.train.distributed import World
from medviewer.engine.train.finish import finish
from medviewer.engine.train.loop import CHECKPOINT, Setting, Teaching, train
from medviewer.engine.train.memory import NO_MEMORY
from medviewer.engine.train.report import Company, write_folder
from medviewer.engine.train.voice import INTERRUPTED, Say, voice

#: Folders in OUT.
CHECKPOINTS, MODEL = "checkpoint", "model"
_FIGURES = ("auc", "auc_ci", "accuracy", "sensitivity", "specificity", "ece", "brier")


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes:
        data: folder of the data sets (of a frozen one: the folder that `[data] set` is in).
        out: model folder to write, or the run's folder with `control`.
        start: model folder to start from; teachers: model folders to learn from; beside: model folders whose figures
            stand beside this one's in its card.
        control: folder of the flag files "pause" and "stop".
        attached: end when stdin is closed, and stand back behind other programs.
        checkpoint_every: seconds of work between two checkpoints within an epoch.
    """

    config: Path
    data: Path
    out: Path
    start: Path | None = None
    teachers: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()
    resume: bool = False
    device: str = "auto"
    control: Path | None = None
    attached: bool = False
    checkpoint_every: float = CHECKPOINT


def main(argv: Sequence[str]) -> int:
    """Train a model and write its folder; returns the process's exit code (0 done, 3 input, 130 interrupted)."""
    try:
        options = _options(argv)
    except SystemExit as end:
        return int(end.code or 0)
    with voice() as say:
        try:
            run(options, say)
        except UserError as error:
            sys.stderr.write(error.sentence + "\n")
            say({"event": "failed", "code": error.code, "sentence": error.sentence})
            return exit_code(error)
        except KeyboardInterrupt:
            sys.stderr.write("Interrupted. The same command with --resume goes on.\n")
            return INTERRUPTED
        except Exception as defect:  # noqa: BLE001 - a defect must reach the panel as a sentence too
            if os.environ.get("MEDVIEWER_DEBUG"):
                traceback.print_exc()
            sys.stderr.write(sentence_for(defect) + "\n")
            say(
                {
                    "event": "failed",
                    "code": "defect",
                    "sentence": sentence_for(defect),
                    "details": type(defect).__name__,
                }
            )
            return DEFECT
    return 0


def _options(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="medviewer train")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write (with --control: of the run)")
    parser.add_argument("--start", type=Path, help="model folder to start from")
    parser.add_argument("--teacher", type=Path, action="append", default=[], dest="teachers", help="learn from it")
    parser.add_argument("--beside", type=Path, action="append", default=[], help="compare with it in the card")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in OUT")
    parser.add_argument("--device", default="auto", choices=("auto", *devices.DEVICES))
    parser.add_argument("--control", type=Path, help="folder of the flag files pause and stop")
    parser.add_argument("--attached", action="store_true", help="end when stdin is closed; low priority")
    parser.add_argument("--checkpoint-every", type=float, default=CHECKPOINT, help="seconds between two checkpoints")
    values = vars(parser.parse_args(list(argv)))
    return Options(**values | {k: tuple(values[k]) for k in ("teachers", "beside")})


def run(options: Options, say: Say) -> None:
    """Train, judge and write one model; under `torchrun` each process runs this, and the first alone writes and speaks.

    Raises:
        UserError: `bad_config`, `bad_data`, `bad_dataset`, `hash_mismatch`, `bad_start`, `bad_checkpoint`, `no_space`,
            `no_write`, `no_memory`, `stopped_early`, `not_learnt`.
    """
    control = Control(options.control)
    if options.attached:
        control.attach()
    world, device = distributed.join(devices.choose(options.device))
    try:
        _run(options, say, control, world, device)
    except (OSError, RuntimeError, MemoryError, ImportError) as error:
        if devices.out_of_memory(error):
            raise UserError("no_memory", NO_MEMORY) from error
        if isinstance(error, OSError):
            raise checkpoint.cannot_write(error) from error
        raise
    finally:
        world.close()


def _run(options: Options, say: Say, control: Control, world: World, device: str) -> None:
    started = time.monotonic()
    config = read_config(options.config)
    weights = start.weights(config, options.start)
    data = datasets.load(options.data, config.data, config.input)
    locked = options.data / config.data["set"] if config.data["kind"] == "frozen" else None
    config = config.of(data)
    counts = {name: len(part) for name, part in data.parts.items()}
    if world.speaks:
        facts = {"duplicates": data.duplicates, "sha256": data.sha256, "device": device, "processes": world.size}
        say({"event": "data", "parts": counts, **facts})
        _make_room(options)
    world.wait()
    setting = Setting(
        options.out / CHECKPOINTS, device, options.resume, say, control, world, weights,
        _teaching(config, options, device), options.checkpoint_every,
    )  # fmt: skip
    net, chosen = train(config, data, setting)
    if world.speaks:
        if locked is not None:  # the card's figures are of its locked part: that is a look, counted before it is had
            frozen.add_look(frozen.read(locked), {"what": "card", "run": options.out.name})
        company = Company(options.start, options.teachers, _taught(setting.teaching), options.beside)
        figures = _write(options, net, config, data, chosen, company)
        say({"event": "done", **figures, "seconds": round(time.monotonic() - started, 1)})
    world.wait()  # one that leaves while others still work with it can abort


def _make_room(options: Options) -> None:
    work = options.out / CHECKPOINTS
    if work.exists() and not options.resume:
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)


def _teaching(config: Config, options: Options, device: str) -> Teaching | None:
    """Return what other models teach; imported only where there are some."""
    if not config.distil and not options.teachers:
        return None
    distil = importlib.import_module("medviewer.engine.train.distil")
    found: Teaching | None = distil.load(config, options.teachers, device)
    return found


def _taught(teaching: Teaching | None) -> str:
    return "" if teaching is None else str(getattr(teaching, "words", ""))


def _write(
    options: Options, net: Net, config: Config, data: DataSet, chosen: dict[str, Any], company: Company
) -> dict[str, Any]:
    """Judge the net and write its folder: for a run OUT/model, which is there whole or not at all; else OUT itself."""
    done = finish(net, config, data, str(next(net.parameters()).device))
    model = options.out / MODEL if options.control else options.out
    folder = model.with_name(MODEL + ".part") if options.control else model
    if options.control:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(model, ignore_errors=True)
    card = write_folder(folder, net, config, data, done, chosen, company)
    if options.control:
        folder.replace(model)
    shutil.rmtree(options.out / CHECKPOINTS)
    words: dict[str, Any] = {
        "model": card.name,
        "model_version": card.version,
        "threshold": done.threshold,
        "epoch": chosen["epoch"],
    }
    words |= {f"stress_{k}": done.stressed["report"][k] for k in ("auc", "accuracy")}
    return words | {k: done.report[k] for k in _FIGURES}
