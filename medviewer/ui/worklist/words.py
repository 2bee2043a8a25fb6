"""What the list says of a study, in words: who, what, how urgent and since when. Paints nothing."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from medviewer.app.ranking import AHEAD
from medviewer.app.worklist import StudyRow, Urgency
from medviewer.ui import texts
from medviewer.ui.translation import translate

#: Characters of one text that are ever drawn; a longer one is cut before anything measures it.
MOST = 300

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of a foreign text
_LONE = re.compile("[\ud800-\udfff]")


def plain(text: str, most: int = MOST) -> str:
    """Return a foreign text as one line: no breaks, no control characters, at most `most` characters."""
    cut = text[: most + 1]
    cut = _LONE.sub("\ufffd", _DIRECTIONS.sub("", _BREAKS.sub(" ", cut))).strip()
    return cut if len(cut) <= most else cut[: most - 1] + "…"


def isolated(text: str) -> str:
    """Return a text whose direction cannot reach into what stands beside it (U+2068, U+2069)."""
    return f"\u2068{text}\u2069" if text else ""


def as_tooltip(lines: Iterable[str]) -> str:
    """Return lines as a tooltip in which nothing of a file is markup."""
    return "<qt>" + "<br>".join(html.escape(line) for line in lines if line) + "</qt>"


# -- who and what


def patient(row: StudyRow, hidden: bool) -> tuple[str, str]:
    """Return name and facts; for a film its file and that nothing is known of the patient."""
    if hidden:
        sex_age = facts(row, hidden)
        return translate("Worklist", "Name hidden"), sex_age
    if row.film:
        name = plain(PurePath(row.label.replace("\\", "/")).name) or translate("Worklist", "Film")
        return name, translate("Worklist", "No header")
    name = plain(texts.person(row.patient_name[: 4 * MOST])) or translate("Worklist", "No name in the file")
    return name, facts(row, hidden)


def facts(row: StudyRow, hidden: bool) -> str:
    """Return id, sex and age ("SYN-00412   M 63 y"); the id is hidden with the name."""
    if row.film:
        return translate("Worklist", "No header")
    person = " ".join(part for part in (plain(row.sex, 16), texts.age(plain(row.age, 16))) if part)
    number = "" if hidden else plain(row.patient_id)
    return "   ".join(part for part in (number, person) if part)


def study(row: StudyRow) -> tuple[str, str]:
    """Return the study's description, and its modality with the number of images."""
    kinds = ", ".join(plain(kind, 16) for kind in row.modalities[:4])
    if row.film:
        title = translate("Worklist", "Film without header")
    elif plain(row.description):
        title = plain(row.description)
    elif kinds:
        title = translate("Worklist", "{0} study").format(kinds)
    else:
        title = translate("Worklist", "Study without description")
    count = texts.images(row.images)
    return title, f"{kinds}, {count}" if kinds and not row.film else count


def study_when(row: StudyRow) -> str:
    """Return date and time of the study, "" where the header has none."""
    if not row.date:
        return ""
    return " ".join(part for part in (texts.date(row.date), row.time[:5]) if part)


def urgency(value: Urgency) -> tuple[str, str, str, str]:
    """Return (icon, text colour, background, word) of an urgency; routine carries no icon."""
    return {
        Urgency.STAT: ("first-aid", "danger", "danger_bg", translate("Worklist", "STAT")),
        Urgency.URGENT: ("clock", "warn", "warn_bg", translate("Worklist", "Urgent")),
        Urgency.ROUTINE: ("", "text2", "bg2", translate("Worklist", "Routine")),
    }[value]


# -- since when


def duration(minutes: int, padded: bool = True) -> str:
    """Return "12 min", "2 h 05 min" or "3 days 4 h"."""
    hours, rest = divmod(max(minutes, 0), 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return translate("Worklist", "{0} days {1} h").format(days, hours)
    if hours:
        return translate("Worklist", "{0} h {1} min").format(hours, f"{rest:02d}" if padded else rest)
    return translate("Worklist", "{0} min").format(rest)


def waiting(row: StudyRow, now: datetime, padded: bool = True) -> str:
    """Return how long an unread study has waited; "" for one that was read, or whose arrival is not (rightly) known."""
    if row.read_at is not None or row.received is None or row.received > now + AHEAD:
        return ""
    return duration(int((now - row.received).total_seconds() // 60), padded)


def clock(at: datetime) -> str:
    """Return "14:05" today, otherwise the day."""
    here, today = at.astimezone(), datetime.now().astimezone()
    return f"{here:%H:%M}" if here.date() == today.date() else texts.date(f"{here:%Y-%m-%d}")
