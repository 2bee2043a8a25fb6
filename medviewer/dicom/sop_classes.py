"""SOP classes: which are images, of what kind, and words for the rest (PS3.4 B.5, PS3.3 annex A). No pydicom here."""

from dataclasses import dataclass
from enum import StrEnum

STORAGE = "1.2.840.10008.5.1.4.1.1."
DICOMDIR = "1.2.840.10008.1.3.10"


class Kind(StrEnum):
    """How a class is treated; the four images differ in what their geometry and spacing mean."""

    CROSS_SECTION = "cross-section"  # Image Plane module or functional groups: mm in the patient
    PROJECTION = "projection"  # spacing at the detector unless calibrated; no position in the patient
    ULTRASOUND = "ultrasound"  # spacing by region
    CAPTURE = "capture"  # secondary capture and visible light: pixels, unless the file says more
    DERIVED = "derived_object"
    DOCUMENT = "encapsulated_document"
    NO_PIXELS = "no_pixels"

    @property
    def image(self) -> bool:
        return self in (Kind.CROSS_SECTION, Kind.PROJECTION, Kind.ULTRASOUND, Kind.CAPTURE)


@dataclass(frozen=True)
class SopClass:
    """One class; `name` fits into "IM1.dcm is a ... ." for those that are not shown."""

    uid: str
    name: str
    kind: Kind


_CROSS = {
    "2": "CT image",
    "2.1": "enhanced CT image",
    "2.2": "legacy converted enhanced CT image",
    "4": "MR image",
    "4.1": "enhanced MR image",
    "4.3": "enhanced MR colour image",
    "4.4": "legacy converted enhanced MR image",
    "128": "PET image",
    "128.1": "legacy converted enhanced PET image",
    "130": "enhanced PET image",
    "20": "nuclear medicine image",
    "13.1.1": "3-D X-ray angiographic image",
    "13.1.2": "3-D craniofacial X-ray image",
    "13.1.3": "breast tomosynthesis image",
    "6.2": "enhanced ultrasound volume",
    "77.1.5.4": "ophthalmic tomography image",
}
_PROJECTION = {
    "1": "computed radiography image",
    "1.1": "digital X-ray image",
    "1.1.1": "digital X-ray image (for processing)",
    "1.2": "digital mammography image",
    "1.2.1": "digital mammography image (for processing)",
    "1.3": "intra-oral X-ray image",
    "1.3.1": "intra-oral X-ray image (for processing)",
    "12.1": "X-ray angiographic image",
    "12.1.1": "enhanced X-ray angiographic image",
    "12.2": "X-ray fluoroscopic image",
    "12.2.1": "enhanced X-ray fluoroscopic image",
    "12.3": "X-ray angiographic bi-plane image",
    "13.1.4": "breast projection image",
    "13.1.5": "breast projection image (for processing)",
    "481.1": "radiotherapy image",
}
_ULTRASOUND = {
    "6.1": "ultrasound image",
    "6": "ultrasound image (retired)",
    "3.1": "ultrasound multi-frame image",
    "3": "ultrasound multi-frame image (retired)",
    "14.1": "intravascular OCT image",
    "14.2": "intravascular OCT image (for processing)",
}
_CAPTURE = {
    "7": "secondary capture",
    "7.1": "multi-frame single-bit secondary capture",
    "7.2": "multi-frame greyscale byte secondary capture",
    "7.3": "multi-frame greyscale word secondary capture",
    "7.4": "multi-frame true colour secondary capture",
    "77.1.1": "endoscopic image",
    "77.1.2": "microscopic image",
    "77.1.3": "slide-coordinates microscopic image",
    "77.1.4": "photographic image",
    "77.1.5.1": "ophthalmic photograph (8 bit)",
    "77.1.5.2": "ophthalmic photograph (16 bit)",
    "77.1.7": "dermoscopic photograph",
    "77.1.1.1": "endoscopic video",
    "77.1.2.1": "microscopic video",
    "77.1.4.1": "photographic video",
}
_DERIVED = {
    "66.4": "segmentation (SEG)",
    "66.7": "label map segmentation (SEG)",
    "66.8": "height map segmentation",
    "66.5": "surface segmentation",
    "66.6": "set of tracts",
    "66.1": "spatial registration",
    "66.3": "deformable registration",
    "66.2": "set of fiducial points",
    "66": "raw data object",
    "30": "parametric map",
    "67": "real world value mapping",
    "68.1": "surface scan mesh",
    "68.2": "surface scan point cloud",
    "77.1.6": "whole-slide microscopy image",
    "77.1.5.3": "set of stereometric relations",
    "91.1": "set of microscopy annotations",
    "11.1": "greyscale presentation state",
    "11.2": "colour presentation state",
    "11.3": "pseudo-colour presentation state",
    "11.4": "blending presentation state",
    "88.11": "text report (SR)",
    "88.22": "enhanced report (SR)",
    "88.33": "comprehensive report (SR)",
    "88.34": "comprehensive 3-D report (SR)",
    "88.35": "extensible report (SR)",
    "88.40": "procedure log",
    "88.50": "mammography CAD report",
    "88.59": "key object selection (KO)",
    "88.65": "chest CAD report",
    "88.67": "X-ray dose report",
    "88.68": "radiopharmaceutical dose report",
    "88.69": "colon CAD report",
    "481.2": "radiotherapy dose (RTDOSE)",
    "481.3": "radiotherapy structure set (RTSTRUCT)",
    "481.4": "radiotherapy treatment record",
    "481.5": "radiotherapy plan (RTPLAN)",
    "481.8": "radiotherapy ion plan",
    "4.2": "MR spectroscopy",
}
_DOCUMENTS = {
    "104.1": "PDF document",
    "104.2": "clinical document (CDA)",
    "104.3": "3-D model (STL)",
    "104.4": "3-D model (OBJ)",
    "104.5": "material of a 3-D model (MTL)",
}
_OTHERS = {
    "1.2.840.10008.5.1.4.39.1": "colour palette",
    "1.2.840.10008.5.1.4.38.1": "hanging protocol",
    DICOMDIR: "list of the files on a medium (DICOMDIR)",
}
#: Families whose members are too many to list, by the start of the UID after STORAGE.
_FAMILIES = (
    ("9.", "waveform (ECG, sound or other signal)", Kind.NO_PIXELS),
    ("11.", "presentation state", Kind.DERIVED),
    ("88.", "structured report (SR)", Kind.DERIVED),
    ("481.", "radiotherapy object", Kind.DERIVED),
    ("104.", "document", Kind.DOCUMENT),
)

SOP_CLASSES: dict[str, SopClass] = {
    STORAGE + tail: SopClass(STORAGE + tail, name, kind)
    for names, kind in (
        (_CROSS, Kind.CROSS_SECTION),
        (_PROJECTION, Kind.PROJECTION),
        (_ULTRASOUND, Kind.ULTRASOUND),
        (_CAPTURE, Kind.CAPTURE),
        (_DERIVED, Kind.DERIVED),
        (_DOCUMENTS, Kind.DOCUMENT),
    )
    for tail, name in names.items()
} | {uid: SopClass(uid, name, Kind.NO_PIXELS) for uid, name in _OTHERS.items()}


def sop_class(uid: str) -> SopClass | None:
    """Return the class of a UID, by its family where it has no row of its own; None for an unknown one."""
    if uid in SOP_CLASSES:
        return SOP_CLASSES[uid]
    tail = uid.removeprefix(STORAGE)
    for start, name, kind in _FAMILIES:
        if tail != uid and tail.startswith(start):
            return SopClass(uid, name, kind)
    return None
