"""The admin page: its sections at the left, the one that is shown beside them; each is made when first shown."""

import importlib.util
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from medviewer.app.gently import import_gently
from medviewer.core.errors import UserError
from medviewer.ui.admin.nav import Nav
from medviewer.ui.arrange import row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.app.admin.admin import Admin
    from medviewer.ui.admin.section import Section
    from medviewer.ui.bridge import MainThread

#: Every section and the module that makes it (its `SECTION`); one that has no module is not offered.
SECTIONS = {
    "datasets": "medviewer.ui.admin.data_sets",
    "training": "medviewer.ui.admin.training",
    "compare": "medviewer.ui.admin.compare",
    "watch": "medviewer.ui.admin.watch",
    "models": "medviewer.ui.admin.model_library",
    "audit": "medviewer.ui.admin.audit_log",
}
#: Parts of `session.admin` that the counts come from.
COUNTED = ("datasets", "runs", "versions")
#: Below this width of the window the left column folds.
COMPACT = 1500
LEAST = QSize(640, 360)


def sections() -> tuple[str, ...]:
    """Return the sections that there are, in order."""
    return tuple(name for name, module in SECTIONS.items() if importlib.util.find_spec(module) is not None)


class AdminPage(QWidget):
    """Empty until `build` has ended (`ready`). It follows `session.admin.section`."""

    def __init__(self, commander: Commander, bridge: "MainThread") -> None:
        super().__init__()
        self._commander, self._bridge = commander, bridge
        self.ready, self.compact = False, False
        self.made: dict[str, Section] = {}
        self._importing: set[str] = set()
        self._built: Callable[[], object] | None = None
        surface(self, "bg0")
        self.setAccessibleName(translate("Admin", "Admin"))
        self._row = row(self)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # it folds when it has become small

    @property
    def _admin(self) -> "Admin":
        return self._commander.session.admin

    # -- making

    def build(self, done: Callable[[], object] = lambda: None) -> None:
        """Make the left column, then the section that is wanted; `done` follows."""
        self.nav = Nav(sections())
        self.nav.wished.connect(lambda name: self._commander.run("admin.section", section=name))
        self.nav.set_narrow(self.compact)
        self.book = QStackedWidget()
        self._waiting = QWidget()  # while the first section is being made
        surface(self._waiting, "bg0")
        self.book.addWidget(self._waiting)
        self._row.addWidget(self.nav)
        self._row.addWidget(self.book, 1)
        self._built = done
        next_turn(self, self._begin)

    def _begin(self) -> None:
        self._bridge.connect(self._admin.section_changed, lambda _name: self._show(), latest=True)
        self._show()

    def _show(self) -> None:
        """Show the section that is wanted; one that is shown for the first time is imported beside the event loop."""
        name = self._admin.section
        if name not in self.nav.entries:
            name = next(iter(self.nav.entries))
        self.nav.show_section(name)
        section = self.made.get(name)
        if section is None:
            self._import(name)
            return
        self.book.setCurrentWidget(section)
        if section.ready:
            section.refresh()
            section.take_focus()
            self._follow_counts()

    def _import(self, name: str) -> None:
        def work() -> None:
            try:
                import_gently("medviewer.ui.admin.section", SECTIONS[name])
                with suppress(RuntimeError):  # the program is being closed
                    for part in COUNTED:
                        getattr(self._admin, part)  # is made here, not on the window's thread
            finally:
                self._bridge.soon(lambda: self._imported(name))

        if name not in self._importing:
            self._importing.add(name)
            threading.Thread(target=work, name=f"import-{name}", daemon=True).start()

    def _imported(self, name: str) -> None:
        self._importing.discard(name)
        if name in self.made:
            return
        made: Section = import_module(SECTIONS[name]).SECTION(self._commander, self._bridge)
        self.made[name] = made
        self.book.addWidget(made)
        if self.nav.entries[name].isChecked():
            self.book.setCurrentWidget(made)
        made.build(lambda: self._section_built(made))

    def _section_built(self, section: "Section") -> None:
        first, self._built = self._built, None
        if first is not None:
            self.ready = True
            self._listen()
            first()
        elif self.book.currentWidget() is section and self.isVisible():
            section.take_focus()
        self._follow_counts()

    # -- counts

    def _listen(self) -> None:
        admin, hear = self._admin, self._bridge.connect
        for part in COUNTED:
            hear(getattr(admin, part).changed, lambda _id: self._follow_counts(), latest=True)

    def _follow_counts(self) -> None:
        """Count beside the event loop what each section has, and show it."""
        section = next(iter(self.made.values()), None)
        if section is not None and self.ready and self.isVisible():
            admin = self._admin
            section.look(lambda: counts(admin), self.nav.show_counts, lambda _error: None, "counts")

    # -- what a page does

    def refresh(self) -> None:
        """Take everything as it is now."""
        if self.ready:
            self._show()

    def set_width(self, window_width: int) -> None:
        """Fold the left column in a small window."""
        self.compact = window_width < COMPACT
        if hasattr(self, "nav"):
            self.nav.set_narrow(self.compact)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over on this page."""
        section = self.book.currentWidget() if self.ready else None
        inside = getattr(section, "regions", None)
        return (self.nav, *inside()) if inside is not None else ()

    def take_focus(self) -> None:
        """Give the keyboard to the section that is shown."""
        section = self.book.currentWidget() if self.ready else None
        take = getattr(section, "take_focus", None)
        if take is not None:
            take()
        else:
            self.setFocus()


def counts(admin: "Admin") -> dict[str, int | None]:
    """Return how many data sets, running trainings and models there are (it looks at the disk)."""
    from medviewer.app.admin.records import RunState

    going = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)
    table: dict[str, Callable[[], int]] = {
        "datasets": lambda: len(admin.datasets.all()),
        "training": lambda: sum(run.state in going for run in admin.runs.all()),
        "models": lambda: len(admin.versions.models()),
    }
    found: dict[str, int | None] = {}
    for name, count in table.items():
        try:
            found[name] = count()
        except (UserError, OSError):
            found[name] = None
    return found
