"""From forty opinions to a better model and back, by mouse and keys in the real window, while a CT is scrolled."""

import time
from pathlib import Path

import pytest

from medviewer.core import datasets
from tests.journeys import films
from tests.journeys.desk import CENTRE, Desk, library, waiting
from tests.journeys.screen import Screen, wait_until
from tests.journeys.test_triage import KEYS, bare_loop, give_opinions, opinions, studies

MODEL = "cxr-pneumonia"


def answer_films(screen: Screen, desk: Desk, shared: Path, folder: Path, count: int) -> None:
    """Drop films on the worklist, let them be read, and answer all of them by key."""
    mixed = films.mixed(folder, shared, count)
    desk.begin_with_the_worklist()
    drop = screen.drop(shared / "tools/xdnd_drop.py", [mixed.folder], CENTRE)
    wait_until(lambda: desk.first("drop"), 30, "the drop")
    drop.communicate(timeout=30)
    wait_until(lambda: len(studies(desk.home)) == count + 2 and not waiting(desk.home), 600, "the models' answers")
    wait_until(lambda: desk.count("All unread") == count + 2, 30, "all studies in the list")
    rows = desk.rows()
    screen.wheel(-60, 780, 600, 4)
    screen.click(780, 196)
    screen.key("Return")
    give_opinions(screen, desk, rows, count + 1, KEYS[:1])  # the model is right on most: both labels come to be


def audited(home: Path) -> list[str]:
    with library(home) as found:
        return [entry.what for entry in found.audit_entries()]


def make_a_data_set(screen: Screen, desk: Desk) -> datasets.DataSet:
    """Make a data set from the opinions, check it, freeze it."""
    screen.key("ctrl+3")
    desk.press("New data set…")
    desk.press("Make the data set")
    folder = desk.home / "data/datasets"
    wait_until(lambda: [p for p in folder.glob("*/dataset.json") if ".part" not in str(p)], 120, "the data set")
    desk.press("Check", exactly=True)
    (made,) = [p.parent for p in folder.glob("*/dataset.json")]
    wait_until(lambda: (made / "check.json").exists(), 60, "the check")
    time.sleep(1)
    if desk.offer("Repair"):
        desk.press("Repair")
    desk.press("Freeze", exactly=True)
    wait_until(lambda: datasets.read(made).facts.frozen, 60, "the frozen data set")
    return datasets.read(made)


def train(screen: Screen, desk: Desk) -> Path:
    """Start a fine-tuning, scroll the CT meanwhile, come back to its curves; return the run's folder."""
    desk.press("Train with it…")
    desk.press("Start training", seconds=60)
    runs = desk.home / "data/runs"
    wait_until(lambda: list(runs.glob("*/events.jsonl")), 60, "the run")
    (run,) = runs.glob("run-*")
    screen.key("ctrl+2")
    end = time.monotonic() + 300
    while not (run / "model/card.json").exists():
        assert time.monotonic() < end, "the fine-tuning took more than five minutes"
        screen.wheel(4, *CENTRE)
        screen.wheel(-3, *CENTRE)
    screen.key("ctrl+3")
    return run


def journey(screen: Screen, shared: Path, home: Path, tmp_path: Path, count: int) -> float:
    bare: list[int] = []
    with bare_loop(bare), Desk(screen, [str(shared / films.CHEST_CT)], home, tmp_path / "log.jsonl") as desk:
        wait_until(lambda: desk.shows("Viewport", " of 60"), 60, "the CT")
        screen.click(*CENTRE)
        time.sleep(2.5)  # the window is complete: from here on every stall counts
        begun = time.monotonic()
        answer_films(screen, desk, shared, tmp_path / "incoming", count)
        dataset = make_a_data_set(screen, desk)
        assert len(dataset.rows) == count
        began = time.monotonic()
        train(screen, desk)
        took = time.monotonic() - began
        desk.press("Compare it with the version in use", seconds=30)
        desk.wait_for("text", "Both models on the same cases", 120)
        desk.press("Promote…", seconds=30)
        promote(screen, desk)
        wait_until(lambda: "model.promoted" in audited(home), 60, "the promotion")
        read_again(screen, desk, "+site.1")
        screen.key("ctrl+3")
        desk.press("Go back to")
        wait_until(lambda: "model.rolled_back" in audited(home), 60, "the way back")
        stalls = [e for e in desk.events() if e["what"] == "gap" and e["t"] - e["ms"] / 1000 >= begun]
        desk.quit()
    with library(home) as found:
        assert found.verify_audit().ok
    told = audited(home)
    for what in ("dataset.frozen", "training.started", "training.finished", "comparison.looked", "model.promoted"):
        assert what in told
    longest = max((e["ms"] for e in stalls), default=0.0)
    own = max((e["ms"] - e["queue"] for e in stalls), default=0.0)
    work = max((e["cpu"] for e in stalls), default=0.0)
    print(
        f"\n{count} opinions, fine-tuned in {took:.0f} s, promoted, rolled back: longest stall {longest:.0f} ms; "
        f"without waiting for a processor {own:.0f} ms; most work of its thread in one {work:.0f} ms; a loop that does "
        f"nothing: {bare[0]} ms"
    )
    return work


def promote(screen: Screen, desk: Desk) -> None:
    """Fill in the dialog: tick what could not be told, say why, type the name, promote."""
    wait_until(lambda: desk.offers("I have read this"), 20, "what could not be told")
    time.sleep(0.5)  # a dialog is painted before the pointer can reach it
    for place in desk.offers("I have read this"):
        screen.click(*place)
    desk.press("Reason", exactly=True)
    screen.do("type", "--delay", 20, "better on our films")
    desk.press("Model and version", exactly=True)
    title = desk.now("text", "Type cxr-pneumonia")
    screen.do("type", "--delay", 20, title.removeprefix("Type ").removesuffix(" to confirm:"))
    desk.press("Promote", exactly=True)


def read_again(screen: Screen, desk: Desk, version: str) -> None:
    """Open the study of an opinion and let the version in use read it; the result names it."""
    screen.key("ctrl+1")
    desk.press("Read today")
    screen.click(780, 196)
    screen.key("Return")
    time.sleep(1)
    screen.key("ctrl+Return")
    with library(desk.home) as found:
        wait_until(
            lambda: any(version in r.version for n in found.list("all") for r in found.readings(n, all=True)),
            60,
            "a reading by the promoted version",
        )


@pytest.mark.slow
def test_forty_opinions_become_a_model_that_is_promoted_used_and_rolled_back(screen, shared, home, tmp_path):
    work = journey(screen, shared, home, tmp_path, 40)
    assert len(opinions(home)) == 41  # on the films, and on the CT that came with them
    assert work < 50
