"""Promotion: a human act, with the model's name and version typed, a reason, and every warning ticked."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medviewer.app.admin.records import Comparison
from medviewer.core.errors import sentence_for
from medviewer.ui.admin.pieces import aside
from medviewer.ui.arrange import column, fill
from medviewer.ui.controls import Button
from medviewer.ui.dialogs_library import FittedDialog
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

WIDTH, REASON = 560, 500


class PromoteDialog(FittedDialog):
    """Works when the name is typed, a reason is given and each warning has its tick; `promote` gets the reason."""

    def __init__(self, parent: QWidget | None, comparison: Comparison, promote: Callable[[str], object]) -> None:
        self.name = f"{comparison.model} {comparison.challenger}"
        super().__init__(parent, translate("Promote", "Promote {0}?").format(self.name), WIDTH)
        self._comparison, self._promote = comparison, promote

    def parts(self) -> Iterator[QWidget | None]:
        """Make the warnings, what is to be filled in, and the buttons."""
        comparison = self._comparison
        words = translate(
            "Promote",
            "Every next analysis is made with it instead of {0}. {0} stays here: going back is one click.",
        ).format(comparison.champion)
        self.reason = QPlainTextEdit()
        self.reason.setFont(font(13))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.reason.setAccessibleName(translate("Promote", "Reason"))
        self.reason.textChanged.connect(self._changed)
        self.typed = QLineEdit()
        self.typed.setFont(font(13))
        self.typed.setAccessibleName(translate("Promote", "Model and version"))
        self.typed.textChanged.connect(lambda _text: self._changed())
        warnings = QWidget()
        fill(self.content, Label(words, 13, "text2", wrap=True), warnings)
        yield from self._make_warnings(column(warnings, spacing=6))
        warnings.setVisible(bool(self.ticks))
        yield self
        why = translate("Promote", "Why? It is written into the audit and into the model card.")
        again = translate("Promote", "Type {0} to confirm:").format(self.name)
        fill(
            self.content,
            Label(why, 13, "text1", 500),
            self.reason,
            Label(again, 13, "text1", 500, wrap=True),
            self.typed,
        )
        yield self.reason
        yield self.typed
        self.why_not = Label("", 12, "text2", wrap=True)
        self.content.addWidget(self.why_not)
        self.promote = Button(translate("Promote", "Promote"), "primary", "arrow-fat-line-up", "on_accent")
        self.promote.clicked.connect(lambda _=False: self._go())
        keep = translate("Promote", "Keep {0}").format(comparison.champion)
        self.foot(Button(keep), self.promote)
        self._changed()

    def _make_warnings(self, layout: QVBoxLayout) -> Iterator[QWidget]:
        """Make a tick for each condition that cannot be told."""
        self.ticks: list[QCheckBox] = []
        for gate in (gate for gate in self._comparison.gates if gate.ok is None):
            tick = QCheckBox(translate("Promote", "I have read this"))
            words = Label(say(gate.text), 12, "warn", wrap=True)
            tick.setAccessibleName(translate("Promote", "I have read this: {0}").format(say(gate.text)))
            tick.setFont(font(12))
            tick.toggled.connect(lambda _on: self._changed())
            self.ticks.append(tick)
            fill(layout, words, tick)
            words.ensurePolished()
            yield tick

    @property
    def refusal(self) -> str:
        """Why it cannot be promoted yet, "" when it can."""
        refused = self._comparison.refused
        if refused:
            return say(refused[0].text)
        if not all(tick.isChecked() for tick in self.ticks):
            return translate("Promote", "Tick what could not be told.")
        if not self.text:
            return translate("Promote", "Give a reason.")
        if len(self.text) > REASON:
            return translate("Promote", "A reason has at most {0} characters.").format(REASON)
        if self.typed.text().strip() != self.name:
            return translate("Promote", "Type the model and its version as they stand above.")
        return ""

    @property
    def text(self) -> str:
        return self.reason.toPlainText().strip()

    def _changed(self) -> None:
        if not hasattr(self, "promote"):
            return
        why = self.refusal
        self.promote.setEnabled(not why)
        self.promote.setToolTip(why)
        self.why_not.setText(why)

    def _go(self) -> None:
        if not self.refusal:
            self.accept()
            self._promote(self.text)


def open_for(
    parent: QWidget,
    commander: Commander,
    bridge: "MainThread",
    id_: str,
    show: Callable[[PromoteDialog], object],
) -> None:
    """Read a comparison beside the event loop and open its dialog."""

    def promote(reason: str) -> None:
        commander.run("model.promote_now", comparison=id_, reason=reason)

    def arrived(future: "Future[Comparison]") -> None:
        error = future.exception()
        if error is not None:
            commander.refused.emit(say(sentence_for(error)))
        else:
            show(PromoteDialog(parent, future.result(), promote))

    aside(bridge, lambda: commander.session.admin.comparisons.get(id_), arrived)
