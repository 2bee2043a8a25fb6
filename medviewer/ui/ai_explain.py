"""The AI panel's explanation: off, outline or heat; method, class, opacity, threshold, colours; and the honest line."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QSlider, QWidget

from medviewer.app.deeds import COLORMAPS, OPACITY_LIMITS
from medviewer.app.methods import METHODS
from medviewer.app.reader import ExplanationMode
from medviewer.app.session import Session
from medviewer.core.jobs import State
from medviewer.ui.ai_here import Here
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.controls import Button, IconButton, Segments
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Keycap, Label, ProgressLine


class Explaining(QWidget):
    """Shown once a slice was read; every control is a command."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self.modes = Segments(
            translate("AiPanel", "Explanation"),
            (
                ("off", translate("AiPanel", "Off")),
                ("outline", translate("AiPanel", "Outline")),
                ("heat", translate("AiPanel", "Heat")),
            ),
        )
        self.modes.chosen.connect(self._mode)
        self.key = Keycap(commander.key("ai.next_mode"))
        self.method = self._combo(translate("AiPanel", "Method"))
        for method in METHODS.values():
            self.method.addItem(f"{say(method.title)}  ({say(method.cost)})", method.name)
        self.method.activated.connect(lambda row: commander.run("ai.method", method=self.method.itemData(row)))
        self.target = self._combo(translate("AiPanel", "Class"))
        self.target.activated.connect(lambda row: commander.run("ai.class", name=self.target.itemData(row)))
        self.class_row = in_row(Label(translate("AiPanel", "Class"), 12, "text2"), spacing=12, grow=self.target)
        low, high = OPACITY_LIMITS
        name = translate("AiPanel", "Opacity")
        self.opacity, self.opacity_words, self.opacity_row = self._slider(name, low, high, "ai.opacity")
        self.start, self.start_words, start = self._slider(translate("AiPanel", "Starts at"), 0.0, 0.9, "ai.threshold")
        self.colours = Segments(translate("AiPanel", "Colours"), [(name, name.capitalize()) for name in COLORMAPS])
        self.colours.chosen.connect(lambda name: commander.run("ai.colormap", name=name))
        self.more = IconButton("faders-horizontal", translate("AiPanel", "Threshold and colours"), size=16, side=28)
        self.more.setCheckable(True)
        self.more.toggled.connect(lambda _on: self.refresh(Here.of(session)))
        self.finer = QWidget()
        fill(column(self.finer, spacing=8), start, self.colours)
        self.explain = Button(translate("AiPanel", "Explain this slice"), icon="sparkle", colour="ai")
        self.explain.clicked.connect(commander.act("ai.explain"))
        self.progress = ProgressLine()
        self.note_icon = Icon("info", 14, "text3")
        self.note = Label("", 12, "text2", wrap=True)
        self.note_row = in_row(self.note_icon, spacing=8, grow=self.note)
        title = Label(translate("AiPanel", "EXPLANATION"), 12, "text2", 600)
        layout = column(self, spacing=8)
        fill(layout, in_row(title, None, self.more, self.key), self.modes, self.class_row, self.method)
        fill(layout, self.opacity_row, self.finer, self.explain, self.progress, self.note_row)

    @staticmethod
    def _combo(name: str) -> QComboBox:
        combo = QComboBox()
        combo.setFont(font(13))
        combo.setIconSize(QSize(16, 16))
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        return combo

    def _slider(self, name: str, low: float, high: float, id_: str) -> tuple[QSlider, Label, QWidget]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(round(low * 100), round(high * 100))
        slider.setPageStep(10)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(lambda value: self._commander.run(id_, value=value / 100))
        words = Label("", 12, "text2")
        words.setFixedWidth(40)
        words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label = Label(name, 12, "text2")
        label.setMinimumWidth(64)
        row = in_row(label, spacing=12, grow=slider)
        fill(row.layout(), words)  # type: ignore[arg-type]
        return slider, words, row

    def _mode(self, value: str) -> None:
        self._commander.run(f"ai.{value}")
        self.modes.show_value(self._session.reader.ai.mode.value)

    def refresh(self, here: Here) -> None:
        """Show how explanations are drawn, and what can be said of the one on the screen."""
        self.setVisible(here.stack is not None and here.analysis is not None and here.read > 0)
        if here.stack is None or here.analysis is None:
            return
        ai = self._session.reader.ai
        on = ai.mode is not ExplanationMode.OFF
        self.modes.show_value(ai.mode.value)
        for mode, button in self.modes.buttons.items():
            reason = self._commander.reason(f"ai.{mode}")
            button.setEnabled(not reason)
            button.setToolTip(reason)
        self._classes(here)
        self.method.setCurrentIndex(self.method.findData(ai.method))
        self.method.setVisible(on)
        heat = ai.mode is ExplanationMode.HEAT
        self.opacity_row.setVisible(heat)
        self.finer.setVisible(heat and self.more.isChecked())
        self.more.setVisible(heat)
        for slider, words, value in (
            (self.opacity, self.opacity_words, ai.opacity),
            (self.start, self.start_words, ai.threshold),
        ):
            slider.blockSignals(True)
            slider.setValue(round(value * 100))
            slider.blockSignals(False)
            words.setText(f"{round(value * 100)} %")
        self.colours.show_value(ai.colormap)
        self._now(here, on)

    def _classes(self, here: Here) -> None:
        labels = here.model.card.labels
        names = [label.name for label in labels]
        if [self.target.itemData(i) for i in range(self.target.count())] != names:
            self.target.clear()
            for label in labels:
                self.target.addItem(say(label.title or label.name), label.name)
        self.target.setCurrentIndex(names.index(self._session.reader.ai.target or here.model.card.target))
        self.class_row.setVisible(len(names) > 1 and self._session.reader.ai.mode is not ExplanationMode.OFF)

    def _now(self, here: Here, on: bool) -> None:
        """Say how far the explanation of this slice is, or why there is none."""
        ai, analyses = self._session.reader.ai, self._session.analyses
        assert here.stack is not None
        question = (here.stack, here.model, here.index, ai.target, ai.method)
        found = analyses.explanation(*question) if on else None
        job = analyses.explaining(*question) if on else None
        last = self._session.explaining
        reason = self._commander.reason("ai.explain") if on else ""
        self.explain.setVisible(on and found is None and job is None and not reason)
        self.progress.setVisible(job is not None)
        icon, colour, text = "info", "text3", ""
        if not on:
            text = self._commander.reason("ai.outline") or translate(
                "AiPanel", "An explanation shows what moved the score, not where disease is."
            )
        elif job is not None:
            part = found.fraction if found is not None else 0.0
            self.progress.show_fraction(part)
            icon, colour = "circle-dashed", "accent"
            refining = translate("AiPanel", "Refining the explanation of slice {0}. You can go on reading.")
            starting = translate("AiPanel", "Explaining slice {0}. You can go on reading.")
            text = (refining if found is not None else starting).format(here.index + 1)
        elif found is not None:
            text = say(found.sentence) or translate("AiPanel", "Shows what moved the score, not where disease is.")
        elif last is not None and last.state is State.FAILED:
            icon, colour, text = "warning-circle", "danger", say(last.sentence)
        else:
            text = reason or translate("AiPanel", "Slice {0} is not explained yet.").format(here.index + 1)
        self.note_icon.show_icon(icon, colour)
        self.note.setText(text)
