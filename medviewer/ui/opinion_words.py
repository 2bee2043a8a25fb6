"""How opinions are written for the reader: who thinks what of a result, since when, and with which icon."""

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from medviewer.app.opinions import OpinionRecord, Verdict
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist.words import plain

#: Characters of a reader's name and of a label that are shown.
NAME, LABEL = 60, 100
#: Icon of each verdict; a word always stands beside it.
ICONS = {
    Verdict.AGREE: "check-circle",
    Verdict.DISAGREE: "x",
    Verdict.UNSURE: "question",
    Verdict.RELABEL: "text-aa",
}


def moment(at: datetime | None) -> str:
    """Return "22 Nov 09:14" in local time and the language in force, with the year if it is not this one."""
    if at is None:
        return translate("Opinion", "time not known")
    when = QDateTime.fromSecsSinceEpoch(int(at.timestamp()))
    this_year = when.date().year() == QDateTime.currentDateTime().date().year()
    short = translate("Date", "d MMM", "format of a day without its year")
    long = translate("Date", "d MMM yyyy", "format of a date, as in QLocale.toString")
    return QLocale().toString(when, f"{short if this_year else long} HH:mm")


def reader_name(opinion: OpinionRecord) -> str:
    """Return who gave the opinion."""
    return plain(opinion.reader, NAME) or translate("Opinion", "A reader without a name")


def verdict_word(opinion: OpinionRecord) -> str:
    """Return the opinion alone, for a column: "Disagree", or the other label."""
    words = {
        Verdict.AGREE: translate("Opinion", "Agree"),
        Verdict.DISAGREE: translate("Opinion", "Disagree"),
        Verdict.UNSURE: translate("Opinion", "Unsure"),
    }
    return words.get(opinion.verdict) or translate("Opinion", "Other: {0}").format(plain(say(opinion.label), LABEL))


def who_said(opinion: OpinionRecord, me: str) -> str:
    """Return "You disagreed, 22 Nov 09:14" or "Dr Li disagreed, 22 Nov 09:14"."""
    mine = opinion.reader == me
    sentence = (_mine if mine else _of_another)(opinion.verdict)
    text = sentence.format(reader_name(opinion), moment(opinion.at), plain(say(opinion.label), LABEL))
    if opinion.order == "before_ai":
        text += " " + translate("Opinion", "(before AI was shown)")
    return text


def _mine(verdict: Verdict) -> str:
    return {
        Verdict.AGREE: translate("Opinion", "You agreed, {1}"),
        Verdict.DISAGREE: translate("Opinion", "You disagreed, {1}"),
        Verdict.UNSURE: translate("Opinion", "You were unsure, {1}"),
        Verdict.RELABEL: translate("Opinion", "You said {2}, {1}"),
    }[verdict]


def _of_another(verdict: Verdict) -> str:
    return {
        Verdict.AGREE: translate("Opinion", "{0} agreed, {1}"),
        Verdict.DISAGREE: translate("Opinion", "{0} disagreed, {1}"),
        Verdict.UNSURE: translate("Opinion", "{0} was unsure, {1}"),
        Verdict.RELABEL: translate("Opinion", "{0} said {2}, {1}"),
    }[verdict]
