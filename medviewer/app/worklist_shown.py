"""The list on the screen, without a screen: which studies in which order, and why.

What is shown does not move under the hand: until the reader takes the list in hand it follows what comes in, from
then on changes wait (`pending`) until they are asked for. Values of a row change in place. All methods and events are
on the desk's thread; the library answers on its own and its answers are brought here.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medviewer.app.ranking import Limits, Placed, why
from medviewer.app.worklist_look import (
    HIDDEN,
    KEPT,
    LISTS,
    PAGE,
    Answer,
    Detail,
    Pending,
    Wish,
    covered,
    difference,
    look_up,
)
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.library.records import StudyRow, Urgency

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library


class Shown:
    """See the module. `changed` carries what is different: "order", "rows", "counts", "pending", "selected", "detail".

    Attributes:
        counts: studies in each list; modality_counts: in the list that is shown.
        loaded: False before the first answer of the library.
        followed: new rows come in by themselves, since nobody has the list in hand.
        selected: id of the chosen study.
        detail: of the chosen study, once it is there.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._wish = Wish()
        self._shown: Answer | None = None
        self._fresh: Answer | None = None
        self._places: dict[int, int] = {}
        self._rows: dict[int, StudyRow] = {}
        self._asked: set[int] = set()
        self._looking, self._again = False, False
        self._loading: int | None = None  # whose detail waits for the library
        self._coming_back = False  # to the screen: what is new is shown at once
        self.changed: Event[str] = Event()
        self.pending = Pending()
        self.followed = True
        self.selected: int | None = None
        self.detail: Detail | None = None
        session.shelf.changed.connect(lambda _: session.at_desk(self._library_changed) if self.changed.heard else None)
        session.shelf.troubled.connect(lambda _: session.at_desk(lambda: self.changed.emit("counts")))
        session.kept.known.connect(lambda _: session.at_desk(lambda: self.changed.emit("rows")))  # one is open now
        session.settings.changed.connect(self._setting_changed)
        session.page_changed.connect(self._page_changed)

    # -- what is shown

    @property
    def list_name(self) -> str:
        return self._wish.name

    @property
    def search(self) -> str:
        return self._wish.search

    @property
    def modalities(self) -> frozenset[str]:
        return self._wish.modalities

    @property
    def arrival(self) -> bool:
        return self._wish.arrival

    @property
    def counts(self) -> dict[str, int]:
        return self._fresh.counts if self._fresh else {}

    @property
    def modality_counts(self) -> dict[str, int]:
        return self._fresh.modality_counts if self._fresh else {}

    @property
    def loaded(self) -> bool:
        return self._shown is not None

    @property
    def loading(self) -> bool:
        """Whether what is shown is not yet what was asked for."""
        return self._shown is None or self._shown.wish != self._wish

    @property
    def problem(self) -> str:
        """Why there is no library, "" when there is one."""
        return self._session.shelf.problem

    @property
    def limits(self) -> Limits:
        """How long a study may wait."""
        get = self._session.settings.get
        return Limits({u: timedelta(minutes=int(get(f"worklist.max_wait_{u.value}"))) for u in Urgency})

    def __len__(self) -> int:
        return len(self._shown.ids) if self._shown else 0

    @property
    def ids(self) -> tuple[int, ...]:
        """The studies of the list, in the order that is shown."""
        return self._shown.ids if self._shown else ()

    def id_at(self, place: int) -> int:
        """Return the study in row `place` (from 0)."""
        assert self._shown is not None
        return self._shown.ids[place]

    def place_of(self, study_id: int | None) -> int:
        """Return the row of a study, -1 if it is not in the list."""
        return -1 if study_id is None else self._places.get(study_id, -1)

    def row(self, place: int) -> StudyRow | None:
        """Return row `place`; None while it is on its way ("rows" tells when it is there)."""
        study_id = self.id_at(place)
        found = self._rows.get(study_id)
        if found is None:
            self._ask_page(place)
        return found

    def known(self, study_id: int) -> StudyRow | None:
        """Return a study's row if it is here."""
        if self.detail is not None and self.detail.row.id == study_id:
            return self.detail.row
        return self._rows.get(study_id)

    def placed(self, place: int) -> Placed | None:
        """Return why the study of row `place` stands there; None in a list without a rule, and while it is unknown."""
        found = self._rows.get(self.id_at(place))
        group = self._shown.groups.get(self.id_at(place)) if self._shown else None
        if found is None or group is None:
            return None
        return Placed(found.id, place + 1, group, why(found, group, datetime.now(UTC), self.limits))

    def show(
        self,
        list_name: str | None = None,
        search: str | None = None,
        modalities: frozenset[str] | None = None,
        arrival: bool | None = None,
    ) -> None:
        """Show another list, or the same one with other filters or in another order; None leaves a part as it is."""
        wish = Wish(
            self._wish.name if list_name is None else list_name,
            self._wish.search if search is None else search,
            self._wish.modalities if modalities is None else modalities,
            self._wish.arrival if arrival is None else arrival,
        )
        if wish.name not in LISTS:
            raise UserError("usage", f"The lists are {', '.join(LISTS)}.")
        if wish != self._wish:
            self._wish = wish
            self.refresh()

    def take_in_hand(self) -> None:
        """Note that the reader works on the list: from now on it does not move by itself."""
        self.followed = False

    def show_pending(self) -> None:
        """Show the list as it is now."""
        if self._fresh is not None and self._fresh.wish == self._wish:
            self._show(self._fresh)

    def _page_changed(self, page: str) -> None:
        """Bring the list up to date when the reader comes back to it."""
        if page == "worklist":
            self._coming_back = True
            self.refresh()

    # -- looking into the library

    def _library_changed(self) -> None:
        """Look again, unless the list is not on the screen: then it is enough to look when it comes back."""
        if self._session.page == "worklist" or self._shown is None:
            self.refresh()

    def refresh(self) -> None:
        """Look into the library (soon; one look at a time)."""
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False
        wish, reader, limits = self._wish, self._session.opinions.reader, self.limits
        rows = list(self._rows)[-4 * PAGE :]

        def look(library: "Library") -> tuple[Answer, dict[int, StudyRow]]:
            return look_up(library, wish, reader, limits), library.rows(rows)

        self._then(self._session.shelf.read(look), self._arrived, self._not_arrived)

    def _not_arrived(self, _error: BaseException) -> None:
        self._looking = False
        self.changed.emit("counts")

    def _arrived(self, found: tuple[Answer, dict[int, StudyRow]]) -> None:
        answer, rows = found
        self._looking = False
        self._take_rows(rows)
        before, self._fresh = self._fresh, answer
        if before is None or (before.counts, before.modality_counts) != (answer.counts, answer.modality_counts):
            self.changed.emit("counts")
        if answer.wish == self._wish:
            if self._coming_back:
                self._show_again(answer)
            elif self._shown is None or self.followed or self._shown.wish != answer.wish:
                self._show(answer)
            else:
                self._set_pending(difference(self._shown.ids, answer.ids))
        if self.selected is not None and before is not None:
            self._load_detail(self.selected)
        if self._again or answer.wish != self._wish:
            self.refresh()

    def _show(self, answer: Answer) -> None:
        same = self._shown is not None and self._shown.ids == answer.ids and self._shown.wish == answer.wish
        self._shown = answer
        self._places = {study_id: place for place, study_id in enumerate(answer.ids)}
        self._set_pending(Pending())
        self.changed.emit("rows" if same else "order")

    def _show_again(self, answer: Answer) -> None:
        """Show the list as it is now; a study that was answered meanwhile is not chosen any more."""
        self._coming_back = self._again  # an answer from before the list came back is not the last one
        place = self.place_of(self.selected)
        self._show(answer)
        if place >= 0 and self.place_of(self.selected) < 0:
            self.select(self.id_at(min(place, len(self) - 1)) if len(self) else None)

    def _set_pending(self, pending: Pending) -> None:
        if pending != self.pending:
            self.pending = pending
            self.changed.emit("pending")

    def _ask_page(self, place: int) -> None:
        """Ask for the page of rows about `place`, in one go with what else is asked for in this turn."""
        assert self._shown is not None
        first = max(0, place - PAGE // 4)
        page = [i for i in self._shown.ids[first : first + PAGE] if i not in self._rows and i not in self._asked]
        if not page:
            return
        self._asked.update(page)

        def arrived(rows: dict[int, StudyRow]) -> None:
            self._asked.difference_update(page)
            self._take_rows(rows)

        def failed(_: BaseException) -> None:
            self._asked.difference_update(page)

        self._then(self._session.shelf.read(lambda library: library.rows(page)), arrived, failed)

    def _take_rows(self, rows: dict[int, StudyRow]) -> None:
        """Keep rows as they are now; what AI says of a study stays hidden where the reader has to answer first."""
        hidden = frozenset(self._session.settings.get("ai.read_first"))
        reader = self._session.opinions.reader
        new = {i: covered(row, hidden, reader) for i, row in rows.items()}
        different = any(self._rows.get(i) != row for i, row in new.items())
        for i, row in new.items():
            self._rows.pop(i, None)
            self._rows[i] = row  # newest use last
        while len(self._rows) > KEPT:
            self._rows.pop(next(iter(self._rows)))
        if different:
            self.changed.emit("rows")

    def _then(
        self,
        future: "Future[Any]",
        arrived: Callable[[Any], object],
        failed: Callable[[BaseException], object] = lambda _: None,
    ) -> None:
        """Bring the answer of the library to the desk."""

        def done(future: "Future[Any]") -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is not None:
                self._session.at_desk(lambda: failed(error))
            else:
                result = future.result()
                self._session.at_desk(lambda: arrived(result))

        future.add_done_callback(done)

    def _setting_changed(self, key: str) -> None:
        if key.startswith("worklist.max_wait") or key in ("ai.read_first", "opinions.reader"):
            self._rows.clear()
            self._session.at_desk(self.refresh)

    # -- the chosen study

    def select(self, study_id: int | None) -> None:
        """Choose a study; the list is in the reader's hand from now on."""
        if study_id is not None:
            self.take_in_hand()
        if study_id == self.selected:
            return
        self.selected = study_id
        self.detail = None
        self.changed.emit("selected")
        if study_id is not None:
            self._load_detail(study_id)

    def step(self, by: int) -> None:
        """Choose the study `by` rows further down; the ends stay the ends."""
        if len(self):
            place = self.place_of(self.selected)
            self.select(self.id_at(min(max(place + by, 0), len(self) - 1)))

    def _load_detail(self, study_id: int) -> None:
        if self._session.page != "worklist" or self._loading == study_id:
            return  # nobody sees it, or the look that waits will see all that is there by then
        self._loading = study_id

        def load(library: "Library") -> Detail | None:
            self._loading = None
            row = library.row(study_id)
            if row is None:
                return None
            readings = library.readings(study_id)
            return Detail(row, readings, library.opinions(study_id), library.earlier(study_id))

        self._then(self._session.shelf.read(load), self._detail_arrived)

    def _detail_arrived(self, detail: Detail | None) -> None:
        if detail is None or detail.row.id != self.selected:
            return
        hidden = frozenset(self._session.settings.get("ai.read_first"))
        row = covered(detail.row, hidden, self._session.opinions.reader)
        if row.ai.reason == HIDDEN:
            detail = replace(detail, readings=())
        standing = tuple(o for o in detail.opinions if o.undone is None)
        detail = replace(detail, row=row, opinions=standing)
        if detail != self.detail:
            self.detail = detail
            self._rows[row.id] = row
            self.changed.emit("detail")
