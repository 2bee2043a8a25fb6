"""Long work: progress, cancel, failure."""

import threading

import pytest

from medviewer.core.errors import UserError, exit_code, sentence_for
from medviewer.core.events import Event
from medviewer.core.jobs import Cancelled, Job, Jobs, State


@pytest.fixture
def jobs():
    jobs = Jobs(threads=1)
    yield jobs
    jobs.close()


def test_a_finished_job_carries_its_result(jobs):
    assert jobs.run(Job("count"), lambda job: 7).value(5) == 7


def test_cancel_takes_effect_at_the_next_step(jobs):
    started = threading.Event()

    def work(job):
        for i in range(10**9):
            job.step(i, 10**9)
            started.set()

    job = jobs.run(Job("count"), work)
    assert started.wait(5)
    job.cancel()
    with pytest.raises(Cancelled):
        job.value(5)


def test_a_job_cancelled_in_the_queue_never_starts(jobs):
    hold, ran = threading.Event(), []
    first = jobs.run(Job("first"), lambda job: hold.wait(5))
    second = jobs.run(Job("second"), lambda job: ran.append(1))
    second.cancel()
    assert second.state is State.CANCELLED
    hold.set()
    first.value(5)
    jobs.close()
    assert ran == []


def test_a_failed_job_says_its_sentence_and_a_defect_says_nothing_of_the_patient(jobs, caplog):
    def refuse(job):
        raise UserError("no_pixels", "This file has no picture.")

    def break_(job):
        raise ValueError("DOE^JOHN")

    assert jobs.run(Job("a"), refuse).wait(5)
    broken = jobs.run(Job("b"), break_)
    assert broken.wait(5)
    assert jobs.all[0].sentence == "This file has no picture."
    assert "DOE" not in broken.sentence


def test_progress_is_announced_on_the_job_and_on_the_list(jobs):
    seen = []
    jobs.changed.connect(lambda job: seen.append((job.state, job.done, job.total)))
    jobs.run(Job("steps"), lambda job: [job.step(i, 3) for i in range(1, 4)]).value(5)
    assert (State.RUNNING, 3, 3) in seen
    assert seen[-1][0] is State.DONE


def test_a_slot_that_was_taken_off_is_not_called_again():
    event, seen = Event(), []
    off = event.connect(seen.append)
    event.emit(1)
    off()
    off()
    event.emit(2)
    assert seen == [1]


def test_exit_codes_follow_the_contract():
    assert exit_code(UserError("not_eligible", "")) == 4
    assert exit_code(UserError("not_dicom", "")) == 3
    assert exit_code(UserError("usage", "")) == 2
    assert "disk is full" in sentence_for(OSError(28, "x"))
