"""What the order of the worklist does to waiting: places of positive films in a list, and a day with two readers.

    .venv/bin/python benchmarks/triage_day.py [../shared/data/train/kermany-cxr-224] [--seeds 10] [--films N]

All films of the validation part go through the real triage once (shipped model, real library). Everything after that is
drawn from what it said of them, by seed, and ordered by the program's own rule:

(a) 200 films in random order, 30 % pneumonia. There are 127 normal ones in the validation part, so some of the 140
    stand twice. Places: median place of a positive film against its median place in order of arrival, all films there.
    Waits: one film a minute comes, one is read in 66 s, the longest wait is 30 min.
(b) A day: arrivals at random over ten hours (Poisson), 5 % STAT, 15 % urgent, 30 % pneumonia; two readers, about 4 min
    a film, at 95 % of what they can do. Longest waits: 30, 60 and 90 min.

Exit 1 when the median place is above 0.6 of that of arrival for some seed, or when in (a) a film waits beyond the limit
with the cap on.
"""

import argparse
import csv
import heapq
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.app.ranking import Limits, rank
from medviewer.app.session import Session
from medviewer.library.records import AiState, OrderKey, Urgency

FILMS = Path(__file__).resolve().parents[2] / "shared" / "data" / "train" / "kermany-cxr-224"
START = datetime(2026, 11, 25, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIST, SHARE, MOST_PLACE = 200, 0.3, 0.6
#: How long films of (a) and (b) may wait, in minutes.
LIST_LIMIT, DAY_LIMITS = 30, {Urgency.STAT: 30, Urgency.URGENT: 60, Urgency.ROUTINE: 90}
DAY_MINUTES, READERS, MINUTES_A_FILM, LOAD = 600, 2, 4.0, 0.95
ORDERS = ("order of arrival", "rule, no cap", "rule with cap")


@dataclass(frozen=True)
class Film:
    """One film that comes: when (minutes), how urgent, what is true, what AI says, how long reading it takes."""

    id: int
    comes: float
    urgency: Urgency
    pneumonia: bool
    above: bool
    minutes: float


def scores(folder: Path, most: int) -> tuple[list[bool], list[bool]]:
    """Let the real triage read the validation part; return "above the point" of positive and of negative films."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"][:most]
    packed = np.load(folder / "images.npz")
    at = {str(name): n for n, name in enumerate(packed["names"])}
    blob, offsets = packed["blob"], packed["offsets"]
    truth = {row["file"]: row["label"] == "PNEUMONIA" for row in rows}
    with tempfile.TemporaryDirectory() as made:
        films = Path(made) / "films"
        films.mkdir()
        for name in truth:
            (films / name).write_bytes(blob[int(offsets[at[name]]) : int(offsets[at[name] + 1])].tobytes())
        with Session(Path(made) / "home") as session:
            added = session.triage.add([films]).value(600)
            while session.shelf.read(lambda library: library.waiting_work()).result(60):
                time.sleep(0.5)
            found = session.shelf.read(lambda library: library.rows(list(added.studies))).result(60).values()
    assert all(row.ai.state is AiState.DONE for row in found)
    return (
        [row.ai.positive for row in found if truth[row.label]],
        [row.ai.positive for row in found if not truth[row.label]],
    )


def drawn(said: Sequence[bool], count: int, rng: np.random.Generator) -> list[bool]:
    """Return `count` answers: each film once as far as they go, then some of them again."""
    order = [int(n) for n in rng.permutation(len(said))]
    more = [int(n) for n in rng.integers(0, len(said), max(0, count - len(said)))]
    return [said[n] for n in (order + more)[:count]]


def a_list(positive: Sequence[bool], negative: Sequence[bool], seed: int) -> list[Film]:
    """Return the films of (a)."""
    rng = np.random.default_rng(seed)
    count = round(LIST * SHARE)
    pairs = [(True, above) for above in drawn(positive, count, rng)]
    pairs += [(False, above) for above in drawn(negative, LIST - count, rng)]
    order = rng.permutation(LIST)
    return [Film(place, float(place), Urgency.ROUTINE, *pairs[int(n)], 1.1) for place, n in enumerate(order)]


def a_day(positive: Sequence[bool], negative: Sequence[bool], seed: int) -> list[Film]:
    """Return the films of (b)."""
    rng = np.random.default_rng(1000 + seed)
    rate = LOAD * READERS / MINUTES_A_FILM
    times = np.cumsum(rng.exponential(1 / rate, int(2 * DAY_MINUTES * rate)))
    films = []
    for number, comes in enumerate(times[times < DAY_MINUTES]):
        pneumonia = bool(rng.random() < SHARE)
        said = positive if pneumonia else negative
        urgency = Urgency(str(rng.choice([u.value for u in Urgency], p=[0.05, 0.15, 0.8])))
        minutes = float(rng.gamma(4, MINUTES_A_FILM / 4))
        films.append(Film(number, float(comes), urgency, pneumonia, said[int(rng.integers(len(said)))], minutes))
    return films


Choose = Callable[[Sequence[Film], float], Film]


def chooser(order: str, limits: dict[Urgency, int]) -> Choose:
    """Return what takes the next film out of those that wait."""
    cap = Limits({u: timedelta(minutes=m) for u, m in limits.items()} if order == ORDERS[2] else {})

    def choose(waiting: Sequence[Film], now: float) -> Film:
        keys = [OrderKey(f.id, f.urgency, START + f.comes * MINUTE, f.above) for f in waiting]
        first = rank(keys, START + now * MINUTE, cap, arrival=order == ORDERS[0])[0][0]
        return next(film for film in waiting if film.id == first)

    return choose


def waits(films: Sequence[Film], readers: int, choose: Choose) -> dict[int, float]:
    """Return how many minutes each film waits until a reader opens it."""
    coming, waiting, found = list(films), list[Film](), dict[int, float]()
    free = [0.0] * readers
    while coming or waiting:
        now = heapq.heappop(free)
        if not waiting:
            now = max(now, coming[0].comes)
        while coming and coming[0].comes <= now:
            waiting.append(coming.pop(0))
        film = choose(waiting, now)
        waiting.remove(film)
        found[film.id] = now - film.comes
        heapq.heappush(free, now + film.minutes)
    return found


def places(films: Sequence[Film]) -> tuple[float, float]:
    """Return the median place of a positive film in the order of the rule and in that of arrival, from 1."""
    keys = [OrderKey(f.id, f.urgency, START + f.comes * MINUTE, f.above) for f in films]
    order = [study_id for study_id, _ in rank(keys, START + LIST * MINUTE, Limits())]
    ours = [order.index(f.id) + 1 for f in films if f.pneumonia]
    return statistics.median(ours), statistics.median(f.id + 1 for f in films if f.pneumonia)


def row(films: Sequence[Film], found: dict[int, float], limits: dict[Urgency, int]) -> tuple[float, ...]:
    """Return mean wait of positive and of other films, longest wait, longest of a missed positive one, films beyond."""
    ill = [found[f.id] for f in films if f.pneumonia]
    missed = [found[f.id] for f in films if f.pneumonia and not f.above]
    late = sum(found[f.id] > limits[f.urgency] for f in films)
    well = [found[f.id] for f in films if not f.pneumonia]
    return statistics.mean(ill), statistics.mean(well), max(found.values()), max(missed, default=0.0), late


def table(title: str, seeds: int, make: Callable[[int], list[Film]], readers: int, limits: dict[Urgency, int]) -> int:
    """Print waits by order and return how many films waited beyond their limit with the cap on."""
    print(f"\n{title}: minutes, mean over {seeds} seeds (highest)")
    print(f"{'':18} {'positive':>14} {'others':>14} {'longest':>16} {'missed, longest':>18} {'beyond limit':>14}")
    late = 0
    for order in ORDERS:
        rows = []
        for seed in range(seeds):
            films = make(seed)
            rows.append(row(films, waits(films, readers, chooser(order, limits)), limits))
        columns = list(zip(*rows, strict=True))
        cells = [f"{statistics.mean(c):6.1f} ({max(c):5.1f})" for c in columns[:4]]
        beyond = int(sum(columns[4]))
        late = beyond
        print(f"{order:18} {cells[0]:>14} {cells[1]:>14} {cells[2]:>16} {cells[3]:>18} {beyond:14d}")
    return late


def main() -> int:
    """Read, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FILMS)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--films", type=int, default=10**6, help="read only so many films (for a quick look)")
    args = parser.parse_args()
    if not args.folder.exists():
        sys.exit(f"{args.folder} is not there")
    began = time.monotonic()
    positive, negative = scores(args.folder, args.films)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.machine()}")
    print(
        f"{len(positive) + len(negative)} films read in {time.monotonic() - began:.0f} s; at or above the point: "
        f"{sum(positive)} of {len(positive)} positive, {sum(negative)} of {len(negative)} negative"
    )
    print(f"\n(a) places of positive films among {LIST}, by seed")
    ratios = []
    for seed in range(args.seeds):
        ours, arrival = places(a_list(positive, negative, seed))
        ratios.append(ours / arrival)
        print(
            f"seed {seed:2d}: median place {ours:6.1f}, in order of arrival {arrival:6.1f}, ratio {ours / arrival:.2f}"
        )
    limits = dict.fromkeys(Urgency, LIST_LIMIT)
    late = table("(a) waits", args.seeds, lambda seed: a_list(positive, negative, seed), 1, limits)
    table("(b) a day, two readers", args.seeds, lambda seed: a_day(positive, negative, seed), READERS, DAY_LIMITS)
    held = max(ratios) <= MOST_PLACE and not late
    words = "held" if held else "NOT held"
    print(f"\nmedian place at most {MOST_PLACE} of arrival, nobody beyond the limit in (a): {words}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
