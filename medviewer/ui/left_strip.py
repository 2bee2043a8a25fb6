"""The strip at the left: series of the open studies as pictures, files that were left out, and where to drop more."""

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QListView, QWidget

from medviewer.app.session import Session
from medviewer.core.study import Stack
from medviewer.ui import theme
from medviewer.ui.arrange import column, surface
from medviewer.ui.bridge import MainThread
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.strip_model import StripModel, StripPainter, ThingRole
from medviewer.ui.theme import STRIP, STRIP_NARROW, font
from medviewer.ui.thumbnails import ThumbnailStore
from medviewer.ui.translation import translate


class SeriesList(QListView):
    """Click or Enter shows a series in the active viewport; a row can be dragged into any viewport."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        self.setProperty("kind", "bare")
        self.setFont(font())
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(False)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("Strip", "Series"))
        self.clicked.connect(self.show_series)

    def show_series(self, index: QModelIndex) -> None:
        stack = index.data(ThingRole) if index.isValid() else None
        if isinstance(stack, Stack):
            study, series, number = stack.key
            self._commander.run("series.show", study=study, series=series, number=number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.show_series(self.currentIndex())
            return
        super().keyPressEvent(event)


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
    """244 px wide, or 88 in a small window."""

    def __init__(self, session: Session, commander: Commander, bridge: MainThread) -> None:
        super().__init__()
        self._session = session
        surface(self, "left")
        self.store = ThumbnailStore(session, bridge)
        self.list = SeriesList(commander)
        self.model = StripModel(session, self)
        self.list.setModel(self.model)
        self.painter_ = StripPainter(session, self.store, self.list)
        self.list.setItemDelegate(self.painter_)
        self.store.ready.connect(lambda _key: self.list.viewport().update())
        self.skipped = Button("", "link")
        self.skipped.clicked.connect(commander.act("file.skipped"))
        self.skipped.hide()
        self.drop = DropZone(commander)
        self._layout = column(self, (0, 8, 0, 8), 4)
        self._layout.addWidget(self.list, 1)
        foot = QWidget()
        self._foot = column(foot, (14, 0, 14, 0), 8)
        self._foot.addWidget(self.skipped)
        self._foot.addWidget(self.drop)
        self._layout.addWidget(foot)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        self.setFixedWidth(STRIP_NARROW if narrow else STRIP)
        self.painter_.narrow = narrow
        side = 8 if narrow else 14
        self._foot.setContentsMargins(side, 0, side, 0)
        self.list.scheduleDelayedItemsLayout()
        self.show_skipped()

    def refresh(self) -> None:
        """Take studies and the active series as they are now."""
        before = self.list.verticalScrollBar().value()
        if self.model.rebuild():
            self.list.verticalScrollBar().setValue(before)
        stack = self._session.reader.view.stack
        row = self.model.row_of(stack.key if stack else None)
        if row >= 0 and row != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(row))
        self.list.viewport().update()

    def show_skipped(self) -> None:
        """Say how many files were left out."""
        count = len(self._session.library.skipped)
        self.skipped.setVisible(count > 0)
        total = count + sum(len(stack) for stack in self._session.library.stacks)
        whole = translate("Strip", "{0} of {1} files left out. Show them").format(count, total)
        self.skipped.setText(translate("Strip", "{0} left out").format(count) if self.painter_.narrow else whole)
        self.skipped.setToolTip(whole)
