"""Who is in which part: whole patients, each class shared out alike, and nobody moves without being told to."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from medviewer.core.datasets import PARTS, Row
from medviewer.core.errors import UserError


def split(
    rows: Iterable[Row],
    shares: Sequence[float],
    seed: int = 0,
    *,
    known: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
) -> tuple[Row, ...]:
    """Return the rows with parts: patients with a positive picture and those without are shared out apart.

    Patients are taken in the order of a hash, each to the part that lacks most of its share of the class (and, half as
    much, of all): the same patients and the same seed give the same parts, in whatever order the pictures come.

    Args:
        rows: of a data set; their own parts do not matter.
        shares: of PARTS; they need not add up to 1. A part of share 0 gets nobody.
        seed: another one shares the patients out otherwise.
        known: patient -> part that stays.
        keys: patient -> what is hashed; a patient's number where there is none.

    Raises:
        UserError: `shares`.
    """
    shares = checked(shares)
    rows, known, keys = tuple(rows), dict(known or {}), keys or {}
    counted = [row for row in rows if not row.excluded] or rows
    positive = {row.patient for row in counted if row.positive}
    everybody = {row.patient for row in rows}
    whole = Counter(known[p] for p in everybody & known.keys())
    for group in (positive, {row.patient for row in counted} - positive, everybody):
        counts = Counter(known[p] for p in group & known.keys())
        for patient in sorted(group - known.keys(), key=lambda p: (_hash(seed, keys.get(p, p)), p)):
            lack = {
                part: share * (counts.total() + 1) - counts[part] + (share * (whole.total() + 1) - whole[part]) / 2
                for part, share in zip(PARTS, shares, strict=True)
                if share
            }
            known[patient] = part = max(lack, key=lambda p: (round(lack[p], 9), -PARTS.index(p)))
            counts[part] += 1
            whole[part] += 1
    return tuple(replace(row, part=known[row.patient]) for row in rows)


def checked(shares: Sequence[float]) -> tuple[float, ...]:
    """Return shares that add up to 1.

    Raises:
        UserError: `shares`.
    """
    if len(shares) != len(PARTS) or any(not 0 <= share < 1e6 for share in shares) or not shares[0] > 0:
        raise UserError("shares", "A split needs three shares: for fitting (above 0), choosing and reporting.")
    return tuple(share / sum(shares) for share in shares)


def _hash(seed: int, key: str) -> str:
    return hashlib.sha256(f"split {seed} {key}".encode()).hexdigest()
