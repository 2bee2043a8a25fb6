"""Times as the library keeps them: ISO texts in UTC with microseconds, which sort as text."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time of this moment, aware, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """Return an aware time as text; a naive one is taken as local time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def parsed(at: str | None) -> datetime | None:
    """Return the time that `stamp` wrote."""
    return datetime.fromisoformat(at) if at else None


def midnight() -> datetime:
    """Return when today began where this computer is."""
    return datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
