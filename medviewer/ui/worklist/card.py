"""The card in the middle: column heads, the rows or what stands in their place, and the line under them."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from medviewer.app.session import Session
from medviewer.ui import theme
from medviewer.ui.arrange import column, in_row, surface
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Keycap, Label
from medviewer.ui.worklist import brush
from medviewer.ui.worklist.columns import HEAD_HEIGHT
from medviewer.ui.worklist.line import Line
from medviewer.ui.worklist.states import Instead, Loading, empty
from medviewer.ui.worklist.table import RowTable


class ColumnHeads(QWidget):
    """The names of the columns, over the rows."""

    def __init__(self, table: RowTable) -> None:
        super().__init__()
        self._table = table
        self.setFixedHeight(HEAD_HEIGHT)
        table.widths_changed.connect(self.update)
        self.words = {
            "number": translate("Worklist", "No."),
            "urgency": translate("Worklist", "Urgency"),
            "patient": translate("Worklist", "Patient"),
            "study": translate("Worklist", "Study"),
            "waiting": translate("Worklist", "Waiting"),
            "ai": translate("Worklist", "AI score, unverified"),
            "state": translate("Worklist", "State"),
        }

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for name, column_ in self._table.rows.columns(self._table.viewport().width()).items():
            box = QRectF(column_.left, 0, column_.width, HEAD_HEIGHT)
            align = brush.RIGHT if name == "number" else brush.LEFT
            brush.text(painter, box, self.words[name], 12, "text3", 500, align)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(0, HEAD_HEIGHT - 1, self.width(), HEAD_HEIGHT - 1)


class ListCard(QWidget):
    """One card; which of its three faces is seen follows from the worklist."""

    def __init__(self, session: Session, commander: Commander, table: RowTable) -> None:
        super().__init__()
        self._session = session
        surface(self, "card")
        self.table = table
        self.heads = ColumnHeads(self.table)
        self.instead, self.loading = Instead(commander), Loading()
        self.pages = QStackedWidget()
        for page in (self.table, self.instead, self.loading):
            self.pages.addWidget(page)
        self.say, self.result = Label("", 12, "text1", 500), Line(12, "text2")
        self.keys = [Keycap(), Keycap()]
        self._commander = commander
        hint = Label(translate("Worklist", "move with the keyboard"), 12, "text3")
        self.by_key = in_row(*self.keys, hint)
        self.foot = in_row(self.say, spacing=8, margins=(16, 4, 16, 6), grow=self.result)
        self.foot.layout().addWidget(self.by_key)  # type: ignore[union-attr]
        self.foot.setFixedHeight(36)
        layout = column(self, (1, 1, 1, 1))
        layout.addWidget(self.heads)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.foot)
        self.table.moving.changed.connect(self._moving)
        self.refresh()

    def refresh(self) -> None:
        """Show rows, or why there are none."""
        state, list_ = empty(self._session), self._session.worklist
        page: QWidget = self.table if list_.loaded else self.loading
        if state is not None:
            self.instead.show_state(state)
            page = self.instead
        if self.pages.currentWidget() is not page:
            had = self.holds_focus()
            self.pages.setCurrentWidget(page)
            if had:
                self.focus_rows()
        self.heads.setVisible(page is not self.instead)
        for cap, id_ in zip(self.keys, ("worklist.move_up", "worklist.move_down"), strict=True):
            cap.set_text(arrows(self._commander.key(id_)))
        self.by_key.setVisible(page is self.table and not self._commander.reason("worklist.move_to"))

    def holds_focus(self) -> bool:
        """Say whether the keyboard is in the list, or in what stands in its place."""
        focus, page = QApplication.focusWidget(), self.pages.currentWidget()
        return focus is not None and page is not None and (focus is page or page.isAncestorOf(focus))

    def focus_rows(self) -> None:
        """Give the keyboard to the list, or to what stands in its place."""
        page = self.pages.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moving(self) -> None:
        """Say what would happen if the row were released now."""
        moving = self.table.moving
        self.say.setText(translate("Worklist", "Moving 1 study.") if moving.active else "")
        self.result.setText(release_words(moving.target + 1) if moving.active else "")


def release_words(place: int) -> str:
    """Return "Release to place it third. Esc puts it back."."""
    ordinals = (
        translate("Worklist", "Release to place it first. Esc puts it back."),
        translate("Worklist", "Release to place it second. Esc puts it back."),
        translate("Worklist", "Release to place it third. Esc puts it back."),
        translate("Worklist", "Release to place it fourth. Esc puts it back."),
        translate("Worklist", "Release to place it fifth. Esc puts it back."),
    )
    if place <= len(ordinals):
        return ordinals[place - 1]
    return translate("Worklist", "Release to put it in place {0}. Esc puts it back.").format(place)


def arrows(key: str) -> str:
    """Return a key with arrows as they stand on the keyboard."""
    return key.replace("Up", "↑").replace("Down", "↓")
