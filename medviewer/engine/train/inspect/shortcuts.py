"""Ways to tell the label without looking at the patient: each with its AUC on patients that it has not seen."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from medviewer.core.statistics import auc, delong_interval
from medviewer.engine.train.inspect.found import NOTE, WARN, Finding, listed
from medviewer.engine.train.inspect.measures import REGIONS, Measured
from medviewer.engine.train.inspect.regression import out_of_fold

Floats = NDArray[np.float64]

#: Lower end of the interval of the AUC from which a shortcut is said aloud, AUC from which it is listed; pictures that
#: are shown of each.
ALOUD, LISTED, SHOWN = 0.9, 0.6, 24
THUMBNAIL = "thumbnail of 12 x 12"
#: Columns of words that may tell the label, and how many different words are told apart.
COLUMNS, MOST_WORDS = ("scanner", "view", "sex"), 20
#: Strength of the ridge for thumbnails, regions and words.
RIDGE = 10.0
_TEXT = "The {} alone tells the label (AUC {:.2f}): a model may learn that instead of the finding."
_MARKER = "The {} alone tells the label (AUC {:.2f}): a marker there may decide it."


def scores(measured: Sequence[Measured], y: NDArray[np.bool_], fold: NDArray[np.int64]) -> Iterator[tuple[str, Floats]]:
    """Yield the name of each trivial score and the score of each picture."""
    for name in sorted({name for one in measured for name in one.scores}):
        known = [one.scores[name] for one in measured if name in one.scores]
        middle = float(np.median(known))
        yield name, np.array([one.scores.get(name, middle) for one in measured])
    ages = [one.row.more.get("age", "") for one in measured]
    if known := [float(a) for a in ages if _is_number(a)]:
        yield "age", np.array([float(a) if _is_number(a) else float(np.median(known)) for a in ages])
    for column in COLUMNS:
        words = [one.row.more.get(column, "") for one in measured]
        if len(set(words)) > 1:
            yield column, out_of_fold(_one_hot(words), y, fold, RIDGE)
    yield THUMBNAIL, out_of_fold(np.stack([one.thumbnail.ravel() for one in measured]), y, fold, RIDGE)
    for name in REGIONS:
        yield name, out_of_fold(np.stack([one.regions[name].ravel() for one in measured]), y, fold, RIDGE)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and len(text) < 9


def _one_hot(words: Sequence[str]) -> Floats:
    common = [word for word, _ in Counter(words).most_common(MOST_WORDS)]
    return np.array([[word == other for other in common] for word in words], np.float64)


def findings(measured: Sequence[Measured], y: NDArray[np.bool_], fold: NDArray[np.int64]) -> Iterator[Finding]:
    """Yield a warning for each strong shortcut, and one note with the AUC of every one that was tried."""
    figures: dict[str, float] = {}
    for name, score in scores(measured, y, fold):
        towards = score if auc(score, y) >= 0.5 else -score  # either way it tells the label
        value = auc(towards, y)
        figures[name] = round(value, 4)
        if delong_interval(towards, y)[0] >= ALOUD:
            order = np.argsort(-towards, kind="stable")
            shown = [*order[: SHOWN // 2].tolist(), *order[::-1][: SHOWN // 2].tolist()]
            text = (_MARKER if name in REGIONS else _TEXT).format(name, value)
            yield Finding("shortcut", WARN, text, listed(measured[i].row.file for i in shown), {name: figures[name]})
    strong = sorted((name for name, value in figures.items() if value >= LISTED), key=lambda n: -figures[n])
    words = ", ".join(f"{name} {figures[name]:.2f}" for name in strong) or "nothing above chance"
    text = f"AUC of what is trivial, on patients not seen: {words}. A model is worth something only above that."
    yield Finding("shortcuts", NOTE, text, (), figures)
