"""Looks at the command line and hands over to window, command or child process before any heavy import."""

import os
import sys

COMMANDS = frozenset(
    {"info", "render", "analyze", "evaluate", "train", "models", "compare", "demo", "doctor", "triage"}
    | {"library", "audit", "datasets", "runs", "site"}
)

#: Seconds that a training has for its last checkpoint when the program that started it is gone.
_GRACE_S = 2.5
_PR_SET_PDEATHSIG = 1


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
        _keep_caches()
        if "--attached" in arguments:
            _end_with_parent(watch=arguments[0] != "preview")  # whose stdin carries its wishes; it ends with them
        from medviewer.engine.train.main import main as training

        return training(arguments)
    print(f"medviewer has no process {process!r}", file=sys.stderr)
    return 2


def _keep_caches() -> None:
    """Let torch keep its caches among the user's own; it would leave a folder in the system's temporary one."""
    from medviewer.app.home import find_home

    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(find_home().cache / "torch"))


def _end_with_parent(watch: bool) -> None:
    """End this process, from its first moment on, soon after its parent is gone: importing torch takes seconds.

    `watch` its stdin, which closes then; what it runs may watch it too and end in better order within these seconds.
    """
    import threading
    import time

    if sys.platform == "linux":  # at once, whatever the interpreter is busy with
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 15)

    def look() -> None:
        try:
            while os.read(0, 1 << 16):
                pass
        except OSError:
            pass
        time.sleep(_GRACE_S)
        os._exit(130)

    if watch:
        threading.Thread(target=look, name="parent", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
