"""What readers did to a study, and the whole row as one sentence for a screen reader and for the tooltip."""

from dataclasses import dataclass
from datetime import datetime

from medviewer.app.worklist import StudyRow, Verdict
from medviewer.ui.opinion_words import ICONS
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist import words
from medviewer.ui.worklist.ai_words import AiLook, ai_look
from medviewer.ui.worklist.words import plain


@dataclass(frozen=True)
class Said:
    """One fact about a row's state: an icon ("" for none), its colour, and words."""

    icon: str
    colour: str
    words: str


def state(row: StudyRow, me: str, current: bool = False) -> tuple[Said, ...]:
    """Return what is to be said of a study's state, the most important first; never empty.

    `me`: name of the reader; `current`: the study is in the reader's active viewport.
    """
    said = []
    if row.trouble:
        said.append(Said("warning", "warn", plain(say(row.trouble))))
    if current:
        said.append(Said("eye", "text1", translate("Worklist", "Open in the reader")))
    said.append(_read(row, me))
    if row.opinion is not None:
        said.append(opinion(row.opinion, row.opinion_by, row.opinion_label, me))
    if row.place is not None:
        mine, other = translate("Worklist", "moved by you"), translate("Worklist", "moved by {0}")
        said.append(Said("push-pin", "accent", _by(row.placed_by, me, mine, other)))
    if row.assigned_to:
        mine, other = translate("Worklist", "assigned to you"), translate("Worklist", "assigned to {0}")
        said.append(Said("user-circle", "text2", _by(row.assigned_to, me, mine, other)))
    return tuple(said)


def _by(name: str, me: str, mine: str, other: str) -> str:
    return mine if name == me else other.format(plain(name, 60) or translate("Worklist", "another reader"))


def _read(row: StudyRow, me: str) -> Said:
    if row.read_at is None:
        return Said("", "text2", translate("Worklist", "Unread"))
    who = _by(row.read_by, me, translate("Worklist", "Read by you"), translate("Worklist", "Read by {0}"))
    return Said("check", "text2", f"{who}, {words.clock(row.read_at)}")


def opinion(verdict: Verdict, who: str, label: str, me: str) -> Said:
    """Return what a reader thinks, in the present: "You disagree", "Dr Ito says: Effusion"."""
    sentences = {
        Verdict.AGREE: (translate("Worklist", "You agree"), translate("Worklist", "{0} agrees")),
        Verdict.DISAGREE: (translate("Worklist", "You disagree"), translate("Worklist", "{0} disagrees")),
        Verdict.UNSURE: (translate("Worklist", "You are unsure"), translate("Worklist", "{0} is unsure")),
        Verdict.RELABEL: (translate("Worklist", "You say: {1}"), translate("Worklist", "{0} says: {1}")),
    }
    name = plain(who, 60) or translate("Worklist", "A reader")
    text = sentences[verdict][who != me].format(name, plain(say(label), 80))
    return Said(ICONS[verdict], "text1", text)


def said_of_ai(look: AiLook) -> str:
    """Return the AI column as words ("AI score 0.46 unverified, Pneumonia, below the point 0.50")."""
    parts = [look.title, look.side, look.words]
    if look.score is not None:
        parts.insert(0, translate("Worklist", "AI score {0} unverified").format(look.number))
    return ", ".join(part for part in parts if part)


def spoken(row: StudyRow, number: int, now: datetime, me: str, *, hidden: bool = False, current: bool = False) -> str:
    """Return a row as one sentence: "3, Routine, SAMPLE Gus, CR Chest, waiting 2 h 5 min, AI score ..., Unread"."""
    waited = words.waiting(row, now, padded=False)
    parts = [str(number), words.urgency(row.urgency)[3], words.patient(row, hidden)[0].replace(",", "")]
    parts.append(words.study(row)[0])
    if waited:
        parts.append(translate("Worklist", "waiting {0}").format(waited))
    parts.append(said_of_ai(ai_look(row)))
    parts += [each.words for each in state(row, me, current)]
    return ", ".join(part for part in parts if part)
