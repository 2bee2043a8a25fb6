"""What happens when something of ours breaks: the log gets the facts, the reader one sentence, the program goes on."""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QTimer, qVersion

from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from medviewer.ui.dialogs import Message
    from medviewer.ui.main_window import MainWindow

log = logging.getLogger(__name__)

_open: "list[Message]" = []


def catch(window: "MainWindow") -> Callable[[], None]:
    """Send uncaught exceptions of this process to the log and one dialog; the function returned ends that."""
    before, before_thread = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from medviewer.app.logs import places

        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        # the text of an exception may carry patient data: the log has places and types only
        where = places(trace)
        log.error("defect: %s at %s", kind.__name__, " < ".join(where))
        sentence = error.sentence if isinstance(error, UserError) else ""
        window.bridge.soon(lambda: tell(window, sentence, (kind.__name__, *where)))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook, threading.excepthook = hook, thread_hook

    def restore() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    return restore


def tell(window: "MainWindow", sentence: str, happened: tuple[str, ...]) -> None:
    """Show the dialog, once: further defects while it is open stand in the log only."""
    if _open:
        return
    from medviewer.ui.controls import Button
    from medviewer.ui.dialogs import Message

    title = translate("Crash", "Something went wrong inside medviewer")
    text = say(sentence) or translate(
        "Crash",
        "The images are not affected. You can go on. If it happens again, close medviewer and start it again.",
    )
    save = Button(translate("Crash", "Save a report"))
    dialog = Message(window, title, text, "\n".join(happened), save)
    save.clicked.connect(dialog.accept)
    save.clicked.connect(lambda: QTimer.singleShot(0, window, lambda: save_report(window, happened)))
    dialog.finished.connect(lambda _result: _open.remove(dialog))
    _open.append(dialog)
    dialog.open()


def save_report(window: "MainWindow", happened: tuple[str, ...] = ()) -> None:
    """Let the reader choose where the report goes, write it, and say that it is there; a failure is a failed job."""
    from PySide6.QtWidgets import QFileDialog

    from medviewer.app.crash_report import proposed_name

    chooser = QFileDialog(window, translate("Crash", "Save a report: it holds no patient data"), QDir.homePath())
    chooser.setOption(QFileDialog.Option.DontUseNativeDialog)  # the system's own would be a white sheet
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setFileMode(QFileDialog.FileMode.AnyFile)
    chooser.setDefaultSuffix("txt")
    chooser.selectFile(proposed_name())
    chooser.setLabelText(QFileDialog.DialogLabel.Accept, translate("Crash", "Save"))
    chooser.setLabelText(QFileDialog.DialogLabel.Reject, translate("Crash", "Cancel"))
    chooser.filesSelected.connect(lambda files: _write(window, Path(files[0]), happened))
    if window.asking is not None:
        window.asking.show(chooser)
    else:
        chooser.open()


def _write(window: "MainWindow", path: Path, happened: tuple[str, ...]) -> None:
    """Write the report on a thread: the folder may be a network's."""
    from medviewer.app import crash_report

    session = window.here
    started = [word for word in ("read_only", "safe_mode") if getattr(session, word)]

    def work(_job: Job) -> Path:
        text = crash_report.report(session.home, happened, (f"Qt {qVersion()}", *started))
        return crash_report.save_report(path, text)

    def over(job: Job) -> None:
        if job.state is State.DONE:
            window.status.say(
                translate("Crash", "The report is saved as {0}. It holds no patient data.").format(path.name)
            )

    job = Job("Saving a report", "report")
    job.changed.connect(window.bridge.deliver(over, by=lambda job: job.state))
    session.jobs.run(job, work)
