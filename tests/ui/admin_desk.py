"""The admin page of the real window, and small data sets that lie in its home with what a check found."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from medviewer.app.admin.records import DataFinding, Severity
from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Facts, Row
from medviewer.ui.admin.page import AdminPage
from medviewer.ui.admin.section import Section
from medviewer.ui.widgets import Label
from tests.ui.shell import Shell, until

PARTS = ("fit", "fit", "fit", "select", "report")


def dataset(home: Path, id_: str = "20261120-100000-aaaaaa", count: int = 20, **facts: Any) -> DataSet:
    """Write a data set: one picture a patient, half of them positive, known ages and sexes."""
    folder = home / "data" / "datasets" / id_
    folder.mkdir(parents=True)
    rows = [
        Row(
            f"{at + 1:06d}",
            "pneumonia" if at % 2 else "no pneumonia",
            bool(at % 2),
            str(at + 1),
            PARTS[at % 5],
            more={"age": str(20 + at), "sex": "FM"[at % 2]},
        )
        for at in range(count)
    ]
    pictures = ((row.file, np.full((32, 24), 40 + at % 200, np.uint8)) for at, row in enumerate(rows))
    datasets.write_pictures(folder / datasets.PICTURES, pictures)
    values: dict[str, Any] = {
        "source": {"kind": "opinions", "model": "cxr-pneumonia"},
        "split": {"by": "patient", "seed": 0, "shares": [0.6, 0.2, 0.2]},
        "frozen": False,
        "name": "Chest films, autumn",
        "version": 1,
    } | facts
    frozen = values.pop("frozen")
    made = Facts(
        id_, target="pneumonia", kind="films", made="2026-11-20T10:00:00+00:00", by="Dr Li", **values
    )  # fmt: skip
    written = datasets.write(folder, made, rows)
    return datasets.freeze(written) if frozen else written


def checked(data: DataSet, *findings: DataFinding) -> None:
    """Write what a check of these rows found."""
    report = {
        "dataset": data.id,
        "sha256": datasets.rows_sha256(data.rows),
        "seconds": 1.5,
        "findings": [dataclasses.asdict(finding) for finding in findings],
    }
    (data.path / "check.json").write_text(json.dumps(report), "utf-8")


TWINS = DataFinding(
    "same_pixels",
    Severity.STOP,
    "2 pictures are the same, pixel for pixel, in different parts.",
    ("000001", "000004"),
    {"leave out": 1},
)
SUSPECT = DataFinding("suspect_label", Severity.WARN, "1 label is probably wrong.", ("000006", "000002"))


def policy(home: Path, **values: Any) -> None:
    """Let the site fix settings."""
    folder, text = home / "site", json.dumps(values)
    folder.mkdir(parents=True)
    (folder / "policy.json").write_text(text)
    (folder / "policy.json.sha256").write_text(hashlib.sha256(text.encode()).hexdigest() + "  policy.json\n")


def page(desk: Shell, section: str = "datasets") -> AdminPage:
    """Go to a section of the admin page and wait for it."""
    assert desk.window.commander.run("admin.section", section=section)
    until(lambda: desk.window.book.admin is not None and desk.window.book.admin.ready, 30)
    made = desk.window.book.admin
    assert made is not None
    until(lambda: section in made.made and made.made[section].ready and made.isVisible(), 30)
    desk.settle()
    return made


@contextmanager
def undisturbed(desk: Shell) -> Iterator[None]:
    """Begin in a large window with nothing chosen, and close what dialog is left."""
    desk.window.resize(1920, 1080)
    desk.session.admin.chosen.clear()
    yield
    if desk.window.asking is not None and desk.window.asking.dialog is not None:
        desk.window.asking.dialog.reject()


def section(desk: Shell, name: str) -> Any:
    """Go to a section whose services are fakes, wait for it, and let it look again."""
    desk.window.commander.run("admin.section", section=name)

    def made() -> Any:
        page = desk.window.book.made.get("admin")
        return page.made.get(name) if isinstance(page, AdminPage) else None

    until(lambda: made() is not None and made().ready and made().isVisible())
    found = made()
    found.refresh()
    return found


def dialog(desk: Shell, kind: type[Any]) -> Any:
    """Wait for a dialog of this kind, which makes itself in some turns of the event loop, and for its keyboard."""
    asking = desk.window.asking
    assert asking is not None
    until(lambda: isinstance(asking.dialog, kind) and asking.dialog.isActiveWindow())
    return asking.dialog


def labels(widget: QWidget) -> str:
    """Return the words of all labels that can be seen."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text())


def words(section: Section) -> str:
    """Return the words that can be seen."""
    labels = [w.text() for w in section.findChildren(QLabel) if w.isVisible() and w.text()]
    return "\n".join([*labels, *(w.text() for w in section.findChildren(QPushButton) if w.isVisible())])


def cut_off(section: Section) -> list[str]:
    """Return texts that do not fit and do not say so with an ellipsis."""
    found = []
    for label in section.findChildren(Label):
        whole = not label.wordWrap() and not label._elide and label.isVisible()
        if whole and QFontMetrics(label.font()).horizontalAdvance(label.text()) > label.width() + 1:
            found.append(label.text())
    for button in section.findChildren(QPushButton):
        if button.isVisible() and QFontMetrics(button.font()).horizontalAdvance(button.text()) > button.width():
            found.append(button.text())
    return found


def job_done(desk: Shell, act: Callable[[], object]) -> None:
    """Do something and wait until no job is going on."""
    act()
    until(lambda: not desk.session.jobs.active, 60)
    desk.settle()
