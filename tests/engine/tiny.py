"""Tiny test models whose class a bright square alone decides, with weights set by hand: no training, any machine.

`film(folder)`: one logit for a picture stretched, padded or cropped to 64 x 64 ("resnet-small").
`slices(folder)`: a logit for every place of a slice resampled to one pixel size ("fcn-nodule").
Each convolution averages, so only pixels brighter than DARK move the logit, and more of them move it more.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn

from medviewer.engine import nets
from medviewer.inference import card as c
from medviewer.inference.folder import ModelFolder, load, sha256_of, write_sums

DARK = 0.5
torch.set_num_threads(1)  # threads of torch wait for each other while other tests run


def film(folder: Path, fit: str = "stretch", size: int = 64, **changes: Any) -> ModelFolder:
    """Write a model for pictures with modality values 0..1000."""
    architecture = c.Architecture("resnet-small", {"channels": 1, "widths": [4], "blocks": [1], "stem": 4})
    spec = c.Input(("CR", "DX"), c.Scaling("window", 0, 1000), fit=fit, size=(size, size), min_size=(32, 32))
    rules = (c.EligibilityRule("modality", ("CR", "DX")), c.EligibilityRule("min_size", rows=32, columns=32))
    return _write(folder, architecture, spec, rules, "classification", head=(150.0, -1.0), **changes)


def slices(folder: Path, pixel_mm: float = 1.0, **changes: Any) -> ModelFolder:
    """Write a model for slices with HU -1000..400, every place counts (no lung mask)."""
    architecture = c.Architecture("fcn-nodule", {"channels": 1, "widths": [2, 2, 2]})
    scaling = c.Scaling("window", -1000, 400)
    spec = c.Input(("CT",), scaling, unit="HU", pixel_mm=pixel_mm, fit="resample", min_size=(64, 64))
    rules = (c.EligibilityRule("modality", ("CT",)), c.EligibilityRule("min_size", rows=64, columns=64))
    return _write(folder, architecture, spec, rules, "detection-map", head=(20.0, -1.0), **changes)


def _write(
    folder: Path,
    architecture: c.Architecture,
    spec: c.Input,
    rules: tuple[c.EligibilityRule, ...],
    task: str,
    head: tuple[float, float],
    **changes: Any,
) -> ModelFolder:
    folder.mkdir(parents=True)
    net = by_hand(nets.build(architecture.name, architecture.params), *head)
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, folder / "weights.safetensors")
    card = c.Card(
        name=folder.name,
        version="1.0.0",
        title="Bright square",
        task=task,
        labels=(c.Label("square"),),
        target="square",
        architecture=architecture,
        input=spec,
        eligibility=rules,
        output=c.Output("score", net.grid(net.last).cell if net.dense else None),
        threshold=c.Threshold(0.5, "by hand"),
        explain=c.Explain(net.last, net.grid(net.last).cell),
        intended_use="Tests.",
        limits=("Knows nothing of medicine.",),
        training=c.Training(("none",)),
        licence="Apache-2.0",
        sha256s={"weights.safetensors": sha256_of(folder / "weights.safetensors")},
    )
    (folder / "card.json").write_text(c.card_json(dataclasses.replace(card, **changes)), "utf-8")
    write_sums(folder)
    return load(folder)


def by_hand(net: nets.Net, weight: float, bias: float) -> nets.Net:
    """Set every convolution to an average, every normalisation to nothing, the first one to "brighter than DARK"."""
    first = True
    for module in net.features.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.constant_(module.bias, -DARK if first else 0.0)
            first = False
    head = net.head
    assert isinstance(head, nn.Linear | nn.Conv2d)
    nn.init.constant_(head.weight, weight / head.weight.numel())
    assert head.bias is not None
    nn.init.constant_(head.bias, bias)
    return net


def picture(
    rows: int,
    columns: int,
    square: tuple[int, int, int, int] | None = None,
    low: float = 100,
    high: float = 900,
    seed: int = 0,
) -> NDArray[np.int16]:
    """Return noise about `low` with a bright square at (first row, first column, rows, columns)."""
    values = np.random.default_rng(seed).normal(low, 20, (rows, columns))
    if square:
        r, k, h, w = square
        values[r : r + h, k : k + w] = high
    return values.astype(np.int16)


def inside_over_outside(values: NDArray[np.float32], square: tuple[int, int, int, int]) -> float:
    """Return the mean of |map| inside the square over that outside (NaN left out)."""
    r, k, h, w = square
    inside = np.zeros(values.shape, bool)
    inside[r : r + h, k : k + w] = True
    strength = np.abs(values)
    return float(np.nanmean(strength[inside]) / max(float(np.nanmean(strength[~inside])), 1e-12))
