"""The recipe of the installed program: one version everywhere, hooks for what exists, a whole build behind --slow."""

import ast
import configparser
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tomllib
import xml.etree.ElementTree as Tree
from pathlib import Path
from types import ModuleType

import pytest

from medviewer import __version__

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture(scope="module")
def recipe() -> dict[str, ModuleType]:
    """The modules of the recipe, by name."""
    loaded = {}
    sys.path.insert(0, str(PACKAGING))
    try:
        for name in ("debian", "leave_out", "build"):
            spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
            loaded[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
    finally:
        sys.path.remove(str(PACKAGING))
    return loaded


def fields(text: str) -> dict[str, str]:
    """Read a control file's fields, continued lines joined."""
    return dict(line.split(": ", 1) for line in re.sub(r"\n ", " ", text).strip().splitlines())


def desktop_file() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(PACKAGING / "deb" / "medviewer.desktop", "utf-8")
    return parser["Desktop Entry"]


def test_the_program_and_its_package_have_one_version(recipe):
    control = fields(recipe["debian"].control(PROJECT, 1234, ["libc6 (>= 2.36)", "libegl1"]))
    assert control["Version"] == PROJECT["version"] == __version__
    assert control["Installed-Size"] == "1234"
    assert control["Depends"] == "libc6 (>= 2.36), libegl1"
    assert re.fullmatch(r"[a-z0-9]+", control["Architecture"])
    assert PROJECT["description"].startswith(control["Description"].split("  ")[0].split(" Opens")[0])


def test_the_environment_has_the_runtime_dependencies_and_no_test_tool(recipe):
    wanted = recipe["build"].requirements()
    assert set(PROJECT["dependencies"]) <= set(wanted)
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
    assert {"psycopg", "onnxruntime", "pyinstaller"} <= names
    assert not names & {"pytest", "mypy", "ruff", "simpleitk", "scikit-learn"}


def test_what_freezes_the_program_is_pinned(recipe):
    pins = (PACKAGING / "constraints.txt").read_text("utf-8")
    for tool in recipe["build"].TOOLS:
        assert re.search(rf"^{tool}==[\d.]+$", pins, re.MULTILINE)


def test_every_hook_is_for_a_module_that_exists():
    hooks = list((PACKAGING / "hooks").glob("hook-*.py"))
    assert hooks
    for hook in hooks:
        ast.parse(hook.read_text("utf-8"))
        assert importlib.util.find_spec(hook.stem.removeprefix("hook-")) is not None, hook.name


def test_the_spec_names_files_and_modules_that_exist():
    text = (PACKAGING / "medviewer.spec").read_text("utf-8")
    ast.parse(text)
    for name in re.findall(r"HERE / \"([^\"]+)\"(?: / \"([^\"]+)\")?", text):
        assert PACKAGING.joinpath(*name).exists(), name
    for name in re.findall(r"ROOT / \"([^\"]+)\"", text):
        assert (ROOT / name).exists(), name
    hidden = re.search(r"hiddenimports=(\[[^]]*\])", text)[1]
    for module in ast.literal_eval(hidden):
        assert importlib.util.find_spec(module) is not None, module


def test_captums_methods_work_without_the_module_that_the_program_leaves_out():
    """As the frozen program does: an empty module in its place, and no matplotlib to be had."""
    script = f"""
import runpy, sys
sys.modules["matplotlib"] = None
runpy.run_path({str(PACKAGING / "hooks" / "rthook_captum.py")!r})
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(72, 1)).eval()
x = torch.rand(1, 1, 8, 8)
for made in (IntegratedGradients(net).attribute(x, n_steps=4), LayerGradCam(net, net[0]).attribute(x),
             Occlusion(net).attribute(x, sliding_window_shapes=(1, 4, 4), strides=(1, 4, 4))):
    assert made.abs().sum() > 0
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, timeout=120)


def test_what_is_left_out_is_no_part_of_ours_and_keeps_chinese_buttons(recipe):
    keeps = recipe["leave_out"].keeps
    for folder in ("resources", "models"):
        for path in (ROOT / folder).rglob("*"):
            assert keeps(path.relative_to(ROOT).as_posix()), path
    assert keeps("PySide6/Qt/translations/qtbase_zh_CN.qm")
    assert keeps("PySide6/Qt/plugins/platforms/libqxcb.so")
    assert not keeps("PySide6/Qt/translations/qtbase_de.qm")
    assert not keeps("torch\\test\\cpp.txt")
    assert not keeps("libstdc++.so.6")


def test_a_double_click_on_a_dicom_file_starts_the_program():
    entry = desktop_file()
    assert entry["Exec"].split() == ["/opt/medviewer/medviewer", "%F"]
    types = {
        element.get("type") for element in Tree.parse(PACKAGING / "deb" / "medviewer.xml").iter(f"{MIME}mime-type")
    }
    offered = set(entry["MimeType"].strip(";").split(";"))
    assert offered == types
    assert "application/dicom" in offered
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(PACKAGING / "deb" / "medviewer.desktop")], check=True)


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="needs shared-mime-info")
def test_the_mime_types_are_accepted_by_the_desktops_own_tool(tmp_path):
    mime = tmp_path / "mime"
    (mime / "packages").mkdir(parents=True)
    shutil.copy(PACKAGING / "deb" / "medviewer.xml", mime / "packages")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)}
    command = ["update-mime-database", str(mime)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert not done.stderr
    assert "*.dcm" in (mime / "globs2").read_text("utf-8")
    assert "DICOMDIR" in (mime / "globs2").read_text("utf-8")


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")
def test_the_package_of_a_small_folder_holds_it_and_says_its_size(recipe, tmp_path, monkeypatch):
    program, icons = tmp_path / "medviewer", tmp_path / "icons"
    (program / "_internal").mkdir(parents=True)
    icons.mkdir()
    (program / "medviewer").write_text("#!/bin/sh\n", "utf-8")
    (program / "medviewer").chmod(0o700)
    (program / "_internal" / "data").write_bytes(bytes(2048))
    (program / "_internal" / "link").symlink_to("data")
    (icons / "medviewer.svg").write_text("<svg/>", "utf-8")
    (icons / "medviewer-16.png").write_bytes(b"png")
    deb = recipe["debian"].write(program, icons, tmp_path, PROJECT, tmp_path / "work")
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", str(deb), str(root)], check=True)
    assert stat.S_IMODE((root / "opt/medviewer/medviewer").stat().st_mode) == 0o755
    assert (root / "opt/medviewer/_internal/link").is_symlink()
    assert (root / "usr/bin/medviewer").readlink() == Path("/opt/medviewer/medviewer")
    assert (root / "usr/share/icons/hicolor/16x16/apps/medviewer.png").read_bytes() == b"png"
    subprocess.run(["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=root, check=True)
    told = fields((root / "DEBIAN" / "control").read_text("utf-8"))
    measured = sum(
        -(-path.stat().st_size // 1024)
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    )
    assert int(told["Installed-Size"]) == measured
    assert {path.name for path in (root / "DEBIAN").iterdir()} == {"control", "md5sums", "postrm"}
    assert "/home" not in (root / "DEBIAN" / "postrm").read_text("utf-8")


def test_removal_says_what_stays():
    script = str(PACKAGING / "deb" / "postrm")
    said = subprocess.run(["sh", script, "remove"], capture_output=True, text=True, check=True).stdout
    assert "stay where they are" in said
    assert "/etc/xdg/medviewer" in said
    assert not subprocess.run(["sh", script, "upgrade"], capture_output=True, check=True).stdout


def test_the_built_folder_holds_nothing_that_is_left_out(frozen, recipe):
    inside = frozen / "_internal"
    names = [path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()]
    assert not [name for name in names if not recipe["leave_out"].keeps(name)]
    assert not any(name.startswith(("matplotlib/", "sklearn/", "tkinter/", "pip/")) for name in names)
    size = sum(path.stat().st_size for path in frozen.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < recipe["build"].LIMIT


@pytest.mark.slow
def test_the_whole_build_makes_a_program_that_starts(tmp_path):
    """An environment of its own is not made: that of the last build is taken, so that this takes minutes."""
    if not (ROOT / "build" / "venv" / "made-from").exists():
        pytest.skip("needs build/venv: python packaging/build.py")
    command = [sys.executable, str(PACKAGING / "build.py"), "--out", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1500).stdout
    assert "installed size" in said
    version = subprocess.run(
        [str(tmp_path / "medviewer" / "medviewer"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert version == f"medviewer {__version__}\n"
    assert len(list(tmp_path.glob("*.deb"))) == 1
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        assert archive.next().name == "medviewer"
