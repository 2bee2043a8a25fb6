"""The window: top bar, series strip, viewports, AI panel, jobs, status; and who hears of what."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from medviewer.core.jobs import Job, State
from medviewer.ui import theme
from medviewer.ui.ai_panel import AiPanel
from medviewer.ui.arrange import column, row, surface
from medviewer.ui.bridge import MainThread, next_turn
from medviewer.ui.drop import FileDrops, open_words, worklist_words
from medviewer.ui.first_run import FirstRun
from medviewer.ui.jobs_bar import JobsBar
from medviewer.ui.left_strip import LeftStrip
from medviewer.ui.pages import Pages
from medviewer.ui.regions import next_region
from medviewer.ui.shortcuts import Commander, SpaceHeld
from medviewer.ui.status_strip import StatusStrip
from medviewer.ui.toolbar import Toolbar, popup_menu
from medviewer.ui.top_bar import TopBar
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from medviewer.app.session import Ask, Session
    from medviewer.ui.asking import Asking
    from medviewer.ui.viewport_area import ViewportArea
    from medviewer.ui.worklist.page import WorklistPage

#: Below these widths the window folds (UI brief 3, "Sizes and screens").
COMPACT, DRAWER = 1500, 1100
SHOT = 1920, 1080
#: How long after the first image the plot is imported, and how long after that the model process starts: one after
#: the other, and after the reader's first movements.
WARM_PLOT_MS, WARM_MODEL_MS = 500, 700
#: How long after the window is complete the library is opened for what waits in it.
BEGIN_WORK_MS = 2000


class Refreshed(Protocol):
    """A part of the window that takes everything as it is now."""

    def refresh(self) -> None: ...


class MainWindow(QMainWindow):
    """One reader's desk. Its title never names a patient."""

    _shut = False
    _bound: "WorklistPage | None" = None  # the worklist's page whose keys are bound

    def __init__(self, session: "Session | None" = None) -> None:
        """Make the shell; with a session also what works on it, otherwise `attach` does that later."""
        super().__init__()
        self.setWindowTitle("medviewer")
        self.setMinimumSize(800, 560)
        self.bridge = MainThread()
        self.commander = Commander(self)
        self.area: ViewportArea | None = None
        self.asking: Asking | None = None
        self.session: Session | None = None
        self.on_first_paint: list[Callable[[], object]] = []
        self._dropped: list[tuple[Path, ...]] = []
        self._steps: list[Callable[[Session], None]] = []
        self._stale: dict[Refreshed, None] = {}  # what is still to be brought up to date, in that order
        self._make()
        self.drops = FileDrops(self)
        self.drops.dropped.connect(self._open_dropped)
        self._fold()
        if session is not None:
            for step in self._attach_steps():
                step(session)

    # making

    def _make(self) -> None:
        root = QWidget()
        surface(root, "bg0")
        self.setCentralWidget(root)
        self.top, self.strip = TopBar(self.commander), LeftStrip(self.commander)
        self.toolbar, self.first_run = Toolbar(self.commander), FirstRun(self.commander)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.first_run)
        self.centre = QWidget()
        middle = column(self.centre)
        middle.addWidget(self.toolbar)
        middle.addWidget(self.pages, 1)
        self.panel = AiPanel(self.commander)
        self.body = QWidget()
        self._row = row(self.body)
        self._row.addWidget(self.strip)
        self._row.addWidget(self.centre, 1)
        self._row.addWidget(self.panel)
        self.jobs, self.status = JobsBar(), StatusStrip()
        self.book = Pages(self.body, self.commander)
        self.book.shown.connect(self._page_shown)
        layout = column(root)
        for widget in (self.top, self.book, self.jobs, self.status):
            layout.addWidget(widget, 1 if widget is self.book else 0)
        self.commander.refused.connect(self.status.say)

    def attach(self, session: "Session") -> None:
        """Let the window work on a session, one part in each turn of the event loop."""
        self._steps = self._attach_steps()
        self._next_step(session)

    def _next_step(self, session: "Session") -> None:
        if self._steps and not self._shut:
            self._steps.pop(0)(session)
            next_turn(self, lambda: self._next_step(session))

    def _attach_steps(self) -> list[Callable[["Session"], None]]:
        return [
            self._attach_session,
            self._attach_area,
            lambda _session: self.strip.attach(self.bridge),
            lambda _session: self.panel.attach(self.bridge),
            self._attach_keys,
            lambda _session: self._show_desk(),
        ]

    def _attach_session(self, session: "Session") -> None:
        self.session = session
        session.at_desk = self.bridge.soon
        self.commander.attach(session)
        self.jobs.attach(session.jobs, self.bridge)
        hear = self.bridge.connect
        hear(session.noticed, lambda sentence: self.jobs.notify(say(sentence)))
        hear(session.opened.studies_changed, lambda _s: self._studies_changed(), latest=True)
        hear(session.opened.files_skipped, lambda _s: self.strip.show_skipped(), latest=True)
        hear(session.worklist.changed, lambda _w: self._refresh(self.top), by=lambda _w: 0)
        hear(session.recent.changed, lambda _r: self.first_run.refresh(), latest=True)
        hear(session.analyses.changed, lambda _a: self._analysis_changed(), latest=True)
        hear(session.jobs.changed, self._job_changed, by=lambda job: (job.id, job.state))
        hear(session.reader.changed, self._reader_changed, by=lambda name: name)
        hear(session.settings.changed, self._setting_changed, by=lambda key: key)
        for view in session.reader.views:
            hear(view.changed, lambda _v: self._view_changed(), latest=True)
        for job in session.jobs.all:  # what was begun, or has failed, before there was a window
            self.bridge.soon(partial(self._job_changed, job))

    def _attach_area(self, session: "Session") -> None:
        from medviewer.ui.viewport_area import ViewportArea

        self.area = ViewportArea(session, self.bridge)
        self.pages.addWidget(self.area)
        self.area.menu_asked.connect(lambda _viewport, at: popup_menu(self, self.commander, at))
        self._space = SpaceHeld(session, self.area.viewports, self)
        self.first_run.refresh()
        self._studies_changed()

    def _attach_keys(self, session: "Session") -> None:
        from medviewer.ui.asking import Asking
        from medviewer.ui.undo_toast import UndoToast

        self.asking = Asking(self)
        self.toast = UndoToast(self.book, self.commander, self.bridge)
        self.book.attach(session, self.bridge)
        self.bridge.connect(session.asked, self._asked)
        self.commander.ran.connect(lambda _id: self._refresh(self.toolbar))
        self.jobs.toggled.connect(lambda open_: session.reader.set_desk(jobs=open_))
        self.jobs.details_asked.connect(lambda error: session.ask("details", error=error))
        for key, step in (("F6", 1), ("Shift+F6", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(
                lambda s=step: next_region(self.regions(), s, {self.centre: self.focus_viewport})
            )
        self._bind_keys()
        QTimer.singleShot(BEGIN_WORK_MS, self, session.begin_work)
        self.commander.run_early()
        while self._dropped:
            session.open(self._dropped.pop(0))

    def _bind_keys(self) -> None:
        page = self._bound
        lists = (page, page.card.table) if page is not None else ()
        self.commander.bind(self.centre, (self.panel, self.strip, self.jobs), lists)

    def _page_shown(self, page: str) -> None:
        """Take a page that has come to the screen: its keys, the keyboard, who is in the top bar."""
        lists = self.book.worklist
        if page == "worklist" and lists is not None and lists is not self._bound:
            self._bound = lists
            self.commander.bind_lists(lists, lists.card.table)
        self.commander.show_page(page)
        self._refresh(self.top, self.toolbar)
        self.drops.veil.words = worklist_words() if page == "worklist" else open_words()
        self.book.focus(self.focus_viewport)

    # opening and closing

    def open_on_screen(self, fixed: bool = False) -> None:
        """Show the window over the whole screen; `fixed`: at exactly 1920x1080, for pictures."""
        screen = self.screen() or QApplication.primaryScreen()
        self.setGeometry(screen.availableGeometry())
        if fixed:
            self.resize(*SHOT)
            self.setFixedSize(*SHOT)
            self.show()
        elif QApplication.platformName() in ("windows", "cocoa", "wayland"):
            self.showMaximized()
        else:
            self.show()

    def open_demo(self) -> None:
        self.commander.run("file.demo")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.activateWindow()  # where no window manager does it
        self.focus_viewport()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        while self.on_first_paint:
            QTimer.singleShot(10, self.on_first_paint.pop(0))  # what follows is on other threads, after this turn

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.hide()
        self.shut()
        if self.session is not None:
            self.session.close()
        QApplication.quit()

    def shut(self) -> None:
        """Hear no more; harmless when called again."""
        if not self._shut:
            self._shut = True
            if self.area is not None:
                self.area.detach()
            self.bridge.close()
            if self.session is not None:
                self.session.at_desk = lambda _act: None

    # what changed

    @property
    def here(self) -> "Session":
        """The session, where it is certain to be there."""
        assert self.session is not None
        return self.session

    def _studies_changed(self) -> None:
        self._show_centre()
        self.strip.show_skipped()
        self._refresh(self.strip, self.top, self.toolbar, self.panel)
        stacks = self.here.opened.stacks
        self.status.set_synthetic(bool(stacks) and all(stack.first.synthetic for stack in stacks))

    def _refresh(self, *parts: Refreshed) -> None:
        """Bring parts of the window up to date, one in each turn of the event loop, however often it is asked."""
        if not self._stale:
            next_turn(self, self._refresh_next)
        self._stale.update(dict.fromkeys(parts))

    def _refresh_next(self) -> None:
        if self._stale and not self._shut:
            part = next(iter(self._stale))
            del self._stale[part]
            part.refresh()
            if self._stale:
                next_turn(self, self._refresh_next)

    def _show_centre(self) -> None:
        anything = bool(self.here.opened.studies)
        page: QWidget = self.area if anything and self.area is not None else self.first_run
        if self.pages.currentWidget() is not page:
            self.pages.setCurrentWidget(page)
            self.first_run.say("")
            self.focus_viewport()

    def _view_changed(self) -> None:
        self._refresh(self.strip, self.top, self.toolbar, self.panel)

    def _reader_changed(self, name: str) -> None:
        if name == "desk":
            self._show_desk()
        if name in ("active", "layout", "filled", "names_hidden"):
            self._refresh(self.strip, self.top)
        self._refresh(self.toolbar)
        if name in ("ai", "active", "layout", "filled"):
            self._refresh(self.panel)

    def _analysis_changed(self) -> None:
        self._refresh(self.strip)
        device = self.here.engine.device
        from medviewer.ui.ai_facts import device_words

        words = translate("Status", "Model runs on this computer, {0}").format(device_words(device)) if device else ""
        self.status.set_device(words)

    def _job_changed(self, job: Job) -> None:
        self.panel.refresh()
        if job.state is State.FAILED and not self.here.opened.studies:
            self.first_run.say(say(job.sentence))
        elif job.kind == "open" and job.state is State.DONE:
            QTimer.singleShot(WARM_PLOT_MS, self, self._warm)

    def _warm(self) -> None:
        """Make the plot, then start the model process, while the reader looks at the first image."""
        stack = self.here.reader.view.stack
        model = self.here.analyses.model_for(stack) if stack and not self.here.safe_mode else None
        if model is not None:
            if self.panel.body is not None:
                self.panel.body.result.curve.prepare()
            QTimer.singleShot(WARM_MODEL_MS, self, lambda: self.here.engine.warm(model))

    def _setting_changed(self, key: str) -> None:
        app = QApplication.instance()
        if key in ("display.high_contrast", "display.chrome_brightness") and isinstance(app, QApplication):
            theme.apply_settings(app, self.here.settings)
        elif key == "keys.overrides":
            self._bind_keys()
            self.toolbar.refresh()
        elif key.startswith(("ai.", "display.")):
            self.panel.refresh()

    def _asked(self, ask: "Ask") -> None:
        if self.asking is not None:
            self.asking.answer(ask.what, **ask.values)

    # folding

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        if self.asking is not None:
            self.asking.resized()

    def _fold(self) -> None:
        """Put strip, panel and bars into the form that fits the window's width."""
        width = self.width()
        compact = width < COMPACT
        self.strip.set_narrow(compact)
        self.top.set_compact(compact)
        self.panel.set_compact(compact)
        self.status.set_compact(compact)
        self.book.set_width(width)
        drawer = width < DRAWER
        was = self.panel.parent() is self.centre
        if drawer != was:
            if drawer:
                self._row.removeWidget(self.panel)
                self.panel.setParent(self.centre)
            else:
                self._row.addWidget(self.panel)
            self.panel.setVisible(not drawer)
            if self.session is not None:
                self.session.reader.set_desk(right=not drawer)  # a drawer is closed by default
        self._show_desk()

    def _show_desk(self) -> None:
        if self.session is None:
            return
        desk = self.session.reader.desk
        self.strip.setVisible(desk.left)
        self.panel.setVisible(desk.right)
        self.jobs.set_open(desk.jobs)
        if self.panel.parent() is self.centre:
            self._place_drawer()

    def _place_drawer(self) -> None:
        top = self.toolbar.height()
        self.panel.setGeometry(
            self.centre.width() - self.panel.width(), top, self.panel.width(), self.centre.height() - top
        )
        self.panel.raise_()

    # keyboard and mouse

    def focus_viewport(self) -> None:
        """Give the keyboard to the active viewport (or to the first button while nothing is open)."""
        if self.area is not None and self.pages.currentWidget() is self.area:
            self.area.active.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.first_run.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over, in reading order."""
        middle = self.book.regions((self.strip, self.centre, self.panel))
        return tuple(region for region in (self.top, *middle, self.jobs) if region.isVisible())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or self.session is None or self.area is None:
            super().keyPressEvent(event)
        elif self.session.page != "reader":
            self.book.focus(self.focus_viewport)
        elif self.session.reader.view.cine:
            self.session.reader.view.set(cine=False)
        elif self.panel.parent() is self.centre and self.panel.isVisible():
            self.session.reader.set_desk(right=False)
        elif self.isFullScreen() and QApplication.focusWidget() is self.area.active:
            self.commander.run("window.full_screen")
        else:
            self.focus_viewport()

    def _open_dropped(self, paths: tuple[Path, ...]) -> None:
        if self.session is None or self.asking is None:
            self._dropped.append(paths)
        elif self.session.page == "worklist" and not self.session.shelf.problem:
            self.session.triage.add(paths)
        else:
            self.session.show_page("reader")
            self.session.open(paths)
