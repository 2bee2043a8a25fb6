"""Files in the making: in a private folder beside their place, put there whole or not at all, swept after a kill."""

import os
import secrets
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from medviewer.core.errors import UserError
from medviewer.core.parcels import alive
from medviewer.library.troubles import told

_PREFIX, _SUFFIX, _NOTE = ".medviewer-", ".part", ".making"
_TROUBLES = {
    "no_space": "There is no space for {name} there; free some, or choose another disk. Nothing was left behind.",
    "not_permitted": "The folder of {name} does not allow writing; choose another one.",
    "library_gone": "The folder or disk of {name} is gone; bring it back, or choose another one.",
    "library_disk": "The disk for {name} reports an error; choose another one. Nothing was left behind.",
}


@contextmanager
def making(place: Path, notes: Path) -> Iterator[Path]:
    """Give the name of a file to write; leaving the block puts it at `place`, an exception leaves nothing.

    Args:
        place: where the file belongs; nothing may be there.
        notes: folder in which it is noted what is in the making, so that `sweep` finds it.

    Raises:
        UserError: `usage`: the name cannot be given; or what the disk cannot.
    """
    with _trouble_at(place):
        if not place.parent.is_dir():
            raise UserError("usage", f"The folder of {place.name} does not exist.")
        if os.path.lexists(place):
            raise _taken(place)
        with workshop(place.parent, notes) as folder:
            part = folder / "part.sqlite"
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            yield part
            _settle(part)
            _put(part, place)
            _settle(place.parent)


@contextmanager
def workshop(beside: Path, notes: Path) -> Iterator[Path]:
    """Give a private folder in `beside` that is gone at the end, or at the next `sweep` after a kill."""
    notes.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = beside.absolute() / f"{_PREFIX}{_here()}-{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}"
    note = notes / f"{folder.name}{_NOTE}"
    try:
        note.write_text(str(folder), "utf-8")
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            note.unlink(missing_ok=True)


def sweep(notes: Path) -> None:
    """Remove what programs of this computer left behind when they were killed."""
    for note in notes.glob(f"{_PREFIX}{_here()}-*{_NOTE}"):
        if not _dead(note.name):
            continue
        with suppress(OSError, ValueError):
            folder = Path(note.read_text("utf-8"))
            if not folder.parent.exists():  # on a disk that is not here now
                continue
            # a note says where, never what: only folders that are named as ours are removed
            if folder.name == note.name.removesuffix(_NOTE) and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            note.unlink(missing_ok=True)
    for part in notes.glob(f"*.json.*-*{_SUFFIX}"):  # of an anchor: NAME.json.PROCESS-THREAD.part
        number = part.name.split(".json.")[-1].split("-")[0]
        if number.isdigit() and not alive(int(number)):
            with suppress(OSError):
                part.unlink(missing_ok=True)


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in `folder` at which nothing is yet: stem, or stem-2, and so on."""
    place, number = folder / f"{stem}{suffix}", 1
    while os.path.lexists(place):
        number += 1
        place = folder / f"{stem}-{number}{suffix}"
    return place


def _here() -> str:
    """Return this computer's name as a part of file names."""
    return "".join(c if c.isalnum() else "_" for c in socket.gethostname())[:60]


def _dead(name: str) -> bool:
    pid = name.removeprefix(f"{_PREFIX}{_here()}-").split("-")[0]
    return pid.isdigit() and not alive(int(pid))


def _put(part: Path, place: Path) -> None:
    """Give the finished file its name, never over another file."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise _taken(place) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(place):
            raise _taken(place) from None
        part.replace(place)


def _taken(place: Path) -> UserError:
    return UserError("usage", f"{place.name} exists already; choose another name.")


def _settle(path: Path) -> None:
    """Wait until a file (or a folder's list of names) is on the disk."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _trouble_at(place: Path) -> Iterator[None]:
    """Say what the disk cannot in terms of the file that was to be made; what the library says of itself passes."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        try:
            with told(place.name):
                raise error
        except UserError as known:
            sentence = _TROUBLES.get(known.code, known.sentence)
            raise UserError(known.code, sentence.format(name=place.name), known.details) from None
