"""Painted counts of a data set: a stacked bar for each part, and bars over groups of age or sex."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from medviewer.core.datasets import PARTS
from medviewer.ui.admin.words import part_words, patients_words, pictures_words, share_words
from medviewer.ui.agreement.tables import count_words
from medviewer.ui.theme import colour
from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush

LINE, GAP = 52, 8
BARS, AXIS = 56, 16


class PartsBars(QWidget):
    """One line for each part: a bar as long as its share of the pictures, its positives filled, and the counts."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, dict[str, int]] = {}
        self.setFixedHeight(len(PARTS) * (LINE + GAP) - GAP)

    def show_counts(self, counts: dict[str, dict[str, int]]) -> None:
        """Show what `DataSet.counts` says."""
        self._counts = counts
        self.setAccessibleName("; ".join(self.line(part) for part in PARTS))
        self.update()

    def line(self, part: str) -> str:
        """Return one part in words."""
        count = self._counts.get(part, {})
        images, positives = count.get("images", 0), count.get("positives", 0)
        words = translate("Admin", "{0}: {1} from {2}, {3} positive")
        return words.format(
            part_words(part), pictures_words(images), patients_words(count.get("patients", 0)), count_words(positives)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((count["images"] for count in self._counts.values()), default=0) or 1
        for at, part in enumerate(PARTS):
            count = self._counts.get(part)
            if count is None:
                continue
            top = at * (LINE + GAP)
            above, below = QRectF(0, top, self.width(), 20), QRectF(0, top + 34, self.width(), 18)
            share = share_words(count["positives"], count["images"]) or "0 %"
            positives = translate("Admin", "{0} positive, {1}").format(count_words(count["positives"]), share)
            brush.text(painter, above, part_words(part), 13, "text1", 500)
            brush.text(painter, above, pictures_words(count["images"]), 12, "text1", 400, brush.RIGHT)
            brush.text(painter, below, patients_words(count["patients"]), 12, "text2")
            brush.text(painter, below, positives, 12, "text2", 400, brush.RIGHT)
            track = QRectF(0, top + 24, self.width(), 8)
            brush.round_box(painter, track, 4, "bg3")
            whole = QRectF(0, top + 24, track.width() * count["images"] / most, 8)
            brush.round_box(painter, whole, 4, "edge")
            filled = QRectF(0, top + 24, track.width() * count["positives"] / most, 8)
            if count["positives"]:
                brush.round_box(painter, filled, 4, "accent")


class Groups(QWidget):
    """Bars over groups: how many pictures each has, and how many of these are positive."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[tuple[str, int, int]] = []
        self.setFixedHeight(BARS + AXIS + 4)

    def show_groups(self, name: str, groups: Sequence[tuple[str, int, int]]) -> None:
        """Show (group, pictures, positives); `name` says what is counted, for a screen reader."""
        self._groups = list(groups)
        each = translate("Admin", "{0}: {1} pictures, {2} positive")
        self.setAccessibleName(f"{name}. " + "; ".join(each.format(*group) for group in groups))
        self.setToolTip("\n".join(each.format(*group) for group in groups))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._groups:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = min(self.width() / len(self._groups), 64.0)
        most = max(count for _, count, _ in self._groups) or 1
        painter.fillRect(QRectF(0, BARS, wide * len(self._groups), 1), colour("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        for at, (group, count, positives) in enumerate(self._groups):
            left = at * wide + 2
            for value, token in ((count, "edge"), (positives, "accent")):
                tall = (BARS - 4) * value / most
                painter.fillRect(QRectF(left, BARS - tall, wide - 4, tall), colour(token))
            brush.text(painter, QRectF(left, BARS + 4, wide - 4, AXIS), group, 11, "text3", 400, brush.CENTRE)
