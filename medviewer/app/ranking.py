"""The order of the worklist, and why a study stands where it does: pure, no library, no clock of its own.

AI may move a study up, never down. Within a class of urgency those over their target wait come first, then those with
a score above the operating point, then all others; each group by waiting time alone. Scores do not sort: numbers of
two models cannot be compared, and a low score or none at all never delays.
"""

import bisect
import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from medviewer.library.records import AiState, AiSummary, OrderKey, StudyRow, Urgency

#: Part of the longest wait after which a study goes to the top of its class, so that the longest wait can be kept.
TARGET_SHARE = 0.75
#: A time of arrival further ahead than this was written by a wrong clock: how long the study waits is not known.
AHEAD = timedelta(minutes=5)
PLACED, OVERDUE, ABOVE, WAITING = "placed", "overdue", "above", "waiting"

_URGENCY_WORDS = {
    Urgency.STAT: "STAT order.",
    Urgency.URGENT: "Urgent order.",
    Urgency.ROUTINE: "Routine order.",
}
#: What stands in the reasons where there is no score, by state; NOT_EVALUATED and FAILED bring their own reason.
_NO_SCORE = {
    AiState.NONE: "Not evaluated: no model was asked.",
    AiState.WAITING: "Not yet read by AI.",
    AiState.READING: "AI is reading it now.",
    AiState.NOT_EVALUATED: "Not evaluated by AI.",
    AiState.FAILED: "AI reading failed.",
}


@dataclass(frozen=True)
class Limits:
    """How long a study of each urgency may wait; a class without an entry has no limit."""

    max_wait: dict[Urgency, timedelta] = field(default_factory=dict)

    def target(self, urgency: Urgency) -> timedelta | None:
        """Return the wait after which a study is lifted to the top of its class; None where there is no limit."""
        longest = self.max_wait.get(urgency)
        return longest * TARGET_SHARE if longest else None


@dataclass(frozen=True)
class Placed:
    """A study's place in the list.

    Attributes:
        place: from 1.
        group: PLACED (by hand), OVERDUE, ABOVE (score at or above the point) or WAITING.
        reasons: sentences for "why it is here", in order.
    """

    study_id: int
    place: int
    group: str
    reasons: tuple[str, ...] = ()


def rank(keys: Sequence[OrderKey], now: datetime, limits: Limits, *, arrival: bool = False) -> list[tuple[int, str]]:
    """Return (study id, group) in the order in which the studies should be read.

    A study that was placed by hand keeps its place whatever else comes. `arrival`: plain order of arrival, without AI,
    urgency and limits. Ties are broken by id.
    """
    by_time = sorted(keys, key=attrgetter("id"))
    by_time.sort(key=attrgetter("received"))
    free = [key for key in by_time if key.place is None]
    ordered = [(key.id, WAITING) for key in free] if arrival else _by_rule(free, now, limits)
    pinned = [key for key in by_time if key.place is not None]
    return _with_pinned(ordered, pinned) if pinned else ordered


def _by_rule(by_time: list[OrderKey], now: datetime, limits: Limits) -> list[tuple[int, str]]:
    """Put studies in order of arrival into their classes and groups (whole lists at a time: there may be 50,000)."""
    found: list[tuple[int, str]] = []
    for urgency in Urgency:
        mine = [key for key in by_time if key.urgency == urgency]
        target = limits.target(urgency)
        known = bisect.bisect_right(mine, now + AHEAD, key=attrgetter("received"))
        found += [(key.id, OVERDUE) for key in mine[known:]]  # it may have waited for long
        mine = mine[:known]
        over = bisect.bisect_right(mine, now - target, key=attrgetter("received")) if target else 0
        found += [(key.id, OVERDUE) for key in mine[:over]]
        found += [(key.id, ABOVE) for key in mine[over:] if key.positive]
        found += [(key.id, WAITING) for key in mine[over:] if not key.positive]
    if len(found) < len(by_time):
        raise TypeError("an urgency is not an Urgency")  # a study must never fall out of the list in silence
    return found


def _with_pinned(ordered: list[tuple[int, str]], pinned: list[OrderKey]) -> list[tuple[int, str]]:
    """Put hand-placed studies at their places; where two want one place, the earlier study has it."""
    waiting = [(key.place or 1, number, key.id) for number, key in enumerate(pinned)]
    heapq.heapify(waiting)
    found: list[tuple[int, str]] = []
    rest = iter(ordered)
    for place in range(1, len(ordered) + len(pinned) + 1):
        following = None if waiting and waiting[0][0] <= place else next(rest, None)
        found.append(following or (heapq.heappop(waiting)[2], PLACED))
    return found


def why(row: StudyRow, group: str, now: datetime, limits: Limits) -> tuple[str, ...]:
    """Return the reasons for a study's place: hand, urgency, score, waiting time."""
    reasons = [_URGENCY_WORDS[row.urgency], ai_words(row.ai), _waiting(row, group, now, limits)]
    if group == PLACED:
        reasons.insert(0, f"Moved here by {row.placed_by}." if row.placed_by else "Moved here by hand.")
    return tuple(reasons)


def ai_words(ai: AiSummary) -> str:
    """Return what AI says of a study in one line, which is never empty and never more than the AI knows."""
    if ai.score is None or ai.point is None:
        return ai.reason or _NO_SCORE.get(ai.state, _NO_SCORE[AiState.NONE])
    what = "probability" if ai.kind == "probability" else "score"
    side = "at or above" if ai.positive else "below"
    model = f"{ai.model} {ai.version}".strip()
    about = ", ".join(word for word in (ai.finding, model) if word)
    digits = 2 if round(ai.score, 2) != round(ai.point, 2) else 4  # "0.74, below the operating point 0.74" says nothing
    numbers = f"{ai.score:.{digits}f}, {side} the operating point {ai.point:.{digits}f}"
    words = f"AI {what} {numbers} ({about}). AI, unverified."
    if ai.state is AiState.READING:
        words = f"So far, {ai.done} of {ai.total} images: {words}"
    return f"{words} {ai.reason}".strip()


def _waiting(row: StudyRow, group: str, now: datetime, limits: Limits) -> str:
    if row.received is None:
        return "Its time of arrival is not known."
    if row.received > now + AHEAD:
        top = ", so it goes to the top of its class" if group == OVERDUE else ""
        return f"Its time of arrival lies ahead of the clock{top}."
    target = limits.target(row.urgency)
    words = f"Waiting {duration(now - row.received)}"
    if target is None:
        return f"{words}."
    over = ", which is over: it goes to the top of its class" if group == OVERDUE else ""
    return f"{words}; target {duration(target)}{over}."


def duration(span: timedelta) -> str:
    """Return a time span for people: "12 min", "2 h 5 min", "3 d 4 h"."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
