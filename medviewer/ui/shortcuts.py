"""Runs commands for keys, buttons and menus, and says why one cannot run. The key map is made from the command table.

Letters and digits act only while a viewport, the AI panel or the series strip has the focus; arrows and the like only
in a viewport; keys with Ctrl or Alt and function keys act in the whole window. Qt gives a key to a text field first,
so that nothing happens while someone types or while a menu is open.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from medviewer.core.errors import UserError
from medviewer.ui.translation import say

if TYPE_CHECKING:
    from medviewer.app.command import Command
    from medviewer.app.session import Session

#: Keys that may repeat while they are held.
REPEATING = ("slice.", "series.", "view.zoom", "ai.opacity_")
#: Named keys that belong to a viewport alone: elsewhere they move a slider or a list.
_MOVING = frozenset({"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "enter", "return", "del", "space"})


def key_words(key: str) -> str:
    """Return a key as it stands on a keycap: "Ctrl+Shift+T" is "Ctrl Shift T"."""
    if not key or key == "+":
        return key
    head, plus, last = key.rpartition("+")
    if plus and not last:  # "Ctrl++"
        head, last = head.rstrip("+"), "+"
    return " ".join([*filter(None, head.split("+")), last])


def reach(key: str) -> str:
    """Return where a key acts: "window", "areas" (viewports, AI panel, strip) or "viewport"."""
    *modifiers, last = key.lower().replace("++", "+plus").split("+") if key not in ("+", "?") else [key]
    function = len(last) > 1 and last[0] == "f" and last[1:].isdigit()
    if {"ctrl", "alt", "meta"} & set(modifiers) or function or key == "?":
        return "window"
    return "viewport" if last in _MOVING else "areas"


#: What stands on keycaps of the first paint, before the table of commands is there.
_FIRST_KEYS = {"program.palette": "Ctrl K", "desk.jobs": "J", "ai.toggle": "X"}


class Commander(QObject):
    """The one way from the window to `app.commands`. Before `attach` it keeps what is clicked and runs it then."""

    refused = Signal(str)  # why nothing was done, in the reader's language
    ran = Signal(str)  # id of a command that ran

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._session: Session | None = None
        self._window = window
        self._early: list[tuple[str, dict[str, Any]]] = []
        self._shortcuts: list[tuple[QShortcut, tuple[str, ...]]] = []  # with the pages on which each acts

    @property
    def ready(self) -> bool:
        """Whether the session is there."""
        return self._session is not None

    @property
    def session(self) -> "Session":
        if self._session is None:
            raise RuntimeError("the session is not attached yet")
        return self._session

    def attach(self, session: "Session") -> None:
        """Work on this session from now on."""
        self._session = session

    def run_early(self) -> None:
        """Run what was asked for before the session was there."""
        early, self._early = self._early, []
        for id_, args in early:
            self.run(id_, **args)

    def run(self, id_: str, **args: Any) -> bool:
        """Run a command; a refusal becomes a passing word, a defect goes to the crash dialog."""
        if self._session is None:
            self._early.append((id_, args))
            return True
        from medviewer.app.commands import invoke

        try:
            invoke(self._session, id_, **args)
        except UserError as error:
            self.refused.emit(say(error.sentence))
            return False
        self.ran.emit(id_)
        return True

    def act(self, id_: str, **args: Any) -> Callable[..., None]:
        """Return a slot that runs a command, whatever arguments Qt's signal has."""
        return lambda *_: self._run_and_forget(id_, args)

    def _run_and_forget(self, id_: str, args: dict[str, Any]) -> None:
        self.run(id_, **args)

    def reason(self, id_: str) -> str:
        """Return why a command cannot run now, "" if it can."""
        if self._session is None:
            return ""
        from medviewer.app.commands import blocked

        return say(blocked(self._session, id_) or "")

    def checkable(self, id_: str) -> bool:
        return self._session is not None and _table()[id_].checked is not None

    def checked(self, id_: str) -> bool:
        checked = _table()[id_].checked if self._session is not None else None
        return bool(checked and self._session and checked(self._session))

    def title(self, id_: str) -> str:
        return say(_table()[id_].title) if self._session is not None else ""

    def key(self, id_: str) -> str:
        """Return the first key of a command, as on a keycap."""
        if self._session is None:
            return _FIRST_KEYS.get(id_, "")
        from medviewer.app.commands import keys_of

        keys = keys_of(self._session, id_)
        return key_words(keys[0]) if keys else ""

    def bind(self, centre: QWidget, others: Sequence[QWidget], lists: Sequence[QWidget] = ()) -> None:
        """Make the key map anew: for the window, for `centre` (viewports) and `others` (AI panel, strip), for `lists`.

        `lists`: the worklist's page, then its table, where keys that move act alone; empty while it is not made.
        """
        for old, _ in self._shortcuts:
            old.setEnabled(False)
            old.setParent(None)
            old.deleteLater()
        self._shortcuts.clear()
        for id_, pages, keys in self._keys():
            self._bind(id_, keys["window"], self._window, Qt.ShortcutContext.WindowShortcut, pages)
            for area in (centre, *others) if "reader" in pages else ():
                here = keys["areas"] + (keys["viewport"] if area is centre else [])
                self._bind(id_, here, area, Qt.ShortcutContext.WidgetWithChildrenShortcut, pages)
        if lists:
            self.bind_lists(*lists)

    def bind_lists(self, page: QWidget, table: QWidget) -> None:
        """Add the keys of the worklist's page and of its table, once they are made."""
        for id_, pages, keys in self._keys():
            if "worklist" in pages:
                self._bind(id_, keys["areas"], page, Qt.ShortcutContext.WidgetWithChildrenShortcut, pages)
                self._bind(id_, keys["viewport"], table, Qt.ShortcutContext.WidgetShortcut, pages)

    def _keys(self) -> Iterator[tuple[str, tuple[str, ...], dict[str, list[str]]]]:
        """Yield the id of each command with its pages and its keys, these by where they act."""
        from medviewer.app.command import PAGES_OF
        from medviewer.app.commands import keys_of

        for id_, command in _table().items():
            found: dict[str, list[str]] = {"window": [], "areas": [], "viewport": []}
            for key in keys_of(self.session, id_):
                found[reach(key)].append(key)
            yield id_, PAGES_OF[command.scope], found

    def show_page(self, page: str) -> None:
        """Let the keys of this page act, and of no other."""
        for shortcut, pages in self._shortcuts:
            shortcut.setEnabled(page in pages)

    def _bind(
        self, id_: str, keys: list[str], owner: QWidget, context: Qt.ShortcutContext, pages: tuple[str, ...]
    ) -> None:
        if not keys:
            return
        shortcut = QShortcut(owner)
        shortcut.setKeys([QKeySequence(key, QKeySequence.SequenceFormat.PortableText) for key in keys])
        shortcut.setContext(context)
        shortcut.setAutoRepeat(id_.startswith(REPEATING))
        shortcut.activated.connect(self.act(id_))
        shortcut.setEnabled(self.session.page in pages)
        self._shortcuts.append((shortcut, pages))


def _table() -> "dict[str, Command]":
    from medviewer.app.commands import COMMANDS

    return COMMANDS


class SpaceHeld(QObject):
    """Shows the plain image while Space is held in a viewport; losing the focus counts as letting go."""

    def __init__(self, session: "Session", viewports: Sequence[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._held = session, False
        for viewport in viewports:
            viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            self._hold(False)
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and isinstance(event, QKeyEvent):
            plain_space = event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain_space and not event.isAutoRepeat():
                self._hold(kind == QEvent.Type.KeyPress)
            return plain_space
        return False

    def _hold(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self._session.reader.set_desk(plain=held)
