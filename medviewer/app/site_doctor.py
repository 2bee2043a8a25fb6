"""What doctor says of the site: policy and keys, its folders, the library's server, the models that are allowed."""

import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app import site
from medviewer.app.models import look as look_at_models
from medviewer.app.site import Policy
from medviewer.app.site_table import CLOSED, OWN, holds_password
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.session import Session

OK, WARN, FAIL = "ok", "warn", "fail"
Found = Iterator[tuple[str, str, str, str]]
ASK = "Ask whoever looks after this site's computers."
MOST_SHOWN = 80
#: Codes of a library that answers, but is not there yet or is older: the program makes it or brings it up to date.
_ANSWERS = {"no_library": "reachable, empty", "older_library": "reachable, of an older version"}


def look(session: "Session") -> Found:
    """Yield (name, state, words, advice) of everything that the site decides."""
    policy, folder = session.settings.policy, session.home.site
    yield from _file(policy, folder)
    yield from _keys(policy)
    yield from _folders(session, policy)
    yield from _server(session)
    yield from _models(session, policy)
    for problem in session.settings.problems:
        if problem != policy.sentence:
            yield "settings", WARN, problem, "Set it again in the settings, or leave it."


def _file(policy: Policy, folder: Path) -> Found:
    if not site.there(folder):
        yield "policy", OK, "none: nothing is fixed", ""
        return
    path = folder / site.FILE
    for problem in policy.problems:
        yield "policy", FAIL, problem, f"Put it right, then: medviewer site seal {path}"
    if policy.held:
        yield "safe side", FAIL, " ".join(policy.held), ASK
    if not policy.problems:
        yield "policy", OK, f"{path}, {len(policy.lines)} keys", ""
    sealed = bool(policy.sha256) and policy.sha256 == policy.stated
    yield "hash", OK if sealed else FAIL, policy.sha256 or "none", "" if sealed else f"medviewer site seal {path}"
    open_ = [each.name for each in (folder, path, folder / site.SUM) if _others_write(each)]
    words = f"others than the administrator may change {', '.join(open_)}" if open_ else "only the owner writes"
    if sys.platform != "win32":
        yield "rights", WARN if open_ else OK, words, "chmod go-w, owner root" if open_ else ""


def _others_write(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    except OSError:
        return False


def _keys(policy: Policy) -> Found:
    for each in policy.lines:
        words = f"line {each.line}: {_value(each.value) if each.state == site.OK else each.fault}"
        advice = "" if each.state == site.OK else "The keys and their values: docs/settings.md."
        yield each.key, OK if each.state == site.OK else FAIL, words, advice


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = site.plain(str(value))
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def _folders(session: "Session", policy: Policy) -> Found:
    places = {"paths.data": session.home.data, "paths.cache": session.home.cache, "paths.logs": session.home.logs}
    for key, path in places.items():
        if policy.values.get(key):
            good = _writable(path)
            yield key, OK if good else FAIL, str(path), "" if good else "Make it reachable and writable for its user."
    for path in policy.models:
        good = path.is_dir()
        yield OWN[1], OK if good else FAIL, str(path), "" if good else "Make this folder reachable, or take it out."


def _writable(path: Path) -> bool:
    """Say whether a file can be made in `path`, made for it if it is not there yet."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False


def _server(session: "Session") -> Found:
    """Ask the server; nothing is made there."""
    url = str(session.settings.get("library.url"))
    if url == CLOSED or "://" not in url:
        return
    if holds_password(url):
        yield "library address", WARN, "It holds a password, in plain text.", "Put it into the user's pgpass file."
    from medviewer.library.database import Database

    try:
        Database(url, write=False).close()
    except UserError as error:
        if error.code in _ANSWERS:
            yield "library server", OK, _ANSWERS[error.code], ""
        else:
            yield "library server", FAIL, error.sentence, "Check address, account, pgpass file and network."
    else:
        yield "library server", OK, "reachable", ""


def _models(session: "Session", policy: Policy) -> Found:
    allowed = policy.values.get("models.allowed")
    if allowed is None:
        return
    models = look_at_models(None if session.safe_mode else session.home, policy=policy)
    here = {(m.name, m.card.version, m.sha256) for m in models.every}
    for each in allowed:
        name = f"{each['name']} {each['version']}"
        found = (each["name"], each["version"], each["sha256"]) in here
        yield (
            name,
            OK if found else WARN,
            "allowed and here" if found else "allowed, but not here with this hash",
            ("" if found else "Install it with: medviewer models import, or put its folder into paths.models."),
        )
    for model in models.refused:
        yield f"{model.name} {model.card.version}", OK, "here, not allowed: it is not offered", ""
