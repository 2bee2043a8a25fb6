"""The contract's warning codes for one stack, each with a sentence and the files it is about. No pydicom.

Sentences name files by their base name only, and never the patient.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise

from medviewer.core.study import ImageHeader, SpacingKind, Warning_
from medviewer.dicom.stacks import Draft, placed

#: Modalities whose images have no position in the patient; their order by number is all there is.
WITHOUT_POSITION = frozenset(
    ("CR", "DX", "MG", "IO", "PX", "RG", "XA", "RF", "US", "IVUS", "ES", "XC", "GM", "SM", "OP", "DG", "TG")
)
#: Modalities whose single images should have a position, too.
_CROSS_SECTIONAL = ("CT", "MR", "PT", "NM")
_MOST_GAPS = 20


def remarks(draft: Draft, series: list[Draft], doubled: frozenset[str]) -> tuple[Warning_, ...]:
    """Return the warnings of one stack; `series` are all stacks of its series, `doubled` SOP UIDs of two contents."""
    headers = list({id(ref.header): ref.header for ref in draft.images}.values())
    found = [*_of_geometry(draft), *_of_series(draft, series), *_of_files(headers, doubled)]
    if len({(ref.plane.slope, ref.plane.intercept) for ref in draft.images}) > 1:
        text = "Slope and intercept differ between images; each image's own are used."
        found.append(Warning_("rescale_varies", text))
    return tuple(found)


def _base(label: str) -> str:
    return label.rsplit("/", 1)[-1]


def _labels(headers: Iterable[ImageHeader]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(header.label for header in headers))


def _of_geometry(draft: Draft) -> list[Warning_]:
    line, found = draft.line, []
    if line is None:
        if _lacks_position(draft):
            text = "No position in the file: the order was not verified."
            found.append(Warning_("no_geometry", text, _labels(ref.header for ref in draft.images)))
        return found
    if line.repeated:
        found.append(_repeated(draft, line.repeated))
    found += _gaps(draft)
    if not line.straight:
        found.append(Warning_("tilted", "The slices are shifted against each other; no volume is made of them."))
    elif line.tilt > 0.5:
        text = f"The stack is sheared by {line.tilt:.1f} degrees (gantry tilt)."
        found.append(Warning_("tilted", text))
    if _number_differs(draft):
        text = "The files' own numbers follow another order; the images are ordered by position."
        found.append(Warning_("instance_order_differs", text))
    return found


def _lacks_position(draft: Draft) -> bool:
    """Say whether a missing position is worth a word: not for films and projections, nor for one captured picture."""
    first = draft.images[0].header
    if first.film or first.modality in WITHOUT_POSITION:
        return False
    return first.modality in _CROSS_SECTIONAL or any(ref.header is not first for ref in draft.images)


def _repeated(draft: Draft, at: tuple[int, ...]) -> Warning_:
    files = _labels(draft.images[j].header for i in at for j in (i, i + 1))
    if draft.notes:
        return Warning_(
            "duplicate_position", f"All images lie at one place; they are ordered by {draft.notes[0]}.", files
        )
    return Warning_(
        "duplicate_position",
        f"{len(at)} {'image lies' if len(at) == 1 else 'images lie'} at the place of another, and nothing in the "
        "files tells which belong together.",
        files,
    )


def _gaps(draft: Draft) -> list[Warning_]:
    line = draft.line
    assert line is not None
    found = []
    for i in line.uneven[:_MOST_GAPS]:
        before, after = draft.images[i].header.label, draft.images[i + 1].header.label
        step = float(line.along[i + 1] - line.along[i])
        between = f"between {_base(before)} and {_base(after)}"
        if step > 1.5 * line.step:
            text = f"Slices are missing {between}: {step:.2f} mm where {line.step:.2f} mm was expected."
        else:
            text = f"The spacing is not uniform {between}: {step:.2f} mm where {line.step:.2f} mm was expected."
        found.append(Warning_("gap", text, (before, after)))
    if len(line.uneven) > _MOST_GAPS:
        found.append(Warning_("gap", f"The spacing is not uniform at {len(line.uneven) - _MOST_GAPS} more places."))
    return found


def _number_differs(draft: Draft) -> bool:
    numbers = [ref.header.instance_number for ref in draft.images if len(ref.header.frames) == 1]
    known = [number for number in numbers if number is not None]
    if len(known) < 3 or len(known) != len(draft.images):
        return False
    rising = all(a <= b for a, b in pairwise(known))
    return not rising and not all(a >= b for a, b in pairwise(known))


def _of_series(draft: Draft, series: list[Draft]) -> list[Warning_]:
    found = []
    others = [other for other in series if other.line is not None and draft.line is not None]
    if any(
        abs(float(other.line.normal @ draft.line.normal)) < 0.9999985 for other in others if other.line and draft.line
    ):
        text = "This series mixes orientations; each is a stack of its own."
        found.append(Warning_("mixed_orientation", text))
    spacings = {_spacing(other) for other in series if placed(other.images[0]) == placed(draft.images[0])}
    if len(spacings) > 1:
        found.append(Warning_("mixed_spacing", "This series mixes pixel spacings; each is a stack of its own."))
    return found


def _spacing(draft: Draft) -> tuple[str, ...]:
    return tuple(f"{v:.4g}" for v in draft.images[0].plane.spacing or ())


#: (code, sentence, which files it is about).
_FILE_REMARKS: tuple[tuple[str, str, Callable[[ImageHeader], bool]], ...] = (
    (
        "spacing_at_detector",
        "Lengths are at the detector, not in the patient.",
        lambda h: h.spacing_kind is SpacingKind.DETECTOR,
    ),
    (
        "spacing_unknown",
        "No spacing in the file: lengths are in pixels.",
        lambda h: h.spacing_kind is SpacingKind.UNKNOWN,
    ),
    ("truncated", "The file ends before its pixels do.", lambda h: h.truncated),
    ("lossy", "Compressed with loss.", lambda h: h.lossy),
    ("burned_in", "The file says that text is burned into the picture.", lambda h: h.burned_in == "YES"),
    ("charset", "Some text does not fit the declared character set; it may read wrong.", lambda h: h.charset_doubt),
)


def _of_files(headers: list[ImageHeader], doubled: frozenset[str]) -> list[Warning_]:
    found = []
    for code, text, applies in _FILE_REMARKS:
        concerned = [header for header in headers if applies(header)]
        if concerned:
            found.append(Warning_(code, text, _labels(concerned)))
    if len({_pixels(header) for header in headers}) > 1:
        found.append(
            Warning_("inconsistent_pixels", "The images store their pixels in different ways (bits, sign, unit).")
        )
    same = [header for header in headers if header.sop_uid in doubled]
    if same:
        text = "Files carry the same image identifier but differ; all are shown."
        found.append(Warning_("inconsistent_pixels", text, _labels(same)))
    return found


def _pixels(header: ImageHeader) -> tuple[object, ...]:
    return header.bits_allocated, header.bits_stored, header.signed, header.unit, header.modality_lut
