"""What can be changed in a data set that is not frozen: functions from one to the next, nothing written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from medviewer.app.admin.dataset_repairs import REPAIRS
from medviewer.app.admin.dataset_split import split
from medviewer.app.admin.records import CheckReport
from medviewer.core.datasets import DataSet, Row
from medviewer.core.errors import UserError

#: Why a picture is excluded that a person took out.
BY_HAND = "by hand"
NO_REPAIR = "This cannot be mended by one click. Look at its pictures one by one."


def shared_out(dataset: DataSet, shares: Sequence[float], seed: int, keys: Mapping[str, str]) -> DataSet:
    """Share the patients out anew; `keys` says what of each is hashed."""
    facts = replace(dataset.facts, split={"by": "patient", "seed": seed, "shares": [float(s) for s in shares]})
    return replace(dataset, facts=facts, rows=split(dataset.rows, shares, seed, keys=keys))


def excluded(dataset: DataSet, files: Iterable[str], yes: bool) -> DataSet:
    """Leave pictures out, or take them in again; those without a picture stay out."""
    wanted = _known(dataset, files)
    return _with(dataset, (_excluded(r, yes) if r.file in wanted else r for r in dataset.rows))


def relabelled(dataset: DataSet, file: str, positive: bool) -> DataSet:
    """Give a picture its label; what was said before stays in the column `was`."""
    wanted = _known(dataset, (file,))
    return _with(dataset, (_relabelled(r, positive, dataset) if r.file in wanted else r for r in dataset.rows))


def mended(dataset: DataSet, report: CheckReport, kind: str) -> DataSet:
    """Do what mends all findings of a kind.

    Raises:
        UserError: `no_repair`: only a person can.
    """
    if kind not in REPAIRS:
        raise UserError("no_repair", NO_REPAIR)
    rows = dataset.rows
    for finding in report.findings:
        if finding.kind == kind:
            rows = REPAIRS[kind](rows, finding)
    return replace(dataset, rows=rows)


def _known(dataset: DataSet, files: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(files)
    if wanted - {row.file for row in dataset.rows}:
        raise UserError("no_picture", "The data set has no such picture.")
    return wanted


def _with(dataset: DataSet, rows: Iterable[Row]) -> DataSet:
    return replace(dataset, rows=tuple(rows))


def _excluded(row: Row, yes: bool) -> Row:
    more = {k: v for k, v in row.more.items() if k != "why"}
    if yes:
        return replace(row, excluded=True, more=more | {"why": row.more.get("why") or BY_HAND})
    return row if row.more.get("picture") == "none" else replace(row, excluded=False, more=more)


def _relabelled(row: Row, positive: bool, dataset: DataSet) -> Row:
    more = {k: v for k, v in row.more.items() if k != "tie"} | {"was": row.more.get("was") or row.label}
    if row.more.get("why") == "unsure":  # now somebody is sure
        row, more = replace(row, excluded=False), {k: v for k, v in more.items() if k != "why"}
    label = dataset.facts.target if positive else f"no {dataset.facts.target}"
    return replace(row, positive=positive, label=label, more=more)
