"""docs/tour.md, step by step as it is written: by keys and mouse in the real window, then its command lines."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from medviewer.library.records import Verdict
from tests.journeys.desk import CENTRE, Desk, library, waiting
from tests.journeys.screen import Screen, wait_until

ROOT = Path(__file__).resolve().parents[2]
#: What docs/sample_studies.py writes and the list takes.
STUDIES = 11


def run(home: Path, *words: object) -> str:
    """Run one of the tour's command lines (`python3 run.py …`) and return what it printed."""
    command = [sys.executable, "-m", "medviewer", *map(str, words)]
    env = {**os.environ, "MEDVIEWER_HOME": str(home)}
    done = subprocess.run(command, cwd=home.parent, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def found_by(desk: Desk, screen: Screen, words: str) -> int:
    """Type words into the search and return how many rows are left once the list follows."""
    since = time.monotonic()
    screen.key("ctrl+f")
    screen.do("type", "--delay", 80, words)
    wait_until(lambda: desk.since(since, "rows"), 10, "the list after a search")
    time.sleep(0.5)
    return int(desk.since(since, "rows")[-1]["count"])


def kept(home: Path) -> list[Verdict]:
    with library(home) as open_library:
        return [opinion.verdict for opinion in open_library.opinions()][::-1]


def drop_the_sample(desk: Desk, screen: Screen, shared: Path, sample: Path) -> None:
    desk.begin_with_the_worklist()
    assert desk.count("All unread") == 0
    drop = screen.drop(shared / "tools/xdnd_drop.py", [sample], CENTRE)
    wait_until(lambda: desk.first("drop"), 30, "the drop")
    drop.communicate(timeout=30)
    wait_until(lambda: desk.count("All unread") == STUDIES, 60, "all studies in the list")
    wait_until(lambda: not waiting(desk.home), 120, "the models' answers")
    desk.wait_for("text", "1 of ")  # "1 of 112 files was left out"


def order_by_hand(desk: Desk, screen: Screen) -> None:
    """Section 3: move, let go, take back, assign, mark as read."""
    with library(desk.home) as found:
        places = lambda: {n: found.rows([n])[n].place for n in found.list("all")}  # noqa: E731
        before = places()
        screen.key("Home")
        screen.key("Down")
        screen.key("alt+Down")
        wait_until(lambda: places() != before, 10, "the moved row")
        screen.key("p")
        wait_until(lambda: places() == before, 10, "the row let go")
        screen.key("ctrl+z")
        wait_until(lambda: places() != before, 10, "the last deed taken back")
        screen.key("p")
        wait_until(lambda: places() == before, 10, "the row let go again")
        screen.key("m")
        wait_until(lambda: found.counts(reader="")["all"] and any(
            found.rows([n])[n].assigned_to for n in found.list("all")), 10, "the study assigned")  # fmt: skip
        screen.key("r")
        wait_until(lambda: desk.count("Read today") == 1, 10, "the study marked as read")
        screen.key("ctrl+z")
        wait_until(lambda: desk.count("Read today") == 0, 10, "the mark taken back")


def press_until_kept(desk: Desk, screen: Screen, key: str, count: int) -> None:
    """Press the key of an opinion until so many opinions stand: it may come before the result is there."""
    for _ in range(20):
        screen.key(key)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            if len(kept(desk.home)) >= count:
                return
            time.sleep(0.05)
    raise AssertionError("the opinion was refused again and again")


def answer_all(desk: Desk, screen: Screen) -> None:
    """Section 4: open the first, look, answer, take back, answer again, and on."""
    screen.key("Home")
    screen.key("Return")
    desk.wait_for("text", f"1 of {STUDIES}")
    since = time.monotonic()
    screen.key("x")
    desk.wait_for("text", "AI hidden", since=since)
    screen.key("x")
    screen.key("e")
    for number, key in enumerate("yny"):
        press_until_kept(desk, screen, key, number + 1)
        if number == 0:
            screen.key("ctrl+z")
            wait_until(lambda: not kept(desk.home), 10, "the opinion taken back")
            press_until_kept(desk, screen, key, 1)
        screen.key("ctrl+Right")
        desk.wait_for("text", f"{number + 2} of {STUDIES}")
    desk.page(1)
    wait_until(lambda: desk.count("Read today") == 3, 10, "what was read")
    assert kept(desk.home) == [Verdict.AGREE, Verdict.DISAGREE, Verdict.AGREE]


@pytest.mark.slow
def test_every_step_of_the_tour_does_what_it_says(screen, shared, home, tmp_path):
    sample = tmp_path / "sample"
    subprocess.run([sys.executable, ROOT / "docs/sample_studies.py", sample], cwd=tmp_path, check=True, timeout=120)
    with Desk(screen, [], home, tmp_path / "log.jsonl") as desk:
        drop_the_sample(desk, screen, shared, sample)
        assert found_by(desk, screen, "样") == 1
        screen.key("Escape")
        screen.key("Escape")
        wait_until(lambda: desk.since(0, "rows")[-1]["count"] == STUDIES, 10, "the whole list again")
        screen.click(780, 196)
        order_by_hand(desk, screen)
        answer_all(desk, screen)
        desk.quit()
    with Desk(screen, [], home, tmp_path / "again.jsonl") as desk:
        desk.begin_with_the_worklist()
        wait_until(lambda: desk.count("Read today") == 3, 30, "all of it is there")
        desk.quit()
    run(home, "triage", sample, "--out", tmp_path / "out")
    assert (tmp_path / "out/worklist.html").is_file()
    assert (tmp_path / "out/worklist.csv").is_file()
    assert "SAMPLE" not in (tmp_path / "out/worklist.html").read_text("utf-8")
    assert json.loads(run(home, "library", "list", "--json"))
    assert "cxr-pneumonia" in run(home, "library", "agreement")
    assert run(home, "audit", "verify")
    run(home, "library", "backup", tmp_path / "backups")
    assert any((tmp_path / "backups").iterdir())
