"""What the environment that was frozen says of itself: run by its own interpreter, prints JSON (see sbom.py)."""

import contextlib
import importlib.metadata
import json
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors|patents)", re.IGNORECASE)
_LIBRARY_FOLDERS = ("/usr/lib", "/lib", "/usr/local/lib")


def main(program: Path) -> int:
    """Print the inventory of this environment for the frozen folder `program`."""
    packages = dict(_packages())
    found = {
        "packages": packages,
        "modules": sorted(_modules(program)),
        "medviewer": {"version": _our_version(), "texts": [str(ROOT / "LICENSE")]},
        "python": {"version": platform.python_version(), "texts": _python_texts()},
        "versions": _versions(program),
        "system": _system(),
        "imagecodecs_texts": _imagecodecs_texts(packages),
    }
    json.dump(found, sys.stdout)
    return 0


def _packages() -> Iterator[tuple[str, dict[str, Any]]]:
    for dist in importlib.metadata.distributions():
        name = re.sub(r"[-_.]+", "-", dist.metadata["Name"]).lower()
        if name == "medviewer":
            continue
        files = [str(f) for f in dist.files or ()]
        classifiers = dist.metadata.get_all("Classifier") or []
        words = [(dist.metadata.get("License") or "").strip().splitlines()[0:1]]
        words.append([c.split("::")[-1].strip() for c in classifiers if c.startswith("License")])
        yield (
            name,
            {
                "name": dist.metadata["Name"],
                "version": dist.version,
                "site": str(dist.locate_file("")),
                "files": files,
                "expression": dist.metadata.get("License-Expression") or "",
                "words": [word for group in words for word in group if word],
                "texts": [str(dist.locate_file(f)) for f in files if _is_text(f)],
                "inside": _own_bills(dist, name),
            },
        )


def _is_text(file: str) -> bool:
    """Say whether a file of a package is a licence text: those in the metadata, or beside the package's top."""
    path = Path(file)
    if path.suffix in (".py", ".pyc", ".so", ".pyi", ".h"):
        return False
    top = len(path.parts) == 2 and path.name.lower().startswith(("license", "thirdparty"))
    inside = top or ".dist-info/" in file or path.parent.name in ("licenses", "licences")
    return inside and (_TEXT.search(path.name) is not None or "licenses" in path.parts)


def _own_bills(dist: importlib.metadata.Distribution, package: str) -> list[dict[str, str]]:
    bills = [Path(str(dist.locate_file(f))) for f in dist.files or () if "/sboms/" in str(f)]
    return [part for path in bills for part in _own_bill(path, package)]


def _own_bill(path: Path, package: str) -> Iterator[dict[str, str]]:
    """Yield the parts that a wheel names in its own bill (PEP 770)."""
    bill = json.loads(path.read_text("utf-8"))
    for part in bill.get("components", ()):
        name = str(part.get("name", ""))
        own = re.sub(r"[-_.]+", "-", name).lower() == package or part.get("purl", "").startswith(f"pkg:pypi/{package}")
        elsewhere = part.get("scope") in ("optional", "excluded")  # not in this wheel, or a file of its own
        if part.get("type") != "library" or not name or own or elsewhere:
            continue
        said = [(each.get("expression") or each.get("license", {}).get("id")) for each in part.get("licenses", ())]
        yield {
            "name": name,
            "version": str(part.get("version", "")) or "unknown",
            "licence": " AND ".join(s.replace("/", " OR ") for s in said if s),
            "purl": str(part.get("purl", "")).split("?")[0],
        }


def _modules(program: Path) -> Iterator[str]:
    """Yield the names of the modules in the program's archive; nothing where there is no such archive."""
    with contextlib.suppress(ImportError):
        from PyInstaller.archive.readers import ArchiveReadError, CArchiveReader

        for path in program.iterdir():
            if not path.is_file():
                continue
            with contextlib.suppress(ArchiveReadError):
                archive = CArchiveReader(str(path))
                for name, entry in archive.toc.items():
                    if entry[4] == "z":
                        yield from archive.open_embedded_archive(name).toc
                return


def _our_version() -> str:
    text = (ROOT / "medviewer" / "__init__.py").read_text("utf-8")
    match = re.search(r'__version__ = "([^"]+)"', text)
    return match[1] if match else "0"


def _python_texts() -> list[str]:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path("/usr/share/doc/python3"))
    found = [place / name for place in places for name in ("LICENSE.txt", "LICENSE", "copyright")]
    return [str(path) for path in found if path.is_file()][:1]


def _versions(program: Path) -> dict[str, dict[str, str]]:
    """Return package -> library -> version, as the packages themselves say it (each asked in a process of its own)."""
    asked = {
        "imagecodecs": "import imagecodecs; print(imagecodecs.version())",
        "torch": "import torch; print(torch.__config__.show())",
        "numpy": "import numpy, json; print(json.dumps(numpy.show_config('dicts')))",
        "scipy": "import scipy, json; print(json.dumps(scipy.show_config('dicts')))",
        "cryptography": "from cryptography.hazmat.bindings._rust import openssl as o; print(o.openssl_version_text())",
    }
    told = {}
    for package, line in asked.items():
        if not (program / "_internal" / package).is_dir():
            continue
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", line], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            told[package] = _read_versions(package, done.stdout)
    told["pillow"] = _pillow()
    return told


#: How Pillow's bill calls the libraries that its wheel has as files of their own.
_PILLOW = {
    "FreeType": "freetype",
    "HarfBuzz": "harfbuzz",
    "Little CMS 2": "lcms2",
    "OpenJPEG": "openjpeg",
    "libjpeg / libjpeg-turbo": "libjpeg-turbo",
}


def _pillow() -> dict[str, str]:
    try:
        dist = importlib.metadata.distribution("pillow")
    except importlib.metadata.PackageNotFoundError:
        return {}
    bills = (Path(str(dist.locate_file(f))) for f in dist.files or () if f"/pillow-{dist.version}.cdx" in str(f))
    parts = (part for path in bills for part in json.loads(path.read_text("utf-8"))["components"])
    return {_PILLOW.get(part["name"], part["name"]): part["version"] for part in parts if part.get("version")}


#: How a library is called in imagecodecs' list, where that is not its component's name.
_ALIASES = {"libjpeg_turbo": "libjpeg-turbo", "c_blosc": "c-blosc", "liblzma": "xz", "libbzip2": "libbzip2"}
_PATTERNS = {
    "torch": (("intel-mkl", r"Math Kernel Library Version ([\d.]+)"), ("onednn", r"MKL-DNN v(\S+)")),
    "numpy": (("openblas", r'"blas": \{[^}]*"version": "([^"]+)"'),),
    "scipy": (("openblas", r'"blas": \{[^}]*"version": "([^"]+)"'),),
    "cryptography": (("openssl", r"OpenSSL (\S+)"),),
}


def _read_versions(package: str, text: str) -> dict[str, str]:
    if package == "imagecodecs":
        pairs = (part.strip().rpartition("-") for part in text.split(","))
        return {_ALIASES.get(name, name): version.split("/")[0] for name, _, version in pairs}
    matches = ((name, re.search(pattern, text)) for name, pattern in _PATTERNS[package])
    return {name: match[1] for name, match in matches if match}


def _system() -> dict[str, list[str]]:
    """Return file name -> paths of the libraries of this machine."""
    found: dict[str, list[str]] = {}
    folders = [Path(f) for f in _LIBRARY_FOLDERS]
    folders += [p for f in folders if f.is_dir() for p in f.iterdir() if p.name.endswith("-linux-gnu") and p.is_dir()]
    for folder in folders:
        for path in folder.glob("*.so*") if folder.is_dir() else ():
            found.setdefault(path.name, []).append(str(path))
    return found


def _imagecodecs_texts(packages: dict[str, dict[str, Any]]) -> list[str]:
    told = packages.get("imagecodecs", {"files": [], "site": ""})
    return [str(Path(told["site"], f)) for f in told["files"] if f.startswith("imagecodecs/licenses/")]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
