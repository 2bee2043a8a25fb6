"""What the list asks the library for, and what comes back: studies in their order, and how much of them may be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from medviewer.app.ranking import Limits, rank
from medviewer.library.records import AiSummary, OpinionRecord, OrderKey, ReadingRecord, StudyRow

if TYPE_CHECKING:
    from medviewer.library.library import Library

#: The lists by name, as they stand at the left; `RANKED` are put into the order of the rule.
LISTS = {
    "unread": "All unread",
    "above": "AI score above point",
    "not_evaluated": "Not evaluated by AI",
    "failed": "AI failed",
    "mine": "Mine",
    "read_today": "Read today",
    "all": "All studies",
}
RANKED = frozenset(LISTS) - {"read_today", "all"}
#: Rows that one look into the library brings, and how many are kept.
PAGE, KEPT = 100, 1000
HIDDEN = "Hidden until you have given your own opinion."


@dataclass(frozen=True)
class Pending:
    """Changes of the list that wait until the reader asks for them."""

    new: int = 0
    moved: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.moved)


@dataclass(frozen=True)
class Detail:
    """All that is known of the selected study."""

    row: StudyRow
    readings: tuple[ReadingRecord, ...] = ()
    opinions: tuple[OpinionRecord, ...] = ()
    earlier: tuple[StudyRow, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What is to be shown."""

    name: str = "unread"
    search: str = ""
    modalities: frozenset[str] = frozenset()
    arrival: bool = False


@dataclass(frozen=True)
class Answer:
    """One look into the library."""

    wish: Wish
    ids: tuple[int, ...]
    groups: dict[int, str]
    counts: dict[str, int]
    modality_counts: dict[str, int]


def look_up(library: "Library", wish: Wish, reader: str, limits: Limits) -> Answer:
    """Ask the library for a list, in its order."""
    ids = library.list(wish.name, search=wish.search, modalities=wish.modalities, reader=reader)
    groups: dict[int, str] = {}
    if wish.name in RANKED:
        keys: list[OrderKey] = library.order_keys(ids)
        ranked = rank(keys, datetime.now(UTC), limits, arrival=wish.arrival)
        groups = dict(ranked)
        ids = [study_id for study_id, _ in ranked]
    return Answer(wish, tuple(ids), groups, library.counts(reader), library.modality_counts(wish.name, reader))


def difference(shown: Sequence[int], fresh: Sequence[int]) -> Pending:
    """Return how many studies are new in `fresh`, and how many stand elsewhere among those that are in both."""
    if shown == fresh:
        return Pending()
    was, now = set(shown), set(fresh)
    stayed = [i for i in shown if i in now]
    again = [i for i in fresh if i in was]
    moved = sum(a != b for a, b in zip(stayed, again, strict=True)) + len(was) - len(stayed)
    return Pending(len(now - was), moved)


def covered(row: StudyRow, hidden: Iterable[str], reader: str) -> StudyRow:
    """Return the row without what AI says, where the reader has to give an opinion before seeing it."""
    if row.ai.model and row.ai.model in hidden and not (row.opinion is not None and row.opinion_by == reader):
        return replace(row, ai=AiSummary(reason=HIDDEN))
    return row
