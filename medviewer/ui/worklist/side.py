"""The left column: lists with their counts, search, which modalities, agreement, what was left out, where to drop."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QWidget

from medviewer.app.session import Session
from medviewer.app.worklist import LISTS
from medviewer.ui.arrange import column, fill, put_inside, surface
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import STRIP, STRIP_NARROW
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist.incoming import Incoming
from medviewer.ui.worklist.line import Line, head
from medviewer.ui.worklist.nav import DropHere, Entry, Tick
from medviewer.ui.worklist.search_field import SearchField

#: List -> icon and its colour.
ICONS = {
    "unread": ("tray", "text2"),
    "above": ("sparkle", "ai"),
    "not_evaluated": ("minus-circle", "text2"),
    "failed": ("warning-circle", "text2"),
    "mine": ("user-circle", "text2"),
    "read_today": ("check-circle", "text2"),
    "all": ("stack", "text2"),
}


class Side(QWidget):
    """244 px, or 88 in a small window (then the search field stands over the list)."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander, self._list = session, commander, session.worklist
        self.narrow = False
        surface(self, "left")
        self.setAccessibleName(translate("Worklist", "Lists and filters"))
        self.lists_head, self.show_head = (
            self._head(translate("Worklist", "LISTS")),
            self._head(translate("Worklist", "SHOW")),
        )
        self.entries = {name: self._entry(name, title) for name, title in LISTS.items()}
        self.search = SearchField()
        self.search.searched.connect(lambda text: commander.run("worklist.search", text=text))
        self.ticks: dict[str, Tick] = {}
        self.filter = Entry("funnel-simple", translate("Worklist", "Show only some modalities"))
        self.filter.clicked.connect(self._open_filter)
        self.agreement = Entry("scales", translate("Worklist", "Agreement"))
        self.agreement.clicked.connect(commander.act("page.agreement"))
        self.incoming = Incoming(session, commander)
        self.skipped = Button("", "link")
        self.skipped.clicked.connect(commander.act("worklist.skipped"))
        self.drop = DropHere()
        self.drop.clicked.connect(commander.act("worklist.add_files"))
        self._arrange()
        self.refresh()

    def _head(self, text: str) -> Line:
        line = head(text)
        line.setContentsMargins(0, 0, 0, 0)
        return line

    def _entry(self, name: str, title: str) -> Entry:
        icon, colour = ICONS.get(name, ("list-bullets", "text2"))
        entry = Entry(icon, say(title), colour)
        entry.clicked.connect(self._commander.act("worklist.list", name=name))
        return entry

    def _arrange(self) -> None:
        inside = QWidget()
        surface(inside, "bg1")
        self._inside = column(inside, (0, 12, 0, 8))
        self.search_place = put_inside(self._inside, column(None, (16, 4, 16, 12)))
        self.search_place.addWidget(self.search)
        fill(self._inside, _indented(self.lists_head), 4, *self.entries.values(), 16)
        self._show = _indented(self.show_head)
        fill(self._inside, self._show, 4)
        self._ticks = put_inside(self._inside, column(None))
        fill(self._inside, self.filter, 12, self.agreement, None)
        self.scroller = QScrollArea()
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        surface(self.scroller.viewport(), "bg1")
        self.scroller.setWidget(inside)
        layout = column(self, (0, 0, 1, 0))  # the edge of the column stays in sight
        layout.addWidget(self.scroller, 1)
        self._foot = put_inside(layout, column(None, (16, 8, 16, 16), 8))
        fill(self._foot, self.incoming, self.skipped, self.drop)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Take the form for a small window, or the usual one."""
        self.narrow = narrow
        self.setFixedWidth(STRIP_NARROW if narrow else STRIP)
        for entry in (*self.entries.values(), self.filter, self.agreement):
            entry.set_narrow(narrow)
        self.lists_head.parentWidget().setVisible(not narrow)  # type: ignore[union-attr]
        self.drop.set_narrow(narrow)
        self.incoming.set_narrow(narrow)
        self.search_place.setContentsMargins(*((0, 0, 0, 0) if narrow else (16, 4, 16, 12)))
        side = 8 if narrow else 16
        self._foot.setContentsMargins(side, 8, side, 16)
        self.refresh()

    def refresh(self) -> None:
        """Take counts, filters and what was left out as they are now."""
        list_ = self._list
        for name, entry in self.entries.items():
            entry.setChecked(name == list_.list_name)
            entry.show_count(list_.counts.get(name))
        self.search.show_search(list_.search)
        self.search.describe(self._commander.key("worklist.filter"))
        self._refresh_ticks()
        self.incoming.refresh()
        self._refresh_skipped()

    def _refresh_ticks(self) -> None:
        counts, chosen = self._list.modality_counts, self._list.modalities
        for name in sorted({*counts, *chosen} - set(self.ticks)):
            tick = Tick(name or translate("Worklist", "Without modality"))
            tick.clicked.connect(lambda _=False, n=name: self._toggle(n))
            self.ticks[name] = tick
            self._ticks.addWidget(tick)
        for name, tick in self.ticks.items():
            tick.setVisible(not self.narrow and (name in counts or name in chosen))
            tick.setChecked(not chosen or name in chosen)
            tick.show_count(counts.get(name, 0))
        self._show.setVisible(bool(counts or chosen) and not self.narrow)
        self.filter.setVisible(bool(counts or chosen) and self.narrow)
        self.filter.setChecked(bool(chosen))

    def names(self) -> list[str]:
        """Return the modalities that can be chosen."""
        return sorted({*self._list.modality_counts, *self._list.modalities})

    def _open_filter(self) -> None:
        """Offer the modalities as a menu, where there is no room for ticks."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = self._list.modalities
        for name in self.names():
            tick = self.ticks[name]
            action = menu.addAction(f"{tick.text()}\t{tick.count}")
            action.setCheckable(True)
            action.setChecked(not chosen or name in chosen)
            action.triggered.connect(lambda _=False, n=name: self._toggle(n))
        menu.popup(self.filter.mapToGlobal(self.filter.rect().topRight()))

    def _toggle(self, name: str) -> None:
        self._commander.run("worklist.modalities", names=",".join(toggled(self.names(), self._list.modalities, name)))

    def _refresh_skipped(self) -> None:
        left_out = len(self._session.triage.skipped)
        self.skipped.setVisible(left_out > 0)
        one, more = (
            translate("Worklist", "1 file left out. Show it"),
            translate("Worklist", "{0} files left out. Show them").format(left_out),
        )
        whole = one if left_out == 1 else more
        self.skipped.setText(translate("Worklist", "{0} left out").format(left_out) if self.narrow else whole)
        self.skipped.setToolTip(whole)


def toggled(names: list[str], chosen: frozenset[str], name: str) -> list[str]:
    """Return which modalities are shown once `name` was clicked; none chosen means all, and all means none chosen."""
    now = set(chosen) if chosen else set(names)
    now ^= {name}
    return [] if now >= set(names) else sorted(now)


def _indented(widget: QWidget) -> QWidget:
    holder = QWidget()
    fill(column(holder, (20, 0, 20, 0)), widget)
    return holder
