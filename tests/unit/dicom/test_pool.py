"""Reader processes seen from the window process: pictures come, hangs and crashes cost one picture, nothing is left."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.testing import assert_array_equal

from medviewer.core import child as child_module
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled, Job
from medviewer.core.study import ImageHeader, ImageRef, Skipped
from medviewer.dicom import pool as pool_module
from medviewer.dicom import scanning
from medviewer.dicom.pool import ReaderPool
from tests import build

#: The real worker; files whose names say so make it hang or crash, as a decoder would.
TRAPPED = textwrap.dedent("""
    import os, signal, sys, time
    from medviewer.dicom import headers, pixels

    def trap(name, what):
        if f"hang-{what}" in name:
            time.sleep(1000)
        if f"crash-{what}" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        if f"slow-{what}" in name:
            time.sleep(0.3)
        if f"greedy-{what}" in name:
            bytearray(6 << 30)

    read_plane, read_header = pixels.read_plane, headers.read_header

    def trapped_plane(header, plane, frame):
        trap(header.label, "pixels")
        return read_plane(header, plane, frame)

    def trapped_header(source):
        trap(source.label, "header")
        return read_header(source)

    pixels.read_plane, headers.read_header = trapped_plane, trapped_header
    from medviewer.dicom.worker import main
    main(sys.argv[1])
""")


@pytest.fixture
def trapped(monkeypatch):
    monkeypatch.setattr(child_module, "command", lambda process, *a: [sys.executable, "-c", TRAPPED, *a])
    monkeypatch.setattr(pool_module, "FRAME_SECONDS", 2.0)
    monkeypatch.setattr(scanning, "SILENT_SECONDS", 2.0)


@pytest.fixture
def pool():
    made = ReaderPool()
    yield made
    made.close()


@pytest.fixture
def trapped_pool(trapped):
    made = ReaderPool()
    yield made
    made.close()


def scan(pool: ReaderPool, *paths: Path, job: Job | None = None) -> tuple[list[ImageHeader], list[Skipped]]:
    headers: list[ImageHeader] = []
    skipped: list[Skipped] = []

    def on_batch(found, left_out):
        headers.extend(found)
        skipped.extend(left_out)

    pool.scan(paths, job or Job("Opening"), on_batch)
    return headers, skipped


def refs(folder: Path, *names: str) -> list[ImageRef]:
    """Write one CT for each name (the value of its pixels is its number) and return what a scan would find."""
    from medviewer.dicom.headers import read_header
    from medviewer.dicom.sources import Source

    found = []
    for number, name in enumerate(names):
        ds = build.ct(np.full((8, 8), 1024 + number, np.int16), InstanceNumber=number + 1)
        path = build.save(ds, folder / f"{name}.dcm")
        header = read_header(Source(str(path), path.name))
        assert isinstance(header, ImageHeader)
        found.append(ImageRef(header))
    return found


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_a_folder_is_scanned_and_its_pictures_are_read(pool, tmp_path):
    paths = build.series(tmp_path / "study", 9)
    (tmp_path / "study" / "notes.txt").write_text("not a picture")
    headers, skipped = scan(pool, tmp_path / "study")
    assert {h.path for h in headers} == {str(p) for p in paths}
    assert [s.code for s in skipped] == ["not_dicom"]
    by_path = {h.path: h for h in headers}
    frames = [pool.frame(ImageRef(by_path[str(p)])).result(20) for p in paths]
    assert [f.values[0, 0] for f in frames] == list(range(9))
    assert frames[0].window.center == 40


def test_a_scan_after_a_scan_starts_no_process(pool, tmp_path):
    build.series(tmp_path / "study", 3)
    for ref in refs(tmp_path / "other", "a", "b", "c", "d"):
        pool.frame(ref)
    scan(pool, tmp_path / "study")
    before = {process.pid for process in children()}
    for _ in range(3):
        scan(pool, tmp_path / "study")
    assert {process.pid for process in children()} <= before


def test_all_that_a_frame_carries_arrives(pool, tmp_path):
    pixels = build.ramp(dtype=np.uint16)
    ds = build.dx(pixels, PixelPaddingValue=0, PhotometricInterpretation="MONOCHROME1", HighBit=15)
    found, _ = scan(pool, build.save(ds, tmp_path / "a.dcm"))
    frame = pool.frame(ImageRef(found[0]), urgent=True).result(20)
    assert frame.inverted
    assert frame.padding.any()
    assert frame.marks


def test_thumbnails_keep_the_true_proportions(pool, tmp_path):
    ds = build.ct(np.full((100, 200), 1064, np.int16), PixelSpacing=["1.0", "0.5"])
    film = build.film(tmp_path / "film.png", (300, 600), colour=True)
    found, _ = scan(pool, build.save(ds, tmp_path / "a.dcm"), film)
    assert pool.thumbnail(ImageRef(found[0]), 50).result(20).shape == (50, 50)
    small = pool.thumbnail(ImageRef(found[1]), 60).result(20)
    assert small.shape == (30, 60, 3)
    assert int(small[15, 30, 0]) == pytest.approx(128, abs=4)


def test_a_damaged_picture_fails_with_one_sentence_and_the_next_one_comes(pool, tmp_path):
    ref, other = refs(tmp_path, "a", "b")
    Path(ref.header.path).write_bytes(b"\0" * 2000)
    with pytest.raises(UserError) as error:
        pool.frame(ref).result(20)
    assert "Image 1" in error.value.sentence
    assert pool.frame(other).result(20).values[0, 0] == 1


def test_a_decoder_that_hangs_is_killed_and_the_next_picture_comes(trapped_pool, tmp_path):
    hangs, fine = refs(tmp_path, "hang-pixels", "fine")
    with pytest.raises(UserError) as error:
        trapped_pool.frame(hangs, urgent=True).result(20)
    assert (error.value.code, error.value.sentence) == (
        "damaged",
        "Image 1 is damaged and cannot be shown: decoding did not end.",
    )
    assert trapped_pool.frame(fine).result(20).values[0, 0] == 1


def test_a_decoder_that_crashes_costs_its_own_picture_only(trapped_pool, tmp_path):
    names = [f"crash-pixels-{i}" if i % 3 == 0 else f"fine-{i}" for i in range(9)]
    futures = [trapped_pool.frame(ref) for ref in refs(tmp_path, *names)]
    errors = [future.exception(30) for future in futures]
    assert [isinstance(error, UserError) for error in errors] == [i % 3 == 0 for i in range(9)]
    assert "the decoder stopped" in errors[3].sentence
    assert [f.result().values[0, 0] for f, e in zip(futures, errors, strict=True) if e is None] == [1, 2, 4, 5, 7, 8]


@pytest.mark.skipif(os.name != "posix", reason="address space is limited on POSIX only")
def test_a_decoder_that_takes_all_memory_is_refused_it(trapped_pool, tmp_path):
    greedy, fine = refs(tmp_path, "greedy-pixels", "fine")
    with pytest.raises(UserError) as error:
        trapped_pool.frame(greedy).result(20)
    assert error.value.code == "too_large"
    assert trapped_pool.frame(fine).result(20).values[0, 0] == 1


def test_files_that_hang_or_crash_the_scan_are_named_and_the_rest_is_read(trapped_pool, tmp_path):
    names = ["a", "b-hang-header", "c", "d-crash-header", "e-crash-header", "f"]
    refs(tmp_path / "study", *names)
    headers, skipped = scan(trapped_pool, tmp_path / "study")
    assert [h.label for h in headers] == ["a.dcm", "c.dcm", "f.dcm"]
    assert [(s.path, s.code) for s in skipped] == [
        (f"{name}.dcm", "unreadable") for name in ("b-hang-header", "d-crash-header", "e-crash-header")
    ]
    assert skipped[0].text == "b-hang-header.dcm could not be read: reading it did not end."


def test_pictures_flow_while_a_scan_runs(trapped_pool, tmp_path):
    refs(tmp_path / "study", *[f"slow-header-{i}" for i in range(8)])
    first: list[float] = []
    done = threading.Event()

    def on_batch(headers, skipped):
        if headers and not first:
            future = trapped_pool.frame(ImageRef(headers[0]), urgent=True)
            future.add_done_callback(lambda _: (first.append(time.monotonic()), done.set()))

    trapped_pool.scan([tmp_path / "study"], Job("Opening"), on_batch)
    end = time.monotonic()
    assert done.wait(10)
    assert first[0] < end


def test_a_scan_ends_at_once_when_it_is_cancelled(trapped_pool, tmp_path):
    refs(tmp_path / "study", *[f"slow-header-{i}" for i in range(30)])
    job = Job("Opening")
    with pytest.raises(Cancelled):
        trapped_pool.scan([tmp_path / "study"], job, lambda headers, skipped: job.cancel())
    started = time.monotonic()
    headers, _ = scan(trapped_pool, *[Path(ref.header.path) for ref in refs(tmp_path, "fine")])
    assert len(headers) == 1
    assert time.monotonic() - started < 5


def test_what_somebody_waits_for_comes_before_what_is_fetched_ahead(trapped, tmp_path):
    pool = ReaderPool(size=1)
    try:
        order: list[int] = []
        ahead = refs(tmp_path, *[f"slow-pixels-{i}" for i in range(6)])
        futures = [pool.frame(ref) for ref in ahead[:5]]
        futures.append(pool.frame(ahead[5], urgent=True))
        for i, future in enumerate(futures):
            future.add_done_callback(lambda _, i=i: order.append(i))
        for future in futures:
            future.result(20)
        assert order.index(5) <= 1
    finally:
        pool.close()


def test_pictures_that_nobody_wants_any_more_are_not_read(trapped, tmp_path):
    pool = ReaderPool(size=1)
    try:
        futures = [pool.frame(ref) for ref in refs(tmp_path, *[f"slow-pixels-{i}" for i in range(20)])]
        assert sum(future.cancel() for future in futures[1:]) >= 18
        started = time.monotonic()
        fine = refs(tmp_path / "more", "fine")[0]
        assert pool.frame(fine).result(20).values.shape == (8, 8)
        assert time.monotonic() - started < 4
    finally:
        pool.close()


def test_members_of_a_zip_can_be_shown_until_the_pool_is_closed(pool, tmp_path):
    (ref,) = refs(tmp_path, "a")
    archive = build.zipped(tmp_path / "study.zip", {"../../climbing/a.dcm": Path(ref.header.path)})
    found, _ = scan(pool, archive)
    assert pool.frame(ImageRef(found[0])).result(20).values[0, 0] == 0
    spooled = Path(found[0].path)
    assert spooled.exists()
    pool.close()
    assert not spooled.exists()


def test_nothing_is_left_after_close_even_while_a_decoder_hangs(trapped, tmp_path):
    others = children()  # of the fixtures that the whole run shares
    pool = ReaderPool()
    hangs = [pool.frame(ref) for ref in refs(tmp_path, "hang-pixels-1", "hang-pixels-2", "hang-pixels-3")]
    pool.thumbnail(refs(tmp_path, "fine")[0], 32)
    while not any(future.running() for future in hangs):
        threading.Event().wait(0.01)
    mine = [p for p in children() if p not in others]
    assert mine
    pool.close()
    psutil.wait_procs(mine, 5)
    assert not [p for p in mine if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert all(future.done() for future in hangs)
    assert pool.frame(refs(tmp_path, "late")[0]).cancelled()


def test_no_reader_outlives_a_window_process_that_is_killed(tmp_path):
    code = textwrap.dedent("""
        import threading
        from medviewer.dicom.pool import ReaderPool
        pool = ReaderPool()
        print(pool._readers[0]._child.pid, pool._readers[0].parcels.folder, flush=True)
        threading.Event().wait()
    """)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        pid, folder = process.stdout.readline().split()
        reader = psutil.Process(int(pid))
        os.kill(process.pid, signal.SIGKILL)
    reader.wait(10)
    assert not Path(folder).exists()


def test_the_window_process_loads_nothing_heavy(tmp_path):
    path = build.save(build.ct(), tmp_path / "a.dcm")
    code = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from medviewer.core.jobs import Job
        from medviewer.core.study import ImageRef
        from medviewer.dicom import grouping
        from medviewer.dicom.pool import ReaderPool
        pool, found = ReaderPool(), []
        pool.scan([Path({str(path)!r})], Job("x"), lambda headers, skipped: found.extend(headers))
        pool.frame(ImageRef(found[0])).result(20), pool.thumbnail(ImageRef(found[0]), 16).result(20)
        pool.close()
        heavy = {{"pydicom", "imagecodecs", "PIL", "scipy", "torch", "captum", "matplotlib", "PySide6"}}
        print(sorted(heavy & set(sys.modules)))
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_frames_of_a_long_file_travel_with_their_own_plane_only(pool, tmp_path):
    positions = [(0, 0, z) for z in range(40)]
    ds = build.enhanced(positions, rescale=[(1, 100 * i) for i in range(40)])
    found, _ = scan(pool, build.save(ds, tmp_path / "a.dcm"))
    values = [pool.frame(ImageRef(found[0], i)).result(20).values[0, 0] for i in (0, 7, 39)]
    assert_array_equal(values, [0, 707, 3939])
