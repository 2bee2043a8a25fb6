"""What stands in the AI panel: the model, whether it may read, its answers, why, and how they came about."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from medviewer.app.session import Session
from medviewer.core.study import Stack
from medviewer.ui.ai_explain import Explaining
from medviewer.ui.ai_facts import HowRead
from medviewer.ui.ai_here import Here
from medviewer.ui.ai_model import Eligibility, ModelPicker, ReadButtons, fitting
from medviewer.ui.ai_result import Result
from medviewer.ui.arrange import column, fill, line, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label


class AiBody(QScrollArea):
    """Scrolls where a window is too low for all of it. Empty until `build` has ended (`ready`)."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        self._layout = column(body, (16, 0, 16, 16))
        self.setWidget(body)
        surface(self.viewport(), "bg1")
        surface(body, "bg1")
        self._lines = [line() for _ in range(3)]
        self._compact = False
        self.ready = False

    def build(self, done: Callable[[], object]) -> None:
        """Make one part in each turn of the event loop, so that none of them holds it up; `done` follows."""
        parts = iter(self._parts())

        def next_part() -> None:
            part = next(parts, None)
            if part is not None:
                widget = _Spaced(*part)
                self._layout.addWidget(widget)
                widget.ensurePolished()
                next_turn(self, next_part)
                return
            self._layout.addStretch(1)
            self._hide_all()  # until the first update says what is to be seen
            self.hidden.hide()
            self.ready = True
            self.set_compact(self._compact)
            done()

        next_part()

    def _parts(self) -> Iterator[tuple[QWidget, int]]:
        """Make the parts from top to bottom, each with the gap under it."""
        session, commander = self._session, self._commander
        self.hidden = self._make_hidden()
        yield self.hidden, 12
        self.picker = ModelPicker()
        self.picker.picked.connect(lambda name: commander.run("ai.model", name=name))
        yield self.picker, 8
        self.eligibility = Eligibility(commander)
        yield self.eligibility, 12
        self.read = ReadButtons(commander)
        yield self.read, 12
        yield self._lines[0], 12
        self.result = Result(session, commander)
        yield self.result, 8
        yield self._lines[1], 12
        self.explaining = Explaining(session, commander)
        yield self.explaining, 12
        yield self._lines[2], 12
        self.how = HowRead(commander)
        yield self.how, 0

    def _make_hidden(self) -> QWidget:
        self.why_hidden = Label("", 13, "text1", wrap=True)
        self.show_now = Button(translate("AiPanel", "Show AI"), icon="eye")
        self.show_now.clicked.connect(self._commander.act("ai.toggle"))
        holder = QWidget()
        fill(column(holder, spacing=12), self.why_hidden, self.show_now)
        return holder

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        if self.ready:
            self.eligibility.set_compact(compact)
            self.how.set_compact(compact)

    def updates(self) -> tuple[list[Callable[[], object]], bool]:
        """Return what brings each part up to date, to be done in that order, and whether AI says something here."""
        shown, covered = self._session.reader.ai.shown, self._session.opinions.covered
        here = Here.of(self._session)
        stack = here.stack
        self.hidden.setVisible(not shown)
        if stack is None or not (shown or covered):
            return [self._hide_all], False
        said = shown and here.analysis is not None and here.read > 0
        return [
            lambda: self.picker.show_models(fitting(self._session, stack), here.model),
            lambda: self.eligibility.show_verdict(here.verdict, here.confirmed),
            lambda: self._show_reading(here, stack),
            *(self._show_answers(here) if shown else [self._hide_answers]),
        ], said

    def _show_reading(self, here: Here, stack: Stack) -> None:
        """Show which model may read, and let it be asked: also while its answers are hidden."""
        self.picker.show()
        self.eligibility.show()
        self.read.refresh(here, stack)

    def _show_answers(self, here: Here) -> list[Callable[[], object]]:
        """Return what shows each part of the answers, with the divider over it."""

        def show(divider: QWidget, part: Result | Explaining | HowRead) -> None:
            part.refresh(here)
            divider.setVisible(not part.isHidden())

        parts: tuple[Result | Explaining | HowRead, ...] = (self.result, self.explaining, self.how)
        return [partial(show, divider, part) for divider, part in zip(self._lines, parts, strict=True)]

    def _hide_all(self) -> None:
        self._hide_answers()
        for widget in (self.picker, self.eligibility, self.read):
            widget.hide()

    def _hide_answers(self) -> None:
        self._why_hidden()
        for widget in (self.result, self.explaining, self.how, *self._lines):
            widget.hide()

    def _why_hidden(self) -> None:
        key, covered = self._commander.key("ai.toggle"), self._session.opinions.covered
        words = translate("AiPanel", "AI hidden. Press {0} to show.")
        if self._session.settings.get("ai.show") == "all_seen":
            words = translate("AiPanel", "Hidden until you have seen every slice. Press {0} to show it now.")
        if covered:
            words = translate("AiPanel", "Hidden until you have given your opinion (policy for this model).")
        self.why_hidden.setText(words.format(key))
        self.show_now.setVisible(not covered)


class _Spaced(QWidget):
    """A widget with a gap under it; gone when the widget is hidden."""

    def __init__(self, widget: QWidget, gap: int) -> None:
        super().__init__()
        layout = column(self, (0, 0, 0, gap))
        layout.addWidget(widget)
        widget.installEventFilter(self)
        if widget.isHidden():
            self.hide()  # never `show` here: without a parent it would be a window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShowToParent:
            self.show()
        elif event.type() == QEvent.Type.HideToParent:
            self.hide()
        return False
