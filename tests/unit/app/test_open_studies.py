"""Opening: one drop is one picture, stacks grow under the eye without moving, bad files are named."""

import threading
from pathlib import Path

import numpy as np
import pytest

from medviewer.app import open_studies
from medviewer.app.open_studies import OpenStudies, first_to_show, left_out, nothing_opened
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled, Jobs, State
from medviewer.core.study import FrameHeader, ImageHeader, Skipped
from tests import build


def header(number: int, **changes: object) -> ImageHeader:
    plane = FrameHeader((0.0, 0.0, 100.0 - number), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (0.7, 0.7))
    values: dict[str, object] = {
        "path": f"/n/{number}.dcm",
        "label": f"{number}.dcm",
        "sop_uid": f"1.2.{number}",
        "sop_class": build.CT,
        "transfer_syntax": "1.2.840.10008.1.2.1",
        "study_uid": "1.2",
        "series_uid": "1.2.3",
        "modality": "CT",
        "rows": 64,
        "columns": 64,
        "frames": (plane,),
        "instance_number": number,
    }
    return ImageHeader(**{**values, **changes})  # type: ignore[arg-type]


class SlowPool:
    """A pool whose scan hands over batches when the test says so."""

    def __init__(self) -> None:
        self.batches: list[tuple[tuple[ImageHeader, ...], tuple[Skipped, ...]]] = []
        self.step = threading.Semaphore(0)
        self.taken = threading.Semaphore(0)

    def scan(self, paths, job, on_batch):
        for headers, skipped in self.batches:
            self.step.acquire(timeout=10)
            on_batch(headers, skipped)
            job.step(0, 0)
            self.taken.release()

    def go(self) -> None:
        self.step.release()
        assert self.taken.acquire(timeout=10)


def test_a_dropped_folder_is_shown_from_its_first_image_in_anatomical_order(session, chest):
    assert session.open([chest]).value(20) == 9
    view = session.reader.view
    assert [ref.plane.position[2] for ref in view.stack.images] == [50 - 2.5 * i for i in range(9)]
    assert view.index == 0
    assert session.recent.entries == ((str(chest),),)


def test_a_second_drop_takes_the_active_viewport_and_the_first_study_stays_in_the_list(session, chest, tmp_path):
    session.open([chest]).value(20)
    build.save(build.mr(StudyInstanceUID=build.uid("other")), tmp_path / "mr" / "a.dcm")
    session.open([tmp_path / "mr"]).value(20)
    assert session.reader.view.stack.first.modality == "MR"
    assert len(session.opened.studies) == 2


def test_opening_without_show_leaves_the_desk_alone(session, chest):
    session.opened.open([chest], show=False).value(20)
    assert session.reader.view.stack is None


def test_the_image_being_looked_at_stays_while_its_stack_grows(home, monkeypatch):
    monkeypatch.setattr(open_studies, "REGROUP_S", 0.0)  # otherwise at most ten times a second
    with Session(home) as session:
        pool = SlowPool()
        pool.batches = [((header(5),), ()), ((header(9), header(2)), ()), ((header(7), header(1)), ())]
        opened = session.opened
        opened._pool = pool
        shown = threading.Event()
        opened.showable.connect(lambda _: shown.set())
        job = opened.open(["/n"])
        pool.go()
        assert shown.wait(5), "a slow scan shows its first image before its end"
        view = session.reader.view
        assert (view.image.key, view.index) == (("/n/5.dcm", 0), 0)
        pool.go()
        assert (view.image.key, view.index, len(view.stack)) == (("/n/5.dcm", 0), 1, 3)
        pool.go()
        job.value(10)
        assert (view.image.key, view.index, len(view.stack)) == (("/n/5.dcm", 0), 2, 5)


def test_a_quick_scan_is_shown_once_at_its_end():
    jobs, pool = Jobs(), SlowPool()
    pool.batches = [((header(9),), ()), ((header(1), header(4)), ())]
    opened, shown = OpenStudies(jobs, pool), []
    opened.showable.connect(shown.append)
    job = opened.open(["/n"])
    pool.go()
    pool.go()
    job.value(10)
    assert [len(stack) for stack in shown] == [3]
    jobs.close()


def test_a_cancelled_scan_keeps_what_it_found():
    jobs, pool = Jobs(), SlowPool()
    pool.batches = [((header(1),), ()), ((header(2),), ())]
    opened = OpenStudies(jobs, pool)
    job = opened.open(["/n"])
    pool.go()
    job.cancel()
    pool.step.release()
    with pytest.raises(Cancelled):
        job.value(10)
    assert job.state is State.CANCELLED
    assert len(opened.studies) == 1
    jobs.close()


def test_two_patients_in_one_drop_are_kept_apart_and_that_is_said(session, tmp_path):
    for number, name in enumerate(("One^A", "Two^B")):
        ds = build.ct(PatientName=name, PatientID=name, SOPInstanceUID=build.uid("two", number))
        build.save(ds, tmp_path / "drop" / f"{number}.dcm")
    said: list[str] = []
    session.noticed.connect(said.append)
    session.open([tmp_path / "drop"]).value(20)
    assert said == ["These files belong to 2 patients. They were kept apart."]
    assert len(session.opened.studies) == 2
    assert all(len({ref.header.patient for ref in stack.images}) == 1 for stack in session.opened.stacks)


def test_files_that_cannot_be_used_are_listed_with_their_reason_and_the_rest_opens(session, chest):
    (chest / "letter.txt").write_text("dear colleague")
    said: list[str] = []
    session.noticed.connect(said.append)
    assert session.open([chest]).value(20) == 9
    assert [(s.path, s.code) for s in session.opened.skipped] == [("letter.txt", "not_dicom")]
    assert said == ["1 of 10 files is not DICOM and was left out."]
    session.opened.forget_skipped()
    assert session.opened.skipped == ()


def test_a_folder_without_any_file_is_one_sentence(session, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError) as error:
        session.open([tmp_path / "empty"]).value(20)
    assert error.value.sentence == "The folder empty has no files."


def test_sentences_count_in_singular_and_plural():
    text, pdf = Skipped("a.txt", "not_dicom", "a.txt is not DICOM."), Skipped("b", "encapsulated_document", "")
    assert left_out([text] * 3, 37) == "3 of 40 files are not DICOM and were left out."
    assert left_out([text, pdf], 1) == "2 of 3 files cannot be shown and were left out."
    assert nothing_opened([Path("a.txt")], [text]).sentence == "a.txt is not DICOM."
    both = nothing_opened([Path("folder")], [text, text])
    assert both.sentence == "There is no image to open in folder: its 2 files are not DICOM."
    assert nothing_opened([Path("/no/such")], []).code == "no_file"


def test_closing_a_study_clears_its_viewports_and_stops_its_reading(session, chest):
    session.open([chest]).value(20)
    stack = session.reader.view.stack
    session.analyses.choose(stack, session.model("bright-slices"))
    closed = []
    session.opened.closed.connect(closed.append)
    session.opened.close_study(stack.key[0])
    assert session.reader.view.stack is None
    assert session.opened.studies == ()
    assert len(closed) == 1
    with pytest.raises(UserError):
        session.opened.stack(stack.key)


def test_a_localizer_is_not_what_is_shown_first(session, tmp_path):
    scout = {
        "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"],
        "SeriesInstanceUID": build.uid("scout"),
        "SeriesNumber": "0",
    }
    build.save(build.ct(**scout), tmp_path / "s" / "a.dcm")
    build.series(tmp_path / "s", 3)
    session.open([tmp_path / "s"]).value(20)
    assert len(session.reader.view.stack) == 3
    assert first_to_show(session.opened.stacks) is session.reader.view.stack


def test_a_broken_slice_is_an_error_of_that_slice_alone(session, chest):
    path = sorted(chest.iterdir())[2]
    path.write_bytes(path.read_bytes()[:-4000])
    session.open([chest]).value(20)
    stack = session.reader.view.stack
    answers = dict(session.pixels.try_stream(stack.images))
    bad = [ref for ref, answer in answers.items() if isinstance(answer, UserError)]
    good = [answer for answer in answers.values() if not isinstance(answer, UserError)]
    assert len(good) + len(bad) == len(stack)
    assert all(np.asarray(frame.values).shape == (64, 64) for frame in good)
    assert len(good) >= 8
