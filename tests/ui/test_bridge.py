"""Events of any thread reach the window's thread, in order, without a flood."""

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from medviewer.core.events import Event
from medviewer.ui.bridge import SLICE_S, MainThread


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[MainThread]:
    made = MainThread()
    yield made
    made.close()


def test_slots_run_on_the_window_thread_in_order(bridge: MainThread, qtbot: QtBot) -> None:
    event: Event[int] = Event()
    seen: list[tuple[int, bool]] = []
    bridge.connect(event, lambda n: seen.append((n, threading.current_thread() is threading.main_thread())))
    thread = threading.Thread(target=lambda: [event.emit(n) for n in range(100)])
    thread.start()
    thread.join()
    assert seen == [], "nothing runs on the thread that emits"
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert seen == [(n, True) for n in range(100)]


def test_flood_is_folded_to_the_newest_value(bridge: MainThread, qtbot: QtBot) -> None:
    event: Event[int] = Event()
    newest: list[int] = []
    by_key: list[int] = []
    bridge.connect(event, newest.append, latest=True)
    bridge.connect(event, by_key.append, by=lambda n: n % 3)
    for n in range(600):
        event.emit(n)
    qtbot.waitUntil(lambda: len(by_key) == 3)
    assert newest == [599]
    assert sorted(by_key) == [597, 598, 599]


def test_slow_slots_leave_the_event_loop_its_turns(bridge: MainThread, qtbot: QtBot) -> None:
    done: list[float] = []

    def slow() -> None:
        time.sleep(SLICE_S)
        done.append(time.perf_counter())

    for _ in range(5):
        bridge.soon(slow)

    turns: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(time.perf_counter()))
    timer.start(0)
    qtbot.waitUntil(lambda: len(done) == 5)
    assert any(done[0] < turn < done[-1] for turn in turns)


def test_closed_bridge_is_silent_and_disconnected(bridge: MainThread, qtbot: QtBot) -> None:
    event: Event[int] = Event()
    seen: list[int] = []
    bridge.connect(event, seen.append)
    event.emit(1)
    bridge.close()
    event.emit(2)
    bridge.soon(lambda: seen.append(3))
    qtbot.wait(20)
    assert seen == []


class Own(QWidget):
    """PySide6 leaves the end of its own classes to the window's thread, but not of those derived from them."""


def test_widget_that_nobody_refers_to_ends_on_the_window_thread_whoever_makes_garbage(
    bridge: MainThread, qtbot: QtBot
) -> None:
    ended: list[bool] = []
    widget = Own()
    widget.destroyed.connect(
        lambda: ended.append(threading.current_thread() is threading.main_thread()), Qt.ConnectionType.DirectConnection
    )
    widget.ring = widget  # type: ignore[attr-defined]
    del widget

    def garbage() -> None:
        for _ in range(20_000):
            ring: list[object] = []
            ring.append(ring)

    thread = threading.Thread(target=garbage)
    thread.start()
    thread.join()
    assert ended == []

    def over() -> bool:
        garbage()
        return bool(ended)

    qtbot.waitUntil(over)
    assert ended == [True]
