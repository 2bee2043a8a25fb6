"""The strip at the left: series of the open studies as pictures, files that were left out, and where to drop more."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import column, put_inside, surface
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import STRIP, STRIP_NARROW, font
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread
    from medviewer.ui.series_list import SeriesList


class DropZone(QAbstractButton):
    """A dashed frame at the foot: a drop anywhere on the window opens files, and a click here asks for them."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self.setFixedHeight(48)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(translate("Strip", "Drop files or a folder here"))
        self.setToolTip(translate("Strip", "Drop files or a folder here, or click to choose files"))
        self.clicked.connect(commander.act("file.open_files"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.hasFocus() or self.underMouse()
        pen = QPen(theme.colour("accent" if lit else "edge"), 2 if self.hasFocus() else 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        narrow = self.width() < 120
        x = (self.width() - 18) // 2 if narrow else 12
        painter.drawPixmap(x, 15, theme.pixmap("upload-simple", 18, "text3"))
        if not narrow:
            painter.setFont(font(12))
            painter.setPen(theme.colour("text2"))
            box = QRectF(38, 0, self.width() - 46, self.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), self.text())


class LeftStrip(QWidget):
    """244 px wide, or 88 in a small window. The list comes with the session (`attach`)."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        self._narrow = False
        self.list: SeriesList | None = None
        surface(self, "left")
        self.skipped = Button("", "link")
        self.skipped.clicked.connect(commander.act("file.skipped"))
        self.skipped.hide()
        self.drop = DropZone(commander)
        self._layout = column(self, (0, 8, 0, 8), 4)
        self._layout.addStretch(0)
        self._foot = put_inside(self._layout, column(None, (14, 0, 14, 0), 8))
        self._foot.addWidget(self.skipped)
        self._foot.addWidget(self.drop)
        self.set_narrow(False)

    def attach(self, bridge: "MainThread") -> None:
        """Make the list of series."""
        from medviewer.ui.series_list import SeriesList

        self.list = SeriesList(self._commander, bridge)
        self._layout.insertWidget(0, self.list, 1)
        self.list.set_narrow(self._narrow)
        self.setTabOrder(self.list, self.skipped)
        self.refresh()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setFixedWidth(STRIP_NARROW if narrow else STRIP)
        side = 8 if narrow else 14
        self._foot.setContentsMargins(side, 0, side, 0)
        if self.list is not None:
            self.list.set_narrow(narrow)
            self.show_skipped()

    def refresh(self) -> None:
        """Take studies and the active series as they are now."""
        if self.list is not None:
            self.list.refresh()

    def show_skipped(self) -> None:
        """Say how many files were left out."""
        opened = self._commander.session.opened
        count = len(opened.skipped)
        self.skipped.setVisible(count > 0)
        total = count + sum(len(stack) for stack in opened.stacks)
        whole = translate("Strip", "{0} of {1} files left out. Show them").format(count, total)
        self.skipped.setText(translate("Strip", "{0} left out").format(count) if self._narrow else whole)
        self.skipped.setToolTip(whole)
