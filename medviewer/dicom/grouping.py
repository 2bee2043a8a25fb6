"""Headers to studies, series and stacks, in the window process: pure, no files, no pydicom, cheap while a scan grows.

Patients are never mixed: files of one study or series that name two patients become two studies of the same UID.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from medviewer.core.geometry import plane_name
from medviewer.core.study import ImageHeader, ImageRef, Patient, Stack, Study
from medviewer.dicom.remarks import remarks
from medviewer.dicom.stacks import Draft, drafts

TWO_PATIENTS = "The files of this study name more than one patient; they are listed apart."
NO_DATE = ""

Identity = tuple[str, str, str, str]
Affine = tuple[tuple[float, float, float, float], ...]


def group(headers: Iterable[ImageHeader]) -> tuple[Study, ...]:
    """Return the studies that `headers` make, newest first, series by number, images in the order of the wheel.

    A file counts once (same path, or same SOP UID and content); of two contents under one UID both are kept.
    """
    return Grouping().add(headers)


@dataclass
class _Series:
    """The images of one series, by patient, in the order of arrival."""

    number: float = float("inf")
    arrival: int = 0
    images: dict[Identity, list[ImageRef]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    stacks: dict[Identity, tuple[Stack, ...]] = field(default_factory=dict)
    stale: bool = True


class Grouping:
    """Studies that grow while files arrive: only series that got new images are ordered again.

    A stack keeps its `number` as long as the image that arrived first stays in it; images are the same objects.
    """

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], _Series] = {}
        self._paths: set[str] = set()
        self._contents: dict[tuple[str, str], set[str]] = {}
        self._count = 0

    def add(self, headers: Iterable[ImageHeader]) -> tuple[Study, ...]:
        """Take in `headers` and return all studies so far."""
        for header in headers:
            self._take(header)
        for series in self._series.values():
            if series.stale:
                _build(series)
        return self._studies()

    def _take(self, header: ImageHeader) -> None:
        contents = self._contents.setdefault((header.study_uid, header.sop_uid), set())
        sign = header.digest or header.path
        if header.path in self._paths or sign in contents:
            return
        self._paths.add(header.path)
        self._count += 1
        series = self._series.setdefault((header.study_uid, header.series_uid), _Series(arrival=self._count))
        if contents:
            series.doubled.add(header.sop_uid)
        contents.add(sign)
        if header.series_number is not None:
            series.number = min(series.number, header.series_number)
        refs = [ImageRef(header, frame) for frame in range(len(header.frames))]
        series.images.setdefault(_identity(header.patient), []).extend(refs)
        series.stale = True

    def _studies(self) -> tuple[Study, ...]:
        found: dict[tuple[str, Identity], list[_Series]] = {}
        for (study_uid, _), series in self._series.items():
            for who in series.images:
                found.setdefault((study_uid, who), []).append(series)
        patients: dict[str, int] = {}
        for study_uid, _ in found:
            patients[study_uid] = patients.get(study_uid, 0) + 1
        studies = [_study(who, series, patients[uid] > 1) for (uid, who), series in found.items()]
        return tuple(sorted(studies, key=lambda s: (s.date or NO_DATE, s.time), reverse=True))


def _identity(patient: Patient) -> Identity:
    return patient.id, patient.issuer, patient.name, patient.birth_date


def _study(who: Identity, series: list[_Series], shared: bool) -> Study:
    ordered = sorted(series, key=lambda s: (s.number, s.arrival))
    stacks = tuple(stack for one in ordered for stack in one.stacks[who])
    firsts = [stack.first for stack in stacks]
    head = min(firsts, key=lambda h: (not h.study_date, h.study_date, h.study_time))
    description = next((h.study_description for h in firsts if h.study_description), "")
    notes = (TWO_PATIENTS,) if shared and head.study_uid else ()
    return Study(head.study_uid, head.patient, head.study_date, head.study_time, description, stacks, notes)


def _build(series: _Series) -> None:
    """Order the images of a series again and number its stacks by the image of each that arrived first."""
    series.stale = False
    arrival: dict[int, int] = {}
    found: dict[Identity, list[Draft]] = {}
    for who, images in series.images.items():
        for ref in images:
            arrival[id(ref)] = len(arrival)
        found[who] = drafts(images)
    first = {id(d): min(arrival[id(ref)] for ref in d.images) for many in found.values() for d in many}
    numbers = {key: n for n, key in enumerate(sorted(first, key=first.__getitem__))}
    doubled = frozenset(series.doubled)
    for who, many in found.items():
        names = _names(many)
        longest = max(len(d.images) for d in many)

        def place(d: Draft, longest: int = longest) -> tuple[bool, int, int]:
            aside = d.localizer or (len(d.images) == 1 and longest > 3)
            return aside, d.rank, first[id(d)]

        series.stacks[who] = tuple(
            _stack(d, numbers[id(d)], names[id(d)], many, doubled) for d in sorted(many, key=place)
        )


def _stack(draft: Draft, number: int, name: str, many: list[Draft], doubled: frozenset[str]) -> Stack:
    plane = draft.images[0].plane
    step = draft.line.step if draft.line else 0.0
    return Stack(
        series_uid=draft.images[0].header.series_uid,
        number=number,
        images=tuple(draft.images),
        plane=_plane(draft),
        spacing=(*plane.spacing, step) if plane.spacing else None,
        affine=_affine(draft),
        warnings=remarks(draft, many, doubled),
        name=name,
    )


def _plane(draft: Draft) -> str:
    return plane_name(draft.images[0].plane.orientation) if draft.line else "none"


def _affine(draft: Draft) -> Affine | None:
    """Return the matrix from (column, row, slice) to LPS mm of an evenly stepped stack; None for any other.

    The third column is the true step (also of a sheared stack); for one image the unit normal.
    """
    line, plane = draft.line, draft.images[0].plane
    if line is None or plane.orientation is None or plane.spacing is None:
        return None
    if line.uneven or line.repeated or not line.straight:
        return None
    row, column = np.array(plane.orientation[:3]), np.array(plane.orientation[3:])
    count = len(draft.images)
    step = (line.positions[-1] - line.positions[0]) / (count - 1) if count > 1 else line.normal
    columns = (row * plane.spacing[1], column * plane.spacing[0], step, line.positions[0])
    rows = [tuple(float(c[i]) for c in columns) for i in range(3)]
    return (*((a, b, c, d) for a, b, c, d in rows), (0.0, 0.0, 0.0, 1.0))


def _names(many: list[Draft]) -> dict[int, str]:
    """Return a name for each stack: the series' description (else plane and step), and what sets it apart."""
    planes = {_plane(d) for d in many}
    sizes = {(d.images[0].header.rows, d.images[0].header.columns) for d in many}
    names: dict[int, str] = {}
    used: dict[str, int] = {}
    for draft in many:
        name = _name(draft, len(many) > 1 and len(planes) > 1, len(sizes) > 1)
        used[name] = used.get(name, 0) + 1
        names[id(draft)] = name if used[name] == 1 else f"{name} ({used[name]})"
    return names


def _name(draft: Draft, planes_differ: bool, sizes_differ: bool) -> str:
    head = draft.images[0].header
    plane = _plane(draft)
    step = (draft.line.step if draft.line else 0.0) or head.slice_thickness or 0.0
    plain = f"{plane.capitalize()} {step:.3g} mm" if step else plane.capitalize()
    parts = [head.series_description or (plain if plane != "none" else head.modality or "Images")]
    if head.series_description and planes_differ and plane != "none":
        parts.append(plane)
    if draft.localizer and "locali" not in parts[0].lower() and "scout" not in parts[0].lower():
        parts.append("localizer")
    if draft.sisters > 1:
        words = " and ".join(words for words, _ in draft.phase)
        parts.append(f"{words} {draft.rank + 1} of {draft.sisters}")
    elif sizes_differ and not planes_differ:
        parts.append(f"{head.columns} x {head.rows}")
    return ", ".join(parts)
