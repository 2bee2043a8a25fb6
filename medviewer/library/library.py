"""The library: one front for what is kept of studies, readings, opinions and deeds. Blocking; from any thread.

Every method that writes is one transaction: when it returns, what it says is on the disk; when it fails, nothing is.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import PlatformDirs
from sqlalchemy import Connection

from medviewer.core.errors import UserError
from medviewer.library import audit, backup, deeds, keeping, lists, opinions, readings, studies, watching, work
from medviewer.library.audit import Verification
from medviewer.library.backup import Tell, silent
from medviewer.library.database import Database
from medviewer.library.records import (
    AgreementRow,
    AiState,
    AuditEntry,
    ImageRecord,
    Kept,
    OpinionRecord,
    OrderKey,
    ReadingRecord,
    SeriesRecord,
    StudyRecord,
    StudyRow,
    Urgency,
    Verdict,
    WorkRecord,
)
from medviewer.library.restore import Restored, restore
from medviewer.library.watching import Seen

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Names of `Library.list`.
LISTS = lists.LISTS
Numbers = list[int]
ManyKept = list[Kept]
OrderKeys = list[OrderKey]
Work = list[WorkRecord]


class Library:
    """What is kept, in a file or on a server.

    Attributes:
        url: address of the database, without a password.
        path: its file; None on a server.
        who: name that goes into the audit.
        anchor: file of this workstation with the newest audit entry seen; None to keep none.
    """

    def __init__(self, where: Path | str, *, who: str = "", anchor: Path | None = None, write: bool = True) -> None:
        """Open the library at `where`, made and brought up to date if need be.

        Args:
            where: a folder (for <folder>/library.sqlite), a file, or a URL ("postgresql+psycopg://user@host/name").
            who: name that goes into the audit.
            anchor: file of this workstation with the newest audit entry seen.
            write: False opens what is there for reading only.

        Raises:
            UserError: `newer_library`, `library_damaged`, `library_unreachable`, `not_permitted`, `no_space` and the
                others of `troubles.SENTENCES`; from every method too.
        """
        self.database = Database(where, write=write)
        self.url, self.path, self.who, self.anchor = self.database.url, self.database.path, who, anchor

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def revision(self) -> int:
        """Return a number that grows with every committed write of any program."""
        return self.database.revision()

    # -- studies

    def keep(
        self,
        studies: Sequence[StudyRecord],
        *,
        listed: bool,
        deed: str = "open",
        to_read: bool = False,
        opened: bool = False,
    ) -> ManyKept:
        """Take studies in, or what is new of them; one answer each.

        The same file again adds nothing; a renamed one moves. The same UID with other content is kept beside the first
        and the study says so. A file whose content changed is not opened again as what it was.

        Args:
            studies: of any patients, in one transaction.
            listed: put them on the worklist; waiting counts from their first listing. New images make a study that
                was marked as read unread again.
            deed: what brought them, for the log.
            to_read: let those wait whose present content no model has read.
            opened: enter into the audit that they were opened.
        """
        with self._audited() if opened else self.database.write() as connection:
            kept = keeping.keep(connection, studies, listed=listed)
            if to_read:
                kept = work.put_up(connection, kept)
            if opened:
                audit.append_all(connection, self.who, "study.opened", [(k.study_id, {}) for k in kept])
        log.info("%d studies came in (%s), %d of them new", len(kept), deed, sum(k.new for k in kept))
        return kept

    def opened(self, study_ids: Sequence[int]) -> None:
        """Enter into the audit that these studies were opened."""
        with self._audited() as connection:
            audit.append_all(connection, self.who, "study.opened", [(number, {}) for number in study_ids])

    def find(self, uid: str, record: StudyRecord | None = None) -> int | None:
        """Return the number of a study by its UID and its patient; by the UID alone only where it is one patient's."""
        with self.database.read() as connection:
            return studies.find(connection, uid, record)

    def row(self, study_id: int) -> StudyRow | None:
        """Return one study as lists show it; None when it is gone."""
        return self.rows([study_id]).get(study_id)

    def rows(self, study_ids: Sequence[int]) -> dict[int, StudyRow]:
        """Return studies as lists show them, in the order asked for; those that are gone are left out."""
        with self.database.read() as connection:
            return studies.rows(connection, study_ids)

    def sources(self, study_id: int) -> tuple[ImageRecord, ...]:
        """Return the files to open again, in order of arrival."""
        with self.database.read() as connection:
            return studies.sources(connection, study_id)

    def series(self, study_id: int) -> tuple[SeriesRecord, ...]:
        """Return the study's series, by number."""
        with self.database.read() as connection:
            return studies.series_of(connection, study_id)

    def earlier(self, study_id: int, most: int = 20) -> tuple[StudyRow, ...]:
        """Return other studies of the same patient (id and issuer, or name and birth date), newest first."""
        with self.database.read() as connection:
            return studies.earlier(connection, study_id, most)

    def mark_missing(self, study_id: int, sentence: str) -> None:
        """Note what is wrong with the study's files; "" clears it."""
        if self._look(lambda connection: studies.trouble_of(connection, study_id)) in (None, sentence):
            return
        with self.database.write() as connection:
            studies.mark_missing(connection, study_id, sentence)

    def remove(self, study_ids: Sequence[int]) -> int:
        """Take studies and all that is known of them out; return how many. Their files stay, and so does the audit."""
        with self._audited() as connection:
            gone = studies.remove(connection, study_ids)
            for number, details in gone.items():
                audit.append(connection, self.who, "study.removed", number, details)
            return len(gone)

    # -- lists

    def list(
        self,
        name: str,
        *,
        search: str = "",
        modalities: frozenset[str] = frozenset(),
        reader: str = "",
        most: int | None = None,
    ) -> Numbers:
        """Return the numbers of the studies in a list of LISTS.

        Args:
            name: "all" and "read_today" come newest first, the others in order of arrival.
            search: every word of it must be somewhere in patient, descriptions, findings or opinions.
            modalities: a study with any of them; none given: all.
            reader: whose "mine" is.
            most: not more than so many.
        """
        with self.database.read() as connection:
            return lists.listed(connection, name, text=search, modalities=modalities, reader=reader, most=most)

    def order_keys(self, study_ids: Sequence[int] | None = None) -> OrderKeys:
        """Return what the order depends on, of all unread studies in order of arrival, or of these in any order."""
        with self.database.read() as connection:
            return lists.order_keys(connection, study_ids)

    def counts(self, reader: str = "") -> dict[str, int]:
        """Return how many studies are in each list."""
        with self.database.read() as connection:
            return lists.counts(connection, reader)

    def modality_counts(self, name: str, reader: str = "") -> dict[str, int]:
        """Return how many studies of a list have images of each modality, the most frequent first."""
        with self.database.read() as connection:
            return lists.modality_counts(connection, name, reader)

    # -- what readers do to the worklist; each returns what was there before

    def place(self, study_id: int, place: int | None) -> int | None:
        """Put a study at a place by hand (1 is the top); None lets the rule put it."""
        with self._audited() as connection:
            return deeds.place(connection, study_id, place, self.who)

    def assign(self, study_id: int, reader: str) -> str:
        """Give a study to a reader; "" to nobody."""
        with self._audited() as connection:
            return deeds.assign(connection, study_id, reader, self.who)

    def mark_read(self, study_id: int, read: bool) -> bool:
        """Mark a study as read, or as unread."""
        with self._audited() as connection:
            return deeds.mark_read(connection, study_id, read, self.who)

    def set_urgency(self, study_id: int, urgency: Urgency) -> Urgency:
        """Say how urgent a study is."""
        with self._audited() as connection:
            return deeds.set_urgency(connection, study_id, urgency, self.who)

    # -- readings by models

    def keep_readings(
        self, given: Sequence[ReadingRecord], *, counts: bool = True, done: Sequence[int] = ()
    ) -> Numbers:
        """Keep readings and sum them up in their studies' rows; return their numbers (0: the study was removed).

        An earlier reading of the same study, stack, model, version, sha256 and content is replaced.

        Args:
            given: of any studies, in one transaction.
            counts: False keeps them without letting them decide on the study's place.
            done: studies whose waiting work is done with these.
        """
        with self._audited() as connection:
            numbers = readings.keep(connection, given, counts=counts, who=self.who)
            work.done(connection, done)
            return numbers

    def readings(self, study_id: int, *, all: bool = False) -> tuple[ReadingRecord, ...]:  # noqa: A002
        """Return the readings of the study's present content (`all`: every one), the one that counts first."""
        with self.database.read() as connection:
            return readings.of_study(connection, study_id, every=all)

    def ai_state(
        self, study_ids: Sequence[int], state: AiState, reason: str = "", done: int = 0, total: int = 0
    ) -> None:
        """Say in the list where the reading of studies stands."""
        with self.database.write() as connection:
            readings.set_state(connection, study_ids, state, reason, done, total)

    # -- work that waits

    def add_work(self, given: Sequence[WorkRecord]) -> None:
        """Let studies wait to be read; one job a study."""
        with self.database.write() as connection:
            work.add(connection, given)

    def take_work(self, owner: str, most: int) -> Work:
        """Claim the work that has waited longest, for `owner` ("host:pid") alone."""
        if not self._look(work.free):
            return []
        with self.database.write() as connection:
            return work.take(connection, owner, most)

    def done_work(self, study_ids: Sequence[int]) -> None:
        """Forget work that is done."""
        with self.database.write() as connection:
            work.done(connection, study_ids)

    def return_work(self, study_ids: Sequence[int]) -> None:
        """Let claimed work wait again."""
        with self.database.write() as connection:
            work.give_back(connection, study_ids)

    def return_work_of(self, dead: Callable[[str], bool]) -> int:
        """Let work wait again that was claimed by an owner who is dead; return how much."""
        if not self._look(work.claimed):
            return 0
        with self.database.write() as connection:
            return work.give_back_of(connection, dead)

    def waiting_work(self) -> int:
        """Return how much work is not done yet, that in hand included."""
        with self.database.read() as connection:
            return work.waiting(connection)

    def _look(self, look: Callable[[Connection], T]) -> T:
        """Look before writing: a write that changes nothing would still tell everybody that something changed."""
        with self.database.read() as connection:
            return look(connection)

    # -- opinions

    def give_opinion(self, opinion: OpinionRecord) -> int:
        """Keep what a reader thinks; when this returns, it is on the disk. Returns its number."""
        with self._audited() as connection:
            return opinions.give(connection, opinion, self.who)

    def answer(self, opinion: OpinionRecord) -> tuple[int, bool]:
        """Keep what a reader thinks of a whole study, which is read with it; return its number, and if it was read."""
        with self._audited() as connection:
            number = opinions.give(connection, opinion, self.who)
            return number, deeds.mark_read(connection, opinion.study_id, True, self.who)

    def undo_opinion(self, opinion_id: int) -> bool:
        """Take an opinion back; it stays in the record. False where there is none that stands."""
        with self._audited() as connection:
            return opinions.undo(connection, opinion_id, self.who)

    def opinions(
        self,
        study_id: int | None = None,
        *,
        model: str = "",
        version: str = "",
        verdicts: frozenset[Verdict] = frozenset(),
        most: int = 1000,
    ) -> tuple[OpinionRecord, ...]:
        """Return opinions, newest first: of a study with those taken back, else the standing ones."""
        with self.database.read() as connection:
            return opinions.of(connection, study_id, model=model, version=version, verdicts=verdicts, most=most)

    def agreement(self) -> tuple[AgreementRow, ...]:
        """Return how often readers agreed with each version of each model."""
        with self.database.read() as connection:
            return opinions.agreement(connection)

    def seen(self, model: str, version: str, since: datetime) -> Seen:
        """Return answers, scores and shares not evaluated by day, of a version of a model since a time."""
        with self.database.read() as connection:
            return watching.seen(connection, model, version, since)

    # -- audit

    def audit(self, what: str, study_id: int | None = None, details: dict[str, Any] | None = None) -> AuditEntry:
        """Enter a deed into the audit."""
        with self._audited() as connection:
            return audit.append(connection, self.who, what, study_id, details)

    def audit_entries(self, *, since: int = 0, most: int = 1000) -> tuple[AuditEntry, ...]:
        """Return the newest `most` entries after number `since`, oldest first."""
        with self.database.read() as connection:
            return audit.entries(connection, since=since, most=most)

    @contextmanager
    def _audited(self) -> Iterator[Connection]:
        """Write, and note on this workstation how far the chain has come."""
        with self.database.write() as connection:
            yield connection
        self._remember()

    def _remember(self) -> None:
        if self.anchor is None:
            return
        try:
            with self.database.read() as connection:
                audit.remember(connection, self.anchor)
        except UserError as error:  # what was written is written
            log.warning("the anchor of the audit could not be kept: %s", error.code)

    def verify_audit(self) -> Verification:
        """Walk the whole chain of the audit and say what does not fit."""
        with self.database.read() as connection:
            return audit.verify(connection, self.anchor)

    # -- backup

    def backup(self, to: Path, tell: Tell = silent) -> Path:
        """Write the whole library into a file while others go on: see `backup.backup`."""
        made = backup.backup(self.database, to, tell, who=self.who, notes=self._own())
        self._remember()
        return made

    def restore(self, kept: Path, tell: Tell = silent, *, broken_audit: bool = False) -> Restored:
        """Put the library back to the state in a backup; the present one is kept in a file: see `restore.restore`."""
        own = self._own()
        done = restore(self.database, kept, tell, who=self.who, keep_in=own, notes=own, broken_audit=broken_audit)
        self._remember()
        return done

    def _own(self) -> Path:
        """Return the folder on this computer for what belongs to the library but is not in it."""
        beside = self.anchor or self.path
        return beside.parent if beside else PlatformDirs("medviewer", appauthor=False).user_data_path / "library"
