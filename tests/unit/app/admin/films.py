"""Films in a folder, and studies with opinions in the library, as the tests of data sets want them."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medviewer.app.keeping import Places, record_of
from medviewer.app.session import Session
from medviewer.core.jobs import Job
from medviewer.dicom.grouping import group
from medviewer.library.records import OpinionRecord, Verdict
from tests import build
from tests.journeys.films import film

MODEL, TARGET = "bright-film", "square"
CANARY = "Canary^Yellow"
LONG = 60.0


def pixels(number: int, bright: bool = False, side: int = 96) -> NDArray[np.uint8]:
    """A picture of coarse noise, another one for each number, with a bright square if wished."""
    rng = np.random.default_rng(number)
    values = np.kron(rng.normal(70, 25, (side // 8, side // 8)), np.ones((8, 8)))
    if bright:
        row, column = rng.integers(8, side - 40, 2)
        values[row : row + 30, column : column + 30] = 230
    return values.clip(0, 255).astype(np.uint8)


def png(path: Path, values: NDArray[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path)
    return path


def table(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def folder(root: Path, count: int = 30) -> Path:
    """A folder of pictures with labels.csv: two pictures a patient, every other patient with the finding."""
    rows = []
    for number in range(count):
        patient = number // 2
        name = f"a/{number:03d}.png"
        png(root / name, pixels(number, bright=patient % 2 == 0))
        label = TARGET if patient % 2 == 0 else "nothing"
        rows.append({"file": name, "label": label, "patient": f"P{patient}", "age": 30 + patient, "sex": "F"})
    table(root / "labels.csv", rows)
    return root


def dicom(path: Path, number: int, bright: bool = False, values: NDArray[Any] | None = None, **more: Any) -> Path:
    """A DX film of a study of its own; the patient's name is a canary."""
    shown = pixels(number, bright) if values is None else values
    fixed = {"ManufacturerModelName": "Film 3", "Manufacturer": "Acme", "PatientName": CANARY}
    ds = film(shown, number, **{**fixed, **more})
    return build.save(ds, path)


def keep(session: Session, paths: Sequence[Path]) -> list[int]:
    """Put studies into the library; return their numbers in the order of the files."""
    headers: dict[str, Any] = {}

    def take(found: Any, _: Any) -> None:
        headers.update({header.path: header for header in found})

    session.pool.scan(list(paths), Job("scan"), take)
    records = [record_of(group([headers[str(path)]])[0], Places(paths)) for path in paths]
    kept = session.shelf.write(lambda library: library.keep(records, listed=True)).result(LONG)
    return [one.study_id for one in kept]


def say(session: Session, study: int, answer: str, **more: Any) -> int:
    """Give an opinion on a study, as the reader would: present or absent against a score of 0.8."""
    verdict = {"present": Verdict.AGREE, "absent": Verdict.DISAGREE, "unsure": Verdict.UNSURE}.get(answer)
    model = {"model": MODEL, "version": "1.0.0", "score": 0.8, "point": 0.5}
    given = {"verdict": verdict, "answer": answer, "reader": "Dr A", "ai_shown": True, **model, **more}
    record = OpinionRecord(study, **given)
    return session.shelf.write(lambda library: library.give_opinion(record)).result(LONG)
