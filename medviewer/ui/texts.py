"""How facts of a file are written for the reader: names, dates, ages and counts, in the language in force."""

from pathlib import Path

from PySide6.QtCore import QDate, QLocale

from medviewer.core.study import ImageHeader, Patient, Stack
from medviewer.ui.translation import translate


def person(name: str) -> str:
    """Return a DICOM person name (PS3.5 6.2.1.2) as "FAMILY, Given"; of several scripts the first that is there."""
    for group in name.split("="):
        parts = [part.strip() for part in group.split("^")]
        family, given = parts[0], " ".join(part for part in parts[1:3] if part)
        if text := ", ".join(part for part in (family, given) if part):
            return text
    return ""


def patient_name(patient: Patient, hidden: bool = False) -> str:
    """Return the patient's name, or words for a hidden or missing one."""
    if hidden:
        return translate("Patient", "Name hidden")
    return person(patient.name) or translate("Patient", "No name in the file")


def patient_facts(patient: Patient, hidden: bool = False) -> str:
    """Return id, sex and age beside the name ("SYN-00412   M   63 y")."""
    if hidden:
        return ""
    facts = (patient.sex, age(patient.age), patient.id)
    return "   ".join(fact for fact in facts if fact)


def age(text: str) -> str:
    """Return a DICOM age string ("063Y") in words ("63 y")."""
    number, unit = text[:-1].lstrip("0"), text[-1:].upper()
    if not number.isdigit():
        return text
    units = {
        "Y": translate("Patient", "{0} y"),
        "M": translate("Patient", "{0} months"),
        "W": translate("Patient", "{0} weeks"),
        "D": translate("Patient", "{0} days"),
    }
    return units.get(unit, "{0}").format(number)


def date(iso: str) -> str:
    """Return "2026-11-22" as "22 Nov 2026", in the language in force; a text that is no date stays."""
    day = QDate.fromString(iso, "yyyy-MM-dd")
    if not day.isValid():
        return iso or translate("Date", "No date")
    return QLocale().toString(day, translate("Date", "d MMM yyyy", "format of a date, as in QLocale.toString"))


def short_date(iso: str) -> str:
    """Return "22 Nov", for the narrow strip."""
    day = QDate.fromString(iso, "yyyy-MM-dd")
    if not day.isValid():
        return date(iso)
    return QLocale().toString(day, translate("Date", "d MMM", "format of a day without its year"))


def series_name(stack: Stack) -> str:
    """Return what the series is called: its description, else modality and number."""
    first = stack.first
    if first.series_description.strip():
        return first.series_description.strip()
    if first.film:
        return Path(first.label).name
    number = "" if first.series_number is None else f" {first.series_number}"
    return (first.modality or translate("Series", "Series")) + number


def set_apart(stack: Stack) -> str:
    """Return what tells this stack from others of its series ("time 1 of 3"), or its plane if nothing else does."""
    return stack.name.removeprefix(stack.first.series_description.strip()).lstrip(", ")


def images_of(stack: Stack) -> str:
    """Return "6 images, time 1 of 3": what a row of the list says under the name."""
    apart = set_apart(stack)
    return f"{images(len(stack))}, {apart}" if apart else images(len(stack))


def images(count: int) -> str:
    """Return "38 images"; lupdate reads no plural forms from Python, hence two sentences."""
    return translate("Series", "1 image") if count == 1 else translate("Series", "{0} images").format(count)


def study_line(header: ImageHeader) -> str:
    """Return description, date and time of the study that an image belongs to."""
    when = date(header.study_date) if header.study_date else ""
    if when and header.study_time:
        when += " " + header.study_time[:5]
    return "   ".join(part for part in (header.study_description.strip(), when) if part)
