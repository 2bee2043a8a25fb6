"""The window: top bar, series strip, viewports, AI panel, jobs, status; and who hears of what."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QWidget

from medviewer.app.session import Ask, Session
from medviewer.core.jobs import Job, State
from medviewer.ui import score_curve, theme
from medviewer.ui.ai_facts import device_words
from medviewer.ui.ai_panel import AiPanel
from medviewer.ui.arrange import column, row, surface
from medviewer.ui.asking import Asking
from medviewer.ui.bridge import MainThread
from medviewer.ui.drop import DropVeil, dropped_paths
from medviewer.ui.first_run import FirstRun
from medviewer.ui.jobs_bar import JobsBar
from medviewer.ui.left_strip import LeftStrip
from medviewer.ui.shortcuts import Commander, SpaceHeld
from medviewer.ui.status_strip import StatusStrip
from medviewer.ui.toolbar import Toolbar, add_commands
from medviewer.ui.top_bar import TopBar
from medviewer.ui.translation import say, translate
from medviewer.ui.viewport_area import ViewportArea

#: Below these widths the window folds (UI brief 3, "Sizes and screens").
COMPACT, DRAWER = 1500, 1100
SHOT = 1920, 1080
#: Commands of the right-click menu; "" is a divider.
MENU = (
    *("tool.window", "tool.pan", "tool.zoom", "tool.scroll", ""),
    *("view.fit", "view.one_to_one", "view.reset", "", "view.invert", "view.flip_x", "view.flip_y"),
    *("view.turn_right", "view.turn_left", "", "slice.cine", "view.fill", ""),
    *("view.text", "view.hide_names", "view.plain", ""),
    *("ai.toggle", "ai.read", "ai.read_this", "ai.next_mode", "ai.highest"),
)


class MainWindow(QMainWindow):
    """One reader's desk. Its title never names a patient."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle("medviewer")
        self.setMinimumSize(800, 560)
        self.setAcceptDrops(True)
        self.bridge = MainThread()
        session.at_desk = self.bridge.soon
        self.commander = Commander(session, self)
        self._first_paint: list[Callable[[], object]] = [self._when_painted]
        self._shut = False
        self._ends: list[Callable[[], None]] = []
        self._make()
        self._connect()
        self.asking = Asking(self)
        self.veil = DropVeil(self)
        self._fold()
        self._show_centre()

    # making

    def _make(self) -> None:
        session, commander, bridge = self.session, self.commander, self.bridge
        root = QWidget()
        surface(root, "bg0")
        self.setCentralWidget(root)
        self.top = TopBar(session, commander)
        self.strip = LeftStrip(session, commander, bridge)
        self.toolbar = Toolbar(session, commander)
        self.area = ViewportArea(session, bridge)
        self.first_run = FirstRun(session, commander)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.first_run)
        self.pages.addWidget(self.area)
        self.centre = QWidget()
        middle = column(self.centre)
        middle.addWidget(self.toolbar)
        middle.addWidget(self.pages, 1)
        self.panel = AiPanel(session, commander, bridge)
        self.body = QWidget()
        self._row = row(self.body)
        self._row.addWidget(self.strip)
        self._row.addWidget(self.centre, 1)
        self._row.addWidget(self.panel)
        self.jobs = JobsBar(session.jobs, bridge)
        self.status = StatusStrip()
        layout = column(root)
        for widget in (self.top, self.body, self.jobs, self.status):
            layout.addWidget(widget, 1 if widget is self.body else 0)
        self._space = SpaceHeld(session, self.area.viewports, self)

    def _connect(self) -> None:
        session, hear = self.session, self.bridge.connect
        hear(session.asked, self._asked)
        hear(session.noticed, self._noticed)
        hear(session.library.studies_changed, lambda _s: self._studies_changed(), latest=True)
        hear(session.library.files_skipped, lambda _s: self.strip.show_skipped(), latest=True)
        hear(session.recent.changed, lambda _r: self.first_run.refresh(), latest=True)
        hear(session.analyses.changed, lambda _a: self._analysis_changed(), latest=True)
        hear(session.jobs.changed, self._job_changed, by=lambda job: (job.id, job.state))
        hear(session.reader.changed, self._reader_changed, by=lambda name: name)
        hear(session.settings.changed, self._setting_changed, by=lambda key: key)
        for view in session.reader.views:
            hear(view.changed, lambda _v: self._view_changed(), latest=True)
        self.commander.refused.connect(self.status.say)
        self.commander.ran.connect(lambda _id: self.toolbar.refresh())
        self.jobs.toggled.connect(lambda open_: session.reader.set_desk(jobs=open_))
        self.jobs.details_asked.connect(lambda error: session.ask("details", error=error))
        self.area.menu_asked.connect(self._menu)
        for key, step in (("F6", 1), ("Shift+F6", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda s=step: self._next_region(s))

    def _bind_keys(self) -> None:
        self.commander.bind(self.centre, (self.panel, self.strip, self.jobs))

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
        self.focus_viewport()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        while self._first_paint:
            QTimer.singleShot(0, self._first_paint.pop())

    def _when_painted(self) -> None:
        """Do what can wait until the shell is on the screen."""
        self._bind_keys()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.hide()
        self.shut()
        self.session.close()
        QApplication.quit()

    def shut(self) -> None:
        """Hear no more; harmless when called again."""
        if not self._shut:
            self._shut = True
            self.area.detach()
            self.bridge.close()
            self.session.at_desk = lambda _act: None

    # what changed

    def _studies_changed(self) -> None:
        self._show_centre()
        self.strip.refresh()
        self.strip.show_skipped()
        self.top.refresh()
        self.toolbar.refresh()
        self.panel.refresh()
        stacks = self.session.library.stacks
        self.status.set_synthetic(any(stack.first.synthetic for stack in stacks))

    def _show_centre(self) -> None:
        anything = bool(self.session.library.studies)
        page: QWidget = self.area if anything else self.first_run
        if self.pages.currentWidget() is not page:
            self.pages.setCurrentWidget(page)
            self.first_run.say("")
            self.focus_viewport()
        self.toolbar.setEnabled(anything)

    def _view_changed(self) -> None:
        self.strip.refresh()
        self.top.refresh()
        self.toolbar.refresh()
        self.panel.refresh()

    def _reader_changed(self, name: str) -> None:
        if name == "desk":
            self._show_desk()
        if name == "names_hidden":
            self.strip.model.rebuild()
        if name in ("active", "layout", "filled", "names_hidden"):
            self.strip.refresh()
            self.top.refresh()
        self.toolbar.refresh()
        if name in ("ai", "active", "layout", "filled"):
            self.panel.refresh()

    def _analysis_changed(self) -> None:
        self.strip.list.viewport().update()
        device = self.session.engine.device
        words = translate("Status", "Model runs on this computer, {0}").format(device_words(device)) if device else ""
        self.status.set_device(words)

    def _job_changed(self, job: Job) -> None:
        self.panel.refresh()
        if job.kind == "read" and job.state is State.DONE:
            score_curve.warm()
        if job.state is State.FAILED and not self.session.library.studies:
            self.first_run.say(say(job.sentence))
        elif job.kind == "open" and job.state is State.DONE:
            self._warm_models()

    def _warm_models(self) -> None:
        """Start the model process and import the plot while the reader looks at the first image."""
        stack = self.session.reader.view.stack
        model = self.session.analyses.model_for(stack) if stack else None
        if model is not None:
            self.session.engine.warm(model)
            score_curve.warm()

    def _noticed(self, sentence: str) -> None:
        self.jobs.notify(say(sentence))

    def _setting_changed(self, key: str) -> None:
        app = QApplication.instance()
        if key in ("display.high_contrast", "display.chrome_brightness") and isinstance(app, QApplication):
            theme.apply_settings(app, self.session.settings)
        elif key == "keys.overrides":
            self._bind_keys()
            self.toolbar.refresh()
        elif key.startswith(("ai.", "display.")):
            self.panel.refresh()

    def _asked(self, ask: Ask) -> None:
        self.asking.answer(ask.what, **ask.values)

    # folding

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        self.asking.resized()

    def _fold(self) -> None:
        """Put strip, panel and bars into the form that fits the window's width."""
        width = self.width()
        compact = width < COMPACT
        self.strip.set_narrow(compact)
        self.top.set_compact(compact)
        self.panel.set_compact(compact)
        self.status.set_compact(compact)
        drawer = width < DRAWER
        was = self.panel.parent() is self.centre
        if drawer != was:
            if drawer:
                self._row.removeWidget(self.panel)
                self.panel.setParent(self.centre)
            else:
                self._row.addWidget(self.panel)
            self.session.reader.set_desk(right=not drawer)  # a drawer is closed by default
        self._show_desk()

    def _show_desk(self) -> None:
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
        if self.pages.currentWidget() is self.area:
            self.area.active.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.first_run.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> tuple[QWidget, ...]:
        """Return what F6 walks over, in reading order."""
        all_ = (self.top, self.strip, self.centre, self.panel, self.jobs)
        return tuple(region for region in all_ if region.isVisible())

    def _next_region(self, step: int) -> None:
        regions = self.regions()
        focus = QApplication.focusWidget()
        here = next(
            (i for i, r in enumerate(regions) if focus is not None and (r is focus or r.isAncestorOf(focus))), 0
        )
        for n in range(1, len(regions) + 1):
            region = regions[(here + step * n) % len(regions)]
            if region is self.centre:
                self.focus_viewport()
                return
            first = _first_focus(region)
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.session.reader.view.cine:
            self.session.reader.view.set(cine=False)
        elif self.panel.parent() is self.centre and self.panel.isVisible():
            self.session.reader.set_desk(right=False)
        elif self.isFullScreen() and QApplication.focusWidget() is self.area.active:
            self.commander.run("window.full_screen")
        else:
            self.focus_viewport()

    def _menu(self, _viewport: object, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        add_commands(menu, self.commander, MENU)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # files from other programs

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.veil.show_over()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.veil.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.session.open(paths)

    def call(self, what: str, **values: Any) -> None:
        """Do what a command asked of the window."""
        self.asking.answer(what, **values)


def _first_focus(region: QWidget) -> QWidget | None:
    """Return the first widget of `region` that the Tab key would reach, in tab order."""
    widget = region.nextInFocusChain()
    while widget is not None and widget is not region:
        tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if tab and widget.isEnabled() and widget.isVisible() and region.isAncestorOf(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None
