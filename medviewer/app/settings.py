"""Settings: one declaration each (type, default, limits, title, help, page); dialog, file, policy and docs read it.

The file is plain JSON in the config folder, written atomically. A value that is missing, damaged or out of range falls
back alone to its default. A site may fix values in its `policy.json` (same keys; see `site.py`).
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from medviewer.app import site as sites
from medviewer.app.settings_table import PAGES, SETTINGS, Setting
from medviewer.core.errors import UserError
from medviewer.core.events import Event

__all__ = ["PAGES", "SETTINGS", "Setting", "Settings", "write_atomically"]

log = logging.getLogger(__name__)

FILE = "settings.json"
FIXED = "The site's policy fixes this setting."
HELD = "The site's policy is broken; this setting is on the safe side."
MAX_BYTES = 1 << 20
#: Seconds that another program may take to write its own change.
PATIENCE_S = 0.5


class Settings:
    """The values in force. `changed` carries the key."""

    def __init__(self, folder: Path | None = None, site: Path | None = None, *, write: bool = True) -> None:
        """Read `folder`/settings.json and `site`/policy.json; None: defaults, kept in memory only."""
        self._path = folder / FILE if folder else None
        self._write = write
        self.changed: Event[str] = Event()
        self.problems: list[str] = []  # sentences about files that could not be used
        self.policy = sites.read(site) if site else sites.Policy()
        self.problems += [self.policy.sentence] if self.policy.problems else []
        self._fixed = {key: value for key, value in self.policy.values.items() if key in SETTINGS}
        self._values = self._read_file()

    def get(self, key: str) -> Any:
        """Return the value in force: the site's, the user's, or the default."""
        if key in self._fixed:
            value = self._fixed[key]
            return value.copy() if isinstance(value, dict | list) else value
        value = self._values.get(key, SETTINGS[key].default)
        return value.copy() if isinstance(value, dict | list) else value

    def fixed(self, key: str) -> bool:
        """Say whether the site's policy fixes this setting."""
        return key in self._fixed

    def blocked(self, key: str) -> str | None:
        """Return the reason why `key` cannot be changed here, or None."""
        if key in self._fixed:
            usable = key in {line.key for line in self.policy.lines if line.state == sites.OK}
            return FIXED if usable and not self.policy.closed else HELD
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
        self._keep(key)
        self.changed.emit(key)

    def reset_page(self, page: str) -> None:
        """Give every setting of `page` its default."""
        keys = [key for key, s in SETTINGS.items() if s.page == page and key in self._values]
        for key in keys:
            del self._values[key]
        self._keep(*keys)
        for key in keys:
            self.changed.emit(key)

    def _read_file(self) -> dict[str, Any]:
        if self._path is None or not self._path.exists():
            return {}
        return self._checked(_read_object(self._path))

    def _checked(self, stored: dict[str, Any] | None) -> dict[str, Any]:
        if stored is None:
            self.problems.append(f"{FILE} could not be read; the defaults are used.")
            return {}
        good: dict[str, Any] = {}
        for key, value in stored.items():
            setting = SETTINGS.get(key)
            if setting is None:
                continue  # of a newer or older version
            if setting.fits(value):
                good[key] = float(value) if isinstance(setting.default, float) else value
            else:
                self.problems.append(f"{FILE}: {setting.title} could not be used; the default is.")
        return good

    def _keep(self, *keys: str) -> None:
        """Put the values of `keys` into the file; what another program has changed in it meanwhile stays."""
        if self._path is None or not self._write:
            return
        try:
            with one_writer(self._path):
                stored = _read_object(self._path)
                if stored is None:
                    stored = dict(self._values)
                stored |= {key: self._values[key] for key in keys if key in self._values}
                stored = {key: value for key, value in stored.items() if key not in keys or key in self._values}
                write_atomically(self._path, json.dumps(stored, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        except OSError as error:
            raise UserError("setting", "The settings could not be kept; they hold until the program ends.") from error


@contextmanager
def one_writer(path: Path) -> Iterator[None]:
    """Keep other programs from changing `path` meanwhile; one that holds it for long is not waited for."""
    from medviewer.app.admin.lock import only_one

    with ExitStack() as held:
        with suppress(UserError):
            held.enter_context(only_one(path.with_name(f"{path.name}.lock"), PATIENCE_S))
        yield


def write_atomically(path: Path, text: str) -> None:
    """Replace the file `path` by `text`, for this user alone; a reader sees the old or the new one, never a half."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
    try:
        with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:  # a full disk must not keep our halves
        with suppress(OSError):
            part.unlink()
        raise


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
