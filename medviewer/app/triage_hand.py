"""A study in hand: what is asked of which model, what has come, and the records that become of it."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.analysis import ModelKey, model_key
from medviewer.app.readings import placed, reading_of
from medviewer.app.triage_find import GONE, Found
from medviewer.app.triage_plan import Wanted
from medviewer.app.triage_stream import Answer, Item
from medviewer.core.findings import SliceScore
from medviewer.library.records import AiState, ReadingRecord, WorkRecord

if TYPE_CHECKING:
    from medviewer.library.library import Library

SOME_UNREAD = "{} of {} images could not be read."


@dataclass(eq=False)
class StudyInHand:
    """A study that was claimed.

    Attributes:
        content: that is read: a reading belongs to it alone.
        trouble: what is not there of it.
        open, over: readings that wait for answers, and records of those that do not.
        told: when its progress was told last; `changed`: there is more to tell.
        lost: its files went away, or were renamed, while a model had it.
    """

    work: WorkRecord
    content: str
    trouble: str = ""
    open: list["ReadingInHand"] = field(default_factory=list)
    over: list[ReadingRecord] = field(default_factory=list)
    told: float = 0.0
    changed: bool = False
    lost: bool = False

    @property
    def id(self) -> int:
        return self.work.study_id

    def begin(self, found: Found, wanted: Iterable[Wanted]) -> None:
        """Note what was found of it and what is to be read."""
        self.content, self.trouble = found.content, found.trouble
        self.open = [ReadingInHand(self, one) for one in wanted]
        self.changed = True

    def refusal(self, state: AiState, reason: str) -> ReadingRecord:
        """Return the note that no model reads it. A later one takes its place: neither names a model."""
        return ReadingRecord(self.id, "", 0, "", "", "", self.content, state, reason=reason)

    def progress(self) -> tuple[int, int]:
        """Return how many images have an answer, of how many."""
        counts = [(len(r.answers), len(r.wanted.stack)) for r in self.open] + [(r.done, r.total) for r in self.over]
        return sum(done for done, _ in counts), sum(total for _, total in counts)


@dataclass(eq=False)
class ReadingInHand:
    """One stack before one model.

    Attributes:
        answers: by index of the stack; `unread`: so many images could not be decoded.
        tried: the model failed once while it had this, perhaps because of it.
    """

    study: StudyInHand
    wanted: Wanted
    answers: dict[int, SliceScore] = field(default_factory=dict)
    unread: int = 0
    tried: bool = False
    began: float = field(default_factory=time.monotonic)
    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def model(self) -> ModelKey:
        return model_key(self.wanted.model)

    def items(self) -> list[Item]:
        """Return the pictures that have no answer."""
        return [Item(self, i, ref) for i, ref in enumerate(self.wanted.stack.images) if i not in self.answers]

    def take(self, answer: Answer) -> bool:
        """Take an answer and say whether it was the last one."""
        score = placed(answer.item.ref, answer.score)
        self.answers[score.index] = score
        self.unread += answer.unread
        self.study.changed = True
        return len(self.answers) == len(self.wanted.stack)

    def begin_again(self) -> None:
        """Forget what came before the model failed."""
        self.tried, self.unread = True, 0
        self.answers.clear()

    def record(self, device: str) -> ReadingRecord:
        """Return what the model said; a failure where no image could be decoded."""
        wanted = self.wanted
        record = reading_of(
            self.study.id,
            self.study.content,
            wanted.stack,
            wanted.model,
            self.answers,
            confirmed=wanted.confirmed,
            reason=" ".join(filter(None, (wanted.reason, self.study.trouble))),
            device=device,
            started=self.started,
            seconds=time.monotonic() - self.began,
        )
        if not self.unread:
            return record
        source = Path(wanted.stack.first.path)  # the files may have gone since their headers were read
        gone = not source.exists()
        self.study.lost |= gone
        if self.unread < len(self.answers):
            some = SOME_UNREAD.format(self.unread, len(self.answers))
            return replace(record, reason=" ".join(filter(None, (record.reason, some))))
        return replace(record, state=AiState.FAILED, reason=GONE.format(source.parent.name) if gone else record.reason)

    def failure(self, sentence: str) -> ReadingRecord:
        """Return the record of a reading that did not come to its end."""
        self.answers.clear()
        return replace(self.record(""), state=AiState.FAILED, reason=sentence)


def store(library: "Library", finished: Sequence[StudyInHand], device: str) -> None:
    """Keep what models said; the first answers of a process come before it has said where it computes."""
    records = [record for study in finished for record in study.over]
    readings = [replace(r, device=device) if r.model and not r.device else r for r in records]
    if readings:
        library.keep_readings(readings, done=[study.id for study in finished])


def tell_progress(library: "Library", told: Sequence[tuple[int, int, int]]) -> None:
    """Say how many images of studies (id, done, total) have been read."""
    for study_id, done, total in told:
        library.ai_state([study_id], AiState.READING, "", done, total)
