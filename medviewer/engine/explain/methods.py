"""The explanation methods: one function each, and the table METHODS that everything else reads.

A method yields steps while it refines: a map on the question's part of the net's input (channels summed), with what
was really done. Captum does the attribution; what stands here cuts it into chunks, so that a cancel and the memory
hold. Chunks are whole calls: a hook is never left behind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from medviewer.engine.device import full_precision
from medviewer.engine.explain.project import from_grid
from medviewer.engine.explain.question import Question, Values

#: Share of the change in logit that a map of Integrated Gradients may miss before more steps are made.
GAP_ALLOWED = 0.05
MOST_STEPS, MOST_WINDOWS = 200, 1500


@dataclass(frozen=True)
class Step:
    """A map as far as it is: float32 [h, w] of the question's part, and how far that is (1 at the end)."""

    values: Values
    fraction: float = 1.0
    parameters: dict[str, Any] = field(default_factory=dict)
    trust: dict[str, Any] = field(default_factory=dict)


def grad_cam(question: Question, parameters: dict[str, Any]) -> Iterator[Step]:
    """Grad-CAM (Selvaraju 2017) with the paper's ReLU; the layer's grid is placed by its cells, not by a resize."""
    from captum.attr import LayerGradCam

    question.stop()
    with full_precision():
        grid = LayerGradCam(question.net, question.module).attribute(question.x, relu_attributions=True)
    cells = grid[0, 0].detach().float().cpu().numpy()
    stride, offset = float(question.grid.stride), question.grid.offset
    if question.cut:  # the cells around the part are known: they do not move the number
        cells, offset = np.pad(cells, 1), offset - stride
    values = from_grid(cells, (question.x.shape[2], question.x.shape[3]), (stride, stride), (offset, offset))
    yield Step(values, parameters={"layer": question.layer})


def integrated_gradients(question: Question, parameters: dict[str, Any]) -> Iterator[Step]:
    """Integrated Gradients (Sundararajan 2017), Gauss-Legendre nodes, in chunks; doubled while the gap is too large.

    Every chunk takes nodes from the whole path, so that an unfinished map is already an estimate of the whole.
    """
    from captum.attr import IntegratedGradients
    from captum.attr._utils.approximation_methods import approximation_parameters

    attribution = IntegratedGradients(question.net)
    weights_of, alphas_of = approximation_parameters("gausslegendre")
    change = question.value(question.x) - question.value(question.baseline)
    steps, done = int(parameters["steps"]), 0
    while True:
        nodes = list(zip(weights_of(steps), alphas_of(steps), strict=True))
        pieces = -(-steps // question.chunk)
        total, weight = torch.zeros_like(question.x), 0.0
        for number in range(pieces):
            question.stop()
            piece = nodes[number::pieces]
            weights, alphas = [w for w, _ in piece], [a for _, a in piece]
            with full_precision():
                total += attribution._attribute(
                    (question.x,),
                    (question.baseline,),
                    n_steps=len(piece),
                    step_sizes_and_alphas=(weights, alphas),
                )[0].detach()
            weight, done = weight + sum(weights), done + len(piece)
            question.progress(min(done, steps), steps)
            if steps == int(parameters["steps"]) and number + 1 < pieces:  # later rounds only correct a whole map
                yield Step(_flat(total) / np.float32(weight), weight, {"steps": steps}, {})
        gap = abs(float(total.double().sum()) - change) / abs(change) if abs(change) > 1e-6 else None
        finished = gap is None or gap <= GAP_ALLOWED or steps >= MOST_STEPS
        trust = {"completeness_gap": gap, "logit_change": change}
        yield Step(_flat(total), 1.0 if finished else 0.5, {"steps": steps, "rule": "gausslegendre"}, trust)
        if finished:
            return
        steps = min(2 * steps, MOST_STEPS)


def occlusion(question: Question, parameters: dict[str, Any]) -> Iterator[Step]:
    """Occlusion (Zeiler 2014): how far the logit falls when a window is replaced by the baseline.

    First with windows side by side (a coarse map early), then with windows that overlap by half.
    """
    from captum.attr import Occlusion

    size = question.x.shape[2], question.x.shape[3]
    window = [max(2, -(-n // int(parameters["parts"]))) for n in size]
    passes = [list(window)]
    if parameters["overlap"]:
        half = [max(1, w // 2) for w in window]
        while _windows(size, window, half) > MOST_WINDOWS:
            half = [h + 1 for h in half]
        passes.append(half)
    total = sum(_windows(size, window, stride) for stride in passes)
    done = 0

    def forward(x: Tensor) -> Tensor:
        nonlocal done
        question.stop()  # no hooks here: an exception leaves nothing behind
        question.progress(min(done, total), total)
        done += len(x)
        with full_precision():
            answer: Tensor = question.net(x)
        return answer

    for stride in passes:
        values = Occlusion(forward).attribute(
            question.x,
            sliding_window_shapes=(question.x.shape[1], *window),
            strides=(question.x.shape[1], *stride),
            baselines=question.baseline,
            perturbations_per_eval=question.chunk,
        )
        last = stride is passes[-1]
        made = {"window": window, "stride": stride}
        yield Step(_flat(values), 1.0 if last else _windows(size, window, stride) / total, made)


def _windows(size: tuple[int, int], window: list[int], stride: list[int]) -> int:
    counts = [-(-max(0, n - w) // s) + 1 for n, w, s in zip(size, window, stride, strict=True)]
    return counts[0] * counts[1]


def _flat(values: Tensor) -> Values:
    """Sum over the channels, as numpy."""
    result: Values = values[0].detach().float().sum(0).cpu().numpy()
    return result


@dataclass(frozen=True)
class Method:
    """A row of the table.

    Attributes:
        title: as the reader sees it.
        defaults: its parameters; `limits`: smallest and largest value of each that is a number.
        cost: "instant", "seconds" or "long" (on a processor).
        stochastic: a second run may differ.
        signed: negative values speak against the class.
        additive: the values add up to a change of the logit, and are kept so by the back-projection.
        needs: what the model must offer.
        check: parameters of the cheaper run that the weight-randomisation check makes.
        sentence: what it shows, honestly, in one line.
    """

    title: str
    run: Callable[[Question, dict[str, Any]], Iterator[Step]]
    sentence: str
    cost: str
    signed: bool
    additive: bool
    defaults: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    check: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ("layer",)
    stochastic: bool = False


METHODS: dict[str, Method] = {
    "LayerGradCam": Method(
        "Grad-CAM",
        grad_cam,
        "Shows what moved the score, not where disease is.",
        cost="instant",
        signed=False,
        additive=False,
        defaults={"layer": ""},  # "": the card's
    ),
    "IntegratedGradients": Method(
        "Integrated gradients",
        integrated_gradients,
        "Shows which pixels moved the score away from the baseline, not where disease is.",
        cost="seconds",
        signed=True,
        additive=True,
        defaults={"steps": 32},
        limits={"steps": (2, MOST_STEPS)},
        check={"steps": 16},
        needs=("gradients", "baseline"),
    ),
    "Occlusion": Method(
        "Occlusion",
        occlusion,
        "Shows how far the score falls when a window is covered, not where disease is.",
        cost="long",
        signed=True,
        additive=False,
        defaults={"parts": 8, "overlap": True},
        limits={"parts": (2, 32)},
        check={"overlap": False},
        needs=("baseline",),
    ),
}
