"""The worklist page on a list by hand, with hands for mouse and keys."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from medviewer.app.worklist import StudyRow
from medviewer.ui.bridge import MainThread
from medviewer.ui.worklist.columns import ROW_HEIGHT
from medviewer.ui.worklist.line import Line
from medviewer.ui.worklist.page import WorklistPage
from medviewer.ui.worklist.table import RowTable
from tests.ui import fakes_worklist as fakes
from tests.ui.shell import application, until

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
#: The menus of a screen that is none say what they cannot do.
NO_WINDOWS = pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)
#: What top bar, jobs and status take of a window's height.
FRAME = 112


def said(widget: QWidget) -> str:
    """Every word that can be seen in a widget."""
    parts = [w for w in widget.findChildren(QWidget) if isinstance(w, QLabel | Line) and w.isVisible()]
    return "\n".join(part.text() for part in parts if part.text())


class Bench:
    """A page of its own window; what a test does to it goes through events."""

    def __init__(self, rows: Sequence[StudyRow], size: tuple[int, int] = (1920, 1080)) -> None:
        application()
        self.desk = fakes.Desk(rows)
        self.hand = fakes.Hand(self.desk)
        self.bridge = MainThread()
        self.page = WorklistPage(self.hand, self.bridge)  # type: ignore[arg-type]
        self.page.resize(size[0], size[1] - FRAME)
        self.page.set_width(size[0])
        made: list[bool] = []
        self.page.show()
        self.page.build(lambda: made.append(True))
        until(lambda: made, what="the page is not made")
        self.page.activateWindow()
        until(self.page.isActiveWindow)
        self.page.focus_list()
        self.settle()

    @property
    def work(self) -> fakes.List:
        return self.desk.worklist

    @property
    def table(self) -> RowTable:
        return self.page.card.table

    @property
    def ran(self) -> list[tuple[str, dict[str, Any]]]:
        return self.hand.done

    def reset(self, rows: Sequence[StudyRow]) -> "Bench":
        """Let everything be as at the start, with these rows."""
        desk, page = self.desk, self.page
        self.table.moving.forget()
        self.hand.done.clear()
        self.hand.blocked.clear()
        desk.reader.set(names_hidden=False)
        desk.settings.set("triage.watch_folder", "")
        desk.triage.skipped, desk.triage.watch_problem = (), ""
        desk.pictures.made.clear()
        desk.opinions.here = None
        self.work.start()
        self.work.put(rows)
        page.side.search.clear()
        QTest.keyClick(page.side.search, Qt.Key.Key_Return)  # searches at once, not after the pause
        page.previewing = False
        self.resize(1920, 1080)
        page.show()
        page.activateWindow()
        until(page.isActiveWindow)
        self.table.verticalScrollBar().setValue(0)
        page.refresh()
        page.focus_list()
        self.settle()
        self.hand.done.clear()
        self.work.followed = True
        return self

    def settle(self) -> None:
        until(lambda: not self.bridge._waiting and not self.page.behind)
        QTest.qWait(5)

    def resize(self, width: int, height: int) -> None:
        self.page.resize(width, height - FRAME)
        self.page.set_width(width)
        self.settle()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Type letters; those that no key has come from an input method."""
        widget = QApplication.focusWidget() or self.page
        if text.isascii():
            QTest.keyClicks(widget, text)
            return
        done = QInputMethodEvent("", [])
        done.setCommitString(text)
        QApplication.sendEvent(widget, done)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible(), f"{widget.accessibleName() or widget} cannot be seen"
        QTest.mouseClick(widget, LEFT, pos=at or widget.rect().center())
        self.settle()

    def at(self, place: int, x: int = 300) -> QPoint:
        """The middle of a row, in the list's viewport."""
        return QPoint(x, self.table.rowViewportPosition(place) + ROW_HEIGHT // 2)

    def click_row(self, place: int, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseClick(self.table.viewport(), button, pos=self.at(place))
        self.settle()

    def press(self, at: QPoint) -> None:
        QTest.mousePress(self.table.viewport(), LEFT, pos=at)

    def move(self, at: QPoint) -> None:
        """Move the mouse with its left button held."""
        viewport = self.table.viewport()
        where = QPointF(at), QPointF(viewport.mapToGlobal(at))
        QApplication.sendEvent(
            viewport, QMouseEvent(QEvent.Type.MouseMove, *where, Qt.MouseButton.NoButton, LEFT, NONE)
        )

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.table.viewport(), LEFT, pos=at)
        self.settle()

    def lift(self, place: int, to: int, below: int = 0) -> QPoint:
        """Take a row and hold it over another place; return where the mouse is."""
        start, end = self.at(place), self.at(to) + QPoint(0, below)
        self.press(start)
        for step in range(1, 6):
            self.move(start + (end - start) * step / 5)
        return end

    def wheel(self, notches: int) -> None:
        viewport = self.table.viewport()
        at = QPointF(viewport.rect().center())
        event = QWheelEvent(
            at, QPointF(viewport.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120 * notches),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def menu(self) -> QMenu:
        """The menu that is open."""
        menus = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
        assert len(menus) == 1
        return menus[0]

    def close(self) -> None:
        self.bridge.close()
        self.page.close()
        self.page.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def bench(rows: Sequence[StudyRow] = (), size: tuple[int, int] = (1920, 1080)) -> Iterator[Bench]:
    made = Bench(rows, size)
    try:
        yield made
    finally:
        made.close()
