"""The one door from core and app events (any thread) to the Qt thread."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from medviewer.app.gently import collect_by_hand, collect_due
from medviewer.core.events import Event

T = TypeVar("T")

#: How often is looked whether something is to be collected.
COLLECT_MS = 100
#: How long one visit may keep the event loop; what is left waits for the next turn.
SLICE_S = 0.006

_WAKE = QEvent.Type(QEvent.registerEventType())


def next_turn(owner: QObject, act: Callable[[], object]) -> None:
    """Run `act` after the event loop has had a turn for everything else.

    A timer of 0 ms would be a posted event, and all of those are handled in one go.
    """
    QTimer.singleShot(1, owner, act)


def collect_here() -> None:
    """Let this process collect its garbage on this, the Qt thread alone, between two events; once is enough."""
    app = QCoreApplication.instance()
    assert app is not None
    if app.findChild(QTimer, "collecting") is None:
        collect_by_hand()
        timer = QTimer(app)
        timer.setObjectName("collecting")
        timer.timeout.connect(collect_due)
        timer.start(COLLECT_MS)


class MainThread(QObject):
    """Runs slots on the thread of the window, in the order of the events, a few milliseconds at a time.

    A flood is folded: with `latest` only the newest value waits, with `by` the newest of each key (`by(job)` = job.id).
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        collect_here()  # where events of other threads come from, those threads make garbage
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._number = 0
        self._closed = False
        self._ends: list[Callable[[], None]] = []

    def connect(  # type: ignore[override]
        self,
        event: Event[T],
        slot: Callable[[T], object],
        *,
        latest: bool = False,
        by: Callable[[T], Hashable] | None = None,
    ) -> Callable[[], None]:
        """Call `slot` on the Qt thread at every emit of `event`; the function returned ends that, as does `close`."""
        end = event.connect(self.deliver(slot, latest=latest, by=by))
        self._ends.append(end)
        return end

    def deliver(
        self, slot: Callable[[T], object], *, latest: bool = False, by: Callable[[T], Hashable] | None = None
    ) -> Callable[[T], None]:
        """Return a function for any thread that makes the Qt thread call `slot(value)`."""
        mine = object()

        def post(value: T) -> None:
            key: Hashable = None
            if by is not None:
                key = (mine, by(value))
            elif latest:
                key = (mine,)
            self._post(key, lambda: slot(value))

        return post

    def soon(self, call: Callable[[], Any]) -> None:
        """Run `call` on the Qt thread in a later turn of its loop (from any thread)."""
        self._post(None, call)

    def _post(self, key: Hashable, call: Callable[[], object]) -> None:
        with self._lock:
            if self._closed:
                return
            if key is None:
                self._number += 1
                key = self._number
            first = not self._waiting
            self._waiting[key] = call
        if first:
            self._wake()

    def event(self, event: QEvent) -> bool:
        if event.type() != _WAKE:
            return super().event(event)
        try:
            self._work()
        finally:  # also after a slot that raised: the others must not wait for ever
            with self._lock:
                more = bool(self._waiting)
            if more:
                next_turn(self, self._wake)
        return True

    def _wake(self) -> None:
        QCoreApplication.postEvent(self, QEvent(_WAKE))

    def _work(self) -> None:
        until = time.perf_counter() + SLICE_S
        while time.perf_counter() < until:
            with self._lock:
                if not self._waiting:
                    return
                call = self._waiting.pop(next(iter(self._waiting)))
            call()

    def close(self) -> None:
        """Disconnect from all events and forget what waits."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        for end in self._ends:
            end()
        self._ends.clear()
