"""Where medviewer keeps its own files: settings, data, spool, logs. One option moves all of it."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import PlatformDirs

from medviewer.app import site
from medviewer.app.site import Policy

_DIRS = PlatformDirs("medviewer", appauthor=False)
_SPOOL = "spool-"
#: Where this computer's policy lies. On Linux no variable leads elsewhere (XDG_CONFIG_DIRS is set by desktops).
SYSTEM = Path("/etc/xdg/medviewer") if sys.platform == "linux" else _DIRS.site_config_path


@dataclass(frozen=True)
class Home:
    """The folders of one user; nothing is written outside them. They are made when something is first kept.

    Attributes:
        config: settings.json.
        data: recent list, demonstration study, the user's own model folders (`data/models`).
        cache: parent of the private spool folders.
        logs: rotating log files, without patient data.
        site: policy.json of the site, which may fix settings.
        root: the one folder that holds all of them (--home, MEDVIEWER_HOME); None for the platform's folders.
        policy: what the site fixes.
    """

    config: Path
    data: Path
    cache: Path
    logs: Path
    site: Path
    root: Path | None = None
    policy: Policy = field(default=Policy(), compare=False, repr=False)

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def datasets(self) -> Path:
        return self.data / "datasets"

    @property
    def runs(self) -> Path:
        return self.data / "runs"

    def private(self, folder: Path) -> Path:
        """Make `folder` for this user alone and return it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def make_spool(self) -> Path:
        """Make this process's private spool (0700) for unpacked archives; stale ones of dead processes go."""
        from medviewer.core.parcels import alive  # numpy with it, which the first paint does without

        prefix = f"{_SPOOL}{os.getpid()}-"
        try:
            self.private(self.cache)
            spool = tempfile.mkdtemp(prefix=prefix, dir=self.cache)
        except OSError:  # a home that cannot be written: the system's own place for such things
            return Path(tempfile.mkdtemp(prefix=f"medviewer-{prefix}"))
        for stale in self.cache.glob(_SPOOL + "*"):
            pid = stale.name.removeprefix(_SPOOL).split("-")[0]
            if pid.isdigit() and not alive(int(pid)):
                shutil.rmtree(stale, ignore_errors=True)
        return Path(spool)


def find_home(given: Path | None = None) -> Home:
    """Return the home: `given` (--home), else MEDVIEWER_HOME, else the platform's user folders.

    The policy of this computer holds in each of them; where there is none, the one in the home's own site folder.
    """
    root = given or (Path(os.environ["MEDVIEWER_HOME"]) if os.environ.get("MEDVIEWER_HOME") else None)
    if root is not None:
        root = root.expanduser().absolute()
        own = root / "site"
        home = Home(root / "config", root / "data", root / "cache", root / "logs", own, root)
    else:
        own = SYSTEM
        home = Home(_DIRS.user_config_path, _DIRS.user_data_path, _DIRS.user_cache_path, _DIRS.user_log_path, own)
    folder = SYSTEM if site.there(SYSTEM) else own
    policy = site.read(folder)
    return replace(
        home,
        site=folder,
        policy=policy,
        data=policy.folder("paths.data", home.data),
        cache=policy.folder("paths.cache", home.cache),
        logs=policy.folder("paths.logs", home.logs),
    )


def shipped_models() -> Path:
    """Return the folder of the models that come with the program."""
    return _beside_package("models")


def resources(name: str) -> Path:
    """Return a folder of resources/ (fonts, icons, translations)."""
    return _beside_package("resources") / name


def _beside_package(name: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parents[2]) / name
