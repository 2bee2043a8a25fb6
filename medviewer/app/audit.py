"""The audit as documents, and its check: from the window in the background, from a terminal at once."""

from typing import TYPE_CHECKING, Any

from medviewer.app.documents import document
from medviewer.core.jobs import Job

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.audit import Verification
    from medviewer.library.library import Library
    from medviewer.library.records import AuditEntry

VERIFIED = "audit.verified"


def verify(session: "Session") -> "Verification":
    """Check the whole chain of the audit, and enter into it that it was checked.

    Raises:
        UserError: the library cannot be read.
    """
    # on the thread of whoever asks: a long chain must not keep the list from being read
    found = session.shelf.read(lambda library: library).result().verify_audit()
    if not session.read_only:
        details = {"ok": found.ok, "entries": found.entries, "problems": len(found.problems)}
        session.shelf.write(lambda library: library.audit(VERIFIED, details=details)).result()
    return found


def verify_in_background(session: "Session") -> Job:
    """Check the audit as a job; the window is asked to show what came (`audit_checked`, with `found`)."""

    def work(job: Job) -> "Verification":
        found = verify(session)
        session.at_desk(lambda: session.ask("audit_checked", found=found))
        return found

    return session.jobs.run(Job("Checking the audit", "audit"), work)


def verification(found: "Verification") -> dict[str, Any]:
    """Return the document `medviewer.audit/1` of a check."""
    return document("audit", **plain_verification(found))


def plain_verification(found: "Verification") -> dict[str, Any]:
    """Return what a check found as plain values."""
    return {
        "ok": found.ok,
        "total": found.entries,
        "problems": [{"seq": one.seq, "kind": one.kind, "text": one.sentence} for one in found.problems],
        "notes": list(found.notes),
        "limits": list(found.limits),
    }


def listed(session: "Session", since: int = 0, most: int = 1000) -> dict[str, Any]:
    """Return the document `medviewer.audit/1` of the newest `most` entries after number `since`, oldest first.

    Raises:
        UserError: the library cannot be read.
    """

    def look(library: "Library") -> "tuple[tuple[AuditEntry, ...], dict[int, str]]":
        entries = library.audit_entries(since=since, most=most)
        rows = library.rows([one.study_id for one in entries if one.study_id is not None])
        return entries, {number: row.uid for number, row in rows.items()}

    entries, uids = session.shelf.read(look).result()
    return document("audit", entries=[_entry(one, uids) for one in entries])


def _entry(entry: "AuditEntry", uids: dict[int, str]) -> dict[str, Any]:
    """Return an entry; `study_uid` only while the study is in the library."""
    uid = uids.get(entry.study_id) if entry.study_id is not None else None
    return {
        "seq": entry.seq,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "study": entry.study_id,
        "study_uid": uid,
        "details": entry.details,
        "before": entry.before,
        "hash": entry.hash,
    }
