"""Is the installed program what was built? Its manifest of checksums, and the signature over that.

`_internal/manifest.json` (`medviewer.manifest/1`): `files` has path -> SHA-256 of every file of the program's folder
but itself and its signature, `links` has path -> target of every symbolic link. `manifest.json.sig` is 64 bytes of
Ed25519 over the manifest's bytes, which `openssl pkeyutl -verify -rawin` checks too. The build imports this module.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from medviewer.core.errors import UserError

SCHEMA = "medviewer.manifest/1"
INTERNAL, NAME, SIGNATURE = "_internal", "manifest.json", "manifest.json.sig"
#: The site's public key, in its configuration folder (PEM): never beside what it is to check.
KEY = "installer.pub"
CHANGED, MISSING, ADDED = "changed", "missing", "added"
MAX_MANIFEST, MAX_KEY, MAX_FILES = 64 << 20, 16 << 10, 200_000
SIGNATURE_BYTES = 64
#: What an installer writes into the folder after the build.
_BY_INSTALLER = frozenset({"Uninstall.exe"} if sys.platform == "win32" else ())
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AGAIN = "Install medviewer again."


@dataclass(frozen=True)
class Manifest:
    """What lies in the program's folder: posix paths relative to it, and how many bytes were read to know it."""

    version: str
    files: dict[str, str]
    links: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def to_json(self) -> bytes:
        """Return the bytes of manifest.json."""
        table = {"schema": SCHEMA, "version": self.version, "files": self.files, "links": self.links}
        return (json.dumps(table, indent=0, sort_keys=True) + "\n").encode()


@dataclass(frozen=True)
class Difference:
    """One file that is not as it was built: `what` is CHANGED, MISSING or ADDED."""

    path: str
    what: str


def installed_program() -> Path | None:
    """Return the folder of the frozen program that runs here; None when medviewer runs from its source."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen).parent if frozen else None


def measure(program: Path, version: str) -> Manifest:
    """Return the manifest of what lies in `program` now; a gigabyte takes about a second.

    Raises:
        UserError: `bad_program`: neither a file nor a link, or far too many files.
        OSError: a file that cannot be read.
    """
    files: dict[str, Path] = {}
    links: dict[str, str] = {}
    for path in _walk(program):
        name = path.relative_to(program).as_posix()
        if path.is_symlink():
            links[name] = path.readlink().as_posix()
        else:
            files[name] = path
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
        read = list(threads.map(_digest, files.values()))
    sums = dict(zip(files, (digest for digest, _ in read), strict=True))
    return Manifest(version, sums, links, sum(size for _, size in read))


def _walk(program: Path) -> Iterator[Path]:
    """Yield every file and link under `program` but the manifest and its signature."""
    left, todo = MAX_FILES, [program]
    own = {program / INTERNAL / NAME, program / INTERNAL / SIGNATURE} | {program / name for name in _BY_INSTALLER}
    while todo:
        for entry in sorted(os.scandir(todo.pop()), key=lambda entry: entry.name):
            path = Path(entry.path)
            left -= 1
            if left < 0 or not (entry.is_symlink() or entry.is_dir() or entry.is_file()):
                raise UserError("bad_program", f"{entry.name} does not belong into the folder of the program.")
            if entry.is_dir(follow_symlinks=False):
                todo.append(path)
            elif path not in own:
                yield path


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size


def read(program: Path) -> Manifest:
    """Return the manifest that the program was built with.

    Raises:
        UserError: `bad_manifest`.
    """
    path = program / INTERNAL / NAME
    try:
        text = _bounded(path, MAX_MANIFEST)
    except OSError as error:
        raise UserError("bad_manifest", f"The program has no {NAME}. {_AGAIN}") from error
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        table = None
    if not _sound(table):
        raise UserError("bad_manifest", f"{NAME} of the program cannot be read. {_AGAIN}")
    return Manifest(table["version"], table["files"], table["links"])


def _sound(table: Any) -> bool:
    if not (isinstance(table, dict) and table.get("schema") == SCHEMA and isinstance(table.get("version"), str)):
        return False
    files, links = table.get("files"), table.get("links")
    if not (isinstance(files, dict) and isinstance(links, dict) and len(files) + len(links) <= MAX_FILES):
        return False
    sums = all(isinstance(value, str) and _SHA256.fullmatch(value) for value in files.values())
    return sums and all(isinstance(value, str) for value in links.values()) and all(map(_inside, [*files, *links]))


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def differences(built: Manifest, now: Manifest) -> tuple[Difference, ...]:
    """Return every file that is not as it was built, by path."""
    before = {**built.files, **{name: f"-> {target}" for name, target in built.links.items()}}
    after = {**now.files, **{name: f"-> {target}" for name, target in now.links.items()}}
    found = [Difference(name, MISSING) for name in before.keys() - after.keys()]
    found += [Difference(name, ADDED) for name in after.keys() - before.keys()]
    found += [Difference(name, CHANGED) for name in before.keys() & after.keys() if before[name] != after[name]]
    return tuple(sorted(found, key=lambda each: each.path))


def check_signature(program: Path, key: Path) -> None:
    """Return when the manifest is signed with the private half of the public key in the file `key`.

    Raises:
        UserError: `bad_signature`: none, or not by this key; `bad_key`: no key in that file; `no_cryptography`.
    """
    public = _public_key(key)
    try:
        signature = _bounded(program / INTERNAL / SIGNATURE, SIGNATURE_BYTES)
    except OSError as error:
        sentence = "This program is not signed, and this site wants signed programs. Install a signed one."
        raise UserError("bad_signature", sentence) from error
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(signature, _bounded(program / INTERNAL / NAME, MAX_MANIFEST))
    except (InvalidSignature, OSError) as error:
        sentence = "The signature of this program is not by the key of this site. Install one from a source you trust."
        raise UserError("bad_signature", sentence) from error


def _public_key(path: Path) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        sentence = "The signature cannot be checked: the library cryptography is not installed (extra `sign`)."
        raise UserError("no_cryptography", sentence) from error
    try:
        found = load_pem_public_key(_bounded(path, MAX_KEY))
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UserError("bad_key", f"{path.name} of this site holds no public key (PEM, Ed25519).") from error
    if not isinstance(found, Ed25519PublicKey):
        raise UserError("bad_key", f"{path.name} of this site is a key of another kind; Ed25519 is wanted.")
    return found


def _bounded(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes.

    Raises:
        OSError: otherwise.
    """
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"{path.name} is too large")
    return data
