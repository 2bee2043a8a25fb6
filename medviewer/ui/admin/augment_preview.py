"""How pictures are varied while training: sliders, and eight variants of one picture that follow them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSlider, QWidget

from medviewer.ui import theme
from medviewer.ui.admin.pieces import figure
from medviewer.ui.arrange import column, fill, in_row, row
from medviewer.ui.controls import Button
from medviewer.ui.render import to_image
from medviewer.ui.theme import font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

COUNT, ACROSS, GAP = 8, 4, 8


@dataclass(frozen=True)
class Knob:
    """One field of the variety: its slider counts from 0 to `most` in steps of `step`.

    Attributes:
        name: of the field (see app.admin.plans.CHANGES).
        field: what the value becomes: "plain", "pair" (a factor and its inverse), "around" (1 less and 1 more).
        words: how the value is written.
    """

    name: str
    step: float
    most: float
    field: str
    words: str

    def value(self, amount: float) -> Any:
        """Return the field's value for an amount."""
        if self.field == "pair":
            return [round(1 / (1 + amount), 4), round(1 + amount, 4)]
        if self.field == "around":
            return [round(1 - amount, 4), round(1 + amount, 4)]
        return round(amount, 4)

    def amount(self, value: Any) -> float:
        """Return the amount that a field's value stands for (of a pair that is not even: the farther end)."""
        if self.field == "plain":
            return float(value)
        low, high = float(value[0]), float(value[1])
        below = 1 / low - 1 if self.field == "pair" and low > 0 else 1 - low
        return max(below, high - 1, 0.0)


#: In the order of the sliders.
KNOBS = (
    Knob("angle", 1, 30, "plain", "± {0}°"),
    Knob("shift", 0.01, 0.25, "plain", "± {0}"),
    Knob("scale", 0.01, 0.5, "pair", "× {0}"),
    Knob("gamma", 0.05, 1.0, "pair", "× {0}"),
    Knob("contrast", 0.05, 0.6, "around", "± {0}"),
    Knob("blur", 0.1, 3.0, "plain", "{0} px"),
    Knob("noise", 0.01, 0.2, "plain", "{0}"),
)
#: Value of a field that changes nothing.
NOTHING: dict[str, Any] = {"plain": 0.0, "pair": (1.0, 1.0), "around": (1.0, 1.0)}


def knob_title(name: str) -> str:
    """Return what a slider is called."""
    return {
        "angle": translate("Augment", "Angle"),
        "shift": translate("Augment", "Shift"),
        "scale": translate("Augment", "Scale"),
        "gamma": translate("Augment", "Gamma"),
        "contrast": translate("Augment", "Contrast"),
        "blur": translate("Augment", "Blur"),
        "noise": translate("Augment", "Noise"),
    }[name]


class Slider(QWidget):
    """A slider with its name and its value; the keys of every slider."""

    changed = Signal()

    def __init__(self, knob: Knob) -> None:
        super().__init__()
        self.knob = knob
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round(knob.most / knob.step))
        self.number = Label("", 12, "text1")
        self.number.setFixedWidth(64)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name = Label(knob_title(knob.name), 12, "text2")
        name.setFixedWidth(72)
        layout = row(self, spacing=8)
        layout.addWidget(name)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.number)
        self.slider.valueChanged.connect(lambda _value: self._moved())
        self._say()

    @property
    def amount(self) -> float:
        return self.slider.value() * self.knob.step

    def show_value(self, value: Any) -> None:
        """Stand where the start has it; nobody is told."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(self.knob.amount(value) / self.knob.step))
        self.slider.blockSignals(False)
        self._say()

    def _moved(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        amount = self.amount + (1 if self.knob.field == "pair" else 0)
        digits = 0 if self.knob.step >= 1 else 1 if self.knob.step == 0.1 else 2
        self.number.setText(self.knob.words.format(figure(amount, digits)))
        self.slider.setAccessibleName(f"{knob_title(self.knob.name)} {self.number.text()}")


class Variety(QWidget):
    """The start's own variety, or one's own; `changed` when it is another one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[str, Any] = {}
        self.own = QCheckBox(translate("Augment", "As the model that it starts from was trained"))
        self.own.setChecked(True)
        self.own.setFont(font(13))
        self.sliders = {knob.name: Slider(knob) for knob in KNOBS}
        self.mirror = QCheckBox(translate("Augment", "Mirror left and right"))
        self.mirror.setFont(font(13))
        why = translate("Augment", "Off for chest films: it mirrors the heart and the side marker.")
        self.mirror.setAccessibleDescription(why)
        self.mirror.setToolTip(why)
        self._why = Label(why, 12, "text2", wrap=True)
        grid = QWidget()
        layout = QGridLayout(grid)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(24)
        layout.setVerticalSpacing(2)
        for at, slider in enumerate(self.sliders.values()):
            layout.addWidget(slider, at // 2, at % 2)
            slider.changed.connect(self.changed)
        self.grid = grid
        fill(column(self, spacing=6), self.own, grid, self.mirror, self._why)
        self.own.toggled.connect(lambda _on: self._toggled())
        self.mirror.toggled.connect(lambda _on: self.changed.emit())
        self._toggled()

    def _toggled(self) -> None:
        own = not self.own.isChecked()
        self.grid.setEnabled(own)
        self.mirror.setEnabled(own)
        for slider in self.sliders.values():
            slider.number.set_colour("text1" if own else "off")
        self.changed.emit()

    def show_start(self, changes: Mapping[str, Any], scratch: bool) -> None:
        """Stand where the start has it: {} changes nothing."""
        words = translate("Augment", "As its recipe has it")
        self.own.setText(words if scratch else translate("Augment", "As the model that it starts from was trained"))
        self.own.blockSignals(True)
        self.own.setChecked(True)
        self.own.blockSignals(False)
        for slider in self.sliders.values():
            slider.show_value(changes.get(slider.knob.name, NOTHING[slider.knob.field]))
        self.mirror.blockSignals(True)
        self.mirror.setChecked(bool(changes.get("mirror", False)))
        self.mirror.blockSignals(False)
        self._before = self._values()
        self._toggled()

    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {s.knob.name: s.knob.value(s.amount) for s in self.sliders.values()}
        return {**found, "mirror": self.mirror.isChecked()}

    @property
    def augment(self) -> dict[str, Any]:
        """The plan's `augment`: the fields that are others than the start's own."""
        if self.own.isChecked():
            return {}
        return {name: value for name, value in self._values().items() if value != self._before.get(name)}


class Variants(QWidget):
    """Eight variants of a picture, or a word on why they are not here (yet)."""

    def __init__(self) -> None:
        super().__init__()
        self._images: list[QImage] = []
        self._words = translate("Augment", "Choose a data set to see variants of one of its pictures.")
        self.setMinimumSize(320, 240)
        self.setAccessibleName(self._words)

    @property
    def shown(self) -> int:
        """How many variants are shown."""
        return len(self._images)

    def show_words(self, words: str) -> None:
        """Say what there is instead of pictures."""
        self._images, self._words = [], words
        self.setAccessibleName(words)
        self.update()

    def show_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Show these, [row, column] greys each."""
        self._images = [to_image(np.ascontiguousarray(picture)) for picture in pictures[:COUNT]]
        self.setAccessibleName(translate("Augment", "{0} variants of one picture").format(len(self._images)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = min((self.width() - GAP * (ACROSS - 1)) / ACROSS, (self.height() - GAP) / (COUNT // ACROSS))
        for at in range(COUNT):
            x, y = (side + GAP) * (at % ACROSS), (side + GAP) * (at // ACROSS)
            box = QRectF(x, y, side, side)
            if at >= len(self._images):
                brush.round_box(painter, box, 4, "bg2")
                continue
            image = self._images[at]
            scale = min(side / image.width(), side / image.height())
            width, height = image.width() * scale, image.height() * scale
            painter.fillRect(box, theme.colour("canvas"))
            painter.drawImage(QRectF(x + (side - width) / 2, y + (side - height) / 2, width, height), image)
        if not self._images:
            brush.wrapped(painter, QRectF(self.rect()).adjusted(12, 0, -12, 0), self._words, 13, "text1")


class PreviewPart(QWidget):
    """The variants with what changes them: another picture, other draws."""

    def __init__(self, asked: Callable[[], object]) -> None:
        super().__init__()
        self.variants = Variants()
        self.other = Button(translate("Augment", "Another picture"), "link")
        self.again = Button(translate("Augment", "Draw again"), "link")
        self.picture, self.seed = 0, 0
        self.other.clicked.connect(lambda _=False: self._next(asked, 1, 0))
        self.again.clicked.connect(lambda _=False: self._next(asked, 0, 1))
        fill(column(self, spacing=4), self.variants, in_row(self.other, self.again, None, spacing=16))

    def _next(self, asked: Callable[[], object], picture: int, seed: int) -> None:
        self.picture += picture
        self.seed += seed
        asked()
