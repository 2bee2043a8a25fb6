"""Writes a folder of synthetic studies for pictures and for trying the worklist:

    .venv/bin/python docs/sample_studies.py FOLDER

Every image is the program's own phantom, changed with a fixed seed; every patient is invented and says so.
"""

import copy
import sys
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.dicom import phantom
from tests import build

SEED = 20261125
#: Patient, id, sex, age, priority, and how much of a soft shadow lies over the right lung.
FILMS = (
    ("SAMPLE^Avery", "SYN-0412", "M", "006Y", "STAT", 0.9),
    ("SAMPLE^Chen=样本^晨", "SYN-0420", "F", "009Y", "", 0.0),
    ("SAMPLE^Gus", "SYN-0365", "M", "011Y", "", 0.7),
    ("SAMPLE^Bo", "SYN-0388", "F", "004Y", "HIGH", 0.0),
    ("SAMPLE^Dana", "SYN-0371", "F", "013Y", "", 0.0),
    ("SAMPLE^Fen", "SYN-0397", "F", "008Y", "", 0.8),
    ("SAMPLE^Eli", "SYN-0402", "M", "002Y", "", 0.0),
    ("SAMPLE^Mei", "SYN-0344", "F", "054Y", "", 0.0),
)


def main(folder: Path) -> None:
    """Write eight films (one of an adult), a chest CT, an MR, a picture without header and a damaged file."""
    base = folder / "phantom"
    phantom.write(base)
    rng = np.random.default_rng(SEED)
    film = next(ds for p in sorted(base.rglob("*")) if p.is_file() and (ds := pydicom.dcmread(p)).Modality == "DX")
    for number, row in enumerate(FILMS):
        save(changed(film, number, row, rng), folder / "films" / f"film-{number}.dcm")
    for path in [p for p in base.rglob("*") if p.is_file() and pydicom.dcmread(p).Modality == "DX"]:
        path.unlink()  # the CT stays as a study of its own
    brain = np.clip(film.pixel_array[::4, ::4].astype(np.int16), 0, 4095)
    mr = build.mr(brain, PatientName="SAMPLE^Hana", PatientID="SYN-0360", PatientAge="035Y", PatientSex="F")
    mr.StudyDescription, mr.BodyPartExamined = "MR Knee, left", "KNEE"
    build.save(mr, folder / "mr" / "knee.dcm")
    build.film(folder / "picture.png", (320, 280))
    (folder / "damaged.dcm").write_bytes(b"\0" * 128 + b"DICM" + bytes(rng.integers(0, 256, 3000, np.uint8)))


def changed(
    film: Dataset, number: int, row: tuple[str, str, str, str, str, float], rng: np.random.Generator
) -> Dataset:
    """Return the phantom's film as another invented patient's, cropped, exposed and blurred a little differently."""
    name, id_, sex, age, priority, shadow = row
    ds = copy.deepcopy(film)
    pixels: NDArray[np.float64] = film.pixel_array.astype(np.float64) / 4095
    top, left = (int(v) for v in rng.integers(0, 60, 2))
    pixels = ndimage.zoom(pixels[top : top + 960, left : left + 960], 0.55, order=1)
    pixels = ndimage.gaussian_filter(pixels, rng.uniform(0.3, 1.0)) ** rng.uniform(0.8, 1.25)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    blob = np.exp(-(((x - 170) / 70) ** 2 + ((y - 300) / 90) ** 2))
    texture = ndimage.gaussian_filter(rng.normal(size=pixels.shape), 5)
    pixels = pixels + shadow * 0.8 * blob * (1 + 2.5 * texture)
    pixels = np.clip(pixels + rng.normal(0, 0.01, pixels.shape), 0, 1)
    grey = np.rint(pixels * 4095).astype(np.uint16)
    ds.Rows, ds.Columns, ds.PixelData = *grey.shape, grey.tobytes()
    ds.PatientName, ds.PatientID, ds.PatientSex, ds.PatientAge = name, id_, sex, age
    ds.PatientBirthDate = ""
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.StudyDescription, ds.SeriesDescription = "CR Chest, one view", "Synthetic chest film PA"
    if priority:
        ds.RequestedProcedurePriority = priority
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(ds, keyword, build.uid("sample", number, keyword))
    return ds


def save(ds: Dataset, path: Path) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.save_as(path, enforce_file_format=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
