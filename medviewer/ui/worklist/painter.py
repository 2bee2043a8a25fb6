"""Draws one row of the list: grip, number, urgency, patient, study, waiting time, AI, state and pin."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from medviewer.app.worklist import StudyRow, Urgency
from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush, words
from medviewer.ui.worklist.ai_words import AiLook, ai_look
from medviewer.ui.worklist.brush import icon, text, text_width
from medviewer.ui.worklist.columns import ROW_HEIGHT, Place, places
from medviewer.ui.worklist.state_words import Said, state

#: Size of the score bar, and room beside it for the number and for words (fewer than that say nothing).
BAR_LEAST, BAR_MOST, NUMBER, WORDS = 40, 124, 36, 128
#: Rows whose words are kept.
KEPT = 1000


@dataclass
class Reading:
    """What every row is drawn with: who reads, what is hidden, and what time it is."""

    me: str = ""
    hidden: bool = False
    current: int | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class RowLook:
    """How one row stands out."""

    selected: bool = False
    focus: bool = False
    over: bool = False
    lifted: bool = False


@lru_cache
def urgency_width() -> int:
    """Return the width of the widest urgency, in the language in force."""
    return max(int(_chip_width(words.urgency(value)[0], words.urgency(value)[3])) for value in Urgency) + 1


def _chip_width(icon_name: str, word: str) -> float:
    return text_width(word, 12, 500) + (34 if icon_name else 18)


def number_width(count: int) -> int:
    """Return the width of the longest number of a list of `count` rows."""
    return int(text_width("0" * max(len(str(count)), 2))) + 6


@dataclass(frozen=True)
class Words:
    """All that stands in a row, of one value of it."""

    row: StudyRow
    patient: tuple[str, str]
    study: tuple[str, str]
    ai: AiLook
    state: tuple[Said, ...]


class RowPainter:
    """Draws rows; `reading` holds what they have in common."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.count = 0
        self._words: dict[int, Words] = {}

    def forget(self) -> None:
        """Write all rows anew: another reader, hidden names."""
        self._words.clear()

    def _of(self, row: StudyRow) -> Words:
        """Return the words of a row, written once for each value of it."""
        found = self._words.get(row.id)
        if found is None or found.row is not row:
            reading = self.reading
            said = state(row, reading.me, row.id == reading.current)
            found = Words(row, words.patient(row, reading.hidden), words.study(row), ai_look(row), said)
            if len(self._words) > KEPT:
                self._words.clear()
            self._words[row.id] = found
        return found

    def columns(self, width: int) -> dict[str, Place]:
        """Return the places of the columns at a width."""
        return places(width, number_width(self.count), urgency_width())

    def row(self, painter: QPainter, box: QRectF, row: StudyRow | None, number: int, look: RowLook) -> None:
        """Draw row `number` (from 1); None: it is not here yet."""
        painter.setClipRect(box)
        self._frame(painter, box, look)
        at = self.columns(int(box.width()))
        middle = box.center().y()
        icon(painter, box.left() + 12, middle, "dots-six-vertical", 18, "text1" if look.lifted else "text3")

        def cell(name: str) -> QRectF:
            return QRectF(box.left() + at[name].left, box.top(), at[name].width, ROW_HEIGHT)

        strong = look.lifted
        text(
            painter,
            cell("number"),
            str(number),
            13,
            "text1" if strong else "text2",
            500 if strong else 400,
            brush.RIGHT,
        )
        if row is None:
            _missing(painter, [cell(name) for name in ("patient", "study", "ai")])
            return
        _urgency(painter, cell("urgency"), row.urgency)
        said = self._of(row)
        _two(painter, cell("patient"), *said.patient, weight=500)
        _two(painter, cell("study"), *said.study)
        text(painter, cell("waiting"), words.waiting(row, self.reading.now))
        track = "bg0" if look.selected or look.lifted else "bg3"
        _ai(painter, cell("ai"), said.ai, track)
        moving = (Said("", "accent", translate("Worklist", "moving")),)
        _state(painter, cell("state"), moving if look.lifted else said.state)
        if row.place is not None:
            icon(painter, box.right() - 34, middle, "push-pin", 18, "accent")

    @staticmethod
    def _frame(painter: QPainter, box: QRectF, look: RowLook) -> None:
        frame = QRectF(box.left() + 8.5, box.top() + 3.5, box.width() - 17, ROW_HEIGHT - 7)
        if look.lifted:
            brush.round_box(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), 8, "bg3", "accent")
            return
        if not look.selected:
            painter.setPen(QPen(brush.ink("line", 0.7), 1))
            bottom = box.bottom() - 0.5
            painter.drawLine(QPointF(box.left(), bottom), QPointF(box.right(), bottom))
        if look.selected or look.over or look.focus:
            fill = "bg3" if look.selected else "bg2"
            edge = "accent" if look.selected or look.focus else ""
            brush.round_box(painter, frame, 6, fill, edge, 2 if look.focus else 1)


def _missing(painter: QPainter, cells: list[QRectF]) -> None:
    """Draw a row that is on its way: grey shapes, nothing moves."""
    for cell in cells:
        for top, share, height in ((12, 0.7, 9), (31, 0.45, 8)):
            brush.round_box(painter, QRectF(cell.left(), cell.top() + top, cell.width() * share, height), 3, "bg2")


def _two(painter: QPainter, cell: QRectF, first: str, second: str, weight: int = 400) -> None:
    """Draw two lines of a cell."""
    if not second:
        text(painter, cell, first, 13, "text1", weight)
        return
    text(painter, QRectF(cell.left(), cell.top() + 8, cell.width(), 18), first, 13, "text1", weight)
    text(painter, QRectF(cell.left(), cell.top() + 27, cell.width(), 16), second, 12, "text2")


def _urgency(painter: QPainter, cell: QRectF, value: Urgency) -> None:
    name, colour, back, word = words.urgency(value)
    middle = cell.center().y()
    brush.round_box(painter, QRectF(cell.left(), middle - 12, _chip_width(name, word), 24), 5, back)
    if name:
        icon(painter, cell.left() + 7, middle, name, 15, colour)
    left = cell.left() + (26 if name else 9)
    text(painter, QRectF(left, cell.top(), cell.right() - left, cell.height()), word, 12, colour, 500)


def _ai(painter: QPainter, cell: QRectF, look: AiLook, track: str) -> None:
    middle = cell.center().y()
    icon(painter, cell.left(), middle, look.icon, 16, look.colour)
    left = cell.left() + 24
    if look.score is None and not look.hatched:
        _two(painter, QRectF(left, cell.top(), cell.right() - left, cell.height()), look.title, look.words)
        return
    if look.score is None:
        bar = QRectF(left, cell.top(), min(max(cell.width() - 24 - WORDS, BAR_LEAST), BAR_MOST), cell.height())
        brush.hatch_bar(painter, bar)
        left = bar.right() + 12
        _two(painter, QRectF(left, cell.top(), cell.right() - left, cell.height()), look.title, look.words)
        return
    number = max(text_width(look.number, 13, 500), NUMBER - 4) + 4
    spare = cell.width() - 24 - 12 - number
    roomy = spare >= BAR_LEAST + 8 + WORDS  # else the bar says on which side of the point the score is
    bar = QRectF(left, cell.top(), min(spare - 8 - WORDS if roomy else spare, BAR_MOST), cell.height())
    brush.score_bar(painter, bar, look.score, look.point, look.partial, track)
    left = bar.right() + 12
    text(painter, QRectF(left, cell.top(), number, cell.height()), look.number, 13, "text1", 500)
    if roomy:
        left += number + 8
        _words(painter, QRectF(left, cell.top(), cell.right() - left, cell.height()), look)


def _words(painter: QPainter, room: QRectF, look: AiLook) -> None:
    """Write finding and side of the point beside a score."""
    if look.title and look.words:
        _two(painter, room, look.title, look.words)
    else:
        text(painter, room, look.words or look.title, 12, "text2")


def _state(painter: QPainter, cell: QRectF, said: tuple[Said, ...]) -> None:
    """Draw what is most important on the first line, and the rest, as far as there is room, on the second."""
    first, rest = said[0], said[1:]
    tall = bool(rest)
    line = QRectF(cell.left(), cell.top() + 8, cell.width(), 18) if tall else cell
    left = line.left()
    if first.icon and first.icon != "push-pin":
        icon(painter, left, line.center().y(), first.icon, 16, first.colour)
        left += 22
    text(painter, QRectF(left, line.top(), line.right() - left, line.height()), first.words, 13, first.colour)
    if tall:
        second = QRectF(cell.left(), cell.top() + 27, cell.width(), 16)
        text(painter, second, ", ".join(each.words for each in rest), 12, "text2")
