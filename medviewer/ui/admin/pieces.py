"""What training, comparison and watching share: figures in words, gates with their icons, work aside for dialogs."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Gate
from medviewer.ui.admin.section import CommandButton, _looks
from medviewer.ui.arrange import at_once, column, in_row
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

MINUS = "\u2212"
#: What stands before a gate, by `Gate.ok`.
_GATES = {True: ("check", "accent"), False: ("warning-circle", "danger"), None: ("warning", "warn")}
_ORDER = {False: 0, None: 1, True: 2}


def aside(bridge: "MainThread", work: Callable[[], Any], done: Callable[["Future[Any]"], object]) -> None:
    """Do `work` on the thread that looks at the disk for this page; `done` gets its Future on the window's thread."""
    _looks().submit(work).add_done_callback(bridge.deliver(done))


def answer(bridge: "MainThread", ask: "Callable[[], Future[Any]]", done: "Callable[[Future[Any]], object]") -> None:
    """Ask for something that takes long (`ask`, on that thread, gives its future); `done` gets the one that is over."""

    def asked(future: "Future[Future[Any]]") -> None:
        if future.exception() is not None:
            done(future)
        else:
            future.result().add_done_callback(bridge.deliver(done))

    aside(bridge, ask, asked)


def figure(value: float, digits: int = 3, sign: bool = False) -> str:
    """Return a number with fixed digits, the typographic minus, perhaps a plus; "none" for what is not a number."""
    if not math.isfinite(value):
        return translate("Figures", "none")
    text = f"{abs(value):.{digits}f}"
    negative = value < 0 and float(text) != 0
    return (MINUS if negative else "+" if sign else "") + text


def between(low: float, high: float, digits: int = 3) -> str:
    """Return an interval ("0.90 to 0.94"); nothing for one that is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return translate("Figures", "{0} to {1}").format(figure(low, digits), figure(high, digits))


def count(number: int) -> str:
    """Return a count with thin groups of three ("1 030")."""
    return f"{number:,}".replace(",", " ")


def moment(iso: str) -> str:
    """Return when something was, to the minute, as the reader's clock has it; "" for no time."""
    when = QDateTime.fromString(iso, Qt.DateFormat.ISODate)
    if not when.isValid():
        return iso
    return QLocale().toString(when.toLocalTime(), translate("Figures", "d MMM yyyy, HH:mm", "as in QLocale.toString"))


def duration(seconds: float) -> str:
    """Return a length of time in words ("18 min", "1 h 40 min")."""
    minutes = max(1, round(seconds / 60))
    if seconds < 60:
        return translate("Figures", "less than a minute")
    if minutes < 90:
        return translate("Figures", "{0} min").format(minutes)
    return translate("Figures", "{0} h {1} min").format(minutes // 60, minutes % 60)


class Gates(QWidget):
    """Conditions, each with an icon and its sentence; what fails comes first, then what cannot be told."""

    def __init__(self) -> None:
        super().__init__()
        self._column = column(self, spacing=6)
        self._rows: list[tuple[QWidget, Icon, Label]] = []
        self.gates: tuple[Gate, ...] = ()

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Show these."""
        self.gates = tuple(sorted(gates, key=lambda gate: _ORDER[gate.ok]))
        self.make_rows(len(gates))
        with at_once(self._column):
            for at, (line, icon, words) in enumerate(self._rows):
                if at < len(gates):
                    gate = self.gates[at]
                    icon.show_icon(*_GATES[gate.ok])
                    words.setText(say(gate.text))
                    words.set_colour("text1" if gate.ok is False else "text2")
                    line.setAccessibleName(gate_name(gate))
                line.setVisible(at < len(gates))

    def make_rows(self, count: int) -> None:
        """Have at least so many rows ready; a new one stays hidden until a gate stands in it."""
        while len(self._rows) < count:
            icon, words = Icon("check", 16, "accent"), Label("", 12, "text2", wrap=True)
            line = in_row(icon, spacing=8, grow=words)
            line.hide()
            self._rows.append((line, icon, words))
            self._column.addWidget(line)
            line.ensurePolished()

    @property
    def failed(self) -> str:
        """The sentence of the first condition that fails, "" for none."""
        return next((say(gate.text) for gate in self.gates if gate.ok is False), "")


class NamedButton(CommandButton):
    """A command's button whose arguments name what it is about: nothing need be chosen for it."""

    def refresh(self, reason: str = "") -> None:
        """Say whether it can be used now; `reason` is one that the command does not know of."""
        from medviewer.app.commands import blocked

        reason = reason or say(blocked(self._commander.session, self.id, named=True) or "")
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)


def gate_name(gate: Gate) -> str:
    """Return a gate for a screen reader: what its icon says, and its sentence."""
    said = {
        True: translate("Figures", "Passed: {0}"),
        False: translate("Figures", "Failed: {0}"),
        None: translate("Figures", "Cannot be told: {0}"),
    }
    return said[gate.ok].format(say(gate.text))


def model_title(title: str, version: str) -> str:
    """Return a model with its version ("Haemorrhage triage 1.4")."""
    return f"{say(title)} {version}".strip()
