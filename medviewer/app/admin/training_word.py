"""Letting the training process do one thing and waiting for its answer (a training itself: `run_process`)."""

import contextlib
import json
import subprocess
from collections.abc import Callable
from typing import Any

from medviewer.core.child import command
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job

MOST_LINE = 1 << 20


def ask(words: list[str], job: Job, broken: str, told: Callable[[dict[str, Any]], object] = lambda _: None) -> None:
    """Run `--process training WORDS…` to its end; `told` gets each line that it says, cancelling the job kills it.

    Raises:
        Cancelled. UserError: what the process says, or `crashed` with the sentence `broken`.
    """
    failure: UserError | None = None
    with subprocess.Popen(
        command("training", *words, "--attached"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        job.on_cancel(child.kill)
        assert child.stdout
        while line := child.stdout.readline(MOST_LINE):
            said: dict[str, Any] = {}
            with contextlib.suppress(ValueError):
                said = json.loads(line)
            if said.get("event") == "failed":
                failure = UserError(str(said.get("code")), str(said.get("sentence")))
            elif not job.cancel_asked:
                told(said)
        code = child.wait()
    job.step(job.done, job.total)  # a cancel ends here
    if code != 0:
        raise failure or UserError("crashed", broken)
