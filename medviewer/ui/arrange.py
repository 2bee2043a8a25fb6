"""Laying out: rows, columns, gaps, dividers and surfaces, without Qt's own margins."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from medviewer.ui import theme
from medviewer.ui.bridge import next_turn

Item = QWidget | int | None
Inner = TypeVar("Inner", bound=QLayout)


def surface(widget: QWidget, name: str) -> QWidget:
    """Give `widget` a background (and edge lines) of the style sheet, by name; return it."""
    widget.setProperty("surface", name)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def column(
    parent: QWidget | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0
) -> QVBoxLayout:
    """Return a column layout (of `parent`) without Qt's own gaps."""
    layout = QVBoxLayout(parent) if parent else QVBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def row(
    parent: QWidget | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0
) -> QHBoxLayout:
    """Return a row layout (of `parent`) without Qt's own gaps."""
    layout = QHBoxLayout(parent) if parent else QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def fill(layout: QBoxLayout, *items: Item) -> QBoxLayout:
    """Add widgets (in the middle across a row), numbers as gaps and None as stretch; return the layout."""
    across = isinstance(layout, QHBoxLayout)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif across:
            layout.addWidget(item, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            layout.addWidget(item)
    return layout


def put_inside(layout: QBoxLayout, inner: Inner, stretch: int = 0) -> Inner:
    """Put a layout that is still empty into another one; return it, to be filled.

    PySide6 6.11 makes a Python object of each item that is in a layout when it is put into another one, and keeps it
    when Qt deletes the item, as it does when a widget goes elsewhere. The next object of Qt at the same address is
    then taken for that item: `menu.addAction()` returned a QWidgetItem, and its end was the end of the process.
    """
    assert not inner.count()
    layout.addLayout(inner, stretch)
    return inner


def in_row(
    *items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0), grow: QWidget | None = None
) -> QWidget:
    """Return a widget with `items` beside each other; `grow` comes last and takes the room that is left."""
    holder = QWidget()
    layout = row(holder, margins, spacing)
    fill(layout, *items)
    if grow is not None:
        layout.addWidget(grow, 1)
    return holder


@contextmanager
def at_once(layout: QLayout) -> Iterator[None]:
    """Show and hide many parts of a layout, then lay out once: Qt lays out everything around a part at each `show`."""
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.invalidate()
        layout.activate()
        inner: QWidget | None = layout.parentWidget()
        while inner is not None and inner.isVisible() and not inner.isWindow():
            inner = inner.parentWidget()
            outer = inner.layout() if inner is not None else None
            if outer is not None:
                outer.activate()  # now: nothing must be painted in the room that it had


def unveil(parts: Sequence[QWidget]) -> None:
    """Paint parts that come to the screen together one in each turn of the event loop, the first one at once."""
    waiting = [part for part in parts[1:] if part.updatesEnabled()]
    for part in waiting:
        part.setUpdatesEnabled(False)

    def next_part() -> None:
        if waiting:
            waiting.pop(0).setUpdatesEnabled(True)
            next_turn(parts[0], next_part)

    if waiting:
        next_turn(parts[0], next_part)


def parts_of(widget: QWidget) -> list[QWidget]:
    """Return what stands in a widget's layout, the largest first."""
    layout = widget.layout()
    parts = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    found = [part for part in parts if layout is not None and layout.indexOf(part) >= 0]  # no itemAt: see put_inside
    return sorted(found, key=lambda part: -part.width() * part.height())


def line(vertical: bool = False, length: int | None = None) -> QWidget:
    """Return a divider, 1 px."""
    widget = _Line()
    if vertical:
        widget.setFixedSize(1, length or 16)
    else:
        widget.setFixedHeight(1)
    return widget


class _Line(QWidget):
    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("line"))
