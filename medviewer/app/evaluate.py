"""A model on labelled images without DICOM: scores, and how good they are (`medviewer.evaluation/1`)."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from medviewer.app import documents
from medviewer.app.labelled import Labelled, Row, load
from medviewer.app.models import check, find_model
from medviewer.app.session import Session
from medviewer.core import statistics
from medviewer.core.errors import UserError
from medviewer.core.findings import SliceScore
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder

#: Columns of labels.csv by which figures are also given, each value with at least this many images of both kinds.
BY, LEAST = ("split", "cause", "sex", "view", "modality"), 5
MOST_VALUES = 12


def evaluate(
    session: Session, model_name: str, images: Path, labels: Path, scores_out: Path | None = None, batch: int = 32
) -> dict[str, Any]:
    """Score every image of `labels` and return the document; `scores_out` gets file,label,score,positive.

    Raises:
        UserError: the model, the images or the labels cannot be used.
    """
    model = find_model(session.home, model_name)
    check(model)
    labelled = load(session, images, labels, model)
    found = _score(session, model, labelled, batch)
    if scores_out is not None:
        _write_scores(scores_out, labelled.rows, found, model.card.target)
    return _document(model, labelled.rows, found)


def _score(session: Session, model: ModelFolder, labelled: Labelled, batch: int) -> list[SliceScore]:
    """Return one answer for each row, in order."""
    answers: dict[int, SliceScore] = {}
    job = Job(f"Scoring {len(labelled.rows)} images with {model.card.title}", "read")
    job.total = len(labelled.rows)
    session.jobs.add(job)

    def take(scores: tuple[SliceScore, ...]) -> None:
        answers.update({score.index: score for score in scores})

    session.engine.predict(model, labelled.pictures, job, take, batch=batch, patch=labelled.patches)
    job.value()
    missing = SliceScore(0, evaluated=False, reason="This image could not be read.")
    return [answers.get(i, missing) for i in range(len(labelled.rows))]


def _write_scores(path: Path, rows: Sequence[Row], scores: Sequence[SliceScore], target: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "label", "score", "positive"))
        for row, score in zip(rows, scores, strict=True):
            value = f"{score.scores[target]:.9g}" if score.evaluated else ""
            writer.writerow((row.file, row.label, value, int(score.positive)))


def _document(model: ModelFolder, rows: Sequence[Row], scores: Sequence[SliceScore]) -> dict[str, Any]:
    target = model.card.target
    used = [(row, score) for row, score in zip(rows, scores, strict=True) if score.evaluated]
    if not used:
        raise UserError("not_evaluated", "The model could evaluate none of these images.", scores[0].reason)
    left = Counter(score.reason for score in scores if not score.evaluated)
    kept = [row for row, _ in used]
    values = np.array([score.scores[target] for _, score in used])
    truth = np.array([row.positive for row in kept])
    return documents.document(
        "evaluation",
        model={"name": model.name, "version": model.card.version, "sha256": model.sha256},
        target=target,
        score_kind=model.card.output.score_kind,
        **_figures(values, truth, _groups(kept), model.card.threshold.value),
        not_evaluated=[{"count": n, "reason": reason} for reason, n in left.most_common()],
        by=_by(kept, values, truth, model.card.threshold.value),
    )


def _groups(rows: Sequence[Row]) -> list[str] | None:
    """Return each image's patient where several images share one; None where every image stands for itself."""
    patients = [row.more.get("patient", "") or row.file for row in rows]
    return patients if len(set(patients)) < len(patients) else None


def _figures(
    values: np.ndarray[Any, Any], truth: np.ndarray[Any, Any], groups: list[str] | None, threshold: float
) -> dict[str, Any]:
    """Return the figures of one group of images; null where a class is missing."""
    interval: Callable[[], tuple[float, float]]
    if groups is None:
        interval, how = lambda: statistics.delong_interval(values, truth), "DeLong"
    else:
        interval = lambda: statistics.bootstrap_interval(statistics.auc, values, truth, groups, draws=1000)  # noqa: E731
        how = "bootstrap by patient"
    counts = statistics.confusion(values, truth, threshold)
    area = statistics.auc(values, truth)
    return {
        "n": int(values.size),
        "positives": int(truth.sum()),
        "auc": area,
        "auc_ci": list(interval()) if math.isfinite(area) else None,
        "auc_ci_method": how,
        "accuracy": counts.accuracy,
        "sensitivity": counts.sensitivity,
        "specificity": counts.specificity,
        "threshold": threshold,
        "ece": statistics.ece(values, truth),
        "brier": statistics.brier(values, truth),
        "confusion": {
            "true_positive": counts.true_positive,
            "false_positive": counts.false_positive,
            "true_negative": counts.true_negative,
            "false_negative": counts.false_negative,
        },
    }


def _by(
    rows: Sequence[Row], values: np.ndarray[Any, Any], truth: np.ndarray[Any, Any], threshold: float
) -> dict[str, Any]:
    """Return short figures by the values of known columns (one cause against all images without the finding)."""
    result: dict[str, Any] = {}
    for column in BY:
        groups = [row.more.get(column, "") for row in rows]
        found = sorted(set(groups) - {""})
        if not 1 < len(found) <= MOST_VALUES:
            continue
        for group in found:
            inside = np.array([g == group for g in groups])
            if truth[inside].all():  # a kind of positive: compared with all negatives
                inside |= ~truth
            part = truth[inside]
            if min(part.sum(), (~part).sum()) < LEAST:
                continue
            counts = statistics.confusion(values[inside], part, threshold)
            result.setdefault(column, {})[group] = {
                "n": int(inside.sum()),
                "auc": statistics.auc(values[inside], part),
                "sensitivity": counts.sensitivity,
                "specificity": counts.specificity,
            }
    return result
