"""One real film as a JPEG and as a 12-bit MONOCHROME1 DICOM file, through the command line: the same score."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import build


def score(film: Path, out: Path) -> float:
    """Return what `analyze` says of one film."""
    command = [sys.executable, "-P", "-m", "medviewer", "analyze", str(film), "--model", "cxr-pneumonia"]
    words = ["--confirm-eligible", "--out", str(out), "--json", "--quiet"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return float(json.loads(done.stdout)["series_score"])


@pytest.mark.parametrize("number", [0, 20])
def test_a_film_scores_the_same_as_jpeg_and_as_monochrome1_dicom(shared: Path, tmp_path: Path, number: int) -> None:
    with zipfile.ZipFile(shared / "data/train/kermany-originals-24/images.zip") as originals:
        name = sorted(n for n in originals.namelist() if n.endswith("jpeg"))[number]
        jpeg = tmp_path / "film.jpeg"
        jpeg.write_bytes(originals.read(name))
    grey = np.asarray(Image.open(io.BytesIO(jpeg.read_bytes())).convert("L"))
    turned = (4095 - np.round(grey * (4095 / 255))).astype(np.uint16)
    dicom = build.save(build.dx(turned, PhotometricInterpretation="MONOCHROME1", PatientAge="004Y"), tmp_path / "f.dcm")
    a, b = score(jpeg, tmp_path / "a"), score(dicom, tmp_path / "b")
    print(f"\nJPEG {a:.4f}, 12-bit MONOCHROME1 DICOM {b:.4f}")
    assert abs(a - b) <= 0.02
