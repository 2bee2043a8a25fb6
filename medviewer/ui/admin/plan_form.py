"""The form of a plan: data set, start, length, rate and depth, and under "More" what is rarely changed."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from medviewer.app.admin.records import Plan, Start
from medviewer.core.datasets import DataSet
from medviewer.ui.admin.training_setup import dataset_name, freeze_words
from medviewer.ui.arrange import column, fill
from medviewer.ui.controls import Fold, padded
from medviewer.ui.theme import CONTROL, font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label

F = TypeVar("F", bound=QWidget)
WIDTH, LABELS = 500, 112
#: Rates that can be chosen, and how deep the net is frozen.
RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
FREEZES = (0, 1, 2, 3, -1)


class PlanForm(QWidget):
    """`changed` when the plan is another one, `start_changed` when it starts from something else.

    Empty until `parts` has been gone through.
    """

    changed = Signal()
    start_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._titled = False  # the person wrote a title
        self._plan: Plan | None = None  # what the fields do not show stays as it was suggested

    def parts(self) -> Iterator[QWidget]:
        """Make it, a few fields in each step (a box of choices is dear: Qt makes its list too)."""
        layout = column(self, spacing=12)
        rows = _Rows()
        layout.addWidget(rows)
        self.dataset = rows.add(translate("NewTraining", "Data set"), combo(translate("NewTraining", "Data set")))
        yield self.dataset
        self.start = rows.add(translate("NewTraining", "Starts from"), combo(translate("NewTraining", "Starts from")))
        yield self.start
        self.title = rows.add(translate("NewTraining", "Title"), QLineEdit())
        self.title.setMaxLength(120)
        self.title.setAccessibleName(translate("NewTraining", "Title"))
        self.epochs = rows.add(
            translate("NewTraining", "Epochs"), _spin(1, 1000, 10, translate("NewTraining", "Epochs"))
        )
        yield rows
        self.rate = rows.add(
            translate("NewTraining", "Learning rate"), combo(translate("NewTraining", "Learning rate"))
        )
        for rate in RATES:
            self.rate.addItem(f"{rate:g}", rate)
        yield self.rate
        self.freeze = rows.add(translate("NewTraining", "What learns"), combo(translate("NewTraining", "What learns")))
        for freeze in FREEZES:
            self.freeze.addItem(freeze_words(freeze), freeze)
        yield self.freeze
        more = _Rows()
        self.more = Fold(translate("NewTraining", "More"), more, open_=False)
        fill(layout, self.more, None)
        yield self.more
        yield from self._make_more(more)
        self._connect()

    def _make_more(self, rows: "_Rows") -> Iterator[QWidget]:
        self.class_weights = QCheckBox(translate("NewTraining", "Rare labels count for more"))
        self.class_weights.setFont(font(13))
        rows.add(translate("NewTraining", "Class weights"), self.class_weights)
        self.mixup = rows.add(translate("NewTraining", "Mixup"), QDoubleSpinBox())
        self.mixup.setRange(0.0, 1.0)
        self.mixup.setSingleStep(0.1)
        self.mixup.setSpecialValueText(translate("NewTraining", "off"))
        self.mixup.setAccessibleName(translate("NewTraining", "Mixup"))
        self.mixup.setFont(font(13))
        padded(self.mixup)
        yield rows
        self.device = rows.add(translate("NewTraining", "Device"), combo(translate("NewTraining", "Device")))
        for device, words in (
            ("auto", translate("NewTraining", "the fastest there is")),
            ("cpu", translate("NewTraining", "the processor")),
            ("cuda", translate("NewTraining", "the graphics card")),
            ("mps", translate("NewTraining", "Apple graphics")),
        ):
            self.device.addItem(words, device)
        yield self.device
        self.batch = rows.add(translate("NewTraining", "Batch"), _spin(1, 1024, 32, translate("NewTraining", "Batch")))
        stops = translate("NewTraining", "Stops early")
        self.patience = rows.add(stops, _spin(0, 1000, 0, stops))
        self.patience.setSpecialValueText(translate("NewTraining", "never"))
        self.patience.setSuffix(translate("NewTraining", " epochs without gain"))
        self.seed = rows.add(translate("NewTraining", "Seed"), _spin(0, 2**31 - 1, 0, translate("NewTraining", "Seed")))
        yield rows

    def _connect(self) -> None:
        self.dataset.currentIndexChanged.connect(lambda _at: self._name())
        self.start.currentIndexChanged.connect(lambda _at: self.start_changed.emit())
        self.start.currentIndexChanged.connect(lambda _at: self._name())
        self.title.textEdited.connect(lambda text: setattr(self, "_titled", bool(text.strip())))
        for box in (self.rate, self.freeze, self.device):
            box.currentIndexChanged.connect(lambda _at: self.changed.emit())
        for number in (self.epochs, self.batch, self.patience, self.seed):
            number.valueChanged.connect(lambda _value: self.changed.emit())
        self.mixup.valueChanged.connect(lambda _value: self.changed.emit())
        self.class_weights.toggled.connect(lambda _on: self.changed.emit())

    # -- what there is to choose

    def offer(self, sets: Sequence[DataSet], starts: Sequence[tuple[Start, str]], wished: str) -> None:
        """Offer data sets (`wished` is chosen) and starts with their words."""
        for each in sets:
            self.dataset.addItem(dataset_name(each), each.id)
        for start, words in starts:
            self.start.addItem(words, start)
        self.dataset.setCurrentIndex(max(self.dataset.findData(wished), 0))

    @property
    def starts_from(self) -> Start | None:
        start = self.start.currentData()
        return start if isinstance(start, Start) else None

    def _name(self) -> None:
        """Give the run a title while the person has written none."""
        start = self.starts_from
        if not self._titled and self.dataset.currentText() and start is not None:
            words = translate("NewTraining", "{0} on {1}")
            name = f"{start.name} {start.version}".strip()
            self.title.setText(words.format(name, self.dataset.currentText())[:120])
            self.title.setCursorPosition(0)
        self.changed.emit()

    # -- the plan

    def take(self, plan: Plan) -> None:
        """Show the settings of a suggested plan (not its title, data set and start)."""
        self._plan = plan
        self.epochs.setValue(plan.epochs)
        if self.rate.findData(plan.rate) < 0:
            self.rate.addItem(f"{plan.rate:g}", plan.rate)
        self.rate.setCurrentIndex(self.rate.findData(plan.rate))
        if self.freeze.findData(plan.freeze) < 0:
            self.freeze.addItem(freeze_words(plan.freeze), plan.freeze)
        self.freeze.setCurrentIndex(self.freeze.findData(plan.freeze))
        self.class_weights.setChecked(plan.class_weights)
        self.mixup.setValue(plan.mixup)
        self.batch.setValue(plan.batch)
        self.patience.setValue(plan.patience)
        self.seed.setValue(plan.seed)
        scratch = plan.start.kind == "scratch"
        self.freeze.setEnabled(not scratch)
        self.freeze.setToolTip(translate("NewTraining", "From scratch everything learns.") if scratch else "")

    @property
    def plan(self) -> Plan | None:
        """What is chosen now (without the variety), None while something is missing."""
        start, dataset = self.starts_from, self.dataset.currentData()
        if not dataset or start is None or self._plan is None:
            return None
        return dataclasses.replace(
            self._plan,
            title=self.title.text().strip(),
            dataset=str(dataset),
            start=start,
            epochs=self.epochs.value(),
            rate=float(self.rate.currentData()),
            batch=self.batch.value(),
            freeze=int(self.freeze.currentData()),
            class_weights=self.class_weights.isChecked(),
            mixup=self.mixup.value(),
            patience=self.patience.value(),
            seed=self.seed.value(),
            device=str(self.device.currentData()),
        )


def combo(name: str, letters: int = 16) -> QComboBox:
    """Return a box of choices that never grows over its column."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumContentsLength(letters)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _spin(least: int, most: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setFont(font(13))
    padded(box)
    return box


class _Rows(QWidget):
    """Fields under each other, each with its name before it."""

    def __init__(self) -> None:
        super().__init__()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)

    def add(self, words: str, field: F) -> F:
        """Add a field under the others and return it."""
        label = Label(words, 13, "text2")
        label.setFixedSize(LABELS, CONTROL)
        label.setBuddy(field)
        self._form.addRow(label, field)
        return field
