"""What can be searched for: one text a study, made anew whenever something that belongs into it changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, delete, func, insert, select

from medviewer.library.tables import findings, opinions, readings, search, series, studies
from medviewer.library.texts import searchable, words

#: How many values go into one IN.
CHUNK = 500
_OF_STUDY = (studies.c.patient_name, studies.c.patient_id, studies.c.description, studies.c.label)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SOURCES = (
    select(studies.c.id, *_OF_STUDY).where(studies.c.id.in_(_IDS)),
    select(series.c.study_id, series.c.description).where(series.c.study_id.in_(_IDS)),
    select(readings.c.study_id, readings.c.finding).where(readings.c.study_id.in_(_IDS), readings.c.positive),
    select(readings.c.study_id, findings.c.label).join(readings).where(readings.c.study_id.in_(_IDS)).distinct(),
    select(opinions.c.study_id, opinions.c.label, opinions.c.note).where(
        opinions.c.study_id.in_(_IDS), opinions.c.undone.is_(None)
    ),
)


def chunks(values: Iterable[int]) -> Iterable[list[int]]:
    """Cut row numbers into lists that fit into one statement."""
    every = list(values)
    return (every[at : at + CHUNK] for at in range(0, len(every), CHUNK))


def store(connection: Connection, texts: Sequence[tuple[int, str]]) -> None:
    """Keep the texts of studies that have none yet."""
    if texts:
        connection.execute(insert(search), [{"study_id": study_id, "text": text} for study_id, text in texts])


def refresh(connection: Connection, study_ids: Iterable[int]) -> None:
    """Make the texts of these studies anew from what is known of them."""
    for some in chunks(study_ids):
        parts: dict[int, list[str]] = defaultdict(list)
        for source in _SOURCES:
            for study_id, *values in connection.execute(source, {"ids": some}):
                parts[study_id] += values
        connection.execute(delete(search).where(search.c.study_id.in_(_IDS)), {"ids": some})
        store(connection, [(study_id, searchable(*values)) for study_id, values in parts.items()])


def fits(connection: Connection, text: str) -> ColumnElement[bool] | None:
    """Return the condition on `search` for studies that hold every word of `text`; None without a word."""
    wanted = words(text)
    if not wanted:
        return None
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    condition = find(search.c.text, wanted[0]) > 0
    for word in wanted[1:]:
        condition &= find(search.c.text, word) > 0
    return condition
