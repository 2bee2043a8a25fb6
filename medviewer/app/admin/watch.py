"""How the model in use does over the weeks: agreement of readers, drift of its scores, studies that nobody evaluated.

Each series is held against the weeks before the newest `RECENT` ones. Nothing is said before there is enough to tell.
"""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin.records import Watched, Week

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.watching import Seen

Floats = NDArray[np.float64]

#: The newest weeks, which are held against those before them.
RECENT = 4
#: Fewest cases in a week for a point, and fewest in the earlier weeks for a band.
LEAST_WEEK, LEAST_BEFORE = 5, 30
#: Fewest scores in a week for a drift: fewer say more about chance than about the model.
LEAST_SCORES = 20
BINS = 10
#: Below this the population stability index is taken for no drift (Siddiqi 2006, Credit Risk Scorecards).
NO_DRIFT = 0.10
#: 95th percentile of chi-squared with BINS - 1 degrees of freedom: what chance alone does to the index (Yurdakul 2018).
_CHANCE = 16.919
_Z95 = 1.959963984540054

AS_EXPECTED, OUTSIDE, TOO_FEW = "as expected", "outside", "too few"

#: What to look at, by measure, where the newest weeks lie outside.
LOOK_AT = {
    "agreement": "Readers agree less than before. Look at the newest disagreements on the agreement page.",
    "agreement above": "Readers agree more than before. Check whether they still look before they see what AI says.",
    "drift": "Scores are spread differently than before. Check for a new scanner, other exposure or other patients.",
    "not_evaluated": "More studies are not evaluated than before. The list “Not evaluated by AI” gives the reasons.",
    "not_evaluated below": "Fewer studies are not evaluated than before. Check that the right ones are read.",
}
FEW = "There is too little to tell yet."
FINE = "Nothing stands out."


class Watch:
    """What can be watched. Blocking work runs on the library's reading thread."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def look(self, model: str, weeks: int = 12) -> "Future[tuple[Watched, ...]]":
        """Return agreement, drift and share not evaluated of the version in use, over the last `weeks` weeks."""
        used = self._session.admin.versions.in_use(model)
        version = used.version if used else ""
        starts = week_starts(datetime.now(UTC).date(), weeks)
        since = datetime.combine(starts[0], datetime.min.time(), UTC)
        return self._session.shelf.read(lambda library: watched(library.seen(model, version, since), starts))


def week_starts(today: date, weeks: int) -> tuple[date, ...]:
    """Return the Mondays of the last `weeks` weeks, this one included, the oldest first."""
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


def watched(seen: "Seen", starts: Sequence[date]) -> tuple[Watched, ...]:
    """Return the three series over the weeks that begin on `starts`."""
    return (
        _share("agreement", _by_week(seen.opinions, starts), starts),
        _drift(seen.scores, starts),
        _share("not_evaluated", _by_week(seen.studies, starts), starts),
    )


def _place(day: str, starts: Sequence[date]) -> int:
    """Return the number of the week that a day lies in, -1 before all of them."""
    return min((date.fromisoformat(day) - starts[0]).days // 7, len(starts) - 1)


def _by_week(days: Iterable[tuple[str, int, int]], starts: Sequence[date]) -> list[tuple[int, int]]:
    """Return (part, all) of each week."""
    sums = [(0, 0)] * len(starts)
    for day, part, of in days:
        at = _place(day, starts)
        if at >= 0:
            sums[at] = sums[at][0] + part, sums[at][1] + of
    return sums


def _share(measure: str, sums: Sequence[tuple[int, int]], starts: Sequence[date]) -> Watched:
    """Hold a share's newest weeks, taken together, against the band in which chance alone would keep it."""
    points = tuple(
        Week(start.isoformat(), part / of if of >= LEAST_WEEK else None, of)
        for start, (part, of) in zip(starts, sums, strict=True)
    )
    before, newest = sums[:-RECENT], sums[-RECENT:]
    n_before, n_newest = sum(of for _, of in before), sum(of for _, of in newest)
    if n_before < LEAST_BEFORE or n_newest < LEAST_WEEK:
        return Watched(measure, points, 0.0, 1.0, TOO_FEW, FEW)
    share = sum(part for part, _ in before) / n_before
    # a share of the newest cases against one of the earlier: both are uncertain (difference of two proportions)
    middle = max(share, 1 / n_before) if share < 0.5 else min(share, 1 - 1 / n_before)
    half = _Z95 * math.sqrt(middle * (1 - middle) * (1 / n_before + 1 / n_newest))
    low, high = max(0.0, share - half), min(1.0, share + half)
    now = sum(part for part, _ in newest) / n_newest
    if low <= now <= high:
        return Watched(measure, points, low, high, AS_EXPECTED, FINE)
    worse_below = measure == "agreement"
    side = "" if (now < low) == worse_below else (" above" if worse_below else " below")
    return Watched(measure, points, low, high, OUTSIDE, LOOK_AT[measure + side])


def _drift(scores: Iterable[tuple[str, float]], starts: Sequence[date]) -> Watched:
    """Hold each week's scores against the earlier weeks' by the population stability index over their tenths."""
    of_week: list[list[float]] = [[] for _ in starts]
    for day, score in scores:
        at = _place(day, starts)
        if at >= 0:
            of_week[at].append(score)
    before = np.array([s for week in of_week[:-RECENT] for s in week])
    newest = np.array([s for week in of_week[-RECENT:] for s in week])
    if before.size < LEAST_BEFORE or newest.size < LEAST_SCORES:
        few = tuple(Week(start.isoformat(), None, len(week)) for start, week in zip(starts, of_week, strict=True))
        return Watched("drift", few, 0.0, NO_DRIFT, TOO_FEW, FEW)
    edges = np.unique(np.quantile(before, np.linspace(0, 1, BINS + 1)[1:-1]))
    points = tuple(
        Week(
            start.isoformat(),
            stability_index(before, np.array(week), edges) if len(week) >= LEAST_SCORES else None,
            len(week),
        )
        for start, week in zip(starts, of_week, strict=True)
    )
    high = max(NO_DRIFT, _CHANCE * (1 / before.size + 1 / newest.size))
    outside = stability_index(before, newest, edges) > high
    return Watched(
        "drift", points, 0.0, high, OUTSIDE if outside else AS_EXPECTED, LOOK_AT["drift"] if outside else FINE
    )


def stability_index(before: Floats, now: Floats, edges: Floats) -> float:
    """Return the population stability index: sum of (q - p) ln(q / p) over bins, half a case added to each."""
    bins = len(edges) + 1
    p = np.bincount(np.searchsorted(edges, before, side="right"), minlength=bins) + 0.5
    q = np.bincount(np.searchsorted(edges, now, side="right"), minlength=bins) + 0.5
    p, q = p / p.sum(), q / q.sum()
    return float(((q - p) * np.log(q / p)).sum())
