"""What the tests of the built program share: where it lies, its tools, and what the source version says."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "packaging"
DIST = ROOT / "dist"


@pytest.fixture(scope="session")
def frozen() -> Path:
    """The built program's folder."""
    if not (DIST / "medviewer" / "_internal" / "manifest.json").is_file():
        pytest.skip("needs dist/medviewer: python packaging/build.py")
    return DIST / "medviewer"


@pytest.fixture(scope="session")
def deb() -> Path:
    """The built Debian package."""
    found = sorted(DIST.glob("*.deb"), key=lambda path: path.stat().st_mtime)
    if not found:
        pytest.skip("needs a .deb in dist: python packaging/build.py")
    return found[-1]


@pytest.fixture(scope="session")
def tools() -> ModuleType:
    """packaging/smoke_tools.py."""
    sys.path.insert(0, str(TOOLS))
    try:
        return importlib.import_module("smoke_tools")
    finally:
        sys.path.remove(str(TOOLS))


@pytest.fixture(scope="session")
def real_files() -> Path | None:
    folder = ROOT.parent / "shared" / "data" / "dicom"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def expected(frozen: Path, real_files: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the source version makes of one file of each transfer syntax, and its scores (minutes)."""
    path = tmp_path_factory.mktemp("expected") / "expected.json"
    command = [
        sys.executable,
        str(TOOLS / "smoke.py"),
        str(frozen),
        "--source",
        sys.executable,
        "--expected",
        str(path),
    ]
    command += ["--data", str(real_files)] if real_files else []
    subprocess.run([*command, "--record"], check=True, timeout=1100)
    return path
