"""Lighter copies of a version: size, speed and answers beside the model's own, and whether one may answer for it.

A copy that has not proved equal answers can be looked at, not used.
"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import LightCopy, Version
from medviewer.core.jobs import Job, State
from medviewer.ui.admin.cards import Chip, Facts
from medviewer.ui.admin.pieces import NamedButton, count, figure
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.admin.section import Section

#: Kinds of copies that are offered, and the kind of the job that makes one.
KINDS, MAKING = ("int8", "onnx"), "light"


def kind_title(kind: str) -> str:
    """Return what a kind of copy is called."""
    return {
        "int8": translate("Light", "Fast copy in whole numbers (int8)"),
        "onnx": translate("Light", "Fast copy (ONNX)"),
        "distilled": translate("Light", "Smaller network"),
    }.get(kind, kind)


def copy_facts(copy: LightCopy) -> list[tuple[str, str]]:
    """Return size, speed and answers of a copy beside the model's."""
    faster = 1 / copy.ratio if copy.ratio > 0 else 0.0
    speed = translate("Light", "{0} times as fast") if faster >= 1 else translate("Light", "{0} times as fast, slower")
    differs = translate("Light", "{0} on {1} pictures")
    return [
        (
            translate("Light", "Size"),
            translate("Light", "{0} MB instead of {1} MB").format(_mb(copy.bytes), _mb(copy.base_bytes)),
        ),
        (translate("Light", "Speed"), speed.format(figure(faster, 1)) if faster else ""),
        (
            translate("Light", "AUC"),
            translate("Light", "{0}, the model {1}").format(figure(copy.auc), figure(copy.base_auc)),
        ),
        (translate("Light", "Scores differ by"), differs.format(figure(copy.worst), count(copy.n))),
    ]


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f}"


class CopyRow(QWidget):
    """One kind of copy: what is known of it, and what can be done."""

    def __init__(self, card: "LightCard", kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.chip, self.facts = Chip(), Facts(112)
        self.text = Label("", 12, "text2", wrap=True)

        def values() -> dict[str, str]:
            return {"model": card.model, "version": card.version, "kind": kind}

        commander = card.section.commander
        self.make = NamedButton(commander, "light.make", translate("Light", "Make and test it"), args=values)
        self.use = NamedButton(commander, "light.use", translate("Light", "Use it"), args=values)
        self.back = NamedButton(
            commander, "light.use", translate("Light", "Use the model itself"), args=lambda: {**values(), "kind": ""}
        )
        title = Label(kind_title(kind), 13, "text1", 500)
        buttons = in_row(self.make, self.use, self.back, None, spacing=8)
        fill(column(self, spacing=6), in_row(title, None, self.chip), self.facts, self.text, buttons)

    def show_copy(self, copy: LightCopy | None, working: str, refusal: str) -> None:
        """Show a copy, None for one that was not made; `working` says that one is being made."""
        self.facts.show_facts(copy_facts(copy) if copy is not None else [])
        self.facts.setVisible(copy is not None)
        if working:
            state = translate("Light", "being made"), "accent", "hourglass-medium"
        elif copy is None:
            state = translate("Light", "not made"), "plain", "circle-dashed"
        elif copy.used:
            state = translate("Light", "in use"), "accent", "check-circle"
        elif copy.ok:
            state = translate("Light", "equal answers"), "plain", "check"
        else:
            state = translate("Light", "not equal enough"), "warn", "warning"
        self.chip.say(*state)
        self.text.setText(working or (say(copy.text) if copy is not None else ""))
        self.text.setVisible(bool(self.text.text()))
        again = translate("Light", "Make and test it again")
        self.make.setText(again if copy is not None else translate("Light", "Make and test it"))
        self.use.setVisible(copy is not None and not copy.used)
        self.back.setVisible(copy is not None and copy.used)
        self.make.refresh(working or refusal)
        not_ok = translate("Light", "Its answers are not equal enough to the model's.")
        self.use.refresh(working or refusal or (not_ok if copy is not None and not copy.ok else ""))
        self.back.refresh(working)


class LightCard(QWidget):
    """The lighter copies of the version that is chosen in the model library."""

    def __init__(self, section: "Section") -> None:
        super().__init__()
        self.section = section
        self.model, self.version = "", ""
        self._refusal, self._working, self._hearing = "", "", False
        self._copies: tuple[LightCopy, ...] = ()
        words = translate(
            "Light", "A lighter copy answers for the model on the processor. It must first prove equal answers."
        )
        self.rows = {kind: CopyRow(self, kind) for kind in KINDS}
        title = Label(translate("Light", "Make it lighter"), 13, "text1", 600)
        fill(column(self, spacing=12), title, Label(words, 12, "text2", wrap=True), *self.rows.values())
        section.hear(section.session.jobs.changed, self._job_changed, by=lambda job: job.id)

    def show_version(self, version: Version) -> None:
        """Show the copies of a version; a candidate has none before it is promoted."""
        if (version.model, version.version) != (self.model, self.version):
            self._copies = ()
        self.model, self.version = version.model, version.version
        candidate = translate("Light", "A candidate gets lighter copies when it is in use.")
        self._refusal = candidate if version.state == "candidate" else ""
        self._show()
        self._look()

    def _look(self) -> None:
        name, section = self.model, self.section

        def arrived(found: tuple[LightCopy, ...]) -> None:
            if not self._hearing:
                self._hearing = True
                section.hear(section.admin.light.changed, lambda _model: self._look(), latest=True)
            if name == self.model:
                self._copies = found
                self._show()

        section.look(lambda: section.admin.light.all(name), arrived, name="light")

    def _show(self) -> None:
        here = {copy.kind: copy for copy in self._copies if copy.version == self.version}
        for kind, each in self.rows.items():
            each.show_copy(here.get(kind), self._working, self._refusal)

    def _job_changed(self, job: Job) -> None:
        if job.kind != MAKING:
            return
        self._working = ""
        if not job.state.final:
            of = translate("Light", "Making and testing a copy, {0} of {1} answers").format(
                count(job.done), count(job.total)
            )
            self._working = of if job.total else translate("Light", "Making and testing a copy")
        self._show()
        if job.state is State.FAILED and self.isVisible():
            self.section.job_ended(job)
        if job.state.final:
            self._look()
