"""Settings: one declaration each (type, default, limits, title, help, page); dialog, file, policy and docs read it.

The file is plain JSON in the config folder, written atomically. A value that is missing, damaged or out of range falls
back alone to its default. A site may fix values in `policy.json` (same keys), whose SHA-256 stands beside it in
`policy.json.sha256`: a policy that does not have that hash is not applied, and `problems` says so.
"""

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

from medviewer.app.settings_table import PAGES, SETTINGS, Setting
from medviewer.core.errors import UserError
from medviewer.core.events import Event

__all__ = ["PAGES", "SETTINGS", "Setting", "Settings", "write_atomically"]

log = logging.getLogger(__name__)

FILE, POLICY = "settings.json", "policy.json"
MAX_BYTES = 1 << 20


class Settings:
    """The values in force. `changed` carries the key."""

    def __init__(self, folder: Path | None = None, site: Path | None = None, *, write: bool = True) -> None:
        """Read `folder`/settings.json and `site`/policy.json; None: defaults, kept in memory only."""
        self._path = folder / FILE if folder else None
        self._write = write
        self.changed: Event[str] = Event()
        self.problems: list[str] = []  # sentences about files that could not be used
        self._fixed = self._read_policy(site / POLICY) if site else {}
        self._values = self._read_file()

    def get(self, key: str) -> Any:
        """Return the value in force: the site's, the user's, or the default."""
        if key in self._fixed:
            return self._fixed[key]
        value = self._values.get(key, SETTINGS[key].default)
        return value.copy() if isinstance(value, dict | list) else value

    def fixed(self, key: str) -> bool:
        """Say whether the site's policy fixes this setting."""
        return key in self._fixed

    def blocked(self, key: str) -> str | None:
        """Return the reason why `key` cannot be changed here, or None."""
        if key in self._fixed:
            return "The site's policy fixes this setting."
        if SETTINGS[key].level == "site":
            return "Only the site's policy can change this setting."
        return None

    def set(self, key: str, value: Any) -> None:
        """Change a setting, keep it in the file, announce it.

        Raises:
            UserError: `setting`: fixed by the site, of the wrong type or out of range.
            KeyError: there is no such setting.
        """
        setting = SETTINGS[key]
        if reason := self.blocked(key):
            raise UserError("setting", reason)
        if isinstance(setting.default, float) and type(value) is int:
            value = float(value)
        if not setting.fits(value):
            raise UserError("setting", f"{setting.title}: this value cannot be used.", f"{key} = {value!r}")
        if self.get(key) == value:
            return
        self._values[key] = value
        self._keep()
        self.changed.emit(key)

    def reset_page(self, page: str) -> None:
        """Give every setting of `page` its default."""
        keys = [key for key, s in SETTINGS.items() if s.page == page and key in self._values]
        for key in keys:
            del self._values[key]
        self._keep()
        for key in keys:
            self.changed.emit(key)

    def _read_file(self) -> dict[str, Any]:
        if self._path is None or not self._path.exists():
            return {}
        return self._checked(_read_object(self._path), FILE)

    def _read_policy(self, path: Path) -> dict[str, Any]:
        """Return the values that the site fixes; none if the file is not what its hash says."""
        if not path.exists():
            return {}
        data = _read_bytes(path)
        sums = _read_bytes(path.with_name(path.name + ".sha256")) or b""
        stated = sums.split()[0].decode("ascii", "replace").lower() if sums.split() else ""
        if data is None or hashlib.sha256(data).hexdigest() != stated:
            self.problems.append("The site's policy was not applied: policy.json does not have the hash beside it.")
            return {}
        return self._checked(_object(data), POLICY)

    def _checked(self, stored: dict[str, Any] | None, name: str) -> dict[str, Any]:
        if stored is None:
            self.problems.append(f"{name} could not be read; the defaults are used.")
            return {}
        good: dict[str, Any] = {}
        for key, value in stored.items():
            setting = SETTINGS.get(key)
            if setting is None:
                continue  # of a newer or older version
            if setting.fits(value):
                good[key] = float(value) if isinstance(setting.default, float) else value
            else:
                self.problems.append(f"{name}: {setting.title} could not be used; the default is.")
        return good

    def _keep(self) -> None:
        if self._path is None or not self._write:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(self._values, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        except OSError as error:
            raise UserError("setting", "The settings could not be kept; they hold until the program ends.") from error


def write_atomically(path: Path, text: str) -> None:
    """Replace the file `path` by `text`, for this user alone; a reader sees the old or the new one, never a half."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
    with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read_bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= MAX_BYTES else None


def _object(data: bytes | None) -> dict[str, Any] | None:
    try:
        value = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_object(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in `path`, None if there is none that can be read."""
    return _object(_read_bytes(path))
