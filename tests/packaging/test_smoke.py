"""The built program passes its smoke test on this machine, beside the source version; the test itself can fail."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMOKE = ROOT / "packaging" / "smoke.py"


@pytest.mark.slow
def test_the_built_program_does_what_the_source_version_does(frozen, expected, real_files, tmp_path):
    command = [sys.executable, str(SMOKE), str(frozen), "--expected", str(expected), "--shots", str(tmp_path)]
    command += ["--data", str(real_files)] if real_files else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=1150, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "window.png").stat().st_size > 50_000


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that any user can read: the program does not run as root."""
    with tempfile.TemporaryDirectory(prefix="medviewer-smoke-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo something else", "it said 'something else'"),
        ("echo boom >&2; exit 1", "ended with 1: boom"),
        ("[ $1 = --version ] && echo medviewer 9", "a process that does not exist ended with 1"),
    ],
)
def test_a_program_that_does_not_start_fails_with_what_it_said(public, script, said):
    (public / "_internal").mkdir()
    (public / "medviewer").write_text(f"#!/bin/sh\n{script}\n")
    (public / "medviewer").chmod(0o755)
    command = [sys.executable, str(SMOKE), str(public), "--only", "version", "resources"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith("FAIL  version")
    assert said in done.stdout
    assert "too few of resources/fonts" in done.stdout
