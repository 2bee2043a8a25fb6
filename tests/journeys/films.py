"""Folders of films and other files for the worklist's journeys: real films where the given data lie, else made ones."""

import csv
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tests import build

SET = "data/train/kermany-cxr-224"
CHEST_CT = "data/dicom/ct/lidc-idri-0314-chest"
MR = "data/dicom/mr/breast-dce-3-phases-sagittal"


@dataclass(frozen=True)
class Picture:
    """One real film: its name in the set, its file (JPEG), and whether it is labelled pneumonia."""

    name: str
    data: bytes
    positive: bool

    def grey(self) -> NDArray[np.uint8]:
        """Return the pixels [row, column]."""
        import io

        from PIL import Image

        return np.asarray(Image.open(io.BytesIO(self.data)).convert("L"))


def pictures(shared: Path, count: int, share: float = 0.3, seed: int = 5) -> list[Picture]:
    """Return films of the validation part in random order, `share` of them labelled pneumonia."""
    with (shared / SET / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"]
    rng, many = random.Random(seed), round(count * share)
    chosen = rng.sample([r for r in rows if r["label"] == "PNEUMONIA"], many)
    chosen += rng.sample([r for r in rows if r["label"] == "NORMAL"], count - many)
    rng.shuffle(chosen)
    with np.load(shared / SET / "images.npz") as packed:
        ends, blob = packed["offsets"], packed["blob"]
        where = {str(name): (int(a), int(b)) for name, a, b in zip(packed["names"], ends[:-1], ends[1:], strict=True)}
        return [_picture(row, blob[slice(*where[row["file"]])].tobytes()) for row in chosen]


def _picture(row: dict[str, str], data: bytes) -> Picture:
    return Picture(row["file"], data, row["label"] == "PNEUMONIA")


def film(pixels: NDArray[np.uint8], number: object, **attributes: Any) -> Dataset:
    """Return a child's frontal chest film as DX, a study of its own for each `number`."""
    own = {
        "StudyInstanceUID": build.uid("film study", number),
        "SeriesInstanceUID": build.uid("film series", number),
        "SOPInstanceUID": build.uid("film", number),
        "PatientName": f"Film^Number {number}",
        "PatientID": f"F-{number}",
        "PatientAge": "004Y",
        "PatientBirthDate": "20220102",
        "BitsStored": 8,
        "HighBit": 7,
        "WindowCenter": "128",
        "WindowWidth": "256",
        "StudyDescription": "Chest film",
    }
    return build.dx(pixels, **{**own, **attributes})


def made(number: int, side: int = 192) -> NDArray[np.uint8]:
    """Return a picture that the shipped model for films can read, another one for each number."""
    values = np.random.default_rng(number).normal(110, 35, (side // 8, side // 8))
    return np.kron(values, np.ones((8, 8))).clip(0, 255).astype(np.uint8)


def made_film(path: Path, number: int, **attributes: Any) -> Path:
    """Write a DX film of a made picture."""
    return build.save(film(made(number), number, **attributes), path)


def made_films(folder: Path, count: int, first: int = 0) -> list[Path]:
    """Write DX films of made pictures, each a study of its own."""
    return [made_film(folder / f"film-{number:03}.dcm", number) for number in range(first, first + count)]


def of_another_patient(path: Path, target: Path) -> None:
    """Copy a DICOM file with the UIDs and the id of somebody else: the journey has the first one's study open."""
    ds = pydicom.dcmread(path)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        setattr(ds, keyword, build.uid("another", ds[keyword].value))
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.PatientID, ds.StudyDescription = "CT-2", "CT of the chest"
    target.parent.mkdir(exist_ok=True)
    ds.save_as(target)


@dataclass(frozen=True)
class Mixed:
    """A folder with films, half of them wrapped, and what does not belong to them.

    Attributes:
        positive: by file name, whether a film is labelled pneumonia.
        ct, mr: images of one CT study, which a model reads, and of one MR study, which none reads.
        left_out: files that are no images, or broken.
    """

    folder: Path
    films: int
    positive: dict[str, bool]
    ct: int
    mr: int
    left_out: tuple[str, ...]


def mixed(folder: Path, shared: Path, count: int, ct: int = 6, mr: int = 4) -> Mixed:
    """Fill `folder`: `count` real films (half of them DX files), CT slices, MR files, broken and foreign files."""
    folder.mkdir(parents=True)
    positive: dict[str, bool] = {}
    for number, picture in enumerate(pictures(shared, count)):
        name = f"film-{number:03}" + (".dcm" if number % 2 else ".jpeg")
        positive[name] = picture.positive
        if number % 2:
            build.save(film(picture.grey(), number), folder / name)
        else:
            (folder / name).write_bytes(picture.data)
    for path in sorted((shared / CHEST_CT).glob("*.dcm"))[:ct]:
        of_another_patient(path, folder / "ct" / path.name)
    (folder / "mr").mkdir()
    for path in sorted((shared / MR).glob("*.dcm"))[:mr]:
        shutil.copy(path, folder / "mr")
    broken = bytearray(build.encoded(build.ct()))
    left_out = {
        "broken.dcm": b"\0" * 128 + b"DICM" + random.Random(3).randbytes(4000),
        "cut.dcm": bytes(broken[:300]),
        "letter.txt": b"Dear colleague",
        "table.csv": b"a,b\n1,2\n",
    }
    for name, data in left_out.items():
        (folder / name).write_bytes(data)
    return Mixed(folder, count, positive, ct, mr, tuple(left_out))
