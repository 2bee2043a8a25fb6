"""The one builder of synthetic DICOM for all tests: pixel values carry the truth, names and numbers do not help.

Attributes are given by DICOM keyword and replace the builder's own; `None` leaves one out, `bytes` are written as
they are (for values that no honest writer would write). Every UID is a hash of words, so that runs are alike.

    paths = build.series(folder, count=9, orientation="sagittal")   # paths in the order on the wheel
    build.save(build.ct(build.ramp(64, 64), WindowWidth="-5"), folder / "bad.dcm")
"""

import contextlib
import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

STORAGE = "1.2.840.10008.5.1.4.1.1."
CT, MR, CR, DX, SC, PET = (STORAGE + tail for tail in ("2", "4", "1", "1.1", "7", "128"))
ENHANCED_CT, ENHANCED_MR, US, SEG = (STORAGE + tail for tail in ("2.1", "4.1", "6.1", "66.4"))
ENCAPSULATED_PDF, BASIC_TEXT_SR, RTSTRUCT = (STORAGE + tail for tail in ("104.1", "88.11", "481.3"))
HFS, FFS = "HFS", "FFS"

#: Direction cosines of a row, then of a column.
ORIENTATIONS = {
    "axial": (1, 0, 0, 0, 1, 0),
    "coronal": (1, 0, 0, 0, 0, -1),
    "sagittal": (0, 1, 0, 0, 0, -1),
    "oblique": (1, 0, 0, 0, 0.8660254, 0.5),  # turned by 30 degrees about the left-right axis
}
#: Where the wheel goes (DICOM_CHECKLIST B13): axial head to feet, sagittal right to left, coronal front to back.
WHEEL = {"axial": (0, 0, -1), "sagittal": (1, 0, 0), "coronal": (0, 1, 0), "oblique": (0, 0.5, -0.8660254)}


def uid(*words: object) -> str:
    """Return a UID that depends on nothing but `words`."""
    return "2.25." + str(int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:12], "big"))


def ramp(rows: int = 32, columns: int = 32, *, dtype: Any = np.int16) -> NDArray[Any]:
    """Return [row, column] pixels with the value 100 * row + column (so that a turn or flip shows)."""
    return np.add.outer(100 * np.arange(rows), np.arange(columns)).astype(dtype)


def image(sop_class: str, modality: str, pixels: NDArray[Any] | None, **attributes: Any) -> Dataset:
    """Return a data set with a patient, a study and native pixels [row, column], [frame, row, column] or [..., 3].

    Bits follow the pixels' dtype (bool: 1 bit); colour is 8-bit RGB, interleaved.
    """
    ds = Dataset()
    modality = attributes.get("Modality") or modality
    words = (attributes.get("StudyInstanceUID"), attributes.get("SeriesInstanceUID"), modality)
    ds.SOPClassUID, ds.Modality = sop_class, modality
    ds.SOPInstanceUID = uid(
        "sop", words, attributes.get("InstanceNumber"), pixels.tobytes() if pixels is not None else 0
    )
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid("study"), uid("series", modality)
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Test^Person", "T-1", "19500102", "F"
    ds.StudyDate, ds.StudyTime, ds.StudyDescription = "20260102", "101112", "Builder study"
    ds.SeriesNumber, ds.SeriesDescription, ds.InstanceNumber = "1", f"{modality} series", "1"
    ds.SpecificCharacterSet = "ISO_IR 192"
    if pixels is not None:
        set_pixels(ds, pixels)
    return set_attributes(ds, attributes)


def set_attributes(ds: Dataset, attributes: dict[str, Any]) -> Dataset:
    """Set attributes by keyword: None deletes, bytes are written raw and unchecked."""
    for keyword, value in attributes.items():
        tag = Tag(tag_for_keyword(keyword) or 0)
        assert tag, f"{keyword} is no DICOM keyword"
        if value is None:
            ds.pop(tag, None)
        elif isinstance(value, bytes) and dictionary_VR(tag) not in ("OB", "OW", "UN"):
            value += b" " * (len(value) % 2)
            ds[tag] = RawDataElement(tag, dictionary_VR(tag), len(value), value, 0, False, True)
        else:
            with lenient():
                setattr(ds, keyword, value)
    return ds


@contextlib.contextmanager
def lenient() -> Iterator[None]:
    """Let pydicom take values that the standard does not allow, without a word."""
    kept = config.settings.writing_validation_mode
    config.settings.writing_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        config.settings.writing_validation_mode = kept


def set_pixels(ds: Dataset, pixels: NDArray[Any]) -> None:
    """Put native pixels and what describes them into `ds`."""
    colour = pixels.shape[-1] == 3 and pixels.dtype == np.uint8 and pixels.ndim >= 3
    rows, columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    frames = pixels.size // (rows * columns * (3 if colour else 1))
    ds.Rows, ds.Columns, ds.SamplesPerPixel = rows, columns, 3 if colour else 1
    ds.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        ds.PlanarConfiguration = 0
    if frames > 1 or pixels.ndim > (3 if colour else 2):
        ds.NumberOfFrames = frames
    if pixels.dtype == bool:
        ds.BitsAllocated = ds.BitsStored = 1
        data = np.packbits(pixels.reshape(-1), bitorder="little").tobytes()
    else:
        ds.BitsAllocated = ds.BitsStored = pixels.dtype.itemsize * 8
        data = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("<")).tobytes()
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if ds.BitsAllocated <= 8 else "OW"


def ct(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return an axial CT image; stored value = HU + 1024."""
    pixels = ramp() if pixels is None else pixels
    defaults = {
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "RescaleSlope": "1",
        "RescaleIntercept": "-1024",
        "RescaleType": "HU",
        "PixelSpacing": ["0.7", "0.7"],
        "SliceThickness": "2.5",
        "ImagePositionPatient": ["-100", "-90", "50"],
        "ImageOrientationPatient": list(ORIENTATIONS["axial"]),
        "FrameOfReferenceUID": uid("frame of reference"),
        "WindowCenter": "40",
        "WindowWidth": "400",
        "KVP": "120",
        "BodyPartExamined": "CHEST",
    }
    return image(CT, "CT", pixels, **{**defaults, **attributes})


def mr(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return an MR image with the geometry of `ct`, no rescale."""
    left_out = dict.fromkeys(("RescaleSlope", "RescaleIntercept", "RescaleType", "KVP", "WindowCenter", "WindowWidth"))
    return ct(pixels, **{**left_out, "SOPClassUID": MR, "Modality": "MR", "EchoTime": "90", **attributes})


def pet(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return a PET image in BQML with its own slope."""
    values = {"Units": "BQML", "RescaleSlope": "0.5", "RescaleIntercept": "0", "RescaleType": None, "KVP": None}
    return ct(pixels, **{"SOPClassUID": PET, "Modality": "PT", **values, **attributes})


def cr(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return a 12-in-16-bit frontal CR chest film, spacing at the detector."""
    pixels = ramp(dtype=np.uint16) if pixels is None else pixels
    defaults = {
        "ImagerPixelSpacing": ["0.2", "0.2"],
        "BitsStored": 12,
        "HighBit": 11,
        "ViewPosition": "PA",
        "BodyPartExamined": "CHEST",
        "PatientOrientation": ["L", "F"],
        "WindowCenter": "2048",
        "WindowWidth": "4096",
    }
    return image(CR, "CR", pixels, **{**defaults, **attributes})


def dx(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return a DX film for presentation; as `cr`."""
    return cr(pixels, **{"SOPClassUID": DX, "Modality": "DX", "PresentationLUTShape": "IDENTITY", **attributes})


def sc(pixels: NDArray[Any] | None = None, **attributes: Any) -> Dataset:
    """Return a secondary capture, 8-bit RGB unless other pixels are given."""
    if pixels is None:
        pixels = np.zeros((32, 48, 3), np.uint8)
        pixels[:, :24, 0], pixels[:, 24:, 2] = 255, 255  # red left, blue right
    return image(SC, "OT", pixels, **{"ConversionType": "WSD", **attributes})


def bare(sop_class: str, modality: str, **attributes: Any) -> Dataset:
    """Return an object without pixels (PDF, SR, RTSTRUCT ...)."""
    return image(sop_class, modality, None, **attributes)


def enhanced(
    positions: Sequence[Sequence[float]],
    values: Sequence[int] | None = None,
    *,
    modality: str = "MR",
    orientation: Sequence[float] | Sequence[Sequence[float]] = ORIENTATIONS["axial"],
    rescale: Sequence[tuple[float, float]] | None = None,
    stack_ids: Sequence[str] | None = None,
    temporal: Sequence[int] | None = None,
    shared_spacing: tuple[float, float] = (0.7, 0.7),
    **attributes: Any,
) -> Dataset:
    """Return an enhanced CT or MR: frame i lies at `positions[i]` and holds `values[i]` (default i) everywhere.

    Orientation, if one for all, and spacing are shared groups; position, rescale, stack and time are per frame.
    """
    n = len(positions)
    values = range(n) if values is None else values
    pixels = np.stack([np.full((8, 10), v, np.uint16) for v in values])
    planes = np.broadcast_to(np.array(orientation, float), (n, 6)).tolist()
    per_frame_orientation = np.ndim(orientation) == 2
    shared = Dataset()
    shared.PixelMeasuresSequence = [_item(PixelSpacing=list(shared_spacing), SliceThickness="3")]
    if not per_frame_orientation:
        shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=planes[0])]
    frames = []
    for i in range(n):
        frame = Dataset()
        frame.PlanePositionSequence = [_item(ImagePositionPatient=[float(v) for v in positions[i]])]
        if per_frame_orientation:
            frame.PlaneOrientationSequence = [_item(ImageOrientationPatient=planes[i])]
        if rescale:
            slope, intercept = rescale[i]
            frame.PixelValueTransformationSequence = [
                _item(RescaleSlope=str(slope), RescaleIntercept=str(intercept), RescaleType="US")
            ]
        content = Dataset()
        content.StackID = stack_ids[i] if stack_ids else "1"
        content.InStackPositionNumber = i + 1
        if temporal:
            content.TemporalPositionIndex = temporal[i]
        frame.FrameContentSequence = [content]
        frames.append(frame)
    sop_class = ENHANCED_CT if modality == "CT" else ENHANCED_MR
    ds = image(sop_class, modality, pixels, ImageType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"])
    ds.SharedFunctionalGroupsSequence = [shared]
    ds.PerFrameFunctionalGroupsSequence = frames
    ds.NumberOfFrames = n
    ds.FrameOfReferenceUID = uid("frame of reference")
    return set_attributes(ds, attributes)


def _item(**attributes: Any) -> Dataset:
    return set_attributes(Dataset(), attributes)


def compressed(ds: Dataset, streams: Sequence[bytes], syntax: str, *, offset_table: bool = True) -> Dataset:
    """Return `ds` with one encapsulated stream for each frame; `save` it with the same `syntax`."""
    ds.PixelData = encapsulate(list(streams), has_bot=offset_table)
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    ds._syntax = syntax
    return ds


def save(ds: Dataset, path: Path, syntax: str = "", *, preamble: bool = True, meta: bool = True) -> Path:
    """Write `ds` to `path` (folders are made) and return it.

    Without `meta` there is no group 0002; without `preamble` neither the 128 bytes nor "DICM".
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(ds, syntax, preamble=preamble, meta=meta))
    return path


def encoded(ds: Dataset, syntax: str = "", *, preamble: bool = True, meta: bool = True) -> bytes:
    """Return `ds` as the bytes of a file."""
    syntax = syntax or getattr(ds, "_syntax", ExplicitVRLittleEndian)
    buffer = io.BytesIO()
    how = {"implicit_vr": syntax == ImplicitVRLittleEndian, "little_endian": syntax != ExplicitVRBigEndian}
    with lenient():
        if meta:
            ds.preamble = bytes(128)
            ds.file_meta = FileMetaDataset()
            own = {
                "FileMetaInformationGroupLength": 0,
                "FileMetaInformationVersion": b"\0\1",
                "MediaStorageSOPClassUID": ds.get("SOPClassUID") or uid("no class"),
                "MediaStorageSOPInstanceUID": ds.get("SOPInstanceUID") or uid("no instance"),
                "TransferSyntaxUID": syntax,
                "ImplementationClassUID": uid("medviewer tests"),
            }
            for keyword, value in own.items():
                setattr(ds.file_meta, keyword, value)
            dcmwrite(buffer, ds, force_encoding=True, **how)
        else:
            dcmwrite(buffer, ds, **how)
    data = buffer.getvalue()
    return data[132:] if meta and not preamble else data


def series(
    folder: Path,
    count: int = 9,
    *,
    orientation: str = "axial",
    step: float = 2.5,
    missing: Iterable[int] = (),
    tilt: float = 0.0,
    seed: int = 1,
    make: Any = ct,
    prefix: str = "IM",
    size: tuple[int, int] = (16, 20),
    **attributes: Any,
) -> list[Path]:
    """Write a series and return its paths in the order on the wheel; every pixel's modality value is its rank.

    File names and instance numbers are shuffled, apart from each other. `missing` ranks are left out; `tilt` shifts
    each slice along the column direction by that many mm a step, as a gantry tilt does.
    """
    random = np.random.default_rng(seed)
    names, numbers = random.permutation(count), random.permutation(count)
    row_column = np.array(ORIENTATIONS[orientation], float)
    wheel, column = np.array(WHEEL[orientation], float), row_column[3:]
    start = np.array((-100.0, -90.0, 50.0))
    paths = []
    for rank in range(count):
        if rank in set(missing):
            continue
        position = start + rank * (step * wheel + tilt * column)
        offset = 1024 if make is ct else 0
        own = {
            "ImagePositionPatient": [f"{v:.6f}" for v in position],
            "ImageOrientationPatient": [str(v) for v in ORIENTATIONS[orientation]],
            "InstanceNumber": str(numbers[rank] + 1),
            "SOPInstanceUID": uid("series", prefix, seed, rank, attributes.get("SeriesInstanceUID")),
        }
        ds = make(np.full(size, rank + offset, np.int16), **{**own, **attributes})
        paths.append(save(ds, folder / f"{prefix}{names[rank]:04d}.dcm"))
    return paths


def dicomdir(folder: Path, references: Sequence[str | Sequence[str]]) -> Path:
    """Write `folder`/DICOMDIR that lists `references` (ReferencedFileID: parts, or one text as it is), no hierarchy."""
    ds = Dataset()
    ds.FileSetID = "TEST"
    records = []
    for reference in references:
        record = Dataset()
        record.OffsetOfTheNextDirectoryRecord, record.RecordInUseFlag = 0, 0xFFFF
        record.OffsetOfReferencedLowerLevelDirectoryEntity, record.DirectoryRecordType = 0, "IMAGE"
        text = reference if isinstance(reference, str) else "\\".join(reference)
        set_attributes(record, {"ReferencedFileID": text.encode()})
        records.append(record)
    ds.DirectoryRecordSequence = records
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.1.3.10", uid("dicomdir", references)
    data = encoded(ds)
    path = folder / "DICOMDIR"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(path: Path, members: dict[str, bytes | Path]) -> Path:
    """Write a zip with exactly these member names (also names that climb out)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            archive.writestr(info, data.read_bytes() if isinstance(data, Path) else data)
    return path


def film(path: Path, size: tuple[int, int] = (40, 60), *, colour: bool = False, pages: int = 1) -> Path:
    """Write a PNG, JPEG or TIFF (by the path's ending) of (rows, columns) with a ramp from left to right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = np.broadcast_to(np.linspace(0, 255, size[1]).astype(np.uint8), size)
    first = Image.fromarray(np.dstack([grey, grey // 2, 255 - grey]) if colour else np.ascontiguousarray(grey))
    others = [first.point(lambda v: 255 - v) for _ in range(pages - 1)]
    more: dict[str, Any] = {"save_all": True, "append_images": others} if others else {}
    first.save(path, **more)
    return path
