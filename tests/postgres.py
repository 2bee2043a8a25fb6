"""A PostgreSQL server of the test run's own, from Debian's package, and libraries on it and in files."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from medviewer.library.library import Library

#: Nobody waits for a disk in tests; everything else is as installed.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "listen_addresses=")


def programs() -> Path | None:
    """Return the folder with initdb and postgres, the newest version; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: float(bin_.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Server:
    """A server in a folder of its own, on a socket there; it ends with the block. `url` gives a new empty place."""

    def __init__(self, *options: str) -> None:
        memory = Path("/dev/shm")  # a disk that others use makes tests wait
        roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
        self.folder = Path(tempfile.mkdtemp(prefix="medviewer-pg-", dir=memory if roomy else None))
        self._user = _unprivileged(self.folder)
        bin_ = programs()
        assert bin_ is not None
        data, log = self.folder / "data", self.folder / "log"
        init = ("-D", str(data), "-U", "medviewer", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        subprocess.run([bin_ / "initdb", *init], check=True, capture_output=True, user=self._user, cwd=self.folder)
        set_ = [word for option in (*_OPTIONS, *options) for word in ("-c", option)]
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [bin_ / "postgres", "-D", data, "-k", self.folder, *set_],
                stdout=out,
                stderr=out,
                user=self._user,
                cwd=self.folder,
            )
        self._wait(log)

    def _wait(self, log: Path) -> None:
        for _ in range(300):
            if self._process.poll() is not None:
                raise RuntimeError(log.read_text("utf-8", "replace"))
            try:
                psycopg.connect(self._address("medviewer")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start")

    def _address(self, user: str) -> str:
        return f"postgresql://{user}@/postgres?host={self.folder}"

    def url(self) -> str:
        """Make an account with an empty schema of its own; return its address as the setting library.url has it."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self._address("medviewer"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN")
            connection.execute(f"CREATE SCHEMA AUTHORIZATION {name}")
        return self._address(name).replace("postgresql:", "postgresql+psycopg:")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._process.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
        self._process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def _unprivileged(folder: Path) -> str | None:
    """Give `folder` to a user who may run PostgreSQL (root may not); None: the present one may."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = next(name for name in ("postgres", "nobody") if name in names)
    shutil.chown(folder, user)
    folder.chmod(0o755)
    return user


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server for the whole session; without PostgreSQL the test is skipped."""
    if programs() is None:
        pytest.skip("needs PostgreSQL (Debian: apt install postgresql)")
    server = Server()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Server) -> str:
    """The address of an empty place on the server."""
    return postgres.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a library can be: a folder, then a server."""
    if request.param == "sqlite":
        return tmp_path / "library"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def open_library(place: Path | str) -> Iterator[Callable[..., Library]]:
    """Opens the test's library, as often as wanted: each time as another program would."""
    opened: list[Library] = []

    def open_(**options: object) -> Library:
        opened.append(Library(place, **{"who": "Dr Test", **options}))  # type: ignore[arg-type]
        return opened[-1]

    yield open_
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:
    """An empty library, in a file and on a server."""
    return open_library()


if __name__ == "__main__":  # a server to try things on: prints an address and waits for a key
    server = Server()
    print(server.url(), flush=True)
    sys.stdin.readline()
    server.close()
