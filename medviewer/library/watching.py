"""What the library knows of how a model does over time: answers, scores and what was not evaluated, by day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from medviewer.library.clock import stamp
from medviewer.library.records import AiState, Verdict
from medviewer.library.tables import models, opinions, readings, studies
from medviewer.library.texts import clean

#: Length of the day in a time as `clock.stamp` writes it: 2026-11-25.
_DAY = 10
_THROUGH = (AiState.DONE.value, AiState.NOT_EVALUATED.value, AiState.FAILED.value)


@dataclass(frozen=True)
class Seen:
    """Days (ISO text, UTC) with what happened on them.

    Attributes:
        opinions: (day, agreed, all) of standing opinions on whole studies; unsure ones say neither.
        scores: (day, score) of each reading by the version; the day on which the study came.
        studies: (day, not evaluated, all) of listed studies that are through.
    """

    opinions: tuple[tuple[str, int, int], ...]
    scores: tuple[tuple[str, float], ...]
    studies: tuple[tuple[str, int, int], ...]


def seen(connection: Connection, model: str, version: str, since: datetime) -> Seen:
    """Return what is known of a version of a model since a time."""
    name, number, first = clean(model), clean(version), stamp(since)
    return Seen(
        _opinions(connection, name, number, first),
        _scores(connection, name, number, first),
        _studies(connection, first),
    )


def _opinions(connection: Connection, model: str, version: str, first: str) -> tuple[tuple[str, int, int], ...]:
    query = (
        _shares(opinions.c.at, opinions.c.verdict == Verdict.AGREE.value)
        .where(opinions.c.undone.is_(None), opinions.c.finding_id.is_(None), opinions.c.at >= first)
        .where(opinions.c.model == model, opinions.c.version == version, opinions.c.verdict != Verdict.UNSURE.value)
    )
    return tuple((str(day), int(part), int(of)) for day, part, of in connection.execute(query))


def _scores(connection: Connection, model: str, version: str, first: str) -> tuple[tuple[str, float], ...]:
    query = (
        select(func.substr(studies.c.received, 1, _DAY), readings.c.score)
        .join_from(readings, studies, readings.c.study_id == studies.c.id)
        .join(models, readings.c.model_id == models.c.id)
        .where(models.c.model == model, models.c.version == version, studies.c.received >= first)
        .where(readings.c.state == AiState.DONE.value, readings.c.score.is_not(None))
        .order_by(studies.c.received)
    )
    return tuple((str(day), float(score)) for day, score in connection.execute(query))


def _studies(connection: Connection, first: str) -> tuple[tuple[str, int, int], ...]:
    query = _shares(studies.c.received, studies.c.ai_state == AiState.NOT_EVALUATED.value).where(
        studies.c.received >= first, studies.c.listed, studies.c.ai_state.in_(_THROUGH)
    )
    return tuple((str(day), int(part), int(of)) for day, part, of in connection.execute(query))


def _shares(at: ColumnElement[str], part: ColumnElement[bool]) -> Select[Any]:
    """Select (day, how many of them are `part`, how many)."""
    day = func.substr(at, 1, _DAY)
    return select(day, func.sum(case((part, 1), else_=0)), func.count()).group_by(day).order_by(day)
