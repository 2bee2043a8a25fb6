"""The centre of the reader: one to four viewports, 2 px apart, as the layout says; one may fill the whole."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from medviewer.app.reader import ViewState
from medviewer.ui.theme import colour
from medviewer.ui.viewport import Viewport

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.ui.bridge import MainThread

GAP = 2


class ViewportArea(QWidget):
    """Holds the four viewports of `session.reader`; `menu_asked` carries the viewport and the global point."""

    menu_asked = Signal(object, QPoint)

    def __init__(self, session: "Session", bridge: "MainThread") -> None:
        super().__init__()
        self._session = session
        self.viewports = tuple(Viewport(session, view, bridge) for view in session.reader.views)
        for viewport in self.viewports:
            viewport.setParent(self)
            viewport.menu_asked.connect(lambda at, v=viewport: self.menu_asked.emit(v, at))
        self._end = session.reader.changed.connect(self._changed)
        self.arrange()

    def viewport_of(self, view: ViewState) -> Viewport:
        """Return the viewport that shows `view`."""
        return self.viewports[self._session.reader.views.index(view)]

    @property
    def active(self) -> Viewport:
        """The viewport that commands act on."""
        return self.viewport_of(self._session.reader.view)

    def detach(self) -> None:
        """Hear no more events; call before the window is thrown away."""
        self._end()
        for viewport in self.viewports:
            viewport.detach()

    def sizeHint(self) -> QSize:
        return QSize(1024, 768)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def _changed(self, what: str) -> None:
        if what in ("layout", "filled") or (what == "active" and self._session.reader.filled):
            self.arrange()

    def arrange(self) -> None:
        """Place the viewports of the layout, hide the others, keep the keyboard in the active one."""
        reader = self._session.reader
        shown = [self.viewport_of(view) for view in reader.shown]
        rows, columns = (1, 1) if reader.filled else reader.layout.shape
        focused = any(viewport.hasFocus() for viewport in self.viewports)
        for viewport in self.viewports:
            if viewport not in shown:
                viewport.hide()
        for place, viewport in enumerate(shown):
            viewport.setGeometry(self._cell(place // columns, place % columns, rows, columns))
            viewport.show()
        if focused and not self.active.hasFocus():
            self.active.setFocus()

    def _cell(self, row: int, column: int, rows: int, columns: int) -> QRect:
        def span(i: int, n: int, whole: int) -> tuple[int, int]:
            free = whole - GAP * (n - 1)
            return free * i // n + GAP * i, free * (i + 1) // n + GAP * i

        left, right = span(column, columns, self.width())
        top, bottom = span(row, rows, self.height())
        return QRect(left, top, max(right - left, 1), max(bottom - top, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg0"))
        painter.end()
