"""The rows of the list: selected by mouse and keys, moved by hand, with a menu; they never jump by themselves."""

from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from medviewer.app.session import Session
from medviewer.ui import theme
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate
from medviewer.ui.worklist import menu, words
from medviewer.ui.worklist.columns import ROW_HEIGHT
from medviewer.ui.worklist.delegate import RowDelegate
from medviewer.ui.worklist.model import RowModel
from medviewer.ui.worklist.moving import EDGE, STEP, STEP_MS, Moving
from medviewer.ui.worklist.painter import RowPainter
from medviewer.ui.worklist.tips import TipFilter

Index = QModelIndex | QPersistentModelIndex
#: Rows are painted whole; the style adds nothing, not even to the chosen one. The ground is opaque, so that what lies
#: under the list need not be painted with every row.
BARE = (
    "QTableView { border: none; background: %s; selection-background-color: transparent; "
    "show-decoration-selected: 0; } QTableView::item:selected, QTableView::item:hover { background: transparent; }"
)
#: Commands after which the list is scrolled to the study that moved, not held where it was.
MOVES = frozenset({"worklist.move_up", "worklist.move_down", "worklist.move_to", "worklist.pin"})
KEYS = {
    Qt.Key.Key_Return: "worklist.open",
    Qt.Key.Key_Enter: "worklist.open",
    Qt.Key.Key_Space: "worklist.preview",
    Qt.Key.Key_Delete: "worklist.remove",
}


class RowTable(QTableView):
    """As many rows as the worklist has, of which only those in sight are ever asked for."""

    widths_changed = Signal()

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander, self._list = session, commander, session.worklist
        self._following = False  # the selection comes from the worklist
        self.rows = RowPainter()
        self.rows.reading.now = datetime.now(UTC)
        self.model_ = RowModel(session, self.rows.reading, self)
        self.setModel(self.model_)
        self.setItemDelegate(RowDelegate(self))
        self.moving = Moving(self.viewport(), self.rows)
        self.moving.changed.connect(self.viewport().update)
        self.moving.put_down.connect(self._put_down)
        self._tips = TipFilter(self)
        self._seen: dict[int, int] = {}  # study -> where its row was painted last, from the top of the list
        self._about = self._what()
        self._moved = False
        self._edge = QTimer(self)
        self._edge.setInterval(STEP_MS)
        self._edge.timeout.connect(self._scroll_at_edge)
        commander.ran.connect(self._ran)
        self._set_up()
        self.take_reading()
        self.take_order()

    def _set_up(self) -> None:
        self.retheme()
        self.setAccessibleName(translate("Worklist", "Studies"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setAutoScroll(False)  # a row that is cut at the edge must not slide away under the pointer
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        columns.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        bar = self.verticalScrollBar()
        bar.setSingleStep(ROW_HEIGHT // 2)
        bar.sliderPressed.connect(self._list.take_in_hand)
        self.doubleClicked.connect(lambda _index: self._commander.run("worklist.open"))

    @property
    def selected(self) -> int | None:
        """The chosen study."""
        return self._list.selected

    def retheme(self) -> None:
        if (look := BARE % theme.T.bg1) != self.styleSheet():
            self.setStyleSheet(look)

    # -- what the worklist says

    def take_reading(self) -> None:
        """Take who reads, what is hidden and what is open."""
        session, reading = self._session, self.rows.reading
        reading.me, reading.hidden = session.opinions.reader, session.reader.names_hidden
        reading.current = session.opening.current
        self.rows.forget()
        self.viewport().update()

    def take_order(self) -> None:
        """Take another list, or another order: what was in sight stays where it was, as far as it is still there."""
        self.moving.forget()
        about, seen, bar = self._what(), self._seen, self.verticalScrollBar()
        before = bar.value()
        self.model_.take()
        self.rows.count = len(self._list)
        self.updateGeometries()
        if about != self._about:
            bar.setValue(0)
        elif self._moved or self._list.followed:
            bar.setValue(before)
        else:
            bar.setValue(self._held(seen, before))
        self._about = about
        self.follow()
        if self._moved and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._moved = False
        self.widths_changed.emit()

    def _what(self) -> tuple[object, ...]:
        return self._list.list_name, self._list.search, self._list.modalities

    def _held(self, seen: dict[int, int], before: int) -> int:
        """Return where to scroll so that the selected study, else the first one in sight, stays where it was."""
        chosen = self._list.selected
        for study in ([chosen] if chosen in seen else []) + list(seen):
            place = self._list.place_of(study)
            if place >= 0 and study is not None:
                return place * ROW_HEIGHT - seen[study]
        return before

    def follow(self, scroll: bool = False) -> None:
        """Let the current row be the selected study's."""
        place = self._list.place_of(self._list.selected)
        index = self.model_.index(place, 0) if place >= 0 else QModelIndex()
        scroll = scroll and index != self.currentIndex()  # a row that was clicked stays under the pointer
        self._following = True
        self.setCurrentIndex(index)
        self._following = False
        if scroll and index.isValid():
            self.scrollTo(index)

    def take_rows(self) -> None:
        """Show rows that have come, or have other values."""
        self.viewport().update()

    def tick(self) -> None:
        """Let the waiting times go on: only cells whose words are different are painted."""
        before, now = self.rows.reading.now, datetime.now(UTC)
        self.rows.reading.now = now
        column = self.rows.columns(self.viewport().width())["waiting"]
        for place in self.places_in_sight():
            row = self.model_.row(self.moving.shown(place))
            if row is not None and words.waiting(row, before) != words.waiting(row, now):
                top = self.rowViewportPosition(place)
                self.viewport().update(QRect(column.left, top, column.width, ROW_HEIGHT))

    def places_in_sight(self) -> range:
        """Return the rows that are in sight, wholly or in part."""
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        last = min((top + height - 1) // ROW_HEIGHT, self.model_.rowCount() - 1)
        return range(top // ROW_HEIGHT, last + 1)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._seen = {}
        top = self.verticalScrollBar().value()
        for place in self.places_in_sight():
            source = self.moving.shown(place)
            if 0 <= source < len(self._list):
                self._seen[self._list.id_at(source)] = place * ROW_HEIGHT - top

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.widths_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.moving.forget()
        self.viewport().update()

    # -- selection

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._following and current.isValid() and current.row() < len(self._list):
            self._list.select(self._list.id_at(current.row()))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends and self.model_.rowCount():
            return self.model_.index(ends[action] % self.model_.rowCount(), 0)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.moving.active:
            self.moving.forget()
            return
        id_ = KEYS.get(Qt.Key(event.key()))
        if id_ is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self._commander.run(id_)
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.scrollTo(self.currentIndex())

    # -- mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._list.take_in_hand()
        super().wheelEvent(event)
        if self.moving.active:
            self._drag(self.viewport().mapFromGlobal(event.globalPosition().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = event.position().toPoint()
        place = self.rowAt(at.y())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.moving.press(at, place, self.model_.row(place), self.rowViewportPosition(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().toPoint())  # and no selection that follows the mouse
        else:
            super().mouseMoveEvent(event)

    def _drag(self, at: QPoint) -> None:
        count = self.model_.rowCount()
        if not count:
            return
        middle = at.y() + self.verticalScrollBar().value()
        target = min(max(middle // ROW_HEIGHT, 0), count - 1)
        was = self.moving.active
        if self.moving.drag(at, target, target + 1) and not was:
            self._lift()
        if self.moving.active and not EDGE < at.y() < self.viewport().height() - EDGE:
            self._edge.start()

    def _lift(self) -> None:
        """Take the list in hand with the row, or say why rows cannot be moved here."""
        self._list.take_in_hand()
        if reason := self._commander.reason("worklist.move_to"):
            self.moving.forget()
            self._commander.refused.emit(reason)

    def _scroll_at_edge(self) -> None:
        at = self.moving.pointer()
        step = -STEP if at.y() <= EDGE else STEP if at.y() >= self.viewport().height() - EDGE else 0
        if not (self.moving.active and step):
            self._edge.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step)
        self._drag(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.moving.release():
            return
        super().mouseReleaseEvent(event)

    def _put_down(self, study: int, place: int) -> None:
        if not self._commander.run("worklist.move_to", study=study, place=place + 1):
            self.moving.forget()

    def _ran(self, id_: str) -> None:
        self._moved = self._moved or id_ in MOVES

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        at = event.globalPos()
        if by_key and index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        menu.popup(self, self._commander, at, menu.ROW if index.isValid() else menu.LIST)
