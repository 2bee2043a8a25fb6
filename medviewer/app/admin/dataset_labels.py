"""labels.csv of strangers: read with limits, nothing taken over but what is known to hold no name."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from medviewer.app.tables import cell
from medviewer.core.errors import UserError

MOST_ROWS, MOST_COLUMNS, MOST_BYTES, MOST_LABEL = 1_000_000, 256, 1 << 28, 64
#: Labels that mean "the finding is there", beside the target itself.
POSITIVE = frozenset({"1", "true", "yes", "positive", "present"})
#: Columns that say who is who, the best first; pictures with one value of it stay together.
PATIENT = ("patient", "run", "block")
_LABEL = ("label", "finding")
#: Column of the data set -> columns of the table it may come from, and what a value must look like.
_KNOWN: Mapping[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "age": (("age",), re.compile(r"\d{1,3}(\.\d+)?")),
    "sex": (("sex",), re.compile(r"[MFOmfo]")),
    "view": (("view", "view_position"), re.compile(r"[A-Za-z][A-Za-z _-]{0,15}")),
    "scanner": (("scanner", "model_name"), re.compile(r"[\w .,()/+-]{1,64}")),
    "bytes": (("bytes",), re.compile(r"\d{1,12}")),
    "source_rows": (("src_height", "source_rows"), re.compile(r"\d{1,5}")),
    "source_columns": (("src_width", "source_columns"), re.compile(r"\d{1,5}")),
}


@dataclass(frozen=True)
class Line:
    """One line of the table: `patient` is "" where it names nobody, `split` what its column of that name says."""

    file: str
    label: str
    positive: bool
    patient: str = ""
    split: str = ""
    more: dict[str, str] = field(default_factory=dict)


def read_lines(path: Path, target: str) -> tuple[Line, ...]:
    """Return the lines of a table of labels; a file may stand in it twice.

    Raises:
        UserError: `labels`, `unsafe_path`.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError("labels", f"{path.name} is too large for a table of labels.")
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = tuple(_lines(csv.reader(file), path.name, target))
    except (OSError, ValueError, csv.Error) as error:
        raise UserError("labels", f"{path.name} cannot be read as a table of labels.") from error
    if not lines:
        raise UserError("labels", f"{path.name} has no rows.")
    return lines


def _lines(rows: Iterator[list[str]], name: str, target: str) -> Iterator[Line]:
    head = next(rows, [])
    if len(head) > MOST_COLUMNS:
        raise UserError("labels", f"{name} has {len(head)} columns; a table of labels has at most {MOST_COLUMNS}.")
    at = {word.strip().lower(): place for place, word in reversed(list(enumerate(head)))}
    label = next((at[word] for word in _LABEL if word in at), None)
    if label is None or "file" not in at:
        raise UserError("labels", f"{name} needs the columns file and label.")
    patient = next((at[word] for word in PATIENT if word in at), None)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise UserError("labels", f"{name} has more rows or columns than can be used.")
        if not any(row):
            continue
        word = _cell(row, label)
        yield Line(
            _safe(_cell(row, at["file"])),
            label_text(word),
            is_positive(word, target),
            _cell(row, patient)[:200],
            _cell(row, at.get("split"))[:32],
            _more(row, at),
        )


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _safe(file: str) -> str:
    """Return the name of a file inside the folder, refuse any other."""
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(file)
        if not file or path.is_absolute() or path.drive or ".." in path.parts or "\0" in file:
            raise UserError("unsafe_path", "A file of the labels lies outside the folder of images.")
    return file


def label_text(word: str) -> str:
    """Return a label as it may stand in a table: short, and nothing that a spreadsheet would run."""
    return str(cell(word.strip()[:MOST_LABEL]))


def is_positive(word: str, target: str) -> bool:
    """Say whether a label means that the finding is there."""
    plain = word.strip().lower()
    return plain in POSITIVE or plain == target.strip().lower()


def _more(row: Sequence[str], at: Mapping[str, int]) -> dict[str, str]:
    """Return what is known of the picture, of columns that hold no names and in forms that are none."""
    found = {}
    for name, (columns, form) in _KNOWN.items():
        value = next((v for c in columns if (v := _cell(row, at.get(c)))), "")
        if value and form.fullmatch(value):
            found[name] = str(cell(value))
    if "sex" in found:
        found["sex"] = found["sex"].upper()
    return found
