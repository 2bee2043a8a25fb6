"""`medviewer site`: an administrator checks and seals the policy of a site, before it goes to the workstations."""

from pathlib import Path
from typing import Annotated, Any

import typer

from medviewer.app import site_list
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import UserError

Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A policy.json, anywhere.")]

site = typer.Typer(help="The policy of a site.", no_args_is_help=True, rich_markup_mode=None)


@site.command("check")
def check(file: File, json: Json = False) -> None:
    """Say of every key whether it can be used; exit 3 when one cannot, 4 when only the seal is wrong."""
    found = site_list.checked(file)
    _print(found, json)
    if found["problems"]:
        unusable = len(found["problems"]) > 1 or found["sealed"] or any(k["state"] != "ok" for k in found["keys"])
        raise UserError("bad_policy" if unusable or not found["keys"] else "hash_mismatch", found["problems"][0])


@site.command("seal")
def seal(file: File, json: Json = False) -> None:
    """Write the SHA-256 of a policy that can be used beside it (FILE.sha256)."""
    found = site_list.sealed(file)
    _print(found, json)
    TERMINAL.tell(f"Sealed. Put {file.name} and {file.name}.sha256 into the site's folder.")


def _print(found: dict[str, Any], json: bool) -> None:
    if json:
        TERMINAL.document(found)
        return
    for each in found["keys"]:
        TERMINAL.line(f"{each['state']:8} line {each['line']:<4d} {each['key']}  {each['text']}".rstrip())
    for words in found["problems"][1:]:
        TERMINAL.line(words)
    if found["safe_side"]:
        TERMINAL.line("On its safe side: " + " ".join(found["safe_side"]))
