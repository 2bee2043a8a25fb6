"""What of AI belongs to the image on the screen, and its caption and marker: always spark, "AI" and "unverified".

Nothing is drawn for an image that the answer is not about (UI brief 4): a caption then says which slice it is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from medviewer.app.methods import METHODS
from medviewer.app.reader import ExplanationMode
from medviewer.core.findings import Explanation, Finding, SliceScore
from medviewer.ui.corner_text import GAP, Line, Shown
from medviewer.ui.overlay_text import MARGIN, Left, Words, outline
from medviewer.ui.theme import colour, font, pixmap
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from medviewer.app.session import Session


class Label(Protocol):
    """A class that a model knows."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


class Card(Protocol):
    """What the caption says of a model's card."""

    @property
    def title(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def labels(self) -> Sequence[Label]: ...


class Model(Protocol):
    """What the caption needs of a model folder."""

    @property
    def card(self) -> Card: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class Answer:
    """A model's answer about one image, as far as it is there and may be shown.

    Attributes:
        explanation: of exactly this image; None where there is none.
        elsewhere: index of the nearest image of the stack that has one, where this image has none.
    """

    model: Model
    target: str
    score: SliceScore | None = None
    explanation: Explanation | None = None
    elsewhere: int | None = None

    @property
    def finding(self) -> Finding | None:
        """The highest place that the model points at in this image."""
        found = self.score.findings if self.score else ()
        return max(found, key=lambda f: f.score, default=None)


def answer(session: "Session", shown: Shown) -> Answer | None:
    """Return what AI says about `shown`; None where AI is hidden or no model has answered."""
    ai, analyses = session.reader.ai, session.analyses
    if not ai.shown:
        return None
    model = analyses.model_for(shown.stack)
    if model is None:
        return None
    target = ai.target or model.card.target
    analysis = analyses.analysis(shown.stack, model)
    score = analysis.score(shown.index) if analysis else None
    explanation, elsewhere = None, None
    if ai.mode is not ExplanationMode.OFF:
        explanation = analyses.explanation(shown.stack, model, shown.index, target, ai.method)
        if explanation is not None and explanation.values.shape != shown.frame.values.shape[:2]:
            explanation = None  # another grid: nothing of it may lie over this image
        elif explanation is None:
            order = sorted(range(len(shown.stack)), key=lambda i: abs(i - shown.index))
            has = (i for i in order if analyses.explanation(shown.stack, model, i, target, ai.method) is not None)
            elsewhere = next(has, None)
    return Answer(model, target, score, explanation, elsewhere)


def method_title(name: str) -> str:
    """Return the name of a method for people ("LayerGradCam" is "Grad-CAM")."""
    known = METHODS.get(name)
    return say(known.title) if known else name


def caption_lines(found: Answer, shown: Shown, short: bool, hatch: bool) -> list[str]:
    """Return the words of the caption after "AI, unverified": the first line, the model's, what a `hatch` means."""
    hatched = [unseen_line().text] if hatch else []
    if found.explanation is None and found.elsewhere is not None:
        lines = [translate("Viewport", "Explanation is for slice {0}").format(found.elsewhere + 1)]
        if found.finding is None:
            return lines
    elif found.explanation is not None:
        refining = "" if found.explanation.complete else GAP + translate("Viewport", "still refining")
        words = translate("Viewport", "{0}, slice {1}")
        lines = [words.format(method_title(found.explanation.method), shown.index + 1) + refining]
    elif found.finding is not None:
        lines = [translate("Viewport", "highest place, slice {0}").format(shown.index + 1)]
    else:
        return []
    if short:
        return lines + hatched
    card = found.model.card
    parts = [f"{say(card.title)} {card.version}"]
    if found.score is not None and found.target in found.score.scores:
        words = translate("Viewport", "{0}: score {1}")
        titles = {label.name: say(label.title) for label in card.labels if label.title}
        title = titles.get(found.target, found.target)
        parts.append(words.format(title, f"{found.score.scores[found.target]:.2f}"))
    baseline = found.explanation.parameters.get("baseline") if found.explanation else None
    if isinstance(baseline, dict):  # what stands for "nothing there": {"kind": "value", "value": 0.107}
        parts.append(translate("Viewport", "baseline {0}").format(f"{baseline['kind']} {baseline['value']:.3g}"))
    return [*lines, GAP.join(parts), *hatched]


def caption(p: QPainter, words: list[str], top: float, width: float) -> float:
    """Draw the caption box with its top at `top`; return its bottom."""
    head = translate("Viewport", "AI, unverified")
    bold, plain = font(12, 600), font(12, 400)
    indent, most = 30.0, width - 2 * MARGIN
    lead = QFontMetricsF(bold).horizontalAdvance(head) + 12
    metrics = QFontMetricsF(plain)
    widths = [metrics.horizontalAdvance(text) + (0 if i else lead) for i, text in enumerate(words)]
    box = QRectF(MARGIN - 2, top, min(max(widths) + indent + 10, most), 26 + 17 * (len(words) - 1))
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(colour("ai", 0.55), 1))
    p.setBrush(colour("bg0", 0.86))
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    p.drawPixmap(QPointF(box.left() + 8, top + 5), pixmap("sparkle", 16, "ai", p.device().devicePixelRatioF()))
    p.setPen(colour("ai"))
    p.setFont(bold)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    p.drawText(QRectF(box.left() + indent, top, lead, 26), flags, head)
    p.setFont(plain)
    for i, text in enumerate(words):
        left = box.left() + indent + (0 if i else lead)
        room = box.right() - 8 - left
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
        p.drawText(QRectF(left, top + (17 * i + 4 if i else 0), room + 2, 26 if not i else 18), flags, text)
    return box.bottom()


def marker(p: QPainter, words: Words, at: tuple[float, float], score: float) -> None:
    """Draw a small ring around a place (logical pixels) with spark, "AI" and its score."""
    x, y = at
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (outline(3.5), QPen(colour("ai"), 1.5)):
        p.setPen(pen)
        p.drawEllipse(QPointF(x, y), 12, 12)
    words.draw(p, x + 17, y - words.step / 2, Line(f"AI {score:.2f}", "ai", 500, "sparkle"), Left)


def unseen_line() -> Line:
    return Line(translate("Viewport", "hatched: not seen by the model"), "ai")


def unseen_place(words: Words, seen: QRectF, width: float, height: float, top: float) -> QPointF | None:
    """Return where the meaning of the hatch can stand, just outside of what the model saw; None where no room is.

    `seen` is in logical pixels, `top` the first y below the caption.
    """
    wide = words.width(unseen_line(), 11)
    x = min(max(seen.right() - wide, MARGIN), width - MARGIN - wide)
    above, below = seen.top() - words.step - 4, seen.bottom() + 4
    lowest = height - 6 * words.step
    y = above if top <= above <= lowest else below if top <= below <= lowest else None
    return None if y is None or x < MARGIN else QPointF(x, y)
