"""From the drop of a real chest CT to a map on it, by mouse and keys in the real window; then closing it in mid-job."""

import time
from pathlib import Path

import psutil
import pytest

from tests.journeys.screen import Program, Screen, wait_until

CENTRE = (900, 540)
AI = (183, 166, 244)  # theme's lavender


def lavender(screen: Screen) -> int:
    """Count the pixels of the viewports that are drawn in the AI colour."""
    area = screen.pixels()[100:1000, 260:1560].astype(int)
    return int((abs(area - AI).max(axis=2) < 12).sum())


@pytest.fixture
def chest(shared) -> Path:
    return Path(shared) / "data/dicom/ct/lidc-idri-0314-chest"


def last_image(program: Program) -> int:
    """Return the number of the image that the viewport shows now."""
    name = [n for n in program.names() if " image " in n and "loading" not in n][-1]
    return int(name.split(" image ")[1].split()[0])


def test_a_dropped_chest_ct_is_read_and_explained_while_the_reader_scrolls(screen, chest, shared, home, tmp_path):
    with Program(screen, [], home, tmp_path / "log.jsonl") as program:
        wait_until(lambda: program.first("shell"), 30, "the window")
        drop = screen.drop(Path(shared) / "tools/xdnd_drop.py", [chest], CENTRE)
        wait_until(lambda: program.first("drop"), 30, "the drop")
        wait_until(lambda: program.shows("Viewport", " of 60"), 10, "the first image")
        first = next(e for e in program.events() if e["what"] == "Viewport" and " of 60" in e["name"])
        took = first["t"] - program.first("drop")["t"]
        assert "copy" in drop.communicate(timeout=30)[0]
        # where a slice before the one on the screen arrives later, the image that is looked at stays
        screen.click(*CENTRE)
        screen.key("Home")
        wait_until(lambda: last_image(program) == 1, 10, "the first slice")
        screen.key("ctrl+Return")
        deadline = time.monotonic() + 120
        while not program.shows("text", "Read: all 60 slices"):
            screen.wheel(4, *CENTRE)
            screen.wheel(-3, *CENTRE)
            assert time.monotonic() < deadline, "the reading did not end"
        screen.key("bracketright")
        assert lavender(screen) == 0, "a map was drawn before it was asked for"
        screen.key("e")
        wait_until(lambda: lavender(screen) > 40, 20, "an outline on the slice")
        screen.key("x")
        wait_until(lambda: lavender(screen) == 0, 10, "X to hide all of AI")
        gaps = program.gaps(since=program.first("shell")["t"])
        print(
            f"\nfirst image {took:.2f} s after the drop; longest stall of the event loop {max(gaps, default=0):.0f} ms"
        )
        children = program.children()
        screen.key("ctrl+q")
        program.process.wait(10)
        assert program.process.returncode == 0
        assert not [pid for pid in children if psutil.pid_exists(pid)]


def test_a_reading_can_be_cancelled_and_the_window_closed_in_the_middle_of_one(screen, chest, home, tmp_path):
    with Program(screen, [str(chest)], home, tmp_path / "log.jsonl") as program:
        wait_until(lambda: program.shows("Viewport", " of 60"), 30, "the first image")
        screen.click(*CENTRE)
        screen.key("ctrl+Return")
        wait_until(lambda: program.shows("text", "Read so far"), 60, "the first scores")
        screen.key("ctrl+Return")
        wait_until(lambda: program.shows("text", "stopped") or program.shows("text", "Stopped"), 20, "the stop")
        assert not program.shows("text", "Read: all 60 slices")
        screen.key("ctrl+Return")
        children = program.children()
        screen.key("ctrl+q")
        program.process.wait(10)
        assert program.process.returncode == 0
        assert not [pid for pid in children if psutil.pid_exists(pid)]


def test_bad_files_are_named_with_a_reason_and_the_good_one_opens(screen, home, tmp_path):
    from tests import build

    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear colleague")
    build.save(build.ct(), folder / "good.dcm")
    with Program(screen, [str(folder)], home, tmp_path / "log.jsonl") as program:
        wait_until(lambda: any(" image " in n or "mage 1" in n for n in program.names()), 30, "the good image")
        wait_until(lambda: program.shows("text", "1 of 2 files is not DICOM and was left out."), 10, "the reason")


def test_a_text_file_alone_is_answered_with_one_sentence_in_the_window(screen, home, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear colleague")
    with Program(screen, [str(tmp_path / "letter.txt")], home, tmp_path / "log.jsonl") as program:
        wait_until(lambda: program.shows("text", "letter.txt is not a DICOM image"), 30, "the sentence")


def test_a_folder_with_nothing_in_it_is_answered_too(screen, home, tmp_path):
    (tmp_path / "empty").mkdir()
    with Program(screen, [str(tmp_path / "empty")], home, tmp_path / "log.jsonl") as program:
        wait_until(lambda: program.shows("text", "The folder empty has no files."), 30, "the sentence")
