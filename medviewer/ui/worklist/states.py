"""What stands where the list would be: nothing yet, nothing left, nothing that fits, or no library, and the way on."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from medviewer.app.session import Session
from medviewer.ui.arrange import column, in_row
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist import brush
from medviewer.ui.worklist.columns import ROW_HEIGHT

#: Words about loading come only if it takes longer than this.
SLOW_MS = 1000


@dataclass(frozen=True)
class Empty:
    """What is said instead of rows, and which buttons stand under it (command and words)."""

    icon: str
    title: str
    words: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    colour: str = "text2"
    dashed: bool = False


def empty(session: Session) -> Empty | None:
    """Return what stands instead of rows; None while there are rows, or nothing is known yet."""
    list_ = session.worklist
    if list_.problem and not len(list_):
        words = translate("Worklist", "Images can still be opened in the reader. The list comes back by itself.")
        button = ("file.open_files", translate("Worklist", "Open files in the reader"))
        return Empty("warning", say(list_.problem), words, (button,), "warn")
    if not list_.loaded or len(list_):
        return None
    if list_.search or list_.modalities:
        clear = ("worklist.clear", translate("Worklist", "Clear filters"))
        return Empty("funnel-simple", translate("Worklist", "No study fits these filters."), "", (clear,))
    if not list_.counts.get("all"):
        return _first_run()
    return Empty("check-circle", _nothing(list_.list_name, list_.counts.get("read_today", 0)))


def _first_run() -> Empty:
    return Empty(
        "upload-simple",
        translate("Worklist", "Drop a folder, a ZIP, DICOM files or pictures here"),
        translate("Worklist", "They stay where they are, on this computer."),
        (
            ("worklist.add_folder", translate("Worklist", "Choose a folder")),
            ("worklist.add_files", translate("Worklist", "Choose files")),
        ),
        dashed=True,
    )


def _nothing(name: str, read: int) -> str:
    """Return why a list is empty."""
    if name == "unread":
        return translate("Worklist", "Nothing unread. {0} read today.").format(read)
    return {
        "above": translate("Worklist", "No unread study has a score above the operating point."),
        "not_evaluated": translate("Worklist", "The AI has evaluated every unread study."),
        "failed": translate("Worklist", "The AI has failed on no unread study."),
        "mine": translate("Worklist", "Nothing is assigned to you."),
        "read_today": translate("Worklist", "Nothing was read today."),
    }.get(name, translate("Worklist", "No study here."))


class Instead(QWidget):
    """Draws an `Empty`; of its two buttons the first is the primary one where files are missing."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        self.state: Empty | None = None
        self.icon = Icon("upload-simple", 36)
        self.title, self.words = Label("", 18, "text1", 600, wrap=True), Label("", 13, "text2", wrap=True)
        self.first, self.second = Button("", "primary"), Button("", "large")
        self.first.clicked.connect(lambda _=False: self._run(0))
        self.second.clicked.connect(lambda _=False: self._run(1))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # holds the keyboard where there is no button
        self.inside = QWidget()
        self.inside.setFixedSize(560, 280)
        layout = column(self.inside, (40, 24, 40, 24))
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addStretch(1)
        layout.addWidget(self.icon, 0, middle)
        layout.addSpacing(12)
        for label in (self.title, self.words):
            label.setAlignment(middle)
            layout.addWidget(label)
            layout.addSpacing(8)
        layout.addSpacing(12)
        layout.addWidget(in_row(self.first, self.second, spacing=12), 0, middle)
        layout.addStretch(1)
        outer = column(self, (16, 16, 16, 16))
        outer.addStretch(1)
        outer.addWidget(self.inside, 0, middle)
        outer.addStretch(1)

    def show_state(self, state: Empty) -> None:
        """Show why there are no rows."""
        self.state = state
        self.icon.show_icon(state.icon, state.colour)
        self.setAccessibleName(state.title)
        self.title.setText(state.title)
        self.words.setText(state.words)
        self.words.setVisible(bool(state.words))
        for number, button in enumerate((self.first, self.second)):
            there = number < len(state.buttons)
            button.setVisible(there)
            if there:
                id_, text = state.buttons[number]
                reason = self._commander.reason(id_)
                button.setText(text)
                button.setEnabled(not reason)
                button.setToolTip(reason)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.first.isVisible() and self.first.isEnabled() and event.reason() is Qt.FocusReason.OtherFocusReason:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _run(self, number: int) -> None:
        assert self.state is not None
        self._commander.run(self.state.buttons[number][0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.state is not None and self.state.dashed:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.dashed_box(painter, QRectF(self.inside.geometry()).adjusted(1, 1, -1, -1), 8, "edge", "bg0")


class Loading(QWidget):
    """Grey shapes where rows will be; words only after a second."""

    def __init__(self) -> None:
        super().__init__()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(self._say)
        self.said = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # holds the keyboard for the rows
        self._slow.start()

    def _say(self) -> None:
        self.said = True
        self.setAccessibleName(translate("Worklist", "The list is loading"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(7):
            top = number * ROW_HEIGHT
            for left, width in ((36, 60), (172, 120), (348, 140), (640, 180)):
                brush.round_box(painter, QRectF(left, top + 14, width, 9), 3, "bg2")
                brush.round_box(painter, QRectF(left, top + 32, width * 0.6, 8), 3, "bg2")
        if self.said:
            place = QRectF(0, 7 * ROW_HEIGHT, self.width(), ROW_HEIGHT)
            brush.text(painter, place, translate("Worklist", "The list is loading"), 13, "text2", 400, brush.CENTRE)
