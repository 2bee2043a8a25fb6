"""What is open: studies made of series, series made of stacks, stacks made of images in anatomical order.

All values are frozen and plain (see core.values), so that they cross process boundaries as JSON. Lengths are mm in
the patient's LPS frame (x to the left, y to the back, z to the head), values are modality units.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from medviewer.core.intensity import Window

Vector3 = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]


class SpacingKind(StrEnum):
    """What `spacing` is measured in (PS3.3 10.7.1): a number in mm appears only where the file proves it."""

    PATIENT = "patient"  # cross-sectional PixelSpacing
    DETECTOR = "detector"  # ImagerPixelSpacing, or PixelSpacing equal to it: mm at the detector
    CALIBRATED = "calibrated"  # PixelSpacing of a projection differs from ImagerPixelSpacing, with its type
    NOMINAL = "nominal"  # NominalScannedPixelSpacing: a film scan
    UNKNOWN = "unknown"  # no spacing: lengths are in pixels


@dataclass(frozen=True)
class FrameHeader:
    """What may differ from frame to frame.

    Attributes:
        position: centre of the first pixel, LPS mm (ImagePositionPatient); None where absent or unusable.
        orientation: direction cosines of a row, then of a column (ImageOrientationPatient).
        spacing: (between rows, between columns) mm.
        slope, intercept: stored value to modality value (PS3.3 C.11.1).
        windows: the file's own VOI windows, the first is its default.
    """

    position: Vector3 | None = None
    orientation: Orientation | None = None
    spacing: tuple[float, float] | None = None
    slope: float = 1.0
    intercept: float = 0.0
    windows: tuple[Window, ...] = ()
    stack_id: str = ""
    temporal: str = ""  # temporal position, as the file numbers it
    phase: tuple[tuple[str, str], ...] = ()  # (words, value) that may tell it from others at the same position


@dataclass(frozen=True)
class Patient:
    """Identity as the file gives it. Never in logs, errors, temporary names or window titles."""

    name: str = ""
    id: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    issuer: str = ""  # who gave the id


@dataclass(frozen=True)
class ImageHeader:
    """One SOP instance (or one film without header), as `dicom.headers` read it."""

    path: str  # file on disk that holds the pixels (a spool file for zip members)
    label: str  # how the user knows it: relative to the folder or archive that was given
    sop_uid: str
    sop_class: str
    transfer_syntax: str
    study_uid: str
    series_uid: str
    modality: str = ""
    rows: int = 0
    columns: int = 0
    samples: int = 1
    photometric: str = "MONOCHROME2"
    bits_allocated: int = 16
    bits_stored: int = 16
    high_bit: int = 15
    signed: bool = False
    planar: int = 0
    padding: tuple[int, int] | None = None  # inclusive range of STORED values that are not patient
    modality_lut: bool = False  # a Modality LUT Sequence replaces slope and intercept
    voi_lut: bool = False
    presentation_inverse: bool = False
    unit: str = ""  # "HU", "BQML", ... only where the file proves it; "" means "value"
    frames: tuple[FrameHeader, ...] = (FrameHeader(),)
    spacing_kind: SpacingKind = SpacingKind.UNKNOWN
    aspect: tuple[int, int] | None = None  # PixelAspectRatio (vertical, horizontal) where there is no spacing
    frame_of_reference: str = ""
    instance_number: int | None = None
    series_number: int | None = None
    acquisition_number: int | None = None
    content_time: str = ""
    patient: Patient = Patient()
    priority: str = ""  # RequestedProcedurePriority: "STAT", "HIGH", "ROUTINE" ..., "" where nothing says it
    study_date: str = ""  # YYYY-MM-DD
    study_time: str = ""  # HH:MM:SS
    study_description: str = ""
    series_description: str = ""
    body_part: str = ""
    view_position: str = ""
    laterality: str = ""
    patient_orientation: tuple[str, str] | None = None  # directions of a row and of a column, for projections
    image_type: tuple[str, ...] = ()
    slice_thickness: float | None = None
    kvp: float | None = None
    tube_current: float | None = None
    repetition_time: float | None = None
    echo_time: float | None = None
    frame_time: float | None = None  # ms
    kernel: str = ""
    manufacturer: str = ""
    model_name: str = ""
    lossy: bool = False
    lossy_ratio: float | None = None
    burned_in: str = ""  # the file's claim: "YES", "NO" or ""
    synthetic: bool = False  # made by dicom.phantom, says so in its header
    film: bool = False  # PNG, JPEG or TIFF without a header: no spacing, no patient
    truncated: bool = False  # the file ends before its pixels do
    charset_doubt: bool = False  # some text does not fit the character set that the file declares
    digest: str = ""  # of the size and of samples of the file: equal for equal files
    marks: tuple[str, ...] = ()  # sentences that must stand in the viewport ("read without a file meta header")


@dataclass(frozen=True)
class Warning_:  # noqa: N801 - Warning is taken
    """One stable warning code of the contract, with the sentence for the reader and the files it is about."""

    code: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, with the stable skip code and one sentence."""

    path: str
    code: str
    text: str


@dataclass(frozen=True)
class ImageRef:
    """One picture to show: a frame of an instance."""

    header: ImageHeader
    frame: int = 0

    @property
    def plane(self) -> FrameHeader:
        return self.header.frames[self.frame]

    @property
    def key(self) -> tuple[str, int]:
        """Identifies the pixels: (path, frame)."""
        return self.header.path, self.frame


@dataclass(frozen=True)
class Stack:
    """Images that belong on one wheel: one orientation, one size, in order along the normal (or unordered, marked).

    Attributes:
        number: 0, 1, ... within its series.
        plane: "axial", "coronal", "sagittal", "oblique" or "none".
        spacing: (row, column, slice) mm, or None; slice 0.0 for a single image.
        affine: 4x4, ijk (column, row, slice index) to LPS mm, row-major rows; None without geometry.
    """

    series_uid: str
    number: int
    images: tuple[ImageRef, ...]
    plane: str = "none"
    spacing: tuple[float, float, float] | None = None
    affine: tuple[tuple[float, float, float, float], ...] | None = None
    warnings: tuple[Warning_, ...] = ()
    name: str = ""  # "Axial 5 mm", "echo 2 of 3": the series' description and what sets this stack apart

    @property
    def key(self) -> tuple[str, str, int]:
        """Identifies the stack in a session: (study uid, series uid, number)."""
        return self.first.study_uid, self.series_uid, self.number

    @property
    def first(self) -> ImageHeader:
        return self.images[0].header

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class Study:
    """A study with its stacks, in series order."""

    uid: str
    patient: Patient
    date: str
    time: str
    description: str
    stacks: tuple[Stack, ...] = field(default=())
    notes: tuple[str, ...] = ()  # sentences about the whole study (its files name two patients ...)
