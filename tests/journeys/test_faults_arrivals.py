"""A watched folder into which files come slowly, half-written, renamed, twice, replaced: each study once, whole."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from medviewer.core.errors import UserError
from medviewer.library.records import AiState, StudyRow
from tests.journeys.desk import library
from tests.journeys.slow_folder import Arrivals

#: States in which no model has anything to do with a study any more.
OVER = {AiState.DONE, AiState.NOT_EVALUATED}


def rows(home: Path) -> list[StudyRow]:
    with library(home) as found:
        return list(found.rows(found.list("all")).values())


def is_complete(home: Path, arrivals: Arrivals) -> bool:
    """Say whether as many images as there are have come, and all of them are read."""
    with suppress(UserError):
        found = rows(home)
        images = sum(arrivals.studies().values()) + arrivals.pictures()
        return sum(row.images for row in found) == images and all(row.ai.state in OVER for row in found)
    return False


@pytest.mark.parametrize(("count", "seconds"), [(36, 5.0), pytest.param(300, 60.0, marks=pytest.mark.slow)])
def test_each_study_of_a_folder_that_fills_slowly_is_there_once_and_whole(tmp_path, home, count, seconds):
    folder, out = tmp_path / "incoming", tmp_path / "out"
    arrivals = Arrivals(folder, count, seconds)
    command = [sys.executable, "-P", "-m", "medviewer", "triage", str(folder), "--watch", "--out", str(out), "--json"]
    environment = {**os.environ, "MEDVIEWER_HOME": str(home)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            arrivals.start()
            arrivals.wait()
            begun = time.monotonic()
            while not is_complete(home, arrivals) and time.monotonic() - begun < 300:
                time.sleep(0.5)
            took = time.monotonic() - begun
            time.sleep(3)  # nothing more may come of it
        finally:
            process.send_signal(signal.SIGINT)
            document, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    check(home, arrivals)
    listed = json.loads(document)
    assert len([row for row in listed["rows"] if row["study_uid"]]) == len(rows(home))
    assert [one["path"] for one in listed["skipped"]].count("notes.txt") == 1
    assert (out / "worklist.html").stat().st_size
    print(f"\n{count} files in {seconds:.0f} s, all read {took:.0f} s after the last one: {len(rows(home))} studies")


def check(home: Path, arrivals: Arrivals) -> None:
    """Compare the library with what another program finds in the folder."""
    found, truth = rows(home), arrivals.studies()
    dicom = {row.uid: row for row in found if not row.film}
    assert len(dicom) == len([row for row in found if not row.film]), "a study is there twice"
    assert {uid: row.images for uid, row in dicom.items()} == truth
    assert len([row for row in found if row.film]) == arrivals.pictures()
    with library(home) as kept:
        for row in found:
            sources = kept.sources(row.id)
            assert len({(image.sop_uid, image.digest) for image in sources}) == row.images
            assert all(Path(image.source).is_file() for image in sources)
            assert row.ai.state in OVER
            assert not row.ai.stale
            assert row.ai.state is not AiState.DONE or kept.readings(row.id)[0].done == kept.readings(row.id)[0].total
        assert kept.verify_audit().ok
