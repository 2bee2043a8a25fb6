"""Patients whose names are programs, pages, formulas and paths, one whose name must be nowhere, and a search for it."""

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from tests.journeys import films

#: What is written into the file, by what it is; bytes are no honest text.
NAMES: dict[str, bytes] = {
    "sql": b"Robert'); DROP TABLE studies;--^Bobby",
    "formula": b"=cmd|' /C calc'!A0^Plus",
    "html": b"<script>alert(1)</script><img src=x onerror=alert(2)>^Tag",
    "newlines": b"First\r\nSecond\nThird^Lines",
    "long": b"Long" + b"x" * 9_990 + b"^End",
    "right to left": "\u202edlrow^\u2066\u05e9\u05dc\u05d5\u05dd\u2069".encode(),
    "nul": b"Null\0Byte^Zero",
    "surrogates": b"Half\xed\xa0\x80Pair^Broken",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466^Family".encode(),
    "path": b"../../../../etc/passwd^Path",
    "format": b"%s%n{0}{__class__}$(id)`id`^Format",
    "escape": b"\x1b[31mRed\x1b[0m\x07\x1b]0;title\x07^Ansi",
    "cjk": "\u738b^\u5c0f\u6771=\u5c71\u7530^\u592a\u90ce".encode(),
}
#: A word of each name that finds it.
WORDS = {
    "sql": "TABLE",
    "formula": "calc'!a0",
    "html": "onerror",
    "newlines": "third",
    "long": "longxxxx",
    "right to left": "\u05e9\u05dc",
    "nul": "zero",
    "surrogates": "broken",
    "emoji": "family",
    "path": "passwd",
    "format": "__class__",
    "escape": "ansi",
    "cjk": "\u5c0f",
}
CANARY = ("KANARIENVOGEL^ZWITSCHER", "CANARY-7391", "19370529")
#: Its traces: parts of the name, the id, the birth date as files and programs write it.
TRACES = ("KANARIENVOGEL", "ZWITSCHER", "CANARY-7391", "19370529", "1937-05-29")


def write(folder: Path) -> None:
    """Write one film for each name, and the canary's."""
    for number, (kind, name) in enumerate(NAMES.items(), 100):
        path = folder / f"{kind.replace(' ', '-')}.dcm"
        films.made_film(path, number, PatientName=name, StudyDescription=name[:60], PatientID=f"H-{number}")
    name_, id_, birth = CANARY
    films.made_film(folder / "bird.dcm", 99, PatientName=name_, PatientID=id_, PatientBirthDate=birth)


def traces_in(text: str | bytes) -> list[str]:
    """Return the canary's traces in a text or in the bytes of a file."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    folded = data.upper()
    return [t for t in TRACES if t.encode() in folded or t.encode("utf-16-le") in folded]


class Search:
    """Looks again and again into all files of some folders, as long as the block lasts.

    Attributes:
        found: file and trace, of each that was seen.
        files: so many files were looked into.
    """

    def __init__(self, *folders: Path, but: Iterable[str] = ()) -> None:
        self._folders, self._but = folders, tuple(but)
        self._seen: dict[Path, tuple[int, int]] = {}
        self.found: set[tuple[str, str]] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @property
    def files(self) -> int:
        return len(self._seen)

    def __enter__(self) -> "Search":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        self.look()

    def _run(self) -> None:
        while not self._end.wait(0.2):
            self.look()

    def look(self) -> None:
        """Look once, into what is new."""
        for folder in self._folders:
            for place, folders, files in os.walk(folder):
                for name in (*folders, *files):
                    if not name.startswith(self._but):
                        self._look_into(Path(place, name))

    def _look_into(self, path: Path) -> None:
        try:
            status = path.stat()
            sign = status.st_size, status.st_mtime_ns
            self.found |= {(path.name, trace) for trace in traces_in(path.name)}
            if not path.is_file() or self._seen.get(path) == sign:
                return
            self._seen[path] = sign
            self.found |= {(path.name, trace) for trace in traces_in(path.read_bytes())}
        except OSError:  # it went meanwhile
            return


@dataclass
class Page(HTMLParser):
    """A page as a browser takes it: its elements, its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data
