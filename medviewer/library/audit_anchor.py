"""The anchor: a small file on this workstation with the newest entry of the audit that it saw; it never goes back."""

import hashlib
import json
import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select, text

from medviewer.library.audit_chain import FIELDS, RESTORED, Head, head, to_entry
from medviewer.library.records import AuditEntry
from medviewer.library.tables import audit

log = logging.getLogger(__name__)


def read_anchor(connection: Connection, anchor: Path) -> Head | None:
    """Return the newest entry of this library that this workstation saw; None where there is no anchor yet.

    Raises:
        ValueError, OSError: it cannot be read.
    """
    return _read(_own(connection, anchor))


def _read(own: Path) -> Head | None:
    try:
        known = json.loads(own.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except RecursionError:
        raise ValueError(own.name) from None
    if not (isinstance(known, dict) and isinstance(known.get("seq"), int) and isinstance(known.get("hash"), str)):
        raise ValueError(own.name)
    return Head(known["seq"], known["hash"])


def remember(connection: Connection, anchor: Path) -> None:
    """Let the anchor follow the chain; call it with a reading connection after a commit.

    An anchor that the chain no longer holds stays as it is: it is the proof that entries are gone.

    Args:
        connection: to the library.
        anchor: name for the file; each library has its own beside it, with a word of its address in the name.
    """
    own = _own(connection, anchor)
    try:
        known = _read(own)
    except (OSError, ValueError):
        known = None
    now = head(connection)
    if now.seq == 0 or known == now or (known and not _holds(connection, known)):
        return
    part = own.with_name(f"{own.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_text(json.dumps({"schema": "medviewer.anchor/1", "seq": now.seq, "hash": now.hash}) + "\n", "utf-8")
        part.replace(own)
    except OSError:
        log.warning("the anchor of the audit could not be kept")
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _own(connection: Connection, anchor: Path) -> Path:
    """Return the anchor's file for this library: one each, so that another library is no false alarm."""
    if connection.dialect.name == "sqlite":
        file = Path(connection.execute(text("PRAGMA database_list")).one().file)
        beside = anchor.parent.resolve() == file.parent.resolve()
        where = file.name if beside else str(file)  # a home that is moved as a whole keeps its anchor
    else:
        where = connection.engine.url.set(password=None).render_as_string(hide_password=False)
    word = hashlib.sha256(where.encode("utf-8", "replace")).hexdigest()[:16]
    return anchor.with_name(f"{anchor.stem}-{word}{anchor.suffix}")


def _holds(connection: Connection, known: Head) -> bool:
    """Say whether the chain holds an entry, or says itself that it was replaced by a backup after it."""
    found = connection.scalar(select(audit.c.hash).where(audit.c.seq == known.seq))
    return found == known.hash or restore_over(connection, known) is not None


def restore_over(connection: Connection, known: Head) -> AuditEntry | None:
    """Return the entry that says: here another chain, which had come at least as far as `known`, was put aside."""
    for row in connection.execute(select(*FIELDS).where(audit.c.what == RESTORED).order_by(audit.c.seq)):
        entry = to_entry(row)
        before = entry.details.get("head")
        if entry.details.get("chain") != "replaced" or not isinstance(before, dict):
            continue
        if (before.get("seq"), before.get("hash")) == (known.seq, known.hash) or before.get("seq", 0) > known.seq:
            return entry
    return None
