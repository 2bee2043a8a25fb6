"""Which model reads which stack for the worklist, what is kept of a study, and who is dead."""

import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from medviewer.app import claims
from medviewer.app.home import shipped_models
from medviewer.app.keeping import record_of, urgency_of
from medviewer.app.triage_plan import newest, plan
from medviewer.core.study import FrameHeader, ImageHeader, ImageRef, Patient, Stack, Study
from medviewer.inference.folder import ModelFolder, find, load
from medviewer.library.records import Urgency


def header(number: int = 0, **values) -> ImageHeader:
    plane = FrameHeader((0.0, 0.0, -float(number)), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (0.7, 0.7))
    words = {"modality": "CT", "rows": 512, "columns": 512, "unit": "HU", "body_part": "CHEST", "slice_thickness": 1.0}
    known = ImageHeader(f"/n/{number}.dcm", f"{number}.dcm", f"1.{number}", "ct", "raw", "study", "series")
    return replace(known, frames=(plane,), **{**words, **values})


def stack(count: int, number: int = 0, plane: str = "axial", **values) -> Stack:
    return Stack("series", number, tuple(ImageRef(header(n, **values)) for n in range(count)), plane)


def film(**values) -> Stack:
    blank = ImageHeader("/n/f.png", "f.png", "film:1", "", "PNG", "film:1", "film:1", film=True, rows=512, columns=512)
    return Stack("film:1", 0, (ImageRef(replace(blank, **values)),))


@pytest.fixture(scope="module")
def shipped() -> tuple[ModelFolder, ...]:
    return find([shipped_models()])


def test_a_film_without_header_is_read_by_the_film_model_alone(shipped) -> None:
    (wanted,) = plan([film()], shipped, films=True).wanted
    assert wanted.model.name == "cxr-pneumonia"
    assert wanted.reason == "The film has no header: nobody confirmed that it is a chest film."
    (confirmed,) = plan([film()], shipped, films=False, confirmed=True).wanted
    assert (confirmed.model.name, confirmed.reason, confirmed.confirmed) == ("cxr-pneumonia", "", True)


def test_a_film_that_is_too_small_says_so(shipped) -> None:
    found = plan([film(rows=64, columns=64)], shipped, films=True)
    assert (found.wanted, found.model.name) == ((), "cxr-pneumonia")
    assert "smaller than the model can read" in found.refusal


def test_of_several_stacks_the_largest_that_fits_is_read_and_no_localizer(shipped) -> None:
    scout = stack(40, 2, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    stacks = [stack(3, 0), scout, stack(20, 1), stack(50, 3, "coronal")]
    (wanted,) = plan(stacks, shipped, films=True).wanted
    assert (wanted.model.name, wanted.stack.number, wanted.reason) == ("lung-nodule", 1, "")


def test_the_reason_is_that_of_the_model_for_this_modality(shipped) -> None:
    thick = plan([stack(9, slice_thickness=8.0)], shipped, films=True)
    assert thick.refusal == "Not evaluated. The model needs at most 5 mm slices; these are 8 mm."
    silent = plan([stack(9, slice_thickness=None)], shipped, films=True)
    assert silent.refusal.startswith("Cannot tell whether the model fits. The header does not say the slice thickness")
    assert len(plan([stack(9, slice_thickness=None)], shipped, films=True, confirmed=True).wanted) == 1
    assert plan([stack(9, slice_thickness=8.0)], shipped, films=True, confirmed=True).wanted == ()
    assert plan([stack(9, modality="US")], shipped, films=True).refusal == (
        "Not evaluated. No model here reads US of the chest."
    )
    assert plan([], shipped, films=True).refusal == "Not evaluated. There is no image to read."
    assert plan([film()], (), films=True).refusal == "Not evaluated. No model here reads films without header."


def test_an_older_version_of_a_model_is_not_asked(tiny_models: Path) -> None:
    model = load(tiny_models / "bright-film")
    newer = replace(model, card=replace(model.card, version="1.1.0"))
    assert newest([model, newer]) == (newer,)


def test_what_is_kept_of_a_study_says_who_when_and_where(tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    path.write_bytes(b"12345")
    patient = Patient("Test, Person", "T-1", "1950-01-02", "F", "076Y", "Hospital")
    known = header(path=str(path), label="one.dcm", patient=patient, priority="STAT", digest="d", series_number=7)
    refs = tuple(ImageRef(replace(known, frames=known.frames * 2), frame) for frame in (0, 1))
    study = Study("study", patient, "2026-01-02", "10:11:12", "CT chest", (Stack("series", 0, refs),))
    record = record_of(study)
    assert (record.uid, record.patient_name, record.issuer) == ("study", "Test, Person", "Hospital")
    assert (record.date, record.urgency, record.film) == ("2026-01-02", Urgency.STAT, False)
    (image,) = record.images
    assert (image.source, image.label, image.frames, image.size) == (str(path), "one.dcm", 2, 5)
    assert [(one.uid, one.modality, one.number) for one in record.series] == [("series", "CT", 7)]


@pytest.mark.parametrize(
    ("said", "urgency"),
    [
        (("", "HIGH", "STAT"), Urgency.STAT),
        (("", "HIGH"), Urgency.URGENT),
        (("MEDIUM", "LOW", "whatever"), Urgency.ROUTINE),
        ((), Urgency.ROUTINE),
    ],
)
def test_the_most_urgent_image_decides(said: tuple[str, ...], urgency: Urgency) -> None:
    assert urgency_of([header(priority=word) for word in said]) is urgency


def test_a_worker_is_dead_when_its_process_is_gone_or_another_one_has_its_number() -> None:
    mine, host = claims.claimant(), socket.gethostname()
    assert not claims.dead(mine)
    assert claims.dead(f"{host}:99999999:123-1")
    parent = os.getppid()
    assert not claims.dead(f"{host}:{parent}:{claims.started(parent)}-1")
    assert claims.dead(f"{host}:{parent}:1234567-1") or not claims.started(parent)
    assert not claims.dead("elsewhere:99999999:123-1")
    assert not claims.dead("nonsense")
    claims.leave(mine)
    assert claims.dead(mine)


def test_a_claim_from_another_computer_counts_for_some_hours() -> None:
    now = int(time.time())
    assert not claims.dead(f"elsewhere:7:123-1@{now - 600}")
    assert claims.dead(f"elsewhere:7:123-1@{now - claims.LEASE_S - 60}")
    mine = claims.claimant()
    assert not claims.dead(mine.partition("@")[0] + f"@{now - claims.LEASE_S - 60}")  # this one is here to be asked
    assert not claims.dead(claims.dated(mine))
    claims.leave(mine)
    assert claims.dead(claims.dated(mine))
