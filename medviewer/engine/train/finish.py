"""After the last epoch: calibration and threshold on the selecting part, then every figure of the card, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core import statistics
from medviewer.core.errors import UserError
from medviewer.engine.nets import Net
from medviewer.engine.train.augment import SHORTCUTS, STRESS, Change
from medviewer.engine.train.config import Config, Operating
from medviewer.engine.train.datasets import DataSet, Examples
from medviewer.engine.train.judge import judge, logits_of

Floats = NDArray[np.float64]

_AS_IT_IS = Change()
#: Content that is this many times its size: what another pixel size (or a wrong one) does to the score.
SCALES = (0.75, 0.85, 1.0, 1.15, 1.33)


@dataclass(frozen=True)
class Finished:
    """Calibration (a, b, share of positives), threshold on the shown score, and the figures.

    Attributes:
        report: statistics.summary of the reporting part, untouched.
        stress: change -> summary's auc, accuracy, mean_score on the reporting part.
        stressed: the stress validation: part ("report", "select") -> its figures over all changes (`stress_figures`).
        trivial: trivial score -> its AUC there (fitted on the fitting part where it needs fitting).
    """

    a: float
    b: float
    prevalence: float
    threshold: float
    threshold_how: str
    report: dict[str, Any]
    select: dict[str, Any]
    stress: dict[str, dict[str, float]] = field(default_factory=dict)
    stressed: dict[str, dict[str, Any]] = field(default_factory=dict)
    trivial: dict[str, float] = field(default_factory=dict)


def finish(net: Net, config: Config, data: DataSet, device: str) -> Finished:
    """Return all that the card says of a trained net; nothing is chosen on the reporting part.

    Raises:
        UserError: `not_learnt`: its scores do not rise with the finding.
    """
    chosen, kept = data.parts["select"], data.parts["report"]
    judged = judge(net, config, chosen, device)
    z, y = np.concatenate(list(judged.values())), np.tile(chosen.y, len(judged))
    a, b = statistics.fit_platt(z, y)
    if a <= 0:
        raise UserError("not_learnt", "The training did not learn to tell the classes apart; no model was written.")
    if config.operating.rule == "half":
        a, b, threshold, how = 1.0, 0.0, 0.5, "One half of the net's own sigmoid, as its recipe has it: not chosen."
    else:
        threshold, how = _threshold(config.operating, judged, chosen.y, (a, b))

    def scores(part: Examples, change: Change = _AS_IT_IS) -> Floats:
        return statistics.sigmoid(a * logits_of(net, part, config, device, change) + b)

    changes = dict(STRESS[config.data["kind"]])
    if config.data["kind"] == "films":
        changes |= SHORTCUTS
    else:
        changes |= {f"content x {s:g}": Change(scale=(s, s)) for s in SCALES}
    found = {name: scores(kept, c) for name, c in changes.items()}
    plain = found["as it is"]
    stressed = {
        "report": {name: found[name] for name in judged},
        "select": {name: statistics.sigmoid(a * v + b) for name, v in judged.items()},
    }
    prevalence = config.operating.prevalence
    return Finished(
        a,
        b,
        float(chosen.y.mean()),
        threshold,
        how,
        statistics.summary(plain, kept.y, threshold, kept.groups),
        statistics.summary(stressed["select"]["as it is"], chosen.y, threshold, chosen.groups),
        {name: _short(s, kept.y, threshold) for name, s in found.items()},
        {n: stress_figures(s, data.parts[n], threshold, prevalence) for n, s in stressed.items()},
        trivial_scores(data),
    )


def stress_figures(
    scores: Mapping[str, Floats], part: Examples, threshold: float, prevalence: float = 0.0
) -> dict[str, Any]:
    """Return the stress validation of a part: one figure over all its changed copies together.

    All copies share one threshold and one ranking, so that a score that moves with the exposure costs AUC, even where
    each copy by itself is ranked well. `prevalence` weighs the classes (0: as they are): accuracy at a share p of
    positives is p sensitivity + (1 - p) specificity. Pictures of one group stay together in the interval.
    """
    z, y = np.concatenate(list(scores.values())), np.tile(part.y, len(scores))
    c = statistics.confusion(z, y, threshold)
    share = prevalence or float(part.y.mean())

    def accuracy(one: statistics.Confusion) -> float:
        return share * one.sensitivity + (1 - share) * one.specificity

    each = {name: statistics.auc(s, part.y) for name, s in scores.items()}
    exact = {name: accuracy(statistics.confusion(s, part.y, threshold)) for name, s in scores.items()}
    interval = statistics.bootstrap_interval(statistics.auc, z, y, np.tile(part.groups, len(scores)), 500)
    return {
        "n": len(z),
        "changes": len(scores),
        "prevalence": share,
        "auc": statistics.auc(z, y),
        "auc_ci": list(interval),
        "auc_mean": float(np.mean(list(each.values()))),
        "accuracy": accuracy(c),
        "sensitivity": c.sensitivity,
        "specificity": c.specificity,
        "lowest_auc": min((v, k) for k, v in each.items()),
        "lowest_accuracy": min((v, k) for k, v in exact.items()),
    }


def _threshold(
    operating: Operating, judged: Mapping[str, Floats], y: NDArray[np.bool_], platt: tuple[float, float]
) -> tuple[float, str]:
    a, b = platt
    z, repeated = np.concatenate(list(judged.values())), np.tile(y, len(judged))
    n = f"{len(y)} pictures of the selecting part (no picture of the reporting part)"
    if operating.rule == "specificity":
        plain = statistics.sigmoid(a * judged["as it is"] + b)
        value = statistics.threshold_at_specificity(plain, y, operating.specificity)
        return value, f"Lowest score that leaves {operating.specificity:.1%} of the negatives of {n} below it."
    # equal class weights: the point between the classes, whatever their shares; a curve through all scores is steadier
    # than the best single cut (Youden) on a few hundred
    weights = np.where(repeated, 0.5 / repeated.mean(), 0.5 / (1 - repeated.mean()))
    a2, b2 = statistics.fit_platt(z, repeated, weights)
    value = float(statistics.sigmoid(a * (-b2 / a2) + b))
    return value, (
        f"Where a logistic curve with equal class weights crosses one half, over {len(judged)} changes (exposure, "
        f"contrast, crop, aspect, blur, noise) of {n}: sensitivity and specificity weigh the same."
    )


def _short(scores: Floats, y: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    c = statistics.confusion(scores, y, threshold)
    figures = {"auc": statistics.auc(scores, y), "accuracy": c.accuracy, "sensitivity": c.sensitivity}
    return figures | {"specificity": c.specificity, "mean_score": float(scores.mean())}


def trivial_scores(data: DataSet) -> dict[str, float]:
    """Return AUCs of scores that understand nothing; a model counts only above them (the sign is the better one)."""
    fit, kept = data.parts["fit"], data.parts["report"]
    found = {"mean grey": _either(kept.x.mean((1, 2), dtype=np.float64), kept.y)}
    if kept.weight.any():
        found["file size"] = _either(kept.weight.astype(np.float64), kept.y)
    found["12x12 thumbnail with logistic regression"] = statistics.auc(
        _logistic(_thumbnails(fit), fit.y, _thumbnails(kept)), kept.y
    )
    return found


def _either(scores: Floats, y: NDArray[np.bool_]) -> float:
    value = statistics.auc(scores, y)
    return max(value, 1 - value)


def _thumbnails(part: Examples) -> Floats:
    side = part.x.shape[1]
    edges = np.linspace(0, side, 13).astype(int)[:-1]
    x = part.x.astype(np.float32)
    sums = np.add.reduceat(np.add.reduceat(x, edges, 1), edges, 2)
    return np.asarray(sums.reshape(len(part), -1) / (side / 12) ** 2, np.float64)


def _logistic(x: Floats, y: NDArray[np.bool_], asked: Floats, ridge: float = 1.0) -> Floats:
    """Ridge logistic regression by Newton steps; returns the logits of `asked`."""
    mean, std = x.mean(0), x.std(0) + 1e-6
    x, asked = (np.c_[(v - mean) / std, np.ones(len(v))] for v in (x, asked))
    theta = np.zeros(x.shape[1])
    for _ in range(25):
        p = statistics.sigmoid(x @ theta)
        slope = x.T @ (p - y) + ridge * theta
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(theta)), slope)
        theta -= step
        if np.abs(step).max() < 1e-6:
            break
    result: Floats = asked @ theta
    return result
