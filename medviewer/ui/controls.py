"""Buttons, segments and folds: real Qt controls with a tooltip, an accessible name and a place in the tab order."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractSpinBox, QButtonGroup, QFrame, QLineEdit, QPushButton, QToolButton, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import column, row
from medviewer.ui.theme import font


class IconButton(QToolButton):
    """A button that is only an icon: it always has a tooltip and an accessible name. No focus by mouse."""

    def __init__(
        self, icon: str, name: str, *, size: int = 20, side: int = 32, checkable: bool = False, colour: str = "text2"
    ) -> None:
        super().__init__()
        self._look = icon, size, colour
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(size, size))
        self.setFixedSize(side, side)
        self.setCheckable(checkable)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.retheme()

    def retheme(self) -> None:
        name, size, colour = self._look
        self.setIcon(theme.icon(name, size, colour, "accent"))

    def show_icon(self, name: str, colour: str = "text2") -> None:
        self._look = name, self._look[1], colour
        self.retheme()

    def describe(self, name: str, key: str = "", reason: str = "") -> None:
        """Set tooltip and accessible name: what it does, its key, and why it cannot be used now."""
        self.setAccessibleName(name)
        self.setToolTip(name + (f"  ({key})" if key else "") + (f"\n{reason}" if reason else ""))


class Button(QPushButton):
    """A button with words. `kind`: "" (outline), "primary", "large", "danger", "link". No focus by mouse."""

    def __init__(self, text: str, kind: str = "", icon: str = "", colour: str = "text1") -> None:
        super().__init__()
        self._look = icon, colour
        self.setText(text)
        if kind:
            self.setProperty("kind", kind)
        weight = 600 if kind == "primary" else 500
        self.setFont(font(14 if kind in ("primary", "large") else 12 if kind in ("link", "quiet") else 13, weight))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.retheme()

    def setText(self, text: str) -> None:
        super().setText(f" {text}" if self._look[0] and text else text)  # the space is the gap that Qt does not leave

    def retheme(self) -> None:
        name, colour = self._look
        if name:
            self.setIconSize(QSize(16, 16))
            self.setIcon(theme.icon(name, 16, colour))


class Segments(QFrame):
    """One of a few words, built from real buttons; `chosen` carries the value."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setProperty("segment", True)
        self.setAccessibleName(name)
        self.setFixedHeight(34)
        layout = row(self, margins=(3, 3, 3, 3), spacing=2)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for value, text in choices:
            button = QPushButton(text)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setFont(font(12, 500))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"{name}: {text}")
            button.clicked.connect(lambda _=False, v=value: self.chosen.emit(v))
            self._group.addButton(button)
            self.buttons[value] = button
            layout.addWidget(button, 1)

    def show_value(self, value: str) -> None:
        for name, button in self.buttons.items():
            button.setChecked(name == value)


class Fold(QWidget):
    """A head that opens and closes what is under it."""

    def __init__(self, title: str, body: QWidget, *, open_: bool = True, right: QWidget | None = None) -> None:
        super().__init__()
        layout = column(self)
        self.head = QPushButton(title)
        self.head.setProperty("kind", "fold")
        self.head.setFont(font(12, 600))
        self.head.setCheckable(True)
        self.head.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.head.toggled.connect(self._toggled)
        self.body = body
        bar = QWidget()
        bar_layout = row(bar, spacing=4)
        bar_layout.addWidget(self.head, 1)
        if right is not None:
            bar_layout.addWidget(right)
        layout.addWidget(bar)
        layout.addWidget(body)
        self.head.setChecked(open_)
        self._toggled(open_)

    def retheme(self) -> None:
        self._toggled(self.head.isChecked())

    def set_open(self, open_: bool) -> None:
        self.head.setChecked(open_)

    def _toggled(self, open_: bool) -> None:
        self.body.setVisible(open_)
        self.head.setIconSize(QSize(12, 12))
        self.head.setIcon(theme.icon("caret-down" if open_ else "caret-right", 12, "text2"))


class Clickable(QWidget):
    """A bare area that says when it is clicked."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


def on_click(button: QPushButton | QToolButton, act: Callable[[], object]) -> None:
    """Call `act` without Qt's `checked` argument."""
    button.clicked.connect(lambda _checked=False: act())


def padded(box: QAbstractSpinBox) -> None:
    """Give the number in a spin box the left margin of a text field (a style sheet cannot)."""
    if edit := box.findChild(QLineEdit):
        edit.setTextMargins(6, 0, 0, 0)
