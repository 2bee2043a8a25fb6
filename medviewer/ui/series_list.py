"""The list in the series strip: click or Enter shows a series, a row can be dragged into any viewport."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

from medviewer.core.study import Stack
from medviewer.ui.shortcuts import Commander
from medviewer.ui.strip_model import StripModel, StripPainter, ThingRole
from medviewer.ui.theme import font
from medviewer.ui.thumbnails import ThumbnailStore
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread


class SeriesList(QListView):
    """Heads of studies and rows of series; `refresh` takes studies and the active series as they are now."""

    def __init__(self, commander: Commander, bridge: "MainThread") -> None:
        super().__init__()
        self._commander = commander
        self.store = ThumbnailStore(commander.session, bridge)
        self.rows = StripModel(commander.session, self)
        self.setModel(self.rows)
        self.painter_ = StripPainter(commander.session, self.store, self)
        self.setItemDelegate(self.painter_)
        self.store.ready.connect(lambda _key: self.viewport().update())
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

    def set_narrow(self, narrow: bool) -> None:
        self.painter_.narrow = narrow
        self.scheduleDelayedItemsLayout()

    def refresh(self) -> None:
        before = self.verticalScrollBar().value()
        if self.rows.rebuild():
            self.verticalScrollBar().setValue(before)
        stack = self._commander.session.reader.view.stack
        row = self.rows.row_of(stack.key if stack else None)
        if row >= 0 and row != self.currentIndex().row():
            self.setCurrentIndex(self.rows.index(row))
        self.viewport().update()
