"""A line under the top bar that says how this start differs from others: after a crash, and in safe mode.

Nothing happens by itself: what was open is opened again, a report saved and safe mode begun or left with one click.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

from medviewer.app.restoring import Restoring
from medviewer.ui.arrange import fill, row, surface
from medviewer.ui.controls import Button
from medviewer.ui.crash import save_report
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label

if TYPE_CHECKING:
    from medviewer.ui.main_window import MainWindow

HEIGHT = 48
#: Runs in a row that must end unexpectedly before safe mode is offered.
CRASHES = 2


class StartBar(QWidget):
    """One sentence and what can be done; it takes no focus and never covers an image."""

    def __init__(self, icon: str, sentence: str, *buttons: Button) -> None:
        super().__init__()
        surface(self, "top")
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(sentence)
        self.words = Label(sentence, 13, "text1", elide=True)
        layout = row(self, (14, 0, 14, 0), 8)
        fill(layout, Icon(icon, 16, "warn"), 4)
        layout.addWidget(self.words, 1)
        fill(layout, *buttons)


def show(window: "MainWindow", restoring: Restoring | None, again: Callable[..., object]) -> None:
    """Put the bar into the window if there is something to say; `again(safe_mode=...)` closes and starts anew."""
    if window.here.safe_mode:
        _put(window, safe_mode_bar(lambda: again(safe_mode=False)))
    elif restoring is not None and (restoring.crashes or restoring.studies):
        _put(window, _ended_bar(window, restoring, lambda: again(safe_mode=True)))


def _put(window: "MainWindow", bar: StartBar) -> None:
    root = window.centralWidget()
    layout = root.layout() if root is not None else None
    assert isinstance(layout, QBoxLayout)
    layout.insertWidget(1, bar)


def safe_mode_bar(leave: Callable[[], object]) -> StartBar:
    """Return the bar that stands there as long as the program runs in safe mode."""
    sentence = translate(
        "Start",
        "Safe mode: default settings, models that came with the program, on the processor and only when asked, no "
        "watched folder.",
    )
    button = Button(translate("Start", "Leave safe mode"))
    button.setToolTip(translate("Start", "Closes medviewer and starts it as usual."))
    button.clicked.connect(leave)
    return StartBar("info", sentence, button)


def _ended_bar(window: "MainWindow", restoring: Restoring, safe: Callable[[], object]) -> StartBar:
    def gone() -> None:
        bar.hide()
        bar.deleteLater()
        window.focus_viewport()

    def open_again() -> None:
        gone()
        restoring.open_again()

    def dismiss() -> None:
        gone()
        restoring.forget()

    buttons = []
    if restoring.studies:
        buttons.append(Button(translate("Start", "Open again what was open")))
        buttons[-1].clicked.connect(open_again)
    if restoring.crashes >= CRASHES:
        buttons.append(Button(translate("Start", "Start in safe mode")))
        buttons[-1].clicked.connect(safe)
    if restoring.crashes:
        buttons.append(Button(translate("Crash", "Save a report")))
        buttons[-1].clicked.connect(lambda: save_report(window))
    buttons.append(Button(translate("Start", "Dismiss"), "link"))
    buttons[-1].clicked.connect(dismiss)
    bar = StartBar("warning", _sentence(restoring), *buttons)
    return bar


def _sentence(restoring: Restoring) -> str:
    if restoring.crashes >= CRASHES:
        text = translate("Start", "medviewer ended unexpectedly, {0} times in a row.").format(restoring.crashes)
    elif restoring.crashes:
        text = translate("Start", "medviewer ended unexpectedly last time.")
    else:
        text = translate("Start", "What was open before medviewer ended unexpectedly can be opened again.")
    if any(opened.drafts for opened in restoring.left):
        text += " " + translate("Start", "Notes that were begun are there again with their study.")
    return text
