"""From the images of one series to stacks: what belongs on one wheel, and in which order (DICOM_CHECKLIST A1).

Order comes from positions alone; numbers and names of files decide only where there are no positions. A stack is
split by time, echo and the like only when that removes two images at one place. No pydicom, LPS mm throughout.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medviewer.core.geometry import normal
from medviewer.core.study import ImageRef

#: Positions closer than this along the normal are one place (mm).
SAME_PLACE = 2e-3
#: Directions closer than this are one orientation (0.1 degrees as a length of the difference of unit vectors).
_SAME_DIRECTION = math.radians(0.1)
#: Sign of the wheel along x, y, z: sagittal right to left, coronal front to back, axial head to feet (CHECKLIST B13).
_WHEEL = (1.0, 1.0, -1.0)
#: How a part of a series differs from its other parts: (words, value).
Phase = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """Where the images of an ordered stack lie.

    Attributes:
        normal: unit, in the direction of the wheel.
        positions: [image, 3].
        along: [image] places along `normal`, rising.
        step: median step along `normal`; 0.0 for one image.
        uneven: indices i where the step from image i to i + 1 is not `step` (by more than 1 % and 0.01 mm).
        tilt: degrees between the line through the positions and the normal.
        straight: the positions lie on one line, to within a tenth of a pixel or 0.05 mm.
    """

    normal: NDArray[np.float64]
    positions: NDArray[np.float64]
    along: NDArray[np.float64]
    step: float
    uneven: tuple[int, ...]
    tilt: float
    straight: bool

    @property
    def repeated(self) -> tuple[int, ...]:
        """Indices i where image i + 1 lies at the place of image i."""
        return tuple(int(i) for i in np.flatnonzero(np.diff(self.along) < SAME_PLACE))


@dataclass
class Draft:
    """A stack before it has a number and a name: ordered images and where they lie (None without positions)."""

    images: list[ImageRef]
    line: Line | None = None
    phase: tuple[Phase, ...] = ()
    rank: int = 0  # of the phase among its sisters, from 0
    sisters: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def localizer(self) -> bool:
        return "LOCALIZER" in self.images[0].header.image_type


def drafts(images: Sequence[ImageRef]) -> list[Draft]:
    """Split the images of one series (of one patient) into ordered stacks."""
    found: list[Draft] = []
    stack_ids = _divides([ref.plane.stack_id for ref in images])
    rooms = _divides([ref.header.frame_of_reference for ref in images])
    groups: dict[object, list[ImageRef]] = {}
    for ref in images:
        groups.setdefault(_kind(ref, stack_ids, rooms), []).append(ref)
    for group in groups.values():
        if not placed(group[0]):
            found.append(Draft(sorted(group, key=_by_number)))
            continue
        for same in _by_orientation(group):
            found += _by_place(same)
    return found


def placed(ref: ImageRef) -> bool:
    """Say whether an image has a usable position and orientation."""
    return ref.plane.position is not None and ref.plane.orientation is not None


def _divides(values: list[str]) -> bool:
    """Say whether an attribute divides images into groups; one that differs in every image was written by mistake."""
    return len(set(values)) * 2 <= len(values)


def _kind(ref: ImageRef, stack_ids: bool, rooms: bool) -> object:
    """Return what must be equal within one stack, orientation aside.

    `stack_ids`, `rooms`: Stack ID and Frame of Reference UID count.
    """
    header, plane = ref.header, ref.plane
    has_place = placed(ref)
    cine = header.path if len(header.frames) > 1 and not has_place else ""
    spacing = tuple(f"{v:.4g}" for v in plane.spacing) if plane.spacing else ()
    size = (header.rows, header.columns, header.samples, header.photometric)
    where = (header.frame_of_reference if rooms else "", plane.stack_id if stack_ids else "") if has_place else ()
    return has_place, size, spacing, header.modality, where, "LOCALIZER" in header.image_type, cine


def _by_number(ref: ImageRef) -> tuple[bool, int, str, int]:
    number = ref.header.instance_number
    return number is None, number or 0, ref.header.label, ref.frame


def _by_orientation(group: list[ImageRef]) -> list[list[ImageRef]]:
    """Gather images whose row and column directions agree to 0.1 degrees, in the order of arrival."""
    clusters: list[list[ImageRef]] = []
    known: dict[object, int] = {}
    centres = np.empty((0, 6))
    for ref in group:
        at = known.get(ref.plane.orientation)
        if at is None:
            here = np.array(ref.plane.orientation, float)
            off = np.maximum(
                np.linalg.norm(centres[:, :3] - here[:3], axis=1), np.linalg.norm(centres[:, 3:] - here[3:], axis=1)
            )
            near = np.flatnonzero(off <= _SAME_DIRECTION)
            at = int(near[0]) if len(near) else len(clusters)
            if at == len(clusters):
                clusters.append([])
                centres = np.vstack([centres, here])
            known[ref.plane.orientation] = at
        clusters[at].append(ref)
    return clusters


def _by_place(images: list[ImageRef]) -> list[Draft]:
    """Order images of one orientation along the wheel; where places repeat, split them if some attribute helps."""
    whole = _ordered(images)
    assert whole.line is not None
    if not whole.line.repeated:
        return [whole]
    places = np.concatenate([[0], np.cumsum(np.diff(whole.line.along) >= SAME_PLACE)])
    if not places[-1] and not _copied(images):
        return [_one_place(whole)]
    parts = _split(whole.images, places)
    if parts is None:
        return [whole]
    found = []
    for rank, (phase, part) in enumerate(parts):
        draft = _ordered(part)
        draft.phase, draft.rank, draft.sisters = phase, rank, len(parts)
        found.append(draft)
    return found


def _ordered(images: list[ImageRef]) -> Draft:
    positions = np.array([ref.plane.position for ref in images], float)
    n = normal(images[0].plane.orientation or ())
    axis = int(np.argmax(np.round(np.abs(n), 6)))
    n = n * (1.0 if n[axis] * _WHEEL[axis] > 0 else -1.0)
    along = positions @ n
    spot = np.round(along / SAME_PLACE)
    order = sorted(range(len(images)), key=lambda i: (spot[i], _by_number(images[i])))
    return Draft([images[i] for i in order], _line(images[0], positions[order], along[order], n))


def _line(first: ImageRef, positions: NDArray[np.float64], along: NDArray[np.float64], n: NDArray[np.float64]) -> Line:
    steps = np.diff(along)
    real = steps[steps >= SAME_PLACE]
    step = _median(real) if len(real) else 0.0
    uneven = np.flatnonzero((np.abs(steps - step) > max(0.01 * step, 0.01)) & (steps >= SAME_PLACE))
    total = along[-1] - along[0]
    aside = positions - positions[0] - np.outer(along - along[0], n)
    drift = float(np.linalg.norm(aside[-1]))
    least = max(0.1 * min(first.plane.spacing or (0.5, 0.5)), 0.05)
    lean = aside[-1] / total if total else np.zeros(3)
    off = np.linalg.norm(aside - np.outer(along - along[0], lean), axis=1)
    tilt = math.degrees(math.atan2(drift, abs(total))) if drift > least and total else 0.0
    return Line(n, positions, along, step, tuple(int(i) for i in uneven), tilt, bool(off.max() <= least))


def _median(values: NDArray[np.float64]) -> float:
    """Return what np.median does, which imports numpy.ma at its first use: 30 ms while the first image is wanted."""
    ordered = np.sort(values)
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def _one_place(whole: Draft) -> Draft:
    """Order images that all lie at one place by the first attribute that tells them all apart (a cine)."""
    for words in _words(whole.images):
        values = [dict(ref.plane.phase).get(words, "") for ref in whole.images]
        if len(set(values)) == len(values):
            order = sorted(range(len(values)), key=lambda i: _value_key(values[i]))
            return Draft([whole.images[i] for i in order], whole.line, notes=[words])
    return whole


def _copied(images: list[ImageRef]) -> bool:
    """Say whether some of these images are different contents under one SOP UID."""
    return len({(ref.header.sop_uid, ref.frame) for ref in images}) < len(images)


def _occurrences(places: NDArray[np.int64]) -> list[str]:
    """Return for each image whether it is the first, second ... at its place ("1", "2" ...)."""
    count: dict[int, int] = {}
    found = []
    for place in places.tolist():
        count[place] = count.get(place, 0) + 1
        found.append(str(count[place]))
    return found


def _split(images: list[ImageRef], places: NDArray[np.int64]) -> list[tuple[tuple[Phase, ...], list[ImageRef]]] | None:
    """Return the parts by the first attribute, or the first two, that leave no place twice in a part; None for none.

    Different contents under one identifier are told apart last, as copies.
    Parts of single images are no answer: an attribute that differs in every image explains nothing.
    """
    most = int(np.bincount(places).max())
    table = {words: [value for _, value in found] for words, found in _columns(images).items()}
    varying = [words for words, values in table.items() if len(set(values)) > 1]
    choices: list[tuple[str, ...]] = [(words,) for words in varying]
    choices += [(a, b) for a, b in itertools.combinations(varying, 2)]
    if _copied(images):
        table["copy"] = _occurrences(places)
        choices.append(("copy",))
    for choice in choices:
        keys = list(zip(*(table[words] for words in choice), strict=True))
        parts = len(set(keys))
        if parts != most and 2 * parts > len(images):
            continue
        if len(set(zip(keys, places.tolist(), strict=True))) == len(images):
            return _parts(images, choice, keys)
    return None


def _parts(
    images: list[ImageRef], choice: tuple[str, ...], keys: list[tuple[str, ...]]
) -> list[tuple[tuple[Phase, ...], list[ImageRef]]]:
    found: dict[tuple[str, ...], list[ImageRef]] = {}
    for ref, key in zip(images, keys, strict=True):
        found.setdefault(key, []).append(ref)
    ranked = sorted(found, key=lambda key: [_value_key(value) for value in key])
    return [(tuple(zip(choice, key, strict=True)), found[key]) for key in ranked]


def _words(images: list[ImageRef]) -> list[str]:
    """Return the names of attributes that some image has, in the order in which they are tried."""
    return list(dict.fromkeys(words for ref in images for words, _ in ref.plane.phase))


def _columns(images: list[ImageRef]) -> dict[str, list[Phase]]:
    """Return for each attribute its value in every image; last, for multi-frame objects, the object itself."""
    found = [dict(ref.plane.phase) for ref in images]
    columns = {words: [(words, values.get(words, "")) for values in found] for words in _words(images)}
    if any(len(ref.header.frames) > 1 for ref in images):
        columns["object"] = [("object", f"{ref.header.instance_number or 0} {ref.header.sop_uid}") for ref in images]
    return columns


def _value_key(value: str) -> tuple[bool, float, str]:
    """Sort numbers as numbers, before texts."""
    try:
        number = float(value.split("\\")[0].split(" ")[0])
    except ValueError:
        return True, 0.0, value
    return (False, number, value) if math.isfinite(number) else (True, 0.0, value)
