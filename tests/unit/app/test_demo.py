"""The demonstration: opens, reads, goes to the highest slice, shows its map; without a window it leaves results."""

import json
import time

import pytest

from medviewer.app import demo
from medviewer.app.commands import invoke
from medviewer.app.demo import demo_study, demo_without_window
from medviewer.app.reader import ExplanationMode
from medviewer.core.errors import UserError
from medviewer.core.jobs import State


@pytest.fixture
def small(chest, monkeypatch):
    """The demonstration with a study of nine small slices and the tiny model."""
    monkeypatch.setattr(demo, "demo_study", lambda session, job=None: chest)
    monkeypatch.setattr(demo, "MODEL", "bright-slices")


def all_done(session) -> None:
    for job in session.jobs.all:  # each may bring the next
        job.wait(60)
    if session.jobs.active:
        all_done(session)


def test_it_ends_at_the_highest_slice_with_its_map(session, small):
    invoke(session, "file.demo").value(60)
    all_done(session)
    view, model = session.reader.view, session.model("bright-slices")
    assert view.index == 3
    assert session.reader.ai.mode is ExplanationMode.HEAT
    assert session.analyses.explanation(view.stack, model, 3).complete


def test_an_opinion_can_be_given_on_it(session, small):
    invoke(session, "file.demo").value(60)
    all_done(session)
    end = time.monotonic() + 20  # the library answers on threads of its own
    while session.opinions.refusal() and time.monotonic() < end:
        time.sleep(0.02)
    assert invoke(session, "opinion.agree").result(20)


def test_it_does_not_pull_a_reader_back_who_has_gone_elsewhere(session, small):
    acts = []
    session.at_desk = acts.append
    job = invoke(session, "file.demo")
    job.value(60)
    while acts:
        acts.pop(0)()
    session.reader.view.show(None)
    all_done(session)
    while acts:
        acts.pop(0)()
    assert session.reader.view.stack is None
    assert session.reader.ai.mode is ExplanationMode.OFF


def test_without_a_window_it_leaves_the_analysis_the_maps_and_a_screenshot(session, small, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "take_screenshot", lambda session, out: (out / "screenshot.png").write_bytes(b"x"))
    said: list[str] = []
    found = demo_without_window(session, tmp_path / "out", said.append)
    written = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert {"analysis.json", "screenshot.png"} < written
    assert {m["file"] for m in found["maps"]} | {m["png"] for m in found["maps"]} < written
    assert json.loads((tmp_path / "out" / "analysis.json").read_text())["highest"] == 3
    assert len(said) == 3


def test_a_window_that_cannot_be_pictured_is_one_sentence(session, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "program", lambda *words: ["false"])
    with pytest.raises(UserError, match="could not be pictured"):
        demo.take_screenshot(session, tmp_path)


def test_the_study_is_made_once_and_a_half_made_one_is_made_anew(session, monkeypatch):
    from concurrent.futures import Future

    made = []

    def phantom(folder):
        folder.mkdir()
        made.append(folder)
        future: Future[dict] = Future()
        future.set_result({"nodules": []})
        return future

    monkeypatch.setattr(session.pool, "phantom", phantom, raising=False)
    first = demo_study(session)
    assert demo_study(session) == first
    assert len(made) == 1
    (first.parent / "complete.json").unlink()
    (first / "half.dcm").write_text("")
    assert demo_study(session) == first
    assert len(made) == 2
    assert not list(first.iterdir())


def test_it_can_be_cancelled_while_the_study_is_made(session, monkeypatch):
    from concurrent.futures import Future

    monkeypatch.setattr(session.pool, "phantom", lambda folder: Future(), raising=False)
    job = invoke(session, "file.demo")
    job.cancel()
    assert job.wait(5)
    assert job.state is State.CANCELLED
