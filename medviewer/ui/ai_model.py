"""The AI panel's upper part: which model, whether it may read this series and by which rules, and the read buttons."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from medviewer.app.session import Session
from medviewer.core.study import Stack
from medviewer.ui import theme
from medviewer.ui.ai_here import Here
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.controls import Button, IconButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import HatchedBox, Icon, Label

_ANSWERS = {"yes": ("check-circle", "accent"), "no": ("minus-circle", "text2"), "unknown": ("question", "warn")}
_RULES = {True: ("check", "text2"), False: ("x", "danger"), None: ("question", "warn")}


class ModelPicker(QComboBox):
    """Models that fit first; the others stand below with the reason, and choosing one shows it in full."""

    picked = Signal(str)  # name of the model

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(13, 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(16, 16))
        self.setAccessibleName(translate("AiPanel", "Model"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._shown: list[tuple[str, str]] = []
        self.activated.connect(lambda row: self.picked.emit(self.itemData(row)))

    def show_models(self, fitting: tuple[tuple[Any, Any], ...], chosen: Any) -> None:
        wanted = [(model.name, verdict.answer) for model, verdict in fitting]
        if wanted != self._shown or not self.count():
            self._shown = wanted
            self.clear()
            for model, verdict in fitting:
                self._add(model, verdict)
        at = next((i for i, (model, _) in enumerate(fitting) if chosen is not None and model is chosen), -1)
        self.setCurrentIndex(at)
        if chosen is None:
            self.setPlaceholderText(translate("AiPanel", "No model here reads this series"))

    def _add(self, model: Any, verdict: Any) -> None:
        text = f"{say(model.card.title)}  {model.card.version}"
        icon, colour = ("brain", "text2") if verdict.answer == "yes" else _ANSWERS[verdict.answer]
        if verdict.answer == "no":
            text += "  " + translate("AiPanel", "(cannot read this series)")
        self.addItem(theme.icon(icon, 16, colour), text, model.name)
        reason = "\n".join(say(reason) for reason in verdict.reasons)
        self.setItemData(self.count() - 1, reason, Qt.ItemDataRole.ToolTipRole)


class Eligibility(QWidget):
    """The answer first, then each rule with its value; a rule that fails stands first and in a whole sentence."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._key: tuple[object, ...] = ()
        self._compact, self._open = False, False
        self.icon = Icon("check-circle", 16, "accent")
        self.answer = Label("", 13, "text1", 500, wrap=True)
        self.fold = IconButton("caret-right", translate("AiPanel", "Show the rules"), size=14, side=24)
        self.fold.clicked.connect(self._flip)
        self.rules = QWidget()
        self.grid = QGridLayout(self.rules)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(4)
        self.confirm = Button(translate("AiPanel", "Confirm that the model fits"), icon="check")
        self.confirm.clicked.connect(commander.act("ai.confirm"))
        self.hatch = HatchedBox(translate("AiPanel", "Not evaluated"))
        self.says_nothing = Label(translate("AiPanel", "This says nothing about the images."), 12, "text2", wrap=True)
        head = in_row(self.icon, spacing=8, grow=self.answer)
        fill(head.layout(), self.fold)  # type: ignore[arg-type]
        fill(column(self, spacing=8), head, self.rules, self.confirm, self.hatch, self.says_nothing)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._fold()

    def _flip(self) -> None:
        self._open = not self._open
        self._fold()

    def _fold(self) -> None:
        foldable = self._compact and bool(self._key) and self._key[0] == "yes"
        self.fold.setVisible(foldable)
        self.rules.setVisible(bool(self._key) and (self._open or not foldable))
        self.fold.show_icon("caret-down" if self._open else "caret-right")

    def show_verdict(self, verdict: Any, confirmed: bool) -> None:
        """Show an eligibility Verdict; None: no model was found at all."""
        key = (verdict.answer, confirmed, verdict.rules) if verdict else ("none",)
        if key == self._key:
            return
        self._key = key
        answer = verdict.answer if verdict else "no"
        self.icon.show_icon(*(_ANSWERS["yes"] if confirmed and answer == "unknown" else _ANSWERS[answer]))
        self.answer.setText(self._words(verdict, confirmed))
        self.confirm.setVisible(answer == "unknown" and not confirmed)
        self.hatch.setVisible(answer == "no")
        self.says_nothing.setVisible(answer == "no")
        self._list(verdict.rules if verdict else ())
        self._fold()

    @staticmethod
    def _words(verdict: Any, confirmed: bool) -> str:
        if verdict is None:
            return translate("AiPanel", "Not evaluated. No model here reads this series.")
        if verdict.answer == "yes":
            return translate("AiPanel", "Can read this series")
        if verdict.answer == "no":
            return translate("AiPanel", "Cannot read this series")
        if confirmed:
            return translate("AiPanel", "Can read this series: you confirmed what the headers do not say")
        return translate("AiPanel", "Cannot tell whether the model fits")

    def _list(self, rules: tuple[Any, ...]) -> None:
        while item := self.grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        order = sorted(rules, key=lambda rule: {False: 0, None: 1, True: 2}[rule.ok])
        row = column_ = 0
        for rule in order:
            whole = rule.ok is not True or not rule.value  # a sentence takes the whole row
            text = say(rule.text) if whole else rule_words(rule)
            label = Label(text, 12, "text1" if rule.ok is not True else "text2", wrap=whole, elide=not whole)
            label.setToolTip(say(rule.text))
            cell = in_row(Icon(_RULES[rule.ok][0], 14, _RULES[rule.ok][1]), spacing=8, grow=label)
            if whole or column_ == 2:
                row, column_ = row + 1, 0
            self.grid.addWidget(cell, row, column_, 1, 2 if whole else 1)
            row, column_ = (row + 1, 0) if whole else (row, column_ + 1)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)


def rule_words(rule: Any) -> str:
    """Return a rule that holds, short: what it is about and the value found ("Plane axial", "1 mm slices")."""
    words = {
        "modality": "{0}",
        "body_part": "{0}",
        "plane": translate("AiPanel", "Plane {0}"),
        "unit": translate("AiPanel", "Unit {0}"),
        "photometric": translate("AiPanel", "Greys {0}"),
        "view_position": translate("AiPanel", "View {0}"),
        "image_type": translate("AiPanel", "Image type"),
        "slice_thickness": translate("AiPanel", "Slices {0}"),
        "pixel_spacing": translate("AiPanel", "Pixels {0}"),
        "patient_age": translate("AiPanel", "Age {0}"),
        "min_size": translate("AiPanel", "Size {0}"),
    }
    return words.get(rule.name, "{0}").format(say(rule.value)) if rule.value else say(rule.text)


class ReadButtons(QWidget):
    """Read all, this slice, a range; or stop."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        self.all = Button(translate("AiPanel", "Read this series"), icon="sparkle", colour="ai")
        self.all.clicked.connect(commander.act("ai.read"))
        self.this = Button(translate("AiPanel", "This slice"))
        self.this.clicked.connect(commander.act("ai.read_this"))
        self.range = Button(translate("AiPanel", "Range…"))
        self.range.clicked.connect(commander.act("ai.read_range"))
        self.stop = Button(translate("AiPanel", "Stop reading"), icon="stop")
        self.stop.clicked.connect(commander.act("ai.read"))
        layout = column(self, spacing=8)
        layout.addWidget(self.all)
        layout.addWidget(self.stop)
        self.part = QWidget()
        part = QGridLayout(self.part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(8)
        part.addWidget(self.this, 0, 0)
        part.addWidget(self.range, 0, 1)
        layout.addWidget(self.part)

    def refresh(self, here: Here, stack: Stack) -> None:
        running = here.analysis is not None and here.analysis.running
        whole = here.read >= len(stack)
        self.setVisible(here.may_read and not (whole and not running))
        self.stop.setVisible(running)
        self.all.setVisible(not running)
        self.part.setVisible(not running and len(stack) > 1)
        several = len(stack) > 1
        rest = translate("AiPanel", "Read the rest of this series")
        first = translate("AiPanel", "Read this series") if several else translate("AiPanel", "Read this image")
        self.all.setText(rest if here.read and several else first)
        for button, id_ in ((self.all, "ai.read"), (self.this, "ai.read_this"), (self.range, "ai.read_range")):
            reason = self._commander.reason(id_)
            button.setEnabled(not reason)
            key = self._commander.key(id_)
            button.setToolTip(reason or self._commander.title(id_) + (f"  ({key})" if key else ""))


def fitting(session: Session, stack: Stack) -> tuple[tuple[Any, Any], ...]:
    """Return the models with their verdicts, those that fit first."""
    return session.analyses.fitting(stack)
