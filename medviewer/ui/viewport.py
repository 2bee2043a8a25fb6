"""One viewport: paints one ViewState and turns mouse and wheel into changes of it.

What is on the screen is always one image with its own texts. While the image asked for is being decoded, the last one
of the same stack stays, with its own number, values and overlay, beside the amber words "loading image 19"; of another
stack nothing stays. A picture of one slice never appears under the words of another.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from medviewer.app.deeds import show_stack
from medviewer.app.reader import ViewState
from medviewer.core.errors import UserError
from medviewer.core.geometry import ViewMap
from medviewer.core.intensity import Window
from medviewer.core.study import ImageRef
from medviewer.ui.cine import Cine
from medviewer.ui.corner_text import Shown
from medviewer.ui.mouse import Mouse
from medviewer.ui.painting import Painting
from medviewer.ui.reading import Levels, fitting_map, spoken, wishes
from medviewer.ui.render import snapped
from medviewer.ui.thumbnails import dropped_key

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.ui.bridge import MainThread

#: Words about waiting appear after this long (UI brief 1.9).
PATIENCE_MS = 1000
_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Viewport(QWidget):
    """Shows `view`; `menu_asked` carries the global point of a right click or of the menu key."""

    menu_asked = Signal(QPoint)

    def __init__(self, session: "Session", view: ViewState, bridge: "MainThread") -> None:
        super().__init__()
        self.session, self.view = session, view
        self.shown: Shown | None = None
        self.loading: int | None = None  # index asked for while its pixels are not there
        self.failed: UserError | None = None
        self.waited = False  # long enough for words
        self.cursor_at: QPointF | None = None  # logical pixels, None while the mouse is elsewhere
        self.drop_over = False
        self.keyboard_focus = False  # the focus came by key: a ring shows it
        self._name = f"viewport {session.reader.views.index(view) + 1}"
        self._last_index = 0
        self._levels = Levels()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._waited)
        self.cine = Cine(self)
        self.mouse = Mouse(self)
        self.painting = Painting(self, bridge)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(80, 80)
        self._ends = [
            bridge.connect(session.pixels.ready, self._arrived),
            bridge.connect(session.pixels.failed, self._arrived),
            bridge.connect(session.analyses.changed, lambda _: self._ai_changed(), latest=True),
            bridge.connect(session.analyses.explained, lambda _: self._ai_changed(), latest=True),
            view.changed.connect(lambda _: self.resolve()),
            session.reader.changed.connect(self._reader_changed),
            session.settings.changed.connect(lambda _: self.update()),
        ]
        self.resolve()

    def detach(self) -> None:
        """Hear no more events; call before the widget is thrown away."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._patience.stop()
        self.session.pixels.want((), owner=self._name)

    # what is on the screen

    def resolve(self) -> None:
        """Find out what can be shown of what is asked for, and paint it."""
        stack, ref = self.view.stack, self.view.image
        self.loading, self.failed = None, None
        if stack is None or ref is None:
            self.shown = None
        elif (frame := self.session.pixels.get(ref)) is not None:
            self.shown = Shown(stack, self.view.index, ref, frame)
        elif (error := self.session.pixels.error(ref)) is not None:
            self.shown, self.failed = None, error
        else:
            self._keep_last(ref)
        self.prefetch(self.view.index)
        if self.loading is None:
            self._patience.stop()
            self.waited = False
        elif not self._patience.isActive() and not self.waited:
            self._patience.start()
        self.cine.follow()
        self._ai_changed()

    def _keep_last(self, wanted: ImageRef) -> None:
        stack = self.view.stack
        assert stack is not None
        self.loading = self.view.index
        if self.shown is None or self.shown.stack.key != stack.key:
            self.shown = None
            return
        if self.shown.stack is not stack:  # the stack has grown: the image kept may have another number now
            keys = [ref.key for ref in stack.images]
            if self.shown.ref.key not in keys:
                self.shown = None
                return
            index = keys.index(self.shown.ref.key)
            self.shown = Shown(stack, index, stack.images[index], self.shown.frame)

    def prefetch(self, index: int) -> None:
        """Wish for the image at `index` first, then for those that the way of going will reach."""
        stack = self.view.stack
        if stack is None or not self.isVisible():  # what nobody sees must not be decoded before what is seen
            self.session.pixels.want((), owner=self._name)
            return
        ahead = -1 if index < self._last_index and not self.view.cine else 1
        self._last_index = index
        self.session.pixels.want(wishes(stack, index, ahead, self.view.cine), owner=self._name)

    def _arrived(self, ref: ImageRef) -> None:
        asked = self.view.image
        if asked is not None and ref.key == asked.key and (self.loading is not None or self.failed is not None):
            self.resolve()

    def _waited(self) -> None:
        self.waited = True
        self.update()

    def _ai_changed(self) -> None:
        self.painting.ai_changed()
        name = spoken(self)
        if name != self.accessibleName():
            self.setAccessibleName(name)
        self.update()

    def _reader_changed(self, what: str) -> None:
        if what == "ai":
            self._ai_changed()
        else:
            self.update()

    # numbers that the hand and the painter need

    def view_map(self) -> ViewMap | None:
        """Return how the image on the screen lies in device pixels; None without an image."""
        if self.shown is None:
            return None
        ratio = self.devicePixelRatioF()
        size = max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)
        fitted = fitting_map(self.shown, self.view.placement, size)
        self.view.fit_zoom = fitted.zoom  # zoom commands ask for it
        place = self.view.placement
        return snapped(replace(fitted, zoom=place.zoom or fitted.zoom, pan=place.pan))

    def pixel_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return (column, row) of the source pixel under `at` (logical pixels, perhaps outside the image)."""
        view = self.view_map()
        if view is None:
            return None
        ratio = self.devicePixelRatioF()
        # the mouse names a screen pixel by its corner; its middle is what it points at
        x, y = view.to_image(int(at.x() * ratio) + 0.5, int(at.y() * ratio) + 0.5)
        return round(x), round(y)

    def window_in_use(self) -> Window | None:
        """Return the window that a drag starts from; None for colour."""
        return self._levels.window(self.shown.frame, self.view.window) if self.shown else None

    def value_span(self) -> float:
        """Return the range of values of the image on the screen."""
        return self._levels.span(self.shown.frame) if self.shown else 0.0

    @property
    def active(self) -> bool:
        return self.session.reader.view is self.view

    def activate(self) -> None:
        """Make this the active viewport, by the mouse."""
        self.keyboard_focus = False
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not self.active:
            self.session.reader.set(active=self.session.reader.views.index(self.view))

    # events

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        self.painting.paint()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        self.update()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        self.resolve()

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        self.prefetch(self.view.index)
        self.cine.follow()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow() and self.view.cine:
            self.view.set(cine=False)  # nobody looks: a loop that plays on would be a surprise (CHECKLIST B15)
        super().changeEvent(event)

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:
        self.keyboard_focus = event.reason() in _BY_KEY
        if self.keyboard_focus and not self.active:  # keys act on the viewport that has the ring
            self.session.reader.set(active=self.session.reader.views.index(self.view))
        self.update()

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        self.update()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        self.cursor_at = event.position()
        self.mouse.move(event)
        self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.mouse.release(event):
            self.menu_asked.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activate()
            self.session.reader.set(filled=not self.session.reader.filled)
        else:
            self.mouse.press(event)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        self.mouse.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QtGui.QContextMenuEvent) -> None:
        if (
            event.reason() == QtGui.QContextMenuEvent.Reason.Keyboard
        ):  # the mouse's menu comes at release, if it did not drag
            self.menu_asked.emit(self.mapToGlobal(self.rect().center()))
        event.accept()

    def enterEvent(self, event: QtGui.QEnterEvent) -> None:
        self.cursor_at = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.cursor_at = None
        self.update()

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:
        if dropped_key(event.mimeData()) is not None:
            self.drop_over = True
            event.acceptProposedAction()
            self.update()
        else:
            event.ignore()  # files are the window's business

    def dragLeaveEvent(self, event: QtGui.QDragLeaveEvent) -> None:
        self.drop_over = False
        self.update()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:
        self.drop_over = False
        key = dropped_key(event.mimeData())
        if key is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.activate()
        self.update()
        try:
            stack = self.session.opened.stack(key)
        except UserError:  # closed while it was dragged: nothing to show
            return
        show_stack(self.session, self.view, stack)
