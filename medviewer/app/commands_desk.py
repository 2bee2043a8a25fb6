"""Rows of the table of commands: files, studies, series, layout, panels, jobs, help."""

from typing import TYPE_CHECKING, Any

from medviewer.app import deeds
from medviewer.app.command import Command, Reason, first_of, no_image, no_study
from medviewer.app.reader import Layout
from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.session import Session


def _ask(what: str) -> Any:
    return lambda session, **values: session.ask(what, **values)


def _open_recent(session: "Session", number: int = 0) -> Any:
    entries = session.recent.entries
    if not 0 <= number < len(entries):
        raise UserError("usage", "This entry is not in the recent list any more.")
    return session.open(entries[number])


def _close_study(session: "Session", study: str = "") -> None:
    stack = session.reader.view.stack
    uid = study or (stack.key[0] if stack else session.opened.studies[0].uid)
    session.opened.close_study(uid)


def _demo(session: "Session") -> Any:
    from medviewer.app.demo import open_demo

    return open_demo(session)


def _nothing_recent(session: "Session") -> str | None:
    return None if session.recent.entries else "Nothing was opened lately."


def _nothing_skipped(session: "Session") -> str | None:
    return None if session.opened.skipped else "No file was left out."


def _nothing_runs(session: "Session") -> str | None:
    return None if session.jobs.active else "Nothing is running."


def _nothing_ended(session: "Session") -> str | None:
    ended = len(session.jobs.all) > len(session.jobs.active)
    return None if ended else "No finished job is in the list."


def _cancel_job(session: "Session", job: int = 0) -> None:
    """Cancel the job with this id; 0: all that run."""
    for running in session.jobs.active:
        if job in (0, running.id):
            running.cancel()


def _one_study(session: "Session") -> str | None:
    if session.worklist.place_of(session.opening.current) >= 0:
        return None
    return "Only one study is open." if len(session.opened.studies) == 1 else None


def _no_series(step: int) -> Reason:
    def reason(session: "Session") -> str | None:
        stacks, stack = deeds.siblings(session), session.reader.view.stack
        keys = [s.key for s in stacks]
        if stack is None or stack.key not in keys:
            return "Open a study first."
        at = keys.index(stack.key) + step
        return None if 0 <= at < len(keys) else f"This is the {'first' if step < 0 else 'last'} series."

    return reason


def _no_study_beyond(step: int) -> Reason:
    def reason(session: "Session") -> str | None:
        place = session.worklist.place_of(session.opening.current)
        if place >= 0:
            inside = 0 <= place + step < len(session.worklist)
            return None if inside else "There is no further study in the worklist."
        studies, stack = session.opened.studies, session.reader.view.stack
        here = session.opened.study_of(stack) if stack else None
        if here not in studies:
            return None
        return None if 0 <= studies.index(here) + step < len(studies) else "There is no further study in the list."

    return reason


def _flip_desk(name: str) -> Any:
    def run(session: "Session") -> None:
        session.reader.set_desk(**{name: not getattr(session.reader.desk, name)})

    return run


def _desk_is(name: str) -> Any:
    return lambda session: bool(getattr(session.reader.desk, name))


def _layout(layout: Layout, title: str, key: str, icon: str) -> Command:
    return Command(
        f"layout.{layout.name.lower()}",
        f"Layout {title}",
        lambda session: deeds.set_layout(session, layout),
        (key,),
        "reader",
        "Layout",
        checked=lambda session: session.reader.layout is layout and not session.reader.filled,
        icon=icon,
    )


_FILE = (
    Command("file.open_files", "Open files…", _ask("open_files"), ("Ctrl+O",), "any", "File", icon="folder-open"),
    Command("file.open_folder", "Open folder…", _ask("open_folder"), ("Ctrl+Shift+O",), "any", "File"),
    Command(
        "file.open_recent",
        "Open the last again",
        _open_recent,
        ("Ctrl+Shift+T",),
        "any",
        "File",
        _nothing_recent,
        {"number": int},
        icon="clock-counter-clockwise",
    ),
    Command(
        "file.clear_recent",
        "Clear the recent list",
        lambda session: session.recent.clear(),
        (),
        "any",
        "File",
        _nothing_recent,
        permission="write",
    ),
    Command("file.demo", "Open the demonstration study", _demo, (), "any", "File"),
    Command(
        "file.close_study",
        "Close the study",
        _close_study,
        ("Ctrl+W",),
        "any",
        "File",
        no_study,
        {"study": str},
    ),
    Command("file.skipped", "Show files that were left out", _ask("skipped"), (), "any", "File", _nothing_skipped),
    Command("file.quit", "Quit", _ask("quit"), ("Ctrl+Q",), "any", "File"),
)

_SERIES = (
    Command(
        "series.previous",
        "Previous series",
        lambda s: deeds.step_series(s, -1),
        ("Left",),
        "viewport",
        "Series",
        first_of(no_image, _no_series(-1)),
    ),
    Command(
        "series.next",
        "Next series",
        lambda s: deeds.step_series(s, 1),
        ("Right",),
        "viewport",
        "Series",
        first_of(no_image, _no_series(1)),
    ),
    Command(
        "series.first",
        "First series",
        lambda s: deeds.step_series(s, -(10**6)),
        ("PgUp",),
        "viewport",
        "Series",
        no_image,
    ),
    Command(
        "series.last", "Last series", lambda s: deeds.step_series(s, 10**6), ("PgDown",), "viewport", "Series", no_image
    ),
    Command(
        "series.show",
        "Show a series",
        deeds.show_series,
        (),
        "reader",
        "Series",
        no_study,
        {"study": str, "series": str, "number": int, "place": int},
        needs=True,
    ),
    Command(
        "study.previous",
        "Previous study",
        lambda s: deeds.step_study(s, -1),
        ("Ctrl+Left",),
        "reader",
        "Series",
        first_of(no_study, _one_study, _no_study_beyond(-1)),
    ),
    Command(
        "study.next",
        "Next study",
        lambda s: deeds.step_study(s, 1),
        ("Ctrl+Right",),
        "reader",
        "Series",
        first_of(no_study, _one_study, _no_study_beyond(1)),
    ),
)

_LAYOUT = (
    _layout(Layout.ONE, "1×1", "Alt+1", "square"),
    _layout(Layout.SIDE_BY_SIDE, "1×2", "Alt+2", "columns"),
    _layout(Layout.STACKED, "2×1", "Alt+3", "rows"),
    _layout(Layout.FOUR, "2×2", "Alt+4", "grid-four"),
    Command("desk.left", "Series strip", _flip_desk("left"), ("Ctrl+B",), "reader", "Layout", checked=_desk_is("left")),
    Command("desk.right", "AI panel", _flip_desk("right"), ("Ctrl+R",), "reader", "Layout", checked=_desk_is("right")),
    Command("desk.jobs", "Jobs", _flip_desk("jobs"), ("J",), "reader", "Layout", checked=_desk_is("jobs")),
    Command("window.full_screen", "Full screen", _ask("full_screen"), ("F11",), "any", "Layout"),
)

_PROGRAM = (
    Command(
        "jobs.cancel",
        "Cancel what is running",
        _cancel_job,
        (),
        "any",
        "Program",
        _nothing_runs,
        {"job": int},
    ),
    Command(
        "jobs.clear",
        "Clear finished jobs",
        lambda session: session.jobs.forget_finished(),
        (),
        "any",
        "Program",
        _nothing_ended,
    ),
    Command(
        "program.palette", "Find a command…", _ask("palette"), ("Ctrl+K",), "any", "Program", icon="magnifying-glass"
    ),
    Command("program.shortcuts", "Keys", _ask("shortcuts"), ("?",), "any", "Program", icon="keyboard"),
    Command("program.settings", "Settings…", _ask("settings"), ("Ctrl+,",), "any", "Program", icon="gear-six"),
    Command("program.about", "About medviewer", _ask("about"), (), "any", "Program", icon="info"),
)

DESK_COMMANDS = (*_FILE, *_SERIES, *_LAYOUT, *_PROGRAM)
