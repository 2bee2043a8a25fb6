"""Packs the frozen folder as a Debian package: /opt/medviewer, a link in /usr/bin, desktop file, icons, MIME types.

What it depends on is read from the program: every library that its files are linked to and that it does not bring
along, by the Debian package that has it here, and those that Qt opens by name (run.py's table).
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent / "deb"
ROOT = HERE.parents[1]
#: Of run.py's table: what tests want, and what is only recommended.
NOT_NEEDED = {"xvfb", "xdotool", "fonts-noto-cjk"}
#: Python's word for a machine -> Debian's.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write(program: Path, icons: Path, out: Path, project: dict[str, Any], work: Path) -> Path:
    """Write `out`/medviewer_VERSION_ARCHITECTURE.deb and return its path.

    Args:
        program: the frozen folder.
        icons: what icons.py drew.
        out: the folder of the result.
        project: the table of pyproject.toml.
        work: a folder that may be emptied.
    """
    shutil.rmtree(work, ignore_errors=True)
    lay_out(program, icons, work)
    files = sorted(path for path in work.rglob("*") if path.is_file() and not path.is_symlink())
    kib = sum(-(-path.stat().st_size // 1024) for path in files)
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(work).as_posix()}\n" for path in files]
    meta = work / "DEBIAN"
    meta.mkdir()
    (meta / "md5sums").write_text("".join(sums), "utf-8")
    (meta / "control").write_text(control(project, kib, depends(program)), "utf-8")
    shutil.copyfile(HERE / "postrm", meta / "postrm")
    for folder, folders, names in os.walk(work):
        for name in (*folders, *names):
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    (meta / "postrm").chmod(0o755)
    target = out / f"medviewer_{project['version']}_{architecture()}.deb"
    part = target.with_suffix(".deb.part")
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(work), str(part)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    part.rename(target)
    shutil.rmtree(work)
    return target


def lay_out(program: Path, icons: Path, root: Path) -> None:
    """Lay the files as they will lie in the system."""
    shutil.copytree(program, root / "opt" / "medviewer", symlinks=True)
    share = root / "usr" / "share"
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "medviewer").symlink_to("/opt/medviewer/medviewer")
    for icon in icons.glob("medviewer-*.png"):
        size = icon.stem.removeprefix("medviewer-")
        _copy(icon, share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "medviewer.png")
    _copy(icons / "medviewer.svg", share / "icons" / "hicolor" / "scalable" / "apps" / "medviewer.svg")
    _copy(HERE / "medviewer.desktop", share / "applications" / "medviewer.desktop")
    _copy(HERE / "medviewer.xml", share / "mime" / "packages" / "medviewer.xml")
    _copy(HERE / "copyright", share / "doc" / "medviewer" / "copyright")
    with gzip.GzipFile(share / "doc" / "medviewer" / "changelog.gz", "wb", mtime=0) as file:
        file.write((ROOT / "CHANGELOG.md").read_bytes())


def control(project: dict[str, Any], kib: int, needed: list[str]) -> str:
    """Return the control file."""
    return (
        (HERE / "control.in")
        .read_text("utf-8")
        .format(
            version=project["version"],
            architecture=architecture(),
            kib=kib,
            depends=", ".join(needed),
            description=project["description"].split(".")[0],
        )
    )


def architecture() -> str:
    """Return Debian's word for this machine."""
    machine = os.uname().machine
    return ARCHITECTURES.get(machine, machine)


def depends(program: Path) -> list[str]:
    """Return the packages that the program needs from the system, in order."""
    sys.path.insert(0, str(ROOT))
    from run import DEBIAN

    named = set(DEBIAN) - NOT_NEEDED
    found = {_package(name) for name in linked(program)}
    least = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
    return [f"libc6 (>= {least})", *sorted((named | found) - {"libc6"})]


def linked(program: Path) -> set[str]:
    """Return the names of the libraries that files of the program are linked to and that are not in it."""
    there = {path.name for path in program.rglob("*")}
    code = [path for path in program.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    wanted: set[str] = set()
    for path in code:
        told = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True).stdout
        wanted |= set(re.findall(r"^\s*NEEDED\s+(\S+)", told, re.MULTILINE))
    return wanted - there


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _package(library: str) -> str:
    """Return the package that has a library in the system's own folder.

    Raises:
        SystemExit: none has it here, so that nobody could say what the program needs.
    """
    told = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False).stdout
    for line in told.splitlines():
        package, _, path = line.partition(": ")
        if Path(path).parent.name.endswith(("-linux-gnu", "lib64")):
            return package.split(",")[0].split(":")[0]
    sys.exit(f"{library} is in no Debian package of this machine, and the program does not bring it along.")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
