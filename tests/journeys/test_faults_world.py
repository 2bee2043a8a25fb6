"""The world around the window fails: processes are killed, disks are full or read-only, folders vanish, clocks jump.

Each time: one sentence, nothing lost, and the next thing that is asked for works.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from medviewer.app.restoring import FULL, UNWRITABLE
from tests import build
from tests.journeys import films, shifted
from tests.journeys.desk import CENTRE, Desk, library
from tests.journeys.screen import Screen, wait_until
from tests.journeys.test_faults_disk import integrity, medviewer, small_disk
from tests.journeys.test_faults_installed import ct, image, kill, marks, noted, running

__all__ = ["small_disk"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, mounts and Xvfb are POSIX's")

DAY, YEAR = 86_400, 365 * 86_400
NOT_KEPT = "The settings could not be kept; they hold until the program ends."


def processes(desk: Desk, kind: str) -> list[psutil.Process]:
    """Return the living processes of a kind ("reader", "engine") that a program has started."""
    found = []
    for pid in desk.children():
        try:
            process = psutil.Process(pid)
            if f"--process {kind}" in " ".join(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def open_folder(screen: Screen, desk: Desk, path: Path, opened: Callable[[], object] | None = None) -> None:
    """Open a folder as a person does: Ctrl+Shift+O, its name, Enter; again where no image comes of it.

    Qt's dialog completes names while one types, and can swallow a letter.
    """
    wait_until(lambda: desk.first("shell"), 30, "the window")
    for _ in range(3):
        press_until(screen, "ctrl+shift+o", lambda: desk.offer("Cancel", exactly=True), "the file dialog")
        screen.key("ctrl+a")
        screen.do("type", "--delay", "20", str(path))
        screen.key("Return")
        if any_until(opened or (lambda: image(desk)), 10):
            return
    raise AssertionError("the file dialog did not take the folder's name")


def any_until(true: Callable[[], object], seconds: float = 1.5) -> bool:
    """Say whether something becomes true soon."""
    with contextlib.suppress(AssertionError):
        wait_until(true, seconds, "")
        return True
    return False


def press_until(screen: Screen, key: str, true: Callable[[], object], what: str) -> None:
    """Press a key, again where nothing came of it: the program may not have been ready for it."""
    for _ in range(6):
        screen.key(key)
        if any_until(true, 8):
            return
    raise AssertionError(f"{key} did nothing: {what}")


def loaded(desk: Desk, words: str) -> bool:
    return words in image(desk)


# -- processes of ours


@pytest.mark.slow
def test_readers_that_are_killed_while_they_read_are_replaced_and_the_images_come(screen, home, tmp_path):
    folder = ct(tmp_path / "ct", count=240)
    with Desk(screen, [], home, tmp_path / "log.jsonl") as desk:
        wait_until(lambda: desk.first("shell") and processes(desk, "reader"), 30, "the window")
        open_folder(screen, desk, folder, lambda: True)
        killed = set()
        end = time.monotonic() + 10
        while len(killed) < 4 and time.monotonic() < end:
            for process in processes(desk, "reader"):
                if process.pid not in killed:
                    killed.add(process.pid)
                    process.kill()
            time.sleep(0.05)
        assert len(killed) >= 2
        gave_up = "The files could not be read to the end; open a part of them."
        wait_until(lambda: re.search(r" of 2[34]\d", image(desk)) or desk.shows("text", gave_up), 60, "an outcome")
        if desk.shows("text", gave_up):  # its reader was killed before it had told where it was
            open_folder(screen, desk, folder)
            wait_until(lambda: re.search(r" of 2[34]\d", image(desk)), 60, "the study")
        screen.click(*CENTRE)
        press_until(screen, "End", lambda: all_told(desk, 240), "the last image of all, or what was left out")
        desk.quit()


def all_told(desk: Desk, count: int) -> bool:
    """Say whether the last image is shown, and every file that is not among the images is told of."""
    last = re.search(r"image (\d+) of \1\b", image(desk))
    left_out = count - int(last[1]) if last else -1
    return left_out == 0 or (left_out > 0 and desk.shows("text", f"{left_out} of {count} files"))


@pytest.mark.slow
def test_a_model_process_that_is_killed_fails_its_job_with_a_sentence_and_the_next_one_works(screen, home, tmp_path):
    (film,) = films.made_films(tmp_path / "film", 1)
    with Desk(screen, [str(film)], home, tmp_path / "log.jsonl") as desk:
        wait_until(lambda: any("mage" in name for name in desk.names()), 30, "the film")
        wait_until(lambda: processes(desk, "engine"), 30, "the model process")
        (engine,) = processes(desk, "engine")
        engine.send_signal(signal.SIGSTOP)  # whatever it is asked for now, it is before it
        screen.click(*CENTRE)
        screen.key("ctrl+Return")
        wait_until(lambda: any(re.match("Reading .+ with ", n) for n in desk.names("text")), 20, "the job")
        engine.kill()
        desk.wait_for("text", "The model process stopped")
        screen.key("ctrl+Return")
        wait_until(lambda: desk.shows("text", "AI, unverified") or desk.names("ScoreBar"), 60, "the result")
        desk.quit()


@pytest.mark.slow
def test_a_reader_that_hangs_is_told_and_replaced_while_the_window_goes_on(screen, home, tmp_path):
    """As with a folder on a network that answers no more: reading it does not come back."""
    with two_series(screen, home, tmp_path) as desk:
        for process in processes(desk, "reader"):
            process.send_signal(signal.SIGSTOP)
        stopped = processes(desk, "reader")
        screen.key("Right")
        desk.wait_for("Viewport", "this image cannot be shown", 30)
        screen.key("Left")
        wait_until(lambda: loaded(desk, " of 6"), 10, "the first series, which is still here")
        wait_until(lambda: not [p for p in stopped if p.is_running() and p.status() == "stopped"], 20, "no hung reader")
        come_back(screen, desk)
        desk.quit()


# -- folders that vanish


def come_back(screen: Screen, desk: Desk) -> None:
    """Look at the second series again until it is there: what failed is asked for again a few seconds later."""
    for _ in range(10):
        screen.key("Right")
        if any_until(lambda: loaded(desk, " of 7")):
            return
        screen.key("Left")
    raise AssertionError("the second series did not come back")


def two_series(screen: Screen, home: Path, tmp_path: Path) -> Desk:
    """Open a study of two series (6 and 7 images) on the first one; the second one's images were not read."""
    study = build.uid("two series")
    for number, count in ((1, 6), (2, 7)):
        build.series(
            tmp_path / "net" / f"series-{number}",
            count,
            prefix=f"N{number}-",
            StudyInstanceUID=study,
            SeriesInstanceUID=build.uid("net", number),
            SeriesNumber=str(number),
            FrameOfReferenceUID=build.uid("net frame", number),
        )
    desk = Desk(screen, [str(tmp_path / "net")], home, tmp_path / "log.jsonl")
    wait_until(lambda: loaded(desk, " of 6"), 30, "the first series")
    wait_until(lambda: noted(desk), 20, "the library")
    screen.click(*CENTRE)
    return desk


@pytest.mark.slow
def test_a_network_folder_that_vanishes_under_an_open_study_is_told_and_read_again_when_it_is_back(
    screen, home, tmp_path
):
    with two_series(screen, home, tmp_path) as desk:
        (tmp_path / "net").rename(tmp_path / "away")
        screen.key("Right")
        desk.wait_for("Viewport", "this image cannot be shown", 20)
        screen.key("Left")
        wait_until(lambda: loaded(desk, " of 6"), 10, "what was read is still here")
        (tmp_path / "away").rename(tmp_path / "net")
        come_back(screen, desk)
        desk.quit()


@pytest.mark.slow
def test_a_watched_folder_that_vanishes_is_told_in_the_window_and_read_when_it_is_back(screen, home, tmp_path):
    incoming = tmp_path / "incoming"
    ct(incoming / "1", 1)
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text(json.dumps({"triage.watch_folder": str(incoming)}))
    with Desk(screen, [], home, tmp_path / "log.jsonl") as desk:
        desk.begin_with_the_worklist()
        wait_until(lambda: desk.count("All unread") == 1, 30, "the first study")
        incoming.rename(tmp_path / "away")
        told = "The watched folder incoming cannot be read. Its files come in when it is back."
        wait_until(lambda: desk.now("button", told), 20, "the sentence")
        ct(tmp_path / "away" / "2", 2)
        (tmp_path / "away").rename(incoming)
        wait_until(lambda: desk.count("All unread") == 2, 40, "the second study")
        desk.quit()


# -- disks


def press_setting(screen: Screen, desk: Desk, title: str) -> None:
    """Change a setting in its dialog."""
    press_until(screen, "ctrl+comma", lambda: desk.offer(title), "the settings")
    desk.press(title)


def test_on_a_full_disk_the_window_says_so_works_on_and_keeps_again_when_there_is_space(
    screen, home, tmp_path, small_disk
):
    own = home / "own"
    disk = small_disk(own)
    disk.fill()
    folder = ct(tmp_path / "ct")
    with Desk(screen, [], own, tmp_path / "log.jsonl") as desk:
        desk.wait_for("text", FULL, 30)
        open_folder(screen, desk, folder)
        wait_until(lambda: loaded(desk, " of 6"), 30, "the image")
        press_setting(screen, desk, "Smooth enlarged images")
        desk.wait_for("text", NOT_KEPT)
        disk.free()
        desk.press("Turning the wheel down shows the next image")
        wait_until((own / "config" / "settings.json").exists, 10, "the settings")
        kept = json.loads((own / "config" / "settings.json").read_text())
        assert kept["reading.wheel_down_is_next"] is False
        screen.key("Escape")
        screen.click(*CENTRE)
        screen.key("End")
        wait_until(lambda: any(opened.get("views") for opened in running(own)), 20, "what is open to be noted")
        desk.quit()
    left = [path.name for path in own.rglob("*") if path.name.endswith(".part")]
    assert not left


@pytest.mark.slow
def test_a_picture_for_which_there_is_no_space_is_a_sentence_and_no_half_file(home, tmp_path, small_disk):
    disk = small_disk(tmp_path / "out")
    disk.fill()
    (first, *_) = build.series(tmp_path / "ct", 2, size=(64, 64))
    for words in ([], ["--overlay", "--size", "300x300"]):
        done = medviewer(home, "render", first, *words, "-o", disk.folder / "picture.png", "--quiet")
        assert done.returncode == 4, (words, done.returncode, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert [path.name for path in disk.folder.iterdir()] == ["filler"]
    disk.free()
    assert medviewer(home, "render", first, "-o", disk.folder / "picture.png", "--quiet").returncode == 0


def test_a_home_that_cannot_be_written_opens_the_window_which_says_so_and_shows_studies(
    screen, home, tmp_path, small_disk
):
    own = home / "own"
    small_disk(own)
    subprocess.run(["mount", "-o", "remount,ro", str(own)], check=True)
    folder = ct(tmp_path / "ct")
    with Desk(screen, [], own, tmp_path / "log.jsonl") as desk:
        desk.wait_for("text", UNWRITABLE, 30)
        open_folder(screen, desk, folder)
        wait_until(lambda: loaded(desk, " of 6"), 30, "the image")
        screen.click(*CENTRE)
        screen.key("End")
        wait_until(lambda: loaded(desk, "image 6 of 6"), 10, "the last image")
        press_setting(screen, desk, "Smooth enlarged images")
        desk.wait_for("text", NOT_KEPT)
        screen.key("Escape")
        told = "library may only be read"
        press_until(screen, "ctrl+1", lambda: any(told in n for n in desk.names("text")), "why there is no list")
        desk.page(2)
        desk.quit()
    assert not list(own.iterdir())


# -- clocks


def shift(folder: Path, seconds: float) -> dict[str, str]:
    (folder / "shift").write_text(str(seconds))
    return {"CLOCK_SHIFT": str(folder / "shift")}


def by_wrong_clock(home: Path, tmp_path: Path, seconds: float, *words: object) -> None:
    environment = {**os.environ, **shift(tmp_path, seconds), "MEDVIEWER_HOME": str(home)}
    command = [sys.executable, str(shifted.__file__), "--command", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_clock_that_jumps_while_the_window_is_open_makes_no_wrong_ages_and_loses_nothing(screen, home, tmp_path):
    for number, seconds in ((1, YEAR), (2, -DAY)):
        folder = ct(tmp_path / f"ct-{number}", number)
        by_wrong_clock(home, tmp_path, seconds, "triage", folder, "--out", tmp_path / "out", "--quiet")
        by_wrong_clock(home, tmp_path, seconds, "library", "backup", backups(tmp_path), "--quiet")
    env = shift(tmp_path, 0)
    with Desk(screen, [], home, tmp_path / "log.jsonl", Path(shifted.__file__), env) as desk:
        desk.begin_with_the_worklist()
        wait_until(lambda: len(desk.rows()) == 2, 20, "the rows")
        check_ages(desk.rows(), "1 d", "24 h", "23 h")
        assert "Its time of arrival lies ahead" in reasons(screen, desk)  # never behind others because of it
        shift(tmp_path, -DAY)
        desk.page(2)
        desk.page(1)
        check_ages(desk.rows(), "0 min", "1 min", "")
        shift(tmp_path, YEAR)
        desk.page(2)
        desk.page(1)
        check_ages(desk.rows(), "min", "days")
        assert desk.count("All unread") == 2
        desk.quit()
    assert integrity(home) == "ok"
    with library(home) as found:
        assert found.verify_audit().ok
        assert len(found.list("all")) == 2
    assert len(list(backups(tmp_path).glob("*.sqlite"))) == 2, "a backup was lost"
    assert not marks(home)


def backups(folder: Path) -> Path:
    (folder / "backups").mkdir(exist_ok=True)
    return folder / "backups"


def check_ages(rows: dict[int, str], *some: str) -> None:
    for words in rows.values():
        assert not re.search(r"-\d+ (min|h|d)", words), words
    assert any(age in words for words in rows.values() for age in some), rows


def reasons(screen: Screen, desk: Desk) -> str:
    screen.click(780, 196)
    wait_until(lambda: any("arrival" in name for name in desk.names("text")), 20, "why it is here")
    return " ".join(desk.names("text"))


# -- two at once


@pytest.mark.slow
def test_two_windows_on_one_home_keep_both_their_settings_and_a_third_offers_only_what_crashed(screen, home, tmp_path):
    one, two = ct(tmp_path / "one", 1), ct(tmp_path / "two", 2, count=8)
    with Screen() as other, Desk(screen, [str(one)], home, tmp_path / "a.jsonl") as first:
        with Desk(other, [str(two)], home, tmp_path / "b.jsonl") as second:
            wait_until(lambda: noted(first) and noted(second), 40, "both windows")
            press_setting(screen, first, "Smooth enlarged images")
            press_setting(other, second, "Turning the wheel down shows the next image")
            wanted = {"reading.smooth": False, "reading.wheel_down_is_next": False}
            wait_until(lambda: settings(home) == wanted, 10, "both changes")
            lately = json.loads((home / "data" / "recent.json").read_text())
            assert {tuple(entry) for entry in lately} == {(str(one),), (str(two),)}
            kill(second)
        with Desk(other, [], home, tmp_path / "c.jsonl") as third:
            third.press("Open again what was open", seconds=30)
            wait_until(lambda: loaded(third, " of 8"), 30, "the study of the one that was killed")
            wait_until(lambda: noted(third) and noted(first), 20, "both marks")
            third.quit()
        assert noted(first)
        screen.key("Escape")
        first.quit()
    assert not marks(home)
    with library(home) as found:
        assert len(found.list("all")) == 2
        assert found.verify_audit().ok


def settings(home: Path) -> dict[str, object]:
    try:
        return dict(json.loads((home / "config" / "settings.json").read_text()))
    except OSError:
        return {}
