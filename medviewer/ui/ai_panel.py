"""The panel at the right: everything that is said by a model, in one place, with the way to hide it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import column, in_row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import PANEL, PANEL_NARROW
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Keycap, Label

if TYPE_CHECKING:
    from medviewer.ui.ai_body import AiBody
    from medviewer.ui.ai_opinion import OpinionSection
    from medviewer.ui.bridge import MainThread


class AiPanel(QWidget):
    """348 px wide, 300 in a small window. What it says comes with the session (`attach`)."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        self._compact = False
        self.body: AiBody | None = None  # None until all of it is there
        self.opinion: OpinionSection | None = None  # comes after the body, at the panel's foot
        surface(self, "right")
        self.setAccessibleName(translate("AiPanel", "AI panel"))
        self._column = column(self)
        self._column.addWidget(self._make_head())
        self.none = Label(translate("AiPanel", "Open a series to read it with a model."), 13, "text2", wrap=True)
        self.none.setContentsMargins(16, 0, 16, 0)
        self._column.addWidget(self.none)
        self._column.addStretch(1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._refresh)
        self._updates: list[Callable[[], object]] = []
        self._first, self._count = 0, 0  # which of all of them came first, and how many they are
        self._step = QTimer(self)
        self._step.setInterval(0)
        self._step.timeout.connect(self._next_update)
        self.set_compact(False)
        self._head_state(True, False)

    def _make_head(self) -> QWidget:
        self.title = Label(translate("AiPanel", "AI"), 15, "text1", 600)
        self.eye = Button("", "quiet", icon="eye", colour="text2")
        self.eye.clicked.connect(self._commander.act("ai.toggle"))
        self.key = Keycap(self._commander.key("ai.toggle"))
        parts = (Icon("sparkle", 20, "ai"), self.title, None, self.eye, self.key)
        head = in_row(*parts, spacing=8, margins=(16, 8, 16, 8))
        head.setFixedHeight(44)
        return head

    def attach(self, bridge: "MainThread") -> None:
        """Hear of answers."""
        session = self._commander.session
        bridge.connect(session.analyses.changed, lambda _a: self.refresh(), latest=True)
        bridge.connect(session.analyses.explained, lambda _e: self.refresh(), latest=True)
        bridge.connect(session.opinions.changed, lambda _i: self.refresh(), latest=True)
        bridge.connect(session.page_changed, lambda _page: self.refresh(), latest=True)
        self._make_body()

    def _make_body(self) -> None:
        from medviewer.ui.ai_body import AiBody

        body = AiBody(self._commander.session, self._commander)
        body.set_compact(self._compact)
        body.hide()
        self._column.insertWidget(2, body, 1000)

        def made() -> None:
            self.body = body
            body.set_compact(self._compact)  # the window may have been resized meanwhile
            body.show()
            self.refresh()
            next_turn(self, self._make_opinion)

        body.build(made)

    def _make_opinion(self) -> None:
        from medviewer.ui.ai_opinion import OpinionSection

        self.opinion = OpinionSection(self._commander.session, self._commander)
        self.opinion.set_compact(self._compact)
        self._column.addWidget(self.opinion)
        self.refresh()

    def set_compact(self, compact: bool) -> None:
        """Fold from the bottom: how it was read, then the details of eligibility."""
        self._compact = compact
        self.setFixedWidth(PANEL_NARROW if compact else PANEL)
        if self.body is not None:
            self.body.set_compact(compact)
        if self.opinion is not None:
            self.opinion.set_compact(compact)
            self.refresh()

    def refresh(self) -> None:
        """Take everything as it is, soon (once a turn of the event loop, however often it is called)."""
        if not self._soon.isActive() and self._commander.ready:
            self._soon.start()

    def _refresh(self) -> None:
        session = self._commander.session
        shown, there = session.reader.ai.shown, session.reader.view.stack is not None
        self.none.setVisible(shown and not there)
        said = False
        if self.body is not None:
            updates, said = self.body.updates()
            if self.opinion is not None:
                updates.append(self._refresh_opinion)
            self._take(updates)
        self._head_state(shown, said)

    def _take(self, updates: list[Callable[[], object]]) -> None:
        """Begin with these where the last ones have come: many changes after each other leave no part out."""
        same = bool(self._updates) and len(updates) == self._count
        self._first = (self._first + self._count - len(self._updates)) % self._count if same else 0
        self._count = len(updates)
        self._updates = updates[self._first :] + updates[: self._first]
        self._step.start()

    def _refresh_opinion(self) -> None:
        from medviewer.ui.ai_here import Here

        if self.opinion is not None:
            self.opinion.refresh(Here.of(self._commander.session))

    def _next_update(self) -> None:
        """Bring one part up to date in each turn of the event loop; a newer refresh begins where this one has come."""
        if self._updates:
            self._updates.pop(0)()
        else:
            self._step.stop()

    def _head_state(self, shown: bool, said: bool) -> None:
        """Say whether AI is shown, and "unverified" as soon as it has said something."""
        key = self._commander.key("ai.toggle")
        self.title.setText(translate("AiPanel", "AI, unverified") if said else translate("AiPanel", "AI"))
        self.eye.setText(translate("AiPanel", "Shown") if shown else translate("AiPanel", "Hidden"))
        self.eye.setIcon(theme.icon("eye" if shown else "eye-slash", 16, "text2"))
        hide, show = translate("AiPanel", "Hide AI ({0})"), translate("AiPanel", "Show AI ({0})")
        self.eye.setToolTip((hide if shown else show).format(key))
        self.key.set_text(key)
