"""The menus of the page, from the table of commands: of one row, and of the list as a whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from medviewer.app.worklist import Urgency
from medviewer.ui import theme
from medviewer.ui.shortcuts import Commander
from medviewer.ui.toolbar import add_commands
from medviewer.ui.translation import translate
from medviewer.ui.worklist import words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

#: Commands of a row's menu; "" is a divider, URGENCY the menu of the three urgencies.
URGENCY = "worklist.urgency"
ROW = (
    *("worklist.open", "worklist.preview", ""),
    *("worklist.move_up", "worklist.move_down", "worklist.move_to", "worklist.pin", ""),
    *("worklist.assign", "worklist.mark_read", URGENCY, ""),
    *("opinion.agree", "opinion.disagree", "opinion.unsure", "opinion.relabel", "opinion.note", ""),
    *("worklist.read_again", "worklist.confirm", "", "worklist.remove"),
)
LIST = (
    *("worklist.add_files", "worklist.add_folder", "worklist.watch", "worklist.unwatch", ""),
    *("worklist.show_new", "worklist.arrival", "", "worklist.export", "worklist.skipped"),
)


def popup(parent: QWidget, commander: Commander, at: QPoint, ids: Sequence[str]) -> "QMenu":
    """Show a menu of commands at a point of the screen; they act on the selected study."""
    from PySide6.QtWidgets import QMenu

    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for number, part in enumerate(_split(ids)):
        if number:
            add_urgencies(menu.addMenu(translate("Worklist", "Urgency")), commander)
        add_commands(menu, commander, part)
    menu.popup(at)
    return menu


def _split(ids: Sequence[str]) -> list[Sequence[str]]:
    """Return the parts of `ids` before and after URGENCY."""
    if URGENCY not in ids:
        return [ids]
    at = list(ids).index(URGENCY)
    return [ids[:at], ids[at + 1 :]]


def add_urgencies(menu: "QMenu", commander: Commander, now: Urgency | None = None) -> None:
    """Add the three urgencies; `now` carries the tick."""
    reason = commander.reason(URGENCY)
    for value in Urgency:
        name, colour, _, word = words.urgency(value)
        action = menu.addAction(word)
        if name:
            action.setIcon(theme.icon(name, 16, colour))
        action.setEnabled(not reason)
        action.setToolTip(reason)
        action.setCheckable(now is not None)
        action.setChecked(value is now)
        action.triggered.connect(commander.act(URGENCY, urgency=value.value))
