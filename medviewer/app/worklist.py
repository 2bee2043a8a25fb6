"""The list and what the reader does to its studies: each deed is kept in the library, shown, and can be taken back."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from medviewer.app.ranking import Placed
from medviewer.app.worklist_look import HIDDEN, LISTS, PAGE, RANKED, Answer, Detail, Pending, look_up
from medviewer.app.worklist_shown import Shown
from medviewer.core.errors import sentence_for
from medviewer.library.records import (
    AiState,
    AiSummary,
    FindingRecord,
    OpinionRecord,
    ReadingRecord,
    StudyRow,
    Urgency,
    Verdict,
)

if TYPE_CHECKING:
    from medviewer.library.library import Library

__all__ = [
    "HIDDEN",
    "LISTS",
    "RANKED",
    "AiState",
    "AiSummary",
    "Detail",
    "FindingRecord",
    "OpinionRecord",
    "Pending",
    "Placed",
    "ReadingRecord",
    "StudyRow",
    "Urgency",
    "Verdict",
    "Worklist",
]

UNDO_PLACE = "Moved to place {0}."


class Worklist(Shown):
    """What is shown, and the deeds; all on the desk's thread."""

    def move(self, study_id: int, to_place: int) -> None:
        """Put a study at place `to_place` (1 is the top) by hand; it stays there."""
        place = min(max(to_place, 1), max(len(self), 1))
        self._deed(study_id, lambda library: library.place(study_id, place), "place", UNDO_PLACE.format(place))

    def move_by(self, study_id: int, step: int) -> None:
        """Move a study by hand, -1 up or +1 down."""
        place = self.place_of(study_id)
        if place >= 0:
            self.move(study_id, place + 1 + step)

    def pin(self, study_id: int) -> None:
        """Hold a study where it stands, or let it go."""
        row, place = self.known(study_id), self.place_of(study_id)
        held = row is not None and row.place is not None
        to = None if held or place < 0 else place + 1
        said = "Back in its own place." if to is None else f"Held at place {to}."
        self._deed(study_id, lambda library: library.place(study_id, to), "place", said)

    def assign_to_me(self, study_id: int) -> None:
        """Take a study for oneself, or give it back."""
        row, reader = self.known(study_id), self._session.opinions.reader
        to = "" if row is not None and row.assigned_to == reader else reader
        said = "Assigned to you." if to else "Not assigned to you any more."
        self._deed(study_id, lambda library: library.assign(study_id, to), "assign", said)

    def mark_read(self, study_id: int, read: bool = True) -> None:
        """Mark a study as read (or unread again); the next one is chosen."""
        place = self.place_of(study_id)
        if read and study_id == self.selected and place >= 0 and len(self) > 1:
            self.select(self.id_at(place + 1 if place + 1 < len(self) else place - 1))
        said = "Marked as read." if read else "Marked as unread."
        self._deed(study_id, lambda library: library.mark_read(study_id, read), "mark_read", said)

    def set_urgency(self, study_id: int, urgency: Urgency) -> None:
        """Say how urgent a study is."""
        said = f"Urgency: {urgency.value}."
        self._deed(study_id, lambda library: library.set_urgency(study_id, urgency), "set_urgency", said)

    def remove(self, study_ids: Sequence[int]) -> "Future[int]":
        """Take studies out of the library; their files stay where they are."""
        ids = tuple(study_ids)
        if self.selected in ids:
            self.select(None)
        future = self._session.shelf.write(lambda library: library.remove(ids), by_number=True)
        self._then(future, lambda _: self._after_deed(), self._failed)
        return future

    def _deed(self, study_id: int, act: "Callable[[Library], Any]", method: str, said: str) -> None:
        """Do something to a study in the library and offer to take it back."""

        def done(before: Any) -> None:
            def back() -> None:
                undo = self._session.shelf.write(lambda lib: getattr(lib, method)(study_id, before), by_number=True)
                self._then(undo, lambda _: self._after_deed(), self._failed)

            self._session.undo.offer(said, back)
            self._after_deed()

        self._then(self._session.shelf.write(act, by_number=True), done, self._failed)

    def _after_deed(self) -> None:
        """Show what the reader's own deed has changed."""
        wish, reader, limits = self._wish, self._session.opinions.reader, self.limits
        rows = list(self._rows)[-PAGE:]

        def arrived(found: tuple[Answer, dict[int, StudyRow]]) -> None:
            self._take_rows(found[1])
            self._fresh = found[0]
            if found[0].wish == self._wish:
                self._show(found[0])
            self.changed.emit("counts")
            if self.selected is not None:
                self._load_detail(self.selected)

        look = self._session.shelf.read(lambda library: (look_up(library, wish, reader, limits), library.rows(rows)))
        self._then(look, arrived)

    def _failed(self, error: BaseException) -> None:
        self._session.noticed.emit(sentence_for(error))
