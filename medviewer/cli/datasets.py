"""`medviewer datasets`: data sets for training, from a terminal."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app.admin import dataset_documents
from medviewer.app.admin.datasets import DataSets, FolderSource, OpinionsSource, PackedSource, Source
from medviewer.app.models import find_model
from medviewer.app.session import Session
from medviewer.cli.terminal import TERMINAL
from medviewer.core.datasets import PARTS, DataSet
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job

Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
Which = Annotated[str, typer.Argument(metavar="ID", help="Id of a data set, or its name for the newest version.")]
Shares = Annotated[str, typer.Option(metavar="FIT/SELECT/REPORT", help="Shares of the patients.")]
Seed = Annotated[int, typer.Option(metavar="N", help="Another seed shares the patients out otherwise.")]

#: Codes that mean "refused": exit 4.
_REFUSED = frozenset({"unchecked", "blocked", "frozen", "no_repair"})

datasets = typer.Typer(help="Data sets for training.", no_args_is_help=True, rich_markup_mode=None)


@datasets.command("list")
def list_(json: Json = False) -> None:
    """List the data sets, newest first."""
    with _open() as sets:
        _say(sets, sets.all(wait=True), json)


@datasets.command("show")
def show(which: Which, json: Json = False) -> None:
    """Say what is in a data set, and what the last check found."""
    with _open() as sets:
        _say(sets, [dataset_documents.find(sets, which)], json, findings=True)


@datasets.command("make")
def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call it.")],
    opinions: Annotated[str, typer.Option(metavar="MODEL", help="From opinions on studies that a model read.")] = "",
    folder: Annotated[Path | None, typer.Option(metavar="DIR", help="From a folder with labels.csv.")] = None,
    packed: Annotated[Path | None, typer.Option(metavar="FILE", help="From a packed .npz or .zip.")] = None,
    labels: Annotated[Path | None, typer.Option(metavar="CSV", help="The labels, if they lie elsewhere.")] = None,
    target: Annotated[str, typer.Option(metavar="LABEL", help="The label that is positive.")] = "",
    model: Annotated[str, typer.Option(metavar="NAME", help="The model that it is for.")] = "",
    unsure: Annotated[bool, typer.Option("--unsure", help="Keep what readers were unsure of, left out.")] = False,
    use_split: Annotated[bool, typer.Option("--use-split", help="Rows with split=val are reported on.")] = False,
    shares: Shares = "60/20/20",
    seed: Seed = 0,
    previous: Annotated[str, typer.Option(metavar="ID", help="Make the next version of this one.")] = "",
    json: Json = False,
) -> None:
    """Make a data set from opinions, a folder or a packed file."""
    if sum(map(bool, (opinions, folder, packed))) != 1:
        raise UserError("usage", "Give one of --opinions MODEL, --folder DIR and --packed FILE.")
    if not opinions and not target.strip():
        raise UserError("usage", "Say with --target which label is positive.")
    parts = _shares(shares)
    source: Source
    if opinions:
        source = OpinionsSource(opinions, unsure, parts, seed)
    elif folder is not None:
        source = FolderSource(folder, labels, target, model, use_split, parts, seed)
    else:
        assert packed is not None
        source = PackedSource(packed, labels, target, model, use_split, parts, seed)
    with _open() as sets:
        before = dataset_documents.find(sets, previous).id if previous else ""
        made = sets.get(sets.gather(source, name, before).value())
        _say(sets, [made], json)


@datasets.command("check")
def check(
    which: Which,
    features: Annotated[str, typer.Option(metavar="MODEL", help="Also use what this model sees.")] = "",
    json: Json = False,
) -> None:
    """Look for leaks, wrong labels and shortcuts; exit 4 when something was found that stops a training."""
    with _session() as session:
        sets = session.admin.datasets
        found = dataset_documents.find(sets, which)
        folder = find_model(session.home, features).path if features else None
        report = sets.check(found.id, folder).value()
        _say(sets, [sets.get(found.id)], json, findings=True)
    if report.stops:
        raise UserError("not_permitted", f"It cannot be frozen: {report.stops[0].text}")


@datasets.command("split")
def split(which: Which, shares: Shares = "60/20/20", seed: Seed = 0, json: Json = False) -> None:
    """Share the patients out anew."""
    _change(which, json, lambda sets, id_: sets.split(id_, _shares(shares), seed))


@datasets.command("exclude")
def exclude(
    which: Which,
    files: Annotated[list[str], typer.Argument(metavar="PICTURE…", help="Keys of pictures, as a check names them.")],
    include: Annotated[bool, typer.Option("--include", help="Take them in again.")] = False,
    json: Json = False,
) -> None:
    """Leave pictures out."""
    _change(which, json, lambda sets, id_: sets.exclude(id_, files, yes=not include))


@datasets.command("relabel")
def relabel(
    which: Which,
    file: Annotated[str, typer.Argument(metavar="PICTURE", help="Key of a picture.")],
    positive: Annotated[bool, typer.Option("--positive/--negative", help="Is the finding there?")],
    json: Json = False,
) -> None:
    """Change the label of a picture."""
    _change(which, json, lambda sets, id_: sets.relabel(id_, file, positive))


@datasets.command("repair")
def repair(
    which: Which,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of a finding of the last check.")],
    json: Json = False,
) -> None:
    """Mend what a check has found: twins are left out, a patient's pictures brought together."""
    _change(which, json, lambda sets, id_: sets.repair(id_, kind))


@datasets.command("freeze")
def freeze(which: Which, json: Json = False) -> None:
    """Give a data set its hash; it is never changed after that."""
    _change(which, json, lambda sets, id_: sets.freeze(id_))


@datasets.command("new-version")
def new_version(which: Which, json: Json = False) -> None:
    """Copy a data set so that it can be changed."""
    with _open() as sets:
        made = sets.new_version(dataset_documents.find(sets, which).id)
        _say(sets, [sets.get(made)], json)


@datasets.command("remove")
def remove(
    which: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    json: Json = False,
) -> None:
    """Take a data set away, its pictures too; where they came from stays as it is."""
    with _open() as sets:
        found = dataset_documents.find(sets, which)
        if not yes:
            if not sys.stdin.isatty():
                raise UserError("usage", "Nobody can be asked here; say --yes.")
            typer.confirm(f"Remove {found.facts.name}, version {found.facts.version}?", abort=True, err=True)
        sets.remove(found.id).result()
        if json:
            TERMINAL.document(dataset_documents.listed(sets, sets.all(wait=True)))
        else:
            TERMINAL.tell("Removed 1 data set.")


def _change(which: str, json: bool, act: Callable[[DataSets, str], Job]) -> None:
    with _open() as sets:
        id_ = dataset_documents.find(sets, which).id
        act(sets, id_).value()
        _say(sets, [sets.get(id_)], json)


@contextlib.contextmanager
def _session() -> Iterator[Session]:
    """Open a session in which what may not be done ends with exit code 4."""
    try:
        with TERMINAL.session() as session:
            yield session
    except UserError as error:
        if error.code in _REFUSED:
            raise UserError("not_permitted", error.sentence, error.details) from error
        raise


@contextlib.contextmanager
def _open() -> Iterator[DataSets]:
    with _session() as session:
        yield session.admin.datasets


def _shares(text: str) -> tuple[float, float, float]:
    try:
        fit, select, report = (float(part) for part in text.split("/"))
    except ValueError:
        raise UserError("usage", "Shares are three numbers, as in 60/20/20.") from None
    return fit, select, report


def _say(sets: DataSets, some: Sequence[DataSet], json: bool, findings: bool = False) -> None:
    found = dataset_documents.listed(sets, some, findings=findings)
    if json:
        TERMINAL.document(found)
        return
    for dataset, told in zip(some, found["datasets"], strict=True):
        _print(dataset, told, findings)
    if not found["datasets"]:
        TERMINAL.tell("There are no data sets. “medviewer datasets make” makes one.")


def _print(dataset: DataSet, told: dict[str, Any], findings: bool) -> None:
    parts = "/".join(str(told["parts"][part]["images"]) for part in PARTS)
    state = f"frozen {told['sha256'][:12]}" if told["frozen"] else "not frozen"
    counts = f"{told['images']} pictures ({parts}) of {told['patients']} patients, {told['positives']} positive"
    TERMINAL.line(f"{dataset.id}  {dataset.facts.name}, version {dataset.facts.version}  {counts}, {state}")
    check = told["check"]
    if not findings or check is None:
        return
    if not check["fresh"]:
        TERMINAL.line("  The check is older than the last change.")
    for finding in check["findings"]:
        files = f" {' '.join(finding['files'][:6])}" if finding["files"] else ""
        TERMINAL.line(f"  {finding['severity']:4s}  {finding['kind']}: {finding['text']}{files}")
