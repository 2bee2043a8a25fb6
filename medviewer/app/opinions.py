"""What readers think of what models say: asked with one key, kept at once, taken back if need be.

An opinion is kept with the model, its version and score, what could be seen when it was given (AI, map) and in which
order. For models of the setting `ai.read_first` the reader answers before AI is shown. On the desk's thread.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from medviewer.app.reader import ExplanationMode
from medviewer.core.errors import UserError, sentence_for
from medviewer.core.events import Event
from medviewer.library.records import AgreementRow, AiState, FindingRecord, OpinionRecord, ReadingRecord, Verdict

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

__all__ = ["About", "AgreementRow", "FindingRecord", "OpinionRecord", "Opinions", "ReadingRecord", "Verdict"]

PRESENT, ABSENT, UNSURE = "present", "absent", "unsure"
#: What was done, in words, by verdict; and by answer where the reader answers first.
SAID = {
    Verdict.AGREE: "Kept: you agree.",
    Verdict.DISAGREE: "Kept: you disagree.",
    Verdict.UNSURE: "Kept: you are unsure.",
    Verdict.RELABEL: "Kept: you say it is something else.",
}
NO_STUDY = "Open a study or choose one in the list first."
NO_RESULT = "There is no result to agree with yet."
HIDDEN = "AI is hidden. Press X to show it."
MOST_NOTE = 2000


@dataclass(frozen=True)
class About:
    """What an opinion would be about now.

    Attributes:
        reading: the model's result; None while there is none.
        finding: the finding on the image that is shown, if one was chosen.
        findings: of the image that is shown.
        mine: the reader's own standing opinion on the same thing.
        first: AI stays hidden until the reader has answered.
        confirmed: False where the model was never sure that it may read this.
    """

    study_id: int
    reading: ReadingRecord | None = None
    finding: FindingRecord | None = None
    findings: tuple[FindingRecord, ...] = ()
    mine: OpinionRecord | None = None
    others: tuple[OpinionRecord, ...] = ()
    first: bool = False


@dataclass(frozen=True)
class _Known:
    """What the library says of one study."""

    readings: tuple[ReadingRecord, ...] = ()
    opinions: tuple[OpinionRecord, ...] = ()


class Opinions:
    """The opinions of this session. `changed` carries the id of the study about which something else is known now."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._known: dict[int, _Known] = {}
        self._asked: set[int] = set()
        self._waiting: set[int] = set()  # likewise, and the library has not come to it
        self._finding = 0
        self._covered = False
        self.changed: Event[int] = Event()
        session.shelf.changed.connect(lambda _: session.at_desk(self._again))
        session.shelf.restored.connect(lambda _: session.at_desk(self._known.clear))
        session.kept.known.connect(lambda study_id: session.at_desk(lambda: self._load(study_id)))
        session.settings.changed.connect(self._setting_changed)
        for view in session.reader.views:
            view.changed.connect(lambda _: self._place_changed())

    @property
    def reader(self) -> str:
        """Who gives the opinions."""
        return self._session.who

    def of(self, study_id: int) -> tuple[OpinionRecord, ...]:
        """Return the standing opinions on a study, newest first; empty while they are on their way (`changed`)."""
        return self._of(study_id).opinions

    def about(self) -> About | None:
        """Return what an opinion would be about: the study in the reader, or the one chosen in the list."""
        study_id = self._study_here()
        if study_id is None:
            return None
        known = self._of(study_id)
        reading = self._reading_here(known)
        findings = self._findings_here(reading)
        finding = next((f for f in findings if f.id == self._finding), None)
        standing = [o for o in known.opinions if o.finding_id == (finding.id if finding else None)]
        standing = [o for o in standing if reading is None or o.model == reading.model]
        mine = next((o for o in standing if o.reader == self.reader), None)
        others = tuple(o for o in standing if o.reader != self.reader)
        return About(study_id, reading, finding, findings, mine, others, self._first(known, reading))

    def choose_finding(self, finding_id: int) -> None:
        """Let the next opinion be about one finding; 0: about the study."""
        self._finding = finding_id
        study_id = self._study_here()
        if study_id is not None:
            self.changed.emit(study_id)

    def refusal(self) -> str | None:
        """Return why no opinion can be given now, or None."""
        if self._session.shelf.problem:
            return self._session.shelf.problem
        about, in_reader = self.about(), self._session.page == "reader"
        if about is None:
            return NO_RESULT if in_reader and self._session.reader.view.stack else NO_STUDY
        if in_reader and not about.first and not self._session.reader.ai.shown:
            return HIDDEN
        reading = about.reading
        if reading is None:
            return NO_RESULT
        return None if reading.state is AiState.DONE else reading.reason or NO_RESULT

    def give(self, verdict: Verdict, label: str = "", finding: int = -1) -> "Future[int]":
        """Keep an opinion; what the reader is told ("Kept: …") is said once it is on the disk.

        Args:
            verdict: where the reader answers first, AGREE stands for "present" and DISAGREE for "absent".
            label: for RELABEL: what it is.
            finding: id of the finding it is about, 0: the study, -1: as chosen.

        Raises:
            UserError: `blocked`, with the reason.
        """
        if reason := self.refusal():
            raise UserError("blocked", reason)
        if finding >= 0:
            self._finding = finding
        about = self.about()
        assert about is not None
        return self._keep(about, self._record(about, verdict, label))

    def add_note(self, text: str) -> "Future[int]":
        """Keep the reader's standing opinion again, with a note.

        Raises:
            UserError: `blocked`: there is no opinion of this reader yet.
        """
        about = self.about()
        if about is None or about.mine is None:
            raise UserError("blocked", "Give an opinion first; a note goes with it.")
        noted = replace(about.mine, note=text.strip()[:MOST_NOTE], at=None, id=0, reader=self.reader)
        kept = self._keep(about, noted, said="Kept: your note.", marks_read=False)

        def drop(done: "Future[int]") -> None:
            if done.exception() is None:
                self._session.at_desk(lambda: self._session.drafts.kept(about.study_id, text))

        kept.add_done_callback(drop)
        return kept

    def _record(self, about: About, verdict: Verdict, label: str) -> OpinionRecord:
        session, reading = self._session, about.reading
        assert reading is not None
        answer = {Verdict.AGREE: PRESENT, Verdict.DISAGREE: ABSENT}.get(verdict, label or UNSURE)
        if verdict in (Verdict.AGREE, Verdict.DISAGREE):
            if about.first:
                verdict = Verdict.AGREE if (answer == PRESENT) == reading.positive else Verdict.DISAGREE
            else:
                answer = PRESENT if (verdict is Verdict.AGREE) == reading.positive else ABSENT
        in_reader = session.page == "reader"
        shown = not about.first and (session.reader.ai.shown if in_reader else True)
        return OpinionRecord(
            about.study_id,
            verdict,
            answer,
            label,
            reading_id=reading.id or None,
            finding_id=about.finding.id if about.finding else None,
            model=reading.model,
            version=reading.version,
            sha256=reading.sha256,
            score=about.finding.score if about.finding else reading.score,
            point=reading.point,
            series_uid=reading.series_uid,
            sop_uid=about.finding.sop_uid if about.finding else reading.sop_uid,
            frame=about.finding.frame if about.finding else reading.frame,
            ai_shown=shown,
            map_shown=shown and in_reader and session.reader.ai.mode is not ExplanationMode.OFF,
            order="before_ai" if about.first else "after_ai",
            reader=self.reader,
        )

    def _keep(self, about: About, opinion: OpinionRecord, said: str = "", marks_read: bool = True) -> "Future[int]":
        """Write the opinion; one on the whole study answers it, so that it leaves the unread ones."""
        marks_read = marks_read and about.finding is None

        def keep(library: "Library") -> tuple[int, bool]:
            return library.answer(opinion) if marks_read else (library.give_opinion(opinion), True)

        kept: Future[int] = Future()

        def done(found: tuple[int, bool]) -> None:
            opinion_id, was_read = found
            self._load(about.study_id)
            words = said or (f"Kept: {opinion.answer}." if about.first else SAID[opinion.verdict])
            self._session.undo.offer(words, lambda: self._take_back(about.study_id, opinion_id, was_read))

        def end(future: "Future[Any]") -> None:
            error = None if future.cancelled() else future.exception()
            if error is not None or future.cancelled():
                kept.set_exception(error or UserError("closed", "medviewer is closing."))
                sentence = sentence_for(error) if error else ""
                self._session.at_desk(lambda: self._session.noticed.emit(f"Your opinion was not kept. {sentence}"))
                return
            found = future.result()
            kept.set_result(found[0])
            self._session.at_desk(lambda: done(found))

        self._session.shelf.write(keep, by_number=True).add_done_callback(end)
        return kept

    def _take_back(self, study_id: int, opinion_id: int, was_read: bool) -> None:
        def undo(library: "Library") -> None:
            library.undo_opinion(opinion_id)
            if not was_read:
                library.mark_read(study_id, False)

        self._then(self._session.shelf.write(undo, by_number=True), lambda _: self._load(study_id))

    # -- what is known

    def _of(self, study_id: int) -> _Known:
        if study_id not in self._known and study_id not in self._asked:
            self._load(study_id)
        return self._known.get(study_id, _Known())

    def _load(self, study_id: int) -> None:
        self._asked.add(study_id)
        if study_id in self._waiting:
            return  # the look that waits for the library will see all that is there by then
        self._waiting.add(study_id)

        def look(library: "Library") -> _Known:
            self._waiting.discard(study_id)
            standing = tuple(o for o in library.opinions(study_id) if o.undone is None)
            return _Known(library.readings(study_id), standing)

        def arrived(known: _Known) -> None:
            self._asked.discard(study_id)
            if self._known.get(study_id) != known:
                self._known[study_id] = known
                self._cover()
                self.changed.emit(study_id)

        self._then(self._session.shelf.read(look), arrived)

    def _again(self) -> None:
        """Look again at what is here, since the library has changed; forget the rest."""
        here = self._study_here()
        self._known = {i: known for i, known in self._known.items() if i == here}
        if here is not None:
            self._load(here)

    def _then(self, future: "Future[Any]", arrived: Callable[[Any], object]) -> None:
        def done(future: "Future[Any]") -> None:
            if not future.cancelled() and future.exception() is None:
                result = future.result()
                self._session.at_desk(lambda: arrived(result))

        future.add_done_callback(done)

    def _study_here(self) -> int | None:
        if self._session.page == "worklist":
            return self._session.worklist.selected
        stack = self._session.reader.view.stack
        return self._session.kept.id_of(stack) if stack is not None else None

    def _reading_here(self, known: _Known) -> ReadingRecord | None:
        """Return the reading that is on the screen: of the model in the panel, else the one that counts most."""
        stack = self._session.reader.view.stack
        readings = known.readings
        if self._session.page == "reader" and stack is not None:
            model = self._session.analyses.model_for(stack)
            readings = tuple(r for r in readings if r.series_uid == stack.series_uid)
            readings = tuple(r for r in readings if model is None or (r.model, r.sha256) == (model.name, model.sha256))
        return max(readings, key=lambda r: (r.state is AiState.DONE, r.positive, r.score or 0.0), default=None)

    def _findings_here(self, reading: ReadingRecord | None) -> tuple[FindingRecord, ...]:
        ref = self._session.reader.view.image
        if reading is None or self._session.page != "reader" or ref is None:
            return ()
        shown = ref.header.sop_uid, ref.frame
        return tuple(f for f in reading.findings if (f.sop_uid, f.frame) == shown and f.at is not None)

    # -- the reader's answer first

    def _first(self, known: _Known, reading: ReadingRecord | None) -> bool:
        if reading is None or reading.model not in self._session.settings.get("ai.read_first"):
            return False
        return not any(o.reader == self.reader and o.model == reading.model for o in known.opinions)

    @property
    def covered(self) -> bool:
        """Whether AI is hidden in the reader until an opinion is given."""
        return self._covered

    def _place_changed(self) -> None:
        self._finding = 0
        self._cover()

    def _cover(self) -> None:
        """Hide AI where the policy wants the reader's answer first; show it again once that is given."""
        session = self._session
        stack = session.reader.view.stack
        model = session.analyses.model_for(stack) if stack is not None else None
        covered = False
        if stack is not None and model is not None and model.name in session.settings.get("ai.read_first"):
            study_id = session.kept.id_of(stack)
            opinions = self._of(study_id).opinions if study_id is not None else ()
            covered = not any(o.reader == self.reader and o.model == model.name for o in opinions)
        if covered != self._covered:
            self._covered = covered
            session.reader.set_ai(shown=not covered)
        elif covered and session.reader.ai.shown:
            session.reader.set_ai(shown=False)

    def _setting_changed(self, key: str) -> None:
        if key in ("ai.read_first", "opinions.reader"):
            self._cover()
