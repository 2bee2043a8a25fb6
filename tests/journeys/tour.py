"""docs/tour.md as a test reads it: the command lines of a section, run as they are written."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOUR = ROOT / "docs" / "tour.md"
#: How the tour writes our own program and its Python (`run.py` sets `.venv` up and hands over).
PROGRAM, PYTHON = "python3 run.py", ".venv/bin/python"
#: The home that the tour gives to every command and to the window.
HOME = "tour"


def section(number: int) -> str:
    """Return the words of a section."""
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", TOUR.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"the tour has no section {number}"
    return found[0]


def commands(number: int) -> list[str]:
    """Return the command lines of a section in their order."""
    blocks = re.findall(r"^```\n(.*?)^```", section(number), re.MULTILINE | re.DOTALL)
    return [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]


def run(line: str, folder: Path, code: int = 0) -> str:
    """Run a command line of the tour in `folder`, which must end with `code`; return what it printed."""
    words = shlex.split(line.replace(PROGRAM, f"{PYTHON} -m medviewer"))
    assert words[0] == PYTHON, line
    words = [sys.executable, *(str(ROOT / word) if word.startswith("docs/") else word for word in words[1:])]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("MEDVIEWER_HOME", None)
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == code, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def starts_the_window(line: str) -> bool:
    return line == f"{PROGRAM} --home {HOME}"
