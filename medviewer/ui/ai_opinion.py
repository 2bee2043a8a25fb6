"""The AI panel's foot, which never scrolls away: what readers think of the result, and the keys for an opinion."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from medviewer.app.opinions import About, OpinionRecord, Verdict
from medviewer.app.session import Session
from medviewer.ui import theme
from medviewer.ui.ai_here import Here
from medviewer.ui.arrange import at_once, column, fill, in_row, line, surface
from medviewer.ui.key_button import KeyButton
from medviewer.ui.opinion_words import who_said
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist.words import plain

GAP = 8
#: Commands of the three answers, and of what goes with an opinion.
ANSWERS = (
    ("opinion.agree", Verdict.AGREE),
    ("opinion.disagree", Verdict.DISAGREE),
    ("opinion.unsure", Verdict.UNSURE),
)
MORE = (("opinion.relabel", Verdict.RELABEL), ("opinion.note", None))
#: Other readers' opinions that are listed; in a small window only the newest one.
OTHERS = 2
#: Characters of a note that are shown in the panel, and in its tooltip.
NOTE, WHOLE_NOTE = 60, 2000


class OpinionSection(QWidget):
    """Hidden while no series is open. `refresh` puts it right for a `Here`; every button is a command."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        self._compact = False
        surface(self, "bg1")
        self.setAccessibleName(translate("Opinion", "Your opinion"))
        title = Label(translate("Opinion", "YOUR OPINION"), 12, "text2", 600)
        self.subject = Label("", 12, "text2")
        self.findings = self._make_findings()
        self.question = Label("", 14, "text1", 500, wrap=True)
        self.spark = Icon("sparkle", 16, "ai")
        self.said = Label("", 12, "text1", wrap=True)
        self.standing = in_row(self.spark, spacing=GAP, grow=self.said)
        self.reason = Label("", 12, "text2", wrap=True)
        self.buttons: dict[str, KeyButton] = {}
        self.answers, self._grid = self._make_buttons(ANSWERS)
        self.more, more = self._make_buttons(MORE)
        for place, (id_, _) in enumerate(MORE):
            more.addWidget(self.buttons[id_], 0, place)
            more.setColumnStretch(place, 1)
        self.foot = Label(
            translate("Opinion", "Kept with your name, the model version and the time."), 12, "text3", wrap=True
        )
        self._divider = line()
        body = QWidget()
        self._body = column(body, (16, 12, 16, 12), GAP)
        fill(self._body, in_row(title, None, self.subject), self.findings, self.question)
        fill(self._body, self.standing, self.reason, self.answers, self.more, self.foot)
        fill(column(self), self._divider, body)
        self._columns = 0
        self.hide()

    def _make_findings(self) -> QComboBox:
        combo = QComboBox()
        combo.setFont(font(13))
        combo.setAccessibleName(translate("Opinion", "What the opinion is about"))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.setIconSize(QSize(16, 16))
        combo.activated.connect(lambda at: self._session.opinions.choose_finding(int(combo.itemData(at))))
        return combo

    def _make_buttons(self, rows: tuple[tuple[str, Verdict | None], ...]) -> tuple[QWidget, QGridLayout]:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        for id_, _ in rows:
            self.buttons[id_] = KeyButton()
            self.buttons[id_].clicked.connect(self._commander.act(id_))
        return holder, grid

    def set_compact(self, compact: bool) -> None:
        """One row of keys in a small window; another label and the note by their keys only."""
        self._compact = compact
        for button in self.buttons.values():
            button.set_tight(compact)
        self._arrange()

    # -- what it says

    def refresh(self, here: Here) -> None:
        """Say what an opinion would be about, who has given one, and whether one can be given now."""
        if here.stack is not None and self._session.page != "reader":
            return  # on the other pages an opinion is about something that is not in this panel
        self.setVisible(here.stack is not None)
        if here.stack is None:
            return
        about = self._session.opinions.about()
        reason = self._commander.reason("opinion.agree")
        first, shown = bool(about and about.first), self._session.reader.ai.shown
        with at_once(self._body):
            self._say_subject(about, here)
            self._list_findings(about if shown else None)
            self.question.setText(_question(about) if first else "")
            self.question.setVisible(first)
            self._say_standing(about if shown and not first and not reason else None)
            self.reason.setText(reason)
            self.reason.setVisible(bool(reason))
            self._show_buttons(about, first)
            self.more.setVisible(not first and not self._compact)
            self.foot.setVisible(not self._compact and self.findings.isHidden() and not (about and about.mine))
            self._arrange()

    def _say_subject(self, about: About | None, here: Here) -> None:
        text = translate("Opinion", "On this study")
        if about is not None and about.finding is not None:
            one = here.stack is not None and len(here.stack) == 1
            text = translate("Opinion", "On the finding at slice {0}").format(here.index + 1)
            text = translate("Opinion", "On the finding in this image") if one else text
        self.subject.setText(text)

    def _list_findings(self, about: About | None) -> None:
        """Offer the study and each finding of the image on the screen, the highest score first."""
        findings = sorted(about.findings, key=lambda f: -f.score) if about else []
        self.findings.setVisible(bool(findings))
        items = [(0, translate("Opinion", "This study"))]
        words = translate("Opinion", "Finding {0} of {1}, AI score {2}")
        items += [(f.id, words.format(at, len(findings), f"{f.score:.2f}")) for at, f in enumerate(findings, 1)]
        combo = self.findings
        if items != [(combo.itemData(at), combo.itemText(at)) for at in range(combo.count())]:
            combo.clear()
            for id_, text in items:
                combo.addItem(theme.icon("sparkle", 16, "ai") if id_ else QIcon(), text, id_)
        chosen = about.finding.id if about and about.finding else 0
        combo.setCurrentIndex(combo.findData(chosen))

    def _say_standing(self, about: About | None) -> None:
        """Say who thinks what; as long as nobody has said anything it is AI, unverified."""
        self.standing.setVisible(about is not None)
        if about is None:
            return
        opinions = [*([about.mine] if about.mine else []), *about.others]
        me, most, note = self._session.opinions.reader, 1 if self._compact else 1 + OTHERS, 0 if self._compact else NOTE
        rest = max(len(opinions) - most, 0)
        lines = [_said(o, me, note, rest if at == most - 1 else 0) for at, o in enumerate(opinions[:most])]
        self.said.setText("\n".join(lines) or translate("Opinion", "AI, unverified. No opinion yet."))
        self.said.setToolTip("\n".join(_said(opinion, me, WHOLE_NOTE) for opinion in opinions))
        self.spark.setVisible(not opinions)

    def _show_buttons(self, about: About | None, first: bool) -> None:
        titles = {
            "opinion.agree": translate("Opinion", "Present") if first else translate("Opinion", "Agree"),
            "opinion.disagree": translate("Opinion", "Absent") if first else translate("Opinion", "Disagree"),
            "opinion.unsure": translate("Opinion", "Unsure"),
            "opinion.relabel": translate("Opinion", "Other label"),
            "opinion.note": translate("Opinion", "Add a note"),
        }
        mine = about.mine if about is not None and not first else None
        if mine is not None and mine.note:
            titles["opinion.note"] = translate("Opinion", "Change the note")
        for id_, verdict in (*ANSWERS, *MORE):
            button, reason = self.buttons[id_], self._commander.reason(id_)
            button.say(titles[id_], self._commander.key(id_))
            button.setEnabled(not reason)
            button.setToolTip(reason or self._commander.title(id_))
            button.show_chosen(mine is not None and mine.verdict is verdict)

    # -- laying out

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the three answers beside each other where their words fit, else two in a row."""
        buttons = [self.buttons[id_] for id_, _ in ANSWERS]
        room = self.width() - 32 - 2 * GAP
        columns = 3 if sum(button.needed() for button in buttons) <= room else 2
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate(buttons):
            self._grid.addWidget(button, place // columns, place % columns)
        for place in range(3):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)


def _question(about: About | None) -> str:
    finding = plain(say(about.reading.finding), 80) if about and about.reading else ""
    whole, bare = translate("Opinion", "Your reading first: {0}?"), translate("Opinion", "Your reading first?")
    return whole.format(finding) if finding else bare


def _said(opinion: OpinionRecord, me: str, note: int, more: int = 0) -> str:
    """Return one opinion as a sentence, with so many characters of its note, and how many `more` there are."""
    text = who_said(opinion, me)
    if more:
        text += " " + translate("Opinion", "(and {0} more)").format(more)
    if opinion.note and note:
        text += "\n" + translate("Opinion", "Note: {0}").format(plain(opinion.note, note))
    return text
