"""A check of a data set in the training process (`inspect`), and what it wrote: check.json."""

import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from medviewer.app.admin.records import CheckReport, DataFinding, Severity
from medviewer.core.child import command
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job

CHECK = "check.json"
#: Its products are small: threads of the linear algebra would wait for each other, and the reader needs the cores.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MOST_BYTES, MOST_LINE = 64 << 20, 1 << 20
BROKEN = "The check of the data set ended unexpectedly. Try again; if that does not help, see the log."


def run(dataset: DataSet, job: Job, features: Path | None = None) -> CheckReport:
    """Let the training process look at a data set and return what it found.

    Raises:
        Cancelled. UserError: what the process says, or `crashed`.
    """
    words = ["inspect", str(dataset.path), "--out", str(dataset.path / CHECK), "--attached"]
    words += ["--features", str(features)] if features is not None else []
    with subprocess.Popen(
        command("training", *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **ONE_THREAD},
    ) as child:
        job.on_cancel(child.kill)
        assert child.stdout
        failure: UserError | None = None
        while line := child.stdout.readline(MOST_LINE):
            said = _said(line)
            if said.get("event") == "failed":
                failure = UserError(str(said.get("code", "crashed")), str(said.get("sentence", BROKEN)))
            elif said.get("event") == "pictures" and not job.cancel_asked:
                job.step(int(said.get("done", 0)), int(said.get("of", 0)))
        code = child.wait()
    job.step(job.done, job.total)  # a cancel ends here
    report = read_report(dataset.path / CHECK) if code == 0 else None
    if report is None:
        raise failure or UserError("crashed", BROKEN)
    return report


def _said(line: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict):
            return found
    return {}


def read_report(path: Path) -> CheckReport | None:
    """Return the report in a file; None where there is none that can be read."""
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(MOST_BYTES))
        findings = tuple(_finding(found) for found in data["findings"])
        return CheckReport(str(data["dataset"]), str(data["sha256"]), findings, float(data["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _finding(data: dict[str, Any]) -> DataFinding:
    return DataFinding(
        str(data["kind"]),
        Severity(data["severity"]),
        str(data["text"]),
        tuple(str(file) for file in data["files"]),
        {str(name): float(value) for name, value in data["figures"].items()},
    )
