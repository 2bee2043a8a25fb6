"""Takes studies in, many at once: each study once, each content of an image once, whatever was renamed or replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, insert, select, update

from medviewer.library.clock import now, stamp
from medviewer.library.drafts import PLACE, Draft, image_row
from medviewer.library.records import AiState, Kept, StudyRecord, Urgency
from medviewer.library.searching import CHUNK, refresh, store
from medviewer.library.tables import images, series, studies
from medviewer.library.texts import clean, folded, hashed, searchable

OVERWRITTEN = "The files of this study are gone: other content lies in their place."

URGENCIES = tuple(Urgency)
_WHO = ("patient_id", "issuer", "patient_name", "birth_date")
#: What a later file may tell of a study when the first ones did not.
_FILLED = ("sex", "age", "date", "time", "description")
_TEXTS = ("uid", *_WHO, *_FILLED)

_VALUES: BindParameter[Any] = bindparam("values", expanding=True)
_STUDY = select(*(studies.c[name] for name in ("id", "identity", "listed", "unread", "read_at", "trouble", *_FILLED)))
_BY_IDENTITY = _STUDY.where(studies.c.identity.in_(_VALUES))
_BY_NUMBER = _STUDY.where(studies.c.id.in_(_VALUES))
_IMAGES = select(images).where(images.c.study_id.in_(_VALUES)).order_by(images.c.id)
_AT_PLACE = select(images.c.study_id).where(images.c.place.in_(_VALUES), ~images.c.gone).distinct()
_SERIES = select(series.c.study_id, series.c.uid, series.c.modality).where(series.c.study_id.in_(_VALUES))
_MOVE = update(images).where(images.c.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in PLACE})


def identity(record: StudyRecord) -> str:
    """Return what tells a study from every other one: its UID and who it is about; of a film its content."""
    if record.film:
        return hashed("film", clean(record.uid))
    return hashed("study", clean(record.uid), *(clean(getattr(record, name)) for name in _WHO))


def uid_key(uid: str) -> str:
    """Return the hash under which a study's UID is found."""
    return hashed(clean(uid))


def keep(connection: Connection, records: Sequence[StudyRecord], *, listed: bool) -> list[Kept]:
    """Take studies in: see `Library.keep`."""
    identities = [identity(record) for record in records]
    merged: dict[str, StudyRecord] = {}
    for key, record in zip(identities, records, strict=True):
        merged[key] = _merged(merged[key], record) if key in merged else record
    drafts = _load(connection, merged)
    latest: dict[str, str] = {}  # what lies at each place now
    for draft in drafts.values():
        if draft.record:
            latest.update(draft.take(draft.record))
    for draft in drafts.values():
        draft.mark_overwritten(latest)
    _insert(connection, [d for d in drafts.values() if not d.row], listed)
    _update(connection, [d for d in drafts.values() if d.row], listed)
    _write_images(connection, drafts.values())
    return [drafts[key].kept() for key in identities]


def _merged(one: StudyRecord, other: StudyRecord) -> StudyRecord:
    return replace(one, series=(*one.series, *other.series), images=(*one.images, *other.images))


def _load(connection: Connection, records: dict[str, StudyRecord]) -> dict[str, Draft]:
    """Return drafts of these studies and of those whose files lie where files of these lie now."""
    drafts = {key: Draft(key, record) for key, record in records.items()}
    places = [image_row(image)["place"] for record in records.values() for image in record.images]
    rows = _select(connection, _BY_IDENTITY, list(drafts))
    numbers = {row.id for row in rows}
    touched = {row.study_id for row in _select(connection, _AT_PLACE, places)} - numbers
    for row in rows + _select(connection, _BY_NUMBER, list(touched)):
        draft = drafts.setdefault(row.identity, Draft(row.identity))
        draft.row, draft.id = row, row.id
    by_number = {draft.id: draft for draft in drafts.values() if draft.id}
    for row in _select(connection, _IMAGES, list(by_number)):
        by_number[row.study_id].images[row.sop_uid, row.digest] = dict(row._mapping)
    for row in _select(connection, _SERIES, list(by_number)):
        by_number[row.study_id].series[row.uid] = clean(row.modality, 16)
    return drafts


def _select(connection: Connection, query: Select[Any], values: list[Any]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for at in range(0, len(values), CHUNK):
        found += connection.execute(query, {"values": values[at : at + CHUNK]})
    return found


def _insert(connection: Connection, drafts: list[Draft], listed: bool) -> None:
    """Write new studies, and number their drafts."""
    if not drafts:
        return
    received = stamp(now())
    rows = [_row(draft, listed, received) for draft in drafts]
    connection.execute(insert(studies), rows)
    numbers = {row.identity: row.id for row in _select(connection, _BY_IDENTITY, [draft.key for draft in drafts])}
    for draft in drafts:
        draft.id = numbers[draft.key]
    store(
        connection,
        [
            (
                draft.id,
                searchable(
                    row["patient_name"],
                    row["patient_id"],
                    row["description"],
                    row["label"],
                    *(one["description"] for one in draft.new_series),
                ),
            )
            for draft, row in zip(drafts, rows, strict=True)
        ],
    )


def _row(draft: Draft, listed: bool, received: str) -> dict[str, Any]:
    record = draft.record or StudyRecord("")
    row = {name: clean(getattr(record, name)) for name in _TEXTS}
    return {
        **row,
        "identity": draft.key,
        "uid_key": uid_key(record.uid),
        "id_key": hashed(row["patient_id"].strip()) if row["patient_id"].strip() and not record.film else "",
        "person_key": _person(row) if not record.film else "",
        "film": record.film,
        "synthetic": record.synthetic,
        **draft.summary(),
        "received": received,
        "listed": listed,
        "unread": listed,
        "urgency": URGENCIES.index(record.urgency),
        "assigned_to": "",
        "doubled": bool(draft.replaced),
        "ai_state": AiState.NONE.value,
        "ai_positive": False,
    }


def _person(row: dict[str, Any]) -> str:
    """Return the hash of name and birth date; "" where one of them is missing."""
    name, birth = " ".join(folded(row["patient_name"]).split()), row["birth_date"].strip()
    return hashed(name, birth) if name.strip("^= ") and birth else ""


def _update(connection: Connection, drafts: list[Draft], listed: bool) -> None:
    """Write what is new of studies that were known."""
    again = []
    for draft in drafts:
        values = _changes(draft, listed)
        if values:
            connection.execute(update(studies).where(studies.c.id == draft.id).values(values))
        if values and (draft.changed or "description" in values):
            again.append(draft)
    for draft in drafts:
        if draft.new_series:
            connection.execute(insert(series), [{"study_id": draft.id, **one} for one in draft.new_series])
            draft.new_series = []
    refresh(connection, [draft.id for draft in again])


def _changes(draft: Draft, listed: bool) -> dict[str, Any]:
    """Return the columns of a known study that are different now."""
    row, record = draft.row, draft.record
    assert row is not None
    values: dict[str, Any] = draft.summary() if draft.changed else {}
    if draft.lost() and not row.trouble:
        values["trouble"] = OVERWRITTEN
    elif row.trouble == OVERWRITTEN and not draft.lost():
        values["trouble"] = ""
    if record is None:
        return values
    values |= {n: clean(getattr(record, n)) for n in _FILLED if not getattr(row, n) and getattr(record, n)}
    if draft.replaced:
        values["doubled"] = True
    if listed and not row.listed:  # it was opened before; waiting counts from here
        values |= {"listed": True, "unread": row.read_at is None, "received": stamp(now())}
    elif listed and draft.added and not row.unread:  # there is more to read
        values |= {"unread": True, "read_at": None, "read_by": ""}
    return values


def _write_images(connection: Connection, drafts: Iterable[Draft]) -> None:
    new, moved, new_series = [], [], []
    for draft in drafts:
        new_series += [{"study_id": draft.id, **one} for one in draft.new_series]
        new += [{"study_id": draft.id, **row} for row in draft.images.values() if "id" not in row]
        moved += [{"row": i, **{f"new_{name}": row[name] for name in PLACE}} for i, row in draft.moved.items()]
    if new_series:
        connection.execute(insert(series), new_series)
    if new:
        connection.execute(insert(images), new)
    if moved:
        connection.execute(_MOVE, moved)
