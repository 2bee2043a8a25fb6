"""From a model's answers to the reading that the library keeps, and back: by image, never by place in a stack.

An image is known by its SOP UID, its frame and the digest of its file: answers for other content under the same UID
find no image and are not shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from medviewer.core.findings import SliceScore
from medviewer.core.study import ImageRef, Stack
from medviewer.core.values import pack, unpack
from medviewer.inference.folder import ModelFolder
from medviewer.library.records import AiState, FindingRecord, ReadingRecord

#: Places that are kept of one reading, the highest ones.
MOST_FINDINGS = 20
NO_IMAGE = "No image of this study could be read."


def pack_scores(stack: Stack, scores: Mapping[int, SliceScore]) -> tuple[dict[str, Any], ...]:
    """Return answers by index of `stack` as JSON values that say which image each is about."""
    return tuple(
        {**pack(score), **_sign(stack.images[index]), "index": index}  # the index is of that day, for the curve alone
        for index, score in sorted(scores.items())
    )


def unpack_scores(stack: Stack, slices: tuple[dict[str, Any], ...]) -> dict[int, SliceScore]:
    """Return the answers for the images of `stack` that are the very ones that were read, by index."""
    places = {tuple(_sign(ref).values()): index for index, ref in enumerate(stack.images)}
    found: dict[int, SliceScore] = {}
    for packed in slices:
        rest = dict(packed)
        index = places.get(tuple(rest.pop(name, None) for name in ("sop", "frame", "digest")))
        if index is not None:
            found[index] = unpack(SliceScore, {**rest, "index": index})
    return dict(sorted(found.items()))


def _sign(ref: ImageRef) -> dict[str, Any]:
    return {"sop": ref.header.sop_uid, "frame": ref.frame, "digest": ref.header.digest}


def placed(ref: ImageRef, score: SliceScore) -> SliceScore:
    """Return `score` with its findings placed in the patient (LPS mm), where the slice has geometry (PS3.3 C.7.6.2)."""
    plane = ref.plane
    if not score.findings or plane.position is None or plane.orientation is None or plane.spacing is None:
        return score
    row, column = np.array(plane.orientation[:3]), np.array(plane.orientation[3:])
    between_rows, between_columns = plane.spacing
    findings = []
    for finding in score.findings:
        x, y = finding.at
        lps = np.array(plane.position) + row * (x * between_columns) + column * (y * between_rows)
        findings.append(replace(finding, lps=(float(lps[0]), float(lps[1]), float(lps[2]))))
    return replace(score, findings=tuple(findings))


def reading_of(
    study_id: int,
    content: str,
    stack: Stack,
    model: ModelFolder,
    scores: Mapping[int, SliceScore],
    *,
    confirmed: bool = False,
    reason: str = "",
    device: str = "",
    started: str = "",
    seconds: float = 0.0,
) -> ReadingRecord:
    """Return the reading that `scores` (by index of `stack`) make; `reason` is what nobody confirmed.

    Without any evaluated image it is "not evaluated", with the first image's reason.
    """
    target, point = model.card.target, model.card.threshold.value
    values = {i: s.scores[target] for i, s in scores.items() if s.evaluated and target in s.scores}
    highest = max(values, key=lambda i: values[i], default=None)
    best = stack.images[highest] if highest is not None else None
    score = values[highest] if highest is not None else None
    refused = next((s.reason for s in scores.values() if not s.evaluated), NO_IMAGE)
    return ReadingRecord(
        study_id=study_id,
        series_uid=stack.series_uid,
        stack=stack.number,
        model=model.name,
        version=model.card.version,
        sha256=model.sha256,
        content=content,
        state=AiState.DONE if best else AiState.NOT_EVALUATED,
        score=score,
        kind=model.card.output.score_kind,
        point=point,
        positive=score is not None and score >= point,
        finding=title_of(model),
        reason=reason if best else refused,
        sop_uid=best.header.sop_uid if best else "",
        frame=best.frame if best else 0,
        index=highest or 0,
        done=len(scores),
        total=len(stack),
        confirmed=confirmed,
        device=device,
        started=started,
        seconds=round(seconds, 3),
        slices=pack_scores(stack, scores),
        findings=_findings(stack, model, scores, values),
    )


def title_of(model: ModelFolder) -> str:
    """Return what the model looks for, in words ("Pneumonia")."""
    card = model.card
    return next((label.title or label.name for label in card.labels if label.name == card.target), card.target)


def _findings(
    stack: Stack, model: ModelFolder, scores: Mapping[int, SliceScore], values: Mapping[int, float]
) -> tuple[FindingRecord, ...]:
    """Return the places with a score at or above the point, highest first; an image without a place is itself one."""
    point, label = model.card.threshold.value, title_of(model)
    found = []
    for index, value in values.items():
        ref, score = stack.images[index], scores[index]
        about = ref.header.sop_uid, ref.frame, index
        found += [FindingRecord(*about, f.at, f.score, label, f.lps) for f in score.findings if f.score >= point]
        if not score.findings and value >= point:
            found.append(FindingRecord(*about, None, value, label))
    return tuple(sorted(found, key=lambda f: -f.score)[:MOST_FINDINGS])
