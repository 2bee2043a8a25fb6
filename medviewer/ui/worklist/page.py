"""The worklist page: lists at the left, the studies in their order, and at the right all about the chosen one."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from medviewer.app.session import Session
from medviewer.ui.arrange import column, row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

#: Below this width of the window the left column folds and the detail is an overlay.
COMPACT = 1500
MINUTE_MS = 60_000
#: A window may always become this small: it folds when it has.
LEAST = QSize(640, 360)
#: Modules of this page, those first that others need: each is imported in a turn of its own.
MODULES = ("words", "brush", "ai_words", "state_words", "painter", "moving", "table", "states", "card", "nav", "side")
MORE_MODULES = ("head", "line", "curve", "reasons", "pictures", "detail_parts", "detail_foot", "detail")


class WorklistPage(QWidget):
    """Empty until `build` has ended (`ready`). Everything on it comes from `session.worklist`.

    While another page is shown, what changes is only noted: it is taken when this one comes back, in its turn.
    """

    def __init__(self, commander: Commander, bridge: "MainThread") -> None:
        super().__init__()
        self._commander, self._bridge = commander, bridge
        self.compact, self.previewing, self.ready = False, False, False
        self._late: dict[Callable[[], object], None] = {}  # parts that are to be brought up to date
        self._going = False
        surface(self, "bg0")
        self.setAccessibleName(translate("Worklist", "Worklist"))
        self._row = row(self)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # see LEAST
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.tick)

    @property
    def session(self) -> Session:
        return self._commander.session

    # -- making

    def attach(self, session: Session, done: Callable[[], object] = lambda: None) -> None:
        """Work on the session that the commander has."""
        assert session is self._commander.session
        self.build(done)

    def build(self, done: Callable[[], object] = lambda: None) -> None:
        """Make one part in each turn of the event loop, so that none of them holds it up; `done` follows."""
        parts = self._parts()

        def next_part() -> None:
            for part in parts:
                if part is not None:
                    part.ensurePolished()
                next_turn(self, next_part)
                return
            self.detail.build(lambda: self._built(done))

        next_part()

    def _parts(self) -> Iterator[QWidget | None]:
        """Import what the page is made of, and make it from left to right."""
        for name in (*MODULES, *MORE_MODULES):
            import_module(f"medviewer.ui.worklist.{name}")
            yield None
        from medviewer.ui.worklist.card import ListCard
        from medviewer.ui.worklist.detail import DetailPanel
        from medviewer.ui.worklist.head import Head
        from medviewer.ui.worklist.side import Side
        from medviewer.ui.worklist.table import RowTable

        session, commander = self.session, self._commander
        self.side: Side = Side(session, commander)
        self._row.addWidget(self.side)
        yield self.side
        self.centre = QWidget()
        self._middle = column(self.centre, (24, 16, 24, 12), 12)
        self.head: Head = Head(session, commander)
        self._middle.addWidget(self.head)
        self._row.addWidget(self.centre, 1)
        yield self.head
        table = RowTable(session, commander)
        yield None
        self.card: ListCard = ListCard(session, commander, table)
        self._middle.addWidget(self.card, 1)
        yield self.card
        self.detail: DetailPanel = DetailPanel(session, commander)
        self._row.addWidget(self.detail)
        yield self.detail

    def _built(self, done: Callable[[], object]) -> None:
        self.side.search.left.connect(self.focus_list)
        self._hear()
        self.card.table.take_order()  # it may be another one by now
        self.ready = True
        self._arrange()
        self._minute.start()
        self.refresh()
        done()

    def _hear(self) -> None:
        session, hear = self.session, self._bridge.connect
        end = session.worklist.changed.connect(self._order_changed)  # at once: a click must find what is painted
        self.destroyed.connect(lambda _=None: end())
        hear(session.worklist.changed, self._changed, by=lambda what: what)
        hear(session.triage.watch_changed, lambda _words: self._do(self.side.incoming.refresh), latest=True)
        hear(session.triage.files_skipped, lambda _s: self._do(self.side.refresh), latest=True)
        hear(session.pictures.ready, lambda _id: self._do(*self._detail()), latest=True)
        hear(session.opinions.changed, lambda _id: self._do(*self._detail()), latest=True)
        hear(session.reader.changed, self._reader_changed, by=lambda name: name)
        hear(session.settings.changed, self._setting_changed, by=lambda key: key)

    # -- what changed

    def _do(self, *acts: Callable[[], object]) -> None:
        """Bring parts up to date: soon, each once and in a turn of its own, or when the page is shown again."""
        self._late.update(dict.fromkeys(acts))
        if self._late and not self._going and self.isVisible():
            self._going = True
            next_turn(self, self._go_on)

    @property
    def behind(self) -> bool:
        """Whether parts are about to be brought up to date."""
        return self._going

    def _go_on(self) -> None:
        self._going = False
        if self._late and self.isVisible():
            act = next(iter(self._late))
            del self._late[act]
            act()
        self._do()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._do()

    def _order_changed(self, what: str) -> None:
        if what == "order" and self.ready:
            self.card.table.take_order()
            self.card.refresh()

    def _changed(self, what: str) -> None:
        detail, table = self._detail(), self.card.table
        table_of: dict[str, tuple[Callable[[], object], ...]] = {
            "order": (self.head.refresh, self.side.refresh, *detail),
            "rows": (table.take_rows, *detail),
            "counts": (self.side.refresh, self.head.refresh, self.card.refresh),
            "pending": (self.head.refresh_pending,),
            "selected": (self._follow, *detail),
            "detail": (table.take_rows, *detail),
        }
        self._do(*table_of.get(what, ()))

    def _follow(self) -> None:
        self.card.table.follow(scroll=True)

    def _detail(self) -> tuple[Callable[[], object], ...]:
        return self.detail.refresh, self.detail.refresh_foot

    def _reader_changed(self, name: str) -> None:
        if name == "names_hidden":  # no name may be seen for a moment when the page comes back
            self.card.table.take_reading()
            self.detail.refresh()
        elif name in ("active", "layout"):
            self._do(self.card.table.take_reading, *self._detail())

    def _setting_changed(self, key: str) -> None:
        if key.startswith(("triage.", "opinions.", "worklist.", "keys.")):
            self.refresh()

    def tick(self) -> None:
        """Let the waiting times go on."""
        self._do(self.card.table.tick, *self._detail())

    def refresh(self) -> None:
        """Take everything as it is now."""
        if self.ready:
            self.side.refresh()
            self.head.refresh()
            self.card.table.take_reading()
            self.card.refresh()
            for act in self._detail():
                act()

    # -- room

    def set_width(self, window_width: int) -> None:
        """Take the form that fits the width of the window."""
        self.set_compact(window_width < COMPACT)

    def set_compact(self, compact: bool) -> None:
        """Fold the left column and let the detail lie over the list, or the usual form."""
        if compact != self.compact:
            self.compact = compact
            self._arrange()

    def _arrange(self) -> None:
        if not self.ready:
            return
        search, compact = self.side.search, self.compact
        self.side.set_narrow(compact)
        search.setMaximumWidth(220 if compact else 16777215)
        (self.head.search_place if compact else self.side.search_place).addWidget(search)
        self._middle.setContentsMargins(*((16, 12, 16, 12) if compact else (24, 16, 24, 12)))
        self._row.removeWidget(self.detail)
        if compact:
            self.detail.setParent(self)
            self._place_detail()
        else:
            self._row.addWidget(self.detail)
        self.detail.setVisible(not compact or self.previewing)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def _place_detail(self) -> None:
        wide = self.detail.width()
        self.detail.setGeometry(self.width() - wide, 0, wide, self.height())
        self.detail.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.ready and self.compact:
            self._place_detail()

    def toggle_preview(self) -> None:
        """Show or hide the detail of a small window; in a wide one it is always there."""
        if self.compact and self.ready:
            self.previewing = not self.previewing
            self._place_detail()
            self.detail.setVisible(self.previewing)
            if not self.previewing:
                self.focus_list()

    # -- keyboard and drops

    def focus_list(self) -> None:
        """Give the keyboard to the list (or to what stands in its place)."""
        if self.ready:
            self.card.focus_rows()

    def focus_search(self) -> None:
        """Give the keyboard to the search field, with what stands there chosen."""
        if self.ready:
            self.side.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.side.search.selectAll()

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over, in reading order."""
        if not self.ready:
            return ()
        return tuple(part for part in (self.side, self.centre, self.detail) if part.isVisible())

    def takes_drop(self) -> bool:
        """Say whether files that are dropped now go to the worklist."""
        return self.isVisible() and not self.session.worklist.problem

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.compact and self.previewing:
            self.toggle_preview()
        elif event.key() == Qt.Key.Key_Escape and not self.card.table.hasFocus():
            self.focus_list()
        else:
            super().keyPressEvent(event)
