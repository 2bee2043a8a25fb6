"""Over the list: which list it is, how many studies, in which order and by which rule, and what has come meanwhile."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QWidget

from medviewer.app.session import Session
from medviewer.app.worklist import LISTS, RANKED
from medviewer.ui.arrange import column, fill, put_inside, row
from medviewer.ui.controls import Button, IconButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist import menu
from medviewer.ui.worklist.line import Line

RULE, ARRIVAL = 0, 1
#: Below this width only the button says and changes the order.
ROOMY = 760


class Head(QWidget):
    """Title line and the line with the rule; `search_place` takes the search field of a small window."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander, self._list = session, commander, session.worklist
        self.title, self.count = Line(22, "text1", 600), Label("", 14, "text2")
        self.order_word = Label(translate("Worklist", "Order"), 13, "text2")
        self.order = QComboBox()
        self.order.setFont(font(13))
        self.order.setAccessibleName(translate("Worklist", "Order of the list"))
        self.order.addItem(translate("Worklist", "Urgency, AI score, waiting time"))
        self.order.addItem(translate("Worklist", "Arrival"))
        self.order.setMinimumWidth(120)
        self.order.activated.connect(self._chosen)
        self.plain = Button("")
        self.plain.clicked.connect(commander.act("worklist.arrival"))
        self.more = IconButton("dots-three", translate("Worklist", "More for this list"), side=32)
        self.more.clicked.connect(self._open_menu)
        layout = column(self, spacing=4)
        first = put_inside(layout, row(None, spacing=12))
        first.addWidget(self.title)
        first.addWidget(self.count)
        first.addStretch(1)
        self.search_place = put_inside(first, row(None))
        fill(first, self.order_word, self.order, self.plain, self.more)
        self.rule_icon, self.rule = Icon("info", 16), Line(13, "text2")
        self.pending = Button("", "link", icon="arrow-clockwise", colour="accent")
        self.pending.clicked.connect(commander.act("worklist.show_new"))
        self.pending.hide()
        second = put_inside(layout, row(None, spacing=8))
        second.addWidget(self.rule_icon, 0, Qt.AlignmentFlag.AlignVCenter)
        second.addWidget(self.rule, 1)
        second.addWidget(self.pending)
        self.rule.setFixedHeight(24)
        self.refresh()

    def _chosen(self, index: int) -> None:
        if (index == ARRIVAL) != self._list.arrival:
            self._commander.run("worklist.arrival")
        self.refresh()

    def _open_menu(self) -> None:
        menu.popup(self, self._commander, self.more.mapToGlobal(self.more.rect().bottomLeft()), menu.LIST)

    def refresh(self) -> None:
        """Take the list as it is now."""
        list_, ranked = self._list, self._list.list_name in RANKED
        self.title.setText(say(LISTS[list_.list_name]))
        self.count.setText(_studies(len(list_)) if list_.loaded else "")
        self.plain.setVisible(ranked)
        self._fit()
        self.order.setCurrentIndex(ARRIVAL if list_.arrival else RULE)
        by_rule = translate("Worklist", "Use urgency and AI score")
        by_arrival = translate("Worklist", "Use plain arrival order")
        self.plain.setText(by_rule if list_.arrival else by_arrival)
        self.plain.setToolTip(self._commander.title("worklist.arrival"))
        self._refresh_rule(ranked)
        self.refresh_pending()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        ranked = self._list.list_name in RANKED
        for part in (self.order_word, self.order):
            part.setVisible(ranked and self.width() >= ROOMY)

    def _refresh_rule(self, ranked: bool) -> None:
        problem, there = self._list.problem, len(self._list) > 0
        self.rule_icon.setVisible(there)
        self.rule_icon.show_icon("warning" if problem else "info", "warn" if problem else "text2")
        self.rule.set_colour("text1" if problem else "text2")
        if not there:
            self.rule.setText("")  # what stands in place of the rows says it all
        elif problem:
            self.rule.setText(say(problem))
        elif not ranked:
            self.rule.setText(translate("Worklist", "Newest first."))
        elif self._list.arrival:
            self.rule.setText(translate("Worklist", "Plain order of arrival. Neither urgency nor AI has a part in it."))
        else:
            self.rule.setText(
                translate(
                    "Worklist",
                    "The order is a suggestion. The AI can move a study up, never down. "
                    "Drag a row to move it: it keeps its place and shows a pin.",
                )
            )

    def refresh_pending(self) -> None:
        """Say what has come meanwhile; the list itself stays as it is."""
        words = pending_words(self._list.pending.new, self._list.pending.moved)
        key = self._commander.key("worklist.show_new")
        show = translate("Worklist", "Show ({0})").format(key) if key else translate("Worklist", "Show")
        self.pending.setText(f"{words} {show}")
        self.pending.setVisible(bool(words))


def pending_words(new: int, moved: int) -> str:
    """Return "3 new studies, 2 moved.", "" for nothing."""
    one, more = translate("Worklist", "1 new study"), translate("Worklist", "{0} new studies").format(new)
    came = one if new == 1 else more
    went = translate("Worklist", "{0} moved").format(moved)
    parts = ([came] if new else []) + ([went] if moved else [])
    return ", ".join(parts) + "." if parts else ""


def _studies(count: int) -> str:
    if count == 1:
        return translate("Worklist", "1 study")
    return translate("Worklist", "{0} studies").format(f"{count:,}".replace(",", "\u202f"))
