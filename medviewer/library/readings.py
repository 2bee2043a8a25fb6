"""What models said of studies: kept by content, and summed up to the one that counts for the study's place."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, select, update

from medviewer.library import audit
from medviewer.library.clock import now, stamp
from medviewer.library.records import AiState, FindingRecord, ReadingRecord
from medviewer.library.searching import chunks, refresh
from medviewer.library.tables import findings, models, opinions, readings, studies
from medviewer.library.texts import clean

Model = tuple[str, str, str]
_Key = tuple[int, int, str, int, str]  # study, model, series, stack, content

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TEXTS = ("series_uid", "content", "kind", "finding", "reason", "sop_uid", "device", "started")
_PLAIN = ("stack", "score", "point", "positive", "frame", "index", "done", "total", "confirmed", "seconds")
_JOINED = readings.join(models, models.c.id == readings.c.model_id)
_FULL = select(readings, models.c.model, models.c.version, models.c.sha256).select_from(_JOINED)
_SUMMED = ("study_id", "content", "state", "score", "kind", "point", "positive", "finding", "reason", "done", "total")
_SUMMARY = (
    select(readings.c.id, *(readings.c[n] for n in _SUMMED), models.c.model, models.c.version)
    .select_from(_JOINED)
    .where(readings.c.study_id.in_(_IDS), readings.c.current, readings.c.counts)
)
_AI = (*_SUMMED[1:], "model", "version")
_SET = update(studies).where(studies.c.id == bindparam("row")).values({f"ai_{n}": bindparam(f"new_{n}") for n in _AI})
_HELD = select(opinions.c.reading_id).where(opinions.c.reading_id.in_(_IDS))
_RANK = {AiState.DONE.value: 0, AiState.FAILED.value: 1, AiState.NOT_EVALUATED.value: 2}
_CLEARED = {
    "ai_score": None,
    "ai_kind": "",
    "ai_point": None,
    "ai_positive": False,
    "ai_model": "",
    "ai_version": "",
    "ai_finding": "",
}


def keep(connection: Connection, given: Sequence[ReadingRecord], *, counts: bool, who: str) -> list[int]:
    """Keep readings: see `Library.keep_readings`."""
    known = {
        row.id: row.content
        for some in chunks({reading.study_id for reading in given})
        for row in connection.execute(select(studies.c.id, studies.c.content).where(studies.c.id.in_(some)))
    }
    numbers = _models(connection, {_model(reading) for reading in given})
    latest: dict[_Key, ReadingRecord] = {}
    for reading in given:
        if reading.study_id in known:  # else: removed meanwhile
            latest[_key(reading, numbers)] = reading
    _put_aside(connection, latest)
    rows = [_row(reading, key[1], counts) for key, reading in latest.items()]
    ids: dict[_Key, int] = {}
    if rows:
        made = connection.scalars(insert(readings).returning(readings.c.id, sort_by_parameter_order=True), rows)
        ids = dict(zip(latest, made, strict=True))
    points = [_finding_row(ids[key], finding) for key, reading in latest.items() for finding in reading.findings]
    if points:
        connection.execute(insert(findings), points)
    if counts:
        _sum_up(connection, known)
    refresh(connection, known)
    said = [(reading.study_id, _audited(reading, ids[key])) for key, reading in latest.items()]
    audit.append_all(connection, who, "analysis", said)
    return [ids.get(_key(reading, numbers), 0) for reading in given]


def _model(reading: ReadingRecord) -> Model:
    return clean(reading.model), clean(reading.version), clean(reading.sha256)


def _key(reading: ReadingRecord, numbers: dict[Model, int]) -> _Key:
    uid, content = clean(reading.series_uid), clean(reading.content, 64)
    return reading.study_id, numbers[_model(reading)], uid, reading.stack, content


def _models(connection: Connection, wanted: set[Model]) -> dict[Model, int]:
    """Return the numbers of models, new ones noted."""
    query = select(models.c.model, models.c.version, models.c.sha256, models.c.id)
    known = {(row.model, row.version, row.sha256): row.id for row in connection.execute(query)}
    if new := sorted(wanted - set(known)):
        since = stamp(now())
        rows = [{"model": m, "version": v, "sha256": s, "since": since} for m, v, s in new]
        connection.execute(insert(models), rows)
        return _models(connection, wanted)
    return known


def _put_aside(connection: Connection, latest: dict[_Key, ReadingRecord]) -> None:
    """Make room for readings that come again; one that an opinion is about stays, put aside."""
    columns = ("id", "study_id", "model_id", "series_uid", "stack", "content")
    query = select(*(readings.c[n] for n in columns)).where(readings.c.study_id.in_(_IDS), readings.c.current)
    old = [
        row.id
        for some in chunks({key[0] for key in latest})
        for row in connection.execute(query, {"ids": some})
        if tuple(row[1:]) in latest
    ]
    for some in chunks(old):
        held = set(connection.scalars(_HELD, {"ids": some}))
        if held:
            connection.execute(update(readings).where(readings.c.id.in_(sorted(held))).values(current=False))
        if gone := [number for number in some if number not in held]:
            connection.execute(delete(findings).where(findings.c.reading_id.in_(_IDS)), {"ids": gone})
            connection.execute(delete(readings).where(readings.c.id.in_(_IDS)), {"ids": gone})


def _row(reading: ReadingRecord, model_id: int, counts: bool) -> dict[str, Any]:
    return {
        "study_id": reading.study_id,
        "model_id": model_id,
        "state": AiState(reading.state).value,
        "slices": json.dumps(list(reading.slices), separators=(",", ":")) if reading.slices else "",
        "counts": counts,
        "current": True,
        **{name: clean(getattr(reading, name)) for name in _TEXTS},
        **{name: getattr(reading, name) for name in _PLAIN},
    }


def _finding_row(reading_id: int, finding: FindingRecord) -> dict[str, Any]:
    (x, y), (lps_x, lps_y, lps_z) = finding.at or (None, None), finding.lps or (None, None, None)
    return {
        "reading_id": reading_id,
        "sop_uid": clean(finding.sop_uid),
        "frame": finding.frame,
        "index": finding.index,
        "x": x,
        "y": y,
        "score": finding.score,
        "label": clean(finding.label),
        "lps_x": lps_x,
        "lps_y": lps_y,
        "lps_z": lps_z,
    }


def _audited(reading: ReadingRecord, number: int) -> dict[str, Any]:
    said = {"reading": number, "state": AiState(reading.state).value, "score": reading.score}
    return {"model": reading.model, "version": reading.version, "sha256": reading.sha256, **said}


def _sum_up(connection: Connection, contents: dict[int, str]) -> None:
    """Write the reading that counts into each study's row: of its present content, else of the last one read."""
    found: dict[int, list[Any]] = defaultdict(list)
    for some in chunks(contents):
        for row in connection.execute(_SUMMARY, {"ids": some}):
            found[row.study_id].append(row)
    rows = []
    for number, every in found.items():
        present = [row for row in every if row.content == contents[number]]
        if not present:
            newest = max(every, key=lambda row: row.id)
            present = [row for row in every if row.content == newest.content]
        best = min(present, key=_order)
        rows.append({"row": number, **{f"new_{name}": getattr(best, name) for name in _AI}})
    if rows:
        connection.execute(_SET, rows)


def _order(row: Row[Any] | ReadingRecord) -> tuple[int, bool, float, int]:
    """Sort positive readings first, then the highest score by its operating point, then those without one."""
    score = row.score if row.score is not None else float("-inf")
    return _RANK.get(row.state, 3), not row.positive, -(score / row.point if row.point else score), -row.id


def of_study(connection: Connection, study_id: int, *, every: bool = False) -> tuple[ReadingRecord, ...]:
    """Return the readings of a study's present content (or every one), the one that counts first."""
    query = _FULL.where(readings.c.study_id == study_id)
    if not every:
        content = select(studies.c.content).where(studies.c.id == study_id).scalar_subquery()
        query = query.where(readings.c.current, readings.c.content == content)
    rows = sorted(connection.execute(query), key=_order)
    points: dict[int, list[FindingRecord]] = defaultdict(list)
    for some in chunks(row.id for row in rows):
        places = select(findings).where(findings.c.reading_id.in_(_IDS)).order_by(findings.c.id)
        for row in connection.execute(places, {"ids": some}):
            points[row.reading_id].append(_finding(row))
    return tuple(_record(row, points[row.id]) for row in rows)


def _record(row: Row[Any], points: Iterable[FindingRecord]) -> ReadingRecord:
    known = row._mapping
    return ReadingRecord(
        study_id=row.study_id,
        model=row.model,
        version=row.version,
        sha256=row.sha256,
        state=AiState(row.state),
        slices=tuple(json.loads(row.slices)) if row.slices else (),
        findings=tuple(points),
        id=row.id,
        **{name: known[name] for name in (*_TEXTS, *_PLAIN)},
    )


def _finding(row: Row[Any]) -> FindingRecord:
    known = row._mapping
    at = None if row.x is None else (row.x, row.y)
    lps = None if row.lps_x is None else (row.lps_x, row.lps_y, row.lps_z)
    return FindingRecord(row.sop_uid, row.frame, known["index"], at, row.score, row.label, lps, row.id)


def set_state(
    connection: Connection, study_ids: Iterable[int], state: AiState, reason: str, done: int, total: int
) -> None:
    """Say in the list where the reading of studies stands; an earlier result stays until there is another."""
    values: dict[str, Any] = {"ai_state": state.value, "ai_reason": clean(reason), "ai_done": done, "ai_total": total}
    if state in (AiState.NONE, AiState.NOT_EVALUATED, AiState.FAILED):
        content = "" if state is AiState.NONE else studies.c.content
        values |= {**_CLEARED, "ai_content": content}
    for some in chunks(study_ids):
        connection.execute(update(studies).where(studies.c.id.in_(some)).values(values))
