"""Pictures from what readers said of what a model has read, each with its label by majority.

Of a model for whole films one picture a study; of a model for places one patch around each finding that was judged.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.dataset_items import (
    CHANGED,
    MISSING,
    NO_SIZE,
    NOBODY,
    UNSURE,
    Found,
    Item,
    Progress,
    Who,
    headers,
    misfit,
    united,
    who,
)
from medviewer.app.admin.dataset_items import known as seen
from medviewer.app.admin.dataset_patches import Cut
from medviewer.app.admin.sources import OpinionsSource
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef
from medviewer.inference.folder import ModelFolder
from medviewer.library.records import FindingRecord, ImageRecord, OpinionRecord, StudyRow, Verdict
from medviewer.library.texts import clean, hashed

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

MOST = 1_000_000
PRESENT, ABSENT, OTHER = "present", "absent", "other"
NOTHING = "No reader has said yet whether {} is right. Give opinions in the reader or the worklist first."


@dataclass(frozen=True)
class Vote:
    """What the readers of one study think together: `positive` None where nobody is sure; `of` its opinion that counts.

    `tie`: as many say present as absent; `order`: "before_ai", "after_ai", "no_ai" or "mixed".
    """

    of: OpinionRecord
    positive: bool | None
    label: str
    readers: int
    tie: bool = False
    order: str = ""


def says(opinion: OpinionRecord, target: str, title: str = "") -> tuple[bool | None, str]:
    """Return what one opinion says of the finding (None: the reader is not sure), and the label for it.

    A reader who names something else says that the finding is not there, unless that is the finding itself.
    """
    if opinion.verdict is Verdict.RELABEL:
        word = (opinion.label or opinion.answer).strip().lower()
        return (True, PRESENT) if word in {target.lower(), title.lower(), PRESENT} - {""} else (False, OTHER)
    if opinion.verdict is Verdict.UNSURE or opinion.answer == UNSURE:
        return None, UNSURE
    if opinion.answer in (PRESENT, ABSENT):
        return opinion.answer == PRESENT, opinion.answer
    if opinion.score is None or opinion.point is None:
        return None, UNSURE
    positive = (opinion.verdict is Verdict.AGREE) == (opinion.score >= opinion.point)
    return positive, PRESENT if positive else ABSENT


def votes(
    opinions: Sequence[OpinionRecord], target: str, title: str = "", *, findings: bool = False
) -> tuple[Vote, ...]:
    """Return one vote a study (`findings`: a finding): each reader's newest standing opinion, then the majority."""
    standing = (o for o in opinions if o.undone is None and (o.finding_id is not None) == findings)
    newest: dict[tuple[int, int, str], OpinionRecord] = {}
    for opinion in sorted(standing, key=lambda o: o.id):
        newest[opinion.study_id, opinion.finding_id or 0, opinion.reader] = opinion
    things: dict[tuple[int, int], list[OpinionRecord]] = {}
    for opinion in newest.values():
        things.setdefault((opinion.study_id, opinion.finding_id or 0), []).append(opinion)
    return tuple(_vote(given, target, title) for _, given in sorted(things.items()))


def _vote(given: Sequence[OpinionRecord], target: str, title: str) -> Vote:
    latest = max(given, key=lambda o: o.id)
    said = [(opinion, *says(opinion, target, title)) for opinion in given]
    sure = [(opinion, positive, label) for opinion, positive, label in said if positive is not None]
    if not sure:
        return Vote(latest, None, UNSURE, len(given), order=_order(given))
    counts = Counter(positive for _, positive, _ in sure)
    tie = counts[True] == counts[False]
    last, newest, _ = max(sure, key=lambda one: one[0].id)
    positive = newest if tie else counts[True] > counts[False]
    label = next(label for _, one, label in reversed(sure) if one == positive)
    return Vote(last, positive, label, len(sure), tie, _order([opinion for opinion, _, _ in sure]))


def _order(given: Sequence[OpinionRecord]) -> str:
    """Say whether AI was seen before the answer: what readers say after it leans towards it."""
    found = {"after_ai" if o.ai_shown else o.order or "after_ai" for o in given}
    return found.pop() if len(found) == 1 else "mixed"


@dataclass(frozen=True)
class _Known:
    """What the library says: the votes, the rows and images of their studies, and the findings that were judged."""

    votes: tuple[Vote, ...]
    rows: dict[int, StudyRow]
    images: dict[int, tuple[ImageRecord, ...]]
    findings: dict[int, FindingRecord]


@contextmanager
def from_opinions(session: "Session", source: OpinionsSource, job: Job, tell: Progress) -> Iterator[Found]:
    """Find the pictures that readers' opinions are about.

    Raises:
        UserError: `no_model`, `no_opinions`, or the library's.
    """
    model = session.model(source.model)
    if model is None:
        raise UserError("no_model", f"There is no model called {source.model}.")
    known = session.shelf.read(lambda library: _ask(library, model)).result()
    used = [v for v in known.votes if v.of.study_id in known.rows and (v.positive is not None or source.unsure)]
    if not any(vote.positive is not None for vote in used):
        raise UserError("no_opinions", NOTHING.format(model.card.title))
    wanted = [_image(vote.of, known.images[vote.of.study_id]) for vote in used]
    read = headers(session, [Path(image.source) for image in wanted if image is not None], job, tell)
    at = {(clean(h.sop_uid), clean(h.digest)): h for of_file in read.values() for h in of_file}
    people = united([_who(known.rows[v.of.study_id]) for v in used])
    each = zip(used, wanted, people, strict=True)
    items = [replace(_item(vote, image, known, at, model), patient=patient) for vote, image, patient in each]
    yield Found(items, "patches" if _places(model) else "films", _facts(model, known.votes, used, items))


def _places(model: ModelFolder) -> bool:
    """Say whether the model points at places, so that opinions on findings count, not those on studies."""
    return model.card.task == "detection-map"


def _ask(library: "Library", model: ModelFolder) -> _Known:
    card = model.card
    title = next((label.title for label in card.labels if label.name == card.target), "")
    found = votes(library.opinions(model=model.name, most=MOST), card.target, title, findings=_places(model))
    ids = list(dict.fromkeys(vote.of.study_id for vote in found))
    of_studies = [library.readings(i, all=True) for i in ids] if _places(model) else []
    findings = {f.id: f for readings in of_studies for reading in readings for f in reading.findings}
    return _Known(found, library.rows(ids), {i: library.sources(i) for i in ids}, findings)


def _image(opinion: OpinionRecord, images: Sequence[ImageRecord]) -> ImageRecord | None:
    """Return the image that the opinion was about: the one with the highest score, else the study's first."""
    return next((i for i in images if i.sop_uid == opinion.sop_uid), images[0] if images else None)


def _item(
    vote: Vote,
    image: ImageRecord | None,
    known: _Known,
    at: dict[tuple[str, str], ImageHeader],
    model: ModelFolder,
) -> Item:
    study, header = vote.of.study_id, None
    if image is not None:
        header = at.get((image.sop_uid, image.digest))
    frame = vote.of.frame if header is not None and vote.of.frame < len(header.frames) else 0
    why = UNSURE if vote.positive is None else ""
    cut: Cut | None = None
    if header is None:
        why = MISSING if image is None or not Path(image.source).exists() else CHANGED
    elif _places(model):
        cut = _cut(known.findings.get(vote.of.finding_id or 0), ImageRef(header, frame), model)
        why = why or misfit(model, header) or ("" if cut is not None else NO_SIZE)
    else:
        why = why or misfit(model, header)
    origin = {"study": study, "path": image.source if image is not None else "", "frame": frame}
    ref = ImageRef(header, frame) if header is not None and (cut is not None or not _places(model)) else None
    more = {**(seen(header) if header is not None else {}), **_columns(vote, image)}
    more |= {} if _who(known.rows[study]).known else NOBODY
    return Item(vote.label, bool(vote.positive), "", ref, None, cut, why, "", more, origin)


def _cut(finding: FindingRecord | None, ref: ImageRef, model: ModelFolder) -> Cut | None:
    """Return what to cut; None where the place or the size of the pixels is not known."""
    spacing = ref.plane.spacing
    if finding is None or finding.at is None or spacing is None or min(spacing) <= 0:
        return None
    return Cut(finding.at, spacing, model.card.input)


def _columns(vote: Vote, image: ImageRecord | None) -> dict[str, str]:
    columns = {"study": vote.of.study_id, "opinion": vote.of.id, "order": vote.order, "readers": vote.readers}
    found = {name: str(value) for name, value in columns.items()}
    found |= {"score": f"{vote.of.score:.4f}"} if vote.of.score is not None else {}
    found |= {"tie": "1"} if vote.tie else {}
    return found | ({"bytes": str(image.size)} if image is not None and image.size else {})


def _who(row: StudyRow) -> Who:
    """Return who a study is about; of a film without header nobody knows."""
    alone = hashed("study", row.uid, str(row.film))
    return Who("", "", alone) if row.film else who(row.patient_name, row.patient_id, row.birth_date, alone)


def _facts(model: ModelFolder, found: Sequence[Vote], used: Sequence[Vote], items: Sequence[Item]) -> dict[str, Any]:
    return {
        "kind": "opinions",
        "model": model.name,
        "studies": len({vote.of.study_id for vote in used}),
        "unsure": sum(vote.positive is None for vote in found),
        "ties": sum(vote.tie for vote in used),
        "after_ai": sum(vote.order != "before_ai" for vote in used),
        "without_file": sum(item.ref is None for item in items),
    }
