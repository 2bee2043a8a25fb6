"""F6: walking over the regions of the window by keyboard."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def next_region(regions: Sequence[QWidget], step: int, own_way: dict[QWidget, Callable[[], object]]) -> None:
    """Give the keyboard to the region after (or before) the one that has it.

    `own_way` says for a region how it takes the keyboard; others give it to the first control in tab order.
    """
    focus = QApplication.focusWidget()
    inside = [focus is not None and (r is focus or r.isAncestorOf(focus)) for r in regions]
    here = inside.index(True) if True in inside else 0
    for n in range(1, len(regions) + 1):
        region = regions[(here + step * n) % len(regions)]
        if region in own_way:
            own_way[region]()
            return
        if (first := first_focus(region)) is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
            return


def first_focus(region: QWidget) -> QWidget | None:
    """Return the first widget of `region`, or itself, that the Tab key would reach, in tab order."""
    if _takes(region):
        return region
    widget = region.nextInFocusChain()
    while widget is not None and widget is not region:
        if _takes(widget) and region.isAncestorOf(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None


def _takes(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.isVisible()
