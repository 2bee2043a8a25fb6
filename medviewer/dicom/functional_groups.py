"""What differs from frame to frame: functional groups of enhanced objects, NM detectors, or one image's own attributes.

A group counts per frame first, then shared (PS3.3 C.7.6.16); the root of an enhanced object says nothing.
"""

import math
from dataclasses import dataclass

from medviewer.core.geometry import normal
from medviewer.core.study import FrameHeader, Orientation, Vector3
from medviewer.dicom import display
from medviewer.dicom.typed import Attributes

Phase = tuple[tuple[str, str], ...]

#: What may tell images at one position apart, in the order in which it is tried: (words, keyword).
PLAIN_PHASES = (
    ("temporal position", "TemporalPositionIdentifier"),
    ("trigger time", "TriggerTime"),
    ("echo", "EchoNumbers"),
    ("echo time", "EchoTime"),
    ("b value", "DiffusionBValue"),
    ("inversion time", "InversionTime"),
    ("energy", "KVP"),
    ("kernel", "ConvolutionKernel"),
    ("acquisition", "AcquisitionNumber"),
    ("image type", "ImageType"),
    ("contrast", "ContrastBolusAgent"),
    ("time", "ContentTime"),
    ("acquisition time", "AcquisitionTime"),
)
#: The same for enhanced objects: (words, group, keyword).
_FRAME_PHASES = (
    ("temporal position", "FrameContentSequence", "TemporalPositionIndex"),
    ("time offset", "TemporalPositionSequence", "TemporalPositionTimeOffset"),
    ("trigger time", "CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime"),
    ("echo time", "MREchoSequence", "EffectiveEchoTime"),
    ("b value", "MRDiffusionSequence", "DiffusionBValue"),
    ("frame type", "MRImageFrameTypeSequence", "FrameType"),
    ("component", "MRImageFrameTypeSequence", "ComplexImageComponent"),
    ("frame type", "CTImageFrameTypeSequence", "FrameType"),
    ("frame type", "PETFrameTypeSequence", "FrameType"),
    ("kernel", "CTReconstructionSequence", "ConvolutionKernel"),
    ("energy", "CTXRayDetailsSequence", "KVP"),
    ("acquisition", "FrameContentSequence", "FrameAcquisitionNumber"),
    ("time", "FrameContentSequence", "FrameAcquisitionDateTime"),
)
PER_FRAME, SHARED = "PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"


@dataclass(frozen=True)
class Frames:
    """The frames of one object, with what holds for all of them.

    Attributes:
        marks: sentences about windows that were changed or left out.
        thickness: mm, of the first frame.
        rescale_type: one for all frames, "" where they differ.
        rescaled: every frame states a slope and an intercept.
    """

    headers: tuple[FrameHeader, ...]
    marks: tuple[str, ...]
    thickness: float | None
    rescale_type: str
    rescaled: bool


def frames(at: Attributes, count: int) -> Frames:
    """Return `count` frames of an object (lengths mm, LPS)."""
    if at.has(PER_FRAME) or at.has(SHARED):
        return _enhanced(at, count)
    plain, marks = _plain(at)
    headers = _nuclear(at, plain, count) if at.has("DetectorInformationSequence") else (plain,) * count
    thickness = at.number("SliceThickness", least=0)
    rescaled = at.number("RescaleSlope") is not None and at.number("RescaleIntercept") is not None
    return Frames(headers, marks, thickness, at.code("RescaleType"), rescaled)


def position(at: Attributes) -> Vector3 | None:
    """Return ImagePositionPatient, or None where it is absent or no place in a room."""
    values = at.numbers("ImagePositionPatient", 3)
    return (values[0], values[1], values[2]) if values and all(abs(v) < 1e6 for v in values) else None


def orientation(at: Attributes) -> Orientation | None:
    """Return ImageOrientationPatient, or None where its two directions are not unit and square to each other."""
    v = at.numbers("ImageOrientationPatient", 6)
    if not v:
        return None
    row, column = v[:3], v[3:]
    good = all(abs(math.hypot(*axis) - 1) < 0.01 for axis in (row, column))
    if not good or abs(sum(a * b for a, b in zip(row, column, strict=True))) > 0.01:
        return None
    return v[0], v[1], v[2], v[3], v[4], v[5]


def _plain(at: Attributes) -> tuple[FrameHeader, tuple[str, ...]]:
    voi, marks = display.windows(at)
    slope, intercept = _rescale(at)
    phase = tuple((words, at.plain(keyword)) for words, keyword in PLAIN_PHASES if at.plain(keyword))
    header = FrameHeader(
        position=position(at),
        orientation=orientation(at),
        spacing=display.pair(at, "PixelSpacing"),
        slope=slope,
        intercept=intercept,
        windows=voi,
        temporal=dict(phase).get("temporal position", ""),
        phase=phase,
    )
    return header, marks


def _rescale(at: Attributes) -> tuple[float, float]:
    slope, intercept = at.number("RescaleSlope"), at.number("RescaleIntercept")
    return slope or 1.0, intercept if intercept is not None else 0.0


def _nuclear(at: Attributes, plain: FrameHeader, count: int) -> tuple[FrameHeader, ...]:
    """Return NM frames: reconstructed slices lie along the normal, SpacingBetweenSlices signed (PS3.3 C.8.4.15)."""
    detector = at.item("DetectorInformationSequence")
    step = at.number("SpacingBetweenSlices")
    start, direction = (position(detector), orientation(detector)) if detector else (None, None)
    if start is None or direction is None or not step or "RECON TOMO" not in at.codes("ImageType"):
        return (plain,) * count
    n = normal(direction)
    return tuple(
        FrameHeader(
            position=(
                start[0] + step * i * float(n[0]),
                start[1] + step * i * float(n[1]),
                start[2] + step * i * float(n[2]),
            ),
            orientation=direction,
            spacing=plain.spacing,
            slope=plain.slope,
            intercept=plain.intercept,
            windows=plain.windows,
        )
        for i in range(count)
    )


class _Groups:
    """The functional groups that hold for one frame; shared ones are looked up once."""

    def __init__(self, shared: Attributes | None) -> None:
        self._shared = shared
        self._cache: dict[str, Attributes | None] = {}
        self.frame: Attributes | None = None

    def get(self, sequence: str) -> Attributes | None:
        own = self.frame.item(sequence) if self.frame else None
        if own is not None:
            return own
        if sequence not in self._cache:
            self._cache[sequence] = self._shared.item(sequence) if self._shared else None
        return self._cache[sequence]


def _enhanced(at: Attributes, count: int) -> Frames:
    per_frame = at.items(PER_FRAME)[:count]
    groups = _Groups(at.item(SHARED))
    headers, types, rescaled = [], set(), True
    marks: set[str] = set()
    thickness = None
    for i in range(count):
        groups.frame = per_frame[i] if i < len(per_frame) else None
        header, own_marks = _frame(groups)
        headers.append(header)
        marks.update(own_marks)
        values = groups.get("PixelValueTransformationSequence")
        types.add(values.code("RescaleType") if values else "")
        rescaled = rescaled and values is not None and values.number("RescaleSlope") is not None
        if not i:
            measures = groups.get("PixelMeasuresSequence")
            thickness = measures.number("SliceThickness", least=0) if measures else None
    rescale_type = types.pop() if len(types) == 1 else "US"
    return Frames(tuple(headers), tuple(sorted(marks)), thickness, rescale_type, rescaled)


def _frame(groups: _Groups) -> tuple[FrameHeader, tuple[str, ...]]:
    place, plane = groups.get("PlanePositionSequence"), groups.get("PlaneOrientationSequence")
    measures, values = groups.get("PixelMeasuresSequence"), groups.get("PixelValueTransformationSequence")
    voi, content = groups.get("FrameVOILUTSequence"), groups.get("FrameContentSequence")
    windows, marks = display.windows(voi) if voi else ((), ())
    slope, intercept = _rescale(values) if values else (1.0, 0.0)
    phase = _frame_phase(groups)
    header = FrameHeader(
        position=position(place) if place else None,
        orientation=orientation(plane) if plane else None,
        spacing=display.pair(measures, "PixelSpacing") if measures else None,
        slope=slope,
        intercept=intercept,
        windows=windows,
        stack_id=content.text("StackID") if content else "",
        temporal=dict(phase).get("temporal position", ""),
        phase=phase,
    )
    return header, marks


def _frame_phase(groups: _Groups) -> Phase:
    found = []
    for words, sequence, keyword in _FRAME_PHASES:
        group = groups.get(sequence)
        if group is None:
            continue
        numbers = group.listed(keyword)
        text = f"{numbers[0]:g}" if numbers and numbers[0] is not None else group.plain(keyword)
        if text:
            found.append((words, text))
    return tuple(found)
