"""Groups of the cases by what is known of them: age, sex, scanner, view. A group counts when both classes are in it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.datasets import Row

#: Images of each class that a group needs; groups of one column that are looked at, the largest first.
LEAST, MOST = 10, 8
#: Bands of age in whole years, both ends in them.
AGES = ((0, 5), (6, 17), (18, 39), (40, 64), (65, 150))
COLUMNS = ("age", "sex", "scanner", "view")
_AGE = re.compile(r"(\d{1,3})(?:\.\d+)?([DWMY]?)")
_YEARS = {"D": 365.25, "W": 52.18, "M": 12.0}


def groups(rows: Sequence[Row]) -> dict[str, NDArray[np.bool_]]:
    """Return "sex: F" -> which rows [n] are in it, for every group with at least LEAST of each class.

    A column all of whose cases are in one group says nothing beside "all cases" and is left out.
    """
    positive = np.array([row.positive for row in rows], bool)
    found: dict[str, NDArray[np.bool_]] = {}
    for column in COLUMNS:
        values = [value_of(column, row.more) for row in rows]
        names = sorted(set(values) - {""}, key=values.count, reverse=True)[:MOST]
        for name in names:
            inside = np.array([value == name for value in values], bool)
            enough = min(int((inside & positive).sum()), int((inside & ~positive).sum())) >= LEAST
            if enough and not inside.all():
                found[f"{column}: {name}"] = inside
    return found


def value_of(column: str, more: dict[str, Any]) -> str:
    """Return the group that a row's column puts it into; "" where it does not say."""
    text = str(more.get(column, "")).strip()
    if column == "age":
        return age_band(text)
    if column == "sex":
        return text.upper() if text.upper() in ("F", "M", "O") else ""
    return text[:64]


def age_band(text: str) -> str:
    """Return "6 to 17" for "9", "009Y", "110M"."""
    match = _AGE.fullmatch(text.upper())
    if match is None:
        return ""
    years = int(int(match[1]) / _YEARS.get(match[2], 1.0))
    band = next((band for band in AGES if band[0] <= years <= band[1]), None)
    if band is None:
        return ""
    return f"{band[0]} to {band[1]}" if band != AGES[-1] else f"{band[0]} and over"
