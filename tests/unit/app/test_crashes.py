"""What a run leaves when it does not end in order, and who takes it; the log and the report name nobody."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from medviewer.app import crash_report
from medviewer.app.crashes import Marks
from medviewer.app.home import Home, find_home
from medviewer.app.logs import start_log, stop_log
from medviewer.app.recent import Recent
from medviewer.app.settings import Settings

RUN = """
import json, os, sys
from pathlib import Path
from medviewer.app.crashes import Faults, Marks
from medviewer.app.home import find_home
home = find_home(Path(sys.argv[1]))
faults = Faults(home)
marks = Marks(home, "0")
marks.keep(json.loads(sys.argv[2]))
print(json.dumps([marks.crashes, list(marks.left)]), flush=True)
if sys.argv[3] == "end":
    marks.end({})
    faults.end()
elif sys.argv[3] == "abort":
    os.abort()
elif sys.argv[3] == "wait":
    sys.stdin.read()
os._exit(0)
"""
OPEN = {"studies": [{"study": 1, "uid": "1.2"}]}


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return find_home(tmp_path / "home")


def run(place: Home, how: str, opened: dict[str, Any] | None = None) -> list[Any]:
    """Let a program of its own run to its end; return how many crashes it knew of, and what was left to it."""
    words = [sys.executable, "-c", RUN, str(place.root), json.dumps(opened or {}), how]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return list(json.loads(done.stdout))


def test_a_run_that_ends_in_order_leaves_nothing(place: Home) -> None:
    assert run(place, "end", OPEN) == [0, []]
    assert not list((place.data / "running").iterdir())
    assert not list(place.logs.iterdir())
    assert run(place, "end") == [0, []]


def test_each_run_that_is_killed_counts_until_one_ends_in_order(place: Home) -> None:
    assert run(place, "kill", OPEN) == [0, []]
    assert run(place, "kill") == [1, [OPEN]]  # it did not answer: the next one is offered the same
    assert run(place, "abort") == [2, [OPEN]]
    assert run(place, "end") == [3, [OPEN]]
    assert run(place, "end") == [0, []]
    assert "Fatal Python error" in (place.logs / "last-crash.txt").read_text("utf-8")


def test_what_is_left_goes_to_one_of_two_programs_and_never_that_of_a_living_one(place: Home) -> None:
    words = [sys.executable, "-c", RUN, str(place.root), json.dumps({"page": "living"}), "wait"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living:
        assert living.stdout is not None
        living.stdout.readline()
        run(place, "kill", OPEN)
        found: list[Marks] = []
        threads = [threading.Thread(target=lambda: found.append(Marks(place, "0"))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(len(marks.left) for marks in found) == [0, 1]
        assert [opened for marks in found for opened in marks.left] == [OPEN]
        for marks in found:
            marks.end({})
        left = [json.loads(path.read_text("utf-8"))["open"] for path in (place.data / "running").iterdir()]
        assert left == [{"page": "living"}]
        living.communicate()


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"schema": "other/1", "open": {}}', b"\xff" * 100, b"[" * 100_000])
def test_a_damaged_mark_is_a_crash_of_which_nothing_is_known(place: Home, damage: bytes) -> None:
    run(place, "kill", OPEN)
    (mark,) = (place.data / "running").iterdir()
    mark.write_bytes(damage)
    assert run(place, "end") == [1, []]
    assert not list((place.data / "running").iterdir())


def test_a_link_in_place_of_a_mark_is_not_followed(place: Home, tmp_path: Path) -> None:
    run(place, "kill", OPEN)
    (mark,) = (place.data / "running").iterdir()
    mark.rename(tmp_path / "elsewhere.json")
    mark.symlink_to(tmp_path / "elsewhere.json")
    assert run(place, "end") == [1, []]
    assert json.loads((tmp_path / "elsewhere.json").read_text("utf-8"))["open"] == OPEN


def test_log_and_report_have_kinds_and_places_of_errors_and_no_word_of_them(place: Home, tmp_path: Path) -> None:
    path = start_log(place)
    log = logging.getLogger("medviewer.test")

    def inner() -> None:
        raise ValueError("DOE^JANE 19500102")

    try:
        try:
            inner()
        except ValueError as error:
            raise KeyError("/home/jane/DOE^JANE.dcm") from error
    except KeyError as error:
        log.error("reading failed: %s", type(error).__name__, exc_info=error)
    stop_log()
    with path.open("a", encoding="utf-8") as file:
        file.write("DOE^JANE: a line that is not ours\n")
    text = crash_report.report(place, ("TypeError", "here.py:1 there"), ("Qt 6",))
    for said in (text, path.read_text("utf-8").replace("DOE^JANE: a line that is not ours", "")):
        assert "DOE" not in said
        assert "/home" not in said
        assert str(tmp_path) not in said
        assert "KeyError at test_crashes.py" in said
        assert "ValueError at test_crashes.py" in said
        assert "inner" in said
    assert "TypeError" in text
    assert "Qt 6" in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux' /dev/full")
def test_a_log_that_cannot_be_written_says_nothing_and_stops_nothing(
    place: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    place.logs.mkdir(parents=True)
    (place.logs / "medviewer.log").symlink_to("/dev/full")
    start_log(place)
    logging.getLogger("medviewer.test").error("a word")
    stop_log()
    assert capfd.readouterr() == ("", "")


def test_two_programs_keep_each_others_settings_and_lists(place: Home, tmp_path: Path) -> None:
    change = """
import sys
from pathlib import Path
from medviewer.app.home import find_home
from medviewer.app.recent import Recent
from medviewer.app.settings import Settings
home = find_home(Path(sys.argv[1]))
settings, recent = Settings(home.config), Recent(home)
for number in range(30):
    settings.set("reading.text_size", 12 + number % 7)
    recent.add([f"/{number % 2}"])
settings.set("reading.text_size", 17)
"""
    settings, recent = Settings(place.config), Recent(place)
    with subprocess.Popen([sys.executable, "-c", change, str(place.root)]) as other:
        number = 0
        while other.poll() is None or number < 30:
            settings.set("reading.cine_rate", 5 + number % 20)
            recent.add([tmp_path / str(number % 2)])
            number += 1
        settings.set("reading.cine_rate", 9)
    assert other.returncode == 0
    kept = Settings(place.config)
    assert (kept.get("reading.text_size"), kept.get("reading.cine_rate")) == (17, 9)
    lately = {entry[0] for entry in json.loads((place.data / "recent.json").read_text("utf-8"))}
    assert lately == {"/0", "/1", str(tmp_path / "0"), str(tmp_path / "1")}
