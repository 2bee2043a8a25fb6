"""From a drop on the worklist to the last opinion, by mouse and keys in the real window; and after a restart."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from medviewer.library.records import OpinionRecord, StudyRow, Verdict
from tests.journeys import films
from tests.journeys.desk import CENTRE, Desk, library, waiting
from tests.journeys.screen import Screen, wait_until

KEYS = (
    ("y", "you agree", Verdict.AGREE),
    ("n", "you disagree", Verdict.DISAGREE),
    ("u", "you are unsure", Verdict.UNSURE),
)
#: A bare loop like the probe's in a process that does nothing else: what this machine itself does to a loop.
BARE = """
import sys, time
longest, last, end = 0.0, time.monotonic(), False
import threading
threading.Thread(target=lambda: (sys.stdin.read(), globals().update(end=True)), daemon=True).start()
while not end:
    time.sleep(0.005)
    now = time.monotonic()
    longest, last = max(longest, now - last), now
print(round(longest * 1000))
"""


@contextmanager
def bare_loop(found: list[int]) -> Iterator[None]:
    """Put the longest stall, ms, of a loop that does nothing into `found`, over the time of the block."""
    process = subprocess.Popen([sys.executable, "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        found.append(int(process.communicate()[0]))


def studies(home: Path) -> dict[int, StudyRow]:
    """Return every listed study of the library."""
    with library(home) as found:
        rows = found.rows(found.list("all"))
        return {number: row for number, row in rows.items() if row.listed}


def opinions(home: Path) -> list[OpinionRecord]:
    """Return all standing opinions, oldest first."""
    with library(home) as found:
        return list(found.opinions())[::-1]


def scroll_while_it_reads(screen: Screen, desk: Desk, count: int, seconds: float) -> None:
    """Turn the wheel over the CT until `count` studies have come and none of them waits for a model any more."""
    since = time.monotonic()
    while len(studies(desk.home)) < count or waiting(desk.home):
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            screen.wheel(4, *CENTRE)
            screen.wheel(-3, *CENTRE)
        assert time.monotonic() - since < seconds, "the models did not come to their end"


def give_opinions(
    screen: Screen, desk: Desk, rows: dict[int, str], count: int, keys: tuple[tuple[str, str, Verdict], ...] = KEYS
) -> list[Verdict]:
    """Answer `count` studies by `keys` in turn, in the order of the list, from the first one on, which is being opened.

    A study that no model has read is refused with the reason and passed by.
    """
    given: list[Verdict] = []
    shown, refused = 0.0, 0
    for place, row in rows.items():
        desk.wait_for("text", f"{place} of {len(rows)}", 30, since=shown)
        if "CT of the chest" in row:
            check_place(desk, shown)
        if "Not evaluated" in row:
            screen.key("y")
            desk.wait_for("text", "Not evaluated. No model here reads")
        else:
            key, words, verdict = keys[len(given) % len(keys)]
            refused += answer(screen, desk, key, f"Kept: {words}.")
            given.append(verdict)
        if len(given) == count:
            break
        shown = time.monotonic()
        screen.key("ctrl+Right")
    print(f"\n{refused} keys came before the result was there")
    return given


def check_place(desk: Desk, since: float) -> None:
    """The CT was opened at the image with the highest score, and no other image of it was shown before."""
    with library(desk.home) as found:
        (number,) = found.list("all", search="CT of the chest")
        reading = found.readings(number)[0]
    desk.wait_for("Viewport", f" of {reading.total}", since=since)
    names = [e["name"] for e in desk.since(since, "Viewport") if f" of {reading.total}" in e["name"]]
    assert f"image {reading.index + 1} of {reading.total}" in names[0]


def answer(screen: Screen, desk: Desk, key: str, words: str) -> int:
    """Press the key of an opinion, again where it came too early and was refused; return how often that was."""
    with library(desk.home) as kept:
        before = kept.opinions(most=1)
        for refused in range(20):
            pressed = time.monotonic()
            screen.key(key)
            while time.monotonic() - pressed < 8 and kept.opinions(most=1) == before:
                time.sleep(0.02)
            if kept.opinions(most=1) != before:
                wait_until(lambda: desk.now("text", "Kept:") == words, 20, words)
                return refused
    raise AssertionError(f"the key {key} was refused again and again")


def check_rows(rows: dict[int, str], mixed: films.Mixed) -> None:
    """Check what a person reads in the list: rank, score, reason."""
    assert len(rows) == mixed.films + 2
    above = [n for n, words in rows.items() if " above " in words]
    below = [n for n, words in rows.items() if " below " in words]
    (refused,) = [words for words in rows.values() if "Not evaluated" in words]
    assert above
    assert len(above) + len(below) == mixed.films + 1
    assert max(above) < min(below)
    assert "No model here reads MR of the breast" in refused
    assert all("AI score" in words and "unverified" in words for words in rows.values() if words is not refused)


@dataclass(frozen=True)
class Stalls:
    """Stalls of the window's event loop, ms.

    Attributes:
        longest: as a clock shows it; work: the most work of the window's own thread in one stall.
        own: the longest one without the time in which the machine had no processor for the thread.
        bare: the longest stall meanwhile of a loop that does nothing, in a process of its own.
    """

    longest: float
    work: float
    own: float
    bare: float


def journey(screen: Screen, shared: Path, home: Path, tmp_path: Path, count: int, answers: int) -> Stalls:
    """Drop, read, answer, close, look again."""
    mixed = films.mixed(tmp_path / "incoming", shared, count)
    bare: list[int] = []
    with bare_loop(bare), Desk(screen, [str(shared / films.CHEST_CT)], home, tmp_path / "log.jsonl") as desk:
        wait_until(lambda: desk.shows("Viewport", " of 60"), 60, "the CT")
        screen.click(*CENTRE)
        screen.wheel(6, *CENTRE)
        time.sleep(2.5)  # the window is complete, the model process is warm: from here on every stall counts
        begun = time.monotonic()
        desk.page(1)
        desk.wait_for("Entry", "All unread")
        drop = screen.drop(shared / "tools/xdnd_drop.py", [mixed.folder], CENTRE)
        wait_until(lambda: desk.first("drop"), 30, "the drop")
        desk.page(2)
        scroll_while_it_reads(screen, desk, count + 2, 600)
        assert "copy" in drop.communicate(timeout=30)[0]
        desk.page(1)
        wait_until(lambda: desk.count("All unread") == count + 2, 20, "all studies in the list")
        desk.wait_for("text", f"{len(mixed.left_out)} of {count + 2 + 8 + len(mixed.left_out)} files", since=begun)
        rows = desk.rows()
        check_rows(rows, mixed)

        screen.wheel(-60, 780, 600, 4)
        screen.click(780, 196)
        screen.key("Return")
        given = give_opinions(screen, desk, rows, answers)
        desk.page(1)
        wait_until(lambda: desk.count("Read today") == answers, 20, "what was read today")
        stalls = [e for e in desk.events() if e["what"] == "gap" and e["t"] - e["ms"] / 1000 >= begun]
        before = studies(home)
        desk.quit()
    found = Stalls(
        max((e["ms"] for e in stalls), default=0.0),
        max((e["cpu"] for e in stalls), default=0.0),
        max((e["ms"] - e["queue"] for e in stalls), default=0.0),
        bare[0],
    )
    print(
        f"\n{count} films, {answers} opinions: longest stall of the event loop {found.longest:.0f} ms; without waiting "
        f"for a processor {found.own:.0f} ms; most work of its thread in one {found.work:.0f} ms; a loop that does "
        f"nothing: {found.bare:.0f} ms"
    )
    check_after_a_restart(screen, home, tmp_path, before, given)
    return found


def check_after_a_restart(
    screen: Screen, home: Path, tmp_path: Path, before: dict[int, StudyRow], given: list[Verdict]
) -> None:
    """Look at the list of a new start, and at the library: all studies, what is read, all opinions."""
    assert studies(home) == before
    kept = opinions(home)
    assert [opinion.verdict for opinion in kept] == given
    assert len({opinion.study_id for opinion in kept}) == len(given)
    assert all(o.model and o.version and o.score is not None and o.reader and o.at and o.ai_shown for o in kept)
    assert {n for n, row in before.items() if row.read_at} == {opinion.study_id for opinion in kept}
    with library(home) as found:
        assert found.verify_audit().ok
        assert found.waiting_work() == 0
    with Desk(screen, [], home, tmp_path / "again.jsonl") as desk:
        desk.begin_with_the_worklist()
        wait_until(lambda: desk.count("Read today") == len(given), 30, "what was read")
        assert desk.count("All unread") == len(before) - len(given)
        assert desk.count("Not evaluated by AI") == 1
        assert len(desk.rows()) == len(before) - len(given)
        desk.quit()


def test_films_dropped_while_a_ct_is_scrolled_are_ranked_answered_by_key_and_still_there_after_a_restart(
    screen, shared, home, tmp_path
):
    journey(screen, shared, home, tmp_path, count=12, answers=6)


@pytest.mark.slow
def test_sixty_films_and_forty_opinions_in_one_journey(screen, shared, home, tmp_path):
    found = journey(screen, shared, home, tmp_path, count=60, answers=40)
    assert found.work < 50
    assert found.longest < max(250, 2 * found.bare)
