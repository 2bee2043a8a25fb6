"""Readings: scores land on the images they belong to, whatever happens to the stack; the queue, maps, refusals."""

import time
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from medviewer.app.analyses import Analyses
from medviewer.app.pixels import PixelStore
from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation, Finding, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Job, Jobs, State
from medviewer.core.study import FrameHeader, ImageHeader, ImageRef, Stack


def ref(number: int) -> ImageRef:
    plane = FrameHeader((-100.0, -90.0, 50.0 - number), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (0.5, 0.8))
    words = ("s", "c", "t", "study", "series")
    return ImageRef(ImageHeader(f"/n/{number}", str(number), *words, "CT", 64, 64, frames=(plane,)))


def stack(*numbers: int) -> Stack:
    return Stack("series", 0, tuple(map(ref, numbers)), "axial")


class Pool:
    """Pictures filled with their number; those of `bad` are damaged."""

    bad: frozenset[int] = frozenset()

    def frame(self, wanted: ImageRef, urgent: bool = False) -> "Future[Frame]":
        number, future = int(wanted.header.label), Future()
        if number in self.bad:
            future.set_exception(UserError("damaged", f"Image {number} is damaged and cannot be shown."))
        else:
            future.set_result(Frame(np.full((64, 64), number, np.int16)))
        return future


class Engine:
    """A model process by hand: `run` answers what was asked first, its score the picture's number in hundredths."""

    device = "cpu"

    def __init__(self) -> None:
        self.asked: list[tuple] = []

    def predict(self, model, frames, job, on_scores, batch=8, patch=False) -> None:
        self.asked.append((frames, job, on_scores))

    def explain(self, model, index, frame, spacing, target, method, parameters, job, on_map) -> None:
        self.asked.append(((index, frame, target, method), job, on_map))

    def question(self) -> tuple:
        """Return what was asked last; an explanation waits for its pixels on a thread."""
        end = time.monotonic() + 5
        while not self.asked and time.monotonic() < end:
            time.sleep(0.001)
        return self.asked.pop()

    def read(self, count: int = 10**6, point: float = 0.5) -> Job:
        frames, job, on_scores = self.asked[0]
        if job.state is State.QUEUED:
            job.start()
        for _ in range(count):
            picture = next(frames, None)
            if picture is None:
                self.asked.pop(0)
                job.finish(State.DONE)
                break
            number, frame, spacing = picture
            value = float(frame.values[0, 0]) / 100
            assert spacing == (0.5, 0.8)
            finding = Finding("point", (10.0, 20.0), value)
            on_scores((SliceScore(number, {"square": value}, value >= point, (finding,)),))
        return job


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def model(tiny_models):
    from medviewer.inference.folder import load

    return load(tiny_models / "bright-slices")


@pytest.fixture
def analyses(pool, engine, model):
    jobs = Jobs()
    yield Analyses(jobs, PixelStore(pool), engine, lambda: (model,))
    jobs.close()


def test_scores_come_slice_by_slice_with_their_places_in_the_patient(analyses, engine, model):
    series, heard = stack(10, 70, 30), []
    analyses.changed.connect(lambda a: heard.append(len(a.scores)))
    job = analyses.read(series, model, range(3))
    assert job.total == 3
    engine.read(1)
    analysis = analyses.analysis(series, model)
    assert (analysis.wanted, set(analysis.scores), analysis.running) == ({0, 1, 2}, {0}, True)
    engine.read()
    assert not analysis.running
    assert (analysis.highest, analysis.series_score, analysis.device) == (1, 0.7, "cpu")
    assert heard[-1] == 3
    x, y, z = analysis.score(1).findings[0].lps
    assert (x, y, z) == (-100 + 10 * 0.8, -90 + 20 * 0.5, 50.0 - 70)


def test_scores_stay_with_their_images_when_the_stack_grows_during_a_reading(analyses, engine, model):
    analyses.read(stack(10, 30), model, range(2))
    engine.read(1)
    grown = stack(5, 10, 20, 30, 40)
    analyses.follow([grown])
    engine.read()
    analysis = analyses.analysis(grown, model)
    assert {i: s.scores["square"] for i, s in analysis.scores.items()} == {1: 0.1, 3: 0.3}
    assert [s.index for s in analysis.scores.values()] == [1, 3]
    assert analysis.wanted == {1, 3}
    assert analysis.score(0) is None


def test_what_was_read_is_not_asked_again(analyses, engine, model):
    series = stack(10, 20, 30)
    analyses.read(series, model, [1])
    engine.read()
    job = analyses.read(series, model, range(3))
    assert job.total == 2
    engine.read()
    assert set(analyses.analysis(series, model).scores) == {0, 1, 2}
    assert analyses.read(series, model, range(3)).state is State.DONE
    assert not engine.asked


def test_a_reading_that_is_cancelled_keeps_what_it_has_and_wants_no_more(analyses, engine, model):
    series = stack(10, 20, 30)
    job = analyses.read(series, model, range(3))
    with pytest.raises(UserError, match="is reading"):
        analyses.read(series, model, [0])
    engine.read(1)
    job.cancel()
    job.finish(State.CANCELLED)
    analysis = analyses.analysis(series, model)
    assert (analysis.wanted, set(analysis.scores), analysis.running) == ({0}, {0}, False)


def test_a_damaged_slice_is_not_evaluated_and_the_others_are(analyses, engine, model, pool):
    pool.bad = frozenset({20})
    series = stack(10, 20, 30)
    analyses.read(series, model, range(3))
    engine.read()
    scores = analyses.analysis(series, model).scores
    assert [s.evaluated for s in scores.values()] == [True, False, True]
    assert scores[1].reason == "Image 20 is damaged and cannot be shown."


def test_peaks_are_the_highest_of_each_run_above_the_point(analyses, engine, model):
    series = stack(10, 60, 80, 70, 20, 55, 30)
    analyses.read(series, model, range(7))
    engine.read()
    assert analyses.analysis(series, model).peaks() == [2, 5]


def test_without_a_score_above_the_point_the_highest_is_the_only_peak(analyses, engine, model):
    series = stack(10, 40, 20)
    analyses.read(series, model, range(3))
    assert analyses.analysis(series, model).peaks() == []
    engine.read()
    assert analyses.analysis(series, model).peaks() == [1]


def test_a_job_knows_how_many_are_before_it(analyses, engine, model):
    first = analyses.read(stack(1, 2), model, range(2))
    other = replace(stack(3), number=1)
    second = analyses.read(other, model, [0])
    assert (analyses.before(first), analyses.before(second)) == (0, 1)
    engine.read()
    assert analyses.before(second) == 0


def test_a_model_that_does_not_fit_refuses_whatever_the_reader_confirms(analyses, model):
    mr = Stack("series", 0, (ImageRef(replace(ref(1).header, modality="MR")),))
    with pytest.raises(UserError) as error:
        analyses.read(mr, model, [0], confirmed=True)
    assert error.value.code == "not_eligible"
    assert "needs the modality CT; this is MR" in error.value.sentence
    assert analyses.model_for(mr) is None


def test_what_the_header_does_not_say_needs_the_readers_word(analyses, engine, model):
    silent = Stack("series", 0, (ImageRef(replace(ref(1).header, modality="")),))
    assert analyses.verdict(silent, model).answer == "unknown"
    with pytest.raises(UserError, match="Cannot tell"):
        analyses.read(silent, model, [0])
    analyses.confirm(silent, model)
    assert analyses.read(silent, model, [0]).state is State.QUEUED
    assert analyses.model_for(silent) is model


def test_a_map_is_asked_for_once_kept_and_found_again_after_the_stack_has_grown(analyses, engine, model):
    series, came = stack(10, 30), []
    analyses.explained.connect(came.append)
    job = analyses.explain(series, model, 1)
    assert analyses.explain(series, model, 1) is job
    assert analyses.explaining(series, model, 1) is job
    (index, frame, target, method), _, on_map = engine.question()
    assert (index, target, method, frame.values[0, 0]) == (1, "square", "LayerGradCam", 30)
    on_map(Explanation(1, "square", "LayerGradCam", np.zeros((64, 64), np.float32), complete=False, fraction=0.5))
    assert analyses.explanation(series, model, 1).fraction == 0.5
    on_map(Explanation(1, "square", "LayerGradCam", np.ones((64, 64), np.float32)))
    job.finish(State.DONE)
    grown = stack(5, 10, 20, 30)
    assert analyses.explanation(grown, model, 3).index == 3
    assert analyses.explanation(grown, model, 1) is None
    again = analyses.explain(grown, model, 3)
    assert again.state is State.DONE
    assert not engine.asked
    assert [e.index for e in came] == [1, 1, 3]


def test_a_map_of_an_image_that_cannot_be_shown_fails_with_its_sentence(analyses, model, pool):
    pool.bad = frozenset({20})
    with pytest.raises(UserError, match="Image 20 is damaged"):
        analyses.explain(stack(20), model, 0).value(5)


def test_maps_that_do_not_fit_into_memory_go_oldest_first(engine, model, pool):
    jobs = Jobs()
    analyses = Analyses(jobs, PixelStore(pool), engine, lambda: (model,), cache_bytes=3 * 64 * 64 * 4)
    series = stack(*range(5))
    for index in range(5):
        job = analyses.explain(series, model, index)
        _, _, on_map = engine.question()
        on_map(Explanation(index, "square", "LayerGradCam", np.zeros((64, 64), np.float32)))
        job.finish(State.DONE)
    kept = [i for i in range(5) if analyses.explanation(series, model, i) is not None]
    assert kept == [2, 3, 4]
    jobs.close()


def test_closing_a_study_cancels_and_forgets_what_was_said_about_it(analyses, engine, model):
    series = stack(10, 30)
    job = analyses.read(series, model, range(2))
    analyses.forget("study", [r.key for r in series.images])
    assert job.cancel_asked
    assert analyses.analysis(series, model) is None


def test_a_real_model_reads_a_study_and_explains_its_brightest_slice(session, chest):
    session.open([chest]).value(20)
    stack_, model = session.reader.view.stack, session.model("bright-slices")
    session.analyses.read(stack_, model, range(9)).value(60)
    analysis = session.analyses.analysis(stack_, model)
    assert analysis.highest == 3
    assert len(analysis.scores) == 9
    session.analyses.explain(stack_, model, 3).value(60)
    values = session.analyses.explanation(stack_, model, 3).values
    inside = np.nanmean(np.abs(values[24:40, 24:40]))
    outside = np.nanmean(np.abs(np.delete(values, np.s_[24:40], 0)))
    assert inside > 2 * outside
