"""Is this installation all right? One check a line: ok, warn or fail, with what to do (`medviewer.doctor/1`)."""

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from medviewer.app import decoder_samples, documents, manifest, site_doctor
from medviewer.app.home import resources
from medviewer.app.models import find_models
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef
from medviewer.inference import folder

OK, WARN, FAIL = "ok", "warn", "fail"
LEAST_MEMORY_GB, LEAST_DISK_GB = 4.0, 1.0
ENGINE_SECONDS = 60.0
#: So many files of the program that are not as they were built are named.
MOST_NAMED = 50


@dataclass(frozen=True)
class Check:
    """One finding. `advice` says what to do; empty where all is well."""

    area: str
    name: str
    state: str
    text: str
    advice: str = ""


def examine(session: Session) -> list[Check]:
    """Return all checks; a check that itself fails is one that says so."""
    checks: list[Check] = []
    for area, look in AREAS.items():
        try:
            checks += [Check(area, *found) for found in look(session)]
        except (UserError, OSError) as error:
            text = error.sentence if isinstance(error, UserError) else "This could not be looked at."
            checks.append(Check(area, area, FAIL, text, "See the log."))
    return checks


def doctor(session: Session) -> dict[str, Any]:
    """Return the document."""
    checks = examine(session)
    states = [check.state for check in checks]
    worst = FAIL if FAIL in states else WARN if WARN in states else OK
    rows = [{"area": c.area, "name": c.name, "state": c.state, "text": c.text, "advice": c.advice} for c in checks]
    return documents.document("doctor", state=worst, checks=rows)


Found = Iterator[tuple[str, str, str, str]]


def _machine(session: Session) -> Found:
    version = platform.python_version()
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    advice = "" if good else "Use Python 3.11, 3.12 or 3.13."
    yield "Python", OK if good else FAIL, f"{version} on {platform.system()} {platform.machine()}", advice
    yield "processors", OK, f"{os.cpu_count() or 1}", ""
    memory = _memory_gb()
    if memory is not None:
        low = memory < LEAST_MEMORY_GB
        yield "memory", WARN if low else OK, f"{memory:.1f} GB", "Close other programs; large studies need more." * low


def _memory_gb() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def _program(session: Session) -> Found:
    """Compare the installed program with its manifest, and the manifest's signature with the site's key."""
    program = manifest.installed_program()
    if program is None:
        yield "installation", OK, "Run from source; there is no installed program to check.", ""
        return
    started = time.monotonic()
    try:
        built = manifest.read(program)
        now = manifest.measure(program, built.version)
    except UserError as error:
        yield "files", FAIL, error.sentence, "Install medviewer again."
        return
    found = manifest.differences(built, now)
    for each in found[:MOST_NAMED]:
        yield each.path, FAIL, _DIFFERS[each.what], "Install medviewer again, and find out who changed it."
    told = f"{len(now.files)} files, {now.size / 2**30:.2f} GB, looked at in {time.monotonic() - started:.1f} s"
    state, words = (FAIL, f"{len(found)} not as they were built") if found else (OK, "all as they were built")
    yield "files", state, f"{told}: {words}", "Install medviewer again." if found else ""
    yield _signature(program, session.home.site / manifest.KEY)


_DIFFERS = {
    manifest.CHANGED: "This file of the program was changed.",
    manifest.MISSING: "This file of the program is missing.",
    manifest.ADDED: "This file does not belong to the program.",
}


def _signature(program: Path, key: Path) -> tuple[str, str, str, str]:
    if not key.exists():
        return "signature", OK, f"not checked: this site has no {manifest.KEY}", ""
    try:
        manifest.check_signature(program, key)
    except UserError as error:
        return "signature", FAIL, error.sentence, "Ask whoever looks after this site's computers."
    return "signature", OK, "by the key of this site", ""


def _devices(session: Session) -> Found:
    """Ask the model process, which is started for it."""
    try:
        found = session.engine.devices().result(ENGINE_SECONDS)
    except FutureTimeout:
        yield "model process", FAIL, "It does not answer.", "Start medviewer again; see the log."
        return
    yield "model process", OK, f"torch {found.get('torch', '?')}, {found.get('threads', '?')} threads", ""
    for device in found["devices"]:
        words = str(device.get("model") or device.get("words") or "")
        usable = bool(device.get("usable"))
        yield str(device.get("name")), OK, words if usable else f"{words}: not on this machine", ""


def _decoders(session: Session) -> Found:
    """Decode one tiny file of each kind in the reader processes."""
    spool = Path(tempfile.mkdtemp(prefix="samples-", dir=session.spool))
    for number, (sample, data) in enumerate(decoder_samples.files()):
        path = spool / f"{number}.dcm"
        path.write_bytes(data)
        try:
            values = session.pixels.fetch(_read(session, path)).values
            off = int(np.abs(values.astype(np.int64) - decoder_samples.expected(sample)).max())
            good = off <= sample.tolerance
            text = "decodes exactly" if not sample.tolerance else "decodes"
            yield sample.name, OK if good else FAIL, text if good else f"values are off by {off}", _repair(good)
        except UserError as error:
            yield sample.name, FAIL, error.sentence, _repair(False)
    shutil.rmtree(spool, ignore_errors=True)


def _repair(good: bool) -> str:
    return "" if good else "Install medviewer again, with the versions of constraints.txt."


def _read(session: Session, path: Path) -> ImageRef:
    found: list[ImageHeader] = []
    job = session.jobs.run(
        Job("Trying decoders", "doctor"),
        lambda job: session.pool.scan([path], job, lambda headers, _: found.extend(headers)),
    )
    job.value()
    if not found:
        raise UserError("unreadable", "The file could not be read.")
    return ImageRef(found[0])


def _models(session: Session) -> Found:
    bad: list[tuple[Path, UserError]] = []
    models = find_models(session.home, lambda path, error: bad.append((path, error)))
    if not models:
        yield "models", WARN, "There is no model.", "Put model folders into the models folder."
    for model in models:
        problems = folder.verify(model)
        text = problems[0] if problems else f"{model.card.version}, all hashes hold"
        yield model.name, FAIL if problems else OK, text, "Install this model again." if problems else ""
    for path, error in bad:
        yield path.name, FAIL, error.sentence, "Remove this folder or install the model again."


def _folders(session: Session) -> Found:
    home = session.home
    for name, path in (("settings", home.config), ("data", home.data), ("spool", home.cache), ("log", home.logs)):
        good = _writable(path)
        yield name, OK if good else FAIL, str(path), "" if good else "Make this folder writable, or use --home."
    free = shutil.disk_usage(session.spool).free / 2**30
    low = free < LEAST_DISK_GB
    yield "free disk", WARN if low else OK, f"{free:.1f} GB", "Free some space; archives are unpacked there." * low


def _writable(path: Path) -> bool:
    """Say whether a file can be made in `path`, or in the nearest parent that exists."""
    while not path.exists() and path.parent != path:
        path = path.parent
    try:
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False


def _fonts(session: Session) -> Found:
    found = sorted(p.name for p in resources("fonts").glob("*.?tf"))
    good = bool(found)
    advice = "" if good else "Install medviewer again: resources/fonts is missing."
    yield "fonts of the window", OK if good else FAIL, f"{len(found)} files" if good else "none", advice
    cjk = _cjk_font()
    yield (
        "Chinese font",
        OK if cjk else WARN,
        cjk or "none found",
        "" if cjk else "Install Noto Sans CJK (Debian: fonts-noto-cjk) if you use Chinese.",
    )


_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_CJK = ("notosanscjk", "notosanssc", "wqy", "pingfang", "msyh", "simsun", "sourcehansans", "droidsansfallback")


def _cjk_font() -> str:
    """Return the file name of a font with Chinese glyphs, "" if none lies where fonts do."""
    for root in (*map(Path, _FONT_FOLDERS), resources("fonts")):
        for _, _, names in os.walk(root):
            for name in names:
                if name.lower().replace("-", "").startswith(_CJK):
                    return name
    return ""


#: What is looked at, in order.
AREAS: dict[str, Callable[[Session], Found]] = {
    "machine": _machine,
    "program": _program,
    "devices": _devices,
    "decoders": _decoders,
    "models": _models,
    "folders": _folders,
    "fonts": _fonts,
    "site": site_doctor.look,
}
