"""Data sets from what readers said: who is right, whose picture it is, and what nobody can tell."""

from pathlib import Path

import numpy as np
import pytest

from medviewer.app.admin.datasets import OpinionsSource
from medviewer.app.session import Session
from medviewer.core.datasets import PARTS, DataSet
from medviewer.core.errors import UserError
from medviewer.library.records import AiState, FindingRecord, ReadingRecord, Verdict
from tests import build
from tests.unit.app.admin import films
from tests.unit.app.admin.films import LONG, MODEL, say

SOURCE = OpinionsSource(MODEL)


def gather(session: Session, source: OpinionsSource = SOURCE) -> DataSet:
    sets = session.admin.datasets
    return sets.get(sets.gather(source, "Opinions").value(LONG))


def studies(session: Session, folder: Path, count: int, **more) -> list[int]:
    paths = [films.dicom(folder / f"{n}.dcm", n, bright=n % 2 == 0, **more) for n in range(count)]
    return films.keep(session, paths)


def test_answers_become_labels(session: Session, tmp_path: Path) -> None:
    a, b, c, d, e, f = studies(session, tmp_path / "films", 6)
    say(session, a, "present")
    say(session, b, "absent")
    say(session, c, "unsure")
    say(session, d, "", verdict=Verdict.DISAGREE)  # the model said 0.8 against 0.5
    say(session, e, "effusion", verdict=Verdict.RELABEL, label="Effusion")
    say(session, f, "square", verdict=Verdict.RELABEL, label="Square")
    made = gather(session)
    labels = {int(row.more["study"]): (row.label, row.positive) for row in made.rows}
    assert labels == {
        a: ("present", True),
        b: ("absent", False),
        d: ("absent", False),
        e: ("other", False),
        f: ("present", True),
    }
    assert made.facts.target == "square"
    assert made.facts.source["unsure"] == 1
    with_unsure = gather(session, OpinionsSource(MODEL, unsure=True))
    (row,) = [row for row in with_unsure.rows if int(row.more["study"]) == c]
    assert (row.excluded, row.more["why"]) == (True, "unsure")
    decided = session.admin.datasets.relabel(with_unsure.id, row.file, positive=True).value(LONG)
    assert [(r.positive, r.excluded) for r in decided.rows if r.file == row.file] == [(True, False)]
    assert session.admin.datasets.study_of(with_unsure.id, row.file) == c


def test_the_newest_opinion_of_each_reader_counts_and_the_majority_decides(session: Session, tmp_path: Path) -> None:
    a, b, c = studies(session, tmp_path / "films", 3)
    say(session, a, "absent")
    say(session, a, "present")  # changed their mind
    for study, answers in ((b, ("present", "absent", "absent")), (c, ("present", "absent"))):
        for number, answer in enumerate(answers):
            say(session, study, answer, reader=f"Dr {number}")
    taken_back = say(session, a, "absent")
    session.shelf.write(lambda library: library.undo_opinion(taken_back)).result(LONG)
    made = gather(session)
    assert [(row.positive, row.more["readers"], row.more.get("tie", "")) for row in made.rows] == [
        (True, "1", ""),
        (False, "3", ""),
        (False, "2", "1"),
    ]
    sets = session.admin.datasets
    report = sets.check(made.id).value(LONG)
    (tie,) = [finding for finding in report.stops if finding.kind == "contradiction"]
    assert tie.files == (made.rows[2].file,)
    sets.relabel(made.id, made.rows[2].file, positive=True).value(LONG)
    assert not [f for f in sets.check(made.id).value(LONG).stops if f.kind == "contradiction"]


def test_what_was_said_after_ai_had_been_seen_is_marked(session: Session, tmp_path: Path) -> None:
    a, b, c = studies(session, tmp_path / "films", 3)
    say(session, a, "present", order="before_ai", ai_shown=False)
    say(session, b, "present")
    say(session, c, "present", order="before_ai", ai_shown=False)
    say(session, c, "present", reader="Dr B")
    made = gather(session)
    assert [row.more["order"] for row in made.rows] == ["before_ai", "after_ai", "mixed"]
    (note,) = [f for f in session.admin.datasets.check(made.id).value(LONG).findings if f.kind == "after_ai"]
    assert note.files == (made.rows[1].file, made.rows[2].file)


def test_studies_of_one_patient_are_one_patient(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    more = [
        {"PatientID": "A", "PatientBirthDate": "20200101"},
        {"PatientID": "", "PatientBirthDate": "20200101"},  # the same name and birth date
        {"PatientID": "C", "PatientBirthDate": "20210101"},
        {"PatientID": "C", "PatientBirthDate": ""},
        {"PatientID": "D", "PatientBirthDate": "20210101"},  # another id under the same name
    ]
    paths = [films.dicom(folder / f"{n}.dcm", n, **attributes) for n, attributes in enumerate(more)]
    paths += [films.png(folder / f"{n}.png", films.pixels(n)) for n in (10, 11)]  # nobody knows whose
    for study in films.keep(session, paths):
        say(session, study, "present")
    made = gather(session)
    assert [row.patient for row in made.rows] == ["1", "1", "2", "2", "3", "4", "5"]
    where = {row.patient: row.part for row in made.rows}
    assert all(row.part == where[row.patient] for row in made.rows)
    found = session.admin.datasets.check(made.id).value(LONG).findings
    assert [f.files for f in found if f.kind == "unknown_patients"] == [(made.rows[5].file, made.rows[6].file)]


def test_no_name_is_in_a_file_of_the_data_set_but_where_it_came_from(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / films.CANARY
    for study in studies(session, folder, 3, PatientID="Canary-1", StudyDescription="Canary"):
        say(session, study, "present", note="Canary is his name")
    made = gather(session)
    session.admin.datasets.check(made.id).value(LONG)
    told = {path.name: b"anary" in path.read_bytes() for path in made.path.iterdir()}
    assert told == {
        "dataset.json": False, "rows.csv": False, "pictures.npz": False, "check.json": False, "sources.json": True,
    }  # fmt: skip
    assert "anary" not in made.path.name


def test_files_that_are_gone_changed_or_do_not_fit_are_said(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    gone, changed, fine = studies(session, folder, 3)
    (ct,) = films.keep(session, [films.dicom(folder / "ct.dcm", 9, Modality="CT")])
    for study in (gone, changed, fine, ct):
        say(session, study, "present")
    (folder / "0.dcm").unlink()
    films.dicom(folder / "1.dcm", 77)
    made = gather(session)
    assert [row.more.get("why", "") for row in made.rows] == ["missing", "changed", "", "mismatched: modality"]
    assert made.facts.source["without_file"] == 2


def test_without_opinions_it_is_refused(session: Session) -> None:
    for source, words in (
        (SOURCE, "No reader has said yet"),
        (OpinionsSource("bright-slices"), "No reader has said yet"),
        (OpinionsSource("nothing"), "no model called nothing"),
    ):
        with pytest.raises(UserError, match=words):
            gather(session, source)


def test_findings_that_were_judged_become_patches(session: Session, tmp_path: Path) -> None:
    values = np.full((96, 128), -900, np.int16)
    values[40:45, 60:65] = 200  # 5 rows of 0.5 mm, 5 columns of 0.8 mm
    ds = build.ct(values + 1024, PixelSpacing=["0.5", "0.8"], PatientName=films.CANARY, PatientID="7")
    (study,) = films.keep(session, [build.save(ds, tmp_path / "slice.dcm")])
    model = session.model("bright-slices")
    assert model is not None
    places = [FindingRecord(ds.SOPInstanceUID, 0, 0, at, 0.8, "square") for at in ((62.0, 42.0), (20.0, 20.0), None)]
    reading = ReadingRecord(
        study, ds.SeriesInstanceUID, 0, model.name, "1.0.0", model.sha256, "", AiState.DONE, 0.8, findings=tuple(places)
    )
    session.shelf.write(lambda library: library.keep_readings([reading])).result(LONG)
    (kept,) = session.shelf.read(lambda library: library.readings(study, all=True)).result(LONG)
    for place, answer in zip(kept.findings, ("present", "absent", "present"), strict=True):
        say(session, study, answer, finding_id=place.id, sop_uid=ds.SOPInstanceUID, model=model.name)
    say(session, study, "absent", model=model.name)  # on the study: says nothing of a place
    made = gather(session, OpinionsSource(model.name))
    assert (made.facts.kind, made.facts.target) == ("patches", "square")
    assert [(row.label, row.more.get("why", "")) for row in made.rows] == [
        ("present", ""),
        ("absent", ""),
        ("present", "no pixel size"),
    ]
    with made.pictures() as pictures:
        nodule, nothing = pictures[made.rows[0].file], pictures[made.rows[1].file]
    assert (nodule.shape, nodule.dtype) == ((50, 50), np.uint8)
    bright = nodule > 110  # between -900 (18) and 200 (219)
    rows, columns = np.flatnonzero(bright.any(1)), np.flatnonzero(bright.any(0))
    assert (rows[0] + rows[-1], columns[0] + columns[-1]) == (50, 50)
    assert (len(rows), len(columns)) == (3, 5)  # 2.5 and 4 mm in pixels of 1 mm
    assert nothing.max() == 18
    assert nothing[0, 0] == 0  # outside of the image


def test_forty_opinions_become_a_frozen_data_set(session: Session, tmp_path: Path) -> None:
    paths = [
        films.dicom(tmp_path / f"{n}.dcm", n, bright=n % 2 == 0, PatientBirthDate=f"20{n:02d}0101") for n in range(40)
    ]
    for number, study in enumerate(films.keep(session, paths)):
        say(session, study, "present" if number % 2 == 0 else "absent", reader="Dr A")
    sets = session.admin.datasets
    made = gather(session)
    report = sets.check(made.id).value(LONG)
    assert not report.stops
    frozen = sets.freeze(made.id).value(LONG)
    assert frozen.facts.frozen
    assert [frozen.counts()[part] for part in PARTS] == [
        {"images": 24, "patients": 24, "positives": 12},
        {"images": 8, "patients": 8, "positives": 4},
        {"images": 8, "patients": 8, "positives": 4},
    ]
    assert {row.more["scanner"] for row in frozen.rows} == {"Acme Film 3"}
    assert session.shelf.read(lambda library: library.verify_audit()).result(LONG).ok
