#!/usr/bin/env python3
"""The smoke test of the frozen program: `python3 packaging/smoke.py PROGRAM [--data DIR] [--source PYTHON]`.

Standard library only, so that it runs in a bare Debian root too. PROGRAM is the frozen folder or its executable. As
root it runs the program as a user who owns nothing, so that the program's folder cannot be written and every trace can
be told. `--source` runs the source version beside it and wants equal pixels and scores; `--expected FILE` keeps what
the source version said, or, without `--source`, compares with what was kept. One line a check; exit 0 or 1.
"""

import argparse
import base64
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from smoke_checks import CHECKS, demonstration, doctor
from smoke_record import record
from smoke_tools import USER, Bench, Failed, Runner, Watch, listing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--data", type=Path, help="real files: one of each transfer syntax is taken")
    parser.add_argument("--source", type=Path, metavar="PYTHON", help="the interpreter that runs the source version")
    parser.add_argument("--expected", type=Path, metavar="FILE", help="what the source version said")
    parser.add_argument("--record", action="store_true", help="write FILE with --source, and check nothing")
    parser.add_argument("--shots", type=Path, metavar="DIR", help="keep the pictures of the window here")
    parser.add_argument("--only", nargs="+", metavar="CHECK", help="these, and those that they need before them")
    return parser.parse_args()


def main() -> int:
    """Run the checks and return the exit code."""
    given = _arguments()
    executable = (given.program / "medviewer" if given.program.is_dir() else given.program).resolve()
    work = Path(tempfile.mkdtemp(prefix="smoke-"))
    work.chmod(0o755)
    shots = given.shots or work / "shots"
    shots.mkdir(parents=True, exist_ok=True)
    root = os.geteuid() == 0
    frozen = Runner([executable], work / "frozen", drop=root)
    source = Runner([given.source, "-P", "-m", "medviewer"], work / "source", drop=False) if given.source else None
    bench = Bench(frozen, source, executable.parent, work, shots, given.data and given.data.resolve())
    try:
        if source is not None:
            say("recording what the source version says")
            bench.expected = record(bench, given.source)
            if given.expected:
                given.expected.write_text(json.dumps(bench.expected, indent=1) + "\n", "utf-8")
            if given.record:
                return 0
        elif given.expected:
            bench.expected = json.loads(given.expected.read_text("utf-8"))
        _unpack(bench)
        bench.found["listing"] = listing(bench.program)
        bench.found["watch"] = Watch(USER)
        bench.found["watch"].start()
        return run(bench, given.only)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack(bench: Bench) -> None:
    folder = bench.work / "frozen" / "samples"
    folder.mkdir()
    for name, data in bench.expected.get("samples", {}).items():
        (folder / Path(name).name).write_bytes(base64.b85decode(data))


def run(bench: Bench, only: list[str] | None) -> int:
    """Run the checks, print a line for each, and return the exit code."""
    failed, tried = [], 0
    for check in CHECKS:
        name, started = check.__name__, time.monotonic()
        if only and name not in only and check not in (doctor, demonstration):
            continue
        try:
            text, word = check(bench), "ok  "
        except Failed as error:
            text, word = str(error), "FAIL"
        except (KeyError, StopIteration) as error:
            text, word = f"not tried: {error} is missing from an earlier check", "FAIL"
        except (OSError, ValueError) as error:
            text, word = f"{type(error).__name__}: {error}", "FAIL"
        failed += [name] if word == "FAIL" else []
        say(f"{word}  {name:<14}{text}  [{time.monotonic() - started:.1f} s]")
        tried += 1
    say(f"{tried - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
