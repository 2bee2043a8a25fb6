"""The Debian package in a fresh Debian: installs with what it needs, shows its window, works, and leaves the data."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.debian_root import Root

ROOT = Path(__file__).resolve().parents[2]
READER = "reader"
#: What Debian's own package management keeps after any package was there: logs, lists, its cache of linked libraries.
KEPT_BY_DEBIAN = (
    "/etc/ld.so.cache",
    "/etc/passwd-",
    "/etc/shadow-",
    "/etc/group-",
    "/etc/gshadow-",
    "/etc/subuid-",
    "/etc/subgid-",
    "/mnt",
    "/tmp/.X11-unix",
    "/var/cache/",
    "/var/lib/apt/",
    "/var/lib/dpkg/",
    "/var/lib/systemd/",
    "/var/log/",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(deb: Path, real_files: Path | None) -> Iterator[Root]:
    """A Debian with a user, before anything of ours."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("needs root and debootstrap (apt-get install debootstrap)")
    made = Root(real_files)
    try:
        made.run("apt-get", "update", "-q")
        made.run("useradd", "--create-home", READER)
        shutil.copy(deb, made.given / "medviewer.deb")
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def before(root: Root) -> set[str]:
    return root.listing()


@pytest.fixture(scope="module")
def installed(root: Root, before: set[str]) -> Root:
    """The root with the package and what it depends on, and nothing that it only recommends."""
    root.install(["/mnt/given/medviewer.deb"])
    return root


def test_it_installs_with_what_it_depends_on_and_starts_for_any_user(installed):
    assert installed.run("medviewer", "--version", user=READER).startswith("medviewer ")
    there = installed.listing()
    for path in ("/usr/share/applications/medviewer.desktop", "/opt/medviewer/medviewer", "/usr/bin/medviewer"):
        assert path in there
    assert any(path.startswith("/usr/share/icons/hicolor/") and "medviewer" in path for path in there)
    assert any(path.startswith("/usr/share/mime/packages/") and "medviewer" in path for path in there)


def test_every_library_of_the_program_finds_what_it_is_linked_to(installed):
    script = "find /opt/medviewer -name '*.so*' -type f -exec ldd {} + 2>/dev/null | grep 'not found' | sort -u"
    said = installed.run("sh", "-c", f"export LD_LIBRARY_PATH=/opt/medviewer/_internal; {script} || true")
    ours = {line.split("=>")[0].strip() for line in said.splitlines()}
    bundled = {Path(path).name for path in installed.listing() if path.startswith("/opt/medviewer/")}
    assert ours <= bundled


def test_its_window_comes_up_with_no_more_than_its_dependencies(installed, tools, tmp_path):
    """The X server runs outside, so that none of its libraries is in the root."""
    if not shutil.which("Xvfb"):
        pytest.skip("needs Xvfb")
    with tools.Screen() as screen:
        words = installed.command("medviewer", "--demo", user=READER)
        environment = {**installed.environment, "DISPLAY": screen.display, "HOME": f"/home/{READER}"}
        started = time.monotonic()
        program = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE)
        try:
            tools.wait_until(lambda: tools.lit(screen.rows()) > 0.5 or program.poll() is not None, 60, "a window")
            first = time.monotonic() - started
            assert program.poll() is None, program.communicate()[1].decode("utf-8", "replace")[-2000:]
            tools.wait_until(lambda: tools.vivid(screen.rows()) >= 140, 240, "the map of the demonstration", 0.5)
        finally:
            program.kill()  # unshare takes no other wish, and takes everything in its space along
            program.communicate(timeout=60)
    print(f"window after {first:.2f} s, map after {time.monotonic() - started:.1f} s")


def test_it_passes_its_smoke_test_there(installed, expected, real_files):
    """Python and Xvfb come into the root for this: the smoke test itself needs them."""
    installed.install(["python3", "xvfb"])
    installed.run("apt-mark", "auto", "python3", "xvfb")
    shutil.copytree(ROOT / "packaging", installed.given / "packaging", dirs_exist_ok=True)
    shutil.copy(expected, installed.given / "expected.json")
    words = ["python3", "/mnt/given/packaging/smoke.py", "/opt/medviewer", "--expected", "/mnt/given/expected.json"]
    words += ["--data", "/mnt/data"] if real_files else []
    said = installed.run(*words, "--shots", "/mnt/given/shots", seconds=1150)
    print(said)
    assert said.rstrip().endswith(" 0 failed")


def test_removed_it_leaves_the_users_data_the_sites_configuration_and_nothing_else(installed, before):
    installed.run("sh", "-c", "medviewer library check", user=READER, HOME=f"/home/{READER}")
    installed.run("mkdir", "-p", "/etc/xdg/medviewer")
    installed.run("sh", "-c", "echo '{}' > /etc/xdg/medviewer/policy.json")
    home = f"/home/{READER}/.local/share/medviewer"
    data = {path for path in installed.listing() if path.startswith(home)}
    assert data
    installed.run("apt-get", "purge", "-y", "-q", "medviewer")
    installed.run("apt-get", "autoremove", "-y", "-q", "--purge")
    after = installed.listing()
    assert data <= after
    assert "/etc/xdg/medviewer/policy.json" in after
    left = {path for path in after - before if not path.startswith((f"/home/{READER}/", *KEPT_BY_DEBIAN))}
    assert left <= {"/etc/xdg", "/etc/xdg/medviewer", "/etc/xdg/medviewer/policy.json"}, sorted(left)
    assert not before - after
    ours = {path for path in after - before if "medviewer" in path}
    assert all(path.startswith((f"/home/{READER}/", "/etc/xdg/medviewer")) for path in ours), sorted(ours)


def test_the_package_says_what_it_is(deb):
    field = ["dpkg-deb", "--field", str(deb)]
    said = subprocess.run(field, capture_output=True, text=True, check=True).stdout
    assert "Package: medviewer\n" in said
    assert "Depends: " in said
    assert "Architecture: amd64\n" in said
    assert sys.platform == "linux"
