"""What the cards of the shipped models say beyond their own data set: other films, another hospital, a real CT.

    .venv/bin/python benchmarks/shipped_models.py [--models models] [--shared ../shared] [--only NAME]

Prints every figure that train.toml's [card].limits and notes quote. All go through the code that reads for a user
(`engine.predict`): nothing here was seen by a training, and nothing is chosen on it.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.core import statistics
from medviewer.core.findings import SliceScore
from medviewer.engine import models
from medviewer.engine.models import LoadedModel
from medviewer.engine.predict import Picture, predict
from medviewer.inference.folder import load

ROOT = Path(__file__).resolve().parents[1]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def films(folder: Path, files: Sequence[str]) -> Iterator[NDArray[Any]]:
    """Yield the packed films by name."""
    with np.load(folder / "images.npz", allow_pickle=False) as z:
        names, blob, offsets = z["names"].tolist(), memoryview(z["blob"]), z["offsets"].tolist()
    at = {name: number for number, name in enumerate(names)}
    for file in files:
        start, end = offsets[at[file]], offsets[at[file] + 1]
        yield np.asarray(Image.open(io.BytesIO(blob[start:end])))


def scored(model: LoadedModel, pictures: Sequence[Picture]) -> list[SliceScore]:
    answers = [s for part in predict(model, pictures, batch=16) for s in part]
    return sorted(answers, key=lambda s: s.index)


def judge_films(model: LoadedModel, folder: Path, rows: Sequence[dict[str, str]], positive: str) -> dict[str, Any]:
    pictures = [Picture(i, x) for i, x in enumerate(films(folder, [r["file"] for r in rows]))]
    scores = [s.scores["pneumonia"] for s in scored(model, pictures)]
    truth = [r["label"] == positive for r in rows]
    return statistics.summary(scores, truth, model.card.threshold.value, [r["patient"] for r in rows])


def say(words: str, figures: dict[str, Any]) -> None:
    low, high = figures["auc_delong"]
    print(
        f"{words}: {figures['n']} films ({figures['positives']} positive), AUC {figures['auc']:.4f} "
        f"({low:.3f} to {high:.3f}, DeLong), sensitivity {figures['sensitivity']:.3f}, "
        f"specificity {figures['specificity']:.3f}, accuracy {figures['accuracy']:.4f} at the threshold"
    )


def chest_films(path: Path, shared: Path) -> None:
    model = _model(path)
    data = shared / "data/train"
    kermany, own = data / "kermany-cxr-224", data / "kermany-lung-masks-320"
    rows = rows_of(kermany)
    kept = [r for r in rows if r["split"] == "val"]
    say("kermany-cxr-224, split val", judge_films(model, kermany, kept, "PNEUMONIA"))
    patients = {r["patient"] for r in kept}
    same = [r for r in rows_of(own) if r["patient"] in patients]
    say(
        "the same patients, films at their own aspect (kermany-lung-masks-320)",
        judge_films(model, own, same, "PNEUMONIA"),
    )
    adults = data / "nih-chestxray14-1000"
    say("adults of another hospital (nih-chestxray14-1000)", judge_films(model, adults, rows_of(adults), "pneumonia"))


def chest_ct(path: Path, shared: Path) -> None:
    model = _model(path)
    slices = [pydicom.dcmread(p) for p in sorted((shared / "data/dicom/ct/lidc-idri-0314-chest").rglob("*.dcm"))]
    slices.sort(key=lambda d: float(d.ImagePositionPatient[2]))
    pictures = [
        Picture(
            i,
            (d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept)).astype(np.float32),
            (float(d.PixelSpacing[0]), float(d.PixelSpacing[1])),
        )
        for i, d in enumerate(slices)
    ]
    answers = scored(model, pictures)
    fired = [a for a in answers if a.positive]
    print(f"LIDC-IDRI-0314: {len(fired)} of {len(answers)} slices at or above {model.card.threshold.value:.4f}")
    highest = max(answers, key=lambda a: a.scores["nodule"])
    for a in answers:
        if a.positive:
            column, row = a.findings[0].at
            word = " <- the highest" if a is highest else ""
            print(f"  slice {a.index}: score {a.scores['nodule']:.3f} at column {column:.0f}, row {row:.0f}{word}")


def _model(path: Path) -> LoadedModel:
    folder = load(path)
    print(f"\n{folder.card.name} {folder.card.version} ({folder.sha256[:12]})")
    return models.load(folder.path, folder.sha256, "cpu")


MEASURED = {"cxr-pneumonia": chest_films, "lung-nodule": chest_ct}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", choices=MEASURED)
    options = parser.parse_args()
    for name, measure in MEASURED.items():
        if options.only in (None, name):
            measure(options.models / name, options.shared)


if __name__ == "__main__":
    main()
