"""The model library: every version of every model, which one is in use, and the acts that made it so."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from medviewer.app.admin.records import Version
from medviewer.ui.admin.cards import Card, Cell, CellList, Chip, Facts, scrolling
from medviewer.ui.admin.pieces import moment
from medviewer.ui.admin.section import CommandButton, Section
from medviewer.ui.admin.words import NAME, version_words
from medviewer.ui.arrange import column, fill, in_row, line, row
from medviewer.ui.controls import Button
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist.line import Item, Items
from medviewer.ui.worklist.words import plain

SIDE, SIDE_SMALL = 400, 380
#: Acts of a model that are listed.
ACTS = 50
#: The card of lighter copies, where there is one: `LightCard(section)` with `show_version(version)`.
LIGHT = "medviewer.ui.admin.light_card"


@dataclass(frozen=True)
class Line:
    """A version; `before`: the version that going back from it leads to, "" where there is none."""

    version: Version
    before: str = ""
    used: bool = True  # some version of this model is in use

    @property
    def id(self) -> str:
        return f"{self.version.model} {self.version.version}"


@dataclass(frozen=True)
class Seen:
    """One look."""

    lines: tuple[Line, ...]
    history: dict[str, tuple[dict[str, Any], ...]]
    problems: tuple[str, ...] = ()


class ModelLibrarySection(Section):
    """The section; commands act on the chosen version ("name version")."""

    name = "models"

    def heading(self) -> tuple[str, str]:
        about = translate("Admin", "Every next analysis is made with the version in use and names it.")
        return translate("Admin", "Model library"), about

    def parts(self) -> Iterator[tuple[QWidget, int] | None]:
        self._seen = Seen((), {})
        self.bring = CommandButton(
            self.commander, "model.import", translate("Admin", "Import a model…"), "download-simple"
        )
        self.head.add(self.bring)
        self.trouble = Label("", 13, "warn", wrap=True)
        yield self.trouble, 0
        self.table: CellList[Line] = CellList(translate("Admin", "Versions"), _heads())
        self.table.chosen.connect(lambda line: self.admin.choose(self.name, line.id))
        yield None
        self._make_deeds()
        yield None
        self.detail = self._make_detail()
        yield None
        self.below = QWidget()
        beside = row(self.below, spacing=16)
        beside.addWidget(self.table, 1)
        beside.addWidget(self.detail)
        yield self.below, 1

    def _make_deeds(self) -> None:
        self.back = CommandButton(self.commander, "model.roll_back", "", "arrow-counter-clockwise", args=self._model)
        self.use = CommandButton(
            self.commander, "model.roll_back", translate("Admin", "Use this version again"), "check", args=self._version
        )
        self.first = CommandButton(
            self.commander, "model.first_use", translate("Admin", "Take it into use…"), "check", args=self._version
        )
        self.compare = Button(translate("Admin", "Compare it with the version in use…"), icon="scales")
        self.compare.clicked.connect(lambda _=False: self._compare())
        deed = CommandButton
        self.card = deed(
            self.commander, "model.card", translate("Admin", "Model card"), "identification-card", args=self._version
        )
        self.export = deed(
            self.commander, "model.export", translate("Admin", "Export…"), "upload-simple", args=self._version
        )
        self.remove = deed(self.commander, "model.remove", translate("Admin", "Remove…"), args=self._version)
        self.deeds: tuple[CommandButton, ...] = (
            self.back,
            self.use,
            self.first,
            self.card,
            self.export,
            self.remove,
            self.bring,
        )

    def _make_detail(self) -> QWidget:
        self.state = Chip()
        card = Card("", self.state)
        self.facts = Facts(104)
        self.why_stays = Label("", 12, "text2", wrap=True)
        self.acts_head = Label(translate("Admin", "WHAT WAS DONE"), 12, "text2", 600)
        self.acts, self.no_acts = Items(), Label("", 12, "text2", wrap=True)
        body = QWidget()
        layout = column(body, (0, 0, 8, 0), 8)
        deeds = (self.back, self.use, self.first, self.compare, self.card)
        fill(layout, self.facts, 4, *deeds, in_row(self.export, self.remove, None), self.why_stays)
        self.light: Any = None
        if importlib.util.find_spec(LIGHT) is not None:
            from importlib import import_module

            self.light = import_module(LIGHT).LightCard(self)
            fill(layout, 4, line(), 4, self.light)
        fill(layout, 4, line(), 4, self.acts_head, self.acts, self.no_acts, None)
        card.add_reading(scrolling(body, translate("Admin", "About this version"), "bg1"))
        self.about = card
        return card

    def _model(self) -> dict[str, Any]:
        return {"model": self.chosen.partition(" ")[0]}

    def _version(self) -> dict[str, Any]:
        model, _, version = self.chosen.partition(" ")
        return {"model": model, "version": version}

    # -- looking

    def listen(self) -> None:
        self.hear(self.admin.versions.changed)
        self.hear(self.admin.chosen_changed, lambda name: self._follow() if name == self.name else None)

    def refresh(self) -> None:
        versions = self.admin.versions

        def look() -> Seen:
            versions.refresh()
            found = versions.all()
            names = sorted({each.model for each in found})
            before = {name: model.card.version for name in names if (model := versions.before(name)) is not None}
            used = {each.model for each in found if each.state == "in use"}
            lines = tuple(Line(each, before.get(each.model, ""), each.model in used) for each in found)
            return Seen(lines, {name: versions.history(name)[:ACTS] for name in names}, versions.problems)

        self.look(look, self._show, name="versions", slow=translate("Admin", "Reading the models"))

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        for button in self.deeds:
            button.refresh()
        self.trouble.setText("\n".join(map(say, seen.problems)))
        self.trouble.setVisible(bool(seen.problems))
        if not seen.lines:
            bring = translate("Admin", "Import a model…"), self.commander.act("model.import")
            self.show_instead(translate("Admin", "There is no model here. Import one."), bring)
            return
        if self._line() is None:
            first = next((each for each in seen.lines if each.version.state == "in use"), seen.lines[0])
            self.admin.choose(self.name, first.id)
        self.show_content()
        self.table.show_things(seen.lines, _cells, lambda each: each.id == self.chosen)
        self._follow()

    def _line(self) -> Line | None:
        return next((each for each in self._seen.lines if each.id == self.chosen), None)

    def _follow(self) -> None:
        """Show the chosen version, and what can be done with it."""
        found = self._line()
        if found is None:
            return
        at = self._seen.lines.index(found)
        if self.table.currentIndex().row() != at:
            self.table.selectRow(at)
        version = found.version
        in_use, candidate = version.state == "in use", version.state == "candidate"
        self.about.say(say(plain(version.title, NAME)))
        self.state.say(*_state(version.state))
        self.facts.show_facts(
            (
                (translate("Admin", "Version"), version.version),
                (translate("Admin", "Name"), version.model),
                (translate("Admin", "Came from"), _origin(version)),
                (translate("Admin", "Since"), moment(version.since)),
                (translate("Admin", "By"), plain(version.by, NAME)),
                (translate("Admin", "Reason"), plain(version.reason)),
                (translate("Admin", "Weights"), version.sha256[:16]),
            )
        )
        self.back.setText(translate("Admin", "Go back to {0}").format(found.before))
        shown = {
            self.back: in_use and bool(found.before),
            self.use: not in_use and not candidate and found.used,
            self.first: not in_use and not found.used,
            self.compare: candidate and found.used,
            self.remove: not in_use and not candidate and not version.shipped,
        }
        for button, there in shown.items():
            button.setVisible(there)
        self.why_stays.setText(_why_stays(version))
        self.why_stays.setVisible(bool(self.why_stays.text()))
        for deed in self.deeds:
            deed.refresh()
        self._show_acts(version.model)
        if self.light is not None:
            self.light.show_version(version)

    def _show_acts(self, model: str) -> None:
        acts = self._seen.history.get(model, ())
        self.acts.show_items([act_item(act) for act in acts])
        none = translate("Admin", "Nothing yet: the version that came with the program is in use.")
        self.no_acts.setText("" if acts else none)
        self.no_acts.setVisible(not acts)

    def _compare(self) -> None:
        found = self._line()
        if found is not None:
            challenger = found.version.run or found.id
            self.admin.show("compare")
            self.commander.run("compare.new", challenger=challenger)

    # -- room

    def fit(self, width: int, compact: bool) -> None:
        self.detail.setFixedWidth(SIDE_SMALL if compact else SIDE)
        self.table.set_widths((0, 130, 150, 190 if compact else 230))

    def regions(self) -> tuple[QWidget, ...]:
        if not self.ready or not self.content.isVisible():
            return super().regions()
        return self.head, self.table, self.detail

    def opening(self) -> QWidget:
        return self.table


def _heads() -> tuple[str, ...]:
    return (
        translate("Admin", "Model"),
        translate("Admin", "State"),
        translate("Admin", "Came from"),
        translate("Admin", "Since"),
    )


def _state(state: str) -> tuple[str, str, str]:
    """Return word, tone and icon of a version's state."""
    return {
        "in use": (translate("Admin", "In use"), "accent", "check-circle"),
        "candidate": (translate("Admin", "Candidate"), "plain", "circle-dashed"),
    }.get(state, (translate("Admin", "Kept"), "plain", "stack"))


def _origin(version: Version) -> str:
    if version.shipped:
        return translate("Admin", "the program")
    return translate("Admin", "a run here") if version.run else translate("Admin", "outside")


def _why_stays(version: Version) -> str:
    """Return why a version cannot be removed, where no button says so."""
    if version.state == "in use":
        return translate("Admin", "A version in use cannot be removed.")
    if version.state == "candidate":
        return translate("Admin", "A candidate is removed with its run.")
    return translate("Admin", "It came with the program and stays.") if version.shipped else ""


def _cells(each: Line) -> tuple[Cell, ...]:
    version = each.version
    word, _, icon = _state(version.state)
    name = say(plain(version.title, NAME))
    return (
        Cell((f"{name}, {version_words(version.version)}", version.model), strong=True),
        Cell((word,), icon=icon, strong=version.state == "in use"),
        Cell((_origin(version),)),
        Cell((moment(version.since), plain(version.by, NAME))),
    )


def act_item(act: dict[str, Any]) -> Item:
    """Return an act on a model in two lines: what was done; who, when and why."""
    before = act.get("before")
    old = str(before.get("version", "")) if isinstance(before, dict) else ""
    version = str(act.get("version", ""))
    words = {
        "promote": translate("Admin", "{0} promoted in place of {1}") if old else translate("Admin", "{0} promoted"),
        "roll_back": translate("Admin", "Back to {0} from {1}") if old else translate("Admin", "Back to {0}"),
        "import": translate("Admin", "{0} imported"),
    }.get(str(act.get("kind", "")), "{0}")
    parts = (plain(str(act.get("who", "")), NAME), moment(str(act.get("at", ""))), plain(str(act.get("reason", ""))))
    icons = {"promote": "arrow-fat-line-up", "roll_back": "arrow-counter-clockwise", "import": "download-simple"}
    icon = icons.get(str(act.get("kind", "")), "info")
    return Item(words.format(version, old), ", ".join(part for part in parts if part), icon)


SECTION = ModelLibrarySection
