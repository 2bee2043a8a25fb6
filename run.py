#!/usr/bin/env python3
"""The two commands: `python3 run.py` opens medviewer, `python3 run.py test` checks and tests it.

Standard library only. Makes `.venv` beside this file, installs what is missing, and hands over. A second start
compares one hash and starts; it needs no network.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
SUPPORTED = ((3, 11), (3, 13))

#: Debian packages that Qt's window, the tests' virtual screen and Chinese names need: package -> a file it brings.
#: Those of DEBIAN_TESTS are wanted by tests alone.
DEBIAN = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "xvfb": "Xvfb",
    "xdotool": "xdotool",
    "fonts-noto-cjk": "opentype/noto/NotoSansCJK-Regular.ttc",
}
DEBIAN_TESTS = {"postgresql": "postgresql/*/bin/initdb"}


def say(text: str) -> None:
    """One line on stderr, so that stdout stays clean for `--json`."""
    print(f"medviewer: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> None:
    """Say why nothing can be done, and end."""
    say(text)
    sys.exit(2)


def supported(version: tuple[int, int]) -> bool:
    return SUPPORTED[0] <= version <= SUPPORTED[1]


def find_python() -> str:
    """Return a Python of a supported version: this one, else one on the path."""
    if supported(sys.version_info[:2]):
        return sys.executable
    for minor in range(SUPPORTED[1][1], SUPPORTED[0][1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    stop(f"needs Python 3.11 to 3.13; this is {platform.python_version()}. Install one and run it with that.")
    return ""


def wanted_stamp(extras: str) -> str:
    """Return what the environment must have been made from: project file, constraints, Python, extras."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode()])).hexdigest() + f" {extras}"


def ready(stamp: Path, extras: str) -> bool:
    """Say whether the environment is made from what lies here now (the test extras include the others)."""
    if not (PYTHON.exists() and stamp.exists()):
        return False
    found = stamp.read_text("utf-8").strip()
    return found in (wanted_stamp(extras), wanted_stamp("test"))


def missing_debian(python: str, wanted: dict[str, str]) -> list[str]:
    """Return the Debian packages that are not there."""
    folders = [Path("/usr/lib"), Path("/lib"), Path("/usr/lib64"), *Path("/usr/lib").glob("*-linux-gnu")]
    missing = []
    for package, brings in wanted.items():
        places = [*folders, Path("/usr/share/fonts")]
        if not (shutil.which(brings) or any(True for folder in places for _ in folder.glob(brings))):
            missing.append(package)
    if subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        missing.append("python3-venv")
    return missing


def system_packages(python: str, extras: str) -> None:
    """On Debian: install what is missing as root, else print the one line to run."""
    wanted = {**DEBIAN, **DEBIAN_TESTS} if extras else DEBIAN
    if not shutil.which("apt-get") or not (missing := missing_debian(python, wanted)):
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() != 0:
        say(f"some system packages are missing; an administrator runs: sudo {line}")
        if "python3-venv" in missing:
            sys.exit(2)
        return
    say("installing system packages: " + " ".join(missing))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], line.split()):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"that did not work ({(done.stderr.strip().splitlines() or ['no reason given'])[-1]}); going on without")


def set_up(extras: str) -> None:
    """Make the environment, or bring it up to date; one line a step."""
    stamp = VENV / "made-from"
    if ready(stamp, extras):
        return
    python = find_python()
    system_packages(python, extras)
    if not PYTHON.exists():
        say("making .venv")
        subprocess.run([python, "-m", "venv", str(VENV)], check=True)
    say("installing what medviewer needs (the first time takes a few minutes)")
    target = f"{ROOT}[{extras}]" if extras else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), "-e", target], check=False)
    if done.returncode:
        stop("the installation failed (see above). Check the network connection and run it again.")
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "medviewer")], check=False)
    stamp.write_text(wanted_stamp(extras), "utf-8")


def has_screen() -> bool:
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    )


def hand_over(arguments: list[str]) -> int:
    """Become medviewer with `arguments`."""
    command = [str(PYTHON), "-P", "-m", "medviewer", *arguments]
    if WINDOWS:
        return subprocess.run(command, check=False).returncode
    os.execv(command[0], command)
    return 0


def open_viewer(arguments: list[str]) -> int:
    """`python3 run.py [WORDS]`: the demonstration, or whatever medviewer is asked for."""
    set_up("")
    if arguments:
        return hand_over(arguments)
    if has_screen():
        return hand_over(["demo"])
    say("there is no screen here, so the demonstration runs without a window")
    return hand_over(["demo", "--no-window", "--out", str(ROOT / "out" / "demo")])


def test(arguments: list[str]) -> int:
    """`python3 run.py test [WORDS for pytest]`: every check and test that CI runs."""
    set_up("test")
    tools = PYTHON.parent
    checks = (
        ("format", [str(tools / "ruff"), "format", "--check", "--quiet", "."]),
        ("lint", [str(tools / "ruff"), "check", "--quiet", "."]),
        ("types", [str(tools / "mypy")]),
        ("imports", [str(tools / "lint-imports")]),
    )
    failed = []
    for name, command in checks:
        say(f"checking {name}")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
    if failed:
        say("not clean: " + ", ".join(failed))
    say("running the tests")
    # two at a time, a file as a whole: half the time, and fixtures of a file are made once; "-n0" among the words: one
    # no worker is replaced: after a crash xdist 3.8 waits for ever at the end of the run (pytest-xdist issue 1378)
    command = [str(PYTHON), "-m", "pytest", "-n", "2", "--dist", "loadfile", "--max-worker-restart", "0", *arguments]
    return run_tests(command) or bool(failed)


#: How a report of Python's about a crash of its process begins.
CRASH = "Fatal Python error"


def run_tests(command: list[str]) -> int:
    """Run pytest; print what a test that hangs writes (tests/conftest.py) while it hangs, of a crash at the end."""
    with tempfile.TemporaryDirectory() as made:
        tests = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "MEDVIEWER_TEST_STACKS": made})
        printed: dict[Path, int] = {}
        try:
            while tests.poll() is None:
                time.sleep(0.2)
                for path in Path(made).iterdir():
                    text = path.read_text("utf-8", "replace") if path.exists() else ""
                    if "Thread 0x" in text and CRASH not in text and len(text) > printed.get(path, 0):
                        say("a test hangs; all threads, innermost call first:\n" + text[printed.get(path, 0) :])
                        printed[path] = len(text)
        finally:
            if tests.poll() is None:
                tests.terminate()
        code = tests.wait()
        for path in Path(made).iterdir():
            if CRASH in (text := path.read_text("utf-8", "replace")):
                say_crash(text)
        return code


def say_crash(text: str) -> None:
    """Print the test and the threads of a process that crashed; the thread that did it first: logs are cut short."""
    threads = text.split("\n\n")
    threads.sort(key=lambda thread: (CRASH not in thread, "Current thread 0x" not in thread))
    say("a test process crashed; all threads, innermost call first:\n" + "\n\n".join(threads))


def main() -> int:
    """Dispatch on the first word."""
    words = sys.argv[1:]
    if words[:1] == ["test"]:
        return test(words[1:])
    return open_viewer(words)


if __name__ == "__main__":
    sys.exit(main())
