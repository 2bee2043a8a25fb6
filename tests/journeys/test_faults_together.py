"""Two programs at once on one library, in a file and on a server: nothing is lost, each study is read once."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.session import Session
from medviewer.app.worklist import Verdict
from medviewer.library.library import Library
from tests.journeys import films
from tests.journeys.screen import wait_until
from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


def set_url(home: Path, url: str) -> None:
    """Let programs of this home use a library on a server."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text(json.dumps({"library.url": url}))


@pytest.fixture(params=["file", "server"])
def homes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Path, Path | str]]:
    """The homes of two programs, and where their library is: one home, or two that name the same server."""
    if request.param == "file":
        yield tmp_path / "home", tmp_path / "home", tmp_path / "home" / "data" / "library"
        return
    url = request.getfixturevalue("postgres_url")
    one, other = tmp_path / "home-1", tmp_path / "home-2"
    for home in (one, other):
        set_url(home, url)
    yield one, other, url


def triage(home: Path, folder: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "medviewer", "triage", str(folder), "--out", str(out), "--json", "--quiet"]
    environment = {**os.environ, "MEDVIEWER_HOME": str(home)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(session: Session, study: int, verdict: Verdict) -> int:
    """Give an opinion in the list of a session."""
    session.worklist.select(study)
    wait_until(
        lambda: (about := session.opinions.about()) and about.study_id == study and about.reading, 30, "a result"
    )
    return session.opinions.give(verdict).result()


def test_two_programs_write_into_one_library_and_nothing_is_lost(tmp_path, homes):
    one, other, where = homes
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    films.made_films(mine, 7)
    films.made_films(theirs, 7, first=4)  # three of them are the same films
    given: dict[int, Verdict] = {}
    with Session(one) as session:
        session.show_page("worklist")
        session.triage.add([mine]).value()  # the library is there
        process = triage(other, theirs, tmp_path / "out")
        while process.poll() is None:
            for study in read_studies(session) - set(given):
                verdict = list(Verdict)[study % 3]
                assert answer(session, study, verdict)
                given[study] = verdict
            session.triage.add([mine]).value()  # the same again and again, beside the other one's
            time.sleep(0.1)
        document, words = process.communicate()
        assert process.returncode == 0, words
        wait_until(lambda: session.shelf.read(lambda found: found.waiting_work()).result() == 0, 120, "the models")
    rows = json.loads(document)["rows"]
    assert len(rows) == 7
    assert {row["state"] for row in rows} == {"ranked"}
    check(where, given)


def read_studies(session: Session) -> set[int]:
    def look(library: Any) -> set[int]:
        return {row.id for row in library.rows(library.list("all")).values() if row.ai.score is not None}

    return session.shelf.read(look).result()


def check(where: Path | str, given: dict[int, Verdict]) -> None:
    """Look at the library after both have ended."""
    library = Library(where, write=False)
    rows = library.rows(library.list("all"))
    assert len(rows) == 11
    assert Counter(row.uid for row in rows.values()).most_common(1)[0][1] == 1
    assert {row.ai.state.value for row in rows.values()} == {"done"}
    opinions = library.opinions()
    assert {o.study_id: o.verdict for o in opinions} == given
    assert len(opinions) == len(given)
    entries = library.audit_entries(most=100_000)
    analysed = Counter(entry.study_id for entry in entries if entry.what == "analysis")
    assert analysed == Counter(dict.fromkeys(rows, 1)), "a study was read twice, or not at all"
    assert library.verify_audit().ok
    library.close()
    print(
        f"\n11 studies by two programs, each read once; {len(given)} opinions meanwhile; {len(entries)} audit entries"
    )
