"""Heavy imports beside the window: they wait for it and for the reader's hand, and nobody waits without a window."""

import gc
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from medviewer.app import gently as room
from medviewer.app.gently import (
    Calm,
    Uncollected,
    collect_by_hand,
    collect_due,
    gently,
    give_way,
    import_gently,
)


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """The calm of a process of its own; what the test leaves behind is undone."""
    fresh, interval, by_python = Calm(), sys.getswitchinterval(), gc.isenabled()
    monkeypatch.setattr(room, "calm", fresh)
    monkeypatch.setattr(Uncollected, "by_hand", False)  # tests of windows in this process have begun with it
    gc.enable()
    yield fresh
    fresh.complete()
    sys.setswitchinterval(interval)
    (gc.enable if by_python else gc.disable)()


@pytest.fixture
def heavy(tmp_path, monkeypatch):
    """A package of twenty modules that nobody has imported."""
    folder = tmp_path / "heavy_package"
    folder.mkdir()
    names = [f"part{i}" for i in range(20)]
    for name in names:
        (folder / f"{name}.py").write_text("")
    (folder / "__init__.py").write_text("".join(f"from heavy_package import {name}\n" for name in names))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "heavy_package"
    for name in [name for name in sys.modules if name.startswith("heavy_package")]:
        del sys.modules[name]


def test_that_a_command_without_a_window_waits_for_nothing(heavy, monkeypatch):
    monkeypatch.setattr(room, "BREATH_S", 60)
    import_gently(heavy)
    assert heavy in sys.modules


def test_that_an_import_begins_when_the_window_is_complete(heavy, calm, monkeypatch):
    waits, wait = threading.Event(), calm.wait

    def told(*words):
        waits.set()
        wait(*words)

    monkeypatch.setattr(calm, "wait", told)
    monkeypatch.setattr(room, "WINDOW_S", 60)
    give_way()
    thread = threading.Thread(target=import_gently, args=(heavy,))
    thread.start()
    assert waits.wait(10)
    assert heavy not in sys.modules
    calm.complete()
    thread.join(10)
    assert heavy in sys.modules


def test_that_a_window_which_never_gets_complete_does_not_hold_up_the_library_for_good(heavy, monkeypatch):
    monkeypatch.setattr(room, "WINDOW_S", 0.1)
    give_way()
    import_gently(heavy)
    assert heavy in sys.modules


def test_that_there_is_a_breath_before_each_module(heavy, calm, monkeypatch):
    give_way()
    calm.complete()
    monkeypatch.setattr(room, "BREATH_S", 0.01)
    start = time.monotonic()
    import_gently(heavy)
    assert time.monotonic() - start > 0.2
    assert not [finder for finder in sys.meta_path if type(finder).__name__ == "_Breaths"]


def test_that_what_is_not_urgent_waits_until_the_hand_rests(heavy, calm, monkeypatch):
    clock, there = SimpleNamespace(now=0.0, moves=5), []

    def sleep(seconds):
        clock.now += seconds
        if clock.moves:  # the hand goes on
            clock.moves -= 1
            there.append(heavy in sys.modules)
            calm.moved()

    monkeypatch.setattr(room, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    calm.moved()
    gently(heavy).join(10)
    assert there == [False] * 5
    assert clock.now >= 5 * 0.05 + room.REST_S
    assert heavy in sys.modules


def test_that_a_hand_which_never_rests_is_waited_for_only_so_long(calm):
    calm.moved()
    start = time.monotonic()
    calm.wait(rest=60, patience=0.1)
    assert 0.1 <= time.monotonic() - start < 5


def test_that_a_module_that_is_not_installed_is_left_to_whoever_needs_it():
    gently("no_such_module").join(10)
    with pytest.raises(ImportError):
        import_gently("no_such_module")


def test_that_nothing_is_collected_while_the_window_is_made(calm):
    give_way()
    assert not gc.isenabled()
    with Uncollected():
        calm.complete()
        assert not gc.isenabled()
    assert gc.isenabled()


class Ring:
    """Something that refers to itself, and so is there until it is collected."""

    gone: "list[int]"

    def __init__(self, gone):
        self.me, self.gone = self, gone

    def __del__(self):
        self.gone.append(threading.get_ident())


def rings(count, gone):
    for _ in range(count):
        Ring(gone)


def test_that_garbage_of_other_threads_waits_for_the_thread_that_collects_by_hand():
    collect_by_hand()
    gone = []
    thread = threading.Thread(target=rings, args=(20_000, gone))
    thread.start()
    thread.join()
    assert gone == []
    while collect_due() is not None:
        pass
    assert len(gone) == 20_000
    assert set(gone) == {threading.get_ident()}


def test_that_collecting_by_hand_waits_while_a_heavy_import_is_under_way_and_goes_on_by_hand_after_it():
    collect_by_hand()
    gone = []
    with Uncollected():
        rings(2_000, gone)
        assert collect_due() is None
    assert not gc.isenabled()
    gc.unfreeze()


def test_that_a_full_collection_waits_for_the_hand_to_rest(calm, monkeypatch):
    collect_by_hand()
    monkeypatch.setattr(room, "_full_after", float("-inf"))

    def generations(count):
        made = set()
        for _ in range(count):
            rings(1_000, [])
            made.add(collect_due())
        return made

    calm.moved()
    monkeypatch.setattr(room, "REST_S", 60)
    assert generations(300) == {0, 1}
    monkeypatch.setattr(room, "REST_S", 0)
    assert generations(13) >= {2}


def test_that_python_collects_where_there_is_no_window():
    assert collect_due() is None
    gone = []
    rings(20_000, gone)
    assert gone


def test_that_threads_take_turns_ten_times_as_often_as_usual():
    give_way()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
