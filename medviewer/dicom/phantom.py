"""The synthetic study: a chest CT with known nodules and a chest film of the same patient, who does not exist.

Deterministic: the same bytes every time. Reader process only (`ReaderPool.phantom` from the window process).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from medviewer.core.study import Vector3
from medviewer.dicom.phantom_anatomy import Anatomy
from medviewer.dicom.phantom_film import PIXEL, project
from medviewer.dicom.phantom_shapes import Grid, scanner_noise
from medviewer.dicom.phantom_vessels import Canvas, Nodule, Space, Tube, draw_nodule, grow_trees, place_nodules

STATEMENT = "Synthetic, made by medviewer, no patient"
SLICES, SIZE, SPACING, STEP = 100, 512, 0.7, 2.5  # pixels, mm
CT_STORAGE, DX_STORAGE = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.1.1"
_NOISE_HU = 13.0
_COARSE = 4  # in-plane factor of the space in which vessels grow


@dataclass(frozen=True)
class NoduleTruth:
    """One nodule that is really there. `centre` in LPS mm; `slice_index` counts from the head, (column, row) from 0."""

    centre: Vector3
    diameter: float  # mm
    slice_index: int
    column: float
    row: float


@dataclass(frozen=True)
class PhantomTruth:
    """What was written, and what a reader should find in it."""

    ct_paths: tuple[str, ...]  # from head to feet
    film_path: str
    nodules: tuple[NoduleTruth, ...]


def write(folder: Path) -> PhantomTruth:
    """Write the synthetic study into `folder` (made if it is not there) and return its truth.

    100 axial slices of 512x512, 0.7 mm pixels, 2.5 mm apart, in `ct/`, and a frontal film of 1024x1024 in `film/`.
    """
    volume, vessels, nodules = _chest()
    ct, film = folder / "ct", folder / "film"
    for each in (ct, film):
        each.mkdir(parents=True, exist_ok=True)
    paths = []
    for index in range(SLICES):
        paths.append(ct / f"slice-{index + 1:03}.dcm")
        _save(_ct_image(volume[SLICES - 1 - index], index), paths[-1])
    film_path = film / "chest.dcm"
    _save(_film_image(project(vessels, nodules)), film_path)
    return PhantomTruth(tuple(map(str, paths)), str(film_path), tuple(_truth(nodule) for nodule in nodules))


def _heights() -> NDArray[Any]:
    return np.arange(SLICES) * STEP


def _chest() -> tuple[NDArray[np.uint16], list[Tube], list[Nodule]]:
    """Return stored values [slice from the feet, row, column] (HU + 1024), the vessels and the nodules."""
    whole = Grid(SIZE, SIZE, SPACING, SPACING)
    where = whole.window(-400, 400, -114, 120)
    grid, heights = whole.cropped(where), _heights()
    anatomy = Anatomy(grid)
    slices = [anatomy.slice_at(float(z)) for z in heights]
    depth = np.stack([part.depth[::_COARSE, ::_COARSE] for part in slices])
    coarse = SPACING * _COARSE
    space = Space(depth, (float(grid.x[0]), float(grid.y[0, 0]), 0.0), (coarse, coarse, STEP))
    vessels, airways = grow_trees(space, seed=21)
    red, wall, air, solid = (Canvas(grid.x, grid.y, heights) for _ in range(4))
    for tube in vessels:
        red.draw(tube)
    for tube in airways:
        wall.draw(Tube(tube.start, tube.end, tube.r0 + 0.8, tube.r1 + 0.8))
        air.draw(tube)
    nodules = place_nodules(space, red, seed=5)
    for nodule in nodules:
        draw_nodule(nodule, red, solid)
    noise = scanner_noise(3, 12, SIZE)
    layers = ((wall, -380.0), (red, 40.0), (air, -965.0), (solid, 28.0))
    volume = np.empty((SLICES, SIZE, SIZE), np.uint16)
    for i, part in enumerate(slices):
        hu = part.hu
        for canvas, value in layers:
            cover = canvas.cover[i] * (part.lung * np.float32(1 / 255))
            hu += cover * (np.float32(value) - hu)
        volume[i] = _scanned(hu, where, whole, noise, i)
    return volume, vessels, nodules


def _scanned(
    hu: NDArray[Any],
    where: tuple[slice, slice],
    whole: Grid,
    noise: NDArray[Any],
    i: int,
) -> NDArray[np.uint16]:
    """Return a slice as a scanner stores it: with the table, its own blur and noise; stored = HU + 1024."""
    image = np.full((SIZE, SIZE), -1000, np.float32)
    image[where] = hu
    lying = np.abs(whole.y - np.float32(128) + whole.x**2 / np.float32(1500))
    image += ((lying < 1.2) & (np.abs(whole.x) < 165)) * np.float32(700)
    smooth = image.copy()
    smooth[1:-1, 1:-1] = image[1:-1, 1:-1] * 0.6
    for dy, dx in ((0, 1), (2, 1), (1, 0), (1, 2)):
        smooth[1:-1, 1:-1] += image[dy : SIZE - 2 + dy, dx : SIZE - 2 + dx] * np.float32(0.1)
    first, second = noise[i % len(noise)], np.roll(noise[(i * 5 + 3) % len(noise)], (37 * i, 91 * i), (0, 1))
    smooth += (first + second) * np.float32(_NOISE_HU / np.sqrt(2))
    result: NDArray[np.uint16] = np.clip(smooth + 1024.5, 0, 4095).astype(np.uint16)
    return result


def _truth(nodule: Nodule) -> NoduleTruth:
    x, y, z = (round(float(v), 3) for v in nodule.centre)
    middle = (SIZE - 1) / 2
    index = SLICES - 1 - round(z / STEP)
    return NoduleTruth((x, y, z), nodule.diameter, index, x / SPACING + middle, y / SPACING + middle)


# -- headers


def uid(*words: object) -> str:
    """Return a UID under 2.25 that depends on nothing but `words`."""
    digest = hashlib.sha256(("medviewer phantom 1 " + repr(words)).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:15], 'big')}"


def _common(modality: str, sop_class: str, series: int, number: int) -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, uid(modality, number)
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid("study"), uid("series", modality)
    ds.FrameOfReferenceUID = uid("frame of reference", modality)
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Phantom^Synthetic", "SYNTHETIC", "", "O"
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = "20260101"
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = "080000"
    ds.AccessionNumber, ds.StudyID, ds.ReferringPhysicianName = "", "1", ""
    ds.StudyDescription = "Synthetic chest"
    ds.Modality, ds.SeriesNumber, ds.InstanceNumber = modality, series, number
    ds.Manufacturer, ds.ManufacturerModelName = "medviewer", "Synthetic chest 1"
    ds.BodyPartExamined = "CHEST"
    ds.ImageComments = ds.DerivationDescription = STATEMENT
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "00"
    return ds


def _set_pixels(ds: Dataset, pixels: NDArray[np.uint16]) -> None:
    ds.Rows, ds.Columns = pixels.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.PixelData = pixels.astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"


def _ct_image(pixels: NDArray[np.uint16], index: int) -> Dataset:
    ds = _common("CT", CT_STORAGE, 1, index + 1)
    corner = -(SIZE - 1) / 2 * SPACING
    z = (SLICES - 1 - index) * STEP
    described: dict[str, Any] = {
        "SeriesDescription": "Synthetic chest CT",
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "PatientPosition": "HFS",
        "ImagePositionPatient": [corner, corner, z],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [SPACING, SPACING],
        "SliceThickness": STEP,
        "SpacingBetweenSlices": STEP,
        "SliceLocation": z,
        "AcquisitionNumber": 1,
        "KVP": 120,
        "XRayTubeCurrent": 200,
        "ConvolutionKernel": "STANDARD",
        "RescaleIntercept": -1024,
        "RescaleSlope": 1,
        "RescaleType": "HU",
        "WindowCenter": [-600, 40],
        "WindowWidth": [1500, 400],
        "WindowCenterWidthExplanation": ["Lung", "Mediastinum"],
    }
    for keyword, value in described.items():
        setattr(ds, keyword, value)
    _set_pixels(ds, pixels)
    return ds


def _film_image(pixels: NDArray[np.uint16]) -> Dataset:
    ds = _common("DX", DX_STORAGE, 2, 1)
    described: dict[str, Any] = {
        "SeriesDescription": "Synthetic chest film PA",
        "ImageType": ["ORIGINAL", "PRIMARY", ""],
        "PresentationIntentType": "FOR PRESENTATION",
        "ViewPosition": "PA",
        "PatientOrientation": ["L", "F"],
        "ImageLaterality": "U",
        "ImagerPixelSpacing": [PIXEL, PIXEL],
        "KVP": 120,
        "PixelIntensityRelationship": "LOG",
        "PixelIntensityRelationshipSign": -1,
        "PresentationLUTShape": "IDENTITY",
        "RescaleIntercept": 0,
        "RescaleSlope": 1,
        "RescaleType": "US",
        "WindowCenter": 2048,
        "WindowWidth": 4096,
    }
    for keyword, value in described.items():
        setattr(ds, keyword, value)
    _set_pixels(ds, pixels)
    return ds


def _save(ds: Dataset, path: Path) -> None:
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.file_meta.ImplementationClassUID = UID(uid("implementation"))
    ds.file_meta.ImplementationVersionName = "MEDVIEWER"
    ds.save_as(path, enforce_file_format=True)
