"""The audit log: the newest deeds with who did them, a filter, and the check of the whole chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from medviewer.app.worklist import StudyRow
from medviewer.core.jobs import Job, State
from medviewer.ui.admin.audit_words import deed_icon, deed_words, detail_words
from medviewer.ui.admin.cards import Card, Cell, CellList
from medviewer.ui.admin.pieces import moment
from medviewer.ui.admin.section import CommandButton, Section
from medviewer.ui.admin.words import NAME
from medviewer.ui.agreement.tables import count_words, study_words
from medviewer.ui.arrange import in_row
from medviewer.ui.controls import Button
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist.words import plain

#: Entries that are listed; milliseconds after the last letter before the filter takes effect.
MOST, TYPING_MS = 1000, 150


class Entry(Protocol):
    """What is shown of an entry of the audit."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def study_id(self) -> int | None: ...
    @property
    def details(self) -> dict[str, Any]: ...


class Source(Protocol):
    """The part of the library that is used here."""

    def audit_entries(self, *, since: int = 0, most: int = 1000) -> Sequence[Entry]: ...

    def rows(self, study_ids: list[int]) -> dict[int, StudyRow]: ...


@dataclass(frozen=True)
class Line:
    """One entry with its study (None: about none, or not in the library any more)."""

    entry: Entry
    study: StudyRow | None = None


class AuditSection(Section):
    """Nothing here changes anything but that the check is entered too."""

    name = "audit"

    def heading(self) -> tuple[str, str]:
        about = translate("Admin", "Who did what and when. Each entry holds the hash of the one before it.")
        return translate("Admin", "Audit log"), about

    def parts(self) -> Iterator[tuple[QWidget, int]]:
        self._lines: tuple[Line, ...] = ()
        self._reader = ""
        self.field = QLineEdit()
        self.field.setFont(font(13))
        self.field.setFixedWidth(240)
        self.field.setPlaceholderText(translate("Admin", "Find a person, a deed, a model"))
        self.field.setAccessibleName(translate("Admin", "Find a person, a deed, a model"))
        self.field.setClearButtonEnabled(True)
        self.verify = CommandButton(
            self.commander, "library.verify_audit", translate("Admin", "Check the chain"), "check-circle"
        )
        self.head.add(self.field, self.verify)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.answer_icon, self.answer = Icon("info", 16, "text2"), Label("", 13, "text1", wrap=True)
        self.said = in_row(self.answer_icon, spacing=8, grow=self.answer)
        self.said.hide()
        yield self.said, 0
        self.count = Label("", 12, "text2")
        self.list = Card(translate("Admin", "ENTRIES, NEWEST FIRST"), self.count, section=True)
        self.table: CellList[Line] = CellList(translate("Admin", "Entries of the audit"), _heads(), frozenset({0}))
        self.none = Label(translate("Admin", "No entry fits these words."), 13, "text2")
        self.clear = Button(translate("Admin", "Clear the filter"), "link")
        self.clear.clicked.connect(lambda _=False: self.field.clear())
        self.nothing = in_row(self.none, self.clear, None, spacing=12)
        self.list.column.addWidget(self.nothing)
        self.list.column.addWidget(self.table, 1)
        yield self.list, 1

    # -- looking

    def listen(self) -> None:
        self.hear(self.session.shelf.changed)
        self.hear(self.session.shelf.troubled)
        self.hear(self.session.jobs.changed, self._job_changed, by=lambda job: job.id)
        self.hear(self.session.reader.changed, lambda name: self._filter() if name == "names_hidden" else None)

    def refresh(self) -> None:
        def look(library: Source) -> tuple[Line, ...]:
            entries = library.audit_entries(most=MOST)
            numbers = sorted({each.study_id for each in entries if each.study_id is not None})
            rows = library.rows(numbers) if numbers else {}
            return tuple(Line(each, rows.get(each.study_id or 0)) for each in reversed(entries))

        self.verify.refresh()
        self.wait(self.session.shelf.read(look), self._show, name="audit", slow=translate("Admin", "Reading the audit"))

    def _show(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        if not lines:
            self.show_instead(translate("Admin", "Nothing has been done yet that the audit keeps."))
            return
        self.show_content()
        self._filter()

    def _filter(self) -> None:
        """List the entries that have all the words of the field in them."""
        hidden = self.session.reader.names_hidden
        wanted = self.field.text().casefold().split()
        shown = [line for line in self._lines if _fits(line, wanted, hidden)] if wanted else list(self._lines)
        current = self.table.thing
        seq = current.entry.seq if current is not None else 0
        self.table.show_things(shown, lambda line: _cells(line, hidden), lambda line: line.entry.seq == seq)
        some = translate("Admin", "{0} of {1} entries")
        words = some.format(count_words(len(shown)), count_words(len(self._lines)))
        every = _entries(len(shown))
        newest = translate("Admin", "the newest {0} entries").format(count_words(len(shown)))
        self.count.setText(words if wanted else newest if len(shown) >= MOST else every)
        self.table.setVisible(bool(shown))
        self.nothing.setVisible(not shown)

    def _job_changed(self, job: Job) -> None:
        """Say what the check of the chain found."""
        if job.kind != "audit":
            return
        if not job.state.final:
            self._say("hourglass-medium", "text2", translate("Admin", "Checking every entry of the chain."))
        elif job.state is State.DONE:
            good = bool(job.result.ok)
            self._say("check-circle" if good else "warning-circle", "accent" if good else "danger", _found(job.result))
        else:
            self._say("warning-circle", "danger", say(job.sentence))

    def _say(self, icon: str, colour: str, words: str) -> None:
        self.answer_icon.show_icon(icon, colour)
        self.answer.setText(words)
        self.said.setVisible(bool(words))

    # -- room

    def fit(self, width: int, compact: bool) -> None:
        self.table.set_widths((72, 150 if compact else 180, 150 if compact else 200, 0, 300 if compact else 420))

    def regions(self) -> tuple[QWidget, ...]:
        if not self.ready or not self.content.isVisible():
            return super().regions()
        return self.head, self.list

    def opening(self) -> QWidget:
        return self.table


def _heads() -> tuple[str, ...]:
    return (
        translate("Admin", "No."),
        translate("Admin", "When"),
        translate("Admin", "Who"),
        translate("Admin", "What"),
        translate("Admin", "Study or model"),
    )


def _cells(line: Line, hidden: bool) -> tuple[Cell, ...]:
    entry = line.entry
    what, more = deed_words(entry.what), detail_words(entry.what, entry.details)
    return (
        Cell((str(entry.seq),), right=True),
        Cell((moment(entry.at),)),
        Cell((plain(entry.who, NAME) or translate("Admin", "nobody named"),)),
        Cell((what, more), icon=deed_icon(entry.what), strong=True),
        Cell(_about(line, hidden)),
    )


def _about(line: Line, hidden: bool) -> tuple[str, ...]:
    """Return what an entry is about: a study, a model with its version, or a data set."""
    if line.study is not None:
        return study_words(line.study, hidden)
    details = line.entry.details
    if line.entry.study_id is not None:
        return (translate("Admin", "Study {0}, not in the library any more").format(line.entry.study_id),)
    if details.get("model"):
        return (plain(f"{details['model']} {details.get('version') or ''}".strip(), NAME),)
    if details.get("dataset"):
        return (translate("Admin", "Data set {0}").format(plain(str(details["dataset"]), NAME)),)
    return ("",)


def _fits(line: Line, wanted: list[str], hidden: bool) -> bool:
    text = " ".join(cell.words for cell in _cells(line, hidden)).casefold()
    return all(word in text for word in wanted)


def _entries(count: int) -> str:
    one, more = translate("Library", "1 entry"), translate("Library", "{0} entries")
    return one if count == 1 else more.format(count_words(count))


def _found(found: Any) -> str:
    """Return what the check found, in one sentence."""
    count = _entries(found.entries)
    if found.ok:
        return translate("Library", "{0}: none was changed, removed or moved.").format(count)
    first = say(found.problems[0].sentence) if found.problems else ""
    return " ".join((translate("Library", "{0}: something does not fit.").format(count), first)).strip()


SECTION = AuditSection
