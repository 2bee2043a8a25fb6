"""Entries of the left column: a list with its count, a modality with its tick, and where files can be dropped."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush
from medviewer.ui.worklist.words import as_tooltip

#: Heights of an entry, of one in the narrow column, of a tick, and of the drop zone.
ENTRY, NARROW_ENTRY, TICK, DROP = 36, 48, 32, 108


class Entry(QAbstractButton):
    """Icon, words and a count; the one that is shown carries a bar at its left, and says so."""

    def __init__(self, icon: str, text: str, colour: str = "text2") -> None:
        super().__init__()
        self._icon, self._colour = icon, colour
        self.count: int | None = None
        self.narrow = False
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(ENTRY)
        self._say()

    def set_narrow(self, narrow: bool) -> None:
        """Put the count under the icon, and the words into the tooltip."""
        self.narrow = narrow
        self.setFixedHeight(NARROW_ENTRY if narrow else ENTRY)
        self._say()

    def show_count(self, count: int | None) -> None:
        """Show how many studies are in the list; None: not known yet."""
        if count != self.count:
            self.count = count
            self._say()
            self.update()

    def _say(self) -> None:
        words = self.text() if self.count is None else f"{self.text()}, {self.count}"
        self.setAccessibleName(words)
        self.setToolTip(as_tooltip([words]) if self.narrow else "")

    def nextCheckState(self) -> None:
        """Leave it to the worklist which list is shown."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        paint_frame(painter, box, self)
        on = self.isChecked()
        colour = "text1" if on and self._colour == "text2" else self._colour
        count = "" if self.count is None else str(self.count)
        if self.narrow:
            brush.icon(painter, box.center().x() - 10, box.top() + 16, self._icon, 20, colour)
            line = QRectF(box.left(), box.top() + 27, box.width(), 16)
            brush.text(painter, line, count, 12, "text1" if on else "text2", 400, brush.CENTRE)
            return
        brush.icon(painter, 20, box.center().y(), self._icon, 18, colour)
        wide = brush.text_width(count, 12)
        room = QRectF(48, 0, box.width() - 48 - 20 - wide - 8, box.height())
        brush.text(painter, room, self.text(), 13, "text1" if on else "text2", 500 if on else 400)
        right = QRectF(box.width() - 20 - wide, 0, wide, box.height())
        brush.text(painter, right, count, 12, "text2", 400, brush.RIGHT)


def paint_frame(painter: QPainter, box: QRectF, button: QAbstractButton) -> None:
    """Draw what stands behind an entry: chosen, under the mouse, or with the keyboard."""
    on, focus = button.isChecked(), button.hasFocus()
    frame = box.adjusted(8.5, 1.5, -8.5, -1.5)
    if on or button.underMouse() or focus:
        brush.round_box(painter, frame, 6, "bg3" if on else "bg2", "accent" if focus else "", 2)
    if on:
        brush.round_box(painter, QRectF(box.left() + 8, box.top() + 8, 3, box.height() - 16), 1.5, "accent")


class Tick(QAbstractButton):
    """A modality that may be shown or not, with its count."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.count = 0
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(TICK)

    def show_count(self, count: int) -> None:
        """Show how many studies have this modality."""
        self.count = count
        self.setAccessibleName(translate("Worklist", "Show {0}, {1} studies").format(self.text(), count))
        self.update()

    def nextCheckState(self) -> None:
        """Leave it to the worklist what is shown."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        focus, on = self.hasFocus(), self.isChecked()
        if self.underMouse() or focus:
            frame = box.adjusted(8.5, 1.5, -8.5, -1.5)
            brush.round_box(painter, frame, 6, "bg2", "accent" if focus else "", 2)
        square = QRectF(20.5, box.center().y() - 7.5, 15, 15)
        brush.round_box(painter, square, 4, "accent_bg" if on else "bg0", "accent" if on else "edge")
        if on:
            brush.icon(painter, 22, box.center().y(), "check", 12, "accent")
        count = str(self.count)
        wide = brush.text_width(count, 12)
        room = QRectF(48, 0, box.width() - 48 - 20 - wide - 8, box.height())
        brush.text(painter, room, self.text(), 13, "text1" if on else "text2")
        right = QRectF(box.width() - 20 - wide, 0, wide, box.height())
        brush.text(painter, right, count, 12, "text2", 400, brush.RIGHT)


class DropHere(QAbstractButton):
    """A dashed frame: a drop anywhere on the page adds studies, and a click here asks for files."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(translate("Worklist", "Drop DICOM files, pictures or a folder"))
        self.stay = translate("Worklist", "They stay where they are, on this computer")
        self.setAccessibleName(f"{self.text()}. {self.stay}.")
        self.setToolTip(translate("Worklist", "Drop files here, or click to choose them"))
        self.setFixedHeight(DROP)

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone."""
        self.narrow = narrow
        self.setFixedHeight(48 if narrow else DROP)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        lit = self.hasFocus() or self.underMouse()
        brush.dashed_box(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), 8, "accent" if lit else "edge", "bg0")
        if self.narrow:
            brush.icon(painter, box.center().x() - 10, box.center().y(), "upload-simple", 20)
            return
        brush.icon(painter, box.center().x() - 10, 20, "upload-simple", 20)
        brush.wrapped(painter, QRectF(8, 32, box.width() - 16, 36), self.text(), 13, "text1", 500)
        brush.wrapped(painter, QRectF(8, 68, box.width() - 16, 34), self.stay, 12, "text2")
