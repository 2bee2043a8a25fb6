"""The bar of jobs under the image: one line, or opened a list with progress and cancel for each."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, Jobs, State
from medviewer.ui import theme
from medviewer.ui.arrange import column, fill, in_row, row, surface
from medviewer.ui.bridge import MainThread
from medviewer.ui.controls import Button, Clickable, IconButton, on_click
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Keycap, Label, ProgressLine

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollArea

#: Finished jobs that stay in the list.
KEPT = 30


def state_words(job: Job) -> str:
    """Return progress or outcome of a job in words."""
    if job.state is State.QUEUED:
        return translate("Jobs", "Waiting")
    if job.state is State.DONE:
        return translate("Jobs", "Done")
    if job.state is State.CANCELLED:
        return translate("Jobs", "Stopped")
    if job.state is State.FAILED:
        return say(job.sentence)
    if job.cancel_asked:
        return translate("Jobs", "Stopping")
    if job.total:
        return translate("Jobs", "{0} of {1}").format(job.done, job.total) + (f"   {say(job.note)}" if job.note else "")
    if job.done:
        return translate("Jobs", "{0} so far").format(job.done)
    return translate("Jobs", "Working")


def fraction(job: Job) -> float:
    if job.state is State.DONE:
        return 1.0
    return job.done / job.total if job.total else 0.0


ICONS = {
    State.QUEUED: ("clock", "text3"),
    State.RUNNING: ("circle-dashed", "accent"),
    State.DONE: ("check", "accent"),
    State.FAILED: ("warning-circle", "danger"),
    State.CANCELLED: ("minus-circle", "text3"),
}


class JobRow(QWidget):
    """One job: state, title, bar, words, cancel."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.setFixedHeight(36)
        self.icon = Icon("clock", 16, "text3")
        self.title = Label(say(job.title), 13, "text1", elide=True)
        self.title.setFixedWidth(420)
        self.bar = ProgressLine(180)
        self.words = Label("", 12, "text2", elide=True)
        self.stop = IconButton("x", translate("Jobs", "Stop: {0}").format(say(job.title)), size=16, side=28)
        on_click(self.stop, job.cancel)
        layout = row(self, (14, 0, 14, 0), 12)
        fill(layout, self.icon, self.title, self.bar)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.stop)
        self.refresh()

    def refresh(self) -> None:
        self.icon.show_icon(*ICONS[self.job.state])
        self.bar.show_fraction(fraction(self.job))
        self.words.setText(state_words(self.job))
        self.stop.setVisible(not self.job.state.final)


class JobsBar(QWidget):
    """36 px high; `set_open` shows the list. A failure stays in the line until it is dismissed."""

    toggled = Signal(bool)
    details_asked = Signal(object)  # the error of a failed job

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, JobRow] = {}
        self._failed: Job | None = None
        self._notice = ""
        surface(self, "bottom")
        self._column = column(self)
        self._column.addWidget(self._make_line())
        self.area: QScrollArea | None = None
        self.set_open(False)
        self._show_line()

    def attach(self, jobs: Jobs, bridge: MainThread) -> None:
        """Follow these jobs."""
        bridge.connect(jobs.added, self._added)
        bridge.connect(jobs.changed, self._changed, by=lambda job: job.id)
        for job in jobs.all:
            self._added(job)

    def _make_list(self) -> "QScrollArea":
        from PySide6.QtWidgets import QScrollArea

        self._list = QWidget()
        self._list_layout = column(self._list, (0, 4, 0, 4))
        self.none = Label(translate("Jobs", "No jobs yet."), 13, "text2")
        self.none.setContentsMargins(44, 8, 0, 0)
        self._list_layout.addWidget(self.none)
        for each in self._rows.values():
            self._list_layout.insertWidget(0, each)
            self.none.hide()
        self._list_layout.addStretch(1)
        area = QScrollArea()
        area.setWidget(self._list)
        area.setWidgetResizable(True)
        area.setFixedHeight(theme.JOBS_OPEN - theme.JOBS)
        area.setAccessibleName(translate("Jobs", "List of jobs"))
        surface(area.viewport(), "bg1")
        self._column.addWidget(area)
        return area

    @property
    def open_(self) -> bool:
        return self.area is not None and not self.area.isHidden()

    def _make_line(self) -> QWidget:
        bar = Clickable()
        bar.setFixedHeight(theme.JOBS - 1)
        bar.clicked.connect(lambda: self.toggled.emit(not self.open_))
        self.caret = IconButton("caret-up", translate("Jobs", "Show the jobs"), size=14, side=24)
        on_click(self.caret, lambda: self.toggled.emit(not self.open_))
        self.icon = Icon("circle-dashed", 16, "accent")
        self.text = Label("", 13, "text2", elide=True)
        self.bar = ProgressLine(180)
        self.words = Label("", 12, "text2")
        self.stop = IconButton("x", translate("Jobs", "Stop this job"), size=16, side=28)
        on_click(self.stop, self._stop_current)
        self.details = Button(translate("Jobs", "Details"), "link")
        on_click(self.details, lambda: self.details_asked.emit(self._failed.error if self._failed else None))
        self.dismiss = Button(translate("Jobs", "Dismiss"), "link")
        on_click(self.dismiss, self._dismiss)
        self.more = Label("", 12, "text3")
        self.key = Keycap("J")
        layout = row(bar, (10, 0, 14, 0), 8)
        fill(layout, self.caret, Label(translate("Jobs", "Jobs"), 13, "text1", 600), 4)
        self.text.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout.addWidget(
            in_row(self.icon, self.text, 4, self.bar, self.words, self.stop, self.details, 8, self.dismiss)
        )
        fill(layout, None, self.more, 4, self.key)
        return bar

    def set_open(self, open_: bool) -> None:
        if open_ and self.area is None:
            self.area = self._make_list()
        if self.area is not None:
            self.area.setVisible(open_)
        self.caret.show_icon("caret-down" if open_ else "caret-up")
        self.caret.describe(translate("Jobs", "Hide the jobs") if open_ else translate("Jobs", "Show the jobs"), "J")

    def _added(self, job: Job) -> None:
        if job.id not in self._rows:
            self._rows[job.id] = JobRow(job)
            if self.area is not None:
                self._list_layout.insertWidget(0, self._rows[job.id])
                self.none.hide()
            self._forget_old()
        self._show_line()

    def _changed(self, job: Job) -> None:
        if job.id not in self._rows:
            self._added(job)
        self._rows[job.id].refresh()
        if job.state is State.FAILED:
            self._failed = job
        self._show_line()

    def _forget_old(self) -> None:
        finished = [number for number, each in self._rows.items() if each.job.state.final]
        for number in finished[: max(0, len(finished) - KEPT)]:
            self._rows.pop(number).deleteLater()

    @property
    def current(self) -> Job | None:
        """The job that the line is about: the oldest running one, else the oldest waiting one."""
        active = [r.job for r in self._rows.values() if not r.job.state.final]
        running = [job for job in active if job.state is State.RUNNING]
        return next(iter(running or active), None)

    def notify(self, sentence: str) -> None:
        """Show a sentence that must be seen; it stays until it is dismissed."""
        self._notice = sentence
        self._show_line()

    def _show_line(self) -> None:
        job, failed = self.current, self._failed
        stays = bool(failed or self._notice)
        self.icon.setVisible(bool(job) or stays)
        self.text.setVisible(bool(job) or stays)
        for part in (self.bar, self.words, self.stop):
            part.setVisible(job is not None and not stays)
        self.details.setVisible(failed is not None and self._has_details(failed))
        self.dismiss.setVisible(stays)
        if failed:
            self.icon.show_icon("warning-circle", "danger")
            self.text.setText(say(failed.sentence))
        elif self._notice:
            self.icon.show_icon("info", "warn")
            self.text.setText(self._notice)
        elif job:
            self.icon.show_icon(*ICONS[job.state])
            self.text.setText(say(job.title))
            self.bar.show_fraction(fraction(job))
            self.words.setText(state_words(job))
        waiting = sum(not r.job.state.final for r in self._rows.values()) - (1 if job else 0)
        self.more.setText(translate("Jobs", "{0} more waiting").format(waiting) if waiting > 0 else "")

    @staticmethod
    def _has_details(job: Job) -> bool:
        return isinstance(job.error, UserError) and bool(job.error.details)

    def _stop_current(self) -> None:
        if self.current:
            self.current.cancel()

    def _dismiss(self) -> None:
        if self._failed is not None:
            self._failed = None
        else:
            self._notice = ""
        self._show_line()

    def keyPressEvent(self, event: object) -> None:
        key = getattr(event, "key", lambda: None)()
        if key == Qt.Key.Key_Escape and self.open_:
            self.toggled.emit(False)
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]
