"""What a site may say in policy.json: every setting, and the keys below; what counts as a value; what is the safe side.

A key that cannot be used (wrong value, broken file) is not left open: it takes its safe value. Checks, `medviewer site
check`, doctor and docs/settings.md are made from this table.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from medviewer.app.settings_table import SETTINGS, Setting

#: A login that nobody has: `admin.trainers` with it alone lets nobody train and promote.
NOBODY = "(nobody)"
#: An address that no library has: the library stays closed.
CLOSED = "policy://closed"
MOST_MODELS, MOST_FOLDERS, MOST_TEXT = 500, 20, 1000


@dataclass(frozen=True)
class SiteKey:
    """One key of policy.json.

    Attributes:
        help: what it does.
        wants: what a value is, in words.
        fault: returns what is wrong with a value, "" if nothing is.
        safe: what holds while the policy cannot be used.
        held: the same as a sentence; "": the key alone is locked.
    """

    key: str
    help: str
    wants: str
    fault: Callable[[Any], str]
    safe: Any = None
    held: str = ""


def _folder(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_TEXT or not value.isprintable():
        return "it is no path"
    if ".." in re.split(r"[/\\]", value) or set("{}") & set(value.replace("{user}", "")):
        return "a path has no .. and no braces but {user}"
    absolute = value.startswith(("/", "\\\\")) or re.match(r"[A-Za-z]:[/\\]", value) or re.match(r"~(?:[/\\]|$)", value)
    return "" if absolute else "the path does not begin with /, ~/, a drive or \\\\"


def _folders(value: Any) -> str:
    if not isinstance(value, list) or len(value) > MOST_FOLDERS:
        return f"it is no list of at most {MOST_FOLDERS} paths"
    return next((fault for each in value if (fault := _folder(each))), "")


def _allowed(value: Any) -> str:
    if not isinstance(value, list) or len(value) > MOST_MODELS:
        return f"it is no list of at most {MOST_MODELS} models"
    for number, each in enumerate(value, 1):
        if not isinstance(each, dict) or set(each) != {"name", "version", "sha256"}:
            return f"entry {number} does not have name, version and sha256 alone"
        if not all(isinstance(each[f], str) and 0 < len(each[f]) <= 200 for f in each):
            return f"entry {number} has a name, version or sha256 that is no text"
        if not re.fullmatch(r"[0-9a-f]{64}", each["sha256"]):
            return f"the sha256 of entry {number} is not 64 digits 0-9, a-f"
    return ""


def holds_password(address: str) -> bool:
    """Say whether a database's address holds a password."""
    from urllib.parse import parse_qs, urlsplit  # costs the first paint milliseconds

    try:
        parts = urlsplit(address)
        return bool(parts.password) or "password" in parse_qs(parts.query, keep_blank_values=True)
    except ValueError:
        return False


def _library(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT or not value.isprintable():
        return "it is no address"
    if holds_password(value):
        return "the address holds a password; put it into the pgpass file of each user, never here"
    if not value or re.match(r"postgresql(\+psycopg)?://[^/]*/", value):
        return ""
    fault = _folder(value)
    return "it is neither postgresql://user@host/name nor a folder" if fault else ""


def _of(setting: Setting) -> SiteKey:
    def fault(value: Any) -> str:
        return "" if setting.fits(value) else f"it is not {wants(setting)}"

    return SiteKey(setting.key, setting.help, wants(setting), fault, setting.default)


def wants(setting: Setting) -> str:
    """Return what a setting's value is, in words."""
    if setting.choices:
        return "one of " + ", ".join(f'"{value}"' for value, _ in setting.choices)
    if isinstance(setting.default, bool):
        return "true or false"
    if setting.low is not None and setting.high is not None:
        kind = "a whole number" if isinstance(setting.default, int) else "a number"
        return f"{kind} from {setting.low:g} to {setting.high:g}"
    if isinstance(setting.default, dict):
        return "command ids with their keys"
    return "a list of texts" if isinstance(setting.default, list) else "a text"


def _safer(key: str, safe: Any, held: str, fault: Callable[[Any], str] | None = None, wants: str = "") -> SiteKey:
    plain = _of(SETTINGS[key])
    return SiteKey(key, plain.help, wants or plain.wants, fault or plain.fault, safe, held)


_FOLDER_WORDS = "a path that begins with `/`, `~/`, a drive or `\\\\`; `{user}` is the login"
_OWN: Sequence[SiteKey] = (
    SiteKey(
        "models.allowed",
        "The only models that are offered, imported, promoted and used. Without this key all are; an empty list: none.",
        "a list of name, version and sha256, as `medviewer models list --json` prints them",
        _allowed,
        [],
        "No model is used.",
    ),
    SiteKey("paths.models", "Folders with further models, read and never written.", "a list of paths", _folders, []),
    SiteKey(
        "paths.data",
        "Where library, data sets, runs and models of a user lie. Its safe side is the user's own folder.",
        _FOLDER_WORDS,
        _folder,
    ),
    SiteKey("paths.cache", "Where archives are unpacked; best a local disk.", _FOLDER_WORDS, _folder),
    SiteKey("paths.logs", "Where the log lies; it holds no patient data.", _FOLDER_WORDS, _folder),
    _safer("admin.trainers", [NOBODY], "Nobody may train and promote models."),
    _safer(
        "library.url",
        CLOSED,
        "The library stays closed.",
        _library,
        "postgresql://user@host/name without a password, or a folder",
    ),
    _safer("privacy.hide_names", True, "Names are hidden at start."),
    _safer("privacy.keep_recent", False, "What was opened is not remembered."),
    _safer("privacy.keep_open", False, "What is open is not noted for after a crash."),
)

#: Every key that policy.json may have.
KEYS: dict[str, SiteKey] = {key: _of(setting) for key, setting in SETTINGS.items()} | {each.key: each for each in _OWN}
#: Keys that are of the site alone, and those with a safe side of their own.
OWN = tuple(each.key for each in _OWN if each.key not in SETTINGS)
GUARDED = tuple(each.key for each in _OWN if each.held)
