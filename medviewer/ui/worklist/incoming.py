"""Where studies come from by themselves: the watched folder, and what is wrong with it."""

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from medviewer.app.session import Session
from medviewer.ui.arrange import column, fill
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist.line import Item, ItemButton
from medviewer.ui.worklist.words import as_tooltip, plain


class Incoming(QWidget):
    """A line about the watched folder; a click asks for a folder, or stops watching."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self._narrow = False
        self.watch = Button(translate("Worklist", "Watch a folder"), "link", icon="binoculars", colour="accent")
        self.watch.clicked.connect(commander.act("worklist.watch"))
        self.watched = ItemButton()
        self.watched.clicked.connect(commander.act("worklist.unwatch"))
        self._layout = column(self)
        fill(self._layout, self.watch, self.watched)

    @property
    def folder(self) -> str:
        """The watched folder, "" while none is watched."""
        return str(self._session.settings.get("triage.watch_folder"))

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone."""
        self._narrow = narrow
        self.watch.setText("" if narrow else translate("Worklist", "Watch a folder"))
        side = Qt.AlignmentFlag.AlignHCenter if narrow else Qt.AlignmentFlag.AlignLeft
        self._layout.setAlignment(self.watch, side)

    def refresh(self) -> None:
        """Take the watched folder as it is now."""
        folder, trouble = self.folder, self._session.triage.watch_problem
        self.watch.setVisible(not folder)
        self.watch.setToolTip(self._commander.reason("worklist.watch") or self._commander.title("worklist.watch"))
        self.watched.setVisible(bool(folder))
        if not folder:
            return
        name = plain(PurePath(folder).name, 60) or folder
        first = translate("Worklist", "Watching {0}").format(name)
        second = plain(say(trouble)) or translate("Worklist", "Click to stop watching")
        icon, colour = ("warning", "warn") if trouble else ("binoculars", "text2")
        self.watched.show_item(
            Item("", icon=icon, colour=colour) if self._narrow else Item(first, second, icon, "", "", colour)
        )
        self.watched.setAccessibleName(f"{first}. {second}")
        self.watched.setToolTip(as_tooltip([first, folder, second]))
