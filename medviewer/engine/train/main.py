"""The training process: `medviewer --process training CONFIG.toml --data DIR --out DIR [--resume] [--device D]`.

Progress is one JSON line a step group on stdout; words go to stderr. A training that was ended at any moment goes on
with `--resume` and comes to the same weights (checkpoints lie in OUT/checkpoint until it is finished).
"""

import argparse
import json
import logging
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from medviewer import __version__
from medviewer.core.errors import UserError, exit_code
from medviewer.engine.train import datasets
from medviewer.engine.train.config import read_config
from medviewer.engine.train.finish import finish
from medviewer.engine.train.loop import Say, train
from medviewer.engine.train.report import write_folder

log = logging.getLogger(__name__)
INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Train a model and write its folder; returns the process's exit code (0 done, 3 input, 130 interrupted)."""
    parser = argparse.ArgumentParser(prog="medviewer train")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in OUT")
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "mps", "cpu"))
    try:
        options = parser.parse_args(list(argv))
    except SystemExit as end:
        return int(end.code or 0)
    try:
        run(options.config, options.data, options.out, options.device, options.resume, _say)
    except UserError as error:
        sys.stderr.write(error.sentence + "\n")
        _say({"event": "failed", "code": error.code, "sentence": error.sentence})
        return exit_code(error)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. The same command with --resume goes on.\n")
        return INTERRUPTED
    return 0


def run(config_path: Path, folder: Path, out: Path, device: str, resume: bool, say: Say) -> None:
    """Train, judge and write one model.

    Raises:
        UserError: `bad_config`, `bad_data`, `bad_checkpoint`.
    """
    started = time.monotonic()
    config = read_config(config_path)
    device = choose_device(device)
    data = datasets.load(folder, config.data, config.input)
    counts = {name: len(part) for name, part in data.parts.items()}
    say({"event": "data", "parts": counts, "duplicates": data.duplicates, "sha256": data.sha256, "device": device})
    work = out / "checkpoint"
    if work.exists() and not resume:
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    net, chosen = train(config, data, work, device, resume, say)
    done = finish(net, config, data, device)
    card = write_folder(out, net, config, data, done, chosen)
    shutil.rmtree(work)
    figures = {k: done.report[k] for k in ("auc", "auc_ci", "accuracy", "sensitivity", "specificity", "ece", "brier")}
    words: dict[str, Any] = {"model": card.name, "model_version": card.version, "threshold": done.threshold}
    say({"event": "done", **words, **figures, "seconds": round(time.monotonic() - started, 1)})


def choose_device(asked: str) -> str:
    """Return the device to train on: what was asked for, "auto" the best one there is."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if asked == "auto":
        return next(name for name, is_there in there.items() if is_there)
    if not there[asked]:
        raise UserError("no_device", f"This machine has no device “{asked}” that can be used; try --device cpu.")
    return asked


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"schema": "medviewer.training/1", "version": __version__, **line}) + "\n")
    sys.stdout.flush()
