"""The window with its worklist, as a journey drives and sees it; and the library behind it, from beside."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medviewer.library.library import Library
from tests.journeys.screen import NO_ENV, PROBE, Env, Program, Screen, wait_until

CENTRE = (900, 540)


@contextmanager
def library(home: Path) -> Iterator[Library]:
    """Open the library of a home for looking, as any other program on this computer could."""
    found = Library(home / "data" / "library", write=False)
    try:
        yield found
    finally:
        found.close()


def waiting(home: Path) -> int:
    """Return how many studies still wait for a model, or are before one."""
    with library(home) as found:
        return found.waiting_work()


class Desk(Program):
    """The program in its window. What the probe wrote is read on from where the last look ended."""

    def __init__(
        self, screen: Screen, arguments: list[str], home: Path, log: Path, probe: Path = PROBE, env: Env = NO_ENV
    ) -> None:
        super().__init__(screen, arguments, home, log, probe, env)
        self._screen, self.home = screen, home
        self._events: list[dict[str, Any]] = []
        self._at, self._rest = 0, ""

    def events(self) -> list[dict[str, Any]]:
        if self.log.exists():
            with self.log.open(encoding="utf-8") as file:
                file.seek(self._at)
                text = file.read()
                self._at = file.tell()
            *lines, self._rest = (self._rest + text).split("\n")
            self._events += [json.loads(line) for line in lines]
        return self._events

    def since(self, moment: float, what: str) -> list[dict[str, Any]]:
        """Return what the probe wrote of a kind after a monotonic time."""
        found = []
        for event in reversed(self.events()):
            if event["t"] < moment:
                break
            if event["what"] == what:
                found.append(event)
        return found[::-1]

    def now(self, what: str, words: str = "") -> str:
        """Return the newest name with `words` in it under which a widget of a kind was painted; "" for none."""
        found = (str(e["name"]) for e in reversed(self.events()) if e["what"] == what and words in str(e["name"]))
        return next(found, "")

    def count(self, title: str) -> int:
        """Return the number behind a list's title at the left; -1 while there is none."""
        number = self.now("Entry", f"{title}, ").rpartition(", ")[2]
        return int(number) if number.isdigit() else -1

    def wait_for(self, what: str, words: str, seconds: float = 20, since: float = 0.0) -> None:
        """Wait until a widget of a kind is painted with these words."""
        wait_until(
            lambda: any(words in str(e["name"]) for e in self.since(since, what)), seconds, f"{what} with {words!r}"
        )

    def offer(self, words: str, exactly: bool = False) -> tuple[int, int] | None:
        """Return where the newest painted button or line with these words is; None where it cannot be used."""
        for event in reversed(self.events()):
            name = str(event.get("name", ""))
            if event["what"] == "button" and (name == words if exactly else words in name):
                return (event["at"][0], event["at"][1]) if event["can"] else None
        return None

    def offers(self, words: str) -> list[tuple[int, int]]:
        """Return where every button with exactly these words that can be used was painted last, from the top."""
        last = {e["which"]: e for e in self.events() if e["what"] == "button" and e["name"] == words}
        return sorted(((e["at"][0], e["at"][1]) for e in last.values() if e["can"]), key=lambda place: place[1])

    def press(self, words: str, exactly: bool = False, seconds: float = 20) -> None:
        """Click the button (or line) with these words, once it can be used and has stayed at its place."""
        places: list[tuple[int, int] | None] = []

        def still() -> bool:
            places.append(self.offer(words, exactly))
            return places[-1] is not None and places[-6:].count(places[-1]) == 6

        wait_until(still, seconds, f"the button {words!r}", every=0.05)
        place = places[-1]
        assert place is not None
        self._screen.click(*place)

    def page(self, number: int) -> None:
        """Show the worklist (1) or the reader (2) by its key."""
        self._screen.key(f"ctrl+{number}")

    def begin_with_the_worklist(self) -> None:
        """Wait for the window and show the worklist; keys that come before the program is there are pressed again."""
        wait_until(lambda: self.first("shell"), 60, "the window")
        for _ in range(30):
            self.page(1)
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                if self.now("Entry", "All unread, "):
                    return
                time.sleep(0.05)
        raise AssertionError("the worklist did not come")

    def rows(self) -> dict[int, str]:
        """Scroll through the whole list and return its rows by number, in the words of a screen reader."""
        start, x, y = time.monotonic(), 780, 600
        self._screen.wheel(-60, x, y, 4)
        time.sleep(0.3)
        found: dict[int, str] = {}
        for _ in range(20):
            time.sleep(0.25)
            looks = [e for e in self.events() if e["what"] == "rows"]
            count = looks[-1]["count"] if looks else 0
            for look in [looks[-1], *(e for e in looks if e["t"] >= start)] if looks else []:
                found |= {int(name.partition(", ")[0]): name for name in look["names"]}
            if (
                count
                and set(range(1, count + 1)) <= set(found)
                and not any("loading" in name for name in found.values())
            ):
                break
            self._screen.wheel(8, x, y, 4)
        return dict(sorted(found.items()))

    def quit(self) -> None:
        """Close the window by its key; nothing of it stays behind."""
        import psutil

        children = self.children()
        self._screen.key("ctrl+q")
        self.process.wait(15)
        assert self.process.returncode == 0
        assert not [pid for pid in children if psutil.pid_exists(pid)]
