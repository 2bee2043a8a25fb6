"""The audit finds whatever was done to it behind the program's back, and says what it cannot find."""

import json
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, update

from medviewer.library import audit
from medviewer.library.audit_chain import fits, hash_of
from medviewer.library.database import Database
from medviewer.library.library import Library
from medviewer.library.tables import audit as table
from medviewer.library.tables import audit_head

FIELDS = ("seq", "at", "who", "what", "study_id", "details", "before", "hash")


@pytest.fixture
def database(library: Library) -> Database:
    """Of an empty library, in a file and on a server."""
    return library.database


@pytest.fixture
def file_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "library.sqlite")
    yield database
    database.close()


def write(database: Database, entries: int, who: str = "Dr. Who") -> None:
    with database.write() as connection:
        for number in range(entries):
            study = number % 7 or None
            audit.append(connection, who, ("study.opened", "opinion", "export")[number % 3], study, {"n": number})


def check(database: Database, anchor: Path | None = None) -> audit.Verification:
    with database.read() as connection:
        return audit.verify(connection, anchor)


def remember(database: Database, anchor: Path) -> None:
    with database.read() as connection:
        audit.remember(connection, anchor)


@contextmanager
def behind_its_back(database: Database) -> Iterator[sqlite3.Connection]:
    """The file, opened by somebody else who first takes the guards off."""
    assert database.path
    with closing(sqlite3.connect(database.path, isolation_level=None)) as file:
        take_guards_off(file)
        yield file


def take_guards_off(file: sqlite3.Connection) -> None:
    for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        file.execute(f"DROP TRIGGER {name}")


def kinds(found: audit.Verification) -> set[str]:
    return {problem.kind for problem in found.problems}


def test_that_an_untouched_audit_is_whole_and_its_limits_are_said(database):
    assert check(database).ok
    write(database, 30)
    found = check(database)
    assert (found.ok, found.entries, found.problems, found.notes) == (True, 30, (), ())
    text = " ".join(found.limits)
    assert "whole chain anew" in text
    assert "never entered" in text
    assert "clock" in text


def test_that_entries_say_who_did_what_when_and_with_which_study(database):
    with database.write() as connection:
        given = audit.append(connection, "Dr. Who", "study.opened", 12, {"b": [1, 2.5], "a": "Ü\0\u202e"})
    with database.read() as connection:
        (kept,) = audit.entries(connection)
    assert kept == given
    assert (kept.seq, kept.who, kept.what, kept.study_id) == (1, "Dr. Who", "study.opened", 12)
    assert kept.details == {"b": [1, 2.5], "a": "Ü\0\u202e"}
    assert kept.at.endswith("+00:00")


def test_that_the_newest_entries_come_oldest_first(database):
    write(database, 12)
    with database.read() as connection:
        assert [entry.seq for entry in audit.entries(connection, most=3)] == [10, 11, 12]
        assert [entry.seq for entry in audit.entries(connection, since=10)] == [11, 12]


def test_that_names_which_no_database_stores_are_entered_readably(database):
    with database.write() as connection:
        audit.append(connection, "a\0b\ud800" + "x" * 1000, "study.opened")
    assert check(database).ok
    with database.read() as connection:
        assert audit.entries(connection)[0].who.startswith("a b?xxx")


def test_that_a_deed_that_is_undone_leaves_no_entry(database):
    write(database, 2)

    def fail() -> None:
        with database.write() as connection:
            audit.append(connection, "me", "opinion")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    write(database, 2)
    found = check(database)
    assert (found.ok, found.entries) == (True, 4)


def test_that_the_database_itself_refuses_changes(database):
    write(database, 3)
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute(update(table).values(who="nobody"))
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute(table.delete())
    assert check(database).ok


def test_that_programs_that_write_at_once_make_one_chain(database):
    def work(who: str) -> None:
        for _ in range(15):
            write(database, 1, who)

    threads = [threading.Thread(target=work, args=(f"reader {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = check(database)
    assert (found.ok, found.entries) == (True, 60), found.problems


# -- a thousand edits ----------------------------------------------------------------------------------------------


def random_entry(random_: random.Random, file: sqlite3.Connection) -> dict[str, object]:
    place = random_.choice([row[0] for row in file.execute("SELECT seq FROM audit")])
    row = file.execute("SELECT * FROM audit WHERE seq = ?", (place,)).fetchone()
    return dict(zip(FIELDS, row, strict=True))


def change_a_field(random_: random.Random, file: sqlite3.Connection) -> None:
    entry, field = random_entry(random_, file), random_.choice(FIELDS)
    old = entry[field]
    if field == "seq":
        new: object = random_.choice([0, -5, 1000, 10**9])
    elif field == "study_id":
        new = random_.choice([None, 0, 99, "x", 1.5])
    else:
        text = str(old)
        at = random_.randrange(len(text) + 1)
        new = random_.choice([text[:at] + random_.choice("0aZ \x00ü") + text[at + 1 :], text + " ", "", b"\x01"])
    file.execute(f"UPDATE audit SET {field} = ? WHERE seq = ?", (new, entry["seq"]))


def take_a_field_of_another(random_: random.Random, file: sqlite3.Connection) -> None:
    one, other, field = random_entry(random_, file), random_entry(random_, file), random_.choice(FIELDS[1:])
    file.execute(f"UPDATE audit SET {field} = ? WHERE seq = ?", (other[field], one["seq"]))


def remove(random_: random.Random, file: sqlite3.Connection) -> None:
    first, last = file.execute("SELECT min(seq), max(seq) FROM audit").fetchone()
    gone = random_.choice([first, last, random_entry(random_, file)["seq"]])
    file.execute("DELETE FROM audit WHERE seq = ?", (gone,))


def remove_some(random_: random.Random, file: sqlite3.Connection) -> None:
    first, last = file.execute("SELECT min(seq), max(seq) FROM audit").fetchone()
    begin = random_.randint(first, last)
    file.execute("DELETE FROM audit WHERE seq BETWEEN ? AND ?", (begin, random_.randint(begin, last)))


def remove_and_close_the_gap(random_: random.Random, file: sqlite3.Connection) -> None:
    gone = random_entry(random_, file)["seq"]
    file.execute("DELETE FROM audit WHERE seq = ?", (gone,))
    for (seq,) in file.execute("SELECT seq FROM audit WHERE seq > ? ORDER BY seq", (gone,)).fetchall():
        file.execute("UPDATE audit SET seq = ? WHERE seq = ?", (seq - 1, seq))


def swap(random_: random.Random, file: sqlite3.Connection) -> None:
    one, other = random_entry(random_, file)["seq"], random_entry(random_, file)["seq"]
    for new, old in ((-1, one), (one, other), (other, -1)):
        file.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))


def swap_contents(random_: random.Random, file: sqlite3.Connection) -> None:
    one, other = random_entry(random_, file), random_entry(random_, file)
    for seq, values in ((one["seq"], other), (other["seq"], one)):
        who = (values["who"], values["what"], values["study_id"], values["details"], seq)
        file.execute("UPDATE audit SET who = ?, what = ?, study_id = ?, details = ? WHERE seq = ?", who)


def duplicate(random_: random.Random, file: sqlite3.Connection) -> None:
    entry = random_entry(random_, file)
    place = random_.choice([random_entry(random_, file)["seq"], 0, 1000, 10**6])
    values = [place, *(entry[field] for field in FIELDS[1:])]
    file.execute("INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def forge_a_new_one(random_: random.Random, file: sqlite3.Connection) -> None:
    """With a hash that fits: in the place of an entry, or at the end."""
    entry = random_entry(random_, file)
    last = file.execute("SELECT max(seq) FROM audit").fetchone()[0]
    seq = random_.choice([entry["seq"], last + 1])
    before = file.execute("SELECT hash FROM audit WHERE seq = ?", (seq - 1,)).fetchone()
    values = (seq, entry["at"], "somebody", entry["what"], 4, "{}", before[0] if before else "")
    file.execute("INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, hash_of(values)))


def edit_the_head(random_: random.Random, file: sqlite3.Connection) -> None:
    entry = random_entry(random_, file)
    file.execute("UPDATE audit_head SET seq = ?, hash = ?", (entry["seq"], entry["hash"]))


EDITS: tuple[Callable[[random.Random, sqlite3.Connection], None], ...] = (
    change_a_field,
    change_a_field,
    take_a_field_of_another,
    remove,
    remove_some,
    remove_and_close_the_gap,
    swap,
    swap_contents,
    duplicate,
    forge_a_new_one,
    edit_the_head,
)


def content(file: sqlite3.Connection) -> list[object]:
    return [*file.execute("SELECT * FROM audit"), *file.execute("SELECT * FROM audit_head")]


def test_that_each_of_1000_edits_is_found(file_database):
    write(file_database, 40)
    random_ = random.Random(13)
    edits = 0
    with behind_its_back(file_database) as file:
        before = content(file)
        engine = create_engine("sqlite://", creator=lambda: file)
        with engine.connect() as connection:
            assert audit.verify(connection).ok
            while edits < 1000:
                edit = random_.choice(EDITS)
                file.execute("BEGIN")
                edit(random_, file)
                if content(file) != before:
                    edits += 1
                    found = audit.verify(connection)
                    assert not found.ok, f"{edit.__name__} was not found"
                    assert found.problems
                    assert all(problem.sentence.endswith(".") for problem in found.problems)
                file.execute("ROLLBACK")
            assert audit.verify(connection).ok


# -- what is said of an edit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "seq", "kind"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE seq = 4", 4, "changed"),
        ("DELETE FROM audit WHERE seq = 1", 2, "missing"),
        ("DELETE FROM audit WHERE seq = 4", 5, "missing"),
        ("DELETE FROM audit WHERE seq = 9", 9, "missing"),
        ("DELETE FROM audit", 9, "missing"),
        ("UPDATE audit_head SET seq = 8", 9, "head"),
        ("DELETE FROM audit_head", 9, "head"),
        ("UPDATE audit SET who = CAST(x'ff' AS TEXT) WHERE seq = 5", 1, "unreadable"),
    ],
)
def test_that_a_problem_names_its_entry(file_database, statement, seq, kind):
    write(file_database, 9)
    with behind_its_back(file_database) as file:
        file.execute(statement)
    problem = check(file_database).problems[0]
    assert problem.kind == kind
    assert problem.seq == seq or kind == "unreadable"


def test_that_an_entry_that_was_moved_is_recognised(file_database):
    write(file_database, 9)
    with behind_its_back(file_database) as file:
        for new, old in ((-1, 3), (3, 7), (7, -1)):
            file.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))
    found = check(file_database)
    moved = [problem.sentence for problem in found.problems if problem.kind == "moved"]
    assert moved == [
        "Entry 3 was written as entry 7: it was moved or copied.",
        "Entry 7 was written as entry 3: it was moved or copied.",
    ]


def test_that_an_entry_with_a_hash_made_anew_breaks_the_chain_behind_it(file_database):
    write(file_database, 9)
    with behind_its_back(file_database) as file:
        row = list(file.execute("SELECT * FROM audit WHERE seq = 4").fetchone())
        row[2] = "somebody else"
        assert not fits(row[:-1], row[-1])
        file.execute("UPDATE audit SET who = ?, hash = ? WHERE seq = 4", (row[2], hash_of(row[:-1])))
    found = check(file_database)
    assert [(problem.seq, problem.kind) for problem in found.problems] == [(5, "order")]


def test_that_a_break_stays_visible_however_much_is_written_after_it(file_database):
    """Head put back, head gone, entries gone: the program goes on writing, and the break stays."""
    for statement in (
        "DELETE FROM audit WHERE seq > 5",
        "UPDATE audit_head SET seq = 3, hash = 'x'",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 'many'",
    ):
        write(file_database, 9)
        with behind_its_back(file_database) as file:
            file.execute(statement)
        write(file_database, 5)
        assert not check(file_database).ok, statement


def test_that_more_problems_than_anybody_reads_are_counted(file_database):
    write(file_database, 300)
    with behind_its_back(file_database) as file:
        file.execute("UPDATE audit SET who = 'nobody'")
    found = check(file_database)
    assert len(found.problems) == 101
    assert found.problems[-1].sentence == "200 more entries do not fit."


# -- the anchor ----------------------------------------------------------------------------------------------------


def cut(file: sqlite3.Connection, last: int) -> None:
    """Remove the end of the chain and move the head, as somebody would who knows how it works."""
    file.execute("DELETE FROM audit WHERE seq > ?", (last,))
    file.execute("UPDATE audit_head SET seq = ?, hash = (SELECT hash FROM audit WHERE seq = ?)", (last, last))


def test_that_an_end_that_was_cut_off_with_its_head_is_found_by_the_anchor(file_database, tmp_path):
    anchor = tmp_path / "anchor.json"
    write(file_database, 9)
    assert any("no anchor" in limit for limit in check(file_database, anchor).limits)
    remember(file_database, anchor)
    assert check(file_database, anchor).ok
    with behind_its_back(file_database) as file:
        cut(file, 6)
    assert check(file_database).ok, "without the anchor nobody can know: the limits say so"
    found = check(file_database, anchor)
    assert kinds(found) == {"anchor"}
    # and whatever is written then, the anchor does not move on over the gap
    write(file_database, 20)
    remember(file_database, anchor)
    assert kinds(check(file_database, anchor)) == {"anchor"}


def test_that_a_chain_made_anew_as_a_whole_is_found_by_the_anchor(database, tmp_path):
    anchor = tmp_path / "anchor.json"
    write(database, 9)
    remember(database, anchor)
    written = next(tmp_path.glob("anchor-*.json"))
    old = json.loads(written.read_text("utf-8"))
    written.write_text(json.dumps({**old, "hash": "0" * 64}), "utf-8")  # as if it had seen another chain
    assert kinds(check(database, anchor)) == {"anchor"}


def test_that_the_anchor_never_goes_back(database, tmp_path):
    anchor = tmp_path / "anchor.json"
    write(database, 5)
    with database.read() as early:
        audit.head(early)  # its snapshot ends here
        write(database, 5)
        remember(database, anchor)
        audit.remember(early, anchor)
    (file,) = tmp_path.glob("anchor-*.json")
    assert json.loads(file.read_text("utf-8"))["seq"] == 10


def test_that_another_library_beside_it_is_no_false_alarm(tmp_path):
    anchor = tmp_path / "anchor.json"
    for name, entries in (("one.sqlite", 9), ("two.sqlite", 2)):
        database = Database(tmp_path / name)
        write(database, entries)
        remember(database, anchor)
        assert check(database, anchor).ok
        database.close()
    assert len(list(tmp_path.glob("anchor-*.json"))) == 2


def test_that_a_home_that_is_moved_keeps_its_anchor(tmp_path):
    database = Database(tmp_path / "old")
    write(database, 9)
    remember(database, tmp_path / "old" / "anchor.json")
    database.close()
    shutil.move(tmp_path / "old", tmp_path / "new")
    moved = Database(tmp_path / "new")
    with behind_its_back(moved) as file:
        cut(file, 6)
    assert kinds(check(moved, tmp_path / "new" / "anchor.json")) == {"anchor"}
    moved.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seq": "9", "hash": ""}', "[" * 100_000])
def test_that_an_anchor_that_cannot_be_read_is_said(file_database, tmp_path, text):
    anchor = tmp_path / "anchor.json"
    write(file_database, 3)
    remember(file_database, anchor)
    next(tmp_path.glob("anchor-*.json")).write_text(text, "utf-8")
    found = check(file_database, anchor)
    assert found.ok
    assert any("cannot be read" in limit for limit in found.limits)


def test_that_a_check_beside_writers_finds_nothing(database, tmp_path):
    anchor = tmp_path / "anchor.json"
    write(database, 5)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            write(database, 3)
            remember(database, anchor)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(25):
            found = check(database, anchor)
            assert found.ok, found.problems
    finally:
        stop.set()
        thread.join()


def test_that_100_000_entries_are_checked_in_a_few_seconds(file_database):
    before, rows = "", []
    for seq in range(1, 100_001):
        values = (seq, "2026-11-25T12:00:00.000000+00:00", "Dr. Who", "study.opened", seq, '{"files":3}', before)
        before = hash_of(values)
        rows.append(dict(zip(FIELDS, (*values, before), strict=True)))
    with file_database.write() as connection:
        connection.execute(insert(table), rows)
        connection.execute(insert(audit_head).values(id=1, seq=100_000, hash=before))
        assert connection.scalar(select(table.c.hash).where(table.c.seq == 100_000)) == before
    start = time.process_time()  # not by the clock: other tests run beside this one
    found = check(file_database)
    assert (found.ok, found.entries) == (True, 100_000)
    assert time.process_time() - start < 10
