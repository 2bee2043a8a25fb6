"""docs/tour.md, step by step as it is written: by keys and mouse in the real window, then its command lines."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from medviewer.library.records import Verdict
from tests.journeys import films, tour
from tests.journeys.desk import CENTRE, Desk, library, waiting
from tests.journeys.screen import Screen, wait_until
from tests.journeys.test_triage import answer

#: What docs/sample_studies.py writes and the list takes.
STUDIES = 11
MODEL = "Pneumonia, frontal chest film of a child"
#: Where the first row of the list, and of the disagreements, is.
ROW, DISAGREEMENT = (780, 196), (640, 400)


def found_by(desk: Desk, screen: Screen, words: str) -> int:
    """Type words into the search and return how many rows are left once the list follows.

    A letter that no key has is given one by xdotool for a moment, which can come too late for the program: then again.
    """
    count = lambda: desk.since(0, "rows")[-1]["count"]  # noqa: E731
    before = count()
    for _ in range(6):
        screen.key("ctrl+f")
        screen.do("type", "--delay", 80, words)
        end = time.monotonic() + 4
        while time.monotonic() < end:
            if count() != before:
                return int(count())
            time.sleep(0.05)
    raise AssertionError("the list does not follow the search")


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


def without_ai_for_a_moment(desk: Desk) -> None:
    """Section 2: the plain order and back; what was left out, with its reason."""
    by_rule = desk.rows()
    desk.press("Use plain arrival order")
    wait_until(lambda: desk.offer("Use urgency and AI score"), 20, "the plain order")
    assert desk.rows() != by_rule
    desk.press("Use urgency and AI score")
    wait_until(lambda: desk.rows() == by_rule, 30, "the order by the rule again")
    desk.press("1 file left out. Show it")
    desk.wait_for("text", "Files that were left out")
    desk.press("Close", exactly=True)


def order_by_hand(desk: Desk, screen: Screen) -> None:
    """Section 3: move, let go, take back, assign, mark as read."""

    def moved(yes: bool, what: str) -> None:
        """Wait until both the library and the list say that a row was moved, or that none is."""
        wait_until(lambda: (places() != before) is yes, 20, what)
        wait_until(lambda: any("moved by you" in n for n in desk.since(0, "rows")[-1]["names"]) is yes, 20, what)

    with library(desk.home) as found:
        places = lambda: {n: found.rows([n])[n].place for n in found.list("all")}  # noqa: E731
        before = places()
        screen.key("Home")
        screen.key("Down")
        screen.key("alt+Down")
        moved(yes=True, what="the moved row")
        screen.key("p")
        moved(yes=False, what="the row let go")
        screen.key("ctrl+z")
        moved(yes=True, what="the last deed taken back")
        screen.key("p")
        moved(yes=False, what="the row let go again")
        screen.key("m")
        wait_until(lambda: found.counts(reader="")["all"] and any(
            found.rows([n])[n].assigned_to for n in found.list("all")), 10, "the study assigned")  # fmt: skip
        screen.key("r")
        wait_until(lambda: desk.count("Read today") == 1, 10, "the study marked as read")
        screen.key("ctrl+z")
        wait_until(lambda: desk.count("Read today") == 0, 10, "the mark taken back")


def answer_all(desk: Desk, screen: Screen) -> None:
    """Section 4: open the first, look, answer, take back, answer again, and on."""
    since = time.monotonic()
    screen.key("Home")
    screen.key("Return")
    desk.wait_for("Viewport", "AI score", since=since)
    desk.wait_for("text", f"1 of {STUDIES}")
    since = time.monotonic()
    screen.key("x")
    desk.wait_for("text", "AI hidden", since=since)
    screen.key("x")
    screen.key("e")
    for number, (key, words) in enumerate((("y", "you agree"), ("n", "you disagree"), ("y", "you agree"))):
        answer(screen, desk, key, f"Kept: {words}.")
        if number == 0:
            screen.key("ctrl+z")
            wait_until(lambda: not kept(desk.home), 20, "the opinion taken back")
            desk.wait_for("text", "No opinion yet")
            answer(screen, desk, key, f"Kept: {words}.")
        screen.key("ctrl+Right")
        desk.wait_for("text", f"{number + 2} of {STUDIES}")
    desk.page(1)
    wait_until(lambda: desk.count("Read today") == 3, 20, "what was read")
    assert kept(desk.home) == [Verdict.AGREE, Verdict.DISAGREE, Verdict.AGREE]


def note_and_label(desk: Desk, screen: Screen) -> None:
    """Section 4: unsure, a note, another label, of the study that is open; all of it is taken back in the end."""
    answer(screen, desk, "u", "Kept: you are unsure.")
    wait_until(lambda: desk.offer("Add a note"), 20, "an opinion that can have a note")
    screen.key("t")
    desk.press("Note", exactly=True)
    screen.do("type", "--delay", 20, "seen before")
    desk.press("Keep the note")
    desk.wait_for("text", "Kept: your note.")
    screen.key("d")
    desk.press("Find a label or write a new one")
    screen.do("type", "--delay", 20, "old scar")
    desk.press("Use this label")
    desk.wait_for("text", "You said old scar")
    with library(desk.home) as found:
        assert [opinion.label for opinion in found.opinions(most=1)] == ["old scar"]


def your_reading_first(desk: Desk, screen: Screen) -> None:
    """Section 5: the model keeps silent until the reader has said "absent"."""
    screen.key("ctrl+comma")
    desk.press("AI", exactly=True)
    desk.wait_for("text", "Colour map")
    screen.wheel(20, *CENTRE)
    desk.press(MODEL, exactly=True)
    desk.press("Close", exactly=True)
    since = time.monotonic()
    open_first(desk, screen)
    desk.wait_for("text", "Your reading first", since=since)
    answer(screen, desk, "n", "Kept: absent.")
    with library(desk.home) as found:
        (opinion,) = found.opinions(most=1)
        assert opinion.order == "before_ai"
    screen.key("ctrl+comma")
    desk.press("AI", exactly=True)
    screen.wheel(20, *CENTRE)
    desk.press(MODEL, exactly=True)
    desk.press("Close", exactly=True)


def open_first(desk: Desk, screen: Screen) -> None:
    """Open the first study of the list."""
    desk.page(1)
    desk.press("All unread", exactly=True)
    screen.click(*ROW)
    screen.key("Return")


def how_often_do_we_agree(desk: Desk, screen: Screen) -> None:
    """Section 6: the sums, and a disagreement opened at its place."""
    desk.page(1)
    desk.press("Agreement", exactly=True)
    desk.wait_for("text", "What readers thought of what models said")
    time.sleep(1)
    since = time.monotonic()
    screen.click(*DISAGREEMENT)
    screen.key("Return")
    desk.wait_for("Viewport", "AI score", since=since)


def a_watched_folder(desk: Desk, screen: Screen, folder: Path) -> None:
    """Section 8: a film that comes into the folder comes to the list by itself; a click stops the watching."""
    folder.mkdir()
    desk.page(1)
    desk.press("Watch a folder", exactly=True)
    desk.wait_for("text", "Directory:")
    wait_until(lambda: desk.offer("Watch this folder"), 10, "the chooser")
    screen.do("type", "--delay", 15, str(folder))
    screen.key("Return")
    wait_until(lambda: desk.offer("Watching arrivals"), 20, "the watched folder")
    films.made_film(folder / "film.dcm", 7)
    wait_until(lambda: desk.count("All studies") == STUDIES + 1, 60, "the film that came by itself")
    desk.press("Watching arrivals")
    wait_until(lambda: desk.offer("Watch a folder", exactly=True), 20, "the end of watching")


def without_a_window(folder: Path) -> None:
    """Section 7, line by line, and what each says."""
    triage, listed, agreement, audit, backup = tour.commands(7)
    tour.run(triage, folder)
    assert "SAMPLE" not in (folder / "out/worklist.html").read_text("utf-8")
    assert "SAMPLE" not in (folder / "out/worklist.csv").read_text("utf-8")
    tour.run(f"{triage} --show-identity", folder)
    assert "SAMPLE" in (folder / "out/worklist.csv").read_text("utf-8")
    assert len(tour.run(listed, folder).splitlines()) >= STUDIES
    assert "cxr-pneumonia" in tour.run(agreement, folder)
    assert "none was changed, removed or moved" in tour.run(audit, folder)
    tour.run(backup, folder)
    with closing(sqlite3.connect(folder / "tour.sqlite")) as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.slow
def test_every_step_of_the_tour_does_what_it_says(screen: Screen, shared: Path, tmp_path: Path) -> None:
    make, doctor, window = tour.commands(1)
    tour.run(make, tmp_path)
    assert "fail" not in tour.run(doctor, tmp_path).split()
    assert tour.starts_the_window(window)
    home, sample = tmp_path / tour.HOME, tmp_path / "sample"
    with Desk(screen, [], home, tmp_path / "log.jsonl") as desk:
        drop_the_sample(desk, screen, shared, sample)
        assert found_by(desk, screen, "样") == 1
        screen.key("Escape")
        wait_until(lambda: desk.since(0, "rows")[-1]["count"] == STUDIES, 10, "the whole list again")
        screen.key("Escape")
        without_ai_for_a_moment(desk)
        screen.click(*ROW)
        order_by_hand(desk, screen)
        answer_all(desk, screen)
        desk.quit()
    with Desk(screen, [], home, tmp_path / "again.jsonl") as desk:
        desk.begin_with_the_worklist()
        wait_until(lambda: desk.count("Read today") == 3, 30, "all of it is there")
        open_first(desk, screen)
        note_and_label(desk, screen)
        your_reading_first(desk, screen)
        how_often_do_we_agree(desk, screen)
        a_watched_folder(desk, screen, tmp_path / "arrivals")
        desk.quit()
    without_a_window(tmp_path)
