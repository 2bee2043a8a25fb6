"""Where the columns of the list stand at a width: none overlaps, and room goes to those that have use for it."""

from dataclasses import dataclass
from functools import lru_cache

ROW_HEIGHT, HEAD_HEIGHT = 52, 34
#: Room for the grip at the left, between columns, and for the pin at the right.
GRIP, GAP, PIN = 36, 16, 36


@dataclass(frozen=True)
class Column:
    """One column: the width it needs, the one it would like, and the one beyond which it has no use for more."""

    name: str
    least: int
    wished: int
    most: int


@dataclass(frozen=True)
class Place:
    """Left edge and width of a column, logical pixels."""

    left: int
    width: int

    @property
    def right(self) -> int:
        return self.left + self.width


@lru_cache(maxsize=64)
def places(width: int, number: int, urgency: int) -> dict[str, Place]:
    """Return the place of each column in a row `width` wide.

    `number`, `urgency`: the widths of the longest number and of the widest urgency, which are never cut.
    """
    columns = (
        Column("number", number, number, number),
        Column("urgency", urgency, urgency, urgency),
        Column("patient", 88, 152, 300),
        Column("study", 76, 168, 360),
        Column("waiting", 72, 88, 104),
        Column("ai", 132, 470, 600),
        Column("state", 92, 124, 240),
    )
    room = width - GRIP - PIN - GAP * (len(columns) - 1)
    widths = [column.least for column in columns]
    for target in ("wished", "most"):
        wants = [getattr(column, target) - now for column, now in zip(columns, widths, strict=True)]
        share = min(max((room - sum(widths)) / max(sum(wants), 1), 0), 1)
        widths = [int(now + want * share) for now, want in zip(widths, wants, strict=True)]
    over = sum(widths) - room
    if over > 0:  # narrower than the least: what can be cut is cut
        cut = sum(widths[2:])
        widths[2:] = [max(int(now - over * now / cut) - 1, 8) for now in widths[2:]]
    found, left = {}, GRIP
    for column, now in zip(columns, widths, strict=True):
        found[column.name] = Place(left, now)
        left += now + GAP
    return found
