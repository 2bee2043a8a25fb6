"""The house's walls: every import contract is proved by a planted violation, and light processes stay light."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "captum", "matplotlib", "pydicom", "imagecodecs", "PIL", "scipy", "safetensors")

#: (module that gets a line too much, the line); each must break a contract.
PLANTED = [
    ("core/errors.py", "import medviewer.app.reader"),
    ("core/errors.py", "import pydicom"),
    ("dicom/grouping.py", "import PySide6.QtCore"),
    ("app/reader.py", "import medviewer.ui.theme"),
    ("app/reader.py", "import torch"),
    ("app/reader.py", "import medviewer.engine.nets"),
    ("ui/theme.py", "import captum"),
    ("ui/theme.py", "import medviewer.dicom.grouping"),
    ("cli/main.py", "import medviewer.inference.card"),
    ("engine/nets.py", "import medviewer.app.reader"),
    ("engine/nets.py", "import pydicom"),
    ("inference/card.py", "import medviewer.dicom.grouping"),
    ("library/records.py", "import medviewer.dicom.grouping"),
    ("library/records.py", "import medviewer.app.reader"),
    ("library/records.py", "import PySide6.QtCore"),
    ("app/reader.py", "import sqlalchemy"),
    ("ui/theme.py", "import medviewer.library.records"),
    ("engine/nets.py", "import medviewer.library.records"),
    ("core/errors.py", "import alembic"),
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([tool, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "medviewer", root / "medviewer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_the_house_as_it_is_keeps_all_contracts(copy):
    assert lint_imports(copy).returncode == 0


@pytest.mark.parametrize(("module", "line"), PLANTED)
def test_a_planted_import_breaks_a_contract(copy, module, line):
    path = copy / "medviewer" / module
    kept = path.read_text("utf-8")
    path.write_text(kept + f"\n\ndef planted():\n    {line}\n", "utf-8")
    try:
        done = lint_imports(copy)
    finally:
        path.write_text(kept, "utf-8")
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize(
    "modules",
    ["medviewer.ui.app, medviewer.ui.main_window", "medviewer.cli.main, medviewer.app.session"],
)
def test_window_and_command_line_load_nothing_heavy(modules):
    code = f"import sys, {modules}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_line_does_not_load_qt():
    code = "import sys, medviewer.cli.main, medviewer.app.session; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
