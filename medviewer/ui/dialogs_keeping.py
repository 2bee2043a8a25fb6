"""Dialogs of what is kept: writing the list into files, going back to a backup, what the check of the audit found."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.controls import Button
from medviewer.ui.dialogs import Dialog
from medviewer.ui.dialogs_library import FittedDialog
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

#: Problems of the audit that are listed; the rest is a number.
LISTED = 100


class ExportDialog(FittedDialog):
    """What the files may say; `wanted` gets whether names go with them, and the folder is asked for next."""

    def __init__(self, parent: QWidget | None, studies: int, wanted: Callable[[bool], object]) -> None:
        super().__init__(parent, translate("Library", "Export this list"))
        one = translate("Library", "Writes worklist.csv and worklist.html with 1 study, as the list stands now.")
        several = translate(
            "Library", "Writes worklist.csv and worklist.html with {0} studies, as the list stands now."
        )
        self.names = QCheckBox(translate("Library", "Write patients' names and IDs into the files"))
        self.names.setFont(font(13))
        self.names.toggled.connect(self._say)
        self.words = Label("", 12, "text2", wrap=True)
        text = Label((one if studies == 1 else several).format(studies), 13, "text2", wrap=True)
        fill(self.content, text, self.names, self.words)
        self.go = Button(translate("Library", "Choose the folder…"), icon="folder-open")
        self.go.clicked.connect(lambda: self._go(wanted))
        self.foot(Button(translate("Library", "Do not export")), self.go)
        self._say(False)

    def _say(self, names: bool) -> None:
        self.words.setText(
            translate("Library", "Whoever gets the files can read who the patients are.")
            if names
            else translate("Library", "Without names the studies are told apart by their number in the list.")
        )
        self.words.set_colour("warn" if names else "text2")

    def _go(self, wanted: Callable[[bool], object]) -> None:
        self.accept()
        wanted(self.names.isChecked())


class RestoreDialog(FittedDialog):
    """Says what going back to a backup means before it is done."""

    def __init__(self, parent: QWidget | None, name: str, restored: Callable[[], object]) -> None:
        super().__init__(parent, translate("Library", "Go back to this backup?"))
        lines = (
            translate("Library", "Backup: {0}").format(name),
            translate("Library", "The library as it is now is saved first; the message at the end says where."),
            translate("Library", "What was added since the backup, opinions too, is then only in that saved copy."),
            translate("Library", "Images are not touched. What is open stays open."),
        )
        self.content.setSpacing(8)
        fill(self.content, Label(lines[0], 13, "text1", 500, wrap=True))
        fill(self.content, *(Label(line, 13, "text2", wrap=True) for line in lines[1:]))
        self.restore = Button(translate("Library", "Go back to the backup"), "danger")
        self.restore.clicked.connect(lambda: self._go(restored))
        self.foot(Button(translate("Library", "Keep the library as it is")), self.restore)

    def _go(self, restored: Callable[[], object]) -> None:
        self.accept()
        restored()


class VerifiedDialog(Dialog):
    """What the check of the audit found, and what it cannot find. `found` is a library.audit.Verification."""

    def __init__(self, parent: QWidget | None, found: Any) -> None:
        super().__init__(parent, translate("Library", "Check of the audit"), 640)
        good = bool(found.ok)
        entries = translate("Library", "1 entry") if found.entries == 1 else translate("Library", "{0} entries")
        count = entries.format(f"{found.entries:,}".replace(",", " "))
        whole = translate("Library", "{0}: none was changed, removed or moved.").format(count)
        broken = translate("Library", "{0}: something does not fit.").format(count)
        icon = Icon("check-circle" if good else "warning-circle", 20, "accent" if good else "danger")
        self.answer = Label(whole if good else broken, 14, "text1", 500, wrap=True)
        self.content.addWidget(in_row(icon, spacing=12, grow=self.answer))
        body = QWidget()
        surface(body, "bg1")
        layout = column(body, (0, 0, 12, 0), 8)
        self.lines: list[str] = []
        self._section(layout, translate("Library", "WHAT WAS FOUND"), [p.sentence for p in found.problems[:LISTED]])
        self._section(layout, translate("Library", "TO BE KNOWN"), list(found.notes))
        self._section(layout, translate("Library", "WHAT THIS CHECK CANNOT FIND"), list(found.limits))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(translate("Library", "What the check found"))
        scroll.setMinimumHeight(240)
        scroll.setWidget(body)
        surface(scroll.viewport(), "bg1")
        self.content.addWidget(scroll, 1)
        copy = Button(translate("Library", "Copy this report"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join([self.answer.text(), *self.lines])))
        self.foot(Button(translate("Dialog", "Close")), copy)

    def _section(self, layout: Any, title: str, lines: list[str]) -> None:
        if not lines:
            return
        fill(layout, 4, Label(title, 12, "text2", 600))
        self.lines.append(title)
        for line in lines:
            label = Label(say(line), 13, "text1", wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(label)
            self.lines.append(say(line))
