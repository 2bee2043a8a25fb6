"""Notes that somebody has begun and not kept: they wait until their study is on the screen again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from medviewer.core.events import Event

if TYPE_CHECKING:
    from medviewer.app.session import Session

#: Most drafts that are kept, and characters of each (a note that is too long is still a draft).
MOST, LONGEST = 50, 20_000


@dataclass(frozen=True)
class Draft:
    """A note on its way: the study by its number in the library and its UID, which must both be the same again."""

    study: int
    uid: str
    text: str


class Drafts:
    """The drafts of this window, on the desk's thread. `changed` says that there are others now."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._drafts: dict[tuple[int, str], str] = {}
        self.changed: Event[None] = Event()

    @property
    def all(self) -> tuple[Draft, ...]:
        """Every draft, the oldest first."""
        return tuple(Draft(study, uid, text) for (study, uid), text in self._drafts.items())

    def of(self, study: int) -> str:
        """Return what was written of a study (its number in the library) and not kept, "" for nothing."""
        return self._drafts.get((study, self._uid(study)), "")

    def put(self, study: int, text: str) -> None:
        """Note what is written now; "": nothing is left of it."""
        self._put(Draft(study, self._uid(study), text[:LONGEST]))

    def kept(self, study: int, text: str) -> None:
        """Forget a draft that is in the library now, unless it has been written on."""
        if self.of(study) == text[:LONGEST]:
            self.put(study, "")

    def take(self, drafts: tuple[Draft, ...]) -> None:
        """Take over drafts of earlier runs."""
        for draft in drafts:
            if (draft.study, draft.uid) not in self._drafts:
                self._put(draft)

    def _put(self, draft: Draft) -> None:
        key = draft.study, draft.uid
        if self._drafts.pop(key, "") == draft.text and not draft.text:
            return
        if draft.text:
            self._drafts[key] = draft.text
        for oldest in list(self._drafts)[:-MOST]:
            del self._drafts[oldest]
        self.changed.emit(None)

    def _uid(self, study: int) -> str:
        """Return the UID of a study that is on the screen or in the list."""
        stack = self._session.reader.view.stack
        if stack is not None and self._session.kept.id_of(stack) == study:
            return stack.first.study_uid
        row = self._session.worklist.known(study)
        return row.uid if row is not None else ""
