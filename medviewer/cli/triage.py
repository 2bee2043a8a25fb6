"""`medviewer triage`: a folder's studies ranked by the worklist's rule, once, or for as long as files come in."""

import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app import triage_files
from medviewer.app.open_studies import nothing_opened
from medviewer.app.session import Session
from medviewer.app.triage import Added
from medviewer.app.worklist import AiState
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import UserError
from medviewer.core.study import Skipped

DEVICES = ("auto", "cuda", "mps", "cpu")
#: Seconds between two looks at how far the models are, and within which nothing may have changed before the files of a
#: watched folder are written again.
LOOK_S, QUIET_S = 0.5, 1.0
#: Seconds for which a library may refuse what was read (a full disk) before the command gives up.
PATIENCE_S = 15.0


def triage(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, folders, zips or DICOMDIRs.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for worklist.csv and worklist.html.")],
    json: Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until Ctrl+C: files that come into the folder are read as well.")
    ] = False,
    device: Annotated[str, typer.Option("--device", metavar="auto|cuda|mps|cpu", help="Where models run.")] = "auto",
    show_identity: Annotated[
        bool, typer.Option("--show-identity", help="Put patients' names, ids and birth dates into the files.")
    ] = False,
) -> None:
    """Let every model that fits read the studies, and rank them by the rule of the worklist."""
    if device not in DEVICES:
        raise UserError("usage", f"--device is one of {', '.join(DEVICES)}.")
    if watch and (len(paths) != 1 or not paths[0].is_dir()):
        raise UserError("usage", "--watch takes one folder.")
    with TERMINAL.session(device) as session:
        run = _Run(session, out, show_identity)
        found = run.watch(paths[0]) if watch else run.once(paths)
    if json:
        TERMINAL.document(found)
    elif not watch:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    for row in found["rows"]:
        kind = row["score_kind"] or ""
        score = f"{kind} {row['score']:.3f}" if row["state"] == "ranked" else row["state"].replace("_", " ")
        TERMINAL.line(f"{row['rank']:4d}  {score:18}  {row['files'][0] if row['files'] else ''}  {row['reason']}")
    TERMINAL.line("AI, unverified. A score is not the probability of disease.")


class _Run:
    """One run of the command."""

    def __init__(self, session: Session, out: Path, show_identity: bool) -> None:
        self._session, self._out, self._show_identity = session, out, show_identity
        self._changed = threading.Event()
        session.triage.changed.connect(lambda _: self._changed.set())
        session.triage.files_skipped.connect(lambda _: self._changed.set())

    def once(self, paths: Sequence[Path]) -> dict[str, Any]:
        """Read `paths`, wait for the models, write the files and return the document."""
        missing = next((path for path in paths if not path.exists()), None)
        if missing is not None:
            raise UserError("no_file", f"{missing.name} does not exist. Check the path.")
        added: Added = self._session.triage.add(paths, may_be_empty=True).value()
        if not added.studies and not any(s.code in triage_files.BROKEN for s in added.skipped):
            raise nothing_opened(paths, added.skipped)
        well = time.monotonic()
        while self._open(added.studies):
            self._changed.wait(LOOK_S)
            self._changed.clear()
            trouble = self._session.triage.trouble
            if trouble is None:
                well = time.monotonic()
            elif time.monotonic() - well > PATIENCE_S:
                raise trouble
        found = self._write(sorted(added.studies), added.skipped)
        TERMINAL.tell(f"Wrote {triage_files.CSV} and {triage_files.HTML}: {len(found['rows'])} rows.")
        return found

    def watch(self, folder: Path) -> dict[str, Any]:
        """Read what is in `folder` and what comes into it, writing the files again after changes, until Ctrl+C."""
        triage, studies = self._session.triage, set[int]()
        triage.changed.connect(studies.update)
        triage.watch_changed.connect(lambda sentence: TERMINAL.tell(sentence) if sentence else None)
        triage.watch(folder)
        TERMINAL.tell(f"Watching {folder.name}. Ctrl+C stops it.")
        for number in (signal.SIGINT, signal.SIGTERM):  # a program that was started in the background ignores SIGINT
            signal.signal(number, signal.default_int_handler)
        try:
            self._write([], ())
            while True:
                self._changed.wait()
                time.sleep(QUIET_S)
                self._changed.clear()
                found = self._write(sorted(studies), triage.skipped)
                TERMINAL.tell(f"{len(found['rows'])} rows, {_count(found, 'ranked')} of them ranked.")
        except KeyboardInterrupt:
            found = self._write(sorted(studies), triage.skipped)  # it may have come in the middle of writing
            TERMINAL.tell("Stopped.")
        return found

    def _open(self, studies: frozenset[int]) -> bool:
        """Say whether a model has still something to do for one of `studies`.

        Raises:
            UserError: the library does not answer.
        """
        rows = self._session.shelf.read(lambda library: library.rows(list(studies))).result()
        return any(row.ai.state in (AiState.WAITING, AiState.READING) for row in rows.values())

    def _write(self, studies: Sequence[int], skipped: Sequence[Skipped]) -> dict[str, Any]:
        return triage_files.export(self._session, self._out, studies, skipped, show_identity=self._show_identity)


def _count(found: dict[str, Any], state: str) -> int:
    return sum(row["state"] == state for row in found["rows"])
