"""What can be done with the chosen study: an opinion with one key, open, assign, mark as read, urgency."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QMenu, QWidget

from medviewer.app.session import Session
from medviewer.app.worklist import StudyRow, Urgency, Verdict
from medviewer.ui.arrange import column, fill, row, surface
from medviewer.ui.key_button import KeyButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.toolbar import MenuButton
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label
from medviewer.ui.worklist import menu, words
from medviewer.ui.worklist.line import head

#: Opinion commands -> the verdict that each gives (None: a note).
OPINIONS: dict[str, Verdict | None] = {
    "opinion.agree": Verdict.AGREE,
    "opinion.disagree": Verdict.DISAGREE,
    "opinion.unsure": Verdict.UNSURE,
    "opinion.relabel": Verdict.RELABEL,
    "opinion.note": None,
}


class UrgencyButton(MenuButton):
    """Shows how urgent the study is, and lets it be said otherwise."""

    def __init__(self, commander: Commander) -> None:
        super().__init__("clock", translate("Worklist", "Urgency"), commander)
        self.now = Urgency.ROUTINE

    def show_urgency(self, value: Urgency) -> None:
        """Show an urgency."""
        self.now = value
        icon, _, _, word = words.urgency(value)
        self.show_choice(icon or "clock", translate("Worklist", "Urgency: {0}").format(word))

    def fill_menu(self, menu_: QMenu) -> None:
        menu.add_urgencies(menu_, self._commander, self.now)


class PrimaryKey(KeyButton):
    """The one filled button: words and key on the accent."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("kind", "primary")
        self.words.setFont(font(14, 600))
        self.words.setForegroundRole(QPalette.ColorRole.WindowText)  # inside a button a label takes the button's
        self._show_words()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._show_words()

    def _show_words(self) -> None:
        self.words.set_colour("on_accent" if self.isEnabled() else "off")


class Foot(QWidget):
    """Stays at the bottom while the rest scrolls."""

    def __init__(self, session: Session, commander: Commander) -> None:
        super().__init__()
        self._session, self._commander = session, commander
        surface(self, "bottom")
        self.buttons = {id_: self._button(id_, "") for id_ in OPINIONS}
        self.question = Label("", 13, "text1", 500, wrap=True)
        self.why_not = Label("", 12, "text2", wrap=True)
        self.why_not.setContentsMargins(0, 8, 0, 0)
        self.open = PrimaryKey(translate("Worklist", "Open study"))
        self.open.clicked.connect(commander.act("worklist.open"))
        self.assign = self._button("worklist.assign", translate("Worklist", "Assign to me"))
        self.read = self._button("worklist.mark_read", translate("Worklist", "Mark as read"))
        self.urgency = UrgencyButton(commander)
        first, second, third = (self.buttons[id_] for id_ in list(OPINIONS)[:3])
        fourth, fifth = (self.buttons[id_] for id_ in list(OPINIONS)[3:])
        layout = column(self, (20, 12, 20, 16))
        fill(layout, head(translate("Worklist", "YOUR OPINION")), 8, self.question, _even(first, second), 8)
        fill(layout, _even(third, fourth, fifth), self.why_not, 12)
        fill(layout, self.open, 8, _even(self.assign, self.read), 8)
        layout.addWidget(self.urgency, 0, Qt.AlignmentFlag.AlignLeft)

    def _button(self, id_: str, text: str) -> KeyButton:
        button = KeyButton(text)
        button.clicked.connect(self._commander.act(id_))
        return button

    def show_row(self, study: StudyRow) -> None:
        """Show what can be done with a study, and why something cannot."""
        self._show_opinion(study)
        self._refresh("worklist.open", self.open)
        give_back, take = translate("Worklist", "Give back"), translate("Worklist", "Assign to me")
        mine = study.assigned_to == self._session.opinions.reader
        self._refresh("worklist.assign", self.assign, give_back if mine else take)
        unread, read = translate("Worklist", "Mark as unread"), translate("Worklist", "Mark as read")
        self._refresh("worklist.mark_read", self.read, unread if study.read_at is not None else read)
        self.urgency.show_urgency(study.urgency)
        why_not = self._commander.reason("worklist.urgency")
        self.urgency.setEnabled(not why_not)
        self.urgency.setToolTip(why_not or translate("Worklist", "Urgency"))

    def _show_opinion(self, study: StudyRow) -> None:
        """Show which opinion stands; where the reader answers before AI is shown, ask in other words."""
        about = self._session.opinions.about()
        here = about if about is not None and about.study_id == study.id else None
        first = here is not None and here.first
        mine = here.mine if here is not None and not first else None
        reasons = []
        for id_, text in opinion_words(first).items():
            reasons.append(self._refresh(id_, self.buttons[id_], text))
            self.buttons[id_].show_chosen(mine is not None and OPINIONS[id_] is mine.verdict)
        self.question.setText(translate("Worklist", "Your reading first: is it there?") if first else "")
        self.question.setVisible(first)
        self.why_not.setText(reasons[0])
        self.why_not.setVisible(bool(reasons[0]))

    def _refresh(self, id_: str, button: KeyButton, text: str = "") -> str:
        """Say whether a command can run now; return why not."""
        reason = self._commander.reason(id_)
        button.say(text or button.words.text(), self._commander.key(id_))
        button.setEnabled(not reason)
        button.setToolTip(self._commander.title(id_) + (f"\n{reason}" if reason else ""))
        return reason


def opinion_words(first: bool) -> dict[str, str]:
    """Return the words on the opinion buttons; `first`: the reader has not seen what AI says."""
    return {
        "opinion.agree": translate("Opinion", "Present") if first else translate("Opinion", "Agree"),
        "opinion.disagree": translate("Opinion", "Absent") if first else translate("Opinion", "Disagree"),
        "opinion.unsure": translate("Opinion", "Unsure"),
        "opinion.relabel": translate("Worklist", "Other"),
        "opinion.note": translate("Worklist", "Note"),
    }


def _even(*buttons: KeyButton) -> QWidget:
    """Return buttons beside each other that share the width."""
    holder = QWidget()
    layout = row(holder, spacing=8)
    for button in buttons:
        layout.addWidget(button, 1)
    return holder
