"""One watched series: its name and expected band in words, a small curve over the weeks, the newest value, a word."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Watched
from medviewer.ui import theme
from medviewer.ui.admin.cards import Chip
from medviewer.ui.admin.pieces import figure
from medviewer.ui.arrange import column, fill, row
from medviewer.ui.texts import short_date
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import brush

FOOT, EDGE, LEFT = 20, 8, 48
#: Axes of a share, the narrow ones first, and tops of a drift's axis.
SHARES, DRIFTS = ((0.75, 1.0), (0.5, 1.0), (0.0, 0.25), (0.0, 0.5), (0.0, 1.0)), (0.2, 0.5, 1.0, 2.0, 5.0)
#: Word -> (icon, tone) of its chip.
LOOKS = {
    "as expected": ("check", "plain"),
    "outside": ("warning", "warn"),
    "too few": ("circle-dashed", "plain"),
}


def title_of(measure: str) -> str:
    """Return what a series is called."""
    return {
        "agreement": translate("Watch", "Readers agree"),
        "drift": translate("Watch", "Scores drift"),
        "not_evaluated": translate("Watch", "Not evaluated"),
    }.get(measure, measure)


def value_words(measure: str, value: float) -> str:
    """Return a value with its unit; a drift has none (population stability index)."""
    return figure(value, 2) if measure == "drift" else f"{100 * value:.0f} %"


def expected_words(series: Watched) -> str:
    """Return the expected band in words."""
    if series.word == "too few":
        return translate("Watch", "no band yet")
    if series.measure == "drift" or series.low <= 0:
        return translate("Watch", "expected below {0}").format(value_words(series.measure, series.high))
    if series.high >= 1:
        return translate("Watch", "expected above {0}").format(value_words(series.measure, series.low))
    words = translate("Watch", "expected {0} to {1}")
    return words.format(value_words(series.measure, series.low), value_words(series.measure, series.high))


def word_of(word: str) -> str:
    """Return the word for how it stands."""
    return {
        "as expected": translate("Watch", "as expected"),
        "outside": translate("Watch", "outside"),
        "too few": translate("Watch", "too few to tell"),
    }.get(word, word)


def axis(series: Watched) -> tuple[float, float]:
    """Return the ends of a series' axis: the narrowest of a few round ones that holds its weeks and its band."""
    values = [week.value for week in series.weeks if week.value is not None]
    if series.word != "too few":
        values += [series.low, series.high]
    if series.measure == "drift":
        return 0.0, next((top for top in DRIFTS if top >= max(values, default=0.0)), 10.0)
    least, most = min(values, default=0.0), max(values, default=1.0)
    return next((ends for ends in SHARES if ends[0] <= least and most <= ends[1]), (0.0, 1.0))


class WeekCurve(QWidget):
    """The weeks as a line over the band; a week with too few cases leaves a gap."""

    def __init__(self) -> None:
        super().__init__()
        self._series: Watched | None = None
        self.setMinimumSize(160, 96)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_series(self, series: Watched) -> None:
        """Show a series."""
        self._series = series
        newest = next((week for week in reversed(series.weeks) if week.value is not None), None)
        parts = [title_of(series.measure), expected_words(series), word_of(series.word)]
        if newest is not None and newest.value is not None:
            at = translate("Watch", "{0} in the week of {1}, {2} cases")
            parts.append(at.format(value_words(series.measure, newest.value), short_date(newest.start), newest.n))
        self.setAccessibleName(". ".join(parts))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        series = self._series
        box = QRectF(LEFT, EDGE, self.width() - LEFT - EDGE, self.height() - FOOT - 2 * EDGE)
        if series is not None and series.weeks:
            self._draw(painter, box, series)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _draw(self, painter: QPainter, box: QRectF, series: Watched) -> None:
        least, top = axis(series)

        def y(value: float) -> float:
            return box.bottom() - box.height() * (min(max(value, least), top) - least) / (top - least)

        def x(at: int) -> float:
            return box.left() + box.width() * at / max(len(series.weeks) - 1, 1)

        outside = series.word == "outside"
        if series.word != "too few":
            band = QRectF(box.left(), y(series.high), box.width(), y(series.low) - y(series.high))
            painter.fillRect(band, brush.ink("bg3"))
        for end in (least, top):
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y(end)), QPointF(box.right(), y(end)))
            place = QRectF(0, y(end) - 8, box.left() - 8, 16)
            brush.text(painter, place, value_words(series.measure, end), 11, "text3", align=brush.RIGHT)
        colour = "warn" if outside else "text1"
        points = [(at, week.value) for at, week in enumerate(series.weeks) if week.value is not None]
        run: list[QPointF] = []
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, (at, value) in enumerate(points):
            if run and at != points[number - 1][0] + 1:
                self._line(painter, run, colour)
                run = []
            run.append(QPointF(x(at), y(value)))
        self._line(painter, run, colour)
        if points:
            painter.setPen(QPen(theme.colour("bg1"), 2))
            painter.setBrush(theme.colour(colour))
            painter.drawEllipse(QPointF(x(points[-1][0]), y(points[-1][1])), 5, 5)
        foot = QRectF(box.left(), box.bottom() + 6, box.width(), 16)
        brush.text(painter, foot, short_date(series.weeks[0].start), 11, "text3")
        brush.text(painter, foot, short_date(series.weeks[-1].start), 11, "text3", align=brush.RIGHT)

    @staticmethod
    def _line(painter: QPainter, run: list[QPointF], colour: str) -> None:
        painter.setPen(QPen(theme.colour(colour), 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(run) > 1:
            painter.drawPolyline(QPolygonF(run))
        elif run:
            painter.setBrush(theme.colour(colour))
            painter.drawEllipse(run[0], 1.5, 1.5)


class SeriesRow(QWidget):
    """One row of a model's card."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.expected = Label("", 14, "text1", 500), Label("", 12, "text2")
        self.curve = WeekCurve()
        self.value = Label("", 18, "text1", 600)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setFixedWidth(84)
        self.chip = Chip()
        left, right = QWidget(), QWidget()
        left.setFixedWidth(176)
        right.setFixedWidth(144)
        fill(column(left, spacing=4), None, self.title, self.expected, None)
        fill(row(right), self.chip, None)
        layout = row(self, spacing=16)
        layout.addWidget(left)
        layout.addWidget(self.curve, 1)
        layout.addWidget(self.value)
        layout.addWidget(right)

    def show_series(self, series: Watched) -> None:
        """Show a series."""
        self.title.setText(title_of(series.measure))
        self.expected.setText(expected_words(series))
        self.curve.show_series(series)
        newest = next((week.value for week in reversed(series.weeks) if week.value is not None), None)
        self.value.setText(value_words(series.measure, newest) if newest is not None else "")
        self.value.set_colour("warn" if series.word == "outside" else "text1")
        icon, tone = LOOKS.get(series.word, ("info", "plain"))
        self.chip.say(word_of(series.word), tone, icon)
