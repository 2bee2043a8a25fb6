"""What the AI panel talks about: the series in the active viewport, its model, the verdict and the answers so far."""

from dataclasses import dataclass
from typing import Any

from medviewer.app.analysis import Analysis
from medviewer.app.session import Session
from medviewer.core.findings import SliceScore
from medviewer.core.jobs import State
from medviewer.core.study import Stack
from medviewer.ui.translation import translate


@dataclass(frozen=True)
class Here:
    """One look at the session. `model` is an inference.folder.ModelFolder, `verdict` an eligibility Verdict."""

    stack: Stack | None
    index: int = 0
    model: Any = None
    verdict: Any = None
    confirmed: bool = False
    analysis: Analysis | None = None

    @classmethod
    def of(cls, session: Session) -> "Here":
        stack = session.reader.view.stack
        if stack is None:
            return cls(None)
        analyses = session.analyses
        model = analyses.model_for(stack)
        if model is None:
            return cls(stack, session.reader.view.index)
        return cls(
            stack,
            session.reader.view.index,
            model,
            analyses.verdict(stack, model),
            analyses.confirmed(stack, model),
            analyses.analysis(stack, model),
        )

    @property
    def may_read(self) -> bool:
        answer = self.verdict.answer if self.verdict else "no"
        return answer == "yes" or (answer == "unknown" and self.confirmed)

    @property
    def point(self) -> float:
        """The operating point."""
        return float(self.model.card.threshold.value)

    @property
    def values(self) -> dict[int, float]:
        return self.analysis.values() if self.analysis else {}

    @property
    def highest(self) -> int | None:
        return self.analysis.highest if self.analysis else None

    @property
    def score(self) -> SliceScore | None:
        """The answer for the slice on the screen."""
        if self.analysis is None or self.stack is None or self.index >= len(self.analysis.stack):
            return None
        return self.analysis.score(self.index)

    @property
    def read(self) -> int:
        return len(self.analysis.scores) if self.analysis else 0

    @property
    def state(self) -> State | None:
        return self.analysis.job.state if self.analysis and self.analysis.job else None


def side(value: float, point: float) -> str:
    """Return on which side of the operating point a score lies, in the brief's words."""
    words = (
        translate("AiPanel", "Above the operating point {0}")
        if value >= point
        else translate("AiPanel", "Below the operating point {0}")
    )
    return words.format(f"{point:.2f}")
