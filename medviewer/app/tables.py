"""Tables as CSV text that a spreadsheet opens without running anything (RFC 4180)."""

import contextlib
import csv
import io
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: How files with this text are written: without the mark at the beginning, Excel does not read them as UTF-8.
ENCODING = "utf-8-sig"
#: First characters that make a spreadsheet take a text for a formula (full-width ones too, in East Asian versions).
_FORMULA = frozenset("=+-@|%＝＋－＠｜％")
#: Characters that steer: controls, ends of line and paragraph, halves of surrogate pairs.
_CONTROLS = frozenset(("Cc", "Zl", "Zp", "Cs"))
#: Marks that turn the order of characters around (UAX #9): a cell must not reach into the next one.
_TURNING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV with a line of names, CRLF at each end of line.

    Control characters become spaces, marks that turn the direction of writing are dropped, texts that a spreadsheet
    would take for a formula begin with an apostrophe; numbers stay numbers, None is empty, truth is "yes" or "no".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    return out.getvalue()


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write rows as a CSV file for this user alone: there whole, or what was there before is."""
    put(path, csv_text(rows, columns).encode(ENCODING))


def put(path: Path, data: bytes) -> None:
    """Write a file for this user alone: it is there whole, or what was there before is, and nothing beside it."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def cell(value: Any) -> Any:
    """Return a value as it may stand in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return value
    plain = str(value).translate(_TURNING)
    text = "".join(" " if unicodedata.category(c) in _CONTROLS else c for c in plain)
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Zs"))  # what nobody sees hides nothing
    return f"'{text}" if seen[:1] in _FORMULA and seen else text
