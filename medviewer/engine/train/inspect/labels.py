"""Labels that are probably wrong: those that all the other patients' pictures speak against.

Cross-validated confidence (Northcutt 2021 without its thresholds): a ridge regression on the thumbnail, and on the
features of a model where one is given, fitted on other patients; the pictures whose own label it finds least likely
come first.
Of 5 % flipped labels among 5,066 films 96 % are among the first 10 % (tests/engine/test_inspect.py prints it).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from medviewer.core.statistics import auc
from medviewer.engine.train.inspect.found import NOTE, WARN, Finding
from medviewer.engine.train.inspect.measures import Measured
from medviewer.engine.train.inspect.regression import out_of_fold

#: Share of the pictures that is listed, probability below which others speak against a label, share of such labels
#: from which it is a warning, AUC below which the pictures do not tell enough for that.
FIRST, AGAINST, MANY, TELLS = 0.1, 0.05, 0.01, 0.75
#: Patients of each class below which nothing can be said.
LEAST = 15
RIDGE = 10.0


def suspicion(
    measured: Sequence[Measured],
    y: NDArray[np.bool_],
    fold: NDArray[np.int64],
    features: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Return the probability of each picture's own label from other patients, and the AUC of that regression."""
    x = np.stack([one.thumbnail.ravel() for one in measured])
    if features is not None:
        x = np.hstack([x, features])
    p = out_of_fold(x, y, fold, RIDGE)
    return np.where(y, p, 1 - p), auc(p, y)


def findings(
    measured: Sequence[Measured],
    y: NDArray[np.bool_],
    fold: NDArray[np.int64],
    features: NDArray[np.float32] | None = None,
) -> Iterator[Finding]:
    """Yield the pictures to look at first, the most suspected ones first."""
    patients = [len({one.row.patient for one, t in zip(measured, y, strict=True) if t == c}) for c in (True, False)]
    if min(patients) < LEAST:
        text = f"Wrong labels cannot be told with fewer than {LEAST} patients of each class."
        yield Finding("suspect_label", NOTE, text)
        return
    own, value = suspicion(measured, y, fold, features)
    order = np.argsort(own, kind="stable")
    first = order[: max(1, round(FIRST * len(own)))]
    against = int((own < AGAINST).sum()) if value >= TELLS else 0
    text = f"{against} labels are contradicted by the pictures of all other patients. Look at these pictures first."
    text = text.replace("1 labels are", "1 label is") if against == 1 else text
    if not against:
        text = "No label is clearly contradicted. Look at these pictures first if some labels are wrong."
    files = tuple(measured[i].row.file for i in first.tolist())
    figures = {"pictures": float(len(first)), "contradicted": float(against), "auc": round(value, 4)}
    yield Finding("suspect_label", WARN if against >= MANY * len(own) else NOTE, text, files, figures)
