"""The bill of materials of the frozen program (CycloneDX 1.6) and the licence texts of everything in it.

Every file that is machine code must belong to a component with a version and a licence; a licence that is only GPL, a
licence that nobody knows and a file that comes from nowhere end it with their names. Packages come from the metadata
of the environment that was frozen, system libraries from dpkg, what is inside wheels from their own bills (PEP 770)
and from licences.py.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import licences

INTERNAL = "_internal"
TEXTS = Path(__file__).with_name("texts")
#: Licences of packages that bring no text: theirs lies in texts/.
COMMON = ("Apache-2.0", "LGPL-3.0-only", "Unicode-DFS-2016")
MAGIC = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
#: What of the program's own data comes from others: start of the path in _internal -> (name, version, SPDX, its text).
DATA = (
    ("resources/fonts/", "inter-font", "4", "OFL-1.1", "resources/fonts/LICENSE-inter-OFL.txt"),
    ("resources/icons/", "phosphor-icons", "2", "MIT", "resources/icons/LICENSE-phosphor-MIT.txt"),
)


@dataclass
class Component:
    """One thing with a version and a licence; `files` are those of its files that are machine code."""

    name: str
    version: str
    licence: str
    purl: str = ""
    texts: list[Path] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    inside: str = ""

    @property
    def ref(self) -> str:
        return (self.purl or f"{self.name}@{self.version}") + (f"#in-{self.inside}" if self.inside else "")


class Problem(SystemExit):
    """Something that must not be shipped; ends the build with 1 and its names."""


def write(program: Path, python: Path, out: Path) -> None:
    """Write the bill of the frozen folder `program` to `out`, and the licence texts to _internal/licences/.

    Args:
        program: the folder that holds the program and _internal.
        python: the interpreter of the environment that was frozen.
        out: the JSON file; it stands in the folder, so it is written whole.

    Raises:
        Problem: a file that belongs to nothing, a licence that is unknown or only GPL; all names are in it.
    """
    asked = [python, Path(__file__).with_name("inventory.py"), program]
    told = subprocess.run(asked, stdout=subprocess.PIPE, check=True)
    bill = Bill(program, json.loads(told.stdout))
    bill.fill()
    bill.judge()
    bill.write_texts()
    part = out.with_name(out.name + ".part")
    part.write_text(json.dumps(bill.document(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    part.replace(out)


class Bill:
    """Gathers the components of one folder."""

    def __init__(self, program: Path, inventory: dict[str, Any]) -> None:
        self._program, self._inventory = program, inventory
        self.components: dict[str, Component] = {}
        self._owner: dict[str, str] = {}  # site-packages path -> package
        self._sources: dict[str, list[tuple[Path, str]]] = {}  # base name -> where it lies, and whose it is
        for name, package in inventory["packages"].items():
            for path in package["files"]:
                self._owner[path] = name
                self._sources.setdefault(Path(path).name, []).append((Path(package["site"], path), path))
        self._strays: list[str] = []

    def fill(self) -> None:
        """Find out what every file, and every module in the program's archive, belongs to."""
        found = self._inventory
        for module in found["modules"]:
            path = module.replace(".", "/")
            for file in (f"{path}.py", f"{path}/__init__.py"):
                if file in self._owner:
                    self._package(self._owner[file])
        own = found["medviewer"]
        ours = Component("medviewer", own["version"], "Apache-2.0", texts=[Path(p) for p in own["texts"]])
        self.components["medviewer"] = ours
        loader = found["packages"].get("pyinstaller")
        for path in files_of(self._program):
            name = path.relative_to(self._program).as_posix()
            if name.count("/") == 0:
                if is_code(path):
                    (self._package("pyinstaller") if loader else ours).files.append(name)
                continue
            self._assign(path, name, name.removeprefix(INTERNAL + "/"))
        for start, title, version, licence, text in DATA:
            if (self._program / INTERNAL / start).is_dir():
                kept = self._program / INTERNAL / text
                self.components[title] = Component(title, version, licence, texts=[kept])
        self._interpreter()
        self._named_inside()

    def _assign(self, path: Path, name: str, inner: str) -> None:
        if inner.startswith(("medviewer/", "models/", "resources/", "licences/")):
            return
        if not is_code(path):
            if inner in self._owner:
                self._package(self._owner[inner])
            return
        target = path.resolve()
        if target != path and self._program.resolve() in target.parents:
            inner = target.relative_to((self._program / INTERNAL).resolve()).as_posix()
        component = self._by_package(path, inner) or self._by_python(inner) or self._by_system(path, inner)
        if component is None:
            self._strays.append(name)
        else:
            component.files.append(name)

    def _by_package(self, path: Path, inner: str) -> Component | None:
        name, site = Path(inner).name, inner if inner in self._owner else ""
        if not site:  # taken to another place: the same name and the same bytes somewhere in the environment
            same = (s for where, s in self._sources.get(name, ()) if where.is_file() and equal(where, path))
            site = next(same, "")
        if not site:
            return None
        package, known = self._package(self._owner[site]), licences.of_library(name)
        if "/Qt/" in site and (known is None or not name.startswith("libicu")):
            known = licences.LIBRARIES["libQt6"]
        return self._library(package, name, *known) if known else package

    def _by_python(self, inner: str) -> Component | None:
        own = "lib-dynload/" in inner or Path(inner).name.startswith(("libpython3", "python3"))
        return self._interpreter() if own else None

    def _by_system(self, path: Path, inner: str) -> Component | None:
        for where in self._inventory["system"].get(Path(inner).name, ()):
            source = Path(where)
            if source.is_file() and equal(source, path) and (package := debian_package(source)):
                return self._debian(package)
        return None

    def _package(self, name: str) -> Component:
        if name not in self.components:
            told = self._inventory["packages"][name]
            licence = licences.of_words(name, told["expression"], told["words"])
            texts = [Path(p) for p in told["texts"]]
            purl = f"pkg:pypi/{name}@{told['version']}"
            self.components[name] = Component(told["name"], told["version"], licence, purl, texts)
            for part in told["inside"]:
                inner = Component(
                    part["name"], part["version"], part["licence"] or _of_named(part["name"]), part["purl"]
                )
                inner.inside = told["name"]
                self.components.setdefault(f"{name}/{part['name']}", inner)
        return self.components[name]

    def _library(self, package: Component, file: str, name: str, licence: str, text: str) -> Component:
        key = f"{package.name.lower()}/{name}"
        if key not in self.components:
            versions = self._inventory["versions"].get(package.name.lower(), {})
            version = versions.get(name) or (package.version if name in ("qt", "pytorch-libshm") else _of_file(file))
            made = self.components[key] = Component(name, version, licence, inside=package.name)
            kept = [p for p in self._inventory["imagecodecs_texts"] if Path(p).name == text]
            made.texts = [Path(p) for p in kept] or package.texts
        return self.components[key]

    def _debian(self, package: str) -> Component:
        if package not in self.components:
            version = _ask("dpkg-query", "-W", "-f", "${Version}", package)
            plain = package.split(":")[0]
            text = Path("/usr/share/doc", plain, "copyright")
            licence = licences.of_debian(plain, text.read_text("utf-8", "replace") if text.is_file() else "")
            purl = f"pkg:deb/debian/{plain}@{version}"
            self.components[package] = Component(plain, version, licence, purl, [text] if text.is_file() else [])
        return self.components[package]

    def _interpreter(self) -> Component:
        told = self._inventory["python"]
        made = Component("cpython", told["version"], "PSF-2.0", texts=[Path(p) for p in told["texts"]])
        return self.components.setdefault("cpython", made)

    def _named_inside(self) -> None:
        """Name the libraries that are part of a package's own files."""
        for package, parts in licences.INSIDE.items():
            if package not in self.components:
                continue
            whole = self.components[package]
            versions = self._inventory["versions"].get(package, {})
            for name, licence in parts:
                version = versions.get(name) or f"as in {whole.name} {whole.version}"
                texts = [Path(p) for p in self._inventory["imagecodecs_texts"] if name in Path(p).name.lower()]
                made = Component(name, version, licence, texts=texts or whole.texts, inside=whole.name)
                self.components.setdefault(f"{package}/{name}", made)

    def judge(self) -> None:
        """Refuse what must not be shipped.

        Raises:
            Problem: with every name.
        """
        said = [f"{name} belongs to no package" for name in self._strays]
        for key, each in sorted(self.components.items()):
            if not each.licence:
                said.append(f"{key} {each.version}: its licence is not known (add it to packaging/licences.py)")
            elif licences.only_gpl(each.licence):
                said.append(f"{key} {each.version}: {each.licence} only ({', '.join(each.files) or 'modules'})")
        if said:
            raise Problem("This must not be shipped:\n  " + "\n  ".join(said))

    def write_texts(self) -> None:
        """Copy the licence texts, one folder a component, and an index of all licences.

        Raises:
            Problem: a component without any text.
        """
        folder = self._program / INTERNAL / "licences"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        lines, missing = [], []
        for each in sorted(self.components.values(), key=lambda c: (c.inside.lower(), c.name.lower())):
            place = f"{each.inside}/{each.name}" if each.inside else each.name
            lines.append(f"{place}  {each.version}  {each.licence}")
            whole = next((c for c in self.components.values() if c.name == each.inside), None)
            texts = each.texts or (whole.texts if whole else []) or _common_texts(each.licence)
            if not texts:
                missing.append(place)
            if whole is not None and texts and texts == whole.texts:
                continue  # its text is among those of the package it is in
            (folder / place).mkdir(parents=True, exist_ok=True)
            for number, text in enumerate(texts):
                name = text.name if not (folder / place / text.name).exists() else f"{number}-{text.name}"
                shutil.copyfile(text, folder / place / name)
        if missing:
            raise Problem("There is no licence text of: " + ", ".join(missing))
        (folder / "index.txt").write_text("\n".join(lines) + "\n", "utf-8")

    def document(self) -> dict[str, Any]:
        """Return the bill as CycloneDX 1.6."""
        ours = self.components["medviewer"]
        others = sorted((c for c in self.components.values() if c is not ours), key=lambda c: c.ref)
        by_name = {c.name: c for c in others if not c.inside}
        depends = {c.ref: [o.ref for o in others if o.inside == c.name] for c in by_name.values()}
        depends[ours.ref] = sorted(c.ref for c in by_name.values())
        moment = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()))
        found = [_component(each) for each in others]
        return {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([_component(ours), *found]))}",
            "version": 1,
            "metadata": {
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", moment),
                "component": {**_component(ours), "type": "application"},
            },
            "components": found,
            "dependencies": [{"ref": ref, "dependsOn": on} for ref, on in sorted(depends.items())],
        }


def _component(each: Component) -> dict[str, Any]:
    single = re.fullmatch(r"[\w.+-]+", each.licence) and not each.licence.startswith("LicenseRef-")
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": each.ref,
        "name": each.name,
        "version": each.version,
        "licenses": [{"license": {"id": each.licence}}] if single else [{"expression": each.licence}],
    }
    if each.purl:
        made["purl"] = each.purl
    if each.inside:
        made["properties"] = [{"name": "medviewer:inside", "value": each.inside}]
    if each.files:
        made["evidence"] = {"occurrences": [{"location": name} for name in sorted(each.files)]}
    return made


def _common_texts(licence: str) -> list[Path]:
    """Return the texts that a wheel ships without; the LGPL is words on top of the GPL, so both of them."""
    names = [word for word in licence.split() if word in COMMON]
    names += ["GPL-3.0-only"] if "LGPL-3.0-only" in names else []
    return [TEXTS / f"{name}.txt" for name in names]


def _of_file(name: str) -> str:
    """Return the version in a library's file name (libtiff-d78e.so.6.2.0), "unknown" where it has none."""
    match = re.search(r"\.so\.([\d.]+)$", name)
    return f"so {match[1]}" if match else "unknown"


def _of_named(name: str) -> str:
    """Return the licence of a part that a wheel's own bill names without one (`libgomp`, `libXau`)."""
    known = licences.of_library(name if name.startswith("lib") else f"lib{name}")
    return known[1] if known else ""


def files_of(program: Path) -> Iterator[Path]:
    """Yield every file of the frozen folder, links to files too, in order."""
    for folder, _, names in sorted(os.walk(program)):
        for name in sorted(names):
            yield Path(folder, name)


def is_code(path: Path) -> bool:
    """Say whether a file is machine code (ELF, PE, Mach-O) by its first bytes."""
    with path.open("rb") as file:
        return file.read(4).startswith(MAGIC)


def equal(a: Path, b: Path) -> bool:
    """Say whether two files hold the same bytes."""
    return a.stat().st_size == b.stat().st_size and a.read_bytes() == b.read_bytes()


def debian_package(path: Path) -> str:
    """Return the Debian package that a file is from, "" if it is from none."""
    for name in {str(path.resolve()), str(path.resolve()).removeprefix("/usr"), str(path)}:
        if found := _ask("dpkg", "-S", name):
            return found.splitlines()[0].rpartition(": ")[0].split(",")[0]
    return ""


def _ask(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[1]) / INTERNAL / "sbom.cdx.json")
