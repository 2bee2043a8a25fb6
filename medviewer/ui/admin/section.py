"""What every section of the admin page is made of: a head with its deeds, content, and what stands there instead.

A section is one module with `SECTION`, a subclass of `Section` (see `page.SECTIONS`). It is built in steps of the event
loop, hears of changes through `hear`, asks the disk through `look` (never on the window's thread), and shows either its
content or one sentence with a way on: nothing here yet, not known yet, or failed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from medviewer.core.errors import sentence_for
from medviewer.core.events import Event
from medviewer.core.jobs import Job, State
from medviewer.ui.arrange import column, parts_of, row, surface, unveil
from medviewer.ui.bridge import next_turn
from medviewer.ui.controls import Button
from medviewer.ui.regions import first_focus
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

if TYPE_CHECKING:
    from medviewer.app.admin.admin import Admin
    from medviewer.app.session import Session
    from medviewer.ui.bridge import MainThread

T = TypeVar("T")
#: Words instead of the content come only if the answer takes longer than this.
SLOW_MS = 1000
#: Width of the sentence that stands in place of the content.
WORDS = 480
Act = Callable[[], object]


@cache
def _looks() -> ThreadPoolExecutor:
    """Return the one thread that looks at the disk for the admin page."""
    return ThreadPoolExecutor(1, thread_name_prefix="admin-look")


class CommandButton(Button):
    """A button that runs a command; disabled with the reason while it cannot run (`refresh`)."""

    def __init__(
        self,
        commander: Commander,
        id_: str,
        text: str,
        icon: str = "",
        kind: str = "",
        args: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        """`args` gives the arguments at the moment of the click."""
        super().__init__(text, kind, icon, "on_accent" if kind == "primary" else "text1")
        self._commander, self.id = commander, id_
        self.clicked.connect(lambda _=False: commander.run(id_, **args()))

    def refresh(self, reason: str = "") -> None:
        """Say whether it can be used now; `reason` is one that the command does not know of."""
        reason = reason or self._commander.reason(self.id)
        self.setEnabled(not reason)
        key = self._commander.key(self.id)
        name = self.text().strip()
        self.setToolTip(reason or (f"{name}  ({key})" if key else ""))
        self.setAccessibleDescription(reason)


class Head(QWidget):
    """The title row: what it is, a word on it, and what can be done (the primary deed last)."""

    def __init__(self, title: str, about: str = "") -> None:
        super().__init__()
        self.title = Label(title, 22, "text1", 600, elide=True)
        self.about = Label(about, 13, "text2", elide=True)
        self._layout = row(self, spacing=12)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._layout.addWidget(self.title, 0, middle)
        self._layout.addWidget(self.about, 1, middle)

    def say(self, title: str, about: str = "") -> None:
        """Show other words."""
        self.title.setText(title)
        self.about.setText(about)

    def add(self, *widgets: QWidget) -> None:
        """Add chips and buttons at the right."""
        for widget in widgets:
            self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class Instead(QWidget):
    """One sentence and at most two ways on, in the middle of the room, while there is nothing to show."""

    def __init__(self) -> None:
        super().__init__()
        self.icon = Icon("info", 24, "text2")
        self.words = Label("", 14, "text1", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setFixedWidth(WORDS)
        self.first, self.second = Button("", "large"), Button("", "large")
        self._acts: list[Act | None] = [None, None]
        layout = column(self, spacing=12)
        layout.addStretch(1)
        for widget in (self.icon, self.words, self.first, self.second):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        for at, button in enumerate((self.first, self.second)):
            button.clicked.connect(lambda _=False, n=at: self._do(n))

    def show_words(self, words: str, *ways: tuple[str, Act], failed: bool = False) -> None:
        """Show a sentence with its ways on (what a button says, what it does)."""
        self.icon.show_icon("warning-circle" if failed else "info", "danger" if failed else "text2")
        self.icon.setVisible(bool(words))
        self.words.setText(words)
        self.words.setFixedHeight(max(self.words.heightForWidth(WORDS), 20))  # in the middle Qt gives it one line
        for at, button in enumerate((self.first, self.second)):
            there = at < len(ways)
            button.setVisible(there)
            if there:
                button.setText(ways[at][0])
            self._acts[at] = ways[at][1] if there else None

    def _do(self, at: int) -> None:
        act = self._acts[at]
        if act is not None:
            act()


class Section(QWidget):
    """One section. Subclasses write `heading`, `parts`, `refresh`, and perhaps `listen` and `fit`.

    Attributes:
        name: of the section ("datasets"): `session.admin.chosen[name]` is what commands act on.
        ready: `build` has ended.
        head, content, instead: the title row, the parts' layout, and what stands in their place.
    """

    name = ""

    def __init__(self, commander: Commander, bridge: "MainThread") -> None:
        super().__init__()
        self.commander, self.bridge = commander, bridge
        self.ready = self._focus_wanted = False
        self._asked: dict[str, object] = {}
        surface(self, "bg0")
        self._layout = column(self, (24, 20, 24, 24), 16)
        self._slow_words = ""
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(lambda: self.show_instead(self._slow_words))

    @property
    def session(self) -> "Session":
        return self.commander.session

    @property
    def admin(self) -> "Admin":
        return self.commander.session.admin

    @property
    def chosen(self) -> str:
        """Id of what is chosen in this section, "" for nothing."""
        return self.admin.chosen.get(self.name, "")

    # -- what a section writes

    def heading(self) -> tuple[str, str]:
        """Return the title and the word on it."""
        return "", ""

    def parts(self) -> Iterator[tuple[QWidget, int] | QWidget | None]:
        """Make one part in each step; yield it with its share of the height (0: as high as it needs).

        A widget alone: it stands in a part already. None: the step ends here, and the part is not whole yet.
        What is put into its place before it is filled costs less: Qt goes through all of it again at each new parent.
        """
        yield from ()

    def listen(self) -> None:
        """Begin to hear of changes (once, when everything is made)."""

    def refresh(self) -> None:
        """Take everything as it is now (called when the section is shown, too)."""
        self.show_content()

    def fit(self, width: int, compact: bool) -> None:
        """Take the form for a width; `compact`: the window is a small one."""

    # -- making

    def build(self, done: Act = lambda: None) -> None:
        """Make one part in each turn of the event loop; `done` follows."""
        steps = self._steps()

        def next_step() -> None:
            part = next(steps, None)
            if part is not None:
                part.ensurePolished()
                next_turn(self, next_step)
                return
            self.ready = True
            self.listen()
            self._fit()
            self.refresh()
            done()

        next_step()

    def _steps(self) -> Iterator[QWidget]:
        self.setAccessibleName(self.heading()[0])
        self.head = Head(*self.heading())
        self._layout.addWidget(self.head)
        yield self.head
        self.instead = Instead()
        self.instead.show_words("")  # calm and empty until something is known
        self._layout.addWidget(self.instead, 1)
        yield self.instead
        self.content = QWidget()
        self.content.hide()
        self._column = column(self.content, spacing=16)
        self._layout.addWidget(self.content, 1)
        for made in self.parts():
            if isinstance(made, tuple):
                self._column.addWidget(*made)
                made = made[0]
            yield made or self.content

    # -- showing

    def show_content(self) -> None:
        """Show the parts."""
        self._slow.stop()
        if self.content.isHidden():
            self.instead.hide()
            unveil(parts_of(self.content))
            self.content.show()
        self._focus_if_wanted()

    def show_instead(self, words: str, *ways: tuple[str, Act], failed: bool = False) -> None:
        """Show one sentence with its ways on in place of the parts."""
        self._slow.stop()
        self.content.hide()
        self.instead.show_words(words, *ways, failed=failed)
        self.instead.show()
        self._focus_if_wanted()

    def show_failed(self, error: BaseException) -> None:
        """Say what failed, with a way to try again."""
        again = translate("Admin", "Try again"), self.refresh
        self.show_instead(say(sentence_for(error)), again, failed=True)

    # -- hearing and asking

    def hear(self, event: Event[T], slot: Callable[[T], object] | None = None, **how: Any) -> None:
        """Call `slot` on the window's thread at every emit (see `bridge.connect`); None: refresh while it is shown."""
        if slot is None:
            self.bridge.connect(event, lambda _value: self.refresh() if self.isVisible() else None, latest=True)
        else:
            self.bridge.connect(event, slot, **how)

    def look(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        name: str = "",
        slow: str = "",
    ) -> None:
        """Run `work` beside the event loop and hand what it returns to `then`; of several with one `name` the last.

        `failed` gets an error (None: it is shown in place of the content); `slow` are words for a slow answer.
        """
        self.wait(_looks().submit(work), then, failed, name, slow)

    def wait(
        self,
        future: "Future[T]",
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        name: str = "",
        slow: str = "",
    ) -> None:
        """Hand what a future brings to `then`, on the window's thread; a newer question of that name makes it void."""
        if slow and not self.content.isVisible():
            self._slow_words = slow
            self._slow.start()
        question = object()
        if name:
            self._asked[name] = question

        def arrived(future: "Future[T]") -> None:
            if future.cancelled() or (name and self._asked.get(name) is not question):
                return
            self._slow.stop()
            error = future.exception()
            if error is not None:
                (failed or self.show_failed)(error)
            else:
                then(future.result())

        future.add_done_callback(self.bridge.deliver(arrived))

    def wait_job(self, job: Job, then: Callable[[Job], object]) -> None:
        """Call `then` on the window's thread once a job has ended, however that was."""
        told = False

        def changed(job: Job) -> None:
            nonlocal told
            if job.state.final and not told:
                told = True
                then(job)

        deliver = self.bridge.deliver(changed)
        job.changed.connect(deliver)
        deliver(job)  # it may have ended before anybody listened

    def do(self, act: Callable[[], Any], then: Callable[[Any], object] = lambda _value: None) -> None:
        """Do something beside the event loop; a refusal becomes a passing word."""
        self.look(act, then, self.refused)

    def refused(self, error: BaseException) -> None:
        """Say why something was not done, as a passing word."""
        self.commander.refused.emit(say(sentence_for(error)))

    def job_ended(self, job: Job) -> None:
        """Say why a job failed, as a passing word (its details stay in the jobs bar)."""
        if job.state is State.FAILED:
            self.commander.refused.emit(say(job.sentence))

    # -- keyboard and room

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over in this section."""
        if not self.ready:
            return ()
        middle: QWidget = self.content if self.content.isVisible() else self.instead
        return self.head, middle

    def opening(self) -> QWidget | None:
        """Return what has the keyboard first while the content is shown; None: the first control of it."""
        return None

    def take_focus(self) -> None:
        """Give the keyboard to what is looked at first, as soon as that is known."""
        self._focus_wanted = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.content.isVisible() or self.instead.words.text():
            self._focus_if_wanted()

    def _focus_if_wanted(self) -> None:
        """Take the keyboard unless the reader has gone elsewhere meanwhile."""
        wanted, self._focus_wanted = self._focus_wanted, False
        focus = QApplication.focusWidget()
        inside = focus is not None and focus is not self and self.isAncestorOf(focus)
        if not wanted or inside or not self.isVisible():
            return
        content = self.content.isVisible()
        found = (self.opening() or first_focus(self.content)) if content else first_focus(self.instead)
        (found or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.ready:
            self._fit()

    def _fit(self) -> None:
        compact = self.window().width() < 1500
        side = 16 if compact else 24
        self._layout.setContentsMargins(side, 16 if compact else 20, side, side)
        self.fit(self.width() - 2 * side, compact)
