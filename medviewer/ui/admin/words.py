"""How data sets are written for people: parts, where they come from, severity, counts and shares. Paints nothing."""

from collections.abc import Sequence

from medviewer.app.admin.records import CheckReport, DataFinding, Severity
from medviewer.core.datasets import DataSet, Row
from medviewer.ui.agreement.tables import count_words
from medviewer.ui.translation import say, translate
from medviewer.ui.worklist.words import plain

#: Longest name of a data set that is drawn.
NAME = 80
#: Severity -> icon and colour.
LOOKS = {
    Severity.STOP: ("warning-circle", "danger"),
    Severity.WARN: ("warning", "warn"),
    Severity.NOTE: ("info", "text2"),
}


def part_words(part: str) -> str:
    """Return what a part is called: the one that is fitted, the one that chooses, the one that is only reported on."""
    return {
        "fit": translate("Admin", "Training"),
        "select": translate("Admin", "Validation"),
        "report": translate("Admin", "Locked test"),
    }[part]


def severity_words(severity: Severity) -> str:
    """Return the severity in words, as a screen reader says it."""
    return {
        Severity.STOP: translate("Admin", "Stops training"),
        Severity.WARN: translate("Admin", "Take care"),
        Severity.NOTE: translate("Admin", "To be known"),
    }[severity]


def pictures_words(count: int) -> str:
    """Return "1 picture" or "1 030 pictures"."""
    one, more = translate("Admin", "1 picture"), translate("Admin", "{0} pictures")
    return one if count == 1 else more.format(count_words(count))


def patients_words(count: int) -> str:
    """Return "1 patient" or "1 030 patients"."""
    one, more = translate("Admin", "1 patient"), translate("Admin", "{0} patients")
    return one if count == 1 else more.format(count_words(count))


def version_words(version: int | str) -> str:
    """Return "version 2"."""
    return translate("Admin", "version {0}").format(version)


def dataset_words(dataset: DataSet) -> str:
    """Return name and version of a data set in one line."""
    return f"{plain(dataset.facts.name, NAME)}, {version_words(dataset.facts.version)}"


def source_words(dataset: DataSet) -> str:
    """Return where a data set comes from."""
    source = dataset.facts.source
    model = plain(str(source.get("model") or ""), NAME)
    if source.get("kind") == "opinions":
        if model:
            return translate("Admin", "Opinions on {0}").format(model)
        return translate("Admin", "Opinions of readers")
    if source.get("kind") == "folder":
        return translate("Admin", "Folder with labels")
    return translate("Admin", "Packed file")


def share_words(part: int, whole: int) -> str:
    """Return a share of pictures ("13 %"), "" of nothing."""
    return f"{round(100 * part / whole)} %" if whole else ""


def target_words(dataset: DataSet, positive: bool) -> str:
    """Return what a picture shows, as a label: the target, or that it is not there."""
    target = say(plain(dataset.facts.target, NAME)) or translate("Admin", "positive")
    return target if positive else translate("Admin", "not {0}").format(target)


def split_words(dataset: DataSet) -> str:
    """Return how the parts were made ("by patient, 60 / 20 / 20")."""
    split = dataset.facts.split
    shares = split.get("shares")
    if not isinstance(shares, list | tuple) or not all(isinstance(s, int | float) for s in shares):
        return translate("Admin", "by patient")
    whole = sum(shares) or 1
    return translate("Admin", "by patient, {0}").format(" / ".join(str(round(100 * s / whole)) for s in shares))


def sorted_findings(report: CheckReport) -> list[DataFinding]:
    """Return the findings, those first that stop training."""
    order = list(Severity)
    return sorted(report.findings, key=lambda finding: order.index(finding.severity))


def finding_words(finding: DataFinding) -> str:
    """Return the sentence of a finding; the names of figures that stand in it are translated, too."""
    said = say(finding.text)
    for name in sorted(finding.figures, key=len, reverse=True):
        said = said.replace(f"{name} ", f"{say(name)} ")
    return said


def problem_words(report: CheckReport | None) -> str:
    """Return how many findings of which kind there are, in a few words."""
    if report is None:
        return translate("Admin", "Not checked yet")
    counts = {severity: sum(f.severity is severity for f in report.findings) for severity in Severity}
    said = []
    if counts[Severity.STOP]:
        said.append(translate("Admin", "{0} that stop training").format(counts[Severity.STOP]))
    if counts[Severity.WARN]:
        said.append(translate("Admin", "{0} to look at").format(counts[Severity.WARN]))
    return ", ".join(said) or translate("Admin", "None found")


def why_out(row: Row) -> str:
    """Return why a picture came in excluded ("unreadable", "mismatched: plane"), "" for no reason kept."""
    return say(plain(row.more.get("why", ""), 60))


def ages(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Return (group of ten years, pictures, positives of them) in order; empty where ages are not known."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        if (years := row.more.get("age", "")).isdecimal() and int(years) < 130:
            groups.setdefault(int(years) // 10, []).append(row)
    if not groups:
        return []
    span = range(min(groups), max(groups) + 1)
    return [(f"{at * 10}", len(groups.get(at, ())), sum(row.positive for row in groups.get(at, ()))) for at in span]


def sexes(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Return (sex, pictures, positives of them), as far as it is known."""
    found = []
    for letter in ("F", "M", "O"):
        mine = [row for row in rows if row.more.get("sex") == letter]
        if mine:
            found.append((letter, len(mine), sum(row.positive for row in mine)))
    return found
