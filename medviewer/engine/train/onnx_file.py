"""`onnx MODELDIR --out FILE`: a model as an ONNX file for other programs, which names what it is and is not.

The file answers the model's logits for pictures that were prepared as its card says; before it is handed over it must
answer as the model does. Its metadata are name, version, licence, the notice, and the whole card.
"""

import argparse
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from medviewer import __version__
from medviewer.core.errors import UserError, exit_code
from medviewer.engine import light, models
from medviewer.engine.light import LightCopy
from medviewer.engine.models import LoadedModel
from medviewer.engine.train.lighten import quiet
from medviewer.engine.train.voice import voice
from medviewer.inference.card import Card, card_json, read_card

SCHEMA = "medviewer.onnx/1"
NOTICE = "Not for diagnostic use."
#: Most a logit may differ from the model's: float32 sums in another order move it by some 1e-5.
MOST = 1e-3
#: Pictures at once, and sides of pictures for a net that scores every place, on which that is tried.
_COUNTS, _SIDES = (1, 3), ((64, 64), (96, 72))
NOT_EQUAL = "The ONNX file would not answer as the model does (a logit differs by {worst:.1e}), so none was written."


def main(argv: Sequence[str]) -> int:
    """Write and test one file; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="medviewer --process training onnx")
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--attached", action="store_true", help="end with the program that started it")
    try:
        options = parser.parse_args(list(argv))
    except SystemExit as end:
        return int(end.code or 0)
    with voice() as say:
        try:
            say({"event": "done", **write(options.model, options.out)})
        except UserError as error:
            say({"event": "failed", "code": error.code, "sentence": error.sentence})
            return exit_code(error)
        except OSError as error:
            full = error.errno == 28  # ENOSPC
            say({"event": "failed", "code": "no_space" if full else "not_permitted", "sentence": light.NOT_WRITTEN})
            logging.getLogger(__name__).warning("%s", error)
            return 4
    return 0


def write(folder: Path, to: Path) -> dict[str, Any]:
    """Write the model of `folder` as ONNX to `to` and return what is known of the file; nothing is left of a bad one.

    Raises:
        UserError: `no_onnxruntime`, `bad_model`, `hash_mismatch`, `not_equal`.
        OSError.
    """
    card = read_card(folder / "card.json")
    model = models.load(folder, card.weights_sha256, "cpu")
    sides = _SIDES if card.input.size is None else (card.input.size,)
    try:
        with quiet():
            light.write_onnx(model.net, sides[0], card.input.channels, to, metadata(card))
        data = to.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        worst = max(_differences(model, LightCopy(to, sha256, "onnx"), sides))
        if not worst <= MOST:
            raise UserError("not_equal", NOT_EQUAL.format(worst=worst))
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    return {"sha256": sha256, "bytes": len(data), "worst": worst}


def metadata(card: Card) -> dict[str, str]:
    """Return what the file says of itself, words only as ONNX wants it; `card` is the whole card as JSON."""
    return {
        "schema": SCHEMA,
        "program": f"medviewer {__version__}",
        "name": card.name,
        "version": card.version,
        "title": card.title,
        "notice": NOTICE,
        "licence": card.licence,
        "credits": "\n".join(card.credits),
        "intended_use": card.intended_use,
        "target": card.target,
        "labels": json.dumps(card.names),
        "threshold": repr(card.threshold.value),
        "weights_sha256": card.weights_sha256,
        "card": card_json(card),
    }


def _differences(model: LoadedModel, copy: LightCopy, sides: Sequence[tuple[int, int]]) -> Iterator[float]:
    """Yield how far the file's logits are from the net's, for pictures of several kinds, counts and sizes."""
    for x in _pictures(model.card.input.channels, sides):
        with torch.no_grad():
            wanted = model.net(x.to(memory_format=torch.channels_last))
        answer = copy.logits(x)
        same = answer.shape == wanted.shape and bool(torch.isfinite(answer).all())
        yield float((answer - wanted).abs().max()) if same else float("inf")


def _pictures(channels: int, sides: Sequence[tuple[int, int]]) -> Iterator[Tensor]:
    """Yield input [n, c, h, w] as the net may get: noise, soft structures, and one grey all over."""
    rng = np.random.default_rng(0)
    for rows, columns in sides:
        for count in _COUNTS:
            noise = rng.normal(0, 1, (count, channels, rows, columns))
            yield torch.from_numpy(noise.astype(np.float32))
            coarse = torch.from_numpy(rng.normal(0, 1, (count, channels, 8, 8)).astype(np.float32))
            yield torch.nn.functional.interpolate(coarse, (rows, columns), mode="bilinear")
            yield torch.full((count, channels, rows, columns), 0.5)
