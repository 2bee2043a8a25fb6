"""The pictures that are to come into a data set, before they are read; and what the reader processes make of them."""

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin.dataset_patches import Cut, patch
from medviewer.app.admin.dataset_pictures import Unfit, stored
from medviewer.app.triage_find import stacks_of
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef, Skipped, Stack
from medviewer.inference.eligibility import NO, judge
from medviewer.inference.folder import ModelFolder
from medviewer.library.texts import folded, hashed

if TYPE_CHECKING:
    from medviewer.app.session import Session

#: Pictures that are being decoded ahead, and files whose headers are read in one scan.
AHEAD, TOGETHER = 6, 500
#: Words of the column `why`: the picture could not be had; it does not fit.
UNREADABLE, MISSING, CHANGED = "unreadable", "missing", "changed"
FRAMES, SMALL, MISMATCHED, UNSURE, NO_SIZE = "several frames", "too small", "mismatched", "unsure", "no pixel size"

#: Column and word for a picture of which nobody knows whose it is.
NOBODY = {"whose": "unknown"}

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Item:
    """One picture.

    Attributes:
        patient: what tells the patient from others (a hash; only sources.json has it).
        ref: where it lies; pixels: itself, where nothing has to be decoded; neither: it cannot be had.
        cut: what of the picture comes; None: all of it.
        why: it comes in excluded, for this reason.
        part: given by the source; "" leaves it to the split.
        origin: where it came from, for sources.json.
    """

    label: str
    positive: bool
    patient: str
    ref: ImageRef | None = None
    pixels: NDArray[np.uint8] | None = None
    cut: Cut | None = None
    why: str = ""
    part: str = ""
    more: dict[str, str] = field(default_factory=dict)
    origin: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a source has found: its pictures, and what dataset.json says of it (no names, no paths)."""

    items: Sequence[Item]
    kind: str
    facts: dict[str, Any]


def headers(session: "Session", paths: Iterable[Path], job: Job, tell: Progress) -> dict[str, list[ImageHeader]]:
    """Return the headers of files by path: one of a file, several of an archive. What cannot be read is not in it."""
    wanted = [path for path in dict.fromkeys(paths) if path.exists()]
    found: dict[str, list[ImageHeader]] = {}
    for start in range(0, len(wanted), TOGETHER):
        some = wanted[start : start + TOGETHER]
        tell(start, len(wanted))
        scan = Job("Reading files", "dataset-scan")
        job.on_cancel(scan.cancel)

        def take(read: tuple[ImageHeader, ...], _: tuple[Skipped, ...]) -> None:
            for header in read:
                found.setdefault(header.path, []).append(header)

        with contextlib.suppress(UserError):  # nothing of these can be read: they stay without header
            session.pool.scan(some, scan, take)
    return found


def stack_of(header: ImageHeader, frame: int = 0) -> Stack:
    """Return the stack that an image makes alone."""
    for stack in stacks_of([header]):
        if any(ref.frame == frame for ref in stack.images):
            return stack
    return Stack(header.series_uid, 0, (ImageRef(header, frame),))


def misfit(model: ModelFolder | None, header: ImageHeader) -> str:
    """Return why a model could never be given this picture, "" if it can: the rules by name, nothing of the header."""
    if model is None:
        return ""
    verdict = judge(model.card, stack_of(header))
    if verdict.answer == NO:
        return f"{MISMATCHED}: {', '.join(rule.name.replace('_', ' ') for rule in verdict.rules if rule.ok is False)}"
    rows, columns = model.card.input.min_size
    return SMALL if header.rows < rows or header.columns < columns else ""


@dataclass(frozen=True)
class Who:
    """What a patient can be known by: hashes of the id, of name and birth date, of the file or study alone."""

    id: str
    person: str
    alone: str

    @property
    def known(self) -> bool:
        return bool(self.id or self.person)


def who(name: str, id_: str, birth_date: str, alone: str) -> Who:
    """Return what these words of a header make known; `alone` names the picture where they are empty."""
    words = " ".join(folded(name).replace("^", " ").split())
    by_id = hashed("id", id_.strip()) if id_.strip() else ""
    by_person = hashed("person", words, birth_date.strip()) if words and birth_date.strip() else ""
    return Who(by_id, by_person, alone)


def united(some: Sequence[Who]) -> list[str]:
    """Return one key a patient: the id decides; who has none is the one with the same name and birth date.

    Two ids are two patients, also under one name (de-identified files share it), as in library.studies.
    """
    ids: dict[str, str] = {}
    for one in some:
        if one.id and one.person:
            ids[one.person] = min(one.id, ids.get(one.person, one.id))
    return [one.id or ids.get(one.person, one.person) or one.alone for one in some]


def known(header: ImageHeader) -> dict[str, str]:
    """Return the columns that a header fills: no names, no dates, no UIDs."""
    patient = header.patient
    years = _years(patient.age)
    model = " ".join(filter(None, (header.manufacturer, header.model_name)))
    found = {
        "age": years,
        "sex": patient.sex[:1].upper() if patient.sex[:1].upper() in ("M", "F", "O") else "",
        "scanner": "".join(c for c in model if c.isalnum() or c in " .,()/-")[:64].strip(),
        "view": header.view_position[:16] if header.view_position.replace(" ", "").isalnum() else "",
        "source_rows": str(header.rows),
        "source_columns": str(header.columns),
    }
    return {name: value for name, value in found.items() if value}


def _years(age: str) -> str:
    """Return an age (VR AS: 045Y, 018M, 003W, 010D; PS3.5 6.2) in whole years."""
    number, unit = age.strip()[:-1], age.strip()[-1:].upper()
    per_year = {"Y": 1, "M": 12, "W": 52, "D": 365}
    return str(int(number) // per_year[unit]) if number.isdecimal() and len(number) <= 3 and unit in per_year else ""


def read(session: "Session", items: Sequence[Item], job: Job) -> Iterator[tuple[Item, NDArray[Any] | None]]:
    """Yield each item with its picture as it is kept, in order; without one where it cannot be had, and says why."""
    asked: deque[tuple[Item, Future[Frame] | None]] = deque()
    todo = iter(items)
    try:
        while True:
            while len(asked) < AHEAD and (item := next(todo, None)) is not None:
                asked.append((item, session.pool.frame(item.ref) if item.ref is not None else None))
            if not asked:
                return
            if job.cancel_asked:
                job.step(job.done, job.total)
            item, future = asked.popleft()
            yield _settled(item, future)
    finally:
        for _, future in asked:
            if future is not None:
                future.cancel()


def _settled(item: Item, future: "Future[Frame] | None") -> tuple[Item, NDArray[Any] | None]:
    if future is None:
        return (item, item.pixels) if item.pixels is not None else (replace(item, why=item.why or UNREADABLE), None)
    try:
        frame = future.result()
        return item, stored(frame) if item.cut is None else patch(frame, item.cut)
    except CancelledError:
        raise UserError("interrupted", "medviewer is closing.") from None
    except UserError:
        return replace(item, why=item.why or UNREADABLE), None
    except Unfit as unfit:
        return replace(item, why=item.why or str(unfit)), None
