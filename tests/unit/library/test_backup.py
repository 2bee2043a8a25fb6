"""A backup holds all of one moment; restoring it gives that back, or leaves everything as it is."""

import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from medviewer.core.errors import UserError
from medviewer.library import foreign, migrations, tables
from medviewer.library.backup import rows_tables
from medviewer.library.library import Library
from medviewer.library.parts import sweep
from medviewer.library.records import (
    AiState,
    FindingRecord,
    ImageRecord,
    OpinionRecord,
    ReadingRecord,
    SeriesRecord,
    StudyRecord,
    Verdict,
    WorkRecord,
)
from tests.unit.library.killing import ROOT, Forks

Opener = Callable[..., Library]


def study(number: int) -> StudyRecord:
    series = f"1.2.{number}.1"
    images = tuple(ImageRecord(series, f"{series}.{k}", f"{number}-{k}", f"/d/{number}/{k}") for k in range(3))
    return StudyRecord(
        f"1.2.{number}", f"Name^Number{number}", f"ID{number}", series=(SeriesRecord(series, "CT"),), images=images
    )


def fill(library: Library, studies: int, first: int = 0) -> list[int]:
    """Add studies with a reading and an opinion each; the last one waits to be read."""
    kept = library.keep([study(number) for number in range(first, first + studies)], listed=True)
    point = (FindingRecord("1.2.3", 0, 1, (2.0, 3.5), 0.75, "nodule", (1.0, 2.0, 3.0)),)
    readings = [
        ReadingRecord(
            one.study_id, "1", 0, "m", "1", "s", one.content, AiState.DONE, 0.75, "score", 0.5, True, findings=point
        )
        for one in kept
    ]
    numbers = library.keep_readings(readings)
    for one, number in zip(kept[:5], numbers, strict=False):
        library.give_opinion(OpinionRecord(one.study_id, Verdict.AGREE, reading_id=number, reader="Dr. Who"))
    library.add_work([WorkRecord(kept[-1].study_id, kept[-1].content)])
    return [one.study_id for one in kept]


def content(library: Library, *, audit: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the library; the audit only when asked for, because deeds here go into it."""
    left_out = () if audit else ("audit", "audit_head")
    with library.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in rows_tables()
            if table.name not in left_out
        }


def rows_of(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def leftovers(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if ".part" in path.name or ".making" in path.name]


@pytest.fixture
def file_library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "home" / "library", who="Dr. Who", anchor=tmp_path / "home" / "anchor.json")
    yield library
    library.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the backups go: another folder than the library's."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def anchored(open_library: Opener, tmp_path: Path) -> Library:
    """An empty library, in a file and on a server, on a workstation that keeps an anchor."""
    return open_library(anchor=tmp_path / "home" / "anchor.json")


@pytest.fixture
def on_server(postgres_url: str, tmp_path: Path) -> Iterator[Library]:
    library = Library(postgres_url, who="Dr. Who", anchor=tmp_path / "server" / "anchor.json")
    yield library
    library.close()


# -- making one ----------------------------------------------------------------------------------------------------


def test_that_a_backup_holds_everything_and_is_one_file(anchored, out, tmp_path):
    fill(anchored, 20)
    made = anchored.backup(out)
    assert made.parent == out
    assert made.name.startswith("medviewer-library-")
    assert list(out.iterdir()) == [made]
    assert made.stat().st_mode & 0o77 == 0, "patients' names are for this user alone"
    copy = Library(made, write=False)
    assert content(copy) == content(anchored)
    assert copy.verify_audit().ok
    copy.close()
    entry = anchored.audit_entries()[-1]
    assert (entry.what, entry.details) == ("library.backup", {"file": made.name, "bytes": made.stat().st_size})
    assert anchored.verify_audit().ok
    assert not leftovers(tmp_path)


def test_that_a_backup_is_of_one_moment_while_others_write(anchored, open_library, out):
    library, other = anchored, open_library()
    fill(library, 200)
    stop, written = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            written.append(len(fill(other, 2, 1000 + 2 * len(written))))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        before = len(library.list("all"))
        steps: list[tuple[int, int]] = []
        made = library.backup(out / "now.sqlite", lambda done, total: steps.append((done, total)))
        after = len(library.list("all"))
    finally:
        stop.set()
        thread.join()
    studies = rows_of(made, "studies")
    assert before <= studies <= after
    assert rows_of(made, "images") == 3 * studies, "no study without its images"
    assert steps[-1][0] == steps[-1][1]
    copy = Library(made, write=False)
    assert copy.verify_audit().ok
    copy.close()
    assert written


def test_that_no_file_is_ever_overwritten(file_library, out):
    mine = out / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(UserError, match=r"mine\.txt exists already"):
        file_library.backup(mine)
    assert mine.read_text() == "mine"
    assert len({file_library.backup(out) for _ in range(3)}) == 3, "three in one second have three names"
    with pytest.raises(UserError, match=r"The folder of x\.sqlite does not exist"):
        file_library.backup(out / "nowhere" / "x.sqlite")
    assert not leftovers(out)


def test_that_a_file_that_appears_meanwhile_is_not_overwritten(file_library, out):
    place = out / "mine.sqlite"
    with pytest.raises(UserError, match="exists already"):
        file_library.backup(place, lambda *_: place.write_text("mine"))
    assert place.read_text() == "mine"
    assert list(out.iterdir()) == [place]


def test_that_a_backup_that_is_called_off_leaves_nothing(anchored, out, tmp_path):
    fill(anchored, 20)

    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    entries = len(anchored.audit_entries())
    with pytest.raises(InterruptedError):
        anchored.backup(out, stop)
    assert not list(out.iterdir())
    assert not leftovers(tmp_path)
    assert len(anchored.audit_entries()) == entries


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files as POSIX does")
@pytest.mark.parametrize("server", [False, True], ids=["sqlite", "postgresql"])
def test_that_a_full_disk_leaves_nothing_and_says_so(request, tmp_path, out, server):
    place: Path | str = request.getfixturevalue("postgres_url") if server else tmp_path / "library"
    library = Library(place)
    fill(library, 300)
    library.close()
    program = f"""
import resource, sys
from pathlib import Path
from medviewer.core.errors import UserError
from medviewer.library.library import Library
library = Library({str(place)!r} if {server} else Path({str(place)!r}), anchor=Path({str(tmp_path / "a" / "a.json")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    library.backup(Path({str(out)!r}))
except UserError as error:
    print(error.code, error.sentence)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.startswith("no_space There is no space for medviewer-library-"), done.stderr
    assert not list(out.iterdir())
    assert not leftovers(tmp_path)


# -- restoring one -------------------------------------------------------------------------------------------------


def test_that_a_restore_gives_back_the_state_of_the_backup(anchored, out, tmp_path):
    first = fill(anchored, 20)
    then, made = content(anchored), anchored.backup(out)
    anchored.remove(first[:10])
    later = fill(anchored, 5, first=100)
    now_ = content(anchored, audit=True)
    revision = anchored.revision()
    steps: list[tuple[int, int]] = []
    restored = anchored.restore(made, lambda done, total: steps.append((done, total)))
    assert content(anchored) == then
    assert (restored.studies, restored.opinions, restored.chain) == (20, 5, "kept")
    assert anchored.revision() > revision, "other windows see that something changed"
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    # what was there is kept, whole, and can be had back
    kept = Library(restored.kept_as, write=False)
    assert content(kept, audit=True) == now_
    kept.close()
    anchored.restore(restored.kept_as)
    assert {one.uid for one in anchored.rows(later).values()} == {f"1.2.{n}" for n in range(100, 105)}
    assert not leftovers(tmp_path)


def test_that_the_audit_goes_on_over_a_restore_and_says_so(anchored, out):
    fill(anchored, 3)
    made = anchored.backup(out)
    fill(anchored, 3, first=50)
    before = anchored.audit_entries()
    anchored.restore(made)
    after = anchored.audit_entries()
    assert after[: len(before)] == before, "nothing that was done is forgotten"
    entry = after[-1]
    assert (entry.what, entry.who) == ("library.restored", anchored.who)
    assert entry.details["head"] == {"seq": before[-1].seq, "hash": before[-1].hash}
    found = anchored.verify_audit()
    assert (found.ok, len(found.notes)) == (True, 1)
    assert made.name in found.notes[0]


def test_that_a_backup_of_another_library_brings_its_own_audit(file_library, anchored, out):
    fill(file_library, 4)
    made = file_library.backup(out)
    fill(anchored, 9, first=500)
    restored = anchored.restore(made)
    assert restored.chain == "replaced"
    assert content(anchored) == content(file_library)
    assert [e.what for e in anchored.audit_entries()][-1] == "library.restored"
    assert anchored.audit_entries()[0] == file_library.audit_entries()[0]
    found = anchored.verify_audit()  # the anchor was of the other chain, and understands the jump
    assert found.ok, found.problems
    assert any("another chain" in note for note in found.notes)
    fill(anchored, 2, first=900)
    found = anchored.verify_audit()
    assert found.ok, found.problems
    with pytest.raises(RuntimeError), anchored.database.write() as connection:
        connection.execute(tables.audit.delete())  # the guards are back


def test_that_a_backup_goes_from_file_to_server_and_back(file_library, on_server, out, tmp_path):
    fill(file_library, 12)
    with_all = content(file_library)
    on_server.restore(file_library.backup(out))
    assert content(on_server) == with_all
    fill(on_server, 2, first=700)  # numbers go on, nothing collides
    both = content(on_server)
    back = Library(tmp_path / "third", who="Dr. Who")
    back.restore(on_server.backup(out / "of-the-server.sqlite"))
    assert content(back) == both
    assert back.verify_audit().ok
    back.close()


def test_that_numbers_of_studies_are_never_given_again(anchored, out):
    """The audit names studies by number: after a restore, one number must not mean two."""
    fill(anchored, 3)
    made = anchored.backup(out)
    later = fill(anchored, 3, first=50)
    anchored.restore(made)
    again = fill(anchored, 3, first=80)
    assert min(again) > max(later)


def test_that_work_that_was_in_hand_is_done_again(anchored, out):
    (number,) = fill(anchored, 1)
    anchored.take_work("host:1", 1)
    anchored.ai_state([number], AiState.READING)
    made = anchored.backup(out)
    anchored.done_work([number])
    anchored.restore(made)
    assert anchored.row(number).ai.state is AiState.WAITING
    assert [one.study_id for one in anchored.take_work("host:2", 9)] == [number]


def test_that_a_restore_that_is_called_off_changes_nothing(anchored, out, tmp_path):
    fill(anchored, 20)
    made = anchored.backup(out)
    fill(anchored, 3, first=100)
    before = content(anchored, audit=True)

    def stop(done: int, _total: int) -> None:
        if done > 30:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        anchored.restore(made, stop)
    assert content(anchored, audit=True) == before
    assert not leftovers(tmp_path)


def test_that_programs_that_use_the_library_go_on_after_a_restore(anchored, open_library, out):
    mine, other = anchored, open_library()
    fill(mine, 50)
    made = mine.backup(out)
    stop, seen = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            other.keep([study(1000 + len(seen))], listed=True)
            seen.append(len(other.list("all")))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(3):
            mine.restore(made)
    finally:
        stop.set()
        thread.join()
    assert seen
    assert mine.verify_audit().ok
    assert {f"1.2.{n}" for n in range(50)} <= {row.uid for row in mine.rows(mine.list("all")).values()}


# -- files that are no backups ------------------------------------------------------------------------------------


@pytest.fixture
def made(file_library: Library, out: Path) -> Path:
    fill(file_library, 8)
    return file_library.backup(out / "made.sqlite")


def edited(made: Path, *statements: str, name: str = "edited.sqlite") -> Path:
    path = made.with_name(name)
    shutil.copy(made, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {trigger}")
        file.executescript(";".join(statements))
    return path


def of_another_program(made: Path) -> Path:
    path = made.with_name("photos.db")
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE photos (id INTEGER)")
    return path


def written(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(made: Path) -> Path:
        path = made.with_name(name)
        path.write_bytes(data)
        return path

    return write


def zipped(made: Path) -> Path:
    path = made.with_name("backup.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(made)
    return path


def cut_off(made: Path) -> Path:
    path = made.with_name("cut.sqlite")
    path.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    return path


def scratched(made: Path) -> Path:
    path, data = made.with_name("scratched.sqlite"), bytearray(made.read_bytes())
    for at in range(4096 * (len(data) // 8192), len(data), 4096):  # the heads of pages
        data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    return path


def pipe(made: Path) -> Path:
    path = made.with_name("pipe.sqlite")
    os.mkfifo(path)
    return path


def in_use(made: Path) -> Path:
    path = made.with_name("in-use.sqlite")
    shutil.copy(made, path)
    path.with_name("in-use.sqlite-wal").write_bytes(b"x" * 100)
    return path


def sql(*statements: str) -> Callable[[Path], Path]:
    return lambda made: edited(made, *statements)


_ACTS = "BEGIN UPDATE studies SET patient_name = 'x'; END"
HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing": (lambda made: made.with_name("gone.sqlite"), "no_backup"),
    "folder": (lambda made: made.parent, "not_a_backup"),
    "pipe": (pipe, "not_a_backup"),
    "empty": (written("empty.sqlite", b""), "not_a_backup"),
    "text": (written("letter.txt", b"Dear all, \n" * 100), "not_a_backup"),
    "zip": (zipped, "not_a_backup"),
    "header alone": (written("h.sqlite", b"SQLite format 3\0" + bytes(84)), "backup_damaged"),
    "another program's": (of_another_program, "not_a_backup"),
    "marked as another program's": (sql("PRAGMA application_id=7"), "not_a_backup"),
    "cut off": (cut_off, "backup_damaged"),
    "scratched": (scratched, "backup_damaged"),
    "in use": (in_use, "backup_in_use"),
    "newer": (sql("UPDATE alembic_version SET version_num = '9999'"), "newer_backup"),
    "trigger": (sql(f"CREATE TRIGGER t AFTER INSERT ON audit {_ACTS}"), "backup_hostile"),
    "trigger named as ours": (sql(f"CREATE TRIGGER audit_no_update AFTER UPDATE ON audit {_ACTS}"), "backup_hostile"),
    "view": (sql("CREATE VIEW v AS SELECT load_extension('x')"), "backup_hostile"),
    "view as table": (sql("DROP TABLE models", "CREATE VIEW models AS SELECT 1 AS id"), "backup_hostile"),
    "virtual table": (sql("CREATE VIRTUAL TABLE v USING fts5(a)"), "backup_hostile"),
    "column missing": (sql("ALTER TABLE findings DROP COLUMN x"), "backup_hostile"),
    "computed column": (
        sql("ALTER TABLE findings DROP COLUMN x", "ALTER TABLE findings ADD COLUMN x AS (1.0)"),
        "backup_hostile",
    ),
    "word for number": (sql("UPDATE images SET size = 'big'"), "backup_hostile"),
    "bytes for text": (sql("UPDATE studies SET patient_name = x'00ff'"), "backup_hostile"),
    "no text": (sql("UPDATE studies SET patient_name = CAST(x'ff' AS TEXT)"), "backup_damaged"),
    "unknown word": (sql("UPDATE studies SET ai_state = 'asleep'"), "backup_hostile"),
    "number too high": (sql("UPDATE images SET frames = 9999999999"), "backup_hostile"),
    "last number used up": (sql("UPDATE sqlite_sequence SET seq = 9223372036854775807"), "backup_hostile"),
    "text too long": (sql("UPDATE studies SET content = hex(zeroblob(99))"), "backup_hostile"),
    "huge value": (sql("UPDATE studies SET patient_name = hex(zeroblob(40000000)) WHERE id = 1"), "backup_damaged"),
    "study missing": (sql("PRAGMA foreign_keys=OFF", "DELETE FROM studies WHERE id = 2"), "backup_damaged"),
    "audit edited": (sql("UPDATE audit SET who = 'nobody' WHERE seq = 2"), "backup_audit"),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
def test_that_what_is_no_backup_is_refused_in_one_sentence_and_changes_nothing(file_library, made, tmp_path):
    before = content(file_library, audit=True)
    for name, (make, code) in HOSTILE.items():
        path = make(made)
        with pytest.raises(UserError) as refusal:
            file_library.restore(path)
        assert refusal.value.code == code, name
        sentence = refusal.value.sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert path.name in sentence
        assert "Number" not in sentence + refusal.value.details, "no patient's name"
        if path.is_file() or path.is_fifo():
            path.unlink()
    assert content(file_library, audit=True) == before
    assert not leftovers(tmp_path)


def test_that_a_server_refuses_the_same(anchored, made):
    fill(anchored, 2)
    before = content(anchored, audit=True)
    for name in ("text", "cut off", "bytes for text", "text too long", "number too high", "unknown word"):
        make, code = HOSTILE[name]
        with pytest.raises(UserError) as refusal:
            anchored.restore(make(made))
        assert refusal.value.code == code, name
    assert content(anchored, audit=True) == before


def test_that_a_backup_is_not_changed_by_restoring_it(file_library, made):
    data = made.read_bytes()
    made.chmod(0o400)
    file_library.restore(made)
    assert made.read_bytes() == data
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_that_a_broken_audit_is_taken_when_asked_for(file_library, made, tmp_path):
    path = edited(made, "UPDATE audit SET who = 'nobody' WHERE seq = 2")
    fresh = Library(tmp_path / "fresh", who="Dr. Who")
    fresh.restore(path, broken_audit=True)
    assert len(fresh.list("all")) == 8
    assert [problem.seq for problem in fresh.verify_audit().problems] == [2], "and it is still said"
    fresh.close()


def test_that_every_refusal_has_been_seen():
    assert set(foreign._SENTENCES) == {code for _, code in HOSTILE.values()}


def test_that_an_older_backup_is_brought_up_to_date_in_a_copy(file_library, made, tmp_path, monkeypatch):
    """As the next version of this program would: it has one more step."""

    @dataclass(frozen=True)
    class Next:
        version: str = "0002"

        def load(self) -> Callable[[Any], None]:
            return lambda operations: operations.execute("UPDATE studies SET description = 'after step 2'")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, Next()))
    monkeypatch.setattr(tables, "SCHEMA", "0002")
    data = made.read_bytes()
    newer = Library(tmp_path / "newer", who="Dr. Who")
    newer.restore(made)
    assert {row.description for row in newer.rows(newer.list("all")).values()} == {"after step 2"}
    newer.close()
    assert made.read_bytes() == data
    assert not leftovers(tmp_path)
    assert not list(tmp_path.glob("newer/*made*")), "the copy is gone"


# -- kills ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    if os.name != "posix":
        pytest.skip("kills as POSIX does")
    forks = Forks()
    yield forks
    forks.close()


class Kills:
    """Kills a deed at random moments of the time that it takes, which is measured anew all the time."""

    def __init__(self, forks: Forks, seed: int) -> None:
        self._forks, self._random, self._within, self.killed = forks, random.Random(seed), 0.3, 0

    def run(self, deed: str, library: Library, file: Path, at: str = "") -> None:
        where = (at or library.path, library.anchor, file)
        if self._forks.run(deed, *where, kill_after=self._random.uniform(0, self._within)):
            self._within *= 0.7
        else:
            self._within *= 1.15
            self.killed += 1


def test_that_thirty_kills_of_a_backup_leave_whole_files_only(file_library, forks, out, tmp_path):
    fill(file_library, 200)
    there, kills = content(file_library), Kills(forks, 7)
    for _ in range(30):
        kills.run("backup", file_library, out)
        sweep(file_library.anchor.parent)  # what the next start does
        assert not leftovers(tmp_path)
        for path in out.iterdir():
            with closing(sqlite3.connect(path)) as file:
                assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert rows_of(path, "images") == 600
            path.unlink()
    assert kills.killed >= 10
    assert content(file_library) == there
    assert file_library.verify_audit().ok


def test_that_thirty_kills_of_a_restore_leave_the_old_state_or_the_new_one(file_library, forks, out, tmp_path):
    fill(file_library, 80)
    old, made = content(file_library), file_library.backup(out)
    fill(file_library, 80, first=1000)
    new, other = content(file_library), file_library.backup(out)
    kills, states = Kills(forks, 8), set()
    for turn in range(30):
        kills.run("restore", file_library, other if turn % 2 else made)
        with closing(sqlite3.connect(file_library.path)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        now_ = content(file_library)
        assert now_ in (old, new)
        states.add(now_ == old)
        sweep(file_library.anchor.parent)
        assert not leftovers(tmp_path)
    assert kills.killed >= 10
    assert states == {True, False}
    assert file_library.verify_audit().ok


def test_that_a_kill_leaves_a_server_as_it_was(on_server, postgres_url, forks, out, tmp_path):
    fill(on_server, 60)
    old, made = content(on_server), on_server.backup(out)
    fill(on_server, 60, first=1000)
    new, kills = content(on_server), Kills(forks, 9)
    for _ in range(6):
        kills.run("restore", on_server, made, at=postgres_url)
        assert content(on_server) in (old, new)
    fill(on_server, 1, first=5000)
    assert on_server.verify_audit().ok
    sweep(on_server.anchor.parent)
    assert not leftovers(tmp_path)


def test_that_only_what_the_dead_left_behind_is_swept(tmp_path, out):
    """Not of the living, not of other computers, and never a folder that a note merely names."""
    notes, precious = tmp_path / "notes", tmp_path / "precious"
    notes.mkdir()
    precious.mkdir()
    (notes / "readme.txt").write_text(str(precious))
    here = "".join(c if c.isalnum() else "_" for c in socket.gethostname())[:60]
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    folders = {}
    for who, host, pid in (("dead", here, dead.pid), ("living", here, os.getpid()), ("far", "elsewhere", dead.pid)):
        folders[who] = out / f".medviewer-{host}-{pid}-ab.part"
        folders[who].mkdir()
        (notes / f"{folders[who].name}.making").write_text(str(folders[who]))
    (notes / f".medviewer-{here}-{dead.pid}-cd.part.making").write_text(str(precious))
    sweep(notes)
    assert precious.is_dir()
    assert [who for who, folder in folders.items() if folder.exists()] == ["living", "far"]
    assert len(list(notes.glob(".*.making"))) == 2
