"""Data sets: all of them in a table, and of the chosen one its parts, what the check found, and every picture."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import CheckReport, Severity
from medviewer.core.datasets import DataSet
from medviewer.core.jobs import Job
from medviewer.ui.admin.cards import Cell, CellList
from medviewer.ui.admin.data_findings import FindingsCard
from medviewer.ui.admin.data_set_detail import DetailCard
from medviewer.ui.admin.section import CommandButton, Section
from medviewer.ui.admin.words import NAME, problem_words, share_words, source_words, version_words
from medviewer.ui.agreement.tables import count_words
from medviewer.ui.arrange import in_row, row
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist.words import plain

#: Rows of the table that are seen without scrolling, in a wide window and in a small one.
SHOWN, SHOWN_SMALL = 4, 2
DETAIL, DETAIL_SMALL = 400, 320


@dataclass(frozen=True)
class Line:
    """One data set with what is known of it beside its own files."""

    dataset: DataSet
    report: CheckReport | None = None
    fresh: bool = False
    looks: int = 0
    before: str = ""


class DataSetsSection(Section):
    """The section; commands act on the chosen row."""

    name = "datasets"

    def heading(self) -> tuple[str, str]:
        about = translate("Admin", "What models learn from. A frozen one never changes.")
        return translate("Admin", "Data sets"), about

    def parts(self) -> Iterator[tuple[QWidget, int] | None]:
        self._lines: tuple[Line, ...] = ()
        self._jobs: set[int] = set()
        self.new = self._button("dataset.from_opinions", translate("Admin", "New data set…"), "plus")
        self.head.add(self.new)
        self.table: CellList[Line] = CellList(translate("Admin", "Data sets"), _heads(), frozenset({1, 2, 3}))
        self.table.chosen.connect(self._choose)
        self.table.taken.connect(lambda at: self._choose(self.table.table.things[at]))
        yield self.table, 0
        self.deeds = self._make_deeds()
        yield self.deeds, 0
        self.detail = DetailCard()
        yield None
        self.findings = FindingsCard()
        yield None
        self.findings.exclude.connect(lambda files, yes: self._run("dataset.exclude", files=files, yes=yes))
        self.findings.relabel.connect(lambda file, yes: self._run("dataset.relabel", file=file, positive=yes))
        self.findings.repair.connect(lambda kind: self._run("dataset.repair", kind=kind))
        self.findings.opened.connect(self._open_study)
        datasets = self.admin.datasets
        self.findings.grid.pictures.ask_with(
            lambda file: datasets.picture(self.chosen, file), lambda slot: self.bridge.deliver(slot)
        )
        self.below = QWidget()
        beside = row(self.below, spacing=16)
        beside.addWidget(self.detail)
        beside.addWidget(self.findings, 1)
        yield self.below, 1

    def _button(self, id_: str, text: str, icon: str = "", kind: str = "") -> CommandButton:
        return CommandButton(self.commander, id_, text, icon, kind)

    def _make_deeds(self) -> QWidget:
        self.check = self._button("dataset.check", translate("Admin", "Check"), "check-circle")
        self.freeze = self._button("dataset.freeze", translate("Admin", "Freeze"), "lock-key")
        self.version = self._button("dataset.new_version", translate("Admin", "New version"), "stack")
        self.remove = self._button("dataset.remove", translate("Admin", "Remove…"))
        self.train = CommandButton(
            self.commander,
            "training.new",
            translate("Admin", "Train with it…"),
            "pulse",
            "primary",
            lambda: {"dataset": self.chosen},
        )
        self.name_of = Label("", 15, "text1", 600, elide=True)
        self.going = Label("", 12, "text2", elide=True)
        left = in_row(self.name_of, spacing=12, grow=self.going)
        buttons = (self.check, self.freeze, self.version, self.remove, self.train)
        holder = QWidget()
        layout = row(holder, spacing=8)
        layout.addWidget(left, 1)
        for button in buttons:
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return holder

    # -- looking

    def listen(self) -> None:
        self.hear(self.admin.datasets.changed)
        self.hear(self.admin.chosen_changed, lambda name: self._follow() if name == self.name else None)
        self.hear(self.session.jobs.changed, self._job_changed, by=lambda job: (job.id, job.state))
        self.hear(self.session.jobs.added, self._job_changed, by=lambda job: job.id)

    def refresh(self) -> None:
        datasets = self.admin.datasets

        def look() -> tuple[Line, ...]:
            found = datasets.all(wait=True)
            versions = {dataset.id: str(dataset.facts.version) for dataset in found}
            return tuple(
                Line(
                    each,
                    datasets.report(each.id),
                    datasets.fresh(each.id),
                    each.looks(),
                    versions.get(each.facts.previous, ""),
                )
                for each in found
            )

        self.look(look, self._show, name="datasets", slow=translate("Admin", "Reading the data sets"))

    def _show(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        self.new.refresh()
        if not lines:
            self._show_empty()
            return
        if self._line() is None:
            self.admin.choose(self.name, lines[0].dataset.id)
        self.show_content()
        self.table.show_things(lines, _cells, lambda line: line.dataset.id == self.chosen)
        self._follow()
        self.fit(self.width(), self.window().width() < 1500)

    def _show_empty(self) -> None:
        words = translate("Admin", "A data set needs at least two labelled groups. Make one from the worklist.")
        ways = (
            (translate("Admin", "New data set…"), self.commander.act("dataset.from_opinions")),
            (translate("Admin", "Go to the worklist"), self.commander.act("page.worklist")),
        )
        blocked = self.commander.reason("dataset.from_opinions")
        self.show_instead(" ".join(filter(None, (words, blocked))), *(ways[1:] if blocked else ways))

    def _line(self) -> Line | None:
        return next((line for line in self._lines if line.dataset.id == self.chosen), None)

    def _choose(self, line: Line) -> None:
        self.admin.choose(self.name, line.dataset.id)

    def _follow(self) -> None:
        """Show the chosen data set, and what can be done with it."""
        line = self._line()
        if line is None:
            return
        at = self._lines.index(line)
        if self.table.currentIndex().row() != at:
            self.table.selectRow(at)
        dataset, report = line.dataset, line.report
        self.name_of.setText(f"{plain(dataset.facts.name, NAME)}, {version_words(dataset.facts.version)}")
        self.detail.show_dataset(dataset, line.looks, line.before)
        self.findings.show_report(dataset, report, line.fresh, _checked_words(line))
        self._follow_deeds(line)

    def _follow_deeds(self, line: Line) -> None:
        busy = self._busy()
        why_not = "" if line.dataset.facts.frozen else _not_frozen(line)
        self.going.setText(busy or why_not)
        self.check.refresh(busy)
        self.freeze.setVisible(not line.dataset.facts.frozen)
        self.train.setVisible(line.dataset.facts.frozen)
        self.freeze.refresh(busy or why_not)
        self.version.refresh()
        self.remove.refresh(busy)
        self.train.refresh()

    # -- deeds

    def _run(self, id_: str, **args: object) -> None:
        self.commander.run(id_, dataset=self.chosen, **args)

    def _open_study(self, file: str) -> None:
        study = self.admin.datasets.study_of(self.chosen, file)
        if study is not None:
            self.session.worklist.select(study)
            self.commander.run("worklist.open", study=study)

    def _job_changed(self, job: Job) -> None:
        """Say what is being done with data sets; a new one is chosen when it is there."""
        if not job.kind.startswith("dataset"):
            return
        if job.state.final:
            known = job.id in self._jobs
            self._jobs.discard(job.id)
            if known and job.kind == "dataset" and isinstance(job.result, str):
                self.admin.choose(self.name, job.result)
                self.refresh()
        else:
            self._jobs.add(job.id)
        if (line := self._line()) is not None:
            self._follow_deeds(line)

    def _busy(self) -> str:
        """Return what is being done with data sets now, "" for nothing."""
        going = [job for job in self.session.jobs.active if job.kind.startswith("dataset")]
        return say(going[-1].title) if going else ""

    # -- room

    def fit(self, width: int, compact: bool) -> None:
        shown = min(max(len(self._lines), 1), SHOWN_SMALL if compact else SHOWN)
        self.table.setFixedHeight(self.table.height_for(shown))
        count = 88 if compact else 112
        wide = 220 if compact else 300
        self.table.set_widths((0, count, count, count + 24, wide - 40, 172, wide))
        self.detail.setFixedWidth(DETAIL_SMALL if compact else DETAIL)
        self.findings.fit(compact)

    def regions(self) -> tuple[QWidget, ...]:
        if not self.ready or not self.content.isVisible():
            return super().regions()
        return self.head, self.table, self.deeds, self.detail, self.findings

    def opening(self) -> QWidget:
        return self.table


def _heads() -> tuple[str, ...]:
    return (
        translate("Admin", "Data set"),
        translate("Admin", "Pictures"),
        translate("Admin", "Patients"),
        translate("Admin", "Positives"),
        translate("Admin", "Where from"),
        translate("Admin", "State"),
        translate("Admin", "Problems"),
    )


def _cells(line: Line) -> tuple[Cell, ...]:
    dataset = line.dataset
    kept = dataset.kept
    positives = sum(row.positive for row in kept)
    frozen = dataset.facts.frozen
    out = len(dataset.rows) - len(kept)
    left_out = translate("Admin", "{0} left out").format(count_words(out)) if out else ""
    return (
        Cell((plain(dataset.facts.name, NAME), version_words(dataset.facts.version)), strong=True),
        Cell((count_words(len(kept)), left_out), right=True),
        Cell((count_words(len({row.patient for row in kept})),), right=True),
        Cell((count_words(positives), share_words(positives, len(kept))), right=True),
        Cell((source_words(dataset),)),
        Cell(
            (translate("Admin", "Frozen") if frozen else translate("Admin", "Can be changed"),),
            icon="lock-key" if frozen else "note-pencil",
        ),
        Cell((problem_words(line.report), _checked_words(line)), icon=_problem_icon(line.report)),
    )


def _problem_icon(report: CheckReport | None) -> str:
    if report is None:
        return "question"
    severities = {finding.severity for finding in report.findings}
    return "warning-circle" if Severity.STOP in severities else "warning" if Severity.WARN in severities else "check"


def _checked_words(line: Line) -> str:
    """Return whether the check still holds."""
    if line.report is None:
        return ""
    return "" if line.fresh else translate("Admin", "changed since the check")


def _not_frozen(line: Line) -> str:
    """Return why a data set cannot be frozen yet, "" if it can."""
    if line.report is None:
        return translate("Admin", "Check it first.")
    if not line.fresh:
        return translate("Admin", "It was changed: check it again first.")
    return say(line.report.stops[0].text) if line.report.stops else ""


SECTION = DataSetsSection
