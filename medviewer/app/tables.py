"""Tables as CSV text that a spreadsheet opens without running anything (RFC 4180)."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

#: First characters that make a spreadsheet take a text for a formula.
_FORMULA = frozenset("=+-@|%")


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV with a line of names, CRLF at each end of line.

    Control characters become spaces, texts that a spreadsheet would take for a formula begin with an apostrophe;
    numbers stay numbers, None is empty, truth is "yes" or "no".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return value
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in str(value))
    return f"'{text}" if text.lstrip()[:1] in _FORMULA and text.strip() else text
