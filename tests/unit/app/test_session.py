"""The session: what waits for the window, what is left behind, safe mode."""

import os
import subprocess
import sys

import psutil
import pytest

from medviewer.app.home import find_home
from medviewer.app.session import Session


def test_what_arises_before_the_window_is_there_waits_for_it_in_order(session, chest):
    session.hold_desk()
    (chest / "note.txt").write_text("hello")
    said, done = [], []
    session.noticed.connect(said.append)
    session.open([chest]).value(20)
    assert session.reader.view.stack is None
    assert said == []
    session.at_desk = lambda act: done.append(act())
    assert session.reader.view.stack is not None
    assert said == ["1 of 10 files is not DICOM and was left out."]
    session.at_desk(lambda: done.append("at once"))
    assert "at once" in done


def test_closing_leaves_no_process_and_no_spool(home, chest):
    before = set(psutil.Process().children(recursive=True))
    session = Session(home)
    session.open([chest])
    session.close()
    session.close()
    assert not set(psutil.Process().children(recursive=True)) - before
    assert not list((home / "cache").iterdir())


def test_the_spool_of_a_process_that_was_killed_is_swept(home):
    cache = home / "cache"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    stale, alive = cache / f"spool-{gone.pid}-x", cache / f"spool-{os.getpid()}-y"
    for folder in (stale, alive):
        folder.mkdir(parents=True)
        (folder / "file.dcm").write_text("x")
    spool = find_home(home).make_spool()
    assert not stale.exists()
    assert alive.exists()
    assert spool.stat().st_mode & 0o777 == 0o700


def test_one_variable_moves_everything(home, monkeypatch, tmp_path):
    found = find_home()
    assert {found.config, found.data, found.cache, found.logs, found.site} == {
        home / name for name in ("config", "data", "cache", "logs", "site")
    }
    assert find_home(tmp_path).root == tmp_path
    monkeypatch.delenv("MEDVIEWER_HOME")
    assert find_home().root is None


def test_safe_mode_ignores_settings_and_own_models(warm, home, tiny_models):
    import shutil

    with Session(home) as session:
        session.settings.set("reading.layout", "2x2")
    shutil.copytree(tiny_models / "bright-film", home / "data" / "models" / "bright-film")
    with Session(home) as session:
        assert session.reader.layout == "2x2"
        assert session.model("bright-film") is not None
    with Session(home, safe_mode=True) as session:
        assert session.reader.layout == "1x1"
        assert session.model("bright-film") is None


def test_the_recent_list_keeps_ten_newest_first_and_can_be_turned_off(session, chest, tmp_path):
    for number in range(12):
        (tmp_path / f"f{number}").mkdir()
        session.recent.add([tmp_path / f"f{number}"])
    assert len(session.recent.entries) == 10
    assert session.recent.entries[0] == (str(tmp_path / "f11"),)
    session.settings.set("privacy.keep_recent", False)
    session.open([chest]).value(20)
    assert session.recent.entries[0] == (str(tmp_path / "f11"),)


@pytest.mark.parametrize("text", ["{", "[[1]]", '[["a"], 3]'])
def test_a_damaged_recent_list_is_an_empty_one(warm, home, text):
    (home / "data").mkdir()
    (home / "data" / "recent.json").write_text(text)
    with Session(home) as session:
        assert session.recent.entries == ()
