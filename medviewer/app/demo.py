"""The demonstration: a synthetic chest CT that is opened, read and explained; nothing of it is a real patient."""

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import wait
from functools import partial
from pathlib import Path
from typing import Any

from medviewer import __version__
from medviewer.app import deeds
from medviewer.app.analyze import Question, analyze
from medviewer.app.reader import ExplanationMode
from medviewer.app.session import Session
from medviewer.app.settings import write_atomically
from medviewer.core.child import program
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job, State
from medviewer.core.study import Stack

log = logging.getLogger(__name__)

MODEL = "lung-nodule"
SIZE = (1920, 1080)
SHOT_SECONDS, LOOK_SECONDS = 180, 0.2


def demo_study(session: Session, job: Job | None = None) -> Path:
    """Return the folder of the demonstration study, which is made when it is not there (some seconds).

    Raises:
        Cancelled: `job` was cancelled meanwhile.
    """
    folder = session.home.data / "demonstration" / __version__
    done = folder / "complete.json"
    if not done.is_file():
        if session.read_only:
            folder = session.spool / "demonstration"
            done = folder / "complete.json"
        shutil.rmtree(folder, ignore_errors=True)  # a half that an earlier run left
        session.home.private(folder)
        making = session.pool.phantom(folder / "study")
        while job is not None and not wait((making,), LOOK_SECONDS).done:
            job.step(0, 0)
        truth = making.result()
        write_atomically(done, json.dumps(truth) + "\n")
    return folder / "study"


def open_demo(session: Session) -> Job:
    """Open the demonstration study, read its CT, go to the highest slice and show the map."""

    def work(job: Job) -> None:
        folder = demo_study(session, job)
        session.opened.open([folder], show=True).value()
        session.kept.keep_open([folder])  # so that opinions can be given on it as on any other study
        session.at_desk(partial(_read, session))

    return session.jobs.run(Job("Preparing the demonstration study", "demo"), work)


def _read(session: Session) -> None:
    """Read the CT on the desk, and show the result when it is there."""
    stack, model = session.reader.view.stack, session.model(MODEL)
    if stack is None or model is None or session.analyses.refusal(stack, model):
        return
    session.analyses.choose(stack, model)
    job = session.analyses.read(stack, model, range(len(stack)))

    def ended(changed: Job) -> None:
        if changed.state is State.DONE:
            session.at_desk(partial(_show, session, stack))

    job.changed.connect(ended)
    if job.state.final:
        ended(job)


def _show(session: Session, stack: Stack) -> None:
    """Go to the highest slice and draw its map, unless the reader has gone elsewhere meanwhile."""
    if session.reader.view.stack is not None and session.reader.view.stack.key == stack.key:
        deeds.go_to_highest(session)
        deeds.set_mode(session, ExplanationMode.HEAT)


def demo_without_window(session: Session, out: Path, tell: Callable[[str], object] = lambda _: None) -> dict[str, Any]:
    """Do the demonstration without a window; write analysis.json, maps/ and screenshot.png (1920x1080) into `out`.

    Raises:
        UserError: a part of it could not be done.
    """
    out.mkdir(parents=True, exist_ok=True)
    tell("Making the demonstration study.")
    folder = demo_study(session)
    tell(f"Reading it with {MODEL}.")
    result = analyze(session, [folder], Question(MODEL, methods=("LayerGradCam", "IntegratedGradients")), out)
    tell("Taking a picture of the window.")
    take_screenshot(session, out)
    return result


def take_screenshot(session: Session, out: Path) -> Path:
    """Let the real window open the demonstration on a screen of its own and leave screenshot.png in `out`.

    Raises:
        UserError: `no_screenshot`.
    """
    path = out / "screenshot.png"
    path.unlink(missing_ok=True)
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"}
    if session.home.root is not None:
        env["MEDVIEWER_HOME"] = str(session.home.root)
    try:
        done = subprocess.run(
            program("--demo-shot", str(out)),
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SHOT_SECONDS,
            check=False,
        )
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = -1
    if code != 0 or not path.is_file():
        raise UserError("no_screenshot", "The window could not be pictured; the results are there.", f"exit {code}")
    return path
