"""The built program itself says with `doctor` when one of its files is not as it was built."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(frozen: Path, tmp_path: Path) -> Iterator[Path]:
    """The built program a second time: links to the same files, so that it costs no gigabyte."""
    folder = tmp_path / "medviewer"
    try:
        shutil.copytree(frozen, folder, symlinks=True, copy_function=os.link)
    except OSError:  # another file system
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(frozen, folder, symlinks=True)
    yield folder
    shutil.rmtree(folder)


def program_rows(program: Path, code: int = 0) -> dict[str, tuple[str, str]]:
    """Return the lines of the area `program`: name -> (state, text)."""
    done = subprocess.run(
        [program / "medviewer", "doctor", "--json"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code, done.stderr
    rows = json.loads(done.stdout)["checks"]
    return {row["name"]: (row["state"], row["text"]) for row in rows if row["area"] == "program"}


def test_as_it_was_built_all_its_files_are_all_right(frozen):
    found = program_rows(frozen)
    assert found["files"][0] == "ok", found
    print(found["files"][1])


def test_one_changed_byte_a_missing_file_and_an_added_one_are_each_named(copy):
    weights = copy / "_internal" / "models" / "lung-nodule" / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.unlink()  # the other name of the same file stays as it is
    weights.write_bytes(data)
    (copy / "_internal" / "resources" / "icons" / "x.svg").unlink()
    (copy / "_internal" / "torch" / "extra.py").write_text("print('hello')\n")
    found = program_rows(copy)
    assert found["_internal/models/lung-nodule/weights.safetensors"] == (
        "fail",
        "This file of the program was changed.",
    )
    assert found["_internal/resources/icons/x.svg"] == ("fail", "This file of the program is missing.")
    assert found["_internal/torch/extra.py"] == ("fail", "This file does not belong to the program.")
    assert found["files"][0] == "fail"
