"""The end of the window that comes from outside, in order; and the start that follows one."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier

from medviewer.core.child import program


def close_when_asked(window: QObject, close: Callable[[], object]) -> None:
    """Call `close` on Qt's thread when the system asks this process to end: a log-out is no crash (POSIX)."""
    if os.name != "posix":  # Windows tells windows, not processes
        return
    heard, told = os.pipe()
    for end in (heard, told):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(heard, QSocketNotifier.Type.Read, window)

    def read() -> None:
        asked = os.read(heard, 64)
        if {signal.SIGTERM, signal.SIGHUP} & set(asked):
            close()

    notifier.activated.connect(read)


def start_anew(home: Path | None, *, safe_mode: bool) -> None:
    """Start another medviewer, which outlives this one."""
    words = [*(["--home", str(home)] if home is not None else []), *(["--safe-mode"] if safe_mode else [])]
    subprocess.Popen(program(*words), start_new_session=True)
