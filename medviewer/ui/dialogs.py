"""Dialogs: a sentence with details, the files that were left out, a range of slices, what medviewer is.

480 wide, buttons are verbs, the safe one has the focus and answers to Esc.
"""

import platform
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QPlainTextEdit,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from medviewer import __version__
from medviewer.core.study import Skipped
from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.controls import Button, padded
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

WIDTH = 480


class Dialog(QDialog):
    """A dark dialog of this program; `foot` puts the buttons under what was added to `content`.

    A large one makes itself in `parts`: `open_when_made` takes a turn of the event loop for each, and then opens it.
    """

    _left = False
    _making: Iterator[None] | None = None

    def __init__(self, parent: QWidget | None, title: str, width: int = WIDTH) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("medviewer")
        self.setAccessibleName(title)
        self.setMinimumWidth(width)
        surface(self, "bg1")
        self.content = column(self, (24, 20, 24, 20), 12)
        self.head = Label(title, 18, "text1", 600, wrap=True)
        self.content.addWidget(self.head)

    def parts(self) -> Iterator[QWidget | None]:
        """Make what there is beside the title, one piece in each step; yield what was added, if that is whole now."""
        yield from ()

    def open_when_made(self) -> None:
        """Open it once all parts are made; one that has none opens at once."""
        if self._left:  # meanwhile it was closed
            return
        if self._make_next():
            next_turn(self, self.open_when_made)
        else:
            self.open()

    def _make_next(self) -> bool:
        """Make the next part; return False when there is none."""
        if self._making is None:
            self._making = self._steps()
            self.finished.connect(lambda _result: setattr(self, "_left", True))
        return next(self._making, self) is None

    def _steps(self) -> Iterator[None]:
        made = False
        for part in self.parts():
            if part is not None:
                part.ensurePolished()
            made = True
            yield
        if made:  # what showing it would do in one go
            self.winId()
            yield
            self.content.activate()
            yield

    def setVisible(self, visible: bool) -> None:
        """Show or hide it; parts that are not made yet are made now."""
        while visible and self._make_next():
            pass
        super().setVisible(visible)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isHidden():  # it is still being made: whoever waits for it hears of its end, too
            self.reject()
        super().closeEvent(event)

    def foot(self, safe: Button, *others: Button) -> None:
        """Add the buttons, the safe one last and focused."""
        safe.clicked.connect(self.reject)
        self.content.addSpacing(4)
        self.content.addWidget(in_row(None, *others, safe, spacing=8))
        safe.setFocus()


class Message(Dialog):
    """One sentence; details folded, to be copied, or with another button (`instead`) for what can be done with them."""

    def __init__(
        self, parent: QWidget | None, title: str, text: str, details: str = "", instead: Button | None = None
    ) -> None:
        super().__init__(parent, title)
        self.text = Label(text, 13, "text2", wrap=True)
        self.content.addWidget(self.text)
        buttons = []
        if details:
            self.details = QPlainTextEdit(details)
            self.details.setReadOnly(True)
            self.details.setFont(font(12))
            self.details.setFixedHeight(128)
            self.details.setAccessibleName(translate("Dialog", "Details"))
            self.details.hide()
            more = Button(translate("Dialog", "Show details"))
            more.clicked.connect(lambda: self._flip(more))
            copy = instead or Button(translate("Dialog", "Copy details"))
            if instead is None:
                copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
            self.content.addWidget(self.details)
            buttons = [more, copy]
        self.foot(Button(translate("Dialog", "Close")), *buttons)

    def _flip(self, button: Button) -> None:
        hidden = self.details.isHidden()
        self.details.setVisible(hidden)
        button.setText(translate("Dialog", "Hide details") if hidden else translate("Dialog", "Show details"))
        self.adjustSize()


class SkippedDialog(Dialog):
    """Files that were left out, each with its reason."""

    def __init__(self, parent: QWidget | None, skipped: Sequence[Skipped], forget: Callable[[], object]) -> None:
        super().__init__(parent, translate("Dialog", "Files that were left out"), 720)
        words = translate("Dialog", "They stay where they are. Everything else was opened.")
        self.content.addWidget(Label(words, 13, "text2", wrap=True))
        self.table = QTableWidget(len(skipped), 2)
        self.table.setFont(font(12))
        self.table.setAccessibleName(translate("Dialog", "Files that were left out"))
        self.table.setHorizontalHeaderLabels([translate("Dialog", "File"), translate("Dialog", "Reason")])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setMinimumHeight(280)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(0, 300)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for row, each in enumerate(skipped):
            for place, text in enumerate((each.path, say(each.text))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, place, item)
        if len(skipped) <= 500:
            self.table.resizeRowsToContents()
        self.content.addWidget(self.table)
        clear = Button(translate("Dialog", "Clear this list"))
        clear.clicked.connect(forget)
        clear.clicked.connect(self.accept)
        self.foot(Button(translate("Dialog", "Close")), clear)


class RangeDialog(Dialog):
    """Which slices a model shall read; `chosen` gets the indices of the first and the last."""

    def __init__(
        self, parent: QWidget | None, count: int, first: int, last: int, chosen: Callable[[int, int], object]
    ) -> None:
        super().__init__(parent, translate("Dialog", "Read a range of slices"))
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value, name in (
            (self.first, first, translate("Dialog", "First slice")),
            (self.last, last, translate("Dialog", "Last slice")),
        ):
            box.setRange(1, count)
            box.setValue(value + 1)
            box.setAccessibleName(name)
            box.setMinimumWidth(96)
            padded(box)
        self.first.valueChanged.connect(lambda value: self.last.setMinimum(value))
        words = translate("Dialog", "of {0} slices").format(count)
        to = Label(translate("Dialog", "to"), 13, "text2")
        self.content.addWidget(in_row(self.first, to, self.last, Label(words, 13, "text2"), None, spacing=12))
        read = Button(translate("Dialog", "Read these slices"), icon="sparkle", colour="ai")
        read.clicked.connect(lambda: self._read(chosen))
        self.foot(Button(translate("Dialog", "Keep as it is")), read)
        self.first.setFocus()

    def _read(self, chosen: Callable[[int, int], object]) -> None:
        self.accept()
        chosen(self.first.value() - 1, self.last.value() - 1)


class AboutDialog(Dialog):
    """What this program is, and what it is not."""

    def __init__(self, parent: QWidget | None, log_path: object) -> None:
        super().__init__(parent, f"medviewer {__version__}")
        warning = translate("Dialog", "Not for diagnostic use. medviewer is not a medical device.")
        rows = (
            Label(
                translate("Dialog", "A clinical image viewer in which AI can be seen through."), 13, "text1", wrap=True
            ),
            Label(warning, 13, "warn", 500, wrap=True),
            Label(
                translate(
                    "Dialog",
                    "Images, scores and explanations stay on this computer. Nothing is sent anywhere, and there is no "
                    "account.",
                ),
                13,
                "text2",
                wrap=True,
            ),
            Label(translate("Dialog", "Licence: Apache-2.0. Qt and PySide6: LGPL-3.0."), 12, "text2", wrap=True),
            Label(translate("Dialog", "Icons: Phosphor, MIT. Type: Inter, OFL-1.1."), 12, "text2", wrap=True),
        )
        fill(self.content, *rows)
        facts = [f"medviewer {__version__}", f"Python {platform.python_version()}", f"Qt {qVersion()}"]
        facts += [f"{platform.system()} {platform.release()}"]
        self.content.addWidget(Label(", ".join(facts), 12, "text3", wrap=True))
        if log_path:
            self.content.addWidget(Label(translate("Dialog", "Log: {0}").format(log_path), 12, "text3", wrap=True))
        copy = Button(translate("Dialog", "Copy versions"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(facts)))
        self.foot(Button(translate("Dialog", "Close")), copy)
