"""How pixels are meant to be read: windows, padding, unit, spacing and its kind, as the header states them."""

from typing import TYPE_CHECKING

from medviewer.core.intensity import Window
from medviewer.core.study import SpacingKind
from medviewer.dicom.sop_classes import Kind

if TYPE_CHECKING:
    from medviewer.dicom.typed import Attributes

Spacing = tuple[float, float]
_FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
SMALL_WINDOW = "A window narrower than 1 was read as LINEAR_EXACT."
BAD_WINDOW = "A window of this file makes no sense and was left out."
CALIBRATION_UNKNOWN = "Calibration unknown: lengths are in pixels."


def windows(at: "Attributes") -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """Return the usable VOI windows in the file's order, and sentences about the others (PS3.3 C.11.2.1.2).

    LINEAR needs a width of at least 1, the other functions more than 0; a narrower LINEAR one becomes LINEAR_EXACT.
    """
    centers, widths = at.listed("WindowCenter"), at.listed("WindowWidth")
    names = at.text("WindowCenterWidthExplanation").split("\\")
    function = at.code("VOILUTFunction")
    function = function if function in _FUNCTIONS else "LINEAR"
    kept, marks = [], set()
    if len(centers) != len(widths):
        marks.add(BAD_WINDOW)
    for i, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if center is None or width is None or width <= 0 or abs(center) > 1e30 or width > 1e30:
            marks.add(BAD_WINDOW)
            continue
        own = function
        if own == "LINEAR" and width < 1:
            own = "LINEAR_EXACT"
            marks.add(SMALL_WINDOW)
        kept.append(Window(center, width, own, names[i].strip() if i < len(names) else ""))
    return tuple(kept), tuple(sorted(marks))


def padding(at: "Attributes", bits: int, signed: bool) -> tuple[int, int] | None:
    """Return the inclusive range of stored values that are padding, in the pixels' own sign (PS3.3 C.7.5.1.1.2)."""
    value = at.integer("PixelPaddingValue")
    if value is None or bits not in (8, 16, 32):
        return None
    other = at.integer("PixelPaddingRangeLimit")
    ends = sorted(_wrapped(v, bits, signed) for v in (value, value if other is None else other))
    return ends[0], ends[1]


def _wrapped(value: int, bits: int, signed: bool) -> int:
    """Return a value written with the wrong sign (US for signed pixels) as the pixels hold it."""
    value %= 1 << bits
    return value - (1 << bits) if signed and value >= 1 << (bits - 1) else value


def unit(at: "Attributes", modality: str, image_type: tuple[str, ...], rescale_type: str, rescaled: bool) -> str:
    """Return "HU", a PET unit, or "" where the file proves none (PS3.3 C.11.1.1.2, C.8.9.1.1.3)."""
    if modality == "PT":
        return at.code("Units")
    if modality != "CT" or "LOCALIZER" in image_type or not rescaled:
        return ""
    if rescale_type:
        return "HU" if rescale_type == "HU" else ""
    return "HU" if image_type[:1] == ("ORIGINAL",) else ""


def spacing(
    at: "Attributes", kind: Kind | None, measured: Spacing | None, placed: bool
) -> tuple[Spacing | None, SpacingKind, str]:
    """Return (spacing mm, its kind, a sentence or "") for one image (PS3.3 10.7.1).

    `measured` is PixelSpacing (root or functional groups), `placed` says whether the image has a position.
    A projection's PixelSpacing that no ImagerPixelSpacing and no calibration type explains proves no length.
    """
    if kind is Kind.CROSS_SECTION or (placed and kind is not Kind.PROJECTION):
        return (measured, SpacingKind.PATIENT, "") if measured else (None, SpacingKind.UNKNOWN, "")
    if kind is Kind.ULTRASOUND:
        if measured and not at.has("SequenceOfUltrasoundRegions"):
            return measured, SpacingKind.PATIENT, ""
        return None, SpacingKind.UNKNOWN, ""
    imager = pair(at, "ImagerPixelSpacing") or pair(at, "ImagePlanePixelSpacing")
    if measured and (at.code("PixelSpacingCalibrationType") or (imager and not _same(measured, imager))):
        return measured, SpacingKind.CALIBRATED, ""
    if imager:
        return imager, SpacingKind.DETECTOR, ""
    if nominal := pair(at, "NominalScannedPixelSpacing"):
        return nominal, SpacingKind.NOMINAL, ""
    return None, SpacingKind.UNKNOWN, CALIBRATION_UNKNOWN if measured else ""


def pair(at: "Attributes", keyword: str) -> Spacing | None:
    """Return (between rows, between columns) mm, both positive and sane, or None."""
    values = at.numbers(keyword, 2)
    return (values[0], values[1]) if values and all(1e-6 < v < 1e4 for v in values) else None


def aspect(at: "Attributes", measured: Spacing | None) -> tuple[int, int] | None:
    """Return PixelAspectRatio (vertical, horizontal), or that of a spacing that proves no length; None for square."""
    values = at.numbers("PixelAspectRatio", 2)
    if values and all(v == int(v) and 1 <= v < 1e6 for v in values):
        return (int(values[0]), int(values[1])) if values[0] != values[1] else None
    if measured and not _same((measured[0], measured[0]), (measured[1], measured[1])):
        return round(measured[0] * 10_000), round(measured[1] * 10_000)
    return None


def _same(one: Spacing, other: Spacing) -> bool:
    return all(abs(a - b) <= 1e-3 * max(a, b) for a, b in zip(one, other, strict=True))
