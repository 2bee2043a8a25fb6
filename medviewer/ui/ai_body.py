"""What stands in the AI panel: the model, whether it may read, its answers, why, and how they came about."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from medviewer.app.session import Session
from medviewer.ui.ai_explain import Explaining
from medviewer.ui.ai_facts import HowRead
from medviewer.ui.ai_here import Here
from medviewer.ui.ai_model import Eligibility, ModelPicker, ReadButtons, fitting
from medviewer.ui.ai_result import Result
from medviewer.ui.arrange import column, fill, line, surface
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label


class AiBody(QScrollArea):
    """Scrolls where a window is too low for all of it."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hidden = self._make_hidden()
        self.picker = ModelPicker()
        self.picker.picked.connect(lambda name: commander.run("ai.model", name=name))
        self.eligibility = Eligibility(commander)
        self.read = ReadButtons(commander)
        self.result = Result(session, commander)
        self.explaining = Explaining(session, commander)
        self.how = HowRead(commander)
        self._lines = [line() for _ in range(3)]
        body = QWidget()
        layout = column(body, (16, 0, 16, 16))
        for widget, gap in (
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
            layout.addWidget(_Spaced(widget, gap))
        layout.addStretch(1)
        self.setWidget(body)
        surface(self.viewport(), "bg1")
        surface(body, "bg1")

    def _make_hidden(self) -> QWidget:
        self.why_hidden = Label("", 13, "text1", wrap=True)
        self.show_now = Button(translate("AiPanel", "Show AI"), icon="eye")
        self.show_now.clicked.connect(self._commander.act("ai.toggle"))
        holder = QWidget()
        fill(column(holder, spacing=12), self.why_hidden, self.show_now)
        return holder

    def set_compact(self, compact: bool) -> None:
        self.eligibility.set_compact(compact)
        self.how.set_compact(compact)

    def refresh(self) -> bool:
        """Take everything as it is; say whether AI says something here."""
        shown = self._session.reader.ai.shown
        here = Here.of(self._session)
        self.hidden.setVisible(not shown)
        if not shown or here.stack is None:
            self._why_hidden()
            for widget in (self.picker, self.eligibility, self.read, self.result, self.explaining, self.how):
                widget.hide()
            for divider in self._lines:
                divider.hide()
            return False
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
        return here.analysis is not None and here.read > 0

    def _why_hidden(self) -> None:
        key = self._commander.key("ai.toggle")
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
