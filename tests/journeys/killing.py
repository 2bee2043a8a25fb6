"""A program that works on a library until it is killed, and says of each deed that it was told it is kept.

    python tests/journeys/killing.py HOME FILMS BACKUPS ACKNOWLEDGED SEED

It is medviewer's session without a window: studies are imported, read by a model, answered and backed up in a loop. A
line goes into ACKNOWLEDGED, and on the disk, only after the program has said that the deed is done.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
MODEL = "cxr-pneumonia"
TOGETHER = 3


class Acknowledged:
    """What was acknowledged: one JSON line each, [kind, value]."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, kind: str, value: Any) -> None:
        """Write a line and wait until it is on the disk."""
        with self.path.open("ab") as file:
            file.write(json.dumps([kind, value]).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> list[tuple[str, Any]]:
        """Return the whole lines."""
        if not self.path.exists():
            return []
        whole = self.path.read_bytes().rpartition(b"\n")[0]
        return [tuple(json.loads(line)) for line in whole.splitlines()]

    def of(self, kind: str) -> list[Any]:
        return [value for name, value in self.lines() if name == kind]


class Victim:
    """A program that is started to be killed."""

    def __init__(self, command: list[str], home: Path) -> None:
        environment = {**os.environ, "MEDVIEWER_HOME": str(home), "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self.pid = self._process.pid

    @property
    def ended(self) -> bool:
        """It came to its end before it was killed."""
        return self._process.poll() is not None

    def kill(self) -> list[psutil.Process]:
        """Kill it, at once and without a word; return the processes that it had started."""
        try:
            children = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            children = []
        self._process.kill()
        self.finish()
        return children

    def finish(self) -> tuple[int, str]:
        """Wait for its end; return its exit code and what it said on stderr."""
        words = self._process.communicate(timeout=400)[1]
        return self._process.returncode, words.decode("utf-8", "replace")


def orphans(children: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Return those of `children` that still run after so many seconds."""
    return [child for child in psutil.wait_procs(children, timeout=seconds)[1] if child.status() != "zombie"]


def left_behind(pids: list[int], *folders: Path) -> list[Path]:
    """Return temporary files and folders of these (dead) processes, and half-made files anywhere in `folders`."""
    found = [path for pid in pids for root in ("/dev/shm", "/tmp") for path in Path(root).glob(f"medviewer-{pid}-*")]
    for folder in folders:
        for path in folder.rglob("*"):
            name, number = path.name, path.name.replace("spool-", "").split("-")[0]
            half = name.endswith((".part", ".making", ".tmp")) or name.startswith((".medviewer-", ".worklist"))
            if half or (name.startswith("spool-") and number.isdigit() and int(number) in pids):
                found.append(path)
    return found


def integrity(home: Path) -> str:
    """Return what SQLite says of the library's file."""
    with closing(sqlite3.connect(home / "data" / "library" / "library.sqlite")) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


# -- the program itself


def work(home: Path, films: Path, backups: Path, acknowledged: Acknowledged, seed: int) -> None:
    """Import, read, answer and back up until somebody ends it."""
    from medviewer.app.session import Session

    rng = random.Random(seed)
    with Session(home) as session:
        session.shelf.write(lambda library: library.revision()).result()
        session.show_page("worklist")
        session.begin_work()
        acknowledged.say("started", os.getpid())
        known = set(acknowledged.of("study"))
        todo = sorted(path for path in films.iterdir() if path.name not in known)
        rng.shuffle(todo)
        read: set[int] = set(acknowledged.of("reading"))
        while True:
            if todo:
                some, todo = todo[:TOGETHER], todo[TOGETHER:]
                session.triage.add(some).value()
                for path in some:
                    acknowledged.say("study", path.name)
            _note_readings(session, acknowledged, read)
            if read:
                _answer(session, acknowledged, rng.choice(sorted(read)), rng)
            if rng.random() < (0.3 if todo or read else 0.05):
                _back_up(session, backups, acknowledged)
            time.sleep(rng.uniform(0, 0.2))


def _note_readings(session: Any, acknowledged: Acknowledged, read: set[int]) -> None:
    def done(library: Any) -> list[int]:
        rows = library.rows(library.list("all")).values()
        return [row.id for row in rows if row.ai.state == "done" and row.ai.model == MODEL]

    for number in sorted(set(session.shelf.read(done).result()) - read):
        acknowledged.say("reading", number)
        read.add(number)


def _answer(session: Any, acknowledged: Acknowledged, study: int, rng: random.Random) -> None:
    """Give an opinion as the list does: the study is chosen, a key is pressed."""
    from medviewer.app.worklist import Verdict

    session.worklist.select(study)
    deadline = time.monotonic() + 20
    while (about := session.opinions.about()) is None or about.study_id != study or about.reading is None:
        assert time.monotonic() < deadline, "what the opinion is about did not come"
        time.sleep(0.01)
    verdict = rng.choice([Verdict.AGREE, Verdict.DISAGREE, Verdict.UNSURE])
    acknowledged.say("opinion", [session.opinions.give(verdict).result(), study, verdict.value])


def _back_up(session: Any, backups: Path, acknowledged: Acknowledged) -> None:
    from medviewer.app.backups import backup

    acknowledged.say("backup", backup(session, backups).value().name)


if __name__ == "__main__":
    home_, films_, backups_, acknowledged_ = map(Path, sys.argv[1:5])
    work(home_, films_, backups_, Acknowledged(acknowledged_), int(sys.argv[5]))
