"""What fills the window between top bar and jobs: reader, worklist, agreement, admin; made when first shown."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from medviewer.app.gently import import_gently
from medviewer.ui.arrange import parts_of, unveil
from medviewer.ui.shortcuts import Commander

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.ui.admin.page import AdminPage
    from medviewer.ui.bridge import MainThread
    from medviewer.ui.worklist.page import WorklistPage


#: What a page is made of, by its name.
MODULES = {
    "worklist": tuple(f"medviewer.ui.worklist.{part}" for part in ("page", "card", "detail", "head", "side")),
    "agreement": ("medviewer.ui.agreement.page",),
    "admin": tuple(f"medviewer.ui.admin.{part}" for part in ("section", "nav", "page")),
}


class Page(Protocol):
    """A page that is built in steps."""

    ready: bool

    def build(self, done: Callable[[], object]) -> None: ...
    def refresh(self) -> None: ...
    def regions(self) -> tuple[QWidget, ...]: ...


class Pages(QStackedWidget):
    """The reader's desk is there from the start; `shown` carries the page's name, once it can be used."""

    shown = Signal(str)

    def __init__(self, reader: QWidget, commander: Commander) -> None:
        super().__init__()
        self._reader, self._commander = reader, commander
        self._bridge: MainThread | None = None
        self.made: dict[str, QWidget] = {"reader": reader}
        self.worklist: WorklistPage | None = None
        self.admin: AdminPage | None = None
        self._width = 0
        self._wanted = "reader"
        self._importing: set[str] = set()
        self.addWidget(reader)

    def attach(self, session: "Session", bridge: "MainThread") -> None:
        """Follow the session's page."""
        self._bridge = bridge
        bridge.connect(session.page_changed, self.show_page, latest=True)

    def show_page(self, page: str) -> None:
        """Show a page; one that is shown for the first time is built in steps of the event loop."""
        self._wanted = page
        widget = self.made.get(page)
        if widget is None:
            self._import(page)
            return  # `shown` follows when it is built
        if widget is not self.currentWidget():
            unveil(parts_of(widget))
            self.setCurrentWidget(widget)
        if page != "reader" and getattr(widget, "ready", False):
            widget.refresh()  # type: ignore[attr-defined]
        self.shown.emit(page)

    def _import(self, page: str) -> None:
        """Import what the page is made of beside the event loop, then make it."""
        bridge = self._bridge
        assert bridge is not None

        def work() -> None:
            try:
                import_gently(*MODULES[page])
            finally:
                bridge.soon(lambda: self._imported(page))

        if page not in self._importing:
            self._importing.add(page)
            threading.Thread(target=work, name=f"import-{page}", daemon=True).start()

    def _imported(self, page: str) -> None:
        self._importing.discard(page)
        if page not in self.made and page == self._wanted:
            self.setCurrentWidget(self._make(page))

    def _make(self, page: str) -> QWidget:
        assert self._bridge is not None
        made: Page
        if page == "worklist":
            from medviewer.ui.worklist.page import WorklistPage

            made = self.worklist = WorklistPage(self._commander, self._bridge)
            self.worklist.set_width(self._width)
        elif page == "admin":
            from medviewer.ui.admin.page import AdminPage

            made = self.admin = AdminPage(self._commander, self._bridge)
            self.admin.set_width(self._width)
        else:
            from medviewer.ui.agreement.page import AgreementPage

            made = AgreementPage(self._commander, self._bridge)
        assert isinstance(made, QWidget)
        self.made[page] = made
        self.addWidget(made)
        made.build(lambda: self._built(page))
        return made

    def _built(self, page: str) -> None:
        if page == self._wanted:
            self.shown.emit(page)

    def set_width(self, width: int) -> None:
        """Take the width of the window, which decides how a page folds."""
        self._width = width
        for page in (self.worklist, self.admin):
            if page is not None:
                page.set_width(width)

    def regions(self, of_reader: Sequence[QWidget]) -> tuple[QWidget, ...]:
        """Return what F6 walks over on the page that is shown."""
        ways = getattr(self.currentWidget(), "regions", None)
        return ways() if ways is not None else tuple(of_reader)

    def focus(self, reader: Callable[[], object]) -> None:
        """Give the keyboard to the list, to the section of the admin page, or to the reader by `reader`."""
        page = self.currentWidget()
        if page is not None and page is self.worklist:
            self.worklist.focus_list()
        elif page is not None and page is self.admin:
            self.admin.take_focus()
        elif page is None or page is self._reader:
            reader()
        else:
            page.setFocus()
