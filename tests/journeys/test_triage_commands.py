"""The worklist without a window: a mixed folder by command, opinions in a session, and what commands say of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.session import Session
from medviewer.app.worklist import Verdict
from tests.journeys import films
from tests.journeys.desk import library
from tests.journeys.screen import wait_until


def medviewer(home: Path, *words: object) -> Any:
    """Run a command and return its document."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "medviewer", *map(str, words), "--json", "--quiet"],
        env={**os.environ, "MEDVIEWER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def give_opinions(home: Path, count: int) -> list[tuple[str, str]]:
    """Answer the first studies of the list that have a result, in its order; return UID and verdict of each."""
    given: list[tuple[str, str]] = []
    with Session(home) as session:
        session.show_page("worklist")
        session.worklist.refresh()
        wait_until(lambda: len(session.worklist), 20, "the list")
        for study in [session.worklist.id_at(place) for place in range(len(session.worklist))]:
            session.worklist.select(study)
            wait_until(lambda: session.opinions.about() and session.worklist.detail, 20, "the study")
            row = session.worklist.known(study)
            assert row is not None
            if row.ai.score is None:
                assert session.opinions.refusal()
                continue
            wait_until(lambda: (about := session.opinions.about()) and about.reading, 20, "its result")
            verdict = list(Verdict)[len(given) % 3]
            session.opinions.give(verdict).result()
            given.append((row.uid, verdict.value))
            if len(given) == count:
                break
    return given


@pytest.mark.parametrize(("count", "answers"), [(12, 6), pytest.param(60, 40, marks=pytest.mark.slow)])
def test_a_mixed_folder_is_ranked_and_answered_without_a_window(shared, home, tmp_path, count, answers):
    mixed = films.mixed(tmp_path / "incoming", shared, count)
    rows = medviewer(home, "triage", mixed.folder, "--out", tmp_path / "out")["rows"]
    states = [row["state"] for row in rows]
    assert states.count("ranked") == count + 1
    assert all(row["reason"] for row in rows)
    (refused,) = [row for row in rows if row["state"] == "not_evaluated"]
    assert refused["reason"] == "Not evaluated. No model here reads MR of the breast."
    assert len(refused["files"]) == mixed.mr
    assert {row["files"][0] for row in rows if row["state"] == "failed"} == {"broken.dcm", "cut.dcm"}
    places = [n for n, row in enumerate(rows) if mixed.positive.get(row["files"][0] if row["files"] else "")]
    mean = sum(places) / len(places) / len(rows)
    assert mean < 0.4

    given = give_opinions(home, answers)
    assert len(given) == answers
    medviewer(home, "library", "opinions", "--out", tmp_path / "opinions.json")
    kept = json.loads((tmp_path / "opinions.json").read_text("utf-8"))["opinions"]
    assert [(one["study_uid"], one["verdict"]) for one in kept] == given
    studies = medviewer(home, "library", "list")["studies"]
    assert len(studies) == count + 2
    assert {s["study_uid"] for s in studies if s["read_at"]} == {uid for uid, _ in given}
    assert medviewer(home, "audit", "verify")["ok"]
    again = medviewer(home, "triage", mixed.folder, "--out", tmp_path / "again")["rows"]
    assert [row["study_uid"] for row in again] == [row["study_uid"] for row in rows]
    with library(home) as found:
        assert len(found.list("all")) == count + 2
        assert len(found.list("unread")) == count + 2 - answers
        assert sum(row.opinions for row in found.agreement()) == answers
    print(f"\n{count} films and others: mean place of a positive {mean:.2f} of the list; {answers} opinions kept")
