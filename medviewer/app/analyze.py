"""A model over one series without a window: scores, maps and the document `medviewer.analysis/1`."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from medviewer.app import documents, png
from medviewer.app.analysis import Analysis
from medviewer.app.heat import heat_picture
from medviewer.app.models import check, find_model
from medviewer.app.open_studies import first_to_show
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.study import Stack
from medviewer.inference.eligibility import NO, UNKNOWN, YES
from medviewer.inference.folder import ModelFolder

DOCUMENT = "analysis.json"


@dataclass(frozen=True)
class Question:
    """What to analyse.

    Attributes:
        model: a known model's name, or a model folder.
        slices: "all", "I" or "I-J": indices from 0, both ends read.
        target: class that is explained; "": the model's own.
        methods: explanations of the highest slice, in this order.
        confirmed: the answer to "cannot tell whether the model fits"; it never overrules a "no".
        batch: slices read together; 0: as the setting says.
    """

    model: str
    slices: str = "all"
    target: str = ""
    methods: tuple[str, ...] = ()
    confirmed: bool = False
    batch: int = 0


def analyze(
    session: Session,
    paths: Sequence[Path],
    question: Question,
    out: Path,
    tell: Callable[[str], object] = lambda _: None,
) -> dict[str, Any]:
    """Read, explain, write `out`/analysis.json and `out`/maps/, and return the document.

    Raises:
        UserError: `not_eligible` (exit 4), `hash_mismatch` (4), or the input or the question cannot be used.
    """
    began = time.monotonic()
    model = find_model(session.home, question.model)
    check(model)
    if question.target and question.target not in model.card.names:
        raise UserError("usage", f"The classes of {model.name} are {documents.names(model.card.names)}.")
    session.opened.open(paths, show=False).value()
    stack, others = choose_stack(session, model)
    if others:
        tell(f"{others} other series fit {model.name} too; name their files to have them read.")
    indices = parse_slices(question.slices, len(stack))
    opened = time.monotonic()
    session.analyses.read(stack, model, indices, question.confirmed, question.batch).value()
    read = time.monotonic()
    analysis = session.analyses.analysis(stack, model)
    assert analysis is not None
    out.mkdir(parents=True, exist_ok=True)
    maps = [_explain(session, analysis, question, method, out) for method in _methods(analysis, question, tell)]
    seconds = {"open": opened - began, "read": read - opened, "explain": time.monotonic() - read}
    result = _document(analysis, maps, {k: round(v, 3) for k, v in seconds.items()})
    (out / DOCUMENT).write_text(documents.to_json(result) + "\n", "utf-8")
    return result


def choose_stack(session: Session, model: ModelFolder) -> tuple[Stack, int]:
    """Return the series that fits the model best, and how many others fit as well.

    Among equals it is the one that would be shown first. When none fits, it is that one, so that its reasons are told.
    """
    stacks = session.opened.stacks
    for answer in (YES, UNKNOWN, NO):
        fitting = [s for s in stacks if session.analyses.verdict(s, model).answer == answer]
        if fitting:
            return first_to_show(fitting), len(fitting) - 1 if answer != NO else 0
    raise UserError("no_images", "There is no image to read.")


def parse_slices(text: str, count: int) -> range:
    """Return the indices that "all", "I" or "I-J" means.

    Raises:
        UserError: `usage`.
    """
    if text == "all":
        return range(count)
    first, dash, last = text.partition("-")
    if not first.isdigit() or (dash and not last.isdigit()):
        raise UserError("usage", "--slices takes all, one index (12) or a range (10-20); the first slice is 0.")
    low, high = int(first), int(last or first)
    if not low <= high < count:
        raise UserError("usage", f"--slices {text}: this series has slices 0 to {count - 1}.")
    return range(low, high + 1)


def _methods(analysis: Analysis, question: Question, tell: Callable[[str], object]) -> tuple[str, ...]:
    if question.methods and analysis.highest is None:
        tell("No slice was evaluated, so there is nothing to explain.")
        return ()
    return question.methods


def _explain(session: Session, analysis: Analysis, question: Question, method: str, out: Path) -> dict[str, Any]:
    """Explain the highest slice with one method and write the map."""
    index, stack, model = analysis.highest, analysis.stack, analysis.model
    assert index is not None
    target = question.target or model.card.target
    job = session.analyses.explain(stack, model, index, target, method, confirmed=question.confirmed)
    found: Explanation = job.value()
    folder = out / "maps"
    folder.mkdir(exist_ok=True)
    name = f"{index:04d}-{_file_word(target)}-{_file_word(method)}"
    with (folder / f"{name}.npy").open("wb") as file:
        np.save(file, found.values.astype(np.float32), allow_pickle=False)
    png.write(folder / f"{name}.png", heat_picture(session.pixels.fetch(stack.images[index]), found))
    return {
        "index": index,
        "class": found.target,
        "method": found.method,
        "file": f"maps/{name}.npy",
        "png": f"maps/{name}.png",
        "signed": found.signed,
        "parameters": found.parameters,
        "trust": found.trust,
        "sentence": found.sentence,
    }


def _file_word(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in text)


def _document(analysis: Analysis, maps: list[dict[str, Any]], seconds: dict[str, float]) -> dict[str, Any]:
    model, verdict = analysis.model, analysis.verdict
    return documents.document(
        "analysis",
        model={"name": model.name, "version": model.card.version, "sha256": model.sha256},
        device=analysis.device,
        started=analysis.started,
        eligible=verdict.answer,
        reasons=list(verdict.reasons),
        study_uid=analysis.stack.key[0],
        series_uid=analysis.stack.series_uid,
        stack=analysis.stack.number,
        target=model.card.target,
        items=[_item(analysis, score) for score in analysis.scores.values()],
        series_score=analysis.series_score,
        highest=analysis.highest,
        maps=maps,
        seconds=seconds,
    )


def _item(analysis: Analysis, score: SliceScore) -> dict[str, Any]:
    ref, card = analysis.stack.images[score.index], analysis.model.card
    return {
        "sop_uid": ref.header.sop_uid,
        "file": ref.header.label,
        "frame": ref.frame,
        "index": score.index,
        "evaluated": score.evaluated,
        **({} if score.evaluated else {"reason": score.reason}),
        "scores": score.scores,
        "score_kind": card.output.score_kind,
        "threshold": card.threshold.value,
        "positive": score.positive,
        "findings": [
            {"kind": f.kind, "at": list(f.at), "score": f.score, "mm": list(f.lps) if f.lps else None}
            for f in score.findings
        ],
    }
