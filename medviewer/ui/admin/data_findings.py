"""What the check of a data set found, and the pictures behind each finding with what can be done about them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from medviewer.app.admin.dataset_repairs import REPAIRS
from medviewer.app.admin.records import CheckReport, DataFinding
from medviewer.core.datasets import DataSet, Row
from medviewer.ui.admin.cards import Card, scrolling
from medviewer.ui.admin.pictures import PictureGrid
from medviewer.ui.admin.words import LOOKS, finding_words, pictures_words, severity_words, sorted_findings, target_words
from medviewer.ui.arrange import column, fill, in_row, row
from medviewer.ui.controls import Button
from medviewer.ui.key_button import KeyButton
from medviewer.ui.theme import colour, font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

WIDE, NARROW, PAD = 380, 300, 12


class FindingButton(QAbstractButton):
    """One finding: severity as an icon, the whole sentence, and how many pictures are behind it."""

    def __init__(self, finding: DataFinding | None, words: str, below: str) -> None:
        super().__init__()
        self.finding, self.shown = finding, (finding, words, below)
        self._icon, self._tone = LOOKS[finding.severity] if finding else ("grid-four", "text2")
        self._words, self._below = words, below
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        said = [severity_words(finding.severity)] if finding else []
        self.setAccessibleName(". ".join([*said, words, below]))
        self.setMinimumHeight(52)

    def _room(self, width: int) -> QRectF:
        return QRectF(PAD + 28, 8, width - PAD - 28 - PAD, 1000)

    def heightForWidth(self, width: int) -> int:
        flags = int(Qt.TextFlag.TextWordWrap)
        tall = brush.metrics(13).boundingRect(self._room(width), flags, self._words).height()
        return max(52, int(tall) + 16 + 20)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(NARROW, self.heightForWidth(max(self.width(), NARROW)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse() or self.hasFocus():
            frame = box.adjusted(1, 1, -1, -1)
            back = "bg3" if self.isChecked() else "bg2"
            brush.round_box(painter, frame, 6, back, "accent" if self.hasFocus() else "", 2)
        if self.isChecked():
            brush.round_box(painter, QRectF(1, 8, 3, box.height() - 16), 1.5, "accent")
        brush.icon(painter, PAD, 19, self._icon, 18, self._tone)
        room = self._room(self.width())
        painter.setFont(font(13))
        painter.setPen(colour("text1"))
        flags = int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(room.left(), 8, room.width(), box.height() - 28), flags, self._words)
        brush.text(painter, QRectF(room.left(), box.height() - 26, room.width(), 18), self._below, 12, "text2")


class FindingsList(QWidget):
    """The findings below each other; the arrows go from one to the next. `chosen` carries one (None: all pictures)."""

    chosen = Signal(object)
    reached = Signal(QWidget)  # the arrows came to a button that may be out of sight

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(translate("Admin", "What the check found"))
        self._layout = column(self, (0, 0, 4, 0), 2)
        self._layout.addStretch(1)
        self._group = QButtonGroup(self)
        self.buttons: list[FindingButton] = []

    def show_findings(self, findings: Sequence[DataFinding], pictures: int, kept: DataFinding | None) -> None:
        """Show these; the one that was chosen before stays chosen if it is still there."""
        words = translate("Admin", "All pictures")
        rows: list[tuple[DataFinding | None, str, str]] = [(None, words, pictures_words(pictures))]
        rows += [(f, finding_words(f), pictures_words(len(f.files)) if f.files else "") for f in findings]
        if [button.shown for button in self.buttons] != rows:
            self._make(rows)
        same = next((b for b in self.buttons if kept is not None and b.finding is not None and b.finding == kept), None)
        (same or self.buttons[0]).setChecked(True)

    def _make(self, rows: Sequence[tuple[DataFinding | None, str, str]]) -> None:
        had = any(button.hasFocus() for button in self.buttons)
        for button in self.buttons:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self.buttons = [FindingButton(*each) for each in rows]
        for at, button in enumerate(self.buttons):
            self._group.addButton(button)
            self._layout.insertWidget(at, button)
            button.toggled.connect(lambda on, b=button: self.chosen.emit(b.finding) if on else None)
        if had:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def finding(self) -> DataFinding | None:
        """The finding that is chosen, None for all pictures."""
        return next((b.finding for b in self.buttons if b.isChecked()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        at = next((i for i, button in enumerate(self.buttons) if button.hasFocus()), -1)
        if step is None or at < 0:
            super().keyPressEvent(event)
            return
        button = self.buttons[min(max(at + step, 0), len(self.buttons) - 1)]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.setChecked(True)
        self.reached.emit(button)


class FindingsCard(Card):
    """Findings at the left, their pictures beside them, and under these what can be done.

    `exclude` carries (files, whether they are left out), `relabel` (file, whether it is positive), `repair` the kind of
    a finding, `opened` the file whose study is wanted.
    """

    exclude = Signal(tuple, bool)
    relabel = Signal(str, bool)
    repair = Signal(str)
    opened = Signal(str)

    def __init__(self) -> None:
        self.when = Label("", 12, "text2")
        super().__init__(translate("Admin", "Problems and pictures"), self.when)
        self._dataset: DataSet | None = None
        self._rows: dict[str, Row] = {}
        self.list = FindingsList()
        self.list.chosen.connect(lambda _finding: self._show_pictures())
        self._scroll = scrolling(self.list, translate("Admin", "What the check found"), "bg1", reading=False)
        self.list.reached.connect(self._scroll.ensureWidgetVisible)
        self.grid = PictureGrid(translate("Admin", "Pictures"))
        self.grid.chosen.connect(self._show_deeds)
        self.grid.keyed.connect(self._keyed)
        self.said = Label("", 12, "text2", elide=True)
        self.leave_out = KeyButton(translate("Admin", "Leave out"), "X")
        self.change = KeyButton(translate("Admin", "The label is wrong"), "L")
        self.open_study = KeyButton(translate("Admin", "Open the study"), "O")
        self.mend = Button("", icon="arrow-clockwise")
        self.leave_out.clicked.connect(lambda _=False: self._keyed("X"))
        self.change.clicked.connect(lambda _=False: self._keyed("L"))
        self.open_study.clicked.connect(lambda _=False: self._keyed("O"))
        self.mend.clicked.connect(lambda _=False: self._repair())
        right = QWidget()
        foot = in_row(self.leave_out, self.change, self.open_study, spacing=8, grow=self.said)
        fill(column(right, spacing=8), self.mend)
        layout = right.layout()
        assert layout is not None
        layout.setAlignment(self.mend, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.grid)
        layout.addWidget(foot)
        body = QWidget()
        beside = row(body, spacing=12)
        beside.addWidget(self._scroll)
        beside.addWidget(right, 1)
        self.column.addWidget(body, 1)

    def show_report(self, dataset: DataSet, report: CheckReport | None, fresh: bool, when: str) -> None:
        """Show what the last check found (`fresh`: nothing was changed since)."""
        same = self._dataset is not None and self._dataset.id == dataset.id
        kept = self.list.finding if same else None
        self._dataset, self._rows = dataset, {row.file: row for row in dataset.rows}
        self.when.setText(when)
        self._fresh = fresh
        self.list.show_findings(sorted_findings(report) if report else [], len(dataset.rows), kept)
        self._show_pictures()

    def fit(self, compact: bool) -> None:
        """Give the list the width that there is room for."""
        self._scroll.setFixedWidth(NARROW if compact else WIDE)

    # -- pictures

    def _show_pictures(self) -> None:
        if self._dataset is None:
            return
        finding = self.list.finding
        files = finding.files if finding is not None else tuple(self._rows)
        self.grid.show_rows(self._dataset, [self._rows[file] for file in files if file in self._rows])
        self._show_deeds()

    def _show_deeds(self) -> None:
        """Say what can be done with what is chosen, and why not where it cannot."""
        dataset, rows, finding = self._dataset, self.grid.rows, self.list.finding
        if dataset is None:
            return
        frozen = translate("Admin", "Frozen: make a new version to change it.") if dataset.facts.frozen else ""
        none = "" if rows else translate("Admin", "Choose a picture first.")
        one = none or ("" if len(rows) == 1 else translate("Admin", "Choose one picture."))
        out = bool(rows) and all(row.excluded for row in rows)
        words = translate("Admin", "Take back") if out else translate("Admin", "Leave out")
        if len(rows) > 1:
            words = f"{words} ({len(rows)})"
        self.leave_out.say(words, "X")
        change = translate("Admin", "The label is wrong")
        if len(rows) == 1:
            change = translate("Admin", "Wrong: it is “{0}”").format(target_words(dataset, not rows[0].positive))
        self.change.say(change, "L")
        study = rows[0].more.get("study", "") if len(rows) == 1 else ""
        unknown = "" if study else translate("Admin", "The study of this picture is not in the library.")
        for button, reason in (
            (self.leave_out, frozen or none),
            (self.change, frozen or one),
            (self.open_study, one or unknown),
        ):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        self.said.setText(frozen or (none if self.grid.pictures.rows else ""))
        self._show_repair(finding, frozen)

    def _show_repair(self, finding: DataFinding | None, frozen: str) -> None:
        can = finding is not None and finding.kind in REPAIRS
        self.mend.setVisible(can)
        if finding is None or not can:
            return
        self.mend.setText(repair_words(finding.kind))
        changed = "" if self._fresh else translate("Admin", "Check the data set again first: it was changed.")
        reason = frozen or changed
        self.mend.setEnabled(not reason)
        self.mend.setToolTip(reason)

    def _keyed(self, key: str) -> None:
        rows = self.grid.rows
        button = {"X": self.leave_out, "L": self.change, "O": self.open_study}[key]
        if not rows or not button.isEnabled():
            return
        if key == "X":
            self.exclude.emit(tuple(row.file for row in rows), not all(row.excluded for row in rows))
        elif key == "L":
            self.relabel.emit(rows[0].file, not rows[0].positive)
        else:
            self.opened.emit(rows[0].file)

    def _repair(self) -> None:
        finding = self.list.finding
        if finding is not None:
            self.repair.emit(finding.kind)


def repair_words(kind: str) -> str:
    """Return what the one click does that mends a kind of finding."""
    if kind == "same_patient":
        return translate("Admin", "Put each of these patients into one part")
    if kind == "contradiction":
        return translate("Admin", "Leave all of these out")
    return translate("Admin", "Keep one of each group, leave its twins out")
