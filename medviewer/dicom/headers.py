"""One file to one `ImageHeader`, or the reason why there is no picture. Reader process only; never raises for a file.

What is read here is exactly what the window needs; the pixels stay where they are.
"""

import hashlib
import re
import warnings
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from medviewer.core.study import FrameHeader, ImageHeader, Patient, Skipped
from medviewer.dicom import display, functional_groups, limits, stored
from medviewer.dicom.files import Refused, Source, file_size, open_regular
from medviewer.dicom.functional_groups import Frames
from medviewer.dicom.parse import Parsed, parse
from medviewer.dicom.sop_classes import DICOMDIR, Kind, SopClass, sop_class
from medviewer.dicom.syntaxes import SYNTAXES, syntax_name
from medviewer.dicom.typed import PARSE_ERRORS, Attributes, tag

_CALIBRATION = "PixelSpacing PixelSpacingCalibrationType ImagerPixelSpacing ImagePlanePixelSpacing"
_KEYWORDS = f"""
SpecificCharacterSet ImageType SOPClassUID SOPInstanceUID StudyDate SeriesDate StudyTime ContentTime AcquisitionTime
Modality PresentationIntentType Manufacturer ManufacturerModelName StudyDescription SeriesDescription
PatientName PatientID IssuerOfPatientID PatientBirthDate PatientSex PatientAge
BodyPartExamined KVP SliceThickness RepetitionTime EchoTime InversionTime EchoNumbers DiffusionBValue TriggerTime
ContrastBolusAgent ConvolutionKernel XRayTubeCurrent FrameTime ViewPosition SpacingBetweenSlices
StudyInstanceUID SeriesInstanceUID SeriesNumber AcquisitionNumber InstanceNumber PatientOrientation
ImagePositionPatient ImageOrientationPatient FrameOfReferenceUID Laterality ImageLaterality TemporalPositionIdentifier
SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames Rows Columns PixelAspectRatio
BitsAllocated BitsStored HighBit PixelRepresentation BurnedInAnnotation PixelPaddingValue PixelPaddingRangeLimit
{_CALIBRATION} NominalScannedPixelSpacing WindowCenter WindowWidth WindowCenterWidthExplanation VOILUTFunction
RescaleIntercept RescaleSlope RescaleType LossyImageCompression LossyImageCompressionRatio
ModalityLUTSequence VOILUTSequence Units PresentationLUTShape SequenceOfUltrasoundRegions DetectorInformationSequence
SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence RequestedProcedurePriority RequestAttributesSequence
""".split()
TAGS = frozenset(tag(keyword) for keyword in _KEYWORDS)
#: What `dicom.phantom` writes into SeriesDescription's prefix; no other program would.
SYNTHETIC = "medviewer synthetic"
_DIRECTION = re.compile(r"[LRAPHF]{1,3}")

UNKNOWN_CLASS = "Unknown kind of object: shown as plain images."
FOR_PROCESSING = "For processing: not meant for reading."
MOSAIC = "A mosaic of many slices: its position is not used."
INVERSE_CONTRADICTS = "The file asks for inverted greys although it is MONOCHROME2: shown inverted."


def read_header(source: Source) -> ImageHeader | Skipped:
    """Return what a file says about its pictures, or why it is left out (a skip code of the contract).

    Takes DICOM with or without preamble and meta header, and films (PNG, JPEG, TIFF) by content.
    """
    try:
        with warnings.catch_warnings(), open_regular(source.path) as file:
            warnings.simplefilter("ignore")  # pydicom's words may carry patient data
            head = file.read(256)
            file.seek(0)
            if is_film(head):
                from medviewer.dicom.films import film_header

                return film_header(source, file)
            return _read(source, file)
    except Refused as no:
        return source.skipped(no.code, no.text)
    except PARSE_ERRORS:
        return source.skipped(
            "unreadable", "{name} is damaged: its header makes no sense. Ask the sender for it again."
        )


def is_film(head: bytes) -> bool:
    """Say whether a file's first 256 bytes are those of a PNG, JPEG or TIFF (and not of a DICOM file in disguise)."""
    if head[128:132] == b"DICM":
        return False
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*"))


def digest(file: BinaryIO) -> str:
    """Return a short hash of a file's size and content; of samples of the content where it is larger than 256 KiB."""
    size, at = file_size(file), file.tell()
    found = hashlib.blake2b(str(size).encode(), digest_size=12)
    if size <= 256 * 1024:
        file.seek(0)
        found.update(file.read(256 * 1024))
    else:
        for i in range(16):
            file.seek((size - 4096) * i // 15)
            found.update(file.read(4096))
    file.seek(at)
    return found.hexdigest()


def _read(source: Source, file: BinaryIO) -> ImageHeader | Skipped:
    parsed = parse(file, TAGS)
    at = Attributes(parsed.dataset)
    uid = at.uid("SOPClassUID") or parsed.media_class
    known = sop_class(uid)
    if known and not known.kind.image:
        return _not_an_image(source, known)
    if parsed.pixels is None:
        if parsed.cut:
            raise Refused("unreadable", "{name} is cut short before its pixels. Ask the sender for it again.")
        return source.skipped("no_pixels", f"{{name}} is {_a(known.name if known else 'DICOM object')} without pixels.")
    size = stored.layout(at, parsed.pixels)
    syntax, marks = stored.syntax_of(parsed)
    if syntax not in SYNTAXES:
        name = syntax_name(syntax)
        return source.skipped(
            "unsupported_syntax",
            f"{{name}} uses a compression we cannot open ({name}). Ask the sender for another export.",
        )
    found = functional_groups.frames(at, size.frames)
    draft = _Draft(source, at, uid, known.kind if known else None, found, list(parsed.marks + marks + found.marks))
    if known is None:
        draft.marks.append(UNKNOWN_CLASS)
    return _header(draft, parsed, size, syntax, digest(file))


def _not_an_image(source: Source, known: SopClass) -> Skipped:
    if known.uid == DICOMDIR:
        text = f"{{name}} is {_a(known.name)}; open the folder it lies in."
    elif known.kind is Kind.DERIVED:
        text = f"{{name}} is {_a(known.name)}, which is not shown as a picture of its own."
    else:
        text = f"{{name}} is {_a(known.name)}, not an image."
    return source.skipped(known.kind.value, text)


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeioM' else 'a'} {name}"


@dataclass
class _Draft:
    """What the parts of a header are made from."""

    source: Source
    at: Attributes
    sop_class: str
    kind: Kind | None
    found: Frames
    marks: list[str] = field(default_factory=list)


def _header(draft: _Draft, parsed: Parsed, size: stored.Layout, syntax: str, digest_: str) -> ImageHeader:
    at = draft.at
    image_type = at.codes("ImageType")
    modality = at.code("Modality")
    frames, where = _placed(draft, image_type)
    patient = _patient(at)
    shape = at.code("PresentationLUTShape")
    photometric = at.code("PhotometricInterpretation") or ("RGB" if size.samples == 3 else "MONOCHROME2")
    if shape == "INVERSE" and photometric == "MONOCHROME2":
        draft.marks.append(INVERSE_CONTRADICTS)
    if at.code("PresentationIntentType") == "FOR PROCESSING":
        draft.marks.append(FOR_PROCESSING)
    described: dict[str, Any] = {**where, **_identity(at, digest_), **_acquisition(at), **_loss(at, syntax)}
    unit = display.unit(at, modality, image_type, draft.found.rescale_type, draft.found.rescaled)
    return ImageHeader(
        path=draft.source.path,
        label=draft.source.label,
        sop_class=draft.sop_class,
        transfer_syntax=syntax,
        modality=modality,
        rows=size.rows,
        columns=size.columns,
        samples=size.samples,
        photometric=photometric,
        bits_allocated=size.allocated,
        bits_stored=size.stored,
        high_bit=size.high_bit,
        signed=size.signed,
        planar=size.planar,
        padding=display.padding(at, size.allocated, size.signed),
        modality_lut=bool(at.items("ModalityLUTSequence")),
        voi_lut=bool(at.items("VOILUTSequence")),
        presentation_inverse=shape == "INVERSE",
        unit="" if at.items("ModalityLUTSequence") else unit,
        frames=frames,
        patient=patient,
        priority=_priority(at),
        image_type=image_type,
        slice_thickness=draft.found.thickness or None,
        truncated=stored.truncated(parsed, size),
        charset_doubt=at.charset.doubtful,
        digest=digest_,
        marks=tuple(dict.fromkeys(draft.marks)),
        **described,
    )


def _placed(draft: _Draft, image_type: tuple[str, ...]) -> tuple[tuple[FrameHeader, ...], dict[str, Any]]:
    """Return the frames with the geometry and spacing that this kind of image can have, and what goes with them."""
    at, kind = draft.at, draft.kind
    headers = draft.found.headers
    first = headers[0]
    projected = kind in (Kind.PROJECTION, Kind.ULTRASOUND)
    mosaic = "MOSAIC" in image_type and not at.has(functional_groups.PER_FRAME)
    if mosaic:
        draft.marks.append(MOSAIC)
    placed = not projected and first.position is not None and first.orientation is not None
    measured, spacing_kind, mark = display.spacing(at, kind, first.spacing, placed)
    if mark:
        draft.marks.append(mark)
    keep_place, keep_spacing = not projected and not mosaic, measured == first.spacing
    if not (keep_place and keep_spacing):
        changed: dict[FrameHeader, FrameHeader] = {}
        for header in set(headers):
            values = dict(vars(header))
            if not keep_place:
                values |= {"position": None, "orientation": None}
            if not keep_spacing:
                values["spacing"] = measured
            changed[header] = FrameHeader(**values)
        headers = tuple(changed[header] for header in headers)
    return headers, {
        "spacing_kind": spacing_kind,
        "aspect": None if measured else display.aspect(at, first.spacing),
        "frame_of_reference": at.uid("FrameOfReferenceUID") if keep_place else "",
        "patient_orientation": _patient_orientation(at),
    }


def _patient_orientation(at: Attributes) -> tuple[str, str] | None:
    values = at.codes("PatientOrientation")
    return (values[0], values[1]) if len(values) == 2 and all(_DIRECTION.fullmatch(v) for v in values) else None


def _patient(at: Attributes) -> Patient:
    return Patient(
        name=at.person("PatientName"),
        id=at.text("PatientID"),
        birth_date=at.date("PatientBirthDate"),
        sex=at.code("PatientSex"),
        age=at.code("PatientAge"),
        issuer=at.text("IssuerOfPatientID"),
    )


def _priority(at: Attributes) -> str:
    """Return how soon the order wants it, as the image or one of the requests that it answers says (PS3.3 C.4.11)."""
    said = [part.code("RequestedProcedurePriority") for part in (at, *at.items("RequestAttributesSequence"))]
    return next((word for word in ("STAT", "HIGH") if word in said), next(filter(None, said), ""))


def _identity(at: Attributes, digest_: str) -> dict[str, Any]:
    description = at.text("SeriesDescription")
    return {
        "sop_uid": at.uid("SOPInstanceUID") or f"file:{digest_}",
        "study_uid": at.uid("StudyInstanceUID"),
        "series_uid": at.uid("SeriesInstanceUID") or f"file:{digest_}",
        "instance_number": at.integer("InstanceNumber"),
        "series_number": at.integer("SeriesNumber"),
        "acquisition_number": at.integer("AcquisitionNumber"),
        "content_time": at.time("ContentTime", fraction=True),
        "study_date": at.date("StudyDate") or at.date("SeriesDate"),
        "study_time": at.time("StudyTime"),
        "study_description": at.text("StudyDescription"),
        "series_description": description,
        "synthetic": at.text("Manufacturer").startswith("medviewer") or description.startswith(SYNTHETIC),
    }


def _acquisition(at: Attributes) -> dict[str, Any]:
    frame_time = at.number("FrameTime", least=0)
    return {
        "body_part": at.code("BodyPartExamined"),
        "view_position": at.code("ViewPosition"),
        "laterality": at.code("ImageLaterality") or at.code("Laterality"),
        "kvp": at.number("KVP", least=0),
        "tube_current": at.number("XRayTubeCurrent", least=0),
        "repetition_time": at.number("RepetitionTime", least=0),
        "echo_time": at.number("EchoTime", least=0),
        "frame_time": frame_time or None,
        "kernel": at.text("ConvolutionKernel"),
        "manufacturer": at.text("Manufacturer"),
        "model_name": at.text("ManufacturerModelName"),
        "burned_in": at.code("BurnedInAnnotation") if at.code("BurnedInAnnotation") in ("YES", "NO") else "",
    }


def _loss(at: Attributes, syntax: str) -> dict[str, Any]:
    """Return whether pixels were compressed with loss: as the file says, else as its compression always does."""
    said = at.plain("LossyImageCompression")
    always = syntax.endswith((".4.50", ".4.51", ".4.53", ".4.55"))
    lossy = always or said == "01" or (said != "00" and SYNTAXES[syntax].lossy)
    ratio = at.number("LossyImageCompressionRatio", least=1)
    return {"lossy": lossy, "lossy_ratio": ratio if lossy and ratio and ratio < limits.MIB else None}
