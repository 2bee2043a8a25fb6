"""Builds the installed program: `python packaging/build.py [--out dist] [--work build] [--sign KEY] [--skip-deb]`.

Any Python 3.11 to 3.13; standard library only. Makes a lean environment, freezes the program into one folder, lists
what is in it (SBOM, licence texts, checksums), packs it, and prints its size. One line a step, with its seconds.
A second run takes the environment as it is while pyproject.toml and the constraints are unchanged.
"""

import argparse
import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import debian

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EXTRAS = ("postgres", "fast", "sign")
CONSTRAINTS = (ROOT / "constraints.txt", HERE / "constraints.txt")
TOOLS = ("pyinstaller", "pyinstaller-hooks-contrib")
SUPPORTED = ((3, 11), (3, 13))
NAME = "medviewer"
EXECUTABLE = "medviewer.exe" if os.name == "nt" else "medviewer"
LIMIT = 1500 * 10**6
LARGEST = 10


def main(arguments: list[str] | None = None) -> int:
    """Build everything and return the exit code."""
    given = read_words(arguments)
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        sys.exit(f"needs Python 3.11 to 3.13; this is {platform.python_version()}")
    out, work = given.out.resolve(), given.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    with step("environment"):
        python = environment(work)
    with step("icons"):
        run([python, HERE / "icons.py", work / "icons"], work / "icons.log")
    with step("program"):
        program = freeze(python, work)
    with step("SBOM and licences"):
        run([python, HERE / "sbom.py", program, python], work / "sbom.log")
    with step("manifest, signed" if given.sign else "manifest, without a signature"):
        key = ["--sign", given.sign.resolve()] if given.sign else []
        run([python, HERE / "manifest.py", program, *key], work / "manifest.log")
    program = put(program, out)
    stem = f"{NAME}-{project()['version']}-{sys.platform}-{platform.machine().lower()}"
    if sys.platform == "linux" and not given.skip_deb:
        with step("Debian package"):
            debian.write(program, work / "icons", out, project(), work / "deb")
    with step("archive"):
        pack(program, out / stem)
    total = print_sizes(program)
    if total > LIMIT and not given.any_size:
        sys.exit(f"The program is larger than {LIMIT / 1e6:.0f} MB (the CUDA build: --any-size).")
    return 0


def read_words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the installed program.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the results go (dist)")
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="what is kept for the next build (build)")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="an Ed25519 private key (PEM) for the manifest")
    parser.add_argument("--skip-deb", action="store_true", help="no Debian package")
    parser.add_argument("--any-size", action="store_true", help="no limit on the size (the CUDA build)")
    return parser.parse_args(arguments)


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print one line when the step is done: its name and its seconds."""
    start = time.monotonic()
    yield
    say(f"{name:32} {time.monotonic() - start:7.1f} s")


def project() -> dict[str, Any]:
    """Return the table `project` of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def requirements() -> list[str]:
    """Return what the program needs, its extras that are shipped, and what freezes it."""
    table = project()
    extras = (line for extra in EXTRAS for line in table["optional-dependencies"][extra])
    return [*table["dependencies"], *extras, *TOOLS]


def environment(work: Path) -> Path:
    """Make the environment that is frozen, or take the one that is there; return its Python.

    medviewer itself is not installed in it: the source that lies here is what is frozen.
    """
    folder = work / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "made-from"
    parts = [repr((requirements(), sys.version, str(folder))).encode(), *(path.read_bytes() for path in CONSTRAINTS)]
    wanted = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", folder], work / "venv.log")
    held = [word for path in CONSTRAINTS for word in ("-c", path)]
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", *held]
    run([*pip, *requirements()], work / "pip.log")
    stamp.write_text(wanted, "utf-8")
    return python


def freeze(python: Path, work: Path) -> Path:
    """Run PyInstaller and return the folder of the program, which holds what it must."""
    made = work / "dist"
    shutil.rmtree(work / "pyinstaller", ignore_errors=True)  # what it keeps does not notice a changed hook
    words = ["--noconfirm", "--log-level", "WARN", "--distpath", made, "--workpath", work / "pyinstaller"]
    more = {
        "MEDVIEWER_ICONS": str(work / "icons"),
        "PYTHONHASHSEED": "0",
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
    }
    run([python, "-m", "PyInstaller", *words, HERE / "medviewer.spec"], work / "pyinstaller.log", more)
    program = made / NAME
    shutil.copytree(work / "icons", program / "_internal" / "resources" / "app", dirs_exist_ok=True)
    return program


def put(program: Path, out: Path) -> Path:
    """Move the finished folder to `out` in place of an earlier one; return where it is now."""
    out.mkdir(parents=True, exist_ok=True)
    target, old = out / NAME, out / f"{NAME}.old"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    shutil.move(program, target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def pack(program: Path, stem: Path) -> None:
    """Write the folder as one archive: .tar.gz, on Windows .zip; owned by root, in order."""
    if os.name == "nt":
        shutil.make_archive(str(stem), "zip", program.parent, program.name)
        return
    part = stem.with_name(stem.name + ".tar.gz.part")

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    with tarfile.open(part, "w:gz", compresslevel=6) as archive:
        archive.add(program, program.name, filter=plain)
    part.rename(stem.with_name(stem.name + ".tar.gz"))


def print_sizes(program: Path) -> int:
    """Print the installed size and its largest parts; return the size in bytes (links count nothing)."""
    parts: dict[str, int] = {}
    for path in program.rglob("*"):
        if path.is_file() and not path.is_symlink():
            inner = path.relative_to(program)
            name = inner.parts[1] if inner.parts[0] == "_internal" else inner.parts[0]
            parts[name.removesuffix(".libs")] = parts.get(name.removesuffix(".libs"), 0) + path.stat().st_size
    total = sum(parts.values())
    say(f"installed size {total / 1e6:.0f} MB, of {LIMIT / 1e6:.0f} MB; the largest parts:")
    for name, size in sorted(parts.items(), key=lambda each: -each[1])[:LARGEST]:
        say(f"  {size / 1e6:7.1f} MB  {name}")
    return total


def run(command: list[Any], log: Path, more: dict[str, str] | None = None) -> None:
    """Run a command with its words in `log`; when it fails, end with the last of them."""
    with log.open("wb") as file:
        words = [str(word) for word in command]
        done = subprocess.run(
            words, cwd=ROOT, env={**os.environ, **(more or {})}, stdout=file, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        last = log.read_text("utf-8", "replace").strip().splitlines()[-15:]
        sys.exit("\n".join([*last, f"This step failed; all of its words are in {log}."]))


if __name__ == "__main__":
    sys.exit(main())
