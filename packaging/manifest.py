"""Writes `_internal/manifest.json` of the frozen program and signs it: `manifest.py PROGRAM [--sign KEY]`.

KEY is an Ed25519 private key (PEM, without a password): `openssl genpkey -algorithm ed25519 -out KEY`. Sites check with
its public half (`openssl pkey -in KEY -pubout -out installer.pub`) in their configuration folder.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer import __version__
from medviewer.app import manifest as format_


def write(program: Path, key: Path | None = None) -> None:
    """Write the manifest of the folder `program`, and its signature where a `key` is given.

    Raises:
        SystemExit: a link that leads out of the folder, or a key that cannot be used.
    """
    internal = program / format_.INTERNAL
    (internal / format_.SIGNATURE).unlink(missing_ok=True)  # of an earlier build: it would be wrong from here on
    found = format_.measure(program, __version__)
    root = program.resolve()
    for name in found.links:
        target = (program / name).resolve()
        if root not in target.parents or not target.exists():
            sys.exit(f"{name} is a link that does not stay in the program's folder.")
    data = found.to_json()
    signature = sign(data, key) if key is not None else None
    _write(internal / format_.NAME, data)
    if signature is not None:
        _write(internal / format_.SIGNATURE, signature)


def sign(data: bytes, key: Path) -> bytes:
    """Return the 64 bytes of the signature over `data`.

    Raises:
        SystemExit: the file holds no Ed25519 private key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        sys.exit(f"{key.name} holds no Ed25519 private key (PEM, without a password).")
    return found.sign(data)


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Write the manifest of a frozen program.")
    parser.add_argument("program", type=Path)
    parser.add_argument("--sign", type=Path, metavar="KEY")
    given = parser.parse_args()
    write(given.program, given.sign)


if __name__ == "__main__":
    main()
