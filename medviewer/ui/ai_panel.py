"""The panel at the right: everything that is said by a model, in one place, with the way to hide it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from medviewer.app.session import Session
from medviewer.ui import theme
from medviewer.ui.ai_explain import Explaining
from medviewer.ui.ai_facts import HowRead
from medviewer.ui.ai_here import Here
from medviewer.ui.ai_model import Eligibility, ModelPicker, ReadButtons, fitting
from medviewer.ui.ai_result import Result
from medviewer.ui.arrange import column, fill, in_row, line, surface
from medviewer.ui.bridge import MainThread
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import PANEL, PANEL_NARROW
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Keycap, Label


class AiPanel(QWidget):
    """348 px wide, 300 in a small window. `refresh` may be called as often as one likes: it runs once a turn."""

    def __init__(self, session: Session, commander: Commander, bridge: MainThread) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        surface(self, "right")
        self.setAccessibleName(translate("AiPanel", "AI panel"))
        layout = column(self)
        layout.addWidget(self._make_head())
        self.none = Label(translate("AiPanel", "Open a series to read it with a model."), 13, "text2", wrap=True)
        self.hidden = self._make_hidden()
        self.picker = ModelPicker()
        self.picker.picked.connect(lambda name: commander.run("ai.model", name=name))
        self.eligibility = Eligibility(commander)
        self.read = ReadButtons(commander)
        self.result = Result(session, commander)
        self.explaining = Explaining(session, commander)
        self.how = HowRead(commander)
        self._lines = [line() for _ in range(3)]
        self.body = QWidget()
        self._body = column(self.body, (16, 0, 16, 16))
        for widget, gap in (
            (self.none, 0),
            (self.hidden, 0),
            (self.picker, 8),
            (self.eligibility, 12),
            (self.read, 16),
            (self._lines[0], 16),
            (self.result, 16),
            (self._lines[1], 16),
            (self.explaining, 16),
            (self._lines[2], 12),
            (self.how, 0),
        ):
            fill(self._body, _Spaced(widget, gap))
        self._body.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(self.body)
        surface(self.scroll_area.viewport(), "bg1")
        surface(self.body, "bg1")
        layout.addWidget(self.scroll_area, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._refresh)
        bridge.connect(session.analyses.changed, lambda _a: self.refresh(), latest=True)
        bridge.connect(session.analyses.explained, lambda _e: self.refresh(), latest=True)
        self.set_compact(False)
        self._refresh()

    def _make_head(self) -> QWidget:
        self.title = Label(translate("AiPanel", "AI, unverified"), 15, "text1", 600)
        self.eye = Button("", "quiet", icon="eye", colour="text2")
        self.eye.clicked.connect(self._commander.act("ai.toggle"))
        self.key = Keycap(self._commander.key("ai.toggle"))
        parts = (Icon("sparkle", 20, "ai"), self.title, None, self.eye, self.key)
        head = in_row(*parts, spacing=8, margins=(16, 8, 16, 8))
        head.setFixedHeight(44)
        return head

    def _make_hidden(self) -> QWidget:
        self.why_hidden = Label("", 13, "text1", wrap=True)
        self.show_now = Button(translate("AiPanel", "Show AI"), icon="eye")
        self.show_now.clicked.connect(self._commander.act("ai.toggle"))
        holder = QWidget()
        fill(column(holder, spacing=12), self.why_hidden, self.show_now)
        return holder

    def set_compact(self, compact: bool) -> None:
        """Fold from the bottom: how it was read, then the details of eligibility."""
        self.setFixedWidth(PANEL_NARROW if compact else PANEL)
        self.eligibility.set_compact(compact)
        self.how.set_compact(compact)

    def refresh(self) -> None:
        """Take everything as it is, soon."""
        if not self._soon.isActive():
            self._soon.start()

    def _refresh(self) -> None:
        shown = self._session.reader.ai.shown
        here = Here.of(self._session)
        there = here.stack is not None
        said = shown and here.analysis is not None and here.read > 0
        self.title.setText(translate("AiPanel", "AI, unverified") if said else translate("AiPanel", "AI"))
        self._head_state(shown)
        self.hidden.setVisible(not shown)
        self.none.setVisible(shown and not there)
        content = (self.picker, self.eligibility, self.read, self.result, self.explaining, self.how)
        if not shown or here.stack is None:
            for widget in (*content, *self._lines):
                widget.hide()
            return
        self.picker.show()
        self.picker.show_models(fitting(self._session, here.stack), here.model)
        self.eligibility.show()
        self.eligibility.show_verdict(here.verdict, here.confirmed)
        self.read.refresh(here, here.stack)
        self.result.refresh(here)
        self.explaining.refresh(here)
        self.how.refresh(here)
        for divider, below in zip(self._lines, (self.result, self.explaining, self.how), strict=True):
            divider.setVisible(not below.isHidden())

    def _head_state(self, shown: bool) -> None:
        key = self._commander.key("ai.toggle")
        self.eye.setText(translate("AiPanel", "Shown") if shown else translate("AiPanel", "Hidden"))
        self.eye.setIcon(theme.icon("eye" if shown else "eye-slash", 16, "text2"))
        self.eye.setToolTip(
            translate("AiPanel", "Hide AI ({0})").format(key)
            if shown
            else translate("AiPanel", "Show AI ({0})").format(key)
        )
        look_first = self._session.settings.get("ai.show") == "all_seen"
        hidden = translate("AiPanel", "AI hidden. Press {0} to show.").format(key)
        unseen = translate("AiPanel", "Hidden until you have seen every slice. Press {0} to show it now.").format(key)
        self.why_hidden.setText(unseen if look_first else hidden)


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
