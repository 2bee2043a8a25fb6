"""Who is where: patients in several parts, classes and parts that are too small, pictures that are not used."""

from collections import Counter
from collections.abc import Iterator, Sequence

from medviewer.core.datasets import PARTS, DataSet, Row
from medviewer.engine.train.inspect.found import NOTE, STOP, WARN, Finding, listed

#: Patients of a class below which a training is a gamble (AI.md 8); shares of the classes that are said aloud.
FEW, RARE, APART = 30, 0.1, 0.15
PART_WORDS = {"fit": "fitting", "select": "choosing", "report": "reporting"}
CLASS_WORDS = {True: "with the finding", False: "without the finding"}
_UNREADABLE = ("unreadable", "missing", "changed")
_MISMATCHED = ("mismatched", "too small", "several frames", "empty", "padding", "no pixel size")


def findings(dataset: DataSet) -> Iterator[Finding]:
    """Yield what the rows alone say."""
    kept = dataset.kept
    yield from _patients(kept)
    yield from _unknown(kept)
    yield from _few(kept)
    yield from _balance(kept)
    yield from _left_out(dataset.rows)
    yield from _order(kept)


def _patients(kept: Sequence[Row]) -> Iterator[Finding]:
    parts: dict[str, Counter[str]] = {}
    for row in kept:
        parts.setdefault(row.patient, Counter())[row.part] += 1
    torn = {patient for patient, counts in parts.items() if len(counts) > 1}
    if torn:
        # the pictures in a patient's smaller part first
        files = sorted((r for r in kept if r.patient in torn), key=lambda r: (parts[r.patient][r.part], int(r.patient)))
        text = f"{len(torn)} patients have pictures in more than one part: the reported figures would be too good."
        text = text.replace("1 patients have", "1 patient has") if len(torn) == 1 else text
        yield Finding("same_patient", STOP, text, listed(r.file for r in files), {"patients": float(len(torn))})


def _unknown(kept: Sequence[Row]) -> Iterator[Finding]:
    files = [row.file for row in kept if row.more.get("whose") == "unknown"]
    if files:
        text = f"Nobody knows whose {len(files)} of {len(kept)} pictures are: one patient may be in several parts."
        yield Finding("unknown_patients", WARN, text, listed(files), {"pictures": float(len(files))})


def _few(kept: Sequence[Row]) -> Iterator[Finding]:
    for positive, words in CLASS_WORDS.items():
        of_class = [row for row in kept if row.positive == positive]
        patients = len({row.patient for row in of_class})
        for part in PARTS:
            if not any(row.part == part for row in of_class):
                text = f"The part for {PART_WORDS[part]} has no picture {words}."
                yield Finding("few_patients", STOP, text, (), {"patients": 0.0})
        if 0 < patients < FEW:
            text = f"Only {patients} patients {words}; below {FEW} a training is a gamble."
            text = text.replace("Only 1 patients", "Only 1 patient")
            yield Finding("few_patients", WARN, text, listed(r.file for r in of_class), {"patients": float(patients)})


def _balance(kept: Sequence[Row]) -> Iterator[Finding]:
    shares = {}
    for part in PARTS:
        rows = [row for row in kept if row.part == part]
        if rows:
            shares[part] = sum(row.positive for row in rows) / len(rows)
    if not kept or not shares:
        return
    whole = sum(row.positive for row in kept) / len(kept)
    uneven = max(shares.values()) - min(shares.values()) > APART
    rare = min(whole, 1 - whole) < RARE
    text = f"{sum(row.positive for row in kept)} of {len(kept)} pictures show the finding."
    text += " The parts differ in that by more than they should." if uneven else ""
    text += " One class is rare: accuracy says little here." if rare else ""
    yield Finding("class_balance", WARN if uneven or rare else NOTE, text, (), {"all": whole, **shares})


def _left_out(rows: Sequence[Row]) -> Iterator[Finding]:
    for kind, words, text in (
        ("unreadable", _UNREADABLE, "{} of {} pictures could not be read and are left out."),
        ("mismatched", _MISMATCHED, "{} of {} pictures do not fit the model and are left out."),
    ):
        files = [row.file for row in rows if row.excluded and row.more.get("why", "").startswith(words)]
        if files:
            severity = WARN if kind == "unreadable" else NOTE
            yield Finding(kind, severity, text.format(len(files), len(rows)), listed(files), {"pictures": len(files)})


def _order(kept: Sequence[Row]) -> Iterator[Finding]:
    seen = [row.file for row in kept if row.more.get("order", "before_ai") in ("after_ai", "mixed")]
    if seen:
        text = f"{len(seen)} of {len(kept)} answers were given after AI had been seen: they lean towards it."
        yield Finding("after_ai", NOTE, text, listed(seen), {"pictures": float(len(seen))})
