"""What the documents for hospitals say is there: tests that they name, links, the example of a policy, no network."""

import ast
import functools
import json
import re
from pathlib import Path

import pytest

from medviewer.app import site
from medviewer.app.site_table import GUARDED, OWN

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = ("install", "administrator", "security", "intended-use", "hazards")
#: Modules that can speak to a network, and what of `socket` cannot.
SPEAKERS = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socketserver"}
SPEAKERS |= {"ssl", "telnetlib", "urllib.request", "urllib3", "webbrowser", "xmlrpc", "PySide6.QtNetwork"}
HARMLESS = {"gethostname"}


def text(page: str) -> str:
    return (DOCS / f"{page}.md").read_text("utf-8")


@functools.cache
def functions(path: Path) -> set[str]:
    return {n.name for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)}


def rows(page: str, section: str = "") -> list[list[str]]:
    """The rows of the tables of a page, below a heading."""
    body = text(page).partition(section)[2] if section else text(page)
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in body.splitlines() if "|" in line]
    return [row for row in found if len(row) > 2 and not set(row[0]) <= {"-"}]


@pytest.mark.parametrize("page", ["hazards", "security"])
def test_every_test_that_a_table_names_exists_and_no_row_is_without_one(page: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text(page))
    assert len(named) > 15
    assert [(f, t) for f, t in named if not (ROOT / f).is_file() or t not in functions(ROOT / f)] == []
    table = rows(page, "## Threats" if page == "security" else "")
    assert [row[0] for row in table[1:] if "::test_" not in "".join(row)] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_are_there(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        file, _, heading = target.partition("#")
        path = (DOCS / file).resolve() if file else DOCS / f"{page}.md"
        assert path.exists(), target
        if heading:
            heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
            assert heading in [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in heads], target


def test_the_example_of_a_policy_is_sealed_and_applied_as_a_whole(tmp_path: Path) -> None:
    found = re.search(r"<!-- policy -->\n```json\n(.*?)```", text("administrator"), re.S)
    assert found is not None
    (tmp_path / "policy.json").write_text(found[1], "utf-8")
    site.seal(tmp_path / "policy.json")
    policy = site.read(tmp_path)
    assert policy.problems == ()
    assert policy.values == json.loads(found[1])
    assert set(policy.values) >= {*OWN, *GUARDED}


def test_every_key_of_the_site_that_the_pages_name_exists() -> None:
    from medviewer.app.site_table import KEYS

    areas = {key.split(".")[0] for key in KEYS}
    for page in PAGES:
        for area, rest in re.findall(r"`([a-z]+)\.([a-z_]+)`", text(page)):
            assert area not in areas or f"{area}.{rest}" in KEYS or rest in ("sqlite", "exe"), (page, area, rest)


def test_the_places_of_the_policy_are_those_of_the_program() -> None:
    from medviewer.app.home import SYSTEM

    assert f"`{SYSTEM.as_posix()}`" in text("install") or not SYSTEM.as_posix().startswith("/etc")


def test_nothing_in_the_program_speaks_to_the_network_but_the_librarys_driver() -> None:
    for path in sorted((ROOT / "medviewer").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        taken = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                taken |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        speaking = {t for t in taken for s in SPEAKERS if t == s or t.startswith(f"{s}.")}
        assert speaking == set(), path.name
        of_socket = {
            n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") == "socket"
        }
        assert of_socket <= HARMLESS, path.name
