"""The model card in words: what the model is for, what it cannot do, how well it did, where it comes from."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.controls import Button
from medviewer.ui.dialogs import Dialog
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label


class CardDialog(Dialog):
    """`card` is an inference.card.Card."""

    def __init__(self, parent: QWidget | None, card: Any) -> None:
        super().__init__(parent, f"{say(card.title)}  {card.version}", 640)
        self.resize(640, 720)
        body = QWidget()
        surface(body, "bg1")
        layout = column(body, (0, 0, 12, 0), 4)
        for title, lines in sections(card):
            fill(layout, 12, Label(title, 12, "text2", 600))
            for text in lines:
                label = Label(text, 13, "text1", wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                layout.addWidget(label)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.setAccessibleName(translate("Card", "Model card"))
        surface(scroll.viewport(), "bg1")
        words = Label(translate("Card", "AI, unverified. Not for diagnostic use."), 13, "ai", 500)
        self.content.addWidget(in_row(Icon("sparkle", 16, "ai"), words, None))
        self.content.addWidget(scroll, 1)
        self.foot(Button(translate("Dialog", "Close")))


def sections(card: Any) -> Iterator[tuple[str, list[str]]]:
    """Return (title, lines) of everything on the card that a reader may want to know."""
    yield translate("Card", "WHAT IT IS FOR"), [say(card.intended_use)]
    yield translate("Card", "LIMITS"), [say(limit) for limit in card.limits]
    labels = [say(label.title or label.name) for label in card.labels]
    yield translate("Card", "CLASSES"), [", ".join(labels)]
    yield translate("Card", "THE NUMBER"), list(_number(card))
    if card.metrics:
        yield translate("Card", "HOW WELL IT DID"), [_metric(metric) for metric in card.metrics]
    yield translate("Card", "WHERE IT COMES FROM"), list(_training(card))
    yield translate("Card", "LICENCE AND CREDITS"), [card.licence, *map(say, card.credits)]
    yield translate("Card", "FILE"), [translate("Card", "Weights, SHA-256: {0}").format(card.weights_sha256)]


def _number(card: Any) -> Iterator[str]:
    if card.output.score_kind == "score":
        yield translate("Card", "A score from 0 to 1. A score is not the probability of disease.")
    elif card.calibration is not None:
        yield translate("Card", "A calibrated number from 0 to 1. {0}").format(say(card.calibration.how))
        if card.calibration.prevalence is not None:
            share = f"{card.calibration.prevalence:.2f}"
            yield translate("Card", "Share of positive images in the data of the calibration: {0}").format(share)
    point = f"{card.threshold.value:.3g}"
    yield translate("Card", "Operating point {0}: {1}").format(point, say(card.threshold.how))


def _metric(metric: Any) -> str:
    text = f"{say(metric.name)}  {metric.value:.3f}"
    if metric.low is not None and metric.high is not None:
        text += "  " + translate("Card", "(95 % interval {0} to {1})").format(f"{metric.low:.3f}", f"{metric.high:.3f}")
    if metric.n:
        text += "  n = " + f"{metric.n:,}".replace(",", " ")
    return text + (f"  {say(metric.data)}" if metric.data else "")


def _training(card: Any) -> Iterator[str]:
    training = card.training
    yield translate("Card", "Data: {0}").format(", ".join(map(say, training.data)))
    if training.split:
        yield translate("Card", "Split: {0}").format(say(training.split))
    yield translate("Card", "Seed {0}").format(training.seed) + (f", torch {training.torch}" if training.torch else "")
    yield from map(say, training.notes)
