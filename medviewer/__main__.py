"""Looks at the command line and hands over to window, command or child process before any heavy import."""

import os
import sys

COMMANDS = frozenset(
    {"info", "render", "analyze", "evaluate", "train", "models", "demo", "doctor", "triage", "library", "audit"}
)


def main(argv: list[str] | None = None) -> int:
    """Run what `argv` (default: the process's own arguments) asks for and return the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["--process"]:
        return _child(argv[1], argv[2:])
    if argv[:1] == ["--picture"]:  # started by `render --overlay`
        from medviewer.ui.picture import main as picture

        return picture(argv[1:])
    if any(word in COMMANDS for word in argv[:3]) or argv[:1] in (["--help"], ["--version"], ["-h"]):
        from medviewer.cli.main import main as command_line

        return command_line(argv)
    from medviewer.ui.app import main as window

    return window(argv)


def _child(process: str, arguments: list[str]) -> int:
    if process == "reader":
        from medviewer.dicom.worker import main as reader

        return reader(arguments[0])
    if process == "engine":
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's small products would wait for threads of their own
        from medviewer.engine.serve import main as engine

        return engine(arguments[0])
    if process == "training":
        from medviewer.engine.train.main import main as training

        return training(arguments)
    print(f"medviewer has no process {process!r}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
