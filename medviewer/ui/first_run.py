"""What the centre shows while nothing is open: where to drop, and the two buttons that open something."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label

WIDTH, HEIGHT = 560, 280
#: Recent openings that are listed.
RECENT = 5


class DropArea(QWidget):
    """A dashed frame, 560x280."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(WIDTH, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("edge"), 1.2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        painter.setBrush(theme.colour("bg0"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class FirstRun(QWidget):
    """The empty reader."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        surface(self, "bg0")
        self.setAccessibleName(translate("FirstRun", "Nothing is open"))
        area = DropArea()
        self.folder = Button(translate("FirstRun", "Choose a folder"), "primary")
        self.folder.clicked.connect(commander.act("file.open_folder"))
        self.demo = Button(translate("FirstRun", "Open the sample study"), "large")
        self.demo.clicked.connect(commander.act("file.demo"))
        middle = Qt.AlignmentFlag.AlignHCenter
        head = Label(translate("FirstRun", "Drop a folder, a ZIP or DICOM files here"), 18, "text1", 600)
        stay = Label(translate("FirstRun", "The files stay where they are, on this computer."), 13, "text2")
        reads = Label(
            translate(
                "FirstRun", "Opens CT, MR, CR, DX and MG, single and multi-frame, also PNG, JPEG, TIFF. No video."
            ),
            12,
            "text3",
        )
        inside = column(area, (24, 28, 24, 24))
        inside.addStretch(1)
        for widget, gap in (
            (Icon("upload-simple", 36), 12),
            (head, 4),
            (stay, 24),
            (in_row(self.folder, self.demo, spacing=12), 24),
            (reads, 0),
        ):
            inside.addWidget(widget, 0, middle)
            inside.addSpacing(gap)
        inside.addStretch(1)
        self.message = Label("", 13, "text1")
        self.message.setAlignment(middle)
        self.message.setContentsMargins(0, 0, 0, 8)
        self.message.hide()
        self.recent = QWidget()
        self._recent_layout = column(self.recent, spacing=0)
        layout = column(self, (24, 24, 24, 24))
        layout.addStretch(1)
        layout.addWidget(area, 0, middle)
        layout.addSpacing(16)
        layout.addWidget(self.message, 0, middle)
        note = Label(translate("FirstRun", "A study that the AI cannot read opens all the same."), 13, "text2")
        layout.addWidget(note, 0, middle)
        layout.addSpacing(24)
        layout.addWidget(self.recent, 0, middle)
        layout.addStretch(1)
        self.refresh()

    def say(self, sentence: str) -> None:
        """Show why nothing could be opened, under the frame."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    def refresh(self) -> None:
        """List what was opened lately."""
        while item := self._recent_layout.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        entries = self._commander.session.recent.entries[:RECENT] if self._commander.ready else ()
        if not entries:
            return
        fill(self._recent_layout, Label(translate("FirstRun", "Opened lately"), 12, "text2", 600), 4)
        for number, paths in enumerate(entries):
            more = f" + {len(paths) - 1}" if len(paths) > 1 else ""
            button = Button(Path(paths[0]).name.replace("&", "&&") + more, "link")
            button.setToolTip(paths[0])
            button.clicked.connect(self._commander.act("file.open_recent", number=number))
            self._recent_layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
