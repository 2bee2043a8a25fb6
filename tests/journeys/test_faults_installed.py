"""The window breaks, crashes, is killed: one sentence, a report without patients, and all can be opened again."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import build
from tests.journeys import breaking, films
from tests.journeys.desk import CENTRE, Desk, library
from tests.journeys.screen import Screen, wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and Xvfb are POSIX's")

NAME = "Secret^Person"
BROKEN = "Something went wrong inside medviewer"
ENDED = "medviewer ended unexpectedly last time."
AGAIN, REPORT = "Open again what was open", "Save a report"


def ct(folder: Path, number: int = 0, count: int = 6) -> Path:
    """Write a CT of its own study for each `number`."""
    uids = {name: build.uid("open", name, number) for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    build.series(folder, count, PatientName=NAME, PatientID=f"P-{number}", prefix=f"O{number}-", **uids)
    return folder


def image(desk: Desk) -> str:
    """Return what a screen reader says of the viewport that was painted last with a whole image in it."""
    whole = (n for n in reversed(desk.names()) if " image " in n and "loading" not in n and "cannot be shown" not in n)
    return next(whole, "")


def running(home: Path) -> list[dict[str, Any]]:
    """Return what the marks of a home say is open."""
    return [json.loads(path.read_text("utf-8"))["open"] for path in marks(home)]


def marks(home: Path) -> list[Path]:
    return list((home / "data" / "running").glob("*.json"))


def noted(desk: Desk, studies: int = 1) -> bool:
    """Say whether it is noted that a program has so many studies open, which the library knows."""
    mine = f"{desk.process.pid}-"
    own = [path for path in marks(desk.home) if path.name.startswith(mine) and "left" not in path.name]
    opened = [json.loads(path.read_text("utf-8"))["open"] for path in own]
    return any(len([s for s in o.get("studies", ()) if s["study"]]) == studies and o.get("views") for o in opened)


def kill(desk: Desk, number: signal.Signals = signal.SIGKILL) -> None:
    os.kill(desk.process.pid, number)
    desk.process.wait(20)


def save_report(screen: Screen, desk: Desk, path: Path) -> str:
    """Let the dialog that is open write to `path`, and return what is in it."""
    wait_until(lambda: desk.offer("Save", exactly=True), 20, "the file dialog")
    screen.key("ctrl+a")
    screen.do("type", "--delay", "5", str(path))
    screen.key("Return")
    desk.wait_for("text", f"The report is saved as {path.name}.")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text("utf-8")


@pytest.mark.parametrize("where", ["slot", pytest.param("thread", marks=pytest.mark.slow)])
def test_a_defect_is_one_dialog_whose_report_says_where_and_names_nobody(screen, home, tmp_path, where):
    orders = tmp_path / "orders"
    env = {"BREAK_ON": str(orders)}
    with Desk(screen, [str(ct(tmp_path / "ct"))], home, tmp_path / "log.jsonl", Path(breaking.__file__), env) as desk:
        wait_until(lambda: image(desk), 30, "the image")
        breaking.order(orders, "job", NAME)
        breaking.order(orders, where, NAME)
        desk.wait_for("text", BROKEN)
        desk.wait_for("text", "The images are not affected.")
        breaking.order(orders, where, NAME)  # one more does not open another dialog
        desk.press(REPORT)
        text = save_report(screen, desk, tmp_path / "report.txt")
        screen.click(*CENTRE)
        screen.key("End")
        wait_until(lambda: "image 6 of 6" in image(desk), 10, "the last image: work goes on")
        desk.quit()
    assert "KeyError" in text.partition("== What happened")[2].partition("==")[0]
    assert "breaking.py" in text
    assert "job look failed: KeyError" in text
    log = (home / "logs" / "medviewer.log").read_text("utf-8")
    for said in (text, log):
        assert "secret" not in said.lower()
        assert str(tmp_path) not in said
        assert "PatientName" not in said


def test_after_a_hard_crash_everything_is_opened_again_with_one_click_and_not_before(screen, home, tmp_path):
    first, second = ct(tmp_path / "one", 1), ct(tmp_path / "two", 2, count=8)
    with Desk(screen, [str(first), str(second)], home, tmp_path / "log-1.jsonl") as desk:
        wait_until(lambda: image(desk), 30, "the image")
        screen.click(*CENTRE)
        screen.key("alt+2")
        screen.key("Home")
        screen.key("Down", "Down", "Down")
        screen.key("4")  # the window for a brain
        wait_until(lambda: "image 4 of" in image(desk) and "brain" in image(desk), 20, "the fourth image")
        count = image(desk).split(" of ")[1].split(",")[0]
        wait_until(lambda: noted(desk, 2) and "Brain" in str(running(home)), 20, "what is open to be noted")
        (mark,) = marks(home)
        assert stat.S_IMODE(mark.stat().st_mode) == 0o600
        assert stat.S_IMODE(mark.parent.stat().st_mode) == 0o700
        assert "secret" not in mark.read_text("utf-8").lower()
        assert str(tmp_path) not in mark.read_text("utf-8")  # the library knows where the files are
        kill(desk, signal.SIGSEGV)
    with Desk(screen, [], home, tmp_path / "log-2.jsonl") as desk:
        desk.wait_for("text", ENDED, 30)
        wait_until(lambda: desk.offer(AGAIN), 10, "the offer")
        assert not image(desk), "something was opened by itself"
        desk.press(REPORT)
        text = save_report(screen, desk, tmp_path / "report.txt")
        assert "Segmentation fault" in text
        assert 'File "' not in text
        assert "/" not in text.partition("== Hard crash")[2].partition("== Log")[0]
        desk.press(AGAIN)
        wait_until(lambda: f"image 4 of {count}" in image(desk) and "brain" in image(desk), 30, "the same image")
        wait_until(lambda: noted(desk, 2), 20, "both studies")
        assert any(opened["layout"] == "1x2" for opened in running(home))
        desk.quit()
    assert not running(home), "a clean end forgets what was open"
    with Desk(screen, [str(first)], home, tmp_path / "log-3.jsonl") as desk:
        wait_until(lambda: noted(desk), 30, "the start")
        assert not desk.shows("text", "unexpectedly")
        desk.quit()


@pytest.mark.slow
def test_after_two_kills_in_a_row_safe_mode_is_offered_and_starts(screen, home, tmp_path):
    folder = ct(tmp_path / "ct")
    for number in range(2):
        with Desk(screen, [str(folder)], home, tmp_path / f"log-{number}.jsonl") as desk:
            wait_until(lambda: noted(desk), 30, "the study to be noted")
            kill(desk)
    with Desk(screen, [], home, tmp_path / "log-3.jsonl") as desk:
        desk.wait_for("text", "medviewer ended unexpectedly, 2 times in a row.", 30)
        desk.press("Start in safe mode")
        desk.process.wait(20)
    (safe,) = started_anew(home, "--safe-mode")
    try:
        wait_until(lambda: any(path.name.startswith(f"{safe.pid}-") for path in marks(home)), 30, "its start")
    finally:
        safe.terminate()
        safe.wait(20)
    with Desk(screen, [], home, tmp_path / "log-4.jsonl") as desk:  # what was open was not forgotten meanwhile
        desk.press(AGAIN, seconds=30)
        wait_until(lambda: "of 6" in image(desk), 30, "the study")
        desk.quit()


def started_anew(home: Path, *words: str) -> list[psutil.Process]:
    """Return the programs on this home that the program itself has started with these words."""
    found: list[psutil.Process] = []

    def look() -> bool:
        for process in psutil.process_iter(["cmdline"]):
            told, wanted = process.info["cmdline"] or [], ["-m", "medviewer", *words]
            if told[-len(wanted) :] == wanted and str(home) in str(process.environ()):
                found.append(process)
        return bool(found)

    wait_until(look, 20, "a program that was started by the first", every=0.2)
    return found


@pytest.mark.slow
def test_safe_mode_takes_default_settings_runs_no_model_and_says_so(screen, home, tmp_path):
    incoming = tmp_path / "incoming"
    films.made_films(incoming, 2)
    films.made_films(tmp_path / "film", 1)
    (home / "config").mkdir(parents=True)
    settings = {"reading.layout": "2x2", "triage.watch_folder": str(incoming), "ai.device": "cpu"}
    (home / "config" / "settings.json").write_text(json.dumps(settings))
    film = next((tmp_path / "film").iterdir())
    with Desk(screen, ["--safe-mode", str(film)], home, tmp_path / "log.jsonl") as desk:
        desk.wait_for("text", "Safe mode: default settings", 30)
        wait_until(lambda: desk.offer("Leave safe mode"), 10, "the way out")
        wait_until(lambda: image(desk) or any("mage" in n for n in desk.names()), 30, "the film")
        desk.begin_with_the_worklist()
        time.sleep(6)  # long enough for the watched folder and the warm model of a usual start
        children = [" ".join(psutil.Process(pid).cmdline()) for pid in desk.children()]
        assert not [words for words in children if "--process engine" in words]
        assert desk.count("All unread") <= 0
        desk.press("Leave safe mode")
        desk.process.wait(20)
    (usual,) = started_anew(home)
    usual.terminate()
    usual.wait(20)
    assert json.loads((home / "config" / "settings.json").read_text()) == settings
    with library(home) as found:
        (row,) = found.rows(found.list("all")).values()  # nothing came from the watched folder
        assert row.label == film.name


@pytest.mark.slow
def test_a_note_that_was_begun_is_there_again_after_a_kill(screen, home, tmp_path):
    films.made_films(tmp_path / "films", 1)
    read_by_models(home, tmp_path / "films")
    with Desk(screen, [], home, tmp_path / "log-1.jsonl") as desk:
        open_the_film(screen, desk)
        screen.key("y")
        desk.wait_for("text", "Kept: you agree.", 30)
        begin_the_note(screen, desk)
        screen.do("type", "--delay", "10", "shadow at the left base")
        wait_until(lambda: "left base" in str(running(home)), 20, "the draft")
        kill(desk)
    with Desk(screen, [], home, tmp_path / "log-2.jsonl") as desk:
        desk.wait_for("text", "Notes that were begun are there again with their study.", 30)
        desk.press("Dismiss")
        desk.quit()  # a clean end in between does not lose it either
    with Desk(screen, [], home, tmp_path / "log-3.jsonl") as desk:
        open_the_film(screen, desk)
        begin_the_note(screen, desk)
        desk.press("Keep the note")
        wait_until(lambda: notes(home) == ["shadow at the left base"], 20, "the note in the library")
        wait_until(lambda: "left base" not in str(running(home)), 10, "the draft to be gone")
        desk.quit()
    assert not running(home)


def read_by_models(home: Path, folder: Path) -> None:
    """Bring a folder to the list and let the models read it, by the command."""
    words = [sys.executable, "-P", "-m", "medviewer", "triage", str(folder), "--out", str(home / "out"), "--quiet"]
    done = subprocess.run(words, env={**os.environ, "MEDVIEWER_HOME": str(home)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def open_the_film(screen: Screen, desk: Desk) -> None:
    """Open the only study of the list of all studies."""
    desk.begin_with_the_worklist()
    x, y = next(iter(desk.offers("All studies")))
    screen.click(x, y)
    wait_until(lambda: any(e["what"] == "rows" and e["count"] == 1 for e in desk.events()), 20, "the row")
    screen.click(780, 196)
    screen.key("Return")
    wait_until(lambda: any("mage" in name for name in desk.names()), 30, "the film")
    screen.click(*CENTRE)


def begin_the_note(screen: Screen, desk: Desk) -> None:
    """Press the key for a note until its dialog is there: it is refused before the opinion is in the library."""
    for _ in range(20):
        screen.key("t")
        with contextlib.suppress(AssertionError):
            wait_until(lambda: desk.offer("Note", exactly=True), 1, "the dialog")
            return
    raise AssertionError("the dialog for a note did not come")


def notes(home: Path) -> list[str]:
    with library(home) as found:
        return [opinion.note for opinion in found.opinions() if opinion.note]
