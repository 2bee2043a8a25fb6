"""Writes a folder of synthetic labelled films for trying the admin page: `docs/sample_training.py FOLDER [COUNT]`.

Every film is the program's own phantom, changed with a fixed seed; half of them have a soft shadow over a lung. A few
mistakes are planted, which the check of a data set finds: the same film twice under two patients, and three wrong
labels. `labels.csv` lies beside the films.
"""

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from docs.sample_studies import SEED, changed
from medviewer.dicom import phantom

COUNT, WRONG = 160, (11, 57, 103)
COLUMNS = ("file", "label", "patient", "age", "sex")


def main(folder: Path, count: int = COUNT) -> None:
    """Write `count` films, one a patient, and the copy of the first one."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as base:
        phantom.write(Path(base))
        files = (pydicom.dcmread(p) for p in sorted(Path(base).rglob("*")) if p.is_file())
        film = next(ds for ds in files if ds.Modality == "DX")
    rng = np.random.default_rng(SEED)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(count):
            shadow = float(rng.uniform(0.25, 0.9)) if number % 2 else 0.0
            shadow = 0.9 if number in WRONG else shadow  # plain to see: it is the label that is wrong
            ds = changed(film, number, (f"SAMPLE^{number}", f"TRAIN-{number}", "", "", "", shadow), rng)
            picture = Image.fromarray(another(ds.pixel_array / 4095, rng))
            finding = bool(number % 2) != (number in WRONG)
            label = "pneumonia" if finding else "normal"
            row = (label, f"TRAIN-{number}", int(rng.integers(1, 17)), "FM"[int(rng.integers(2))])
            picture.save(folder / f"film-{number:03d}.png")
            table.writerow((f"film-{number:03d}.png", *row))
            if number == 0:
                picture.save(folder / "film-copy.png")
                table.writerow(("film-copy.png", label, "TRAIN-COPY", *row[2:]))


def another(pixels: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the film as of another body: turned, scaled and bent, 256 x 256, so that films are not near copies."""
    side = 256
    rows, columns = np.mgrid[:side, :side] - side / 2.0
    angle, scale = rng.uniform(-0.12, 0.12), rng.uniform(0.8, 1.25, 2)
    bend = [ndimage.gaussian_filter(rng.normal(size=(side, side)), 24) for _ in range(2)]
    bend = [b / np.abs(b).max() * 26 for b in bend]
    r = (rows * np.cos(angle) - columns * np.sin(angle)) / scale[0] + bend[0] + rng.uniform(-14, 14)
    c = (rows * np.sin(angle) + columns * np.cos(angle)) / scale[1] + bend[1] + rng.uniform(-14, 14)
    zoom = np.array(pixels.shape) / side
    at = [(r + side / 2) * zoom[0], (c + side / 2) * zoom[1]]
    light = 1 + 0.5 * ndimage.gaussian_filter(rng.normal(size=(side, side)), 60) / 0.005
    moved = ndimage.map_coordinates(ndimage.gaussian_filter(pixels, 1), at, order=1, mode="nearest")
    return np.clip(moved * np.clip(light, 0.6, 1.4) * 255, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
