"""Rows of the table of commands: pages, the worklist, opinions, undo, the library."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.command import Command, Reason, first_of
from medviewer.app.worklist import RANKED, Urgency, Verdict
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job

if TYPE_CHECKING:
    from medviewer.app.session import Session

Run = Callable[..., Any]


def _ask(what: str) -> Run:
    return lambda session, **values: session.ask(what, **values)


def _chosen(session: "Session", study: int = 0) -> int:
    """Return the study that a command of the list is about: the one that is named, else the chosen one."""
    found = study or session.worklist.selected
    if not found:
        raise UserError("blocked", "Choose a study in the list first.")
    return found


def _on_chosen(act: Callable[["Session", int], Any]) -> Run:
    return lambda session, study=0: act(session, _chosen(session, study))


# -- why not now


def _no_library(session: "Session") -> str | None:
    return session.shelf.problem or None


def _none_chosen(session: "Session") -> str | None:
    return None if session.worklist.selected else "Choose a study in the list first."


def _not_ranked(session: "Session") -> str | None:
    listed = session.worklist.list_name in RANKED
    return None if listed else "This list is in order of arrival; rows of the unread lists can be moved."


def _nothing_new(session: "Session") -> str | None:
    return None if session.worklist.pending else "The list is up to date."


def _no_opinion(session: "Session") -> str | None:
    return session.opinions.refusal()


def _no_own_opinion(session: "Session") -> str | None:
    about = session.opinions.about()
    return None if about and about.mine else "Give an opinion first; a note goes with it."


def _nothing_to_undo(session: "Session") -> str | None:
    return None if session.undo.last else "There is nothing to undo."


def _not_watching(session: "Session") -> str | None:
    return None if session.settings.get("triage.watch_folder") else "No folder is watched."


def _nothing_skipped(session: "Session") -> str | None:
    return None if session.triage.skipped else "No file was left out."


def _empty(session: "Session") -> str | None:
    return None if len(session.worklist) else "The list is empty."


# -- what is done


def _page(page: str) -> Run:
    return lambda session: session.show_page(page)


def _open(session: "Session", study: int = 0, sop: str = "", frame: int = 0) -> Any:
    from medviewer.app.opening import Place

    return session.opening.open(_chosen(session, study), Place(sop, frame) if sop else None)


def _move_to(session: "Session", study: int = 0, place: int = 0) -> None:
    study = _chosen(session, study)
    if place < 1:
        session.ask("move_to", study=study)
    else:
        session.worklist.move(study, place)


def _move_by(step: int) -> Run:
    return _on_chosen(lambda session, study: session.worklist.move_by(study, step))


def _mark_read(session: "Session", study: int) -> None:
    row = session.worklist.known(study)
    session.worklist.mark_read(study, row is None or row.read_at is None)


def _urgency(session: "Session", study: int = 0, urgency: str = "") -> None:
    study = _chosen(session, study)
    if not urgency:
        session.ask("urgency", study=study)
    elif urgency not in tuple(Urgency):
        raise UserError("usage", f"Urgency is one of {', '.join(Urgency)}.")
    else:
        session.worklist.set_urgency(study, Urgency(urgency))


def _list(session: "Session", name: str = "unread") -> None:
    session.worklist.show(list_name=name)


def _modalities(session: "Session", names: str = "") -> None:
    session.worklist.show(modalities=frozenset(n for n in names.split(",") if n))


def _search(session: "Session", text: str = "") -> None:
    session.worklist.show(search=text)


def _clear(session: "Session") -> None:
    session.worklist.show(search="", modalities=frozenset())


def _watch(session: "Session", folder: str = "") -> None:
    if not folder:
        session.ask("watch")
    elif not Path(folder).is_dir():
        raise UserError("no_file", f"{Path(folder).name} is not a folder that is there.")
    else:
        session.settings.set("triage.watch_folder", str(Path(folder).absolute()))


def _export(session: "Session", folder: str = "", identity: bool = False) -> Any:
    if not folder:
        return session.ask("export")
    from medviewer.app.triage_files import export

    ids, job = session.worklist.ids, Job("Writing the worklist", "export")
    return session.jobs.run(job, lambda _: export(session, Path(folder), ids, show_identity=identity))


def _opinion(verdict: Verdict) -> Run:
    return lambda session, finding=-1: session.opinions.give(verdict, finding=finding)


def _relabel(session: "Session", label: str = "", finding: int = -1) -> Any:
    if not label.strip():
        return session.ask("relabel")
    return session.opinions.give(Verdict.RELABEL, label.strip()[:200], finding)


def _note(session: "Session", text: str = "") -> Any:
    return session.opinions.add_note(text) if text.strip() else session.ask("note")


def _backup(session: "Session", to: str = "") -> Any:
    if not to:
        return session.ask("backup")
    from medviewer.app.backups import backup

    return backup(session, Path(to))


def _restore(session: "Session", file: str = "") -> Any:
    if not file:
        return session.ask("restore")
    from medviewer.app.backups import restore

    return restore(session, Path(file))


def _verify(session: "Session") -> Any:
    from medviewer.app.audit import verify_in_background

    return verify_in_background(session)


_CHOSEN = first_of(_no_library, _none_chosen)
_MOVABLE = first_of(_no_library, _none_chosen, _not_ranked)


def _row(
    id_: str,
    title: str,
    run: Run,
    *keys: str,
    blocked: Reason = _no_library,
    args: dict[str, type] | None = None,
    needs: bool = False,
    scope: str = "worklist",
    group: str = "Worklist",
    icon: str = "",
    permission: str = "write",
    checked: "Callable[[Session], bool] | None" = None,
) -> Command:
    named = {_CHOSEN: _no_library, _MOVABLE: first_of(_no_library, _not_ranked)}.get(blocked)
    return Command(id_, title, run, keys, scope, group, blocked, args or {}, needs, checked, permission, icon, named)


_STUDY: dict[str, type] = {"study": int}


def _look(id_: str, title: str, run: Run, *keys: str, **more: Any) -> Command:
    return _row(id_, title, run, *keys, permission="look", **more)


_PAGES = tuple(
    _look(
        f"page.{page}",
        title,
        _page(page),
        *keys,
        scope="any",
        group="Program",
        blocked=lambda _: None,
        checked=lambda session, page=page: session.page == page,
        icon=icon,
    )
    for page, title, keys, icon in (
        ("worklist", "Worklist", ("Ctrl+1",), "list-bullets"),
        ("reader", "Reader", ("Ctrl+2",), "image-square"),
        ("agreement", "Agreement with the models", (), "scales"),
    )
)

_LIST = (
    _look(
        "worklist.open",
        "Open the study",
        _open,
        "Enter",
        "Return",
        blocked=_CHOSEN,
        args={**_STUDY, "sop": str, "frame": int},
        icon="arrow-right",
    ),
    _look("worklist.preview", "Preview", _ask("preview"), "Space", blocked=_none_chosen),
    _row("worklist.move_up", "Move the study up", _move_by(-1), "Alt+Up", blocked=_MOVABLE, args=_STUDY, icon=""),
    _row(
        "worklist.move_down",
        "Move the study down",
        _move_by(1),
        "Alt+Down",
        blocked=_MOVABLE,
        args=_STUDY,
        icon="",
    ),
    _row("worklist.move_to", "Move to place…", _move_to, blocked=_MOVABLE, args={**_STUDY, "place": int}),
    _row(
        "worklist.pin",
        "Hold the study in its place",
        _on_chosen(lambda s, i: s.worklist.pin(i)),
        "P",
        blocked=_MOVABLE,
        args=_STUDY,
        icon="push-pin",
    ),
    _row(
        "worklist.assign",
        "Assign to me",
        _on_chosen(lambda s, i: s.worklist.assign_to_me(i)),
        "M",
        blocked=_CHOSEN,
        args=_STUDY,
        icon="user-circle",
    ),
    _row("worklist.mark_read", "Mark as read", _on_chosen(_mark_read), "R", blocked=_CHOSEN, args=_STUDY, icon="check"),
    _row(
        "worklist.urgency", "Set the urgency…", _urgency, blocked=_CHOSEN, args={**_STUDY, "urgency": str}, icon="clock"
    ),
    _row(
        "worklist.read_again",
        "Read with AI again",
        _on_chosen(lambda s, i: s.triage.read_again((i,))),
        blocked=_CHOSEN,
        args=_STUDY,
        icon="arrow-clockwise",
    ),
    _row(
        "worklist.confirm",
        "Confirm that the model fits",
        _on_chosen(lambda s, i: s.triage.read_again((i,), confirmed=True)),
        blocked=_CHOSEN,
        args=_STUDY,
    ),
    _row(
        "worklist.remove",
        "Remove from the library…",
        _on_chosen(lambda s, i: s.ask("remove", studies=(i,))),
        "Del",
        blocked=_CHOSEN,
        args=_STUDY,
        icon="",
    ),
    _look("worklist.filter", "Find in the list", _ask("filter"), "Ctrl+F", icon="magnifying-glass"),
    _look(
        "worklist.show_new",
        "Show what is new",
        lambda session: session.worklist.show_pending(),
        "F5",
        blocked=first_of(_no_library, _nothing_new),
    ),
    _look(
        "worklist.arrival",
        "Plain order of arrival",
        lambda s: s.worklist.show(arrival=not s.worklist.arrival),
        checked=lambda s: s.worklist.arrival,
    ),
    _look("worklist.list", "Show a list", _list, args={"name": str}, needs=True),
    _look("worklist.modalities", "Show some modalities only", _modalities, args={"names": str}, needs=True),
    _look("worklist.search", "Search the library", _search, args={"text": str}, needs=True),
    _look("worklist.clear", "Clear filters", _clear, blocked=_no_library),
    _row("worklist.add_files", "Add files to the worklist…", _ask("add_files"), icon="plus"),
    _row("worklist.add_folder", "Add a folder to the worklist…", _ask("add_folder"), icon="folder-open"),
    _row("worklist.watch", "Watch a folder…", _watch, args={"folder": str}, icon="eye"),
    _row(
        "worklist.unwatch",
        "Watch no folder",
        lambda s: s.settings.set("triage.watch_folder", ""),
        blocked=_not_watching,
    ),
    _row(
        "worklist.export",
        "Export the list…",
        _export,
        blocked=first_of(_no_library, _empty),
        args={"folder": str, "identity": bool},
        icon="upload-simple",
    ),
    _look(
        "worklist.skipped",
        "Show files that were left out of the worklist",
        _ask("triage_skipped"),
        blocked=_nothing_skipped,
    ),
)

_OPINION = (
    *(
        _row(
            f"opinion.{verdict}",
            title,
            _opinion(verdict),
            key,
            scope="opinion",
            group="Opinion",
            blocked=_no_opinion,
            args={"finding": int},
            icon=icon,
        )
        for verdict, title, key, icon in (
            (Verdict.AGREE, "Agree", "Y", "check"),
            (Verdict.DISAGREE, "Disagree", "N", "x"),
            (Verdict.UNSURE, "Unsure", "U", "question"),
        )
    ),
    _row(
        "opinion.relabel",
        "It is something else…",
        _relabel,
        "D",
        scope="opinion",
        group="Opinion",
        blocked=_no_opinion,
        args={"label": str, "finding": int},
        icon="identification-card",
    ),
    _row(
        "opinion.note",
        "Note…",
        _note,
        "T",
        scope="opinion",
        group="Opinion",
        blocked=_no_own_opinion,
        args={"text": str},
        icon="note-pencil",
    ),
)

_LIBRARY = (
    _look(
        "edit.undo",
        "Undo",
        lambda session: session.undo.undo(),
        "Ctrl+Z",
        scope="any",
        group="Program",
        blocked=_nothing_to_undo,
    ),
    _look("library.backup", "Back up the library…", _backup, scope="any", group="Library", args={"to": str}),
    _row("library.restore", "Restore the library…", _restore, scope="any", group="Library", args={"file": str}),
    _look("library.verify_audit", "Check the audit", _verify, scope="any", group="Library"),
)

WORKLIST_COMMANDS = (*_PAGES, *_LIST, *_OPINION, *_LIBRARY)
