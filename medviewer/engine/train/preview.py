"""`preview CONFIG.toml --data DIR`: shows what training changes make of a picture, as long as somebody asks.

Each line on stdin, `{"file", "seed", "augment": {…}}`, is answered with one line: 8 changed pictures as they enter the
net, `{"event": "preview", "shape": [8, rows, columns], "data": base64 of uint8}`, or `{"event": "failed", "sentence"}`.
End of stdin is the end.
"""

import argparse
import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medviewer.core import datasets as frozen
from medviewer.core.errors import UserError
from medviewer.engine.preprocess import prepare
from medviewer.engine.train.augment import EDGES, apply, variety
from medviewer.engine.train.config import Config, read_config
from medviewer.engine.train.voice import Say, do, failed

COUNT = 8


def main(argv: Sequence[str]) -> int:
    """Answer lines until stdin ends; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="medviewer --process training preview")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--start", type=Path, help="not needed: what enters a net does not depend on its weights")
    parser.add_argument("--attached", action="store_true", help="watched from outside: end when stdin is closed")
    return do(parser, argv, _answer)


def _answer(given: argparse.Namespace, say: Say) -> None:
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(5)
    config = read_config(given.config)
    serve(config, frozen.read(given.data / config.data["set"]), say)


def serve(config: Config, dataset: frozen.DataSet, say: Say) -> None:
    """Answer every line of stdin."""
    with dataset.pictures() as pictures:
        for line in sys.stdin.buffer:
            try:
                wish = json.loads(line)
                found = changed(
                    config, pictures[str(wish["file"])], dataset.facts.kind, wish["augment"], int(wish["seed"])
                )
            except UserError as error:
                say(failed(error))
            except (ValueError, KeyError, TypeError) as bad:
                say(failed(UserError("bad_config", f"These changes cannot be made: {str(bad)[:200]}.")))
            else:
                data = base64.b64encode(found.tobytes()).decode("ascii")
                say({"event": "preview", "shape": list(found.shape), "data": data})


def changed(
    config: Config, picture: NDArray[Any], kind: str, augment: Mapping[str, Any], seed: int
) -> NDArray[np.uint8]:
    """Return 8 changed forms of a picture, uint8 [8, row, column], drawn as a training with `seed` draws them.

    Raises:
        UserError: `bad_data`: the picture cannot be prepared; TypeError, ValueError: no such change.
    """
    prepared = prepare(config.input, picture, patch=kind == "patches")
    if prepared.reason is not None:
        raise UserError("bad_data", prepared.reason)
    draws = variety(augment)
    changes = [draws.draw(np.random.default_rng((seed, 0, position))) for position in range(COUNT)]
    scaling = config.input.scaling
    one = torch.from_numpy(prepared.tensor[:1] * scaling.std + scaling.mean)
    x = one[None].expand(COUNT, -1, -1, -1)
    x = apply(x, changes, config.schedule.crop or None, EDGES[kind], (seed, 0, 0))
    found: NDArray[np.uint8] = (x[:, 0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return found
