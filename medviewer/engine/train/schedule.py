"""The learning rate over a training."""

import math

from medviewer.engine.train.config import Schedule


def rate_at(share: float, schedule: Schedule) -> float:
    """Return the factor of the rate after `share` (0..1) of all steps.

    "cosine": linear warm-up, then down to zero; "constant": 1, after the same warm-up.
    """
    warmup = schedule.warmup
    if share < warmup:
        return (share + 1e-3) / warmup
    if schedule.schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * (share - warmup) / (1 - warmup)))
