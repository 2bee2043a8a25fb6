"""Studies as they are known: the rows of lists, their files and series, earlier ones of the same patient, removal."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, case, delete, func, select, update

from medviewer.library.clock import parsed
from medviewer.library.keeping import URGENCIES, identity, uid_key
from medviewer.library.records import (
    AiState,
    AiSummary,
    ImageRecord,
    SeriesRecord,
    StudyRecord,
    StudyRow,
    Verdict,
)
from medviewer.library.searching import chunks
from medviewer.library.tables import findings, images, jobs, opinions, readings, search, series, studies
from medviewer.library.texts import clean, folded, path_of

DOUBLED = "Files of this study came again with other content under the same UID; both are kept."

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_STATES = {state.value: state for state in AiState}
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_PLAIN = (
    "id",
    "uid",
    "patient_name",
    "patient_id",
    "birth_date",
    "sex",
    "age",
    "date",
    "time",
    "description",
    "series",
    "images",
    "film",
    "synthetic",
    "listed",
    "read_by",
    "assigned_to",
    "place",
    "placed_by",
    "opinion_label",
    "opinion_by",
    "label",
)
_AI = ("score", "kind", "point", "positive", "model", "version", "finding", "reason", "done", "total")
_ROW = select(studies)
_ROWS = _ROW.where(studies.c.id.in_(_IDS))
_PLACES = {column.name: place for place, column in enumerate(studies.c)}
_PLAIN_VALUES, _AI_VALUES = (
    itemgetter(*(_PLACES[name] for name in names)) for names in (_PLAIN, [f"ai_{name}" for name in _AI])
)
#: Tables that hold something of a study, the dependent ones first; the audit stays.
_OF_STUDY = (search, jobs, opinions, readings, images, series)


def find(connection: Connection, uid: str, record: StudyRecord | None = None) -> int | None:
    """Return the number of a study; by its UID alone only where one patient has it."""
    if record is not None:
        found: int | None = connection.scalar(select(studies.c.id).where(studies.c.identity == identity(record)))
        return found
    numbers = connection.scalars(select(studies.c.id).where(studies.c.uid_key == uid_key(uid)).limit(2)).all()
    return numbers[0] if len(numbers) == 1 else None


def rows(connection: Connection, study_ids: Iterable[int]) -> dict[int, StudyRow]:
    """Return these studies as lists show them, in the order asked for; those that are gone are left out."""
    wanted = list(dict.fromkeys(study_ids))
    found: dict[int, StudyRow] = {}
    for some in chunks(wanted):
        found.update((row.id, _row(row)) for row in connection.execute(_ROWS, {"ids": some}).all())
    return {number: found[number] for number in wanted if number in found}


def _row(row: Row[Any]) -> StudyRow:
    trouble = " ".join(sentence for sentence in (row.trouble, DOUBLED if row.doubled else "") if sentence)
    ai = AiSummary(
        state=_STATES[row.ai_state],
        stale=bool(row.ai_content) and row.ai_content != row.content,
        **dict(zip(_AI, _AI_VALUES(row), strict=True)),
    )
    return StudyRow(
        **dict(zip(_PLAIN, _PLAIN_VALUES(row), strict=True)),
        modalities=tuple(m for m in row.modalities.split("\\") if m),
        received=parsed(row.received),
        urgency=URGENCIES[row.urgency],
        read_at=parsed(row.read_at),
        trouble=trouble,
        ai=ai,
        opinion=_VERDICTS[row.opinion] if row.opinion else None,
    )


def sources(connection: Connection, study_id: int) -> tuple[ImageRecord, ...]:
    """Return the files to open again: not those in whose place other content lies."""
    query = select(images).where(images.c.study_id == study_id, ~images.c.gone).order_by(images.c.id)
    return tuple(
        ImageRecord(
            row.series_uid,
            row.sop_uid,
            row.digest,
            path_of(row.source),
            row.label,
            row.frames,
            row.size,
            row.mtime_ns,
        )
        for row in connection.execute(query)
    )


def series_of(connection: Connection, study_id: int) -> tuple[SeriesRecord, ...]:
    """Return the study's series, by number."""
    query = select(series).where(series.c.study_id == study_id)
    order = query.order_by(series.c.number.is_(None), series.c.number, series.c.id)
    return tuple(
        SeriesRecord(row.uid, row.modality, row.description, row.number, row.body_part)
        for row in connection.execute(order)
    )


def earlier(connection: Connection, study_id: int, most: int = 20) -> tuple[StudyRow, ...]:
    """Return other studies of the same patient, newest first; none where nothing says who the patient is."""
    me = connection.execute(_ROW.where(studies.c.id == study_id)).first()
    if me is None or not (me.id_key or me.person_key):
        return ()
    same = (studies.c.id_key == me.id_key) & (studies.c.id_key != "")
    same |= (studies.c.person_key == me.person_key) & (studies.c.person_key != "")
    newest = case((studies.c.date != "", studies.c.date), else_=studies.c.received)
    query = _ROW.where(same, studies.c.id != study_id).order_by(
        newest.desc(), studies.c.time.desc(), studies.c.id.desc()
    )
    found = [_row(row) for row in connection.execute(query.limit(most * 5)) if _same_patient(me, row)]
    return tuple(found[:most])


def _same_patient(one: Row[Any], other: Row[Any]) -> bool:
    """Say whether two studies are about one person: never by half of an identity, never against a contradiction."""
    if one.id_key and other.id_key:
        if one.id_key != other.id_key or one.issuer.strip() != other.issuer.strip():
            return False
        births = {one.birth_date.strip(), other.birth_date.strip()} - {""}
        if len(births) == 2:
            return False
        return bool(one.birth_date.strip() and other.birth_date.strip()) or _names_agree(one, other)
    return bool(one.person_key) and one.person_key == other.person_key


def _names_agree(one: Row[Any], other: Row[Any]) -> bool:
    names = {" ".join(folded(row.patient_name).replace("^", " ").split()) for row in (one, other)} - {""}
    return len(names) < 2


def trouble_of(connection: Connection, study_id: int) -> str | None:
    """Return what is known to be wrong with the study's files; None when it is gone."""
    found: str | None = connection.scalar(select(studies.c.trouble).where(studies.c.id == study_id))
    return found


def mark_missing(connection: Connection, study_id: int, sentence: str) -> None:
    """Note what is wrong with the study's files; "" clears it."""
    connection.execute(update(studies).where(studies.c.id == study_id).values(trouble=clean(sentence)))


def remove(connection: Connection, study_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Take studies and all that is known of them out of the library; return how much it was, for the audit."""
    gone: dict[int, dict[str, int]] = {}
    for some in chunks(study_ids):
        for number in connection.scalars(select(studies.c.id).where(studies.c.id.in_(_IDS)), {"ids": some}):
            gone[number] = {"readings": 0, "opinions": 0}
        for table in (readings, opinions):
            query = select(table.c.study_id, func.count()).where(table.c.study_id.in_(_IDS)).group_by(table.c.study_id)
            for number, count in connection.execute(query, {"ids": some}):
                gone[number][table.name] = count
        of_readings = select(readings.c.id).where(readings.c.study_id.in_(_IDS))
        connection.execute(delete(findings).where(findings.c.reading_id.in_(of_readings)), {"ids": some})
        for table in _OF_STUDY:
            connection.execute(delete(table).where(table.c.study_id.in_(_IDS)), {"ids": some})
        connection.execute(delete(studies).where(studies.c.id.in_(_IDS)), {"ids": some})
    return gone
