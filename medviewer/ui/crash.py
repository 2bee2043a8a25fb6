"""What happens when something of ours breaks: the log gets the facts, the reader one sentence, the program goes on."""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from medviewer.core.errors import UserError
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from medviewer.ui.dialogs import Message

log = logging.getLogger(__name__)

_open: "list[Message]" = []


def catch(window: QWidget, log_path: Path | None) -> Callable[[], None]:
    """Send uncaught exceptions of this process to the log and one dialog; the function returned ends that."""
    before, before_thread = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        # the text of an exception may carry patient data: the log has places and types only
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        log.error("defect: %s at %s", kind.__name__, " < ".join(reversed(places)))
        details = f"{kind.__name__}\n" + "\n".join(reversed(places)) + (f"\n{log_path}" if log_path else "")
        sentence = error.sentence if isinstance(error, UserError) else ""
        QTimer.singleShot(0, window, lambda: tell(window, sentence, details))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook, threading.excepthook = hook, thread_hook

    def restore() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    return restore


def tell(window: QWidget, sentence: str, details: str) -> None:
    """Show the dialog, once: further defects while it is open stand in the log only."""
    if _open:
        return
    from medviewer.ui.dialogs import Message

    title = translate("Crash", "Something went wrong inside medviewer")
    text = say(sentence) or translate(
        "Crash",
        "The images are not affected. You can go on. If it happens again, close medviewer and start it again.",
    )
    dialog = Message(window, title, text, details)
    dialog.finished.connect(lambda _result: _open.remove(dialog))
    _open.append(dialog)
    dialog.open()
