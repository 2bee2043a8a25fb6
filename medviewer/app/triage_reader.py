"""Reads what waits in the library, in the background: takes work, asks models that fit, keeps their answers in bulk.

One thread owns all that is in hand; everything reaches it through one inbox. Work is claimed from the library and
goes back when this program ends, however it ends; what the library has taken from us is on the disk. While the library
is in trouble (a full disk) answers stay here and are kept as soon as it takes them.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from medviewer.app import claims
from medviewer.app.triage_asks import Asks
from medviewer.app.triage_find import Finder, Found, Headers
from medviewer.app.triage_hand import ReadingInHand, StudyInHand, store, tell_progress
from medviewer.app.triage_plan import Plan, newest, plan
from medviewer.app.triage_streams import ModelStreams
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled
from medviewer.library.records import AiState, ReadingRecord, WorkRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

#: Studies in hand at once, studies whose answers are kept in one go, and seconds until the others are kept as well.
IN_HAND, BULK, BULK_S = 192, 64, 0.25
#: Seconds between two words on the progress of a study, two claims of work, two looks around while there is nothing to
#: do, two looks for the dead, and before something is tried again.
PROGRESS_S, TAKE_S, LOOK_S, DEAD_S, TROUBLE_S = 0.5, 0.1, 1.0, 60.0, 1.0
#: Seconds that the library has at the end.
LEAVE_S = 5.0
#: How often a study is begun whose files go away while it is in hand.
TRIES = 3
FAULT = "Reading this study failed because of a fault in medviewer; the details are in the log."


class TriageReader:
    """See the module. Methods may be called from any thread; nothing runs before the first `wake`.

    Attributes:
        paused: the reader has stopped a reading in the jobs bar; what waits goes on at the next `wake`.
    """

    def __init__(self, session: "Session", headers: Headers, changed: Callable[[Iterable[int]], object]) -> None:
        self._session, self._changed = session, changed
        self._headers, self._finder = headers, Finder(session, headers)
        self._lock = threading.Lock()
        self._inbox: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = False
        self.paused = False
        self._settling: dict[int, float] = {}  # study -> monotonic time before which it may still grow
        self._held: dict[int, WorkRecord] = {}  # claimed, may still grow
        # below: touched by the own thread alone
        self._owner = ""
        self._look = ThreadPoolExecutor(1, thread_name_prefix="triage-find")
        self._hand: dict[int, StudyInHand] = {}
        self._streams = ModelStreams(session, self._put, self._over, self._stopped)
        self._finished: list[StudyInHand] = []
        self._returning: list[int] = []  # given back, which the library does not know yet
        self._asks = Asks(session, self._put)
        self._kept_at = self._looked_at = self._dead_at = 0.0
        self._may_wait = True

    # -- for every thread

    @property
    def trouble(self) -> UserError | None:
        """Why the library does not take what was read, while that is so; it is tried again and again."""
        return self._asks.trouble

    def wake(self) -> None:
        """Look for work now."""
        with self._lock:
            if self._closing:
                return
            self.paused = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="triage", daemon=True)
                self._thread.start()
        self._put(self._note_work)

    def settle(self, study_ids: Iterable[int], until: float) -> None:
        """Do not begin with these studies before `until` (monotonic): files of them may still come."""
        with self._lock:
            self._settling.update(dict.fromkeys(study_ids, until))

    def settled(self, study_ids: Iterable[int], until: float) -> None:
        """Begin with these studies at `until`, if they are not begun yet: all their files have come."""
        with self._lock:
            self._settling.update({i: until for i in study_ids if i in self._settling})
        self._put(self._note_work)

    def let_go(self, study_ids: Iterable[int]) -> list[int]:
        """Forget those of these studies that are claimed and not begun, and return them (give their claims back)."""
        with self._lock:
            return [study_id for study_id in study_ids if self._held.pop(study_id, None)]

    def begin_again(self) -> None:
        """Drop all that is in hand: the library was replaced. What waits in it is taken as after a new start."""
        with self._lock:
            self._held.clear()
            self._settling.clear()
            if self._thread is None:
                return
        self._put(self._drop)

    def close(self) -> None:
        """Give back what is not done; returns when that is asked for."""
        with self._lock:
            self._closing = True
            thread = self._thread
        if thread is not None:
            self._put(lambda: None)
            thread.join(10)

    def _put(self, act: Callable[..., object], *values: Any) -> None:
        self._inbox.put((act, values))

    # -- the own thread

    def _run(self) -> None:
        self._owner = claims.claimant()
        disconnect = self._session.shelf.changed.connect(lambda _: self._put(self._note_work))
        pause = 0.0
        while not self._closing:
            try:
                self._hear(pause)
                pause = 0.0
                self._turn()
            except UserError as error:
                log.warning("reading for the worklist waits: %s", error.code)
                pause, self._may_wait = TROUBLE_S, True
            except Exception:  # one study's defect must not end the reading of all others
                log.exception("reading for the worklist goes on after a defect")
                pause = TROUBLE_S
        disconnect()
        self._leave()
        claims.leave(self._owner)

    def _hear(self, pause: float) -> None:
        """Do what is in the inbox, waiting a little for it; with `pause` for so long at least."""
        end = time.monotonic() + pause
        wait = pause or (0.05 if self._finished else BULK_S if self._hand or self._held else LOOK_S)
        with contextlib.suppress(Empty):
            while not self._closing:
                act, values = self._inbox.get(timeout=wait)
                act(*values)
                wait = max(0.0, end - time.monotonic())

    def _note_work(self) -> None:
        self._may_wait = True

    def _drop(self) -> None:
        for study in self._hand.values():
            study.open.clear()  # what still comes of it counts for nothing
        self._hand.clear()
        self._finished.clear()
        self._returning.clear()
        claims.leave(self._owner)  # the library may know claims of ours from the day of the backup
        self._owner = claims.claimant()
        self._dead_at, self._may_wait = 0.0, True

    def _turn(self) -> None:
        self._keep()
        self._return()
        if time.monotonic() - self._dead_at > DEAD_S or not self._dead_at:
            self._asks.ask("dead", lambda library: library.return_work_of(claims.dead), self._returned_of_dead)
        if not self.paused:
            self._take()
            self._begin()
            self._streams.retry()

    # -- work comes

    def _returned_of_dead(self, count: int) -> None:
        self._dead_at = time.monotonic()
        self._may_wait |= bool(count)

    def _take(self) -> None:
        """Claim work, unless enough is in hand or there is none."""
        now, mine = time.monotonic(), len(self._hand) + len(self._held)
        if not self._may_wait or mine >= IN_HAND // 2 or now - self._looked_at < TAKE_S:
            return
        self._looked_at = now
        owner, room = claims.dated(self._owner), IN_HAND - mine

        def hold(works: Sequence[WorkRecord]) -> None:
            self._may_wait |= len(works) == room
            with self._lock:
                self._held.update({work.study_id: work for work in works})

        if self._asks.ask("take", lambda library: library.take_work(owner, room), hold):
            self._may_wait = False

    def _begin(self) -> None:
        """Look for the images of claimed studies that do not grow any more."""
        now = time.monotonic()
        with self._lock:
            ready = [work for id_, work in self._held.items() if self._settling.get(id_, 0.0) <= now]
            for work in ready:
                del self._held[work.study_id]
                self._settling.pop(work.study_id, None)
        for work in ready:
            self._hand[work.study_id] = StudyInHand(work, work.content)
        if ready:
            self._look.submit(self._find, ready)

    def _find(self, works: Sequence[WorkRecord]) -> None:
        """Find and judge (on the finder's thread: both may take a while)."""
        left = {work.study_id: work for work in works}
        models = newest(self._session.models)
        films = bool(self._session.settings.get("triage.films"))
        try:
            for found in self._finder.find(works):
                if self._closing:
                    return
                left.pop(found.work.study_id)
                planned = plan(found.stacks, models, films=films, confirmed=found.work.confirmed)
                self._put(self._planned, found, planned)
        except (UserError, Cancelled):  # the library does not answer, or the program closes
            self._put(self._give_back, list(left))
        except Exception:
            log.exception("a study could not be prepared for reading")
            for work in left.values():
                self._put(self._refused, work.study_id, AiState.FAILED, FAULT)

    def _planned(self, found: Found, planned: Plan) -> None:
        """Send what was found of a study to the models that fit, or note why none reads it."""
        study = self._hand.get(found.work.study_id)
        if study is None:
            return
        study.begin(found, planned.wanted)
        if found.trouble or found.was_troubled:
            note = lambda library: library.mark_missing(study.id, found.trouble)  # noqa: E731
            self._session.shelf.write(note, by_number=True)
        if not found.stacks:
            self._refused(study.id, AiState.FAILED, found.trouble)
        elif not planned.wanted:
            self._refused(study.id, AiState.NOT_EVALUATED, planned.refusal)
        else:
            for reading in study.open:
                self._streams.send(reading)

    # -- answers come

    def _refused(self, study_id: int, state: AiState, reason: str) -> None:
        """Note that no model reads a study. Of one content there is one such note: a later one takes its place."""
        study = self._hand.get(study_id)
        if study is not None:
            study.over.append(study.refusal(state, reason))
            self._finish(study)

    def _over(self, reading: ReadingInHand, record: ReadingRecord) -> None:
        study = reading.study
        if reading in study.open:
            study.open.remove(reading)
            study.over.append(record)
            if not study.open:
                self._finish(study)

    def _finish(self, study: StudyInHand) -> None:
        if self._hand.get(study.id) is not study:
            return
        if study.lost and study.work.attempts < TRIES:
            self._headers.forget(study.id)  # its files may only have other names by now
            self._give_back([study.id])
        else:
            self._finished.append(study)

    def _stopped(self, readings: Sequence[ReadingInHand]) -> None:
        """Do nothing more, since the reader has stopped these: all that waits goes on when it is asked for."""
        self.paused = True
        self._give_back([reading.study.id for reading in readings])

    # -- the library is told

    def _keep(self) -> None:
        """Keep what has ended, many at once, and how far the others are."""
        now, count = time.monotonic(), len(self._finished)
        enough = count >= BULK or count == len(self._hand) or now - self._kept_at >= BULK_S
        if "keep" not in self._asks.open and count and enough:
            self._kept_at = now
            finished, device = list(self._finished), self._session.engine.device
            self._asks.ask("keep", lambda library: store(library, finished, device), lambda _: self._kept(finished))
        if "progress" not in self._asks.open:
            self._tell_progress(now)

    def _kept(self, finished: Sequence[StudyInHand]) -> None:
        self._finished = [study for study in self._finished if study not in finished]
        for study in finished:
            if self._hand.get(study.id) is study:
                del self._hand[study.id]
        self._may_wait = True
        self._changed([study.id for study in finished])

    def _tell_progress(self, now: float) -> None:
        told = []
        for study in self._hand.values():
            if study.changed and study.open and now - study.told >= PROGRESS_S:
                study.told, study.changed = now, False
                done, total = study.progress()
                if total > 1:
                    told.append((study.id, done, total))
        if told:
            ids = [study_id for study_id, _, _ in told]
            self._asks.ask("progress", lambda library: tell_progress(library, told), lambda _: self._changed(ids))

    def _give_back(self, study_ids: Iterable[int]) -> None:
        """Let claimed studies wait in the library again."""
        given = [study for study_id in dict.fromkeys(study_ids) if (study := self._hand.pop(study_id, None))]
        for study in given:
            study.open.clear()  # what still comes of it counts for nothing
        self._returning += [study.id for study in given]

    def _return(self) -> None:
        """Let the library know of claims that were given back; as long as it does not take that, it is tried again."""
        if self._returning:
            ids = list(self._returning)

            def returned(_: object) -> None:
                del self._returning[: len(ids)]
                self._may_wait = True
                self._changed(ids)

            self._asks.ask("return", lambda library: library.return_work(ids), returned)

    def _leave(self) -> None:
        """Keep what has ended and give the rest back."""
        self._look.shutdown(wait=False, cancel_futures=True)
        self._streams.close()
        end = time.monotonic() + LEAVE_S
        while self._asks.open and time.monotonic() < end:  # what was given to the library is not given to it twice
            with contextlib.suppress(Empty, UserError):
                act, values = self._inbox.get(timeout=0.1)
                act(*values)
        with self._lock:
            held, self._held = list(self._held), {}
        finished = list(self._finished)
        left = [*self._returning, *held, *(study_id for study_id, s in self._hand.items() if s not in finished)]

        def leave(library: "Library") -> None:
            store(library, finished, self._session.engine.device)
            if left:
                library.return_work(left)

        if finished or left:
            future = self._session.shelf.write(leave, by_number=True)
            with contextlib.suppress(UserError, TimeoutError):
                future.result(LEAVE_S)
