"""Why a study stands where it stands: numbered sentences, whole, with the sign of AI beside what AI says."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medviewer.ui.arrange import column, row
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist import brush


class Number(QWidget):
    """A number in a circle."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(24, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(self.rect())
        brush.round_box(painter, circle, 12, "bg3")
        brush.text(painter, circle, str(self._number), 12, "text1", 500, brush.CENTRE)


class _Reason(QWidget):
    """One sentence with its number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.label = Label("", 13, "text1", wrap=True)
        self.label.setMinimumHeight(24)
        self.spark = Icon("sparkle", 16, "ai")
        layout = row(self, (0, 0, 0, 8), 12)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(Number(number), 0, top)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.spark, 0, top)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, sentence: str, ai: bool) -> None:
        self.label.setText(sentence)
        self.spark.setVisible(ai)
        self.setAccessibleName(translate("Worklist", "Reason {0}: {1}").format(self._number, sentence))


class Reasons(QWidget):
    """The reasons, from the one that counts most."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = column(self)
        self._rows: list[_Reason] = []
        self.sentences: tuple[str, ...] = ()

    def show_reasons(self, sentences: Sequence[str], of_ai: str) -> None:
        """Show sentences; `of_ai` is the one in which AI speaks."""
        self.sentences = tuple(sentences)
        while len(self._rows) < len(sentences):
            made = _Reason(len(self._rows) + 1)
            self._rows.append(made)
            self._layout.addWidget(made)
        for number, reason in enumerate(self._rows):
            there = number < len(sentences)
            reason.setVisible(there)
            if there:
                reason.say(sentences[number], sentences[number] == of_ai)
