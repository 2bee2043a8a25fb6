"""Past-participle signals of core and app objects. `ui/bridge.py` alone carries them to the Qt thread."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Event(Generic[T]):
    """A list of slots; they run on the emitting thread, in the order in which they were connected."""

    def __init__(self) -> None:
        self._slots: list[Callable[[T], object]] = []

    def connect(self, slot: Callable[[T], object]) -> Callable[[], None]:
        """Call `slot` at every emit; the function returned ends that (twice is harmless)."""
        self._slots.append(slot)

        def disconnect() -> None:
            if slot in self._slots:
                self._slots.remove(slot)

        return disconnect

    @property
    def heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._slots)

    def emit(self, value: T) -> None:
        """Hand `value` to every slot."""
        for slot in tuple(self._slots):
            slot(value)
