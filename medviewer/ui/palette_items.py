"""What the palette offers: open studies and recent files, every command (also with its choices), every setting."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medviewer.app.commands import COMMANDS, Command
from medviewer.app.deeds import COLORMAPS, model_here
from medviewer.app.methods import METHODS
from medviewer.app.open_studies import first_to_show
from medviewer.app.session import Session
from medviewer.app.settings import PAGES, SETTINGS
from medviewer.ui import texts
from medviewer.ui.shortcuts import Commander
from medviewer.ui.translation import say, translate

STUDIES, ORDERS, SETTING = "studies", "commands", "settings"


@dataclass(frozen=True)
class Entry:
    """One line. `fill` is put into the field instead of running anything (a command that wants a number first)."""

    group: str
    text: str
    act: Callable[[], object]
    id: str = ""
    icon: str = ""
    key: str = ""
    reason: str = ""
    fill: str = ""
    colour: str = "text2"


def entries(commander: Commander, query: str) -> Iterator[Entry]:
    """Return everything that can be chosen; `query` is only looked at for numbers."""
    yield from _studies(commander)
    for command in COMMANDS.values():
        yield from _command(commander, command, query)
    yield from _settings(commander.session)


def _studies(commander: Commander) -> Iterator[Entry]:
    session = commander.session
    for study in session.opened.studies:
        name = texts.patient_name(study.patient, session.reader.names_hidden)
        when = texts.date(study.date) if study.date else ""
        text = "   ".join(part for part in (name, study.description, when) if part)
        if study.stacks:
            study_uid, series, number = first_to_show(study.stacks).key
            act = commander.act("series.show", study=study_uid, series=series, number=number)
            yield Entry(STUDIES, text, act, icon="image-square")
    for number, paths in enumerate(session.recent.entries):
        more = f" + {len(paths) - 1}" if len(paths) > 1 else ""
        text = translate("Palette", "Open again: {0}").format(Path(paths[0]).name + more)
        yield Entry(STUDIES, text, commander.act("file.open_recent", number=number), icon="clock")


def _command(commander: Commander, command: Command, query: str) -> Iterator[Entry]:
    title, reason = commander.title(command.id), commander.reason(command.id)
    ai = command.scope == "ai"
    look: dict[str, Any] = {
        "id": command.id,
        "icon": "sparkle" if ai else command.icon or "command",
        "colour": "ai" if ai else "text2",
        "reason": reason,
    }
    if not command.needs:
        yield Entry(ORDERS, title, commander.act(command.id), key=commander.key(command.id), **look)
    elif command.id in _CHOICES:
        for text, args in _CHOICES[command.id](commander.session):
            yield Entry(ORDERS, f"{title}: {text}", commander.act(command.id, **args), **look)
    else:
        yield _numbered(commander, command, title, query, look)


def _numbered(commander: Commander, command: Command, title: str, query: str, look: dict[str, Any]) -> Entry:
    """Return the entry of a command that takes numbers: with the numbers of the query, or asking for them."""
    numbers = [float(n.replace(",", ".")) for n in re.findall(r"-?\d+(?:[.,]\d+)?", query)]
    names = list(command.args)
    if len(numbers) < len(names):
        return Entry(ORDERS, f"{title}: …", lambda: None, fill=f"{title} ", **look)
    args: dict[str, Any] = {
        name: int(value) if command.args[name] is int else value for name, value in zip(names, numbers, strict=False)
    }
    shown = " ".join(f"{value:g}" for value in numbers[: len(names)])
    if command.id == "slice.go":
        args["index"] -= 1  # people count from 1
    return Entry(ORDERS, f"{title} {shown}", commander.act(command.id, **args), **look)


def _models(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for model in session.models:
        yield f"{say(model.card.title)} {model.card.version}", {"name": model.name}


def _classes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    model = model_here(session)
    for label in model.card.labels if model else ():
        yield say(label.title or label.name), {"name": label.name}


def _series(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for stack in session.opened.stacks:
        study, series, number = stack.key
        text = f"{texts.series_name(stack)}, {texts.images_of(stack)}"
        yield text, {"study": study, "series": series, "number": number}


#: Commands that want one of a few values -> those values.
_CHOICES: dict[str, Callable[[Session], Iterator[tuple[str, dict[str, Any]]]]] = {
    "ai.model": _models,
    "ai.class": _classes,
    "ai.method": lambda _: ((say(m.title), {"method": m.name}) for m in METHODS.values()),
    "ai.colormap": lambda _: ((name.capitalize(), {"name": name}) for name in COLORMAPS),
    "series.show": _series,
}


def _settings(session: Session) -> Iterator[Entry]:
    for setting in SETTINGS.values():
        text = f"{say(setting.title)}   {say(PAGES[setting.page])}"
        act = _ask_setting(session, setting.key)
        yield Entry(SETTING, text, act, icon="gear-six", reason=say(session.settings.blocked(setting.key) or ""))


def _ask_setting(session: Session, key: str) -> Callable[[], None]:
    return lambda: session.ask("settings", key=key)


def match(query: str, text: str) -> float | None:
    """Return how well `query` fits `text` (higher is better), None if its letters are not there in order.

    Whole words count most, then beginnings of words, then letters in order.
    """
    query, text = query.strip().casefold(), text.casefold()
    if not query:
        return 0.0
    at = text.find(query)
    if at >= 0:
        begins = at == 0 or not text[at - 1].isalnum()
        return 100.0 + (50 if begins else 0) - at * 0.1 - len(text) * 0.01
    score, place = 0.0, -1
    for letter in query.replace(" ", ""):
        found = text.find(letter, place + 1)
        if found < 0:
            return None
        score += 3 if found == place + 1 else 2 if not text[found - 1].isalnum() else 0
        place = found
    return score - len(text) * 0.01
