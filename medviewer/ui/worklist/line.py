"""Widgets that show words of a file: one elided line, and lists of two-line items; never markup."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from medviewer.ui.worklist import brush
from medviewer.ui.worklist.words import as_tooltip


class Line(QWidget):
    """One line of foreign text, cut with an ellipsis; the whole of it is the tooltip and the accessible name."""

    def __init__(self, px: int = 13, colour: str = "text1", weight: int = 400, text: str = "") -> None:
        super().__init__()
        self._look = px, colour, weight
        self._text = ""
        self.setFixedHeight(max(round(px * 1.35 / 4) * 4, 16))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_colour(self, colour: str) -> None:
        """Draw it in another colour token."""
        self._look = self._look[0], colour, self._look[2]
        self.update()

    def sizeHint(self) -> QSize:
        px, _, weight = self._look
        return QSize(int(brush.text_width(self._text, px, weight)) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cut = self.sizeHint().width() > self.width() + 2
            QToolTip.showText(event.globalPos(), as_tooltip([self._text]) if cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        px, colour, weight = self._look
        brush.text(QPainter(self), QRectF(self.rect()), self._text, px, colour, weight)


@dataclass(frozen=True)
class Item:
    """Two lines with an icon or a number before them, and perhaps a word at the right."""

    first: str
    second: str = ""
    icon: str = ""
    number: str = ""
    right: str = ""
    colour: str = "text2"

    @property
    def words(self) -> str:
        return ", ".join(part for part in (self.number, self.first, self.second, self.right) if part)

    @property
    def height(self) -> int:
        return 44 if self.second else 32


def paint_item(painter: QPainter, box: QRectF, item: Item) -> None:
    """Draw an item into `box`."""
    left = box.left()
    middle = box.top() + (18 if item.second else box.height() / 2)
    if item.number:
        circle = QRectF(left, middle - 12, 24, 24)
        brush.round_box(painter, circle, 12, "bg3")
        brush.text(painter, circle, item.number, 12, "text1", 500, brush.CENTRE)
        left += 36
    elif item.icon:
        brush.icon(painter, left, middle, item.icon, 18, item.colour)
        left += 28
    right = box.right()
    if item.right:
        wide = min(brush.text_width(item.right, 12), box.width() * 0.4)
        brush.text(painter, QRectF(right - wide, middle - 9, wide, 18), item.right, 12, "text2", 400, brush.RIGHT)
        right -= wide + 12
    if not item.second:
        brush.text(painter, QRectF(left, middle - 9, right - left, 18), item.first, 13, "text1")
        return
    brush.text(painter, QRectF(left, box.top(), right - left, 18), item.first, 13, "text1", 500)
    brush.text(painter, QRectF(left, box.top() + 19, right - left, 16), item.second, 12, "text2")


class Items(QWidget):
    """A painted list of items; its height follows them."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()
        self.setFixedHeight(0)

    def show_items(self, items: Sequence[Item]) -> None:
        """Show these items."""
        if tuple(items) != self.items:
            self.items = tuple(items)
            self.setFixedHeight(sum(item.height for item in self.items))
            self.setAccessibleName("; ".join(item.words for item in self.items))
            self.update()

    def item_at(self, y: float) -> Item | None:
        """Return the item at a height."""
        top = 0.0
        for item in self.items:
            top += item.height
            if y < top:
                return item
        return None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item = self.item_at(event.pos().y())
            lines = [item.first, item.second, item.right] if item else []
            QToolTip.showText(event.globalPos(), as_tooltip(lines) if lines else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for item in self.items:
            paint_item(painter, QRectF(0, top, self.width(), item.height), item)
            top += item.height


class ItemButton(QAbstractButton):
    """An item that does something: a real button in the tab order."""

    def __init__(self) -> None:
        super().__init__()
        self.item = Item("")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_item(self, item: Item) -> None:
        """Show an item."""
        self.item = item
        self.setAccessibleName(item.words)
        self.setToolTip(as_tooltip([item.first, item.second, item.right]))
        self.setFixedHeight(item.height)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            edge = "accent" if self.hasFocus() else ""
            brush.round_box(painter, box.adjusted(1, 1, -1, -1), 6, "bg2", edge, 2)
        inset = 4 if self.item.second else 0
        paint_item(painter, box.adjusted(4, inset, -4, 0), self.item)


def head(text: str) -> Line:
    """Return the head of a section."""
    return Line(12, "text2", 600, text)
