"""The worker thread and the real model process: results stream, cancels hold, a killed process is replaced."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Cancelled, Job, State
from medviewer.inference import client as clients
from medviewer.inference.client import EngineClient
from medviewer.inference.folder import ModelFolder
from medviewer.inference.tasks import Picture
from tests.engine import tiny

pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses signals")
LONG = 60.0


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return tiny.slices(tmp_path_factory.mktemp("models") / "tiny-slices")


@pytest.fixture(scope="module")
def client() -> Iterator[EngineClient]:
    made = EngineClient("cpu")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_process_is_left(client: EngineClient) -> Iterator[None]:
    others = alive()  # of the fixtures that the whole run shares
    yield
    end = time.monotonic() + 5  # a process that starts may have one of its own for a moment
    while not alive() <= others | {client.pid} and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert alive() <= others | {client.pid}


def alive() -> set[int]:
    """Return the model processes below this one; other tests in this run have readers and databases of their own."""
    return {c.pid for c in psutil.Process().children(recursive=True) if _is_model(c)}


def _is_model(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "engine" in process.cmdline()
    except psutil.Error:
        return False


def frame(index: int, side: int = 128) -> Frame:
    return Frame(tiny.picture(side, side, (40, 50, 14, 14) if index % 2 else None, -800, 0, seed=index))


def stack(count: int, pulled: Callable[[int], object] = lambda n: None, side: int = 128) -> Iterator[Picture]:
    for n in range(count):
        pulled(n)
        yield n, frame(n, side), (1.0, 1.0)


class Scores:
    """Keeps what came, and lets a test wait for some of it."""

    def __init__(self) -> None:
        self.got: list[SliceScore] = []
        self.batches: list[int] = []
        self.first = threading.Event()

    def __call__(self, some: tuple[SliceScore, ...]) -> None:
        self.got += some
        self.batches.append(len(some))
        self.first.set()


def test_sixty_slices_come_in_pieces_while_the_rest_is_still_decoded(client: EngineClient, slices: ModelFolder) -> None:
    job, scores = Job("reading"), Scores()
    ahead: list[int] = []
    asked = time.perf_counter()
    client.predict(slices, stack(60, lambda n: ahead.append(n - len(scores.got))), job, scores)
    returned = time.perf_counter() - asked
    job.value(LONG)
    assert returned < 0.2
    assert sorted(s.index for s in scores.got) == list(range(60))
    assert [s.positive for s in sorted(scores.got, key=lambda s: s.index)] == [n % 2 == 1 for n in range(60)]
    assert len(scores.batches) > 5
    assert max(ahead) < 3 * 8  # two batches under way and one being filled
    assert (job.done, job.total, client.device) == (60, 60, "cpu")


def test_a_map_asked_for_during_a_reading_does_not_wait_for_its_end(client: EngineClient, slices: ModelFolder) -> None:
    reading, scores = Job("reading"), Scores()
    client.predict(slices, stack(80), reading, scores)
    assert scores.first.wait(LONG)
    job, maps = Job("explaining"), list[Explanation]()
    client.explain(slices, 7, frame(7), (1.0, 1.0), "square", "LayerGradCam", {}, job, maps.append)
    job.value(LONG)
    assert not reading.state.final
    assert maps[-1].values.shape == (128, 128)
    assert tiny.inside_over_outside(maps[-1].values, (40, 50, 14, 14)) > 3
    assert job.result is maps[-1]
    reading.cancel()
    with pytest.raises(Cancelled):
        reading.value(LONG)


def test_a_reading_in_the_background_gives_way_to_one_that_somebody_waits_for(
    client: EngineClient, slices: ModelFolder
) -> None:
    behind, some = Job("triage"), Scores()
    client.predict(slices, stack(400), behind, some, background=True)
    assert some.first.wait(LONG)
    reading, scores = Job("reading"), Scores()
    first, during = list[int](), list[int]()
    client.predict(slices, stack(40), reading, lambda s: (first.append(len(some.got)), scores(s)))
    reading.value(LONG)
    during.append(len(some.got))
    assert during[0] == first[0]  # nothing came of it from the first answer to the last
    assert not behind.state.final
    behind.value(LONG)
    assert sorted(s.index for s in some.got) == list(range(400))


def test_a_picture_that_does_not_come_holds_up_the_background_only(client: EngineClient, slices: ModelFolder) -> None:
    come = threading.Event()

    def slow() -> Iterator[Picture]:
        yield from stack(3)
        assert come.wait(LONG)
        yield 3, frame(3), (1.0, 1.0)

    behind, some = Job("triage"), Scores()
    client.predict(slices, slow, behind, some, background=True)
    assert some.first.wait(LONG)
    job, scores = Job("reading"), Scores()
    client.predict(slices, stack(4), job, scores)
    job.value(LONG)
    assert not behind.state.final
    come.set()
    behind.value(LONG)
    assert sorted(s.index for s in some.got) == [0, 1, 2, 3]


def test_two_readings_in_the_background_take_turns(client: EngineClient, slices: ModelFolder) -> None:
    jobs, order = [Job("one"), Job("two")], list[int]()
    for number, job in enumerate(jobs):
        note = lambda _, number=number: order.append(number)  # noqa: E731
        client.predict(slices, stack(60), job, note, background=True)
    for job in jobs:
        job.value(LONG)
    assert 1 in order[: len(order) // 2]
    assert 0 in order[len(order) // 2 :]


def test_a_background_reading_ends_with_its_pictures_or_when_it_is_cancelled(
    client: EngineClient, slices: ModelFolder
) -> None:
    def broken() -> Iterator[Picture]:
        yield 0, frame(0), (1.0, 1.0)
        raise UserError("damaged", "Image 2 is damaged and cannot be shown.")

    job = Job("triage")
    client.predict(slices, broken, job, lambda s: None, background=True)
    with pytest.raises(UserError, match="Image 2 is damaged"):
        job.value(LONG)
    endless, some, closed = Job("triage"), Scores(), threading.Event()

    def watched() -> Iterator[Picture]:
        try:
            yield from stack(100000)
        finally:
            closed.set()

    client.predict(slices, watched, endless, some, background=True)
    assert some.first.wait(LONG)
    endless.cancel()
    with pytest.raises(Cancelled):
        endless.value(LONG)
    assert closed.wait(LONG)
    client.warm(slices).value(LONG)


def test_a_cancelled_reading_ends_at_once_and_the_next_one_works(client: EngineClient, slices: ModelFolder) -> None:
    job, scores = Job("reading"), Scores()
    pid = client.pid
    client.predict(slices, stack(5000), job, scores)
    assert scores.first.wait(LONG)
    asked = time.perf_counter()
    job.cancel()
    assert job.wait(5)
    assert time.perf_counter() - asked < 2
    count = len(scores.got)
    other, more = Job("reading"), Scores()
    client.predict(slices, stack(4), other, more)
    other.value(LONG)
    assert len(scores.got) == count
    assert job.state is State.CANCELLED
    assert client.pid == pid


def test_a_job_cancelled_in_the_queue_never_starts(client: EngineClient, slices: ModelFolder) -> None:
    first, second, pulled = Job("first"), Job("second"), list[int]()
    client.predict(slices, stack(40), first, lambda s: None)
    client.predict(slices, stack(40, pulled.append), second, lambda s: None)
    second.cancel()
    first.value(LONG)
    assert second.state is State.CANCELLED
    assert pulled == []


def test_a_killed_process_fails_its_job_with_a_sentence_and_the_next_job_works(
    client: EngineClient, slices: ModelFolder
) -> None:
    job, scores = Job("reading"), Scores()
    client.predict(slices, stack(5000), job, scores)
    assert scores.first.wait(LONG)
    old = client.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    with pytest.raises(UserError) as caught:
        job.value(LONG)
    print(caught.value.sentence)
    assert caught.value.code == "engine_stopped"
    assert "The model process stopped on image" in caught.value.sentence
    assert "The images are not affected" in caught.value.sentence
    other, more = Job("reading"), Scores()
    client.predict(slices, stack(4), other, more)
    other.value(LONG)
    assert len(more.got) == 4
    assert client.pid != old


def test_a_process_killed_while_idle_is_not_noticed_by_the_next_job(client: EngineClient, slices: ModelFolder) -> None:
    client.warm(slices).value(LONG)
    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    psutil.Process(pid).wait(10) if psutil.pid_exists(pid) else None
    while client.pid == pid:
        time.sleep(0.01)
    job = client.warm(slices)
    job.value(LONG)
    assert client.pid != pid


def test_a_process_that_does_not_answer_a_cancel_is_replaced(
    client: EngineClient, slices: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CANCEL_DEADLINE", 0.5)
    job, scores = Job("reading"), Scores()
    client.predict(slices, stack(5000), job, scores)
    assert scores.first.wait(LONG)
    old = client.pid
    assert old is not None
    os.kill(old, signal.SIGSTOP)  # as if it hung
    job.cancel()
    assert job.wait(2)
    other = Job("reading")
    client.predict(slices, stack(4), other, lambda s: None)
    other.wait(LONG)
    again = Job("reading")  # the one above may have been under way in the process that was ended
    client.predict(slices, stack(4), again, lambda s: None)
    again.value(LONG)
    assert client.pid != old
    assert not psutil.pid_exists(old) or psutil.Process(old).status() == psutil.STATUS_ZOMBIE


def test_a_frame_that_cannot_be_read_fails_its_job_alone(client: EngineClient, slices: ModelFolder) -> None:
    def broken() -> Iterator[Picture]:
        yield 0, frame(0), (1.0, 1.0)
        raise UserError("damaged", "Image 2 is damaged and cannot be shown.")

    job = Job("reading")
    client.predict(slices, broken, job, lambda s: None)
    with pytest.raises(UserError, match="Image 2 is damaged"):
        job.value(LONG)
    client.warm(slices).value(LONG)


def test_listeners_that_raise_do_not_stop_the_worker(client: EngineClient, slices: ModelFolder) -> None:
    def defect(_: object) -> None:
        raise RuntimeError("a defect in a listener")

    job, scores = Job("reading"), Scores()
    job.changed.connect(defect)
    client.predict(slices, stack(4), job, scores)
    client.predict(slices, stack(4), Job("reading"), defect)
    client.warm(slices).value(LONG)


def test_a_one_pixel_image_is_not_evaluated_and_cannot_be_explained(client: EngineClient, slices: ModelFolder) -> None:
    tiny_frame = Frame(np.zeros((1, 1), np.int16))
    job, scores = Job("reading"), Scores()
    client.predict(slices, [(0, tiny_frame, None)], job, scores)
    job.value(LONG)
    assert [s.evaluated for s in scores.got] == [False]
    why = Job("explaining")
    client.explain(slices, 0, tiny_frame, None, "", "LayerGradCam", {}, why, lambda m: None)
    with pytest.raises(UserError, match="Not evaluated"):
        why.value(LONG)


def test_a_model_folder_that_was_changed_is_refused(client: EngineClient, tmp_path: Path) -> None:
    folder = tiny.slices(tmp_path / "changed")
    weights = folder.path / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    job = client.warm(folder)
    with pytest.raises(UserError) as caught:
        job.value(LONG)
    assert caught.value.code == "hash_mismatch"


def test_devices_are_told(client: EngineClient) -> None:
    result = client.devices().result(LONG)
    assert any(d["name"] == "cpu" and d["usable"] for d in result["devices"])


@pytest.mark.parametrize(
    "wire",
    [
        {"kind": "scored", "scores": [{"index": 99, "scores": {"square": 0.5}}]},
        {"kind": "scored", "scores": [{"index": 0, "scores": {"square": 1.5}}]},
        {"kind": "scored", "scores": [{"index": 0, "scores": {"cat": 0.5}}]},
        {"kind": "scored", "scores": [{"index": 0, "scores": {"square": "high"}}]},
        {"kind": "scored", "scores": [{"index": 0, "surprise": 1}]},
        {"kind": "done"},
        {"kind": "map", "array": {"parcel": "0" * 32, "shape": [1], "dtype": "float32"}},
        {"kind": "hello"},
    ],
)
def test_an_answer_that_does_not_fit_ends_the_process_and_reaches_nobody(
    slices: ModelFolder, wire: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Liar:
        """A process that answers every request with `wire`."""

        pid = 0
        killed = False

        def __init__(self, process: str, parcels: object, on_message: Callable[..., object], on_death: object) -> None:
            self._answer = on_message

        def send(self, message: dict[str, object]) -> None:
            if message["kind"] == "predict":
                self._answer({"id": message["id"], **wire})

        def kill(self) -> None:
            Liar.killed = True

        def close(self, grace: float) -> None:
            pass

    monkeypatch.setattr(clients, "Child", Liar)
    made = EngineClient("cpu")
    try:
        job, scores = Job("reading"), Scores()
        made.predict(slices, stack(1), job, scores)
        with pytest.raises(UserError) as caught:
            job.value(LONG)
        assert caught.value.code == "engine_stopped"
        assert Liar.killed
        assert scores.got == []
    finally:
        made.close()


def test_closing_in_the_middle_of_a_job_leaves_nothing(slices: ModelFolder) -> None:
    made = EngineClient("cpu")
    job, scores = Job("reading"), Scores()
    made.predict(slices, stack(5000), job, scores)
    assert scores.first.wait(LONG)
    pid = made.pid
    parcels = made._parcels
    assert pid is not None
    assert parcels is not None
    made.close()
    assert job.state is State.CANCELLED
    assert not psutil.pid_exists(pid)
    assert not Path(parcels.folder).exists()
    late = made.warm(slices)
    assert late.state is State.FAILED


PARENT = """
import sys, threading
from pathlib import Path
import numpy as np
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.inference.client import EngineClient
from medviewer.inference.folder import load
client = EngineClient("cpu")
def frames():
    n = 0
    while True:
        yield n, Frame(np.zeros((256, 256), np.int16)), (1.0, 1.0)
        n += 1
client.predict(load(Path(sys.argv[1])), frames, Job("x"), lambda s: print(client.pid, flush=True))
threading.Event().wait()
"""


def test_no_orphan_is_left_when_the_window_process_is_killed(slices: ModelFolder) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(slices.path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.stdout.close()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert not alive


def test_the_window_process_learns_nothing_of_torch() -> None:
    code = (
        "import sys, medviewer.inference.client, medviewer.inference.eligibility; "
        "heavy = {'torch', 'captum', 'matplotlib', 'scipy', 'pydicom', 'imagecodecs', 'PIL', 'medviewer.engine'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
