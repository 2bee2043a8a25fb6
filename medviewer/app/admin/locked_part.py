"""The locked part of a data set: its images as the models read them, and who was trained on which of them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from medviewer.app.admin.comparing import Cases
from medviewer.app.admin.gates import Seen
from medviewer.app.admin.records import Flip
from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Row
from medviewer.core.errors import UserError
from medviewer.core.findings import SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

Picture = tuple[int, Frame, tuple[float, float] | None]
BATCH = 32


def read(folder: Path, id_: str) -> DataSet:
    """Return a data set by its id.

    Raises:
        UserError: `no_dataset`, `bad_dataset`.
    """
    if not id_ or Path(id_).name != id_ or not (folder / id_ / datasets.FACTS).is_file():
        raise UserError("no_dataset", "There is no such data set.")
    return datasets.read(folder / id_)


def score(
    session: "Session", model: ModelFolder, dataset: DataSet, rows: Sequence[Row], job: Job, done: int, of: int
) -> list[SliceScore]:
    """Let a model read `rows` by the very way on which the viewer lets it read; `job` steps from `done` of `of`.

    It goes on while the model process has nothing else to do: a reader never waits for a comparison.
    """
    answers: dict[int, SliceScore] = {}
    inner = Job(f"Reading with {model.card.title}", "read")
    job.on_cancel(inner.cancel)

    def pictures() -> Iterator[Picture]:
        with dataset.pictures() as opened:
            for number, row in enumerate(rows):
                yield number, Frame(opened[row.file]), None

    def take(scores: tuple[SliceScore, ...]) -> None:
        answers.update({score.index: score for score in scores})
        job.step(done + len(answers), of, f"Version {model.card.version}")

    patches = dataset.facts.kind == "patches"
    session.engine.predict(model, pictures, inner, take, batch=BATCH, patch=patches, background=True)
    inner.value()
    missing = SliceScore(0, evaluated=False, reason="This image could not be read.")
    return [answers.get(i, missing) for i in range(len(rows))]


class Lineage:
    """What models were trained on, as far as the data sets and runs of this home tell."""

    def __init__(self, session: "Session", candidates: Iterable[ModelFolder]) -> None:
        self._session = session
        every = (*session.live_models.now.every, *candidates)
        self._by_sha = {model.sha256: model for model in every}

    def seen(self, model: ModelFolder, dataset: DataSet) -> Seen:
        """Say how many images of the locked part the model, or one that it was made from, was trained on.

        Images are compared by their pixels, whatever they are called in another data set.
        """
        locked: frozenset[bytes] | None = None
        found = Seen(known=False)
        for ancestor in self._line(model):
            trained_on = self._data_of(ancestor)
            if trained_on is None:
                continue
            found = Seen(known=True, images=found.images) if ancestor is model or found.known else found
            if trained_on.facts.sha256 == dataset.facts.sha256:
                continue  # the engine keeps the reporting part out; equal pixels on both sides are the check's matter
            locked = locked if locked is not None else frozenset(_pixels(dataset, dataset.part("report")))
            rows = (*trained_on.part("fit"), *trained_on.part("select"))
            again = len(locked & set(_pixels(trained_on, rows)))
            found = Seen(known=found.known, images=max(found.images, again))
        return found

    def _line(self, model: ModelFolder) -> Iterator[ModelFolder]:
        """Yield the model, the one it was made from, and so on."""
        seen: set[str] = set()
        here: ModelFolder | None = model
        while here is not None and here.sha256 not in seen:
            seen.add(here.sha256)
            yield here
            here = self._by_sha.get(here.card.training.parent_sha256)

    def _data_of(self, model: ModelFolder) -> DataSet | None:
        sha = model.card.training.data_sha256
        every = self._session.admin.datasets.all(wait=True)
        return next((d for d in every if d.facts.frozen and d.facts.sha256 == sha), None)


def _pixels(dataset: DataSet, rows: Sequence[Row]) -> Iterator[bytes]:
    with dataset.pictures() as opened:
        for row in rows:
            picture = opened[row.file]
            yield hashlib.sha256(repr((picture.shape, picture.dtype.str)).encode() + picture.tobytes()).digest()


def cases(
    rows: Sequence[Row], answers: Sequence[Sequence[SliceScore]], champion: ModelFolder, challenger: ModelFolder
) -> tuple[Cases, tuple[Row, ...]]:
    """Return the cases that both models could evaluate, and their rows."""
    target = [model.card.target for model in (champion, challenger)]
    kept = [
        (row, a.scores[target[0]], b.scores[target[1]])
        for row, a, b in zip(rows, *answers, strict=True)
        if a.evaluated and b.evaluated
    ]
    if not kept:
        reason = next((a.reason for a in (*answers[0], *answers[1]) if not a.evaluated), "")
        raise UserError("not_evaluated", "The models could evaluate none of the locked images.", reason)
    cases = Cases(
        np.array([row.positive for row, _, _ in kept], bool),
        tuple(row.patient for row, _, _ in kept),
        np.array([a for _, a, _ in kept], np.float64),
        np.array([b for _, _, b in kept], np.float64),
        champion.card.threshold.value,
        challenger.card.threshold.value,
    )
    return cases, tuple(row for row, _, _ in kept)


def flips(c: Cases, kept: Sequence[Row]) -> tuple[Flip, ...]:
    """Return the cases on which the models differ, those that lie furthest apart first."""
    differ = (c.champion >= c.champion_point) != (c.challenger >= c.challenger_point)
    gap = np.abs(c.champion - c.challenger)
    order = sorted(np.flatnonzero(differ).tolist(), key=lambda i: float(-gap[i]))
    return tuple(
        Flip(kept[i].file, kept[i].positive, float(c.champion[i]), float(c.challenger[i]), _study(kept[i]))
        for i in order
    )


def _study(row: Row) -> int | None:
    study = row.more.get("study", "")
    return int(study) if study.isdecimal() else None
