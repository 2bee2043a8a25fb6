"""The AI panel's foot: how the series was read, in three lines, and the way to the model card."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from medviewer.ui.ai_here import Here
from medviewer.ui.arrange import column, fill
from medviewer.ui.controls import Button, Fold
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label


class HowRead(QWidget):
    """Shown for every model that is offered; folds in a small window."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self.card = Button(translate("AiPanel", "Model card"), "link")
        self.card.clicked.connect(commander.act("ai.card"))
        body = QWidget()
        self.grid = QGridLayout(body)
        self.grid.setContentsMargins(0, 4, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        self.lines: list[tuple[Label, Label]] = []
        for row, name in enumerate(
            (
                translate("AiPanel", "Input"),
                translate("AiPanel", "Trained on"),
                translate("AiPanel", "This series"),
            )
        ):
            head, value = Label(name, 12, "text2"), Label("", 12, "text1", wrap=True)
            self.grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(value, row, 1)
            self.lines.append((head, value))
        self.fold = Fold(translate("AiPanel", "HOW IT WAS READ"), body, right=self.card)
        fill(column(self), self.fold)

    def set_compact(self, compact: bool) -> None:
        self.fold.set_open(not compact)

    def refresh(self, here: Here) -> None:
        self.setVisible(here.model is not None)
        if here.model is None:
            return
        values = (_input(here), ", ".join(say(each) for each in here.model.card.training.data), _run(here))
        for (head, label), value in zip(self.lines, values, strict=True):
            label.setText(value)
            head.setVisible(bool(value))
            label.setVisible(bool(value))


def _input(here: Here) -> str:
    """Return what the net takes: size or pixel size, and the window in words."""
    given = here.model.card.input
    parts = []
    if given.size:
        parts.append(f"{given.size[0]} × {given.size[1]}")
    if given.pixel_mm:
        parts.append(translate("AiPanel", "resampled to {0} mm a pixel").format(f"{given.pixel_mm:g}"))
    if given.scaling.kind == "window":
        low, high = f"{given.scaling.low:g}".replace("-", "−"), f"{given.scaling.high:g}"
        parts.append(f"{low} … {high} {given.unit}".strip())
    if given.region == "lungs":
        parts.append(translate("AiPanel", "inside the lungs only"))
    return ", ".join(parts)


def _run(here: Here) -> str:
    """Return speed, start and device of the reading."""
    analysis = here.analysis
    if analysis is None or not analysis.scores:
        return ""
    parts = []
    if analysis.seconds >= 0.005 * len(analysis.scores):
        each = analysis.seconds / len(analysis.scores)
        parts.append(translate("AiPanel", "{0} s a slice").format(f"{each:.2f}" if each < 1 else f"{each:.1f}"))
    if analysis.started:
        when = QDateTime.fromString(analysis.started, Qt.DateFormat.ISODate).toLocalTime()
        parts.append(translate("AiPanel", "started {0}").format(QLocale().toString(when, "HH:mm")))
    if analysis.device:
        parts.append(device_words(analysis.device))
    return ", ".join(parts)


def device_words(device: str) -> str:
    """Return where a model runs, for the reader."""
    if device.startswith("cuda"):
        return translate("AiPanel", "on the graphics card")
    if device == "mps":
        return translate("AiPanel", "on Apple graphics")
    _, _, copy = device.partition(", ")
    if copy:
        return translate("AiPanel", "on the processor, lighter copy ({0})").format(copy.removesuffix(" copy"))
    return translate("AiPanel", "on the processor")
