"""A fresh Debian in a folder: debootstrap once, an overlay for each test, mounts that end with every command."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

#: Made once for all runs of this machine.
BASE, ARCHIVES = Path("/tmp/medviewer-debian-root"), Path("/tmp/medviewer-debian-archives")
COMPLETE = BASE.with_suffix(".complete")
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
_ENTER = """
set -e
root=$1; shift
mount -t overlay overlay -o lowerdir=$BASE,upperdir=$root/upper,workdir=$root/work $root/merged
cd $root/merged
mount -t proc proc proc
mount --bind /dev dev
mount -t tmpfs tmpfs dev/shm
mkdir -p tmp/.X11-unix mnt/data mnt/given
mount --bind /tmp/.X11-unix tmp/.X11-unix
mount --bind $ARCHIVES var/cache/apt/archives
[ -z "$DATA" ] || mount --bind $DATA mnt/data
mount --bind $root/given mnt/given
exec chroot . "$@"
"""


def base() -> Path:
    """Return the folder of a minimal Debian, which is made when it is not there (a minute and a half)."""
    if not COMPLETE.is_file():
        shutil.rmtree(BASE, ignore_errors=True)
        command = ["debootstrap", "--variant=minbase", SUITE, str(BASE), MIRROR]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900)
        COMPLETE.touch()
    ARCHIVES.mkdir(exist_ok=True)
    return BASE


class Root:
    """One Debian of its own: what is done in it is kept until `close`. `given` is its /mnt/given."""

    def __init__(self, data: Path | None = None) -> None:
        """Args: data: what it sees as /mnt/data."""
        self._data = data
        self._base = base()
        self._folder = Path(tempfile.mkdtemp(prefix="medviewer-debian-"))
        for name in ("upper", "work", "merged", "given"):
            (self._folder / name).mkdir()
        self._folder.chmod(0o755)
        self.given = self._folder / "given"
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            "BASE": str(self._base),
            "ARCHIVES": str(ARCHIVES),
            "DATA": str(data or ""),
        }
        for name in ("resolv.conf", "hosts"):
            if Path("/etc", name).is_file():
                target = self._folder / "upper" / "etc" / name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(Path("/etc", name), target)

    def command(self, *words: str, user: str = "root") -> list[str]:
        """Return the command line that runs something in this root, in a mount and process space of its own."""
        inside = list(words) if user == "root" else ["runuser", "-u", user, "--", *words]
        spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        return [*spaces, "sh", "-c", _ENTER, "enter", str(self._folder), *inside]

    def run(self, *words: str, user: str = "root", seconds: float = 900, **environment: str) -> str:
        """Run something and return its stdout.

        Raises:
            AssertionError: it failed; its last words are in it.
        """
        done = subprocess.run(
            self.command(*words, user=user),
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{words[:3]}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def install(self, words: Sequence[str]) -> None:
        """Install packages with what they depend on, and nothing that they only recommend."""
        with (ARCHIVES.parent / f"{ARCHIVES.name}.lock").open("w") as one_at_a_time:  # apt does not wait for its own
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            self.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *words, seconds=1200)

    def listing(self) -> set[str]:
        """Return every path in this root."""
        left_out = ("/proc", "/dev", "/mnt/data", "/mnt/given", "/var/cache/apt")
        pruned = [word for path in left_out for word in ("-path", path, "-prune", "-o")]
        return set(self.run("find", "/", "-xdev", *pruned, "-print").splitlines())

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self._folder)
