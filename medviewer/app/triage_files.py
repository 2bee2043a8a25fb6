"""The worklist as files: the document `medviewer.triage/1`, a table for programs, and a page that a person can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app import documents
from medviewer.app.ranking import Limits, rank, why
from medviewer.app.tables import csv_text, put
from medviewer.app.triage_page import page
from medviewer.core.errors import UserError
from medviewer.core.study import Skipped
from medviewer.library.records import AiState, ImageRecord, StudyRow, Urgency

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

CSV, HTML = "worklist.csv", "worklist.html"
#: Files that were meant to be images: each is a row, so that nobody takes the list for complete without it.
BROKEN = frozenset({"unreadable", "unsupported_syntax", "too_large"})
#: AI state -> state of a row in the contract.
STATES = {AiState.DONE: "ranked", AiState.FAILED: "failed"}
COLUMNS = (
    "rank",
    "study_uid",
    "files",
    "state",
    "score",
    "score_kind",
    "threshold",
    "above",
    "finding",
    "model",
    "version",
    "unconfirmed",
    "urgency",
    "group",
    "reason",
    "waiting_since",
    "date",
    "description",
    "modality",
)
IDENTITY = ("name", "id", "birth_date")


@dataclass(frozen=True)
class _Listed:
    """What the library says of the studies that are listed, in their order."""

    rows: tuple[StudyRow, ...]
    groups: dict[int, str]
    files: dict[int, tuple[str, ...]]


def limits_of(session: "Session") -> Limits:
    """Return the longest waits of the settings."""
    get = session.settings.get
    return Limits({u: timedelta(minutes=int(get(f"worklist.max_wait_{u.value}"))) for u in Urgency})


def document(
    session: "Session", study_ids: Sequence[int], skipped: Sequence[Skipped] = (), *, show_identity: bool = False
) -> dict[str, Any]:
    """Return `medviewer.triage/1` of these studies in the order of the rule, files that cannot be read last.

    Names are in it with `show_identity` only.

    Raises:
        UserError: the library does not answer.
    """
    now, limits = datetime.now(UTC), limits_of(session)
    listed = session.shelf.read(lambda library: _look(library, study_ids, now, limits)).result()
    rows = [
        _row(place, row, listed, why(row, listed.groups[row.id], now, limits), show_identity)
        for place, row in enumerate(listed.rows, 1)
    ]
    broken = [s for s in skipped if s.code in BROKEN]
    rows += [_broken(len(rows) + number, one) for number, one in enumerate(broken, 1)]
    return documents.document(
        "triage",
        at=now.isoformat(timespec="seconds"),
        rows=rows,
        skipped=[{"path": s.path, "code": s.code, "text": s.text} for s in skipped if s.code not in BROKEN],
    )


def write(folder: Path, found: dict[str, Any]) -> None:
    """Write `found` as worklist.csv and worklist.html into `folder`; each file is there whole, or as it was before.

    Raises:
        UserError: the folder cannot be written.
    """
    identity = any("patient" in row for row in found["rows"])
    flat = [{**row, **row.get("patient", {}), "files": "; ".join(row["files"])} for row in found["rows"]]
    columns = (*COLUMNS, *(IDENTITY if identity else ()))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        put(folder / CSV, csv_text(flat, columns).encode())
        put(folder / HTML, page(found).encode())
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError("no_folder", f"{folder.name} is not a folder; choose another one.") from error


def export(
    session: "Session",
    folder: Path,
    study_ids: Sequence[int],
    skipped: Sequence[Skipped] = (),
    *,
    show_identity: bool = False,
) -> dict[str, Any]:
    """Write the studies into `folder`, enter that into the audit, and return the document."""
    found = document(session, study_ids, skipped, show_identity=show_identity)
    write(folder, found)
    details = {"files": [CSV, HTML], "studies": len(study_ids), "identity": show_identity}
    session.shelf.write(lambda library: library.audit("export", None, details)).result()
    return found


def _look(library: "Library", study_ids: Sequence[int], now: datetime, limits: Limits) -> _Listed:
    ranked = rank(library.order_keys(list(study_ids)), now, limits)
    rows = library.rows([study_id for study_id, _ in ranked])
    files = {study_id: _labels(library.sources(study_id)) for study_id in rows}
    return _Listed(tuple(rows.values()), dict(ranked), files)


def _labels(images: Sequence[ImageRecord]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(image.label for image in images))


def _row(place: int, row: StudyRow, listed: _Listed, reasons: tuple[str, ...], show_identity: bool) -> dict[str, Any]:
    ai, state = row.ai, STATES.get(row.ai.state, "not_evaluated")
    ranked = state == "ranked"
    return {
        "rank": place,
        "study_uid": row.uid,
        "files": list(listed.files[row.id]),
        "state": state,
        "score": ai.score if ranked else None,
        "score_kind": ai.kind if ranked else None,
        "threshold": ai.point if ranked else None,
        "above": ai.positive if ranked else None,
        "finding": ai.finding if ranked else "",
        "model": ai.model if ranked else "",
        "version": ai.version if ranked else "",
        "unconfirmed": ai.reason if ranked else "",
        "urgency": row.urgency.value,
        "group": listed.groups[row.id],
        "reason": " ".join(reasons) if ranked else ai.reason or reasons[-2],
        "reasons": list(reasons),
        "waiting_since": row.received.isoformat(timespec="seconds") if row.received else None,
        "date": row.date,
        "description": row.description,
        "modality": " ".join(row.modalities),
        "images": row.images,
        **({"patient": _patient(row)} if show_identity else {}),
    }


def _patient(row: StudyRow) -> dict[str, str]:
    return {"name": row.patient_name, "id": row.patient_id, "birth_date": row.birth_date}


def _broken(place: int, skipped: Skipped) -> dict[str, Any]:
    """Return the row of a file that was meant to be an image."""
    nothing = dict.fromkeys(("score", "score_kind", "threshold", "above", "waiting_since"))
    empty = dict.fromkeys(("finding", "model", "version", "unconfirmed", "date", "description", "modality"), "")
    return {
        "rank": place,
        "study_uid": "",
        "files": [skipped.path],
        "state": "failed",
        **nothing,
        **empty,
        "urgency": Urgency.ROUTINE.value,
        "group": "waiting",
        "reason": skipped.text,
        "reasons": [skipped.text],
        "images": 0,
    }
