"""What a model said about images, and why: plain values that the panel, the command line and files share."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Finding:
    """A place that a model points at. `at` is (column, row) in source pixels, centres at whole numbers."""

    kind: str  # "point" in this version
    at: tuple[float, float]
    score: float
    lps: tuple[float, float, float] | None = None  # mm, where the slice has geometry


@dataclass(frozen=True)
class SliceScore:
    """A model's answer for one image.

    Attributes:
        scores: class name to number in 0..1.
        positive: the card's target class is at or above the operating point.
        evaluated: False with `reason` where the model must not answer (too small, no lung in the slice ...).
    """

    index: int
    scores: dict[str, float] = field(default_factory=dict)
    positive: bool = False
    findings: tuple[Finding, ...] = ()
    evaluated: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Explanation:
    """An attribution map on the source pixels of one image.

    Attributes:
        values: float32 [row, column], the shape of the source slice; NaN where the model did not see.
        signed: negative values speak against the class.
        complete: False while a method is still refining it; `fraction` says how far it is.
        parameters: method's settings as run: layer, steps, window, baseline, seed ...
        trust: checks that were made: completeness gap, cell size in source pixels, randomisation correlation ...
        sentence: one honest line for the reader.
    """

    index: int
    target: str
    method: str
    values: NDArray[np.float32]
    signed: bool = False
    complete: bool = True
    fraction: float = 1.0
    parameters: dict[str, Any] = field(default_factory=dict)
    trust: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
