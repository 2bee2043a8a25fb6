"""What mends a finding of a check by one click: kind of finding -> function from rows to rows.

A twin of a picture leaves the part that may lose it: what is reported on stays clean, then what chooses, as
engine/train/datasets.py has it. A patient in several parts goes to the one that has most of the pictures.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from medviewer.app.admin.records import DataFinding
from medviewer.core.datasets import PARTS, Row

Rows = tuple[Row, ...]
TWIN, CONTRADICTION = "twin of another picture", "contradicting labels"


def leave_out_twins(rows: Rows, finding: DataFinding) -> Rows:
    """Leave out all but one of each group of twins: the check lists those first that may go, and says how many."""
    leave = set(finding.files[: int(finding.figures.get("leave out", 0))])
    return tuple(_left_out(r, TWIN) if r.file in leave else r for r in rows)


def leave_out(rows: Rows, finding: DataFinding) -> Rows:
    """Leave all pictures of the finding out: nobody knows which label is right."""
    wanted = set(finding.files)
    return tuple(_left_out(r, CONTRADICTION) if r.file in wanted else r for r in rows)


def bring_together(rows: Rows, finding: DataFinding) -> Rows:
    """Put each patient of the finding into one part: the one with most pictures, where even the cleaner one."""
    patients = {row.patient for row in rows if row.file in set(finding.files)}
    parts: dict[str, str] = {}
    for patient in patients:
        counts = Counter(row.part for row in rows if row.patient == patient and not row.excluded)
        parts[patient] = max(counts, key=lambda part: (counts[part], PARTS.index(part)))
    return tuple(replace(row, part=parts[row.patient]) if row.patient in parts else row for row in rows)


def _left_out(row: Row, why: str) -> Row:
    return row if row.excluded else replace(row, excluded=True, more=row.more | {"why": why})


REPAIRS: dict[str, Callable[[Rows, DataFinding], Rows]] = {
    "same_patient": bring_together,
    "same_pixels": leave_out_twins,
    "near_pixels": leave_out_twins,
    "twins": leave_out_twins,
    "near_twins": leave_out_twins,
    "contradiction": leave_out,
}
