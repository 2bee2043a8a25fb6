"""Data sets as documents for scripts: `medviewer.datasets/1`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.records import CheckReport
from medviewer.app.documents import document
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.admin.datasets import DataSets

_FACTS = ("id", "name", "version", "target", "kind", "made", "by", "source", "split", "previous", "frozen", "sha256")


def find(datasets: "DataSets", words: str) -> DataSet:
    """Return the data set with this id, or the newest version of the one with this name.

    Raises:
        UserError: `no_dataset`.
    """
    known = datasets.all(wait=True)
    found = [d for d in known if d.id == words] or [d for d in known if d.facts.name == words]
    if not found:
        raise UserError("no_dataset", "There is no such data set. “medviewer datasets list” names them.")
    return max(found, key=lambda d: (d.facts.version, d.facts.made))


def listed(datasets: "DataSets", some: Iterable[DataSet], *, findings: bool = False) -> dict[str, Any]:
    """Return the document of some data sets, with what the last check found where `findings` are wanted."""
    return document("datasets", datasets=[_one(datasets, dataset, findings) for dataset in some])


def _one(datasets: "DataSets", dataset: DataSet, findings: bool) -> dict[str, Any]:
    report = datasets.report(dataset.id)
    return {
        **{name: getattr(dataset.facts, name) for name in _FACTS},
        "images": len(dataset.kept),
        "patients": len({row.patient for row in dataset.kept}),
        "positives": sum(row.positive for row in dataset.kept),
        "excluded": len(dataset.rows) - len(dataset.kept),
        "parts": dataset.counts(),
        "looks": dataset.looks(),
        "check": None if report is None else _check(report, datasets.fresh(dataset.id), findings),
    }


def _check(report: CheckReport, fresh: bool, findings: bool) -> dict[str, Any]:
    found = [
        {"kind": f.kind, "severity": f.severity.value, "text": f.text, "files": f.files, "figures": f.figures}
        for f in report.findings
    ]
    return {
        "fresh": fresh,
        "stops": len(report.stops),
        "seconds": report.seconds,
        **({"findings": found} if findings else {}),
    }
