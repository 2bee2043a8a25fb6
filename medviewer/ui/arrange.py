"""Laying out: rows, columns, gaps, dividers and surfaces, without Qt's own margins."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from medviewer.ui import theme

Item = QWidget | int | None


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
