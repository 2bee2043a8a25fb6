"""A finding as check.json has it (the app's DataFinding)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

STOP, WARN, NOTE = "stop", "warn", "note"
#: Keys of pictures that one finding lists at most.
MOST_FILES = 2000


@dataclass(frozen=True)
class Finding:
    """One thing that was found; `text` is a sentence without names, `files` the pictures, the most important first."""

    kind: str
    severity: str
    text: str
    files: tuple[str, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)


def several(count: int, one: str, many: str) -> str:
    """Return words for a count."""
    return one if count == 1 else many.format(count)


def listed(files: Iterable[str]) -> tuple[str, ...]:
    """Return keys of pictures, each once."""
    return tuple(dict.fromkeys(files))[:MOST_FILES]
