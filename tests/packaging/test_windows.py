"""The Windows installer: it compiles without a warning, takes every file of the frozen folder, and removes no others.

Compiled over a stand-in with the names of the frozen folder (`dist/medviewer` where it was built, else a small one) and
next to nothing in the files. The installer itself was never run: there is no Windows here.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "windows" / "medviewer.nsi"
PROGRAMS = ("medviewer.exe", "medviewer-cli.exe")
STAND_IN = (
    "_internal/manifest.json",
    "_internal/sbom.cdx.json",
    "_internal/base_library.zip",
    "_internal/models/lung-nodule/card.json",
    "_internal/resources/fonts/Inter.ttf",
    "_internal/licences/numpy/LICENSE.txt",
    "_internal/torch/lib/torch_cpu.dll",
)
#: What Windows' programs take for a whole path unless it is told otherwise, and where the longest user's name is.
MOST_PATH, LONGEST_HOME = 260, "C:\\Users\\" + 20 * "x" + "\\AppData\\Local\\Programs\\medviewer\\"


def layout() -> list[str]:
    """The files under the frozen folder, without its programs (which are called .exe on Windows)."""
    frozen = ROOT / "dist" / "medviewer"
    if not (frozen / "_internal").is_dir():
        return list(STAND_IN)
    return sorted(p.relative_to(frozen).as_posix() for p in (frozen / "_internal").rglob("*") if p.is_file())


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What makensis says when it compiles the script over the stand-in."""
    if shutil.which("makensis") is None:
        pytest.skip("needs makensis (Debian: apt install nsis)")
    made = tmp_path_factory.mktemp("windows")
    for name in (*PROGRAMS, *layout()):
        path = made / "medviewer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    out = made / "medviewer-0.1.0-setup.exe"
    words = ("-DQUICK", "-DVERSION=0.1.0", f"-DFOLDER={made / 'medviewer'}", f"-DOUT={out}")
    done = subprocess.run(["makensis", "-WX", "-V4", *words, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    assert out.read_bytes()[:2] == b"MZ"
    return done.stdout


def test_it_compiles_without_a_warning_and_takes_every_file(compiled: str) -> None:
    assert not re.findall(r"^ ?warning.*:", compiled, re.M)
    folder, taken = "", []
    for line in compiled.splitlines():
        if found := re.match(r'File: (?:Descending|Returning) to: ".*?/medviewer/?(.*?)/?"', line):
            folder = found[1]
        elif found := re.match(r'File: "([^"]+)" ', line):
            taken.append(f"{folder}/{found[1]}".lstrip("/"))
    assert sorted(taken) == sorted((*PROGRAMS, *layout()))


def test_it_removes_what_it_lays_and_nothing_else() -> None:
    text = SCRIPT.read_text("utf-8")
    removed = set(re.findall(r'^\s*(?:Delete|RMDir(?: /r)?) "([^"]+)"', text, re.M))
    ours = {f"${{FOLDER}}\\{name}" for name in (*PROGRAMS, "_internal", "uninstall.exe")}
    assert removed == {*ours, "${FOLDER}", "$INSTDIR\\_internal", "$SMPROGRAMS\\medviewer.lnk"}
    whole = re.findall(r"RMDir /r (.*)", text)
    assert len(whole) == 2
    assert all("_internal" in folder for folder in whole)
    assert {name.split("/")[0] for name in layout()} == {"_internal"}


def test_no_other_program_loses_its_files_and_no_rights_are_asked_for() -> None:
    text = SCRIPT.read_text("utf-8")
    assert re.findall(r"RequestExecutionLevel (\w+)", text) == ["user"]
    lines = [line.strip() for line in text.splitlines()]
    takes = [i for i, line in enumerate(lines) if line.startswith(r'WriteRegStr SHCTX "${CLASSES}\.dcm" ""')]
    assert [lines[i - 1] for i in takes] == ['${If} $R4 == ""']
    gives = [i for i, line in enumerate(lines) if line.startswith(r'DeleteRegValue SHCTX "${CLASSES}\.dcm" ""')]
    assert [lines[i - 1] for i in gives] == ['${If} $R4 == "${PROGID}"']


def test_it_asks_nobody_when_it_is_silent() -> None:
    boxes = [line for line in SCRIPT.read_text("utf-8").splitlines() if "MessageBox" in line]
    assert boxes
    assert all("/SD " in line for line in boxes)


def test_every_path_fits_into_the_longest_home_of_windows() -> None:
    longest = max(layout(), key=len)
    assert len(LONGEST_HOME) + len(longest) < MOST_PATH, longest
