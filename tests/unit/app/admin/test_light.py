"""Lighter copies: made and tested by the training process, used only where they are equal, said in every result."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medviewer.app.session import Session
from medviewer.core import datasets
from medviewer.core.errors import UserError
from medviewer.core.findings import SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job

MODEL = "cxr-pneumonia"


def films(shared: Path, home: Path, count: int) -> str:
    """Freeze a data set of real films, every fifth in the selecting part; return its id."""
    source = shared / "data/train/kermany-cxr-224"
    with (source / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"][::2][:count]
    with np.load(source / "images.npz") as packed:
        ends, blob = packed["offsets"], packed["blob"]
        where = {str(n): (int(a), int(b)) for n, a, b in zip(packed["names"], ends[:-1], ends[1:], strict=True)}
    folder = home / "data/datasets/films"
    folder.mkdir(parents=True)
    pictures, kept = [], []
    for number, row in enumerate(rows):
        start, end = where[row["file"]]
        picture = Image.open(io.BytesIO(blob[start:end].tobytes())).convert("L")
        pictures.append((f"{number:06d}", np.asarray(picture)))
        part = "select" if number % 5 == 0 else "fit"
        kept.append(datasets.Row(f"{number:06d}", row["label"], row["label"] == "PNEUMONIA", str(number), part))
    datasets.write_pictures(folder / datasets.PICTURES, pictures)
    facts = datasets.Facts("films", "Films", 1, "pneumonia", "films", "2026-11-25", "test")
    datasets.freeze(datasets.write(folder, facts, kept))
    return "films"


def score(session: Session, picture: np.ndarray) -> float:
    """Let the version in use read one picture."""
    model = session.model(MODEL)
    assert model is not None
    found: list[SliceScore] = []
    job = session.jobs.add(Job("Reading", "read"))
    session.engine.predict(model, [(0, Frame(picture), None)], job, found.extend)
    job.value(60)
    return found[0].scores["pneumonia"]


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    """A session with the shipped models."""
    with Session(home, device="cpu") as session:
        yield session


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    rng = np.random.default_rng(7)
    return (np.linspace(0, 200, 224)[:, None] + rng.integers(0, 50, (224, 224))).astype(np.uint8)


@pytest.mark.slow
def test_an_equal_copy_can_be_used_answers_the_same_and_is_named_as_what_answered(
    session: Session, shared: Path, home: Path, picture: np.ndarray
):
    films(shared, home, 205)
    base, device = score(session, picture), session.engine.device
    light = session.admin.light
    copy = light.make(MODEL, "", "onnx").value(240)
    assert (copy.n, copy.kind, copy.used) == (205, "onnx", False)
    assert copy.worst < 1e-4
    assert copy.auc == pytest.approx(copy.base_auc, abs=1e-6)
    assert copy.ok, copy.text
    assert session.engine.device == device == "cpu"
    light.use(MODEL, copy.version, "onnx").result(20)
    assert [c.used for c in light.all(MODEL)] == [True]
    assert score(session, picture) == pytest.approx(base, abs=1e-5)
    assert session.engine.device == "cpu, onnx copy"
    said = session.shelf.read(lambda library: library.audit_entries()).result(20)
    assert said[-1].what == "model.copy_chosen"
    assert said[-1].details["copy"] == "onnx"

    # a file that is not the one that was tested does not answer, and the reader is told
    (made,) = (home / "data/light").glob("*/onnx/copy.onnx")
    made.write_bytes(made.read_bytes()[:-1] + b"\0")
    told: list[str] = []
    session.engine.close()
    with Session(session.home.root, device="cpu") as again:
        again.engine.noticed.connect(told.append)
        assert score(again, picture) == pytest.approx(base, abs=1e-6)
        assert again.engine.device == "cpu"
    assert [sentence for sentence in told if "not the one that was tested" in sentence]


def test_a_copy_that_was_tested_on_few_pictures_is_not_used(session: Session, shared: Path, home: Path):
    films(shared, home, 12)
    copy = session.admin.light.make(MODEL, "", "onnx").value(240)
    assert (copy.ok, copy.n) == (False, 12)
    assert "12 pictures" in copy.text
    with pytest.raises(UserError, match="cannot be used"):
        session.admin.light.use(MODEL, copy.version, "onnx")


def test_without_a_data_set_a_sentence_says_what_is_needed(session: Session):
    with pytest.raises(UserError, match="at least 200 pictures"):
        session.admin.light.make(MODEL, "", "onnx").value(30)


def test_a_cancelled_copy_leaves_nothing_behind(session: Session, shared: Path, home: Path):
    films(shared, home, 60)
    job = session.admin.light.make(MODEL, "", "onnx")
    job.cancel()
    job.wait(60)
    assert not list((home / "data/light").rglob("copy.onnx"))
    assert session.admin.light.all(MODEL) == ()
