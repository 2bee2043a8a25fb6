"""docs/tour.md from labels to a promoted model (9 to 12), as it is written: keys and mouse, then its command lines."""

import json
import time
from pathlib import Path

import pytest

from docs.sample_training import COUNT, WRONG
from medviewer.core import datasets
from tests.journeys import tour
from tests.journeys.desk import Desk, library
from tests.journeys.screen import Screen, wait_until
from tests.journeys.test_learning import audited, promote

#: The films that sample_training.py labels wrongly, by their place in the data set (the copy of the first is second).
WRONG_KEYS = {f"{number + 2:06d}" for number in WRONG}
STOPPED_AFTER = 3


def admin(screen: Screen, desk: Desk) -> None:
    """Show the admin page by its key, and wait for its first section."""
    desk.begin_with_the_worklist()
    screen.key("ctrl+3")
    desk.wait_for("text", "What models learn from")


def fill_in(screen: Screen, desk: Desk, name: str, words: str) -> None:
    """Type words into the line with this name."""
    desk.press(name, exactly=True)
    screen.do("type", "--delay", 15, words)


def found(folder: Path) -> dict[str, list[str]]:
    """Return the pictures of each finding of the last check, by kind."""
    report = json.loads((folder / "check.json").read_text("utf-8"))
    return {finding["kind"]: finding["files"] for finding in report["findings"]}


def check(desk: Desk, folder: Path) -> dict[str, list[str]]:
    """Press "Check", wait for what it finds, and return that."""
    before = (folder / "check.json").stat().st_mtime_ns if (folder / "check.json").exists() else 0
    desk.press("Check", exactly=True)
    wait_until(lambda: (folder / "check.json").exists(), 120, "the check")
    wait_until(lambda: (folder / "check.json").stat().st_mtime_ns != before, 120, "the new check")
    return found(folder)


def from_labels_to_a_data_set(screen: Screen, desk: Desk, films: Path) -> Path:
    """Section 9; returns the folder of the frozen data set."""
    desk.press("New data set…")
    desk.press("From a folder")
    desk.wait_for("text", "Label that is positive")
    wait_until(lambda: len(desk.offers("Choose…")) == 2, 10, "the choice of the folder and of a table")
    screen.click(*desk.offers("Choose…")[0])
    desk.wait_for("text", "Look in")
    wait_until(lambda: desk.offer("Parent Directory"), 10, "the chooser")
    screen.do("type", "--delay", 15, str(films))
    screen.key("Return")
    desk.press("From a folder")  # the dialog is back, with what was chosen
    fill_in(screen, desk, "Label that is positive", "pneumonia")
    desk.press("Make the data set")
    place = desk.home / "data/datasets"

    def made() -> list[Path]:
        return [path.parent for path in place.glob("*/dataset.json") if not path.parent.name.endswith(".part")]

    wait_until(made, 120, "the data set")
    (folder,) = made()
    assert len(datasets.read(folder).rows) == COUNT + 1
    problems = check(desk, folder)
    assert problems["same_pixels"] == ["000002", "000001"]
    desk.press("2 pictures are the same, pixel for pixel")
    desk.press("Keep one of each group, leave its twins out")
    wait_until(lambda: len(datasets.read(folder).kept) == COUNT, 30, "the twin left out")
    problems = check(desk, folder)
    assert "same_pixels" not in problems
    assert set(problems["suspect_label"]) >= WRONG_KEYS
    desk.press("Freeze", exactly=True)
    wait_until(lambda: datasets.read(folder).facts.frozen, 60, "the frozen data set")
    return folder


def fine_tune(screen: Screen, desk: Desk) -> Path:
    """Section 10; returns the folder of the run, which has a model."""
    desk.press("Train with it…")
    desk.wait_for("text", "Before it starts")
    desk.press("Start training", seconds=60)
    runs = desk.home / "data/runs"
    wait_until(lambda: list(runs.glob("run-*/events.jsonl")), 60, "the run")
    (run,) = runs.glob("run-*")

    def said(what: str) -> int:
        lines = (run / "events.jsonl").read_text("utf-8").splitlines()
        return sum(json.loads(line)["event"] == what for line in lines if line.endswith("}"))

    screen.key("ctrl+2")
    wait_until(lambda: said("epoch") >= 1, 240, "an epoch while the reader is shown")
    screen.key("ctrl+3")
    desk.press("Pause", exactly=True)
    wait_until(lambda: said("paused") == 1, 60, "the pause")
    desk.press("Go on", exactly=True)
    wait_until(lambda: said("going_on") == 1, 60, "going on")
    wait_until(lambda: said("epoch") >= STOPPED_AFTER, 240, "more epochs")
    desk.press("Stop and keep best", exactly=True)
    wait_until(lambda: (run / "model/card.json").exists(), 120, "the model of the best epoch")
    return run


def compare_promote_and_go_back(screen: Screen, desk: Desk, dataset: Path) -> None:
    """Section 11, with the sections of the page that it names."""
    before = datasets.read(dataset).looks()
    desk.press("Compare it with the version in use", seconds=60)
    desk.wait_for("text", "Both models on the same cases", 180)
    assert datasets.read(dataset).looks() == before + 1
    desk.wait_for("text", "Cases that change sides")
    desk.press("Promote…", seconds=30)
    promote(screen, desk)
    wait_until(lambda: "model.promoted" in audited(desk.home), 60, "the promotion")
    desk.press("Go back to 1.1.0", seconds=30)
    wait_until(lambda: "model.rolled_back" in audited(desk.home), 60, "the way back")
    for name, words in (
        ("Watch", "Readers agree"),
        ("Model library", "Make it lighter"),
        ("Audit log", "Who did what"),
    ):
        since = time.monotonic()
        desk.press(name, exactly=True)
        desk.wait_for("text", words, since=since)
    desk.press("Check the chain")
    desk.wait_for("text", "Check of the audit")
    desk.wait_for("text", "none was changed, removed or moved")
    desk.press("Close", exactly=True)


def without_a_window(folder: Path) -> None:
    """Section 12, line by line; the first check finds what the repair mends, and says so with its exit code."""
    lines = tour.commands(12)
    check = next(at for at, line in enumerate(lines) if " datasets check " in line)
    for at, line in enumerate(lines):
        tour.run(line, folder, code=4 if at == check else 0)
    assert len(lines) >= 10


@pytest.mark.slow
def test_from_labels_to_a_promoted_model_as_the_tour_says(screen: Screen, tmp_path: Path) -> None:
    make, window = tour.commands(9)
    tour.run(make, tmp_path)
    assert tour.starts_the_window(window)
    home = tmp_path / tour.HOME
    with Desk(screen, [], home, tmp_path / "log.jsonl") as desk:
        admin(screen, desk)
        dataset = from_labels_to_a_data_set(screen, desk, tmp_path / "films")
        fine_tune(screen, desk)
        compare_promote_and_go_back(screen, desk, dataset)
        desk.quit()
    without_a_window(tmp_path)
    with library(home) as kept:
        assert kept.verify_audit().ok
    deeds = audited(home)
    assert deeds.count("model.promoted") == deeds.count("model.rolled_back") == 2  # in the window, and without one
