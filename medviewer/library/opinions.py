"""What readers think: appended, never changed; what is taken back stays in the record with the time."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from medviewer.library import audit
from medviewer.library.clock import now, parsed, stamp
from medviewer.library.records import AgreementRow, OpinionRecord, Verdict
from medviewer.library.searching import refresh
from medviewer.library.tables import opinions, studies
from medviewer.library.texts import clean
from medviewer.library.troubles import trouble

_TEXTS = ("answer", "label", "note", "model", "version", "sha256", "series_uid", "sop_uid", "order", "reader")
_PLAIN = ("study_id", "reading_id", "finding_id", "score", "point", "frame", "ai_shown", "map_shown")


def give(connection: Connection, opinion: OpinionRecord, who: str) -> int:
    """Append an opinion; return its number."""
    if connection.scalar(select(studies.c.id).where(studies.c.id == opinion.study_id)) is None:
        raise trouble("no_study")
    opinion = replace(opinion, reader=opinion.reader or who)
    row = {
        "verdict": Verdict(opinion.verdict).value,
        "at": stamp(opinion.at or now()),
        "undone": None,
        **{name: clean(getattr(opinion, name)) for name in _TEXTS},
        **{name: getattr(opinion, name) for name in _PLAIN},
    }
    number = int(connection.scalar(insert(opinions).values(row).returning(opinions.c.id)) or 0)
    _show_newest(connection, opinion.study_id)
    audit.append(connection, opinion.reader, "opinion", opinion.study_id, _audited(number, row))
    return number


def undo(connection: Connection, opinion_id: int, who: str) -> bool:
    """Take an opinion back; False where there is none that stands."""
    standing = (opinions.c.id == opinion_id) & opinions.c.undone.is_(None)
    row = connection.execute(select(opinions).where(standing)).first()
    if row is None:
        return False
    connection.execute(update(opinions).where(standing).values(undone=stamp(now())))
    _show_newest(connection, row.study_id)
    details = {"opinion": opinion_id, "verdict": row.verdict, "model": row.model, "version": row.version}
    audit.append(connection, who or row.reader, "opinion.undone", row.study_id, details)
    return True


def _audited(number: int, row: dict[str, Any]) -> dict[str, Any]:
    names = ("verdict", "model", "version", "reading_id", "finding_id", "ai_shown", "map_shown", "order")
    return {"opinion": number, **{name: row[name] for name in names}}


def _show_newest(connection: Connection, study_id: int) -> None:
    """Write the newest standing opinion on the study into its row, and what it says into the search."""
    on_study = (opinions.c.study_id == study_id) & opinions.c.finding_id.is_(None) & opinions.c.undone.is_(None)
    newest = connection.execute(select(opinions).where(on_study).order_by(opinions.c.id.desc()).limit(1)).first()
    values = {"opinion": None, "opinion_label": "", "opinion_by": ""}
    if newest is not None:
        values = {"opinion": newest.verdict, "opinion_label": newest.label, "opinion_by": newest.reader}
    connection.execute(update(studies).where(studies.c.id == study_id).values(values))
    refresh(connection, [study_id])


def of(
    connection: Connection,
    study_id: int | None = None,
    *,
    model: str = "",
    version: str = "",
    verdicts: frozenset[Verdict] = frozenset(),
    most: int = 1000,
) -> tuple[OpinionRecord, ...]:
    """Return opinions, newest first: of a study with those taken back, else the standing ones."""
    query = select(opinions).order_by(opinions.c.id.desc()).limit(most)
    query = query.where(opinions.c.undone.is_(None) if study_id is None else opinions.c.study_id == study_id)
    if model:
        query = query.where(opinions.c.model == clean(model))
    if version:
        query = query.where(opinions.c.version == clean(version))
    if verdicts:
        query = query.where(opinions.c.verdict.in_(sorted(v.value for v in verdicts)))
    return tuple(_record(row) for row in connection.execute(query))


def _record(row: Row[Any]) -> OpinionRecord:
    known = row._mapping
    return OpinionRecord(
        id=row.id,
        verdict=Verdict(row.verdict),
        at=parsed(row.at),
        undone=parsed(row.undone),
        **{name: known[name] for name in (*_TEXTS, *_PLAIN)},
    )


def agreement(connection: Connection) -> tuple[AgreementRow, ...]:
    """Return how often readers agreed with each version of each model, by their newest standing opinion on a study.

    What was answered before AI was seen is counted apart, whatever the reader thought of it afterwards.
    """
    verdicts = _count(connection, opinions.c.model != "")
    before = _count(connection, (opinions.c.model != "") & (opinions.c.order == "before_ai"))
    rows = []
    for (model, version), found in verdicts.items():
        agree, disagree, unsure, relabel = (found.get(verdict.value, 0) for verdict in Verdict)
        first = before.get((model, version), {})
        first_agree = first.get(Verdict.AGREE.value, 0)
        total = sum(found.values())
        rows.append(
            AgreementRow(model, version, total, agree, disagree, unsure, relabel, sum(first.values()), first_agree)
        )
    return tuple(rows)


def _count(connection: Connection, which: ColumnElement[bool]) -> dict[tuple[str, str], dict[str, int]]:
    """Return (model, version) -> verdict -> number, of each reader's newest standing opinion on a study."""
    newest = (
        select(func.max(opinions.c.id))
        .where(opinions.c.undone.is_(None), opinions.c.finding_id.is_(None), which)
        .group_by(opinions.c.model, opinions.c.version, opinions.c.study_id, opinions.c.reader)
    )
    columns = opinions.c.model, opinions.c.version, opinions.c.verdict
    query = select(*columns, func.count()).where(opinions.c.id.in_(newest)).group_by(*columns)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for model, version, verdict, number in connection.execute(
        query.order_by(opinions.c.model, opinions.c.version.desc())
    ):
        found.setdefault((model, version), {})[verdict] = int(number)
    return found
