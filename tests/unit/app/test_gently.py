"""Heavy imports beside the window: they wait for it and for the reader's hand, and nobody waits without a window."""

import gc
import sys
import threading
import time

import pytest

from medviewer.app import gently as room
from medviewer.app.gently import Calm, Uncollected, gently, give_way, import_gently


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """The calm of a process of its own; what the test leaves behind is undone."""
    fresh, interval = Calm(), sys.getswitchinterval()
    monkeypatch.setattr(room, "calm", fresh)
    yield fresh
    fresh.complete()
    sys.setswitchinterval(interval)
    assert gc.isenabled()


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


def test_that_an_import_begins_when_the_window_is_complete(heavy, calm):
    give_way()
    thread = threading.Thread(target=import_gently, args=(heavy,))
    thread.start()
    time.sleep(0.1)
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
    monkeypatch.setattr(room, "REST_S", 0.2)
    calm.window = True
    calm.moved()
    thread = gently(heavy)
    for _ in range(5):
        time.sleep(0.05)
        calm.moved()
    assert heavy not in sys.modules
    thread.join(10)
    assert heavy in sys.modules


def test_that_a_hand_which_never_rests_is_waited_for_only_so_long(calm):
    calm.moved()
    start = time.monotonic()
    calm.wait(rest=60, patience=0.1)
    assert 0.1 <= time.monotonic() - start < 5


def test_that_steps_before_an_import_are_worked_through_first(heavy):
    done = []
    gently(heavy, before=(done.append(heavy in sys.modules) for _ in range(3))).join(10)
    assert done == [False, False, False]
    assert heavy in sys.modules


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


def test_that_threads_take_turns_ten_times_as_often_as_usual():
    give_way()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
