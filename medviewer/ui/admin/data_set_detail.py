"""All about the chosen data set: where it comes from, its parts by patient, classes, ages and sexes, and its looks."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from medviewer.core.datasets import DataSet
from medviewer.ui.admin.cards import Card, Chip, Facts, scrolling
from medviewer.ui.admin.data_bars import Groups, PartsBars
from medviewer.ui.admin.pieces import moment
from medviewer.ui.admin.words import (
    NAME,
    ages,
    pictures_words,
    sexes,
    share_words,
    source_words,
    split_words,
    target_words,
    version_words,
)
from medviewer.ui.agreement.tables import count_words
from medviewer.ui.arrange import column, fill, in_row, line
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist.words import plain


class DetailCard(Card):
    """The card at the left under the table; it scrolls where there is no room."""

    def __init__(self) -> None:
        self.state = Chip()
        super().__init__(translate("Admin", "About this data set"), self.state)
        self.facts, self.bars = Facts(104), PartsBars()
        self.ages, self.sexes = Groups(), Groups()
        self.ages_head = Label(translate("Admin", "AGE IN YEARS"), 12, "text2", 600)
        self.sexes_head = Label(translate("Admin", "SEX"), 12, "text2", 600)
        self.unknown = Label("", 12, "text2", wrap=True)
        self.names, self.looked = Label("", 12, "text2", wrap=True), Label("", 12, "text2", wrap=True)
        legend = translate("Admin", "Filled: positive. Patients are never in two parts.")
        parts = Label(translate("Admin", "PARTS BY PATIENT"), 12, "text2", 600)
        body = QWidget()
        layout = column(body, (0, 0, 8, 0), 8)
        fill(layout, self.facts, 4, line(), 4, parts, self.bars, Label(legend, 12, "text2", wrap=True))
        self.who = in_row(_column(self.sexes_head, self.sexes), spacing=16)
        beside = self.who.layout()
        assert isinstance(beside, QHBoxLayout)
        beside.insertWidget(0, _column(self.ages_head, self.ages), 1)
        self.sexes.setFixedWidth(96)
        fill(layout, 4, line(), 4, self.who, self.unknown)
        checks = (
            in_row(Icon("check", 14, "accent"), spacing=8, grow=self.names),
            in_row(Icon("eye", 14, "text2"), spacing=8, grow=self.looked),
        )
        fill(layout, 4, line(), 4, *checks, None)
        self.add_reading(scrolling(body, translate("Admin", "About this data set"), "bg1"))

    def show_dataset(self, dataset: DataSet, looks: int, before: str) -> None:
        """Show a data set; `looks`: how often its locked part was looked at, `before`: the version it came from."""
        facts, kept = dataset.facts, dataset.kept
        if facts.frozen:
            self.state.say(translate("Admin", "Frozen"), "accent", "lock-key")
        else:
            self.state.say(translate("Admin", "Can be changed"), "plain", "note-pencil")
        positives = sum(row.positive for row in kept)
        out = len(dataset.rows) - len(kept)
        self.facts.show_facts(
            (
                (translate("Admin", "Version"), _version(dataset, before)),
                (translate("Admin", "From"), source_words(dataset)),
                (translate("Admin", "Made"), _made(dataset)),
                (translate("Admin", "Pictures"), _count(len(kept), out)),
                (translate("Admin", "Positive"), _positives(dataset, positives, len(kept))),
                (translate("Admin", "Split"), split_words(dataset)),
                (translate("Admin", "Hash"), facts.sha256[:16]),
            )
        )
        self.bars.show_counts(dataset.counts())
        self._groups(dataset)
        self.names.setText(translate("Admin", "No names in it: patients and pictures are numbers here."))
        once = translate("Admin", "The locked test part was looked at once.")
        more = translate("Admin", "The locked test part was looked at {0} times.").format(looks)
        never = translate("Admin", "Nobody has looked at the locked test part yet.")
        self.looked.setText(never if not looks else once if looks == 1 else more)

    def _groups(self, dataset: DataSet) -> None:
        of_age, of_sex = ages(dataset.kept), sexes(dataset.kept)
        self.ages.show_groups(translate("Admin", "Ages in years"), of_age)
        self.sexes.show_groups(translate("Admin", "Sexes"), of_sex)
        for widget, there in (
            (self.ages_head, bool(of_age)),
            (self.ages, bool(of_age)),
            (self.sexes_head, bool(of_sex)),
            (self.sexes, bool(of_sex)),
        ):
            widget.setVisible(there)
        self.who.setVisible(bool(of_age or of_sex))
        both = translate("Admin", "Ages and sexes are not known.")
        age, sex = translate("Admin", "Ages are not known."), translate("Admin", "Sexes are not known.")
        self.unknown.setText(both if not of_age and not of_sex else age if not of_age else sex if not of_sex else "")
        self.unknown.setVisible(bool(self.unknown.text()))


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    fill(column(holder, spacing=8), *widgets)
    return holder


def _version(dataset: DataSet, before: str) -> str:
    words = str(dataset.facts.version)
    return words + (", " + translate("Admin", "made from {0}").format(version_words(before)) if before else "")


def _made(dataset: DataSet) -> str:
    by = plain(dataset.facts.by, NAME)
    when = moment(dataset.facts.made)
    return translate("Admin", "{0} by {1}").format(when, by) if by else when


def _count(kept: int, out: int) -> str:
    words = pictures_words(kept)
    return words + (", " + translate("Admin", "{0} left out").format(count_words(out)) if out else "")


def _positives(dataset: DataSet, positives: int, of: int) -> str:
    words = translate("Admin", "{0} ({1}), {2}")
    return words.format(count_words(positives), share_words(positives, of) or "0 %", target_words(dataset, True))
