"""Backup, restore and check of the library, as jobs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.audit import plain_verification, verify
from medviewer.app.documents import document
from medviewer.core.jobs import Job

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library
    from medviewer.library.restore import Restored


def backup(session: "Session", to: Path) -> Job:
    """Write a backup into a folder, or into a file that is not there yet; the result is its path.

    The list goes on being read meanwhile; cancelling leaves nothing. The reader is told what came.
    """

    def work(job: Job) -> Path:
        # not on the library's own threads: what is asked of the library meanwhile does not wait
        made = _library(session).backup(to.expanduser().absolute(), job.step)
        _tell(session, f"The library is backed up in {made.name}.")
        return made

    return session.jobs.run(Job("Backing up the library", "backup"), work)


def restore(session: "Session", file: Path, *, broken_audit: bool = False) -> Job:
    """Put the library back to the state in a backup; the result is a `Restored`, the reader is told where the old is.

    What is written meanwhile waits for it on the library's writing thread, and is done to the restored state; what
    speaks of studies by number is refused (`Shelf.write`).
    """
    path = file.expanduser().absolute()

    def work(job: Job) -> "Restored":
        def act(library: "Library") -> "Restored":
            done = library.restore(path, job.step, broken_audit=broken_audit)
            session.shelf.begin_again()
            return done

        done = session.shelf.write(act).result()
        _tell(session, f"The library is as in {path.name}. The state before is kept in {done.kept_as.name}.")
        return done

    return session.jobs.run(Job("Restoring the library", "restore"), work)


def check(session: "Session") -> Job:
    """Look at database, files and audit; the result is a document `medviewer.library/1` with `ok`."""

    def work(job: Job) -> dict[str, Any]:
        from medviewer.library.checking import database_state, missing_files

        library = _library(session)
        sound, sentence = database_state(library.database)
        missing = missing_files(library.database, job.step)
        rows = library.rows(list(missing))
        gone = [{"id": n, "study_uid": rows[n].uid, "files": files} for n, files in missing.items() if n in rows]
        audit = plain_verification(verify(session))
        ok = sound and not gone and audit["ok"]
        return document("library", ok=ok, database={"ok": sound, "text": sentence}, missing=gone, audit=audit)

    return session.jobs.run(Job("Checking the library", "check"), work)


def backup_document(made: Path) -> dict[str, Any]:
    """Return the document of a backup that was made."""
    return document("library", file=str(made), bytes=made.stat().st_size)


def restored_document(done: "Restored") -> dict[str, Any]:
    """Return the document of a restore."""
    return document(
        "library",
        studies_now=done.studies,
        opinions_now=done.opinions,
        kept_as=str(done.kept_as),
        audit_chain=done.chain,
    )


def _library(session: "Session") -> "Library":
    return session.shelf.read(lambda library: library).result()


def _tell(session: "Session", sentence: str) -> None:
    session.at_desk(lambda: session.noticed.emit(sentence))
