"""What the lines of a training say, told as a run: each line changes the story, in the order in which they came."""

import copy
import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from medviewer.app.admin.records import Epoch, Plan, Run, RunState

FINAL = frozenset({RunState.STOPPED, RunState.INTERRUPTED, RunState.FAILED, RunState.DONE})
#: Failures that would come again: such a run cannot go on, a new one can be started.
FOR_GOOD = frozenset({"bad_config", "bad_checkpoint", "bad_data", "bad_model", "bad_start", "not_learnt", "usage"})
WITHOUT_A_WORD = "The training ended before it was finished. It can go on from its last checkpoint."
NOT_BEGUN = "medviewer was closed before this training began. It can be started now."
MODEL_GONE = "The model that this run made is gone."
_MOST_TEXT = 500


class Story:
    """A training run as far as it was told. Lines come from a file or from a process: nothing in them is trusted."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.state = RunState.QUEUED
        self.epochs: dict[int, Epoch] = {}
        self.epoch = self.step = self.steps = self.best = 0
        self.base_auc: float | None = None
        self.base_loss: float | None = None
        self.sentence = self.code = self.device = ""
        self.pictures = 0  # of the fitting part
        self.begun = False
        self._marked = 0.0  # when the epoch that is being trained began
        self._stepped = 0.0  # when `step` was reached

    def add(self, line: Mapping[str, Any]) -> None:
        """Take the next line; events that are not known change nothing."""
        take = _TAKES.get(str(line.get("event")))
        if take is not None:
            take(self, line)

    def with_lines(self, lines: Iterable[Mapping[str, Any]]) -> "Story":
        """Return the story with what comes after it; this one stays."""
        told = copy.copy(self)
        told.epochs = dict(self.epochs)
        for line in lines:
            told.add(line)
        return told

    def run(
        self, *, id_: str, number: int, live: bool, model: Path | None = None, started: str = "", by: str = ""
    ) -> Run:
        """Return the run. `live`: a program drives it now; without one, what had not ended was interrupted."""
        state, sentence, epochs = self.state, self.sentence, self.epochs  # the driver's thread goes on meanwhile
        if not live and state not in FINAL:
            sentence = WITHOUT_A_WORD if self.begun else NOT_BEGUN
            state = RunState.INTERRUPTED
        if state is RunState.DONE and model is None:
            state, sentence = RunState.FAILED, MODEL_GONE
        elif state in FINAL and model is not None:  # it is written whole, at the very end: the last word was lost
            state, sentence = RunState.DONE, self.sentence if state is RunState.DONE else ""
        last = state in FINAL
        return Run(
            id=id_,
            number=number,
            plan=self.plan,
            state=state,
            epochs=tuple(epochs[n] for n in sorted(epochs)),
            epoch=self.epoch,
            step=self.step,
            steps=self.steps,
            base_auc=self.base_auc,
            base_loss=self.base_loss,
            best=self.best,
            seconds_left=None if last else self.seconds_left(),
            sentence=sentence,
            can_go_on=state is RunState.PAUSED or (last and state is not RunState.DONE and self.code not in FOR_GOOD),
            model=model if state is RunState.DONE else None,
            started=started,
            by=by,
            device=self.device,
        )

    def seconds_left(self, now: float | None = None) -> float | None:
        """Return how long the rest takes at the pace measured so far; None while nothing was measured."""
        pace = self._pace()
        if pace is None:
            return None
        done = max(self.epochs, default=0) + (self.step / self.steps if self.steps else 0.0)
        since = (time.time() if now is None else now) - self._stepped if self.state is RunState.RUNNING else 0.0
        return max(0.0, pace * (self.plan.epochs - done) - max(0.0, since))

    def _pace(self) -> float | None:
        """Seconds an epoch."""
        known = [e.seconds for _, e in sorted(self.epochs.items()) if e.seconds > 0][-3:]
        if known:
            return sum(known) / len(known)
        took = self._stepped - self._marked
        return took * self.steps / self.step if self.step and self.steps and took > 0 else None

    # -- one method for each event

    def _queued(self, _: Mapping[str, Any]) -> None:
        self.state = RunState.QUEUED

    def _began(self, line: Mapping[str, Any]) -> None:
        self.state, self.sentence, self.code, self.step, self.begun = RunState.RUNNING, "", "", 0, True
        self._mark(line)

    def _data(self, line: Mapping[str, Any]) -> None:
        self.device = _text(line.get("device"))
        parts = line.get("parts")
        self.pictures = _whole(parts.get("fit")) if isinstance(parts, Mapping) else 0
        self._mark(line)

    def _base(self, line: Mapping[str, Any]) -> None:
        self.base_auc, self.base_loss = _number(line.get("select_auc")), _number(line.get("select_loss"))
        self._mark(line)

    def _resumed(self, line: Mapping[str, Any]) -> None:
        """Go back to a checkpoint: what came after that is made again, to the same figures."""
        at = _whole(line.get("epoch"))
        self.epochs = {n: epoch for n, epoch in self.epochs.items() if n <= at}
        self.epoch, self.step = at, 0
        self.best = self.best if self.best in self.epochs else 0
        self._mark(line)

    def _steps(self, line: Mapping[str, Any]) -> None:
        self.epoch = _whole(line.get("epoch"))
        self.steps = _whole(line.get("of"))
        self.step = min(_whole(line.get("step")), self.steps)
        self._stepped = _number(line.get("at")) or self._stepped

    def _epoch(self, line: Mapping[str, Any]) -> None:
        number = _whole(line.get("epoch"))
        if not 0 < number <= self.plan.epochs:
            return
        seconds = _number(line.get("seconds")) or 0.0
        found = Epoch(
            number,
            _number(line.get("loss")) or 0.0,
            _number(line.get("select_loss")),
            _number(line.get("select_auc")),
            _number(line.get("stress_auc")),
            seconds if seconds > 0 else max(0.0, (_number(line.get("at")) or 0.0) - self._marked),
        )
        if not seconds and not self._marked:
            found = replace(found, seconds=0.0)
        self.epochs[number] = found
        self.epoch, self.step = number, 0
        best = _whole(line.get("best"))
        self.best = best if best in self.epochs else self.best
        self._mark(line)

    def _notice(self, line: Mapping[str, Any]) -> None:
        self.sentence = _text(line.get("sentence"))

    def _paused(self, _: Mapping[str, Any]) -> None:
        self.state = RunState.PAUSED

    def _going_on(self, line: Mapping[str, Any]) -> None:
        self.state = RunState.RUNNING
        at = _number(line.get("at")) or 0.0
        waited = max(0.0, at - self._stepped) if self._stepped else 0.0
        self._marked, self._stepped = self._marked + waited, at

    def _failed(self, line: Mapping[str, Any]) -> None:
        self.code = _text(line.get("code"))
        self.sentence = _text(line.get("sentence")) or WITHOUT_A_WORD
        self.state = RunState.STOPPED if self.code == "stopped_early" else RunState.FAILED

    def _done(self, _: Mapping[str, Any]) -> None:
        self.state, self.code = RunState.DONE, ""

    def _ended(self, line: Mapping[str, Any]) -> None:
        """Its process is gone; what it said of its end itself holds."""
        if self.state not in FINAL:
            self.state = RunState.STOPPED if line.get("asked") is True else RunState.INTERRUPTED
            self.sentence = _text(line.get("sentence")) or WITHOUT_A_WORD

    def _mark(self, line: Mapping[str, Any]) -> None:
        self._marked = self._stepped = _number(line.get("at")) or 0.0


_TAKES: dict[str, Callable[[Story, Mapping[str, Any]], None]] = {
    "queued": Story._queued,
    "began": Story._began,
    "data": Story._data,
    "base": Story._base,
    "resumed": Story._resumed,
    "steps": Story._steps,
    "epoch": Story._epoch,
    "notice": Story._notice,
    "paused": Story._paused,
    "going_on": Story._going_on,
    "failed": Story._failed,
    "done": Story._done,
    "ended": Story._ended,
}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else 0


def _text(value: Any) -> str:
    return value[:_MOST_TEXT] if isinstance(value, str) else ""
