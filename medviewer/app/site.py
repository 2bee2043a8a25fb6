"""The site's policy: policy.json above every user's settings, with its SHA-256 beside it (policy.json.sha256).

What cannot be used restricts all the same: a key with a wrong value takes its safe value, and a file that cannot be
used at all puts every guarded key (`site_table.GUARDED`) on its safe side. The program starts in every case.
"""

import hashlib
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.settings_table import SETTINGS
from medviewer.app.site_entries import NoJsonError, entries
from medviewer.app.site_table import GUARDED, KEYS
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.inference.folder import ModelFolder

FILE, SUM = "policy.json", "policy.json.sha256"
MAX_BYTES = 1 << 20
OK, UNKNOWN, WRONG = "ok", "unknown", "wrong"

UNREADABLE = "This site's policy.json cannot be read."
NO_JSON = "This site's policy.json, line {line}: this is no JSON object of keys and values."
TWICE = "This site's policy.json, line {line}: {key} stands twice."
UNSEALED = "This site's policy.json does not have the hash that stands beside it."
GONE = "This site's policy.json is gone; only its hash is there."
NOT_KNOWN = "This site's policy.json, line {line}: {key} is not known."
NOT_FIT = "This site's policy.json, line {line}: {key} cannot have this value."
LOCKED = "Settings that it names have their defaults and are locked."
UNTIL = "Until this is put right, this holds."
NOT_ALLOWED = "{name} {version} is not among the models that this site allows. Ask your administrator."


@dataclass(frozen=True)
class Line:
    """One key of the file: where it stands and whether it can be used (`fault`: what is wrong, in words)."""

    key: str
    line: int
    state: str
    value: Any = None
    fault: str = ""


@dataclass(frozen=True)
class Policy:
    """What the site fixes; the empty one fixes nothing.

    Attributes:
        values: what holds, the safe values of what cannot be used included.
        lines: the keys of the file in order.
        problems: sentences on what is wrong, each with key and line where there is one.
        held: sentences on what is on its safe side for that reason.
        sha256: the file's hash, "" without a file; `stated`: the one beside it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    sha256: str = ""
    stated: str = ""

    @property
    def sentence(self) -> str:
        """What a person at the screen must know; "" where nothing is wrong."""
        return " ".join([self.problems[0], UNTIL, *self.held] if self.held else self.problems[:1])

    @property
    def models(self) -> tuple[Path, ...]:
        """Folders with further models."""
        return tuple(expanded(each) for each in self.values.get("paths.models", ()))

    @property
    def closed(self) -> bool:
        """Whether nothing of the file is used."""
        return bool(self.problems) and (not self.lines or self.sha256 != self.stated)

    def folder(self, key: str, default: Path) -> Path:
        """Return a folder that the policy names, else `default`."""
        return expanded(self.values[key]) if self.values.get(key) else default

    def refusal(self, model: "ModelFolder") -> str:
        """Return why this model may not be used here, "" where it may."""
        allowed = self.values.get("models.allowed")
        named = {"name": model.name, "version": model.card.version, "sha256": model.sha256}
        return "" if allowed is None or named in allowed else NOT_ALLOWED.format(**named)

    def permit(self, model: "ModelFolder") -> None:
        """Refuse a model that this site does not allow.

        Raises:
            UserError: `not_permitted`.
        """
        if words := self.refusal(model):
            raise UserError("not_permitted", words)


class BrokenError(Exception):
    """The file cannot be taken apart; carries the sentence."""


def read(folder: Path) -> Policy:
    """Return the policy in the site's folder; there are no exceptions, only `problems`."""
    path = folder / FILE
    stated = _stated(folder / SUM)
    if not _exists(path):
        return _closed((GONE,), (), "", stated) if _exists(folder / SUM) else Policy()
    data = _bytes(path)
    if data is None:
        return _closed((UNREADABLE,), (), "", stated)
    digest = hashlib.sha256(data).hexdigest()
    try:
        lines = judged(data)
    except BrokenError as broken:
        return _closed((str(broken),), (), digest, stated)
    if digest != stated:
        return _closed((UNSEALED,), lines, digest, stated)
    return _open(lines, digest)


def there(folder: Path) -> bool:
    """Say whether a policy, or what is left of one, lies in a folder."""
    return _exists(folder / FILE) or _exists(folder / SUM)


def judged(data: bytes) -> tuple[Line, ...]:
    """Return the keys of a policy's text, each with its line and whether it can be used.

    Raises:
        BrokenError
    """
    try:
        every = list(entries(data))
    except NoJsonError as error:
        raise BrokenError(NO_JSON.format(line=error.line)) from None
    found: dict[str, Line] = {}
    for key, value, line in every:
        if key in found:
            raise BrokenError(TWICE.format(line=line, key=plain(key)))
        known = KEYS.get(key)
        if known is None:
            found[key] = Line(plain(key), line, UNKNOWN, value, _meant(key))
        else:
            fault = known.fault(value)
            found[key] = Line(key, line, WRONG if fault else OK, value, fault)
    return tuple(found.values())


def seal(path: Path) -> str:
    """Write the hash of a policy that can be used beside it, and return it.

    Raises:
        UserError: `bad_policy`: with key and line; `no_file`.
    """
    data = _bytes(path)
    if data is None:
        raise UserError("no_file", f"{path.name} could not be read.")
    try:
        lines = judged(data)
    except BrokenError as broken:
        raise UserError("bad_policy", f"Not sealed. {broken}") from None
    if bad := _problems(lines):
        raise UserError("bad_policy", f"Not sealed. {bad[0]}", " ".join(bad[1:]))
    digest = hashlib.sha256(data).hexdigest()
    part = path.with_name(f"{path.name}.sha256.part")
    with part.open("w", encoding="ascii") as file:
        file.write(f"{digest}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())
    if os.name == "posix":
        part.chmod(0o644)  # every user's program reads it
    part.replace(path.with_name(f"{path.name}.sha256"))
    return digest


def check(path: Path) -> Policy:
    """Return the policy in any file, as it would be read if it lay in the site's folder under its name."""
    data = _bytes(path)
    if data is None:
        raise UserError("no_file", f"{path.name} could not be read.")
    digest, stated = hashlib.sha256(data).hexdigest(), _stated(path.with_name(f"{path.name}.sha256"))
    try:
        lines = judged(data)
    except BrokenError as broken:
        return _closed((str(broken),), (), digest, stated)
    if digest != stated:
        return _closed((*_problems(lines), UNSEALED), lines, digest, stated)
    return _open(lines, digest)


def expanded(text: str) -> Path:
    """Return a path of the policy with its {user} and ~ filled in."""
    name = re.sub(r"[^\w.@-]", "_", account()) or "unknown"
    return Path(text.replace("{user}", name)).expanduser()


def account() -> str:
    """Return whose process this is, as the system says it (variables such as LOGNAME can be set by anybody)."""
    try:
        if sys.platform == "win32":
            return os.getlogin()
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (OSError, KeyError, ImportError):
        return ""


def _open(lines: tuple[Line, ...], digest: str) -> Policy:
    """Return a sealed policy: what can be used as it is, the rest on its safe side."""
    values, held = dict[str, Any](), list[str]()
    for line in lines:
        if line.state == OK:
            values[line.key] = float(line.value) if _is_float(line.key) else line.value
            continue
        guess = line.key if line.state == WRONG else _guess(line.key)
        if guess is not None and guess not in values:
            _hold(guess, values, held)
    return Policy(values, lines, _problems(lines), tuple(dict.fromkeys(held)), digest, digest)


def _closed(problems: tuple[str, ...], lines: tuple[Line, ...], digest: str, stated: str) -> Policy:
    """Return what holds under a policy that cannot be used: every guarded key, and every setting that it names."""
    values, held = dict[str, Any](), list[str]()
    for key in (*GUARDED, *(line.key for line in lines if line.key in SETTINGS and line.key not in GUARDED)):
        _hold(key, values, held)
    return Policy(values, lines, problems, tuple(dict.fromkeys(held)), digest, stated)


def _hold(key: str, values: dict[str, Any], held: list[str]) -> None:
    known = KEYS[key]
    if known.safe is not None:
        values[key] = known.safe
    if known.held or key in SETTINGS:
        held.append(known.held or LOCKED)


def _problems(lines: tuple[Line, ...]) -> tuple[str, ...]:
    words = {UNKNOWN: NOT_KNOWN, WRONG: NOT_FIT}
    return tuple(words[each.state].format(line=each.line, key=each.key) for each in lines if each.state != OK)


def _is_float(key: str) -> bool:
    return key in SETTINGS and isinstance(SETTINGS[key].default, float)


def _guess(key: str) -> str | None:
    """Return the key that was probably meant."""
    import difflib  # nothing of it is needed before the first paint where all is well

    return next(iter(difflib.get_close_matches(key, KEYS, 1, 0.8)), None)


def _meant(key: str) -> str:
    guess = _guess(key)
    return f"there is no such key; {guess} may be meant" if guess else "there is no such key in this version"


def _exists(path: Path) -> bool:
    """Say whether something has this name; a folder that may not be looked into counts: it is no open door."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def plain(key: str) -> str:
    """Return what a file says as it may stand in a sentence or on a terminal."""
    return "".join(c if c.isprintable() else " " for c in key)[:200]


def _stated(path: Path) -> str:
    words = (_bytes(path) or b"").split()
    return words[0].decode("ascii", "replace").lower() if words else ""


def _bytes(path: Path) -> bytes | None:
    """Return what is in a plain file of at most a megabyte; None otherwise."""
    try:
        if not path.is_file():
            return None  # a pipe would be waited for
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= MAX_BYTES else None
