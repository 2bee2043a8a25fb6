"""A site's policy as a document (`medviewer.site/1`): what a check found, for a file anywhere."""

from pathlib import Path
from typing import Any

from medviewer.app import site
from medviewer.app.documents import document


def checked(path: Path) -> dict[str, Any]:
    """Return what would hold if `path` were this computer's policy.

    Raises:
        UserError: `no_file`.
    """
    policy = site.check(path)
    keys = [{"key": each.key, "line": each.line, "state": each.state, "text": each.fault} for each in policy.lines]
    return document(
        "site",
        file=path.name,
        ok=not policy.problems,
        sha256=policy.sha256,
        sealed=policy.sha256 == policy.stated,
        keys=keys,
        problems=list(policy.problems),
        safe_side=list(policy.held),
    )


def sealed(path: Path) -> dict[str, Any]:
    """Seal a policy that can be used, and return what a check then finds.

    Raises:
        UserError: `no_file`, `bad_policy`.
    """
    site.seal(path)
    return checked(path)
