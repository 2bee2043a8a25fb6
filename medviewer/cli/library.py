"""`medviewer library` and `medviewer audit`: what is kept, its backups, and who did what."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app import audit as audits
from medviewer.app import backups, library_list
from medviewer.app.worklist import LISTS
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import UserError

Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Identity = Annotated[bool, typer.Option("--show-identity", help="Also give patients' names, ids and birth dates.")]

library = typer.Typer(help="The library: studies, opinions, backups.", no_args_is_help=True, rich_markup_mode=None)
audit = typer.Typer(help="Who did what, and when.", no_args_is_help=True, rich_markup_mode=None)


@library.command("list")
def list_(
    search: Annotated[str, typer.Option(metavar="TEXT", help="Every word must be in patient, texts or findings.")] = "",
    name: Annotated[str, typer.Option("--list", metavar="NAME", help=f"One of {', '.join(LISTS)}.")] = "all",
    show_identity: Identity = False,
    json: Json = False,
) -> None:
    """List the studies of the library."""
    with TERMINAL.session() as session:
        found = library_list.studies(session, name, search, show_identity=show_identity)
    if json:
        TERMINAL.document(found)
        return
    for study in found["studies"]:
        TERMINAL.line(_study_line(study))
    TERMINAL.tell(f"{len(found['studies'])} studies.")


def _study_line(study: dict[str, Any]) -> str:
    ai = study["ai"]
    score = f"AI {ai['kind']} {ai['score']:.3f}, unverified" if ai["score"] is not None else f"AI: {ai['state']}"
    score = score.replace("_", " ")
    who = study.get("patient", {})
    state = f"read by {study['read_by'] or 'somebody'}" if study["read_at"] else ""
    modalities = "/".join(study["modalities"])
    words = (study["date"], modalities, study["description"], f"{study['images']} images", score, state)
    return "  ".join(word for word in (f"{study['id']:6d}", *words, study["trouble"], *who.values()) if word)


@library.command("backup")
def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder, or a file that is not there yet.")],
    json: Json = False,
) -> None:
    """Write the whole library into one file, also while medviewer runs."""
    with TERMINAL.session() as session:
        made = backups.backup(session, to).value()
    found = backups.backup_document(made)
    if json:
        TERMINAL.document(found)
    else:
        TERMINAL.line(found["file"])


@library.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    yes: Yes = False,
    broken_audit: Annotated[
        bool, typer.Option("--broken-audit", help="Take it although its audit does not fit together.")
    ] = False,
    json: Json = False,
) -> None:
    """Put the library back to the state in a backup; the present state is kept in a file first."""
    _sure(yes, f"Put the library back to the state in {file.name}? The present state is kept in a file.")
    with TERMINAL.session() as session:
        done = backups.restore(session, file, broken_audit=broken_audit).value()
    if json:
        TERMINAL.document(backups.restored_document(done))
        return
    TERMINAL.line(f"The library holds {done.studies} studies and {done.opinions} opinions, as in {file.name}.")
    TERMINAL.line(f"The state before is kept in {done.kept_as}.")


@library.command("check")
def check(json: Json = False) -> None:
    """Look at database, files and audit; exit 4 when something was found."""
    with TERMINAL.session() as session:
        found = backups.check(session).value()
    if json:
        TERMINAL.document(found)
    else:
        TERMINAL.line(found["database"]["text"])
        for study in found["missing"]:
            TERMINAL.line(f"{study['id']:6d}  {study['files']} files are not where they were")
        if not found["missing"]:
            TERMINAL.line("All files are where they were.")
        _print_audit(found["audit"])
    if not found["ok"]:
        problems = ["the database is damaged"] if not found["database"]["ok"] else []
        problems += [f"files of {len(found['missing'])} studies are gone"] if found["missing"] else []
        problems += [f"in the audit, {_what(found['audit'])}"] if not found["audit"]["ok"] else []
        raise UserError("hash_mismatch", f"The library is not as it was: {'; '.join(problems)}.")


@library.command("opinions")
def opinions(
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or a .json file.")],
    show_identity: Identity = False,
    json: Json = False,
) -> None:
    """Write all opinions that stand into a file."""
    with TERMINAL.session() as session:
        found = library_list.opinions(session, out, show_identity=show_identity)
    if json:
        TERMINAL.document(found)
    else:
        TERMINAL.tell(f"Wrote {found['opinions_written']} opinions into {out.name}.")


@library.command("agreement")
def agreement(json: Json = False) -> None:
    """Say how often readers agreed with each version of each model."""
    with TERMINAL.session() as session:
        found = library_list.agreement(session)
    if json:
        TERMINAL.document(found)
        return
    for row in found["agreement"]:
        counts = ", ".join(f"{row[word]} {word}" for word in ("agree", "disagree", "unsure", "relabel"))
        TERMINAL.line(f"{row['model']}  {row['version']}  {row['opinions']} opinions: {counts}")


@library.command("remove")
def remove(
    study: Annotated[str, typer.Argument(metavar="STUDY_UID", help="UID of the study, or its number in the list.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Take a study and what is known of it out of the library; its files stay where they are."""
    _sure(yes, "Take this study, its readings and opinions out of the library? Its files stay.")
    with TERMINAL.session() as session:
        found = library_list.remove(session, study)
    if json:
        TERMINAL.document(found)
    else:
        TERMINAL.tell("Removed 1 study from the library. Its files are where they were.")


def _sure(yes: bool, question: str) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UserError("usage", "Nobody can be asked here; say --yes.")
    typer.confirm(question, abort=True, err=True)


@audit.command("list")
def audit_list(
    since: Annotated[int, typer.Option(metavar="SEQ", min=0, help="Only entries after this number.")] = 0,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="The newest N of them.")] = 1000,
    json: Json = False,
) -> None:
    """List who did what and when, oldest first."""
    with TERMINAL.session() as session:
        found = audits.listed(session, since, most)
    if json:
        TERMINAL.document(found)
        return
    for entry in found["entries"]:
        study = f"study {entry['study']}" if entry["study"] is not None else ""
        details = "  ".join(f"{name}={value}" for name, value in entry["details"].items())
        words = (f"{entry['seq']:6d}", entry["at"][:19], entry["who"], entry["what"], study, details)
        TERMINAL.line("  ".join(word for word in words if word))


@audit.command("verify")
def audit_verify(json: Json = False) -> None:
    """Look for entries that were changed, removed or moved; exit 4 when something was found."""
    with TERMINAL.session() as session:
        found = audits.verification(audits.verify(session))
    if json:
        TERMINAL.document(found)
    else:
        _print_audit(found)
    if not found["ok"]:
        raise UserError("hash_mismatch", f"The audit is not as it was written: {_what(found)}.")


def _what(found: dict[str, Any]) -> str:
    count = len(found["problems"])
    return "one thing does not fit" if count == 1 else f"{count} things do not fit"


def _print_audit(found: dict[str, Any]) -> None:
    whole = "none was changed, removed or moved" if found["ok"] else "something does not fit"
    TERMINAL.line(f"Audit of {found['total']} entries: {whole}.")
    for text in (*(problem["text"] for problem in found["problems"]), *found["notes"]):
        TERMINAL.line(f"  {text}")
    TERMINAL.line("What this check cannot find:")
    for text in found["limits"]:
        TERMINAL.line(f"  {text}")
