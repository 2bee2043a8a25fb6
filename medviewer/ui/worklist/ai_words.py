"""What the list says about AI of one study: a score with its point, or why there is none. Paints nothing."""

from dataclasses import dataclass

from medviewer.app.worklist import HIDDEN, AiState, AiSummary, StudyRow
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist.words import plain

#: Modalities whose images are called slices.
SLICED = frozenset({"CT", "MR", "PT", "NM"})


@dataclass(frozen=True)
class AiLook:
    """How the AI column of one row looks.

    Attributes:
        title, words: first and second line beside the bar (or instead of it).
        score, point: of the bar; None without one.
        hatched: the AI did not look here.
        partial: not all images are read yet.
        side: of the point, where only the bar shows it and no word.
    """

    icon: str
    colour: str
    title: str
    words: str = ""
    score: float | None = None
    point: float | None = None
    hatched: bool = False
    partial: bool = False
    side: str = ""

    @property
    def number(self) -> str:
        """The score as it is written; longer where two figures would hide on which side of the point it is."""
        return "" if self.score is None else figure(self.score, self.point)


def figure(value: float, other: float | None) -> str:
    """Return a number with two figures, or with four where it would look like `other` otherwise."""
    same = other is not None and value != other and f"{value:.2f}" == f"{other:.2f}"
    return f"{value:.4f}" if same else f"{value:.2f}"


def ai_look(row: StudyRow) -> AiLook:
    """Return what the list says about AI."""
    ai = row.ai
    reason = plain(say(ai.reason))
    if ai.reason == HIDDEN:
        return AiLook("eye-slash", "text2", translate("Worklist", "AI hidden"), reason)
    if ai.score is not None and ai.state in (AiState.DONE, AiState.READING):
        return _scored(row, ai, reason)
    if ai.state is AiState.READING:
        return AiLook("circle-dashed", "ai", translate("Worklist", "AI reading"), read_so_far(row) if ai.total else "")
    if ai.state is AiState.WAITING:
        return AiLook("hourglass-medium", "text2", translate("Worklist", "Waiting for AI"))
    if ai.state is AiState.FAILED:
        return AiLook("warning-circle", "danger", translate("Worklist", "AI failed"), reason)
    title = translate("Worklist", "Not evaluated")
    reason = reason.removeprefix(title).lstrip(" .。:：") if reason.startswith(title) else reason  # it is said above
    return AiLook("minus-circle", "text3", title, reason or translate("Worklist", "No model was asked."), hatched=True)


def read_so_far(row: StudyRow) -> str:
    """Return "so far, 20 of 38 slices"."""
    slices, images = (
        translate("Worklist", "so far, {0} of {1} slices"),
        translate("Worklist", "so far, {0} of {1} images"),
    )
    return (slices if SLICED.intersection(row.modalities) else images).format(row.ai.done, row.ai.total)


def _scored(row: StudyRow, ai: AiSummary, reason: str) -> AiLook:
    """Return the look of a score: the finding and its side, or what has to be known about it."""
    finding = plain(say(ai.finding), 80)
    if ai.state is AiState.READING:
        return AiLook("circle-dashed", "ai", finding, read_so_far(row), ai.score, ai.point, partial=True)
    note = translate("Worklist", "Files came after it was read.") if ai.stale else reason
    if note:
        return AiLook("sparkle", "ai", finding, note, ai.score, ai.point, side=side(ai))
    return AiLook("sparkle", "ai", finding, side(ai), ai.score, ai.point)


def side(ai: AiSummary) -> str:
    """Return on which side of the operating point the number is, and that it is a probability where it is one."""
    if ai.point is None:
        return ""
    if ai.kind == "probability":
        above = translate("Worklist", "probability above {0}")
        below = translate("Worklist", "probability below {0}")
    else:
        above, below = translate("Worklist", "above the point {0}"), translate("Worklist", "below the point {0}")
    return (above if ai.positive else below).format(figure(ai.point, ai.score))
