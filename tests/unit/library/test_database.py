"""Opening, versions, troubles: a library is whole or as it was, and says in one sentence what it cannot do."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from medviewer.core.errors import UserError
from medviewer.library import migrations, tables
from medviewer.library.database import CONNECT_S, Database
from medviewer.library.library import Library
from tests.unit.library.make import film, image, keep, opinion, study

ROOT = Path(__file__).resolve().parents[3]
Opener = Callable[..., Library]


def failing(act: Callable[[], object]) -> UserError:
    """Do what must fail; the sentence is one, without what stands in a library."""
    with pytest.raises(UserError) as caught:
        act()
    error = caught.value
    assert error.sentence.endswith(".")
    assert "Doe" not in error.sentence + error.details
    assert "SELECT" not in error.sentence + error.details
    return error


def python(code: str, *words: object) -> "subprocess.CompletedProcess[str]":
    """Run code in a process of its own."""
    command = [sys.executable, "-c", code, *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


# -- opening


def test_that_a_folder_an_address_and_a_file_are_the_same_library(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "kept")) as library:
        [number] = keep(library)
        assert library.path == tmp_path / "kept" / "library.sqlite"
    for where in (
        tmp_path / "kept" / "library.sqlite",
        f"sqlite:///{tmp_path}/kept/library.sqlite",
        f"{tmp_path}/kept",
    ):
        with closing(Library(where)) as library:
            assert library.list("all") == [number]


def test_that_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "kept")) as library:
        keep(library)
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700


def test_that_a_password_is_not_in_the_address_that_is_shown() -> None:
    error = failing(lambda: Library("postgresql+psycopg://me:s3cret@127.0.0.1:9/x"))
    assert error.code == "library_unreachable"
    assert "s3cret" not in error.sentence + error.details


def test_that_a_server_which_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CONNECT_S <= 5  # and localhost may be two addresses
    monkeypatch.setattr("medviewer.library.database.CONNECT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/x"
        start = time.monotonic()
        assert failing(lambda: Library(where)).code == "library_unreachable"
    assert time.monotonic() - start < 8


@pytest.mark.parametrize("where", ["mysql://x/y", "postgresql+nope://x/y", "sqlite://", "http://[broken"])
def test_that_an_address_of_something_else_is_refused(where: str) -> None:
    assert failing(lambda: Library(where)).code == "library_address"


def test_that_opening_an_up_to_date_library_loads_no_alembic(tmp_path: Path) -> None:
    Library(tmp_path).close()
    opening = "import sys; from medviewer.library.library import Library; Library(sys.argv[1]);"
    assert python(f"{opening} print('alembic' in sys.modules)", tmp_path).stdout.strip() == "False"


def test_that_a_library_for_reading_only_changes_nothing(open_library: Opener) -> None:
    [number] = keep(open_library())
    library = open_library(write=False)
    assert library.list("all") == [number]
    for deed in (
        lambda: keep(library, study("2")),
        lambda: library.mark_read(number, True),
        lambda: library.give_opinion(opinion(number)),
        lambda: library.audit("x"),
    ):
        assert failing(deed).code == "not_permitted"


def test_that_reading_does_not_make_a_library(tmp_path: Path, place: Any, open_library: Opener) -> None:
    assert failing(lambda: open_library(write=False)).code == "no_library"
    assert not (tmp_path / "library").exists()


PROTECTED = """
import os, sys
from medviewer.core.errors import UserError
from medviewer.library.library import Library
os.geteuid() or os.setuid(65534)  # root may write everywhere
print(Library(sys.argv[1], write=False).counts()["all"])
try:
    Library(sys.argv[1]).mark_read(1, True)
except UserError as error:
    print(error.code)
"""


@pytest.mark.parametrize(("of_folder", "of_file"), [(0o555, 0o444), (0o555, 0o666), (0o777, 0o444)])
def test_that_a_write_protected_library_can_be_read(of_folder: int, of_file: int) -> None:
    with TemporaryDirectory() as folder:
        with closing(Library(folder)) as library:
            keep(library)
        (Path(folder) / "library.sqlite").chmod(of_file)
        Path(folder).chmod(of_folder)
        done = python(PROTECTED, folder)
        Path(folder).chmod(0o755)
    assert done.stdout.split() == ["1", "not_permitted"], done.stderr


def test_that_what_is_read_is_of_one_moment(open_library: Opener) -> None:
    library, other = open_library(), open_library()
    keep(library)
    with library.database.read() as connection:
        count = text("SELECT count(*) FROM studies")
        assert connection.scalar(count) == 1
        keep(other, study("2"))
        assert connection.scalar(count) == 1
    assert library.counts()["all"] == 2


def test_that_a_failure_in_the_middle_leaves_nothing(library: Library) -> None:
    revision = library.revision()
    broken = SimpleNamespace(**{**vars(study("2")), "images": (SimpleNamespace(source=3),)})
    with pytest.raises(TypeError):
        library.keep([study("1"), broken], listed=True)  # type: ignore[list-item]
    assert (library.list("all"), library.revision()) == ([], revision)
    with suppress(ZeroDivisionError), library.database.write() as connection:
        connection.execute(text("INSERT INTO models (model, version, sha256, since) VALUES ('a', 'b', 'c', 'd')"))
        raise ZeroDivisionError
    with library.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM models")) == 0


def test_that_a_defect_does_not_show_what_stands_in_a_row(library: Library) -> None:
    insert = "INSERT INTO studies (patient_name, identity) VALUES ('Doe', 'x')"
    with pytest.raises(RuntimeError) as caught, library.database.write() as connection:
        connection.execute(text(insert))
    assert "Doe" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


# -- several programs

WRITER = """
import sys
from medviewer.library.library import Library
from tests.unit.library.make import keep, opinion, reading, study
library = Library(sys.argv[1], who=sys.argv[2])
for n in range(20):
    [kept] = library.keep([study(f"{sys.argv[2]}.{n}")], listed=True)
    library.keep_readings([reading(kept)])
    library.give_opinion(opinion(kept.study_id, note=sys.argv[2]))
    keep(library, study("shared"))
print(library.counts()["all"])
"""


def test_that_two_programs_write_at_once_without_loss_even_into_a_new_library(
    place: Path | str, open_library: Opener
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place), name],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for program in programs:
        _, said = program.communicate(timeout=100)
        assert program.returncode == 0, said
    library = open_library()
    assert library.counts()["all"] == 41
    assert len(library.list("all", search="one")) == len(library.list("all", search="two")) == 20
    assert len(library.opinions()) == 40
    assert len(library.audit_entries()) == 80
    assert library.verify_audit().ok


def test_that_work_is_claimed_by_one_of_many(open_library: Opener) -> None:
    from medviewer.library.records import WorkRecord

    library = open_library()
    numbers = keep(library, *(study(str(n)) for n in range(40)))
    library.add_work([WorkRecord(n, "c") for n in numbers])
    taken: list[int] = []

    def take(mine: Library, owner: str) -> None:
        while work := mine.take_work(owner, 1):
            taken.append(work[0].study_id)

    threads = [threading.Thread(target=take, args=(open_library(), f"t:{n}")) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == numbers


def test_that_a_library_which_another_program_holds_is_busy_for_a_while(
    open_library: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medviewer.library.database.BUSY_S", 1)
    library, other = open_library(), open_library()
    [number] = keep(library)
    with other.database.write():
        assert library.list("all") == [number]  # readers do not wait
        assert failing(lambda: library.assign(number, "x")).code == "library_busy"
    assert library.assign(number, "x") == ""


# -- versions


def schema_of(connection: Connection) -> dict[str, Any]:
    """Return tables, columns, indexes, keys, triggers, as the database sees them."""
    look = inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(look.get_table_names()):
        columns = [(c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in look.get_columns(table)]
        indexes = sorted((i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(table))
        keys = sorted(
            (f["constrained_columns"], f["referred_table"], str(f["options"])) for f in look.get_foreign_keys(table)
        )
        unique = sorted(u["column_names"] for u in look.get_unique_constraints(table))
        found[table] = columns, indexes, keys, unique, look.get_pk_constraint(table)["constrained_columns"]
    if connection.dialect.name == "sqlite":
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        triggers = sorted((name, sql) for name, sql in made if sql.startswith("CREATE TRIGGER"))
        stable = sorted(connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")))
        found["", "rest"] = triggers, stable
    else:
        found["", "rest"] = sorted(
            connection.scalars(
                text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'audit'::regclass")
            )
        )
    return found


def test_that_the_ladder_leads_to_the_tables_that_the_program_knows(
    library: Library, tmp_path: Path, request: Any
) -> None:
    with library.database.read() as connection:
        new = schema_of(connection)
    url = f"sqlite:///{tmp_path}/ladder.sqlite" if library.path else request.getfixturevalue("postgres").url()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        assert migrations.upgrade(connection, "") == tables.SCHEMA
        assert schema_of(connection) == new
    engine.dispose()


def test_that_every_step_has_its_module_and_they_end_at_the_programs_version() -> None:
    modules = {path.stem for path in Path(migrations.__file__).with_name("steps").glob("v*.py")}
    assert modules == {step.module for step in migrations.STEPS}
    assert migrations.versions()[-1] == tables.SCHEMA


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make this a later program, with one step more: `upgrade(op)`."""

    def later(*upgrades: Callable[[Any], None]) -> None:
        steps = list(migrations.STEPS)
        for number, upgrade in enumerate(upgrades, 2):
            step = SimpleNamespace(version=f"{number:04}", module="", load=lambda upgrade=upgrade: upgrade)
            steps.append(step)  # type: ignore[arg-type]
        monkeypatch.setattr(migrations, "STEPS", tuple(steps))
        monkeypatch.setattr(tables, "SCHEMA", steps[-1].version)

    return later


def add_column(op: Any) -> None:
    op.execute("ALTER TABLE studies ADD COLUMN shelf TEXT NOT NULL DEFAULT 'A'")


def rebuild(op: Any) -> None:
    """Copy a table that others refer to, the way SQLite needs it."""
    with op.batch_alter_table("studies", recreate="auto") as batch:
        batch.alter_column("shelf", new_column_name="cupboard")


def fail(op: Any) -> None:
    op.execute("DELETE FROM studies")
    op.execute("ALTER TABLE audit_head ADD COLUMN more TEXT")
    raise ZeroDivisionError


def test_that_an_older_library_is_brought_up_with_all_that_is_in_it(
    open_library: Opener, next_version: Callable[..., None]
) -> None:
    library = open_library()
    [number] = keep(library, study("1", image(1)))
    library.give_opinion(opinion(number, note="scar"))
    library.close()
    next_version(add_column, rebuild)
    library = open_library()
    row = library.row(number)
    assert row is not None
    assert (row.patient_name, len(library.sources(number)), len(library.opinions(number))) == ("Doe^Jane", 1, 1)
    assert library.list("all", search="scar") == [number]
    assert library.verify_audit().ok
    with library.database.write() as connection:
        assert connection.scalar(text("SELECT cupboard FROM studies")) == "A"
        if library.path:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    if library.path:
        [kept] = library.path.parent.glob("library.from-0001-*.sqlite")
        with closing(sqlite3.connect(kept)) as copy:
            assert copy.execute("SELECT patient_name FROM studies").fetchall() == [("Doe^Jane",)]
            assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert kept.stat().st_mode & 0o777 == 0o600
        assert not list(library.path.parent.glob("*.part"))


def test_that_a_step_which_fails_leaves_schema_and_rows_as_they_were(
    open_library: Opener, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library()
    [number] = keep(library)
    with library.database.read() as connection:
        before = schema_of(connection)
    with monkeypatch.context():
        next_version(add_column, fail)
        with pytest.raises(ZeroDivisionError):
            open_library()
    monkeypatch.undo()
    library = open_library()
    assert library.list("all") == [number]
    with library.database.read() as connection:
        assert schema_of(connection) == before


def test_that_an_older_library_which_may_only_be_read_stays_older(
    open_library: Opener, next_version: Callable[..., None]
) -> None:
    keep(open_library())
    next_version(add_column)
    assert failing(lambda: open_library(write=False)).code == "older_library"


def test_that_a_library_of_a_newer_program_is_refused_and_left_alone(open_library: Opener) -> None:
    library = open_library()
    keep(library)
    with library.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    library.close()
    before = library.path.read_bytes() if library.path else b""
    assert failing(open_library).code == "newer_library"
    if library.path:
        assert library.path.read_bytes() == before


def test_that_a_migration_without_space_for_its_copy_does_not_begin(
    tmp_path: Path, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Library(tmp_path)) as library:
        keep(library)
    next_version(add_column)

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("medviewer.library.database.os.fsync", full)
    assert failing(lambda: Library(tmp_path)).code == "no_space"
    monkeypatch.undo()
    with closing(Library(tmp_path)) as library:
        assert library.counts()["all"] == 1
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


# -- troubles


def test_that_the_audit_refuses_changes(library: Library) -> None:
    library.audit("test")
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(RuntimeError), library.database.write() as connection:
            connection.execute(text(statement))
    assert len(library.audit_entries()) == 1


@pytest.mark.parametrize("damage", ["text", "cut", "zeros", "header"])
def test_that_a_damaged_file_is_refused_and_never_overwritten(tmp_path: Path, damage: str) -> None:
    with closing(Library(tmp_path)) as library:
        keep(library, *(study(str(n)) for n in range(300)))
        path = library.path
    assert path is not None
    data = path.read_bytes()
    broken = {
        "text": b"this is not a database" * 50,
        "cut": data[: len(data) // 3],
        "zeros": data[:4096] + bytes(len(data) - 4096),
        "header": b"X" * 16 + data[16:],
    }[damage]
    path.write_bytes(broken)

    def use() -> None:
        with closing(Library(tmp_path)) as library:
            library.rows(library.list("all"))

    assert failing(use).code == "library_damaged"
    assert path.read_bytes() == broken


def test_that_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (id)")
    before = path.read_bytes()
    assert failing(lambda: Library(tmp_path)).code == "not_a_library"
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
    assert len(path.read_bytes()) == len(before)


def test_that_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    with closing(Library(tmp_path)) as library:
        keep(library)
        before = library.revision()

        def fill(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA max_page_count=60")

        from sqlalchemy import event

        event.listen(library.database._engine, "connect", fill)
        library.database._engine.dispose()
        many = [study(str(n), description="x" * 5000) for n in range(200)]
        assert failing(lambda: library.keep(many, listed=True)).code == "no_space"
        assert (library.counts()["all"], library.revision()) == (1, before)
        library.mark_read(1, True)  # what fits still goes
        assert library.list("read_today") == [1]


LIMITED = """
import json, resource, sys
from medviewer.core.errors import UserError
from medviewer.library.library import Library
from tests.unit.library.make import keep, study
library = Library(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
kept = 0
try:
    while True:
        keep(library, *(study(f"{kept}.{n}", description="y" * 2000) for n in range(20)))
        kept += 1
except UserError as error:
    print(json.dumps([kept, error.code, library.counts()["all"]]))
"""


def test_that_what_was_kept_before_the_disk_was_full_is_there(tmp_path: Path) -> None:
    done = python(LIMITED, tmp_path)
    assert done.returncode == 0, done.stderr
    kept, code, count = json.loads(done.stdout)
    assert (code, count) == ("no_space", kept * 20)
    with closing(Library(tmp_path)) as library:
        assert library.counts()["all"] == kept * 20
        with library.database.read() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_that_a_library_whose_folder_vanishes_says_so_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    folder, away = tmp_path / "kept", tmp_path / "away"
    with closing(Library(folder)) as library:
        [number] = keep(library)
        folder.rename(away)
        assert failing(lambda: library.mark_read(number, True)).code == "library_gone"
        assert failing(lambda: library.list("all")).code == "library_gone"
        away.rename(folder)
        library.mark_read(number, True)
        assert library.list("read_today") == [number]


def test_that_a_file_put_in_the_place_of_the_library_is_the_library(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "b")) as other:
        keep(other, study("2"), study("3"))
    with closing(Library(tmp_path / "a")) as library:
        keep(library)
        replaced = tmp_path / "a" / "library.sqlite"
        for rest in ("-wal", "-shm"):
            replaced.with_name(replaced.name + rest).unlink(missing_ok=True)
        shutil.copy(tmp_path / "b" / "library.sqlite", tmp_path / "a" / "new")
        (tmp_path / "a" / "new").replace(replaced)
        assert library.counts()["all"] == 2
        keep(library, study("4"))
    with closing(Library(tmp_path / "a")) as library:
        assert library.counts()["all"] == 3


def test_that_nothing_of_a_patient_is_in_temporary_files_or_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with closing(Library(tmp_path / "kept")) as library:
        numbers = keep(library, *(study(str(n), patient_name=f"Canary^{n}") for n in range(500)), film("aa"))
        library.list("all", search="canary")
        library.rows(numbers)
        library.remove(numbers[:100])
    assert list((tmp_path / "tmp").iterdir()) == []
    assert "canary" not in caplog.text.lower()


def test_that_a_server_which_goes_away_is_said_and_used_again_when_it_is_back(postgres_url: str) -> None:
    import psycopg

    def cut() -> None:
        others = "pid <> pg_backend_pid() AND usename = current_user"
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def cut_in_the_middle() -> None:
        with library.database.read() as connection:
            cut()
            connection.execute(text("SELECT 1"))

    with closing(Library(postgres_url)) as library:
        keep(library)
        cut()
        assert library.counts()["all"] == 1  # a connection that died while it waited
        assert failing(cut_in_the_middle).code == "library_unreachable"
        assert library.counts()["all"] == 1


def test_that_a_database_that_cannot_hold_every_script_is_refused(postgres: Any) -> None:
    import psycopg

    plain = f"postgresql://medviewer@/postgres?host={postgres.folder}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    where = plain.replace("/postgres?", "/latin?").replace("postgresql:", "postgresql+psycopg:")
    assert failing(lambda: Database(where)).code == "library_encoding"
