"""The table of commands: nothing can be done at the desk that is not a row of it.

Menus, toolbar, palette, key map, shortcuts sheet and tests read COMMANDS; `invoke` is the one way to run a row, and
checks `blocked` (the reason why not now: tooltip and refusal alike) and the permission there. Rows stand in the
`commands_*` modules beside this one.
"""

from typing import TYPE_CHECKING, Any

from medviewer.app.command import PAGES_OF, SCOPES, Command
from medviewer.app.commands_admin import ADMIN_COMMANDS
from medviewer.app.commands_ai import AI_COMMANDS
from medviewer.app.commands_desk import DESK_COMMANDS
from medviewer.app.commands_view import VIEW_COMMANDS
from medviewer.app.commands_worklist import WORKLIST_COMMANDS
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.session import Session

__all__ = ["COMMANDS", "GROUPS", "Command", "blocked", "clash", "invoke", "keys_of", "set_keys"]

#: Every command by id, in the order of menus.
COMMANDS: dict[str, Command] = {
    c.id: c for c in (*DESK_COMMANDS, *VIEW_COMMANDS, *AI_COMMANDS, *WORKLIST_COMMANDS, *ADMIN_COMMANDS)
}
#: Arguments that say what a command is about.
NAMING = ("study", "dataset", "run", "comparison", "model")
#: Groups of menus and of the shortcuts sheet, in order.
GROUPS = tuple(dict.fromkeys(c.group for c in COMMANDS.values()))


def blocked(session: "Session", id_: str, named: bool = False) -> str | None:
    """Return the sentence that says why the command cannot run now, or None.

    `named`: the arguments say what it is about, so that nothing need be chosen.
    """
    command = COMMANDS[id_]
    if session.read_only and command.permission == "write":
        return "This window was opened read-only."
    reason = command.blocked_named if named else None
    return (reason or command.blocked)(session)


def invoke(session: "Session", id_: str, **args: Any) -> Any:
    """Run a command on the desk's thread.

    Raises:
        UserError: `blocked`, with the reason; `usage` for arguments that the command does not have.
        KeyError: there is no such command.
    """
    command = COMMANDS[id_]
    if reason := blocked(session, id_, any(args.get(name) for name in NAMING)):
        raise UserError("blocked", reason)
    for name, value in args.items():
        kind = command.args.get(name)
        if kind is None or not isinstance(value, (int, float) if kind is float else kind):
            raise UserError("usage", f"{command.title} cannot be done with these values.", f"{id_} {name}")
    return command.run(session, **args)


def keys_of(session: "Session", id_: str) -> tuple[str, ...]:
    """Return the keys in force for a command: the user's own, else the table's."""
    own = session.settings.get("keys.overrides").get(id_)
    return COMMANDS[id_].keys if own is None else tuple(own)


def clash(session: "Session", id_: str, key: str) -> Command | None:
    """Return the command that has `key` already where `id_` would need it, or None.

    Viewport, AI and reader keys act on the same page, those of the worklist on another one.
    """
    wanted, pages = _plain(key), set(PAGES_OF[COMMANDS[id_].scope])
    for other in COMMANDS.values():
        if other.id != id_ and pages & set(PAGES_OF[other.scope]) and wanted in map(_plain, keys_of(session, other.id)):
            return other
    return None


def set_keys(session: "Session", id_: str, keys: tuple[str, ...] | None) -> None:
    """Give a command other keys; None gives it its own again.

    Raises:
        UserError: `clash`: another command has one of them.
    """
    overrides = session.settings.get("keys.overrides")
    overrides.pop(id_, None)
    wanted = COMMANDS[id_].keys if keys is None else keys
    for key in wanted:
        if (other := clash(session, id_, key)) is not None:
            raise UserError("clash", f"{key} is the key of {other.title}. Choose another one.")
    if wanted != COMMANDS[id_].keys:
        overrides[id_] = list(wanted)
    session.settings.set("keys.overrides", overrides)


def _plain(key: str) -> str:
    """Return a key's name so that equal keys are equal ("shift+ctrl+K" is "ctrl+shift+k")."""
    *modifiers, last = [part.strip().lower() for part in key.replace("++", "+plus").split("+")]
    return "+".join([*sorted(modifiers), last or "plus"])


assert all(c.scope in SCOPES for c in COMMANDS.values())
