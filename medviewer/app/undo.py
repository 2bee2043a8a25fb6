"""The last deed that can be taken back: an opinion, a move, a mark."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from medviewer.core.events import Event

#: How long the window offers to take a deed back; the key works until the next deed.
OFFERED_S = 8.0


@dataclass(frozen=True)
class Undoable:
    """One deed: what was done, in words ("Kept: you disagree."), and what takes it back."""

    sentence: str
    act: Callable[[], object]
    until: float = 0.0  # time.monotonic() up to which the window offers it


class Undo:
    """Holds one deed at a time. On the desk's thread; `changed` fires there."""

    def __init__(self) -> None:
        self.last: Undoable | None = None
        self.changed: Event[None] = Event()

    def offer(self, sentence: str, act: Callable[[], object]) -> None:
        """Note what was done and how it is taken back; an older deed cannot be taken back any more."""
        self.last = Undoable(sentence, act, time.monotonic() + OFFERED_S)
        self.changed.emit(None)

    def undo(self) -> None:
        """Take the last deed back."""
        last, self.last = self.last, None
        if last is not None:
            last.act()
        self.changed.emit(None)

    def forget(self) -> None:
        """Offer nothing any more."""
        if self.last is not None:
            self.last = None
            self.changed.emit(None)
