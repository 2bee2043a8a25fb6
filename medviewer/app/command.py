"""One row of the table of commands, and the reasons that many rows share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medviewer.app.session import Session

Reason = Callable[["Session"], str | None]
#: Where a key acts: on the reader's page (single letters only while a viewport or the AI panel has focus), on the
#: worklist's page, on both, on the admin page, or everywhere.
SCOPES = ("viewport", "ai", "reader", "worklist", "opinion", "admin", "any")
#: The pages on which the keys of a scope act.
PAGES_OF = {
    "viewport": ("reader",),
    "ai": ("reader",),
    "reader": ("reader",),
    "worklist": ("worklist",),
    "opinion": ("reader", "worklist"),
    "admin": ("admin",),
    "any": ("reader", "worklist", "agreement", "admin"),
}


def _always(_: "Session") -> str | None:
    return None


@dataclass(frozen=True)
class Command:
    """Something that can be done.

    Attributes:
        id: `area.verb`.
        title: in the menu, the palette and tooltips; ends with "…" when a dialog follows.
        run: takes the session and the arguments.
        keys: names as in UI.md and QKeySequence's portable text ("Ctrl+Alt+1"); several do the same.
        group: menu and column of the shortcuts sheet.
        blocked: the sentence that says why not now, or None.
        blocked_named: the same where an argument names what it is about, so that nothing need be chosen; None:
            `blocked`.
        args: arguments by name and type; a command with `needs` cannot be run from the palette without them.
        checked: for what is on or off: which it is now.
        permission: "look", or "write" for what writes into the home (refused in a read-only window).
        icon: name of a Phosphor icon, "" for none.
    """

    id: str
    title: str
    run: Callable[..., Any]
    keys: tuple[str, ...] = ()
    scope: str = "reader"
    group: str = ""
    blocked: Reason = _always
    args: dict[str, type] = field(default_factory=dict)
    needs: bool = False
    checked: Callable[["Session"], bool] | None = None
    permission: str = "look"
    icon: str = ""
    blocked_named: Reason | None = None


def first_of(*reasons: Reason) -> Reason:
    """Return a reason that is the first of several that hold."""

    def reason(session: "Session") -> str | None:
        return next((said for r in reasons if (said := r(session)) is not None), None)

    return reason


def no_image(session: "Session") -> str | None:
    """Say that the active viewport shows nothing."""
    return None if session.reader.view.stack else "Open a study first."


def no_study(session: "Session") -> str | None:
    """Say that nothing is open."""
    return None if session.opened.studies else "Open a study first."


def one_image(session: "Session") -> str | None:
    """Say that there is only one image."""
    stack = session.reader.view.stack
    return "This series has only one image." if stack and len(stack) < 2 else None
