"""What is noted of an open study, and what is opened again: without a window, by the session."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.reader import Layout
from medviewer.app.restoring import Restoring
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.intensity import Window
from medviewer.core.jobs import State
from tests import build
from tests.journeys.screen import wait_until


def noted(home: Path) -> dict[str, Any]:
    (mark,) = (path for path in (home / "data" / "running").glob("*.json") if "left" not in path.name)
    return dict(json.loads(mark.read_text("utf-8"))["open"])


def crashed(home: Path) -> None:
    """Let the mark be that of a process that is gone."""
    for path in (home / "data" / "running").glob("*.json"):
        path.rename(path.with_name("999999999-1.json"))


def started(session: Session) -> Restoring:
    ready = threading.Event()
    restoring = Restoring(session)
    restoring.ready.connect(lambda _: ready.set())
    assert restoring.looked or ready.wait(10)
    return restoring


@pytest.fixture
def was_open(home: Path, tmp_path: Path) -> Path:
    """A home in which a program died with a CT open at the third image; returns the CT's folder."""
    folder = tmp_path / "ct"
    build.series(folder, 5, PatientName="Secret^Person")
    with Session(home) as session:
        restoring = started(session)
        session.open([folder]).value(30)
        view = session.reader.view
        view.go(2)
        view.set(window=Window(40, 80, name="Brain"), flip_x=True)
        session.reader.set(layout=Layout.SIDE_BY_SIDE)
        wait_until(lambda: noted(home).get("layout") == "1x2" and noted(home)["studies"][0]["study"], 20, "the mark")
        saved = {p: p.read_bytes() for p in (home / "data" / "running").glob("*.json")}
    restoring.close()
    for path, data in saved.items():
        path.write_bytes(data)
    crashed(home)
    return folder


def test_images_windows_and_layout_are_as_they_were(home: Path, was_open: Path) -> None:
    with Session(home) as session:
        restoring = started(session)
        assert (restoring.crashes, restoring.studies) == (1, 1)
        assert not session.opened.studies
        assert restoring.open_again().value(30) == 5
        view = session.reader.view
        assert (view.index, view.window, view.placement.flip_x) == (2, Window(40, 80, name="Brain"), True)
        assert session.reader.layout is Layout.SIDE_BY_SIDE
    restoring.close()
    assert not list((home / "data" / "running").glob("*.json"))


def test_files_that_are_gone_are_told_with_one_sentence(home: Path, was_open: Path) -> None:
    was_open.rename(was_open.with_name("away"))
    with Session(home) as session:
        restoring = started(session)
        job = restoring.open_again()
        assert job.wait(30)
        assert job.state is State.FAILED
        assert isinstance(job.error, UserError)
        assert job.sentence.startswith("The files of this study are no longer in the folder ct.")
    restoring.close()


def test_safe_mode_leaves_what_was_open_for_the_next_usual_start(home: Path, was_open: Path) -> None:
    with Session(home, safe_mode=True) as session:
        safe = started(session)
        assert (safe.crashes, safe.studies) == (1, 0)
    safe.close()
    with Session(home) as session:
        usual = started(session)
        assert usual.studies == 1
    usual.close()


def test_with_the_setting_off_nothing_is_noted(home: Path, tmp_path: Path) -> None:
    build.series(tmp_path / "ct", 3)
    with Session(home) as session:
        session.settings.set("privacy.keep_open", False)
        restoring = started(session)
        session.open([tmp_path / "ct"]).value(30)
        session.drafts.put(1, "a note")
        assert not noted(home)
    restoring.close()
    assert not list((home / "data" / "running").glob("*.json")), "a note stays although nothing may be noted"
