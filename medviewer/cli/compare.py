"""`medviewer compare`: a candidate against the version in use, on the locked part of a frozen data set."""

from typing import Annotated

import typer

from medviewer.app.admin import dataset_documents
from medviewer.app.admin.comparison_files import as_document
from medviewer.app.admin.records import Comparison, Figure
from medviewer.cli.terminal import TERMINAL

MARKS = {True: "passed", False: "FAILED", None: "cannot tell"}


def compare(
    candidate: Annotated[
        str, typer.Argument(metavar="RUN|NAME@VERSION|DIR", help="A run (its number, or last), a version, a folder.")
    ],
    dataset: Annotated[str, typer.Option(metavar="ID", help="A frozen data set: its id, or its name.")],
    device: Annotated[str, typer.Option("--device", metavar="auto|cuda|mps|cpu", help="Where the models run.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")] = False,
) -> None:
    """Compare a candidate with the version in use; each time counts as a look at the locked part."""
    with TERMINAL.session(device) as session:
        data = dataset_documents.find(session.admin.datasets, dataset)
        found: Comparison = session.admin.comparisons.run(candidate, data.id).value()
    if json:
        TERMINAL.document(as_document(found))
        return
    TERMINAL.line(f"comparison {found.id}")
    TERMINAL.line(
        f"{found.model}: {found.champion} in use, {found.challenger} candidate; {found.n} images of {found.patients} "
        f"patients, {found.positives} with the finding; looked at before: {found.looks}"
    )
    for row in found.rows:
        name = f"{row.measure} {row.group}".strip()
        figures = "  ".join(_figure(f) for f in (row.champion, row.challenger, row.difference))
        TERMINAL.line(f"{name:32} {figures}  {row.word}")
    TERMINAL.line(f"{len(found.flips)} cases on which they differ")
    for gate in found.gates:
        TERMINAL.line(f"{MARKS[gate.ok]:11} {gate.text}")


def _figure(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
