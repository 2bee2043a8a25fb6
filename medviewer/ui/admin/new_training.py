"""A new training: the plan at the left, its variety with a live preview and what blocks it at the right.

Everything that is asked of the disk (data sets, versions, checks, the estimate) is asked beside the event loop, and
again 300 ms after the last change; the start stays off with its reason while a check fails.
"""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medviewer.app.admin.records import Gate, Plan, Start, Version
from medviewer.core.datasets import DataSet
from medviewer.core.errors import sentence_for
from medviewer.ui.admin.augment_preview import PreviewPart, Variety
from medviewer.ui.admin.cards import scrolling
from medviewer.ui.admin.pieces import Gates, answer, aside, duration, model_title
from medviewer.ui.admin.plan_form import PlanForm
from medviewer.ui.admin.training_setup import CHECKS
from medviewer.ui.arrange import column, fill, row, surface
from medviewer.ui.controls import Button
from medviewer.ui.dialogs import Dialog
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

WIDTH, HEIGHT = 1120, 800
#: Milliseconds of rest after which a change is looked at.
REST_MS = 300
#: Versions in use come first, then those that were, then candidates.
_ORDER = {"in use": 0, "kept": 1, "candidate": 2}


@dataclass(frozen=True)
class Offer:
    """What there is to choose from: frozen data sets, and starts with their words."""

    sets: tuple[DataSet, ...]
    starts: tuple[tuple[Start, str], ...]


@dataclass(frozen=True)
class Known:
    """What is known of a plan: its checks, and how long it will take (None: not known)."""

    gates: tuple[Gate, ...]
    seconds: float | None


class NewTrainingDialog(Dialog):
    """Asks for a plan; "Start training" runs `training.start` with it."""

    def __init__(self, parent: QWidget | None, commander: Commander, bridge: "MainThread", dataset: str = "") -> None:
        """`dataset` is the id of the data set that is chosen at first, "" for the one of the data sets' section."""
        super().__init__(parent, translate("NewTraining", "New training"), min(WIDTH, _room(parent)[0]))
        self._commander, self._bridge = commander, bridge
        self._admin = commander.session.admin
        self._wished = dataset or self._admin.chosen.get("datasets", "")
        self._sets: tuple[DataSet, ...] = ()
        self._question: object = None
        self._closed = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)
        self.finished.connect(lambda _result: self._end())
        self.ready = False  # all parts are made

    def parts(self) -> Iterator[QWidget | None]:
        """Make the frame, the form, and what stands at the right of it; then look at what there is to choose."""
        body = QWidget()
        beside = row(body, (0, 0, 12, 0), 24)
        area = scrolling(body, translate("NewTraining", "New training"))
        for each in (body, area.viewport()):
            surface(each, "bg1")
        self.why = Label("", 12, "warn", wrap=True)
        self.start = Button(translate("NewTraining", "Start training"), "primary", "play", "on_accent")
        self.start.clicked.connect(lambda _=False: self._start())
        self.content.addWidget(area, 1)
        self.content.addWidget(self.why)
        self.foot(Button(translate("NewTraining", "Cancel")), self.start)
        self._block(translate("NewTraining", "Looking at data sets and models"))
        yield self
        self.form = PlanForm()
        beside.addWidget(self.form)
        yield from self.form.parts()
        self.form.dataset.setFocus()
        side = QWidget()
        beside.addWidget(side, 1)
        yield from self._make_side(column(side, spacing=8))
        self.form.start_changed.connect(self._start_changed)
        self.form.changed.connect(self._rest.start)
        self.variety.changed.connect(self._rest.start)
        self.ready = True
        aside(self._bridge, self._look, self._offered)

    def _make_side(self, layout: QVBoxLayout) -> Iterator[QWidget]:
        self.preview = PreviewPart(self._ask)
        fill(layout, Label(translate("NewTraining", "How pictures are varied"), 14, "text1", 600), self.preview)
        yield self.preview
        self.variety = Variety()
        layout.addWidget(self.variety)
        yield self.variety
        self.gates, self.estimate = Gates(), Label("", 13, "text1", wrap=True)
        head = Label(translate("NewTraining", "Before it starts"), 14, "text1", 600)
        fill(layout, 8, head, self.gates, self.estimate, None)
        self.gates.make_rows(CHECKS)
        yield self.gates

    # -- what there is to choose

    def _look(self) -> Offer:
        """Look at data sets and starts (on the thread for it)."""
        sets = tuple(each for each in self._admin.datasets.all(wait=True) if each.facts.frozen)
        versions = {(v.model, v.version): v for v in self._admin.versions.all()}
        starts = [(start, versions.get((start.name, start.version))) for start in self._admin.runs.starts()]
        starts.sort(key=lambda pair: _ORDER.get(pair[1].state, 3) if pair[1] is not None else 4)
        return Offer(sets, tuple((start, _start_words(start, version)) for start, version in starts))

    def _offered(self, future: "Future[Offer]") -> None:
        if self._closed:
            return
        error = future.exception()
        if error is not None:
            self._block(say(sentence_for(error)))
            return
        offer = future.result()
        self._sets = offer.sets
        self.form.offer(offer.sets, offer.starts, self._wished)
        if not self._sets:
            self._block(translate("NewTraining", "There is no frozen data set. Check one and freeze it first."))

    def _start_changed(self) -> None:
        """Take the settings that the start has by itself."""
        start, runs = self.form.starts_from, self._admin.runs
        if start is None:
            return

        def arrived(future: "Future[tuple[Plan, dict[str, Any]]]") -> None:
            if self._closed or start != self.form.starts_from:
                return
            error = future.exception()
            if error is not None:
                self._block(say(sentence_for(error)))
                return
            plan, changes = future.result()
            self.variety.show_start(changes, start.kind == "scratch")
            self.form.take(plan)
            self._rest.start()

        aside(self._bridge, lambda: (runs.suggested(start), runs.changes(start)), arrived)

    def _block(self, why: str) -> None:
        """Say why it cannot be started; "" when it can."""
        self.start.setEnabled(not why)
        self.start.setToolTip(why)
        self.why.setText(why)
        self.why.setVisible(bool(why))

    # -- asking about the plan

    @property
    def plan(self) -> Plan | None:
        """What is chosen now, None while something is missing."""
        plan = self.form.plan
        return dataclasses.replace(plan, augment=self.variety.augment) if plan is not None else None

    def _ask(self) -> None:
        """Ask for checks, the estimate and the variants of the plan as it is."""
        self._question = object()
        self._ask_gates()
        plan = self.plan
        if plan is not None and not self._closed:
            self._ask_preview(plan, self._question)

    def _ask_gates(self) -> None:
        plan, runs, question = self.plan, self._admin.runs, self._question
        if plan is None or self._closed:
            return

        def arrived(future: "Future[Known]") -> None:
            if question is self._question and not self._closed:
                self._show_known(future, plan)

        aside(self._bridge, lambda: Known(runs.preflight(plan), runs.seconds_estimate(plan)), arrived)

    def _show_known(self, future: "Future[Known]", plan: Plan) -> None:
        error = future.exception()
        if error is not None:
            self.gates.show_gates(())
            self._block(say(sentence_for(error)))
            return
        known = future.result()
        self.gates.show_gates(known.gates)
        self._block(self.gates.failed or self._commander.reason("training.start"))
        self.estimate.setText(estimate_words(plan.device, known.seconds))

    def _ask_preview(self, plan: Plan, question: object) -> None:
        dataset = next((each for each in self._sets if each.id == plan.dataset), None)
        rows = dataset.part("fit") if dataset is not None else ()
        variants = self.preview.variants
        if not rows:
            variants.show_words(translate("NewTraining", "This data set has no pictures to fit."))
            return
        if not variants.shown:
            variants.show_words(translate("NewTraining", "Making the preview"))
        file, seed, runs = rows[self.preview.picture % len(rows)].file, self.preview.seed, self._admin.runs
        plan = dataclasses.replace(plan, threads=1)  # one picture needs no more, and the window keeps the others

        def arrived(future: "Future[Any]") -> None:
            if question is not self._question or self._closed or future.cancelled():
                return
            error = future.exception()
            if error is not None:
                variants.show_words(say(sentence_for(error)))
            else:
                variants.show_pictures(future.result())

        answer(self._bridge, lambda: runs.preview(plan, file, seed), arrived)

    # -- the end

    def _start(self) -> None:
        plan = self.plan
        if plan is not None and self._commander.run("training.start", plan=dataclasses.asdict(plan)):
            self.accept()
            self._commander.run("admin.section", section="training")

    def _end(self) -> None:
        self._closed = True
        self._rest.stop()

    def showEvent(self, event: QShowEvent) -> None:
        width, height = _room(self.parentWidget())
        self.resize(min(WIDTH, width), min(HEIGHT, height))
        super().showEvent(event)


def estimate_words(device: str, seconds: float | None) -> str:
    """Return where it will train and how long ("Will train on the processor, about 9 min.")."""
    places = {
        "cpu": translate("NewTraining", "Will train on the processor, about {0}."),
        "cuda": translate("NewTraining", "Will train on the graphics card, about {0}."),
        "mps": translate("NewTraining", "Will train on Apple graphics, about {0}."),
    }
    words = places.get(device, translate("NewTraining", "Will train on this computer, about {0}."))
    unknown = translate("NewTraining", "How long it takes is known after its first epoch.")
    return words.format(duration(seconds)) if seconds is not None else unknown


def _start_words(start: Start, version: Version | None) -> str:
    if start.kind == "scratch":
        return translate("NewTraining", "{0}, from scratch").format(start.name)
    words = {
        "in use": translate("NewTraining", "{0}, in use"),
        "candidate": translate("NewTraining", "{0}, candidate"),
    }
    title = model_title(version.title if version else start.name, start.version)
    return words.get(version.state if version else "", "{0}").format(title)


def _room(parent: QWidget | None) -> tuple[int, int]:
    """Return the width and height that a dialog over `parent` can have."""
    return (parent.width() - 64, parent.height() - 64) if parent is not None else (WIDTH, HEIGHT)
