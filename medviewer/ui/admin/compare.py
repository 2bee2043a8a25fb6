"""Compare and promote: both versions on the same locked cases, what promotion needs, the cases that change sides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

from medviewer.app.admin.records import Comparison, Run, Version
from medviewer.core.jobs import Job, State
from medviewer.ui.admin.calibration import Calibration
from medviewer.ui.admin.cards import Card, scrolling
from medviewer.ui.admin.compare_flips import FlipsCard
from medviewer.ui.admin.compare_table import CompareCard
from medviewer.ui.admin.new_comparison import looks_words
from medviewer.ui.admin.pieces import Gates, NamedButton, count, model_title, moment
from medviewer.ui.admin.plan_form import combo
from medviewer.ui.admin.section import CommandButton, Section
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

if TYPE_CHECKING:
    from medviewer.ui.admin.asking import AdminAsks

SIDE, QWIDGETSIZE_MAX = 372, (1 << 24) - 1
#: Rows that are made ready for what promotion needs.
CONDITIONS = 8
#: Kind of the job that compares.
COMPARING = "compare"


@dataclass(frozen=True)
class Seen:
    """One look: every comparison, and what belongs to the one that is shown."""

    all: tuple[Comparison, ...]
    shown: Comparison | None = None
    title: str = ""
    in_use: Version | None = None
    before: str = ""  # the version that going back leads to
    runs: tuple[Run, ...] = ()
    dataset: str = ""
    candidates: int = 0


class CompareSection(Section):
    """The comparison that is looked at; all others behind one box."""

    name = "compare"

    def heading(self) -> tuple[str, str]:
        return translate("Compare", "Compare, promote"), ""

    def parts(self) -> Iterator[tuple[QWidget, int] | QWidget]:
        self._seen: Seen | None = None
        self._hearing = False
        self._working = ""  # what is being compared right now, in words
        self._add_deeds()
        yield self._make_top(), 0
        body = QWidget()
        self._body = column(body, (0, 0, 8, 0), 16)
        yield scrolling(body, translate("Compare", "Comparison")), 1
        self._pairs = [self._pair(), self._pair()]
        self._body.addStretch(1)
        self.table = CompareCard()
        self._pairs[0].addWidget(self.table, 1)
        yield self.table
        self.gates, self.calibration = Gates(), Calibration()
        self.gates_card = Card(translate("Compare", "What promotion needs"))
        self._pairs[0].addWidget(self.gates_card)
        fill(self.gates_card.column, self.gates, None)
        self.gates.make_rows(CONDITIONS)
        yield self.gates_card
        self.flips = FlipsCard(self.bridge, self._colours)
        self.flips.opened.connect(self._open_study)
        self._pairs[1].addWidget(self.flips, 1)
        yield self.flips
        self.calibration_card = Card(translate("Compare", "Calibration"))
        self._pairs[1].addWidget(self.calibration_card)
        key = translate("Compare", "dots: share with the finding; open: in use, filled: candidate")
        fill(self.calibration_card.column, self.calibration, Label(key, 11, "text3", wrap=True), None)
        yield self.calibration_card

    def _pair(self) -> QBoxLayout:
        """Make the place of two cards beside each other; in a small window they come under each other (`fit`)."""
        holder = QWidget()
        layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        self._body.addWidget(holder)
        return layout

    def _add_deeds(self) -> None:
        self.new = CommandButton(self.commander, "compare.new", translate("Compare", "New comparison…"), icon="scales")
        self.back = NamedButton(
            self.commander,
            "model.roll_back",
            translate("Compare", "Go back"),
            icon="arrow-counter-clockwise",
            args=lambda: {"model": self._model, "reason": translate("Compare", "One click on the comparison")},
        )
        self.promote = NamedButton(
            self.commander,
            "model.promote",
            translate("Compare", "Promote…"),
            "arrow-fat-line-up",
            "primary",
            lambda: {"comparison": self._id},
        )
        self.head.add(self.new, self.back, self.promote)

    def _make_top(self) -> QWidget:
        self.choice = combo(translate("Compare", "Comparison"), 40)
        self.choice.activated.connect(lambda at: self.admin.choose(self.name, str(self.choice.itemData(at))))
        self.looks = Label("", 12, "text2", wrap=True)
        self.note_icon, self.note = Icon("info", 16, "accent"), Label("", 13, "text1", wrap=True)
        self.note_line = in_row(self.note_icon, spacing=8, grow=self.note)
        top = QWidget()
        fill(column(top, spacing=8), in_row(self.choice, spacing=16, grow=self.looks), self.note_line)
        return top

    @property
    def _id(self) -> str:
        return self._seen.shown.id if self._seen and self._seen.shown else ""

    @property
    def _model(self) -> str:
        return self._seen.shown.model if self._seen and self._seen.shown else ""

    def _colours(self) -> tuple[str, float]:
        ai = self.session.reader.ai
        return ai.colormap, ai.threshold

    # -- looking

    def listen(self) -> None:
        self.hear(self.admin.chosen_changed, lambda name: self.refresh() if name == self.name else None)
        self.hear(self.session.jobs.changed, self._job_changed, by=lambda job: job.id)

    def refresh(self) -> None:
        chosen = self.chosen
        slow = translate("Compare", "Looking at the comparisons")
        self.look(lambda: self._see(chosen), lambda seen: self._take(seen, chosen), name="comparisons", slow=slow)

    def _see(self, chosen: str) -> Seen:
        """Look at everything that is shown (on the thread for it)."""
        admin = self.admin
        every = admin.comparisons.all()
        shown = next((c for c in every if c.id == chosen), every[0] if every else None)
        versions = admin.versions.all()
        candidates = sum(version.state == "candidate" for version in versions)
        if shown is None:
            return Seen(every, candidates=candidates)
        title = next((v.title for v in versions if v.model == shown.model), shown.model)
        before = admin.versions.before(shown.model)
        names = {each.id: f"{each.facts.name} {each.facts.version}" for each in admin.datasets.all(wait=True)}
        return Seen(
            every,
            shown,
            title,
            admin.versions.in_use(shown.model),
            before.card.version if before is not None else "",
            admin.runs.all(),
            names.get(shown.dataset, translate("Compare", "a data set that is gone")),
            candidates,
        )

    def _hear_parts(self) -> None:
        """Hear of comparisons and versions, once these parts are made (not on the window's thread)."""
        if not self._hearing:
            self._hearing = True
            self.hear(self.admin.comparisons.changed)
            self.hear(self.admin.versions.changed)

    def _take(self, seen: Seen, chosen: str) -> None:
        """Show a look, unless something else was chosen meanwhile: then another look is under way."""
        if chosen == self.chosen:
            self._show(seen)

    def _show(self, seen: Seen) -> None:
        self._hear_parts()
        self._seen = seen
        shown = seen.shown
        self.new.refresh()
        self.back.setVisible(shown is not None and bool(seen.before))
        self.promote.setVisible(shown is not None)
        if shown is None:
            self.head.say(*self.heading())
            self._show_nothing(seen)
            return
        if self.chosen != shown.id:
            self.admin.choose(self.name, shown.id)  # what is shown is what commands act on
        self._show_words(seen, shown)
        self.table.show_comparison(shown)
        self.gates.show_gates(shown.gates)
        self.calibration.show_bins(shown.champion, shown.challenger, shown.calibration)
        self.flips.show_comparison(shown, self.admin.comparisons.maps)
        self.show_content()

    def _show_nothing(self, seen: Seen) -> None:
        if self._working:
            self.show_instead(self._working)
            return
        words = translate(
            "Compare", "Nothing was compared yet. A candidate and the version in use answer locked cases."
        )
        new = translate("Compare", "New comparison…"), self.commander.act("compare.new")
        train = translate("Compare", "Go to fine-tuning"), lambda: self.admin.show("training")
        self.show_instead(words, *((new, train) if seen.candidates else (train,)))

    def _show_words(self, seen: Seen, shown: Comparison) -> None:
        about = translate("Compare", "{0}: in use {1} against candidate {2}")
        self.head.say(self.heading()[0], about.format(say(seen.title), shown.champion, shown.challenger))
        self._show_choice(seen, shown)
        cases = translate("Compare", "{0} locked cases of {1} patients, {2} with the finding, of {3}.")
        words = [cases.format(count(shown.n), count(shown.patients), count(shown.positives), seen.dataset)]
        if shown.left_out:
            words.append(translate("Compare", "{0} more could not be evaluated.").format(count(shown.left_out)))
        words.append(looks_words(shown.looks + 1))
        self.looks.setText(" ".join(words))
        self.back.setText(translate("Compare", "Go back to {0}").format(seen.before))
        self.back.refresh()
        self.promote.refresh(self._refusal(seen, shown))
        self._show_note(seen, shown)

    def _show_choice(self, seen: Seen, shown: Comparison) -> None:
        runs = {run.id: run.number for run in seen.runs}
        self.choice.clear()
        for each in seen.all:
            run = translate("Compare", "run {0}").format(runs[each.run]) if each.run in runs else each.challenger
            words = translate("Compare", "{0}: {1} against {2}, {3}")
            self.choice.addItem(words.format(each.model, run, each.champion, moment(each.at)), each.id)
        self.choice.setCurrentIndex(self.choice.findData(shown.id))

    def _refusal(self, seen: Seen, shown: Comparison) -> str:
        """Why this candidate cannot be promoted: the first condition that fails, or what was done since."""
        in_use = seen.in_use.version if seen.in_use is not None else ""
        if in_use == shown.challenger:
            return translate("Compare", "{0} is in use already.").format(shown.challenger)
        if in_use and in_use != shown.champion:
            return translate("Compare", "{0} is in use by now. Compare again.").format(in_use)
        return say(shown.refused[0].text) if shown.refused else ""

    def _show_note(self, seen: Seen, shown: Comparison) -> None:
        """Say what a person must know: a promotion that holds, why not, or that something is being compared."""
        look = "info", "text2"
        words = self._working or self._refusal(seen, shown)
        if seen.in_use is not None and seen.in_use.version == shown.challenger:
            look = "check-circle", "accent"
            title = model_title(seen.title, shown.challenger)
            words = translate("Compare", "{0} is in use now. Every next analysis names it.").format(title)
        elif not self._working and words:
            look = "warning", "warn"
        self.note_icon.show_icon(*look)
        self.note.setText(words)
        self.note_line.setVisible(bool(words))

    # -- a comparison on its way

    def _job_changed(self, job: Job) -> None:
        if job.kind != COMPARING:
            return
        self._working = ""
        if job.state is State.DONE and isinstance(job.result, Comparison):
            self.admin.choose(self.name, job.result.id)
        elif not job.state.final:
            of = translate("Compare", "{0} of {1} answers").format(count(job.done), count(job.total))
            words = translate("Compare", "Comparing: both versions answer the locked cases.")
            self._working = f"{words} {of}." if job.total else words
        if not self.isVisible() or self._seen is None:
            return
        if job.state is State.FAILED:
            self.refresh()
            self.job_ended(job)
        elif job.state.final:
            self.refresh()
        elif self._seen.shown is None:
            self._show_nothing(self._seen)
        else:
            self._show_note(self._seen, self._seen.shown)

    # -- deeds

    def _open_study(self, study: int) -> None:
        self.commander.run("worklist.open", study=study)

    def fit(self, width: int, compact: bool) -> None:
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for pair in self._pairs:
            pair.setDirection(under if compact else beside)
        for card in (self.gates_card, self.calibration_card):
            card.setMinimumWidth(0 if compact else SIDE)
            card.setMaximumWidth(QWIDGETSIZE_MAX if compact else SIDE)
        self.table.fit(width, compact)
        self.flips.fit(width, compact)

    def regions(self) -> tuple[QWidget, ...]:
        if not self.ready or not self.content.isVisible():
            return super().regions()
        return self.head, self.table, self.flips


def _new_comparison(asks: "AdminAsks", challenger: str = "") -> None:
    from medviewer.ui.admin.new_comparison import NewComparisonDialog

    asks.show(NewComparisonDialog(asks.window, asks.commander, asks.bridge, challenger))


def _promote(asks: "AdminAsks", comparison: str) -> None:
    from medviewer.ui.admin.promote_dialog import open_for

    open_for(asks.window, asks.commander, asks.bridge, comparison, asks.show)


SECTION = CompareSection
#: What commands ask of this section (see asking.AdminAsks).
ASKS: dict[str, Callable[..., object]] = {"new_comparison": _new_comparison, "promote": _promote}
