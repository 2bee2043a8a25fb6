"""The AI panel's result: one big number with its slice, side and operating point, how much is read, and the curve."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medviewer.app.session import Session
from medviewer.core.jobs import State
from medviewer.ui import theme
from medviewer.ui.ai_here import Here, side
from medviewer.ui.arrange import column, fill, in_row, line
from medviewer.ui.controls import Button
from medviewer.ui.score_curve import ScoreCurve
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import HatchedBox, Icon, Keycap, Label


class ScoreBar(QWidget):
    """0 to 1 with the operating point marked; it is drawn wherever a score is."""

    def __init__(self) -> None:
        super().__init__()
        self.value, self.point = 0.0, 0.5
        self.setFixedHeight(32)

    def show_score(self, value: float, point: float) -> None:
        self.value, self.point = value, point
        self.setAccessibleName(
            translate("AiPanel", "AI score {0}, operating point {1}, unverified").format(f"{value:.2f}", f"{point:.2f}")
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(QRectF(0, 4, width, 8), 4, 4)
        painter.setBrush(theme.colour("ai"))
        painter.drawRoundedRect(QRectF(0, 4, max(width * self.value, 8), 8), 4, 4)
        x = width * self.point
        for colour, pen in (("bg1", 4), ("text1", 2)):
            painter.setPen(QPen(theme.colour(colour), pen))
            painter.drawLine(QPointF(x, 1), QPointF(x, 15))
        painter.setFont(font(11))
        painter.setPen(theme.colour("text3"))
        words = translate("AiPanel", "operating point")
        wide = painter.fontMetrics().horizontalAdvance(words) + 4
        left = min(max(x - wide / 2, 16), width - wide - 16)
        painter.drawText(QRectF(left, 16, wide, 16), int(Qt.AlignmentFlag.AlignCenter), words)
        painter.drawText(QRectF(0, 16, 20, 16), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "0")
        painter.drawText(
            QRectF(width - 20, 16, 20, 16), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), "1"
        )


class Result(QWidget):
    """Shown once something is asked of the model; `refresh` puts it right for a `Here`."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self.state_icon = Icon("clock", 16, "text2")
        self.state = Label("", 13, "text1", 500, wrap=True)
        self.state_line = in_row(self.state_icon, spacing=8, grow=self.state)
        self.again = Button(translate("AiPanel", "Try again"), icon="arrow-clockwise")
        self.again.clicked.connect(commander.act("ai.read"))
        self.details = Button(translate("AiPanel", "Details"), "link")
        self.details.clicked.connect(self._ask_details)
        self.trouble = in_row(self.again, self.details, None, spacing=12)
        self.number = Label("", 34, "text1", 600)
        self.number.setAccessibleName(translate("AiPanel", "AI score, unverified"))
        self.what = Label("", 13, "text1", 500, wrap=True)
        self.side = Label("", 12, "text2", wrap=True)
        words = QWidget()
        fill(column(words, spacing=2), self.what, self.side)
        self.big = in_row(self.number, spacing=12, grow=words)
        self.bar = ScoreBar()
        self.not_evaluated = HatchedBox(translate("AiPanel", "Not evaluated"))
        self.here = Label("", 12, "text2", wrap=True)
        self.read = Label("", 12, "text2", wrap=True)
        self.highest = Button("", icon="arrow-right")
        self.highest.clicked.connect(commander.act("ai.highest"))
        layout = column(self)
        title = Label(translate("AiPanel", "RESULT"), 12, "text2", 600)
        fill(layout, title, 8, self.state_line, 4, self.trouble, self.big, self.bar, self.not_evaluated, 4)
        fill(layout, self.read, 4, self.here, 8, self.highest)
        self._make_curve(layout)

    def _make_curve(self, layout: QVBoxLayout) -> None:
        self.curve = ScoreCurve()
        self.curve.went.connect(lambda index: self._commander.run("slice.go", index=index))
        self.peak_keys = [Keycap(self._commander.key(id_)) for id_ in ("ai.previous_peak", "ai.next_peak")]
        head = in_row(Label(translate("AiPanel", "SCORE ALONG THE STACK"), 12, "text2", 600), None, *self.peak_keys)
        self.along = QWidget()
        fill(column(self.along), 16, head, 4, self.curve)
        layout.addWidget(self.along)

    def _ask_details(self) -> None:
        here = Here.of(self._session)
        job = here.analysis.job if here.analysis else None
        self._session.ask("details", error=job.error if job else None)

    def refresh(self, here: Here) -> None:
        """Show what the model has said about the series."""
        stack, analysis = here.stack, here.analysis
        self.setVisible(stack is not None and analysis is not None)
        if stack is None or analysis is None:
            return
        self._state(here)
        values, highest = here.values, here.highest
        scored = highest is not None
        self.big.setVisible(scored)
        self.bar.setVisible(scored)
        self.not_evaluated.setVisible(not scored and not analysis.running and here.read > 0)
        if highest is not None:
            self._score(here, values[highest], highest, len(stack))
        self.read.setText(self._read_words(here, len(stack)))
        self._this_slice(here, len(stack))
        self._offer_highest(here, highest, len(stack))
        self.along.setVisible(len(stack) > 1)
        if len(stack) > 1:
            self.curve.set_data(len(stack), values, set(analysis.scores), here.index, here.point, analysis.running)

    def _score(self, here: Here, value: float, highest: int, count: int) -> None:
        self.number.setText(f"{value:.2f}")
        if count == 1:
            self.what.setText(translate("AiPanel", "Score of this image"))
        elif here.analysis is not None and here.analysis.running:
            self.what.setText(translate("AiPanel", "Score so far, highest slice {0}").format(highest + 1))
        else:
            self.what.setText(translate("AiPanel", "Score, highest slice {0}").format(highest + 1))
        self.side.setText(side(value, here.point))
        self.bar.show_score(value, here.point)

    @staticmethod
    def _read_words(here: Here, count: int) -> str:
        card = here.model.card
        parts = []
        if count > 1:
            so_far = translate("AiPanel", "Read so far: {0} of {1} slices.")
            whole = translate("AiPanel", "Read: all {1} slices.")
            parts.append((whole if here.read >= count else so_far).format(here.read, count))
        highest = here.highest
        if highest is not None and here.values[highest] < here.point:
            parts.append(translate("AiPanel", "Below the point does not mean normal."))
        if card.output.score_kind == "score":
            parts.append(translate("AiPanel", "A score is not the probability of disease."))
        elif card.calibration is not None:
            parts.append(translate("AiPanel", "Calibrated on data of its own, not on data from here."))
        return " ".join(parts)

    def _this_slice(self, here: Here, count: int) -> None:
        score, text = here.score, ""
        if count > 1 and score is None:
            text = translate("AiPanel", "Slice {0}: not read").format(here.index + 1)
        elif score is not None and not score.evaluated:
            reason = say(score.reason) or translate("AiPanel", "no reason given")
            text = translate("AiPanel", "Slice {0}: not evaluated. {1}").format(here.index + 1, reason)
        elif count > 1 and here.index in here.values:
            value = here.values[here.index]
            text = translate("AiPanel", "Slice {0}: score {1}. {2}.").format(
                here.index + 1, f"{value:.2f}", side(value, here.point)
            )
        self.here.setText(text)
        self.here.setVisible(bool(text))

    def _offer_highest(self, here: Here, highest: int | None, count: int) -> None:
        """Offer the way to the highest slice; nothing ever jumps there by itself."""
        self.highest.setVisible(count > 1 and highest is not None and highest != here.index)
        if highest is not None:
            self.highest.setText(translate("AiPanel", "Go to the highest slice ({0})").format(highest + 1))

    def _state(self, here: Here) -> None:
        job = here.analysis.job if here.analysis else None
        state = job.state if job else None
        text, icon, colour = "", "clock", "text2"
        if job is not None and state is State.QUEUED:
            before = self._session.analyses.before(job)
            text = (
                translate("AiPanel", "Waiting, {0} before it").format(before)
                if before
                else translate("AiPanel", "Waiting for the model")
            )
        elif state is State.RUNNING and not here.read:
            text, icon, colour = translate("AiPanel", "The model is starting"), "circle-dashed", "accent"
        elif job is not None and state is State.FAILED:
            text, icon, colour = say(job.sentence), "warning-circle", "danger"
        elif state is State.CANCELLED:
            text, icon = translate("AiPanel", "Stopped. What was read stays."), "minus-circle"
        self.state.setText(text)
        self.state_icon.show_icon(icon, colour)
        self.state_line.setVisible(bool(text))
        self.trouble.setVisible(state is State.FAILED)
        error = job.error if job else None
        self.details.setVisible(bool(getattr(error, "details", "")))


def divider(layout: QVBoxLayout) -> None:
    """Add a line with the panel's usual space around it."""
    fill(layout, 16, line(), 16)
