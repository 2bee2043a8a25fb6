"""What is in the library, as documents and tables: studies, opinions, agreement. Patients only where asked for."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.documents import document, to_json
from medviewer.app.tables import put, write_csv
from medviewer.app.worklist import LISTS
from medviewer.core.errors import UserError
from medviewer.library.records import OpinionRecord, StudyRow

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

EXPORT = "export"
IDENTITY = ("patient_name", "patient_id", "birth_date")
_STUDY = ("id", "date", "time", "description", "series", "images", "film", "synthetic", "listed", "urgency")
_STUDY_MORE = ("read_by", "assigned_to", "place", "trouble", "opinion", "opinion_label", "opinion_by")
_AI = ("state", "score", "kind", "point", "positive", "model", "version", "finding", "reason", "stale")
_OPINION = (
    "id",
    "at",
    "reader",
    "verdict",
    "answer",
    "label",
    "note",
    "model",
    "version",
    "sha256",
    "score",
    "point",
    "series_uid",
    "sop_uid",
    "frame",
    "finding_id",
    "ai_shown",
    "map_shown",
    "order",
)
#: Every opinion there is: no list of them is that long.
_ALL = 1 << 31


def studies(session: "Session", name: str = "all", search: str = "", *, show_identity: bool = False) -> dict[str, Any]:
    """Return the document `medviewer.library/1` of a list: "all" newest first, the others in order of arrival.

    Raises:
        UserError: `usage`: there is no such list; or the library cannot be read.
    """
    if name not in LISTS:
        raise UserError("usage", f"There is no list {name}. Lists: {', '.join(LISTS)}.")
    reader = session.who

    def look(library: "Library") -> list[StudyRow]:
        return list(library.rows(library.list(name, search=search, reader=reader)).values())

    rows = session.shelf.read(look).result()
    return document("library", studies=[_study(row, show_identity) for row in rows])


def _study(row: StudyRow, show_identity: bool) -> dict[str, Any]:
    return {
        "study_uid": row.uid,
        **{name: getattr(row, name) for name in (*_STUDY, *_STUDY_MORE)},
        "modalities": list(row.modalities),
        "received": _time(row.received),
        "read_at": _time(row.read_at),
        "ai": {name: getattr(row.ai, name) for name in _AI},
        **({"patient": _patient(row)} if show_identity else {}),
    }


def _patient(row: StudyRow) -> dict[str, str]:
    names = {"name": row.patient_name, "id": row.patient_id, "birth_date": row.birth_date}
    return {**names, "sex": row.sex, "age": row.age}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def remove(session: "Session", wanted: str) -> dict[str, Any]:
    """Take a study out of the library, by its UID or its number in the list; its files stay.

    Raises:
        UserError: `no_study`, or the library cannot be written.
    """

    def act(library: "Library") -> dict[str, Any] | None:
        number = library.find(wanted)
        if number is None and wanted.isdecimal() and len(wanted) < 10:
            number = int(wanted)
        row = library.row(number) if number is not None else None
        if row is None or not library.remove([row.id]):
            return None
        return {"id": row.id, "study_uid": row.uid}

    removed = session.shelf.write(act).result()
    if removed is None:
        raise UserError("no_study", "No study, or more than one, has this UID; give its number from: library list.")
    return document("library", removed=[removed])


def agreement(session: "Session") -> dict[str, Any]:
    """Return the document of how often readers agreed with each version of each model."""
    found = session.shelf.read(lambda library: library.agreement()).result()
    return document("library", agreement=[vars(row) for row in found])


def opinions(session: "Session", out: Path, *, show_identity: bool = False) -> dict[str, Any]:
    """Write all opinions that stand into a table (.csv) or a document (.json), oldest first; enter that into the audit.

    Raises:
        UserError: `usage`: another ending; or the library or the folder does not allow it.
    """
    if out.suffix.lower() not in (".csv", ".json"):
        raise UserError("usage", f"{out.name} ends neither with .csv nor with .json; say which it shall be.")
    if not out.absolute().parent.is_dir():
        raise UserError("usage", f"The folder of {out.name} does not exist.")

    def look(library: "Library") -> list[dict[str, Any]]:
        found = library.opinions(most=_ALL)
        rows = library.rows(list({one.study_id for one in found}))
        return [_opinion(one, rows.get(one.study_id, StudyRow(one.study_id, "")), show_identity) for one in found[::-1]]

    found = session.shelf.read(look).result()
    details = {"what": "opinions", "count": len(found), "file": out.name, "identity": show_identity}
    # before the file: nothing leaves the library without an entry
    session.shelf.write(lambda library: library.audit(EXPORT, details=details)).result()
    if out.suffix.lower() == ".csv":
        columns = ("study_uid", *(IDENTITY if show_identity else ()), *_OPINION)
        write_csv(out, found, columns)
    else:
        put(out, to_json(document("library", opinions=found)).encode())
    return document("library", file=str(out), opinions_written=len(found))


def _opinion(one: OpinionRecord, row: StudyRow, show_identity: bool) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in _OPINION}
    who = {name: getattr(row, name) for name in IDENTITY} if show_identity else {}
    return {"study_uid": row.uid, **who, **said, "at": _time(one.at)}
