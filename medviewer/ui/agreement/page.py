"""The agreement page: it asks the library, says why there is nothing to show, or fills its two cards."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from medviewer.app.opinions import AgreementRow, OpinionRecord
from medviewer.core.errors import sentence_for
from medviewer.ui.agreement.cards import ModelsCard, OpinionsCard
from medviewer.ui.agreement.look import Found, Wish, look
from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.bridge import next_turn
from medviewer.ui.controls import Button
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

#: Words instead of the tables come only if the library takes longer than this.
SLOW_MS = 1000
#: While others write all the time, the library is looked at no more often than this.
CALM_MS = 300


class AgreementPage(QWidget):
    """Empty until `build` has ended. Everything on it comes from `session.shelf`; opening goes through commands."""

    def __init__(self, commander: Commander, bridge: "MainThread") -> None:
        super().__init__()
        self._commander, self._bridge = commander, bridge
        self._wish = Wish()
        self._found: Found | None = None
        self._fresh: Found | None = None  # newer than what is shown, waits until it is asked for
        self._looking, self._again, self._wanted = False, False, False
        self.ready = False
        surface(self, "bg0")
        self.setAccessibleName(translate("Agreement", "Agreement"))
        self._layout = column(self, (24, 20, 24, 24), 16)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(lambda: self._say_instead(translate("Agreement", "Reading the library")))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(CALM_MS)
        self._later.timeout.connect(self._look)

    # -- making

    def build(self, done: Callable[[], object]) -> None:
        """Make one part in each turn of the event loop; `done` follows."""
        parts = iter(self._parts())

        def next_part() -> None:
            part = next(parts, None)
            if part is not None:
                self._layout.addWidget(part, 0 if part in (self.head, getattr(self, "models", None)) else 1)
                part.ensurePolished()
                next_turn(self, next_part)
                return
            self.ready = True
            self._connect()
            self.refresh()
            done()

        next_part()

    def _parts(self) -> Iterator[QWidget]:
        self.head = self._make_head()
        yield self.head
        self.instead = self._make_instead()
        yield self.instead
        self.models = ModelsCard()
        self.models.chosen.connect(self._model_chosen)
        yield self.models
        self.opinions = OpinionsCard()
        self.opinions.wished.connect(self._filter)
        self.opinions.opened.connect(self._open)
        yield self.opinions

    def _make_head(self) -> QWidget:
        title = Label(translate("Agreement", "Agreement"), 22, "text1", 600)
        about = Label(translate("Agreement", "What readers thought of what models said"), 13, "text2", elide=True)
        self.show_new = Button(translate("Agreement", "There are newer opinions. Show them"), "link")
        self.show_new.clicked.connect(self._show_fresh)
        self.show_new.hide()
        head = in_row(title, spacing=12, grow=about)
        fill(head.layout(), self.show_new)  # type: ignore[arg-type]
        return head

    def _make_instead(self) -> QWidget:
        """Make what stands here while there is nothing to show: one sentence and one way on."""
        self.instead_icon = Icon("info", 24, "text2")
        self.instead_words = Label("", 14, "text1", wrap=True)
        self.instead_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.instead_words.setFixedWidth(480)
        self.to_worklist = Button(translate("Agreement", "Go to the worklist"), "large", icon="arrow-right")
        self.to_worklist.clicked.connect(self._commander.act("page.worklist"))
        self.again = Button(translate("Agreement", "Try again"), "large", icon="arrow-clockwise")
        self.again.clicked.connect(self.refresh)
        holder = QWidget()
        layout = column(holder, spacing=12)
        layout.addStretch(1)
        for widget in (self.instead_icon, self.instead_words, self.to_worklist, self.again):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        for button in (self.to_worklist, self.again):
            button.hide()
        return holder

    def _connect(self) -> None:
        session = self._commander.session
        self._bridge.connect(session.shelf.changed, lambda _n: self._library_changed(), latest=True)
        self._bridge.connect(session.shelf.troubled, lambda _s: self._library_changed(), latest=True)
        self._bridge.connect(session.reader.changed, self._reader_changed, by=lambda name: name)

    # -- looking into the library

    def refresh(self) -> None:
        """Look into the library and show what is there (the page was opened, or the reader asked for it)."""
        self._wanted = True
        self._look()

    def _library_changed(self) -> None:
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def _look(self) -> None:
        """Look into the library, one look at a time: an answer is never thrown away for a newer question."""
        if not self.ready or self._looking:
            self._again = self.ready
            return
        self._looking, self._again = True, False
        session, wish = self._commander.session, self._wish
        reader, read_first = session.opinions.reader, frozenset(session.settings.get("ai.read_first"))
        if self._found is None:
            self._slow.start()
        future = session.shelf.read(lambda library: look(library, wish, reader, read_first))
        future.add_done_callback(self._bridge.deliver(self._arrived))

    def _arrived(self, future: "Future[Found]") -> None:
        self._looking = False
        self._slow.stop()
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._failed(error)
        elif not future.cancelled() and future.result().wish == self._wish:
            self._take(future.result())
        if self._again:
            self._look()

    def _take(self, found: Found) -> None:
        """Show what came; the sums change in place, the list under the reader's hand waits until it is asked for."""
        if self._wanted or self._found is None or not self._found.lines:
            self._wanted = False
            self._show(found)
        else:
            self._offer(found)

    def _failed(self, error: BaseException) -> None:
        self._found = None
        self._say_instead(say(sentence_for(error)), failed=True)

    # -- showing

    def _say_instead(self, words: str, failed: bool = False, empty: bool = False) -> None:
        self.instead_icon.show_icon("warning-circle" if failed else "info", "danger" if failed else "text2")
        self.instead_words.setText(words)
        self.again.setVisible(failed)
        self.to_worklist.setVisible(empty)
        self.show_new.hide()
        self.models.hide()
        self.opinions.hide()
        self.instead.show()

    def _show(self, found: Found) -> None:
        self._found, self._fresh = found, None
        self.show_new.hide()
        if not found.any:
            key = self._commander.key
            words = translate(
                "Agreement", "No opinions yet. Open a study from the worklist and press {0}, {1} or {2}."
            ).format(key("opinion.agree"), key("opinion.disagree"), key("opinion.unsure"))
            self._say_instead(words, empty=True)
            return
        self.instead.hide()
        self.models.setVisible(bool(found.models))
        self.opinions.show()
        self._show_sums(found)
        self._show_lines(found)
        self._fit()

    def _show_sums(self, found: Found) -> None:
        self.models.show_rows(found.models, self._title, self._wish)
        self.opinions.show_filters(found.models, self._title, self._wish)

    def _show_lines(self, found: Found) -> None:
        self.opinions.show_found(found, self._title, self._commander.session.reader.names_hidden)

    def _offer(self, found: Found) -> None:
        """Show the newer sums; other lines of the list wait behind a word."""
        shown = self._found
        if shown is None or found.lines == shown.lines:
            self._show(found)
            return
        self._show_sums(found)
        self._fresh = found
        self.show_new.show()

    def _show_fresh(self) -> None:
        if self._fresh is not None:
            self._show(self._fresh)
            self.opinions.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _title(self, name: str) -> str:
        """Return what a model is called for the reader."""
        model = self._commander.session.model(name)
        return say(model.card.title) if model is not None else name

    # -- what the reader does

    def _filter(self, wish: Wish) -> None:
        self._wish = wish
        self.refresh()

    def _model_chosen(self, row: AgreementRow) -> None:
        """List the opinions on this model alone; chosen a second time, on all models again."""
        again = (self._wish.model, self._wish.version) == (row.model, row.version)
        model, version = ("", "") if again else (row.model, row.version)
        self._filter(Wish(model, version, self._wish.verdict))

    def _open(self, opinion: OpinionRecord) -> None:
        """Open the study at the image that the opinion is about; it is the chosen one of the list from then on."""
        self._commander.session.worklist.select(opinion.study_id)
        self._commander.run("worklist.open", study=opinion.study_id, sop=opinion.sop_uid, frame=opinion.frame)

    def _reader_changed(self, name: str) -> None:
        if name == "names_hidden" and self._found is not None and self.opinions.isVisible():
            self._show_lines(self._found)

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over on this page."""
        parts = (self.instead, self.models, self.opinions) if self.ready else ()
        return tuple(part for part in parts if part.isVisible())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.ready:
            self._fit()

    def _fit(self) -> None:
        self.models.fit(self.width())
        self.opinions.fit(self.width())
