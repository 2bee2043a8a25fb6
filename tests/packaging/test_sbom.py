"""The bill of materials: every piece of machine code belongs to something whose licence may be shipped."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ELF = b"\x7fELF"


def sbom(program: Path, python: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "packaging" / "sbom.py"), str(program), str(python)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def bill(program: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((program / "_internal" / "sbom.cdx.json").read_text("utf-8"))
    return found


def licence(component: dict[str, Any]) -> str:
    (only,) = component["licenses"]
    return str(only.get("expression") or only["license"]["id"])


def located(document: dict[str, Any]) -> dict[str, str]:
    """Return file -> component."""
    every = [document["metadata"]["component"], *document["components"]]
    return {
        place["location"]: each["name"] for each in every for place in each.get("evidence", {}).get("occurrences", ())
    }


def machine_code(program: Path) -> set[str]:
    found = set()
    for path in program.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                if file.read(4) == ELF:
                    found.add(path.relative_to(program).as_posix())
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment without packages."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


@pytest.fixture
def environment(bare: Path):
    """Let a test put packages of its own into the environment; they are gone afterwards."""
    (site,) = bare.glob("lib/python*/site-packages")
    made: list[Path] = []

    def add(name: str, words: str, files: dict[str, bytes], text: str = "licence text\n") -> Path:
        info = site / f"{name}-1.5.dist-info"
        every = {
            f"{info.name}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.5\n{words}\n".encode(),
            **files,
        }
        if text:
            every[f"{info.name}/licenses/LICENSE"] = text.encode()
        for path, data in every.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(data)
        (info / "RECORD").write_text("".join(f"{path},,\n" for path in every))
        made.extend({site / Path(path).parts[0] for path in every})
        return site

    yield add
    for path in made:
        shutil.rmtree(path)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "medviewer"
    (folder / "_internal").mkdir(parents=True)
    (folder / "medviewer").write_bytes(ELF + b"program")
    return folder


def python(bare: Path) -> Path:
    return bare / "bin" / "python"


def put(program: Path, path: str, data: bytes) -> None:
    (program / "_internal" / path).parent.mkdir(parents=True, exist_ok=True)
    (program / "_internal" / path).write_bytes(data)


def test_a_package_is_named_with_its_version_licence_and_text(program, environment, bare):
    environment("quick-codec", "License-Expression: MIT", {"quick_codec/_fast.so": ELF + b"fast"}, "MIT, whoever\n")
    put(program, "quick_codec/_fast.so", ELF + b"fast")
    assert sbom(program, python(bare)).returncode == 0
    document = bill(program)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    (found,) = [c for c in document["components"] if c["name"] == "quick-codec"]
    assert (found["version"], licence(found), found["purl"]) == ("1.5", "MIT", "pkg:pypi/quick-codec@1.5")
    assert located(document)["_internal/quick_codec/_fast.so"] == "quick-codec"
    assert (program / "_internal" / "licences" / "quick-codec" / "LICENSE").read_text() == "MIT, whoever\n"
    assert "quick-codec  1.5  MIT" in (program / "_internal" / "licences" / "index.txt").read_text()


REFUSED = (
    "License-Expression: GPL-3.0-or-later",
    "License-Expression: MIT AND GPL-2.0-only",
    "License-Expression: AGPL-3.0-only",
    "License-Expression: GPL-2.0-only OR (GPL-3.0-only AND MIT)",
    "License-Expression: GPL-3.0-or-later WITH Some-other-exception",
)
WELCOME = (
    "License-Expression: GPL-2.0-only OR (LGPL-3.0-only AND MIT)",
    "License-Expression: GPL-3.0-or-later WITH GCC-exception-3.1",
    "License-Expression: LGPL-2.1-or-later",
    "License: MIT License",
    "Classifier: License :: OSI Approved :: Apache Software License",
)


def test_everything_that_is_only_gpl_is_refused_by_name_and_nothing_else_is(program, environment, bare):
    for kind, said in (("refused", REFUSED), ("welcome", WELCOME)):
        for number, words in enumerate(said):
            environment(f"{kind}-{number}", words, {f"{kind}_{number}/_fast.so": ELF + f"{kind}{number}".encode()})
            put(program, f"{kind}_{number}/_fast.so", ELF + f"{kind}{number}".encode())
    done = sbom(program, python(bare))
    assert done.returncode == 1
    assert re.findall(r"refused-\d", done.stderr) == [f"refused-{number}" for number in range(len(REFUSED))]
    assert "welcome" not in done.stderr
    assert not (program / "_internal" / "sbom.cdx.json").exists()


def test_an_unknown_licence_a_file_from_nowhere_and_a_missing_text_end_the_build(program, environment, bare):
    environment("odd-codec", "License: as you like", {"odd_codec/_fast.so": ELF + b"fast"})
    put(program, "odd_codec/_fast.so", ELF + b"fast")
    put(program, "libnobody.so.1", ELF + b"nobody knows me")
    done = sbom(program, python(bare))
    assert done.returncode == 1
    assert "odd-codec 1.5: its licence is not known" in done.stderr
    assert "_internal/libnobody.so.1 belongs to no package" in done.stderr
    (program / "_internal" / "libnobody.so.1").unlink()
    shutil.rmtree(program / "_internal" / "odd_codec")
    environment("wordless", "License-Expression: MIT", {"wordless/_fast.so": ELF + b"1"}, text="")
    put(program, "wordless/_fast.so", ELF + b"1")
    done = sbom(program, python(bare))
    assert done.returncode == 1
    assert "There is no licence text of: wordless" in done.stderr


def test_a_library_that_was_taken_to_another_place_is_still_known(program, environment, bare):
    environment("deep", "License-Expression: MIT", {"deep.libs/libgfortran-0a1b2c3d.so.5.0.0": ELF + b"fortran"})
    put(program, "libgfortran-0a1b2c3d.so.5.0.0", ELF + b"fortran")
    (program / "_internal" / "libother.so").symlink_to("libgfortran-0a1b2c3d.so.5.0.0")
    assert sbom(program, python(bare)).returncode == 0
    found = located(bill(program))
    assert found["_internal/libgfortran-0a1b2c3d.so.5.0.0"] == "libgfortran"
    assert found["_internal/libother.so"] == "libgfortran"
    component = next(c for c in bill(program)["components"] if c["name"] == "libgfortran")
    assert licence(component) == "GPL-3.0-or-later WITH GCC-exception-3.1"


def test_libraries_inside_the_wheels_of_our_decoders_are_named_with_versions_and_texts(program):
    """The real wheels of this environment: imagecodecs and numpy."""
    for package, folders in (("imagecodecs", ("imagecodecs", "imagecodecs.libs")), ("numpy", ("numpy.libs",))):
        site = Path(str(importlib.metadata.distribution(package).locate_file("")))
        for folder in folders:
            shutil.copytree(site / folder, program / "_internal" / folder)
    done = sbom(program, Path(sys.executable))
    assert done.returncode == 0, done.stderr
    document = bill(program)
    assert machine_code(program) - {"medviewer"} <= located(document).keys()
    versions = {c["name"]: c["version"] for c in document["components"]}
    for name in ("openjpeg", "charls", "libjpeg-turbo", "openjph", "bitshuffle"):
        assert re.fullmatch(r"[\d.]+", versions[name]), name
        assert list((program / "_internal" / "licences" / "imagecodecs" / name).iterdir()), name
    assert {"openblas", "libgfortran", "libquadmath"} <= versions.keys()


def test_every_piece_of_machine_code_in_the_built_program_belongs_to_a_component(frozen):
    assert machine_code(frozen) <= located(bill(frozen)).keys()


def test_the_built_program_names_what_matters_and_ships_nothing_that_is_only_gpl(frozen):
    components = bill(frozen)["components"]
    names = {c["name"].lower() for c in components}
    assert {"torch", "numpy", "scipy", "pydicom", "imagecodecs", "pillow", "sqlalchemy", "cpython"} <= names
    assert {"openblas", "libgfortran", "openjpeg", "qt", "intel-mkl", "inter-font", "phosphor-icons"} <= names
    for each in components:
        assert each["version"], each["name"]
        assert not re.fullmatch(r"A?GPL-[\w.]+(-only|-or-later)?", licence(each)), each["name"]
    texts = frozen / "_internal" / "licences"
    assert len([p for p in texts.rglob("*") if p.is_file()]) > len(names) / 2
