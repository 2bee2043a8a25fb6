"""Comparisons on the disk: `comparisons/ID.json` (`medviewer.comparison/1`), written whole, read back strictly."""

import dataclasses
import json
import logging
import math
import os
from pathlib import Path
from typing import Any

from medviewer.app.admin.in_use import settle, trouble
from medviewer.app.admin.records import CompareRow, Comparison, Figure, Flip, Gate
from medviewer.app.documents import document, plain
from medviewer.core.errors import UserError
from medviewer.inference import strict

log = logging.getLogger(__name__)

MOST_BYTES = 64 << 20


def as_document(comparison: Comparison) -> dict[str, Any]:
    """Return the document `medviewer.comparison/1`; figures that are none are null."""
    found: dict[str, Any] = plain(document("comparison", **dataclasses.asdict(comparison)))
    return found


def write(folder: Path, comparison: Comparison) -> None:
    """Keep a comparison.

    Raises:
        UserError: `no_space`, `not_permitted`, `models_disk`.
    """
    path = folder / f"{comparison.id}.json"
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            json.dump(as_document(comparison), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        settle(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise trouble(error) from error


def read(path: Path) -> Comparison:
    """Return the comparison in a file.

    Raises:
        UserError: `no_comparison`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError("too large")
        return _comparison(strict.loads(data))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("a comparison cannot be read: %s", type(error).__name__)
        raise UserError("no_comparison", "This comparison is not here any more, or cannot be read.") from error


def _comparison(data: Any) -> Comparison:
    if data.pop("schema") != "medviewer.comparison/1":
        raise ValueError("schema")
    data.pop("version", None)
    rows = tuple(_row(row) for row in data.pop("rows"))
    flips = tuple(_flip(flip) for flip in data.pop("flips"))
    gates = tuple(Gate(str(g["name"]), _answer(g["ok"]), str(g["text"])) for g in data.pop("gates"))
    bins = data.pop("calibration")
    calibration = {str(k): [{str(n): float(x) for n, x in one.items()} for one in v] for k, v in bins.items()}
    points = {str(k): float(v) for k, v in data.pop("points").items()}
    numbers = {k: int(data.pop(k)) for k in ("n", "patients", "positives", "looks", "left_out")}
    words = {str(k): _text(v) for k, v in data.items()}
    return Comparison(rows=rows, flips=flips, gates=gates, calibration=calibration, points=points, **numbers, **words)  # type: ignore[arg-type]


def _row(data: dict[str, Any]) -> CompareRow:
    return CompareRow(
        measure=_text(data["measure"]),
        champion=_figure(data["champion"]),
        challenger=_figure(data["challenger"]),
        difference=_figure(data["difference"]),
        word=_text(data["word"]),
        group=_text(data["group"]),
        n=int(data["n"]),
        positives=int(data["positives"]),
    )


def _figure(data: dict[str, Any]) -> Figure:
    return Figure(*(math.nan if data[name] is None else float(data[name]) for name in ("value", "low", "high")))


def _flip(data: dict[str, Any]) -> Flip:
    study = data["study_id"]
    scores = float(data["champion"]), float(data["challenger"])
    return Flip(_text(data["file"]), bool(data["positive"]), *scores, None if study is None else int(study))


def _answer(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ValueError("ok")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value
